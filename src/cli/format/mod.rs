//! `-F FORMAT`: mosquitto_sub's format strings, parsed once and written for every message.
//!
//! The output matches mosquitto_sub 2.0.11 byte for byte, except where that would cut or change what was sent: a field
//! width never cuts a payload, a payload with NUL is complete in JSON, and numbers in JSON keep their digits.

mod json;
mod parse;
mod time;

use std::io::Write as _;

use data_encoding::{HEXLOWER, HEXUPPER};
use jiff::Zoned;
use jiff::tz::TimeZone;

pub(super) use crate::cli::format::json::pretty_payload;
pub(super) use crate::cli::format::parse::parse;
use crate::message::{MessageRef, PublishProperties};

/// A parsed format string.
#[derive(Debug)]
pub(super) struct Format {
    pieces: Vec<Piece>,
    pretty: bool,
    zone: TimeZone,
}

/// One piece of a format string.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// Literal text.
    Text(Vec<u8>),
    /// A field such as `%10t`.
    Field(Field, Width),
    /// A strftime conversion such as `@Y`.
    Time(char),
}

/// The meaning of a `%` field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    TopicAlias,
    ContentType,
    CorrelationData,
    MessageExpiry,
    PayloadFormat,
    PayloadLength,
    PacketId,
    Payload,
    UserProperties,
    Qos,
    ResponseTopic,
    Retain,
    SubscriptionId,
    Topic,
    Float,
    Double,
    LowerHex,
    UpperHex,
    IsoTime,
    UnixTime,
    Json,
    JsonWithPayload,
}

/// The width of a field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Width {
    left: bool,
    zero: bool,
    min: usize,
    max: Option<usize>,
}

/// Why a message cannot be written in the requested format.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// The payload is not JSON, which `%J` requires.
    NotJson,
    /// The payload is not the number that `%f` or `%d` reads.
    NotANumber,
}

/// A message and what else is known about it.
pub(super) struct Received<'a> {
    pub message: MessageRef<'a>,
    pub packet_id: u16,
    /// What is printed in place of the payload: its decoded value.
    pub decoded: Option<&'a [u8]>,
}

impl<'a> Received<'a> {
    /// What is printed as the payload.
    fn payload(&self) -> &'a [u8] {
        self.decoded.unwrap_or(self.message.payload.bytes())
    }

    fn properties(&self) -> Option<&'a PublishProperties> {
        self.message.properties.map(AsRef::as_ref)
    }

    fn property<T>(&self, get: impl FnOnce(&'a PublishProperties) -> Option<T>) -> Option<T> {
        self.properties().and_then(get)
    }
}

impl Format {
    fn new(pieces: Vec<Piece>, pretty: bool) -> Self {
        Self { pieces, pretty, zone: TimeZone::system() }
    }

    /// Appends `received` to `out`. If a field fails, the rest is still written.
    pub(super) fn write(&self, received: &Received<'_>, out: &mut Vec<u8>) -> Result<(), Misfit> {
        let mut result = Ok(());
        // Most formats contain no time, and computing it costs more than everything else.
        let mut at = None;
        let mut arrived =
            || at.get_or_insert_with(|| time::zoned(received.message.arrived, &self.zone)).clone();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text),
                Piece::Time(letter) => time::conversion(*letter, &arrived(), out),
                Piece::Field(Field::IsoTime, width) => {
                    text(&time::strftime("%Y-%m-%dT%H:%M:%S%z", &arrived()), *width, out);
                }
                Piece::Field(Field::UnixTime, _) => time::unix(received.message.arrived, out),
                Piece::Field(Field::Json, _) => self.json(received, &arrived(), out),
                Piece::Field(Field::JsonWithPayload, _) => {
                    if let Err(misfit) = json::write_with_payload(received, &arrived(), self.pretty, out) {
                        result = Err(misfit);
                    }
                }
                Piece::Field(field @ (Field::Float | Field::Double), width) => {
                    match binary(*field, received.message.payload.bytes()) {
                        Some(value) => {
                            let decimals = width.max.unwrap_or(6);
                            number(Some(format!("{value:.decimals$}")), *width, out);
                        }
                        None => result = Err(Misfit::NotANumber),
                    }
                }
                Piece::Field(field, width) => plain(*field, *width, received, out),
            }
        }
        result
    }

    fn json(&self, received: &Received<'_>, at: &Zoned, out: &mut Vec<u8>) {
        json::write(received, at, self.pretty, out);
    }
}

