//! What retained messages hold, in one line each, decoded by the rules. Made once for each row that was shown.

use rustc_hash::FxHashMap;

use crate::query::Rules;
use crate::session::retained::RetainedMessage;
use crate::words::{Language, payload};

/// The most characters of a preview.
const CHARS_MAX: usize = 200;
/// Beyond so many previews the memory starts anew.
const PREVIEWS_MAX: usize = 4_000;

/// The previews of a list.
#[derive(Debug, Default)]
pub struct Previews {
    made_for: Option<(u64, Rules, Language)>,
    lines: FxHashMap<usize, String>,
}

impl Previews {
    /// The preview of the message at this place of a version of the list.
    pub fn of(
        &mut self,
        version: u64,
        index: usize,
        message: &RetainedMessage,
        rules: &Rules,
        l: Language,
    ) -> &str {
        let is_same = self.made_for.as_ref().is_some_and(|(made_for, known, language)| {
            *made_for == version && known == rules && *language == l
        });
        if !is_same || self.lines.len() >= PREVIEWS_MAX {
            self.lines.clear();
            self.made_for = Some((version, rules.clone(), l));
        }
        self.lines.entry(index).or_insert_with(|| {
            payload::preview(&message.payload, rules.choice_of_topic(message.topic.as_bytes()), CHARS_MAX, l)
        })
    }
}
