//! An earlier moment: the whole tree as it was after a certain message.
//!
//! The log is in order of arrival, so the view is moved along it like a cursor: each message that is passed changes what
//! its topic shows, and the sums above follow once at the end. Nothing is copied, ids keep their meaning, and messages go
//! on being taken in meanwhile, as they are while the view is paused.
//!
//! The view reaches back as far as the log does. A topic whose message of that moment is no longer held is not shown
//! and is counted in [`Model::moment_unknown`].

use rustc_hash::FxHashMap;

use crate::message::Timestamp;
use crate::model::Model;
use crate::model::bits::Bits;
use crate::model::counters::Last;
use crate::model::history::History;
use crate::model::record::Record;
use crate::model::seek::Goal;
use crate::model::stored::{MessageId, Reader};
use crate::model::topics::Topics;
use crate::model::tree::{NONE, NodeId, ROOT, ROOT_BRANCH};

/// A view that was moved back.
#[derive(Debug)]
pub(super) struct Rewind {
    /// Where the log ended when it was moved first.
    pub(super) began: u64,
    /// Topics whose message of the moment is gone, and how many they had received.
    pub(super) unknown: FxHashMap<u32, u64>,
    /// Whether everything that had arrived is still being shown, from where the view then moves.
    pub(super) is_catching_up: bool,
    /// Where the view is moving to.
    pub(super) goal: Option<Goal>,
}

impl Rewind {
    /// A view that moves from where the log ends.
    pub(super) fn from(began: u64) -> Self {
        Self { began, unknown: FxHashMap::default(), is_catching_up: false, goal: None }
    }
}

/// The topics that a movement of the view has passed, and what they showed before.
#[derive(Debug, Default)]
struct Passed {
    known: Bits,
    topics: Vec<(u32, Before)>,
}

/// What a topic showed.
#[derive(Clone, Copy, Debug)]
struct Before {
    position: u64,
    count: u64,
}

/// How a movement changes the sums of a branch.
#[derive(Clone, Copy, Debug, Default)]
struct Shift {
    messages: i64,
    topics: i64,
    last: Option<Last>,
}

impl Shift {
    fn add(&mut self, other: Self) {
        self.messages += other.messages;
        self.topics += other.topics;
        self.last = self.last.max(other.last);
    }
}

impl Model {
    /// Whether an earlier moment is shown.
    pub fn is_rewound(&self) -> bool {
        self.rewind.is_some()
    }

    /// The earliest and the latest moment that can be shown.
    pub fn reach(&self) -> Option<(Timestamp, Timestamp)> {
        let log = self.history.log();
        let first = log.get(log.tail())?;
        let last = log.get(log.before(log.head())?)?;
        let (first, last) = (first.header.arrived, last.header.arrived);
        Some((first.min(last), first.max(last)))
    }

    /// When the last message of the moment shown arrived.
    pub fn moment(&self) -> Option<Timestamp> {
        let log = self.history.log();
        let position = log.before(self.roll_up.log_end.max(log.tail()))?;
        log.get(position).map(|record| record.header.arrived)
    }

    /// How many topics had messages at the moment shown that are no longer held.
    pub fn moment_unknown(&self) -> usize {
        self.rewind.as_ref().map_or(0, |rewind| rewind.unknown.len())
    }

    /// How many messages arrived after the moment shown.
    pub fn messages_after(&self) -> u64 {
        let unknown: u64 = self.rewind.iter().flat_map(|rewind| rewind.unknown.values()).sum();
        self.paused_messages().saturating_sub(unknown)
    }

    /// Shows the moment after the last message that had arrived by then. The view takes in nothing new until
    /// [`Model::end_rewind`].
    pub fn rewind(&mut self, to: Timestamp, now: Timestamp) {
        self.begin_rewind(now);
        let target = self.history.log().end_of(to);
        self.show_moment(target, now);
    }

    /// Shows the moment after the next message, or before the last one. Returns whether there was one.
    pub fn rewind_step(&mut self, forward: bool, now: Timestamp) -> bool {
        self.begin_rewind(now);
        let target = self.next_to(self.roll_up.log_end.max(self.history.log().tail()), forward);
        if let Some(target) = target {
            self.show_moment(target, now);
        }
        target.is_some()
    }

    /// The moment that is one message away from this one, those of forgotten topics not counted.
    pub(super) fn next_to(&self, from: u64, forward: bool) -> Option<u64> {
        let log = self.history.log();
        let mut at = from;
        loop {
            let next = if forward { log.after(at)? } else { log.before(at)? };
            let record = log.get(if forward { at } else { next })?;
            at = next;
            if self.topics.all[record.header.topic].count > 0 {
                return Some(at);
            }
        }
    }

