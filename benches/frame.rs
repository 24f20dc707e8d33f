//! The cost of drawing the tree while messages arrive: the real panel with a million topics, without a window.
//!
//! Run with `cargo bench --bench frame`. A frame updates the model, runs the panel's ui and tessellates it, which is
//! what `--perf-log` calls frame CPU except for the other panels. Between two frames 16,000 messages arrive: half a
//! million a second at 30 frames a second. Processing the messages is not measured here.

mod common;
mod stage;

use std::cell::RefCell;
use std::time::{Duration, Instant};

use common::{PAYLOAD, Stream, flat, million, wide};
use divan::Bencher;
use eframe::egui::{Event, Modifiers, MouseWheelSource, MouseWheelUnit, TouchPhase, pos2, vec2};
use mqttree::message::Timestamp;
use mqttree::model::Model;
use mqttree::panels::topics::TopicsView;
use mqttree::store::settings::{Column, Settings};
use stage::{Stage, StageFrame};

const MESSAGES_PER_FRAME: usize = 16_000;
/// The same slice as in `app::tab`.
const ROLL_UP_SLICE: Duration = Duration::from_millis(2);

fn main() {
    divan::main();
}

/// The tree while messages arrive.
struct Tree {
    stage: Stage,
    view: TopicsView,
    model: Model,
    stream: Stream,
    next: usize,
    payload: &'static [u8],
}

impl Tree {
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
        let (stage, view) = (Stage::new(vec2(width, 700.0), settings), TopicsView::default());
        let mut tree = Self { stage, view, model, stream, next: 0, payload };
        // The first frames lay out the fonts.
        (0..3).for_each(|_| tree.frame(0.0));
        tree
    }

    fn receive(&mut self, messages: usize) {
        self.stream.apply(&mut self.model, self.next..self.next + messages, self.payload);
        self.next += messages;
    }

    /// Draws a frame of a pane 700 points high while somebody turns the wheel.
    fn frame(&mut self, wheel: f32) {
        let now = Timestamp(self.next as i64);
        let events = vec![
            Event::PointerMoved(pos2(200.0, 300.0)),
            Event::MouseWheel {
                unit: MouseWheelUnit::Point,
                delta: vec2(0.0, wheel),
                phase: TouchPhase::Move,
                source: MouseWheelSource::Wheel,
                modifiers: Modifiers::NONE,
            },
        ];
        let began = Instant::now();
        while self.model.roll_up(now) && began.elapsed() < ROLL_UP_SLICE {}
        let StageFrame { actions, nodes } = self.stage.frame(&mut self.view, &self.model, now, events);
        divan::black_box((actions, nodes));
    }
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_while_ingesting(bencher: Bencher, shape: &str) {
    let stage = RefCell::new(Tree::new(shape));
    bencher
        .with_inputs(|| stage.borrow_mut().receive(MESSAGES_PER_FRAME))
        .bench_local_values(|()| stage.borrow_mut().frame(0.0));
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_while_ingesting_and_scrolling(bencher: Bencher, shape: &str) {
    let stage = RefCell::new(Tree::new(shape));
    bencher
        .with_inputs(|| stage.borrow_mut().receive(MESSAGES_PER_FRAME))
        .bench_local_values(|()| stage.borrow_mut().frame(-120.0));
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_with_every_column_while_ingesting(bencher: Bencher, shape: &str) {
    let stage = RefCell::new(Tree::with_every_column(shape));
    bencher
        .with_inputs(|| stage.borrow_mut().receive(MESSAGES_PER_FRAME))
        .bench_local_values(|()| stage.borrow_mut().frame(0.0));
}

#[divan::bench(args = ["flat", "wide"], sample_count = 100, sample_size = 1)]
fn frame_at_a_million_topics_at_rest(bencher: Bencher, shape: &str) {
    let mut stage = Tree::new(shape);
    bencher.bench_local(|| stage.frame(0.0));
}
