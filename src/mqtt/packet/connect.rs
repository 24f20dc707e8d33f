//! CONNECT (MQTT 5.0, 3.1; MQTT 3.1, 3.1; MQTT 3.1.1, 3.1).

use crate::mqtt::options::{ConnectOptions, Mqtt5Options, MqttVersion, Will, WillProperties};
use crate::mqtt::packet::malformed::{Oversize, Part};
use crate::mqtt::packet::property::Property;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::trace::PacketKind;

/// What a client proves itself with. Empty ones are not sent. Without `Debug`: these are secrets.
#[derive(Clone, Copy, Default)]
pub struct Credentials<'a> {
    /// User name.
    pub username: &'a str,
    /// Password; older versions than 5 have it only together with a user name.
    pub password: &'a str,
    /// Authentication method and what it begins with (MQTT 5.0, 4.12).
    pub authentication: Option<(&'a str, &'a [u8])>,
}

/// What a CONNECT is made of.
#[derive(Clone, Copy)]
pub struct Connect<'a> {
    /// The version to ask for.
    pub version: MqttVersion,
    /// Keep alive, clean session, will and MQTT 5's properties.
    pub options: &'a ConnectOptions,
    /// The client ID to send.
    pub client_id: &'a str,
    /// Who we are.
    pub credentials: Credentials<'a>,
    /// The largest packet that we take, where the options do not say.
    pub packet_bytes_max: u32,
}

/// Bits of the connect flags (MQTT 5.0, 3.1.2.3).
const CLEAN: u8 = 0x02;
const WILL: u8 = 0x04;
const WILL_RETAIN: u8 = 0x20;
const PASSWORD: u8 = 0x40;
const USERNAME: u8 = 0x80;

impl Connect<'_> {
    /// Appends the packet.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), Oversize> {
        let Self { version, options, client_id, credentials, .. } = *self;
        let Credentials { username, password, .. } = credentials;
        let has_password = !password.is_empty() && (version == MqttVersion::V5 || !username.is_empty());
        let mut body = Writer::default();
        let (name, level) = match version {
            MqttVersion::V3_1 => ("MQIsdp", 3),
            MqttVersion::V3_1_1 => ("MQTT", 4),
            MqttVersion::V5 => ("MQTT", 5),
        };
        body.text(name, Part::ProtocolName);
        body.u8(level);
        let mut flags = 0;
        for (bit, is_set) in
            [(CLEAN, options.clean_session), (USERNAME, !username.is_empty()), (PASSWORD, has_password)]
        {
            flags |= if is_set { bit } else { 0 };
        }
        if let Some(will) = &options.will {
            flags |= WILL | (u8::from(will.qos) << 3) | if will.retain { WILL_RETAIN } else { 0 };
        }
        body.u8(flags);
        body.u16(options.keep_alive_s);
        if version == MqttVersion::V5 {
            body.properties(|body| self.properties(body));
        }
        body.text(client_id, Part::ClientId);
        if let Some(will) = &options.will {
            write_will(&mut body, will, version);
        }
        if !username.is_empty() {
            body.text(username, Part::Username);
        }
        if has_password {
            body.text(password, Part::Password);
        }
        body.finish(out, PacketKind::Connect, 0, 0)
    }

    fn properties(&self, body: &mut Writer) {
        let Mqtt5Options {
            session_expiry_s,
            receive_max,
            packet_bytes_max,
            topic_alias_max,
            request_response_information,
            request_problem_information,
            user_properties,
        } = &self.options.mqtt5;
        // Without a word about it MQTT 5 ends the session with the connection; who wants none that is clean means
        // what MQTT 3.1.1 means by it (MQTT 5.0, 3.1.2.11.2).
        let kept = (!self.options.clean_session).then_some(u32::MAX);
        body.u32_property(Property::SessionExpiryInterval, session_expiry_s.or(kept));
        body.u16_property(Property::ReceiveMaximum, *receive_max);
        let packet_bytes_max = packet_bytes_max.unwrap_or(self.packet_bytes_max);
        body.u32_property(Property::MaximumPacketSize, Some(packet_bytes_max));
        body.u16_property(Property::TopicAliasMaximum, Some(*topic_alias_max).filter(|max| *max > 0));
        body.byte_property(Property::RequestResponseInformation, request_response_information.then_some(1));
        body.byte_property(Property::RequestProblemInformation, (!request_problem_information).then_some(0));
        body.user_properties(user_properties);
        if let Some((method, data)) = self.credentials.authentication {
            body.text_property(Property::AuthenticationMethod, Some(method));
            body.binary_property(Property::AuthenticationData, Some(data).filter(|data| !data.is_empty()));
        }
    }
}

fn write_will(body: &mut Writer, will: &Will, version: MqttVersion) {
    if version == MqttVersion::V5 {
        let WillProperties {
            delay_interval_s,
            payload_is_text,
            message_expiry_interval_s,
            content_type,
            response_topic,
            correlation_data,
            user_properties,
        } = &will.properties;
        body.properties(|body| {
            body.u32_property(Property::WillDelayInterval, *delay_interval_s);
            body.byte_property(Property::PayloadFormatIndicator, payload_is_text.then_some(1));
            body.u32_property(Property::MessageExpiryInterval, *message_expiry_interval_s);
            body.text_property(Property::ContentType, content_type.as_deref());
            body.text_property(Property::ResponseTopic, response_topic.as_deref());
            body.text_property(Property::CorrelationData, correlation_data.as_deref());
            body.user_properties(user_properties);
        });
    }
    body.text(&will.topic, Part::WillTopic);
    body.text(&will.payload, Part::WillPayload);
}
