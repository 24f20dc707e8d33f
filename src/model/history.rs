//! The messages of all topics: those in the log, those kept aside after leaving it, and what is dropped.
//!
//! The held messages of a topic are always its newest ones, without gaps, so that one number, `kept`, tells which. The
//! only exception is the message that a paused view shows as newest: it stays even if later ones are gone.

use std::cell::Cell;

use crate::message::MessageRef;
use crate::model::aside::Aside;
use crate::model::earlier::{Earlier, LOG_START};
use crate::model::log::Log;
use crate::model::newest::{Newest, PAYLOAD_HEAD_BYTES};
use crate::model::record::{NewRecord, Record};
use crate::model::stats::Limits;
use crate::model::topics::{TopicData, Topics};
use crate::model::tree::NONE;

/// The most messages that one incoming message evicts. Making room for a large one is spread over several.
const EVICTED_PER_MESSAGE_MAX: u32 = 64;
/// The most messages evicted per frame.
const EVICTED_PER_FRAME_MAX: u32 = 4_096;
/// Slots looked at per message during a sweep.
const SWEPT_PER_MESSAGE: u32 = 4;

/// All messages that are held.
#[derive(Debug)]
pub(super) struct History {
    log: Log,
    aside: Aside,
    newest: Newest,
    earlier: Earlier,
    newest_bytes_max: usize,
    bytes_max: usize,
    per_topic_min: u32,
    evicted: u64,
    /// The next slot of `aside` to look at, while there are too many messages aside.
    sweep: Option<u32>,
}

