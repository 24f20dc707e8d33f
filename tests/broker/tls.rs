//! TLS: a private authority is trusted when chosen, and nothing unverified ever connects.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::sync::Arc;

use mqttree::mqtt::failure::TlsCause;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Protocol, Secrets, TlsOptions, TlsVersions};
use mqttree::mqtt::step::{Step, StepOutcome, Warning};
use mqttree::session::connection_log::LogEvent;
use mqttree::session::status::{ConnectionState, Security};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::NamedTempFile;

use crate::harness::packets::connack;
use crate::harness::{Authority, Broker, Dialled, Pair, Setup, Watched, dialled, mosquitto_pub, options};

/// An authority, its certificate file, and a broker with a certificate it issued for these names.
struct Secured {
    broker: Broker,
    ca: NamedTempFile,
}

fn authority(name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

fn secured(names: &[&str]) -> Secured {
    let authority = authority("the authority of the tests");
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &authority).unwrap();
    let ca = NamedTempFile::new().unwrap();
    std::fs::write(ca.path(), authority.pem()).unwrap();
    let tls = Some((certificate.pem(), key.serialize_pem()));
    Secured { broker: Broker::with(&Setup { tls, ..Setup::default() }), ca }
}

fn over_tls(secured: &Secured, version: MqttVersion) -> ConnectOptions {
    ConnectOptions {
        protocol: Protocol::Mqtts,
        ca_certificate: Some(secured.ca.path().to_owned()),
        ..options(secured.broker.port, version)
    }
}

#[test]
fn an_authority_of_ones_own_is_trusted_when_it_is_chosen() {
    let secured = secured(&["127.0.0.1", "localhost"]);
    for version in MqttVersion::ALL {
        for host in ["127.0.0.1", "localhost"] {
            let options = ConnectOptions { host: host.to_owned(), ..over_tls(&secured, version) };
            let session = Watched::connected(options);
            assert!(matches!(
                session.status().state,
                ConnectionState::Connected { security: Security::Verified, .. }
            ));
            let ca = secured.ca.path().display().to_string();
            mosquitto_pub(secured.broker.port, &["--cafile", &ca, "-t", "secured", "-m", host]);
            session.wait_for_payload("secured", host.as_bytes());
        }
    }
}

#[test]
fn without_the_check_of_the_host_name_the_authority_is_checked_all_the_same() {
    let secured = secured(&["another.example"]);
    let mut options = over_tls(&secured, MqttVersion::V5);
    options.tls.verify_host = false;
    let session = Watched::connected(options.clone());
    let status = session.status();
    assert!(matches!(status.state, ConnectionState::Connected { security: Security::Unverified, .. }));

    let foreign = NamedTempFile::new().unwrap();
    std::fs::write(foreign.path(), authority("another authority").pem()).unwrap();
    options.ca_certificate = Some(foreign.path().to_owned());
    let failure = dialled(&options, &Secrets::default()).failure();
    assert!(failure.what.starts_with("TLS"), "{failure:?}");
}

#[test]
fn a_broker_that_is_not_checked_is_marked_as_not_verified() {
    let secured = secured(&["another.example"]);
    let mut options = over_tls(&secured, MqttVersion::V5);
    options.ca_certificate = None;
    options.tls.verify = false;
    let session = Watched::connected(options);
    let status = session.status();
    assert!(matches!(status.state, ConnectionState::Connected { security: Security::Unverified, .. }));
    assert!(status.tls.as_ref().is_some_and(|tls| tls.version.starts_with("TLS 1.") && !tls.verified));
    let said = |event: &LogEvent| matches!(event, LogEvent::Connected(welcome) if welcome.tls.as_ref().is_some_and(|tls| !tls.verified));
    assert_eq!(session.logged(said), 1, "{}", session.describe());
}

