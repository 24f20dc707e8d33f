//! The broker against real clients: rumqttc in both versions, Debian's mosquitto_pub and mosquitto_sub, and raw
//! sockets for what no client would send.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bytes::Bytes;
use rumqttc::v5::mqttbytes::QoS as QoS5;
use rumqttc::v5::mqttbytes::v5::{self, Filter, LastWillProperties, RetainForwardRule};
use rumqttc::v5::{ConnectionError, StateError};
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// Long enough for a message that should not come to have come.
const SILENCE: Duration = Duration::from_millis(150);

fn broker() -> Broker {
    Broker::start(Config::default()).unwrap()
}

/// Waits until the broker's figures are as told.
async fn until(broker: &Broker, what: impl Fn(&Stats) -> bool) -> Stats {
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
    options.set_max_packet_size(Some(268_435_460));
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
    options.set_max_packet_size(268_435_460, 268_435_460);
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

#[tokio::test]
async fn a_message_arrives_at_the_lower_qos_of_publisher_and_subscriber_in_both_versions() {
    let broker = broker();
    let mut four = Client4::new(&broker, "four").await;
    let mut five = Client5::new(&broker, "five").await;
    let levels = [QoS::AtMostOnce, QoS::AtLeastOnce, QoS::ExactlyOnce];
    for subscribed in levels {
        four.subscribe(&format!("to/{}/+", subscribed as u8), subscribed).await;
        let level = rumqttc::v5::mqttbytes::qos(subscribed as u8).unwrap();
        five.subscribe([filter(&format!("to/{}/+", subscribed as u8), level)]).await;
    }
    for subscribed in levels {
        for published in levels {
            let topic = format!("to/{}/from-{}", subscribed as u8, published as u8);
            four.client.publish(&topic, published, false, "x").await.unwrap();
            let lower = (subscribed as u8).min(published as u8);
            let (at_four, at_five) = (four.message().await, five.message().await);
            assert_eq!((at_four.topic, at_four.qos as u8), (topic.clone(), lower));
            assert_eq!((&at_five.topic[..], at_five.qos as u8), (topic.as_bytes(), lower));
        }
    }
}

#[tokio::test]
async fn two_hundred_qos_2_messages_arrive_exactly_once_and_in_order() {
    let broker = broker();
    let mut receiver = Client5::new(&broker, "receiver").await;
    receiver.subscribe(any("n/#")).await;
    let mut sender = Client4::new(&broker, "sender").await;
    for n in 0..200 {
        sender.client.publish("n/x", QoS::ExactlyOnce, false, n.to_string()).await.unwrap();
    }
    for n in 0..200 {
        let message = receiver.message().await;
        assert_eq!((&message.payload[..], message.qos), (n.to_string().as_bytes(), QoS5::ExactlyOnce));
    }
    for _ in 0..200 {
        sender.until(|packet| matches!(packet, rumqttc::Packet::PubComp(_))).await;
    }
    assert_eq!(receiver.topics().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_repeated_qos_2_publish_is_delivered_once() {
    let broker = broker();
    let mut receiver = Client5::new(&broker, "receiver").await;
    receiver.subscribe(any("a")).await;
    let mut raw = Raw::connected(&broker, "raw", 4, 0);
    raw.send(&[0x34, 6, 0, 1, b'a', 0, 7, b'x']);
    assert_eq!(raw.receive(), [0x50, 2, 0, 7]);
    raw.send(&[0x3C, 6, 0, 1, b'a', 0, 7, b'x']); // the same with DUP
    assert_eq!(raw.receive(), [0x50, 2, 0, 7]);
    raw.send(&[0x62, 2, 0, 7]);
    assert_eq!(raw.receive(), [0x70, 2, 0, 7]);
    assert_eq!(receiver.topics().await, ["a"]);
}

#[tokio::test]
async fn a_retained_message_waits_for_subscribers_and_an_empty_retained_one_clears_it() {
    let broker = broker();
    let publisher = Client4::new(&broker, "client").await;
    let client = &publisher.client;
    client.publish("a/kept", QoS::AtLeastOnce, true, "old").await.unwrap();
    client.publish("a/kept", QoS::AtLeastOnce, true, "new").await.unwrap();
    client.publish("a/live", QoS::AtLeastOnce, false, "x").await.unwrap();
    until(&broker, |stats| stats.received == 3).await;

    let mut first = Client5::new(&broker, "first").await;
    first.subscribe(any("a/#")).await;
    let message = first.message().await;
    assert_eq!(
        (&message.topic[..], &message.payload[..], message.retain),
        (&b"a/kept"[..], &b"new"[..], true)
    );

    // An empty message that is not retained clears nothing.
    client.publish("a/kept", QoS::AtLeastOnce, false, "").await.unwrap();
    assert!(!first.message().await.retain);
    let mut second = Client5::new(&broker, "second").await;
    second.subscribe(any("a/#")).await;
    assert_eq!(second.message().await.payload, "new");

    client.publish("a/kept", QoS::AtLeastOnce, true, "").await.unwrap();
    assert_eq!(first.message().await.payload, "");
    assert_eq!(until(&broker, |stats| stats.retained == 0).await.retained, 0);
    let mut third = Client5::new(&broker, "third").await;
    third.subscribe(any("a/#")).await;
    assert_eq!(third.topics().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_repeated_subscription_brings_the_retained_messages_again() {
    let broker = broker();
    broker.publish(Message::new("a", "x").retained()).unwrap();
    let mut client = Client4::new(&broker, "client").await;
    for _ in 0..3 {
        client.client.subscribe("a", QoS::AtMostOnce).await.unwrap();
        assert_eq!(client.message().await.payload, "x");
    }
}

#[tokio::test]
async fn wildcards_do_not_match_topics_that_begin_with_a_dollar() {
    let broker = broker();
    for topic in ["$SYS/broker/uptime", "plain/topic", "/leading", "a"] {
        broker.publish(Message::new(topic, "x").retained()).unwrap();
    }
    let mut client = Client5::new(&broker, "client").await;
    for (path, expected) in [
        ("#", &["/leading", "a", "plain/topic"][..]),
        ("+/+", &["/leading", "plain/topic"]),
        ("+/#", &["/leading", "a", "plain/topic"]),
        ("$SYS/#", &["$SYS/broker/uptime"]),
        ("a/#", &["a"]),
        ("+", &["a"]),
    ] {
        client.subscribe(any(path)).await;
        assert_eq!(client.topics().await, expected, "{path}");
    }
}

#[tokio::test]
async fn filters_that_cannot_be_are_refused_one_by_one() {
    let broker = broker();
    let mut client = Client5::new(&broker, "client").await;
    let mut raw = Raw::connected(&broker, "raw", 5, 0);
    // SUBSCRIBE with the filters a/#/b, b# and ok.
    raw.send(&[0x82, 20, 0, 1, 0, 0, 5, b'a', b'/', b'#', b'/', b'b', 0, 0, 2, b'b', b'#', 0, 0, 1, b'c', 1]);
    assert_eq!(raw.receive(), [0x90, 6, 0, 1, 0, 0x8F, 0x8F, 1]);
    let codes = client.subscribe([filter("$share/group/a", QoS5::AtMostOnce)]).await;
    assert_eq!(codes, [v5::SubscribeReasonCode::SharedSubscriptionsNotSupported]);
}

#[tokio::test]
async fn unsubscribing_ends_the_delivery() {
    let broker = broker();
    let mut client = Client5::new(&broker, "client").await;
    client.subscribe([filter("a", QoS5::AtMostOnce), filter("b", QoS5::AtMostOnce)]).await;
    client.client.unsubscribe("a").await.unwrap();
    client.until(|packet| matches!(packet, v5::Packet::UnsubAck(_))).await;
    assert_eq!(broker.publish(Message::new("a", "x")), Ok(0));
    assert_eq!(broker.publish(Message::new("b", "x")), Ok(1));
    assert_eq!(client.topics().await, ["b"]);
    // MQTT 5 is told that there was nothing to end.
    client.client.unsubscribe("a").await.unwrap();
    match client.until(|packet| matches!(packet, v5::Packet::UnsubAck(_))).await {
        v5::Packet::UnsubAck(ack) => assert_eq!(ack.reasons, [v5::UnsubAckReason::NoSubscriptionExisted]),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_will_is_published_when_the_connection_breaks_and_not_after_a_farewell() {
    let broker = broker();
    let mut watcher = Client5::new(&broker, "watcher").await;
    watcher.subscribe(any("will/#")).await;

    let mut options = options5(&broker, "breaks");
    let properties = LastWillProperties {
        content_type: Some("text/plain".to_owned()),
        user_properties: vec![("why".to_owned(), "断电".to_owned())],
        delay_interval: None,
        payload_format_indicator: None,
        message_expiry_interval: None,
        response_topic: None,
        correlation_data: None,
    };
    options.set_last_will(v5::LastWill::new("will/five", "gone", QoS5::AtLeastOnce, true, Some(properties)));
    let breaks = Client5::start(options).await;
    assert_eq!(broker.close_connections(Some("breaks")), 1);
    let will = watcher.message().await;
    assert_eq!((&will.topic[..], &will.payload[..]), (&b"will/five"[..], &b"gone"[..]));
    let properties = will.properties.unwrap();
    assert_eq!(properties.content_type.as_deref(), Some("text/plain"));
    assert_eq!(properties.user_properties, [("why".to_owned(), "断电".to_owned())]);
    assert_eq!(broker.stats().retained, 1);
    drop(breaks);

    let mut options = options4(&broker, "leaves");
    options.set_last_will(rumqttc::LastWill::new("will/four", "gone", QoS::AtMostOnce, false));
    let leaves = Client4::start(options).await;
    leaves.client.disconnect().await.unwrap();
    until(&broker, |stats| stats.clients == 1).await;
    assert_eq!(watcher.topics().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_second_client_of_the_same_name_takes_the_place_of_the_first() {
    let broker = broker();
    let mut options = options5(&broker, "same");
    options.set_last_will(v5::LastWill::new("will", "replaced", QoS5::AtMostOnce, false, None));
    let mut first = Client5::start(options).await;
    first.subscribe(any("will")).await;
    let mut second = Client4::new(&broker, "same").await;
    assert_eq!(first.end().await, Some(v5::DisconnectReasonCode::SessionTakenOver));
    second.subscribe("a", QoS::AtMostOnce).await;
    let stats = until(&broker, |stats| stats.received == 1).await;
    assert_eq!((stats.clients, stats.subscriptions), (1, 1), "the first one's subscription went with it");
    broker.publish(Message::new("a", "x")).unwrap();
    assert_eq!(second.message().await.payload, "x");
}

#[tokio::test]
async fn a_client_that_stays_silent_beyond_its_keep_alive_is_closed_and_its_will_sent() {
    let broker = broker();
    let mut silent = Raw::connected(&broker, "silent", 5, 1);
    let mut talks = Raw::connected(&broker, "talks", 5, 1);
    let start = std::time::Instant::now();
    for _ in 0..4 {
        tokio::time::sleep(Duration::from_millis(500)).await;
        talks.send(&[0xC0, 0]);
        assert_eq!(talks.receive(), [0xD0, 0]);
    }
    assert_eq!(silent.rest(), [0xE0, 2, 0x8D, 0]);
    assert!(start.elapsed() >= Duration::from_millis(1500));
    assert_eq!(broker.stats().clients, 1);
}

#[tokio::test]
async fn mqtt_5_properties_reach_mqtt_5_clients_and_not_older_ones() {
    let broker = broker();
    let mut five = Client5::new(&broker, "five").await;
    let mut four = Client4::new(&broker, "four").await;
    five.subscribe(any("a")).await;
    four.subscribe("a", QoS::AtMostOnce).await;
    let sent = PublishProperties {
        payload_format_indicator: Some(1),
        message_expiry_interval: Some(3600),
        response_topic: Some("antwort/hier".to_owned()),
        correlation_data: Some(Bytes::from_static(&[0, 255, 7])),
        user_properties: vec![
            ("k".to_owned(), "1".to_owned()),
            ("k".to_owned(), "2".to_owned()),
            ("温度".to_owned(), "高".to_owned()),
        ],
        content_type: Some("application/json".to_owned()),
        ..PublishProperties::default()
    };
    let publish = five.client.publish_with_properties("a", QoS5::AtMostOnce, false, "{}", sent.clone());
    publish.await.unwrap();
    let mut received = five.message().await.properties.unwrap();
    // A second may have begun.
    assert!((3599..=3600).contains(&received.message_expiry_interval.unwrap()));
    received.message_expiry_interval = sent.message_expiry_interval;
    assert_eq!(received, sent);
    assert_eq!(four.message().await.payload, "{}");
}

#[tokio::test]
async fn a_retained_message_that_expired_is_not_delivered() {
    let broker = broker();
    let properties = PublishProperties { message_expiry_interval: Some(1), ..PublishProperties::default() };
    broker.publish(Message::new("brief", "x").retained().with(properties)).unwrap();
    broker.publish(Message::new("kept", "x").retained()).unwrap();
    tokio::time::sleep(Duration::from_millis(1100)).await;
    let mut client = Client5::new(&broker, "client").await;
    client.subscribe(any("#")).await;
    assert_eq!(client.topics().await, ["kept"]);
    assert_eq!(broker.stats().retained, 1);
}

#[tokio::test]
async fn subscription_options_of_mqtt_5_hold() {
    let broker = broker();
    broker.publish(Message::new("kept", "x").retained()).unwrap();
    let mut client = Client5::new(&broker, "client").await;

    let never = Filter { retain_forward_rule: RetainForwardRule::Never, ..filter("kept", QoS5::AtMostOnce) };
    client.subscribe([never]).await;
    assert_eq!(client.topics().await, Vec::<String>::new());

    let new =
        Filter { retain_forward_rule: RetainForwardRule::OnNewSubscribe, ..filter("+", QoS5::AtMostOnce) };
    client.subscribe([new.clone()]).await;
    assert_eq!(client.topics().await, ["kept"]);
    client.subscribe([new]).await;
    assert_eq!(client.topics().await, Vec::<String>::new());

    let no_local = Filter { nolocal: true, ..filter("own/#", QoS5::AtMostOnce) };
    client.subscribe([no_local]).await;
    client.client.publish("own/x", QoS5::AtMostOnce, false, "mine").await.unwrap();
    until(&broker, |stats| stats.received == 2).await;
    broker.publish(Message::new("own/y", "another's")).unwrap();
    assert_eq!(client.topics().await, ["own/y"]);

    let as_published = Filter { preserve_retain: true, ..filter("flag/kept", QoS5::AtMostOnce) };
    client.subscribe([as_published, filter("flag/live", QoS5::AtMostOnce)]).await;
    broker.publish(Message::new("flag/kept", "x").retained()).unwrap();
    assert!(client.message().await.retain);
    broker.publish(Message::new("flag/live", "x").retained()).unwrap();
    assert!(!client.message().await.retain);
}

#[tokio::test]
async fn overlapping_subscriptions_bring_one_copy_unless_several_have_identifiers() {
    let broker = broker();
    let mut client = Client5::new(&broker, "client").await;
    client.subscribe([filter("a/#", QoS5::AtMostOnce), filter("a/b", QoS5::AtLeastOnce)]).await;
    broker.publish(Message::new("a/b", "x").at(QoS::ExactlyOnce)).unwrap();
    let one = client.message().await;
    assert_eq!((one.qos, one.properties), (QoS5::AtLeastOnce, None));
    assert_eq!(client.topics().await, Vec::<String>::new());

    for (id, path) in [(7, "a/#"), (200, "a/b"), (40_000, "+/b")] {
        let properties = v5::SubscribeProperties { id: Some(id), user_properties: Vec::new() };
        client.client.subscribe_with_properties(path, QoS5::AtMostOnce, properties).await.unwrap();
        client.until(|packet| matches!(packet, v5::Packet::SubAck(_))).await;
    }
    broker.publish(Message::new("a/b", "HELLO")).unwrap();
    let mut ids = Vec::new();
    for _ in 0..3 {
        let message = client.message().await;
        assert_eq!(message.payload, "HELLO");
        ids.extend(message.properties.unwrap().subscription_identifiers);
    }
    ids.sort_unstable();
    assert_eq!(ids, [7, 200, 40_000]);
    assert_eq!(client.topics().await, Vec::<String>::new());
}

#[tokio::test]
async fn topics_may_begin_with_any_character_and_have_65_535_bytes() {
    let broker = broker();
    let mut five = Client5::new(&broker, "five").await;
    let mut four = Client4::new(&broker, "four").await;
    five.subscribe(any("#")).await;
    four.subscribe("#", QoS::AtMostOnce).await;
    let longest = format!("长/{}", "t".repeat(65_535 - 4));
    for topic in ["ü/x", "工厂/一号车间/温度传感器", "🙂", "/", "//", &longest] {
        four.client.publish(topic, QoS::AtLeastOnce, false, "x").await.unwrap();
        assert_eq!(five.message().await.topic, topic.as_bytes());
        assert_eq!(four.message().await.topic, topic);
    }
}

#[tokio::test]
async fn a_payload_of_20_mb_arrives_whole_in_both_versions() {
    let broker = broker();
    let payload: Vec<u8> = (0..20_000_000_u32).map(|n| (n % 251) as u8).collect();
    let mut four = Client4::new(&broker, "four").await;
    four.subscribe("big", QoS::AtLeastOnce).await;
    let mut five = Client5::new(&broker, "five").await;
    five.subscribe(any("big")).await;
    five.client.publish("big", QoS5::AtLeastOnce, true, payload.clone()).await.unwrap();
    assert!(four.message().await.payload == payload);
    assert!(five.message().await.payload == payload);
    five.subscribe(any("big")).await;
    assert!(five.message().await.payload == payload);
}

#[tokio::test]
async fn what_is_malformed_closes_only_the_connection_it_came_on() {
    let broker = broker();
    let mut bystander = Client5::new(&broker, "bystander").await;
    bystander.subscribe(any("#")).await;
    let attacks: [(&str, &[u8]); 10] = [
        ("QoS 3", &[0x36, 6, 0, 1, b'a', 0, 1, b'x']),
        ("a topic longer than its packet", &[0x30, 4, 0xFF, 0xFF, b'a', 0]),
        ("a property length that never ends", &[0x30, 5, 0, 1, b'a', 0xFF, 0xFF]),
        ("a remaining length of five bytes", &[0x30, 0xFF, 0xFF, 0xFF, 0xFF, 0x01]),
        ("packet identifier 0", &[0x32, 6, 0, 1, b'a', 0, 0, 0]),
        ("a topic alias", &[0x30, 7, 0, 1, b'a', 3, 0x23, 0, 1]),
        ("a topic that is not UTF-8", &[0x30, 5, 0, 2, 0xC3, 0x28, 0]),
        ("a wildcard in a topic", &[0x30, 4, 0, 1, b'#', 0]),
        ("SUBSCRIBE without filters", &[0x82, 3, 0, 1, 0]),
        ("a second CONNECT", &[0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 5, 2, 0, 0, 0, 0, 0]),
    ];
    for (what, bytes) in attacks {
        let mut raw = Raw::connected(&broker, "raw", 5, 0);
        raw.send(bytes);
        let last = raw.rest();
        assert!(matches!(last[..], [0xE0, 2, 0x80..=0xFF, 0]), "{what}: {last:?}");
    }
    for bytes in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0x16, 3, 1, 2, 0], &[0x10, 2, 0, 9], &[0xC0, 0], &[0xF0, 0]]
    {
        let mut raw = Raw::open(&broker);
        raw.send(bytes);
        assert_eq!(raw.rest(), [0_u8; 0], "{bytes:?}");
    }
    broker.publish(Message::new("still", "here")).unwrap();
    assert_eq!(bystander.topics().await, ["still"]);
    assert_eq!(until(&broker, |stats| stats.clients == 1).await.clients, 1);
}

#[tokio::test]
async fn a_header_that_announces_256_mb_reserves_none_of_it() {
    let broker = broker();
    let mut raw = Raw::connected(&broker, "raw", 4, 0);
    raw.send(&[0x30, 0xFF, 0xFF, 0xFF, 0x7F, 0, 1, b'a']);
    // The next client is served meanwhile.
    let mut other = Client4::new(&broker, "other").await;
    other.subscribe("a", QoS::AtMostOnce).await;
    broker.publish(Message::new("a", "x")).unwrap();
    assert_eq!(other.message().await.payload, "x");
}

#[tokio::test]
async fn older_and_newer_protocol_levels_are_refused_by_name() {
    let broker = broker();
    let mut old = Raw::open(&broker);
    old.send(&[0x10, 14, 0, 6, b'M', b'Q', b'I', b's', b'd', b'p', 3, 2, 0, 60, 0, 0]);
    assert_eq!(old.rest(), [0x20, 2, 0, 1]);
    let mut new = Raw::open(&broker);
    new.send(&[0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 6, 2, 0, 60, 0, 0, 0]);
    assert_eq!(new.rest(), [0x20, 3, 0, 0x84, 0]);
}

#[tokio::test]
async fn an_mqtt_5_client_without_an_identifier_is_given_one() {
    let broker = broker();
    let mut raw = Raw::open(&broker);
    raw.send(&[0x10, 13, 0, 4, b'M', b'Q', b'T', b'T', 5, 2, 0, 60, 0, 0, 0]);
    let head: [u8; 2] = raw.receive();
    let mut body = vec![0; usize::from(head[1])];
    raw.0.read_exact(&mut body).unwrap();
    assert!(String::from_utf8_lossy(&body).contains("assigned-"), "{body:?}");
    assert_eq!(broker.stats().clients, 1);
}

#[tokio::test]
async fn a_reader_that_stops_reading_costs_a_bounded_queue_and_nobody_else() {
    let broker = Broker::start(Config { queue_bytes_max: 1 << 20, ..Config::default() }).unwrap();
    let mut slow = Raw::connected(&broker, "slow", 4, 0);
    slow.send(&[0x82, 6, 0, 1, 0, 1, b'#', 0]);
    assert_eq!(slow.receive(), [0x90, 3, 0, 1, 0]);
    let mut quick = Client5::new(&broker, "quick").await;
    quick.subscribe([filter("last", QoS5::AtMostOnce)]).await;
    let payload = Bytes::from(vec![b'x'; 10_000]);
    for _ in 0..5_000 {
        broker.publish(Message::new("flood", payload.clone())).unwrap();
    }
    broker.publish(Message::new("last", "x")).unwrap();
    assert_eq!(quick.message().await.topic, "last");
    let stats = broker.stats();
    assert!(stats.queued_bytes <= 1 << 20, "{stats:?}");
    assert!(stats.dropped > 3_000, "{stats:?}");
}

#[tokio::test]
async fn a_client_that_never_reads_its_answers_is_not_read_any_further() {
    let broker = broker();
    let mut raw = Raw::connected(&broker, "raw", 4, 0);
    raw.0.set_write_timeout(Some(Duration::from_millis(500))).unwrap();
    // Pings without end: at some point neither side takes more.
    let pings = [0xC0, 0].repeat(32 * 1024);
    let mut sent = 0_usize;
    while sent < 1 << 30 && raw.0.write_all(&pings).is_ok() {
        sent += pings.len();
    }
    assert!(sent < 64 << 20, "{sent} bytes of pings were taken");
    assert_eq!(broker.stats().clients, 1);
}

#[tokio::test]
async fn a_full_window_holds_messages_back_until_they_are_acknowledged() {
    let broker = Broker::start(Config { in_flight_max: 2, ..Config::default() }).unwrap();
    let mut raw = Raw::connected(&broker, "raw", 4, 0);
    raw.send(&[0x82, 6, 0, 1, 0, 1, b'#', 1]);
    assert_eq!(raw.receive(), [0x90, 3, 0, 1, 1]);
    for n in [b'1', b'2', b'3'] {
        broker.publish(Message::new("a", vec![n]).at(QoS::AtLeastOnce)).unwrap();
    }
    assert_eq!(raw.receive(), [0x32, 6, 0, 1, b'a', 0, 1, b'1']);
    assert_eq!(raw.receive(), [0x32, 6, 0, 1, b'a', 0, 2, b'2']);
    raw.0.set_read_timeout(Some(SILENCE)).unwrap();
    assert!(raw.0.read(&mut [0]).is_err(), "the third one waits");
    raw.send(&[0x40, 2, 0, 1]);
    assert_eq!(raw.receive(), [0x32, 6, 0, 1, b'a', 0, 3, b'3']);
}

#[tokio::test]
async fn retained_messages_and_subscriptions_and_connections_have_limits() {
    let config =
        Config { retained_bytes_max: 1000, subscriptions_max: 2, connections_max: 2, ..Config::default() };
    let broker = Broker::start(config).unwrap();
    for n in 0..100 {
        broker.publish(Message::new(format!("kept/{n}"), "x").retained()).unwrap();
    }
    let stats = broker.stats();
    assert!((1..10).contains(&stats.retained) && stats.dropped == 100 - stats.retained as u64, "{stats:?}");
    let mut client = Client5::new(&broker, "client").await;
    let codes = client.subscribe(["a", "b", "c", "b"].map(|path| filter(path, QoS5::AtMostOnce))).await;
    let granted = v5::SubscribeReasonCode::Success(QoS5::AtMostOnce);
    assert_eq!(codes, [granted, granted, v5::SubscribeReasonCode::QuotaExceeded, granted]);
    let _second = Raw::connected(&broker, "second", 4, 0);
    assert_eq!(Raw::open(&broker).rest(), [0_u8; 0], "the third is closed at once");
}

#[tokio::test]
async fn a_wrong_password_is_refused_in_the_words_of_each_version() {
    let login = Some(("user".to_owned(), "right".to_owned()));
    let broker = Broker::start(Config { login, ..Config::default() }).unwrap();
    let mut options = options4(&broker, "four");
    options.set_credentials("user", "wrong");
    let error = rumqttc::AsyncClient::new(options.clone(), 1).1.poll().await.unwrap_err();
    let expected = rumqttc::ConnectReturnCode::BadUserNamePassword;
    assert!(
        matches!(error, rumqttc::ConnectionError::ConnectionRefused(code) if code == expected),
        "{error:?}"
    );
    let error = rumqttc::v5::AsyncClient::new(options5(&broker, "five"), 1).1.poll().await.unwrap_err();
    let expected = v5::ConnectReturnCode::BadUserNamePassword;
    assert!(
        matches!(error, rumqttc::v5::ConnectionError::ConnectionRefused(code) if code == expected),
        "{error:?}"
    );
    options.set_credentials("user", "right");
    Client4::start(options).await;
}

#[tokio::test]
async fn dropping_the_broker_frees_its_port_for_the_next_one() {
    let first = broker();
    let port = first.port();
    let mut client = Client5::new(&first, "client").await;
    drop(first);
    assert_eq!(client.end().await, None);
    let second = Broker::start(Config { port, ..Config::default() }).unwrap();
    assert_eq!(second.port(), port);
    let error = Broker::start(Config { port, ..Config::default() }).unwrap_err();
    assert!(error.to_string().contains(&format!("127.0.0.1:{port}")), "{error}");
    Client5::new(&second, "client").await;
}

#[tokio::test]
async fn listeners_in_the_process_receive_within_their_limit() {
    let broker = broker();
    let received = broker.listen(&["+/set"], 2);
    let client = Client4::new(&broker, "client").await;
    for topic in ["a/set", "a/get", "b/set", "c/set"] {
        client.client.publish(topic, QoS::AtLeastOnce, false, "x").await.unwrap();
    }
    assert_eq!(until(&broker, |stats| stats.received == 4).await.dropped, 1);
    let topics: Vec<Bytes> = received.try_iter().map(|message| message.topic.clone()).collect();
    assert_eq!(topics, ["a/set", "b/set"]);
    drop(received);
    assert_eq!(broker.publish(Message::new("a/set", "x")), Ok(0));
}

#[tokio::test]
async fn a_topic_that_is_not_utf_8_can_be_published_in_the_process() {
    let broker = broker();
    let mut client = Client5::new(&broker, "client").await;
    client.subscribe(any("#")).await;
    broker.publish(Message::new(&b"\xC3\x28/x"[..], "x")).unwrap();
    assert_eq!(client.message().await.topic, &b"\xC3\x28/x"[..]);
}

// Faults

#[tokio::test]
async fn connect_can_be_refused_with_any_code_or_answered_with_any_bytes() {
    let broker = broker();
    broker.set_faults(Faults { refuse_connect: Some(0x89), ..Faults::default() });
    let error = rumqttc::v5::AsyncClient::new(options5(&broker, "five"), 1).1.poll().await.unwrap_err();
    assert!(error.to_string().contains("ServerBusy"), "{error}");
    broker.set_faults(Faults { connack_bytes: Some(vec![0x20, 2, 0, 99]), ..Faults::default() });
    let error = rumqttc::AsyncClient::new(options4(&broker, "four"), 1).1.poll().await.unwrap_err();
    assert!(error.to_string().contains("Invalid Connect return code: 99"), "{error}");
}

#[tokio::test]
async fn a_silent_broker_answers_nothing() {
    let broker = broker();
    broker.set_faults(Faults { silent: true, ..Faults::default() });
    let mut event_loop = rumqttc::AsyncClient::new(options4(&broker, "four"), 1).1;
    assert!(timeout(Duration::from_millis(300), event_loop.poll()).await.is_err());
}

#[tokio::test]
async fn a_connection_can_be_closed_after_a_number_of_packets() {
    let broker = broker();
    broker.set_faults(Faults { close_after_packets: Some(3), ..Faults::default() });
    let mut raw = Raw::connected(&broker, "raw", 4, 0);
    raw.send(&[0xC0, 0]);
    assert_eq!(raw.receive(), [0xD0, 0]);
    raw.send(&[0xC0, 0]);
    assert_eq!(raw.rest(), [0_u8; 0]);
}

#[tokio::test]
async fn subscriptions_and_publishes_can_be_refused() {
    let broker = broker();
    broker.set_faults(Faults {
        refuse_subscriptions: Some(0x87),
        refuse_publish: Some(0x97),
        ..Faults::default()
    });
    let mut client = Client5::new(&broker, "client").await;
    assert_eq!(client.subscribe(any("a")).await, [v5::SubscribeReasonCode::NotAuthorized]);
    client.client.publish("a", QoS5::AtLeastOnce, true, "x").await.unwrap();
    match client.until(|packet| matches!(packet, v5::Packet::PubAck(_))).await {
        v5::Packet::PubAck(ack) => assert_eq!(ack.reason, v5::PubAckReason::QuotaExceeded),
        other => panic!("{other:?}"),
    }
    let stats = broker.stats();
    assert_eq!((stats.subscriptions, stats.retained, stats.received), (0, 0, 0));
}

#[tokio::test]
async fn acknowledgements_can_be_delayed_or_withheld() {
    let broker = broker();
    broker.set_faults(Faults { ack_delay: Duration::from_millis(200), ..Faults::default() });
    let mut raw = Raw::connected(&broker, "raw", 4, 0);
    let start = std::time::Instant::now();
    raw.send(&[0x32, 6, 0, 1, b'a', 0, 1, b'x']);
    assert_eq!(raw.receive(), [0x40, 2, 0, 1]);
    assert!(start.elapsed() >= Duration::from_millis(200));
    broker.set_faults(Faults { withhold_acks: true, ..Faults::default() });
    raw.send(&[0x32, 6, 0, 1, b'a', 0, 2, b'x', 0xC0, 0]);
    assert_eq!(raw.receive(), [0xD0, 0], "the ping is answered, the message is not");
    assert_eq!(broker.stats().received, 2);
}

#[tokio::test]
async fn raw_bytes_reach_the_chosen_client() {
    let broker = broker();
    let mut chosen = Raw::connected(&broker, "chosen", 4, 0);
    let mut other = Raw::connected(&broker, "other", 4, 0);
    assert_eq!(broker.send_raw(Some("chosen"), &[0xFF, 0x00, 0x12]), 1);
    assert_eq!(chosen.receive(), [0xFF, 0x00, 0x12]);
    other.send(&[0xC0, 0]);
    assert_eq!(other.receive(), [0xD0, 0]);
}

// Debian's clients

fn mosquitto(program: &str, broker: &Broker, arguments: &[&str]) -> Child {
    let mut command = Command::new(program);
    command.args(["-h", "127.0.0.1", "-p", &broker.port().to_string()]).args(arguments);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    child.unwrap_or_else(|error| panic!("{program} (Debian: mosquitto-clients) did not start: {error}"))
}

fn output(child: Child) -> String {
    let output = child.wait_with_output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{} {errors}", output.status);
    String::from_utf8(output.stdout).unwrap()
}

#[tokio::test]
async fn mosquittos_clients_exchange_messages_in_every_version_and_qos() {
    let broker = broker();
    for (version, qos) in [("311", "0"), ("311", "1"), ("311", "2"), ("5", "0"), ("5", "1"), ("5", "2")] {
        let arguments = ["-V", version, "-q", qos, "-t", "m/+", "-C", "2", "-W", "20", "-F", "%t %q %r %p"];
        let subscriber = mosquitto("mosquitto_sub", &broker, &arguments);
        until(&broker, |stats| stats.subscriptions == 1).await;
        for topic in ["m/温度", "m/two"] {
            let arguments = ["-V", version, "-q", qos, "-t", topic, "-m", "21.5 °C", "-r"];
            output(mosquitto("mosquitto_pub", &broker, &arguments));
        }
        let received = output(subscriber);
        assert_eq!(received, format!("m/温度 {qos} 0 21.5 °C\nm/two {qos} 0 21.5 °C\n"), "{version}");
        until(&broker, |stats| stats.clients == 0).await;
        let arguments = ["-V", version, "-t", "m/#", "-C", "2", "-W", "20", "-F", "%t %r"];
        assert_eq!(output(mosquitto("mosquitto_sub", &broker, &arguments)), "m/two 1\nm/温度 1\n");
        for topic in ["m/温度", "m/two"] {
            output(mosquitto("mosquitto_pub", &broker, &["-t", topic, "-n", "-r"]));
        }
        assert_eq!(until(&broker, |stats| stats.clients == 0).await.retained, 0);
    }
}

#[tokio::test]
async fn mosquitto_sub_reads_mqtt_5_properties() {
    let broker = broker();
    let arguments = ["-V", "5", "-t", "p", "-C", "1", "-W", "20", "-F", "%C|%R|%D|%P|%p"];
    let subscriber = mosquitto("mosquitto_sub", &broker, &arguments);
    until(&broker, |stats| stats.subscriptions == 1).await;
    let arguments = [
        "-V",
        "5",
        "-t",
        "p",
        "-m",
        "x",
        "-D",
        "publish",
        "content-type",
        "text/plain",
        "-D",
        "publish",
        "response-topic",
        "r/t",
        "-D",
        "publish",
        "correlation-data",
        "c1",
        "-D",
        "publish",
        "user-property",
        "a",
        "b",
    ];
    output(mosquitto("mosquitto_pub", &broker, &arguments));
    assert_eq!(output(subscriber), "text/plain|r/t|c1|a:b|x\n");
}

#[tokio::test]
async fn mosquitto_subs_will_is_published_when_it_is_killed() {
    let broker = broker();
    let mut watcher = Client4::new(&broker, "watcher").await;
    watcher.subscribe("will", QoS::AtLeastOnce).await;
    let arguments = ["-t", "x", "--will-topic", "will", "--will-payload", "killed", "--will-qos", "1"];
    let mut victim = mosquitto("mosquitto_sub", &broker, &arguments);
    until(&broker, |stats| stats.subscriptions == 2).await;
    victim.kill().unwrap();
    victim.wait().unwrap();
    assert_eq!(watcher.message().await.payload, "killed");
}
