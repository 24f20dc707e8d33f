//! The value of a tree row: a payload on one line. Called for the rows that show, whenever they change.

use crate::payload::detect::{LOOK_BYTES, text_start};
use crate::payload::document::push_hex;
use crate::payload::visible::{needs_sign, push_visible};
use crate::payload::{Kind, detect, image};

/// A payload on one line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// At most as many characters as were asked for; `…` at the end where something was left out.
    pub text: String,
    /// What the payload seems to be.
    pub kind: Kind,
}

/// `payload` on one line of at most `chars_max` characters. Looks at the first 1,024 bytes only.
///
/// JSON without the space between its tokens, text with line ends and control characters as signs, pictures by
/// format and size, anything else as hexadecimal digits with its size, nothing as `(no payload)`.
pub fn preview(payload: &[u8], chars_max: usize) -> Preview {
    let kind = detect(payload);
    let whole = payload.len() <= LOOK_BYTES;
    let start = &payload[..payload.len().min(LOOK_BYTES)];
    let mut line = OneLine { text: String::new(), left: chars_max };
    let complete = match kind {
        Kind::Empty => line.push_all("(no payload)"),
        Kind::Image(_) => line.push_all(&picture(payload)),
        Kind::Binary => {
            binary(&mut line, payload);
            true
        }
        Kind::Json => json(&mut line, text_start(start, whole).unwrap_or_default()) && whole,
        Kind::Text => text(&mut line, text_start(start, whole).unwrap_or_default()) && whole,
    };
    if !complete {
        line.mark_cut();
    }
    Preview { text: line.text, kind }
}

/// A size as people read it: `14 B`, `12.3 kB`, `1.0 MB` (powers of 1,000).
pub fn byte_size(bytes: usize) -> String {
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1e3;
    let mut units = ["kB", "MB", "GB"].into_iter().peekable();
    let mut unit = units.next().unwrap_or_default();
    while size >= 999.95
        && let Some(larger) = units.next()
    {
        size /= 1e3;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}

/// A line that is filled up to a number of characters.
struct OneLine {
    text: String,
    left: usize,
}

impl OneLine {
    /// False if there is no room.
    fn push(&mut self, character: char) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        self.text.push(character);
        true
    }

    fn push_all(&mut self, text: &str) -> bool {
        text.chars().all(|character| self.push(character))
    }

    fn push_visible(&mut self, character: char) -> bool {
        if !needs_sign(character) {
            return self.push(character);
        }
        let mut sign = String::new();
        push_visible(&mut sign, character);
        self.push_all(&sign)
    }

    fn mark_cut(&mut self) {
        if self.left == 0 && self.text.pop().is_none() {
            return;
        }
        self.text.push('…');
    }
}

fn json(line: &mut OneLine, text: &str) -> bool {
    let mut in_string = false;
    let mut escaped = false;
    text.chars().all(|character| {
        if in_string {
            in_string = escaped || character != '"';
            escaped = !escaped && character == '\\';
        } else if matches!(character, ' ' | '\n' | '\r' | '\t' | '\u{FEFF}') {
            return true;
        } else {
            in_string = character == '"';
        }
        line.push_visible(character)
    })
}

fn text(line: &mut OneLine, text: &str) -> bool {
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let pushed = match character {
            '\r' if characters.peek() == Some(&'\n') => true,
            '\n' => line.push('␊'),
            '\t' => line.push(' '),
            _ => line.push_visible(character),
        };
        if !pushed {
            return false;
        }
    }
    true
}

fn picture(payload: &[u8]) -> String {
    let size = byte_size(payload.len());
    match image::probe(payload) {
        Some(image) => match image.size {
            Some((width, height)) => format!("{} {width} × {height}, {size}", image.kind.name()),
            None => format!("{}, {size}", image.kind.name()),
        },
        None => size,
    }
}

/// `0a ff 3c … 1.2 kB`: as many bytes as leave room for the size.
fn binary(line: &mut OneLine, payload: &[u8]) {
    // The size comes first and in brackets: behind the digits it would read like more of them.
    let size = format!("({})", byte_size(payload.len()));
    let room = line.left.saturating_sub(size.len() + 2) / 3;
    line.text.push_str(&size);
    for &byte in payload.iter().take(room) {
        line.text.push(' ');
        push_hex(&mut line.text, byte);
    }
    if room < payload.len() {
        line.text.push_str(" …");
    }
    let cut = line.text.char_indices().nth(line.left).map_or(line.text.len(), |(at, _)| at);
    line.text.truncate(cut);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_row_shows_what_was_sent_on_one_line() {
        let cases: [(&[u8], usize, &str, Kind); 18] = [
            (b"", 40, "(no payload)", Kind::Empty),
            (b"42.5", 40, "42.5", Kind::Json),
            (b"1.0", 40, "1.0", Kind::Json),
            (b"12345678901234567890", 40, "12345678901234567890", Kind::Json),
            (b"\"running\"", 40, "\"running\"", Kind::Json),
            (b"running", 40, "running", Kind::Text),
            (
                b"{\n  \"a b\": [1, 2],\n  \"c\": \"x  \\\" y\"\n}",
                60,
                "{\"a b\":[1,2],\"c\":\"x  \\\" y\"}",
                Kind::Json,
            ),
            (b"{\"abc\": 12345}", 8, "{\"abc\":\u{2026}", Kind::Json),
            (b"{\"a\":1", 40, "{\"a\":1", Kind::Text),
            (b"12:30", 40, "12:30", Kind::Text),
            (b"one\ntwo\r\nthree\tfour\x1B", 40, "one␊two␊three four␛", Kind::Text),
            (b"12\0", 40, "12␀", Kind::Text),
            ("温度 21 °C".as_bytes(), 4, "温度 …", Kind::Text),
            (b"\0\x01\xFF", 40, "(3 B) 00 01 ff", Kind::Binary),
            (b"\x01", 40, "(1 B) 01", Kind::Binary),
            (&[0xAB; 2_000], 20, "(2.0 kB) ab ab ab …", Kind::Binary),
            (&[0xAB; 2_000], 3, "(2.", Kind::Binary),
            (b"abc", 0, "", Kind::Text),
        ];
        for (payload, chars, text, kind) in cases {
            let shown = preview(payload, chars);
            assert_eq!((shown.text.as_str(), shown.kind), (text, kind), "{payload:?}");
        }
    }

    #[test]
    fn a_text_longer_than_the_look_ends_with_an_ellipsis() {
        let shown = preview(&[b'x'; 2_000], 5_000);
        assert_eq!(shown.text.chars().count(), LOOK_BYTES + 1);
        assert!(shown.text.ends_with("x…"));
        // A character that the end of the look tears is left out.
        let shown = preview("é".repeat(1_000).replacen('é', "aé", 1).as_bytes(), 5_000);
        assert!(shown.text.ends_with("é…") && shown.kind == Kind::Text);
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
            let shown = preview(&bytes, chars);
            prop_assert!(shown.text.chars().count() <= chars);
            prop_assert!(!shown.text.chars().any(char::is_control), "{:?}", shown.text);
        }

        #[test]
        fn a_text_preview_says_if_something_is_left_out(text in "[a-z ]{1,40}", chars in 1..50_usize) {
            let shown = preview(text.as_bytes(), chars).text;
            prop_assert_eq!(shown.ends_with('…'), text.len() > chars);
        }
    }
}
