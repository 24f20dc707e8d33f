//! Moments that have left the memory: which part of the recording shows, and which is being read.

use std::sync::Arc;

use eframe::egui::Context;
use parking_lot::FairMutex;

use crate::app::tab::Tab;
use crate::message::Timestamp;
use crate::model::{Model, Seek};
use crate::recording::failure::OpenFailure;
use crate::session::past::{PastGoal, PastPart, read_past};
use crate::ui::job::{Job, JobProgress};

/// What a tab knows of the moments behind its memory.
#[derive(Default)]
pub(super) struct PastMoments {
    reading: Option<Job<Result<Option<PastPart>, OpenFailure>>>,
    /// What is read next, and where the view goes then.
    wanted: Option<(PastGoal, Option<Seek>)>,
    /// Where the view goes once the part is there that is being read.
    then: Option<Seek>,
    shown: Option<ShownPart>,
    /// Where the view of the memory goes, because the part of the recording is left.
    leaves: Option<Seek>,
    generation: u16,
}

/// The part of the recording that shows.
#[derive(Clone, Copy, Debug)]
struct ShownPart {
    span: (Timestamp, Timestamp),
    is_start: bool,
    is_end: bool,
    /// How many messages the recording held after it, and how many the session had received then.
    after: u64,
    received: u64,
}

impl Tab {
    /// Whether a moment shows that has left the memory.
    pub(super) fn is_in_past(&self) -> bool {
        self.past.shown.is_some()
    }

    /// Whether a part of the recording is being read.
    pub(super) fn is_reading_past(&self) -> bool {
        self.past.reading.is_some() || self.past.wanted.is_some()
    }

    /// How many messages came after the moment shown, if that has left the memory.
    pub(super) fn messages_after_past(&self, model: &Model) -> Option<u64> {
        let shown = self.past.shown?;
        let received = self.session.counters().received.saturating_sub(shown.received);
        let received = if self.is_recorded() { 0 } else { received };
        Some(shown.after + received + model.messages_after())
    }

    /// Turns to the recording for a movement of the view, or back from it. Returns whether it does.
    pub(super) fn turns(&mut self, to: Seek) -> bool {
        self.past.wanted = None;
        let behind = self.session.behind().is_some();
        match to {
            Seek::To(at) => {
                if self.past.shown.is_some_and(|shown| shown.span.0 <= at && at <= shown.span.1) {
                    return false;
                }
                let is_held = self.session.live_model().lock().reach().is_none_or(|(first, _)| at >= first);
                if !is_held && behind {
                    self.past.wanted = Some((PastGoal::At(at), None));
                    return true;
                }
                self.leave(to)
            }
            Seek::Live => self.leave(to),
            Seek::Step { .. } | Seek::Change { .. } => false,
        }
    }

    fn leave(&mut self, to: Seek) -> bool {
        let leaves = self.past.shown.is_some();
        if leaves {
            self.past.leaves = Some(to);
        }
        leaves
    }

    /// What to read because the view cannot go on within what it has.
    pub(super) fn beyond(&mut self, asked: Seek, model: &Model) -> bool {
        if self.session.behind().is_none() {
            return false;
        }
        let shown = self.past.shown;
        let before = |at: Timestamp| Timestamp(at.0.saturating_sub(1));
        self.past.wanted = match (asked, shown) {
            (Seek::Step { forward: false }, Some(shown)) if !shown.is_start => {
                Some((PastGoal::At(before(shown.span.0)), None))
            }
            (Seek::Step { forward: false }, None) => {
                model.reach().map(|(first, _)| (PastGoal::At(before(first)), None))
            }
            (Seek::Step { forward: true }, Some(shown)) if !shown.is_end => {
                Some((PastGoal::At(shown.span.1), Some(asked)))
            }
            (Seek::Change { node, forward }, _) if shown.is_some() || !forward => {
                let payload = model.node(node).and_then(|node| node.topic);
                let payload = payload.map(|topic| topic.newest.payload().to_vec());
                let topic = model.topic_bytes(node);
                let from = if forward { shown.map(|shown| shown.span.1) } else { model.moment() };
                let from = from.unwrap_or_else(|| self.shown_time());
                Some((PastGoal::Change { topic, payload, from, forward }, None))
            }
            _ => None,
        };
        self.past.wanted.is_some()
    }

