//! PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5.0, 3.4 to 3.7), which have one form.

use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::malformed::Malformed;
use crate::mqtt::packet::property::Property;
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// What an acknowledgement says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Of the PUBLISH that it is about.
    pub packet_id: u16,
    /// Reason code; 0 with older versions, which have none.
    pub reason: ReasonCode,
    /// The same in the broker's words.
    pub reason_string: Option<String>,
}

impl Acknowledgement {
    pub(super) fn decode(kind: PacketKind, body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(kind, body);
        let packet_id = reader.packet_id()?;
        let mut acknowledgement = Self { packet_id, ..Self::default() };
        // Code and properties may be left out (MQTT 5.0, 3.4.2.1).
        if version == MqttVersion::V5 && !reader.is_empty() {
            acknowledgement.reason = reader.reason()?;
            if !reader.is_empty() {
                acknowledgement.reason_string = reason_string(&mut reader)?;
            }
        }
        reader.end()?;
        Ok(acknowledgement)
    }
}

/// Properties that can only be a reason string and user properties.
pub(super) fn reason_string(reader: &mut Reader<'_>) -> Result<Option<String>, Malformed> {
    let mut text = None;
    let mut properties = reader.properties()?;
    while let Some(property) = properties.next()? {
        match property {
            Property::ReasonString => text = Some(properties.words()?),
            Property::User => drop(properties.pair()?),
            _ => return Err(properties.misplaced()),
        }
    }
    Ok(text)
}

/// Appends an acknowledgement of `kind`. The reason is sent where it is not 0 and the version has one.
pub fn acknowledge(
    out: &mut Vec<u8>,
    kind: PacketKind,
    packet_id: u16,
    reason: ReasonCode,
    version: MqttVersion,
) {
    let flags = if kind == PacketKind::PubRel { 0b0010 } else { 0 };
    let has_reason = version == MqttVersion::V5 && reason != ReasonCode::SUCCESS;
    out.extend([((kind as u8) << 4) | flags, 2 + u8::from(has_reason)]);
    out.extend(packet_id.to_be_bytes());
    out.extend(has_reason.then_some(reason.0));
}
