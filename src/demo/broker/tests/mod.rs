//! The broker against real clients: rumqttc in both versions, Debian's mosquitto_pub and mosquitto_sub, and
//! raw sockets for what no client would send.

mod delivery;
mod faults;
mod limits;
#[cfg(unix)] // Windows has no mosquitto-clients to rely on
mod mosquitto;
mod sessions;
mod subscriptions;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use bytes::Bytes;
use rumqttc::QoS;
use rumqttc::v5::mqttbytes::QoS as QoS5;
use rumqttc::v5::mqttbytes::v5::{self, Filter, LastWillProperties, PublishProperties, RetainForwardRule};
use rumqttc::v5::{ConnectionError, StateError};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;
use crate::message;

const PATIENCE: Duration = Duration::from_secs(20);

/// Long enough for a message that should not come to have come.
const SILENCE: Duration = Duration::from_millis(150);

fn broker() -> Broker {
    Broker::start(Config::default()).unwrap()
}

/// Waits until the broker's figures are as told.
async fn until(broker: &Broker, what: impl Fn(&BrokerStats) -> bool) -> BrokerStats {
    let wait = async {
        while !what(&broker.stats()) {
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("still {:?}", broker.stats()));
    broker.stats()
}

/// rumqttc with MQTT 5; its event loop runs beside the test.
struct Client5 {
    client: rumqttc::v5::AsyncClient,
    events: mpsc::Receiver<Result<rumqttc::v5::Event, rumqttc::v5::ConnectionError>>,
}

fn options5(broker: &Broker, id: &str) -> rumqttc::v5::MqttOptions {
    let mut options = rumqttc::v5::MqttOptions::new(id, "127.0.0.1", broker.port());
    options.set_max_packet_size(Some(PACKET_BYTES_MAX));
    options.set_outgoing_inflight_upper_limit(100);
    options
}

impl Client5 {
    async fn start(options: rumqttc::v5::MqttOptions) -> Self {
        let (client, mut event_loop) = rumqttc::v5::AsyncClient::new(options, 1000);
        let (sender, events) = mpsc::channel(100_000);
        tokio::spawn(async move {
            loop {
                let event = event_loop.poll().await;
                let last = event.is_err();
                if sender.send(event).await.is_err() || last {
                    return;
                }
            }
        });
        let mut this = Self { client, events };
        this.until(|packet| matches!(packet, v5::Packet::ConnAck(_))).await;
        this
    }

    async fn new(broker: &Broker, id: &str) -> Self {
        Self::start(options5(broker, id)).await
    }

    /// The next incoming packet of a kind.
    async fn until(&mut self, wanted: impl Fn(&v5::Packet) -> bool) -> v5::Packet {
        let wait = async {
            loop {
                match self.events.recv().await {
                    Some(Ok(rumqttc::v5::Event::Incoming(packet))) if wanted(&packet) => return packet,
                    Some(Ok(_)) => {}
                    other => panic!("the connection ended: {other:?}"),
                }
            }
        };
        timeout(PATIENCE, wait).await.unwrap()
    }

    async fn subscribe(&mut self, filters: impl IntoIterator<Item = Filter>) -> Vec<v5::SubscribeReasonCode> {
        self.client.subscribe_many(filters).await.unwrap();
        match self.until(|packet| matches!(packet, v5::Packet::SubAck(_))).await {
            v5::Packet::SubAck(ack) => ack.return_codes,
            other => panic!("{other:?}"),
        }
    }

    async fn message(&mut self) -> v5::Publish {
        match self.until(|packet| matches!(packet, v5::Packet::Publish(_))).await {
            v5::Packet::Publish(publish) => publish,
            other => panic!("{other:?}"),
        }
    }

    /// Topics that arrive until nothing does.
    async fn topics(&mut self) -> Vec<String> {
        let mut topics = Vec::new();
        while let Ok(Some(Ok(event))) = timeout(SILENCE, self.events.recv()).await {
            if let rumqttc::v5::Event::Incoming(v5::Packet::Publish(publish)) = event {
                topics.push(String::from_utf8(publish.topic.to_vec()).unwrap());
            }
        }
        topics
    }

    /// Waits for the end of the connection; the reason of DISCONNECT, if one came.
    async fn end(&mut self) -> Option<v5::DisconnectReasonCode> {
        let wait = async {
            loop {
                match self.events.recv().await {
                    Some(Ok(_)) => {}
                    Some(Err(ConnectionError::MqttState(StateError::ServerDisconnect {
                        reason_code,
                        ..
                    }))) => {
                        return Some(reason_code);
                    }
                    Some(Err(_)) | None => return None,
                }
            }
        };
        timeout(PATIENCE, wait).await.unwrap()
    }
}

/// rumqttc with MQTT 3.1.1.
struct Client4 {
    client: rumqttc::AsyncClient,
    events: mpsc::Receiver<Result<rumqttc::Event, rumqttc::ConnectionError>>,
}

fn options4(broker: &Broker, id: &str) -> rumqttc::MqttOptions {
    let mut options = rumqttc::MqttOptions::new(id, "127.0.0.1", broker.port());
    options.set_max_packet_size(PACKET_BYTES_MAX as usize, PACKET_BYTES_MAX as usize);
    options
}

impl Client4 {
    async fn start(options: rumqttc::MqttOptions) -> Self {
        let (client, mut event_loop) = rumqttc::AsyncClient::new(options, 1000);
        let (sender, events) = mpsc::channel(100_000);
        tokio::spawn(async move {
            loop {
                let event = event_loop.poll().await;
                let last = event.is_err();
                if sender.send(event).await.is_err() || last {
                    return;
                }
            }
        });
        let mut this = Self { client, events };
        this.until(|packet| matches!(packet, rumqttc::Packet::ConnAck(_))).await;
        this
    }

    async fn new(broker: &Broker, id: &str) -> Self {
        Self::start(options4(broker, id)).await
    }

    async fn until(&mut self, wanted: impl Fn(&rumqttc::Packet) -> bool) -> rumqttc::Packet {
        let wait = async {
            loop {
                match self.events.recv().await {
                    Some(Ok(rumqttc::Event::Incoming(packet))) if wanted(&packet) => return packet,
                    Some(Ok(_)) => {}
                    other => panic!("the connection ended: {other:?}"),
                }
            }
        };
        timeout(PATIENCE, wait).await.unwrap()
    }

    async fn subscribe(&mut self, filter: &str, qos: QoS) {
        self.client.subscribe(filter, qos).await.unwrap();
        self.until(|packet| matches!(packet, rumqttc::Packet::SubAck(_))).await;
    }

    async fn message(&mut self) -> rumqttc::Publish {
        match self.until(|packet| matches!(packet, rumqttc::Packet::Publish(_))).await {
            rumqttc::Packet::Publish(publish) => publish,
            other => panic!("{other:?}"),
        }
    }
}

/// A socket for bytes that no client library would send.
struct Raw(TcpStream);

impl Raw {
    fn open(broker: &Broker) -> Self {
        let socket = TcpStream::connect(("127.0.0.1", broker.port())).unwrap();
        socket.set_read_timeout(Some(PATIENCE)).unwrap();
        Self(socket)
    }

    /// Connected, with a clean session.
    fn connected(broker: &Broker, id: &str, version: u8, keep_alive_s: u16) -> Self {
        let mut raw = Self::open(broker);
        let properties: &[u8] = if version == 5 { &[0] } else { &[] };
        let [high, low] = keep_alive_s.to_be_bytes();
        let mut body = vec![0, 4, b'M', b'Q', b'T', b'T', version, 2, high, low];
        body.extend(properties);
        body.extend([0, id.len() as u8]);
        body.extend(id.as_bytes());
        raw.send(&[&[0x10, body.len() as u8], &body[..]].concat());
        let mut head = [0; 2];
        raw.0.read_exact(&mut head).unwrap();
        let mut rest = vec![0; usize::from(head[1])];
        raw.0.read_exact(&mut rest).unwrap();
        assert_eq!((head[0], rest[1]), (0x20, 0), "CONNACK");
        raw
    }

    fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).unwrap();
    }

    fn receive<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.read_exact(&mut bytes).unwrap();
        bytes
    }

    /// Everything until the broker closes.
    fn rest(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.0.read_to_end(&mut bytes).unwrap();
        bytes
    }
}

fn filter(path: &str, qos: QoS5) -> Filter {
    Filter::new(path, qos)
}

fn any(path: &str) -> [Filter; 1] {
    [filter(path, QoS5::ExactlyOnce)]
}
