//! When to ping, and when silence means that the connection is dead (MQTT 5.0, 3.1.2.10).
//!
//! Anything that arrives is a sign of life, because the answer to a ping may wait behind a backlog of messages. So a
//! broker's silence starts when it was asked something or last sent something, whichever is later. When it owes an
//! acknowledgement it is pinged early: a broker that is merely slow to acknowledge still answers the ping.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// How many pings are remembered individually; beyond that, none are sent on request. Those that the clock adds while
/// nothing is read are only counted.
const PINGS_MAX: usize = 64;
/// A slow line may still be carrying written bytes: every this many allow one more second of silence.
const SLOWEST_BYTES_PER_S: u64 = 64 * 1024;
/// The longest that bytes in transit may extend the silence.
const ON_ITS_WAY_MAX: Duration = Duration::from_mins(1);

/// The current time, which a test can freeze.
pub(super) fn now() -> Instant {
    tokio::time::Instant::now().into_std()
}

/// Tracks the silence of one connection.
#[derive(Debug)]
pub(super) struct KeepAlive {
    /// `None`: pings are sent only on request or while an acknowledgement is owed.
    interval: Option<Duration>,
    /// How long an answer may take. After that the broker counts as not answering, and after as long again it is given
    /// up.
    patience: Duration,
    /// When the last byte was written.
    written: Instant,
    /// When the last byte was read.
    read: Instant,
    /// Bytes written since the last byte was read.
    unheard_bytes: u64,
    /// PINGREQs without an answer, oldest first.
    pings: VecDeque<Ping>,
    /// How many more PINGREQs are unanswered.
    more_pings: usize,
    /// Since when at least one acknowledgement has been owed.
    owed_since: Option<Instant>,
    told: Told,
}

/// A PINGREQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ping {
    /// When it was sent.
    pub at: Instant,
    /// Whether somebody waits for the answer.
    pub asked: bool,
}

/// What the owner was last told about the broker's silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// Nothing, or that the silence is over.
    Nothing,
    /// That the broker does not answer.
    Silent,
    /// That the broker does not answer, although it has sent something since.
    Outdated,
}

/// What needs to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    /// Nothing yet.
    Nothing,
    /// Send PINGREQ.
    Ping,
    /// Report that the broker has been silent since then.
    Silent(Instant),
    /// Give up.
    Dead,
}

impl KeepAlive {
    /// A keep alive of 0 turns pings off; an answer may take `patience_s`.
    pub(super) fn new(interval_s: u16, patience_s: u16, now: Instant) -> Self {
        Self {
            interval: (interval_s > 0).then(|| Duration::from_secs(interval_s.into())),
            patience: Duration::from_secs(patience_s.max(1).into()),
            written: now,
            read: now,
            unheard_bytes: 0,
            pings: VecDeque::new(),
            more_pings: 0,
            owed_since: None,
            told: Told::Nothing,
        }
    }

    /// This many bytes were written. If `more` are waiting, the other side is still taking data, which is a sign of
    /// life.
    pub(super) fn written(&mut self, bytes: usize, more: bool, now: Instant) {
        self.written = now;
        self.unheard_bytes = self.unheard_bytes.saturating_add(bytes as u64);
        if more {
            self.read(now);
        }
    }

    /// Something was read, or could not be because the owner had no room.
    pub(super) fn read(&mut self, now: Instant) {
        self.read = now;
        self.unheard_bytes = 0;
        if self.told == Told::Silent {
            self.told = Told::Outdated;
        }
    }

    /// PINGREQ was sent.
    pub(super) fn pinged(&mut self, now: Instant, asked: bool) {
        self.written = now;
        if self.pings.len() < PINGS_MAX {
            self.pings.push_back(Ping { at: now, asked });
        } else {
            self.more_pings += 1;
        }
    }

    /// Whether another PINGREQ may be sent on request.
    pub(super) fn has_room(&self) -> bool {
        self.pings.len() < PINGS_MAX
    }

