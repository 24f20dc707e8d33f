//! Values against a JSON Schema that a person named behind the format: `json:reading.schema.json`.
//!
//! Nothing is fetched: a reference to another document is an error of the schema. Patterns are matched by an engine that
//! takes time in proportion to the text.

use std::sync::Arc;

use serde_json::Value;

use crate::payload::query::{JsonPath, Segment};
use crate::payload::schema::{SchemaError, SchemaFault, SchemaFiles};

/// A larger payload is not checked.
const PAYLOAD_BYTES_MAX: usize = 1 << 20;
/// Violations that are told of one payload.
const TOLD_MAX: usize = 3;
/// More of a reason, which may quote the value, is cut.
const REASON_CHARS_MAX: usize = 160;

/// A schema that is ready to check values.
#[derive(Clone)]
pub(super) struct JsonSchema(Arc<jsonschema::Validator>);

/// How a payload breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The value that is wrong, as a path; `$` for the whole.
    pub path: String,
    /// Why, in the words of the checker; `None`: the payload holds no values that could be checked.
    pub reason: Option<String>,
}

impl JsonSchema {
    /// Reads a schema.
    pub fn compile(path: &str, files: &SchemaFiles) -> Result<Self, SchemaError> {
        let broken = |why: String| SchemaError { file: path.to_owned(), reason: SchemaFault::Broken(why) };
        let schema: Value =
            serde_json::from_slice(&files.read(path)?).map_err(|error| broken(format!("{path}: {error}")))?;
        let options = jsonschema::options().offline();
        let options = options.with_pattern_options(jsonschema::PatternOptions::regex());
        let validator = options.build(&schema).map_err(|error| {
            let place = error.instance_path().to_string();
            broken(short(&if place.is_empty() {
                format!("{path}: {error}")
            } else {
                format!("{path}{place}: {error}")
            }))
        })?;
        Ok(Self(Arc::new(validator)))
    }

    /// How the values in a payload break the schema. Nothing if they do not, or if the payload is too large to be
    /// checked. `json` is the payload as one or more lines of JSON; `None` if it cannot be read.
    pub fn check(&self, payload_bytes: usize, json: Option<&str>) -> Vec<Violation> {
        if payload_bytes > PAYLOAD_BYTES_MAX {
            return Vec::new();
        }
        let mut violations = Vec::new();
        let mut values = serde_json::Deserializer::from_str(json.unwrap_or_default()).into_iter::<Value>();
        let mut any = false;
        for value in &mut values {
            any = true;
            let Ok(value) = value else {
                any = false;
                break;
            };
            for error in self.0.iter_errors(&value).take(TOLD_MAX - violations.len()) {
                let path = path_of(&error.instance_path().to_string());
                violations.push(Violation { path, reason: Some(short(&error.to_string())) });
            }
            if violations.len() >= TOLD_MAX {
                break;
            }
        }
        if !any && violations.is_empty() {
            violations.push(Violation { path: "$".to_owned(), reason: None });
        }
        violations
    }
}

fn short(text: &str) -> String {
    match text.char_indices().nth(REASON_CHARS_MAX) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// A JSON pointer (RFC 6901) as one of our paths.
fn path_of(pointer: &str) -> String {
    let segments = pointer.split('/').skip(1).map(|segment| match segment.parse() {
        Ok(index) => Segment::Index(index),
        Err(_) => Segment::Key(segment.replace("~1", "/").replace("~0", "~")),
    });
    let path = segments.collect::<JsonPath>().to_string();
    if path.is_empty() { "$".to_owned() } else { path }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::decode::{Choice, ChoiceError};

    fn files(schema: &'static str) -> SchemaFiles {
        SchemaFiles::new(move |_| Ok(schema.as_bytes().to_vec()))
    }

    fn violations(schema: &'static str, format: &str, payload: &[u8]) -> Vec<(String, Option<String>)> {
        let choice = Choice::read(&format!("{format}:a.json"), &files(schema)).unwrap();
        choice.violations(payload).into_iter().map(|it| (it.path, it.reason)).collect()
    }

    const SCHEMA: &str = r#"{
        "type": "object",
        "properties": {
            "temp": { "type": "number", "maximum": 100 },
            "list": { "items": { "type": "object", "required": ["id"] } }
        },
        "required": ["temp"]
    }"#;

    #[test]
    fn a_violation_has_its_path_and_reason() {
        assert_eq!(violations(SCHEMA, "json", br#"{"temp":21.5,"list":[{"id":1}]}"#), []);
        let found = violations(SCHEMA, "json", br#"{"temp":"warm","list":[{"id":1},{}]}"#);
        let expected = [
            ("list[1]".to_owned(), Some(r#""id" is a required property"#.to_owned())),
            ("temp".to_owned(), Some(r#""warm" is not of type "number""#.to_owned())),
        ];
        let mut found = found;
        found.sort();
        assert_eq!(found, expected);
        assert_eq!(violations(SCHEMA, "json", b"21")[0].0, "$");
    }

    #[test]
    fn other_formats_are_checked_by_their_values() {
        assert_eq!(violations(SCHEMA, "cbor", b"\xA1\x64temp\x07"), []);
        assert_eq!(violations(SCHEMA, "messagepack", b"\x81\xA4temp\xA1x")[0].0, "temp");
        assert_eq!(violations(SCHEMA, "yaml", b"temp: 200")[0].0, "temp");
    }

    #[test]
    fn what_holds_no_values_is_a_violation_and_what_is_too_large_is_not_checked() {
        assert_eq!(violations(SCHEMA, "json", b"{\"temp\":"), [("$".to_owned(), None)]);
        assert_eq!(violations(SCHEMA, "json", b""), [("$".to_owned(), None)]);
        assert_eq!(violations(SCHEMA, "json", &vec![b' '; 2 << 20]), []);
    }

    #[test]
    fn a_schema_that_is_wrong_or_points_elsewhere_is_refused() {
        let refused = |schema: &'static str| match Choice::read("json:a.json", &files(schema)) {
            Err(ChoiceError::Schema(error)) => error.reason,
            other => panic!("{other:?}"),
        };
        assert!(matches!(refused("{"), SchemaFault::Broken(why) if why.starts_with("a.json: ")));
        assert!(matches!(refused(r#"{"type":"nothing"}"#), SchemaFault::Broken(_)));
        for elsewhere in [
            r#"{"$ref":"https://example.com/a.json"}"#,
            r#"{"$ref":"file:///etc/passwd"}"#,
            r#"{"$ref":"b.json"}"#,
        ] {
            assert!(matches!(refused(elsewhere), SchemaFault::Broken(_)), "{elsewhere}");
        }
        let missing = Choice::read("json:a.json", &SchemaFiles::default());
        assert!(matches!(missing, Err(ChoiceError::Schema(error)) if error.reason == SchemaFault::NotFound));
    }

    #[test]
    fn schemas_that_recurse_and_patterns_that_explode_end() {
        let recursive = r##"{"properties":{"next":{"$ref":"#"},"id":{"type":"number"}}}"##;
        let deep = r#"{"next":"#.repeat(100) + r#"{"id":"x"}"# + &"}".repeat(100);
        assert!(violations(recursive, "json", deep.as_bytes())[0].0.ends_with("next.id"));
        let itself = r##"{"$ref":"#"}"##;
        assert!(violations(itself, "json", b"{}").len() <= 1);
        let pattern = r#"{"type":"string","pattern":"^(a+)+$"}"#;
        let text = format!("\"{}!\"", "a".repeat(60));
        assert_eq!(violations(pattern, "json", text.as_bytes()).len(), 1);
    }
}
