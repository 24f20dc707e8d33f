//! How two topic filters relate: whether one takes everything that the other takes, or some of it.
//!
//! A client that is subscribed to both may get such messages twice (MQTT 5.0, 3.3.4; MQTT 3.1.1, 3.3.5), which is
//! worth pointing out. Of shared subscriptions, the filters inside count: each group gets its own copy.
//!
//! Both functions are meant for filters that [`check_filter`](crate::mqtt::filter::check_filter) accepts. They answer
//! for any other text too, and never panic.

use crate::mqtt::filter::inner_of_shared;

/// Whether every topic that `narrow` matches is matched by `wide` too. A filter covers itself.
pub fn covers(wide: &str, narrow: &str) -> bool {
    let (wide, narrow) = (inner(wide), inner(narrow));
    if begins_with_wildcard(wide) && begins_with_dollar(narrow) {
        return false;
    }
    // `#` alone needs a level too, so `+/#` takes all that it takes; further down it takes the level above as well.
    if narrow == "#" {
        return matches!(wide, "#" | "+/#");
    }
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

/// Whether there is a topic that both filters match.
pub fn overlaps(a: &str, b: &str) -> bool {
    let (a, b) = (inner(a), inner(b));
    if (begins_with_wildcard(a) && begins_with_dollar(b))
        || (begins_with_wildcard(b) && begins_with_dollar(a))
    {
        return false;
    }
    // `/#` takes the level above it too, but that is the empty topic, which nobody can publish to.
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
    // What is cut off ends with a slash, so this is never the middle of a character.
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

    /// Every topic of up to five levels over a few names, one of them in no filter.
    fn topics() -> Vec<String> {
        const NAMES: [&str; 5] = ["", "a", "b", "other", "$s"];
        let mut all: Vec<String> = NAMES.iter().map(|name| (*name).to_owned()).collect();
        let mut longest = all.clone();
        for _ in 1..5 {
            longest = longest
                .iter()
                .flat_map(|topic| NAMES.iter().map(move |name| format!("{topic}/{name}")))
                .collect();
            all.extend(longest.iter().cloned());
        }
        all.retain(|topic| !topic.is_empty());
        all
    }

    fn filter() -> impl Strategy<Value = String> {
        let level = prop::sample::select(vec!["", "a", "b", "+", "$s", "a"]);
        let levels = prop::collection::vec(level, 1..5);
        (levels, any::<bool>(), prop::sample::select(vec!["", "", "", "$share/group/"]))
            .prop_map(|(mut levels, open, share)| {
                if open {
                    levels.pop();
                    levels.push("#");
                }
                format!("{share}{}", levels.join("/"))
            })
            .prop_filter("a filter", |filter| check_filter(filter).is_ok())
    }

    proptest! {
        /// Held against what `matches` says of every topic that could tell them apart.
        #[test]
        fn covering_and_overlapping_are_what_matching_says(a in filter(), b in filter()) {
            thread_local!(static TOPICS: Vec<String> = topics());
            let (mut covered, mut common) = (true, false);
            TOPICS.with(|topics| {
                for topic in topics {
                    let (by_a, by_b) =
                        (matches(a.as_bytes(), topic.as_bytes()), matches(b.as_bytes(), topic.as_bytes()));
                    covered &= by_a || !by_b;
                    common |= by_a && by_b;
                }
            });
            prop_assert_eq!(covers(&a, &b), covered, "{} covers {}", a, b);
            prop_assert_eq!(overlaps(&a, &b), common, "{} overlaps {}", a, b);
        }

        #[test]
        fn any_text_is_answered(a in ".*", b in "[ab+#/$]{0,12}") {
            covers(&a, &b);
            overlaps(&b, &a);
        }
    }
}
