//! `-F FORMAT`: mosquitto_sub's format strings, taken apart once and written out for every message.
//!
//! What is written is what mosquitto_sub 2.0.11 writes, byte for byte, but where it would cut or change what was sent:
//! a field width never cuts a payload, a payload with NUL is whole in JSON, and numbers in JSON keep their digits.

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

/// A format string, taken apart.
#[derive(Debug)]
pub(super) struct Format {
    pieces: Vec<Piece>,
    pretty: bool,
    zone: TimeZone,
}

/// One piece of a format string.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    /// As it is.
    Text(Vec<u8>),
    /// `%10t`
    Field(Field, Width),
    /// `@Y`: a conversion of strftime.
    Time(char),
}

/// What a `%` stands for.
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

/// How wide a field is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Width {
    left: bool,
    zero: bool,
    min: usize,
    max: Option<usize>,
}

/// Why a message is not written as the format asks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Misfit {
    /// The payload is not JSON, and `%J` has no place for it.
    NotJson,
    /// The payload is not the number that `%f` or `%d` reads.
    NotANumber,
}

/// A message and what is known of it besides.
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

    /// Writes `received` behind what is in `out`. Where it fails, the rest is there all the same.
    pub(super) fn write(&self, received: &Received<'_>, out: &mut Vec<u8>) -> Result<(), Misfit> {
        let mut result = Ok(());
        // Most formats have no time in them, and taking it apart costs more than all the rest.
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

/// A field that needs no clock.
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
            // mosquitto_sub makes no room for one that is not there, as it does for the content type.
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
        // The link puts the topic back where a number stood for it: there is none to show.
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
            padded(payload.len(), width, out, |out| out.extend_from_slice(payload))
        }
        Field::LowerHex => hex(&HEXLOWER.encode(payload), width, out),
        Field::UpperHex => hex(&HEXUPPER.encode(payload), width, out),
        Field::Qos => out.push(b'0' + u8::from(flags.qos)),
        Field::Retain => out.push(b'0' + u8::from(flags.retain)),
        // Written by the caller, which has the time of arrival and says what cannot be written.
        Field::IsoTime
        | Field::UnixTime
        | Field::Json
        | Field::JsonWithPayload
        | Field::Float
        | Field::Double => {}
    }
}

/// Digits, with a space behind so many of them as the precision says, as from mosquitto_sub 2.1 on.
fn hex(digits: &str, width: Width, out: &mut Vec<u8>) {
    let group = width.max.filter(|group| *group > 0).unwrap_or(usize::MAX);
    let groups: Vec<&[u8]> = digits.as_bytes().chunks(group).collect();
    let grouped = groups.join(&b' ');
    padded(grouped.len(), width, out, |out| out.extend_from_slice(&grouped));
}

/// The number whose bytes the payload is, in the order of this machine, as mosquitto_sub 2.1 reads it.
fn binary(field: Field, payload: &[u8]) -> Option<f64> {
    if field == Field::Float {
        payload.try_into().ok().map(|bytes| f64::from(f32::from_ne_bytes(bytes)))
    } else {
        payload.try_into().ok().map(f64::from_ne_bytes)
    }
}

/// A text: at most as long as the precision says, never padded with zeros.
fn text(text: &[u8], width: Width, out: &mut Vec<u8>) {
    let cut = text.get(..width.max.unwrap_or(usize::MAX)).unwrap_or(text);
    padded(cut.len(), Width { zero: false, ..width }, out, |out| out.extend_from_slice(cut));
}

/// A number, or nothing in its place.
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
        // Into a vector nothing can fail.
        write!(out, "{name}:{value}").ok();
    }
}

/// All of them: mosquitto_sub knows of one at most.
fn subscription_identifiers(received: &Received<'_>, width: Width, out: &mut Vec<u8>) {
    let all = received.properties().map_or(&[][..], |found| &found.subscription_identifiers);
    let joined = all.iter().map(u32::to_string).collect::<Vec<_>>().join(",");
    number(Some(joined), width, out);
}

#[cfg(test)]
mod tests;
