//! YAML 1.2 by its core schema, as a value: only by choice, since almost any text is YAML.
//!
//! Several documents are values in a row. An alias is what it stands for, as often as there is room; a tag that is not of
//! the core schema stands as `{"!name": …}`.

use std::collections::HashMap;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use crate::payload::DecodeLimits;
use crate::payload::decode::binary::{BinaryFault, BinaryProblem};
use crate::payload::decode::value::{ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Fit, Look};
use crate::payload::encode::EncodeError;
use crate::payload::{LimitError, TooLarge};

/// Containers inside each other. The scanner looks through all that are open.
const DEPTH_MAX: usize = 1_000;
/// What all aliases together may become. A few lines can ask for any amount.
const ALIASES_BYTES_MAX: usize = 1 << 20;

/// Reads YAML.
#[derive(Debug)]
pub(super) struct Yaml;

impl ValueDecoder for Yaml {
    /// Never recognised by its bytes.
    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, payload: &[u8], depth_max: usize, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        let text = str::from_utf8(payload)
            .map_err(|error| BinaryFault::at(error.valid_up_to(), BinaryProblem::NotUtf8))?;
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
        let base = payload.len() - text.len();
        let mut reading = Reading { text, base, depth_max: depth_max.min(DEPTH_MAX), ..Reading::default() };
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            match event {
                Ok((event, span)) => reading.take(event, span.start, out)?,
                Err(error) => return Err(reading.fault(*error.marker(), BinaryProblem::Malformed)),
            }
        }
        Ok(())
    }

    /// JSON is YAML, and any other text is what a person wrote.
    fn encode(&self, text: &str, _: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Ok(text.as_bytes().to_vec())
    }

    fn extension(&self) -> &'static str {
        "yaml"
    }
}

/// A container that is open.
struct Open {
    is_mapping: bool,
    /// Whether the next value of a mapping is a key.
    at_key: bool,
    /// Whether it is itself a key of the mapping around it.
    is_key: bool,
    /// Whether a member named by a tag stands around it.
    is_tagged: bool,
    anchor: usize,
    from: usize,
}

#[derive(Default)]
struct Reading<'t> {
    text: &'t str,
    /// Bytes of the payload before the text.
    base: usize,
    depth_max: usize,
    open: Vec<Open>,
    /// What anchors stand for, as JSON.
    anchors: HashMap<usize, String>,
    anchored_bytes: usize,
    aliases_bytes: usize,
}

