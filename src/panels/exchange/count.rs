//! Counts what a form asks for, on a thread of its own.

use std::time::Duration;

use eframe::egui::Context;

use crate::interchange::{Excerpt, MessageOrigin, Preview, Tally, preview};
use crate::ui::job::{Job, JobProgress};

/// How often the number so far is drawn.
const LOOK_PAUSE: Duration = Duration::from_millis(200);

/// What is known of the messages that a form asks for.
#[derive(Debug, Default)]
pub(super) struct Counted {
    key: Option<String>,
    state: CountState,
}

#[derive(Debug, Default)]
enum CountState {
    #[default]
    Nothing,
    Counting(Job<Option<Preview>>, Tally),
    Known(Preview),
    Failed,
}

impl Counted {
    /// Counts an excerpt, unless `key` says that it is the one that was counted.
    pub fn ask(&mut self, ctx: &Context, key: String, origin: &MessageOrigin, excerpt: &Excerpt) {
        if self.key.as_ref() != Some(&key) {
            self.cancel();
            self.key = Some(key);
            let tally = Tally::default();
            let (theirs, origin, excerpt) = (tally.clone(), origin.clone(), excerpt.clone());
            let job =
                Job::spawn("count messages", ctx, move |_| preview(&origin.open().ok()?, &excerpt, &theirs));
            self.state = CountState::Counting(job, tally);
        }
        if let CountState::Counting(job, _) = &self.state {
            match job.poll() {
                JobProgress::Running => ctx.request_repaint_after(LOOK_PAUSE),
                JobProgress::Done(Some(found)) => self.state = CountState::Known(found),
                JobProgress::Done(None) | JobProgress::Failed => self.state = CountState::Failed,
            }
        }
    }

    /// What it comes to, once that is known.
    pub fn known(&self) -> Option<&Preview> {
        match &self.state {
            CountState::Known(preview) => Some(preview),
            _ => None,
        }
    }

    /// How many messages were counted so far.
    pub fn so_far(&self) -> u64 {
        match &self.state {
            CountState::Counting(_, tally) => tally.done(),
            _ => 0,
        }
    }

    pub fn has_failed(&self) -> bool {
        matches!(self.state, CountState::Failed)
    }

    fn cancel(&self) {
        if let CountState::Counting(_, tally) = &self.state {
            tally.cancel();
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.cancel();
    }
}