    /// PINGRESP arrived. Returns the ping that it answers, if there was one.
    pub(super) fn answered(&mut self) -> Option<Ping> {
        let ping = self.pings.pop_front()?;
        if let Some(more) = self.more_pings.checked_sub(1) {
            self.more_pings = more;
            // Its time is unknown, but no earlier than that of the remembered ones.
            let at = self.pings.back().map_or(ping.at, |last| last.at);
            self.pings.push_back(Ping { at, asked: false });
        }
        Some(ping)
    }

    /// Sets whether the broker owes an acknowledgement.
    pub(super) fn owed(&mut self, is_owed: bool) {
        self.owed_since = is_owed.then(|| self.owed_since.unwrap_or_else(now));
    }

    /// The owner was told that the broker does not answer.
    pub(super) fn told(&mut self) {
        self.told = Told::Silent;
    }

    /// Whether to tell the owner that the broker answers again. True once per silence.
    pub(super) fn take_back(&mut self) -> bool {
        let is_outdated = self.told == Told::Outdated;
        if is_outdated {
            self.told = Told::Nothing;
        }
        is_outdated
    }

    /// What needs to be done now.
    pub(super) fn due(&self, now: Instant) -> Due {
        let is_over = |at: Option<Instant>| at.is_some_and(|at| now >= at);
        match self.silent_since() {
            Some(_) if is_over(self.dead_at()) => Due::Dead,
            Some(since) if is_over(self.tell_at()) => Due::Silent(since),
            _ if is_over(self.ping_at()) => Due::Ping,
            _ => Due::Nothing,
        }
    }

    /// When to check again at the latest if nothing happens.
    pub(super) fn next(&self) -> Option<Instant> {
        [self.dead_at(), self.tell_at(), self.ping_at()].into_iter().flatten().min()
    }

    /// Since when the broker has owed an answer and been silent.
    fn silent_since(&self) -> Option<Instant> {
        let ping = self.pings.front().map(|oldest| oldest.at);
        let asked = [ping, self.owed_since].into_iter().flatten().min()?;
        Some(asked.max(self.read))
    }

    fn tell_at(&self) -> Option<Instant> {
        Some(self.silent_since().filter(|_| self.told == Told::Nothing)? + self.patience + self.on_its_way())
    }

    fn dead_at(&self) -> Option<Instant> {
        Some(self.silent_since()? + self.patience * 2 + self.on_its_way())
    }

    fn on_its_way(&self) -> Duration {
        Duration::from_secs(self.unheard_bytes / SLOWEST_BYTES_PER_S).min(ON_ITS_WAY_MAX)
    }

