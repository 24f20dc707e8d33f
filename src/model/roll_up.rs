//! Brings what is shown up to date, once per frame and in bounded portions.
//!
//! An arriving message changes only its topic, and the topic is noted once per frame. Rolling up goes through these
//! notes, so the sums of the levels above change once per frame instead of once per message. While the view is paused,
//! nothing is rolled up.

use std::collections::VecDeque;

use crate::message::Timestamp;
use crate::model::bits::Bits;
use crate::model::children::BLOCK_BYTES;
use crate::model::counters::{Last, News};
use crate::model::history::History;
use crate::model::rate::{Moment, Pace, Pacemaker};
use crate::model::rows::RowView;
use crate::model::search::SearchView;
use crate::model::stored::Reader;
use crate::model::topics::Topics;
use crate::model::tree::{NONE, ROOT, ROOT_BRANCH, Tree};

/// Topics and new nodes per portion: about half a millisecond, so that the caller, which has the clock, can stop in
/// time.
const PORTION: usize = 2_048;
/// The sizes of at most so many messages of a topic are looked at in one portion; the others are taken to be as large on
/// average.
const SIZES_MAX: usize = 256;

/// Notes of what has arrived and is not shown yet.
#[derive(Debug)]
pub(super) struct RollUp {
    /// Topics with messages that are not shown yet.
    topics: VecDeque<u32>,
    /// Branches with pending counts, by level: the root's at 0, the others at the level of their node plus one.
    levels: Vec<Vec<u32>>,
    pacemaker: Pacemaker,
    /// When everything that had arrived was last shown.
    since: Pace,
    /// The moment for which rates are computed.
    pub(super) shown: Pace,
    pub(super) paused: bool,
    /// Whether bytes per second are measured.
    pub(super) measures_bytes: bool,
    /// Where the log ended when the last portion was shown.
    pub(super) log_end: u64,
    /// Number of topics and nodes per call.
    pub(super) portion: usize,
}

impl Default for RollUp {
    fn default() -> Self {
        Self {
            topics: VecDeque::new(),
            levels: Vec::new(),
            pacemaker: Pacemaker::default(),
            since: Pace::default(),
            shown: Pace::default(),
            paused: false,
            measures_bytes: false,
            log_end: 0,
            portion: PORTION,
        }
    }
}

/// The parts of the model that a roll-up uses.
pub(super) struct Parts<'a> {
    pub(super) tree: &'a mut Tree,
    pub(super) topics: &'a mut Topics,
    pub(super) history: &'a mut History,
    pub(super) rows: &'a mut RowView,
    pub(super) search: Option<&'a mut SearchView>,
    /// Branches whose children have changed: out of order if the order depends on messages.
    pub(super) unsorted: &'a mut Bits,
}

impl RollUp {
    /// Memory that the notes need for a tree, in bytes: one short list for each level.
    pub(super) fn heap_bytes_of(tree: &Tree) -> usize {
        const LEVEL_BYTES: usize = size_of::<Vec<u32>>() + 4 * size_of::<u32>() + BLOCK_BYTES;
        usize::from(tree.deepest()) * LEVEL_BYTES
    }

    /// Notes a topic with a new message. Called once per topic until it is shown.
    pub(super) fn note(&mut self, topic: u32) {
        self.topics.push_back(topic);
    }

    /// Shows a portion, and returns whether more remains.
    pub(super) fn step(&mut self, now: Timestamp, parts: &mut Parts) -> bool {
        let now = self.pacemaker.advance(now);
        if self.paused {
            return false;
        }
        self.shown = now;
        let moment = Moment::new(self.since, now);
        let admitted = parts.admit(self.portion as u32);
        // Nodes are older than their topics' notes, so usually they are all in view by now.
        for _ in 0..self.topics.len().min(self.portion) {
            let Some(index) = self.topics.pop_front() else { break };
            if parts.topics.all[index].node >= admitted {
                self.topics.push_front(index);
                break;
            }
            self.show_topic(index, moment, parts);
        }
        self.settle(moment, parts);
        self.log_end = parts.history.log().head();
        let remains = !self.topics.is_empty() || admitted < parts.tree.nodes.len();
        if !remains {
            self.since = now;
        }
        remains
    }

