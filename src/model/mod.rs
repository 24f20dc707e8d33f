//! What a session has received: the topics as a tree, their messages and numbers.
//!
//! [`Model`] is a plain struct behind one lock. The ingest thread calls [`Model::apply`] for each message. The window
//! calls [`Model::roll_up`] and [`Model::resort`] once per frame, before it reads anything; it then reads the state of
//! that moment, whatever arrives before the next frame. Nothing here draws, waits, looks at a clock or touches a file.
//! Long work is done in portions, and the caller asks for the next one.
//!
//! | file | what it is for |
//! | --- | --- |
//! | `tree`, `segments`, `children`, `blocks` | nodes, names kept once, siblings in order |
//! | `topics`, `index` | what only topics have; finding the node of a topic in one look |
//! | `history`, `log`, `aside`, `newest`, `record` | messages in order of arrival, and what outlives the log |
//! | `earlier` | what a recording holds from before the memory |
//! | `stored`, `change` | reading messages back; when a topic got its value |
//! | `rewind` | an earlier moment: the view moved back along the log |
//! | `roll_up`, `counters`, `rate` | bringing what is shown up to date, once per frame |
//! | `rows`, `cursor`, `scope` | which nodes have rows, row *i*, and the rows of one subtree alone |
//! | `forget` | taking topics out again |
//! | `search`, `matches` | a view of what matches, and steps from one match to the next |
//! | `survey` | what stands out among all topics |
//! | `order`, `sorter`, `sort_wide`, `natural` | orders of siblings |
//! | `series`, `points`, `plot`, `derive` | numbers over time |
//! | `witness` | who sees each message of some topics as it arrives |
//! | `arena`, `bits` | plain containers |

mod arena;
mod arrivals;
mod aside;
mod bits;
mod blocks;
mod change;
mod children;
mod counters;
mod cursor;
mod derive;
mod earlier;
mod forget;
mod gaps;
mod history;
mod index;
mod info;
mod log;
mod matches;
mod natural;
mod newest;
mod order;
mod plot;
mod points;
mod rate;
mod record;
mod rewind;
mod roll_up;
mod rows;
mod scope;
mod search;
mod seek;
mod segments;
mod series;
mod sort_wide;
mod sorter;
mod stats;
mod stored;
mod survey;
#[cfg(test)]
mod tests;
mod topics;
mod tree;
mod view;
mod witness;

pub use arrivals::Arrivals;
pub use cursor::Row;
pub use derive::Transform;
pub use earlier::{EarlierEdge, EarlierTaken, EdgeWalk};
pub use info::{Node, TopicInfo};
pub use newest::PAYLOAD_HEAD_BYTES;
pub use order::{Order, Sorting};
pub use points::{Point, Points};
pub use search::{Deferral, Matcher, Question, SearchAnswer, SearchProgress, Verdict};
pub use seek::{Seek, Seeking};
pub use series::{Extractor, PointTime, Series, SeriesId};
pub use stats::{Limits, NotTaken, REFUSED_TOPICS_COUNTED_MAX, Stats};
pub use stored::{MessageId, Stored};
pub use survey::{Findings, Large, Loud, NAMED_MAX, Silent, Survey};
pub use tree::NodeId;
pub use witness::Witness;

use hashbrown::HashSet;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use crate::message::{FIELD_BYTES_MAX, MessageRef, Timestamp};
use crate::model::counters::NodeCounters;
use crate::model::derive::Derivation;
use crate::model::history::History;
use crate::model::index::KeyHash;
use crate::model::rewind::Rewind;
use crate::model::roll_up::{Parts, RollUp};
use crate::model::rows::RowView;
use crate::model::search::SearchView;
use crate::model::sorter::Sorter;
use crate::model::stored::Reader;
use crate::model::topics::{TopicData, Topics};
use crate::model::tree::{NONE, ROOT, Tree};

/// An upper bound on what a new level adds to [`Stats::tree_bytes`], not counting its name.
const LEVEL_BYTES_MAX: usize = 512;

