//! Moving the view to another moment in portions, so that a frame stays short however many messages lie between.
//!
//! [`Model::seek`] sets a goal, and [`Model::seek_on`] goes a chunk of the log towards it. Between two portions the view
//! is whole: it shows a moment on the way.

use crate::message::Timestamp;
use crate::model::Model;
use crate::model::rewind::Rewind;
use crate::model::tree::NodeId;

/// How many messages of a topic are compared in one portion.
const COMPARED_MAX: usize = 8_192;
/// How many chunks of the log a view stays ahead of the oldest message once that has overtaken it.
const CHUNKS_AHEAD: u32 = 8;

/// Which moment to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seek {
    /// After the last message that had arrived by then.
    To(Timestamp),
    /// After the next message, or before the last one.
    Step {
        /// Whether it is the next one.
        forward: bool,
    },
    /// When a topic's payload changes next, or the last moment before it became what is shown.
    Change {
        /// The topic's node.
        node: NodeId,
        /// Whether it is the next change.
        forward: bool,
    },
    /// What is there now, and what comes.
    Live,
}

/// How far a movement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seeking {
    /// The moment is shown.
    Arrived,
    /// A moment on the way is shown; call [`Model::seek_on`] again.
    More,
    /// There is no such moment, and the view stays.
    Nowhere,
}

/// Where the view is moving to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goal {
    /// Something that is not known before everything that had arrived is shown.
    Asked(Seek),
    /// Before the message at this position.
    Position(u64),
    /// To the next other payload of this topic; messages before `from` were looked at.
    NextChange { index: u32, from: u64 },
    /// To the last other payload of this topic; messages after the one at `from` were looked at.
    LastChange { index: u32, from: u64 },
}

impl Model {
    /// Whether the view is on its way to another moment.
    pub fn is_seeking(&self) -> bool {
        self.rewind.as_ref().is_some_and(|rewind| rewind.goal.is_some())
    }

    /// Starts to move the view. It takes in nothing new until it is live again.
    pub fn seek(&mut self, to: Seek) {
        if self.rewind.is_none() {
            if to == Seek::Live {
                return;
            }
            // First everything that has arrived is shown.
            self.roll_up.paused = false;
            self.rewind = Some(Rewind { is_catching_up: true, ..Rewind::from(self.roll_up.log_end) });
        }
        if let Some(rewind) = &mut self.rewind {
            rewind.goal = Some(Goal::Asked(to));
        }
    }

    /// Goes on moving the view: call it again while the frame has time, and in the next one.
    pub fn seek_on(&mut self, now: Timestamp) -> Seeking {
        let Some(Rewind { began, is_catching_up, goal, .. }) = self.rewind else { return Seeking::Arrived };
        if is_catching_up {
            self.catch_up(now);
            return Seeking::More;
        }
        match goal {
            None => Seeking::Arrived,
            Some(Goal::Asked(Seek::Live)) => {
                if self.approach(began) {
                    self.end_rewind();
                    return Seeking::Arrived;
                }
                Seeking::More
            }
            Some(Goal::Asked(to)) => self.begin_seek(to),
            Some(Goal::Position(target)) if target > began => {
                // It lies in what has arrived since.
                if self.approach(began)
                    && let Some(rewind) = &mut self.rewind
                {
                    rewind.is_catching_up = true;
                    self.roll_up.paused = false;
                }
                Seeking::More
            }
            Some(Goal::Position(target)) => {
                if self.approach(target) {
                    self.set_goal(None);
                    return Seeking::Arrived;
                }
                Seeking::More
            }
            Some(Goal::NextChange { index, from }) => self.look_ahead(index, from),
            Some(Goal::LastChange { index, from }) => self.look_back(index, from),
        }
    }

    fn set_goal(&mut self, goal: Option<Goal>) {
        if let Some(rewind) = &mut self.rewind {
            rewind.goal = goal;
        }
    }

    /// Shows a portion of what has arrived, and holds the view there once that is all.
    fn catch_up(&mut self, now: Timestamp) {
        if self.roll_up(now) {
            return;
        }
        self.roll_up.paused = true;
        self.sorter.pause();
        let goal = self.rewind.as_ref().and_then(|rewind| rewind.goal);
        self.rewind = Some(Rewind { goal, ..Rewind::from(self.roll_up.log_end) });
    }

    fn begin_seek(&mut self, to: Seek) -> Seeking {
        let log = self.history.log();
        let shown = self.roll_up.log_end.max(log.tail());
        let goal = match to {
            Seek::To(time) => Some(Goal::Position(log.end_of(time))),
            Seek::Step { forward } => self.next_to(shown, forward).map(Goal::Position),
            Seek::Change { node, forward } => self.topic_index(node).map(|index| {
                if forward {
                    Goal::NextChange { index, from: shown }
                } else {
                    let shown = self.reader().newest(index).map_or(0, |newest| newest.id().position());
                    Goal::LastChange { index, from: shown }
                }
            }),
            Seek::Live => None,
        };
        self.set_goal(goal);
        if goal.is_some() { Seeking::More } else { Seeking::Nowhere }
    }

    /// Moves the view by a chunk of the log at most. Returns whether it is there.
    fn approach(&mut self, target: u64) -> bool {
        let log = self.history.log();
        let (at, tail) = (self.roll_up.log_end, log.tail());
        let mut target = target.clamp(tail, log.head());
        let next = if at < tail {
            // The moment has left the log, and more is about to: the view is to stay ahead of that.
            let ahead = (0..CHUNKS_AHEAD).fold(tail, |at, _| log.chunk_after(at));
            target = target.max(ahead.min(log.head()));
            target
        } else if target > at {
            log.chunk_after(at).min(target)
        } else {
            log.chunk_before(at).max(target)
        };
        if next != at {
            self.move_view(next);
        }
        next == target
    }

    fn look_ahead(&mut self, index: u32, from: u64) -> Seeking {
        let log = self.history.log();
        let shown = self.reader().newest(index);
        let is_other = |payload| shown.is_none_or(|shown| shown.payload() != payload);
        let end = log.chunk_after(from);
        let mut at = from.max(log.tail());
        while at < end
            && let Some(record) = log.get(at)
            && let Some(next) = log.after(at)
        {
            at = next;
            if record.header.topic == index && is_other(record.payload()) {
                self.set_goal(Some(Goal::Position(at)));
                return Seeking::More;
            }
        }
        let goal = (at < log.head()).then_some(Goal::NextChange { index, from: at });
        self.set_goal(goal);
        if goal.is_some() { Seeking::More } else { Seeking::Nowhere }
    }

    fn look_back(&mut self, index: u32, from: u64) -> Seeking {
        let goal = self.change_before(index, from);
        self.set_goal(goal);
        if goal.is_some() { Seeking::More } else { Seeking::Nowhere }
    }

    /// Where the last other payload of a topic is, or from where on to go on looking for it.
    fn change_before(&self, index: u32, from: u64) -> Option<Goal> {
        let reader = self.reader();
        let shown = reader.newest(index)?;
        let mut last = from;
        for stored in reader.back_from(index, reader.message(index, from)).take(COMPARED_MAX) {
            last = stored.id().position();
            if stored.payload() != shown.payload() {
                // What was kept aside has no place in the log, so no moment can be shown there.
                return self.history.log().after(last).map(Goal::Position);
            }
        }
        (last < from).then_some(Goal::LastChange { index, from: last })
    }
}
