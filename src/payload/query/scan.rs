//! One value out of a payload, without a tree and without an allocation: runs for each message of a plotted topic.

use std::borrow::Cow;

use crate::payload::json::{decode, string_length};
use crate::payload::query::{JsonPath, Segment, number_of};

/// The number that stands at `path` in a JSON `payload`.
///
/// `true` and `false` are 1 and 0, and a string counts if [`number_of`] takes its text, since many devices send
/// `"21.5"`. Of several members with the same key the last one counts, as in most parsers. `None` if there is no such
/// value, if it is no number, or if the payload breaks off before it. What lies beside the path is skipped unchecked.
pub fn number_at(payload: &[u8], path: &JsonPath) -> Option<f64> {
    number_in(raw_at(payload, path)?)
}

/// A value inside a payload, as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FoundValue<'p> {
    /// A number, with every digit.
    Number(&'p str),
    /// The text of a string, its escapes resolved.
    Text(Cow<'p, str>),
    /// `true` or `false`.
    Bool(bool),
    /// `null`.
    Null,
    /// A whole object or array, unchecked.
    Container(&'p str),
}

/// The value that stands at `path` in a JSON `payload`, found as [`number_at`] finds it.
pub fn value_at<'p>(payload: &'p [u8], path: &JsonPath) -> Option<FoundValue<'p>> {
    let raw = str::from_utf8(raw_at(payload, path)?).ok()?;
    Some(match raw.as_bytes() {
        [b'"', .., b'"'] if raw.len() >= 2 => FoundValue::Text(decode(&raw[1..raw.len() - 1])),
        [b'{' | b'[', ..] => FoundValue::Container(raw),
        b"true" => FoundValue::Bool(true),
        b"false" => FoundValue::Bool(false),
        b"null" => FoundValue::Null,
        word => {
            json_number(word)?;
            FoundValue::Number(raw)
        }
    })
}

/// The bytes of the value at `path`.
fn raw_at<'p>(payload: &'p [u8], path: &JsonPath) -> Option<&'p [u8]> {
    let segments = path.segments();
    let mut scan = Scan { text: payload, at: if payload.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 } };
    // Containers along the path that are open.
    let mut level = 0;
    loop {
        // Here stands a value whose place agrees with the first `level` steps.
        let mut found = None;
        let mut entered = false;
        match (segments.get(level), scan.peek()?) {
            (None, _) => {
                let from = scan.at;
                scan.skip_value()?;
                found = payload.get(from..scan.at);
            }
            (Some(Segment::Key(_)), b'{') | (Some(Segment::Index(_)), b'[') => {
                scan.at += 1;
                level += 1;
                entered = true;
            }
            _ => scan.skip_value()?,
        }
        // Go on until a value agrees with one step more, closing what has none.
        loop {
            let Some(segment) = level.checked_sub(1).and_then(|last| segments.get(last)) else {
                return found;
            };
            let candidate = match segment {
                Segment::Key(key) => scan.next_member(key)?,
                Segment::Index(index) if entered => scan.nth_item(*index)?,
                Segment::Index(_) => scan.skip_to_close()?,
            };
            if candidate {
                break;
            }
            entered = false;
            level -= 1;
        }
        // A second member of the same name takes the place of the first, and so of what was found there.
    }
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// The next byte that is not space.
    #[inline]
    fn peek(&mut self) -> Option<u8> {
        loop {
            match *self.text.get(self.at)? {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Passes a string and returns its inside.
    #[inline]
    fn string(&mut self) -> Option<&'a [u8]> {
        let text = self.text.get(self.at + 1..)?;
        let length = string_length(text)?;
        self.at += length + 2;
        Some(&text[..length])
    }

    /// Passes a number, a word, or whatever stands in its place.
    #[inline]
    fn word(&mut self) -> &'a [u8] {
        let rest = &self.text[self.at..];
        let length = rest
            .iter()
            .position(|byte| matches!(byte, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t'))
            .unwrap_or(rest.len());
        self.at += length;
        &rest[..length]
    }

    fn skip_value(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.string().map(drop),
            b'{' | b'[' => {
                self.at += 1;
                self.skip_to_close().map(drop)
            }
            _ => (!self.word().is_empty()).then_some(()),
        }
    }

    /// Passes the end of the container that is open. Always false: there is nothing more in it.
    fn skip_to_close(&mut self) -> Option<bool> {
        let mut depth = 1_usize;
        while depth > 0 {
            let rest = self.text.get(self.at..)?;
            self.at += rest.iter().position(|byte| matches!(byte, b'"' | b'{' | b'[' | b'}' | b']'))?;
            match self.text[self.at] {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                _ => depth -= 1,
            }
            self.at += 1;
        }
        Some(false)
    }

    /// Stops before the value of the next member named `key` (true) or passes the end of the object (false).
    fn next_member(&mut self, key: &str) -> Option<bool> {
        loop {
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Some(false);
                }
                b'"' => {
                    let name = self.string()?;
                    if self.peek()? != b':' {
                        return None;
                    }
                    self.at += 1;
                    if is_key(name, key) {
                        return Some(true);
                    }
                    self.skip_value()?;
                }
                _ => return None,
            }
        }
    }

    /// Stops before the item at `index` of an array just opened (true) or passes the end of the array (false).
    fn nth_item(&mut self, index: usize) -> Option<bool> {
        for _ in 0..index {
            if self.peek()? == b']' {
                break;
            }
            self.skip_value()?;
            if self.peek()? == b',' {
                self.at += 1;
            }
        }
        let ends = self.peek()? == b']';
        self.at += usize::from(ends);
        Some(!ends)
    }
}

/// The number that a value is, if it is one.
fn number_in(raw: &[u8]) -> Option<f64> {
    match raw {
        [b'"', inside @ .., b'"'] if inside.contains(&b'\\') => {
            str::from_utf8(inside).ok().and_then(|inside| number_of(decode(inside).as_bytes()))
        }
        [b'"', inside @ .., b'"'] => number_of(inside),
        b"true" => Some(1.0),
        b"false" => Some(0.0),
        word => json_number(word),
    }
}

fn is_key(name: &[u8], key: &str) -> bool {
    if name == key.as_bytes() {
        // An escape and a key that contains a backslash are not the same.
        return !name.contains(&b'\\');
    }
    name.contains(&b'\\') && str::from_utf8(name).is_ok_and(|name| decode(name) == key)
}

fn json_number(word: &[u8]) -> Option<f64> {
    if !matches!(word.first()?, b'-' | b'0'..=b'9') {
        return None;
    }
    let number: f64 = str::from_utf8(word).ok()?.parse().ok()?;
    number.is_finite().then_some(number)
}
