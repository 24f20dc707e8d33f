//! The cost of a plot: frames with many series and points, beside egui_plot given all points, and what series cost the
//! ingest.
//!
//! Run with `cargo bench --bench plot`, or with the names of rows after `--`. Each row prints the processor time of the
//! whole frame of the panel up to the triangles, the median of its frames, and what is wanted of it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{self, CentralPanel, Context, Event, PointerButton, Pos2, RawInput, Rect, pos2, vec2};
use egui_plot::{Line, Plot, PlotPoint, PlotPoints};
use mqttree::automation::SequenceBoard;
use mqttree::command::Actions;
use mqttree::message::{Flags, MessageRef, Payload, Timestamp};
use mqttree::model::{Limits, Model, SeriesId};
use mqttree::panels::PanelView as _;
use mqttree::panels::plots::PlotsView;
use mqttree::panels::scene::Scene;
use mqttree::query::sparkplug::Plant;
use mqttree::query::{NumberAt, Rules};
use mqttree::session::packet_log::PacketLog;
use mqttree::session::status::{Counters, Status};
use mqttree::store::publish_history::PublishHistory;
use mqttree::store::settings::Settings;
use mqttree::ui::theme;

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
}

struct Stage {
    model: Model,
    ids: Vec<SeriesId>,
    view: PlotsView,
    ctx: Context,
    status: Status,
    settings: Settings,
    history: PublishHistory,
    protocol: PacketLog,
    sent: usize,
    step_us: f64,
    clock: f64,
}

