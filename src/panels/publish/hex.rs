//! Bytes as hexadecimal digits and back. Pure.

use std::fmt::Write as _;

use bytes::Bytes;

/// Why a text is not bytes, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HexError {
    /// A character that is no digit.
    #[error("line {line}, column {column}: {found:?} is not a hexadecimal digit")]
    NotADigit {
        /// From 1.
        line: usize,
        /// From 1, in characters.
        column: usize,
        /// The character.
        found: char,
    },
    /// A byte is two digits.
    #[error("the last byte has only one digit")]
    HalfAByte,
}

/// The bytes of a text of digits. Space, line breaks and the marks that people put between bytes (`:`, `-`, `,`) are
/// passed over, and so is a `0x` before a byte.
pub fn parse(text: &str) -> Result<Bytes, HexError> {
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
    if half.is_some() { Err(HexError::HalfAByte) } else { Ok(bytes.into()) }
}

/// Two digits a byte, sixteen bytes a line, with a wider gap after eight.
pub fn print(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 3 + bytes.len() / 8);
    for (index, byte) in bytes.iter().enumerate() {
        out.push_str(match index {
            0 => "",
            _ if index.is_multiple_of(16) => "\n",
            _ if index.is_multiple_of(8) => "  ",
            _ => " ",
        });
        write!(out, "{byte:02x}").ok();
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
        fn what_is_printed_is_read_back(bytes: Vec<u8>) {
            prop_assert_eq!(parse(&print(&bytes)), Ok(Bytes::from(bytes)));
        }

        #[test]
        fn any_text_is_read_without_a_panic(text in "\\PC*|[0-9a-fxX :\\n]{0,20}") {
            parse(&text).ok();
        }
    }
}
