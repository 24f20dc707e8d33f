//! What the time bar marks: when there was no connection or nothing was recorded, and other events of the log.

use crate::message::Timestamp;
use crate::recording::RecordedEvent;
use crate::session::connection_log::{Level, LogEvent};
use crate::session::status::Status;

/// An event of the log.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Mark {
    pub at: Timestamp,
    pub level: Level,
    pub what: LogEvent,
}

/// A time without messages that may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outage {
    pub from: Timestamp,
    /// `None` if it goes on.
    pub to: Option<Timestamp>,
}

/// The marks of a session.
#[derive(Debug, Default)]
pub(super) struct Marks {
    pub events: Vec<Mark>,
    pub outages: Vec<Outage>,
    /// How many lines were in the log.
    log_total: u64,
}

/// What an event says about the connection.
enum Turn {
    Up,
    Down,
    Missing(Outage),
    Neither,
}

impl Marks {
    /// Reads the log if it has changed.
    pub fn refresh(&mut self, status: &Status) {
        if self.log_total == status.log_total {
            return;
        }
        *self = Self { log_total: status.log_total, ..Self::default() };
        let mut down: Option<Timestamp> = None;
        let mut was_up = false;
        for line in &status.log {
            match turn(&line.what) {
                Turn::Up => {
                    let outage = down.take().map(|from| Outage { from, to: Some(line.at) });
                    self.outages.extend(outage);
                    was_up = true;
                }
                Turn::Down if was_up => {
                    down.get_or_insert(line.at);
                }
                Turn::Missing(outage) => self.outages.push(outage),
                Turn::Down | Turn::Neither => {}
            }
            let level = line.level();
            let is_worth_a_mark = level != Level::Info || matches!(line.what, LogEvent::Recorded(_));
            if is_worth_a_mark {
                self.events.push(Mark { at: line.at, level, what: line.what.clone() });
            }
        }
        self.outages.extend(down.map(|from| Outage { from, to: None }));
        self.events.sort_by_key(|mark| mark.at);
    }

    /// The event nearest to a time, if it is within `reach_us` microseconds.
    pub fn near(&self, at: Timestamp, reach_us: i64) -> Option<&Mark> {
        let distance = |mark: &&Mark| mark.at.0.abs_diff(at.0);
        self.events.iter().min_by_key(distance).filter(|mark| distance(mark) <= reach_us.unsigned_abs())
    }
}

fn turn(what: &LogEvent) -> Turn {
    match what {
        LogEvent::Connected(_) | LogEvent::Recorded(RecordedEvent::Connected { .. }) => Turn::Up,
        LogEvent::Failed(_)
        | LogEvent::Disconnected { .. }
        | LogEvent::Crashed(_)
        | LogEvent::Recorded(RecordedEvent::Lost { .. } | RecordedEvent::Disconnected) => Turn::Down,
        LogEvent::Gap(gap) => Turn::Missing(Outage { from: gap.from, to: Some(gap.to) }),
        _ => Turn::Neither,
    }
}
