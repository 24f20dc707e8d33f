//! What `-D` puts into the packets, read by a server that keeps what it was sent.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crossbeam_channel::{Receiver, Sender, bounded};
use mqttree::mqtt::options::MqttVersion::V5;
use mqttree::mqtt::packet::{self, ServerProperties, UnsubAck};
use mqttree::mqtt::packet::{Incoming, decode_from_client};

use super::run::{Line, Whose};
use crate::harness::packets::{announcing, puback, sent, suback};
use crate::harness::{Broker, FakeServer};

/// A packet of a client, as far as these tests look at it.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Subscribe(String, Option<u32>, Vec<(String, String)>),
    Unsubscribe(String, Vec<(String, String)>),
    Publish { topic: String, alias: Option<u16>, payload: String },
    Disconnect(Option<u32>, Vec<(String, String)>),
}

/// Reads one packet, whose length is at most 16,383 bytes.
fn read(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut packet = vec![0; 2];
    stream.read_exact(&mut packet).ok()?;
    let mut remaining = usize::from(packet[1] & 0x7f);
    if packet[1] & 0x80 != 0 {
        let mut high = [0];
        stream.read_exact(&mut high).ok()?;
        packet.push(high[0]);
        remaining += usize::from(high[0]) << 7;
    }
    let start = packet.len();
    packet.resize(start + remaining, 0);
    stream.read_exact(&mut packet[start..]).ok()?;
    Some(packet)
}

/// Answers a client as a broker with `server`'s limits would, and tells what it was sent.
fn serve(stream: &mut TcpStream, server: &ServerProperties, seen: &Sender<Seen>) {
    while let Some(bytes) = read(stream) {
        let header = packet::header(&bytes).unwrap().unwrap();
        let (told, answer) = match decode_from_client(header, &bytes[header.bytes..], V5).unwrap() {
            Incoming::Connect(_) => (None, announcing(V5, false, server.clone())),
            Incoming::Subscribe(asked) => {
                let one = asked.subscriptions[0].clone();
                let told = Seen::Subscribe(one.filter, one.identifier, one.user_properties);
                (Some(told), suback(V5, asked.packet_id, 0))
            }
            Incoming::Unsubscribe(asked) => {
                let reasons = vec![mqttree::mqtt::reason::ReasonCode::SUCCESS];
                let answer = UnsubAck { packet_id: asked.packet_id, reasons, ..UnsubAck::default() };
                let told = Seen::Unsubscribe(asked.filters[0].clone(), asked.user_properties);
                (Some(told), sent(&Incoming::UnsubAck(answer), V5))
            }
            Incoming::Publish(publish) => {
                let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                let (topic, payload) = (text(publish.topic), text(publish.payload));
                let answer = if publish.packet_id == 0 { Vec::new() } else { puback(V5, publish.packet_id) };
                (Some(Seen::Publish { topic, alias: publish.topic_alias, payload }), answer)
            }
            Incoming::Disconnect(said) => {
                (Some(Seen::Disconnect(said.session_expiry_s, said.user_properties)), Vec::new())
            }
            _ => (None, Vec::new()),
        };
        if let Some(told) = told {
            seen.send(told).unwrap();
        }
        stream.write_all(&answer).unwrap();
    }
}

/// A server with these limits, and what its clients send.
fn server(limits: ServerProperties) -> (FakeServer, Receiver<Seen>) {
    let (sender, seen) = bounded(64);
    (FakeServer::start(move |stream| serve(stream, &limits, &sender)), seen)
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn subscribe_unsubscribe_and_disconnect_carry_what_was_given() {
    let (server, seen) = server(ServerProperties::default());
    let line = "-t a -E -x 60 -D subscribe subscription-identifier 7 -D subscribe user-property s 1 \
                -D subscribe user-property s 2 -D unsubscribe user-property u 3 -D disconnect user-property d 4 \
                -D disconnect session-expiry-interval 9 -U b";
    let words: Vec<&str> = line.split_whitespace().collect();
    let left = Line::new(Whose::Ours, "sub", server.port, &words).run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
    let seen: Vec<Seen> = seen.try_iter().collect();
    assert!(seen.contains(&Seen::Subscribe("a".to_owned(), Some(7), vec![pair("s", "1"), pair("s", "2")])));
    assert!(seen.contains(&Seen::Unsubscribe("b".to_owned(), vec![pair("u", "3")])), "{seen:?}");
    assert_eq!(seen.last(), Some(&Seen::Disconnect(Some(9), vec![pair("d", "4")])));
}

#[test]
fn a_real_broker_takes_properties_with_every_packet() {
    let broker = Broker::start();
    let line = "-t a -E -x 60 -D subscribe user-property s 1 -D disconnect session-expiry-interval 0 \
                -D disconnect user-property d 4 -U b -D unsubscribe user-property u 3";
    let words: Vec<&str> = line.split_whitespace().collect();
    let left = Line::new(Whose::Ours, "sub", broker.port, &words).run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
    assert!(!broker.log().contains("rotocol error"), "{}", broker.log());
}

/// As mosquitto_pub: the first message names the topic, and the alias stands for it from then on.
#[test]
fn a_topic_alias_replaces_the_topic_from_the_second_message_on() {
    let (server, seen) =
        server(ServerProperties { topic_alias_max: Some(10), ..ServerProperties::default() });
    let words: Vec<&str> = "-t long/topic -l -q 1 -D publish topic-alias 3".split(' ').collect();
    let left = Line::new(Whose::Ours, "pub", server.port, &words).stdin(b"1\n2\n3\n").run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
    let published = |topic: &str, payload: &str| Seen::Publish {
        topic: topic.to_owned(),
        alias: Some(3),
        payload: payload.to_owned(),
    };
    let seen: Vec<Seen> = seen.try_iter().filter(|seen| matches!(seen, Seen::Publish { .. })).collect();
    assert_eq!(seen, [published("long/topic", "1"), published("", "2"), published("", "3")]);
}

#[test]
fn a_real_broker_knows_which_topic_an_alias_stands_for() {
    let broker = Broker::start();
    let listener = Line::new(Whose::Theirs, "sub", broker.port, &["-t", "#", "-v", "-C", "3"]).start();
    super::run::until_subscribed(&broker, 1);
    let words: Vec<&str> = "-t long/topic -l -D publish topic-alias 1 -V 5".split(' ').collect();
    let left = Line::new(Whose::Ours, "pub", broker.port, &words).stdin(b"1\n2\n3\n").run();
    assert_eq!((left.status, left.stderr.as_str()), (Some(0), ""));
    assert_eq!(listener.left().stdout, b"long/topic 1\nlong/topic 2\nlong/topic 3\n");
}

#[test]
fn an_alias_above_the_brokers_maximum_is_refused_before_it_is_sent() {
    for (max, why) in [
        (None, "the broker takes no topic aliases, and this is alias 3"),
        (Some(2), "the broker takes topic aliases from 1 to 2, and this is 3"),
    ] {
        let (server, seen) = server(ServerProperties { topic_alias_max: max, ..ServerProperties::default() });
        let words: Vec<&str> = "-t a -m x -D publish topic-alias 3".split(' ').collect();
        let left = Line::new(Whose::Ours, "pub", server.port, &words).run();
        assert_eq!(left.status, Some(1));
        assert!(left.stderr.contains(why), "{}", left.stderr);
        assert!(!seen.try_iter().any(|seen| matches!(seen, Seen::Publish { .. })));
    }
}
