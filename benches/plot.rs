//! The cost of a plot: frames with many series and points, beside egui_plot given all points, and what series cost the
//! ingest.
//!
//! Run with `cargo bench --bench plot`, or with the names of rows after `--`. Each row prints the processor time of the
//! whole frame of the panel up to the triangles, the median of its frames, and what is wanted of it.

mod stage;

use std::time::{Duration, Instant};

use eframe::egui::accesskit::{ActionRequest, TreeId};
use eframe::egui::{
    self, CentralPanel, Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, pos2, vec2,
};
use egui_plot::{Line, Plot, PlotPoint, PlotPoints};
use mqttree::command::Action;
use mqttree::message::{Flags, MessageRef, Payload, Timestamp};
use mqttree::model::{Limits, Model, SeriesId};
use mqttree::panels::plots::PlotsView;
use mqttree::query::NumberAt;
use mqttree::store::settings::Settings;
use stage::Stage;

const SIZE: egui::Vec2 = vec2(1_500.0, 700.0);
/// Seconds that the points of a row cover: nearly what a plot shows at first.
const SPAN_S: f64 = 58.0;
const FRAMES: usize = 60;
/// Messages for each series between two frames.
const ARRIVING: usize = 2;

fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|it| !it.starts_with("--")).collect();
    let is_asked = |row: &str| asked.is_empty() || asked.iter().any(|it| it == row);
    for (row, series, points, wanted_ms) in
        [("plot-20x1m", 20, 1_000_000, 4.0), ("plot-200x10k", 200, 10_000, 8.0)]
    {
        if is_asked(row) {
            frames(row, series, points, wanted_ms);
        }
    }
    if is_asked("plot-ingest") {
        ingest();
    }
    if is_asked("plot-fill") {
        fill();
    }
    if is_asked("plot-export") {
        export();
    }
}

/// Series that are plotted while values arrive.
struct Plots {
    stage: Stage,
    view: PlotsView,
    model: Model,
    ids: Vec<SeriesId>,
    sent: usize,
    step_us: f64,
}

/// A value that wanders and jitters, so that every column of pixels has extremes of its own.
fn value(series: usize, index: usize) -> f64 {
    let noise = (index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) >> 40;
    let slow = (index as f64 / 9_000.0 + series as f64).sin();
    (slow.mul_add(10.0, series as f64) * 100.0 + noise as f64 / 1e5).round() / 100.0
}

impl Plots {
    fn new(series: usize, points: usize) -> Self {
        let limits = Limits { history_bytes: 16 << 20, ..Limits::default() };
        let mut plots = Self {
            stage: Stage::new(SIZE, Settings::default()),
            view: PlotsView::default(),
            model: Model::new(limits),
            ids: Vec::new(),
            sent: 0,
            step_us: SPAN_S * 1e6 / points as f64,
        };
        for index in 0..series {
            let topic = format!("plant/{index}");
            let message = MessageRef {
                topic: topic.as_bytes(),
                payload: Payload::Small(b"0"),
                flags: Flags::default(),
                properties: None,
                arrived: Timestamp(0),
            };
            let Ok(node) = plots.model.apply(message) else { continue };
            let Some(id) = plots.model.add_series(node, Box::new(NumberAt::default())) else { continue };
            plots.view.add(node, None, id);
            plots.ids.push(id);
        }
        plots.receive(points);
        plots
    }

