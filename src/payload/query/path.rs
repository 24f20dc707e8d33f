//! Paths from the top of a JSON value to one inside it.

use std::fmt;
use std::str::FromStr;

use crate::payload::json::{decode, string_length};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Segment {
    /// Into the member of an object, by its decoded key.
    Key(String),
    /// Into the item of an array, from 0.
    Index(usize),
}

/// Steps from the top of a value; without steps, the whole value.
///
/// Written as people write it, `data.sensors[2].value`, with or without a dot before it; `$` is the whole value. Keys that would be misread stand as
/// JSON strings in brackets: `["a.b"][0]`. What [`fmt::Display`] writes, [`FromStr`] reads back.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JsonPath(Vec<Segment>);

/// Why a text is not a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathError {
    /// From 1, in characters.
    pub place: usize,
    /// What is wrong there.
    pub problem: PathProblem,
}

/// What is wrong with the text of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathProblem {
    /// It has more than [`JsonPath::STEPS_MAX`] steps.
    TooManySteps,
    /// A key is missing, or needs brackets and quotes.
    NoPlainKey,
    /// A dot stands before a bracket.
    DotBeforeBracket,
    /// A dot or a bracket is missing between two steps.
    NoSeparator,
    /// A key in quotes has no closing quote.
    UnclosedQuote,
    /// Brackets hold neither a number nor a key in quotes.
    NoIndex,
    /// A closing bracket is missing.
    UnclosedBracket,
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
        let fail = |rest: &str, problem| {
            let read = text.len() - rest.len();
            Err(PathError { place: text.get(..read).map_or(0, |read| read.chars().count()) + 1, problem })
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
        } else if let Some(after) = rest.strip_prefix('.').filter(|after| after.starts_with(is_key_start)) {
            rest = after; // `.state`, as jq has it.
        }
        loop {
            if path.0.len() >= Self::STEPS_MAX {
                return fail(rest, PathProblem::TooManySteps);
            }
            let (segment, after) = if let Some(inside) = rest.strip_prefix('[') {
                match bracket(inside) {
                    Ok(step) => step,
                    Err((at, problem)) => return fail(at, problem),
                }
            } else {
                let end = rest.find(['.', '[']).unwrap_or(rest.len());
                let (key, after) = rest.split_at(end);
                if !is_plain(key) && key != "$" {
                    return fail(rest, PathProblem::NoPlainKey);
                }
                (Segment::Key(key.to_owned()), after)
            };
            path.push(segment);
            rest = match after.strip_prefix('.') {
                Some(key) if key.starts_with('[') => return fail(key, PathProblem::DotBeforeBracket),
                Some(key) => key,
                None if after.is_empty() => return Ok(path),
                None if after.starts_with('[') => after,
                None => return fail(after, PathProblem::NoSeparator),
            };
        }
    }
}

fn is_key_start(character: char) -> bool {
    !matches!(character, '.' | '[')
}

/// Reads what follows an opening bracket.
fn bracket(inside: &str) -> Result<(Segment, &str), (&str, PathProblem)> {
    let (segment, after) = if let Some(string) = inside.strip_prefix('"') {
        let length = string_length(string.as_bytes()).ok_or((inside, PathProblem::UnclosedQuote))?;
        let key = decode(&string[..length]).into_owned();
        (Segment::Key(key), &string[length + 1..])
    } else {
        let end = inside.find(|c: char| !c.is_ascii_digit()).unwrap_or(inside.len());
        let index = inside[..end].parse().map_err(|_| (inside, PathProblem::NoIndex))?;
        (Segment::Index(index), &inside[end..])
    };
    after.strip_prefix(']').map(|after| (segment, after)).ok_or((after, PathProblem::UnclosedBracket))
}
