//! CBOR (RFC 8949): one item, or several in a row (RFC 8742).
//!
//! A tag stands as `{"tag(1)": …}` around its item; 55799, which only says that CBOR follows, is left out, and numbers
//! above 64 bits (tags 2 and 3) are numbers.

use minicbor::Decoder as Reader;
use minicbor::data::Token;

use crate::payload::DecodeLimits;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::value::{ValueDecoder, ValueWriter, fit_by_reading};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::encode::{self, EncodeError};

/// "What follows is CBOR" (RFC 8949, 3.4.6).
const SELF_DESCRIBED: u64 = 55_799;

/// Reads CBOR.
#[derive(Debug)]
pub(super) struct Cbor;

impl ValueDecoder for Cbor {
    fn fit(&self, look: &Look<'_>) -> Fit {
        let payload = look.payload();
        if payload.starts_with(&[0xD9, 0xD9, 0xF7]) {
            return Fit::Certain;
        }
        // A container at the top: nearly any byte begins some item.
        let is_container = matches!(payload.first(), Some(0x81..=0x9F | 0xA1..=0xBF));
        if !is_container || look.text().is_some() {
            return Fit::No;
        }
        fit_by_reading(self, look, Fit::Likely)
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let mut reader = Reader::new(payload);
        loop {
            Item { payload, reader: &mut reader, depth_max, open: Vec::new(), has_ended: false }
                .write(out)?;
            if reader.position() >= payload.len() {
                return Ok(());
            }
        }
    }

    fn encode(&self, text: &str, limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(encode::cbor(&encode::read(text, limits)?)?)
    }

    fn extension(&self) -> &'static str {
        "cbor"
    }
}

/// What is open inside an item.
#[derive(Debug)]
enum Open {
    /// An array with so many items to come; `None`: until a break.
    Array(Option<u64>),
    /// A map with so many keys and values to come; `None`: until a break.
    Map { left: Option<u64>, is_value: bool },
    /// The item of a tag.
    Tag { shows: bool },
    /// Tag 2 or 3: the bytes of a number follow.
    Number { is_negative: bool },
    /// Bytes in pieces.
    Bytes(Vec<u8>),
    /// Text in pieces.
    Text(String),
}

struct Item<'p, 'r> {
    payload: &'p [u8],
    reader: &'r mut Reader<'p>,
    depth_max: usize,
    open: Vec<Open>,
    has_ended: bool,
}