    /// Both sides expect to hear something once per interval. A broker that owes an acknowledgement is pinged before it
    /// would count as not answering.
    fn ping_at(&self) -> Option<Instant> {
        let is_asked = !self.pings.is_empty();
        let silent_since = if is_asked { self.written } else { self.written.min(self.read) };
        let regular = self.interval.map(|interval| silent_since + interval);
        let early =
            self.owed_since.filter(|_| !is_asked).map(|since| since.max(self.read) + self.patience / 2);
        [regular, early].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn wrote(clock: &mut KeepAlive, now: Instant) {
        clock.written(2, false, now);
    }

    #[test]
    fn silence_in_either_direction_asks_for_a_ping() {
        let start = Instant::now();
        for talk in [wrote, KeepAlive::read] {
            let mut clock = KeepAlive::new(10, 10, start);
            assert_eq!(clock.due(start + 9 * SECOND), Due::Nothing);
            talk(&mut clock, start + 9 * SECOND);
            assert_eq!(clock.due(start + 10 * SECOND), Due::Ping, "the other direction was silent");
            clock.pinged(start + 10 * SECOND, false);
            assert_eq!(clock.due(start + 11 * SECOND), Due::Nothing, "one is enough");
            assert_eq!(clock.due(start + 20 * SECOND), Due::Silent(start + 10 * SECOND));
            clock.told();
            assert_eq!(clock.due(start + 20 * SECOND), Due::Ping);
            assert_eq!(clock.due(start + 30 * SECOND), Due::Dead);
        }
    }

    #[test]
    fn what_arrives_is_a_sign_of_life_and_the_broker_hears_us_meanwhile() {
        let start = Instant::now();
        let mut clock = KeepAlive::new(10, 10, start);
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
        let mut clock = KeepAlive::new(10, 10, start);
        let pings = 3 * PINGS_MAX as u32;
        let mut now = start;
        for number in 1..=pings {
            now += 10 * SECOND;
            // As the connection does while reading is paused.
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
        let mut clock = KeepAlive::new(0, 30, start);
        assert_eq!((clock.due(start + 100_000 * SECOND), clock.next()), (Due::Nothing, None));
        clock.pinged(start, true);
        assert_eq!(clock.due(start + 30 * SECOND), Due::Silent(start));
        assert_eq!(clock.due(start + 60 * SECOND), Due::Dead);
        assert_eq!(clock.answered(), Some(Ping { at: start, asked: true }));
        assert_eq!(clock.answered(), None);
    }

    #[test]
    fn a_broker_that_owes_an_acknowledgement_is_asked_early_and_given_up_early() {
        let start = now();
        let mut clock = KeepAlive::new(60, 10, start);
        clock.owed(true);
        let owed = clock.owed_since.unwrap();
        assert_eq!(clock.due(owed + 4 * SECOND), Due::Nothing);
        assert_eq!(clock.due(owed + 5 * SECOND), Due::Ping);
        clock.pinged(owed + 5 * SECOND, false);
        assert_eq!(clock.due(owed + 9 * SECOND), Due::Nothing, "one is enough");
        assert_eq!(clock.due(owed + 10 * SECOND), Due::Silent(owed));
        clock.told();
        assert_eq!((clock.due(owed + 19 * SECOND), clock.take_back()), (Due::Nothing, false));
        assert_eq!(clock.due(owed + 20 * SECOND), Due::Dead);
    }

    #[test]
    fn a_broker_that_answers_pings_may_take_its_time_to_acknowledge() {
        let start = now();
        let mut clock = KeepAlive::new(0, 10, start);
        clock.owed(true);
        for second in 1..=100 {
            let now = start + second * SECOND;
            match clock.due(now) {
                Due::Ping => {
                    clock.pinged(now, false);
                    clock.read(now);
                    clock.answered().unwrap();
                }
                due => assert_eq!(due, Due::Nothing, "second {second}"),
            }
        }
        clock.owed(false);
        assert_eq!(clock.next(), None);
    }

    #[test]
    fn a_word_from_the_broker_takes_back_that_it_does_not_answer() {
        let start = now();
        let mut clock = KeepAlive::new(60, 10, start);
        clock.pinged(start, false);
        assert_eq!(clock.due(start + 10 * SECOND), Due::Silent(start));
        clock.told();
        assert!(!clock.take_back());
        clock.read(start + 12 * SECOND);
        assert_eq!((clock.take_back(), clock.take_back()), (true, false));
        assert_eq!(clock.due(start + 21 * SECOND), Due::Nothing);
        assert_eq!(
            clock.due(start + 22 * SECOND),
            Due::Silent(start + 12 * SECOND),
            "the ping is still owed"
        );
    }

    #[test]
    fn what_is_still_on_its_way_gives_the_broker_more_time() {
        let start = now();
        let mut clock = KeepAlive::new(60, 10, start);
        clock.pinged(start, false);
        clock.written(5 * SLOWEST_BYTES_PER_S as usize, false, start);
        assert_eq!(clock.due(start + 14 * SECOND), Due::Nothing);
        assert_eq!(clock.due(start + 15 * SECOND), Due::Silent(start));
        clock.written(usize::MAX / 2, false, start + 15 * SECOND);
        assert_eq!(clock.due(start + 80 * SECOND), Due::Dead, "a minute more at most");
        clock.written(1_000, true, start + 80 * SECOND);
        assert_eq!(clock.due(start + 80 * SECOND), Due::Nothing, "it takes what is written");
    }
}
