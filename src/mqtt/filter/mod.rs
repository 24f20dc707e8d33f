//! Topic names and topic filters (MQTT 5.0, 4.7 and 4.8.2): what may be sent, and what matches what.
//!
//! Everything that leaves for a broker passes [`check_topic`] or [`check_filter`] first: a broker ends the connection
//! over what these refuse with a reason. The window uses the same checks to mark a field
//! while it is being typed, and [`matches()`] for searches that look like a filter.
//!
//! Never panics, whatever the bytes: brokers deliver topics that no specification allows.

mod relation;

pub use relation::{covers, overlaps};

/// The longest topic name or filter: its length travels in 16 bits (MQTT 5.0, 1.5.4).
pub const TOPIC_BYTES_MAX: usize = 65_535;

/// Why a topic name or a topic filter cannot be sent. The text is a sentence for the person who typed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Invalid {
    /// A topic needs at least one character (MQTT 5.0, 4.7.3).
    #[error("{0} is empty; it needs at least one character")]
    Empty(Kind),
    /// Longer than [`TOPIC_BYTES_MAX`].
    #[error("{kind} has {bytes} bytes; MQTT allows at most 65,535")]
    TooLong {
        /// Name or filter.
        kind: Kind,
        /// Its length in UTF-8.
        bytes: usize,
    },
    /// U+0000 is not allowed in any MQTT string (MQTT 5.0, 1.5.4).
    #[error("{kind} contains a NUL character at byte {at}, which MQTT does not allow")]
    Nul {
        /// Name or filter.
        kind: Kind,
        /// Byte offset of the character.
        at: usize,
    },
    /// Messages are published to names, never to filters (MQTT 5.0, 4.7.1).
    #[error("the topic contains the wildcard {0}; a message goes to one exact topic")]
    WildcardInTopic(char),
    /// `#` stands for all levels that follow, so nothing can follow it (MQTT 5.0, 4.7.1.2).
    #[error("# must be the last level of the topic filter")]
    HashNotLast,
    /// `#` shares its level with other characters.
    #[error("# must stand alone in its level, like a/#")]
    HashNotAlone,
    /// `+` shares its level with other characters (MQTT 5.0, 4.7.1.3).
    #[error("+ must stand alone in its level, like a/+/b")]
    PlusNotAlone,
    /// `$share` without a share name (MQTT 5.0, 4.8.2).
    #[error("a shared subscription needs a group name: $share/group/filter")]
    ShareWithoutGroup,
    /// A share name with a wildcard in it.
    #[error("the group name of a shared subscription cannot contain + or #")]
    ShareGroupWildcard,
    /// `$share/group` without a filter.
    #[error("a shared subscription needs a topic filter after its group: $share/group/filter")]
    ShareWithoutFilter,
}

/// What a text was checked as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The name of one topic.
    Topic,
    /// A pattern of topics.
    Filter,
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Topic => "the topic",
            Self::Filter => "the topic filter",
        })
    }
}

/// Whether a message can be published to `topic`.
pub fn check_topic(topic: &str) -> Result<(), Invalid> {
    check_text(topic, Kind::Topic)?;
    match topic.chars().find(|c| matches!(c, '+' | '#')) {
        Some(wildcard) => Err(Invalid::WildcardInTopic(wildcard)),
        None => Ok(()),
    }
}

/// Whether `filter` can be subscribed to, shared subscriptions included.
pub fn check_filter(filter: &str) -> Result<(), Invalid> {
    check_text(filter, Kind::Filter)?;
    let levels = match filter.strip_prefix("$share") {
        Some("") => return Err(Invalid::ShareWithoutGroup),
        Some(rest) if rest.starts_with('/') => check_share(&rest[1..])?,
        _ => filter,
    };
    let mut levels = levels.split('/').peekable();
    while let Some(level) = levels.next() {
        match level {
            "#" if levels.peek().is_some() => return Err(Invalid::HashNotLast),
            "#" | "+" => {}
            _ if level.contains('#') => return Err(Invalid::HashNotAlone),
            _ if level.contains('+') => return Err(Invalid::PlusNotAlone),
            _ => {}
        }
    }
    Ok(())
}

