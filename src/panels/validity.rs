//! Which messages break the JSON Schema of their decoder rule. They are checked in a job and only where they show, so
//! that neither a frame nor the reading of messages waits for it.

use bytes::Bytes;
use eframe::egui::Context;
use rustc_hash::FxHashMap;

use crate::model::{MessageId, Stored};
use crate::payload::decode::{Choice, Violation};
use crate::query::Rules;
use crate::ui::job::{Job, JobProgress};

/// Messages that are remembered; beyond it the memory starts anew.
const KNOWN_MAX: usize = 10_000;
/// Messages that one job checks.
const ASKED_MAX: usize = 256;
/// Bytes of payloads that one job checks.
const ASKED_BYTES_MAX: usize = 16 << 20;

/// Messages and how they break their schema.
type Found = Vec<(MessageId, Vec<Violation>)>;

/// What was found of the messages that showed.
#[derive(Debug, Default)]
pub struct Validities {
    rules: Rules,
    known: FxHashMap<MessageId, Vec<Violation>>,
    asked: Vec<(MessageId, Bytes, Choice)>,
    asked_bytes: usize,
    job: Option<Job<Found>>,
}

impl Validities {
    /// Takes in what was found, and checks what was asked for since. Called once a frame, after the messages were drawn.
    pub fn work(&mut self, ctx: &Context, rules: &Rules) {
        if self.rules != *rules {
            *self = Self { rules: rules.clone(), ..Self::default() };
        }
        if let Some(job) = &self.job {
            match job.poll() {
                JobProgress::Running => return,
                JobProgress::Done(found) => {
                    if self.known.len() + found.len() > KNOWN_MAX {
                        self.known.clear();
                    }
                    self.known.extend(found);
                    ctx.request_repaint();
                }
                JobProgress::Failed => {}
            }
            self.job = None;
        }
        if !self.asked.is_empty() {
            let asked = std::mem::take(&mut self.asked);
            self.asked_bytes = 0;
            self.job = Some(Job::spawn("check schemas", ctx, move |cancel| {
                let asked = asked.into_iter().take_while(|_| !cancel.is_cancelled());
                asked.map(|(id, payload, choice)| (id, choice.violations(&payload))).collect()
            }));
        }
    }

    /// How a message that showed breaks its schema, as far as that is known.
    pub fn known(&self, id: MessageId) -> &[Violation] {
        self.known.get(&id).map_or(&[], Vec::as_slice)
    }

    /// How a message breaks its schema, and nothing if it does not; `None` until that is known.
    pub fn of(&mut self, message: &Stored<'_>, choice: Option<&Choice>) -> Option<&[Violation]> {
        let Some(choice) = choice.filter(|choice| choice.has_schema()) else { return Some(&[]) };
        let id = message.id();
        if !self.known.contains_key(&id)
            && self.asked.len() < ASKED_MAX
            && self.asked_bytes < ASKED_BYTES_MAX
            && !self.asked.iter().any(|(asked, ..)| *asked == id)
        {
            let payload = message.payload_shared();
            self.asked_bytes += payload.len();
            self.asked.push((id, payload, choice.clone()));
        }
        self.known.get(&id).map(Vec::as_slice)
    }
}
