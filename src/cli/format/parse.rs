//! Parses a format string into its pieces.

use crate::cli::format::{Field, Format, Piece, Width};
use crate::words::cli::FormatError;

/// The widest field allowed; anything wider is a typo.
const WIDTH_MAX: usize = 1_000_000;

/// The letters after `%`.
const FIELDS: &[(char, Field)] = &[
    ('A', Field::TopicAlias),
    ('C', Field::ContentType),
    ('D', Field::CorrelationData),
    ('E', Field::MessageExpiry),
    ('F', Field::PayloadFormat),
    ('I', Field::IsoTime),
    ('J', Field::JsonWithPayload),
    ('P', Field::UserProperties),
    ('R', Field::ResponseTopic),
    ('S', Field::SubscriptionId),
    ('U', Field::UnixTime),
    ('X', Field::UpperHex),
    ('d', Field::Double),
    ('f', Field::Float),
    ('j', Field::Json),
    ('l', Field::PayloadLength),
    ('m', Field::PacketId),
    ('p', Field::Payload),
    ('q', Field::Qos),
    ('r', Field::Retain),
    ('t', Field::Topic),
    ('x', Field::LowerHex),
];

/// The letters after `\` and the bytes they stand for.
const ESCAPES: &[(char, u8)] = &[
    ('\\', b'\\'),
    ('0', 0),
    ('a', 0x07),
    ('e', 0x1b),
    ('n', b'\n'),
    ('r', b'\r'),
    ('t', b'\t'),
    ('v', 0x0b),
];

/// Parses `text`; `pretty` applies to JSON fields.
pub(in crate::cli) fn parse(text: &str, pretty: bool) -> Result<Format, FormatError> {
    let mut pieces = Vec::new();
    let mut chars = text.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '%' => {
                let width = width(&mut chars)?;
                match chars.next().ok_or(FormatError::Incomplete('%'))? {
                    '%' => push_text(&mut pieces, b"%"),
                    letter => {
                        let (_, field) = FIELDS
                            .iter()
                            .find(|(known, _)| *known == letter)
                            .ok_or_else(|| FormatError::Unknown(format!("%{letter}")))?;
                        pieces.push(Piece::Field(*field, width));
                    }
                }
            }
            '@' => match chars.next().ok_or(FormatError::Incomplete('@'))? {
                '@' => push_text(&mut pieces, b"@"),
                letter => pieces.push(Piece::Time(letter)),
            },
            '\\' => {
                let letter = chars.next().ok_or(FormatError::Incomplete('\\'))?;
                let (_, byte) = ESCAPES
                    .iter()
                    .find(|(known, _)| *known == letter)
                    .ok_or_else(|| FormatError::Unknown(format!("\\{letter}")))?;
                push_text(&mut pieces, &[*byte]);
            }
            other => push_text(&mut pieces, other.encode_utf8(&mut [0; 4]).as_bytes()),
        }
    }
    Ok(Format::new(pieces, pretty))
}

/// Parses a minus sign, zeros, a width, a point and a precision, all of them optional.
fn width(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Width, FormatError> {
    let left = chars.next_if_eq(&'-').is_some();
    let zero = chars.peek() == Some(&'0');
    let min = digits(chars)?.unwrap_or(0);
    let max = if chars.next_if_eq(&'.').is_some() { Some(digits(chars)?.unwrap_or(0)) } else { None };
    Ok(Width { left, zero, min, max })
}

fn digits(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Result<Option<usize>, FormatError> {
    let mut number = None;
    while let Some(digit) = chars.peek().and_then(|char| char.to_digit(10)) {
        chars.next();
        let value = number.unwrap_or(0usize) * 10 + digit as usize;
        if value > WIDTH_MAX {
            return Err(FormatError::TooWide { max: WIDTH_MAX });
        }
        number = Some(value);
    }
    Ok(number)
}

fn push_text(pieces: &mut Vec<Piece>, bytes: &[u8]) {
    if let Some(Piece::Text(text)) = pieces.last_mut() {
        text.extend_from_slice(bytes);
    } else {
        pieces.push(Piece::Text(bytes.to_vec()));
    }
}
