//! What the search field means: plain text, an MQTT topic filter, a condition or a regular expression.

use regex::bytes::{Regex, RegexBuilder};

use crate::model::{Deferral, Matcher, Question, SearchAnswer};
use crate::mqtt::filter;
use crate::payload::decode::Choice;
use crate::query::condition::{Condition, ConditionError};
use crate::query::reading::choice_of_topic;
use crate::query::rules::Rules;
use crate::query::slow_search::{Needle, Patience, SlowSearch};
use crate::query::text_finder::TextFinder;
use crate::query::values::shown;

/// A regular expression larger than this in memory is refused.
const REGEX_BYTES_MAX: usize = 4 * 1024 * 1024;
/// A regular expression larger than this in memory is not marked in rows, because marking searches in every frame.
const MARKS_BYTES_MAX: usize = 128 * 1024;
/// Larger payloads are searched by a thread.
const PAYLOAD_NOW_BYTES: usize = 64 * 1024;

/// A longer text is refused: it is longer than any topic, and takes seconds to prepare.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// What the search field holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// The text as typed.
    pub text: String,
    /// Whether the text is a regular expression.
    pub regex: bool,
}

/// How a query is interpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// A text anywhere in a topic or its newest payload, ignoring case.
    Text,
    /// A topic filter: finds the topics that a subscription to it would deliver.
    Filter,
    /// A condition on newest payloads.
    Condition,
    /// A regular expression over topics and newest payloads, ignoring case.
    Regex,
}

/// A query, prepared to be matched against a million topics.
#[derive(Debug)]
pub struct Search {
    /// How the text was interpreted.
    pub meaning: Meaning,
    /// What is marked in the rows; `None` for a topic filter and for a condition.
    pub pattern: Option<Regex>,
    filter: Option<String>,
    condition: Option<Condition>,
    /// A fast path for plain text, if the text allows one.
    text: Option<TextFinder>,
    /// The thread for slow questions, started at the first one.
    slow: Option<SlowSearch>,
    patience: Patience,
    /// How payloads are read, beside what their bytes suggest.
    rules: Rules,
}

/// Why a text cannot be searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// It is not a valid regular expression, for this reason in the words of the crate `regex`.
    Pattern(String),
    /// It was meant as a condition and is none.
    Condition(ConditionError),
    /// It is plain text that is too long to search for.
    TextTooLong {
        /// Its length.
        bytes: usize,
    },
    /// It is a regular expression that would take more memory than this.
    PatternTooLarge {
        /// The limit.
        bytes_max: usize,
    },
}

impl Search {
    /// Prepares a query.
    pub fn new(query: &SearchQuery) -> Result<Self, SearchError> {
        if query.regex {
            let pattern = compile(&query.text)?;
            return Ok(Self::of(Meaning::Regex, Some(pattern)));
        }
        if looks_like_filter(&query.text) {
            return Ok(Self { filter: Some(query.text.clone()), ..Self::of(Meaning::Filter, None) });
        }
        if Condition::is_meant(&query.text) {
            let condition = query.text.parse().map_err(SearchError::Condition)?;
            return Ok(Self { condition: Some(condition), ..Self::of(Meaning::Condition, None) });
        }
        let bytes = query.text.len();
        if bytes > TEXT_BYTES_MAX {
            return Err(SearchError::TextTooLong { bytes });
        }
        let pattern = compile(&regex::escape(&query.text)).map_err(|error| match error {
            SearchError::PatternTooLarge { .. } => SearchError::TextTooLong { bytes },
            error => error,
        })?;
        let text = TextFinder::new(&query.text);
        Ok(Self { text, ..Self::of(Meaning::Text, Some(pattern)) })
    }

    /// The pattern to mark in rows, if it is fast enough to search for in every frame.
    pub fn marks(&self) -> Option<Regex> {
        let pattern = self.pattern.as_ref()?;
        let is_small = RegexBuilder::new(pattern.as_str())
            .case_insensitive(true)
            .size_limit(MARKS_BYTES_MAX)
            .build()
            .is_ok();
        is_small.then(|| pattern.clone())
    }

