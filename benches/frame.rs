//! The cost of drawing the tree while messages arrive: the real panel with a million topics, without a window.
//!
//! Run with `cargo bench --bench frame`. A frame updates the model, runs the panel's ui and tessellates it, which is
//! what `--perf-log` calls frame CPU except for the other panels. Between two frames 16,000 messages arrive: half a
//! million a second at 30 frames a second. Processing the messages is not measured here.

mod common;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::{Duration, Instant};

use common::{PAYLOAD, Stream, flat, million, wide};
use divan::Bencher;
use eframe::egui::{self, Context, Event, MouseWheelUnit, RawInput, TouchPhase, pos2, vec2};
use mqttree::automation::SequenceBoard;
use mqttree::command::Actions;
use mqttree::message::Timestamp;
use mqttree::model::Model;
use mqttree::panels::PanelView as _;
use mqttree::panels::scene::Scene;
use mqttree::panels::topics::TopicsView;
use mqttree::query::Rules;
use mqttree::query::sparkplug::Plant;
use mqttree::session::packet_log::PacketLog;
use mqttree::session::status::{Counters, Status};
use mqttree::store::publish_history::PublishHistory;
use mqttree::store::settings::{Column, Settings};
use mqttree::ui::theme;

const MESSAGES_PER_FRAME: usize = 16_000;
/// The same slice as in `app::tab`.
const ROLL_UP_SLICE: Duration = Duration::from_millis(2);

fn main() {
    divan::main();
}

struct Stage {
    model: Model,
    stream: Stream,
    next: usize,
    ctx: Context,
    view: TopicsView,
    status: Status,
    settings: Settings,
    history: PublishHistory,
    protocol: PacketLog,
    frames: u64,
    triangles: usize,
    payload: &'static [u8],
    width: f32,
}

impl Stage {
    fn new(shape: &str) -> Self {
        Self::with(shape, Settings::default(), PAYLOAD, 720.0)
    }

    /// Every column, trends of numbers among them, in a pane that has room for all.
    fn with_every_column(shape: &str) -> Self {
        let mut settings = Settings::default();
        for column in Column::ALL {
            settings.columns.get_mut(column).shown = true;
        }
        Self::with(shape, settings, b"21.5", 1_280.0)
    }

    fn with(shape: &str, settings: Settings, payload: &'static [u8], width: f32) -> Self {
        let (mut model, stream) = million(if shape == "wide" { wide } else { flat });
        model.expand_all();
        let ctx = Context::default();
        theme::install(&ctx);
        let mut stage = Self {
            model,
            stream,
            next: 0,
            ctx,
            view: TopicsView::default(),
            status: Status::default(),
            settings,
            history: PublishHistory::default(),
            protocol: PacketLog::default(),
            frames: 0,
            triangles: 0,
            payload,
            width,
        };
        // The first frames lay out the fonts.
        (0..3).for_each(|_| stage.frame(0.0));
        stage
    }

    fn receive(&mut self, messages: usize) {
        self.stream.apply(&mut self.model, self.next..self.next + messages, self.payload);
        self.next += messages;
    }

    /// Draws a frame of a pane 700 points high while somebody turns the wheel.
    fn frame(&mut self, wheel: f32) {
        self.frames += 1;
        let now = Timestamp(self.next as i64);
        let mut input = RawInput {
            screen_rect: Some(egui::Rect::from_min_size(egui::Pos2::ZERO, vec2(self.width, 700.0))),
            time: Some(self.frames as f64 / 30.0),
            ..RawInput::default()
        };
        input.events.push(Event::PointerMoved(pos2(200.0, 300.0)));
        input.events.push(Event::MouseWheel {
            unit: MouseWheelUnit::Point,
            delta: vec2(0.0, wheel),
            phase: TouchPhase::Move,
            source: egui::MouseWheelSource::Wheel,
            modifiers: egui::Modifiers::NONE,
        });
        let began = Instant::now();
        while self.model.roll_up(now) && began.elapsed() < ROLL_UP_SLICE {}
        let Self { model, view, status, settings, history, protocol, .. } = self;
        let sequences = SequenceBoard::default();
        let scene = Scene {
            model,
            status,
            counters: Counters::default(),
            now,
            earlier: None,
            earlier_history: None,
            changes: None,
            others: &[],
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
            sendings: &[],
            messages: &Arc::default(),
            profile: None,
            session: 0,
            sessions: &[],
        };
        let output = self.ctx.run_ui(input, |ui| view.show(ui, &scene, &mut Actions::default()));
        let triangles = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        self.triangles += triangles.len();
    }
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_while_ingesting(bencher: Bencher, shape: &str) {
    let stage = RefCell::new(Stage::new(shape));
    bencher
        .with_inputs(|| stage.borrow_mut().receive(MESSAGES_PER_FRAME))
        .bench_local_values(|()| stage.borrow_mut().frame(0.0));
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_while_ingesting_and_scrolling(bencher: Bencher, shape: &str) {
    let stage = RefCell::new(Stage::new(shape));
    bencher
        .with_inputs(|| stage.borrow_mut().receive(MESSAGES_PER_FRAME))
        .bench_local_values(|()| stage.borrow_mut().frame(-120.0));
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_with_every_column_while_ingesting(bencher: Bencher, shape: &str) {
    let stage = RefCell::new(Stage::with_every_column(shape));
    bencher
        .with_inputs(|| stage.borrow_mut().receive(MESSAGES_PER_FRAME))
        .bench_local_values(|()| stage.borrow_mut().frame(0.0));
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_at_rest(bencher: Bencher, shape: &str) {
    let mut stage = Stage::new(shape);
    bencher.bench_local(|| stage.frame(0.0));
}
