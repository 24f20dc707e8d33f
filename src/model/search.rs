//! Search: a view of the matching topics, found by a scan in slices and kept up to date.
//!
//! A topic that has matched stays, so that nothing vanishes while a person looks at it. The scan has no clock: the
//! caller tells it how many topics to look at, and calls again.

use std::collections::{HashMap, VecDeque};

use rustc_hash::FxBuildHasher;

use crate::model::bits::Bits;
use crate::model::rows::RowView;
use crate::model::stored::{Reader, Stored};
use crate::model::topics::{TopicData, Topics};
use crate::model::tree::{NONE, Tree};

/// How many bytes of payload take as long to search as a topic.
const PAYLOAD_BYTES_PER_TOPIC: usize = 512;

/// Decides what matches. It is asked about every topic, so it should be fast. The model knows no query syntax, so its
/// caller implements this.
pub trait Matcher: Send {
    /// Whether the whole topic matches.
    fn topic(&self, topic: &[u8]) -> bool;
    /// Whether a newest payload matches. Asked only if its topic does not.
    fn payload(&self, payload: &[u8]) -> bool;
    /// Whether payloads are read by their topics, so that [`Matcher::payload_of`] is asked and questions have names.
    fn reads_by_topic(&self) -> bool {
        false
    }
    /// Whether the newest payload of a topic matches.
    fn payload_of(&self, _topic: &[u8], payload: &[u8]) -> bool {
        self.payload(payload)
    }
    /// Whether [`Matcher::topic`] is quick for every topic, so that it is asked before any payload is looked up.
    fn has_quick_topics(&self) -> bool {
        true
    }
    /// Takes a question that would take long, to be answered by [`Matcher::answers`] later.
    fn defer(&mut self, _question: &Question) -> Deferral {
        Deferral::AnswerNow
    }
    /// Answers to the questions that were taken, in any order, each once.
    fn answers(&mut self) -> Vec<SearchAnswer> {
        Vec::new()
    }
}

/// What a search is asked about one topic.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The number to give back with the answer.
    pub number: u32,
    /// The whole topic, if it is asked about.
    pub topic: Option<&'a [u8]>,
    /// The whole topic where the matcher reads payloads by it.
    pub name: Option<&'a [u8]>,
    /// Its newest message.
    pub payload: Option<&'a Stored<'a>>,
}

/// Whether a question was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deferral {
    /// It will not take long: ask [`Matcher::topic`] and [`Matcher::payload`].
    AnswerNow,
    /// It was taken.
    Taken,
    /// It was not taken because too much is waiting: ask again in the next step.
    AskAgain,
}

/// The answer to a question that was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchAnswer {
    /// The number of the question.
    pub number: u32,
    /// The answer.
    pub verdict: Verdict,
}

/// Whether a topic matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The topic or its payload matches.
    Matches,
    /// Neither the topic nor its payload matches.
    Differs,
    /// Nothing was found before it took too long.
    GaveUp {
        /// How many bytes of the payload were searched.
        bytes: u64,
    },
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SearchProgress {
    /// How many of the topics that existed at the start were searched.
    pub scanned: u32,
    /// How many topics existed at the start.
    pub total: u32,
    /// How many topics match, including those that arrived since.
    pub matches: u32,
    /// How many topics have no match so far, but a newest payload that was only partly searched: it took too long, or
    /// only its head is held.
    pub given_up: u32,
    /// How many bytes of the last of those payloads were searched.
    pub looked_at_bytes: u64,
    /// Whether all were searched. New topics are tested as they arrive.
    pub done: bool,
    /// Whether another step would find nothing to do now, because the matcher deferred all that is left.
    pub waits: bool,
}

