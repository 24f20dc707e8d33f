//! CONNECT (MQTT 5.0, 3.1; MQTT 3.1, 3.1; MQTT 3.1.1, 3.1).

use std::fmt;

use crate::message::{PublishProperties, QoS};
use crate::mqtt::limits::PACKET_BYTES_MAX;
use crate::mqtt::options::{ConnectOptions, Mqtt5Options, MqttVersion, Will, WillProperties};
use crate::mqtt::packet::malformed::{Flaw, Malformed, Oversize, Part};
use crate::mqtt::packet::property::{Properties, Property};
use crate::mqtt::packet::publish::{message_properties, read_message_property};
use crate::mqtt::packet::reader::Reader;
use crate::mqtt::packet::writer::Writer;
use crate::mqtt::trace::PacketKind;

/// A client's first packet.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Connect<'a> {
    /// The version to speak.
    pub version: MqttVersion,
    /// The client ID; if empty, the broker assigns one.
    pub client_id: &'a str,
    /// Clean session (3.1.1) or clean start (5).
    pub clean: bool,
    /// Seconds within which the client must send something; 0 means no limit.
    pub keep_alive_s: u16,
    /// User name.
    pub username: Option<&'a str>,
    /// Password; versions before 5 require a user name with it.
    pub password: Option<&'a [u8]>,
    /// What is published when the connection is lost.
    pub will: Option<LastWill<'a>>,
    /// Properties, sent with MQTT 5 only.
    pub properties: ConnectProperties,
}

/// The will in a CONNECT (MQTT 5.0, 3.1.3.2 to 3.1.3.4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastWill<'a> {
    /// Topic name.
    pub topic: &'a str,
    /// Payload.
    pub payload: &'a [u8],
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker keeps the message.
    pub retain: bool,
    /// MQTT 5: how long the broker waits before it publishes, in seconds.
    pub delay_interval_s: Option<u32>,
    /// MQTT 5: the properties of the message.
    pub properties: PublishProperties,
}

/// The properties of a CONNECT (MQTT 5.0, 3.1.2.11); unset ones are not sent.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct ConnectProperties {
    /// How long the broker keeps the session after the connection, in seconds.
    pub session_expiry_s: Option<u32>,
    /// How many QoS 1 and 2 messages the broker may send at once; never 0.
    pub receive_max: Option<u16>,
    /// The largest packet that the broker may send, in bytes; never 0.
    pub packet_bytes_max: Option<u32>,
    /// How many topics the broker may replace with an alias.
    pub topic_alias_max: Option<u16>,
    /// Whether the broker is asked for response information.
    pub request_response_information: Option<bool>,
    /// Whether the broker may explain errors in words.
    pub request_problem_information: Option<bool>,
    /// Name and value pairs.
    pub user_properties: Vec<(String, String)>,
    /// Method of enhanced authentication.
    pub authentication_method: Option<String>,
    /// The method's first data; secret.
    pub authentication_data: Option<Vec<u8>>,
}

/// A client's credentials. Empty ones are not sent. No `Debug`: they are secret.
#[derive(Clone, Copy, Default)]
pub struct Credentials<'a> {
    /// User name.
    pub username: &'a str,
    /// Password; versions before 5 require a user name with it.
    pub password: &'a str,
    /// Authentication method and its first data (MQTT 5.0, 4.12).
    pub authentication: Option<(&'a str, &'a [u8])>,
}

/// Omits the password.
impl fmt::Debug for Connect<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, client_id, clean, keep_alive_s, username, password: _, will, properties } = self;
        f.debug_struct("Connect")
            .field("version", version)
            .field("client_id", client_id)
            .field("clean", clean)
            .field("keep_alive_s", keep_alive_s)
            .field("username", username)
            .field("will", will)
            .field("properties", properties)
            .finish_non_exhaustive()
    }
}

/// Omits the authentication data.
impl fmt::Debug for ConnectProperties {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            session_expiry_s,
            receive_max,
            packet_bytes_max,
            topic_alias_max,
            request_response_information,
            request_problem_information,
            user_properties,
            authentication_method,
            authentication_data: _,
        } = self;
        f.debug_struct("ConnectProperties")
            .field("session_expiry_s", session_expiry_s)
            .field("receive_max", receive_max)
            .field("packet_bytes_max", packet_bytes_max)
            .field("topic_alias_max", topic_alias_max)
            .field("request_response_information", request_response_information)
            .field("request_problem_information", request_problem_information)
            .field("user_properties", user_properties)
            .field("authentication_method", authentication_method)
            .finish_non_exhaustive()
    }
}

/// Bits of the connect flags (MQTT 5.0, 3.1.2.3).
const RESERVED: u8 = 0x01;
const CLEAN: u8 = 0x02;
const WILL: u8 = 0x04;
const WILL_QOS_SHIFT: u8 = 3;
const WILL_RETAIN: u8 = 0x20;
const PASSWORD: u8 = 0x40;
const USERNAME: u8 = 0x80;

