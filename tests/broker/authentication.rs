//! Enhanced authentication in MQTT 5: both sides prove their identity, and every failure is explained.

use std::io::{Read as _, Write as _};

use crossbeam_channel::bounded;
use mqttree::mqtt::options::{Authentication, ConnectOptions, MqttVersion, Secret, Secrets, VersionChoice};
use mqttree::mqtt::packet::{Auth, Incoming};
use mqttree::mqtt::reason::ReasonCode;
use mqttree::session::status::ConnectionState;

use crate::harness::packets::{connack, refusal, sent};

use crate::harness::{DEADLINE, FakeServer, Watched, Wrong, line, options, scram_server};

fn scram(port: u16) -> ConnectOptions {
    ConnectOptions {
        username: "anna".to_owned(),
        authentication: Authentication::ScramSha256,
        subscriptions: Vec::new(),
        ..options(port, MqttVersion::V5)
    }
}

#[test]
fn scram_lets_in_who_knows_the_password() {
    let server = scram_server("anna", "s3cret", Wrong::Nothing);
    let session = Watched::open_with(scram(server.port), "s3cret");
    session.wait("connected", |status| status.state.is_connected());
    session.assert_held();
}

#[test]
fn auto_does_not_fall_back_to_a_version_that_would_send_the_password() {
    let (sender, connects) = bounded(16);
    let server = FakeServer::start(move |stream| {
        let mut request = [0; 1024];
        let count = stream.read(&mut request).unwrap_or_default();
        sender.try_send(request[..count].to_vec()).ok();
        // A broker that knows only 3.1.1 refuses like this.
        stream.write_all(&refusal(MqttVersion::V3_1_1, 1)).ok();
    });
    let options = ConnectOptions { version: VersionChoice::Auto, ..scram(server.port) };
    let session = Watched::open_with(options, "s3cret");
    let failure = session.failure();
    assert!(failure.why.contains("unsupported protocol version"), "{failure:?}");
    // The first packet of the next attempt shows that there was no other attempt in between.
    for _ in 0..2 {
        let connect = connects.recv_timeout(DEADLINE).unwrap();
        assert_eq!(connect[4..9], *b"MQTT\x05", "{connect:?}");
        assert!(!connect.windows(6).any(|bytes| bytes == b"s3cret"));
    }
}

#[test]
fn a_wrong_password_is_said_and_not_tried_again() {
    let server = scram_server("anna", "s3cret", Wrong::Nothing);
    let session = Watched::open_with(scram(server.port), "guessed");
    let failure = session.failure();
    assert_eq!(line(&failure), format!("CONNECT to 127.0.0.1:{}: bad user name or password", server.port));
    session.wait("the session gives up", |status| status.state == ConnectionState::Disconnected);
    assert!(!session.describe().contains("guessed"), "no password in any text");
}

#[test]
fn a_broker_that_does_scram_wrong_is_not_believed() {
    for (wrong, why) in [
        (Wrong::Nonce, "the nonce in the broker's challenge does not continue ours"),
        (Wrong::Iterations(1), "the broker asks for \"1\" iterations; 4096 to 2000000 are acceptable"),
        (Wrong::Iterations(u32::MAX), "the broker asks for \"4294967295\" iterations"),
        (Wrong::Signature, "the broker does not know the password: its signature is wrong"),
        (Wrong::NoSignature, "the broker did not prove that it knows the password"),
        (Wrong::NoChallenge, "the broker skipped its challenge"),
        (Wrong::Method, "the broker goes on with another authentication method"),
        (Wrong::Error, "the broker says \"other-error\""),
    ] {
        let server = scram_server("anna", "s3cret", wrong);
        let session = Watched::open_with(scram(server.port), "s3cret");
        let failure = session.failure();
        assert_eq!(failure.what, format!("Authentication with 127.0.0.1:{}", server.port), "{wrong:?}");
        assert!(failure.why.contains(why), "{wrong:?}: {failure:?}");
        assert!(!session.describe().contains("s3cret"), "no password in any text");
    }
}

#[test]
fn a_token_is_sent_with_its_method_and_a_broker_that_wants_more_is_named() {
    let version = MqttVersion::V5;
    let more = Auth {
        reason: ReasonCode::CONTINUE_AUTHENTICATION,
        method: Some("jwt".to_owned()),
        data: b"?".to_vec(),
        reason_string: None,
    };
    for (answer, why) in [
        (connack(version), None),
        (sent(&Incoming::Auth(more), version), Some("the broker wants more than the token")),
        (refusal(version, 0x8C), Some("bad authentication method")),
    ] {
        let (sender, connects) = bounded(16);
        let server = FakeServer::start(move |stream| {
            let mut request = [0; 1024];
            let count = stream.read(&mut request).unwrap_or_default();
            sender.try_send(request[..count].to_vec()).ok();
            stream.write_all(&answer).ok();
            while stream.read(&mut request).is_ok_and(|count| count > 0) {}
        });
        let options = ConnectOptions {
            authentication: Authentication::Token { method: "jwt".to_owned() },
            ..scram(server.port)
        };
        let secrets = Secrets { token: Secret::new("t0ken"), ..Secrets::default() };
        let session = Watched::open_secretly(options, secrets);
        let connect = connects.recv_timeout(DEADLINE).unwrap();
        let wanted = b"\x15\x00\x03jwt\x16\x00\x05t0ken";
        assert!(connect.windows(wanted.len()).any(|window| window == wanted), "{connect:x?}");
        match why {
            None => drop(session.wait("connected", |status| status.state.is_connected())),
            Some(why) => assert!(session.failure().why.contains(why), "{}", session.describe()),
        }
        assert!(!session.describe().contains("t0ken"), "no token in any text");
    }
}
