//! TLS: an authority of one's own is trusted when chosen, and nothing unverified ever connects.

use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Protocol, Secrets};
use mqttree::session::status::{ConnectionState, Security};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tempfile::NamedTempFile;

use crate::harness::{Broker, Setup, Watched, dialled, mosquitto_pub, options};

/// An authority, its certificate as a file, and a broker with a certificate of it for these names.
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
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
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
fn an_unknown_authority_is_refused_and_said() {
    let secured = secured(&["127.0.0.1"]);
    for (name, why) in [
        ("somebody else", "the broker's certificate was issued by an authority that is not trusted here"),
        // As after an authority was made anew: the same name, another key.
        (
            "the authority of the tests",
            "the broker's certificate was not signed by the authority of that name that is trusted here",
        ),
    ] {
        let other = NamedTempFile::new().unwrap();
        std::fs::write(other.path(), authority(name).pem()).unwrap();
        for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
            let options = ConnectOptions {
                ca_certificate: Some(other.path().to_owned()),
                ..over_tls(&secured, version)
            };
            let failure = Watched::open(options).failure();
            assert_eq!(failure.what, format!("TLS handshake with 127.0.0.1:{}", secured.broker.port));
            assert_eq!(failure.why, why);
            assert!(failure.suggestion.contains("CA certificate"), "{failure:?}");
        }
    }
}

#[test]
fn a_certificate_for_another_name_is_refused_and_said() {
    let secured = secured(&["elsewhere.test"]);
    let failure = Watched::open(over_tls(&secured, MqttVersion::V5)).failure();
    assert_eq!(failure.why, "the broker's certificate is not for 127.0.0.1");
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
    for version in [MqttVersion::V3_1_1, MqttVersion::V5] {
        let failure = Watched::open(options(secured.broker.port, version)).failure();
        assert_eq!(failure.why, "the port speaks TLS", "{failure:?}");
        assert!(failure.suggestion.contains("mqtts"), "{failure:?}");
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
    assert!(failure.what.contains(&file.path().display().to_string()), "{failure}");
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
