//! CONNACK (MQTT 5.0, 3.2).

use crate::message::QoS;
use crate::mqtt::link::ServerProperties;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::malformed::{Flaw, Malformed, Part};
use crate::mqtt::packet::property::{Properties, Property};
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// The broker's answer to CONNECT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnAck {
    /// It kept a session of this client ID.
    pub session_present: bool,
    /// Reason code of MQTT 5; return codes of older versions are translated.
    pub reason: ReasonCode,
    /// The code as it was sent.
    pub code: u8,
    /// What it announces.
    pub server: ServerProperties,
    /// The authentication method that it used.
    pub authentication_method: Option<String>,
    /// The last word of an enhanced authentication.
    pub authentication_data: Option<Vec<u8>>,
}

impl ConnAck {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::ConnAck, body);
        let flags = reader.u8(Part::Flags)?;
        let code = reader.u8(Part::ReasonCode)?;
        let mut connack = Self { session_present: flags & 1 != 0, code, ..Self::default() };
        if version != MqttVersion::V5 {
            connack.reason = ReasonCode::of_v3_connack(code);
        } else if !reader.is_empty() {
            connack.reason = ReasonCode(code);
            connack.read_properties(&mut reader.properties()?)?;
        } else if code == 0 {
            // A broker that did not look at the version: what follows would be misread.
            return Err(reader.malformed(Flaw::NoProperties));
        } else {
            // What brokers that speak 3.1.1 alone say to other versions (MQTT 3.1.1, 3.1.2.2).
            let sent = ReasonCode(code);
            connack.reason = if sent.is_failure() { sent } else { ReasonCode::of_v3_connack(code) };
        }
        reader.end()?;
        Ok(connack)
    }

    fn read_properties(&mut self, read: &mut Properties<'_>) -> Result<(), Malformed> {
        let server = &mut self.server;
        while let Some(property) = read.next()? {
            match property {
                Property::SessionExpiryInterval => server.session_expiry_s = Some(read.u32()?),
                Property::ReceiveMaximum => match read.u16()? {
                    0 => return Err(read.invalid(0)),
                    max => server.receive_max = Some(max),
                },
                Property::MaximumQoS => {
                    server.qos_max = Some(if read.flag()? { QoS::AtLeastOnce } else { QoS::AtMostOnce });
                }
                Property::RetainAvailable => server.retain_available = Some(read.flag()?),
                Property::MaximumPacketSize => match read.u32()? {
                    0 => return Err(read.invalid(0)),
                    max => server.packet_bytes_max = Some(max),
                },
                Property::AssignedClientIdentifier => server.assigned_client_id = Some(read.words()?),
                Property::TopicAliasMaximum => server.topic_alias_max = Some(read.u16()?),
                Property::ReasonString => server.reason_string = Some(read.words()?),
                Property::User => server.user_properties.push((read.words()?, read.words()?)),
                Property::WildcardSubscriptionAvailable => server.wildcards_available = Some(read.flag()?),
                Property::SubscriptionIdentifierAvailable => {
                    server.identifiers_available = Some(read.flag()?);
                }
                Property::SharedSubscriptionAvailable => server.shared_available = Some(read.flag()?),
                Property::ServerKeepAlive => server.keep_alive_s = Some(read.u16()?),
                Property::ResponseInformation => server.response_information = Some(read.words()?),
                Property::ServerReference => server.server_reference = Some(read.words()?),
                Property::AuthenticationMethod => self.authentication_method = Some(read.text()?),
                Property::AuthenticationData => self.authentication_data = Some(read.binary()?),
                _ => return Err(read.misplaced()),
            }
        }
        Ok(())
    }
}
