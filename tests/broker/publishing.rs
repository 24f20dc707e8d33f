//! Publishing: what the broker receives, and what it answers.

use bytes::Bytes;
use mqttree::message::{PublishProperties, QoS};
use mqttree::mqtt::options::MqttVersion;
use mqttree::mqtt::publish::{LimitedBy, Unpublishable};
use mqttree::mqtt::reason::ReasonCode;
use mqttree::session::status::{PublishOutcome, PublishResult, Rejection};
use mqttree::session::{Declined, Publish};

use crate::harness::{Broker, FakeServer, Setup, Watched, options, until};

fn message(topic: &str, payload: &str, qos: QoS) -> Publish {
    Publish {
        topic: topic.to_owned(),
        payload: Bytes::copy_from_slice(payload.as_bytes()),
        qos,
        ..Publish::default()
    }
}

#[test]
fn every_qos_is_answered_and_comes_back_as_sent() {
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let session = Watched::connected(options(broker.port, version));
        for qos in QoS::ALL {
            let topic = format!("{}/{}", version.name(), u8::from(qos));
            let PublishResult { outcome, took, .. } = session.publish_and_wait(message(&topic, "21.5", qos));
            if qos == QoS::AtMostOnce {
                assert_eq!(outcome, PublishOutcome::Sent);
            } else {
                assert_eq!(outcome, PublishOutcome::Acknowledged(ReasonCode::SUCCESS.into()));
                assert!(!took.is_zero());
            }
            let newest = session.wait_for(&topic);
            assert_eq!((newest.payload.as_slice(), newest.flags.qos), (&b"21.5"[..], qos));
        }
        assert_eq!(session.counters().sent, 3);
    }
}

#[test]
fn a_retained_message_is_kept_and_an_empty_one_deletes_it() {
    let broker = Broker::start();
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let kept = Publish { retain: true, ..message("kept", "1", QoS::AtLeastOnce) };
    session.outcome(kept.clone());
    let other = Watched::connected(options(broker.port, MqttVersion::V3_1_1));
    assert!(other.wait_for("kept").flags.retain);

    session.outcome(Publish { payload: Bytes::new(), ..kept });
    let third = Watched::connected(options(broker.port, MqttVersion::V5));
    third.outcome(message("after", "", QoS::AtLeastOnce));
    third.wait_for("after");
    assert_eq!(third.newest("kept"), None);
}

#[test]
fn properties_are_sent_with_mqtt_5_and_refused_with_3_1_1() {
    let broker = Broker::start();
    let properties = PublishProperties {
        payload_format_indicator: Some(1),
        content_type: Some("text/plain".to_owned()),
        response_topic: Some("answers".to_owned()),
        correlation_data: Some(vec![0, 255]),
        user_properties: vec![("name".to_owned(), "value".to_owned())],
        ..PublishProperties::default()
    };
    let publish = Publish { properties: properties.clone(), ..message("props", "x", QoS::ExactlyOnce) };
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    session.outcome(publish.clone());
    assert_eq!(session.wait_for("props").properties, Some(properties));

    let old = Watched::connected(options(broker.port, MqttVersion::V3_1_1));
    assert!(matches!(old.publish(publish), Err(Declined::Publish(_))));
}

fn not_authorized() -> PublishOutcome {
    PublishOutcome::Refused(Rejection::Broker(ReasonCode::NOT_AUTHORIZED.into()))
}

#[test]
fn a_publish_that_is_not_allowed_is_refused_with_the_reason_by_mqtt_5() {
    let acl = "topic read #\ntopic write open/#\n";
    let broker = Broker::with(&Setup { acl: Some(acl), ..Setup::default() });
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    for qos in [QoS::AtLeastOnce, QoS::ExactlyOnce] {
        let outcome = session.outcome(message("secret/a", "1", qos));
        assert_eq!(outcome, not_authorized());
        assert!(matches!(session.outcome(message("open/a", "1", qos)), PublishOutcome::Acknowledged(_)));
    }
}

