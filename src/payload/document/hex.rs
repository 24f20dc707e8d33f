//! Bytes as hexadecimal lines, made when they are drawn: a payload of any size has no text to wait for.

/// Bytes in a line.
pub const HEX_LINE_BYTES: usize = 16;

/// One line of a hex view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexLine {
    /// Bytes of the payload before this line.
    pub offset: usize,
    /// `00 01 02 03 04 05 06 07  08 09 …`: two digits a byte, a wider gap in the middle, nothing after the last.
    pub hex: String,
    /// A character per byte: itself if it is printable ASCII, else `·`.
    pub ascii: String,
}

/// Lines of the hex view of `payload`.
pub fn hex_line_count(payload: &[u8]) -> usize {
    payload.len().div_ceil(HEX_LINE_BYTES)
}

/// Line `index` of the hex view, or `None` beyond its end.
pub fn hex_line(payload: &[u8], index: usize) -> Option<HexLine> {
    let offset = index.checked_mul(HEX_LINE_BYTES)?;
    let bytes = payload.get(offset..).filter(|rest| !rest.is_empty())?;
    let bytes = &bytes[..bytes.len().min(HEX_LINE_BYTES)];
    let mut hex = String::with_capacity(HEX_LINE_BYTES * 3);
    let mut ascii = String::with_capacity(HEX_LINE_BYTES * 2);
    for (place, &byte) in bytes.iter().enumerate() {
        match place {
            0 => {}
            8 => hex.push_str("  "),
            _ => hex.push(' '),
        }
        push_hex(&mut hex, byte);
        ascii.push(if matches!(byte, b' '..=b'~') { char::from(byte) } else { '·' });
    }
    Some(HexLine { offset, hex, ascii })
}

/// Adds the two digits of `byte`.
pub(in crate::payload) fn push_hex(out: &mut String, byte: u8) {
    for digit in [byte >> 4, byte & 15] {
        out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
    }
}

/// The first place at or after `from` where `needle` stands in `payload`.
pub fn find_bytes(payload: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    if needle.is_empty() {
        return None;
    }
    memchr::memmem::find(payload.get(from..)?, needle).map(|found| from + found)
}

/// The bytes that a person means by `0a ff`, `0AFF` or `0x0a 0xff`; `None` if that is not hexadecimal.
pub fn parse_hex(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    for word in text.split_whitespace() {
        let digits = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word).as_bytes();
        if digits.is_empty() || !digits.len().is_multiple_of(2) {
            return None;
        }
        for pair in digits.chunks_exact(2) {
            let value = |digit: u8| char::from(digit).to_digit(16);
            bytes.push((value(pair[0])? * 16 + value(pair[1])?) as u8);
        }
    }
    (!bytes.is_empty()).then_some(bytes)
}
