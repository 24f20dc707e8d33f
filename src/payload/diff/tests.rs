//! Differences as a person would read them, and against a naive rule: the signs lead from old to new.

use std::fmt::Write;

use proptest::prelude::*;

use super::*;
use crate::payload::never;

fn compare(old: &[u8], new: &[u8]) -> Diff {
    diff(old, new, &DiffOptions::default(), &never).unwrap()
}

/// Rows as text: sign, then the line with its emphasis in brackets.
fn drawn(diff: &Diff) -> Vec<String> {
    diff.rows
        .iter()
        .map(|row| match row {
            DiffRow::Unchanged(lines) => format!("… {lines}"),
            DiffRow::Line(line) => {
                let sign = match line.sign {
                    Sign::Same => ' ',
                    Sign::Added => '+',
                    Sign::Removed => '-',
                };
                let Range { start, end } = line.emphasis.clone();
                let text = &line.text;
                if start == end {
                    format!("{sign}{text}")
                } else {
                    format!("{sign}{}[{}]{}", &text[..start], &text[start..end], &text[end..])
                }
            }
        })
        .collect()
}

#[test]
fn json_is_compared_as_it_is_shown() {
    let found = compare(br#"{"t":21.5,"ok":true}"#, b"{ \"t\": 21.6,\n\"ok\": true, \"n\": 1 }");
    let expected =
        ["  {".trim_start(), "-\"t\": [21.5],", "+\"t\": [21.6],", " \"ok\": true,", "+\"n\": 1", " }"];
    assert_eq!(found.basis, Basis::Json);
    assert_eq!(drawn(&found)[1..], expected[1..]);
    assert_eq!((found.added, found.removed), (2, 1));
    let DiffRow::Line(line) = &found.rows[2] else { panic!() };
    assert_eq!((line.depth, line.old, line.new), (1, None, Some(2)));
}

#[test]
fn json_that_is_only_written_differently_has_no_changes() {
    let found = compare(br#"{"a":[1,2]}"#, b"{\"a\": [1, 2]}\n");
    assert_eq!((found.added, found.removed, found.identical), (0, 0, false));
    assert_eq!(found.rows, [DiffRow::Unchanged(6)]);
    assert!(compare(b"x", b"x").identical);
}

#[test]
fn unchanged_lines_far_from_a_change_are_counted() {
    let old: Vec<String> = (0..40).map(|line| format!("line {line}")).collect();
    let mut new = old.clone();
    new[20] = "other".to_owned();
    let found = compare(old.join("\n").as_bytes(), new.join("\n").as_bytes());
    let expected = [
        "… 17", " line 17", " line 18", " line 19", "-line 20", "+other", " line 21", " line 22", " line 23",
        "… 16",
    ];
    assert_eq!(found.basis, Basis::Text);
    assert_eq!(drawn(&found), expected);
}

#[test]
fn bytes_are_compared_by_rows_of_sixteen() {
    let old = [vec![0xFF; 16], vec![1; 16], vec![0; 5]].concat();
    let mut new = old.clone();
    new[20] = 2;
    let found = compare(&old, &new);
    assert_eq!((found.basis, found.added, found.removed), (Basis::Hex, 1, 1));
    assert_eq!(drawn(&found)[2], "+01 01 01 01 [02] 01 01 01  01 01 01 01 01 01 01 01  ················");
    assert_eq!(found.rows.len(), 4);
}

#[test]
fn nothing_and_something_are_all_added() {
    let found = compare(b"", b"{\"a\":1}");
    assert_eq!((found.basis, found.added, found.removed), (Basis::Json, 3, 0));
    let found = compare(b"\xFF\xFE\x00", b"");
    assert_eq!((found.basis, found.added, found.removed), (Basis::Hex, 0, 1));
    assert!(compare(b"", b"").rows.is_empty());
}

#[test]
fn json_that_breaks_off_is_compared_as_text() {
    let long = format!("{{\"a\":\"{}\"", "x".repeat(2_000));
    assert_eq!(compare(long.as_bytes(), b"{\"a\":1}").basis, Basis::Text);
}

#[test]
fn a_small_change_in_a_large_payload_is_found_exactly() {
    let items: Vec<String> = (0..300_000).map(|n| format!("{{\"n\":{n}}}")).collect();
    let old = format!("[{}]", items.join(","));
    let new = old.replace("{\"n\":150000}", "{\"n\":-1}");
    let found = compare(old.as_bytes(), new.as_bytes());
    assert_eq!((found.added, found.removed, found.not_compared), (1, 1, None));
    assert_eq!(found.rows.len(), 1 + 3 + 2 + 3 + 1);
}

/// A hundred thousand lines, none of which is like another.
fn numbered(word: &str) -> String {
    let mut text = String::new();
    for line in 0..100_000 {
        writeln!(text, "{word} {line}").unwrap();
    }
    text
}

#[test]
fn a_difference_that_is_too_large_says_how_much_was_left() {
    let old = numbered("old");
    let new = numbered("new");
    let found = compare(old.as_bytes(), new.as_bytes());
    let (old_left, new_left) = found.not_compared.unwrap();
    assert_eq!((found.removed + old_left, found.added + new_left), (100_000, 100_000));
    let cancelled = diff(old.as_bytes(), new.as_bytes(), &DiffOptions::default(), &|| true);
    assert_eq!(cancelled, Err(LimitError::Cancelled));
}

proptest! {
    #[test]
    fn signs_lead_from_the_old_text_to_the_new(
        old in "([abé]{0,3}\n){0,12}[ab]{0,2}",
        new in "([abé]{0,3}\n){0,12}[ab]{0,2}",
        context in 0..4_usize,
    ) {
        let options = DiffOptions { context_lines: context, ..DiffOptions::default() };
        let found = diff(old.as_bytes(), new.as_bytes(), &options, &never).unwrap();
        let lines = |text: &str| if text.is_empty() { vec![] } else { text.split('\n').map(str::to_owned).collect() };
        if found.basis == Basis::Text {
            let (old, new) = (lines(&old), lines(&new));
            let (mut at_old, mut at_new) = (0, 0);
            for row in &found.rows {
                match row {
                    DiffRow::Unchanged(count) => {
                        prop_assert_eq!(&old[at_old..at_old + count], &new[at_new..at_new + count]);
                        at_old += count;
                        at_new += count;
                    }
                    DiffRow::Line(line) => {
                        if line.sign != Sign::Added {
                            prop_assert_eq!(&line.text, &old[at_old]);
                            at_old += 1;
                            prop_assert_eq!(line.old, Some(at_old));
                        }
                        if line.sign != Sign::Removed {
                            prop_assert_eq!(&line.text, &new[at_new]);
                            at_new += 1;
                            prop_assert_eq!(line.new, Some(at_new));
                        }
                        prop_assert!(line.text.get(line.emphasis.clone()).is_some());
                    }
                }
            }
            prop_assert_eq!((at_old, at_new), (old.len(), new.len()));
            prop_assert_eq!(found.identical, found.added + found.removed == 0);
        }
    }

    #[test]
    fn any_bytes_can_be_compared(
        shared in proptest::collection::vec(any::<u8>(), 0..60),
        old in proptest::collection::vec(any::<u8>(), 0..40),
        new in proptest::collection::vec(any::<u8>(), 0..40),
    ) {
        for (old, new) in [
            ([&shared[..], &old, &shared].concat(), [&shared[..], &new, &shared].concat()),
            (old.clone(), new.clone()),
        ] {
            let found = compare(&old, &new);
            if found.basis == Basis::Hex {
                prop_assert_eq!(found.identical, found.added + found.removed == 0);
                let counted: usize = found.rows.iter().map(|row| match row {
                    DiffRow::Unchanged(lines) => *lines,
                    DiffRow::Line(line) => usize::from(line.new.is_some()),
                }).sum();
                prop_assert_eq!(counted, new.len().div_ceil(16));
            }
        }
    }
}
