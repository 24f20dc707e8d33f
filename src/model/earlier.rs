//! Messages from before those that are held, of a few topics: read back from a recording because a person looks at
//! them.
//!
//! They continue a topic's history without a gap. What then leaves the memory is added in front, so that the history
//! stays whole while messages arrive.

use std::collections::VecDeque;

use rustc_hash::FxHashMap;

use crate::message::{MessageRef, Timestamp};
use crate::model::record::{Beside, NewRecord, Record};
use crate::model::stored::{MessageId, Stored};
use crate::model::tree::NodeId;
use crate::model::{Model, SeriesId};

/// The most memory for all of them, in bytes.
const BYTES_MAX: usize = 32 << 20;
/// The most topics that have any.
const CHAINS_MAX: usize = 8;
/// Positions begin here: below those of any log, and far above 0.
const MIDDLE: u64 = 1 << 40;
/// Positions from this one on are those of a log.
pub(super) const LOG_START: u64 = 1 << 41;

/// The messages of a few topics from before those that are held.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    chains: FxHashMap<u32, Chain>,
    bytes: usize,
    uses: u64,
}

/// The messages of one topic, newest first.
#[derive(Debug)]
struct Chain {
    messages: VecDeque<Kept>,
    /// Position of the first.
    top: u64,
    /// The low 32 bits of the number of the first.
    first: u32,
    /// Whether the oldest were dropped again, so that no older ones can follow.
    is_cut: bool,
    used: u64,
}

/// A message: its record as in the log.
#[derive(Debug)]
struct Kept {
    raw: Box<[u8]>,
    beside: Option<Beside>,
}

impl Kept {
    fn of(record: &Record<'_>) -> Self {
        Self { raw: record.raw.into(), beside: record.beside.cloned() }
    }

    fn weight(&self) -> usize {
        size_of::<Self>() + 16 + self.raw.len() + self.beside.as_ref().map_or(0, Beside::weight)
    }
}

/// Whether earlier messages were taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EarlierTaken {
    /// All of them.
    Yes,
    /// There is no room for more.
    Full,
    /// The topic is gone.
    Gone,
}

/// A walk to the oldest message that is held of a topic, in portions.
#[derive(Clone, Copy, Debug, Default)]
pub struct EdgeWalk {
    at: Option<MessageId>,
    edge: EarlierEdge,
}

/// Where a topic's earlier messages begin: before the oldest that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierEdge {
    /// When the oldest arrived.
    pub arrived: Timestamp,
    /// How many in a row are held that arrived at that time.
    pub same: usize,
}

impl Default for EarlierEdge {
    /// Nothing is held.
    fn default() -> Self {
        Self { arrived: Timestamp(i64::MAX), same: 0 }
    }
}

impl EarlierEdge {
    /// Goes on to the message before.
    pub(super) fn pass(&mut self, arrived: Timestamp) {
        self.same = if arrived == self.arrived { self.same + 1 } else { 1 };
        self.arrived = arrived;
    }
}

impl Earlier {
    /// Whether messages of a topic are kept here, or are going to be.
    pub(super) fn has(&self, topic: u32) -> bool {
        !self.chains.is_empty() && self.chains.contains_key(&topic)
    }

