//! A format together with what it needs to know, as a person writes it: `cbor`, `struct:u16le temp/100`,
//! `numbers:f32le`, `gzip`.

use std::sync::Arc;

use crate::payload::decode::avro::Avro;
use crate::payload::decode::brotli::Brotli;
use crate::payload::decode::json_schema::{JsonSchema, Violation};
use crate::payload::decode::outside::Outside;
use crate::payload::decode::protobuf_schema::{self, Schemed};
use crate::payload::decode::sparkplug::Sparkplug;
use crate::payload::decode::structure::{Layout, LayoutError, Numbers};
use crate::payload::decode::value::{AsTree, ValueDecoder, ValueWriter};
use crate::payload::decode::{DecodeError, Decoder, Fit, Format, Look, SparkplugNames};
use crate::payload::encode::EncodeError;
use crate::payload::schema::{SchemaError, SchemaFiles};
use crate::payload::{DecodeLimits, never};

/// How a payload is to be read.
#[derive(Clone)]
pub struct Choice {
    format: Format,
    options: Arc<str>,
    /// `None`: the decoder of the table.
    decoder: Option<Arc<dyn Decoder + Send>>,
    /// What its values have to be.
    schema: Option<JsonSchema>,
}

impl std::fmt::Debug for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Choice").field(&self.to_string()).finish()
    }
}

impl PartialEq for Choice {
    fn eq(&self, other: &Self) -> bool {
        (self.format, &self.options) == (other.format, &other.options)
    }
}

impl Eq for Choice {}

impl std::hash::Hash for Choice {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.format, &self.options).hash(state);
    }
}

/// Why a text does not name a choice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChoiceError {
    /// There is no format of this name.
    UnknownFormat,
    /// The format takes no options.
    NoOptions,
    /// The format needs options.
    NeedsOptions,
    /// The program that this line starts is not allowed to run.
    NotAllowed(String),
    /// The options are not a valid layout.
    Layout(LayoutError),
    /// The schema cannot be used.
    Schema(Box<SchemaError>),
}

impl Format {
    /// Whether its option is a JSON Schema that its values have to fit.
    pub fn takes_json_schema(self) -> bool {
        matches!(self, Self::Json | Self::Cbor | Self::MessagePack | Self::Xml | Self::Yaml)
    }
}

impl Choice {
    /// A format as the table has it.
    pub fn plain(format: Format) -> Self {
        Self { format, options: "".into(), decoder: None, schema: None }
    }

    /// Sparkplug B with the names that births gave.
    pub fn sparkplug(names: Arc<SparkplugNames>) -> Self {
        let decoder = Arc::new(AsTree(Sparkplug::with(names)));
        Self { format: Format::Sparkplug, options: "".into(), decoder: Some(decoder), schema: None }
    }

    /// Stands for a choice that cannot be used: says why for every payload. `None` if not even its format is known.
    pub fn unusable(text: &str, error: &ChoiceError) -> Option<Self> {
        let (id, options) = text.split_once(':').unwrap_or((text, ""));
        let format = Format::of_id(id.trim())?;
        let decoder = Arc::new(AsTree(Unusable(error.clone())));
        Some(Self { format, options: options.trim().into(), decoder: Some(decoder), schema: None })
    }

    /// The format.
    pub fn format(&self) -> Format {
        self.format
    }

    /// What stands behind its name; empty if nothing does.
    pub fn options(&self) -> &str {
        &self.options
    }

    /// Whether reading a payload waits for another program, which has no place in a frame.
    pub fn is_slow(&self) -> bool {
        self.format == Format::Command
    }

    /// Whether its values have to fit a JSON Schema.
    pub fn has_schema(&self) -> bool {
        self.schema.is_some()
    }

    /// How a payload breaks the JSON Schema of the choice, at most three ways. Nothing if it does not, if there is no
    /// schema, or if the payload has more than 1 MiB.
    pub fn violations(&self, payload: &[u8]) -> Vec<Violation> {
        let Some(schema) = &self.schema else { return Vec::new() };
        let json = super::json(self.decoder(), payload, &DecodeLimits::default(), &never);
        schema.check(payload.len(), json.and_then(Result::ok).as_deref())
    }

    /// What reads it.
    pub fn decoder(&self) -> &dyn Decoder {
        match &self.decoder {
            Some(decoder) => &**decoder,
            None => self.format.decoder(),
        }
    }
}

