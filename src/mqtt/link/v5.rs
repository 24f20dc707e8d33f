//! MQTT 5 over the client crate's event loop. Shaped like [`super::v4`]: a change here is a change there.

use std::sync::Arc;
use std::time::Duration;

use rumqttc::v5::mqttbytes;
use rumqttc::v5::mqttbytes::v5::{
    ConnAck, ConnAckProperties, ConnectProperties, ConnectReturnCode, Filter, PubAckReason, PubCompReason,
    PubRecReason, PublishProperties as WireProperties, SubscribeReasonCode, UnsubAckReason,
};
use rumqttc::v5::{AsyncClient, ConnectionError, Event, EventLoop, Incoming, MqttOptions, StateError};
use rumqttc::{NetworkOptions, Outgoing, TlsConfiguration, Transport};
use rustls::ClientConfig;

use crate::model::message::{Flags, PublishProperties, QoS};
use crate::mqtt::check::keep_alive_s;
use crate::mqtt::link::driver::{self, Step, hand_over};
use crate::mqtt::link::explain::Trouble;
use crate::mqtt::link::flight::{CLIENT_QUEUE, IN_FLIGHT_MAX};
use crate::mqtt::link::target::CONNECT_TIMEOUT;
use crate::mqtt::link::{Connected, Exchange, ServerProperties};
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secret, Subscription};
use crate::mqtt::publish::{PACKET_BYTES_MAX, Publish};
use crate::mqtt::reason;

/// The event loop of one connection.
pub(super) struct Engine {
    event_loop: EventLoop,
    keep_alive: Duration,
}

/// The sending half.
pub(super) struct Client(AsyncClient);

/// Prepares the event loop; nothing is sent before the first poll.
///
/// No topic alias maximum is announced, so that no broker uses aliases: the crate resolves them after it has queued
/// the message. No subscription identifiers are used: it misreads a message that carries several.
pub(super) fn connect(
    options: &ConnectOptions,
    client_id: &str,
    password: &Secret,
    tls: Option<Arc<ClientConfig>>,
) -> (Engine, Client) {
    let mut mqtt = MqttOptions::new(client_id, options.host.trim(), options.port);
    let (keep_alive_s, _) = keep_alive_s(options.keep_alive_s, MqttVersion::V5);
    let keep_alive = Duration::from_secs(keep_alive_s.into());
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    mqtt.set_keep_alive(keep_alive)
        .set_clean_start(options.clean_session)
        .set_connect_properties(ConnectProperties::new())
        .set_max_packet_size(Some(PACKET_BYTES_MAX))
        .set_connection_timeout(CONNECT_TIMEOUT.as_secs())
        .set_network_options(network)
        .set_outgoing_inflight_upper_limit(IN_FLIGHT_MAX);
    if !options.username.is_empty() || !password.is_empty() {
        mqtt.set_credentials(options.username.as_str(), password.expose());
    }
    if let Some(config) = tls {
        mqtt.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(config)));
    }
    let (client, event_loop) = AsyncClient::new(mqtt, CLIENT_QUEUE);
    (Engine { event_loop, keep_alive }, Client(client))
}

impl driver::Engine for Engine {
    type Event = Event;
    type Client = Client;
    const IN_FLIGHT_MAX: u16 = IN_FLIGHT_MAX;

    async fn poll(&mut self) -> Result<Event, Trouble> {
        self.event_loop.poll().await.map_err(Trouble::from)
    }

    fn buffered(&mut self) -> Option<Event> {
        self.event_loop.state.events.pop_front()
    }

