//! Finds the path of the value on a line of a JSON document, for the click that plots it.

use crate::payload::document::{Document, DocumentKind, Line};
use crate::payload::json::{decode, string_length};
use crate::payload::query::{JsonPath, Segment};

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A string.
    String,
    /// A number.
    Number,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// An object; also on the line that closes it.
    Object,
    /// An array; also on the line that closes it.
    Array,
}

/// The path of the value on `line`, and what it is.
///
/// Costs at most the walk through 1 MiB of text. `None` beyond the end, for text, for several values in a row (their
/// paths would not say which one is meant), and deeper than [`JsonPath::STEPS_MAX`].
pub fn path_at_line(document: &Document, line: usize) -> Option<(JsonPath, ValueKind)> {
    if document.kind() != DocumentKind::Json || document.notes().json_values != 1 {
        return None;
    }
    let target = first_piece(document, line)?;
    if target.depth > JsonPath::STEPS_MAX {
        return None;
    }
    let (from, mut frames) = document.index().snapshot_before(target.index);
    for line in document.lines(from..target.index) {
        frames.pass(&line);
    }
    let text = document.text();
    let mut path: JsonPath = frames
        .open
        .windows(2)
        .map(|pair| {
            let [parent, child] = pair else { return Segment::Index(0) };
            if parent.object {
                Segment::Key(key_of(&text[child.opener as usize..]))
            } else {
                Segment::Index(parent.items.saturating_sub(1) as usize)
            }
        })
        .collect();
    if target.closes(DocumentKind::Json) {
        let object = target.text.starts_with('}');
        return Some((path, if object { ValueKind::Object } else { ValueKind::Array }));
    }
    let line = &text[target.offset..];
    let mut value = line;
    match frames.open.last() {
        Some(frame) if frame.object => {
            path.push(Segment::Key(key_of(line)));
            value = after_key(line);
        }
        Some(frame) => path.push(Segment::Index(frame.items as usize)),
        None => {}
    }
    Some((path, kind_of(value)?))
}

fn first_piece(document: &Document, line: usize) -> Option<Line<'_>> {
    let line = document.line(line)?;
    if !line.continuation {
        return Some(line);
    }
    document.line(document.line_at(line.first_offset))
}

/// The inside of the string at the start of `line`.
fn raw_key(line: &str) -> Option<&str> {
    let inside = line.strip_prefix('"')?;
    inside.get(..string_length(inside.as_bytes())?)
}

fn key_of(line: &str) -> String {
    raw_key(line).map_or_else(String::new, |raw| decode(raw).into_owned())
}

fn after_key(line: &str) -> &str {
    // Quote, key, quote, colon, space.
    raw_key(line).and_then(|raw| line.get(raw.len() + 4..)).unwrap_or_default()
}

fn kind_of(value: &str) -> Option<ValueKind> {
    Some(match value.bytes().next()? {
        b'"' => ValueKind::String,
        b'{' => ValueKind::Object,
        b'[' => ValueKind::Array,
        b't' | b'f' => ValueKind::Bool,
        b'n' => ValueKind::Null,
        _ => ValueKind::Number,
    })
}
