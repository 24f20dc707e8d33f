//! The JSON that a payload holds, whatever it was sent as.

use std::borrow::Cow;

use crate::payload::decode::{Choice, Format, detect};
use crate::payload::{DecodeLimits, json, never, unpack};

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

/// A payload as one line of JSON: its values; or what is no value as a text, bytes that are not UTF-8 as `\u{FFFD}`.
pub fn value_line(payload: &[u8], choice: Option<&Choice>) -> Vec<u8> {
    let limits = DecodeLimits { decoded_bytes_max: 64 << 20, depth_max: 1_000, ..DecodeLimits::default() };
    let values = values_of(payload, choice);
    let minified = values.and_then(|values| json::minify(&values, &limits, &never).ok());
    let line = minified.filter(|line| !line.contains('\n'));
    line.unwrap_or_else(|| serde_json::Value::from(String::from_utf8_lossy(payload)).to_string()).into_bytes()
}
