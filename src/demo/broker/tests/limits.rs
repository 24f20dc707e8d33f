//! What hostile, broken and slow clients cost: their own connection and a bounded amount of memory.

use super::*;

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
async fn a_packet_that_announces_256_mb_and_never_comes_holds_up_nobody() {
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
        broker.publish(Message::new("a", vec![n]).at(message::QoS::AtLeastOnce)).unwrap();
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
async fn packets_above_the_limit_are_refused_from_their_header_and_connect_has_a_lower_one() {
    let broker = Broker::start(Config { packet_bytes_max: 2 << 20, ..Config::default() }).unwrap();
    let mut raw = Raw::connected(&broker, "raw", 5, 0);
    raw.send(&[0x30, 0x80, 0x80, 0x80, 0x01]); // 2 MiB and its header
    assert_eq!(raw.rest(), [0xE0, 2, 0x95, 0]);
    let mut raw = Raw::open(&broker);
    raw.send(&[0x10, 0x80, 0x80, 0x40]); // 1 MiB and its header
    assert_eq!(raw.rest(), [0_u8; 0]);
}

#[tokio::test]
async fn slow_readers_together_take_no_more_than_the_limit_of_all_queues_and_give_it_back() {
    let config = Config { queue_bytes_max: 1 << 20, all_queues_bytes_max: 2 << 20, ..Config::default() };
    let broker = Broker::start(config).unwrap();
    let mut slow: Vec<_> = (0..6).map(|n| Raw::connected(&broker, &format!("slow-{n}"), 4, 0)).collect();
    for raw in &mut slow {
        raw.send(&[0x82, 6, 0, 1, 0, 1, b'#', 0]);
        assert_eq!(raw.receive(), [0x90, 3, 0, 1, 0]);
    }
    let payload = Bytes::from(vec![b'x'; 10_000]);
    for _ in 0..3_000 {
        broker.publish(Message::new("flood", payload.clone())).unwrap();
    }
    let stats = broker.stats();
    assert!(stats.queued_bytes <= 2 << 20, "{stats:?}");
    // Sockets have buffers of their own; most of six times 3,000 messages had no room all the same.
    assert!(stats.dropped > 6_000, "{stats:?}");
    drop(slow);
    until(&broker, |stats| stats.clients == 0 && stats.queued_bytes == 0).await;
    let mut next = Client5::new(&broker, "next").await;
    next.subscribe(any("#")).await;
    broker.publish(Message::new("large", vec![b'x'; 3 << 19])).unwrap();
    assert_eq!(next.message().await.topic, "large");
}

#[tokio::test]
async fn the_retained_store_counts_what_small_messages_take_and_what_it_has_no_room_for() {
    let broker = Broker::start(Config { retained_bytes_max: 1 << 20, ..Config::default() }).unwrap();
    for n in 0..10_000 {
        broker.publish(Message::new(format!("{n}"), "x").retained()).unwrap();
    }
    let stats = broker.stats();
    assert!((1_000..3_300).contains(&stats.retained) && stats.retained_bytes <= 1 << 20, "{stats:?}");
    assert_eq!(stats.dropped, 10_000 - stats.retained as u64);
    // What is cleared makes room.
    broker.publish(Message::new("0", "").retained()).unwrap();
    broker.publish(Message::new("a", "x").retained()).unwrap();
    assert_eq!(broker.stats(), BrokerStats { received: 10_002, ..stats });
}

#[tokio::test]
async fn retained_messages_that_have_expired_make_room() {
    let broker = Broker::start(Config { retained_bytes_max: 2_000, ..Config::default() }).unwrap();
    let at_once = message::PublishProperties {
        message_expiry_interval_s: Some(0),
        ..message::PublishProperties::default()
    };
    for n in 0..20 {
        let message = Message::new(format!("short/{n}"), "x").retained().with(at_once.clone());
        broker.publish(message).unwrap();
    }
    broker.publish(Message::new("long", "x").retained()).unwrap();
    assert_eq!(broker.stats().dropped, 0);
    let mut client = Client5::new(&broker, "client").await;
    client.subscribe(any("#")).await;
    assert_eq!(client.topics().await, ["long"]);
}

#[tokio::test]
async fn the_topic_filters_of_a_client_have_a_limit_and_a_long_list_of_them_is_not_read() {
    let broker = Broker::start(Config { filters_bytes_max: 100, ..Config::default() }).unwrap();
    let mut client = Client5::new(&broker, "client").await;
    let (one, other) = ("a".repeat(60), "b".repeat(60));
    let granted = v5::SubscribeReasonCode::Success(QoS5::ExactlyOnce);
    assert_eq!(client.subscribe(any(&one)).await, [granted]);
    assert_eq!(client.subscribe(any(&other)).await, [v5::SubscribeReasonCode::QuotaExceeded]);
    assert_eq!(client.subscribe(any(&one)).await, [granted], "it has that one already");
    client.client.unsubscribe(one).await.unwrap();
    assert_eq!(client.subscribe(any(&other)).await, [granted]);

    let mut raw = Raw::connected(&broker, "raw", 5, 0);
    raw.send(&[0x82, 0x80, 0x80, 0x40]); // 1 MiB and its header
    assert_eq!(raw.rest(), [0xE0, 2, 0x95, 0]);
}

#[tokio::test]
async fn what_clients_send_in_part_is_bounded_over_all_of_them() {
    let partial_bytes_max = 1 << 20;
    let broker = Broker::start(Config { partial_bytes_max, ..Config::default() }).unwrap();
    let mut waits = Raw::connected(&broker, "waits", 5, 0);
    // Two million bytes are announced; half a million come.
    let begin = [&[0x30, 0x80, 0x89, 0x7A, 0, 1, b'a', 0][..], &vec![b'x'; 500_000]].concat();
    waits.send(&begin);
    let mut goes_beyond = Raw::connected(&broker, "goes beyond", 5, 0);
    goes_beyond.send(&[&begin[..], &vec![b'x'; 700_000]].concat());
    assert_eq!(goes_beyond.rest(), [0xE0, 2, 0x97, 0], "quota exceeded");
    // The other one waits on, and has the room to itself.
    waits.send(&[0x30; 100]);
    until(&broker, |stats| stats.clients == 1).await;
    let mut small = Raw::connected(&broker, "small", 5, 0);
    small.send(&[0xC0, 0]);
    assert_eq!(small.receive(), [0xD0, 0]);
}
