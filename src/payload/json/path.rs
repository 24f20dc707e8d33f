//! The way from the top of a JSON value to one inside it.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A step down.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Into the member of an object, by its decoded key.
    Key(String),
    /// Into the item of an array, from 0.
    Index(usize),
}

/// Steps from the top; none: the whole value.
///
/// Written as people write it, `data.sensors[2].value`; `$` is the whole value. Keys that would be misread stand as
/// JSON strings in brackets: `["a.b"][0]`. What [`fmt::Display`] writes, [`FromStr`] reads back.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPath(Vec<Segment>);

/// Why a text is not a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("{reason} at character {place}; a path looks like data.sensors[2].value or [\"odd key\"][0]")]
pub struct PathError {
    /// From 1.
    pub place: usize,
    /// What is wrong there.
    pub reason: &'static str,
}

impl JsonPath {
    /// The most steps; no device nests its data deeper, and a plot costs a step per message.
    pub const STEPS_MAX: usize = 512;

    /// The whole value.
    pub fn root() -> Self {
        Self::default()
    }

    /// The steps, from the top.
    pub fn segments(&self) -> &[Segment] {
        &self.0
    }

    /// Goes one step further.
    pub fn push(&mut self, segment: Segment) {
        self.0.push(segment);
    }

    /// The last key on the way, which is what people call the value.
    pub fn last_key(&self) -> Option<&str> {
        self.0.iter().rev().find_map(|segment| match segment {
            Segment::Key(key) => Some(key.as_str()),
            Segment::Index(_) => None,
        })
    }
}

impl FromIterator<Segment> for JsonPath {
    fn from_iter<T: IntoIterator<Item = Segment>>(segments: T) -> Self {
        Self(segments.into_iter().collect())
    }
}

/// Whether a key can stand without quotes.
fn is_plain(key: &str) -> bool {
    !key.is_empty()
        && key != "$"
        && !key.contains(|c: char| ".[]\"\\".contains(c) || c.is_whitespace() || c.is_control())
}

impl fmt::Display for JsonPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("$");
        }
        for (place, segment) in self.0.iter().enumerate() {
            match segment {
                Segment::Index(index) => write!(f, "[{index}]")?,
                Segment::Key(key) if is_plain(key) => {
                    write!(f, "{}{key}", if place == 0 { "" } else { "." })?;
                }
                Segment::Key(key) => {
                    f.write_str("[\"")?;
                    for character in key.chars() {
                        match character {
                            '"' | '\\' => write!(f, "\\{character}")?,
                            _ if character.is_control() => write!(f, "\\u{:04x}", character as u32)?,
                            _ => write!(f, "{character}")?,
                        }
                    }
                    f.write_str("\"]")?;
                }
            }
        }
        Ok(())
    }
}

impl FromStr for JsonPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let fail = |rest: &str, reason| {
            let read = text.len() - rest.len();
            Err(PathError { place: text.get(..read).map_or(0, |read| read.chars().count()) + 1, reason })
        };
        let mut path = Self::default();
        let mut rest = text.trim();
        if let Some(after) =
            rest.strip_prefix('$').filter(|after| after.is_empty() || after.starts_with(['.', '[']))
        {
            if after.is_empty() {
                return Ok(path);
            }
            rest = after.strip_prefix('.').unwrap_or(after);
        }
        loop {
            if path.0.len() >= Self::STEPS_MAX {
                return fail(rest, "more than 512 steps");
            }
            let (segment, after) = if let Some(inside) = rest.strip_prefix('[') {
                match bracket(inside) {
                    Ok(step) => step,
                    Err((at, reason)) => return fail(at, reason),
                }
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, after) = rest.split_at(end);
                if !is_plain(key) && key != "$" {
                    return fail(rest, "a key is missing, or needs brackets and quotes,");
                }
                (Segment::Key(key.to_owned()), after)
            };
            path.push(segment);
            rest = match after.strip_prefix('.') {
                Some(key) if key.starts_with('[') => return fail(key, "a dot before a bracket"),
                Some(key) => key,
                None if after.is_empty() => return Ok(path),
                None if after.starts_with('[') => after,
                None => return fail(after, "a dot or a bracket is missing"),
            };
        }
    }
}

/// Reads what follows an opening bracket.
fn bracket(inside: &str) -> Result<(Segment, &str), (&str, &'static str)> {
    let (segment, after) = if let Some(string) = inside.strip_prefix('"') {
        let length = crate::payload::json::scan::string_length(string.as_bytes())
            .ok_or((inside, "a closing quote is missing"))?;
        let key = crate::payload::json::scan::decode(&string[..length]).into_owned();
        (Segment::Key(key), &string[length + 1..])
    } else {
        let end = inside.find(|c: char| !c.is_ascii_digit()).unwrap_or(inside.len());
        let index = inside[..end].parse().map_err(|_| (inside, "a number or a quoted key is expected"))?;
        (Segment::Index(index), &inside[end..])
    };
    after.strip_prefix(']').map(|after| (segment, after)).ok_or((after, "a closing bracket is missing"))
}
