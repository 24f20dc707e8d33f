//! What a few bytes would mean as a number, a time or a character: for the data inspector below the hex view.

use half::f16;
use jiff::Timestamp;

/// A way to read bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteKind {
    /// An unsigned whole number of so many bits.
    Unsigned(u8),
    /// A signed whole number of so many bits, in two's complement.
    Signed(u8),
    /// A floating-point number of so many bits (IEEE 754).
    Float(u8),
    /// The bits of the first byte, the highest first.
    Bits,
    /// An unsigned number of variable length (LEB128), as Protobuf's varints are.
    Leb128,
    /// A signed number of variable length (LEB128).
    SignedLeb128,
    /// Seconds since 1970 in 32 bits.
    UnixSeconds,
    /// Milliseconds since 1970 in 64 bits.
    UnixMilliseconds,
    /// 128 bits that name something (RFC 9562).
    Guid,
    /// A character in UTF-8.
    Utf8,
}

/// Bytes read in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ByteReading {
    /// The way.
    pub kind: ByteKind,
    /// How many bytes it takes.
    pub bytes: usize,
    /// With the low byte first, or without an order.
    pub little: String,
    /// With the high byte first; `None` if there is no order.
    pub big: Option<String>,
}

const WHOLE: [u8; 6] = [8, 16, 24, 32, 48, 64];
const FLOAT: [u8; 3] = [16, 32, 64];

/// Everything that the bytes at the beginning of `bytes` could be. What needs more bytes than there are is left out.
pub fn byte_readings(bytes: &[u8]) -> Vec<ByteReading> {
    let mut readings = Vec::new();
    for bits in WHOLE {
        both(&mut readings, bytes, ByteKind::Unsigned(bits), bits, |raw| Some(raw.to_string()));
        both(&mut readings, bytes, ByteKind::Signed(bits), bits, |raw| {
            let unused = 64 - u32::from(bits);
            Some(((raw << unused).cast_signed() >> unused).to_string())
        });
    }
    for bits in FLOAT {
        both(&mut readings, bytes, ByteKind::Float(bits), bits, |raw| Some(float(raw, bits)));
    }
    both(&mut readings, bytes, ByteKind::UnixSeconds, 32, |raw| {
        Timestamp::from_second(raw.cast_signed()).ok().map(|time| time.to_string())
    });
    both(&mut readings, bytes, ByteKind::UnixMilliseconds, 64, |raw| {
        Timestamp::from_millisecond(raw.cast_signed()).ok().map(|time| time.to_string())
    });
    if let Some(guid) = bytes.first_chunk() {
        // Microsoft's GUIDs have their first three parts in the low order.
        let (little, big) = (guid_text(guid, true), guid_text(guid, false));
        readings.push(ByteReading { kind: ByteKind::Guid, bytes: 16, little, big: Some(big) });
    }
    let mut plain = |kind, bytes, text| {
        readings.push(ByteReading { kind, bytes, little: text, big: None });
    };
    if let Some(first) = bytes.first() {
        plain(ByteKind::Bits, 1, format!("{:04b} {:04b}", first >> 4, first & 0xF));
    }
    if let Some((value, length, sign)) = leb128(bytes) {
        plain(ByteKind::Leb128, length, value.to_string());
        let unused = 128 - 7 * length as u32;
        let signed = if sign { (value << unused).cast_signed() >> unused } else { value.cast_signed() };
        plain(ByteKind::SignedLeb128, length, signed.to_string());
    }
    if let Some(character) = first_character(bytes) {
        let text = format!("{} U+{:04X}", super::visible_line(&character.to_string()), u32::from(character));
        plain(ByteKind::Utf8, character.len_utf8(), text);
    }
    readings
}

/// Adds what `bits` of `bytes` are in both orders, if there are as many and one of the orders makes sense.
fn both(
    readings: &mut Vec<ByteReading>,
    bytes: &[u8],
    kind: ByteKind,
    bits: u8,
    read: impl Fn(u64) -> Option<String>,
) {
    let count = usize::from(bits / 8);
    let Some(taken) = bytes.get(..count) else { return };
    let join = |whole: u64, byte: &u8| whole << 8 | u64::from(*byte);
    let little = read(taken.iter().rev().fold(0, join));
    let big = read(taken.iter().fold(0, join));
    if little.is_some() || big.is_some() {
        let text = |value: Option<String>| value.unwrap_or_default();
        let big = (count > 1).then(|| text(big));
        readings.push(ByteReading { kind, bytes: count, little: text(little), big });
    }
}

fn float(raw: u64, bits: u8) -> String {
    match bits {
        16 => f16::from_bits(raw as u16).to_string(),
        32 => short(f64::from(f32::from_bits(raw as u32)), f32::from_bits(raw as u32)),
        _ => short(f64::from_bits(raw), f64::from_bits(raw)),
    }
}

