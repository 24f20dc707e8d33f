//! JSON that is written value by value, within a bound.

use crate::payload::document::{SPANS_MAX, Span};
use crate::payload::limits::CANCEL_EVERY_BYTES;
use crate::payload::{CancelCheck, LimitError, TooLarge};

/// What is open: a container, or a value that is to become a key.
#[derive(Clone, Copy, Debug)]
struct Open {
    kind: Kind,
    /// Its next item is the first.
    is_fresh: bool,
    /// A key: where its text begins.
    from: usize,
    /// Which of the spans is its own.
    span: Option<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Array,
    Object,
    Key,
}

/// Writes one value, or several in a row, as JSON without spaces.
///
/// Every call may fail: once the text is as long as it may be, or once it is no longer wanted.
pub struct ValueWriter<'a> {
    text: String,
    bytes_max: usize,
    cancel: CancelCheck<'a>,
    look_at: usize,
    open: Vec<Open>,
    /// A key was written, its value follows.
    after_key: bool,
    /// Values at the top.
    roots: usize,
    /// Where values came from; `None` if nobody asks.
    spans: Option<Vec<(usize, Span)>>,
    /// Keys that are open: what they hold has no spans of its own.
    open_keys: usize,
    /// Where the next value begins in the payload, and where its key does.
    next_from: Option<usize>,
    next_key_from: Option<usize>,
    /// Which of the spans is that of the value written last.
    last_span: Option<usize>,
}

impl<'a> ValueWriter<'a> {
    /// A writer of at most `bytes_max` bytes.
    pub fn new(bytes_max: usize, cancel: CancelCheck<'a>) -> Self {
        Self {
            text: String::new(),
            bytes_max,
            cancel,
            look_at: CANCEL_EVERY_BYTES,
            open: Vec::new(),
            after_key: false,
            roots: 0,
            spans: None,
            open_keys: 0,
            next_from: None,
            next_key_from: None,
            last_span: None,
        }
    }

    /// Also keeps which bytes of the payload each value was read from, as far as the decoder says so.
    pub fn with_spans(self) -> Self {
        Self { spans: Some(Vec::new()), ..self }
    }

    /// The text, and for each value whose bytes are known where it stands in the text. No spans at all if there are too
    /// many values.
    pub fn finish_with_spans(self) -> (String, Vec<(usize, Span)>) {
        (self.text, self.spans.unwrap_or_default())
    }

    /// Says at which byte of the payload the key of the next value begins.
    pub fn reads_key_from(&mut self, byte: usize) {
        if self.open_keys == 0 {
            self.next_key_from = Some(byte);
        }
    }

    /// Says at which byte of the payload the next value begins. The first to say so counts, so that a prefix belongs to
    /// the value.
    pub fn reads_from(&mut self, byte: usize) {
        if self.open_keys == 0 && self.next_from.is_none() {
            self.next_from = Some(byte);
        }
    }

    /// Says before which byte of the payload the value ended that was written last.
    pub fn reads_to(&mut self, byte: usize) {
        let (0, Some(last)) = (self.open_keys, self.last_span) else { return };
        if let Some((_, span)) = self.spans.as_mut().and_then(|spans| spans.get_mut(last)) {
            span.bytes.end = byte.max(span.bytes.start);
        }
    }

    /// Keeps where a value comes from that begins here.
    fn mark(&mut self) {
        if self.open_keys > 0 {
            return;
        }
        let (from, key_from) = (self.next_from.take(), self.next_key_from.take());
        self.last_span = None;
        let (Some(spans), Some(from)) = (&mut self.spans, from) else { return };
        if spans.len() >= SPANS_MAX {
            self.spans = None;
            return;
        }
        self.last_span = Some(spans.len());
        spans.push((
            self.text.len(),
            Span { key_from: key_from.unwrap_or(from).min(from), bytes: from..from },
        ));
    }