    /// Shows the moment at which a topic's payload changed next, or the last moment before it changed to what is shown.
    /// Returns whether there was a change.
    pub fn rewind_to_change(&mut self, node: NodeId, forward: bool, now: Timestamp) -> bool {
        self.begin_rewind(now);
        let Some(index) = self.topic_index(node) else { return false };
        let reader = self.reader();
        let shown = reader.newest(index);
        let payload = shown.map(|shown| shown.payload());
        let found: Option<MessageId> = if forward {
            let newest = reader.message(index, self.topics.all[index].newest);
            let later = reader.back_from(index, newest);
            let later = later.take_while(|stored| stored.id().position() >= self.roll_up.log_end);
            later.filter(|stored| Some(stored.payload()) != payload).last().map(|stored| stored.id())
        } else {
            reader.history(index).find(|stored| Some(stored.payload()) != payload).map(|stored| stored.id())
        };
        let end = found.and_then(|id| self.history.log().after(id.position()));
        if let Some(end) = end {
            self.show_moment(end, now);
        }
        end.is_some()
    }

    /// Shows what is there now, and goes on from there.
    pub fn end_rewind(&mut self) {
        if let Some(rewind) = &self.rewind {
            self.move_view(rewind.began);
            self.rewind = None;
            self.roll_up.paused = false;
        }
    }

    /// Publishes everything, so that what is shown is what the log says, and holds the view there.
    fn begin_rewind(&mut self, now: Timestamp) {
        if self.rewind.is_some() {
            return;
        }
        self.roll_up.paused = false;
        while self.roll_up(now) {}
        self.roll_up.paused = true;
        self.sorter.pause();
        self.rewind = Some(Rewind::from(self.roll_up.log_end));
    }

    /// Shows the moment before the message at this position of the log, which may have arrived since the view was moved
    /// first.
    fn show_moment(&mut self, target: u64, now: Timestamp) {
        if self.rewind.as_ref().is_some_and(|rewind| target > rewind.began) {
            self.end_rewind();
            self.begin_rewind(now);
        }
        self.move_view(target);
    }

    /// Shows the moment before the message at this position of the log, all nodes of that moment being in view.
    pub(super) fn move_view(&mut self, target: u64) {
        let log = self.history.log();
        let (tail, from) = (log.tail(), self.roll_up.log_end);
        let target = target.clamp(tail, log.head());
        let mut passed = Passed::default();
        let (topics, history) = (&mut self.topics, &self.history);
        let is_forward = from >= tail && target >= from;
        if from < tail {
            // The messages in between have left the log.
            passed.all(topics, history, target);
        } else if is_forward {
            passed.forward(topics, history, from, target);
        } else {
            passed.back(topics, history, from, target);
        }
        self.roll_up.log_end = target;
        self.settle(passed, target, is_forward);
    }

    /// Brings the sums and the rows in line with what the topics show.
    fn settle(&mut self, passed: Passed, target: u64, is_forward: bool) {
        let mut levels: Vec<FxHashMap<u32, Shift>> = Vec::new();
        for (index, before) in &passed.topics {
            self.note_unknown(*index);
            self.account(*index, *before);
            let topic = &self.topics.all[*index];
            let shift = Shift {
                messages: topic.shown_count as i64 - before.count as i64,
                topics: i64::from(topic.shown_count > 0) - i64::from(before.count > 0),
                last: topic.published(*index, self.reader()).last,
            };
            let own = self.tree.nodes[topic.node].branch;
            self.pass_up(
                if own == NONE { self.tree.parent_branch(topic.node) } else { own },
                shift,
                &mut levels,
            );
            self.sorter.unsorted.insert(self.tree.parent_branch(topic.node));
        }
        for level in (0..levels.len()).rev() {
            for (branch, shift) in std::mem::take(&mut levels[level]) {
                self.apply_shift(branch, shift, target, is_forward);
                if branch != ROOT_BRANCH {
                    let parent = self.tree.parent_branch(self.tree.branches[branch].node);
                    self.sorter.unsorted.insert(parent);
                    self.pass_up(parent, shift, &mut levels);
                }
            }
        }
        for (index, before) in passed.topics {
            let is_shown = self.topics.all[index].shown_count > 0;
            if is_shown != (before.count > 0) {
                self.set_in_view(index, is_shown);
            } else if is_shown && let Some(search) = &mut self.search {
                let reader = Reader { topics: &self.topics, history: &self.history };
                search.published(index, false, &self.tree, reader);
            }
        }
    }

    /// Hides a topic whose message of the moment is gone, and remembers that it had one.
    fn note_unknown(&mut self, index: u32) {
        let topic = &self.topics.all[index];
        let is_held = |record: Record<'_>| record.header.topic == index;
        let is_known = topic.shown_count == 0 || self.history.get(topic, topic.shown).is_some_and(is_held);
        let Some(rewind) = &mut self.rewind else { return };
        if is_known {
            rewind.unknown.remove(&index);
        } else {
            let topic = &mut self.topics.all[index];
            rewind.unknown.insert(index, std::mem::take(&mut topic.shown_count));
        }
    }

    /// Keeps the budget of the newest values right: what is shown outlives the log.
    fn account(&mut self, index: u32, before: Before) {
        let topic = &self.topics.all[index];
        let is_now = topic.shown_count > 0;
        if before.count > 0 && before.position != topic.newest && !topic.shows(before.position) {
            self.history.release(topic, before.position);
        }
        let is_same = before.count > 0 && before.position == topic.shown;
        if is_now && !is_same && topic.shown != topic.newest {
            self.history.need(topic, topic.shown);
        }
    }

