//! Documents against what they stand for: the text split at its line ends, the brackets matched one by one.

use std::time::{Duration, Instant};

use proptest::prelude::*;

use super::*;
use crate::payload::{json, never};

fn text(payload: &[u8]) -> Document {
    Document::from_text(payload, &DecodeLimits::default(), &never).unwrap()
}

fn pretty(payload: &str) -> Document {
    json::pretty(payload.as_bytes(), &DecodeLimits::default(), &never).unwrap()
}

fn texts(document: &Document) -> Vec<&str> {
    document.lines(0..usize::MAX).map(|line| line.text).collect()
}

#[test]
fn lines_end_where_the_text_says() {
    assert_eq!(texts(&text(b"")), [""]);
    assert_eq!(texts(&text(b"a")), ["a"]);
    assert_eq!(texts(&text(b"a\n")), ["a", ""]);
    assert_eq!(texts(&text(b"a\n\nb")), ["a", "", "b"]);
    // The slices in which a text is read end at 262,144 bytes; neither a character nor a line end is torn there.
    let torn = [vec![b'x'; 262_143], "é\r\n".as_bytes().to_vec()].concat();
    assert_eq!((text(&torn).notes().invalid_bytes, text(&torn).text_line_count()), (0, 2));
    let torn = text(&[vec![b'x'; 262_143], b"\r\ny".to_vec()].concat());
    assert_eq!((torn.notes().crlf_lines, torn.notes().control_characters), (1, 0));
    let windows = text(b"a\r\nb\r");
    assert_eq!(texts(&windows), ["a", "b␍"]);
    assert_eq!((windows.notes().crlf_lines, windows.notes().control_characters), (1, 1));
}

#[test]
fn what_cannot_be_seen_is_made_visible_and_counted() {
    let document = text(b"a\0\x1B[1m\x7F\xFFb\xC2\x85\xE2\x80\xAE");
    assert_eq!(texts(&document), ["a␀␛[1m␡\u{FFFD}b<U+0085><U+202E>"]);
    assert_eq!((document.notes().control_characters, document.notes().invalid_bytes), (5, 1));
    // The two halves of a surrogate pair in UTF-8 are three invalid bytes each.
    assert_eq!(text(b"\xED\xA0\x80").notes().invalid_bytes, 3);
    assert_eq!(texts(&text("温度 é\t😀".as_bytes())), ["温度 é\t😀"]);
}

#[test]
fn a_long_line_comes_in_pieces_cut_between_characters() {
    let document = text(format!("{}\nend", "é".repeat(1_500)).as_bytes());
    let lines: Vec<_> = document.lines(0..9).collect();
    let shape: Vec<_> = lines.iter().map(|line| (line.text.len(), line.number, line.continuation)).collect();
    assert_eq!(shape, [(2_000, 1, false), (1_000, 1, true), (3, 2, false)]);
    let odd = text(format!("a{}", "é".repeat(1_000)).as_bytes());
    assert_eq!(odd.line(0).unwrap().text.len(), 1_999);
    assert_eq!(odd.copy(0..9, 9_999).0.len(), 2_001);
}

#[test]
fn a_line_of_many_megabytes_is_no_slower_to_reach_than_many_lines() {
    let document = text(&vec![b'x'; 20_000_000]);
    assert_eq!(document.line_count(), 10_000);
    let start = Instant::now();
    for line in (0..10_000).rev().step_by(10) {
        assert_eq!(document.line(line).unwrap().text.len(), PIECE_BYTES);
    }
    // Walking from the start each time would take minutes in this build.
    assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
}