impl<'p> Item<'p, '_> {
    /// Writes the item whole.
    fn write(&mut self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        loop {
            while let Some(Open::Array(Some(0)) | Open::Map { left: Some(0), .. }) = self.open.last() {
                self.close(out)?;
            }
            if self.has_ended && self.open.is_empty() {
                return Ok(());
            }
            let start = self.reader.position();
            let token = self.token()?;
            match (self.open.last_mut(), token) {
                (
                    Some(
                        Open::Array(None)
                        | Open::Map { left: None, is_value: false }
                        | Open::Bytes(_)
                        | Open::Text(_),
                    ),
                    Token::Break,
                ) => self.close(out)?,
                (Some(Open::Bytes(bytes)), Token::Bytes(piece)) => bytes.extend_from_slice(piece),
                (Some(Open::Text(text)), Token::String(piece)) => text.push_str(piece),
                (Some(Open::Bytes(_) | Open::Text(_)), _) | (_, Token::Break) => {
                    return Err(self.bad_byte(start));
                }
                (Some(Open::Number { is_negative }), Token::Bytes(bytes))
                    if number(bytes, *is_negative).is_some() =>
                {
                    let is_negative = *is_negative;
                    self.open.pop();
                    out.raw(&number(bytes, is_negative).unwrap_or_default())?;
                    self.item_ended(out)?;
                }
                (Some(Open::Number { is_negative }), token) => {
                    // A number in a form of its own: shown with its tag.
                    let tag = if *is_negative { 3 } else { 2 };
                    self.open.pop();
                    self.open_tag(tag, out)?;
                    self.take(token, start, out)?;
                }
                (_, token) => {
                    self.begin_item(start, out)?;
                    self.take(token, start, out)?;
                }
            }
        }
    }

    fn token(&mut self) -> Result<Token<'p>, DecodeError> {
        let start = self.reader.position();
        self.reader.decode::<Token<'p>>().map_err(|error| {
            let offset = error.position().unwrap_or(start).min(self.payload.len());
            match self.payload.get(start) {
                Some(byte) if !error.is_end_of_input() => {
                    let problem =
                        if byte >> 5 == 3 { BinaryProblem::NotUtf8 } else { BinaryProblem::BadByte(*byte) };
                    BinaryFault::at(offset, problem).into()
                }
                _ => BinaryFault::at(self.payload.len(), BinaryProblem::Truncated).into(),
            }
        })
    }

    fn bad_byte(&self, at: usize) -> DecodeError {
        BinaryFault::at(at, BinaryProblem::BadByte(self.payload.get(at).copied().unwrap_or_default())).into()
    }

    /// Counts an item in the container it stands in.
    fn begin_item(&mut self, start: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        match self.open.last_mut() {
            Some(Open::Array(Some(left))) => {
                *left -= 1;
                out.reads_from(start);
            }
            Some(Open::Map { left, is_value }) => {
                if let Some(left) = left {
                    *left -= 1;
                }
                if *is_value {
                    out.reads_from(start);
                } else {
                    out.reads_key_from(start);
                    out.begin_key()?;
                }
            }
            _ => out.reads_from(start),
        }
        if self.open.len() >= self.depth_max {
            return Err(BinaryFault::at(start, BinaryProblem::TooDeep(self.depth_max)).into());
        }
        Ok(())
    }

    /// Writes a scalar, or the beginning of what has items.
    fn take(&mut self, token: Token<'p>, start: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        match token {
            Token::Array(items) => {
                out.begin_array()?;
                self.open.push(Open::Array(Some(items)));
            }
            Token::BeginArray => {
                out.begin_array()?;
                self.open.push(Open::Array(None));
            }
            Token::Map(pairs) => {
                let too_long = || BinaryFault::at(start, BinaryProblem::BadLength(pairs));
                let left = pairs.checked_mul(2).ok_or_else(too_long)?;
                out.begin_object()?;
                self.open.push(Open::Map { left: Some(left), is_value: false });
            }
            Token::BeginMap => {
                out.begin_object()?;
                self.open.push(Open::Map { left: None, is_value: false });
            }
            Token::BeginBytes => self.open.push(Open::Bytes(Vec::new())),
            Token::BeginString => self.open.push(Open::Text(String::new())),
            Token::Tag(tag) => match tag.as_u64() {
                // Its item takes its place.
                SELF_DESCRIBED => self.open.push(Open::Tag { shows: false }),
                2 => self.open.push(Open::Number { is_negative: false }),
                3 => self.open.push(Open::Number { is_negative: true }),
                tag => self.open_tag(tag, out)?,
            },
            scalar => {
                write_scalar(scalar, out)?;
                self.item_ended(out)?;
            }
        }
        Ok(())
    }

    fn open_tag(&mut self, tag: u64, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        out.begin_object()?;
        out.key(&format!("tag({tag})"))?;
        self.open.push(Open::Tag { shows: true });
        Ok(())
    }

    /// Closes what was opened last.
    fn close(&mut self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        match self.open.pop() {
            Some(Open::Bytes(bytes)) => out.bytes(&bytes)?,
            Some(Open::Text(text)) => out.string(&text)?,
            _ => out.end()?,
        }
        self.item_ended(out)
    }

    /// After an item: ends the tags around it, and the key if it is one.
    fn item_ended(&mut self, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let end = self.reader.position();
        out.reads_to(end);
        while let Some(Open::Tag { shows }) = self.open.last() {
            if *shows {
                out.end()?;
                out.reads_to(end);
            }
            self.open.pop();
        }
        match self.open.last_mut() {
            Some(Open::Map { is_value, .. }) => {
                if !*is_value {
                    out.end_key()?;
                }
                *is_value = !*is_value;
            }
            Some(_) => {}
            None => self.has_ended = true,
        }
        Ok(())
    }
}

fn write_scalar(token: Token<'_>, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    match token {
        Token::Bool(value) => out.boolean(value),
        Token::U8(value) => out.integer(value.into()),
        Token::U16(value) => out.integer(value.into()),
        Token::U32(value) => out.integer(value.into()),
        Token::U64(value) => out.integer(value.into()),
        Token::I8(value) => out.integer(value.into()),
        Token::I16(value) => out.integer(value.into()),
        Token::I32(value) => out.integer(value.into()),
        Token::I64(value) => out.integer(value.into()),
        Token::Int(value) => out.integer(value.into()),
        Token::F16(value) | Token::F32(value) => out.float32(value),
        Token::F64(value) => out.float(value),
        Token::Bytes(bytes) => out.bytes(bytes),
        Token::String(text) => out.string(text),
        Token::Null => out.null(),
        Token::Undefined => out.string("undefined"),
        Token::Simple(value) => out.string(&format!("simple({value})")),
        // What has items is not a scalar.
        Token::Array(_)
        | Token::Map(_)
        | Token::Tag(_)
        | Token::Break
        | Token::BeginBytes
        | Token::BeginString
        | Token::BeginArray
        | Token::BeginMap => Ok(()),
    }?;
    Ok(())
}

