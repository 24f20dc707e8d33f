//! Three-way merges of our changes and somebody else's, both made since a common start.
//!
//! Pure functions, called by the documents. If only one side changed something, that side wins; if one side deleted
//! what the other changed, the change wins; if both changed it, ours is taken and theirs is handed back.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use toml::Table;
use toml::Value;

/// The result of merging two lists.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct MergedList<T> {
    /// The merged list.
    pub items: Vec<T>,
    /// Their versions of items that both changed; ours are in `items`.
    pub conflicts: Vec<T>,
}

/// Merges ordered lists whose items have a unique key.
///
/// If only one side changed the order, that order is used; an item that only one side has stays behind its
/// predecessor.
pub(super) fn lists<T, K>(base: &[T], ours: &[T], theirs: &[T], key: impl Fn(&T) -> K) -> MergedList<T>
where
    T: Clone + PartialEq,
    K: Eq + Hash + Clone,
{
    let keys = |list: &[T]| list.iter().map(&key).collect::<Vec<K>>();
    let (base_keys, our_keys, their_keys) = (keys(base), keys(ours), keys(theirs));
    let (mut order, rest) =
        if same_order(&base_keys, &our_keys) { (their_keys, our_keys) } else { (our_keys, their_keys) };
    insert_missing(&mut order, &rest);

    let (base, ours, theirs) = (by_key(base, &key), by_key(ours, &key), by_key(theirs, &key));
    let mut merged = MergedList { items: Vec::new(), conflicts: Vec::new() };
    for key in &order {
        let (item, conflict) = choose(base.get(key), ours.get(key), theirs.get(key));
        merged.items.extend(item.copied().cloned());
        merged.conflicts.extend(conflict.copied().cloned());
    }
    merged
}

/// Indexes a list by key, because searching a long list for each item would be slow.
fn by_key<T, K: Eq + Hash>(list: &[T], key: impl Fn(&T) -> K) -> HashMap<K, &T> {
    list.iter().map(|item| (key(item), item)).collect()
}

/// Which version of an item to keep, and their version if both changed it.
fn choose<T: PartialEq + Copy>(
    base: Option<T>,
    ours: Option<T>,
    theirs: Option<T>,
) -> (Option<T>, Option<T>) {
    if ours == theirs || theirs == base {
        (ours, None)
    } else if ours == base || ours.is_none() {
        (theirs, None)
    } else {
        (ours, theirs)
    }
}

/// Whether the items in both lists are in the same order.
fn same_order<K: Eq + Hash>(a: &[K], b: &[K]) -> bool {
    let (in_a, in_b): (HashSet<_>, HashSet<_>) = (a.iter().collect(), b.iter().collect());
    a.iter().filter(|key| in_b.contains(key)).eq(b.iter().filter(|key| in_a.contains(key)))
}

/// Inserts the items of `list` that `order` lacks, each behind its predecessor in `list`.
fn insert_missing<K: Eq + Hash + Clone>(order: &mut Vec<K>, list: &[K]) {
    let present: HashSet<K> = order.iter().cloned().collect();
    let mut before: Option<&K> = None;
    for key in list {
        if !present.contains(key) {
            let at = before.and_then(|before| order.iter().position(|k| k == before)).map_or(0, |at| at + 1);
            order.insert(at, key.clone());
        }
        before = Some(key);
    }
}

/// Merges tables value by value; if both sides changed a value, ours is taken.
pub(super) fn tables(base: &Table, ours: &Table, theirs: &Table) -> Table {
    let keys: HashSet<&String> = ours.keys().chain(theirs.keys()).collect();
    let mut merged = Table::new();
    for key in keys {
        let (base, ours, theirs) = (base.get(key), ours.get(key), theirs.get(key));
        let value = if let (Some(Value::Table(ours)), Some(Value::Table(theirs))) = (ours, theirs) {
            let nothing = Table::new();
            let base = base.and_then(Value::as_table).unwrap_or(&nothing);
            Some(Value::Table(tables(base, ours, theirs)))
        } else {
            choose(base, ours, theirs).0.cloned()
        };
        if let Some(value) = value {
            merged.insert(key.clone(), value);
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    type Item = (char, u32);

    fn list(text: &str) -> Vec<Item> {
        let digits = |c: char| c.to_digit(10).unwrap();
        text.split_whitespace()
            .map(|item| (item.chars().next().unwrap(), item.chars().nth(1).map_or(0, digits)))
            .collect()
    }

    fn merged(base: &str, ours: &str, theirs: &str) -> (Vec<Item>, Vec<Item>) {
        let MergedList { items, conflicts } = lists(&list(base), &list(ours), &list(theirs), |item| item.0);
        (items, conflicts)
    }

    #[test]
    fn each_side_keeps_what_it_changed() {
        assert_eq!(merged("a b c", "a1 b c", "a b2 c"), (list("a1 b2 c"), vec![]));
        assert_eq!(
            merged("a b c", "a c", "a b c3"),
            (list("a c3"), vec![]),
            "we deleted, they changed another"
        );
        assert_eq!(merged("a", "a x", "a y"), (list("a x y"), vec![]), "both added");
    }

    #[test]
    fn a_change_outlives_a_deletion() {
        assert_eq!(merged("a b", "a", "a b1"), (list("a b1"), vec![]));
        assert_eq!(merged("a b", "a b1", "a"), (list("a b1"), vec![]));
        assert_eq!(merged("a b", "a", "a"), (list("a"), vec![]));
    }

    #[test]
    fn what_both_changed_is_handed_back() {
        assert_eq!(merged("a b", "a1 b", "a2 b"), (list("a1 b"), list("a2")));
        assert_eq!(merged("a b", "a1 b", "a1 b"), (list("a1 b"), vec![]), "both made the same change");
    }

    #[test]
    fn the_order_of_who_moved_something_holds() {
        assert_eq!(merged("a b c", "c a b", "a b c1"), (list("c1 a b"), vec![]));
        assert_eq!(merged("a b c", "a b c x", "b a c"), (list("b a c x"), vec![]));
        assert_eq!(merged("a b c", "a x b c", "c b a"), (list("c b a x"), vec![]), "x stays behind a");
    }

    #[test]
    fn tables_merge_value_by_value() {
        let table = |text: &str| toml::from_str::<Table>(text).unwrap();
        let base = table("a = 1\nb = 1\n[window]\nx = 1\ny = 1");
        let ours = table("a = 2\nb = 1\n[window]\nx = 1\ny = 2");
        let theirs = table("a = 1\nb = 3\nnew = 1\n[window]\nx = 3\ny = 3");
        let expected = table("a = 2\nb = 3\nnew = 1\n[window]\nx = 3\ny = 2");
        assert_eq!(tables(&base, &ours, &theirs), expected);
    }
}