#[test]
fn an_unknown_authority_is_refused_and_said() {
    let secured = secured(&["127.0.0.1"]);
    for (name, why) in [
        ("somebody else", "the broker's certificate was issued by an authority that is not trusted here"),
        // As if the authority had been recreated: the same name with another key.
        (
            "the authority of the tests",
            "the broker's certificate was not signed by the authority of that name that is trusted here",
        ),
    ] {
        let other = NamedTempFile::new().unwrap();
        std::fs::write(other.path(), authority(name).pem()).unwrap();
        for version in MqttVersion::ALL {
            let options = ConnectOptions {
                ca_certificate: Some(other.path().to_owned()),
                ..over_tls(&secured, version)
            };
            let failure = Watched::open(options).failure();
            assert_eq!(failure.what, format!("TLS handshake with 127.0.0.1:{}", secured.broker.port));
            assert_eq!(failure.why, why);
            assert!(failure.hint.contains("CA certificate"), "{failure:?}");
        }
    }
}

#[test]
fn a_certificate_for_another_name_is_refused_and_said() {
    let secured = secured(&["elsewhere.test"]);
    let failure = Watched::open(over_tls(&secured, MqttVersion::V5)).failure();
    assert_eq!(failure.why, "the broker's certificate is not for 127.0.0.1, but for elsewhere.test");
    let dialled = dialled(&over_tls(&secured, MqttVersion::V5), &Secrets::default());
    assert_eq!(
        dialled.failure().why,
        "the broker's certificate is not for 127.0.0.1, but for elsewhere.test"
    );
    assert!(dialled.details("TLS handshake").contains("certificate 1: for elsewhere.test"));
}

#[test]
fn a_port_with_tls_is_recognised_without_it() {
    let secured = secured(&["127.0.0.1"]);
    for version in MqttVersion::ALL {
        let failure = Watched::open(options(secured.broker.port, version)).failure();
        assert_eq!(failure.why, "the port speaks TLS", "{failure:?}");
        assert!(failure.hint.contains("mqtts"), "{failure:?}");
    }
}

#[test]
fn a_ca_file_that_is_none_is_refused_by_name() {
    let file = NamedTempFile::new().unwrap();
    let options = ConnectOptions {
        protocol: Protocol::Mqtts,
        ca_certificate: Some(file.path().to_owned()),
        ..options(1, MqttVersion::V5)
    };
    let failure = Watched::open(options).failure();
    assert!(failure.what.contains(&file.path().display().to_string()), "{failure:?}");
}

#[test]
fn a_handshake_shows_how_it_is_encrypted_and_by_whom() {
    let secured = secured(&["127.0.0.1", "localhost"]);
    let dialled = dialled(&over_tls(&secured, MqttVersion::V5), &Secrets::default());
    let tls = dialled.tls();
    assert_eq!((tls.version.as_str(), tls.verified), ("TLS 1.3", true));
    assert!(tls.cipher.starts_with("TLS13_"), "{tls:?}");
    assert_eq!(tls.chain[0].names, ["127.0.0.1", "localhost"]);
    let details = dialled.details("TLS handshake");
    assert!(details.contains("issued by CN=the authority of the tests"), "{details}");
    assert!(dialled.details("Reading certificates").contains("1 CA certificate trusted of"));
}

/// A broker with this certificate and key, and the failure of a client that trusts the authority.
fn refusal(authority: &Authority, pair: &Pair) -> (Broker, Dialled) {
    let broker = with_certificate(pair);
    let options = trusting(authority, &broker);
    let dialled = dialled(&options, &Secrets::default());
    (broker, dialled)
}

fn with_certificate(pair: &Pair) -> Broker {
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let tls = Some((read(&pair.certificate), read(&pair.key)));
    Broker::with(&Setup { tls, ..Setup::default() })
}

fn trusting(authority: &Authority, broker: &Broker) -> ConnectOptions {
    ConnectOptions {
        protocol: Protocol::Mqtts,
        ca_certificate: Some(authority.ca()),
        ..options(broker.port, MqttVersion::V3_1_1)
    }
}

