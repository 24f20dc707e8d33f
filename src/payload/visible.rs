//! Signs for characters that a person would not see, or that move what stands around them.
//!
//! A payload that contains U+202E reads backwards in many programs, one with a backspace hides what came before.
//! A program for looking into payloads shows that they are there.

use std::fmt::Write;

/// Whether `character` is shown by a sign. Line feed and tab are layout and stay.
pub(super) fn needs_sign(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        _ => matches!(character,
            // C0 controls; delete and C1 controls
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'
            // line and paragraph separator, embedding and override of direction; isolates; byte order mark
            | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'),
    }
}

/// Adds `character`, or its sign: the control picture where Unicode has one, else `<U+202E>`.
pub(super) fn push_visible(out: &mut String, character: char) {
    match character {
        '\n' | '\t' => out.push(character),
        '\0'..='\u{1F}' => out.push(char::from_u32(0x2400 + character as u32).unwrap_or('\u{FFFD}')),
        '\u{7F}' => out.push('\u{2421}'),
        _ if needs_sign(character) => {
            // Writing to a string cannot fail.
            write!(out, "<U+{:04X}>", character as u32).unwrap_or_default();
        }
        _ => out.push(character),
    }
}
