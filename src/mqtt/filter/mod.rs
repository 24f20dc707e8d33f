//! Topic names and topic filters (MQTT 5.0, 4.7 and 4.8.2): what may be sent, and what matches what.
//!
//! Everything sent to a broker passes [`check_topic`] or [`check_filter`] first, because a broker ends the connection
//! over what these refuse. The window uses the same checks to mark a field during typing, and [`matches()`] for
//! searches that look like a filter.
//!
//! Nothing here panics, whatever the bytes: brokers deliver topics that no specification allows.

mod disjoint;
mod relation;

use crate::mqtt::limits::FIELD_BYTES_MAX;

pub use crate::mqtt::filter::disjoint::disjoint;
pub use relation::{covers, overlaps};

/// Why a topic name or a topic filter cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidTopic {
    /// A topic needs at least one character (MQTT 5.0, 4.7.3).
    Empty(TopicKind),
    /// Longer than [`FIELD_BYTES_MAX`].
    TooLong {
        /// Name or filter.
        kind: TopicKind,
        /// Length in UTF-8 bytes.
        bytes: usize,
    },
    /// U+0000 is not allowed in any MQTT string (MQTT 5.0, 1.5.4).
    Nul {
        /// Name or filter.
        kind: TopicKind,
        /// Byte offset of the character.
        at: usize,
    },
    /// Messages are published to names, never to filters (MQTT 5.0, 4.7.1).
    WildcardInTopic(char),
    /// `#` stands for all levels that follow, so nothing can follow it (MQTT 5.0, 4.7.1.2).
    HashNotLast,
    /// `#` shares its level with other characters.
    HashNotAlone,
    /// `+` shares its level with other characters (MQTT 5.0, 4.7.1.3).
    PlusNotAlone,
    /// `$share` without a share name (MQTT 5.0, 4.8.2).
    ShareWithoutGroup,
    /// A share name with a wildcard in it.
    ShareGroupWildcard,
    /// `$share/group` without a filter.
    ShareWithoutFilter,
}

/// What a text was checked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicKind {
    /// The name of one topic.
    Name,
    /// A pattern of topics.
    Filter,
}

/// Whether a message can be published to `topic`.
pub fn check_topic(topic: &str) -> Result<(), InvalidTopic> {
    check_text(topic, TopicKind::Name)?;
    match topic.chars().find(|c| matches!(c, '+' | '#')) {
        Some(wildcard) => Err(InvalidTopic::WildcardInTopic(wildcard)),
        None => Ok(()),
    }
}

/// Whether `filter` can be subscribed to, shared subscriptions included.
pub fn check_filter(filter: &str) -> Result<(), InvalidTopic> {
    check_text(filter, TopicKind::Filter)?;
    let levels = match filter.strip_prefix("$share") {
        Some("") => return Err(InvalidTopic::ShareWithoutGroup),
        Some(rest) if rest.starts_with('/') => check_share(&rest[1..])?,
        _ => filter,
    };
    let mut levels = levels.split('/').peekable();
    while let Some(level) = levels.next() {
        match level {
            "#" if levels.peek().is_some() => return Err(InvalidTopic::HashNotLast),
            "#" | "+" => {}
            _ if level.contains('#') => return Err(InvalidTopic::HashNotAlone),
            _ if level.contains('+') => return Err(InvalidTopic::PlusNotAlone),
            _ => {}
        }
    }
    Ok(())
}

/// Checks what follows `$share/` and returns the filter in it.
fn check_share(rest: &str) -> Result<&str, InvalidTopic> {
    let (group, filter) = rest.split_once('/').unwrap_or((rest, ""));
    if group.is_empty() {
        Err(InvalidTopic::ShareWithoutGroup)
    } else if group.contains(['+', '#']) {
        Err(InvalidTopic::ShareGroupWildcard)
    } else if filter.is_empty() {
        Err(InvalidTopic::ShareWithoutFilter)
    } else {
        Ok(filter)
    }
}

