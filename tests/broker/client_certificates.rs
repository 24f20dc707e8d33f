//! Client certificates and keys in every common format, with a broker that requires one; and what is reported about an
//! unusable file before anything is sent.

use std::path::Path;

use mqttree::mqtt::options::{
    ConnectOptions, MqttVersion, Protocol, Secret, Secrets, TlsOptions, TlsVersions,
};
use mqttree::session::connection_log::{Halt, LogEvent};
use mqttree::session::status::ConnectionState;
use mqttree::words::Told;

use crate::harness::{Authority, Broker, Dialled, Pair, Setup, Watched, dialled, logged, options};

/// A broker that requires a certificate from this authority.
struct Strict {
    broker: Broker,
    authority: Authority,
    client: Pair,
}

fn strict() -> Strict {
    let authority = Authority::new("the authority of the tests");
    let server = authority.issue("server", &["127.0.0.1"]);
    let client = authority.issue("client", &["client.test"]);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    // These lines continue the options of the first listener.
    let listeners = format!("cafile {}\nrequire_certificate true\n", authority.ca().display());
    let tls = Some((read(&server.certificate), read(&server.key)));
    let broker = Broker::with(&Setup { tls, listeners, ..Setup::default() });
    Strict { broker, authority, client }
}

impl Strict {
    fn options(&self, tls: TlsOptions) -> ConnectOptions {
        ConnectOptions {
            protocol: Protocol::Mqtts,
            ca_certificate: Some(self.authority.ca()),
            tls,
            ..options(self.broker.port, MqttVersion::V3_1_1)
        }
    }

    fn dial(&self, certificate: Option<&Path>, key: Option<&Path>, passphrase: &str) -> Dialled {
        let tls = TlsOptions {
            client_certificate: certificate.map(Path::to_owned),
            client_key: key.map(Path::to_owned),
            ..TlsOptions::default()
        };
        let secrets = Secrets { key_passphrase: Secret::new(passphrase), ..Secrets::default() };
        dialled(&self.options(tls), &secrets)
    }

    /// The failure for a key that is rejected before any network access.
    fn refused_key(&self, key: &Path, passphrase: &str) -> Told {
        let dialled = self.dial(Some(&self.client.certificate), Some(key), passphrase);
        assert_eq!(dialled.steps.len(), 1, "nothing is sent: {:#?}", dialled.steps);
        let failure = dialled.failure();
        assert_eq!(failure.what, format!("Reading the client key {}", key.display()));
        failure
    }
}

#[test]
fn a_key_in_every_form_opens_the_door() {
    let strict = strict();
    let authority = &strict.authority;
    let certificate = strict.client.certificate.as_path();
    for (file, arguments) in [
        ("pkcs8.der", "pkey -in client.key -outform der -out pkcs8.der"),
        ("sec1.pem", "ec -in client.key -out sec1.pem"),
        ("sec1.der", "ec -in client.key -outform der -out sec1.der"),
        ("pbes2.pem", "pkcs8 -topk8 -in client.key -out pbes2.pem -passout pass:secret"),
        ("pbes2.der", "pkcs8 -topk8 -in client.key -outform der -out pbes2.der -passout pass:secret"),
        (
            "3des.pem",
            "pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA1 -in client.key -out 3des.pem -passout pass:secret",
        ),
        ("traditional-128.pem", "ec -in client.key -aes128 -out traditional-128.pem -passout pass:secret"),
        ("traditional-256.pem", "ec -in client.key -aes256 -out traditional-256.pem -passout pass:secret"),
        ("traditional-des.pem", "ec -in client.key -des3 -out traditional-des.pem -passout pass:secret"),
        ("scrypt.pem", "pkcs8 -topk8 -scrypt -in client.key -out scrypt.pem -passout pass:secret"),
    ] {
        authority.openssl(arguments);
        let dialled = strict.dial(Some(certificate), Some(&authority.path(file)), "secret");
        let tls = dialled.tls();
        assert!(tls.client_certificate_wanted, "{file}");
    }
    authority.openssl("x509 -in client.pem -outform der -out client.der");
    let der = authority.path("client.der");
    let details = strict.dial(Some(&der), Some(&strict.client.key), "").details("Reading certificates");
    assert!(
        details.contains("client certificate: subject CN=client, issued by CN=the authority"),
        "{details}"
    );
}