#[test]
fn a_certificate_out_of_its_time_is_refused_with_the_date() {
    let authority = Authority::new("the authority of the tests");
    let old = authority.issue_with("old", &["127.0.0.1"], |params| {
        params.not_before = rcgen::date_time_ymd(2019, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 2, 3);
    });
    let (_broker, expired) = refusal(&authority, &old);
    assert_eq!(expired.failure().why, "the broker's certificate has expired on 2020-02-03 00:00 UTC");
    assert!(expired.failure().hint.contains("clock"), "{:?}", expired.failure());
    let details = expired.details("TLS handshake");
    assert!(details.contains("valid from 2019-01-01 00:00 UTC until 2020-02-03 00:00 UTC"), "{details}");

    let new = authority.issue_with("new", &["127.0.0.1"], |params| {
        params.not_before = rcgen::date_time_ymd(2999, 1, 1);
        params.not_after = rcgen::date_time_ymd(3000, 1, 1);
    });
    let (_broker, early) = refusal(&authority, &new);
    assert_eq!(early.failure().why, "the broker's certificate is not valid before 2999-01-01 00:00 UTC");
}

#[test]
fn a_self_signed_certificate_is_refused_and_trusted_when_it_is_chosen() {
    let authority = Authority::new("the authority of the tests");
    let own = authority.self_signed("own", &["127.0.0.1"]);
    let (broker, dialled_first) = refusal(&authority, &own);
    let failure = dialled_first.failure();
    assert_eq!(failure.why, "the broker's certificate is self-signed and not trusted here");
    assert!(failure.hint.contains("choose that certificate as CA certificate"), "{failure:?}");

    let options =
        ConnectOptions { ca_certificate: Some(own.certificate.clone()), ..trusting(&authority, &broker) };
    assert!(dialled(&options, &Secrets::default()).tls().verified);
    // Even a chosen certificate must match the host.
    let elsewhere = ConnectOptions { host: "localhost".to_owned(), ..options };
    let failure = dialled(&elsewhere, &Secrets::default()).failure();
    assert_eq!(failure.why, "the broker's certificate is not for localhost, but for 127.0.0.1");
}

#[test]
fn the_certificate_that_openssl_makes_by_default_is_trusted_when_it_is_chosen() {
    let authority = Authority::new("unused");
    authority.openssl("req -x509 -newkey rsa:2048 -nodes -subj /CN=broker -addext subjectAltName=IP:127.0.0.1 -keyout own.key -out own.pem");
    let own = Pair { certificate: authority.path("own.pem"), key: authority.path("own.key") };
    let (broker, refused) = refusal(&authority, &own);
    let why = &refused.failure().why;
    assert!(why.contains("self-signed") || why.contains("authority's certificate as its own"), "{why}");
    let options = ConnectOptions { ca_certificate: Some(own.certificate), ..trusting(&authority, &broker) };
    assert!(dialled(&options, &Secrets::default()).tls().verified);
}

#[test]
fn a_certificate_of_version_1_is_named_as_such() {
    let authority = Authority::new("unused");
    let one = authority.version_1("one");
    let (_broker, refused) = refusal(&authority, &one);
    assert!(refused.failure().why.contains("version 1"), "{:?}", refused.failure());
}

#[test]
fn an_unchecked_connection_says_what_it_believes() {
    let authority = Authority::new("a stranger");
    let broker = with_certificate(&authority.issue("server", &["elsewhere.test"]));
    let tls = TlsOptions { verify: false, ..TlsOptions::default() };
    let options = ConnectOptions { tls, ca_certificate: None, ..trusting(&authority, &broker) };
    let dialled = dialled(&options, &Secrets::default());
    let info = dialled.tls();
    assert!(!info.verified);
    assert_eq!(info.distrust, Some(TlsCause::Untrusted));
    assert_eq!(info.chain[0].names, ["elsewhere.test"]);
    let step = dialled.steps.iter().find(|taken| matches!(taken.step, Step::TlsHandshake(_))).unwrap();
    assert_eq!(step.outcome, StepOutcome::Warning(Warning::Unchecked(Some(TlsCause::Untrusted))));
}

