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
            // soft hyphen; zero width space; marks of direction. (The joiners U+200C and U+200D belong to scripts, see below.)
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
        _ if needs_sign(character) => push_code(out, character),
        _ => out.push(character),
    }
}

fn push_code(out: &mut String, character: char) {
    // Writing to a string cannot fail.
    write!(out, "<U+{:04X}>", character as u32).unwrap_or_default();
}

/// What a payload may need, and two names may differ in without anybody seeing it: joiners, variation selectors, fillers
/// and spaces that look like others or like nothing.
fn hides_in_a_name(character: char) -> bool {
    matches!(character,
        // no-break space; combining grapheme joiner; Arabic letter mark; Hangul fillers; Khmer vowels that do not show
        '\u{A0}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        // Mongolian selectors and separator; spaces of a width of their own; the joiners
        | '\u{180B}'..='\u{180F}' | '\u{2000}'..='\u{200A}' | '\u{200C}' | '\u{200D}' | '\u{202F}' | '\u{205F}'
        // deprecated format characters; empty Braille pattern; Hangul filler; variation selectors
        | '\u{2065}' | '\u{206A}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        // half-width Hangul filler; annotation; musical formatting; tags and more variation selectors
        | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFB}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

/// A name as one line in which every character is visible: line feeds, tabs and a space at either end included.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    let is_strange =
        |character| matches!(character, '\n' | '\t') || needs_sign(character) || hides_in_a_name(character);
    if !text.starts_with(' ') && !text.ends_with(' ') && !text.contains(is_strange) {
        return Cow::Borrowed(text);
    }
    let inner = text.trim_matches(' ');
    let before = text.len() - text.trim_start_matches(' ').len();
    let after = text.len() - before - inner.len();
    let mut out = "\u{2420}".repeat(before);
    for character in inner.chars() {
        match character {
            '\n' => out.push('\u{240A}'),
            '\t' => out.push('\u{2409}'),
            _ if hides_in_a_name(character) => push_code(&mut out, character),
            _ => push_visible(&mut out, character),
        }
    }
    out.extend(std::iter::repeat_n('\u{2420}', after));
    Cow::Owned(out)
}

/// The beginning of a name as [`visible_line`] shows it: enough for any row, however long the name is.
pub fn visible_name(text: &str) -> Cow<'_, str> {
    const SHOWN_CHARS: usize = 256;
    match text.char_indices().nth(SHOWN_CHARS) {
        None => visible_line(text),
        Some((end, _)) => Cow::Owned(visible_line(&text[..end]).into_owned() + "…"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_shows_what_it_hides() {
        assert_eq!(visible_line("温度/室 1"), "温度/室 1");
        assert_eq!(visible_line("a\u{202E}b\u{200B}c\n\t\0"), "a<U+202E>b<U+200B>c␊␉␀");
        assert_eq!(visible_line("👩\u{200D}🔧"), "👩<U+200D>🔧", "joiners make one picture of two");
    }

    #[test]
    fn no_two_names_look_alike_because_of_what_does_not_show() {
        for (hidden, sign) in [
            ('\u{200C}', "<U+200C>"),
            ('\u{200D}', "<U+200D>"),
            ('\u{34F}', "<U+034F>"),
            ('\u{FE0F}', "<U+FE0F>"),
            ('\u{E0041}', "<U+E0041>"),
            ('\u{A0}', "<U+00A0>"),
        ] {
            assert_eq!(visible_line(&format!("a{hidden}b")), format!("a{sign}b"));
        }
        assert_eq!(visible_line("two words "), "two words␠");
        assert_eq!(visible_line(" a"), "␠a");
        assert_eq!(visible_line("  "), "␠␠");
    }

    #[test]
    fn a_long_name_is_cut_for_its_row() {
        assert_eq!(visible_name("a "), "a␠");
        let shown = visible_name(&"温".repeat(1_000_000)).into_owned();
        assert_eq!(shown, "温".repeat(256) + "…");
    }
}