    fn take(&mut self, event: Event, exchange: &mut impl Exchange) -> Step {
        match event {
            Event::Incoming(Incoming::Publish(publish)) => {
                // Messages prove that the broker lives; its answer to a ping may wait behind them.
                self.event_loop.state.await_pingresp = false;
                exchange.packet_id(publish.pkid);
                let flags = Flags { qos: qos(publish.qos), retain: publish.retain, dup: publish.dup };
                let properties = publish.properties.map(received);
                hand_over(exchange, &publish.topic, &publish.payload, flags, properties);
                Step::Done
            }
            Event::Incoming(Incoming::ConnAck(connack)) => {
                let connected = connected(connack);
                if connected.server.keep_alive_s == Some(0) {
                    // The broker wants no pings; the crate would take that as a ping without pause.
                    self.event_loop.options.set_keep_alive(self.keep_alive);
                }
                Step::Connected(Box::new(connected))
            }
            Event::Incoming(Incoming::SubAck(suback)) => {
                let note = suback.properties.and_then(|properties| properties.reason_string);
                let granted = match suback.return_codes.first() {
                    Some(SubscribeReasonCode::Success(granted)) => Ok(qos(*granted)),
                    code => {
                        Err(reason::with_note(code.map_or(0x80, |code| suback_code(*code)), note.as_deref()))
                    }
                };
                Step::Subscribed(suback.pkid, granted)
            }
            Event::Incoming(Incoming::UnsubAck(unsuback)) => {
                let note = unsuback.properties.and_then(|properties| properties.reason_string);
                let refused = unsuback.reasons.first().copied().map(unsuback_code).filter(|code| *code != 0);
                Step::Unsubscribed(
                    unsuback.pkid,
                    refused.map(|code| reason::with_note(code, note.as_deref())),
                )
            }
            Event::Incoming(Incoming::PubAck(puback)) => {
                let note = puback.properties.and_then(|properties| properties.reason_string);
                acknowledged(puback.pkid, puback_code(puback.reason), note.as_deref(), false)
            }
            Event::Incoming(Incoming::PubRec(pubrec)) => match pubrec_code(pubrec.reason) {
                // The second half of the handshake follows.
                0..reason::FIRST_FAILURE => Step::Done,
                code => {
                    let note = pubrec.properties.and_then(|properties| properties.reason_string);
                    acknowledged(pubrec.pkid, code, note.as_deref(), true)
                }
            },
            Event::Incoming(Incoming::PubComp(pubcomp)) => {
                let (code, leaks) = match pubcomp.reason {
                    PubCompReason::Success => (0x00, false),
                    PubCompReason::PacketIdentifierNotFound => (0x92, true),
                };
                let note = pubcomp.properties.and_then(|properties| properties.reason_string);
                acknowledged(pubcomp.pkid, code, note.as_deref(), leaks)
            }
            Event::Outgoing(
                Outgoing::Publish(packet_id)
                | Outgoing::Subscribe(packet_id)
                | Outgoing::Unsubscribe(packet_id),
            ) => Step::Sent(packet_id),
            Event::Outgoing(Outgoing::Disconnect) => Step::Disconnected,
            Event::Incoming(_) | Event::Outgoing(_) => Step::Done,
        }
    }
}

fn acknowledged(packet_id: u16, code: u8, note: Option<&str>, leaks: bool) -> Step {
    let answer = match code {
        0x00 => Ok(note.unwrap_or_default().to_owned()),
        0x01..reason::FIRST_FAILURE => Ok(reason::with_note(code, note)),
        _ => Err(reason::with_note(code, note)),
    };
    Step::Acknowledged { packet_id, answer, leaks }
}

impl driver::Client for Client {
    fn publish(&self, publish: Publish) -> bool {
        let Publish { topic, payload, qos, retain, properties } = publish;
        let qos = qos_to(qos);
        if properties.is_empty() {
            self.0.try_publish(topic, qos, retain, payload).is_ok()
        } else {
            self.0.try_publish_with_properties(topic, qos, retain, payload, to_send(properties)).is_ok()
        }
    }

    fn subscribe(&self, subscription: &Subscription) -> bool {
        let filter = Filter::new(subscription.filter.as_str(), qos_to(subscription.qos));
        self.0.try_subscribe_many([filter]).is_ok()
    }

    fn unsubscribe(&self, filter: &str) -> bool {
        self.0.try_unsubscribe(filter).is_ok()
    }

    fn disconnect(&self) -> bool {
        self.0.try_disconnect().is_ok()
    }
}

fn connected(connack: ConnAck) -> Connected {
    let ConnAck { session_present, properties, .. } = connack;
    let server = properties.map(server).unwrap_or_default();
    Connected { version: MqttVersion::V5, session_present, server, tls: None }
}