/// Everything that one session has received.
pub struct Model {
    limits: Limits,
    tree: Tree,
    topics: Topics,
    history: History,
    rows: RowView,
    /// Only rows at or below this node are shown; [`ROOT`] for all.
    scope: u32,
    search: Option<SearchView>,
    sorter: Sorter,
    roll_up: RollUp,
    /// Set while an earlier moment is shown.
    rewind: Option<Rewind>,
    series: Vec<Option<Series>>,
    /// The series that read the messages of a node.
    series_of: FxHashMap<u32, Vec<SeriesId>>,
    derived: Vec<Derivation>,
    /// When the connection was lost, oldest first.
    losses: Vec<Timestamp>,
    arrivals: Arrivals,
    witness: Option<Box<dyn Witness>>,
    /// The nodes whose messages the witness sees.
    witnessed: FxHashSet<u32>,
    /// When the first message arrived.
    origin: Option<Timestamp>,
    messages: u64,
    payload_bytes: u64,
    refused_messages: u64,
    refused_topics: HashSet<KeyHash, FxBuildHasher>,
}

impl Model {
    /// An empty model.
    pub fn new(limits: Limits) -> Self {
        let tree = Tree::new();
        Self {
            limits,
            rows: RowView::of_all(&tree),
            scope: ROOT,
            tree,
            topics: Topics::new(),
            history: History::new(&limits),
            search: None,
            sorter: Sorter::default(),
            roll_up: RollUp::default(),
            rewind: None,
            series: Vec::new(),
            series_of: FxHashMap::default(),
            derived: Vec::new(),
            losses: Vec::new(),
            arrivals: Arrivals::default(),
            witness: None,
            witnessed: FxHashSet::default(),
            origin: None,
            messages: 0,
            payload_bytes: 0,
            refused_messages: 0,
            refused_topics: HashSet::default(),
        }
    }

    /// Takes in a message. The view shows it after the next [`Model::roll_up`].
    pub fn apply(&mut self, message: MessageRef) -> Result<NodeId, NotTaken> {
        self.origin.get_or_insert(message.arrived);
        let hash = self.topics.hash(message.topic);
        let index = match self.topics.find(hash, message.topic, &self.tree) {
            Some(index) => index,
            None => self.add_topic(hash, &message)?,
        };
        self.messages += 1;
        self.arrivals.add(message.arrived);
        self.payload_bytes += message.payload.bytes().len() as u64;
        self.history.append(&mut self.topics, index, &message);
        let id = self.topics.all[index].node;
        let node = &mut self.tree.nodes[id];
        if !node.is_noted {
            node.is_noted = true;
            self.roll_up.note(index);
        }
        if node.has_readers {
            self.feed_series(id, &message);
            self.show_witness(id, &message);
        }
        Ok(NodeId(id))
    }

    fn add_topic(&mut self, hash: KeyHash, message: &MessageRef) -> Result<u32, NotTaken> {
        let refused = if message.topic.len() > FIELD_BYTES_MAX {
            Some(NotTaken::TopicTooLong)
        } else {
            let levels = 1 + memchr::memchr_iter(b'/', message.topic).count();
            let needed = levels * LEVEL_BYTES_MAX + message.topic.len();
            (self.tree_bytes() + needed > self.limits.tree_bytes).then_some(NotTaken::TreeFull)
        };
        if let Some(refused) = refused {
            self.refused_messages += 1;
            if self.refused_topics.len() < REFUSED_TOPICS_COUNTED_MAX as usize {
                self.refused_topics.insert(hash);
            }
            return Err(refused);
        }
        let mut node = ROOT;
        for segment in message.topic.split(|&byte| byte == b'/') {
            node = self.tree_child(node, segment);
        }
        let index = self.topics.add(hash, node, message.arrived);
        self.tree.nodes[node].topic = index;
        self.note_witnessed(node, message.topic);
        Ok(index)
    }

    fn tree_child(&mut self, parent: u32, segment: &[u8]) -> u32 {
        let added = match self.tree.child_or_add(parent, segment, self.sorter.order) {
            Ok(node) => return node,
            Err(added) => added,
        };
        if let Some(topic) = self.topics.all.get(self.tree.nodes[parent].topic)
            && added.is_first
        {
            // From now on the node's counts are in its branch.
            let index = self.tree.nodes[parent].topic;
            let counters = topic.published(index, Reader { topics: &self.topics, history: &self.history });
            self.tree.branches[added.branch].counters = counters;
        }
        self.rows.placed(&self.tree, added.branch, added.placed);
        if let Some(search) = &mut self.search {
            search.view.placed(&self.tree, added.branch, added.placed);
        }
        added.node
    }

