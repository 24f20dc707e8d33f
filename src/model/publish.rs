//! What came in becomes what is shown: once per frame, in bounded portions.
//!
//! Taking a message in touches its topic and nothing else; that it came is noted once per topic and frame. Publishing
//! goes through these notes, and the sums of the levels above change once per frame instead of once per message. A
//! paused view is a view that is not published to.

use std::collections::VecDeque;

use super::bits::Bits;
use super::counters::{Last, News};
use super::history::History;
use super::message::Timestamp;
use super::rate::{Moment, Pace, Pacemaker};
use super::rows::RowView;
use super::search::Search;
use super::stored::Reader;
use super::topics::Topics;
use super::tree::{NONE, ROOT, ROOT_BRANCH, Tree};

/// Topics and new nodes per portion: half a millisecond, so that whoever has a clock can stop in time.
const PORTION: usize = 2_048;

/// Notes of what is to be published.
#[derive(Debug)]
pub(super) struct Publisher {
    /// Topics with messages that are not published.
    topics: VecDeque<u32>,
    /// Branches with pending counts, by the level of their node plus one, the root's at 0.
    levels: Vec<Vec<u32>>,
    pacemaker: Pacemaker,
    /// When everything was published the last time.
    since: Pace,
    /// To which moment rates are shown.
    pub(super) shown: Pace,
    pub(super) paused: bool,
    /// Where the log ended.
    pub(super) log_end: u64,
    /// Topics and nodes per call.
    pub(super) portion: usize,
}

impl Default for Publisher {
    fn default() -> Self {
        Self {
            topics: VecDeque::new(),
            levels: Vec::new(),
            pacemaker: Pacemaker::default(),
            since: Pace::default(),
            shown: Pace::default(),
            paused: false,
            log_end: 0,
            portion: PORTION,
        }
    }
}

/// What publishing works on.
pub(super) struct Scene<'a> {
    pub(super) tree: &'a mut Tree,
    pub(super) topics: &'a mut Topics,
    pub(super) history: &'a mut History,
    pub(super) rows: &'a mut RowView,
    pub(super) search: Option<&'a mut Search>,
    /// Branches whose children are no longer in order if the order depends on messages.
    pub(super) unsorted: &'a mut Bits,
}

impl Publisher {
    /// Notes a topic that has none of its messages noted yet.
    pub(super) fn note(&mut self, topic: u32) {
        self.topics.push_back(topic);
    }

    /// Publishes a portion; whether more remains.
    pub(super) fn publish(&mut self, now: Timestamp, scene: &mut Scene) -> bool {
        let now = self.pacemaker.advance(now);
        if self.paused {
            return false;
        }
        self.shown = now;
        let moment = Moment::new(self.since, now);
        let admitted = scene.admit(self.portion as u32);
        // Nodes are older than their topics' notes, so usually all of these are in view by now.
        for _ in 0..self.topics.len().min(self.portion) {
            let Some(index) = self.topics.pop_front() else { break };
            if scene.topics.all[index].node >= admitted {
                self.topics.push_front(index);
                break;
            }
            self.publish_topic(index, moment, scene);
        }
        self.settle(moment, scene);
        self.log_end = scene.history.log().head();
        let remains = !self.topics.is_empty() || admitted < scene.tree.nodes.len();
        if !remains {
            self.since = now;
        }
        remains
    }

    fn publish_topic(&mut self, index: u32, moment: Moment, scene: &mut Scene) {
        let topic = &mut scene.topics.all[index];
        let messages = topic.count - topic.shown_count;
        let is_first = topic.shown_count == 0;
        topic.shown = topic.newest;
        topic.shown_count = topic.count;
        topic.rate.add(messages, moment);
        if topic.aside != NONE {
            scene.history.trim_aside(topic);
        }
        let node = topic.node;
        scene.tree.nodes[node].is_noted = false;

        let reader = Reader { topics: scene.topics, history: scene.history };
        let newest = reader.newest(index);
        let last = newest.map(|stored| Last { position: stored.id().position(), arrived: stored.arrived() });
        if let Some(search) = &mut scene.search {
            search.published(index, is_first, scene.tree, reader);
        }
        let news = News { messages, topics: u32::from(is_first), last };
        let parent = scene.tree.parent_branch(node);
        scene.unsorted.insert(parent);
        let own = scene.tree.nodes[node].branch;
        self.pass_on(if own == NONE { parent } else { own }, &news, scene.tree);
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

    /// Takes up pending counts from the deepest level to the root.
    fn settle(&mut self, moment: Moment, scene: &mut Scene) {
        for level in (0..self.levels.len()).rev() {
            let mut branches = std::mem::take(&mut self.levels[level]);
            for branch in branches.drain(..) {
                let news = scene.tree.branches[branch].counters.settle(moment);
                if branch != ROOT_BRANCH {
                    let parent = scene.tree.parent_branch(scene.tree.branches[branch].node);
                    scene.unsorted.insert(parent);
                    self.pass_on(parent, &news, scene.tree);
                }
            }
            self.levels[level] = branches;
        }
    }
}

/// Where in [`Publisher::levels`] a branch belongs.
fn level_of(branch: u32, tree: &Tree) -> Option<usize> {
    let node = tree.branches.get(branch)?.node;
    Some(if node == ROOT { 0 } else { usize::from(tree.nodes[node].level) + 1 })
}

impl Scene<'_> {
    /// Lets new nodes into the view; returns the id up to which all are in.
    fn admit(&mut self, most: u32) -> u32 {
        let end = self.rows.admitted().saturating_add(most).min(self.tree.nodes.len());
        self.rows.admit(self.tree, end);
        end
    }
}