#[test]
fn copying_gives_the_indentation_back_and_says_when_it_is_cut() {
    let document = pretty(r#"{"a":[1]}"#);
    assert_eq!(document.copy(1..4, 100), ("  \"a\": [\n    1\n  ]".to_owned(), false));
    assert_eq!(document.copy(0..5, 12), ("{\n  \"a\": [".to_owned(), true));
}

#[test]
fn folding_hides_what_is_inside_and_remembers_it() {
    let document = pretty(r#"{"a":{"b":[1,2],"c":3},"d":[4]}"#);
    // 0 {  1 a  2 b  3 1  4 2  5 ]  6 c  7 }  8 d  9 4  10 ]  11 }
    let mut folds = Folds::default();
    let visible =
        |folds: &Folds| -> Vec<usize> { folds.lines(&document, 0..99).map(|(line, _)| line.index).collect() };
    assert!(folds.toggle(&document, 2));
    assert!(!folds.toggle(&document, 3), "nothing opens there");
    assert_eq!(visible(&folds), [0, 1, 2, 6, 7, 8, 9, 10, 11]);
    assert!(folds.toggle(&document, 1));
    assert_eq!(visible(&folds), [0, 1, 8, 9, 10, 11]);
    assert_eq!(folds.at(1).map(|fold| (fold.end, fold.inner_lines())), Some((7, 5)));
    assert_eq!((folds.visible_of(4), folds.visible_of(7), folds.visible_of(8)), (1, 1, 2));
    assert!(folds.toggle(&document, 1));
    assert_eq!(visible(&folds), [0, 1, 2, 6, 7, 8, 9, 10, 11], "the inner one is still closed");
    assert!(folds.toggle(&document, 2));
    assert!(folds.is_empty());
    assert_eq!(folds.visible_count(document.line_count()), 12);
    assert_eq!(document.line(1).unwrap().closing_bracket(document.kind()), Some('}'));
}

#[test]
fn limits_and_cancelling_end_the_work() {
    let small = DecodeLimits { input_bytes_max: 3, ..DecodeLimits::default() };
    assert!(matches!(Document::from_text(b"abcd", &small, &never), Err(LimitError::TooLarge { .. })));
    let narrow = DecodeLimits { output_bytes_max: 8, ..DecodeLimits::default() };
    assert!(matches!(Document::from_text(&[0; 4], &narrow, &never), Err(LimitError::TooLarge { .. })));
    let cancelled = Document::from_text(&vec![b'\n'; 1 << 20], &DecodeLimits::default(), &|| true);
    assert!(matches!(cancelled, Err(LimitError::Cancelled)));
}

/// JSON text with enough lines for several blocks.
fn some_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("1".to_owned()),
        Just("\"}{\"".to_owned()),
        Just("{}".to_owned()),
        Just("[]".to_owned())
    ];
    leaf.prop_recursive(5, 400, 12, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 1..12)
                .prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec(inner, 1..12).prop_map(|items| {
                let members: Vec<String> = items.iter().map(|item| format!("\"k[\":{item}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn lines_are_the_text_split_and_nothing_else(
        parts in proptest::collection::vec(prop_oneof![
            4 => "[aé温\n]{0,40}",
            1 => "[x]{1990,2010}",
            1 => "[😀]{500,1100}",
        ], 0..40)
    ) {
        let sent = parts.concat();
        let document = text(sent.as_bytes());
        let lines: Vec<_> = document.lines(0..usize::MAX).collect();
        prop_assert_eq!(lines.len(), document.line_count());
        let mut whole: Vec<String> = Vec::new();
        for line in &lines {
            prop_assert!(line.text.len() <= PIECE_BYTES);
            prop_assert_eq!(document.line(line.index), Some(*line));
            prop_assert_eq!(document.line_at(line.offset), line.index);
            if line.continuation {
                prop_assert!(!line.text.is_empty());
                whole.last_mut().unwrap().push_str(line.text);
            } else {
                whole.push(line.text.to_owned());
            }
            prop_assert_eq!(line.number, whole.len());
        }
        prop_assert_eq!(whole.join("\n"), sent);
        prop_assert_eq!(document.text_line_count(), whole.len());
    }

    #[test]
    fn any_bytes_are_text_to_look_at(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let document = text(&bytes);
        for line in document.lines(0..usize::MAX) {
            prop_assert!(line.text.chars().all(|c| c == '\t' || !c.is_control()), "{:?}", line.text);
        }
        prop_assert_eq!(document.notes().invalid_bytes == 0, str::from_utf8(&bytes).is_ok());
    }

    #[test]
    fn folds_close_where_the_bracket_closes(sent in some_json(), clicks in proptest::collection::vec(any::<prop::sample::Index>(), 0..12)) {
        let document = pretty(&sent);
        let lines: Vec<_> = document.lines(0..usize::MAX).collect();
        let (mut open, mut ends) = (Vec::new(), vec![None; lines.len()]);
        for (at, line) in lines.iter().enumerate() {
            if line.text.starts_with(['}', ']']) {
                ends[open.pop().unwrap()] = Some(at);
            }
            prop_assert_eq!(line.depth, open.len());
            if line.text.ends_with(['{', '[']) {
                open.push(at);
            }
        }
        let mut folds = Folds::default();
        let mut closed = vec![false; lines.len()];
        for click in clicks {
            let line = click.index(lines.len());
            prop_assert_eq!(document.fold_end(line), ends[line]);
            prop_assert_eq!(folds.toggle(&document, line), ends[line].is_some());
            closed[line] ^= ends[line].is_some();
        }
        let mut visible = Vec::new();
        let mut at = 0;
        while at < lines.len() {
            visible.push(at);
            at = if closed[at] { ends[at].unwrap() + 1 } else { at + 1 };
        }
        prop_assert_eq!(folds.visible_count(document.line_count()), visible.len());
        for (place, &line) in visible.iter().enumerate() {
            prop_assert_eq!(folds.line_of(place), line);
            prop_assert_eq!(folds.visible_of(line), place);
        }
        let middle = visible.len() / 2;
        let drawn: Vec<_> = folds.lines(&document, middle..middle + 5).map(|(line, _)| line.index).collect();
        prop_assert_eq!(&drawn[..], &visible[middle..(middle + 5).min(visible.len())]);
    }
}
