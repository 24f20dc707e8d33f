//! Which messages of a stream are wanted: criteria that all must hold, each of which can be turned around or off.

use regex::bytes::{Regex, RegexBuilder};

use crate::message::{Flags, QoS};
use crate::mqtt::filter;
use crate::payload::decode::Choice;
use crate::query::condition::{Condition, ConditionError};

/// A regular expression larger than this in memory is refused.
const REGEX_BYTES_MAX: usize = 1 << 20;
/// Only this much of a payload is searched for a text: a frame waits for it.
const SEARCHED_BYTES_MAX: usize = 256 * 1024;

/// What a message must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A topic that this filter matches.
    Topic(String),
    /// This text in its topic or payload, ignoring case.
    Text(String),
    /// A match of this regular expression in its topic or payload, ignoring case.
    Pattern(String),
    /// A payload that meets this condition.
    Condition(String),
    /// This QoS.
    Qos(QoS),
    /// The retain flag.
    Retained,
    /// A payload of at least so many bytes.
    Size(u64),
}

/// A criterion of a stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Criterion {
    /// What is asked.
    pub wanted: Wanted,
    /// Whether messages that have it are left out.
    pub is_excluding: bool,
    /// Whether it is asked at all.
    pub is_on: bool,
}

/// Why a text is no criterion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotWanted {
    /// It is empty.
    Empty,
    /// It is not a topic filter.
    Filter(filter::InvalidTopic),
    /// It is not a regular expression, for this reason in the words of the crate `regex`.
    Pattern(String),
    /// It is not a condition.
    Condition(ConditionError),
    /// It is not a size in bytes.
    Size,
}

/// A message as it is asked about.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Its topic.
    pub topic: &'a [u8],
    /// Its payload, or what is left of it.
    pub payload: &'a [u8],
    /// The length of its payload as received.
    pub payload_bytes: u64,
    /// QoS, retain, DUP.
    pub flags: Flags,
    /// How its payload is read, if not as its bytes suggest.
    pub choice: Option<&'a Choice>,
}

#[derive(Clone, Debug)]
enum Test {
    Topic(String),
    Pattern(Regex),
    Condition(Condition),
    Qos(QoS),
    Retained,
    Size(u64),
}

/// Criteria, prepared to be asked of many messages.
#[derive(Clone, Debug, Default)]
pub struct Sieve {
    /// Asked once per topic.
    of_topic: Vec<(Test, bool)>,
    of_message: Vec<(Test, bool)>,
}

impl Wanted {
    /// Why it cannot be asked.
    pub fn check(&self) -> Result<(), NotWanted> {
        self.test().map(|_| ())
    }

    fn test(&self) -> Result<Test, NotWanted> {
        let some = |text: &str| if text.is_empty() { Err(NotWanted::Empty) } else { Ok(()) };
        Ok(match self {
            Self::Topic(text) => {
                some(text)?;
                filter::check_filter(text).map_err(NotWanted::Filter)?;
                Test::Topic(text.clone())
            }
            Self::Text(text) => {
                some(text)?;
                Test::Pattern(compile(&regex::escape(text))?)
            }
            Self::Pattern(text) => {
                some(text)?;
                Test::Pattern(compile(text)?)
            }
            Self::Condition(text) => {
                some(text)?;
                Test::Condition(text.parse().map_err(NotWanted::Condition)?)
            }
            Self::Qos(qos) => Test::Qos(*qos),
            Self::Retained => Test::Retained,
            Self::Size(bytes) => Test::Size(*bytes),
        })
    }
}

fn compile(pattern: &str) -> Result<Regex, NotWanted> {
    RegexBuilder::new(pattern)
        .case_insensitive(true)
        .size_limit(REGEX_BYTES_MAX)
        .build()
        .map_err(|error| NotWanted::Pattern(error.to_string()))
}

impl Sieve {
    /// Prepares criteria; those that are off or cannot be asked are left out.
    pub fn new(criteria: &[Criterion]) -> Self {
        let mut sieve = Self::default();
        for criterion in criteria.iter().filter(|criterion| criterion.is_on) {
            if let Ok(test) = criterion.wanted.test() {
                let of_topic = matches!(test, Test::Topic(_));
                let tests = if of_topic { &mut sieve.of_topic } else { &mut sieve.of_message };
                tests.push((test, criterion.is_excluding));
            }
        }
        sieve
    }

