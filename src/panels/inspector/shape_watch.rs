//! Learns the shape of the selected topic's messages, and keeps which of them depart from it.
//!
//! It learns in a job, at most once a second, only while the topic is looked at, and each message once.

use eframe::egui::Context;
use rustc_hash::FxHashMap;

use crate::model::{MessageId, NodeId, TopicInfo};
use crate::panels::inspector::history_list::LISTED_MAX;
use crate::panels::scene::Scene;
use crate::query::{Departure, LearnedShape, Readings};
use crate::ui::job::{Job, JobProgress};

/// The shortest time between two looks at new messages.
const LEARN_SECONDS: f64 = 1.0;
/// Messages that depart and are remembered; beyond it the memory starts anew.
const DEPARTED_MAX: usize = 10_000;

/// A shape after it learned, and the messages that departed from it.
type Learned = (LearnedShape, Vec<(MessageId, Vec<Departure>)>);

/// What is learned of one topic.
#[derive(Debug, Default)]
pub struct ShapeWatch {
    node: Option<NodeId>,
    shape: LearnedShape,
    /// The number of the last message that was learned from, and when.
    learned: Option<(i64, f64)>,
    departed: FxHashMap<MessageId, Vec<Departure>>,
    job: Option<Job<Learned>>,
    readings: Readings,
}

impl ShapeWatch {
    /// How a message departs from those before it; nothing if it does not.
    pub fn departures(&self, id: MessageId) -> &[Departure] {
        self.departed.get(&id).map_or(&[], Vec::as_slice)
    }

    /// What was learned so far.
    pub fn shape(&self) -> &LearnedShape {
        &self.shape
    }

    /// Learns from what has come since it last did.
    pub fn follow(&mut self, ctx: &Context, scene: &Scene<'_>, topic: TopicInfo<'_>) {
        let node = topic.newest.id().node();
        if self.node != Some(node) || !self.readings.is_by(scene.rules) {
            // Other rules give other values.
            let readings = std::mem::take(&mut self.readings);
            *self = Self { node: Some(node), readings, ..Self::default() };
        }
        if let Some(job) = &self.job {
            match job.poll() {
                JobProgress::Running => return,
                JobProgress::Done((shape, departed)) => {
                    self.shape = shape;
                    if self.departed.len() + departed.len() > DEPARTED_MAX {
                        self.departed.clear();
                    }
                    self.departed.extend(departed);
                }
                JobProgress::Failed => {}
            }
            self.job = None;
        }
        let (newest, now) = (topic.newest.number(), ctx.input(|input| input.time));
        let since = match self.learned {
            Some((number, _)) if number >= newest => return,
            Some((_, at)) if now - at < LEARN_SECONDS => {
                ctx.request_repaint_after_secs((at + LEARN_SECONDS - now) as f32);
                return;
            }
            Some((number, _)) => number,
            None => i64::MIN,
        };
        self.learned = Some((newest, now));
        let before = scene.model.history_before(topic.newest.id());
        let mut messages: Vec<_> = std::iter::once(topic.newest)
            .chain(before)
            .take_while(|stored| stored.number() > since)
            .take(LISTED_MAX)
            .map(|stored| {
                let choice = self.readings.choice_of(scene.model, scene.rules, &stored);
                (stored.id(), stored.payload_shared(), choice)
            })
            .collect();
        messages.reverse();
        let mut shape = self.shape.clone();
        self.job = Some(Job::spawn("learn shape", ctx, move |_| {
            let mut departed = Vec::new();
            for (id, payload, choice) in messages {
                let departures = shape.learn(&payload, choice.as_ref());
                if !departures.is_empty() {
                    departed.push((id, departures));
                }
            }
            (shape, departed)
        }));
    }
}
