//! Connections through proxies of both kinds, with and without a password, and the texts shown when they refuse.

use mqttree::mqtt::options::{
    ConnectOptions, MqttVersion, NetworkOptions, Protocol, Proxy, ProxyKind, Secret, Secrets,
};
use mqttree::words::Told;

use crate::harness::packets::connack;

use crate::harness::{
    Authority, Broker, Dialled, FakeServer, Setup, Watched, dialled, free_port, http_proxy, line,
    mosquitto_pub, options, refusing_socks_proxy, socks_proxy,
};

fn through(kind: ProxyKind, proxy_port: u16, host: &str, port: u16, user: &str) -> ConnectOptions {
    let proxy = Proxy { kind, host: "127.0.0.1".to_owned(), port: proxy_port, username: user.to_owned() };
    ConnectOptions {
        host: host.to_owned(),
        network: NetworkOptions { proxy: Some(proxy), ..NetworkOptions::default() },
        ..options(port, MqttVersion::V3_1_1)
    }
}

fn dial(options: &ConnectOptions, password: &str) -> Dialled {
    dialled(options, &Secrets { proxy_password: Secret::new(password), ..Secrets::default() })
}

fn failure(options: &ConnectOptions, password: &str) -> Told {
    dial(options, password).failure()
}

#[test]
fn a_proxy_finds_a_host_that_only_it_knows() {
    let broker = Broker::start();
    let host = "only-the-proxy-knows.test";
    for (kind, (proxy, asked)) in
        [(ProxyKind::Http, http_proxy(None)), (ProxyKind::Socks5, socks_proxy(None))]
    {
        let dialled = dial(&through(kind, proxy.port, host, broker.port, ""), "");
        assert!(dialled.result.is_ok(), "{:#?}", dialled.steps);
        assert_eq!(*asked.lock(), [format!("{host}:{}", broker.port)]);
        let step = format!("Proxy connection to {host}:{} through 127.0.0.1:{}", broker.port, proxy.port);
        assert!(dialled.details(&step).contains("the proxy resolves the host"));
    }
}

#[test]
fn a_proxy_wants_the_right_password() {
    let broker = Broker::start();
    // ada:lovelace
    let http = http_proxy(Some("YWRhOmxvdmVsYWNl")).0;
    let socks = socks_proxy(Some(("ada", "lovelace"))).0;
    for (kind, proxy) in [(ProxyKind::Http, http), (ProxyKind::Socks5, socks)] {
        let with = |user: &str| through(kind, proxy.port, "127.0.0.1", broker.port, user);
        assert!(dial(&with("ada"), "lovelace").result.is_ok());
        let wrong = failure(&with("ada"), "hunter2");
        assert!(
            wrong.why.starts_with("the proxy does not accept the user name or the password"),
            "{wrong:?}"
        );
        let missing = failure(&with(""), "");
        assert!(missing.why.starts_with("the proxy wants a user name and a password"), "{missing:?}");
        for failure in [wrong, missing] {
            assert!(!format!("{failure:?}").contains("hunter2"));
        }
    }
}

#[test]
fn what_the_proxy_cannot_reach_is_said() {
    let port = free_port();
    let (http, socks) = (http_proxy(None).0, socks_proxy(None).0);
    let refused = failure(&through(ProxyKind::Http, http.port, "127.0.0.1", port, ""), "");
    assert_eq!(refused.why, "the proxy cannot reach the broker (502 Bad Gateway)");
    let refused = failure(&through(ProxyKind::Socks5, socks.port, "127.0.0.1", port, ""), "");
    assert_eq!(refused.why, "the broker refuses the proxy's connection");
}

#[test]
fn every_reply_of_socks5_has_words_of_its_own() {
    let mut words = std::collections::BTreeSet::new();
    for reply in 1..=8 {
        let proxy = refusing_socks_proxy(reply);
        let failure = failure(&through(ProxyKind::Socks5, proxy.port, "127.0.0.1", 1883, ""), "");
        assert!(failure.why.contains("proxy") && !failure.hint.is_empty(), "{reply}: {failure:?}");
        words.insert(failure.why);
    }
    assert_eq!(words.len(), 8, "{words:?}");
}

#[test]
fn what_is_no_proxy_is_said() {
    for kind in ProxyKind::ALL {
        let to = |port| through(kind, port, "127.0.0.1", 1883, "");
        let closed = failure(&to(FakeServer::closing().port), "");
        assert!(closed.what.starts_with("Proxy connection to 127.0.0.1:1883"), "{closed:?}");
        let garbage = failure(&to(FakeServer::answering(&[connack(MqttVersion::V3_1_1)]).port), "");
        assert!(garbage.hint.contains("Check the proxy's host and port"), "{garbage:?}");
        let port = free_port();
        let nothing = failure(&to(port), "");
        assert_eq!(line(&nothing), format!("TCP connection to 127.0.0.1:{port}: connection refused"));
    }
    let plain = FakeServer::http();
    let failure = failure(&through(ProxyKind::Http, plain.port, "127.0.0.1", 1883, ""), "");
    assert_eq!(failure.why, "the proxy does not understand CONNECT (400 Bad Request)");
}

#[test]
fn a_proxy_that_never_answers_ends_after_the_timeout() {
    let silent = FakeServer::silent();
    for kind in ProxyKind::ALL {
        let mut options = through(kind, silent.port, "127.0.0.1", 1883, "");
        options.network.connect_timeout_s = 1;
        let failure = failure(&options, "");
        assert!(failure.what.starts_with("Proxy connection"), "{failure:?}");
        assert_eq!(failure.why, "no answer within 1 s");
    }
}

#[test]
fn a_session_runs_through_a_proxy_in_every_version() {
    let broker = Broker::start();
    for (kind, proxy) in [(ProxyKind::Http, http_proxy(None).0), (ProxyKind::Socks5, socks_proxy(None).0)] {
        for version in MqttVersion::ALL {
            let options = ConnectOptions {
                version: version.into(),
                ..through(kind, proxy.port, "only-the-proxy-knows.test", broker.port, "")
            };
            let session = Watched::connected(options);
            mosquitto_pub(broker.port, &["-t", "over", "-m", version.name()]);
            session.wait_for_payload("over", version.name().as_bytes());
        }
    }
}

#[test]
fn tls_goes_through_a_proxy() {
    let authority = Authority::new("the authority of the tests");
    let server = authority.issue("server", &["only-the-proxy-knows.test"]);
    let read = |path: &std::path::Path| std::fs::read_to_string(path).unwrap();
    let tls = Some((read(&server.certificate), read(&server.key)));
    let broker = Broker::with(&Setup { tls, ..Setup::default() });
    let proxy = socks_proxy(None).0;
    let options = ConnectOptions {
        protocol: Protocol::Mqtts,
        ca_certificate: Some(authority.ca()),
        ..through(ProxyKind::Socks5, proxy.port, "only-the-proxy-knows.test", broker.port, "")
    };
    assert!(dial(&options, "").tls().verified);
}