impl std::fmt::Display for Choice {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.format.id())?;
        if self.options.is_empty() { Ok(()) } else { write!(f, ":{}", self.options) }
    }
}

impl Choice {
    /// Reads a choice as a person writes it. A schema that it names is read through `files`.
    ///
    /// # Errors
    ///
    /// If there is no such format, or its options cannot be used.
    pub fn read(text: &str, files: &SchemaFiles) -> Result<Self, ChoiceError> {
        let (id, options) = text.split_once(':').unwrap_or((text, ""));
        let format = Format::of_id(id.trim()).ok_or(ChoiceError::UnknownFormat)?;
        let mut schema = None;
        let decoder: Option<Arc<dyn Decoder + Send>> = match (format, options.trim()) {
            (Format::Struct, layout) => {
                Some(Arc::new(AsTree(layout.parse::<Layout>().map_err(ChoiceError::Layout)?)))
            }
            (Format::Numbers | Format::Command, "") => return Err(ChoiceError::NeedsOptions),
            (Format::Numbers, kind) => {
                Some(Arc::new(AsTree(kind.parse::<Numbers>().map_err(ChoiceError::Layout)?)))
            }
            (_, "") => None,
            (Format::Command, line) => {
                let program = files.program(line);
                let program = program.ok_or_else(|| ChoiceError::NotAllowed(line.to_owned()))?;
                Some(Arc::new(AsTree(Outside(program))))
            }
            (Format::Protobuf, schema) => {
                let message = protobuf_schema::compile(schema, files)?;
                Some(Arc::new(AsTree(Schemed::new(message))))
            }
            (Format::Avro, schema) => Some(Arc::new(AsTree(Avro::compile(schema, files)?))),
            // Nobody packs twice, and what a file says must not nest without end.
            (Format::Brotli, inside) if inside.starts_with(Format::Brotli.id()) => {
                return Err(ChoiceError::NoOptions);
            }
            (Format::Brotli, inside) => Some(Arc::new(AsTree(Brotli::of(Self::read(inside, files)?)))),
            (format, path) if format.takes_json_schema() => {
                schema = Some(JsonSchema::compile(path, files)?);
                None
            }
            _ => return Err(ChoiceError::NoOptions),
        };
        Ok(Self { format, options: options.trim().into(), decoder, schema })
    }
}

impl From<SchemaError> for ChoiceError {
    fn from(error: SchemaError) -> Self {
        Self::Schema(Box::new(error))
    }
}

impl std::str::FromStr for Choice {
    type Err = ChoiceError;

    /// Reads a choice that names no schema.
    fn from_str(text: &str) -> Result<Self, ChoiceError> {
        Self::read(text, &SchemaFiles::default())
    }
}

/// Stands in for a decoder whose options are wrong.
struct Unusable(ChoiceError);

impl ValueDecoder for Unusable {
    fn encode(&self, _: &str, _: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Err(EncodeError::Unusable(self.0.clone()))
    }

    fn fit(&self, _: &Look<'_>) -> Fit {
        Fit::No
    }

    fn write(&self, _: &[u8], _: usize, _: &mut ValueWriter<'_>) -> Result<(), DecodeError> {
        Err(DecodeError::Unusable(self.0.clone()))
    }

    fn extension(&self) -> &'static str {
        Format::Hex.decoder().extension(&Look::at(b""))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::decode::DECODERS;

    #[test]
    fn a_choice_is_read_as_it_was_written() {
        for text in ["json", "cbor", "struct:u16le temp/100 °C, i8 rssi", "numbers:f32le"] {
            assert_eq!(text.parse::<Choice>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn every_format_has_a_name_of_its_own() {
        for (format, _) in DECODERS {
            let named = DECODERS.iter().filter(|(other, _)| other.id() == format.id()).count();
            assert_eq!(named, 1, "{format:?}");
            assert!(format.id().chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        }
    }

    #[test]
    fn what_is_no_choice_says_why() {
        let wrong = |text: &str| text.parse::<Choice>().unwrap_err();
        assert_eq!(wrong("jsn"), ChoiceError::UnknownFormat);
        assert_eq!(wrong("text:x"), ChoiceError::NoOptions);
        assert_eq!(wrong("numbers"), ChoiceError::NeedsOptions);
        assert_eq!(wrong(&"brotli:".repeat(100_000)), ChoiceError::NoOptions);
        assert!(matches!(wrong("struct:u16 a"), ChoiceError::Layout(_)));
    }
}
