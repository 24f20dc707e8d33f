//! Which messages the stream lists, in order of arrival: found from the newest on backwards, and forward as they come.
//!
//! The search goes in slices within frames, so the first page is there at once, however long the rest takes.

use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use crate::message::Timestamp;
use crate::model::{MessageId, Model, NodeId, Stored};
use crate::panels::marks::Outage;
use crate::panels::scene::Scene;
use crate::query::{Candidate, Criterion, Readings, Sieve};
use crate::ui::widgets::line_list::LineSource;
use crate::words::{Label, stream as words};

/// How many messages are looked at between two looks at the clock.
const PORTION: usize = 256;
/// More outages than this are not drawn as lines.
const BREAKS_MAX: usize = 500;

/// Which lines show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Show {
    /// All messages; those that match stand out.
    Everything,
    /// Messages that match or are marked.
    #[default]
    MatchesAndMarks,
    /// Messages that match.
    Matches,
    /// Marked messages.
    Marks,
}

impl Show {
    pub const ALL: [Self; 4] = [Self::Everything, Self::MatchesAndMarks, Self::Matches, Self::Marks];

    pub fn label(self) -> Label {
        match self {
            Self::Everything => words::SHOW_ALL,
            Self::MatchesAndMarks => words::SHOW_BOTH,
            Self::Matches => words::SHOW_MATCHES,
            Self::Marks => words::SHOW_MARKS,
        }
    }
}

/// A time without messages, as a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Break {
    pub from: Timestamp,
    /// `None` if it goes on.
    pub to: Option<Timestamp>,
    /// The line stands before the message at this position.
    position: u64,
}

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq)]
struct Asked {
    criteria: Vec<Criterion>,
    below: Option<NodeId>,
    show: Show,
}

/// A line of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Line {
    Message(MessageId),
    Break(Break),
}

/// The messages found so far.
#[derive(Debug, Default)]
pub(super) struct StreamLines {
    asked: Asked,
    sieve: Sieve,
    /// Whether messages of a topic can pass.
    topics: FxHashMap<NodeId, bool>,
    found: VecDeque<MessageId>,
    /// Everything from here up to the newest was looked at.
    low: u64,
    /// The last message that was looked at.
    newest: Option<u64>,
    has_begun: bool,
    looked_at: u64,
    pub marks: BTreeMap<u64, MessageId>,
    /// Lines before this position are hidden.
    pub from: Option<u64>,
    /// What part of `found` shows.
    first: usize,
    end: usize,
    breaks: Vec<(usize, Break)>,
    readings: Readings,
}

impl StreamLines {
    /// Asks for other lines; starts again if they differ.
    pub fn ask(&mut self, criteria: &[Criterion], below: Option<NodeId>, show: Show) {
        if self.asked.criteria != criteria || self.asked.below != below || self.asked.show != show {
            self.asked = Asked { criteria: criteria.to_vec(), below, show };
            self.sieve = Sieve::new(criteria);
            self.topics.clear();
            self.found.clear();
            (self.has_begun, self.looked_at) = (false, 0);
        }
    }

    /// Looks for messages for at most this long. Returns whether it is not through.
    pub fn look(&mut self, scene: &Scene<'_>, time: Duration) -> bool {
        let held = scene.model.arrived();
        if !self.has_begun {
            self.newest = scene.model.arrived_before(held.end).next().map(|stored| stored.id().position());
            (self.low, self.has_begun) = (held.end, true);
        }
        let began = Instant::now();
        let mut is_behind = true;
        while is_behind && began.elapsed() < time {
            is_behind = self.look_ahead(scene, held.start);
        }
        let mut has_more = self.low > held.start;
        while has_more && began.elapsed() < time {
            has_more = self.look_back(scene, held.start);
        }
        self.forget(scene.model, held.start);
        is_behind || has_more
    }

    /// How much of what is held was looked at, from 0 to 1.
    pub fn progress(&self, model: &Model) -> f32 {
        let held = model.arrived();
        let all = held.end.saturating_sub(held.start);
        if all == 0 || self.low <= held.start {
            return 1.0;
        }
        let high = self.newest.map_or(held.start, |newest| newest.saturating_add(1));
        let seen = high.max(self.low).min(held.end).saturating_sub(self.low.max(held.start));
        (seen as f64 / all as f64) as f32
    }

    /// How many messages were looked at.
    pub fn looked_at(&self) -> u64 {
        self.looked_at
    }

    /// Looks at a portion of what has come since. Returns whether there may be more.
    fn look_ahead(&mut self, scene: &Scene<'_>, start: u64) -> bool {
        let (from, known) = match self.newest {
            Some(newest) if newest >= start => (newest, 1),
            _ => (start, 0),
        };
        let mut seen = 0;
        for stored in scene.model.arrived_from(from).skip(known).take(PORTION) {
            self.newest = Some(stored.id().position());
            seen += 1;
            if self.lists(scene, &stored) {
                self.found.push_back(stored.id());
            }
        }
        self.looked_at += seen as u64;
        seen == PORTION
    }

    fn look_back(&mut self, scene: &Scene<'_>, start: u64) -> bool {
        if self.low <= start {
            return false;
        }
        let mut last = None;
        for stored in scene.model.arrived_before(self.low).take(PORTION) {
            last = Some(stored.id().position());
            self.looked_at += 1;
            if self.lists(scene, &stored) {
                self.found.push_front(stored.id());
            }
        }
        self.low = last.unwrap_or(start);
        self.low > start
    }