    /// What was written so far.
    pub fn finish(self) -> String {
        self.text
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// What was written from a place on.
    pub fn since(&self, from: usize) -> &str {
        self.text.get(from..).unwrap_or_default()
    }

    /// Values that stand at the top so far.
    pub fn roots(&self) -> usize {
        self.roots
    }

    /// Opens an array.
    pub fn begin_array(&mut self) -> Result<(), LimitError> {
        self.begin(Kind::Array, "[")
    }

    /// Opens an object.
    pub fn begin_object(&mut self) -> Result<(), LimitError> {
        self.begin(Kind::Object, "{")
    }

    fn begin(&mut self, kind: Kind, bracket: &str) -> Result<(), LimitError> {
        self.before_value();
        self.open.push(Open { kind, is_fresh: true, from: 0, span: self.last_span });
        self.push(bracket)
    }

    /// Closes the array or object that was opened last; nothing if none is open.
    pub fn end(&mut self) -> Result<(), LimitError> {
        let closed = self.open.pop();
        if self.open_keys == 0 {
            self.last_span = closed.and_then(|open| open.span);
        }
        match closed.map(|open| open.kind) {
            Some(Kind::Array) => self.push("]"),
            Some(Kind::Object) => self.push("}"),
            Some(Kind::Key) | None => Ok(()),
        }
    }

    /// Writes the key of the value that follows.
    pub fn key(&mut self, key: &str) -> Result<(), LimitError> {
        self.before_key()?;
        self.quoted(key)?;
        self.after_key = true;
        self.push(":")
    }

    /// Begins a key that is a value itself, which the calls up to [`ValueWriter::end_key`] write. Its JSON becomes the
    /// key's text.
    pub fn begin_key(&mut self) -> Result<(), LimitError> {
        self.before_key()?;
        self.open.push(Open { kind: Kind::Key, is_fresh: true, from: self.text.len(), span: None });
        self.open_keys += 1;
        Ok(())
    }

    /// Ends a key that is a value itself.
    pub fn end_key(&mut self) -> Result<(), LimitError> {
        let Some(Open { kind: Kind::Key, from, .. }) = self.open.pop() else { return Ok(()) };
        self.open_keys = self.open_keys.saturating_sub(1);
        let key = self.text.split_off(from);
        // A string needs no second pair of quotes.
        if key.starts_with('"') {
            self.push(&key)?;
        } else {
            self.quoted(&key)?;
        }
        self.after_key = true;
        self.push(":")
    }

    /// Writes a string.
    pub fn string(&mut self, text: &str) -> Result<(), LimitError> {
        self.before_value();
        self.quoted(text)
    }

    /// Writes what is JSON already: a number, a word, or a whole value.
    pub fn raw(&mut self, json: &str) -> Result<(), LimitError> {
        self.before_value();
        self.push(json)
    }

    /// Writes `null`.
    pub fn null(&mut self) -> Result<(), LimitError> {
        self.raw("null")
    }

    /// Writes `true` or `false`.
    pub fn boolean(&mut self, value: bool) -> Result<(), LimitError> {
        self.raw(if value { "true" } else { "false" })
    }

    /// Writes a whole number with all its digits.
    pub fn integer(&mut self, value: i128) -> Result<(), LimitError> {
        self.raw(&value.to_string())
    }

    /// Writes a number with the digits that tell it from its neighbours. JSON has no word for what is not finite: that
    /// becomes the string `NaN`, `Infinity` or `-Infinity`.
    pub fn float(&mut self, value: f64) -> Result<(), LimitError> {
        match not_finite(value) {
            Some(name) => self.string(name),
            None => self.raw(&digits(&value, value.abs())),
        }
    }

    /// Writes a number of single precision, so that 0.1 does not become 0.10000000149011612.
    pub fn float32(&mut self, value: f32) -> Result<(), LimitError> {
        match not_finite(f64::from(value)) {
            Some(name) => self.string(name),
            None => self.raw(&digits(&value, f64::from(value.abs()))),
        }
    }

    /// Writes bytes as the string `h'0102ff'`.
    pub fn bytes(&mut self, bytes: &[u8]) -> Result<(), LimitError> {
        self.before_value();
        if bytes.len() > self.bytes_max / 2 {
            return Err(self.too_large());
        }
        self.push("\"h'")?;
        for chunk in bytes.chunks(CANCEL_EVERY_BYTES / 2) {
            let hex = data_encoding::HEXLOWER.encode(chunk);
            self.push(&hex)?;
        }
        self.push("'\"")
    }

    fn before_value(&mut self) {
        if !std::mem::take(&mut self.after_key) {
            match self.open.last_mut() {
                Some(Open { kind: Kind::Array, is_fresh, .. }) => {
                    if !std::mem::take(is_fresh) {
                        self.text.push(',');
                    }
                }
                Some(_) => {}
                None => {
                    self.roots += 1;
                    // Several values at the top stand on lines of their own.
                    if !self.text.is_empty() {
                        self.text.push('\n');
                    }
                }
            }
        }
        self.mark();
    }

    fn before_key(&mut self) -> Result<(), LimitError> {
        let is_first = self.open.last_mut().is_none_or(|open| std::mem::take(&mut open.is_fresh));
        if is_first { Ok(()) } else { self.push(",") }
    }

    fn quoted(&mut self, text: &str) -> Result<(), LimitError> {
        if text.len() > self.bytes_max {
            return Err(self.too_large());
        }
        self.push("\"")?;
        let mut rest = text;
        while let Some(at) = rest.find(|character: char| matches!(character, '"' | '\\' | '\0'..='\x1F')) {
            self.push(&rest[..at])?;
            match rest.as_bytes()[at] {
                b'"' => self.push("\\\"")?,
                b'\\' => self.push("\\\\")?,
                b'\n' => self.push("\\n")?,
                b'\r' => self.push("\\r")?,
                b'\t' => self.push("\\t")?,
                control => self.push(&format!("\\u{control:04x}"))?,
            }
            rest = &rest[at + 1..];
        }
        self.push(rest)?;
        self.push("\"")
    }

    fn push(&mut self, text: &str) -> Result<(), LimitError> {
        if self.text.len() + text.len() > self.bytes_max {
            return Err(self.too_large());
        }
        self.text.push_str(text);
        if self.text.len() >= self.look_at {
            self.look_at = self.text.len() + CANCEL_EVERY_BYTES;
            if (self.cancel)() {
                return Err(LimitError::Cancelled);
            }
        }
        Ok(())
    }

    fn too_large(&self) -> LimitError {
        LimitError::TooLarge { what: TooLarge::Text, bytes_max: self.bytes_max }
    }
}

fn not_finite(value: f64) -> Option<&'static str> {
    match value {
        _ if value.is_nan() => Some("NaN"),
        f64::INFINITY => Some("Infinity"),
        f64::NEG_INFINITY => Some("-Infinity"),
        _ => None,
    }
}

