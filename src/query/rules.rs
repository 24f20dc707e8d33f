//! Decoder rules: a person says which decoder reads the messages of which topics.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::mqtt::filter::matches;
use crate::payload::decode::{Choice, ChoiceError, Format};
use crate::payload::schema::SchemaFiles;

/// A topic filter and the decoder for its topics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The topic filter.
    pub filter: String,
    /// The decoder and its options as the person wrote them.
    pub decoder: String,
    /// What reads the payloads. If the options are wrong, it says so for every payload; `None` if there is no such
    /// decoder.
    pub choice: Option<Choice>,
    /// Why the decoder cannot be used.
    pub error: Option<ChoiceError>,
}

impl Rule {
    /// Prepares a rule that names no schema.
    pub fn new(filter: impl Into<String>, decoder: impl Into<String>) -> Self {
        Self::with_files(filter, decoder, &SchemaFiles::default())
    }

    /// A rule whose schema is still to be read: it reads nothing.
    pub fn waiting(filter: impl Into<String>, decoder: impl Into<String>) -> Self {
        Self { filter: filter.into(), decoder: decoder.into(), choice: None, error: None }
    }

    /// Prepares a rule. A schema that it names is read through `files`.
    pub fn with_files(filter: impl Into<String>, decoder: impl Into<String>, files: &SchemaFiles) -> Self {
        let (filter, decoder) = (filter.into(), decoder.into());
        let (choice, error) = match Choice::read(&decoder, files) {
            Ok(choice) => (Some(choice), None),
            Err(error) => (Choice::unusable(&decoder, &error), Some(error)),
        };
        Self { filter, decoder, choice, error }
    }
}

/// Whether preparing a decoder reads files, which has no place in a frame.
pub fn names_a_file(decoder: &str) -> bool {
    let (format, options) = unpacked(decoder);
    let has_schema = match format {
        Some(Format::Protobuf | Format::Avro | Format::Command) => true,
        Some(format) => format.takes_json_schema(),
        None => false,
    };
    has_schema && !options.is_empty()
}

/// The line that starts the program of a decoder; `None` if it is another kind of decoder.
pub fn program_of(decoder: &str) -> Option<&str> {
    let (format, line) = unpacked(decoder);
    (format == Some(Format::Command)).then_some(line)
}

/// The format that reads what is left when nothing is packed any more, and its options.
fn unpacked(mut decoder: &str) -> (Option<Format>, &str) {
    loop {
        let (id, options) = decoder.split_once(':').unwrap_or((decoder, ""));
        match Format::of_id(id.trim()) {
            Some(Format::Brotli) => decoder = options,
            format => return (format, options.trim()),
        }
    }
}

/// The rules of a session, prepared to be looked up. A copy shares them with the original.
#[derive(Clone, Debug, Default)]
pub struct Rules(Arc<Sorted>);

#[derive(Debug, Default)]
struct Sorted {
    /// In the person's order.
    all: Vec<Rule>,
    /// Rules for a single topic, by its name.
    exact: FxHashMap<Box<[u8]>, usize>,
    /// The other rules, the most specific first.
    wild: Vec<usize>,
    files: SchemaFiles,
}

/// Whether both are the same rules, not only equal ones.
impl PartialEq for Rules {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Rules {
    /// Prepares rules. Of two with the same filter the later one counts.
    pub fn new(rules: impl IntoIterator<Item = Rule>) -> Self {
        let all: Vec<Rule> = rules.into_iter().collect();
        let mut exact = FxHashMap::default();
        let mut wild = Vec::new();
        for (index, rule) in all.iter().enumerate() {
            if is_wild(&rule.filter) {
                wild.push(index);
            } else {
                exact.insert(rule.filter.as_bytes().into(), index);
            }
        }
        let key = |index: &usize| all.get(*index).map(|rule| (specificity(&rule.filter), *index));
        wild.sort_by_cached_key(|index| std::cmp::Reverse(key(index)));
        Self(Arc::new(Sorted { all, exact, wild, files: SchemaFiles::default() }))
    }

