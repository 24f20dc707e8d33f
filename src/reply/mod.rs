//! Reply rules: a message that matches a filter and a condition is answered with another.
//!
//! Pure. [`Replies::heard`] is told of each message and says what is due and when; its caller publishes it and tells
//! [`Replies::sent`]. Rules never answer what they sent themselves, and all of them stop when they would send more than
//! [`PER_SECOND_MAX`] in a second: two rules that answer each other would go on for ever.

mod rule;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use bytes::Bytes;

pub use crate::reply::rule::{ReplyPart, ReplyRule, RuleError};

use crate::message::{MessageRef, Timestamp};
use crate::mqtt::filter;
use crate::mqtt::publish::Publish;
use crate::query::text_at;
use crate::reply::rule::PreparedRule;
use crate::template::{Filling, Lookup, TemplateError};

/// More replies than this in one second stop all rules.
pub const PER_SECOND_MAX: usize = 100;
/// More rules are not used.
pub const RULES_MAX: usize = 200;
/// What placeholders call the payload that is answered: `{{payload}}` and `{{value payload .id}}`.
pub const PAYLOAD: &str = "payload";
/// How many of its own messages are remembered, to be known when they come back.
const OWN_MAX: usize = 1_000;
/// How long an own message may take to come back.
const OWN_KEPT: Duration = Duration::from_secs(10);
/// Larger payloads of topics that placeholders look up are not kept.
const VALUE_BYTES_MAX: usize = 1 << 20;

/// A reply that is due at some time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueReply {
    /// Which rule, by its place in the list.
    pub rule: usize,
    /// When, since the beginning.
    pub at: Duration,
    /// What to publish.
    pub publish: Publish,
}

/// Why a message was not answered although a rule matched it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyFailure {
    /// A placeholder has no value.
    Template(TemplateError),
    /// The topic that came of it cannot be published to.
    Topic(filter::InvalidTopic),
    /// The rule leaves the topic to the request, and the message names no response topic.
    NoResponseTopic,
}

/// The rules of a session while they are on.
#[derive(Debug)]
pub struct Replies {
    rules: Vec<PreparedRule>,
    variables: Vec<(String, String)>,
    /// The topics of `{{value …}}`, and their newest payloads.
    looked_up: BTreeSet<String>,
    newest: HashMap<String, Vec<u8>>,
    /// What was sent and may come back: topic, payload, when.
    own: VecDeque<(String, Bytes, Duration)>,
    /// When the replies of the last second were made.
    made: VecDeque<Duration>,
    /// How many each rule sent.
    counts: Vec<u64>,
    counter: u64,
    /// The rule that would have sent one too many.
    stopped: Option<usize>,
    failure: Option<(usize, ReplyFailure)>,
}

impl Replies {
    /// Prepares the rules that are enabled; an error names the rule by its place. `variables` are those of the
    /// connection.
    pub fn new(rules: &[ReplyRule], variables: &[(String, String)]) -> Result<Self, (usize, RuleError)> {
        let rules = rules.iter().take(RULES_MAX).enumerate();
        let prepared = rules.map(|(place, rule)| PreparedRule::new(rule).map_err(|error| (place, error)));
        let rules: Vec<PreparedRule> = prepared.collect::<Result<_, _>>()?;
        let values = rules.iter().filter(|rule| rule.enabled).flat_map(PreparedRule::values);
        Ok(Self {
            looked_up: values.filter(|topic| *topic != PAYLOAD).map(str::to_owned).collect(),
            counts: vec![0; rules.len()],
            rules,
            variables: variables.to_vec(),
            newest: HashMap::new(),
            own: VecDeque::new(),
            made: VecDeque::new(),
            counter: 0,
            stopped: None,
            failure: None,
        })
    }

    /// What has to be subscribed to, each filter once.
    pub fn filters(&self) -> Vec<String> {
        let rules = self.rules.iter().filter(|rule| rule.enabled).map(|rule| rule.filter.clone());
        let filters: BTreeSet<String> = rules.chain(self.looked_up.iter().cloned()).collect();
        filters.into_iter().collect()
    }