    fn pass_up(&self, branch: u32, shift: Shift, levels: &mut Vec<FxHashMap<u32, Shift>>) {
        let Some(node) = self.tree.branches.get(branch).map(|branch| branch.node) else { return };
        let level = if node == ROOT { 0 } else { usize::from(self.tree.nodes[node].level) + 1 };
        if levels.len() <= level {
            levels.resize_with(level + 1, FxHashMap::default);
        }
        levels[level].entry(branch).or_default().add(shift);
    }

    fn apply_shift(&mut self, branch: u32, shift: Shift, target: u64, is_forward: bool) {
        let last = self.tree.branches[branch].counters.last;
        let is_stale = !is_forward && last.is_some_and(|last| last.position >= target || shift.topics < 0);
        let last = if is_stale { self.last_below(branch) } else { last.max(shift.last) };
        let counters = &mut self.tree.branches[branch].counters;
        counters.messages = counters.messages.saturating_add_signed(shift.messages);
        counters.topics =
            u32::try_from((i64::from(counters.topics) + shift.topics).max(0)).unwrap_or(u32::MAX);
        counters.last = last;
    }

    /// The newest message of a branch, by the positions of what its children show.
    fn last_below(&self, branch: u32) -> Option<Last> {
        let branch = &self.tree.branches[branch];
        let index = self.tree.nodes[branch.node].topic;
        let own = self.topics.all.get(index).filter(|topic| topic.shown_count > 0);
        let mut newest = own.and_then(|topic| topic.published(index, self.reader()).last);
        let mut leaf: Option<(u64, u32)> = None;
        for child in branch.children.iter() {
            if let Some(below) = self.tree.branch(child) {
                newest = newest.max(below.counters.last);
            } else if let Some(topic) = self.topics.all.get(self.tree.nodes[child].topic)
                && topic.shown_count > 0
            {
                leaf = leaf.max(Some((topic.shown, self.tree.nodes[child].topic)));
            }
        }
        // Its time is read only once.
        let leaf = leaf.and_then(|(_, index)| self.topics.all[index].published(index, self.reader()).last);
        newest.max(leaf)
    }

    fn set_in_view(&mut self, index: u32, is_shown: bool) {
        let Self { rows, tree, topics, search, history, .. } = self;
        let node = topics.all[index].node;
        rows.set_topic(tree, node, is_shown);
        if let Some(search) = search {
            search.view.set_topic(tree, node, is_shown);
        }
        if is_shown {
            rows.unhide(tree, node);
            if let Some(search) = search {
                search.published(index, true, tree, Reader { topics, history });
            }
            return;
        }
        let is_published =
            |node: u32| topics.all.get(tree.nodes[node].topic).is_some_and(|topic| topic.shown_count > 0);
        rows.vanish(tree, node, is_published);
        if let Some(search) = search {
            search.forget(index);
            search.vanish(tree, node);
        }
    }
}

impl Passed {
    /// Remembers what a topic shows before it changes.
    fn note(&mut self, topics: &Topics, index: u32) {
        if self.known.insert(index) {
            let topic = &topics.all[index];
            self.topics.push((index, Before { position: topic.shown, count: topic.shown_count }));
        }
    }

    fn forward(&mut self, topics: &mut Topics, history: &History, from: u64, target: u64) {
        let mut at = from;
        while at < target
            && let Some(record) = history.log().get(at)
            && let Some(next) = history.log().after(at)
        {
            let index = record.header.topic;
            let is_forgotten = topics.all[index].count == 0;
            if !is_forgotten {
                self.note(topics, index);
                let topic = &mut topics.all[index];
                topic.shown = at;
                topic.shown_count = topic.count - u64::from(topic.newer_than(record.header.number));
            }
            at = next;
        }
    }

    fn back(&mut self, topics: &mut Topics, history: &History, from: u64, target: u64) {
        let log = history.log();
        let mut at = from;
        while at > target
            && let Some(before) = log.before(at)
            && let Some(record) = log.get(before)
        {
            at = before;
            let index = record.header.topic;
            let is_forgotten = topics.all[index].count == 0;
            if !is_forgotten {
                self.note(topics, index);
                let topic = &mut topics.all[index];
                topic.shown = record.header.previous;
                let number = topic.count - u64::from(topic.newer_than(record.header.number));
                topic.shown_count = number.saturating_sub(1);
            }
        }
    }

    /// Looks for every topic's message of the moment from its newest one.
    fn all(&mut self, topics: &mut Topics, history: &History, target: u64) {
        for index in 0..topics.all.len() {
            let topic = &topics.all[index];
            let (mut position, mut count) = (topic.newest, topic.count);
            while count > 0
                && position >= target
                && let Some(record) = history.get(topic, position)
            {
                (position, count) = (record.header.previous, count - 1);
            }
            if (position, count) != (topic.shown, topic.shown_count) {
                self.note(topics, index);
                (topics.all[index].shown, topics.all[index].shown_count) = (position, count);
            }
        }
    }
}
