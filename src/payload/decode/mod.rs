//! The formats of payloads.
//!
//! Each format is a file with a [`Decoder`] and one line of the table below. The inspector's tabs, the previews of
//! rows, the names of saved files and the colours of the editor follow from the table. The format's name and the
//! reasons why a payload is not of it stand in `words::payload`, where a missing one does not compile.

mod avro;
#[cfg(test)]
mod bad_input;
mod binary;
mod brotli;
mod bytes;
mod cbor;
mod charset;
mod choice;
mod hex;
mod image;
mod json;
mod json_schema;
mod line;
mod look;
mod msgpack;
mod protobuf;
mod protobuf_schema;
mod protobuf_wire;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod spans_tests;
mod sparkplug;
mod structure;
mod text;
mod value;
mod xml;
mod yaml;

use std::borrow::Cow;

use crate::payload::decode::value::AsTree;
use crate::payload::document::Document;
use crate::payload::encode::EncodeError;
use crate::payload::json::{JsonError, JsonTokens, LineState, SyntaxError};
use crate::payload::packing::unpack_start;
use crate::payload::preview::PreviewLine;
use crate::payload::{CancelCheck, DecodeLimits, LimitError, Packing, unpack};

pub use binary::{BinaryFault, BinaryProblem};
pub use choice::{Choice, ChoiceError};
pub use image::{ImageInfo, ImageKind};
pub use json_schema::Violation;
pub use line::line;
pub use look::Look;
pub use sparkplug::{Names as SparkplugNames, SparkplugMetric, SparkplugPayload};
pub use structure::{LayoutError, LayoutProblem};

pub(super) use avro::AvroNames;
pub(super) use look::LOOK_BYTES;

macro_rules! decoders {
    ($($(#[$doc:meta])* $format:ident $id:literal => $decoder:expr,)*) => {
        /// What a payload can be read as.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Format {
            $($(#[$doc])* $format,)*
        }

        /// Every format, in the order of the inspector's tabs: from those that say most about a payload to those that
        /// take any bytes.
        pub static DECODERS: &[(Format, &dyn Decoder)] = &[$((Format::$format, &$decoder),)*];

        impl Format {
            /// Its name in files and on the command line, the same in every language.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$format => $id,)*
                }
            }

            /// The format with this name.
            pub fn of_id(id: &str) -> Option<Self> {
                match id {
                    $($id => Some(Self::$format),)*
                    _ => None,
                }
            }

            /// What reads it.
            pub fn decoder(self) -> &'static dyn Decoder {
                match self {
                    $(Self::$format => &$decoder,)*
                }
            }
        }
    };
}

decoders! {
    /// A picture.
    Image "image" => image::Image,
    /// JSON, laid out line by line (RFC 8259).
    Json "json" => json::Json,
    /// XML, as a value.
    Xml "xml" => AsTree(xml::Xml),
    /// Concise Binary Object Representation (RFC 8949).
    Cbor "cbor" => AsTree(cbor::Cbor),
    /// MessagePack.
    MessagePack "messagepack" => AsTree(msgpack::MessagePack),
    /// Sparkplug B: metrics by name.
    Sparkplug "sparkplug" => AsTree(sparkplug::Sparkplug::NAMELESS),
    /// Protobuf by its wire format alone.
    Protobuf "protobuf" => AsTree(protobuf::Protobuf),
    /// Avro: a container, or values by a schema.
    Avro "avro" => AsTree(avro::Avro::SCHEMALESS),
    /// By a layout that a person wrote.
    Struct "struct" => AsTree(structure::Unwritten),
    /// YAML, as a value.
    Yaml "yaml" => AsTree(yaml::Yaml),
    /// What Brotli packed.
    Brotli "brotli" => AsTree(brotli::Brotli::ANYTHING),
    /// Numbers of one type in a row.
    Numbers "numbers" => AsTree(structure::BYTES),
    /// Text in UTF-16, the low byte first.
    Utf16Le "utf-16le" => charset::Charset::Utf16Le,
    /// Text in UTF-16, the high byte first.
    Utf16Be "utf-16be" => charset::Charset::Utf16Be,
    /// Text in ISO 8859-1.
    Latin1 "latin-1" => charset::Charset::Latin1,
    /// Text as sent.
    Text "text" => text::Text,
    /// The bytes.
    Hex "hex" => hex::Hex,
}

