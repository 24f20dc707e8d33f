use super::*;
use crate::message::QoS;
use crate::mqtt::limits::{PACKET_BYTES_MIN, SUBSCRIPTION_IDENTIFIER_MAX};
use crate::mqtt::options::{
    Authentication, Mqtt5Options, MqttVersion, NetworkOptions, Protocol, Proxy, ProxyKind, RetainHandling,
    Subscription, TlsOptions, VersionChoice, WebsocketOptions, Will, WillProperties,
};

fn good(protocol: Protocol) -> ConnectOptions {
    let host = if protocol == Protocol::Unix { "/run/broker.sock" } else { "broker.example.org" };
    ConnectOptions { protocol, host: host.to_owned(), ..ConnectOptions::default() }
}

/// The only problem after `change`.
fn wrong(protocol: Protocol, change: impl FnOnce(&mut ConnectOptions)) -> (Field, Issue) {
    let mut options = good(protocol);
    change(&mut options);
    match &check(&options)[..] {
        [Problem { field, issue }] => (*field, issue.clone()),
        other => panic!("{other:?}"),
    }
}

/// Asserts that nothing is wrong after `change`.
fn fine(protocol: Protocol, change: impl FnOnce(&mut ConnectOptions)) {
    let mut options = good(protocol);
    change(&mut options);
    assert_eq!(check(&options), [], "{options:?}");
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn ordinary_options_have_no_problem() {
    for host in ["example.org", "192.0.2.1", "::1", "fe80::1%eth0", " localhost "] {
        fine(Protocol::Mqtt, |options| options.host = host.to_owned());
    }
    for protocol in [Protocol::Mqtts, Protocol::Ws, Protocol::Wss] {
        fine(protocol, |_| {});
    }
}

#[test]
fn a_host_that_can_only_be_a_mistake_is_marked() {
    for good in ["h", "broker.example.org", "10.0.0.1", "::1", "under_score", "b\u{fc}ro", "a-b."] {
        assert_eq!(network::host_error(good), None, "{good}");
    }
    for (bad, expected) in [
        ("", Issue::HostMissing),
        ("mqtt://h", Issue::HostHasScheme),
        ("a b", Issue::HostHasSpaces),
        ("h:1883", Issue::HostHasPort),
        ("[::1]", Issue::HostHasBrackets),
        ("a/b", Issue::HostImpossible),
        ("u@h", Issue::HostImpossible),
        (&"a".repeat(254), Issue::HostImpossible),
    ] {
        let found = wrong(Protocol::Mqtt, |options| options.host = bad.to_owned());
        assert_eq!(found, (Field::Host, expected), "{bad}");
    }
}

#[cfg(unix)]
#[test]
fn a_socket_file_needs_a_path_that_fits() {
    fine(Protocol::Unix, |options| {
        options.port = 0; // only the path is checked
        options.network.bind_address = "x".to_owned();
        options.network.proxy = Some(Proxy::default());
    });
    let long = format!("/{}", "a".repeat(120));
    assert_eq!(
        wrong(Protocol::Unix, |options| options.host.clear()),
        (Field::Host, Issue::SocketPathMissing)
    );
    assert_eq!(
        wrong(Protocol::Unix, |options| options.host = "/a\0b".to_owned()),
        (Field::Host, Issue::PathHasNul)
    );
    let (field, issue) = wrong(Protocol::Unix, |options| options.host = long);
    assert_eq!(field, Field::Host);
    assert!(matches!(issue, Issue::SocketPathTooLong { bytes: 121, bytes_max: 103 | 107 }), "{issue:?}");
}

#[test]
fn a_websocket_needs_what_http_can_send() {
    let with =
        |change: fn(&mut WebsocketOptions)| wrong(Protocol::Wss, |options| change(&mut options.websocket));
    for path in ["", "mqtt", "/a b", "/a#b", "/b\u{fc}ro", "/a\r\nX: y"] {
        let (field, _) = wrong(Protocol::Ws, |options| options.websocket.path = path.to_owned());
        assert_eq!(field, Field::Path, "{path}");
    }
    for (name, value) in [
        ("", "x"),
        ("a b", "x"),
        ("X:", "x"),
        ("X-Key", "a\r\nb"),
        ("Upgrade", "h2c"),
        ("sec-websocket-key", "x"),
    ] {
        let headers = pairs(&[("X-Good", "one two"), (name, value)]);
        let (field, _) = wrong(Protocol::Ws, |options| options.websocket.headers = headers);
        assert_eq!(field, Field::Header(1), "{name}: {value}");
    }
    assert_eq!(with(|websocket| websocket.subprotocol = "mqtt, x".to_owned()).0, Field::Subprotocol);
    fine(Protocol::Wss, |options| {
        options.websocket = WebsocketOptions {
            path: "/mqtt?token=a%20b&x=1".to_owned(),
            headers: pairs(&[("Authorization", "Bearer abc"), ("X-Empty", "")]),
            subprotocol: String::new(),
        };
    });
    fine(Protocol::Mqtt, |options| options.websocket.path = String::new());
}

#[test]
fn the_way_to_the_broker_is_checked() {
    for address in ["localhost", "192.168.0.256", "[::1]", "::1:80x"] {
        let (field, _) = wrong(Protocol::Mqtt, |options| options.network.bind_address = address.to_owned());
        assert_eq!(field, Field::BindAddress, "{address}");
    }
    for address in ["192.168.0.1", "::1"] {
        fine(Protocol::Mqtt, |options| options.network.bind_address = address.to_owned());
    }
    let network =
        |change: fn(&mut NetworkOptions)| wrong(Protocol::Mqtt, |options| change(&mut options.network)).0;
    assert_eq!(network(|network| network.connect_timeout_s = 0), Field::ConnectTimeout);
    assert_eq!(network(|network| network.answer_timeout_s = 0), Field::AnswerTimeout);
    assert_eq!(network(|network| network.proxy = Some(Proxy::default())), Field::ProxyHost);
    let proxy = |kind, host: &str, port, username: &str| {
        Some(Proxy { kind, host: host.to_owned(), port, username: username.to_owned() })
    };
    for (proxy, field) in [
        (proxy(ProxyKind::Http, "http://p", 1, ""), Field::ProxyHost),
        (proxy(ProxyKind::Http, "p", 0, ""), Field::ProxyPort),
        (proxy(ProxyKind::Http, "p", 1, "a:b"), Field::ProxyUsername),
        (proxy(ProxyKind::Http, "p", 1, "a\nb"), Field::ProxyUsername),
        (proxy(ProxyKind::Socks5, "p", 1, &"a".repeat(256)), Field::ProxyUsername),
    ] {
        assert_eq!(wrong(Protocol::Mqtt, |options| options.network.proxy = proxy).0, field);
    }
    fine(Protocol::Mqtt, |options| options.network.proxy = proxy(ProxyKind::Socks5, "::1", 1080, "a:b"));
}

#[test]
fn tls_is_checked_where_it_is_used() {
    let set = |change: fn(&mut TlsOptions)| {
        fine(Protocol::Ws, |options| change(&mut options.tls));
        wrong(Protocol::Mqtts, |options| change(&mut options.tls)).0
    };
    assert_eq!(set(|tls| tls.client_certificate = Some("".into())), Field::ClientCertificate);
    assert_eq!(set(|tls| tls.client_key = Some("key.pem".into())), Field::ClientCertificate);
    assert_eq!(set(|tls| tls.server_name = "a b".to_owned()), Field::ServerName);
    assert_eq!(set(|tls| tls.server_name = "h:8883".to_owned()), Field::ServerName);
    assert_eq!(set(|tls| tls.alpn = vec!["mqtt".to_owned(), String::new()]), Field::Alpn);
    assert_eq!(set(|tls| tls.alpn = vec!["a".repeat(256)]), Field::Alpn);
    let (field, _) = wrong(Protocol::Mqtts, |options| options.ca_certificate = Some("".into()));
    assert_eq!(field, Field::CaCertificate);
    fine(Protocol::Mqtts, |options| {
        options.tls.client_certificate = Some("both.p12".into());
        options.tls.server_name = "192.0.2.1".to_owned();
        options.tls.alpn = vec!["x-amzn-mqtt-ca".to_owned()];
    });
}

#[test]
fn each_bad_field_is_named_in_the_order_of_the_form() {
    let options = ConnectOptions {
        port: 0,
        username: "a\0".to_owned(),
        client_id: "x".repeat(70_000),
        subscriptions: vec![Subscription { filter: "a#".to_owned(), ..Subscription::default() }],
        mqtt5: Mqtt5Options { receive_max: Some(0), ..Mqtt5Options::default() },
        ..good(Protocol::Mqtt)
    };
    let fields: Vec<_> = check(&options).iter().map(|problem| problem.field).collect();
    assert_eq!(
        fields,
        [Field::Port, Field::Username, Field::ClientId, Field::ReceiveMaximum, Field::Subscription(0)]
    );
}

#[test]
fn a_kept_session_needs_a_client_id() {
    let found = wrong(Protocol::Mqtt, |options| options.clean_session = false);
    assert_eq!(found, (Field::ClientId, Issue::ClientIdMissing));
    fine(Protocol::Mqtt, |options| {
        options.clean_session = false;
        options.client_id = "me".to_owned();
    });
}

#[test]
fn what_only_mqtt_5_has_is_checked_where_mqtt_5_may_be_spoken() {
    let set = |change: fn(&mut ConnectOptions)| {
        fine(Protocol::Mqtt, |options| {
            options.version = MqttVersion::V3_1_1.into();
            change(options);
        });
        wrong(Protocol::Mqtt, change).0
    };
    assert_eq!(set(|options| options.mqtt5.receive_max = Some(0)), Field::ReceiveMaximum);
    assert_eq!(set(|options| options.mqtt5.packet_bytes_max = Some(63)), Field::MaximumPacketSize);
    assert_eq!(
        set(|options| options.mqtt5.user_properties = pairs(&[("a", "b"), ("c", "\0")])),
        Field::UserProperty(1)
    );
    for identifier in [0, SUBSCRIPTION_IDENTIFIER_MAX + 1] {
        let (field, _) =
            wrong(Protocol::Mqtt, |options| options.subscriptions[0].identifier = Some(identifier));
        assert_eq!(field, Field::SubscriptionIdentifier(0));
    }
    fine(Protocol::Mqtt, |options| {
        options.subscriptions[0].identifier = Some(SUBSCRIPTION_IDENTIFIER_MAX);
        options.mqtt5.packet_bytes_max = Some(PACKET_BYTES_MIN);
    });
    assert_eq!(
        set(|options| {
            options.subscriptions[0] =
                Subscription { no_local: true, ..Subscription::new("$share/g/#", QoS::AtMostOnce) };
        }),
        Field::Subscription(0)
    );
}

#[test]
fn a_will_has_one_exact_topic_and_a_payload_that_fits() {
    let will = |change: fn(&mut Will)| {
        let mut will = Will { topic: "gone".to_owned(), ..Will::default() };
        change(&mut will);
        wrong(Protocol::Mqtt, |options| options.will = Some(will)).0
    };
    assert_eq!(will(|will| will.topic = "a/#".to_owned()), Field::WillTopic);
    assert_eq!(will(|will| will.topic.clear()), Field::WillTopic);
    assert_eq!(will(|will| will.payload = "x".repeat(65_536)), Field::WillPayload);
    let property = |change: fn(&mut WillProperties)| {
        let mut will = Will { topic: "gone".to_owned(), ..Will::default() };
        change(&mut will.properties);
        wrong(Protocol::Mqtt, |options| options.will = Some(will)).0
    };
    assert_eq!(property(|will| will.content_type = Some("\0".to_owned())), Field::WillContentType);
    assert_eq!(property(|will| will.response_topic = Some("+".to_owned())), Field::WillResponseTopic);
    assert_eq!(property(|will| will.correlation_data = Some("x".repeat(65_536))), Field::WillCorrelationData);
    assert_eq!(property(|will| will.user_properties = pairs(&[("\0", "")])), Field::WillUserProperty(0));
    fine(Protocol::Mqtt, |options| {
        // A payload is bytes, so a NUL is allowed.
        options.will = Some(Will { topic: "t".to_owned(), payload: "a\0".to_owned(), ..Will::default() });
    });
}

#[test]
fn enhanced_authentication_needs_what_it_proves() {
    let scram = |username: &str, version: VersionChoice| ConnectOptions {
        username: username.to_owned(),
        authentication: Authentication::ScramSha256,
        version,
        ..good(Protocol::Mqtt)
    };
    let fields = |options: &ConnectOptions| check(options).iter().map(|p| p.field).collect::<Vec<_>>();
    assert_eq!(fields(&scram("ada", VersionChoice::Auto)), []);
    assert_eq!(fields(&scram("", VersionChoice::Auto)), [Field::Username]);
    assert_eq!(fields(&scram("ada", MqttVersion::V3_1_1.into())), [Field::Authentication]);
    for method in ["", "\0"] {
        let token = Authentication::Token { method: method.to_owned() };
        let (field, _) = wrong(Protocol::Mqtt, |options| options.authentication = token);
        assert_eq!(field, Field::AuthenticationMethod, "{method:?}");
    }
}

#[test]
fn what_is_unusual_but_works_is_not_marked() {
    fine(Protocol::Mqtt, |options| options.subscriptions.clear()); // only publishes
    fine(Protocol::Mqtt, |options| {
        options.subscriptions =
            ["#", "$SYS/#", "/", "$share/group/a/+"].map(|f| Subscription::new(f, QoS::AtMostOnce)).into();
    });
    // Disabled and perhaps unfinished.
    fine(Protocol::Mqtt, |options| {
        options.subscriptions[0] =
            Subscription { filter: String::new(), enabled: false, ..Subscription::default() };
    });
    for keep_alive_s in [0, 1, u16::MAX] {
        fine(Protocol::Mqtt, |options| options.keep_alive_s = keep_alive_s);
    }
    fine(Protocol::Mqtt, |options| options.ca_certificate = Some("".into())); // not used by mqtt
}

#[test]
fn what_an_older_version_does_not_send_is_a_hint_and_no_error() {
    let mut options = ConnectOptions {
        authentication: Authentication::Token { method: "JWT".to_owned() },
        mqtt5: Mqtt5Options {
            session_expiry_s: Some(60),
            request_problem_information: false,
            ..Mqtt5Options::default()
        },
        will: Some(Will {
            topic: "gone".to_owned(),
            properties: WillProperties { delay_interval_s: Some(5), ..WillProperties::default() },
            ..Will::default()
        }),
        subscriptions: vec![
            Subscription::default(),
            Subscription {
                retain_handling: RetainHandling::DoNotSend,
                identifier: Some(7),
                ..Subscription::default()
            },
        ],
        ..good(Protocol::Mqtt)
    };
    for version in [VersionChoice::Auto, MqttVersion::V5.into()] {
        options.version = version;
        assert_eq!(hints(&options), []);
    }
    options.version = MqttVersion::V3_1_1.into();
    assert_eq!(check(&options), []);
    let told: Vec<_> = hints(&options).iter().map(|hint| hint.field).collect();
    assert_eq!(
        told,
        [
            Field::Authentication,
            Field::SessionExpiry,
            Field::RequestProblemInformation,
            Field::WillDelay,
            Field::Subscription(1),
            Field::SubscriptionIdentifier(1),
        ]
    );
    assert_eq!(hints(&options)[0].issue, Issue::NotSentWith(MqttVersion::V3_1_1));
}

#[test]
fn a_long_client_id_is_pointed_out_with_mqtt_3_1() {
    let mut options = ConnectOptions { client_id: "x".repeat(24), ..good(Protocol::Mqtt) };
    assert_eq!(hints(&options), []);
    options.version = MqttVersion::V3_1.into();
    assert_eq!(hints(&options).iter().map(|hint| hint.field).collect::<Vec<_>>(), [Field::ClientId]);
}

#[test]
fn a_plain_connection_to_a_port_of_tls_is_noted() {
    let plain = |protocol, port| {
        let options = ConnectOptions { protocol, port, ..ConnectOptions::default() };
        hints(&options).into_iter().map(|hint| hint.issue).collect::<Vec<_>>()
    };
    assert_eq!(plain(Protocol::Mqtt, 8883), [Issue::PlainOnTlsPort(8883)]);
    assert_eq!(plain(Protocol::Ws, 443), [Issue::PlainOnTlsPort(443)]);
    assert_eq!(plain(Protocol::Mqtts, 8883), []);
    assert_eq!(plain(Protocol::Mqtt, 1883), []);
}
