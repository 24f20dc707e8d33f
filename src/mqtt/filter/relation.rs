//! How two topic filters relate: whether one matches everything that the other matches, or part of it.
//!
//! A client subscribed to both may receive such messages twice (MQTT 5.0, 3.3.4; MQTT 3.1.1, 3.3.5), which is worth
//! pointing out. For shared subscriptions the inner filters are compared: each group gets its own copy.
//!
//! Both functions expect filters that [`check_filter`](crate::mqtt::filter::check_filter) accepts. They answer for any
//! other text too and never panic.

use crate::mqtt::filter::inner_of_shared;

/// Whether `wide` matches every topic that `narrow` matches. A filter covers itself.
pub fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (inner(wide), inner(narrow));
    if begins_with_wildcard(wide) && begins_with_dollar(narrow) {
        return false;
    }
    // The level above these two is the empty topic, which nobody can publish to, so they need at least one more level.
    let narrow = match narrow {
        "#" => "+/#",
        "/#" => "/+/#",
        narrow => narrow,
    };
    let mut narrow = narrow.split('/');
    for level in wide.split('/') {
        match (level, narrow.next()) {
            ("#", _) => return true,
            ("+", Some(other)) if other != "#" => {}
            (level, Some(other)) if level == other => {}
            _ => return false,
        }
    }
    narrow.next().is_none()
}

/// Whether some topic matches both filters.
pub fn overlaps(a: &str, b: &str) -> bool {
    let (a, b) = (inner(a), inner(b));
    if (begins_with_wildcard(a) && begins_with_dollar(b))
        || (begins_with_wildcard(b) && begins_with_dollar(a))
    {
        return false;
    }
    // `/#` also matches its parent level, but that is the empty topic, which nobody can publish to.
    if matches!((a, b), ("+", "/#") | ("/#", "+")) {
        return false;
    }
    let (mut a, mut b) = (a.split('/'), b.split('/'));
    loop {
        match (a.next(), b.next()) {
            (Some("#"), _) | (_, Some("#")) | (None, None) => return true,
            (Some("+"), Some(_)) | (Some(_), Some("+")) => {}
            (Some(a), Some(b)) if a == b => {}
            _ => return false,
        }
    }
}

fn inner(filter: &str) -> &str {
    // The prefix cut off ends with a slash, so the rest never begins inside a character.
    std::str::from_utf8(inner_of_shared(filter.as_bytes())).unwrap_or(filter)
}

fn begins_with_wildcard(filter: &str) -> bool {
    filter.starts_with(['+', '#'])
}

fn begins_with_dollar(filter: &str) -> bool {
    filter.starts_with('$')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mqtt::filter::{check_filter, matches};

    #[test]
    fn ordinary_filters_are_compared_as_a_person_would() {
        for (wide, narrow) in [
            ("#", "plant/+/state"),
            ("plant/#", "plant/+/state"),
            ("plant/#", "plant"),
            ("plant/+", "plant/a"),
            ("+/#", "#"),
            ("/+/#", "/#"),
            ("+/+/#", "/#"),
            ("$share/g/a/#", "a/b"),
            ("$SYS/#", "$SYS/broker/uptime"),
        ] {
            assert!(covers(wide, narrow), "{wide} covers {narrow}");
            assert!(overlaps(wide, narrow) && overlaps(narrow, wide), "{wide} and {narrow} overlap");
        }
        for (wide, narrow) in [("plant/+", "plant/#"), ("a/+/#", "a/#"), ("#", "$SYS/#"), ("+/a", "$SYS/a")] {
            assert!(!covers(wide, narrow), "{wide} does not cover {narrow}");
        }
        assert!(overlaps("a/+", "+/b") && !covers("a/+", "+/b") && !covers("+/b", "a/+"));
        assert!(!overlaps("+", "/#") && !overlaps("/#", "+"), "they share the empty topic, which is none");
        assert!(!overlaps("#", "$SYS/#") && !overlaps("a/+", "b/+") && !overlaps("a", "a/b"));
    }

    /// Every text of one to `levels_max` levels made of `names`.
    fn texts(names: &[&str], levels_max: usize) -> Vec<String> {
        let mut all: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut longest = all.clone();
        for _ in 1..levels_max {
            longest = longest
                .iter()
                .flat_map(|text| names.iter().map(move |name| format!("{text}/{name}")))
                .collect();
            all.extend(longest.iter().cloned());
        }
        all.retain(|text| !text.is_empty());
        all
    }

    /// Compares every pair of filters of up to four levels with what `matches` says about every topic that could tell
    /// them apart: one level more, and a name that occurs in no filter.
    #[test]
    fn covering_and_overlapping_are_what_matching_says() {
        let topics = texts(&["", "a", "other", "$s"], 5);
        let mut filters = texts(&["", "a", "+", "$s"], 4);
        let open: Vec<String> = texts(&["", "a", "+", "$s"], 3);
        filters.extend(open.iter().map(|levels| format!("{levels}/#")));
        filters.extend(["#", "/#", "$share/group/+/#", "$share/group//#"].map(str::to_owned));
        let matched: Vec<Vec<bool>> = filters
            .iter()
            .map(|filter| {
                assert_eq!(check_filter(filter), Ok(()), "{filter}");
                topics.iter().map(|topic| matches(filter.as_bytes(), topic.as_bytes())).collect()
            })
            .collect();
        for (a, by_a) in filters.iter().zip(&matched) {
            for (b, by_b) in filters.iter().zip(&matched) {
                let both = || by_a.iter().zip(by_b);
                assert_eq!(covers(a, b), both().all(|(a, b)| *a || !b), "{a} covers {b}");
                assert_eq!(overlaps(a, b), both().any(|(a, b)| *a && *b), "{a} overlaps {b}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_answered(a in ".*", b in "[ab+#/$]{0,12}") {
            covers(&a, &b);
            overlaps(&b, &a);
        }
    }
}