impl History {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            log: Log::starting_at(LOG_START, limits.history_bytes),
            aside: Aside::new(),
            newest: Newest::default(),
            earlier: Earlier::default(),
            newest_bytes_max: limits.newest_bytes,
            bytes_max: limits.history_bytes,
            per_topic_min: limits.history_per_topic_min.max(1),
            evicted: 0,
            sweep: None,
        }
    }

    /// Appends a message of a topic and drops old ones to stay within the budget.
    pub(super) fn append(&mut self, topics: &mut Topics, index: u32, message: &MessageRef) {
        let topic = &mut topics.all[index];
        if !topic.shows(topic.newest) {
            self.release(topic, topic.newest);
        }
        topic.count += 1;
        topic.kept += 1;
        let record = NewRecord {
            topic: index,
            number: topic.count as u32,
            previous: topic.newest,
            arrived: message.arrived,
            flags: message.flags,
            payload: message.payload,
            properties: message.properties,
        };
        topic.newest = self.log.append(&record);
        if topic.aside != NONE {
            self.trim_aside(topic);
        }
        self.evict(topics, EVICTED_PER_MESSAGE_MAX);
    }

    /// Catches up on eviction; called once per frame.
    pub(super) fn settle(&mut self, topics: &mut Topics) {
        self.evict(topics, EVICTED_PER_FRAME_MAX);
    }

    /// Called when a topic no longer needs the message at a position, which was its newest or the one shown.
    pub(super) fn release(&mut self, topic: &TopicData, position: u64) {
        if topic.aside != NONE
            && let Some(record) = self.aside.get(topic.aside, position)
        {
            self.newest.remove(position, &record);
        }
    }

    /// Called when the view shows a message again that is not its topic's newest.
    pub(super) fn need(&mut self, topic: &TopicData, position: u64) {
        if topic.aside != NONE
            && let Some(record) = self.aside.get(topic.aside, position)
        {
            self.newest.add(position, &record);
        }
    }

    /// Drops the messages of a forgotten topic. Those in the log are skipped until they leave it.
    pub(super) fn forget(&mut self, index: u32, topic: &mut TopicData) {
        let shown = (topic.shown_count > 0 && topic.shown != topic.newest).then_some(topic.shown);
        for position in std::iter::once(topic.newest).chain(shown) {
            self.release(topic, position);
        }
        topic.aside = self.aside.retain(topic.aside, |_, _| false);
        self.earlier.forget(index);
        // They no longer count as held or as evicted.
        self.evicted -= topic.count - u64::from(topic.kept);
    }

    /// Bytes held beyond the budget because they belong to newest messages; how many payloads of those were dropped,
    /// and how many bytes of them.
    pub(super) fn newest(&self) -> (usize, u32, u64) {
        let (dropped, dropped_bytes) = self.newest.dropped();
        (self.newest.bytes(), dropped, dropped_bytes)
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.log.bytes() + self.aside.bytes()
    }

    /// Messages dropped since the model was made.
    pub(super) fn evicted(&self) -> u64 {
        self.evicted
    }

    /// The log's share of the budget: what is not used aside, but at least a quarter. Otherwise one large message that
    /// is some topic's newest would leave nothing for all others.
    fn log_bytes_max(&self) -> usize {
        self.bytes_max.saturating_sub(self.aside.bytes()).max(self.bytes_max / 4)
    }

    fn evict(&mut self, topics: &mut Topics, records_max: u32) {
        let mut evicted = 0;
        while self.log.bytes() > self.log_bytes_max() {
            // The backlog is bounded too: several huge messages in a row are worth a pause.
            if evicted >= records_max && self.log.bytes() < 2 * self.bytes_max {
                break;
            }
            evicted += 1;
            self.evict_oldest(topics);
        }
        self.drop_large(topics);
        self.sweep_aside(topics);
    }

    /// Drops large payloads while the newest messages take more than their budget.
    fn drop_large(&mut self, topics: &Topics) {
        while let Some((position, index)) = self.newest.next_to_drop(self.newest_bytes_max) {
            let slot = topics.all[index].aside;
            let Some(record) = self.aside.get(slot, position) else { return };
            self.newest.remove(position, &record);
            self.aside.keep_head(slot, position, PAYLOAD_HEAD_BYTES);
            if let Some(record) = self.aside.get(slot, position) {
                self.newest.note_dropped(&record);
            }
        }
    }

    /// Removes the oldest record from the log, and puts it aside if its topic should keep it.
    fn evict_oldest(&mut self, topics: &mut Topics) {
        let position = self.log.tail();
        let Some(record) = self.log.get(position) else { return };
        let topic = &mut topics.all[record.header.topic];
        let newer = topic.newer_than(record.header.number);
        let was_full = self.is_aside_full();
        let affordable = self.aside.bytes() + record.weight() <= self.bytes_max / 2;
        let is_needed = newer == 0 || topic.shows(position);
        if is_needed || (newer < self.per_topic_min && affordable) {
            if is_needed {
                self.newest.add(position, &record);
            }
            topic.aside = self.aside.push(topic.aside, position, &record);
            self.trim_aside(topic);
            if self.is_aside_full() && !was_full {
                self.sweep = Some(0);
            }
        } else {
            self.earlier.put_first(&record);
            let kept = topic.kept.min(newer);
            self.evicted += u64::from(topic.kept - kept);
            topic.kept = kept;
            // Nothing older is kept either, or the history would have a gap.
            topic.aside = self.aside.retain(topic.aside, |position, _| topic.shows(position));
        }
        self.log.drop_oldest();
    }

    /// Drops what a topic no longer needs aside, after a newer message arrived or another one is shown.
    pub(super) fn trim_aside(&mut self, topic: &mut TopicData) {
        let most = if self.is_aside_full() { 1 } else { self.per_topic_min };
        let kept = Cell::new(topic.kept);
        let stays = |number: u32, position: u64| {
            topic.newer_than(number) < most.min(topic.kept) || topic.shows(position)
        };
        for (position, record) in self.aside.records(topic.aside) {
            if !self.earlier.has(record.header.topic) {
                break;
            }
            let is_held = topic.newer_than(record.header.number) < topic.kept;
            if is_held && !stays(record.header.number, position) {
                self.earlier.put_first(&record);
            }
        }
        topic.aside = self.aside.retain(topic.aside, |position, header| {
            // The message that the view showed may have been kept alone, with a gap after it.
            let keep = stays(header.number, position);
            if !keep {
                kept.set(kept.get().min(topic.newer_than(header.number)));
            }
            keep
        });
        self.evicted += u64::from(topic.kept - kept.get());
        topic.kept = kept.get();
    }

    fn is_aside_full(&self) -> bool {
        self.aside.bytes() > self.bytes_max / 2
    }

    /// Continues the sweep for topics that keep more than their newest message aside.
    fn sweep_aside(&mut self, topics: &mut Topics) {
        let Some(first) = self.sweep else { return };
        let end = first.saturating_add(SWEPT_PER_MESSAGE).min(self.aside.slots());
        for slot in first..end {
            if let Some(index) = self.aside.topic_of(slot) {
                self.trim_aside(&mut topics.all[index]);
            }
        }
        self.sweep = (end < self.aside.slots()).then_some(end);
    }

    /// The messages from before the memory.
    pub(super) fn earlier(&self) -> &Earlier {
        &self.earlier
    }

    /// The same, to add to them.
    pub(super) fn earlier_mut(&mut self) -> &mut Earlier {
        &mut self.earlier
    }

    /// How many messages of a topic from before the memory continue its history.
    pub(super) fn earlier_of(&self, index: u32, topic: &TopicData) -> u64 {
        let oldest = (topic.count as u32).wrapping_sub(topic.kept).wrapping_add(1);
        self.earlier.after_number(index, oldest) as u64
    }

    /// The record of a topic at a position.
    pub(super) fn get(&self, topic: &TopicData, position: u64) -> Option<Record<'_>> {
        if position >= self.log.tail() {
            self.log.get(position)
        } else {
            self.aside.get(topic.aside, position)
        }
    }

    /// The numbers of a topic's messages that are kept aside.
    #[cfg(test)]
    pub(super) fn numbers_aside(&self, topic: &TopicData) -> Vec<u32> {
        self.aside.numbers(topic.aside)
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }
}