    /// The rule that made all of them stop, by its place: it would have sent more than [`PER_SECOND_MAX`] in a second.
    pub fn stopped(&self) -> Option<usize> {
        self.stopped
    }

    /// Why the last message that was not answered was not, with its rule.
    pub fn failure(&self) -> Option<&(usize, ReplyFailure)> {
        self.failure.as_ref()
    }

    /// How many replies each rule has made.
    pub fn counts(&self) -> &[u64] {
        &self.counts
    }

    /// A message arrived `at` since the beginning: what is due for it. Messages that the broker had kept are not
    /// answered.
    pub fn heard(&mut self, message: MessageRef<'_>, at: Duration, now: Timestamp) -> Vec<DueReply> {
        self.look(message);
        if self.stopped.is_some() || self.is_own(message, at) || message.flags.retain {
            return Vec::new();
        }
        let mut due = Vec::new();
        for place in 0..self.rules.len() {
            let Some(rule) = self.rules.get_mut(place) else { break };
            if !rule.answers(message) || !rule.has_room(at) {
                continue;
            }
            forget_old(&mut self.made, at);
            if self.made.len() >= PER_SECOND_MAX {
                self.stopped = Some(place);
                return Vec::new();
            }
            self.counter = self.counter.saturating_add(1);
            let known = Known { variables: &self.variables, newest: &self.newest, message };
            let mut filling = Filling::new(now, self.counter, &known);
            match rule.fill(message, &mut filling) {
                Ok(publish) => {
                    self.made.push_back(at);
                    rule.made(at);
                    if let Some(count) = self.counts.get_mut(place) {
                        *count = count.saturating_add(1);
                    }
                    due.push(DueReply { rule: place, at: at.saturating_add(rule.delay), publish });
                }
                Err(failure) => self.failure = Some((place, failure)),
            }
        }
        due
    }

    /// A reply was published: when it comes back, it is not answered.
    pub fn sent(&mut self, publish: &Publish, at: Duration) {
        self.own.push_back((publish.topic.clone(), publish.payload.clone(), at));
        if self.own.len() > OWN_MAX {
            self.own.pop_front();
        }
    }

    /// Keeps what placeholders may ask for.
    fn look(&mut self, message: MessageRef<'_>) {
        let payload = message.payload.bytes();
        if let Ok(topic) = str::from_utf8(message.topic)
            && self.looked_up.contains(topic)
            && payload.len() <= VALUE_BYTES_MAX
        {
            self.newest.insert(topic.to_owned(), payload.to_vec());
        }
    }

    /// Whether it is a reply that comes back; each comes back once.
    fn is_own(&mut self, message: MessageRef<'_>, at: Duration) -> bool {
        while self.own.front().is_some_and(|(.., sent)| at.saturating_sub(*sent) > OWN_KEPT) {
            self.own.pop_front();
        }
        let is_it = |(topic, payload, _): &(String, Bytes, Duration)| {
            topic.as_bytes() == message.topic && payload.as_ref() == message.payload.bytes()
        };
        self.own.iter().position(is_it).and_then(|place| self.own.remove(place)).is_some()
    }
}

/// Forgets what is older than a second.
fn forget_old(times: &mut VecDeque<Duration>, at: Duration) {
    while times.front().is_some_and(|made| at.saturating_sub(*made) >= Duration::from_secs(1)) {
        times.pop_front();
    }
}

/// What placeholders are filled with.
struct Known<'a> {
    variables: &'a [(String, String)],
    newest: &'a HashMap<String, Vec<u8>>,
    message: MessageRef<'a>,
}

impl Lookup for Known<'_> {
    fn variable(&self, name: &str) -> Option<Cow<'_, str>> {
        if name == PAYLOAD {
            return text_at(self.message.payload.bytes(), "").map(Cow::Owned);
        }
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str().into())
    }

    fn value(&self, topic: &str, path: &str) -> Option<String> {
        if topic == PAYLOAD {
            return text_at(self.message.payload.bytes(), path);
        }
        text_at(self.newest.get(topic)?, path)
    }
}