    /// Brings what is shown up to date before a frame reads it, in a portion of about half a millisecond. Returns
    /// whether more remains: call again while the frame has time, or in the next one. While the view is paused, nothing
    /// that is shown changes.
    pub fn roll_up(&mut self, now: Timestamp) -> bool {
        self.history.settle(&mut self.topics);
        self.derive_series();
        let mut parts = Parts {
            tree: &mut self.tree,
            topics: &mut self.topics,
            history: &mut self.history,
            rows: &mut self.rows,
            search: self.search.as_mut(),
            unsorted: &mut self.sorter.unsorted,
        };
        self.roll_up.step(now, &mut parts)
    }

    /// Measures bytes per second from now on, or no longer: looking at the sizes of all messages costs too much to do it
    /// for nobody.
    pub fn measure_bytes(&mut self, measures: bool) {
        self.roll_up.measures_bytes = measures;
    }

    /// How much the model may hold.
    pub fn limits(&self) -> Limits {
        self.limits
    }

    /// How many messages arrived when.
    pub fn arrivals(&self) -> &Arrivals {
        &self.arrivals
    }

    /// Totals, live even while the view is paused.
    pub fn stats(&self) -> Stats {
        let (newest_bytes, payloads_dropped, payload_bytes_dropped) = self.history.newest();
        Stats {
            topics: self.topics.len(),
            nodes: self.tree.nodes.len() - 1,
            messages: self.messages,
            payload_bytes: self.payload_bytes,
            messages_kept: self.messages - self.history.evicted(),
            messages_evicted: self.history.evicted(),
            history_bytes: self.history.bytes(),
            newest_bytes,
            payloads_dropped,
            payload_bytes_dropped,
            tree_bytes: self.tree_bytes(),
            refused_messages: self.refused_messages,
            refused_topics: self.refused_topics.len() as u32,
        }
    }

    /// Memory of the topics and of what the rows need. The view of a search is always counted, so that starting a
    /// search never takes the tree beyond its limit.
    fn tree_bytes(&self) -> usize {
        let views = 2 * RowView::heap_bytes_of(&self.tree) + RollUp::heap_bytes_of(&self.tree);
        self.tree.heap_bytes() + self.topics.heap_bytes() + views
    }