/// With a decimal point, so that it still reads as a fraction; with an exponent where that is shorter.
fn digits<F: std::fmt::Debug + std::fmt::LowerExp>(value: &F, size: f64) -> String {
    if size != 0.0 && !(1e-5..1e17).contains(&size) { format!("{value:e}") } else { format!("{value:?}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::json::validate;
    use crate::payload::{DecodeLimits, never};

    fn written(write: impl FnOnce(&mut ValueWriter<'_>) -> Result<(), LimitError>) -> String {
        let mut out = ValueWriter::new(1_000, &never);
        write(&mut out).unwrap();
        out.finish()
    }

    #[test]
    fn values_become_json_with_commas_where_they_belong() {
        let json = written(|out| {
            out.begin_object()?;
            out.key("a\"\n\u{1}")?;
            out.begin_array()?;
            out.integer(i128::from(u64::MAX))?;
            out.float(0.5)?;
            out.float32(0.1)?;
            out.bytes(&[1, 0xFF])?;
            out.begin_object()?;
            out.end()?;
            out.end()?;
            out.key("b")?;
            out.null()?;
            out.end()
        });
        assert_eq!(json, r#"{"a\"\n\u0001":[18446744073709551615,0.5,0.1,"h'01ff'",{}],"b":null}"#);
        validate(json.as_bytes(), &DecodeLimits::default(), &never).unwrap();
    }

    #[test]
    fn a_key_that_is_no_text_is_written_as_its_value() {
        let json = written(|out| {
            out.begin_object()?;
            out.begin_key()?;
            out.begin_array()?;
            out.integer(1)?;
            out.string("x")?;
            out.end()?;
            out.end_key()?;
            out.integer(2)?;
            out.begin_key()?;
            out.bytes(&[7])?;
            out.end_key()?;
            out.integer(3)?;
            out.end()
        });
        assert_eq!(json, r#"{"[1,\"x\"]":2,"h'07'":3}"#);
    }

    #[test]
    fn numbers_that_json_has_no_word_for_are_strings() {
        for (value, json) in [
            (f64::NAN, "\"NaN\""),
            (f64::NEG_INFINITY, "\"-Infinity\""),
            (1e300, "1e300"),
            (1.5e-7, "1.5e-7"),
            (100_000.0, "100000.0"),
            (-0.0, "-0.0"),
        ] {
            assert_eq!(written(|out| out.float(value)), json);
        }
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_takes_memory() {
        let mut out = ValueWriter::new(10, &never);
        let refused = Err(LimitError::TooLarge { what: TooLarge::Text, bytes_max: 10 });
        assert_eq!(out.bytes(&[0; 100]), refused);
        assert_eq!(out.string("12345678901"), refused);
        assert!(out.finish().len() <= 10);
    }

    #[test]
    fn several_values_stand_on_lines_of_their_own() {
        assert_eq!(written(|out| out.integer(1).and_then(|()| out.integer(2))), "1\n2");
    }

    #[test]
    fn writing_that_is_no_longer_wanted_stops() {
        let mut out = ValueWriter::new(usize::MAX, &|| true);
        let text = "x".repeat(CANCEL_EVERY_BYTES);
        assert_eq!(out.string(&text), Err(LimitError::Cancelled));
    }
}