fn server(properties: ConnAckProperties) -> ServerProperties {
    let flag = |value: Option<u8>| value.map(|value| value != 0);
    ServerProperties {
        assigned_client_id: properties.assigned_client_identifier,
        packet_bytes_max: properties.max_packet_size,
        qos_max: properties.max_qos.and_then(|level| QoS::try_from(level).ok()),
        retain_available: flag(properties.retain_available),
        receive_max: properties.receive_max,
        keep_alive_s: properties.server_keep_alive,
        session_expiry_s: properties.session_expiry_interval,
        wildcards_available: flag(properties.wildcard_subscription_available),
        shared_available: flag(properties.shared_subscription_available),
        identifiers_available: flag(properties.subscription_identifiers_available),
        topic_alias_max: properties.topic_alias_max,
        response_information: properties.response_information,
        server_reference: properties.server_reference,
        reason_string: properties.reason_string,
        user_properties: properties.user_properties,
    }
}

fn received(properties: WireProperties) -> PublishProperties {
    PublishProperties {
        payload_format_indicator: properties.payload_format_indicator,
        message_expiry_interval_s: properties.message_expiry_interval,
        content_type: properties.content_type,
        response_topic: properties.response_topic,
        correlation_data: properties.correlation_data.map(|data| data.to_vec()),
        subscription_identifiers: properties.subscription_identifiers.iter().map(|&id| id as u32).collect(),
        user_properties: properties.user_properties,
    }
}

fn to_send(properties: PublishProperties) -> WireProperties {
    WireProperties {
        payload_format_indicator: properties.payload_format_indicator,
        message_expiry_interval: properties.message_expiry_interval_s,
        topic_alias: None,
        response_topic: properties.response_topic,
        correlation_data: properties.correlation_data.map(Into::into),
        user_properties: properties.user_properties,
        subscription_identifiers: Vec::new(),
        content_type: properties.content_type,
    }
}

fn qos(qos: mqttbytes::QoS) -> QoS {
    match qos {
        mqttbytes::QoS::AtMostOnce => QoS::AtMostOnce,
        mqttbytes::QoS::AtLeastOnce => QoS::AtLeastOnce,
        mqttbytes::QoS::ExactlyOnce => QoS::ExactlyOnce,
    }
}

fn qos_to(qos: QoS) -> mqttbytes::QoS {
    match qos {
        QoS::AtMostOnce => mqttbytes::QoS::AtMostOnce,
        QoS::AtLeastOnce => mqttbytes::QoS::AtLeastOnce,
        QoS::ExactlyOnce => mqttbytes::QoS::ExactlyOnce,
    }
}

// The crate has an enumeration per packet and keeps the numbers to itself; these give them back (MQTT 5.0, 2.4).

fn connack_code(code: ConnectReturnCode) -> u8 {
    match code {
        ConnectReturnCode::Success => 0x00,
        ConnectReturnCode::UnspecifiedError => 0x80,
        ConnectReturnCode::MalformedPacket => 0x81,
        ConnectReturnCode::ProtocolError => 0x82,
        ConnectReturnCode::ImplementationSpecificError => 0x83,
        ConnectReturnCode::UnsupportedProtocolVersion | ConnectReturnCode::RefusedProtocolVersion => 0x84,
        ConnectReturnCode::ClientIdentifierNotValid | ConnectReturnCode::BadClientId => 0x85,
        ConnectReturnCode::BadUserNamePassword => 0x86,
        ConnectReturnCode::NotAuthorized => 0x87,
        ConnectReturnCode::ServerUnavailable | ConnectReturnCode::ServiceUnavailable => 0x88,
        ConnectReturnCode::ServerBusy => 0x89,
        ConnectReturnCode::Banned => 0x8A,
        ConnectReturnCode::BadAuthenticationMethod => 0x8C,
        ConnectReturnCode::TopicNameInvalid => 0x90,
        ConnectReturnCode::PacketTooLarge => 0x95,
        ConnectReturnCode::QuotaExceeded => 0x97,
        ConnectReturnCode::PayloadFormatInvalid => 0x99,
        ConnectReturnCode::RetainNotSupported => 0x9A,
        ConnectReturnCode::QoSNotSupported => 0x9B,
        ConnectReturnCode::UseAnotherServer => 0x9C,
        ConnectReturnCode::ServerMoved => 0x9D,
        ConnectReturnCode::ConnectionRateExceeded => 0x9F,
    }
}