    fn reader(&self) -> Reader<'_> {
        Reader { topics: &self.topics, history: &self.history }
    }

    /// The index of a node's topic, if it is one.
    fn topic_index(&self, node: NodeId) -> Option<u32> {
        self.tree.nodes.get(node.0).map(|node| node.topic).filter(|&topic| topic != NONE)
    }

    /// A node as the view shows it.
    pub fn node(&self, id: NodeId) -> Option<Node<'_>> {
        let node = self.tree.nodes.get(id.0)?;
        let topic = self.topics.all.get(node.topic).filter(|topic| topic.shown_count > 0);
        let newest = self.reader().newest(node.topic);
        let counters = self.counters_of(id.0);
        let matches = self.search.as_ref().is_some_and(|search| search.matches(&self.tree, id.0));
        let earlier = |topic: &TopicData| self.history.earlier_of(node.topic, topic);
        let topic = topic.zip(newest).map(|(topic, newest)| TopicInfo {
            newest,
            first_arrived: topic.first_arrived,
            messages: topic.shown_count,
            kept: topic.shown_kept() + earlier(topic),
            evicted: (topic.shown_count - topic.shown_kept()).saturating_sub(earlier(topic)),
            matches,
        });
        Some(Node {
            id,
            parent: Some(node.parent).filter(|&parent| parent != ROOT).map(NodeId),
            segment: self.tree.segment(id.0),
            level: node.level,
            children: self.active_rows().children(&self.tree, id.0),
            topics_below: counters.topics - u32::from(topic.is_some()),
            messages: counters.messages,
            // What the rates were at an earlier moment nobody kept.
            rate: if self.is_rewound() { 0.0 } else { counters.rate.per_second(self.roll_up.shown) },
            byte_rate: if self.is_rewound() {
                0.0
            } else {
                counters.byte_rate.per_second(self.roll_up.shown)
            },
            last_arrived: counters.last.map(|last| last.arrived),
            topic,
        })
    }

    /// Sums over a node and all below it, as published.
    fn counters_of(&self, node: u32) -> NodeCounters {
        let index = self.tree.nodes[node].topic;
        let topic = || self.topics.all.get(index);
        match self.tree.branch(node) {
            Some(branch) => branch.counters,
            None => topic().map(|topic| topic.published(index, self.reader())).unwrap_or_default(),
        }
    }

    /// The whole topic of a node, as sent.
    pub fn topic_bytes(&self, id: NodeId) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.write_topic(id, &mut bytes);
        bytes
    }

    /// Appends the whole topic of a node to a buffer that the caller can reuse.
    pub fn write_topic(&self, id: NodeId, out: &mut Vec<u8>) {
        if self.tree.nodes.get(id.0).is_some() {
            self.tree.write_topic(id.0, out);
        }
    }

    /// The node of a topic, or of a level above one.
    pub fn find(&self, topic: &[u8]) -> Option<NodeId> {
        let index = self.topics.find(self.topics.hash(topic), topic, &self.tree);
        let node = index.map(|index| self.topics.all[index].node).or_else(|| self.tree.walk(topic));
        node.map(NodeId)
    }

    /// The nodes from the first level down to `id`, which is the last.
    pub fn path(&self, id: NodeId) -> Vec<NodeId> {
        if id == NodeId::ROOT || self.tree.nodes.get(id.0).is_none() {
            return Vec::new();
        }
        let mut path: Vec<NodeId> =
            std::iter::once(id).chain(self.tree.ancestors(id.0).map(NodeId)).collect();
        path.reverse();
        path
    }

    /// The children of a node.
    pub fn children(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let branch = self.tree.nodes.get(id.0).and_then(|_| self.tree.branch(id.0));
        branch.into_iter().flat_map(|branch| branch.children.iter()).map(NodeId)
    }

    /// A node and all below it, each parent before its children.
    pub fn subtree(&self, id: NodeId) -> impl Iterator<Item = NodeId> {
        let known = self.tree.nodes.get(id.0).map(|_| id.0);
        known.into_iter().flat_map(|node| self.tree.subtree(node)).map(NodeId)
    }

    /// A message that is still held.
    pub fn message(&self, id: MessageId) -> Option<Stored<'_>> {
        self.reader().named(self.topic_index(id.node())?, id)
    }

    /// The held messages of one topic, newest first; while the view is paused, starting at the one shown.
    pub fn history(&self, node: NodeId) -> impl Iterator<Item = Stored<'_>> {
        let reader = self.reader();
        self.topic_index(node).into_iter().flat_map(move |index| reader.history(index))
    }

    /// The messages of the same topic before a held one, newest first, to continue reading a long history.
    pub fn history_before(&self, id: MessageId) -> impl Iterator<Item = Stored<'_>> {
        let reader = self.reader();
        self.topic_index(id.node()).into_iter().flat_map(move |index| reader.history_before(index, id))
    }

    /// Messages of all topics by arrival, newest first, starting at the last one or just before the message `before`. A
    /// message that was kept aside is only in its topic's history.
    pub fn recent(&self, before: Option<MessageId>) -> impl Iterator<Item = Stored<'_>> {
        let end = self.roll_up.log_end;
        let start = match before {
            // If a message is no longer held, nothing before it is.
            Some(id) => self.message(id).map(|_| id.position().min(end)),
            None => Some(end),
        };
        start.into_iter().flat_map(|start| self.reader().log_before(start))
    }

    /// Messages of all topics by arrival, oldest first, from this position on up to where the view ends.
    pub fn arrived_from(&self, position: u64) -> impl Iterator<Item = Stored<'_>> {
        self.reader().log_from(position, self.roll_up.log_end)
    }

    /// Messages of all topics by arrival, newest first, before the one at this position. A message that was kept aside is
    /// only in its topic's history.
    pub fn arrived_before(&self, position: u64) -> impl Iterator<Item = Stored<'_>> {
        self.reader().log_before(position)
    }

    /// The nodes of the next `most` topics, from the topic number `next` on, in the order in which topics came; `None` for
    /// one that was forgotten. `None` if there are no more.
    pub fn topic_nodes(&self, next: u32, most: u32) -> Option<Vec<Option<NodeId>>> {
        let end = self.topics.all.len().min(next.saturating_add(most));
        let known = |index: u32| {
            let topic = self.topics.all.get(index).filter(|topic| topic.shown_count > 0)?;
            Some(NodeId(topic.node))
        };
        (next < end).then(|| (next..end).map(known).collect())
    }

    /// The positions of the messages that are held and shown: from the oldest to where the view ends.
    pub fn arrived(&self) -> std::ops::Range<u64> {
        let log = self.history.log();
        log.tail()..self.roll_up.log_end.max(log.tail())
    }

    /// Where the messages end that had arrived by this time.
    pub fn arrived_by(&self, time: Timestamp) -> u64 {
        self.history.log().end_of(time)
    }
}
