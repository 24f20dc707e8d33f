//! Invisible and bidirectional characters, shown as symbols.
//!
//! A payload that contains U+202E reads backwards in many programs, and a backspace hides what came before it. A
//! program for looking into payloads shows that they are there.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether `character` is shown as a symbol. Line feed and tab are layout and stay.
pub(super) fn needs_sign(character: char) -> bool {
    match character {
        '\n' | '\t' => false,
        _ => matches!(character,
            // C0 controls; delete and C1 controls
            '\0'..='\u{1F}' | '\u{7F}'..='\u{9F}'
            // soft hyphen; zero width space; marks of direction. (The joiners U+200C and U+200D belong to scripts.)
            | '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}'
            // line and paragraph separator, embedding and override of direction; word joiner, operators that do not show
            | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}'
            // isolates; byte order mark
            | '\u{2066}'..='\u{2069}' | '\u{FEFF}'),
    }
}

/// Adds `character`, or its symbol: the control picture where Unicode has one, otherwise `<U+202E>`.
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

/// A name as one line in which every character is visible, line feeds and tabs included.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|character| matches!(character, '\n' | '\t') || needs_sign(character)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\n' => out.push('\u{240A}'),
            '\t' => out.push('\u{2409}'),
            _ => push_visible(&mut out, character),
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_what_it_hides() {
        assert_eq!(visible_line("温度/室 1"), "温度/室 1");
        assert_eq!(visible_line("a\u{202E}b\u{200B}c\n\t\0"), "a<U+202E>b<U+200B>c␊␉␀");
        assert_eq!(visible_line("👩\u{200D}🔧"), "👩\u{200D}🔧", "joiners make one picture of two");
    }
}