/// Checks what follows `$share/` and returns the filter in it.
fn check_share(rest: &str) -> Result<&str, Invalid> {
    let (group, filter) = rest.split_once('/').unwrap_or((rest, ""));
    if group.is_empty() {
        Err(Invalid::ShareWithoutGroup)
    } else if group.contains(['+', '#']) {
        Err(Invalid::ShareGroupWildcard)
    } else if filter.is_empty() {
        Err(Invalid::ShareWithoutFilter)
    } else {
        Ok(filter)
    }
}

fn check_text(text: &str, kind: Kind) -> Result<(), Invalid> {
    if text.is_empty() {
        return Err(Invalid::Empty(kind));
    }
    if text.len() > TOPIC_BYTES_MAX {
        return Err(Invalid::TooLong { kind, bytes: text.len() });
    }
    match text.bytes().position(|byte| byte == 0) {
        Some(at) => Err(Invalid::Nul { kind, at }),
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
/// A topic that begins with `$` is not matched by a filter that begins with a wildcard. Of a shared subscription
/// the filter within counts. Both sides may be any bytes: an invalid filter matches what its levels say.
pub fn matches(filter: &[u8], topic: &[u8]) -> bool {
    let filter = inner_of_shared(filter);
    if topic.first() == Some(&b'$') && matches!(filter.first(), Some(b'+' | b'#')) {
        return false;
    }
    let mut levels = topic.split(|&byte| byte == b'/');
    for wanted in filter.split(|&byte| byte == b'/') {
        match (wanted, levels.next()) {
            // Matches the parent level too: a/# takes a.
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
        assert_eq!(check_topic(""), Err(Invalid::Empty(Kind::Topic)));
        assert_eq!(check_topic("a/+"), Err(Invalid::WildcardInTopic('+')));
        assert_eq!(check_topic("a#b"), Err(Invalid::WildcardInTopic('#')));
        assert_eq!(check_topic("a\0"), Err(Invalid::Nul { kind: Kind::Topic, at: 1 }));
    }

    #[test]
    fn the_length_limit_counts_bytes() {
        assert_eq!(check_topic(&"a".repeat(65_535)), Ok(()));
        let long = "ü".repeat(32_768);
        assert_eq!(check_topic(&long), Err(Invalid::TooLong { kind: Kind::Topic, bytes: 65_536 }));
        assert_eq!(check_filter(&long), Err(Invalid::TooLong { kind: Kind::Filter, bytes: 65_536 }));
    }

    #[test]
    fn wildcards_stand_alone_and_the_hash_comes_last() {
        for filter in ["#", "+", "+/+", "/#", "a/+/b/#", "$SYS/#", "+/", "/+"] {
            assert_eq!(check_filter(filter), Ok(()), "{filter}");
        }
        for (filter, why) in [
            ("", Invalid::Empty(Kind::Filter)),
            ("#/a", Invalid::HashNotLast),
            ("#/", Invalid::HashNotLast),
            ("a#", Invalid::HashNotAlone),
            ("a/##", Invalid::HashNotAlone),
            ("+#", Invalid::HashNotAlone),
            ("a+/b", Invalid::PlusNotAlone),
            ("++", Invalid::PlusNotAlone),
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
            ("$share", Invalid::ShareWithoutGroup),
            ("$share/", Invalid::ShareWithoutGroup),
            ("$share//a", Invalid::ShareWithoutGroup),
            ("$share/group", Invalid::ShareWithoutFilter),
            ("$share/group/", Invalid::ShareWithoutFilter),
            ("$share/+/a", Invalid::ShareGroupWildcard),
            ("$share/group/a#", Invalid::HashNotAlone),
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

    /// What 4.7 says, word by word, without a thought for speed.
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