impl<'a> Connect<'a> {
    /// The CONNECT for these options in this version, with these credentials.
    pub fn of(
        options: &'a ConnectOptions,
        version: MqttVersion,
        client_id: &'a str,
        credentials: Credentials<'a>,
    ) -> Self {
        let Credentials { username, password, authentication } = credentials;
        let username = Some(username).filter(|name| !name.is_empty());
        let may_have_password = version == MqttVersion::V5 || username.is_some();
        let password = Some(password.as_bytes()).filter(|password| may_have_password && !password.is_empty());
        Self {
            version,
            client_id,
            clean: options.clean_session,
            keep_alive_s: options.keep_alive_s,
            username,
            password,
            will: options.will.as_ref().map(LastWill::of),
            properties: ConnectProperties::of(options, authentication),
        }
    }

    /// Appends the packet.
    pub fn encode(&self, out: &mut Vec<u8>) -> Result<(), Oversize> {
        let Self { version, client_id, clean: _, keep_alive_s, username, password, will, properties } = self;
        let mut body = Writer::default();
        let (name, level) = match version {
            MqttVersion::V3_1 => ("MQIsdp", 3),
            MqttVersion::V3_1_1 => ("MQTT", 4),
            MqttVersion::V5 => ("MQTT", 5),
        };
        body.text(name, Part::ProtocolName);
        body.u8(level);
        body.u8(self.flags());
        body.u16(*keep_alive_s);
        if *version == MqttVersion::V5 {
            body.properties(|body| properties.write(body));
        }
        body.text(client_id, Part::ClientId);
        if let Some(will) = will {
            will.write(&mut body, *version);
        }
        if let Some(username) = username {
            body.text(username, Part::Username);
        }
        if let Some(password) = password {
            body.binary(password, Part::Password);
        }
        body.finish(out, PacketKind::Connect, 0, 0)
    }

    fn flags(&self) -> u8 {
        let mut flags = 0;
        for (bit, is_set) in
            [(CLEAN, self.clean), (USERNAME, self.username.is_some()), (PASSWORD, self.password.is_some())]
        {
            flags |= if is_set { bit } else { 0 };
        }
        if let Some(will) = &self.will {
            let retain = if will.retain { WILL_RETAIN } else { 0 };
            flags |= WILL | (u8::from(will.qos) << WILL_QOS_SHIFT) | retain;
        }
        flags
    }

    pub(super) fn decode(body: &'a [u8]) -> Result<Self, Malformed> {
        let mut reader = Reader::new(PacketKind::Connect, body);
        let name = reader.binary(Part::ProtocolName)?;
        let level = reader.u8(Part::ProtocolLevel)?;
        let version = match (name, level) {
            (b"MQIsdp", 3) => MqttVersion::V3_1,
            (b"MQTT", 4) => MqttVersion::V3_1_1,
            (b"MQTT", 5) => MqttVersion::V5,
            (b"MQIsdp" | b"MQTT", level) => return Err(reader.malformed(Flaw::ProtocolLevel(level))),
            _ => return Err(reader.malformed(Flaw::ProtocolName)),
        };
        let flags = reader.u8(Part::Flags)?;
        let has = |bit| flags & bit != 0;
        let keep_alive_s = reader.u16(Part::KeepAlive)?;
        let properties = if version == MqttVersion::V5 {
            ConnectProperties::read(&mut reader.properties()?)?
        } else {
            ConnectProperties::default()
        };
        let client_id = reader.str(Part::ClientId)?;
        let will_qos = QoS::try_from((flags >> WILL_QOS_SHIFT) & 3);
        let may_have_password = version == MqttVersion::V5 || has(USERNAME);
        let will = match will_qos {
            Ok(qos) if has(WILL) => Some(LastWill::read(&mut reader, version, qos, has(WILL_RETAIN))?),
            // Without a will its QoS and retain flags must be 0 (MQTT 5.0, 3.1.2.6 and 3.1.2.7).
            Ok(QoS::AtMostOnce) if !has(WILL_RETAIN) => None,
            _ => return Err(reader.malformed(Flaw::ConnectFlags(flags))),
        };
        if (has(RESERVED) && version != MqttVersion::V3_1) || (has(PASSWORD) && !may_have_password) {
            return Err(reader.malformed(Flaw::ConnectFlags(flags)));
        }
        let username = has(USERNAME).then(|| reader.str(Part::Username)).transpose()?;
        let password = has(PASSWORD).then(|| reader.binary(Part::Password)).transpose()?;
        reader.end()?;
        let clean = has(CLEAN);
        Ok(Self { version, client_id, clean, keep_alive_s, username, password, will, properties })
    }
}