fn check_text(text: &str, kind: TopicKind) -> Result<(), InvalidTopic> {
    if text.is_empty() {
        return Err(InvalidTopic::Empty(kind));
    }
    if text.len() > FIELD_BYTES_MAX {
        return Err(InvalidTopic::TooLong { kind, bytes: text.len() });
    }
    match text.bytes().position(|byte| byte == 0) {
        Some(at) => Err(InvalidTopic::Nul { kind, at }),
        None => Ok(()),
    }
}

/// Whether a text contains a wildcard level, so that it can stand for several topics.
pub fn has_wildcards(filter: &str) -> bool {
    filter.split('/').any(|level| matches!(level, "+" | "#"))
}

/// The group and the filter of a shared subscription: `$share/group/filter`.
pub fn shared(filter: &str) -> Option<(&str, &str)> {
    let (group, filter) = filter.strip_prefix("$share/")?.split_once('/')?;
    (!group.is_empty() && !filter.is_empty()).then_some((group, filter))
}

/// Whether a message on `topic` would be delivered to a subscription to `filter` (MQTT 5.0, 4.7.1 and 4.7.2).
///
/// A filter that begins with a wildcard does not match a topic that begins with `$`. For a shared subscription the
/// inner filter is matched. Either side may be any bytes; the levels of an invalid filter are compared as they are.
pub fn matches(filter: &[u8], topic: &[u8]) -> bool {
    let filter = inner_of_shared(filter);
    if topic.first() == Some(&b'$') && matches!(filter.first(), Some(b'+' | b'#')) {
        return false;
    }
    let mut levels = topic.split(|&byte| byte == b'/');
    for wanted in filter.split(|&byte| byte == b'/') {
        match (wanted, levels.next()) {
            // Matches the parent level too: a/# matches a.
            (b"#", _) => return true,
            (b"+", Some(_)) => {}
            (wanted, Some(level)) if wanted == level => {}
            _ => return false,
        }
    }
    levels.next().is_none()
}

