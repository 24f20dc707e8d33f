//! What changed between two values: paths that came, went, have another value, or moved within their array.
//!
//! Objects are compared by key, whatever the order of their members. Arrays are compared by the shortest way from the
//! old items to the new ones; an item that was taken out and put in elsewhere has moved, and objects that share an `id`
//! or a `name` are the same item. Everything walks with a stack of its own.

mod changed_lines;
mod compare;
mod tree;

use std::ops::Range;

pub use changed_lines::ChangedParts;

use crate::payload::diff::DiffOptions;
use crate::payload::diff::values::compare::Comparing;
use crate::payload::diff::values::tree::{NoTree, Tree};
use crate::payload::query::JsonPath;
use crate::payload::{CancelCheck, LimitError};

/// The most changes that are listed; more are counted.
const LISTED_MAX: usize = 5_000;
/// Of a longer value only the beginning is listed.
const SHOWN_BYTES: usize = 400;

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Where it is, in the new value; what was removed, in the old one.
    pub path: JsonPath,
    /// What happened there.
    pub kind: ChangeKind,
}

/// What happened to a value. The texts are JSON on one line, the beginning of it if it is long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added(String),
    /// It is gone.
    Removed(String),
    /// It is another one.
    Changed {
        /// As it was.
        old: String,
        /// As it is.
        new: String,
        /// The bytes of both that differ; empty where all of it does.
        emphasis: (Range<usize>, Range<usize>),
    },
    /// It stands elsewhere in its array.
    Moved {
        /// Its index before.
        from: usize,
        /// What it is.
        value: String,
    },
}

/// What changed between two values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// In the order of the new value; what was removed stands where it was.
    pub list: Vec<Change>,
    /// Values that are new.
    pub added: usize,
    /// Values that are gone.
    pub removed: usize,
    /// Values that are others.
    pub changed: usize,
    /// Items that stand elsewhere.
    pub moved: usize,
}

impl Changes {
    /// Changes that are not in the list, which has its end.
    pub fn unlisted(&self) -> usize {
        (self.added + self.removed + self.changed + self.moved).saturating_sub(self.list.len())
    }
}

/// Why two payloads are not compared value by value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoChanges {
    /// They are not one JSON value each.
    NoValues,
    /// A value has too many parts.
    TooLarge,
    /// It took longer than it may.
    TookTooLong,
}

/// Compares two payloads that are JSON value by value, until `is_late` says that it took too long.
///
/// # Errors
///
/// If it is no longer wanted. That it cannot be done is an answer.
pub fn changes(
    old: &[u8],
    new: &[u8],
    options: &DiffOptions,
    is_late: CancelCheck<'_>,
    cancel: CancelCheck<'_>,
) -> Result<Result<Changes, NoChanges>, LimitError> {
    let (Ok(old), Ok(new)) = (str::from_utf8(old), str::from_utf8(new)) else {
        return Ok(Err(NoChanges::NoValues));
    };
    let trees = Tree::read(old, cancel).and_then(|old| Tree::read(new, cancel).map(|new| (old, new)));
    let (old, new) = match trees {
        Ok(trees) => trees,
        Err(NoTree::Cancelled) => return Err(LimitError::Cancelled),
        Err(NoTree::NoValue) => return Ok(Err(NoChanges::NoValues)),
        Err(NoTree::TooLarge) => return Ok(Err(NoChanges::TooLarge)),
    };
    Comparing::new(&old, &new, options.search_time_max).run(is_late, cancel)
}

/// A value on one line, or its beginning.
fn on_one_line(written: &str) -> String {
    let mut out = String::new();
    let (mut in_string, mut is_escaped) = (false, false);
    for character in written.chars() {
        if out.len() >= SHOWN_BYTES {
            out.push('…');
            break;
        }
        if in_string {
            in_string = is_escaped || character != '"';
            is_escaped = !is_escaped && character == '\\';
        } else if character == '"' {
            in_string = true;
        } else if character.is_ascii_whitespace() {
            continue;
        }
        out.push(character);
    }
    crate::payload::visible_line(&out).into_owned()
}

#[cfg(test)]
mod tests;
