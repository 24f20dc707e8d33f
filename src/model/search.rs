//! Search: a view of the topics that a person asked for, found by a scan in slices and kept up to date.
//!
//! A topic that has matched stays: what was found does not vanish while it is looked at. The scan has no clock;
//! the caller says how many topics it may look at and comes back.

use crate::model::bits::Bits;
use crate::model::rows::RowView;
use crate::model::stored::{Reader, Stored};
use crate::model::topics::Topics;
use crate::model::tree::{NONE, Tree};

/// Bytes of a payload that take as long to look at as a topic.
const PAYLOAD_BYTES_PER_TOPIC: usize = 512;

/// What a search looks for. It is asked about every topic, so it should be fast. The model knows no syntax: its caller
/// implements this.
pub trait Matcher: Send {
    /// Whether the whole topic matches.
    fn topic(&self, topic: &[u8]) -> bool;
    /// Whether the newest payload of a topic that does not match itself does.
    fn payload(&self, payload: &[u8]) -> bool;
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Topics looked at, of those that were there when it began.
    pub scanned: u32,
    /// Topics that were there when it began.
    pub total: u32,
    /// Topics that match, those that came since among them.
    pub matches: u32,
    /// Whether all have been looked at. New ones are tested as they come.
    pub done: bool,
}

/// A search that is on: what matches so far, and how far the scan has come.
pub(super) struct SearchView {
    matcher: Box<dyn Matcher>,
    pub(super) view: RowView,
    /// Topics that match, by index.
    matched: Bits,
    matches: u32,
    /// Next topic to look at.
    next: u32,
    /// Topics from here on came later and were tested when they did.
    end: u32,
    path: Path,
}

/// The topic looked at last: its siblings share all but the last level.
#[derive(Default)]
struct Path {
    parent: u32,
    parent_len: usize,
    bytes: Vec<u8>,
}

impl Path {
    fn set(&mut self, tree: &Tree, node: u32) -> &[u8] {
        let parent = tree.nodes[node].parent;
        if self.parent != parent || self.bytes.is_empty() {
            self.bytes.clear();
            tree.write_topic(parent, &mut self.bytes);
            if parent != crate::model::tree::ROOT {
                self.bytes.push(b'/');
            }
            (self.parent, self.parent_len) = (parent, self.bytes.len());
        }
        self.bytes.truncate(self.parent_len);
        self.bytes.extend_from_slice(tree.segment(node));
        &self.bytes
    }
}

impl SearchView {
    pub(super) fn new(matcher: Box<dyn Matcher>, tree: &Tree, topics: &Topics) -> Self {
        Self {
            matcher,
            view: RowView::of_marked(tree),
            matched: Bits::default(),
            matches: 0,
            next: 0,
            end: topics.all.len(),
            path: Path::default(),
        }
    }

    pub(super) fn progress(&self) -> Progress {
        let Self { matches, next, end, .. } = *self;
        Progress { scanned: next, total: end, matches, done: next >= end }
    }

    /// Looks at the next `most` topics; at fewer if their payloads are large.
    pub(super) fn step(&mut self, most: usize, tree: &Tree, reader: Reader) {
        let mut left = most;
        while left > 0 && self.next < self.end {
            let index = self.next;
            self.next += 1;
            left -= 1;
            // What is not published yet is tested when it is.
            if reader.topics.all[index].shown_count > 0 {
                let payload_bytes = self.test(index, true, tree, reader);
                left = left.saturating_sub(payload_bytes / PAYLOAD_BYTES_PER_TOPIC);
            }
        }
    }

    /// A topic has a new message, or its first.
    pub(super) fn published(&mut self, index: u32, is_first: bool, tree: &Tree, reader: Reader) {
        let scan_will_come = (self.next..self.end).contains(&index);
        if is_first || !scan_will_come {
            self.test(index, is_first, tree, reader);
        }
    }

    /// Tests a topic; returns how many bytes of payload were looked at.
    fn test(&mut self, index: u32, with_topic: bool, tree: &Tree, reader: Reader) -> usize {
        if self.matched.contains(index) {
            return 0;
        }
        let node = reader.topics.all[index].node;
        let mut looked_at = 0;
        let mut in_payload = |stored: Stored| {
            looked_at = stored.payload().len();
            self.matcher.payload(stored.payload())
        };
        let matches = (with_topic && self.matcher.topic(self.path.set(tree, node)))
            || reader.newest(index).is_some_and(&mut in_payload);
        if matches {
            self.matched.insert(index);
            self.matches += 1;
            self.view.mark(tree, node);
        }
        looked_at
    }

    /// Whether a node itself has matched, not only something below it.
    pub(super) fn matches(&self, tree: &Tree, node: u32) -> bool {
        let topic = tree.nodes[node].topic;
        topic != NONE && self.matched.contains(topic)
    }
}
