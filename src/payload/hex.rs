//! Bytes as hexadecimal digits and back: for the views, the clipboard and the editor of the publish panel.

use data_encoding::HEXLOWER;

/// Bytes in a line.
pub const LINE_BYTES: usize = 16;

/// One line of a hex view. Lines are made when they are drawn, so a payload of any size is shown at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HexLine {
    /// Bytes of the payload before this line.
    pub offset: usize,
    /// `00 01 02 03 04 05 06 07  08 09 …`: two digits a byte, a wider gap in the middle, nothing after the last.
    pub digits: String,
    /// A character per byte: itself if it is printable ASCII, else `·`.
    pub ascii: String,
}

/// Lines of the hex view of `payload`.
pub fn line_count(payload: &[u8]) -> usize {
    payload.len().div_ceil(LINE_BYTES)
}

/// Line `index` of the hex view, or `None` beyond its end.
pub fn line(payload: &[u8], index: usize) -> Option<HexLine> {
    let offset = index.checked_mul(LINE_BYTES)?;
    let bytes = payload.get(offset..).filter(|rest| !rest.is_empty())?;
    let bytes = &bytes[..bytes.len().min(LINE_BYTES)];
    let ascii = |byte: &u8| if matches!(byte, b' '..=b'~') { char::from(*byte) } else { '·' };
    Some(HexLine { offset, digits: grouped(bytes), ascii: bytes.iter().map(ascii).collect() })
}

/// Two digits a byte with a space between them, all on one line: `0a ff 00`.
pub fn spaced(bytes: &[u8]) -> String {
    separated(bytes, |_| " ")
}

/// Two digits a byte, sixteen bytes a line, with a wider gap after eight.
pub fn grouped(bytes: &[u8]) -> String {
    separated(bytes, |index| match index {
        _ if index.is_multiple_of(LINE_BYTES) => "\n",
        _ if index.is_multiple_of(LINE_BYTES / 2) => "  ",
        _ => " ",
    })
}

/// `before` gives what stands before the byte with this index, the first one excepted.
fn separated(bytes: &[u8], before: impl Fn(usize) -> &'static str) -> String {
    let mut out = String::with_capacity(bytes.len() * 3 + bytes.len() / 8);
    for (index, byte) in bytes.iter().enumerate() {
        if index > 0 {
            out.push_str(before(index));
        }
        HEXLOWER.encode_append(std::slice::from_ref(byte), &mut out);
    }
    out
}

/// Why a text is not hexadecimal, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HexError {
    /// A character is not a digit.
    NotADigit {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// The character.
        found: char,
    },
    /// The last byte has only one digit.
    HalfAByte,
}

/// The bytes that a text of digits stands for. Space, line breaks, the marks that people put between bytes (`:`, `-`,
/// `,`) and a `0x` before a byte are skipped.
pub fn parse(text: &str) -> Result<Vec<u8>, HexError> {
    let mut bytes = Vec::with_capacity(text.len() / 2);
    let mut half = None;
    for (index, line) in text.lines().enumerate() {
        let mut previous = None;
        for (column, found) in line.chars().enumerate() {
            let digit = found.to_digit(16).map(|digit| digit as u8);
            match (digit, half) {
                (Some(digit), None) => half = Some(digit),
                (Some(digit), Some(first)) => {
                    bytes.push(first << 4 | digit);
                    half = None;
                }
                (None, Some(0)) if matches!(found, 'x' | 'X') && previous == Some('0') => half = None,
                (None, None) if found.is_whitespace() || matches!(found, ':' | '-' | ',') => {}
                (None, _) => return Err(HexError::NotADigit { line: index + 1, column: column + 1, found }),
            }
            previous = Some(found);
        }
    }
    if half.is_some() { Err(HexError::HalfAByte) } else { Ok(bytes) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_are_made_one_by_one() {
        let payload: Vec<u8> = (0x30..0x44).chain([0, 0xFF]).collect();
        assert_eq!(line_count(&payload), 2);
        let first = line(&payload, 0).unwrap();
        assert_eq!(first.digits, "30 31 32 33 34 35 36 37  38 39 3a 3b 3c 3d 3e 3f");
        assert_eq!(first.ascii, "0123456789:;<=>?");
        let last = line(&payload, 1).unwrap();
        let expected = (16, "40 41 42 43 00 ff", "@ABC··");
        assert_eq!((last.offset, last.digits.as_str(), last.ascii.as_str()), expected);
        assert_eq!(line(&payload, 2), None);
        assert_eq!(line(&payload, usize::MAX), None);
        assert_eq!(line(&[], 0), None);
    }

    #[test]
    fn digits_are_read_as_people_write_them() {
        for text in ["01ab ff", "0x01 0xAB 0xff", "01:ab:ff", "01-AB-FF\n", "01,ab,\n\tff"] {
            assert_eq!(parse(text).as_deref(), Ok(&[0x01, 0xAB, 0xFF][..]), "{text}");
        }
        assert_eq!(parse("").as_deref(), Ok(&[][..]));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        assert_eq!(parse("01\n0g"), Err(HexError::NotADigit { line: 2, column: 2, found: 'g' }));
        assert_eq!(parse("温"), Err(HexError::NotADigit { line: 1, column: 1, found: '温' }));
        assert_eq!(parse("a b"), Err(HexError::NotADigit { line: 1, column: 2, found: ' ' }));
        assert_eq!(parse("01 a"), Err(HexError::HalfAByte));
        assert_eq!(parse("10x"), Err(HexError::NotADigit { line: 1, column: 3, found: 'x' }));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: Vec<u8>) {
            prop_assert_eq!(parse(&grouped(&bytes)), Ok(bytes.clone()));
            prop_assert_eq!(parse(&spaced(&bytes)), Ok(bytes));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC*|[0-9a-fxX :\\n]{0,20}") {
            parse(&text).ok();
        }
    }
}
