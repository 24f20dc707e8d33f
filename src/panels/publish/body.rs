//! The payload being written: text, hexadecimal digits, or a file that cannot be edited.

use std::ops::Range;

use bytes::Bytes;
use data_encoding::BASE64;
use eframe::egui::text::CharIndex;

pub use crate::panels::publish::check::{BodyProblem, Check};
pub use crate::panels::publish::notation::Notation;
use crate::payload::decode::{Choice, Format, json as decoded_json};
use crate::payload::encode::encode;
use crate::payload::hex;
use crate::payload::json;
use crate::payload::writing::{Writing, WritingError};
use crate::payload::{DecodeLimits, never};
use crate::store::drafts::KeptAttachment;

/// Larger texts are sent unchanged and not put into the editor. It lays out the whole text at every key press, which
/// takes 25 ms at this size.
pub const EDIT_BYTES_MAX: usize = 128 * 1024;
/// Larger texts are neither coloured nor checked during typing.
pub const CHECK_BYTES_MAX: usize = 64 * 1024;
/// Larger payloads of a format are not shown as JSON.
const FORMAT_BYTES_MAX: usize = 64 * 1024;
/// Larger binary payloads are not converted to digits, which take three times the space.
const HEX_BYTES_MAX: usize = 4 * 1024;
/// Larger texts are not converted to digits, which have to fit into the editor.
pub const TEXT_TO_HEX_BYTES_MAX: usize = EDIT_BYTES_MAX / 4;

/// The source of a payload that is not edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A file of this name.
    File(String),
    /// A message that was received or sent before.
    Message,
    /// A message whose payload was too large to keep.
    NotKept,
    /// A text that became too long for the editor.
    LongText,
}

/// A payload that is not edited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// The source.
    pub origin: Origin,
    /// Its size in bytes.
    pub size: u64,
    /// Its content. `None` if it was not kept: then nothing can be sent, because an empty message instead could remove
    /// a retained one.
    pub bytes: Option<Bytes>,
}

/// The payload being written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    /// The editor's text; call [`Body::edited`] after changing it.
    pub text: String,
    notation: Notation,
    attachment: Option<Attachment>,
    check: Check,
    /// How the decoder rules read the topic.
    choice: Option<Choice>,
}

impl Body {
    /// How the text represents the payload.
    pub fn notation(&self) -> Notation {
        self.notation
    }

    /// The attachment that is sent instead of the text.
    pub fn attachment(&self) -> Option<&Attachment> {
        self.attachment.as_ref()
    }

    /// The result of checking the text.
    pub fn check(&self) -> &Check {
        &self.check
    }

    /// Sets a file's content, in the editor if it is text of an editable size.
    pub fn set_file(&mut self, name: &str, bytes: Bytes) {
        match editable(&bytes) {
            Some(text) => self.set_text(text),
            None => self.attach(Origin::File(name.to_owned()), bytes),
        }
    }

    /// Sets a message's payload: as text, as JSON of its format, as digits, or as an attachment if it is too large for
    /// all of them.
    pub fn set_message(&mut self, bytes: Bytes, choice: Option<Choice>) {
        self.choice = choice;
        let ruled = self.choice.as_ref().is_some_and(|choice| Notation::FORMATS.contains(&choice.format()));
        if let Some(text) = editable(&bytes).filter(|_| !ruled) {
            self.set_text(text);
        } else if let Some((format, text)) = self.as_format(&bytes) {
            (self.text, self.notation, self.attachment) = (text, Notation::Encoded(format), None);
            self.edited();
        } else if let Some(text) = editable(&bytes) {
            self.set_text(text);
        } else if bytes.len() <= HEX_BYTES_MAX {
            self.text = hex::grouped(&bytes);
            self.notation = Notation::Hex;
            self.attachment = None;
            self.edited();
        } else {
            self.attach(Origin::Message, bytes);
        }
    }

    /// The payload as JSON from which its format's encoder makes the same bytes again.
    fn as_format(&self, bytes: &[u8]) -> Option<(Format, String)> {
        if bytes.len() > FORMAT_BYTES_MAX {
            return None;
        }
        let format =
            self.choice.as_ref().map(Choice::format).or_else(|| crate::payload::decode::detect(bytes))?;
        if !Notation::FORMATS.contains(&format) {
            return None;
        }
        let text = self.json_of(format, bytes)?;
        let same = encode(&self.choice_of(format), &text).is_ok_and(|written| written == bytes);
        same.then_some((format, text))
    }

