//! The MQTT 5 properties of a message: for each, its identifier (MQTT 5.0, 2.2.2.2), a length and that many bytes.
//!
//! Readers skip unknown identifiers.

use crate::message::PublishProperties;
use crate::recording::format::input::{Input, MalformedFrame};
use crate::recording::format::varint;

const PAYLOAD_FORMAT_INDICATOR: u8 = 0x01;
const MESSAGE_EXPIRY_INTERVAL: u8 = 0x02;
const CONTENT_TYPE: u8 = 0x03;
const RESPONSE_TOPIC: u8 = 0x08;
const CORRELATION_DATA: u8 = 0x09;
const SUBSCRIPTION_IDENTIFIER: u8 = 0x0b;
const USER_PROPERTY: u8 = 0x26;

/// Appends the properties that are set.
pub(in crate::recording) fn put(out: &mut Vec<u8>, properties: &PublishProperties) {
    let PublishProperties {
        payload_format_indicator,
        message_expiry_interval_s,
        content_type,
        response_topic,
        correlation_data,
        subscription_identifiers,
        user_properties,
    } = properties;
    let mut one = |identifier: u8, value: &[u8]| {
        out.push(identifier);
        varint::put(out, value.len() as u64);
        out.extend_from_slice(value);
    };
    if let Some(indicator) = payload_format_indicator {
        one(PAYLOAD_FORMAT_INDICATOR, &[*indicator]);
    }
    if let Some(seconds) = message_expiry_interval_s {
        one(MESSAGE_EXPIRY_INTERVAL, &seconds.to_le_bytes());
    }
    if let Some(text) = content_type {
        one(CONTENT_TYPE, text.as_bytes());
    }
    if let Some(topic) = response_topic {
        one(RESPONSE_TOPIC, topic.as_bytes());
    }
    if let Some(data) = correlation_data {
        one(CORRELATION_DATA, data);
    }
    for identifier in subscription_identifiers {
        one(SUBSCRIPTION_IDENTIFIER, &identifier.to_le_bytes());
    }
    for (name, value) in user_properties {
        let mut pair = Vec::with_capacity(name.len() + value.len() + 3);
        varint::put(&mut pair, name.len() as u64);
        pair.extend_from_slice(name.as_bytes());
        pair.extend_from_slice(value.as_bytes());
        one(USER_PROPERTY, &pair);
    }
}

/// Parses what [`put`] wrote.
pub(in crate::recording) fn read(bytes: &[u8]) -> Result<PublishProperties, MalformedFrame> {
    let mut properties = PublishProperties::default();
    let mut input = Input(bytes);
    while !input.0.is_empty() {
        let identifier = input.byte()?;
        let value = input.counted()?;
        match identifier {
            PAYLOAD_FORMAT_INDICATOR => properties.payload_format_indicator = Some(Input(value).byte()?),
            MESSAGE_EXPIRY_INTERVAL => properties.message_expiry_interval_s = Some(Input(value).u32()?),
            CONTENT_TYPE => properties.content_type = Some(text(value)?),
            RESPONSE_TOPIC => properties.response_topic = Some(text(value)?),
            CORRELATION_DATA => properties.correlation_data = Some(value.to_vec()),
            SUBSCRIPTION_IDENTIFIER => properties.subscription_identifiers.push(Input(value).u32()?),
            USER_PROPERTY => {
                let mut pair = Input(value);
                let name = text(pair.counted()?)?;
                properties.user_properties.push((name, text(pair.0)?));
            }
            _ => {}
        }
    }
    Ok(properties)
}

fn text(bytes: &[u8]) -> Result<String, MalformedFrame> {
    str::from_utf8(bytes).map(str::to_owned).map_err(|_| MalformedFrame)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_property_comes_back_and_unknown_ones_are_skipped() {
        let all = PublishProperties {
            payload_format_indicator: Some(1),
            message_expiry_interval_s: Some(70_000),
            content_type: Some("text/plain".to_owned()),
            response_topic: Some("a/b".to_owned()),
            correlation_data: Some(vec![0, 255]),
            subscription_identifiers: vec![1, 268_435_455],
            user_properties: vec![("n".to_owned(), "v".to_owned()), ("n".to_owned(), "值".to_owned())],
        };
        let mut bytes = vec![0x77, 2, 1, 2];
        put(&mut bytes, &all);
        assert_eq!(read(&bytes), Ok(all));
        for end in 0..bytes.len() {
            read(&bytes[..end]).ok(); // must not panic, whatever the result
        }
    }
}
