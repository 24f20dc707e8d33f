//! MQTT 3.1.1 over the client crate's event loop. Shaped like [`super::v5`]: a change here is a change there.

use std::sync::Arc;
use std::time::Duration;

use rumqttc::mqttbytes::{self, v4::SubscribeReasonCode};
use rumqttc::{
    AsyncClient, ConnectionError, Event, EventLoop, Incoming, MqttOptions, NetworkOptions, Outgoing,
    StateError, TlsConfiguration, Transport,
};
use rustls::ClientConfig;

use crate::model::message::{Flags, QoS};
use crate::mqtt::check::keep_alive_s;
use crate::mqtt::link::driver::{self, Step, hand_over};
use crate::mqtt::link::explain::Trouble;
use crate::mqtt::link::flight::{CLIENT_QUEUE, IN_FLIGHT_MAX_V4};
use crate::mqtt::link::target::CONNECT_TIMEOUT;
use crate::mqtt::link::{Connected, Exchange, ServerProperties};
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secret, Subscription};
use crate::mqtt::publish::{PACKET_BYTES_MAX, Publish};
use crate::mqtt::reason;

/// The crate times every flush with the connect timeout; a large publish over a slow line takes longer than that.
const FLUSH_TIMEOUT_S: u64 = 3_600;

/// The event loop of one connection.
pub(super) struct Engine {
    event_loop: EventLoop,
}

/// The sending half.
pub(super) struct Client(AsyncClient);

/// Prepares the event loop; nothing is sent before the first poll.
pub(super) fn connect(
    options: &ConnectOptions,
    client_id: &str,
    password: &Secret,
    tls: Option<Arc<ClientConfig>>,
) -> (Engine, Client) {
    let mut mqtt = MqttOptions::new(client_id, options.host.trim(), options.port);
    let (keep_alive_s, _) = keep_alive_s(options.keep_alive_s, MqttVersion::V3_1_1);
    mqtt.set_keep_alive(Duration::from_secs(keep_alive_s.into()))
        .set_clean_session(options.clean_session)
        .set_max_packet_size(PACKET_BYTES_MAX as usize, PACKET_BYTES_MAX as usize)
        .set_inflight(IN_FLIGHT_MAX_V4);
    if !options.username.is_empty() {
        mqtt.set_credentials(options.username.as_str(), password.expose());
    }
    if let Some(config) = tls {
        mqtt.set_transport(Transport::tls_with_config(TlsConfiguration::Rustls(config)));
    }
    let (client, mut event_loop) = AsyncClient::new(mqtt, CLIENT_QUEUE);
    event_loop.set_network_options(network(CONNECT_TIMEOUT.as_secs()));
    (Engine { event_loop }, Client(client))
}

fn network(timeout_s: u64) -> NetworkOptions {
    let mut network = NetworkOptions::new();
    network.set_tcp_nodelay(true);
    network.set_connection_timeout(timeout_s);
    network
}

impl driver::Engine for Engine {
    type Event = Event;
    type Client = Client;
    const IN_FLIGHT_MAX: u16 = IN_FLIGHT_MAX_V4;

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
                hand_over(exchange, publish.topic.as_bytes(), &publish.payload, flags, None);
                Step::Done
            }
            Event::Incoming(Incoming::ConnAck(connack)) => {
                self.event_loop.set_network_options(network(FLUSH_TIMEOUT_S));
                Step::Connected(Box::new(Connected {
                    version: MqttVersion::V3_1_1,
                    tls: None,
                    session_present: connack.session_present,
                    server: ServerProperties::default(),
                }))
            }
            Event::Incoming(Incoming::SubAck(suback)) => {
                let granted = match suback.return_codes.first() {
                    Some(SubscribeReasonCode::Success(granted)) => Ok(qos(*granted)),
                    Some(SubscribeReasonCode::Failure) | None => Err(reason::of_v3_suback().to_owned()),
                };
                Step::Subscribed(suback.pkid, granted)
            }
            Event::Incoming(Incoming::UnsubAck(unsuback)) => Step::Unsubscribed(unsuback.pkid, None),
            Event::Incoming(Incoming::PubAck(puback)) => acknowledged(puback.pkid),
            Event::Incoming(Incoming::PubComp(pubcomp)) => acknowledged(pubcomp.pkid),
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

fn acknowledged(packet_id: u16) -> Step {
    Step::Acknowledged { packet_id, answer: Ok(String::new()), leaks: false }
}

impl driver::Client for Client {
    fn publish(&self, publish: Publish) -> bool {
        let Publish { topic, payload, qos, retain, .. } = publish;
        self.0.try_publish(topic, qos_to(qos), retain, payload).is_ok()
    }

    fn subscribe(&self, subscription: &Subscription) -> bool {
        self.0.try_subscribe(subscription.filter.as_str(), qos_to(subscription.qos)).is_ok()
    }

    fn unsubscribe(&self, filter: &str) -> bool {
        self.0.try_unsubscribe(filter).is_ok()
    }

    fn disconnect(&self) -> bool {
        self.0.try_disconnect().is_ok()
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

impl From<ConnectionError> for Trouble {
    fn from(error: ConnectionError) -> Self {
        match error {
            ConnectionError::NetworkTimeout => Self::ConnectTimeout,
            ConnectionError::FlushTimeout => Self::Stalled,
            ConnectionError::Tls(error) => Self::from(error),
            ConnectionError::Io(error) => Self::Tcp(error),
            ConnectionError::ConnectionRefused(code) => Self::Refused(reason::of_v3_connack(code as u8)),
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
            StateError::Deserialization(mqttbytes::Error::TopicNotUtf8) => Self::TopicNotUtf8,
            StateError::Deserialization(mqttbytes::Error::PayloadSizeLimitExceeded(bytes)) => {
                Self::PacketTooLarge(bytes as u64)
            }
            StateError::Deserialization(error) => Self::Garbage(error.to_string()),
            StateError::WrongPacket => Self::Garbage("a packet that only clients send".to_owned()),
            error @ (StateError::InvalidState
            | StateError::CollisionTimeout
            | StateError::EmptySubscription) => Self::Defect(error.to_string()),
        }
    }
}