    /// Bytes of a format as JSON for the editor.
    fn json_of(&self, format: Format, bytes: &[u8]) -> Option<String> {
        let limits = DecodeLimits::default();
        let text = decoded_json(self.choice_of(format).decoder(), bytes, &limits, &never)?.ok()?;
        let text = json::format_for_editing(text.as_bytes(), &limits, &never).ok()?;
        (text.len() <= EDIT_BYTES_MAX).then_some(text)
    }

    /// What writes a format: with the schema of the topic's rule, if that is of the same format.
    fn choice_of(&self, format: Format) -> Choice {
        let ruled = self.choice.as_ref().filter(|choice| choice.format() == format);
        ruled.cloned().unwrap_or_else(|| Choice::plain(format))
    }

    /// Takes over how the decoder rules read the topic. Returns whether the check changed.
    pub fn set_choice(&mut self, choice: Option<&Choice>) -> bool {
        if self.choice.as_ref() == choice {
            return false;
        }
        self.choice = choice.cloned();
        let encodes = matches!(self.notation, Notation::Encoded(_)) && self.attachment.is_none();
        if encodes {
            self.edited();
        }
        encodes
    }

    /// Sets what was kept of a draft.
    pub fn restore(&mut self, notation: Notation, text: String, attached: Option<&KeptAttachment>) {
        (self.text, self.notation) = (text, notation);
        self.attachment = attached.map(|kept| {
            let bytes = kept.bytes();
            let origin = match (&kept.file, &bytes) {
                (_, None) => Origin::NotKept,
                (Some(name), Some(_)) => Origin::File(name.clone()),
                (None, Some(_)) if kept.is_text => Origin::LongText,
                (None, Some(_)) => Origin::Message,
            };
            Attachment { origin, size: kept.size, bytes: bytes.map(Bytes::from) }
        });
        self.edited();
    }

    /// The attachment as it is kept on disk.
    pub fn kept_attachment(&self) -> Option<KeptAttachment> {
        let Attachment { origin, size, bytes } = self.attachment.as_ref()?;
        let file = match origin {
            Origin::File(name) => Some(name.clone()),
            Origin::Message | Origin::NotKept | Origin::LongText => None,
        };
        Some(KeptAttachment::new(file, *origin == Origin::LongText, *size, bytes.as_deref()))
    }

    fn set_text(&mut self, text: String) {
        self.text = text;
        self.notation = Notation::Text;
        self.attachment = None;
        self.edited();
    }

    /// Sets the size of a payload that was too large to keep.
    pub fn set_missing(&mut self, size: u64) {
        let attachment = Attachment { origin: Origin::NotKept, size, bytes: None };
        *self = Self { attachment: Some(attachment), ..Self::default() };
    }

    /// Inserts a text too long for the editor in place of the characters `replaced`, or at the end. It is not copied
    /// unless there is other text.
    pub fn paste_long(&mut self, replaced: Option<Range<CharIndex>>, pasted: String) {
        let byte = |index: CharIndex| self.text.char_indices().nth(index.0).map(|(byte, _)| byte);
        let (from, to) = replaced.map_or((None, None), |range| (byte(range.start), byte(range.end)));
        let end = self.text.len();
        let (before, after) = (&self.text[..from.unwrap_or(end)], &self.text[to.unwrap_or(end)..]);
        let mut whole = pasted;
        whole.reserve_exact(before.len() + after.len());
        if !before.is_empty() {
            whole.insert_str(0, before);
        }
        whole.push_str(after);
        self.attach(Origin::LongText, whole.into());
    }

    fn attach(&mut self, origin: Origin, bytes: Bytes) {
        let attachment = Attachment { origin, size: bytes.len() as u64, bytes: Some(bytes) };
        *self = Self { attachment: Some(attachment), ..Self::default() };
    }

    /// Removes the attachment so that the payload can be edited again.
    pub fn detach(&mut self) {
        self.attachment = None;
        self.edited();
    }