/// Reads payloads of one format. Total: any bytes may come in.
pub trait Decoder: Sync {
    /// How well the format fits a payload, by its beginning alone.
    fn fit(&self, look: &Look<'_>) -> Fit;

    /// What [`Decoder::decode`] gives, known beforehand: how much room it needs, and whether it takes time.
    fn shape(&self) -> Shape;

    /// Reads a whole payload within `limits`, or says why that cannot be done.
    fn decode(
        &self,
        payload: &[u8],
        limits: &DecodeLimits,
        cancel: CancelCheck<'_>,
    ) -> Result<Decoded, DecodeError>;

    /// The payload as one or more lines of JSON, which searches, plots, columns and exports read; `None` if the format
    /// holds no values.
    fn json<'p>(
        &self,
        _payload: &'p [u8],
        _limits: &DecodeLimits,
        _cancel: CancelCheck<'_>,
    ) -> Option<Result<Cow<'p, str>, DecodeError>> {
        None
    }

    /// Writes a text as a payload, the reverse of what decoding shows.
    ///
    /// # Errors
    ///
    /// If the text does not fit the format, or the format is not written.
    fn encode(&self, _text: &str, _limits: &DecodeLimits) -> Result<Vec<u8>, EncodeError> {
        Err(EncodeError::NotWritten)
    }

    /// Writes a payload that fits on one line, from its beginning.
    fn preview(&self, look: &Look<'_>, line: &mut PreviewLine);

    /// The extension of a file that holds such a payload, without a dot.
    fn extension(&self, look: &Look<'_>) -> &'static str;

    /// What the stretches of a line are, for its colours. None unless the format has colours.
    fn tokens<'a>(&self, line: &'a str, state: LineState) -> JsonTokens<'a> {
        let _ = (line, state);
        JsonTokens::none()
    }
}

/// How well a format fits a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It cannot be this format.
    No,
    /// Decoding will most likely fail. The tab is only worth offering if nothing fits better, to show why.
    Unlikely,
    /// Decoding succeeds, but the payload was probably not meant that way.
    Possible,
    /// The payload makes sense in this format.
    Likely,
    /// The beginning has the marks of this format and of no other.
    Certain,
}

/// What a decoder makes of payloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A document whose lines fold and have paths.
    Tree,
    /// A document of plain lines.
    Text,
    /// Rows of bytes, made when they are drawn.
    Bytes,
    /// A picture.
    Picture,
}

/// A payload as it is drawn.
#[derive(Debug)]
pub enum Decoded {
    /// Lines.
    Document(Document),
    /// The bytes of the payload itself.
    Bytes,
    /// What the header of a picture says.
    Image(ImageInfo),
}

/// Why a payload cannot be read in a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecodeError {
    /// It breaks the grammar of JSON.
    Json(SyntaxError),
    /// It does not begin like any picture that is known here.
    NotAPicture,
    /// It breaks a binary format.
    Binary(BinaryFault),
    /// The format reads nothing before a person has said how.
    NeedsOptions,
    /// What the person said about how to read it cannot be used.
    Unusable(ChoiceError),
    /// It is too large, or the result is no longer wanted.
    Limit(LimitError),
}

impl DecodeError {
    /// The byte that the reason is about, where there is one.
    pub fn offset(&self) -> Option<usize> {
        match self {
            Self::Json(error) => Some(error.offset),
            Self::Binary(fault) => Some(fault.offset),
            Self::NotAPicture | Self::NeedsOptions => Some(0),
            Self::Unusable(_) | Self::Limit(_) => None,
        }
    }
}

impl From<BinaryFault> for DecodeError {
    fn from(fault: BinaryFault) -> Self {
        Self::Binary(fault)
    }
}

impl From<JsonError> for DecodeError {
    fn from(error: JsonError) -> Self {
        match error {
            JsonError::Syntax(error) => Self::Json(error),
            JsonError::Limit(error) => Self::Limit(error),
        }
    }
}

impl From<LimitError> for DecodeError {
    fn from(error: LimitError) -> Self {
        Self::Limit(error)
    }
}

/// What a payload seems to be, from its first 1,024 bytes; `None` if it has no bytes at all.
pub fn detect(payload: &[u8]) -> Option<Format> {
    inside(payload, |look, _| look.format())
}

