//! CONNACK (MQTT 5.0, 3.2).

use crate::message::QoS;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::malformed::{Flaw, Malformed, Oversize, Part};
use crate::mqtt::packet::property::{Properties, Property};
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// The broker's answer to CONNECT.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConnAck {
    /// Whether the broker kept a session of this client ID.
    pub session_present: bool,
    /// Reason as an MQTT 5 code; return codes of older versions are translated.
    pub reason: ReasonCode,
    /// The code as it was sent.
    pub code: u8,
    /// What the broker announces.
    pub server: ServerProperties,
    /// The authentication method used.
    pub authentication_method: Option<String>,
    /// The final data of an enhanced authentication.
    pub authentication_data: Option<Vec<u8>>,
}

/// The limits and features that the broker announces (MQTT 5.0, 3.2.2.3). All unset with older versions.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ServerProperties {
    /// The client ID assigned by the broker.
    pub assigned_client_id: Option<String>,
    /// The largest packet accepted, in bytes.
    pub packet_bytes_max: Option<u32>,
    /// The highest QoS accepted for publishing.
    pub qos_max: Option<QoS>,
    /// Whether the broker keeps retained messages.
    pub retain_available: Option<bool>,
    /// How many QoS 1 and 2 messages the broker accepts at once.
    pub receive_max: Option<u16>,
    /// The keep alive that the broker requires instead of ours, in seconds.
    pub keep_alive_s: Option<u16>,
    /// How long the broker keeps the session, in seconds.
    pub session_expiry_s: Option<u32>,
    /// Whether filters may have wildcards.
    pub wildcards_available: Option<bool>,
    /// Whether shared subscriptions (`$share`) are supported.
    pub shared_available: Option<bool>,
    /// Whether subscriptions may have identifiers.
    pub identifiers_available: Option<bool>,
    /// How many topics we may replace with an alias.
    pub topic_alias_max: Option<u16>,
    /// The basis from which clients may build response topics.
    pub response_information: Option<String>,
    /// Another broker to use instead.
    pub server_reference: Option<String>,
    /// The broker's explanation in words.
    pub reason_string: Option<String>,
    /// Name and value pairs, in order.
    pub user_properties: Vec<(String, String)>,
}

impl ConnAck {
    pub(super) fn decode(body: &[u8], version: MqttVersion) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::ConnAck, body);
        let flags = reader.u8(Part::Flags)?;
        let code = reader.u8(Part::ReasonCode)?;
        let mut connack = Self {
            session_present: flags & 1 != 0,
            reason: ReasonCode::of_connack(code),
            code,
            ..Self::default()
        };
        // A CONNACK without properties comes from a broker that speaks only 3.1.1 (MQTT 3.1.1, 3.1.2.2).
        if version == MqttVersion::V5 && !reader.is_empty() {
            connack.read_properties(&mut reader.properties()?)?;
        } else if version == MqttVersion::V5 && code == 0 {
            // The broker ignored the version, and everything that follows would be misread.
            return Err(reader.malformed(Flaw::NoProperties));
        }
        reader.end()?;
        Ok(connack)
    }

    /// Appends the packet with [`ConnAck::code`]; versions before 5 have no properties.
    pub fn encode(&self, out: &mut Vec<u8>, version: MqttVersion) -> Result<(), Oversize> {
        let mut body = Writer::default();
        body.u8(u8::from(self.session_present));
        body.u8(self.code);
        if version == MqttVersion::V5 {
            body.properties(|body| self.write_properties(body));
        }
        body.finish(out, PacketKind::ConnAck, 0, 0)
    }

    fn write_properties(&self, body: &mut Writer) {
        let ServerProperties {
            assigned_client_id,
            packet_bytes_max,
            qos_max,
            retain_available,
            receive_max,
            keep_alive_s,
            session_expiry_s,
            wildcards_available,
            shared_available,
            identifiers_available,
            topic_alias_max,
            response_information,
            server_reference,
            reason_string,
            user_properties,
        } = &self.server;
        body.u32_property(Property::SessionExpiryInterval, *session_expiry_s);
        body.u16_property(Property::ReceiveMaximum, *receive_max);
        // The highest QoS is sent only if it is not 2 (MQTT 5.0, 3.2.2.3.4).
        let qos_max = qos_max.filter(|qos| *qos != QoS::ExactlyOnce);
        body.byte_property(Property::MaximumQoS, qos_max.map(u8::from));
        body.flag_property(Property::RetainAvailable, *retain_available);
        body.u32_property(Property::MaximumPacketSize, *packet_bytes_max);
        body.text_property(Property::AssignedClientIdentifier, assigned_client_id.as_deref());
        body.u16_property(Property::TopicAliasMaximum, *topic_alias_max);
        body.text_property(Property::ReasonString, reason_string.as_deref());
        body.user_properties(user_properties);
        body.flag_property(Property::WildcardSubscriptionAvailable, *wildcards_available);
        body.flag_property(Property::SubscriptionIdentifierAvailable, *identifiers_available);
        body.flag_property(Property::SharedSubscriptionAvailable, *shared_available);
        body.u16_property(Property::ServerKeepAlive, *keep_alive_s);
        body.text_property(Property::ResponseInformation, response_information.as_deref());
        body.text_property(Property::ServerReference, server_reference.as_deref());
        body.text_property(Property::AuthenticationMethod, self.authentication_method.as_deref());
        body.binary_property(Property::AuthenticationData, self.authentication_data.as_deref());
    }

    fn read_properties(&mut self, read: &mut Properties<'_>) -> Result<(), Malformed> {
        let server = &mut self.server;
        while let Some(property) = read.next()? {
            match property {
                Property::SessionExpiryInterval => server.session_expiry_s = Some(read.u32()?),
                Property::ReceiveMaximum => server.receive_max = Some(read.positive_u16()?),
                Property::MaximumQoS => {
                    server.qos_max = Some(if read.flag()? { QoS::AtLeastOnce } else { QoS::AtMostOnce });
                }
                Property::RetainAvailable => server.retain_available = Some(read.flag()?),
                Property::MaximumPacketSize => server.packet_bytes_max = Some(read.positive_u32()?),
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
