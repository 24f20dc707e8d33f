//! Which messages a client gets, and which filters it may have.

use super::*;

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
    broker.publish(Message::new("a/b", "x").at(message::QoS::ExactlyOnce)).unwrap();
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