/// The digits of a number above 64 bits (RFC 8949, 3.4.3), up to 128 bits.
fn number(bytes: &[u8], is_negative: bool) -> Option<String> {
    let significant = &bytes[bytes.iter().take_while(|byte| **byte == 0).count()..];
    if significant.len() > 16 {
        return None;
    }
    let value = significant.iter().fold(0_u128, |value, byte| value << 8 | u128::from(*byte));
    if is_negative { Some(format!("-{}", value.checked_add(1)?)) } else { Some(value.to_string()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payload::json::validate;
    use crate::payload::{DecodeLimits, hex, never};

    fn decoded(bytes: &[u8]) -> Result<String, DecodeError> {
        let mut out = ValueWriter::new(1 << 20, &never);
        Cbor.write(bytes, 1_000, &mut out).map(|()| out.finish())
    }

    fn fault(offset: usize, problem: BinaryProblem) -> Result<String, DecodeError> {
        Err(BinaryFault { offset, problem }.into())
    }

    /// RFC 8949, appendix A, whole. What JSON cannot say is written as this module's first lines describe.
    #[test]
    fn every_example_of_the_specification_is_read() {
        for line in include_str!("../../../tests/data/cbor-rfc8949-appendix-a.txt").lines() {
            let (bytes, json) = line.split_once('\t').unwrap();
            assert_eq!(decoded(&hex::parse(bytes).unwrap()).as_deref(), Ok(json), "{bytes}");
        }
    }

    #[test]
    fn keys_that_are_no_text_and_items_in_a_row_are_read() {
        assert_eq!(decoded(&[0xA1, 0x82, 1, 2, 3]).as_deref(), Ok("{\"[1,2]\":3}"));
        assert_eq!(decoded(&[0xA1, 0xC1, 1, 3]).as_deref(), Ok("{\"{\\\"tag(1)\\\":1}\":3}"));
        assert_eq!(decoded(&[1, 0x80, 0x61, b'x']).as_deref(), Ok("1\n[]\n\"x\""));
        assert_eq!(decoded(&[0xC2, 0x41, 7]).as_deref(), Ok("7"));
        assert_eq!(decoded(&[0xC2, 1]).as_deref(), Ok("{\"tag(2)\":1}"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_byte() {
        assert_eq!(decoded(&[]), fault(0, BinaryProblem::Truncated));
        assert_eq!(decoded(&[0x82, 1]), fault(2, BinaryProblem::Truncated));
        assert_eq!(decoded(&[0x81, 0xFF]), fault(1, BinaryProblem::BadByte(0xFF)));
        assert_eq!(decoded(&[0x81, 0x1C]), fault(1, BinaryProblem::BadByte(0x1C)));
        assert_eq!(decoded(&[0xBF, 1, 0xFF]), fault(2, BinaryProblem::BadByte(0xFF)));
        assert!(
            matches!(decoded(&[0x62, 0xC3, 0x28]), Err(DecodeError::Binary(fault)) if fault.problem == BinaryProblem::NotUtf8)
        );
        let deep = vec![0x81; 100_000];
        assert_eq!(decoded(&deep), fault(1_000, BinaryProblem::TooDeep(1_000)));
        assert_eq!(decoded(&[0xBB; 9]), fault(0, BinaryProblem::BadLength(0xBBBB_BBBB_BBBB_BBBB)));
    }

    #[test]
    fn containers_are_recognised_and_words_are_not() {
        let fit = |bytes: &[u8]| Cbor.fit(&Look::at(bytes));
        assert_eq!(fit(&[0xA1, 0x61, b't', 0xF9, 0x3C, 0]), Fit::Likely);
        assert_eq!(fit(&[0xA1, 0x61, b't']), Fit::No);
        assert_eq!(fit(b"21.5"), Fit::No);
        assert_eq!(fit(&[0x01]), Fit::No);
        assert_eq!(fit(&[0xD9, 0xD9, 0xF7, 1]), Fit::Certain);
        let long = [vec![0x99, 0x10, 0x00], [0x18, 0xFF].repeat(0x1000)].concat();
        assert_eq!(fit(&long), Fit::Likely, "only its beginning is looked at");
    }

    proptest! {
        #[test]
        fn any_bytes_are_json_or_a_fault_inside_of_them(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            match decoded(&bytes) {
                Ok(json) => for line in json.lines() {
                    prop_assert!(validate(line.as_bytes(), &DecodeLimits::default(), &never).is_ok(), "{json}");
                },
                Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= bytes.len())),
            }
        }
    }
}
