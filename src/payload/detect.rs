//! What a payload is, by a look at its beginning.

use crate::payload::image::{self, ImageKind};
use crate::payload::json::looks_like_json;

/// Bytes that are looked at.
pub(super) const LOOK_BYTES: usize = 1024;

/// What a payload seems to be: which view the inspector opens first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No bytes at all; with retain set, the wish to clear a topic (MQTT 5.0, 3.3.1.3).
    Empty,
    /// JSON as far as was looked: also a number, a word or a string alone, and several objects in a row.
    Json,
    /// UTF-8 text.
    Text,
    /// A picture that the inspector can show.
    Image(ImageKind),
    /// Anything else.
    Binary,
}

/// Looks at the first 1,024 bytes. A later fault in JSON shows when it is formatted.
pub fn detect(payload: &[u8]) -> Kind {
    if payload.is_empty() {
        return Kind::Empty;
    }
    let (start, whole) = match payload.get(..LOOK_BYTES) {
        Some(start) if payload.len() > LOOK_BYTES => (start, false),
        _ => (payload, true),
    };
    if let Some(text) = text_start(start, whole) {
        return if looks_like_json(text.as_bytes(), whole) { Kind::Json } else { kind_of_text(text) };
    }
    image::probe(payload).map_or(Kind::Binary, |image| Kind::Image(image.kind))
}

/// `start` as text: up to the last whole character if the payload goes on behind it.
pub(super) fn text_start(start: &[u8], whole: bool) -> Option<&str> {
    match str::from_utf8(start) {
        Ok(text) => Some(text),
        Err(error) if !whole && error.error_len().is_none() => {
            str::from_utf8(&start[..error.valid_up_to()]).ok()
        }
        Err(_) => None,
    }
}

/// Bytes that happen to be UTF-8 are still no text if a good part of them are control characters.
fn kind_of_text(text: &str) -> Kind {
    // A string out of a C program may bring the NULs at its end.
    let written = text.trim_end_matches('\0');
    let is_control = |byte: &&u8| matches!(byte, 0..=8 | 0x0E..=0x1A | 0x1C..=0x1F | 0x7F);
    let controls = written.as_bytes().iter().filter(is_control).count();
    if written.is_empty() || controls * 10 > written.len() { Kind::Binary } else { Kind::Text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_beginning_tells_the_kind() {
        let long_json = format!("[{}1]", "1,".repeat(5_000));
        let cases: [(&[u8], Kind); 14] = [
            (b"", Kind::Empty),
            (b" \n", Kind::Text),
            (b"null", Kind::Json),
            (b"nullable", Kind::Text),
            (b"{\"a\":1}\n{\"a\":2}\n", Kind::Json),
            (b"1 2 3", Kind::Text),
            (b"2024-01-02", Kind::Text),
            (b"[1,", Kind::Text),
            (long_json.as_bytes(), Kind::Json),
            ("温度".as_bytes(), Kind::Text),
            (b"\0\0\0\x2A", Kind::Binary),
            (b"\0\0", Kind::Binary),
            (b"caf\xE9", Kind::Binary),
            (b"\x89PNG\r\n\x1A\n", Kind::Image(ImageKind::Png)),
        ];
        for (payload, kind) in cases {
            assert_eq!(detect(payload), kind, "{:?}", String::from_utf8_lossy(payload));
        }
        let deep = "[".repeat(600) + &"]".repeat(600);
        assert_eq!(detect(deep.as_bytes()), Kind::Json);
        // Only the beginning is looked at: this breaks off later.
        assert_eq!(detect(&long_json.as_bytes()[..5_000]), Kind::Json);
        let long_string = format!("\"{}\"", "x".repeat(5_000));
        assert_eq!(detect(long_string.as_bytes()), Kind::Json);
    }
}
