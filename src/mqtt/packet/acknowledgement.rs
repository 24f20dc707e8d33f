//! PUBACK, PUBREC, PUBREL and PUBCOMP (MQTT 5.0, 3.4 to 3.7), which share one format.

use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::malformed::{Malformed, Oversize};
use crate::mqtt::packet::property::Property;
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// The content of an acknowledgement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Acknowledgement {
    /// Identifier of the PUBLISH being acknowledged.
    pub packet_id: u16,
    /// Reason code; 0 with older versions, which have none.
    pub reason: ReasonCode,
    /// The sender's explanation in words.
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

impl Acknowledgement {
    /// Appends the acknowledgement as a packet of this type. A missing reason string is left out, and so is a code of 0
    /// then.
    pub fn encode(&self, out: &mut Vec<u8>, kind: PacketKind, version: MqttVersion) -> Result<(), Oversize> {
        let Some(text) = self.reason_string.as_deref().filter(|_| version == MqttVersion::V5) else {
            acknowledge(out, kind, self.packet_id, self.reason, version);
            return Ok(());
        };
        let mut body = Writer::default();
        body.u16(self.packet_id);
        body.u8(self.reason.0);
        body.properties(|body| body.text_property(Property::ReasonString, Some(text)));
        body.finish(out, kind, kind.flags(), 0)
    }
}

/// Reads properties that can only be a reason string and user properties.
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

/// Appends an acknowledgement of `kind`. The reason is sent only if it is not 0 and the version supports it.
pub fn acknowledge(
    out: &mut Vec<u8>,
    kind: PacketKind,
    packet_id: u16,
    reason: ReasonCode,
    version: MqttVersion,
) {
    let has_reason = version == MqttVersion::V5 && reason != ReasonCode::SUCCESS;
    out.extend([((kind as u8) << 4) | kind.flags(), 2 + u8::from(has_reason)]);
    out.extend(packet_id.to_be_bytes());
    out.extend(has_reason.then_some(reason.0));
}