fn suback_code(code: SubscribeReasonCode) -> u8 {
    match code {
        SubscribeReasonCode::Success(_) => 0x00,
        SubscribeReasonCode::Failure | SubscribeReasonCode::Unspecified => 0x80,
        SubscribeReasonCode::ImplementationSpecific => 0x83,
        SubscribeReasonCode::NotAuthorized => 0x87,
        SubscribeReasonCode::TopicFilterInvalid => 0x8F,
        SubscribeReasonCode::PkidInUse => 0x91,
        SubscribeReasonCode::QuotaExceeded => 0x97,
        SubscribeReasonCode::SharedSubscriptionsNotSupported => 0x9E,
        SubscribeReasonCode::SubscriptionIdNotSupported => 0xA1,
        SubscribeReasonCode::WildcardSubscriptionsNotSupported => 0xA2,
    }
}

fn unsuback_code(code: UnsubAckReason) -> u8 {
    match code {
        UnsubAckReason::Success => 0x00,
        UnsubAckReason::NoSubscriptionExisted => 0x11,
        UnsubAckReason::UnspecifiedError => 0x80,
        UnsubAckReason::ImplementationSpecificError => 0x83,
        UnsubAckReason::NotAuthorized => 0x87,
        UnsubAckReason::TopicFilterInvalid => 0x8F,
        UnsubAckReason::PacketIdentifierInUse => 0x91,
    }
}

fn puback_code(code: PubAckReason) -> u8 {
    match code {
        PubAckReason::Success => 0x00,
        PubAckReason::NoMatchingSubscribers => 0x10,
        PubAckReason::UnspecifiedError => 0x80,
        PubAckReason::ImplementationSpecificError => 0x83,
        PubAckReason::NotAuthorized => 0x87,
        PubAckReason::TopicNameInvalid => 0x90,
        PubAckReason::PacketIdentifierInUse => 0x91,
        PubAckReason::QuotaExceeded => 0x97,
        PubAckReason::PayloadFormatInvalid => 0x99,
    }
}

fn pubrec_code(code: PubRecReason) -> u8 {
    match code {
        PubRecReason::Success => 0x00,
        PubRecReason::NoMatchingSubscribers => 0x10,
        PubRecReason::UnspecifiedError => 0x80,
        PubRecReason::ImplementationSpecificError => 0x83,
        PubRecReason::NotAuthorized => 0x87,
        PubRecReason::TopicNameInvalid => 0x90,
        PubRecReason::PacketIdentifierInUse => 0x91,
        PubRecReason::QuotaExceeded => 0x97,
        PubRecReason::PayloadFormatInvalid => 0x99,
    }
}

impl From<ConnectionError> for Trouble {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::Timeout(_) => Self::ConnectTimeout,
            ConnectionError::Tls(error) => Self::from(error),
            ConnectionError::Io(error) => Self::Tcp(error),
            ConnectionError::ConnectionRefused(code) => Self::Refused(connack_code(code)),
            ConnectionError::NotConnAck(_) => Self::NotConnack,
            ConnectionError::RequestsDone => Self::Defect("its request queue was closed".to_owned()),
            ConnectionError::MqttState(state) => Self::from(state),
        }
    }
}

impl From<StateError> for Trouble {
    fn from(error: StateError) -> Self {
        match error {
            StateError::Io(error) | StateError::Deserialization(mqttbytes::Error::Io(error)) => {
                Self::Stream(error)
            }
            StateError::ConnectionAborted => Self::Closed,
            StateError::AwaitPingResp => Self::NoPingAnswer,
            StateError::Unsolicited(packet_id) => Self::Unsolicited(packet_id),
            StateError::ServerDisconnect { reason_code, reason_string } => {
                Self::ServerDisconnect(reason_code as u8, reason_string)
            }
            StateError::Deserialization(mqttbytes::Error::TopicNotUtf8) => Self::TopicNotUtf8,
            StateError::Deserialization(mqttbytes::Error::PayloadSizeLimitExceeded { pkt_size, .. })
            | StateError::IncomingPacketTooLarge { pkt_size, .. } => Self::PacketTooLarge(pkt_size as u64),
            StateError::Deserialization(error) => Self::Garbage(error.to_string()),
            StateError::ConnFail { reason } => Self::Refused(connack_code(reason)),
            StateError::WrongPacket => Self::Garbage("a packet that only clients send".to_owned()),
            error @ (StateError::InvalidState
            | StateError::Coversion(_)
            | StateError::CollisionTimeout
            | StateError::EmptySubscription
            | StateError::InvalidAlias { .. }
            | StateError::OutgoingPacketTooLarge { .. }) => Self::Defect(error.to_string()),
        }
    }
}