/// A value that wanders and jitters, so that every column of pixels has extremes of its own.
fn value(series: usize, index: usize) -> f64 {
    let noise = (index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(17) >> 40;
    let slow = (index as f64 / 9_000.0 + series as f64).sin();
    (slow.mul_add(10.0, series as f64) * 100.0 + noise as f64 / 1e5).round() / 100.0
}

impl Stage {
    fn new(series: usize, points: usize) -> Self {
        let limits = Limits { history_bytes: 16 << 20, ..Limits::default() };
        let mut stage = Self {
            model: Model::new(limits),
            ids: Vec::new(),
            view: PlotsView::default(),
            ctx: Context::default(),
            status: Status::default(),
            settings: Settings::default(),
            history: PublishHistory::default(),
            protocol: PacketLog::default(),
            sent: 0,
            step_us: SPAN_S * 1e6 / points as f64,
            clock: 0.0,
        };
        theme::install(&stage.ctx);
        for index in 0..series {
            let topic = format!("plant/{index}");
            let message = MessageRef {
                topic: topic.as_bytes(),
                payload: Payload::Small(b"0"),
                flags: Flags::default(),
                properties: None,
                arrived: Timestamp(0),
            };
            let Ok(node) = stage.model.apply(message) else { continue };
            let Some(id) = stage.model.add_series(node, Box::new(NumberAt::default())) else { continue };
            stage.view.add(node, None, id);
            stage.ids.push(id);
        }
        stage.receive(points);
        stage
    }

    /// Every series gets so many values.
    fn receive(&mut self, each: usize) {
        let topics: Vec<_> = (0..self.ids.len()).map(|index| format!("plant/{index}")).collect();
        for _ in 0..each {
            self.sent += 1;
            let arrived = Timestamp((self.sent as f64 * self.step_us) as i64);
            for (series, topic) in topics.iter().enumerate() {
                let text = value(series, self.sent).to_string();
                let payload = Payload::Small(text.as_bytes());
                let (topic, flags) = (topic.as_bytes(), Flags::default());
                self.model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).ok();
            }
        }
    }

    fn frame(&mut self, events: Vec<Event>) -> Duration {
        self.clock += 1.0 / 30.0;
        let now = Timestamp((self.sent as f64 * self.step_us) as i64);
        while self.model.roll_up(now) {}
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, SIZE)),
            time: Some(self.clock),
            events,
            ..RawInput::default()
        };
        let Self { model, view, status, settings, history, protocol, .. } = self;
        let sequences = SequenceBoard::default();
        let messages = Arc::default();
        let scene = Scene {
            model,
            status,
            counters: Counters::default(),
            now,
            earlier: None,
            earlier_history: None,
            changes: None,
            others: &[],
            sendings: &[],
            messages: &messages,
            profile: None,
            session: 1,
            sessions: &[],
            paused: false,
            selected: None,
            pinned: &[],
            rules: &Rules::default(),
            replies: &[],
            responder: None,
            sequences: &sequences,
            plant: &Plant::default(),
            settings,
            history,
            protocol,
            kept: None,
            variables: &[],
            secrets: &mqttree::mqtt::options::SecretVariables::default(),
            requests: &[],
            inspected: None,
            retained: None,
        };
        let began = Instant::now();
        let mut actions = Actions::default();
        let output = self.ctx.run_ui(input, |ui| {
            view.tick(ui.ctx(), &scene, &mut actions);
            view.show(ui, &scene, &mut actions);
        });
        let triangles = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        std::hint::black_box(triangles);
        began.elapsed()
    }

    fn press(&mut self, at: Pos2, pressed: bool) -> Duration {
        let (button, modifiers) = (PointerButton::Primary, egui::Modifiers::NONE);
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
    let mut stage = Stage::new(series, points);
    let middle = pos2(400.0, 350.0);
    for _ in 0..3 {
        stage.frame(vec![Event::PointerMoved(middle)]);
    }
    let wheel = |delta: f32| Event::MouseWheel {
        unit: egui::MouseWheelUnit::Point,
        delta: vec2(0.0, delta),
        phase: egui::TouchPhase::Move,
        source: egui::MouseWheelSource::Wheel,
        modifiers: egui::Modifiers::NONE,
    };
    let follow = (0..FRAMES).map(|_| {
        stage.receive(ARRIVING);
        stage.frame(vec![Event::PointerMoved(middle)])
    });
    let following = median(follow.collect());
    stage.press(middle, true);
    let pan = (0..FRAMES)
        .map(|index| stage.frame(vec![Event::PointerMoved(middle + vec2(index as f32 * 3.0 + 8.0, 0.0))]));
    let panning = median(pan.collect());
    stage.press(middle + vec2(180.0, 0.0), false);
    let zoom = (0..20).map(|_| stage.frame(vec![Event::PointerMoved(middle), wheel(20.0)]));
    let zooming = median(zoom.collect());
    println!(
        "{row:14} following {following:7.2} ms   panning {panning:7.2} ms   zooming {zooming:7.2} ms   wanted {wanted_ms:.0} ms   egui_plot with all points {:7.1} ms",
        egui_plot(series, points)
    );
    let bytes: usize = stage.heap_bytes();
    println!("{:14} {:.1} B a value, wanted 20 B", "", bytes as f64 / (series * stage.sent) as f64);
}

impl Stage {
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
        let output = ctx.run_ui(input, |ui| {
            CentralPanel::default().show(ui, |ui| {
                Plot::new("all").show(ui, |plot| {
                    for points in &all {
                        plot.line(Line::new("", PlotPoints::Borrowed(points)));
                    }
                });
            });
        });
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
            let mut stage = Stage::new(20, 10);
            if !plotted {
                for id in &stage.ids {
                    stage.model.remove_series(*id);
                }
            }
            let texts: Vec<_> = (0..1_000).map(|index| value(0, index).to_string()).collect();
            let topics: Vec<_> = (0..20).map(|index| format!("plant/{index}")).collect();
            let began = Instant::now();
            for index in 0..1_000_000_usize {
                let payload = Payload::Small(texts[index % texts.len()].as_bytes());
                let arrived = Timestamp(4_000_000_000 + index as i64 * 10);
                let (topic, flags) = (topics[index % 20].as_bytes(), Flags::default());
                stage.model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).ok();
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
