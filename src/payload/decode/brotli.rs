//! Brotli (RFC 7932) by choice: it has no marks by which it could be recognised. What is inside is read as its bytes
//! suggest, or as the option says: `brotli:cbor`.

use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{Choice, DecodeError, Fit, Format, Look, detect};
use crate::payload::{DecodeLimits, never, packing};

/// Reads what is packed with Brotli.
#[derive(Debug)]
pub(super) struct Brotli {
    /// What reads the inside; `None`: as its bytes suggest.
    inside: Option<Choice>,
}

impl Brotli {
    /// Reads the inside as its bytes suggest.
    pub const ANYTHING: Self = Self { inside: None };

    /// Reads the inside in this way.
    pub fn of(inside: Choice) -> Self {
        Self { inside: Some(inside) }
    }
}

impl ValueDecoder for Brotli {
    /// Never recognised by its bytes.
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let limits = DecodeLimits { depth_max, ..DecodeLimits::default() };
        let bytes = packing::unbrotli(payload, limits.decoded_bytes_max, &never)?;
        let plain = || Choice::plain(detect(&bytes).unwrap_or(Format::Text));
        let choice = self.inside.clone().unwrap_or_else(plain);
        match choice.decoder().json(&bytes, &limits, &never) {
            Some(json) => {
                for line in json?.lines() {
                    out.raw(line)?;
                }
            }
            None => match str::from_utf8(&bytes) {
                Ok(text) => out.string(text)?,
                Err(_) => out.bytes(&bytes)?,
            },
        }
        Ok(())
    }

    fn extension(&self) -> &'static str {
        "br"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::decode::BinaryProblem;
    use crate::payload::{LimitError, TooLarge};

    /// `{"temperature":21.5,"on":true}`, packed by Google's own program (`scripts/payload-samples`).
    const PACKED: &[u8] = b"\x8B\x0E\x80\x7B\x22\x74\x65\x6D\x70\x65\x72\x61\x74\x75\x72\x65\x22\x3A\x32\x31\x2E\x35\x2C\x22\x6F\x6E\x22\x3A\x74\x72\x75\x65\x7D\x03";

    fn read(brotli: &Brotli, payload: &[u8]) -> Result<String, DecodeError> {
        let mut out = ValueWriter::new(64 << 20, &never);
        brotli.write(payload, 100, &mut out).map(|()| out.finish())
    }

    #[test]
    fn what_is_inside_is_read_as_its_bytes_suggest_or_as_was_chosen() {
        assert_eq!(read(&Brotli::ANYTHING, PACKED).unwrap(), r#"{"temperature":21.5,"on":true}"#);
        let text = Brotli::of(Choice::plain(Format::Text));
        assert_eq!(read(&text, PACKED).unwrap(), r#""{\"temperature\":21.5,\"on\":true}""#);
        assert_eq!("brotli:cbor".parse::<Choice>().unwrap().to_string(), "brotli:cbor");
        assert!("brotli:nothing".parse::<Choice>().is_err());
    }

    #[test]
    fn what_is_damaged_or_cut_says_so_and_a_bomb_ends_at_the_bound() {
        let cut = read(&Brotli::ANYTHING, &PACKED[..PACKED.len() - 3]).unwrap_err();
        assert!(
            matches!(cut, DecodeError::Binary(fault) if fault.problem == BinaryProblem::Truncated),
            "{cut:?}"
        );
        assert!(read(&Brotli::ANYTHING, &[0xFF; 40]).is_err());
        // 70 MiB of zeros in a few bytes.
        let bomb = b"\xCB\xFF\xFF\x3F\x00\x24\x00\xE2\xB1\x40\x72\xEF\xFF\xF8\xFF\xFF\x07\x80\x04\x40\x1C\x16\x80\xEE\xFD\x1F\xFF\xFF\xFF\x00\x90\x00\x88\xC3\x02\xD0\xBD\xFF\xE3\xFF\xFF\x1F\x00\x12\x00\x71\x58\x00\xBA\xF7\x7F\xFC\xFF\xFF\x03\x40\x02\x20\x0E\x0B\x40\xF7\xFE\x8F\xFF\xFF\x7F\x00\x48\x00\xC4\x61\x01\xE8\xDE\xFF\xF1\xFF\xFF\x0F\x00\x09\x80\x38\x2C\x00\xDD\xFB\x3F\xFE\xFF\xFF\x01\x20\x01\x10\x87\x05\xA0\x7B\xFF\x97\xFF\xFF\x5F\x00\x24\x00\xE2\xB0\x00\x74\xEF\xBF\x00";
        let bytes_max = 1 << 20;
        let error = packing::unbrotli(bomb, bytes_max, &never).unwrap_err();
        assert_eq!(error, DecodeError::Limit(LimitError::TooLarge { what: TooLarge::Unpacked, bytes_max }));
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_end(bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..200)) {
            if let Err(error) = read(&Brotli::ANYTHING, &bytes) {
                proptest::prop_assert!(error.offset().is_none_or(|at| at <= bytes.len()));
            }
        }
    }
}
