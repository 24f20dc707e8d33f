//! How the editor's text stands for the payload.

use crate::payload::decode::Format;
use crate::words::{Label, publish as words};

/// How the editor's text represents the payload.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Notation {
    /// The payload itself.
    #[default]
    Text,
    /// The payload's bytes as hexadecimal digits.
    Hex,
    /// The payload's bytes as Base64 (RFC 4648, 4).
    Base64,
    /// JSON that a format's encoder makes bytes of.
    Encoded(Format),
}

impl Notation {
    /// Every choice, with the label of its button.
    pub const CHOICES: [(Self, Label); 3] =
        [(Self::Text, words::TEXT), (Self::Hex, words::HEX), (Self::Base64, words::BASE64)];

    /// The formats that are written from JSON.
    pub const FORMATS: [Format; 5] =
        [Format::Cbor, Format::MessagePack, Format::Protobuf, Format::Sparkplug, Format::Avro];

    /// Its name in files.
    pub fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Hex => "hex",
            Self::Base64 => "base64",
            Self::Encoded(format) => format.id(),
        }
    }

    /// The notation of this name.
    pub fn of_id(id: &str) -> Option<Self> {
        match id {
            "text" => Some(Self::Text),
            "hex" => Some(Self::Hex),
            "base64" => Some(Self::Base64),
            _ => Self::FORMATS.into_iter().find(|format| format.id() == id).map(Self::Encoded),
        }
    }

    /// Whether the text is what a person reads, and not digits.
    pub fn is_readable(self) -> bool {
        match self {
            Self::Text | Self::Encoded(_) => true,
            Self::Hex | Self::Base64 => false,
        }
    }
}