    /// Every series gets so many values.
    fn receive(&mut self, each: usize) {
        let topics: Vec<_> = (0..self.ids.len()).map(|index| format!("plant/{index}")).collect();
        for _ in 0..each {
            self.sent += 1;
            let arrived = self.now();
            for (series, topic) in topics.iter().enumerate() {
                let text = value(series, self.sent).to_string();
                let payload = Payload::Small(text.as_bytes());
                let (topic, flags) = (topic.as_bytes(), Flags::default());
                self.model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).ok();
            }
        }
    }

    fn now(&self) -> Timestamp {
        Timestamp((self.sent as f64 * self.step_us) as i64)
    }

    fn frame(&mut self, events: Vec<Event>) -> Duration {
        let now = self.now();
        while self.model.roll_up(now) {}
        let began = Instant::now();
        self.stage.frame(&mut self.view, &self.model, now, events);
        began.elapsed()
    }

    fn press(&mut self, at: Pos2, pressed: bool) -> Duration {
        let (button, modifiers) = (PointerButton::Primary, Modifiers::NONE);
        self.frame(vec![
            Event::PointerMoved(at),
            Event::PointerButton { pos: at, button, pressed, modifiers },
        ])
    }
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times.get(times.len() / 2).map_or(0.0, Duration::as_secs_f64) * 1e3
}

fn frames(row: &str, series: usize, points: usize, wanted_ms: f64) {
    let mut plots = Plots::new(series, points);
    let middle = pos2(400.0, 350.0);
    for _ in 0..3 {
        plots.frame(vec![Event::PointerMoved(middle)]);
    }
    let wheel = |delta: f32| Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, delta),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: Modifiers::NONE,
    };
    let follow = (0..FRAMES).map(|_| {
        plots.receive(ARRIVING);
        plots.frame(vec![Event::PointerMoved(middle)])
    });
    let following = median(follow.collect());
    plots.press(middle, true);
    let pan = (0..FRAMES)
        .map(|index| plots.frame(vec![Event::PointerMoved(middle + vec2(index as f32 * 3.0 + 8.0, 0.0))]));
    let panning = median(pan.collect());
    plots.press(middle + vec2(180.0, 0.0), false);
    let zoom = (0..20).map(|_| plots.frame(vec![Event::PointerMoved(middle), wheel(20.0)]));
    let zooming = median(zoom.collect());
    println!(
        "{row:14} following {following:7.2} ms   panning {panning:7.2} ms   zooming {zooming:7.2} ms   wanted {wanted_ms:.0} ms   egui_plot with all points {:7.1} ms",
        egui_plot(series, points)
    );
    let bytes: usize = plots.heap_bytes();
    println!("{:14} {:.1} B a value, wanted 20 B", "", bytes as f64 / (series * plots.sent) as f64);
}

impl Plots {
    fn heap_bytes(&self) -> usize {
        self.ids
            .iter()
            .filter_map(|id| self.model.series(*id))
            .map(|series| series.points().heap_bytes())
            .sum()
    }
}

/// The same picture by egui_plot, which is given every point.
fn egui_plot(series: usize, points: usize) -> f64 {
    let ctx = Context::default();
    let all: Vec<Vec<PlotPoint>> = (0..series)
        .map(|of| (0..points).map(|index| PlotPoint::new(index as f64, value(of, index))).collect())
        .collect();
    let mut times = Vec::new();
    for index in 0..4 {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(f64::from(index)),
            ..RawInput::default()
        };
        let began = Instant::now();
        let mut output = ctx.run_ui(input, |ui| {
            CentralPanel::default().show(ui, |ui| {
                Plot::new("all").show(ui, |plot| {
                    for points in &all {
                        plot.line(Line::new("", PlotPoints::Borrowed(points)));
                    }
                });
            });
        });
        output.textures_delta.clear();
        std::hint::black_box(ctx.tessellate(output.shapes, output.pixels_per_point));
        times.push(began.elapsed());
    }
    median(times)
}