#[test]
fn an_rsa_key_works_bare_and_in_pkcs_8() {
    let strict = strict();
    let authority = &strict.authority;
    authority.openssl("genrsa -traditional -out rsa.key 2048");
    let key = rcgen::KeyPair::from_pem(&{
        authority.openssl("pkcs8 -topk8 -nocrypt -in rsa.key -out rsa8.key");
        std::fs::read_to_string(authority.path("rsa8.key")).unwrap()
    })
    .unwrap();
    let pair = authority.issue_for("rsa", &key);
    for file in ["rsa.key", "rsa8.key"] {
        strict.dial(Some(&pair), Some(&authority.path(file)), "").tls();
    }
}

#[test]
fn one_file_may_hold_both() {
    let strict = strict();
    let authority = &strict.authority;
    let both =
        [&strict.client.certificate, &strict.client.key].map(|path| std::fs::read(path).unwrap()).concat();
    strict.dial(Some(&authority.write("both.pem", &both)), None, "").tls();
    for (file, arguments) in [
        (
            "aes.p12",
            "pkcs12 -export -in client.pem -inkey client.key -certfile ca.pem -out aes.p12 -passout pass:secret",
        ),
        (
            "old.p12",
            "pkcs12 -export -legacy -in client.pem -inkey client.key -out old.p12 -passout pass:secret",
        ),
    ] {
        authority.openssl(arguments);
        let file = authority.path(file);
        strict.dial(Some(&file), None, "secret").tls();
        for (passphrase, why) in
            [("wrong", "the passphrase is wrong"), ("", "it is encrypted, and there is no passphrase")]
        {
            assert_eq!(strict.dial(Some(&file), None, passphrase).failure().why, why);
        }
    }
}

#[test]
fn a_passphrase_that_is_wrong_or_missing_is_said_before_anything_is_sent() {
    let strict = strict();
    for command in ["pkcs8 -topk8 -in client.key", "ec -aes192 -in client.key"] {
        strict.authority.openssl(&format!("{command} -out locked.key -passout pass:secret"));
        let key = strict.authority.path("locked.key");
        for wrong in ["wrong", "hunter2", "123"] {
            let failure = strict.refused_key(&key, wrong);
            assert_eq!(failure.why, "the passphrase is wrong");
            assert!(!failure.hint.contains(wrong), "{failure:?}");
        }
        let missing = strict.refused_key(&key, "");
        assert_eq!(missing.why, "it is encrypted, and there is no passphrase");
        assert_eq!(missing.hint, "Type the key's passphrase.");
    }
}

#[test]
fn a_key_of_another_certificate_is_found_before_anything_is_sent() {
    let strict = strict();
    let other = strict.authority.issue("other", &["other.test"]);
    let failure = strict.refused_key(&other.key, "");
    let certificate = strict.client.certificate.display();
    assert_eq!(failure.why, format!("the key does not belong to the certificate {certificate}"));
}

#[test]
fn a_key_that_cannot_be_opened_comes_with_the_command_that_converts_it() {
    let strict = strict();
    let authority = &strict.authority;
    authority.openssl("pkcs8 -topk8 -v1 PBE-SHA1-3DES -in client.key -out pbes1.key -passout pass:secret");
    let failure = strict.refused_key(&authority.path("pbes1.key"), "secret");
    assert!(failure.why.contains("encrypted in an old way"), "{failure:?}");
    let command = failure.hint.strip_prefix("Convert it: openssl ").unwrap();
    // The suggested command works.
    authority.openssl(&format!("{command} -passin pass:secret -passout pass:new"));
    strict.dial(Some(&strict.client.certificate), Some(&authority.path("new.pem")), "new").tls();
}

