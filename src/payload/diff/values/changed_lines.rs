//! Which parts of a value changed within its topic's last messages.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::payload::CancelCheck;
use crate::payload::diff::values::tree::{Node, NodeKind, Tree};
use crate::payload::document::{Document, DocumentKind};

/// Parts that are remembered; of a topic with more, the rest counts as unchanged.
const PARTS_MAX: usize = 200_000;

/// What is known of one part: its value in the message before, and how often it was another one.
#[derive(Clone, Copy, Debug)]
struct Part {
    value: u64,
    seen: u32,
    changes: u32,
}

/// Learns from message to message how often each part changed. A part is a place in the value; one that comes or goes
/// has changed.
#[derive(Debug, Default)]
pub struct ChangedParts {
    parts: HashMap<u64, Part>,
    messages: u32,
}

impl ChangedParts {
    /// Takes in the next message, as JSON, the oldest first. What is no value is passed over.
    pub fn take_in(&mut self, json: &str, cancel: CancelCheck<'_>) {
        let Ok(tree) = Tree::read(json, cancel) else { return };
        self.messages += 1;
        let (now, before) = (self.messages, self.messages - 1);
        for (place, node) in places(&tree) {
            let value = if node.kind == NodeKind::Scalar { node.hash } else { node.kind as u64 };
            let is_full = self.parts.len() >= PARTS_MAX;
            match self.parts.get_mut(&place) {
                Some(part) => {
                    // It may have been away in between.
                    part.changes += u32::from(part.value != value || part.seen != before);
                    (part.value, part.seen) = (value, now);
                }
                None if is_full => {}
                None => {
                    let part = Part { value, seen: now, changes: u32::from(before > 0) };
                    self.parts.insert(place, part);
                }
            }
        }
    }

    /// Messages that were taken in.
    pub fn messages(&self) -> u32 {
        self.messages
    }

    /// The lines of a document that hold what changed, in order, and how often each did. The document is the last message
    /// that was taken in.
    pub fn lines(&self, document: &Document, cancel: CancelCheck<'_>) -> Vec<(usize, u32)> {
        if document.kind() != DocumentKind::Json {
            return Vec::new();
        }
        let Ok(tree) = Tree::read(document.text(), cancel) else { return Vec::new() };
        let changed = places(&tree).filter_map(|(place, node)| {
            let changes = self.parts.get(&place).map_or(0, |part| part.changes);
            let starts = if node.key.is_empty() { node.text.start } else { node.key.start };
            (changes > 0).then(|| (document.line_at(starts), changes))
        });
        let mut lines: Vec<(usize, u32)> = changed.collect();
        lines.dedup_by_key(|(line, _)| *line);
        lines
    }
}

/// Each part with the hash of its path.
fn places<'t>(tree: &'t Tree<'_>) -> impl Iterator<Item = (u64, &'t Node)> {
    /// A container that is open: its end, its path, and the items that it had so far.
    struct Open {
        end: usize,
        place: u64,
        items: u64,
    }
    let mut open: Vec<Open> = Vec::new();
    tree.nodes().iter().enumerate().map(move |(number, node)| {
        while open.last().is_some_and(|last| last.end <= number) {
            open.pop();
        }
        let mut hasher = DefaultHasher::new();
        if let Some(around) = open.last_mut() {
            around.place.hash(&mut hasher);
            if node.key.is_empty() {
                around.items.hash(&mut hasher);
            } else {
                tree.raw_key(number).hash(&mut hasher);
            }
            around.items += 1;
        }
        let place = hasher.finish();
        if node.kind != NodeKind::Scalar {
            open.push(Open { end: node.end, place, items: 0 });
        }
        (place, node)
    })
}