impl ConnectProperties {
    fn of(options: &ConnectOptions, authentication: Option<(&str, &[u8])>) -> Self {
        let Mqtt5Options {
            session_expiry_s,
            receive_max,
            packet_bytes_max,
            topic_alias_max,
            request_response_information,
            request_problem_information,
            user_properties,
        } = options.mqtt5.clone();
        // By default MQTT 5 ends the session with the connection. Here a session that is not clean means what it does
        // in MQTT 3.1.1 (MQTT 5.0, 3.1.2.11.2).
        let kept = (!options.clean_session).then_some(u32::MAX);
        let (method, data) = authentication.unzip();
        Self {
            session_expiry_s: session_expiry_s.or(kept),
            receive_max,
            packet_bytes_max: packet_bytes_max.or(Some(PACKET_BYTES_MAX)),
            topic_alias_max: Some(topic_alias_max).filter(|max| *max > 0),
            request_response_information: request_response_information.then_some(true),
            request_problem_information: (!request_problem_information).then_some(false),
            user_properties,
            authentication_method: method.map(str::to_owned),
            authentication_data: data.filter(|data| !data.is_empty()).map(<[u8]>::to_vec),
        }
    }

    fn write(&self, body: &mut Writer) {
        let Self {
            session_expiry_s,
            receive_max,
            packet_bytes_max,
            topic_alias_max,
            request_response_information,
            request_problem_information,
            user_properties,
            authentication_method,
            authentication_data,
        } = self;
        body.u32_property(Property::SessionExpiryInterval, *session_expiry_s);
        body.u16_property(Property::ReceiveMaximum, *receive_max);
        body.u32_property(Property::MaximumPacketSize, *packet_bytes_max);
        body.u16_property(Property::TopicAliasMaximum, *topic_alias_max);
        body.flag_property(Property::RequestResponseInformation, *request_response_information);
        body.flag_property(Property::RequestProblemInformation, *request_problem_information);
        body.user_properties(user_properties);
        body.text_property(Property::AuthenticationMethod, authentication_method.as_deref());
        body.binary_property(Property::AuthenticationData, authentication_data.as_deref());
    }

    fn read(read: &mut Properties<'_>) -> Result<Self, Malformed> {
        let mut properties = Self::default();
        while let Some(property) = read.next()? {
            match property {
                Property::SessionExpiryInterval => properties.session_expiry_s = Some(read.u32()?),
                Property::ReceiveMaximum => properties.receive_max = Some(read.positive_u16()?),
                Property::MaximumPacketSize => properties.packet_bytes_max = Some(read.positive_u32()?),
                Property::TopicAliasMaximum => properties.topic_alias_max = Some(read.u16()?),
                Property::RequestResponseInformation => {
                    properties.request_response_information = Some(read.flag()?);
                }
                Property::RequestProblemInformation => {
                    properties.request_problem_information = Some(read.flag()?);
                }
                Property::User => properties.user_properties.push(read.pair()?),
                Property::AuthenticationMethod => properties.authentication_method = Some(read.text()?),
                Property::AuthenticationData => properties.authentication_data = Some(read.binary()?),
                _ => return Err(read.misplaced()),
            }
        }
        Ok(properties)
    }
}

impl<'a> LastWill<'a> {
    fn of(will: &'a Will) -> Self {
        let Will { topic, payload, qos, retain, properties } = will;
        let WillProperties {
            delay_interval_s,
            payload_is_text,
            message_expiry_interval_s,
            content_type,
            response_topic,
            correlation_data,
            user_properties,
        } = properties.clone();
        Self {
            topic,
            payload: payload.as_bytes(),
            qos: *qos,
            retain: *retain,
            delay_interval_s,
            properties: PublishProperties {
                payload_format_indicator: payload_is_text.then_some(1),
                message_expiry_interval_s,
                content_type,
                response_topic,
                correlation_data: correlation_data.map(String::into_bytes),
                subscription_identifiers: Vec::new(),
                user_properties,
            },
        }
    }

    fn write(&self, body: &mut Writer, version: MqttVersion) {
        if version == MqttVersion::V5 {
            body.properties(|body| {
                body.u32_property(Property::WillDelayInterval, self.delay_interval_s);
                message_properties(body, &self.properties);
            });
        }
        body.text(self.topic, Part::WillTopic);
        body.binary(self.payload, Part::WillPayload);
    }

    fn read(
        reader: &mut Reader<'a>,
        version: MqttVersion,
        qos: QoS,
        retain: bool,
    ) -> Result<Self, Malformed> {
        let mut will = Self { qos, retain, ..Self::default() };
        if version == MqttVersion::V5 {
            let mut read = reader.properties()?;
            while let Some(property) = read.next()? {
                if property == Property::WillDelayInterval {
                    will.delay_interval_s = Some(read.u32()?);
                } else if !read_message_property(&mut will.properties, property, &mut read)? {
                    return Err(read.misplaced());
                }
            }
        }
        will.topic = reader.str(Part::WillTopic)?;
        will.payload = reader.binary(Part::WillPayload)?;
        Ok(will)
    }
}
