//! Filters that do not overlap: a broker may send a message once for each subscription that matches it (MQTT 5.0,
//! 3.3.4), which whoever counts or answers messages must not see twice.

use crate::mqtt::filter::relation::overlaps;
use crate::mqtt::filter::{has_wildcards, shared};

/// Filters that match at least what these do, and no two of which match the same topic. Shared subscriptions stay as
/// they are.
pub fn disjoint(filters: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut apart: Vec<String> = Vec::new();
    let mut kept = Vec::new();
    for mut filter in filters {
        if shared(&filter).is_some() {
            kept.push(filter);
            continue;
        }
        // Without a wildcard on either side only equal ones overlap.
        let meets = |other: &String, filter: &str| {
            *other == filter || ((has_wildcards(other) || has_wildcards(filter)) && overlaps(other, filter))
        };
        while let Some(place) = apart.iter().position(|other| meets(other, &filter)) {
            filter = around(&apart.swap_remove(place), &filter);
        }
        apart.push(filter);
    }
    kept.extend(apart);
    kept
}

/// A filter that covers both.
fn around(a: &str, b: &str) -> String {
    let mut levels = Vec::new();
    let (mut ours, mut theirs) = (a.split('/'), b.split('/'));
    loop {
        match (ours.next(), theirs.next()) {
            (None, None) => break,
            (Some(one), Some(other)) if one == other => levels.push(one),
            (Some("#") | None, _) | (_, Some("#") | None) => {
                levels.push("#");
                break;
            }
            (Some(_), Some(_)) => levels.push("+"),
        }
    }
    levels.join("/")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::mqtt::filter::{check_filter, matches};

    fn apart(filters: &[&str]) -> Vec<String> {
        disjoint(filters.iter().map(|filter| (*filter).to_owned()))
    }

    #[test]
    fn overlapping_filters_become_one_that_covers_both() {
        assert_eq!(apart(&["a/b", "c", "a/b"]), ["c", "a/b"]);
        assert_eq!(apart(&["#", "x/end"]), ["#"]);
        assert_eq!(apart(&["a/+", "+/b"]), ["+/+"]);
        assert_eq!(apart(&["a/+/c", "a/#"]), ["a/#"]);
        assert_eq!(apart(&["#", "$SYS/#"]), ["#", "$SYS/#"]);
        assert_eq!(apart(&["$share/g/a", "a", "+"]), ["$share/g/a", "+"]);
    }

    proptest! {
        #[test]
        fn everything_is_matched_once(
            filters in prop::collection::vec("(a|b|\\+)(/(a|b|\\+)){0,2}(/#)?", 1..6),
            topic in "(a|b|c)(/(a|b|c)){0,3}",
        ) {
            let apart = disjoint(filters.clone());
            prop_assert!(apart.iter().all(|filter| check_filter(filter).is_ok()));
            let matching = |list: &[String]| {
                list.iter().filter(|filter| matches(filter.as_bytes(), topic.as_bytes())).count()
            };
            prop_assert!(matching(&apart) <= 1);
            prop_assert!(matching(&filters) == 0 || matching(&apart) == 1, "{filters:?} {apart:?}");
        }
    }
}
