//! When to ping, and when silence means that the connection is dead (MQTT 5.0, 3.1.2.10).
//!
//! Anything that arrives is a sign of life: an answer to a ping may wait behind a backlog of messages.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How long the broker may be silent after a ping, whatever the keep alive is.
const SILENCE: std::ops::RangeInclusive<Duration> = Duration::from_secs(2)..=Duration::from_mins(1);
/// How many pings are remembered one by one; no more are sent because somebody asks. What the clock sends beyond them,
/// while nothing is read, is counted.
const PINGS_MAX: usize = 64;

/// The clock of one connection's silence.
#[derive(Debug)]
pub(super) struct KeepAlive {
    /// `None`: no pings but those that are asked for.
    interval: Option<Duration>,
    /// When the last byte was written.
    written: Instant,
    /// When the last byte was read.
    read: Instant,
    /// PINGREQs without an answer, oldest first.
    pings: VecDeque<Ping>,
    /// PINGREQs after them.
    more_pings: usize,
}

/// A PINGREQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ping {
    /// When it was sent.
    pub at: Instant,
    /// Somebody waits for the answer.
    pub asked: bool,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing yet.
    Nothing,
    /// Send PINGREQ.
    Ping,
    /// Give up.
    Dead,
}

impl KeepAlive {
    /// 0: none.
    pub(super) fn new(interval_s: u16, now: Instant) -> Self {
        let interval = (interval_s > 0).then(|| Duration::from_secs(interval_s.into()));
        Self { interval, written: now, read: now, pings: VecDeque::new(), more_pings: 0 }
    }

    pub(super) fn written(&mut self, now: Instant) {
        self.written = now;
    }

    pub(super) fn read(&mut self, now: Instant) {
        self.read = now;
    }

    /// PINGREQ goes out.
    pub(super) fn pinged(&mut self, now: Instant, asked: bool) {
        self.written = now;
        if self.pings.len() < PINGS_MAX {
            self.pings.push_back(Ping { at: now, asked });
        } else {
            self.more_pings += 1;
        }
    }

    /// Whether another PINGREQ may go out because somebody asks.
    pub(super) fn has_room(&self) -> bool {
        self.pings.len() < PINGS_MAX
    }

    /// PINGRESP came: the ping that it answers, if there was one.
    pub(super) fn answered(&mut self) -> Option<Ping> {
        let ping = self.pings.pop_front()?;
        if let Some(more) = self.more_pings.checked_sub(1) {
            self.more_pings = more;
            // When it was sent is not known; not before those that are.
            let at = self.pings.back().map_or(ping.at, |last| last.at);
            self.pings.push_back(Ping { at, asked: false });
        }
        Some(ping)
    }

    /// What is to be done now.
    pub(super) fn due(&self, now: Instant) -> Due {
        if self.dead_at().is_some_and(|at| now >= at) {
            Due::Dead
        } else if self.ping_at().is_some_and(|at| now >= at) {
            Due::Ping
        } else {
            Due::Nothing
        }
    }

    /// When to look again at the latest, if nothing happens.
    pub(super) fn next(&self) -> Option<Instant> {
        [self.dead_at(), self.ping_at()].into_iter().flatten().min()
    }

    fn dead_at(&self) -> Option<Instant> {
        let oldest = self.pings.front()?;
        let patience = self.interval.unwrap_or(*SILENCE.end()).clamp(*SILENCE.start(), *SILENCE.end());
        Some(oldest.at.max(self.read) + patience)
    }

    /// The broker wants to hear something once per interval, and so do we.
    fn ping_at(&self) -> Option<Instant> {
        let interval = self.interval?;
        let silent_since = if self.pings.is_empty() { self.written.min(self.read) } else { self.written };
        Some(silent_since + interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn silence_in_either_direction_asks_for_a_ping() {
        let start = Instant::now();
        for talk in [KeepAlive::written, KeepAlive::read] {
            let mut clock = KeepAlive::new(10, start);
            assert_eq!(clock.due(start + 9 * SECOND), Due::Nothing);
            talk(&mut clock, start + 9 * SECOND);
            assert_eq!(clock.due(start + 10 * SECOND), Due::Ping, "the other direction was silent");
            clock.pinged(start + 10 * SECOND, false);
            assert_eq!(clock.due(start + 11 * SECOND), Due::Nothing, "one is enough");
            assert_eq!(clock.due(start + 20 * SECOND), Due::Dead);
        }
    }

    #[test]
    fn what_arrives_is_a_sign_of_life_and_the_broker_hears_us_meanwhile() {
        let start = Instant::now();
        let mut clock = KeepAlive::new(10, start);
        clock.pinged(start, false);
        for second in 1..=30 {
            let now = start + second * SECOND;
            clock.read(now);
            match clock.due(now) {
                Due::Ping => clock.pinged(now, false),
                due => assert_eq!(due, Due::Nothing, "second {second}"),
            }
        }
        assert_eq!(clock.pings.len(), 4, "every ten seconds");
    }

    #[test]
    fn the_broker_hears_us_however_long_nothing_is_read() {
        let start = Instant::now();
        let mut clock = KeepAlive::new(10, start);
        let pings = 3 * PINGS_MAX as u32;
        let mut now = start;
        for number in 1..=pings {
            now += 10 * SECOND;
            // As the connection does while nothing is read.
            clock.read(now);
            assert_eq!(clock.due(now), Due::Ping, "{number}");
            clock.pinged(now, false);
        }
        assert_eq!(clock.pings.len(), PINGS_MAX);
        assert!(!clock.has_room());
        for _ in 0..pings {
            assert!(clock.answered().is_some());
        }
        assert_eq!(clock.answered(), None);
    }

    #[test]
    fn without_a_keep_alive_only_a_ping_that_was_asked_for_can_fail() {
        let start = Instant::now();
        let mut clock = KeepAlive::new(0, start);
        assert_eq!((clock.due(start + 100_000 * SECOND), clock.next()), (Due::Nothing, None));
        clock.pinged(start, true);
        assert_eq!(clock.due(start + 60 * SECOND), Due::Dead);
        assert_eq!(clock.answered(), Some(Ping { at: start, asked: true }));
        assert_eq!(clock.answered(), None);
    }
}