/// With an exponent where that is shorter.
fn short(size: f64, value: impl std::fmt::Display + std::fmt::LowerExp) -> String {
    let is_plain = size == 0.0 || !size.is_finite() || (1e-5..1e15).contains(&size.abs());
    if is_plain { value.to_string() } else { format!("{value:e}") }
}

/// A number of at most 64 bits, the bytes that it takes, and whether its highest bit is set.
fn leb128(bytes: &[u8]) -> Option<(u128, usize, bool)> {
    let mut value = 0_u128;
    for (at, byte) in bytes.iter().take(10).enumerate() {
        value |= u128::from(byte & 0x7F) << (7 * at);
        if byte & 0x80 == 0 {
            return Some((value, at + 1, byte & 0x40 != 0));
        }
    }
    None
}

fn first_character(bytes: &[u8]) -> Option<char> {
    let start = bytes.get(..bytes.len().min(4))?;
    start.utf8_chunks().next()?.valid().chars().next()
}

fn guid_text(guid: &[u8; 16], is_mixed: bool) -> String {
    let mut text = String::new();
    for part in [0..4, 4..6, 6..8, 8..10, 10..16] {
        if part.start > 0 {
            text.push('-');
        }
        let mut bytes = guid.get(part.clone()).unwrap_or_default().to_vec();
        if is_mixed && part.end <= 8 {
            bytes.reverse();
        }
        data_encoding::HEXLOWER.encode_append(&bytes, &mut text);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(bytes: &[u8], kind: ByteKind) -> Option<(String, String)> {
        let found = byte_readings(bytes).into_iter().find(|reading| reading.kind == kind)?;
        Some((found.little, found.big.unwrap_or_default()))
    }

    #[test]
    fn bytes_are_read_in_both_orders_as_this_table_says() {
        let counting = [1, 2, 3, 4, 5, 6, 7, 0x88];
        for (bytes, kind, little, big) in [
            (&counting[..], ByteKind::Unsigned(8), "1", ""),
            (&counting, ByteKind::Unsigned(16), "513", "258"),
            (&counting, ByteKind::Unsigned(24), "197121", "66051"),
            (&counting, ByteKind::Unsigned(48), "6618611909121", "1108152157446"),
            (&counting, ByteKind::Unsigned(64), "9801809732607083009", "72623859790382984"),
            (&counting, ByteKind::Signed(64), "-8644934341102468607", "72623859790382984"),
            (&[0xFF, 0xFF, 0x7F], ByteKind::Signed(24), "8388607", "-129"),
            (&[0xFE], ByteKind::Signed(8), "-2", ""),
            (&[0x00, 0x3C], ByteKind::Float(16), "1", "0.0000035763"),
            (&[0, 0, 0x80, 0x3F], ByteKind::Float(32), "1", "4.6006e-41"),
            (&[0, 0, 0, 0, 0, 0, 0xF0, 0x3F], ByteKind::Float(64), "1", "3.03865e-319"),
            (&[0x80, 0x51, 0x01, 0], ByteKind::UnixSeconds, "1970-01-02T00:00:00Z", "2038-03-21T13:52:00Z"),
            (&[0xA5], ByteKind::Bits, "1010 0101", ""),
            (&[0xE5, 0x8E, 0x26], ByteKind::Leb128, "624485", ""),
            (&[0xC0, 0xBB, 0x78], ByteKind::SignedLeb128, "-123456", ""),
            ("度".as_bytes(), ByteKind::Utf8, "度 U+5EA6", ""),
        ] {
            let (found_little, found_big) = read(bytes, kind).unwrap();
            let agrees = |found: &str, expected: &str| match (found.parse::<f64>(), expected.parse::<f64>()) {
                (Ok(found), Ok(expected)) if matches!(kind, ByteKind::Float(_)) => {
                    (found - expected).abs() <= expected.abs() * 1e-4
                }
                _ => found == expected,
            };
            assert!(
                agrees(&found_little, little) && agrees(&found_big, big),
                "{kind:?}: {found_little} {found_big}"
            );
        }
    }

    #[test]
    fn a_guid_has_its_first_parts_in_either_order() {
        let bytes: Vec<u8> = (0..16).collect();
        let (mixed, big) = read(&bytes, ByteKind::Guid).unwrap();
        assert_eq!(mixed, "03020100-0504-0706-0809-0a0b0c0d0e0f");
        assert_eq!(big, "00010203-0405-0607-0809-0a0b0c0d0e0f");
    }

    #[test]
    fn what_needs_more_bytes_than_there_are_is_left_out() {
        assert_eq!(byte_readings(&[]), []);
        assert_eq!(read(&[1], ByteKind::Unsigned(16)), None);
        assert_eq!(read(&[0x80; 12], ByteKind::Leb128), None, "no end within 64 bits");
        assert_eq!(read(&[0xFF, 0x41], ByteKind::Utf8), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..20)) {
            byte_readings(&bytes);
        }
    }
}