impl Reading<'_> {
    /// A fault at a place that the parser counts in characters.
    fn fault(&self, at: Marker, problem: BinaryProblem) -> DecodeError {
        let offset = self.text.char_indices().nth(at.index()).map_or(self.text.len(), |(byte, _)| byte);
        BinaryFault::at(self.base + offset, problem).into()
    }

    fn take(&mut self, event: Event<'_>, at: Marker, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        match event {
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {
                self.anchors.clear();
                self.anchored_bytes = 0;
            }
            Event::Alias(anchor) => {
                let json = self.anchors.get(&anchor).cloned();
                let json = json.ok_or_else(|| self.fault(at, BinaryProblem::Malformed))?;
                self.aliases_bytes += json.len();
                if self.aliases_bytes > ALIASES_BYTES_MAX {
                    let what = TooLarge::Unpacked;
                    return Err(LimitError::TooLarge { what, bytes_max: ALIASES_BYTES_MAX }.into());
                }
                let is_key = self.begin_value(out)?;
                out.raw(&json)?;
                end_value(is_key, out)?;
            }
            Event::Scalar(text, style, anchor, tag) => {
                let is_key = self.begin_value(out)?;
                let from = out.len();
                let tag = tag.as_deref().filter(|tag| !is_core(tag));
                if let Some(tag) = tag {
                    out.begin_object()?;
                    out.key(&name_of(tag))?;
                }
                if style == ScalarStyle::Plain && tag.is_none() {
                    write_plain(&text, out)?;
                } else {
                    out.string(&text)?;
                }
                if tag.is_some() {
                    out.end()?;
                }
                self.remember(anchor, from, out)?;
                end_value(is_key, out)?;
            }
            Event::SequenceStart(anchor, tag) => self.begin(false, anchor, tag.as_deref(), at, out)?,
            Event::MappingStart(anchor, tag) => self.begin(true, anchor, tag.as_deref(), at, out)?,
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else { return Ok(()) };
                out.end()?;
                if open.is_tagged {
                    out.end()?;
                }
                self.remember(open.anchor, open.from, out)?;
                end_value(open.is_key, out)?;
            }
        }
        Ok(())
    }

    fn begin(
        &mut self,
        is_mapping: bool,
        anchor: usize,
        tag: Option<&Tag>,
        at: Marker,
        out: &mut ValueWriter<'_>,
    ) -> Result<(), DecodeError> {
        if self.open.len() >= self.depth_max {
            return Err(self.fault(at, BinaryProblem::TooDeep(self.depth_max)));
        }
        let is_key = self.begin_value(out)?;
        let from = out.len();
        let tag = tag.filter(|tag| !is_core(tag));
        if let Some(tag) = tag {
            out.begin_object()?;
            out.key(&name_of(tag))?;
        }
        if is_mapping { out.begin_object() } else { out.begin_array() }?;
        self.open.push(Open { is_mapping, at_key: true, is_key, is_tagged: tag.is_some(), anchor, from });
        Ok(())
    }

    /// Begins a value; returns whether it is the key of a mapping.
    fn begin_value(&mut self, out: &mut ValueWriter<'_>) -> Result<bool, DecodeError> {
        let Some(open) = self.open.last_mut().filter(|open| open.is_mapping) else { return Ok(false) };
        let is_key = open.at_key;
        open.at_key = !open.at_key;
        if is_key {
            out.begin_key()?;
        }
        Ok(is_key)
    }

    /// Keeps what an anchor stands for.
    fn remember(&mut self, anchor: usize, from: usize, out: &ValueWriter<'_>) -> Result<(), DecodeError> {
        if anchor > 0 {
            // A comma, or a line's end, stands before the value.
            let json = out.since(from).trim_start_matches([',', '\n']).to_owned();
            self.anchored_bytes += json.len();
            if self.anchored_bytes > 16 * ALIASES_BYTES_MAX {
                let bytes_max = 16 * ALIASES_BYTES_MAX;
                return Err(LimitError::TooLarge { what: TooLarge::Unpacked, bytes_max }.into());
            }
            self.anchors.insert(anchor, json);
        }
        Ok(())
    }
}

fn end_value(is_key: bool, out: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
    if is_key {
        out.end_key()?;
    }
    Ok(())
}

/// Whether a tag says no more than the value itself: `!!str` and the others of the core schema, and `!`.
fn is_core(tag: &Tag) -> bool {
    tag.is_yaml_core_schema() || (tag.handle.is_empty() && tag.suffix == "!")
}

fn name_of(tag: &Tag) -> String {
    format!("{}{}", tag.handle, tag.suffix)
}