/// The current search: what matches so far, and how far the scan has come.
pub(super) struct SearchView {
    matcher: Box<dyn Matcher>,
    /// Only topics at or below this node are asked about.
    scope: u32,
    has_quick_topics: bool,
    reads_by_topic: bool,
    pub(super) view: RowView,
    /// Topics that match, by index.
    matched: Bits,
    matches: u32,
    /// Next topic to look at.
    next: u32,
    /// Topics from here on arrived later and were tested then.
    end: u32,
    path: Path,
    /// Number of questions that the matcher has taken and not answered.
    deferred: u32,
    /// Whether the matcher refused a question in the last step.
    is_full: bool,
    /// Topics with new messages that the matcher refused, and whether to ask about the topic too.
    again: VecDeque<(u32, bool)>,
    is_again: Bits,
    /// Topics whose payload was only partly searched, by index, and how many bytes were.
    given_up: HashMap<u32, u64, FxBuildHasher>,
    looked_at_bytes: u64,
}

/// The result of asking about a topic.
enum Tested {
    /// It was answered or taken; this many bytes of payload were searched.
    Asked(usize),
    /// The matcher is full.
    Later,
}

/// The topic that was searched last. Its siblings share all but the last level.
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
    pub(super) fn new(
        matcher: Box<dyn Matcher>,
        scope: u32,
        tree: &Tree,
        topics: &Topics,
        all: &RowView,
    ) -> Self {
        Self {
            has_quick_topics: matcher.has_quick_topics(),
            reads_by_topic: matcher.reads_by_topic(),
            matcher,
            scope,
            view: RowView::of_marked(tree, all),
            matched: Bits::default(),
            matches: 0,
            next: 0,
            end: topics.all.len(),
            path: Path::default(),
            deferred: 0,
            is_full: false,
            again: VecDeque::new(),
            is_again: Bits::default(),
            given_up: HashMap::default(),
            looked_at_bytes: 0,
        }
    }

    pub(super) fn progress(&self) -> SearchProgress {
        let Self { matches, next, end, looked_at_bytes, .. } = *self;
        let is_asked = next >= end && self.again.is_empty();
        SearchProgress {
            scanned: next,
            total: end,
            matches,
            given_up: self.given_up.len() as u32,
            looked_at_bytes,
            done: is_asked && self.deferred == 0,
            waits: self.deferred > 0 && (is_asked || self.is_full),
        }
    }

    /// Searches the next `most` topics, or fewer if their payloads are large.
    pub(super) fn step(&mut self, most: usize, tree: &Tree, reader: Reader) {
        self.take_answers(tree, reader);
        self.is_full = false;
        let mut left = most;
        while left > 0
            && !self.is_full
            && let Some(&(index, with_topic)) = self.again.front()
        {
            left = self.ask(left, index, with_topic, tree, reader);
            if !self.is_full {
                self.again.pop_front();
                self.is_again.remove(index);
            }
        }
        while left > 0 && !self.is_full && self.next < self.end {
            let index = self.next;
            // A topic that is not published yet is tested when it is.
            if reader.topics.all[index].shown_count > 0 {
                left = self.ask(left, index, true, tree, reader);
            } else {
                left -= 1;
            }
            self.next += u32::from(!self.is_full);
        }
    }

    /// Asks about a topic in a step; returns how much of the step is left.
    fn ask(&mut self, left: usize, index: u32, with_topic: bool, tree: &Tree, reader: Reader) -> usize {
        match self.test(index, with_topic, tree, reader) {
            Tested::Asked(payload_bytes) => left.saturating_sub(1 + payload_bytes / PAYLOAD_BYTES_PER_TOPIC),
            Tested::Later => {
                self.is_full = true;
                left
            }
        }
    }

    fn take_answers(&mut self, tree: &Tree, reader: Reader) {
        if self.deferred == 0 {
            return;
        }
        for SearchAnswer { number, verdict } in self.matcher.answers() {
            self.deferred = self.deferred.saturating_sub(1);
            let topic = reader.topics.all.get(number).filter(|topic| topic.shown_count > 0);
            let Some(topic) = topic else { continue };
            match verdict {
                Verdict::Matches => self.found(number, topic.node, tree),
                Verdict::Differs => {
                    let newest = reader.newest_of(topic);
                    if let Some(head) = newest.filter(Stored::is_payload_dropped) {
                        self.give_up(number, head.payload().len() as u64);
                    }
                }
                Verdict::GaveUp { bytes } => self.give_up(number, bytes),
            }
        }
    }

    fn found(&mut self, index: u32, node: u32, tree: &Tree) {
        if self.matched.insert(index) {
            self.matches += 1;
            self.forget_given_up(index);
            self.view.mark(tree, node);
        }
    }

    fn give_up(&mut self, index: u32, bytes: u64) {
        if !self.matched.contains(index) {
            self.given_up.insert(index, bytes);
            self.looked_at_bytes = bytes;
        }
    }

    /// Removes a topic from those given up. Checks for emptiness first, since almost no topic is ever given up.
    #[inline]
    fn forget_given_up(&mut self, index: u32) {
        if !self.given_up.is_empty() {
            self.given_up.remove(&index);
        }
    }

    /// Called when a topic has a new message, or its first.
    pub(super) fn published(&mut self, index: u32, is_first: bool, tree: &Tree, reader: Reader) {
        let scan_will_come = (self.next..self.end).contains(&index);
        if is_first || !scan_will_come {
            let tested = self.test(index, is_first, tree, reader);
            if matches!(tested, Tested::Later) && self.is_again.insert(index) {
                self.again.push_back((index, is_first));
            }
        }
    }

    /// Asks about a topic unless it has already matched.
    fn test(&mut self, index: u32, with_topic: bool, tree: &Tree, reader: Reader) -> Tested {
        if self.matched.contains(index) {
            return Tested::Asked(0);
        }
        let TopicData { node, shown_count, .. } = reader.topics.all[index];
        let is_forgotten = shown_count == 0;
        if is_forgotten || !tree.is_at_or_below(node, self.scope) {
            return Tested::Asked(0);
        }
        // An answer about a payload that was replaced since is worthless.
        self.forget_given_up(index);
        let name = (with_topic || self.reads_by_topic).then(|| self.path.set(tree, node));
        let topic = name.filter(|_| with_topic);
        if self.has_quick_topics && topic.is_some_and(|topic| self.matcher.topic(topic)) {
            self.found(index, node, tree);
            return Tested::Asked(0);
        }
        let topic = topic.filter(|_| !self.has_quick_topics);
        let name = name.filter(|_| self.reads_by_topic);
        let newest = reader.newest(index);
        match self.matcher.defer(&Question { number: index, topic, name, payload: newest.as_ref() }) {
            Deferral::AnswerNow => {}
            Deferral::Taken => {
                self.deferred += 1;
                return Tested::Asked(0);
            }
            Deferral::AskAgain => return Tested::Later,
        }
        if topic.is_some_and(|topic| self.matcher.topic(topic)) {
            self.found(index, node, tree);
            return Tested::Asked(0);
        }
        let Some(newest) = newest else { return Tested::Asked(0) };
        let matches = match name {
            Some(name) => self.matcher.payload_of(name, newest.payload()),
            None => self.matcher.payload(newest.payload()),
        };
        if matches {
            self.found(index, node, tree);
        } else if newest.is_payload_dropped() {
            self.give_up(index, newest.payload().len() as u64);
        }
        Tested::Asked(newest.payload().len())
    }

    /// Called when a topic was forgotten. Its node still has to be taken out of the view.
    pub(super) fn forget(&mut self, index: u32) {
        if self.matched.contains(index) {
            self.matched.remove(index);
            self.matches -= 1;
        }
        self.given_up.remove(&index);
    }

    /// Takes a node without a match out of the view, and those above it that have none either.
    pub(super) fn vanish(&mut self, tree: &Tree, node: u32) {
        let Self { view, matched, .. } = self;
        view.vanish(tree, node, |at| {
            let topic = tree.nodes[at].topic;
            topic != NONE && matched.contains(topic)
        });
    }

    /// Whether a node itself has matched, not only something below it.
    pub(super) fn matches(&self, tree: &Tree, node: u32) -> bool {
        let topic = tree.nodes[node].topic;
        topic != NONE && self.matched.contains(topic)
    }
}