    /// Drops what is no longer held.
    fn forget(&mut self, model: &Model, start: u64) {
        let is_gone = |id: &MessageId| id.position() < start && model.message(*id).is_none();
        while self.found.front().is_some_and(is_gone) {
            self.found.pop_front();
        }
        while self.marks.first_key_value().is_some_and(|(_, id)| is_gone(id)) {
            self.marks.pop_first();
        }
    }

    fn lists(&mut self, scene: &Scene<'_>, stored: &Stored<'_>) -> bool {
        let is_marked = || self.marks.contains_key(&stored.id().position());
        match self.asked.show {
            Show::Marks => is_marked(),
            Show::Everything => self.is_below(scene, stored),
            Show::Matches => self.matches(scene, stored),
            Show::MatchesAndMarks => is_marked() || self.matches(scene, stored),
        }
    }

    fn is_below(&self, scene: &Scene<'_>, stored: &Stored<'_>) -> bool {
        let Some(below) = self.asked.below else { return true };
        let mut at = Some(stored.id().node());
        while let Some(node) = at {
            if node == below {
                return true;
            }
            at = scene.model.node(node).and_then(|node| node.parent);
        }
        false
    }

    /// Whether a message meets all criteria.
    pub fn matches(&mut self, scene: &Scene<'_>, stored: &Stored<'_>) -> bool {
        let node = stored.id().node();
        let of_topic = if let Some(known) = self.topics.get(&node) {
            *known
        } else {
            let passes =
                self.is_below(scene, stored) && self.sieve.passes_topic(&scene.model.topic_bytes(node));
            self.topics.insert(node, passes);
            passes
        };
        if !of_topic || self.sieve.is_of_topic() {
            return of_topic;
        }
        let choice = self.readings.choice_of(scene.model, scene.rules, stored);
        let topic = scene.model.topic_bytes(node);
        self.sieve.passes_message(Candidate {
            topic: &topic,
            payload: stored.payload(),
            payload_bytes: stored.payload_bytes(),
            flags: stored.flags(),
            choice: choice.as_ref(),
        })
    }

    /// Whether criteria leave anything out.
    pub fn is_filtering(&self) -> bool {
        !self.sieve.is_open() || self.asked.below.is_some()
    }

    /// Whether what matches stands out among the others.
    pub fn lights(&self) -> bool {
        self.asked.show == Show::Everything && self.is_filtering()
    }

    /// Settles which lines show in this frame, and where the outages are among them.
    pub fn settle(&mut self, model: &Model, outages: &[Outage]) {
        let from = self.from.unwrap_or(0);
        let end = model.arrived().end;
        self.first = self.found.partition_point(|id| id.position() < from);
        self.end = self.found.partition_point(|id| id.position() < end).max(self.first);
        self.breaks.clear();
        let skip = outages.len().saturating_sub(BREAKS_MAX);
        for Outage { from: since, to } in outages.iter().skip(skip) {
            let position = model.arrived_by(*since);
            if position < from || position > end || self.end == self.first {
                continue;
            }
            let place = self.found.partition_point(|id| id.position() < position);
            let row = place.clamp(self.first, self.end) - self.first;
            let line = Break { from: *since, to: *to, position };
            match self.breaks.last_mut() {
                Some((before, merged)) if *before == row => merged.to = line.to,
                _ => self.breaks.push((row, line)),
            }
        }
    }

    /// The line with a number.
    pub fn line(&self, number: u64) -> Option<Line> {
        if number.is_multiple_of(2) {
            let found = self.breaks.iter().find(|(_, line)| line.position * 2 == number);
            return found.map(|(_, line)| Line::Break(*line));
        }
        let at = self.found.binary_search_by_key(&(number / 2), |id| id.position()).ok()?;
        self.found.get(at).copied().map(Line::Message)
    }

    /// Marks a message, or takes the mark away.
    pub fn toggle_mark(&mut self, id: MessageId) {
        if self.marks.remove(&id.position()).is_none() {
            self.marks.insert(id.position(), id);
        }
    }

    /// The line before a message's, if it is listed.
    pub fn before(&self, id: MessageId) -> Option<MessageId> {
        let at = self.found.partition_point(|other| other.position() < id.position());
        self.found.get(at.checked_sub(1).filter(|at| *at >= self.first)?).copied()
    }

    /// How many messages show.
    pub fn messages(&self) -> u64 {
        (self.end - self.first) as u64
    }

    /// How many messages are hidden by [`StreamLines::from`].
    pub fn hidden(&self) -> u64 {
        self.first as u64
    }
}

/// The number of a message's line.
pub(super) fn number_of(id: MessageId) -> u64 {
    id.position() * 2 + 1
}

impl LineSource for StreamLines {
    fn rows(&self) -> u64 {
        self.messages() + self.breaks.len() as u64
    }

    fn number(&self, row: u64) -> Option<u64> {
        let mut before = 0;
        for (at, line) in &self.breaks {
            match (*at as u64 + before).cmp(&row) {
                std::cmp::Ordering::Less => before += 1,
                std::cmp::Ordering::Equal => return Some(line.position * 2),
                std::cmp::Ordering::Greater => break,
            }
        }
        let index = self.first + usize::try_from(row - before).ok()?;
        (index < self.end).then(|| self.found.get(index).map(|id| number_of(*id)))?
    }

    fn row(&self, number: u64) -> u64 {
        let messages = self.found.partition_point(|id| number_of(*id) < number).clamp(self.first, self.end);
        let breaks = self.breaks.iter().take_while(|(_, line)| line.position * 2 < number).count();
        (messages - self.first + breaks) as u64
    }
}