    /// Checks the text after a change. A text that has become too long to edit is kept as an attachment.
    pub fn edited(&mut self) {
        if self.text.len() > EDIT_BYTES_MAX && self.notation == Notation::Text {
            let text = std::mem::take(&mut self.text);
            self.attach(Origin::LongText, text.into());
            return;
        }
        self.check = self.check_of(&self.text);
    }

    /// Checks another text in this notation: this one with its placeholders filled.
    pub fn check_of(&self, text: &str) -> Check {
        match self.notation {
            Notation::Text => check_text(text),
            Notation::Hex | Notation::Base64 => match self.decode(text) {
                Ok(bytes) if bytes.is_empty() => Check::Empty,
                Ok(bytes) => Check::Bytes(bytes.len()),
                Err(BodyProblem::BadHex(error)) => Check::BadHex(error),
                Err(BodyProblem::BadBase64(at)) => Check::BadBase64(at),
                Err(_) => Check::Text,
            },
            Notation::Encoded(_) if text.is_empty() => Check::Empty,
            Notation::Encoded(_) => match self.decode(text) {
                Ok(bytes) => Check::Bytes(bytes.len()),
                Err(BodyProblem::Unencodable(error)) => Check::Unencodable(error),
                Err(_) => Check::Text,
            },
        }
    }

    /// How a text in this notation stands for bytes.
    pub fn writing(&self) -> Writing {
        match self.notation {
            Notation::Text => Writing::Text,
            Notation::Hex => Writing::Hex,
            Notation::Base64 => Writing::Base64,
            Notation::Encoded(format) => Writing::Encoded(self.choice_of(format)),
        }
    }

    /// The bytes that a text stands for in this notation.
    fn decode(&self, text: &str) -> Result<Vec<u8>, BodyProblem> {
        self.writing().bytes(text).map_err(|error| match error {
            WritingError::Hex(error) => BodyProblem::BadHex(error),
            WritingError::Base64(at) => BodyProblem::BadBase64(at),
            WritingError::Encode(error) => BodyProblem::Unencodable(error),
        })
    }

    /// Shows the same bytes in another notation, or returns why that is impossible. Text stays as it is where only what
    /// is made of it changes.
    pub fn set_notation(&mut self, notation: Notation) -> Result<(), BodyProblem> {
        if self.notation == notation {
            return Ok(());
        }
        if self.notation.is_readable() && notation.is_readable() {
            self.notation = notation;
            self.edited();
            return Ok(());
        }
        if self.notation == Notation::Text && self.text.len() > TEXT_TO_HEX_BYTES_MAX {
            return Err(BodyProblem::TooLongForHex);
        }
        let bytes = self.decode(&self.text)?;
        self.text = match notation {
            Notation::Text => editable(&bytes).ok_or(BodyProblem::NotText)?,
            Notation::Hex => hex::grouped(&bytes),
            Notation::Base64 => BASE64.encode(&bytes),
            Notation::Encoded(_) if bytes.is_empty() => String::new(),
            Notation::Encoded(format) => {
                self.json_of(format, &bytes).ok_or(BodyProblem::NotInFormat(format))?
            }
        };
        self.notation = notation;
        self.edited();
        Ok(())
    }

    /// Formats the text as JSON, keeping every digit and key.
    pub fn format_json(&mut self) -> Result<(), BodyProblem> {
        self.text = json::format_for_editing(self.text.as_bytes(), &DecodeLimits::default(), &never)
            .map_err(BodyProblem::BadJson)?;
        self.edited();
        Ok(())
    }

    /// The bytes to send, or why there are none.
    pub fn bytes(&self) -> Result<Bytes, BodyProblem> {
        self.bytes_of(&self.text)
    }

    /// The bytes to send if the editor held this text.
    pub fn bytes_of(&self, text: &str) -> Result<Bytes, BodyProblem> {
        if let Some(Attachment { bytes, size, .. }) = &self.attachment {
            return bytes.clone().ok_or(BodyProblem::NotKept(*size));
        }
        self.decode(text).map(Bytes::from)
    }
}