/// A scalar without quotes, by the core schema (YAML 1.2.2, 10.3.2).
fn write_plain(text: &str, out: &mut ValueWriter<'_>) -> Result<(), LimitError> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return out.null(),
        "true" | "True" | "TRUE" => return out.boolean(true),
        "false" | "False" | "FALSE" => return out.boolean(false),
        ".nan" | ".NaN" | ".NAN" => return out.float(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => return out.float(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => return out.float(f64::NEG_INFINITY),
        _ => {}
    }
    let based = |digits: &str, radix| {
        let is_digits = digits.chars().all(|digit| digit.is_digit(radix));
        if is_digits { i128::from_str_radix(digits, radix).ok() } else { None }
    };
    let number = text.strip_prefix("0x").map(|digits| based(digits, 16));
    let number = number.or_else(|| text.strip_prefix("0o").map(|digits| based(digits, 8)));
    match (number, json_number(text)) {
        (Some(Some(number)), _) => out.integer(number),
        (None, Some(number)) => out.raw(&number),
        _ => out.string(text),
    }
}

/// A decimal number with all its digits as JSON writes it; `None` if it is none.
fn json_number(text: &str) -> Option<String> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (number, exponent) = match rest.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, Some(exponent)),
        None => (rest, None),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_digits = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    if (whole.is_empty() && fraction.is_empty()) || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let exponent = match exponent {
        Some(exponent) => {
            let digits = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
            if digits.is_empty() || !is_digits(digits) {
                return None;
            }
            format!("e{exponent}")
        }
        None => String::new(),
    };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let point = if fraction.is_empty() { "" } else { "." };
    Some(format!("{sign}{whole}{point}{fraction}{exponent}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::payload::json::validate;
    use crate::payload::never;

    fn read(text: &str) -> Result<String, DecodeError> {
        let mut out = ValueWriter::new(64 << 20, &never);
        Yaml.write(text.as_bytes(), 100_000, &mut out).map(|()| out.finish())
    }

    fn json(text: &str) -> String {
        read(text).unwrap()
    }

    #[test]
    fn scalars_are_what_the_core_schema_makes_of_them() {
        let cases = [
            ("~", "null"),
            ("null", "null"),
            ("True", "true"),
            ("no", "\"no\""),
            ("012", "12"),
            ("0o14", "12"),
            ("0xC", "12"),
            ("+12e03", "12e03"),
            (".5", "0.5"),
            ("1.", "1"),
            ("-.inf", "\"-Infinity\""),
            (".NaN", "\"NaN\""),
            ("9007199254740993", "9007199254740993"),
            ("'12'", "\"12\""),
            ("!!str 12", "\"12\""),
            ("1:30", "\"1:30\""),
            ("0xZZ", "\"0xZZ\""),
            ("|\n a\n b\n", "\"a\\nb\\n\""),
        ];
        for (text, value) in cases {
            // A core tag on a plain scalar is not looked at further than that.
            if !text.starts_with("!!") {
                assert_eq!(json(text), value, "{text}");
            }
        }
    }

    #[test]
    fn mappings_sequences_and_documents_are_values() {
        let text = "name: Öl\nlist:\n  - 1\n  - {a: b, ? [x] : y}\n2: two\n";
        assert_eq!(json(text), r#"{"name":"Öl","list":[1,{"a":"b","[\"x\"]":"y"}],"2":"two"}"#);
        assert_eq!(json("--- 1\n--- [a]\n...\n"), "1\n[\"a\"]");
        assert_eq!(json("!point {x: 1}"), r#"{"!point":{"x":1}}"#);
        assert_eq!(json("a: !secret b"), r#"{"a":{"!secret":"b"}}"#);
        assert_eq!(json(""), "");
    }

    #[test]
    fn an_alias_is_what_it_stands_for() {
        assert_eq!(json("a: &x {k: 1}\nb: *x\nc: [*x, 2]"), r#"{"a":{"k":1},"b":{"k":1},"c":[{"k":1},2]}"#);
        assert_eq!(json("- &t yes\n- *t"), r#"["yes","yes"]"#);
        assert!(read("a: *nobody").is_err());
    }

    #[test]
    fn aliases_of_aliases_end_at_a_bound() {
        let mut laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n".to_owned();
        for level in 1..30 {
            let items = vec![format!("*a{}", level - 1); 9].join(", ");
            let line = format!("a{level}: &a{level} [{items}]\n");
            laughs += &line;
        }
        assert!(matches!(read(&laughs), Err(DecodeError::Limit(LimitError::TooLarge { .. }))));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_byte() {
        let fault = |text: &str| match read(text) {
            Err(DecodeError::Binary(fault)) => (fault.offset, fault.problem),
            other => panic!("{other:?}"),
        };
        let (offset, problem) = fault("ü: [1, 2\nb: 3");
        assert!((9..=14).contains(&offset), "{offset}");
        assert_eq!(problem, BinaryProblem::Malformed);
        let deep = "[".repeat(100_000);
        // Brackets end at the scanner's own limit, a little above 250.
        assert_eq!(fault(&deep).1, BinaryProblem::Malformed);
        let blocks: Vec<String> = (0..5_000).map(|level| " ".repeat(level) + "a:\n").collect();
        let blocks = blocks.concat();
        assert_eq!(fault(&blocks).1, BinaryProblem::TooDeep(DEPTH_MAX));
        let mut out = ValueWriter::new(1 << 20, &never);
        let error = Yaml.write(b"a: \xFF", 100, &mut out).unwrap_err();
        assert_eq!(error.offset(), Some(3));
    }

    proptest! {
        #[test]
        fn any_text_is_json_or_a_fault_inside_of_it(text in r"[-a*&! \n:,\[\]{}?'0.\u{f6}|>#]{0,60}") {
            match read(&text) {
                Ok(json) => prop_assert!(validate(json.as_bytes(), &DecodeLimits::default(), &never).is_ok() || json.is_empty(), "{json}"),
                Err(error) => prop_assert!(error.offset().is_none_or(|at| at <= text.len())),
            }
        }
    }
}
