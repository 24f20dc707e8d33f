//! Any payload as one line of JSON, for programs that read on.

use crate::payload::decode::value::ValueWriter;
use crate::payload::decode::{Choice, DecodeError, Format, detect, json};
use crate::payload::{CancelCheck, DecodeLimits, unpack};

/// A payload as one JSON value on one line: the value that it holds; text as a string; other bytes as the string
/// `h'0102'`. `choice` says how it is to be read; `None`: as its bytes suggest.
///
/// # Errors
///
/// If a choice was made and the payload is not of its format.
pub fn line(
    payload: &[u8],
    choice: Option<&Choice>,
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Result<String, DecodeError> {
    let format = choice.map(Choice::format).or_else(|| detect(payload)).unwrap_or(Format::Text);
    let decoder = choice.map_or(format.decoder(), Choice::decoder);
    match json(decoder, payload, limits, cancel) {
        Some(Ok(json)) => return Ok(in_a_row(json)),
        // What only began like a format is shown as what it is at the least.
        Some(Err(error)) if choice.is_some() => return Err(error),
        Some(Err(DecodeError::Limit(error))) => return Err(error.into()),
        Some(Err(_)) | None => {}
    }
    let unpacked = unpack(payload, limits, cancel);
    let bytes = match (&unpacked, format) {
        (Ok(unpacked), format) if format != Format::Hex => &*unpacked.bytes,
        _ => payload,
    };
    let mut out = ValueWriter::new(limits.decoded_bytes_max, cancel);
    match str::from_utf8(bytes) {
        Ok(text) if !matches!(format, Format::Hex | Format::Image) => out.string(text)?,
        _ => out.bytes(bytes)?,
    }
    Ok(out.finish())
}

/// Several values are one array; none are `null`.
fn in_a_row(json: String) -> String {
    match json.as_str() {
        "" => "null".to_owned(),
        several if several.contains('\n') => format!("[{}]", several.replace('\n', ",")),
        _ => json,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::never;

    fn of(payload: &[u8], choice: Option<&str>) -> Result<String, DecodeError> {
        let choice = choice.map(|choice| choice.parse().unwrap());
        line(payload, choice.as_ref(), &DecodeLimits::default(), &never)
    }

    #[test]
    fn any_payload_is_one_value_on_one_line() {
        let cases: [(&[u8], &str); 8] = [
            (b"{\n \"a\": 1.0\n}", r#"{"a":1.0}"#),
            (b"21.50", "21.50"),
            (b"on \"air\"\n", r#""on \"air\"\n""#),
            (b"", "\"\""),
            (b"\xFF\x00", "\"h'ff00'\""),
            (b"{\"a\":1}\n{\"a\":2}\n", r#"[{"a":1},{"a":2}]"#),
            (b"{\"a\":", "\"{\\\"a\\\":\""),
            (b"\xA1\x61a\x01", r#"{"a":1}"#),
        ];
        for (payload, json) in cases {
            assert_eq!(of(payload, None).as_deref(), Ok(json), "{payload:?}");
        }
    }

    // Found by scripts/fuzz.
    #[test]
    fn a_stream_without_a_value_is_null() {
        for stream in [b"".as_slice(), b"# nothing yet\n"] {
            assert_eq!(of(stream, Some("yaml")).as_deref(), Ok("null"), "{stream:?}");
        }
    }

    #[test]
    fn what_was_claimed_and_is_not_true_is_a_fault() {
        assert!(of(b"\xA1\x61a", Some("cbor")).is_err());
        assert!(of(b"on", Some("json")).is_err());
        assert_eq!(of(b"\x66\x08", Some("struct:u16le t/100")).as_deref(), Ok(r#"{"t":21.5}"#));
        assert_eq!(of(b"{}", Some("hex")).as_deref(), Ok("\"h'7b7d'\""));
    }
}
