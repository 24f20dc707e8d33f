//! The protocol log: every packet in both directions, in wire order, with the time until its acknowledgement.

use bytes::Bytes;
use mqttree::message::QoS;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Subscription};
use mqttree::mqtt::trace::{Direction, PacketKind, PacketRecord};
use mqttree::session::Publish;
use mqttree::session::status::ConnectionState;

use crate::harness::{Broker, Watched, options, until};

use Direction::{In, Out};
use PacketKind as Kind;

/// All recorded packets.
fn records(session: &Watched) -> Vec<PacketRecord> {
    let snapshot = session.packet_log().snapshot();
    snapshot.numbers().filter_map(|number| snapshot.get(number)).map(|packet| packet.record.clone()).collect()
}

/// The records with this packet identifier, type and direction.
fn about(records: &[PacketRecord], kind: Kind, direction: Direction) -> Vec<&PacketRecord> {
    records.iter().filter(|record| record.kind == kind && record.direction == direction).collect()
}

#[test]
fn every_packet_is_recorded_in_order_with_what_it_says() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let options = ConnectOptions {
            subscriptions: Vec::new(),
            client_id: "log".to_owned(),
            ..options(broker.port, version)
        };
        let session = Watched::open(options);
        session.set_trace(true);
        session.disconnect();
        session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
        session.packet_log().clear();
        session.reconnect_now();
        session.wait("connected", |status| status.state.is_connected());
        session.subscribe(&Subscription::new("log/#", QoS::ExactlyOnce)).unwrap();
        session.wait_until_subscribed();
        for qos in QoS::ALL {
            session.outcome(Publish {
                topic: format!("log/{}", u8::from(qos)),
                payload: Bytes::from_static(b"1"),
                qos,
                retain: false,
                ..Publish::default()
            });
        }
        session.unsubscribe("log/#").unwrap();
        until(|| session.describe(), || !about(&records(&session), Kind::UnsubAck, In).is_empty());
        session.disconnect();
        session.wait("disconnected", |status| status.state == ConnectionState::Disconnected);
        let all = records(&session);
        assert!(all.is_sorted_by_key(|record| record.at), "in order");

        let one = |kind, direction| {
            let found = about(&all, kind, direction);
            assert_eq!(found.len(), 1, "{kind:?}: {all:#?}");
            found[0]
        };
        assert_eq!(&*one(Kind::Connect, Out).subject, b"log");
        assert_eq!(one(Kind::ConnAck, In).reason, Some(0));
        let (subscribe, suback) = (one(Kind::Subscribe, Out), one(Kind::SubAck, In));
        assert_eq!(&*subscribe.subject, b"log/#");
        assert_eq!((subscribe.packet_id, suback.reason), (suback.packet_id, Some(2)));
        assert!(suback.latency_us.is_some());

        for (index, direction) in [Out, In].into_iter().enumerate() {
            let publishes = about(&all, Kind::Publish, direction);
            assert_eq!(publishes.len(), 3, "{all:#?}");
            for (publish, qos) in publishes.iter().zip(QoS::ALL) {
                assert_eq!(publish.qos, qos);
                assert_eq!(publish.packet_id.is_some(), qos != QoS::AtMostOnce);
                assert_eq!(&*publish.subject, format!("log/{}", u8::from(qos)).as_bytes());
                let properties = u32::from(version == MqttVersion::V5);
                let identifier = if qos == QoS::AtMostOnce { 0 } else { 2 };
                assert_eq!(publish.bytes, 2 + 2 + 5 + identifier + properties + 1, "{direction:?}");
            }
            // Each handshake is complete, and the last acknowledgement of our packets has a latency.
            let answer = [In, Out][index];
            assert_eq!(one(Kind::PubAck, answer).packet_id, publishes[1].packet_id);
            assert_eq!(one(Kind::PubRec, answer).packet_id, publishes[2].packet_id);
            assert_eq!(one(Kind::PubRel, direction).packet_id, publishes[2].packet_id);
            assert_eq!(one(Kind::PubComp, answer).packet_id, publishes[2].packet_id);
            assert_eq!(one(Kind::PubAck, answer).latency_us.is_some(), answer == In);
            assert_eq!(one(Kind::PubComp, answer).latency_us.is_some(), answer == In);
        }
        assert!(one(Kind::UnsubAck, In).latency_us.is_some());
        assert_eq!(all.last().map(|record| (record.kind, record.direction)), Some((Kind::Disconnect, Out)));
    }
}

#[test]
fn pings_are_recorded_with_their_round_trip_and_nothing_is_while_it_is_off() {
    let broker = Broker::start();
    let session =
        Watched::connected(ConnectOptions { keep_alive_s: 1, ..options(broker.port, MqttVersion::V5) });
    assert!(records(&session).is_empty());
    session.set_trace(true);
    let has = |kind, direction| !about(&records(&session), kind, direction).is_empty();
    until(|| session.describe(), || has(Kind::PingReq, Out) && has(Kind::PingResp, In));
    let all = records(&session);
    assert!(about(&all, Kind::PingResp, In)[0].latency_us.is_some(), "{all:#?}");
}