/// Reads a payload, after unpacking it if it is packed. The bytes themselves are shown as they were sent.
///
/// # Errors
///
/// If the payload is not of the format, or too large for it.
pub fn decode(
    decoder: &dyn Decoder,
    payload: &[u8],
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Result<Decoded, DecodeError> {
    if decoder.shape() == Shape::Bytes {
        return decoder.decode(payload, limits, cancel);
    }
    let unpacked = unpack(payload, limits, cancel)?;
    let mut decoded = decoder.decode(&unpacked.bytes, limits, cancel)?;
    if let (Decoded::Document(document), false) = (&mut decoded, unpacked.layers.is_empty()) {
        // They are places in what was unpacked, which no view shows.
        document.forget_spans();
    }
    Ok(decoded)
}

/// What is inside a payload, as JSON: the one value that searches, plots, columns and exports read. `None` if the
/// format holds no values.
pub fn json(
    decoder: &dyn Decoder,
    payload: &[u8],
    limits: &DecodeLimits,
    cancel: CancelCheck<'_>,
) -> Option<Result<String, DecodeError>> {
    match unpack(payload, limits, cancel) {
        Ok(unpacked) => decoder.json(&unpacked.bytes, limits, cancel).map(|json| json.map(Cow::into_owned)),
        Err(error) => Some(Err(error)),
    }
}

/// The extension of a file that holds a payload as it was sent, without a dot.
pub fn extension(payload: &[u8]) -> &'static str {
    inside(payload, |look, packings| match (packings, look.format()) {
        ([packing, ..], _) => packing.extension(),
        ([], format) => format.unwrap_or(Format::Hex).decoder().extension(look),
    })
}

