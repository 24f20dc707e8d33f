//! Reads JSON Lines as `mqttree export --jsonl` writes them.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::sync::Arc;

use data_encoding::BASE64;
use serde::Deserialize;
use serde_json::Value;

use crate::interchange::import::{FilePlace, ImportProblem, Intake};
use crate::message::{Flags, MessageRef, Payload, PublishProperties, QoS, Timestamp};
use crate::mqtt::limits::PACKET_BYTES_MAX;
use crate::recording::{Gap, GapReason, RecordedEvent};

/// The longest line: the largest packet in Base64, with room for the rest.
const LINE_BYTES_MAX: u64 = PACKET_BYTES_MAX as u64 / 3 * 4 + (1 << 20);
/// The longest topic of MQTT.
const TOPIC_BYTES_MAX: usize = 65_535;

/// A line, whatever it is.
#[derive(Deserialize)]
struct Line {
    time: Option<String>,
    topic: Option<String>,
    topic_base64: Option<String>,
    payload: Option<Value>,
    payload_base64: Option<String>,
    #[serde(default)]
    qos: u8,
    #[serde(default)]
    retain: bool,
    #[serde(default)]
    dup: bool,
    properties: Option<PropertyMembers>,
    event: Option<Value>,
    gap: Option<GapReason>,
    to: Option<String>,
    messages: Option<u64>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PropertyMembers {
    payload_format_indicator: Option<u8>,
    message_expiry_interval: Option<u32>,
    content_type: Option<String>,
    response_topic: Option<String>,
    correlation_data_base64: Option<String>,
    subscription_identifiers: Vec<u32>,
    user_properties: Vec<(String, String)>,
}

/// Reads all lines.
pub(super) fn read(file: File, intake: &mut Intake) -> io::Result<()> {
    let (mut reader, mut number, mut offset) = (BufReader::with_capacity(1 << 18, file), 0, 0);
    let mut line = Vec::new();
    loop {
        line.clear();
        number += 1;
        let count = reader.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line)? as u64;
        offset += count;
        intake.tally.reach(offset);
        if count == 0 || intake.tally.is_cancelled() {
            return Ok(());
        }
        if count > LINE_BYTES_MAX {
            intake.fault(FilePlace::Line(number), ImportProblem::TooLong);
            line = Vec::new();
            offset += skip_line(&mut reader)?;
            continue;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match take(&line, intake) {
            Ok(true) => {}
            Ok(false) => return Ok(()),
            Err(problem) => intake.fault(FilePlace::Line(number), problem),
        }
    }
}

/// Skips the rest of a line.
fn skip_line(reader: &mut BufReader<File>) -> io::Result<u64> {
    let mut skipped = 0;
    loop {
        let found = reader.fill_buf()?;
        let end = found.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(found.len(), |end| end + 1);
        if count == 0 {
            return Ok(skipped);
        }
        reader.consume(count);
        skipped += count as u64;
        if end.is_some() {
            return Ok(skipped);
        }
    }
}

/// Takes a line. Returns whether to go on.
fn take(line: &[u8], intake: &mut Intake) -> Result<bool, ImportProblem> {
    let not_a_message = |error: serde_json::Error| ImportProblem::NotAMessage(error.to_string());
    let found: Line = serde_json::from_slice(line).map_err(not_a_message)?;
    let at = found.time.as_deref().and_then(time).ok_or(ImportProblem::NoTime)?;
    if found.event.is_some() {
        let event: RecordedEvent = serde_json::from_slice(line).map_err(not_a_message)?;
        intake.writer.event(at, event);
        return Ok(true);
    }
    if let Some(reason) = found.gap {
        let to = found.to.as_deref().and_then(time).ok_or(ImportProblem::NoTime)?;
        intake.writer.gap(Gap { from: at, to, reason, messages: found.messages });
        return Ok(true);
    }
    let topic = match (found.topic, found.topic_base64) {
        (Some(topic), _) => topic.into_bytes(),
        (None, Some(text)) => base64("topic_base64", &text)?,
        (None, None) => return Err(ImportProblem::NotAMessage("topic".to_owned())),
    };
    if topic.len() > TOPIC_BYTES_MAX {
        return Err(ImportProblem::TopicTooLong);
    }
    let payload = match (found.payload, found.payload_base64) {
        (Some(Value::String(text)), _) => text.into_bytes(),
        (Some(other), _) => other.to_string().into_bytes(),
        (None, Some(text)) => base64("payload_base64", &text)?,
        (None, None) => Vec::new(),
    };
    let qos = QoS::try_from(found.qos).map_err(|_| ImportProblem::NotAMessage("qos".to_owned()))?;
    let properties = found.properties.map(properties).transpose()?.map(Arc::new);
    let flags = Flags { qos, retain: found.retain, dup: found.dup };
    let payload = bytes::Bytes::from(payload);
    let message = MessageRef {
        topic: &topic,
        payload: held(&payload),
        flags,
        properties: properties.as_ref(),
        arrived: at,
    };
    Ok(intake.message(message))
}

/// A payload as batches take it.
pub(super) fn held(payload: &bytes::Bytes) -> Payload<'_> {
    if payload.len() < crate::message::LARGE_PAYLOAD_BYTES {
        Payload::Small(payload)
    } else {
        Payload::Large(payload)
    }
}

/// The properties that are set.
pub(super) fn properties_of(value: Value) -> Option<PublishProperties> {
    serde_json::from_value(value).ok().and_then(|found| properties(found).ok())
}

fn properties(found: PropertyMembers) -> Result<PublishProperties, ImportProblem> {
    let correlation_data = found.correlation_data_base64.as_deref();
    Ok(PublishProperties {
        payload_format_indicator: found.payload_format_indicator,
        message_expiry_interval_s: found.message_expiry_interval,
        content_type: found.content_type,
        response_topic: found.response_topic,
        correlation_data: correlation_data.map(|text| base64("correlation_data_base64", text)).transpose()?,
        subscription_identifiers: found.subscription_identifiers,
        user_properties: found.user_properties,
    })
}

fn base64(field: &'static str, text: &str) -> Result<Vec<u8>, ImportProblem> {
    BASE64.decode(text.as_bytes()).map_err(|_| ImportProblem::NotBase64(field))
}

fn time(text: &str) -> Option<Timestamp> {
    text.parse::<jiff::Timestamp>().ok().map(|at| Timestamp(at.as_microsecond()))
}
