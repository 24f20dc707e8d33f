//! The search of a tab: what is looked for, how far it has come, and the way through what was found.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::Context;

use crate::app::dispatch::plot;
use crate::app::perf::SearchTimes;
use crate::app::tab::Tab;
use crate::model::{Model, SearchProgress};
use crate::panels::topics::SearchState;
use crate::query::{Rules, Search, SearchQuery};

/// How long the search may work at once when a person asks for it.
const SEARCH_FIRST_SLICE: Duration = Duration::from_millis(3);
/// Topics searched between two looks at the clock.
const SEARCH_STEP: usize = 512;

/// The state of a search after a slice.
pub(super) enum SearchSlice {
    Done,
    More,
    /// Only the search's thread has work left.
    Waits,
}

impl Tab {
    /// Reads messages by other rules from now on: what is plotted, and what is searched for, too.
    pub fn set_rules(&mut self, rules: Rules, ctx: &Context) {
        self.rules = rules;
        plot::read_again(self, ctx);
        if !self.query.text.is_empty() {
            self.search(self.query.clone());
        }
    }

    /// Begins, changes or ends the search.
    pub fn search(&mut self, query: SearchQuery) {
        self.chosen = false;
        self.search_began = Instant::now();
        self.search_times = SearchTimes::default();
        let topics = &mut self.view.topics;
        topics.marks = None;
        let matcher = if query.text.is_empty() {
            topics.search = SearchState::Off;
            None
        } else {
            match Search::new(&query) {
                Ok(search) => {
                    let search = search.by(self.rules.clone());
                    topics.search = SearchState::Running { matches: 0, done: 0.0, given_up: (0, 0) };
                    topics.marks = search.marks();
                    Some(Box::new(search) as Box<_>)
                }
                Err(why) => {
                    topics.search = SearchState::Invalid(why);
                    None
                }
            }
        };
        if let Some(selected) = self.selected {
            topics.reveal(selected);
        }
        self.query = query;
        let model = Arc::clone(self.session.model());
        let mut model = model.lock();
        model.set_filter(matcher);
        if self.query.text.is_empty()
            && let Some(selected) = self.selected
        {
            // The selected match stays in view: the whole tree expands down to it.
            model.reveal(selected);
        }
        // The first slice runs now, so that the next frame has matches to show.
        self.search_slice(&mut model, SEARCH_FIRST_SLICE);
    }

    /// Moves the keyboard focus to the rows. Selects the first match, unless a match is selected already.
    pub fn enter_results(&mut self) {
        let model = Arc::clone(self.session.model());
        let model = model.lock();
        let has_row = self.selected.is_some_and(|node| model.row_of(node).is_some());
        let first = || model.next_match(None, true).or_else(|| Some(model.rows(0, 1).next()?.node));
        let target = if has_row { None } else { first() };
        drop(model);
        if let Some(node) = target {
            self.select(node);
        }
        self.view.topics.take_focus();
    }

    /// Selects the next or the previous match of the search.
    pub fn walk_matches(&mut self, forward: bool) {
        let next = self.session.model().lock().next_match(self.selected, forward);
        if let Some(node) = next {
            self.select(node);
        }
    }

    /// Continues the current search.
    pub(super) fn search_slice(&mut self, model: &mut Model, slice: Duration) -> SearchSlice {
        if (self.query.text.is_empty() && !self.chosen)
            || matches!(self.view.topics.search, SearchState::Invalid(_))
        {
            return SearchSlice::Done;
        }
        let began = Instant::now();
        loop {
            let progress = model.search_step(SEARCH_STEP);
            let done =
                if progress.done { 1.0 } else { progress.scanned as f32 / progress.total.max(1) as f32 };
            self.view.topics.search = SearchState::Running {
                matches: u64::from(progress.matches),
                done,
                given_up: (progress.given_up, progress.looked_at_bytes),
            };
            self.time_search(progress);
            if progress.done {
                return SearchSlice::Done;
            }
            if progress.waits {
                return SearchSlice::Waits;
            }
            if began.elapsed() >= slice {
                return SearchSlice::More;
            }
        }
    }

    /// How long the last search took.
    pub fn search_times(&self) -> SearchTimes {
        self.search_times
    }

    fn time_search(&mut self, progress: SearchProgress) {
        let elapsed_ms = self.search_began.elapsed().as_secs_f32() * 1e3;
        if progress.matches > 0 {
            self.search_times.first_ms.get_or_insert(elapsed_ms);
        }
        if progress.done {
            self.search_times.done_ms.get_or_insert(elapsed_ms);
        }
    }
}
