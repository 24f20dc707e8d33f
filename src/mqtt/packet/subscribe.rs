//! SUBSCRIBE, UNSUBSCRIBE and their answers (MQTT 5.0, 3.8 to 3.11). One filter per packet, so that each has an answer
//! of its own.

use crate::mqtt::options::{MqttVersion, Subscription};
use crate::mqtt::packet::acknowledgement::reason_string;
use crate::mqtt::packet::malformed::{Flaw, Malformed, Oversize, Part};
use crate::mqtt::packet::property::Property;
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// The flags that both must have (MQTT 5.0, 2.1.3).
const FLAGS: u8 = 0b0010;

/// Appends a SUBSCRIBE. Options that only MQTT 5 has are left out with an older version.
pub fn subscribe(
    out: &mut Vec<u8>,
    packet_id: u16,
    subscription: &Subscription,
    version: MqttVersion,
) -> Result<(), Oversize> {
    let Subscription { filter, qos, no_local, retain_as_published, retain_handling, identifier, .. } =
        subscription;
    let mut body = Writer::default();
    body.u16(packet_id);
    let mut options = u8::from(*qos);
    if version == MqttVersion::V5 {
        body.properties(|body| body.variable_property(Property::SubscriptionIdentifier, *identifier));
        options |= (u8::from(*no_local) << 2)
            | (u8::from(*retain_as_published) << 3)
            | (u8::from(*retain_handling) << 4);
    }
    body.text(filter, Part::TopicFilter);
    body.u8(options);
    body.finish(out, PacketKind::Subscribe, FLAGS, 0)
}

/// Appends an UNSUBSCRIBE.
pub fn unsubscribe(
    out: &mut Vec<u8>,
    packet_id: u16,
    filter: &str,
    version: MqttVersion,
) -> Result<(), Oversize> {
    let mut body = Writer::default();
    body.u16(packet_id);
    if version == MqttVersion::V5 {
        body.properties(|_| ());
    }
    body.text(filter, Part::TopicFilter);
    body.finish(out, PacketKind::Unsubscribe, FLAGS, 0)
}

/// The answer to a SUBSCRIBE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SubAck {
    /// Of the SUBSCRIBE.
    pub packet_id: u16,
    /// The QoS granted or a reason code from 0x80 on, for the one filter that was asked for.
    pub reason: ReasonCode,
    /// The same in the broker's words.
    pub reason_string: Option<String>,
}

impl SubAck {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::SubAck, body);
        let packet_id = reader.packet_id()?;
        let reason_string = if version == MqttVersion::V5 { reason_string(&mut reader)? } else { None };
        let reason = match reader.rest {
            [code @ (0..=2 | 0x80..)] => ReasonCode(*code),
            [code] => return Err(reader.malformed(Flaw::GrantedQoS(*code))),
            [] => return Err(reader.malformed(Flaw::NoReasonCode)),
            codes => return Err(reader.malformed(Flaw::Answers(codes.len()))),
        };
        Ok(Self { packet_id, reason, reason_string })
    }
}

/// The answer to an UNSUBSCRIBE.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnsubAck {
    /// Of the UNSUBSCRIBE.
    pub packet_id: u16,
    /// Reason code; 0 with older versions, which have none.
    pub reason: ReasonCode,
    /// The same in the broker's words.
    pub reason_string: Option<String>,
}

impl UnsubAck {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::UnsubAck, body);
        let mut unsuback = Self { packet_id: reader.packet_id()?, ..Self::default() };
        if version == MqttVersion::V5 {
            unsuback.reason_string = reason_string(&mut reader)?;
            unsuback.reason = reader.reason()?;
        }
        Ok(unsuback)
    }
}