/// Looks at the beginning of what is inside a payload.
pub(super) fn inside<T>(payload: &[u8], look_at: impl FnOnce(&Look<'_>, &[Packing]) -> T) -> T {
    let unpacked = unpack_start(payload, LOOK_BYTES + 1);
    // What is not packed is looked at whole: pictures and hex need its size.
    let bytes = if unpacked.layers.is_empty() { payload } else { &*unpacked.bytes };
    look_at(&Look::at(bytes), &unpacked.layers)
}

/// Whether bytes have marks that only one format has.
pub(super) fn has_marks(bytes: &[u8]) -> bool {
    Packing::of_start(bytes).is_some() || {
        let look = Look::at(bytes);
        let is_container = matches!(bytes.first(), Some(b'{' | b'['));
        let is_json = is_container && Format::Json.decoder().fit(&look) == Fit::Certain;
        is_json || Format::Image.decoder().fit(&look) == Fit::Certain
    }
}

/// How well each format fits one payload.
#[derive(Clone, Debug)]
pub struct Fits {
    by_format: [Fit; Self::COUNT],
    chosen: Option<Format>,
    packings: Vec<Packing>,
}

impl Fits {
    const COUNT: usize = DECODERS.len();

    /// Looks at a payload's beginning.
    pub fn of(payload: &[u8]) -> Self {
        inside(payload, |look, packings| {
            let mut fits = [Fit::No; Self::COUNT];
            for (place, (_, fit)) in fits.iter_mut().zip(look.fits()) {
                *place = fit;
            }
            Self { by_format: fits, chosen: None, packings: packings.to_vec() }
        })
    }

    /// Puts one format before the others, whatever the bytes say.
    pub fn choose(&mut self, format: Format) {
        if let Some(fit) = self.by_format.get_mut(format as usize) {
            *fit = Fit::Certain;
        }
        self.chosen = Some(format);
    }

    /// How the payload is packed, from the outside in.
    pub fn packings(&self) -> &[Packing] {
        &self.packings
    }

    /// The fit of one format.
    pub fn of_format(&self, format: Format) -> Fit {
        self.by_format.get(format as usize).copied().unwrap_or(Fit::No)
    }

    /// The format to open first, of those that `may` be opened.
    pub fn best(&self, may: impl Fn(Format) -> bool) -> Option<Format> {
        self.chosen
            .filter(|format| may(*format))
            .or_else(|| best(self.all().filter(|(format, _)| may(*format))))
    }

    /// The formats to offer, in the order of the tabs.
    pub fn offered(&self) -> impl Iterator<Item = Format> {
        let mut any = false;
        self.all().filter_map(move |(format, fit)| {
            let is_offered = fit > Fit::Unlikely || (fit == Fit::Unlikely && !any);
            any |= is_offered;
            is_offered.then_some(format)
        })
    }

    fn all(&self) -> impl Iterator<Item = (Format, Fit)> {
        DECODERS.iter().map(|(format, _)| *format).zip(self.by_format)
    }
}

/// The first certain format, or else the likeliest. Of several, the last one, which assumes least.
fn best(fits: impl Iterator<Item = (Format, Fit)>) -> Option<Format> {
    let mut best = (Fit::Unlikely, None);
    for (format, fit) in fits {
        if fit == Fit::Certain {
            return Some(format);
        }
        if fit >= best.0 {
            best = (fit, Some(format));
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::never;

    const PNG: &[u8] = b"\x89PNG\r\n\x1A\n";

    #[test]
    fn the_beginning_tells_the_format() {
        let long_json = format!("[{}1]", "1,".repeat(5_000));
        let cases: [(&[u8], Option<Format>); 15] = [
            (b"", None),
            (b" \n", Some(Format::Text)),
            (b"null", Some(Format::Json)),
            (b"nullable", Some(Format::Text)),
            (b"{\"a\":1}\n{\"a\":2}\n", Some(Format::Json)),
            (b"1 2 3", Some(Format::Text)),
            (b"2024-01-02", Some(Format::Text)),
            (b"[1,", Some(Format::Text)),
            (long_json.as_bytes(), Some(Format::Json)),
            ("温度".as_bytes(), Some(Format::Text)),
            (b"\0\0\0\x2A", Some(Format::Hex)),
            (b"\0\0", Some(Format::Hex)),
            (b"caf\xE9", Some(Format::Hex)),
            (PNG, Some(Format::Image)),
            (b"GIF89a is a text that begins like a picture", Some(Format::Text)),
        ];
        for (payload, format) in cases {
            assert_eq!(detect(payload), format, "{:?}", String::from_utf8_lossy(payload));
            let opened = Fits::of(payload).best(|_| true);
            assert_eq!(opened, format.or(Some(Format::Text)), "what is empty opens as text");
        }
        let deep = "[".repeat(600) + &"]".repeat(600);
        assert_eq!(detect(deep.as_bytes()), Some(Format::Json));
        // Only the beginning is looked at: this breaks off later.
        assert_eq!(detect(&long_json.as_bytes()[..5_000]), Some(Format::Json));
        let long_string = format!("\"{}\"", "x".repeat(5_000));
        assert_eq!(detect(long_string.as_bytes()), Some(Format::Json));
    }

    #[test]
    fn a_picture_takes_the_place_of_json_among_the_tabs() {
        let offered = |payload: &[u8]| Fits::of(payload).offered().collect::<Vec<_>>();
        for payload in [&b""[..], b"{}", b"text", b"\0\xFF"] {
            assert_eq!(offered(payload), [Format::Json, Format::Text, Format::Hex], "{payload:?}");
        }
        assert_eq!(offered(PNG), [Format::Image, Format::Text, Format::Hex]);
    }

    #[test]
    fn what_only_began_like_json_opens_as_text() {
        let fits = Fits::of(b"{\"a\": 1}");
        assert_eq!(fits.best(|format| format != Format::Json), Some(Format::Text));
    }

    #[test]
    fn every_decoder_reads_any_payload_or_says_why_not_and_where() {
        let payloads: [&[u8]; 5] = [b"", b"{\"a\":1}", b"{\"a\":", PNG, b"\xFF\0"];
        for (format, decoder) in DECODERS {
            for payload in payloads {
                match (decoder.decode(payload, &DecodeLimits::default(), &never), decoder.shape()) {
                    (Ok(Decoded::Document(_)), Shape::Tree | Shape::Text)
                    | (Ok(Decoded::Bytes), Shape::Bytes)
                    | (Ok(Decoded::Image(_)), Shape::Picture) => {}
                    (Err(error), _) => assert!(error.offset().is_some_and(|at| at <= payload.len())),
                    (decoded, shape) => unreachable!("{format:?}: {decoded:?} is not {shape:?}"),
                }
            }
        }
    }
}