    /// The record at a position below [`LOG_START`].
    pub(super) fn get(&self, topic: u32, position: u64) -> Option<Record<'_>> {
        let chain = self.chains.get(&topic)?;
        let kept = chain.messages.get(usize::try_from(chain.top.checked_sub(position)?).ok()?)?;
        Record::read(&kept.raw, |_| kept.beside.as_ref())
    }

    /// The position of the message before the one at `position`, whose number has these low 32 bits.
    pub(super) fn before(&self, topic: u32, position: u64, number: u32) -> Option<u64> {
        let chain = self.chains.get(&topic)?;
        let before = if position < LOG_START {
            position.checked_sub(1)?
        } else {
            (chain.first == number.wrapping_sub(1)).then_some(chain.top)?
        };
        self.get(topic, before).map(|_| before)
    }

    /// How many messages follow the one whose number has these low 32 bits.
    pub(super) fn after_number(&self, topic: u32, number: u32) -> usize {
        let chain = self.chains.get(&topic).filter(|chain| chain.first == number.wrapping_sub(1));
        chain.map_or(0, |chain| chain.messages.len())
    }

    /// Makes room for the messages before the one whose number has these low 32 bits.
    fn open(&mut self, topic: u32, number: u32) {
        self.uses += 1;
        let used = self.uses;
        if let Some(chain) = self.chains.get_mut(&topic) {
            let is_next = chain.messages.is_empty() || chain.first == number.wrapping_sub(1);
            if is_next && !chain.is_cut {
                chain.used = used;
                return;
            }
            self.forget(topic);
        }
        while self.chains.len() >= CHAINS_MAX && self.drop_other(topic) {}
        let first = number.wrapping_sub(1);
        let chain = Chain { messages: VecDeque::new(), top: MIDDLE, first, is_cut: false, used };
        self.chains.insert(topic, chain);
    }

    /// Drops the messages of the topic used least recently, but not of this one. Returns whether there was one.
    fn drop_other(&mut self, topic: u32) -> bool {
        let others = self.chains.iter().filter(|(other, _)| **other != topic);
        let Some(oldest) = others.min_by_key(|(_, chain)| chain.used).map(|(other, _)| *other) else {
            return false;
        };
        self.forget(oldest);
        true
    }

    /// Drops what is kept of a topic.
    pub(super) fn forget(&mut self, topic: u32) {
        if let Some(chain) = self.chains.remove(&topic) {
            self.bytes -= chain.messages.iter().map(Kept::weight).sum::<usize>();
        }
    }

    /// Adds a message that left the memory, as the newest here.
    pub(super) fn put_first(&mut self, record: &Record<'_>) {
        let Some(chain) = self.chains.get_mut(&record.header.topic) else { return };
        if chain.first != record.header.number.wrapping_sub(1) {
            // There would be a gap.
            self.forget(record.header.topic);
            return;
        }
        let kept = Kept::of(record);
        self.bytes += kept.weight();
        chain.first = record.header.number;
        if !chain.messages.is_empty() {
            chain.top += 1;
        }
        chain.messages.push_front(kept);
        while self.bytes > BYTES_MAX && chain.messages.len() > 1 {
            chain.is_cut = true;
            self.bytes -= chain.messages.pop_back().map_or(0, |kept| kept.weight());
        }
    }

    /// Adds a message as the oldest.
    fn put_last(&mut self, topic: u32, message: &MessageRef<'_>) -> EarlierTaken {
        while self.bytes > BYTES_MAX && self.drop_other(topic) {}
        let Some(chain) = self.chains.get_mut(&topic) else { return EarlierTaken::Gone };
        if chain.is_cut || self.bytes > BYTES_MAX {
            return EarlierTaken::Full;
        }
        let record = NewRecord {
            topic,
            number: chain.first.wrapping_sub(chain.messages.len() as u32),
            previous: 0,
            arrived: message.arrived,
            flags: message.flags,
            payload: message.payload,
            properties: message.properties,
        };
        let (header, beside) = record.prepare(0);
        let mut raw = Vec::with_capacity(header.record_len());
        record.write(&header, 0, &mut raw);
        let kept = Kept { raw: raw.into_boxed_slice(), beside };
        self.bytes += kept.weight();
        chain.messages.push_back(kept);
        EarlierTaken::Yes
    }
}

impl Model {
    /// Prepares a topic for [`Model::add_earlier`]: looks for its oldest message, `most` messages a call. Returns where
    /// that is once it is found; until then call it again. From then on what leaves the memory is kept too.
    pub fn open_earlier(&mut self, node: NodeId, walk: &mut EdgeWalk, most: usize) -> Option<EarlierEdge> {
        let Some(index) = self.topic_index(node) else { return Some(EarlierEdge::default()) };
        let reader = self.reader();
        let held = walk.at.and_then(|id| reader.named(index, id));
        if held.is_none() {
            *walk = EdgeWalk::default();
        }
        let first = held.or_else(|| reader.message(index, self.topics.all[index].newest))?;
        let mut oldest = first;
        // The first of a later portion was passed before.
        let passed = usize::from(walk.at.is_some());
        let mut looked_at = 0;
        for stored in reader.back_from(index, Some(first)).take(most + passed) {
            if looked_at >= passed {
                walk.edge.pass(stored.arrived());
            }
            looked_at += 1;
            oldest = stored;
        }
        walk.at = Some(oldest.id());
        if looked_at == most + passed && reader.position_before(index, &oldest).is_some() {
            return None;
        }
        let number = self.oldest_in_memory(index, &oldest);
        self.history.earlier_mut().open(index, number);
        Some(walk.edge)
    }

    /// The low 32 bits of the number of a topic's oldest message that is not an earlier one.
    fn oldest_in_memory(&self, index: u32, oldest: &Stored<'_>) -> u32 {
        if oldest.id().position() >= LOG_START {
            return oldest.number() as u32;
        }
        let topic = &self.topics.all[index];
        (topic.count as u32).wrapping_sub(topic.kept).wrapping_add(1)
    }

    /// Adds a message of a topic from before all that are held of it.
    pub fn add_earlier(&mut self, node: NodeId, message: &MessageRef<'_>) -> EarlierTaken {
        let Some(index) = self.topic_index(node) else { return EarlierTaken::Gone };
        self.history.earlier_mut().put_last(index, message)
    }

    /// Reads messages for a series, from before all that it has read, newest first. Returns whether it has room for more.
    pub fn add_earlier_to_series<'a>(
        &mut self,
        id: SeriesId,
        messages: impl Iterator<Item = MessageRef<'a>>,
    ) -> bool {
        let origin = self.origin();
        let series = self.series.get_mut(id.0 as usize).and_then(Option::as_mut);
        series.is_some_and(|series| {
            let has_room = series.feed_earlier(messages, origin);
            let topic = series.node().and_then(|node| self.topics.all.get(self.tree.nodes[node].topic));
            topic.inspect(|topic| series.note_first(topic.first_arrived));
            has_room
        })
    }
}
