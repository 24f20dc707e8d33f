//! The value of a tree row: a payload on one line. Called for the rows that show, whenever they change.

use crate::payload::decode::{Choice, Format, Look, Shape, inside};
use crate::payload::visible::{needs_sign, push_visible};

/// `payload` on one line of at most `chars_max` characters; `…` at the end where something was left out.
///
/// Looks at the first 1,024 bytes only. JSON comes without the space between its tokens, text with symbols for line
/// ends and control characters, a picture as its format and size, anything else as its size and digits. What is packed
/// is shown unpacked: `gzip → {"a":1}`. An empty payload gives an empty line. `choice` says how the payload is to be
/// read; `None`: as its bytes suggest, which is also done with a payload that the choice makes nothing of.
pub fn preview(payload: &[u8], choice: Option<&Choice>, chars_max: usize) -> String {
    preview_at_a_glance(payload, choice, chars_max).0
}

/// Makes a [`preview`], and tells what kind of payload it shows.
pub fn preview_at_a_glance(payload: &[u8], choice: Option<&Choice>, chars_max: usize) -> (String, Glance) {
    let mut line = PreviewLine { text: String::new(), left: chars_max };
    let glance = inside(payload, |look, packings| {
        let Some(guessed) = look.format() else { return Glance::Other };
        if !packings.iter().all(|packing| line.push_all(packing.name()) && line.push_all(" → ")) {
            line.end(false);
            return Glance::at(guessed, look);
        }
        if let Some(choice) =
            choice.filter(|choice| choice.format() != guessed || !choice.options().is_empty())
        {
            let before = line.text.len();
            choice.decoder().preview(look, &mut line);
            if !matches!(&line.text[before..], "" | "…") {
                return Glance::at(choice.format(), look);
            }
            line.text.truncate(before);
            line.left = chars_max.saturating_sub(line.text.chars().count());
        }
        guessed.decoder().preview(look, &mut line);
        Glance::at(guessed, look)
    });
    (line.text, glance)
}

/// What a payload is at a glance, by its beginning: what gives its preview a colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Glance {
    /// A JSON number.
    Number,
    /// A JSON string, or text.
    Text,
    /// `true` or `false`.
    Bool,
    /// `null`.
    Null,
    /// A JSON object or array, or another format's tree.
    Structure,
    /// Bytes, a picture, or nothing.
    #[default]
    Other,
}

impl Glance {
    fn at(format: Format, look: &Look<'_>) -> Self {
        let text = look.text().unwrap_or_default().trim_start_matches('\u{FEFF}');
        match (format, text.trim_ascii_start().bytes().next()) {
            (Format::Json, Some(b'{' | b'[')) => Self::Structure,
            (Format::Json, Some(b't' | b'f')) => Self::Bool,
            (Format::Json, Some(b'n')) => Self::Null,
            (Format::Json, Some(b'-' | b'0'..=b'9')) => Self::Number,
            (Format::Json | Format::Text | Format::Utf16Le | Format::Utf16Be | Format::Latin1, _) => {
                Self::Text
            }
            _ => match format.decoder().shape() {
                Shape::Tree => Self::Structure,
                Shape::Text | Shape::Bytes | Shape::Picture => Self::Other,
            },
        }
    }
}