/// Writes a field that needs no clock.
fn plain(field: Field, width: Width, received: &Received<'_>, out: &mut Vec<u8>) {
    let MessageRef { topic, payload, flags, .. } = received.message;
    let payload = payload.bytes();
    match field {
        Field::Topic => text(topic, width, out),
        Field::ContentType => {
            text(
                received.property(|found| found.content_type.as_deref()).unwrap_or("").as_bytes(),
                width,
                out,
            );
        }
        Field::ResponseTopic => {
            // Unlike for the content type, mosquitto_sub leaves no space for a missing response topic.
            if let Some(topic) = received.property(|found| found.response_topic.as_deref()) {
                text(topic.as_bytes(), width, out);
            }
        }
        Field::CorrelationData => {
            out.extend_from_slice(
                received.property(|found| found.correlation_data.as_deref()).unwrap_or(&[]),
            );
        }
        Field::UserProperties => user_properties(received, out),
        // The link has already replaced the alias with the topic, so there is none to show.
        Field::TopicAlias => number(None::<u8>, width, out),
        Field::MessageExpiry => {
            number(received.property(|found| found.message_expiry_interval_s), width, out);
        }
        Field::PayloadFormat => number(received.property(|found| found.payload_format_indicator), width, out),
        Field::SubscriptionId => subscription_identifiers(received, width, out),
        Field::PayloadLength => number(Some(payload.len()), width, out),
        Field::PacketId => number(Some(received.packet_id), width, out),
        Field::Payload => {
            let payload = received.payload();
            padded(payload.len(), width, out, |out| out.extend_from_slice(payload));
        }
        Field::LowerHex => hex(&HEXLOWER.encode(payload), width, out),
        Field::UpperHex => hex(&HEXUPPER.encode(payload), width, out),
        Field::Qos => out.push(b'0' + u8::from(flags.qos)),
        Field::Retain => out.push(b'0' + u8::from(flags.retain)),
        // Written by the caller, which knows the time of arrival and reports what cannot be written.
        Field::IsoTime
        | Field::UnixTime
        | Field::Json
        | Field::JsonWithPayload
        | Field::Float
        | Field::Double => {}
    }
}

/// Writes hex digits, with a space after each group given by the precision, like mosquitto_sub 2.1.
fn hex(digits: &str, width: Width, out: &mut Vec<u8>) {
    let group = width.max.filter(|group| *group > 0).unwrap_or(usize::MAX);
    let groups: Vec<&[u8]> = digits.as_bytes().chunks(group).collect();
    let grouped = groups.join(&b' ');
    padded(grouped.len(), width, out, |out| out.extend_from_slice(&grouped));
}

/// Reads the payload's bytes as a number in this machine's byte order, like mosquitto_sub 2.1.
fn binary(field: Field, payload: &[u8]) -> Option<f64> {
    if field == Field::Float {
        payload.try_into().ok().map(|bytes| f64::from(f32::from_ne_bytes(bytes)))
    } else {
        payload.try_into().ok().map(f64::from_ne_bytes)
    }
}

/// Writes a text, cut to the precision and never padded with zeros.
fn text(text: &[u8], width: Width, out: &mut Vec<u8>) {
    let cut = text.get(..width.max.unwrap_or(usize::MAX)).unwrap_or(text);
    padded(cut.len(), Width { zero: false, ..width }, out, |out| out.extend_from_slice(cut));
}

/// Writes a number, or nothing if there is none.
fn number(number: Option<impl std::fmt::Display>, width: Width, out: &mut Vec<u8>) {
    let digits = number.map(|number| number.to_string()).unwrap_or_default();
    padded(digits.len(), width, out, |out| out.extend_from_slice(digits.as_bytes()));
}

fn padded(bytes: usize, width: Width, out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    let missing = width.min.saturating_sub(bytes);
    let fill = if width.zero && !width.left { b'0' } else { b' ' };
    if width.left {
        write(out);
        out.extend(std::iter::repeat_n(fill, missing));
    } else {
        out.extend(std::iter::repeat_n(fill, missing));
        write(out);
    }
}

fn user_properties(received: &Received<'_>, out: &mut Vec<u8>) {
    let pairs = received.properties().map_or(&[][..], |found| &found.user_properties);
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(b' ');
        }
        // Writing to a vector cannot fail.
        write!(out, "{name}:{value}").ok();
    }
}

/// Writes all identifiers; mosquitto_sub supports at most one.
fn subscription_identifiers(received: &Received<'_>, width: Width, out: &mut Vec<u8>) {
    let all = received.properties().map_or(&[][..], |found| &found.subscription_identifiers);
    let joined = all.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    number(Some(joined), width, out);
}

#[cfg(test)]
mod tests;
