//! The JSON that a payload holds, whatever it was sent as.

use std::borrow::Cow;

use crate::payload::decode::{Choice, Format, detect, line};
use crate::payload::{DecodeLimits, never, unpack};

/// Limits on decoding a payload when only some of its values are wanted, once for each message.
const LIMITS: DecodeLimits = DecodeLimits {
    input_bytes_max: 1 << 20,
    decoded_bytes_max: 1 << 20,
    output_bytes_max: 1 << 20,
    depth_max: 100,
};

/// What a decoder shows of a payload that is more than its bytes; `None` for text that nobody chose a decoder for.
pub(super) fn shown<'p>(payload: &'p [u8], choice: Option<&Choice>) -> Option<Cow<'p, [u8]>> {
    const LOOK_BYTES: usize = 64;
    let start = &payload[..payload.len().min(LOOK_BYTES)];
    let is_text = match str::from_utf8(start) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none() && payload.len() > LOOK_BYTES,
    };
    if is_text && choice.is_none() { None } else { values_of(payload, choice) }
}

/// The values of a payload as JSON: borrowed if it was sent as JSON, `None` if it holds none or cannot be read.
/// `choice` says how it is read; without one its bytes decide.
pub(super) fn values_of<'p>(payload: &'p [u8], choice: Option<&Choice>) -> Option<Cow<'p, [u8]>> {
    if choice.is_none() && matches!(payload.first()?, b'{' | b'[') {
        return Some(Cow::Borrowed(payload)); // by far the most common
    }
    let unpacked = unpack(payload, &LIMITS, &never).ok()?;
    let decoder = match choice {
        Some(choice) => choice.decoder(),
        None => match detect(&unpacked.bytes)? {
            Format::Json if unpacked.layers.is_empty() => return Some(Cow::Borrowed(payload)),
            format => format.decoder(),
        },
    };
    let json = decoder.json(&unpacked.bytes, &LIMITS, &never)?.ok()?;
    Some(Cow::Owned(json.into_owned().into_bytes()))
}

/// A payload as one line of JSON: its values, several as one array; text that holds none as a string, bytes that are no text
/// as the string `h'0102'`. So is what cannot be read as `choice` says; `null` if it is too large for that.
pub fn value_line(payload: &[u8], choice: Option<&Choice>) -> Vec<u8> {
    let limits = DecodeLimits { depth_max: 1_000, ..DecodeLimits::default() };
    let as_sent = |_| {
        let format = if str::from_utf8(payload).is_ok() { Format::Text } else { Format::Hex };
        line(payload, Some(&Choice::plain(format)), &limits, &never)
    };
    line(payload, choice, &limits, &never).or_else(as_sent).unwrap_or_else(|_| "null".to_owned()).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_holds_the_values_or_what_was_sent() {
        let layout = "struct:u16le t/100".parse().unwrap();
        let of =
            |payload: &[u8], choice: Option<&Choice>| String::from_utf8(value_line(payload, choice)).unwrap();
        assert_eq!(of(b"\x66\x08", Some(&layout)), r#"{"t":21.5}"#);
        assert_eq!(of(b"\x66", Some(&layout)), "\"f\"", "too short for the layout");
        assert_eq!(of(b"\xFF", Some(&layout)), "\"h'ff'\"");
        assert_eq!(of(b"{\"a\":1}\n{\"a\":2}", None), r#"[{"a":1},{"a":2}]"#);
        // More than is decoded once for each message.
        let large = [b"\x9F".as_slice(), &vec![0x01; 2 << 20], b"\xFF"].concat();
        assert!(of(&large, None).starts_with("[1,1,"));
    }
}