    /// The same rules, which know where further schemas are read.
    #[must_use]
    pub fn reading(self, files: SchemaFiles) -> Self {
        match Arc::try_unwrap(self.0) {
            Ok(sorted) => Self(Arc::new(Sorted { files, ..sorted })),
            Err(shared) => Self(shared),
        }
    }

    /// Where schemas are read.
    pub fn files(&self) -> &SchemaFiles {
        &self.0.files
    }

    /// The rules, in the person's order.
    pub fn iter(&self) -> impl Iterator<Item = &Rule> {
        self.0.all.iter()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.all.is_empty()
    }

    /// The rule for a topic: the most specific one that matches it.
    ///
    /// Of two filters that match a topic, the first level where they differ decides: a name is more specific than `+`,
    /// and both are than `#`. So `a/b/#` comes before `a/+/c`, which comes before `a/#`.
    pub fn of_topic(&self, topic: &[u8]) -> Option<&Rule> {
        let Sorted { all, exact, wild, .. } = &*self.0;
        let exact = exact.get(topic).and_then(|index| all.get(*index));
        exact.or_else(|| {
            let mut wild = wild.iter().filter_map(|index| all.get(*index));
            wild.find(|rule| matches(rule.filter.as_bytes(), topic))
        })
    }

    /// How the payloads of a topic are to be read by the rules.
    pub fn choice_of_topic(&self, topic: &[u8]) -> Option<&Choice> {
        self.of_topic(topic)?.choice.as_ref()
    }
}

fn is_wild(filter: &str) -> bool {
    filter.split('/').any(|level| matches!(level, "+" | "#"))
}

/// What filters that match the same topic are compared by, the higher the more specific.
fn specificity(filter: &str) -> Vec<u8> {
    let levels = filter.split('/').map(|level| match level {
        "#" => 0,
        "+" => 2,
        _ => 3,
    });
    // `a` is more specific than `a/#`, which matches it too.
    levels.chain([1]).collect()
}

/// A filter for topics like this one: levels with a digit, which tell one device from another, become `+`; without any
/// the last level but one does, or the first of two. `None` if the topic has a single level.
pub fn filter_of_topics_like(topic: &str) -> Option<String> {
    let levels: Vec<&str> = topic.split('/').collect();
    if levels.len() < 2 {
        return None;
    }
    let has_digit = |level: &&str| level.bytes().any(|byte| byte.is_ascii_digit());
    // The first level and the namespace of Sparkplug are names even with digits.
    let is_numbered = levels.iter().skip(1).any(has_digit);
    let one_above = levels.len() - 2;
    let like = levels.iter().enumerate().map(|(place, level)| {
        let varies = if is_numbered { place > 0 && has_digit(level) } else { place == one_above };
        if varies { "+" } else { level }
    });
    Some(like.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rules(filters: &[&str]) -> Rules {
        Rules::new(filters.iter().map(|filter| Rule::new(*filter, "cbor")))
    }

    fn wins<'r>(rules: &'r Rules, topic: &str) -> Option<&'r str> {
        rules.of_topic(topic.as_bytes()).map(|rule| rule.filter.as_str())
    }

    #[test]
    fn a_program_is_known_wherever_it_stands_in_a_decoder() {
        assert_eq!(program_of("command: python3 decode.py "), Some("python3 decode.py"));
        assert_eq!(program_of(" brotli : command:python3 decode.py"), Some("python3 decode.py"));
        assert_eq!(program_of(&format!("{}command:a", "brotli:".repeat(100_000))), Some("a"));
        for decoder in ["command", "struct:u8 command", "json:command:a", "brotli:json", "brotli"] {
            assert_ne!(program_of(decoder), Some("a"), "{decoder}");
        }
    }