/// A size as people read it: `14 B`, `12.3 kB`, `1.0 MB` (powers of 1,000).
pub fn byte_size(bytes: u64) -> String {
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1e3;
    let mut units = ["kB", "MB", "GB", "TB"].into_iter().peekable();
    let mut unit = units.next().unwrap_or_default();
    while size >= 999.95
        && let Some(larger) = units.next()
    {
        size /= 1e3;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}

/// A line that decoders fill up to a number of characters.
#[derive(Debug)]
pub struct PreviewLine {
    text: String,
    left: usize,
}

impl PreviewLine {
    /// Characters that there is room for.
    pub fn room(&self) -> usize {
        self.left
    }

    /// Adds a character. False if there is no room.
    pub fn push(&mut self, character: char) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.text.push(character);
        true
    }

    /// Adds as much of a text as there is room for. False if some of it was left out.
    pub fn push_all(&mut self, text: &str) -> bool {
        text.chars().all(|character| self.push(character))
    }

    /// Adds a character, or a symbol for one that would not be seen. False if there is no room.
    pub fn push_visible(&mut self, character: char) -> bool {
        if !needs_sign(character) {
            return self.push(character);
        }
        let mut sign = String::new();
        push_visible(&mut sign, character);
        self.push_all(&sign)
    }

    /// Ends the line, with `…` if it does not hold everything.
    pub fn end(&mut self, complete: bool) {
        if complete || (self.left == 0 && self.text.pop().is_none()) {
            return;
        }
        self.text.push('…');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payload::decode::LOOK_BYTES;

    #[test]
    fn a_row_shows_what_was_sent_on_one_line() {
        let cases: [(&[u8], usize, &str); 18] = [
            (b"", 40, ""),
            (b"42.5", 40, "42.5"),
            (b"1.0", 40, "1.0"),
            (b"12345678901234567890", 40, "12345678901234567890"),
            (b"\"running\"", 40, "\"running\""),
            (b"running", 40, "running"),
            (b"{\n  \"a b\": [1, 2],\n  \"c\": \"x  \\\" y\"\n}", 60, "{\"a b\":[1,2],\"c\":\"x  \\\" y\"}"),
            (b"{\"abc\": 12345}", 8, "{\"abc\":\u{2026}"),
            (b"{\"a\":1", 40, "{\"a\":1"),
            (b"12:30", 40, "12:30"),
            (b"one\ntwo\r\nthree\tfour\x1B", 40, "one␊two␊three four␛"),
            (b"12\0", 40, "12␀"),
            ("温度 21 °C".as_bytes(), 4, "温度 …"),
            (b"\0\x01\xFF", 40, "(3 B) 00 01 ff"),
            (b"\x01", 40, "(1 B) 01"),
            (&[0xAB; 2_000], 20, "(2.0 kB) ab ab ab …"),
            (&[0xAB; 2_000], 3, "(2."),
            (b"abc", 0, ""),
        ];
        for (payload, chars, text) in cases {
            assert_eq!(preview(payload, None, chars), text, "{payload:?}");
        }
    }

    #[test]
    fn a_value_is_of_one_kind() {
        let cases: [(&[u8], Glance); 10] = [
            (b"", Glance::Other),
            (b" -42.5", Glance::Number),
            (b"\"running\"", Glance::Text),
            (b"running", Glance::Text),
            (b"12:30", Glance::Text),
            (b"true", Glance::Bool),
            (b"null", Glance::Null),
            (b"{\"a\": 1}", Glance::Structure),
            (b"[1, 2]", Glance::Structure),
            (b"\0\x01\xFF", Glance::Other),
        ];
        for (payload, glance) in cases {
            assert_eq!(preview_at_a_glance(payload, None, 40).1, glance, "{payload:?}");
        }
    }

    #[test]
    fn a_chosen_decoder_writes_the_line_and_bytes_it_cannot_read_are_shown_as_they_are() {
        let layout: Choice = "struct:u16le temp/100".parse().unwrap();
        assert_eq!(preview(&[0x66, 0x08], Some(&layout), 40), r#"{"temp":21.5}"#);
        assert_eq!(preview_at_a_glance(&[0x66, 0x08], Some(&layout), 40).1, Glance::Structure);
        let xml: Choice = "xml".parse().unwrap();
        assert_eq!(preview(b"on", Some(&xml), 40), "on");
        assert_eq!(preview(b"", Some(&layout), 40), "");
    }

    #[test]
    fn a_picture_is_named_by_format_and_size() {
        let icon = include_bytes!("../../assets/icon/128.png");
        assert_eq!(preview(icon, None, 80), format!("PNG 128 × 128, {:.1} kB", icon.len() as f64 / 1e3));
    }

    #[test]
    fn a_text_longer_than_the_look_ends_with_an_ellipsis() {
        let shown = preview(&[b'x'; 2_000], None, 5_000);
        assert_eq!(shown.chars().count(), LOOK_BYTES + 1);
        assert!(shown.ends_with("x…"));
        // A character that is cut in half at the end of the look is left out.
        let shown = preview("é".repeat(1_000).replacen('é', "aé", 1).as_bytes(), None, 5_000);
        assert!(shown.ends_with("é…"));
    }

    #[test]
    fn sizes_are_in_powers_of_a_thousand() {
        let sizes = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (12_345, "12.3 kB"),
            (999_949, "999.9 kB"),
            (999_950, "1.0 MB"),
            (268_435_455, "268.4 MB"),
            (5_000_000_000, "5.0 GB"),
        ];
        for (bytes, text) in sizes {
            assert_eq!(byte_size(bytes), text);
        }
    }

    proptest! {
        #[test]
        fn a_preview_fits_and_is_one_line(bytes in proptest::collection::vec(any::<u8>(), 0..1_200), chars in 0..60_usize) {
            let shown = preview(&bytes, None, chars);
            prop_assert!(shown.chars().count() <= chars);
            prop_assert!(!shown.chars().any(char::is_control), "{shown:?}");
        }

        #[test]
        fn a_text_preview_says_if_something_is_left_out(text in "[a-z ]{1,40}", chars in 1..50_usize) {
            let shown = preview(text.as_bytes(), None, chars);
            prop_assert_eq!(shown.ends_with('…'), text.len() > chars);
        }
    }
}