#[test]
fn only_the_version_that_was_chosen_is_spoken() {
    let authority = Authority::new("the authority of the tests");
    let pair = authority.issue("server", &["127.0.0.1"]);
    let broker = with_certificate(&pair);
    let speak = |broker: &Broker, versions| {
        let tls = TlsOptions { versions, ..TlsOptions::default() };
        dialled(&ConnectOptions { tls, ..trusting(&authority, broker) }, &Secrets::default())
    };
    assert_eq!(speak(&broker, TlsVersions::Only1_2).tls().version, "TLS 1.2");
    assert_eq!(speak(&broker, TlsVersions::Only1_3).tls().version, "TLS 1.3");

    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    let tls = Some((read(&pair.certificate), read(&pair.key)));
    let new = Broker::with(&Setup { tls, listeners: "tls_version tlsv1.3\n".to_owned(), ..Setup::default() });
    let failure = speak(&new, TlsVersions::Only1_2).failure();
    assert_eq!(failure.why, "the broker and this program have no TLS version in common");
    assert_eq!(speak(&new, TlsVersions::Any).tls().version, "TLS 1.3");
}

/// A TLS server with ALPN for one connection. Reports the server name it was asked for.
fn alpn_server(
    authority: &Authority,
    protocol: &'static [u8],
) -> (u16, std::thread::JoinHandle<Option<String>>) {
    let pair = authority.issue("alpn", &["127.0.0.1", "broker.test"]);
    let chain = vec![CertificateDer::from_pem_file(&pair.certificate).unwrap()];
    let key = PrivateKeyDer::from_pem_file(&pair.key).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    config.alpn_protocols = vec![protocol.to_vec()];
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let serve = move || {
        let mut socket = listener.accept().unwrap().0;
        let mut connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut stream = rustls::Stream::new(&mut connection, &mut socket);
        let mut connect = [0; 14];
        if stream.read_exact(&mut connect).is_ok() {
            stream.write_all(&connack(MqttVersion::V3_1_1)).unwrap();
        }
        connection.server_name().map(str::to_owned)
    };
    (port, std::thread::Builder::new().name("alpn-server".to_owned()).spawn(serve).unwrap())
}

#[test]
fn alpn_and_the_server_name_are_sent() {
    let authority = Authority::new("the authority of the tests");
    let options = |port, alpn: &str| ConnectOptions {
        protocol: Protocol::Mqtts,
        ca_certificate: Some(authority.ca()),
        tls: TlsOptions {
            alpn: vec![alpn.to_owned()],
            server_name: "broker.test".to_owned(),
            ..TlsOptions::default()
        },
        ..options(port, MqttVersion::V3_1_1)
    };
    let (port, server) = alpn_server(&authority, b"x-amzn-mqtt-ca");
    let dialled_well = dialled(&options(port, "x-amzn-mqtt-ca"), &Secrets::default());
    assert_eq!(dialled_well.tls().alpn.as_deref(), Some("x-amzn-mqtt-ca"));
    assert_eq!(server.join().unwrap().as_deref(), Some("broker.test"));

    let (port, _server) = alpn_server(&authority, b"http/1.1");
    let failure = dialled(&options(port, "mqtt"), &Secrets::default()).failure();
    assert!(failure.why.contains("none of the application protocols"), "{failure:?}");
}

#[test]
fn the_keys_go_to_the_file_that_the_environment_names() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("keys");
    let output = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "tls::a_handshake_shows_how_it_is_encrypted_and_by_whom"])
        .env("SSLKEYLOGFILE", &file)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let keys = std::fs::read_to_string(file).unwrap();
    assert!(keys.contains("CLIENT_TRAFFIC_SECRET_0 "), "{keys}");
}
