//! What arrives: quality of service, retained messages, properties, sizes.

use super::*;

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
    let properties = message::PublishProperties {
        message_expiry_interval_s: Some(0),
        ..message::PublishProperties::default()
    };
    broker.publish(Message::new("brief", "x").retained().with(properties)).unwrap();
    broker.publish(Message::new("kept", "x").retained()).unwrap();
    let mut client = Client5::new(&broker, "client").await;
    client.subscribe(any("#")).await;
    assert_eq!(client.topics().await, ["kept"]);
    assert_eq!(broker.stats().retained, 1);
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
