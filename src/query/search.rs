//! What the search field means: plain text, an MQTT topic filter or a regular expression.

use regex::bytes::{Regex, RegexBuilder};

use crate::model::Matcher;
use crate::mqtt::filter;
use crate::query::text_finder::TextFinder;

/// A regular expression larger than this in memory is refused.
const REGEX_BYTES_MAX: usize = 4 * 1024 * 1024;

/// A longer text is not looked for: it is longer than any topic, and takes seconds to prepare.
const TEXT_BYTES_MAX: usize = 64 * 1024;

/// What the search field holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchQuery {
    /// As typed.
    pub text: String,
    /// Whether the text is a regular expression.
    pub regex: bool,
}

/// How a query is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// Text anywhere in a topic or its newest payload, upper and lower case alike.
    Text,
    /// The topics that a subscription to it would deliver.
    Filter,
    /// A regular expression over topics and newest payloads, upper and lower case alike.
    Regex,
}

/// A query, ready to be asked of a million topics.
#[derive(Clone, Debug)]
pub struct Search {
    /// How the text was read.
    pub meaning: Meaning,
    /// What is marked in the rows; `None` for a topic filter.
    pub pattern: Option<Regex>,
    filter: Option<String>,
    /// Answers quickly for plain text, where it can.
    text: Option<TextFinder>,
}

/// Why a text cannot be searched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SearchError {
    /// It is no regular expression: the reason as the crate `regex` words it.
    Pattern(String),
    /// It is plain text of so many bytes; nothing so long can be looked for.
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
    /// Reads a query.
    pub fn new(query: &SearchQuery) -> Result<Self, SearchError> {
        if query.regex {
            let pattern = compile(&query.text)?;
            return Ok(Self { meaning: Meaning::Regex, pattern: Some(pattern), filter: None, text: None });
        }
        if looks_like_filter(&query.text) {
            return Ok(Self {
                meaning: Meaning::Filter,
                pattern: None,
                filter: Some(query.text.clone()),
                text: None,
            });
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
        Ok(Self { meaning: Meaning::Text, pattern: Some(pattern), filter: None, text })
    }
}

fn compile(pattern: &str) -> Result<Regex, SearchError> {
    let built = RegexBuilder::new(pattern).case_insensitive(true).size_limit(REGEX_BYTES_MAX).build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(bytes_max) => SearchError::PatternTooLarge { bytes_max },
        error => {
            // The last line of the crate's message is the reason; the ones before draw the pattern.
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
        self.pattern.as_ref().is_some_and(|pattern| self.finds(pattern, payload))
    }
}

impl Search {
    fn finds(&self, pattern: &Regex, haystack: &[u8]) -> bool {
        let quickly = self.text.as_ref().and_then(|text| text.is_in(haystack));
        quickly.unwrap_or_else(|| pattern.is_match(haystack))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