    fn of(meaning: Meaning, pattern: Option<Regex>) -> Self {
        Self {
            meaning,
            pattern,
            filter: None,
            condition: None,
            text: None,
            slow: None,
            patience: Patience::default(),
            rules: Rules::default(),
        }
    }

    /// The same search, which reads payloads by these rules.
    #[must_use]
    pub fn by(self, rules: Rules) -> Self {
        Self { rules, ..self }
    }
}

fn compile(pattern: &str) -> Result<Regex, SearchError> {
    let built = RegexBuilder::new(pattern).case_insensitive(true).size_limit(REGEX_BYTES_MAX).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(bytes_max) => SearchError::PatternTooLarge { bytes_max },
        error => {
            // The last line of the crate's message is the reason; the lines before it show the pattern.
            let text = error.to_string();
            let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
            SearchError::Pattern(reason.to_owned())
        }
    })
}

/// Whether a text is a valid topic filter with a wildcard level: `a/+/c`, `a/#`.
fn looks_like_filter(text: &str) -> bool {
    text.split('/').any(|level| level == "+" || level == "#") && filter::check_filter(text).is_ok()
}

impl Matcher for Search {
    fn topic(&self, topic: &[u8]) -> bool {
        match (&self.pattern, &self.filter) {
            (Some(pattern), _) => self.finds(pattern, topic),
            (None, Some(filter)) => filter::matches(filter.as_bytes(), topic),
            (None, None) => false,
        }
    }

    fn payload(&self, payload: &[u8]) -> bool {
        self.reads(payload, None)
    }

    fn reads_by_topic(&self) -> bool {
        self.meaning == Meaning::Condition || !self.rules.is_empty()
    }

    fn payload_of(&self, topic: &[u8], payload: &[u8]) -> bool {
        self.reads(payload, self.choice_of(topic).as_ref())
    }

    fn has_quick_topics(&self) -> bool {
        self.meaning != Meaning::Regex
    }

    fn defer(&mut self, question: &Question) -> Deferral {
        let payload_bytes = question.payload.map_or(0, |stored| stored.payload().len());
        let is_slow = match self.meaning {
            Meaning::Filter => false,
            Meaning::Text | Meaning::Condition => payload_bytes > PAYLOAD_NOW_BYTES,
            Meaning::Regex => true,
        };
        if !is_slow {
            return Deferral::AnswerNow;
        }
        let needle = match (&self.condition, &self.pattern) {
            (Some(condition), _) => Needle::Condition(condition.clone()),
            (None, Some(pattern)) => Needle::Pattern(pattern.clone()),
            (None, None) => return Deferral::AnswerNow,
        };
        let patience = self.patience;
        let choice = question.name.and_then(|topic| self.choice_of(topic));
        let slow = self.slow.get_or_insert_with(|| SlowSearch::start(needle, patience));
        if slow.take(question, choice) { Deferral::Taken } else { Deferral::AskAgain }
    }

    fn answers(&mut self) -> Vec<SearchAnswer> {
        self.slow.as_mut().map(SlowSearch::answers).unwrap_or_default()
    }
}

impl Search {
    /// How the payloads of a topic are read; `None`: as their bytes suggest.
    fn choice_of(&self, topic: &[u8]) -> Option<Choice> {
        self.rules.choice_of_topic(topic).cloned().or_else(|| choice_of_topic(topic))
    }

    /// Whether a payload matches as it was sent, or as a decoder shows it.
    fn reads(&self, payload: &[u8], choice: Option<&Choice>) -> bool {
        match (&self.condition, &self.pattern) {
            (Some(condition), _) => condition.holds(payload, choice),
            (None, Some(pattern)) => {
                self.finds(pattern, payload)
                    || shown(payload, choice).is_some_and(|shown| self.finds(pattern, &shown))
            }
            (None, None) => false,
        }
    }