#[test]
fn files_that_are_something_else_are_refused_by_name() {
    let strict = strict();
    let noise = strict.authority.write("noise", b"0\x82\x01\x00 nothing");
    assert!(strict.refused_key(&noise, "").why.contains("neither PEM nor"));
    let text = strict.authority.write("text", b"hello");
    assert!(strict.refused_key(&text, "").why.contains("neither PEM nor"));
    let failure = strict.refused_key(&strict.client.certificate, "");
    assert_eq!(failure.why, "there is no private key in it");
    let swapped = strict.dial(Some(&strict.client.key), Some(&strict.client.key), "");
    assert_eq!(swapped.failure().why, "there is no certificate in it");
}

#[test]
fn a_broker_that_requires_a_certificate_says_so_in_every_version_of_tls() {
    let strict = strict();
    for versions in TlsVersions::ALL {
        let options = strict.options(TlsOptions { versions, ..TlsOptions::default() });
        let failure = dialled(&options, &Secrets::default()).failure();
        assert!(failure.what.starts_with("TLS handshake with"), "{failure:?}");
        // OpenSSL's TLS 1.2 alert says only that something failed.
        let words = ["the broker requires a client certificate", "the broker refused the handshake"];
        assert!(words.contains(&failure.why.as_str()), "{versions:?}: {failure:?}");
        assert!(failure.hint.to_lowercase().contains("client certificate"), "{failure:?}");
    }
}

#[test]
fn a_certificate_of_an_authority_that_the_broker_does_not_know_is_said() {
    let strict = strict();
    let stranger = Authority::new("a stranger");
    let stranger_pair = stranger.issue("stranger", &["client.test"]);
    for versions in TlsVersions::ALL {
        let tls = TlsOptions {
            client_certificate: Some(stranger_pair.certificate.clone()),
            client_key: Some(stranger_pair.key.clone()),
            versions,
            ..TlsOptions::default()
        };
        let failure = dialled(&strict.options(tls), &Secrets::default()).failure();
        let why = "the broker does not trust the authority that issued the client certificate";
        assert_eq!(failure.why, why, "{versions:?}");
    }
}

#[test]
fn a_session_connects_with_a_client_certificate_in_every_version() {
    let strict = strict();
    let tls = TlsOptions {
        client_certificate: Some(strict.client.certificate.clone()),
        client_key: Some(strict.client.key.clone()),
        ..TlsOptions::default()
    };
    for version in MqttVersion::ALL {
        let options = ConnectOptions { version: version.into(), ..strict.options(tls.clone()) };
        let session = Watched::connected(options);
        let state = &session.status().state;
        assert!(
            matches!(state, ConnectionState::Connected { version: spoken, .. } if *spoken == version),
            "{state:?}"
        );
    }
}

#[test]
fn what_will_fail_again_is_not_tried_again_by_itself() {
    let strict = strict();
    strict.authority.openssl("pkcs8 -topk8 -in client.key -out locked.key -passout pass:secret");
    let tls = TlsOptions {
        client_certificate: Some(strict.client.certificate.clone()),
        client_key: Some(strict.authority.path("locked.key")),
        ..TlsOptions::default()
    };
    let secrets = Secrets { key_passphrase: Secret::new("wrong"), ..Secrets::default() };
    let session = Watched::open_secretly(strict.options(tls), secrets);
    assert_eq!(session.failure().why, "the passphrase is wrong");
    session.wait("it waits for the person", |status| {
        status.state == ConnectionState::Disconnected
            && logged(status, |event| *event == LogEvent::Halted(Halt::FailsAgain)) == 1
    });
}