    /// Whether moments that follow each other have reached the end of the part that shows.
    pub(super) fn plays_beyond(&mut self, at: Timestamp) -> bool {
        let Some(shown) = self.past.shown.filter(|shown| at > shown.span.1) else { return false };
        if self.is_reading_past() {
            return true;
        }
        if shown.is_end {
            return self.leave(Seek::To(at));
        }
        self.past.wanted = Some((PastGoal::At(at), None));
        true
    }

    /// Goes on with reading, and shows what was read. Called before a frame, while no model is locked. Returns whether
    /// there was nothing to read.
    pub(super) fn turn_pages(&mut self, ctx: &Context) -> bool {
        if let Some(to) = self.past.leaves.take() {
            self.show_memory(to);
        }
        let mut found_nothing = false;
        if let Some(job) = &self.past.reading {
            match job.poll() {
                JobProgress::Running => return false,
                JobProgress::Done(Ok(Some(part))) => self.show_part(part),
                JobProgress::Done(Ok(None) | Err(_)) | JobProgress::Failed => found_nothing = true,
            }
            self.past.reading = None;
        }
        if let Some((goal, then)) = self.past.wanted.take()
            && let Some(behind) = self.session.behind()
        {
            self.past.generation = (self.past.generation % 4_000) + 1;
            self.past.then = then;
            let (live, generation) = (Arc::clone(self.session.live_model()), self.past.generation);
            self.past.reading = Some(Job::spawn("earlier moment", ctx, move |cancel| {
                read_past(&behind, &live, &goal, generation, &|| cancel.is_cancelled())
            }));
        }
        found_nothing
    }

    fn show_part(&mut self, part: PastPart) {
        let PastPart { mut model, at, after, is_start, is_end, span } = part;
        if let Some(to) = self.past.then.take() {
            model.seek(to);
        }
        model.copy_series(&self.session.live_model().lock());
        let received = self.session.counters().received;
        self.past.shown = Some(ShownPart { span, is_start, is_end, after, received });
        self.swap(Some(Arc::new(FairMutex::new(model))));
        self.moment_is(at);
    }

    /// Shows what the memory holds, at a moment or the present.
    fn show_memory(&mut self, to: Seek) {
        (self.past.shown, self.past.reading, self.past.then) = (None, None, None);
        self.swap(None);
        let mut live = self.session.live_model().lock();
        if to == Seek::Live {
            live.set_paused(false);
            drop(live);
            self.earlier = None;
        } else {
            live.seek(to);
        }
    }

    /// Shows another model with the same nodes; what is selected, expanded and searched for stays.
    fn swap(&mut self, model: Option<Arc<FairMutex<Model>>>) {
        let topic = self.selected.map(|node| self.session.model().lock().topic_bytes(node));
        let before = self.session.show_past(model);
        self.selected = topic.and_then(|topic| self.session.model().lock().find(&topic));
        self.readers = super::behind::EarlierReaders::default();
        if !self.query.text.is_empty() {
            self.search(self.query.clone());
        }
        // A million topics take a while to drop.
        if let Some(before) = before {
            let dropped = std::thread::Builder::new().name("drop moment".to_owned()).spawn(move || drop(before));
            if let Err(error) = dropped {
                log::warn!("an earlier moment is dropped at once: {error}");
            }
        }
    }

    /// Leaves every moment of the recording, because all is forgotten.
    pub(super) fn forget_past(&mut self) {
        let before = self.session.show_past(None);
        drop(before);
        self.past = PastMoments::default();
    }
}
