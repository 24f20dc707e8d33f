//! Sessions whose tabs were closed. They are disconnected and kept for a while with their tree and history, so that
//! closing loses nothing and need not be confirmed.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::app::tab::Tab;

/// How long a closed session is kept.
const KEPT_FOR: Duration = Duration::from_mins(10);

/// A closed session, and where its tab was.
#[derive(Debug)]
struct Closed<T> {
    tab: T,
    place: usize,
    at: Instant,
    history_bytes: usize,
}

/// The sessions that can be reopened, with the one closed last at the end. Together their messages stay within the
/// history budget of one session, except that the session closed last is always kept.
#[derive(Debug)]
pub struct ClosedTabs<T = Tab>(VecDeque<Closed<T>>);

impl<T> Default for ClosedTabs<T> {
    fn default() -> Self {
        Self(VecDeque::new())
    }
}

impl<T> ClosedTabs<T> {
    /// Whether no session can be reopened.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps a tab that was at `place` and holds this many bytes of messages. Returns the tabs that have to go to make
    /// room.
    pub fn keep(
        &mut self,
        tab: T,
        place: usize,
        history_bytes: usize,
        budget_bytes: usize,
        now: Instant,
    ) -> Vec<T> {
        self.0.push_back(Closed { tab, place, at: now, history_bytes });
        let mut held: usize = self.0.iter().map(|closed| closed.history_bytes).sum();
        let mut gone = Vec::new();
        while held > budget_bytes && self.0.len() > 1 {
            let Some(oldest) = self.0.pop_front() else { break };
            held -= oldest.history_bytes;
            gone.push(oldest.tab);
        }
        gone
    }

    /// Takes out the tabs that were kept long enough.
    pub fn expire(&mut self, now: Instant) -> Vec<T> {
        let expired = |closed: &Closed<T>| now.saturating_duration_since(closed.at) >= KEPT_FOR;
        let count = self.0.iter().take_while(|closed| expired(closed)).count();
        self.0.drain(..count).map(|closed| closed.tab).collect()
    }

    /// How long from now until the next tab was kept long enough.
    pub fn next_end(&self, now: Instant) -> Option<Duration> {
        let oldest = self.0.front()?;
        Some(KEPT_FOR.saturating_sub(now.saturating_duration_since(oldest.at)))
    }

    /// Takes out the tab closed last among those that `wanted` accepts, with its place.
    pub fn take_last(&mut self, wanted: impl Fn(&T) -> bool) -> Option<(T, usize)> {
        let index = self.0.iter().rposition(|closed| wanted(&closed.tab))?;
        self.0.remove(index).map(|closed| (closed.tab, closed.place))
    }

    /// Takes out all tabs, to be dropped.
    pub fn take_all(&mut self) -> Vec<T> {
        self.0.drain(..).map(|closed| closed.tab).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_closed_last_comes_back_first_and_to_its_place() {
        let (mut closed, now) = (ClosedTabs::default(), Instant::now());
        assert!(closed.keep("a", 0, 1, 10, now).is_empty());
        assert!(closed.keep("b", 3, 1, 10, now).is_empty());
        assert_eq!(closed.take_last(|_| true), Some(("b", 3)));
        assert_eq!(closed.take_last(|tab| *tab == "b"), None);
        assert_eq!(closed.take_last(|tab| *tab == "a"), Some(("a", 0)));
        assert!(closed.is_empty());
    }

    #[test]
    fn the_oldest_go_when_the_budget_is_used_up_but_never_the_last() {
        let (mut closed, now) = (ClosedTabs::default(), Instant::now());
        closed.keep("a", 0, 6, 10, now);
        assert_eq!(closed.keep("b", 0, 6, 10, now), ["a"]);
        assert_eq!(closed.keep("c", 0, 60, 10, now), ["b"]);
        assert_eq!(closed.take_last(|_| true), Some(("c", 0)));
    }

    #[test]
    fn a_closed_session_is_forgotten_after_a_while() {
        let (mut closed, now) = (ClosedTabs::default(), Instant::now());
        assert_eq!(closed.next_end(now), None);
        closed.keep("a", 0, 1, 10, now);
        let later = now + KEPT_FOR / 2;
        closed.keep("b", 0, 1, 10, later);
        assert!(closed.expire(later).is_empty());
        assert_eq!(closed.next_end(later), Some(KEPT_FOR / 2));
        assert_eq!(closed.expire(now + KEPT_FOR), ["a"]);
        assert_eq!(closed.expire(later + KEPT_FOR), ["b"]);
    }
}
