//! Work done for each visible row, for each message of a plotted topic, and once for each opened payload.
//!
//! Run with `cargo bench --bench payload`.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use mqttree::payload::decode::{Choice, decode};
use mqttree::payload::document::{Document, Folds};
use mqttree::payload::encode::encode;
use mqttree::payload::query::{number_at, number_of};
use mqttree::payload::{DecodeLimits, diff, json, never, preview};

fn main() {
    divan::main();
}

/// 104 bytes, as a sensor might send.
const READING: &[u8] =
    br#"{"ts":1763865434123,"device":"machine-17","data":{"temperature":42.5,"rpm":1480,"ok":true},"unit":"C"}"#;

/// A JSON array of objects like [`READING`], about `bytes` long.
fn array(bytes: usize) -> Vec<u8> {
    let mut text = b"[".to_vec();
    while text.len() < bytes {
        text.extend_from_slice(READING);
        text.push(b',');
    }
    text.pop();
    text.push(b']');
    text
}

#[divan::bench(args = ["42.5", "running", "json", "binary", "64 kB"])]
fn preview_of(bencher: Bencher<'_, '_>, payload: &str) {
    let payload = match payload {
        "json" => READING.to_vec(),
        "binary" => vec![0xAB; 100],
        "64 kB" => array(64_000),
        text => text.as_bytes().to_vec(),
    };
    bencher.bench(|| preview(black_box(&payload), None, 80));
}

#[divan::bench(args = ["data.temperature", "ts", "unit", "missing"])]
fn number_at_path(bencher: Bencher<'_, '_>, path: &str) {
    let path = path.parse().unwrap_or_default();
    bencher.bench(|| number_at(black_box(READING), &path));
}

#[divan::bench(args = ["42.5", "20.5 °C", "takeoff"])]
fn number_of_payload(payload: &str) -> Option<f64> {
    number_of(black_box(payload.as_bytes()))
}

#[divan::bench]
fn tokens_of_a_line() -> usize {
    json::tokens(black_box(r#""temperature": 42.5,"#)).count()
}

#[divan::bench(args = [1_000, 64_000, 1_000_000])]
fn pretty(bencher: Bencher<'_, '_>, bytes: usize) {
    let payload = array(bytes);
    bencher
        .counter(BytesCount::of_slice(&payload))
        .bench(|| json::pretty(&payload, &DecodeLimits::default(), &never));
}

/// From a payload to the document of its view, whole: what stands between a click and the first page. The bound of 64 MiB
/// on decoded output, which refuses the largest two, is lifted here.
#[divan::bench(args = [
    ("json", 1_000), ("json", 1_000_000), ("json", 100_000_000),
    ("cbor", 1_000), ("cbor", 1_000_000), ("cbor", 100_000_000),
    ("protobuf", 1_000), ("protobuf", 1_000_000), ("protobuf", 100_000_000),
], sample_count = 5, sample_size = 1)]
fn first_view(bencher: Bencher<'_, '_>, (format, bytes): (&str, usize)) {
    let payload = match format {
        "json" => array(bytes),
        // An array of any length, the items, a break.
        "cbor" => [&[0x9F], many(&encoded("cbor"), bytes).as_slice(), &[0xFF]].concat(),
        // A repeated field of messages.
        _ => many(
            &[&[0x0A, 0x14], b"\x08\x96\x01\x12\x0Amachine-17\x1D\x00\x00\x2A\x42".as_slice()].concat(),
            bytes,
        ),
    };
    let Ok(choice) = format.parse::<Choice>() else { return };
    let limits = DecodeLimits { decoded_bytes_max: 1 << 30, ..DecodeLimits::default() };
    assert!(decode(choice.decoder(), &payload, &limits, &never).is_ok(), "{format} is read whole");
    let counted = bencher.counter(BytesCount::of_slice(&payload));
    counted.bench(|| decode(choice.decoder(), &payload, &limits, &never));
}

fn encoded(format: &str) -> Vec<u8> {
    let text = str::from_utf8(READING).unwrap_or_default();
    format.parse().ok().and_then(|choice| encode(&choice, text).ok()).unwrap_or_default()
}

fn many(item: &[u8], bytes: usize) -> Vec<u8> {
    item.repeat(bytes / item.len().max(1) + 1)
}

#[divan::bench(args = [1_000, 64_000, 1_000_000])]
fn text(bencher: Bencher<'_, '_>, bytes: usize) {
    let payload = array(bytes);
    let counted = bencher.counter(BytesCount::of_slice(&payload));
    counted.bench(|| Document::from_text(&payload, &DecodeLimits::default(), &never));
}

/// Sixty lines in the middle of a large document: the work of one frame.
#[divan::bench]
fn a_screen_of_lines(bencher: Bencher<'_, '_>) {
    let Ok(document) = json::pretty(&array(10_000_000), &DecodeLimits::default(), &never) else { return };
    let middle = document.line_count() / 2;
    bencher
        .bench(|| document.lines(black_box(middle)..middle + 60).map(|line| line.text.len()).sum::<usize>());
}

/// The path lookup when a person clicks a number to plot it.
#[divan::bench]
fn path_of_a_line(bencher: Bencher<'_, '_>) {
    let Ok(document) = json::pretty(&array(10_000_000), &DecodeLimits::default(), &never) else { return };
    let line = document.line_count() / 2;
    bencher.bench(|| json::path_at_line(&document, black_box(line)));
}

/// Finding the end of the outermost object, a million lines away, when a person folds it.
#[divan::bench]
fn fold_of_the_whole(bencher: Bencher<'_, '_>) {
    let Ok(document) = json::pretty(&array(10_000_000), &DecodeLimits::default(), &never) else { return };
    bencher.bench(|| Folds::default().toggle(&document, black_box(0)));
}

#[divan::bench(args = [1_000, 64_000, 1_000_000])]
fn diff_of_one_change(bencher: Bencher<'_, '_>, bytes: usize) {
    let old = array(bytes);
    let mut new = old.clone();
    if let Some(digit) = new.get_mut(bytes / 2..).and_then(|rest| rest.iter_mut().find(|byte| **byte == b'4'))
    {
        *digit = b'5';
    }
    bencher.bench(|| diff::diff(&old, &new, &diff::DiffOptions::default(), &never));
}