    #[test]
    fn the_most_specific_rule_wins_whatever_the_order() {
        let mut filters = ["#", "a/#", "a/+", "a/+/c", "a/b/#", "a/b/c", "+/b/c", "+/+/#"];
        for _ in 0..filters.len() {
            filters.rotate_left(1);
            let rules = rules(&filters);
            let cases = [
                ("a/b/c", "a/b/c"),
                ("a/b/d", "a/b/#"),
                ("a/b", "a/b/#"),
                ("a/x/c", "a/+/c"),
                ("a/x", "a/+"),
                ("a/x/d", "a/#"),
                ("a", "a/#"),
                ("x/b/c", "+/b/c"),
                ("x/y/z", "+/+/#"),
                ("x", "#"),
            ];
            for (topic, filter) in cases {
                assert_eq!(wins(&rules, topic), Some(filter), "{topic}");
            }
        }
    }

    #[test]
    fn a_topic_without_a_rule_has_none_and_the_later_of_two_equal_ones_counts() {
        assert_eq!(wins(&rules(&["a/+"]), "b/c"), None);
        assert_eq!(wins(&rules(&["#", "+/b"]), "$SYS/b"), None, "wildcards leave out $SYS");
        for filter in ["a/+", "a/b"] {
            let rules = Rules::new([Rule::new(filter, "cbor"), Rule::new(filter, "messagepack")]);
            assert_eq!(rules.of_topic(b"a/b").unwrap().decoder, "messagepack");
        }
    }

    #[test]
    fn a_decoder_that_cannot_be_used_says_why_for_each_payload() {
        let rule = Rule::new("a", "numbers:u7");
        assert!(matches!(rule.error, Some(ChoiceError::Layout(_))));
        let choice = rule.choice.unwrap();
        assert_eq!(choice.to_string(), "numbers:u7");
        let limits = crate::payload::DecodeLimits::default();
        let decoded = choice.decoder().decode(b"1", &limits, &crate::payload::never);
        assert!(matches!(decoded, Err(crate::payload::decode::DecodeError::Unusable(_))));
        assert_eq!(Rule::new("a", "no such").choice, None);
    }

    #[test]
    fn topics_are_alike_that_differ_in_a_number_or_one_level() {
        let cases = [
            ("plant/hall-1/press-03/raw", Some("plant/+/+/raw")),
            ("home/kitchen/climate", Some("home/+/climate")),
            ("home/climate", Some("+/climate")),
            ("spBv1.0/group/NDATA/node", Some("spBv1.0/group/+/node")),
            ("zigbee2mqtt/0x00158d", Some("zigbee2mqtt/+")),
            ("single", None),
        ];
        for (topic, filter) in cases {
            assert_eq!(filter_of_topics_like(topic).as_deref(), filter, "{topic}");
        }
    }

    proptest! {
        #[test]
        fn a_filter_for_topics_like_one_matches_it(topic in "[a-c1-3]{0,2}(/[a-c1-3]{0,2}){1,4}") {
            let filter = filter_of_topics_like(&topic).unwrap();
            prop_assert!(matches(filter.as_bytes(), topic.as_bytes()), "{filter}");
            prop_assert!(filter.contains('+'), "{filter}");
        }

        #[test]
        fn a_rule_wins_only_where_it_matches_and_none_is_left_out(
            filters in proptest::collection::vec("([ab+]/){0,3}[ab+#]", 0..8),
            topic in "([ab]/){0,3}[ab]",
        ) {
            let filters: Vec<&str> = filters.iter().map(String::as_str).collect();
            let rules = rules(&filters);
            let any = filters.iter().any(|filter| matches(filter.as_bytes(), topic.as_bytes()));
            let won = wins(&rules, &topic);
            prop_assert_eq!(won.is_some(), any);
            prop_assert!(won.is_none_or(|filter| matches(filter.as_bytes(), topic.as_bytes())));
        }
    }
}
