//! What the broker does wrong when it is told to.

use super::*;

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
