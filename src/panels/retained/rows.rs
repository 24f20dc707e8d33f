//! Which retained messages show, in what order, and which are chosen. Pure.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::sync::Arc;

use crate::session::retained::{DeskState, RetainedMessage};

/// What the list is sorted by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RetainedColumn {
    /// By topic.
    #[default]
    Topic,
    /// By the size of the payload.
    Size,
}

/// The rows, made anew when the list, the search or the order changes.
#[derive(Debug, Default)]
pub struct RetainedRows {
    /// What topics and payloads are searched for, ignoring case.
    pub search: String,
    column: RetainedColumn,
    descending: bool,
    /// What the rows were made for.
    made_for: Option<(u64, String, RetainedColumn, bool)>,
    shown: Vec<u32>,
    /// Indexes of the chosen messages in the list.
    chosen: HashSet<u32>,
    /// Whether all that show are chosen, and there are any.
    all_chosen: bool,
}

impl RetainedRows {
    /// Brings the rows up to date.
    pub fn refresh(&mut self, desk: &DeskState) {
        let version = desk.version;
        let is_made = self.made_for.as_ref().is_some_and(|(made, search, column, descending)| {
            (*made, search, *column, *descending) == (version, &self.search, self.column, self.descending)
        });
        if is_made {
            return;
        }
        if self.made_for.as_ref().is_none_or(|(made, ..)| *made != version) {
            // The indexes are of another list.
            self.chosen.clear();
        }
        let needle = self.search.to_lowercase();
        let messages = desk.messages.iter().enumerate();
        let matching = messages.filter(|(_, message)| needle.is_empty() || matches(message, &needle));
        self.shown = matching.map(|(index, _)| index as u32).collect();
        if self.column == RetainedColumn::Size {
            let size =
                |index: &u32| desk.messages.get(*index as usize).map_or(0, |message| message.payload.len());
            if self.descending {
                self.shown.sort_by_key(|index| Reverse(size(index)));
            } else {
                self.shown.sort_by_key(size);
            }
        } else if self.descending {
            self.shown.reverse();
        }
        self.made_for = Some((version, self.search.clone(), self.column, self.descending));
        self.note_all();
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.shown.len()
    }

    /// The message of a row, and its index in the list.
    pub fn get<'a>(&self, desk: &'a DeskState, row: usize) -> Option<(usize, &'a RetainedMessage)> {
        let index = *self.shown.get(row)? as usize;
        desk.messages.get(index).map(|message| (index, message.as_ref()))
    }

    /// What it is sorted by, and whether backwards.
    pub fn sorted_by(&self) -> (RetainedColumn, bool) {
        (self.column, self.descending)
    }

    /// Sorts by a column; a second time backwards.
    pub fn sort_by(&mut self, column: RetainedColumn) {
        self.descending = self.column == column && !self.descending;
        self.column = column;
    }

    /// Whether a message is chosen.
    pub fn is_chosen(&self, index: usize) -> bool {
        self.chosen.contains(&(index as u32))
    }

    /// Chooses a message or not.
    pub fn choose(&mut self, index: usize, is_chosen: bool) {
        if is_chosen {
            self.chosen.insert(index as u32);
        } else {
            self.chosen.remove(&(index as u32));
        }
        self.note_all();
    }

    /// Whether all that show are chosen, and there are any.
    pub fn all_shown_are_chosen(&self) -> bool {
        self.all_chosen
    }

    fn note_all(&mut self) {
        self.all_chosen =
            !self.shown.is_empty() && self.shown.iter().all(|index| self.chosen.contains(index));
    }

    /// Chooses all that show, or none of them.
    pub fn choose_all_shown(&mut self, is_chosen: bool) {
        for index in &self.shown {
            if is_chosen {
                self.chosen.insert(*index);
            } else {
                self.chosen.remove(index);
            }
        }
        self.note_all();
    }

    /// How many are chosen.
    pub fn chosen_count(&self) -> usize {
        self.chosen.len()
    }

    /// The chosen messages, by topic.
    pub fn chosen_messages(&self, desk: &DeskState) -> Vec<Arc<RetainedMessage>> {
        let mut indexes: Vec<u32> = self.chosen.iter().copied().collect();
        indexes.sort_unstable();
        indexes.into_iter().filter_map(|index| desk.messages.get(index as usize).cloned()).collect()
    }

    /// The topics of some of the chosen messages.
    pub fn chosen_first<'a>(&'a self, desk: &'a DeskState, most: usize) -> impl Iterator<Item = &'a str> {
        let shown = self.shown.iter().filter(|index| self.chosen.contains(index));
        shown
            .take(most)
            .filter_map(|index| desk.messages.get(*index as usize))
            .map(|message| message.topic.as_str())
    }

    /// The topics of the chosen messages, in order.
    pub fn chosen_topics(&self, desk: &DeskState) -> Vec<String> {
        self.chosen_messages(desk).iter().map(|message| message.topic.clone()).collect()
    }
}

fn matches(message: &RetainedMessage, needle: &str) -> bool {
    message.topic.to_lowercase().contains(needle)
        || std::str::from_utf8(&message.payload).is_ok_and(|text| text.to_lowercase().contains(needle))
}
