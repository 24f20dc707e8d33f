//! Strings of JSON: where they end, and what they stand for.

use std::borrow::Cow;

/// Bytes before the closing quote of a string whose opening quote has been passed.
pub(in crate::payload) fn string_length(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|&byte| byte == b'"' || byte == b'\\')?;
        if text[at] == b'"' {
            return Some(at);
        }
        at += 2;
    }
}

/// The text that the inside of a JSON string stands for. Half of a surrogate pair becomes U+FFFD.
pub(in crate::payload) fn decode(raw: &str) -> Cow<'_, str> {
    if !raw.contains('\\') {
        return Cow::Borrowed(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(letter) = rest.chars().next() else { break };
        rest = &rest[letter.len_utf8()..];
        match letter {
            'b' => out.push('\u{8}'),
            'f' => out.push('\u{C}'),
            'n' => out.push('\n'),
            'r' => out.push('\r'),
            't' => out.push('\t'),
            'u' => {
                let (character, length) = unicode_escape(rest);
                out.push(character);
                rest = &rest[length..];
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The character after `\u`, and how many bytes of `rest` belong to it.
fn unicode_escape(rest: &str) -> (char, usize) {
    let unit = |at: usize| rest.get(at..at + 4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let Some(first) = unit(0) else { return (char::REPLACEMENT_CHARACTER, 0) };
    let second = rest.get(4..6).filter(|escape| *escape == "\\u").and_then(|_| unit(6));
    if let (0xD800..0xDC00, Some(second @ 0xDC00..0xE000)) = (first, second) {
        let pair = char::decode_utf16([first, second]).next().and_then(Result::ok);
        return (pair.unwrap_or(char::REPLACEMENT_CHARACTER), 10);
    }
    (char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER), 4)
}