    fn show_topic(&mut self, index: u32, moment: Moment, parts: &mut Parts) {
        let topic = &mut parts.topics.all[index];
        let messages = topic.count - topic.shown_count;
        if messages == 0 {
            return; // forgotten in the meantime
        }
        let is_first = topic.shown_count == 0;
        if !is_first && topic.shown != topic.newest {
            parts.history.release(topic, topic.shown);
        }
        topic.shown = topic.newest;
        topic.shown_count = topic.count;
        topic.rate.add(messages, moment);
        if topic.aside != NONE {
            parts.history.trim_aside(topic);
        }
        let node = topic.node;
        parts.tree.nodes[node].is_noted = false;
        if is_first {
            parts.rows.set_topic(parts.tree, node, true);
            if let Some(search) = &mut parts.search {
                search.view.set_topic(parts.tree, node, true);
            }
            parts.rows.unhide(parts.tree, node);
        }

        let reader = Reader { topics: parts.topics, history: parts.history };
        let newest = reader.newest(index);
        let last = newest.map(|stored| Last { position: stored.id().position(), arrived: stored.arrived() });
        if let Some(search) = &mut parts.search {
            search.published(index, is_first, parts.tree, reader);
        }
        let bytes = if self.measures_bytes { payload_bytes(index, messages, reader) } else { 0 };
        if bytes > 0 {
            parts.topics.byte_rate_mut(index).add(bytes, moment);
        }
        let news = News { messages, bytes, topics: u32::from(is_first), last };
        let parent = parts.tree.parent_branch(node);
        parts.unsorted.insert(parent);
        let own = parts.tree.nodes[node].branch;
        self.pass_on(if own == NONE { parent } else { own }, &news, parts.tree);
    }

    fn pass_on(&mut self, branch: u32, news: &News, tree: &mut Tree) {
        let Some(level) = level_of(branch, tree) else { return };
        let pending = &mut tree.branches[branch].counters.pending;
        if pending.is_empty() {
            if self.levels.len() <= level {
                self.levels.resize_with(level + 1, Vec::new);
            }
            self.levels[level].push(branch);
        }
        pending.add(news);
    }

    /// Adds pending counts to the sums, from the deepest level up to the root.
    fn settle(&mut self, moment: Moment, parts: &mut Parts) {
        for level in (0..self.levels.len()).rev() {
            let mut branches = std::mem::take(&mut self.levels[level]);
            for branch in branches.drain(..) {
                let news = parts.tree.branches[branch].counters.settle(moment);
                if branch != ROOT_BRANCH {
                    let parent = parts.tree.parent_branch(parts.tree.branches[branch].node);
                    parts.unsorted.insert(parent);
                    self.pass_on(parent, &news, parts.tree);
                }
            }
            self.levels[level] = branches;
        }
    }
}

/// Bytes of the payloads of a topic's newest messages.
fn payload_bytes(topic: u32, messages: u64, reader: Reader<'_>) -> u64 {
    let looked_at = usize::try_from(messages).unwrap_or(usize::MAX).min(SIZES_MAX);
    let (mut count, mut bytes) = (0u64, 0u64);
    for message in reader.history(topic).take(looked_at) {
        count += 1;
        bytes += message.payload_bytes();
    }
    let others = messages.saturating_sub(count);
    bytes.saturating_add(others.saturating_mul(bytes.checked_div(count).unwrap_or(0)))
}

/// Where in [`RollUp::levels`] a branch belongs.
fn level_of(branch: u32, tree: &Tree) -> Option<usize> {
    let node = tree.branches.get(branch)?.node;
    Some(if node == ROOT { 0 } else { usize::from(tree.nodes[node].level) + 1 })
}

impl Parts<'_> {
    /// Lets up to `most` new nodes into the view; returns the id below which all nodes are in.
    fn admit(&mut self, most: u32) -> u32 {
        let end = self.rows.admitted().saturating_add(most).min(self.tree.nodes.len());
        self.rows.admit(self.tree, end);
        end
    }
}