    fn finds(&self, pattern: &Regex, haystack: &[u8]) -> bool {
        let quickly = self.text.as_ref().and_then(|text| text.is_in(haystack));
        quickly.unwrap_or_else(|| pattern.is_match(haystack))
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use bytes::Bytes;

    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::{Limits, Model, SearchProgress};
    use crate::query::Rule;

    fn search(text: &str, regex: bool) -> Search {
        Search::new(&SearchQuery { text: text.to_owned(), regex }).unwrap()
    }

    #[test]
    fn case_does_not_matter_on_either_side() {
        let search = search("TeMp", false);
        assert!(search.topic(b"plant/Temperature"));
        assert!(search.payload(b"{\"TEMP\": 1}"));
        assert!(!search.topic(b"plant/humidity"));
    }

    #[test]
    fn a_payload_is_searched_as_it_is_shown() {
        // {"temp": 21.5} in CBOR, and the same number by a layout.
        assert!(search("21.5", false).payload(b"\xA1\x64temp\xF9\x4D\x60"));
        let raw = [0x66, 0x08];
        assert!(!search("21.5", false).payload(&raw));
        let rules = || Rules::new([Rule::new("raw/+", "struct:u16le temp/100")]);
        for text in ["21.5", "temp > 21"] {
            let search = search(text, false).by(rules());
            assert!(search.reads_by_topic(), "{text}");
            assert!(search.payload_of(b"raw/a", &raw), "{text}");
            assert!(!search.payload_of(b"other", &raw), "{text}");
        }
    }

    #[test]
    fn special_characters_of_plain_text_mean_themselves() {
        assert!(!search("a.c", false).topic(b"abc"));
        assert!(search("a.c", false).topic(b"x/a.c"));
    }

    #[test]
    fn wildcards_make_a_topic_filter() {
        let search = search("plant/+/temp", false);
        assert_eq!(search.meaning, Meaning::Filter);
        assert!(search.topic(b"plant/a/temp"));
        assert!(!search.topic(b"plant/a/b/temp"));
        assert!(!search.payload(b"plant/a/temp"), "a topic filter looks at topics only");
    }

    #[test]
    fn a_comparison_makes_a_condition_on_payloads() {
        let search = search("temp > 30", false);
        assert_eq!(search.meaning, Meaning::Condition);
        assert!(search.payload(br#"{"temp":31}"#));
        assert!(!search.payload(br#"{"temp":3}"#) && !search.topic(b"temp > 30"));
        let error = Search::new(&SearchQuery { text: "temp >".to_owned(), regex: false }).unwrap_err();
        assert!(matches!(error, SearchError::Condition(ConditionError { place: 7, .. })), "{error:?}");
    }

    #[test]
    fn a_condition_reads_a_large_payload_to_its_end() {
        let large = Bytes::from(format!(r#"{{"a":"{}","temp":31}}"#, "x".repeat(8 << 20)));
        let mut model = model_with(&[("large", &large), ("other", &Bytes::from_static(b"{\"temp\":3}"))]);
        let (progress, longest) = run(&mut model, search("temp > 30", false), Duration::from_secs(50));
        assert_eq!((progress.matches, progress.given_up), (1, 0));
        assert!(longest < Duration::from_millis(16), "{longest:?}");
    }

    #[test]
    fn a_plus_inside_a_word_is_text() {
        assert_eq!(search("a+b", false).meaning, Meaning::Text);
    }

    #[test]
    fn other_scripts_match_too() {
        assert!(search("温度", false).topic("工厂/温度传感器".as_bytes()));
        assert!(search("ÜBER", false).topic("über/x".as_bytes()));
    }

    #[test]
    fn a_broken_regular_expression_is_explained() {
        let error = Search::new(&SearchQuery { text: "(a".to_owned(), regex: true }).unwrap_err();
        assert_eq!(error, SearchError::Pattern("unclosed group".to_owned()));
        let large = SearchQuery { text: "\\w{1000}".to_owned(), regex: true };
        assert!(matches!(Search::new(&large), Err(SearchError::PatternTooLarge { .. })));
    }

    #[test]
    fn a_text_that_is_too_long_is_not_called_a_regular_expression() {
        for bytes in [60_000, 1_000_000] {
            match Search::new(&SearchQuery { text: "ab c".repeat(bytes / 4), regex: false }) {
                Ok(_) => assert!(bytes <= TEXT_BYTES_MAX),
                Err(error) => assert_eq!(error, SearchError::TextTooLong { bytes }),
            }
        }
    }

    fn model_with(payloads: &[(&str, &Bytes)]) -> Model {
        let mut model = Model::new(Limits::default());
        for (topic, payload) in payloads {
            let (flags, arrived) = (Flags::default(), Timestamp(0));
            let payload = Payload::Large(payload);
            let topic = topic.as_bytes();
            model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).unwrap();
        }
        model.roll_up(Timestamp(0));
        model
    }

    /// CPU time of this thread, so that other load does not count.
    #[cfg(unix)]
    fn cpu_time() -> Duration {
        let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(now.tv_sec.unsigned_abs(), now.tv_nsec as u32)
    }

    #[cfg(not(unix))]
    fn cpu_time() -> Duration {
        static BEGAN: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
        BEGAN.get_or_init(Instant::now).elapsed()
    }

    /// Searches to the end; also returns the longest time that one step took.
    fn run(model: &mut Model, mut search: Search, patience: Duration) -> (SearchProgress, Duration) {
        search.patience = Patience { each: patience, all: patience * 10 };
        model.set_filter(Some(Box::new(search)));
        let began = Instant::now();
        let mut longest = Duration::ZERO;
        loop {
            let step = cpu_time();
            let progress = model.search_step(512);
            longest = longest.max(cpu_time().saturating_sub(step));
            if progress.done {
                return (progress, longest);
            }
            assert!(began.elapsed() < Duration::from_secs(100), "{progress:?}");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    #[test]
    fn a_slow_regular_expression_never_holds_the_model_and_says_where_it_gave_up() {
        let mut random = fastrand::Rng::with_seed(15);
        let large: Bytes = (0..100 << 20).map(|_| if random.bool() { b'a' } else { b'b' }).collect();
        let small = Bytes::from([vec![b'a'; 40_000], b"9".to_vec()].concat());
        let mut model =
            model_with(&[("large", &large), ("small", &small), ("other", &Bytes::from_static(b"b"))]);
        let pattern = "a[ab]{60}[c-z0-9]";
        let (progress, longest) = run(&mut model, search(pattern, true), Duration::ZERO);
        assert_eq!((progress.matches, progress.given_up, progress.scanned), (1, 1, 3));
        let looked_at = progress.looked_at_bytes;
        assert!(looked_at > 0 && looked_at < large.len() as u64, "{looked_at}");
        assert!(longest < Duration::from_millis(16), "{longest:?}");
        // Messages that arrive during the search must not take long either.
        let began = cpu_time();
        model
            .apply(MessageRef {
                topic: b"large",
                payload: Payload::Large(&large),
                flags: Flags::default(),
                properties: None,
                arrived: Timestamp(1),
            })
            .unwrap();
        model.roll_up(Timestamp(1));
        let took = cpu_time().saturating_sub(began);
        assert!(took < Duration::from_millis(16), "{took:?}");
        assert!(!model.search_step(1).done);
    }

    #[test]
    fn text_is_found_in_the_last_bytes_of_a_large_payload() {
        let mut bytes = vec![b'x'; 64 << 20];
        bytes.extend_from_slice(b"Needle");
        let large = Bytes::from(bytes);
        let mut model = model_with(&[("large", &large), ("other", &Bytes::from_static(b"needless"))]);
        let (progress, longest) = run(&mut model, search("needle", false), Duration::from_secs(50));
        assert_eq!((progress.matches, progress.given_up), (2, 0));
        assert!(longest < Duration::from_millis(16), "{longest:?}");
    }
}
