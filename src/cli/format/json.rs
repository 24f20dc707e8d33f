//! Writes a message as a JSON object in mosquitto_sub's layout: `%j`, `%J` and `--pretty`.

use std::collections::HashMap;
use std::io::Write as _;

use data_encoding::HEXLOWER;
use jiff::Zoned;

use crate::cli::format::{Misfit, Received, time};
use crate::message::QoS;
use crate::payload::{DecodeLimits, json, never};

/// Writes the object with the payload as a string. Bytes that are not UTF-8 are kept, as mosquitto_sub does.
pub(super) fn write(received: &Received<'_>, at: &Zoned, pretty: bool, out: &mut Vec<u8>) {
    let payload = received.message.payload.bytes();
    let mut object = Object::begin(pretty, 0, out);
    head(&mut object, received, at);
    if payload.is_empty() {
        object.raw("payload", b"null");
    } else {
        object.text("payload", payload);
    }
    object.end();
}

/// Writes the object with the payload as JSON, keeping every number as it was sent.
pub(super) fn write_with_payload(
    received: &Received<'_>,
    at: &Zoned,
    pretty: bool,
    out: &mut Vec<u8>,
) -> Result<(), Misfit> {
    let payload = received.payload();
    let payload = if payload.is_empty() { b"null" } else { payload };
    let minified = one_value(payload).ok_or(Misfit::NotJson)?;
    let mut object = Object::begin(pretty, 0, out);
    head(&mut object, received, at);
    object.key("payload");
    if pretty {
        indent(minified.as_bytes(), object.depth, object.out);
    } else {
        object.out.extend_from_slice(minified.as_bytes());
    }
    object.end();
    Ok(())
}

/// The payload pretty-printed, if it is a single JSON value.
pub(in crate::cli) fn pretty_payload(payload: &[u8]) -> Option<String> {
    json::format_for_editing(payload, &DecodeLimits::default(), &never).ok()
}

/// The payload without whitespace, if it is a single JSON value.
fn one_value(payload: &[u8]) -> Option<String> {
    let limits = DecodeLimits::default();
    json::validate(payload, &limits, &never).ok()?;
    json::minify(payload, &limits, &never).ok()
}

fn head(object: &mut Object<'_>, received: &Received<'_>, at: &Zoned) {
    let message = &received.message;
    let mut tst = time::strftime("%Y-%m-%dT%H:%M:%S", at);
    write!(tst, ".{:06}", at.subsec_nanosecond() / 1_000).ok();
    tst.extend(time::offset(at));
    object.text("tst", &tst);
    topic(object, message.topic);
    object.number("qos", u8::from(message.flags.qos));
    object.number("retain", u8::from(message.flags.retain));
    object.number("payloadlen", message.payload.bytes().len());
    if message.flags.qos != QoS::AtMostOnce {
        object.number("mid", received.packet_id);
    }
    properties(object, received);
}

/// Writes the topic. If it is not UTF-8, invalid bytes are replaced and a second member holds the exact bytes.
fn topic(object: &mut Object<'_>, topic: &[u8]) {
    object.text("topic", String::from_utf8_lossy(topic).as_bytes());
    if str::from_utf8(topic).is_err() {
        object.text("topic-hex", HEXLOWER.encode(topic).as_bytes());
    }
}

/// Writes the properties in a fixed order, whatever their order in the packet.
fn properties(object: &mut Object<'_>, received: &Received<'_>) {
    let Some(found) = received.properties() else { return };
    object.key("properties");
    let mut inner = object.nested();
    if let Some(indicator) = found.payload_format_indicator {
        inner.number("payload-format-indicator", indicator);
    }
    if let Some(content_type) = &found.content_type {
        inner.text("content-type", content_type.as_bytes());
    }
    if let Some(topic) = &found.response_topic {
        inner.text("response-topic", topic.as_bytes());
    }
    if let Some(data) = &found.correlation_data {
        inner.text("correlation-data", data);
    }
    if !found.user_properties.is_empty() {
        inner.key("user-properties");
        let mut pairs = inner.nested();
        for (name, values) in by_name(&found.user_properties) {
            pairs.key(name);
            pairs.one_or_list(&values, |value, out| quoted(value.as_bytes(), out));
        }
        pairs.end();
    }
    if !found.subscription_identifiers.is_empty() {
        inner.key("subscription-identifier");
        inner.one_or_list(&found.subscription_identifiers, |identifier, out| {
            write!(out, "{identifier}").ok();
        });
    }
    if let Some(seconds) = found.message_expiry_interval_s {
        inner.number("message-expiry-interval", seconds);
    }
    inner.end();
}

