//! How connections begin and end: refusals, keep alive, takeover, wills.

use super::*;

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
    // From before it connects: the broker may count from any moment after this.
    let start = std::time::Instant::now();
    let mut silent = Raw::connected(&broker, "silent", 5, 1);
    let mut talks = Raw::connected(&broker, "talks", 5, 1);
    let reader = std::thread::Builder::new().name("silent".to_owned());
    let end = reader.spawn(move || silent.rest()).unwrap();
    while !end.is_finished() {
        talks.send(&[0xC0, 0]);
        assert_eq!(talks.receive(), [0xD0, 0]);
    }
    assert_eq!(end.join().unwrap(), [0xE0, 2, 0x8D, 0]);
    assert!(start.elapsed() >= Duration::from_millis(1500));
    assert_eq!(broker.stats().clients, 1);
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
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse, "{error}");
    Client5::new(&second, "client").await;
}

#[tokio::test]
async fn connections_that_come_and_go_leave_nothing_behind() {
    let broker = broker();
    for round in 0..20 {
        let mut clients: Vec<Raw> =
            (0..20).map(|n| Raw::connected(&broker, &format!("client-{n}"), 4 + n % 2, 0)).collect();
        for client in &mut clients[..10] {
            client.send(&[0x82, 6, 0, 1, 0, 1, b'#', 0][..]);
        }
        assert!(broker.stats().clients <= 20, "round {round}");
    }
    let stats = until(&broker, |stats| stats.clients == 0).await;
    assert_eq!((stats.subscriptions, stats.queued_bytes), (0, 0));
}