#[test]
fn many_refusals_at_qos_2_do_not_stop_publishing() {
    let acl = "topic read #\ntopic write open/#\n";
    let broker = Broker::with(&Setup { acl: Some(acl), ..Setup::default() });
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    // mosquitto accepts 20 at once, so a refused one must free its place for the next.
    for _ in 0..25 {
        let outcome = session.outcome(message("secret/a", "1", QoS::ExactlyOnce));
        assert_eq!(outcome, not_authorized());
    }
    session.assert_held();
    let outcome = session.outcome(message("open/a", "1", QoS::ExactlyOnce));
    assert!(matches!(outcome, PublishOutcome::Acknowledged(_)), "{outcome:?}");
}

#[test]
fn thousands_in_a_row_are_all_answered_and_all_come_back() {
    const MESSAGES: usize = 2_000;
    let broker = Broker::start();
    for version in MqttVersion::ALL {
        let session = Watched::connected(options(broker.port, version));
        for index in 0..MESSAGES {
            // Mixed QoS, so that answers arrive out of order: QoS 2 takes two round trips.
            let publish = message(&format!("many/{index}"), "x", QoS::ALL[index % 3]);
            until(|| session.describe(), || !matches!(session.publish(publish.clone()), Err(Declined::Busy)));
        }
        until(|| session.describe(), || session.topics() == MESSAGES as u32);
        until(|| session.describe(), || session.counters().sent == MESSAGES as u64);
        let status = session.status();
        assert!(
            status
                .publishes
                .iter()
                .all(|result| !matches!(result.outcome, PublishOutcome::Refused(_) | PublishOutcome::Lost))
        );
        assert_eq!(status.failure, None, "the connection held");
    }
}

#[test]
fn a_large_payload_is_published_exactly() {
    let broker = Broker::start();
    let payload = Bytes::from(fastrand::Rng::with_seed(3).u128(..).to_be_bytes().repeat(20 * 65_536));
    for version in MqttVersion::ALL {
        let session = Watched::connected(options(broker.port, version));
        let publish = Publish { payload: payload.clone(), ..message("large", "", QoS::AtLeastOnce) };
        assert!(matches!(session.outcome(publish), PublishOutcome::Acknowledged(_)));
        assert!(session.wait_for("large").payload == payload);
    }
}

#[test]
fn what_the_broker_would_not_take_is_refused_before_it_ends_the_connection() {
    let extra = "max_packet_size 1000\nmax_qos 1\nretain_available false\n";
    let broker = Broker::with(&Setup { extra, ..Setup::default() });
    let session = Watched::connected(options(broker.port, MqttVersion::V5));
    let large = Publish { payload: Bytes::from(vec![b'x'; 2_000]), ..message("a", "", QoS::AtMostOnce) };
    let too_large = Unpublishable::TooLarge { bytes: 2_007, bytes_max: 1_000, by: LimitedBy::Broker };
    let retained = Publish { retain: true, ..message("a", "1", QoS::AtMostOnce) };
    for (publish, why) in [
        (large, Rejection::Publish(too_large)),
        (message("a", "1", QoS::ExactlyOnce), Rejection::QosMax(QoS::AtLeastOnce)),
        (retained, Rejection::NoRetainedMessages),
    ] {
        assert_eq!(session.outcome(publish), PublishOutcome::Refused(why));
    }
    assert_eq!(session.outcome(message("a", "1", QoS::AtMostOnce)), PublishOutcome::Sent);
    session.assert_held();
}

#[test]
fn without_a_connection_nothing_is_taken() {
    let session = Watched::open(options(FakeServer::silent().port, MqttVersion::V5));
    assert_eq!(session.publish(message("a", "1", QoS::AtLeastOnce)), Err(Declined::NotConnected));
    assert!(matches!(session.publish(message("a/#", "1", QoS::AtLeastOnce)), Err(Declined::Publish(_))));
}