fn check_text(text: &str) -> Check {
    let trimmed = text.trim_start();
    if text.is_empty() {
        Check::Empty
    } else if text.len() > CHECK_BYTES_MAX {
        Check::Long
    } else {
        match json::validate(text.as_bytes(), &DecodeLimits::default(), &never) {
            Ok(()) => Check::Json,
            // A word or sentence is not broken JSON.
            Err(error) if trimmed.starts_with(['{', '[']) => Check::BadJson(error),
            Err(_) => Check::Text,
        }
    }
}

/// The bytes as text, if an editor can show them without changing them.
fn editable(bytes: &[u8]) -> Option<String> {
    if bytes.len() > EDIT_BYTES_MAX {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let strange = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
    (!text.contains(strange)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::encode::EncodeError;
    use crate::payload::json::JsonError;

    fn typed(text: &str) -> Body {
        let mut body = Body { text: text.to_owned(), ..Body::default() };
        body.edited();
        body
    }

    #[test]
    fn text_is_told_from_json_and_from_broken_json() {
        assert_eq!(typed("").check(), &Check::Empty);
        assert_eq!(typed("{\"a\": 1}").check(), &Check::Json);
        assert_eq!(typed("42.5").check(), &Check::Json);
        assert_eq!(typed("on").check(), &Check::Text);
        assert_eq!(typed("温度").check(), &Check::Text);
        let Check::BadJson(error) = typed("{\n  \"a\": }").check().clone() else { panic!() };
        assert!(
            matches!(&error, JsonError::Syntax(error) if (error.line, error.column) == (2, 8)),
            "{error:?}"
        );
    }

    #[test]
    fn formatting_changes_space_alone() {
        let mut body = typed("{\"b\":1.10,\"a\":1e400}");
        body.format_json().unwrap();
        assert_eq!(body.text, "{\n  \"b\": 1.10,\n  \"a\": 1e400\n}");
        let mut broken = typed("{\"b\":");
        assert!(broken.format_json().is_err());
        assert_eq!(broken.text, "{\"b\":");
    }

    #[test]
    fn the_same_bytes_show_as_digits_and_back() {
        let mut body = typed("温");
        body.set_notation(Notation::Hex).unwrap();
        assert_eq!((body.text.as_str(), body.check()), ("e6 b8 a9", &Check::Bytes(3)));
        assert_eq!(body.bytes().unwrap().as_ref(), "温".as_bytes());
        body.set_notation(Notation::Text).unwrap();
        assert_eq!(body.text, "温");

        body.set_notation(Notation::Hex).unwrap();
        body.text = "ff".to_owned();
        body.edited();
        assert!(body.set_notation(Notation::Text).is_err());
        assert_eq!((body.notation(), body.text.as_str()), (Notation::Hex, "ff"), "nothing is lost");
    }

    #[test]
    fn base64_is_read_with_and_without_padding() {
        let mut body = typed("温");
        body.set_notation(Notation::Base64).unwrap();
        assert_eq!((body.text.as_str(), body.check()), ("5rip", &Check::Bytes(3)));
        for (text, bytes) in [("AQ==", vec![1]), ("AQ", vec![1]), ("_-8 =\n", vec![0xFF, 0xEF]), ("", vec![])]
        {
            text.clone_into(&mut body.text);
            body.edited();
            assert_eq!(body.bytes().unwrap(), bytes, "{text}");
        }
        body.text = "A*Q=".to_owned();
        body.edited();
        assert_eq!((body.check(), body.bytes()), (&Check::BadBase64(2), Err(BodyProblem::BadBase64(2))));
        body.text = "A".to_owned();
        body.edited();
        assert_eq!(body.check(), &Check::BadBase64(1));
    }

    #[test]
    fn broken_digits_are_not_sent() {
        let mut body = typed("0");
        body.set_notation(Notation::Hex).unwrap();
        assert_eq!(body.text, "30");
        body.text = "3".to_owned();
        body.edited();
        assert!(body.bytes().is_err());
    }

    #[test]
    fn a_file_that_is_no_text_is_kept_beside_the_editor() {
        let mut body = typed("old");
        body.set_file("image.png", Bytes::from_static(&[0x89, b'P', b'N', b'G', 0]));
        assert_eq!(body.attachment().unwrap().origin, Origin::File("image.png".to_owned()));
        assert_eq!(body.bytes().unwrap().len(), 5);
        body.detach();
        assert_eq!((body.text.as_str(), body.check()), ("", &Check::Empty));

        body.set_file("a.json", Bytes::from_static(b"{}"));
        assert_eq!((body.attachment(), body.text.as_str()), (None, "{}"));
    }

    #[test]
    fn a_binary_payload_of_a_message_becomes_digits() {
        let mut body = Body::default();
        body.set_message(Bytes::from_static(&[0, 255]), None);
        assert_eq!((body.notation(), body.text.as_str()), (Notation::Hex, "00 ff"));
        body.set_message(Bytes::from(vec![0; HEX_BYTES_MAX + 1]), None);
        assert_eq!(body.attachment().unwrap().size, HEX_BYTES_MAX as u64 + 1);
    }

    #[test]
    fn a_payload_that_was_not_kept_is_not_sent_as_an_empty_one() {
        let mut body = typed("old");
        body.set_missing(70_000);
        assert!(body.bytes().is_err());
        body.set_file("a.txt", Bytes::from_static(b"new"));
        assert_eq!(body.bytes().unwrap().as_ref(), b"new");
    }

    #[test]
    fn json_is_written_in_another_format_and_read_back() {
        let mut body = typed("{\"a\": 1}");
        body.set_notation(Notation::Encoded(Format::Cbor)).unwrap();
        assert_eq!((body.text.as_str(), body.check()), ("{\"a\": 1}", &Check::Bytes(4)));
        assert_eq!(body.bytes().unwrap().as_ref(), [0xA1, 0x61, b'a', 1]);
        body.set_notation(Notation::Hex).unwrap();
        assert_eq!(body.text, "a1 61 61 01");
        body.set_notation(Notation::Encoded(Format::Cbor)).unwrap();
        assert_eq!(body.text, "{\n  \"a\": 1\n}");
        body.text.push('x');
        body.edited();
        assert!(matches!(body.check(), Check::Unencodable(EncodeError::Json(_))) && body.bytes().is_err());
    }

    #[test]
    fn a_received_message_of_a_format_is_edited_as_json_if_that_gives_the_same_bytes() {
        let mut body = Body::default();
        let rule = Some(Choice::plain(Format::Cbor));
        body.set_message(Bytes::from_static(&[0xA1, 0x61, b'a', 1]), rule.clone());
        assert_eq!(body.notation(), Notation::Encoded(Format::Cbor));
        assert_eq!(body.bytes().unwrap().as_ref(), [0xA1, 0x61, b'a', 1]);
        // 1 in two bytes: what the encoder writes is shorter.
        body.set_message(Bytes::from_static(&[0xA1, 0x61, b'a', 0x18, 1]), rule);
        assert_eq!((body.notation(), body.text.as_str()), (Notation::Hex, "a1 61 61 18 01"));
    }

    #[test]
    fn every_notation_has_a_name_in_files() {
        let formats = Notation::FORMATS.map(Notation::Encoded);
        for notation in [Notation::Text, Notation::Hex, Notation::Base64].into_iter().chain(formats) {
            assert_eq!(Notation::of_id(notation.id()), Some(notation));
        }
    }

    #[test]
    fn a_long_paste_stands_where_it_was_pasted() {
        let mut body = typed("温 old end");
        let long = "x".repeat(EDIT_BYTES_MAX + 1);
        body.paste_long(Some(CharIndex(2)..CharIndex(5)), long.clone());
        assert_eq!(body.bytes().unwrap(), format!("温 {long} end"));
        assert_eq!(body.attachment().unwrap().origin, Origin::LongText);
        assert_eq!(body.text, "");
    }

    #[test]
    fn a_pasted_text_that_is_too_long_to_edit_is_kept_whole() {
        let mut body = typed(&"x".repeat(EDIT_BYTES_MAX + 1));
        assert_eq!(body.bytes().unwrap().len(), EDIT_BYTES_MAX + 1);
        assert!(body.text.is_empty() && body.attachment().is_some());
        body = typed(&"x".repeat(CHECK_BYTES_MAX + 1));
        assert_eq!(body.check(), &Check::Long);
    }
}
