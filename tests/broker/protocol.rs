//! The protocol log of a session on a real broker.

use mqttree::message::QoS;
use mqttree::mqtt::options::MqttVersion;
use mqttree::mqtt::trace::{Direction, PacketKind, PacketRecord};
use mqttree::session::Publish;

use crate::harness::{Broker, Watched, options, until};

fn message(topic: &str, qos: QoS) -> Publish {
    Publish { topic: topic.to_owned(), payload: "1".into(), qos, ..Publish::default() }
}

fn records(session: &Watched) -> Vec<PacketRecord> {
    let snapshot = session.packet_log().snapshot();
    snapshot.numbers().filter_map(|number| snapshot.get(number)).map(|packet| packet.record.clone()).collect()
}

fn kinds(session: &Watched) -> Vec<(Direction, PacketKind)> {
    records(session).iter().map(|record| (record.direction, record.kind)).collect()
}

#[test]
fn a_log_that_is_off_records_nothing() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    session.outcome(message("a", QoS::AtLeastOnce));
    assert!(!session.packet_log().is_on() && session.packet_log().snapshot().is_empty());
}

#[test]
fn every_packet_of_a_publish_is_recorded_with_its_latency() {
    let broker = Broker::start();
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
        let session = Watched::connected(options(broker.port, version));
        session.set_trace(true);
        session.outcome(message("plant/a", QoS::ExactlyOnce));
        // Our own message is returned, because the session is subscribed to everything.
        let is_over = || kinds(&session).contains(&(Direction::Out, PacketKind::PubComp));
        until(|| format!("{:?}", kinds(&session)), is_over);
        let found = kinds(&session);
        for expected in [
            (Direction::Out, PacketKind::Publish),
            (Direction::In, PacketKind::PubRec),
            (Direction::Out, PacketKind::PubRel),
            (Direction::In, PacketKind::PubComp),
            (Direction::In, PacketKind::Publish),
            (Direction::Out, PacketKind::PubRec),
            (Direction::In, PacketKind::PubRel),
        ] {
            assert!(found.contains(&expected), "{expected:?} is not in {found:?}");
        }
        let records = records(&session);
        let published = &records[0];
        assert_eq!((published.qos, &*published.subject), (QoS::ExactlyOnce, b"plant/a".as_slice()));
        let is_last =
            |record: &&PacketRecord| record.direction == Direction::In && record.kind == PacketKind::PubComp;
        let last = records.iter().find(is_last).unwrap();
        assert_eq!(last.packet_id, published.packet_id);
        assert!(last.latency_us.is_some(), "{last:?}");

        session.set_trace(false);
        let before = session.packet_log().total();
        session.outcome(message("b", QoS::AtLeastOnce));
        assert_eq!(session.packet_log().total(), before, "off again");
    }
}