/// Groups the values by name, in the order in which the names first occur. If a key occurred twice in an object, most
/// readers would lose all but one of its values.
fn by_name(pairs: &[(String, String)]) -> Vec<(&str, Vec<&str>)> {
    let mut names: Vec<(&str, Vec<&str>)> = Vec::new();
    let mut places = HashMap::new();
    for (name, value) in pairs {
        let place = *places.entry(name.as_str()).or_insert_with(|| {
            names.push((name, Vec::new()));
            names.len() - 1
        });
        if let Some((_, values)) = names.get_mut(place) {
            values.push(value);
        }
    }
    names
}

/// An object being written.
struct Object<'a> {
    out: &'a mut Vec<u8>,
    pretty: bool,
    /// Depth of its members.
    depth: usize,
    empty: bool,
}

impl<'a> Object<'a> {
    /// Opens an object at nesting level `depth`.
    fn begin(pretty: bool, depth: usize, out: &'a mut Vec<u8>) -> Self {
        out.push(b'{');
        Self { out, pretty, depth: depth + 1, empty: true }
    }

    /// Opens an object as the value of the key just written.
    fn nested(&mut self) -> Object<'_> {
        Object::begin(self.pretty, self.depth, self.out)
    }

    fn key(&mut self, name: &str) {
        if !std::mem::take(&mut self.empty) {
            self.out.push(b',');
        }
        if self.pretty {
            new_line(self.depth, self.out);
        }
        quoted(name.as_bytes(), self.out);
        self.out.extend_from_slice(if self.pretty { b":\t" } else { b":" });
    }

    fn text(&mut self, name: &str, text: &[u8]) {
        self.key(name);
        quoted(text, self.out);
    }

    fn number(&mut self, name: &str, number: impl std::fmt::Display) {
        self.key(name);
        write!(self.out, "{number}").ok();
    }

    /// Writes a single value as it is, several as an array.
    fn one_or_list<T>(&mut self, values: &[T], write: impl Fn(&T, &mut Vec<u8>)) {
        let separator: &[u8] = if self.pretty { b", " } else { b"," };
        let is_list = values.len() != 1;
        self.out.extend_from_slice(if is_list { b"[" } else { b"" });
        for (index, value) in values.iter().enumerate() {
            self.out.extend_from_slice(if index > 0 { separator } else { b"" });
            write(value, self.out);
        }
        self.out.extend_from_slice(if is_list { b"]" } else { b"" });
    }

    fn raw(&mut self, name: &str, value: &[u8]) {
        self.key(name);
        self.out.extend_from_slice(value);
    }

    fn end(self) {
        if self.pretty {
            new_line(self.depth - 1, self.out);
        }
        self.out.push(b'}');
    }
}

fn new_line(depth: usize, out: &mut Vec<u8>) {
    out.push(b'\n');
    out.extend(std::iter::repeat_n(b'\t', depth));
}

/// Writes a string with only the escapes that JSON requires.
fn quoted(text: &[u8], out: &mut Vec<u8>) {
    out.push(b'"');
    for &byte in text {
        match byte {
            b'"' => out.extend_from_slice(b"\\\""),
            b'\\' => out.extend_from_slice(b"\\\\"),
            0x08 => out.extend_from_slice(b"\\b"),
            0x0c => out.extend_from_slice(b"\\f"),
            b'\n' => out.extend_from_slice(b"\\n"),
            b'\r' => out.extend_from_slice(b"\\r"),
            b'\t' => out.extend_from_slice(b"\\t"),
            0..0x20 => {
                write!(out, "\\u{byte:04x}").ok();
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Pretty-prints minified JSON like mosquitto_sub: members of objects on separate lines, arrays on one line. `depth` is
/// that of the member whose value it is.
fn indent(minified: &[u8], mut depth: usize, out: &mut Vec<u8>) {
    let mut in_objects = Vec::new();
    let (mut in_string, mut escaped) = (false, false);
    for &byte in minified {
        if in_string {
            out.push(byte);
            (in_string, escaped) = (escaped || byte != b'"', !escaped && byte == b'\\');
            continue;
        }
        let in_object = in_objects.last() == Some(&true);
        match byte {
            b'{' | b'[' => {
                in_objects.push(byte == b'{');
                depth += 1;
                out.push(byte);
                if byte == b'{' {
                    new_line(depth, out);
                }
            }
            b'}' | b']' => {
                in_objects.pop();
                depth -= 1;
                if byte == b'}' {
                    // An empty object already has its line, indented one level too deep.
                    if out.last() == Some(&b'\t') {
                        out.pop();
                    } else {
                        new_line(depth, out);
                    }
                }
                out.push(byte);
            }
            b',' if in_object => {
                out.push(byte);
                new_line(depth, out);
            }
            b',' => out.extend_from_slice(b", "),
            b':' => out.extend_from_slice(b":\t"),
            _ => {
                in_string = byte == b'"';
                out.push(byte);
            }
        }
    }
}