fn inner_of_shared(filter: &[u8]) -> &[u8] {
    filter
        .strip_prefix(b"$share/")
        .and_then(|rest| rest.iter().position(|&byte| byte == b'/').and_then(|at| rest.get(at + 1..)))
        .unwrap_or(filter)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn ordinary_topics_are_allowed() {
        for topic in ["a", "/", "a/b", "/a//b/", "$SYS/broker/uptime", "温度/客厅", "a b/c", "üb/x"] {
            assert_eq!(check_topic(topic), Ok(()), "{topic}");
            assert_eq!(check_filter(topic), Ok(()), "{topic}");
        }
    }

    #[test]
    fn topics_with_wildcards_or_nul_or_nothing_are_refused() {
        assert_eq!(check_topic(""), Err(InvalidTopic::Empty(TopicKind::Name)));
        assert_eq!(check_topic("a/+"), Err(InvalidTopic::WildcardInTopic('+')));
        assert_eq!(check_topic("a#b"), Err(InvalidTopic::WildcardInTopic('#')));
        assert_eq!(check_topic("a\0"), Err(InvalidTopic::Nul { kind: TopicKind::Name, at: 1 }));
    }

    #[test]
    fn the_length_limit_counts_bytes() {
        assert_eq!(check_topic(&"a".repeat(65_535)), Ok(()));
        let long = "ü".repeat(32_768);
        assert_eq!(check_topic(&long), Err(InvalidTopic::TooLong { kind: TopicKind::Name, bytes: 65_536 }));
        assert_eq!(
            check_filter(&long),
            Err(InvalidTopic::TooLong { kind: TopicKind::Filter, bytes: 65_536 })
        );
    }

    #[test]
    fn wildcards_stand_alone_and_the_hash_comes_last() {
        for filter in ["#", "+", "+/+", "/#", "a/+/b/#", "$SYS/#", "+/", "/+"] {
            assert_eq!(check_filter(filter), Ok(()), "{filter}");
        }
        for (filter, why) in [
            ("", InvalidTopic::Empty(TopicKind::Filter)),
            ("#/a", InvalidTopic::HashNotLast),
            ("#/", InvalidTopic::HashNotLast),
            ("a#", InvalidTopic::HashNotAlone),
            ("a/##", InvalidTopic::HashNotAlone),
            ("+#", InvalidTopic::HashNotAlone),
            ("a+/b", InvalidTopic::PlusNotAlone),
            ("++", InvalidTopic::PlusNotAlone),
        ] {
            assert_eq!(check_filter(filter), Err(why), "{filter}");
        }
    }

    #[test]
    fn shared_subscriptions_are_recognised_and_checked() {
        assert_eq!(check_filter("$share/group/a/#"), Ok(()));
        assert_eq!(shared("$share/group/a/#"), Some(("group", "a/#")));
        assert_eq!(shared("$share/group"), None);
        assert_eq!(shared("$shared/group/a"), None);
        for (filter, why) in [
            ("$share", InvalidTopic::ShareWithoutGroup),
            ("$share/", InvalidTopic::ShareWithoutGroup),
            ("$share//a", InvalidTopic::ShareWithoutGroup),
            ("$share/group", InvalidTopic::ShareWithoutFilter),
            ("$share/group/", InvalidTopic::ShareWithoutFilter),
            ("$share/+/a", InvalidTopic::ShareGroupWildcard),
            ("$share/group/a#", InvalidTopic::HashNotAlone),
        ] {
            assert_eq!(check_filter(filter), Err(why), "{filter}");
        }
    }

    #[test]
    fn the_specifications_own_examples_match() {
        for (filter, topic, expected) in [
            ("sport/tennis/player1/#", "sport/tennis/player1", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/ranking", true),
            ("sport/tennis/player1/#", "sport/tennis/player1/score/wimbledon", true),
            ("sport/#", "sport", true),
            ("sport/tennis/+", "sport/tennis/player1", true),
            ("sport/tennis/+", "sport/tennis/player1/ranking", false),
            ("sport/+", "sport", false),
            ("sport/+", "sport/", true),
            ("+/+", "/finance", true),
            ("/+", "/finance", true),
            ("+", "/finance", false),
            ("#", "$SYS/broker", false),
            ("+/monitor/Clients", "$SYS/monitor/Clients", false),
            ("$SYS/#", "$SYS/broker", true),
            ("$SYS/monitor/+", "$SYS/monitor/Clients", true),
            ("a", "A", false),
            ("/a", "a", false),
            ("$share/g/a/+", "a/b", true),
        ] {
            assert_eq!(matches(filter.as_bytes(), topic.as_bytes()), expected, "{filter} and {topic}");
        }
    }

    /// MQTT 5.0, 4.7 word for word, with no regard for speed.
    fn naive(filter: &[&str], topic: &[&str]) -> bool {
        match (filter, topic) {
            (["#", ..], _) | ([], []) => true,
            (["+", filter @ ..], [_, topic @ ..]) => naive(filter, topic),
            ([wanted, filter @ ..], [level, topic @ ..]) if wanted == level => naive(filter, topic),
            _ => false,
        }
    }

    proptest! {
        #[test]
        fn matching_agrees_with_a_naive_reading_of_the_specification(
            filter in "(\\+|[ab]?)(/(\\+|[ab]?)){0,4}(/#)?",
            topic in "[ab]?(/[ab]?){0,5}",
        ) {
            let levels: Vec<_> = filter.split('/').collect();
            let names: Vec<_> = topic.split('/').collect();
            prop_assert_eq!(matches(filter.as_bytes(), topic.as_bytes()), naive(&levels, &names));
        }

        #[test]
        fn any_bytes_are_matched_without_a_panic(filter: Vec<u8>, topic: Vec<u8>) {
            matches(&filter, &topic);
            prop_assert!(topic.first() == Some(&b'$') || matches(b"#", &topic));
        }

        #[test]
        fn any_text_is_checked_without_a_panic(text in "\\PC*|[$share/+#a\\x00]{0,20}") {
            let topic = check_topic(&text);
            if topic.is_ok() {
                // A name is a filter for itself, unless it looks like a shared subscription.
                prop_assert!(check_filter(&text).is_ok() || text.starts_with("$share"));
                prop_assert!(text.starts_with("$share/") || matches(text.as_bytes(), text.as_bytes()));
            }
        }
    }
}