/// Receives two million messages over twenty topics, without series and with one for each.
fn ingest() {
    let mut costs = [Duration::MAX; 2];
    for _ in 0..5 {
        for (cost, plotted) in costs.iter_mut().zip([false, true]) {
            let mut plots = Plots::new(20, 10);
            if !plotted {
                for id in &plots.ids {
                    plots.model.remove_series(*id);
                }
            }
            let texts: Vec<_> = (0..1_000).map(|index| value(0, index).to_string()).collect();
            let topics: Vec<_> = (0..20).map(|index| format!("plant/{index}")).collect();
            let began = Instant::now();
            for index in 0..1_000_000_usize {
                let payload = Payload::Small(texts[index % texts.len()].as_bytes());
                let arrived = Timestamp(4_000_000_000 + index as i64 * 10);
                let (topic, flags) = (topics[index % 20].as_bytes(), Flags::default());
                plots.model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).ok();
            }
            *cost = began.elapsed().min(*cost);
        }
    }
    let [without, with] = costs.map(|cost| cost.as_secs_f64() * 1e3);
    // A second of 100,000 messages is a tenth of that.
    println!(
        "plot-ingest    1,000,000 messages over 20 topics: {without:.0} ms, with 20 series {with:.0} ms; 100,000 values/s take {:.2} % of a core, wanted 5 %",
        (with - without) / 10.0 / 1e3 * 100.0
    );
}

/// Fills a series from a million messages that are held, as the job does that a new series starts.
fn fill() {
    let mut model = Model::new(Limits::default());
    let mut node = None;
    for index in 0..1_000_000 {
        let text = value(0, index).to_string();
        let (payload, arrived) = (Payload::Small(text.as_bytes()), Timestamp(index as i64 * 10_000));
        let message = MessageRef { topic: b"t", payload, flags: Flags::default(), properties: None, arrived };
        node = model.apply(message).ok();
    }
    let (mut at_once, mut all) = (Duration::MAX, Duration::MAX);
    for _ in 0..5 {
        let Some(node) = node else { return };
        let began = Instant::now();
        let Some(id) = model.add_series(node, Box::new(NumberAt::default())) else { return };
        at_once = at_once.min(began.elapsed());
        while model.fill_series() {}
        all = all.min(began.elapsed());
        model.remove_series(id);
    }
    println!(
        "plot-fill      1,000,000 messages that are held: {:.0} ms in a job, wanted 300 ms; the window waits {:.2} ms",
        all.as_secs_f64() * 1e3,
        at_once.as_secs_f64() * 1e3
    );
}

/// Copies a million values as text, with the button that a person presses, and counts how often the progress shows.
fn export() {
    let mut plots = Plots::new(1, 1_000_000);
    plots.stage.ctx.enable_accesskit();
    let now = plots.now();
    let mut button = None;
    for _ in 0..4 {
        let frame = plots.stage.frame(&mut plots.view, &plots.model, now, Vec::new());
        let is_it = |node: &egui::accesskit::Node| node.label() == Some("Copy as CSV");
        button = frame.nodes.iter().find(|(_, node)| is_it(node)).map(|(id, _)| *id).or(button);
    }
    let Some(target_node) = button else { return println!("plot-export    no button to press") };
    let (action, target_tree) = (egui::accesskit::Action::Click, TreeId::ROOT);
    let click = ActionRequest { action, target_tree, target_node, data: None };
    let mut events = vec![Event::AccessKitActionRequest(click)];
    let began = Instant::now();
    let mut shown = 0;
    while began.elapsed() < Duration::from_mins(1) {
        let frame = plots.stage.frame(&mut plots.view, &plots.model, now, std::mem::take(&mut events));
        let is_progress = |node: &egui::accesskit::Node| node.label() == Some("Cancel export");
        shown += usize::from(frame.nodes.iter().any(|(_, node)| is_progress(node)));
        let text = frame.actions.into_iter().find_map(|action| match action {
            Action::Copy { text, .. } => Some(text),
            _ => None,
        });
        if let Some(text) = text {
            return println!(
                "plot-export    {} lines, {:.0} MB as text in {:.0} ms, with progress in {shown} frames",
                text.lines().count(),
                text.len() as f64 / 1e6,
                began.elapsed().as_secs_f64() * 1e3
            );
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    println!("plot-export    did not end");
}