    /// Whether every message passes.
    pub fn is_open(&self) -> bool {
        self.of_topic.is_empty() && self.of_message.is_empty()
    }

    /// Whether messages of a topic can pass.
    pub fn passes_topic(&self, topic: &[u8]) -> bool {
        self.of_topic.iter().all(|(test, is_excluding)| match test {
            Test::Topic(wanted) => filter::matches(wanted.as_bytes(), topic) != *is_excluding,
            _ => true,
        })
    }

    /// Whether only the topic decides.
    pub fn is_of_topic(&self) -> bool {
        self.of_message.is_empty()
    }

    /// Whether a message passes whose topic does.
    pub fn passes_message(&self, message: Candidate<'_>) -> bool {
        self.of_message.iter().all(|(test, is_excluding)| test.holds(message) != *is_excluding)
    }
}

impl Test {
    fn holds(&self, message: Candidate<'_>) -> bool {
        match self {
            Self::Topic(wanted) => filter::matches(wanted.as_bytes(), message.topic),
            Self::Pattern(pattern) => {
                let searched = message.payload.get(..SEARCHED_BYTES_MAX).unwrap_or(message.payload);
                pattern.is_match(message.topic) || pattern.is_match(searched)
            }
            Self::Condition(condition) => condition.holds(message.payload, message.choice),
            Self::Qos(qos) => message.flags.qos == *qos,
            Self::Retained => message.flags.retain,
            Self::Size(bytes) => message.payload_bytes >= *bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(criteria: &[(Wanted, bool)], topic: &str, payload: &str, retain: bool) -> bool {
        let criteria: Vec<Criterion> = criteria
            .iter()
            .map(|(wanted, is_excluding)| Criterion {
                wanted: wanted.clone(),
                is_excluding: *is_excluding,
                is_on: true,
            })
            .collect();
        let sieve = Sieve::new(&criteria);
        let flags = Flags { qos: QoS::AtLeastOnce, retain, dup: false };
        let candidate = Candidate {
            topic: topic.as_bytes(),
            payload: payload.as_bytes(),
            payload_bytes: payload.len() as u64,
            flags,
            choice: None,
        };
        sieve.passes_topic(candidate.topic) && sieve.passes_message(candidate)
    }

    #[test]
    fn all_criteria_must_hold() {
        let topic = (Wanted::Topic("hall/#".to_owned()), false);
        let hot = (Wanted::Condition(".t > 30".to_owned()), false);
        let both = [topic, hot];
        assert!(passes(&both, "hall/1", r#"{"t":31}"#, false));
        assert!(!passes(&both, "hall/1", r#"{"t":30}"#, false));
        assert!(!passes(&both, "yard/1", r#"{"t":31}"#, false));
    }

    #[test]
    fn a_criterion_can_be_turned_around() {
        let quiet = [(Wanted::Text("HEARTBEAT".to_owned()), true), (Wanted::Retained, true)];
        assert!(passes(&quiet, "a", "value", false));
        assert!(!passes(&quiet, "a/heartbeat", "value", false));
        assert!(!passes(&quiet, "a", "a Heartbeat", false));
        assert!(!passes(&quiet, "a", "value", true));
    }

    #[test]
    fn sizes_and_qos_are_asked_for() {
        assert!(passes(&[(Wanted::Size(5), false)], "a", "12345", false));
        assert!(!passes(&[(Wanted::Size(6), false)], "a", "12345", false));
        assert!(passes(&[(Wanted::Qos(QoS::AtLeastOnce), false)], "a", "", false));
        assert!(!passes(&[(Wanted::Qos(QoS::AtMostOnce), false)], "a", "", false));
        assert!(passes(&[(Wanted::Pattern("^a.c$".to_owned()), false)], "abc", "", false));
    }

    #[test]
    fn what_cannot_be_asked_says_why() {
        assert_eq!(Wanted::Text(String::new()).check(), Err(NotWanted::Empty));
        assert!(matches!(Wanted::Topic("a/#/b".to_owned()).check(), Err(NotWanted::Filter(_))));
        assert!(matches!(Wanted::Pattern("(".to_owned()).check(), Err(NotWanted::Pattern(_))));
        assert!(matches!(Wanted::Condition("t =".to_owned()).check(), Err(NotWanted::Condition(_))));
    }
}
