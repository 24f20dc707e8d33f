//! What a failure says, in both languages.

use std::io;
use std::net::IpAddr;

use super::*;
use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{FileCause, Hint, MqttCause, Refusal, TcpAttempt, TlsCause};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::reason::{Reason, ReasonCode};
use crate::mqtt::trace::PacketKind;

const ENGLISH: Language = Language::English;

fn attempt(ip: &str, kind: Option<io::ErrorKind>) -> TcpAttempt {
    let ip: IpAddr = ip.parse().unwrap();
    TcpAttempt { ip, error: kind.map(|kind| (&io::Error::from(kind)).into()) }
}

fn tcp(host: &str, attempts: Vec<TcpAttempt>) -> Failure {
    Failure::new(Step::Tcp(Endpoint::new(host, 1883)), Cause::Tcp(attempts), Hint::NothingListens)
}

fn refused(version: MqttVersion, code: ReasonCode) -> Failure {
    let refusal = Refusal {
        reason: Reason::new(code, Some("we moved")),
        version,
        server_reference: Some("other.example:1883".to_owned()),
    };
    let step = Step::Connect(Endpoint::new("example.org", 1883));
    Failure::new(step, MqttCause::Refused(Box::new(refusal)), Hint::Reason(code))
}

#[test]
fn a_refused_port_names_the_step_the_port_and_the_addresses() {
    let refused = || vec![attempt("192.0.2.1", Some(io::ErrorKind::ConnectionRefused))];
    let told = failure(&tcp("example.org", refused()), ENGLISH);
    assert_eq!(
        failure_line(&tcp("example.org", refused()), ENGLISH),
        "TCP connection to example.org:1883: connection refused (192.0.2.1)"
    );
    assert!(told.hint.starts_with("Nothing listens"), "{told:?}");
    assert_eq!(failure(&tcp("192.0.2.1", refused()), ENGLISH).why, "connection refused");
    assert_eq!(
        failure_line(&tcp("example.org", refused()), Language::Chinese),
        "到 example.org:1883 的 TCP 连接：连接被拒绝（192.0.2.1）"
    );
}

#[test]
fn addresses_that_fail_differently_are_told_apart() {
    let unreachable = attempt("2001:db8::1", Some(io::ErrorKind::NetworkUnreachable));
    let told = failure(&tcp("h", vec![unreachable, attempt("192.0.2.1", None)]), ENGLISH);
    assert_eq!(told.why, "the network is unreachable (2001:db8::1); no answer (192.0.2.1)");
    let silent = vec![attempt("2001:db8::1", None), attempt("192.0.2.1", None)];
    assert_eq!(failure(&tcp("h", silent), ENGLISH).why, "no answer from 2001:db8::1 and 192.0.2.1");
}

#[test]
fn a_refusal_has_the_brokers_words_and_the_broker_that_it_names() {
    assert_eq!(
        failure_line(&refused(MqttVersion::V5, ReasonCode(0x9D)), ENGLISH),
        "CONNECT to example.org:1883: server moved (we moved); it names other.example:1883"
    );
    let old = failure(&refused(MqttVersion::V3_1_1, ReasonCode::NOT_AUTHORIZED), ENGLISH);
    assert!(old.why.starts_with("not authorized: the user name or the password is wrong"), "{old:?}");
    // A code of success in other packets, and one that no packet has.
    for code in [0x10, 0x42] {
        let why = failure(&refused(MqttVersion::V5, ReasonCode(code)), ENGLISH).why;
        let said =
            format!("reason code 0x{code:02X}, which the specification does not know (we moved); it names");
        assert!(why.starts_with(&said), "{why}");
    }
}

#[test]
fn a_packet_above_the_limit_is_named_with_both_sizes() {
    let cause = MqttCause::PacketTooLarge { kind: PacketKind::Publish, bytes: 20_000, bytes_max: 10_000 };
    let large = Failure::new(Step::Connection(Endpoint::new("h", 1883)), cause, Hint::RaisePacketSize);
    assert_eq!(
        failure(&large, ENGLISH).why,
        "Packet too large: PUBLISH of 20000 bytes; this connection allows 10000"
    );
}

#[test]
fn a_key_comes_with_the_command_that_converts_it() {
    let step = Step::ClientKey("old.key".into());
    let old = Failure::new(step, FileCause::OldEncryption, Hint::ConvertKey);
    assert_eq!(
        failure(&old, ENGLISH).hint,
        "Convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.key -out new.pem"
    );
}

#[test]
fn a_certificate_for_other_names_says_which() {
    let step = Step::TlsHandshake(Endpoint::new("h", 8883));
    let of = |names: &[&str]| {
        let names = names.iter().map(|name| (*name).to_owned()).collect();
        let cause = TlsCause::OtherName { name: "h".to_owned(), names };
        failure(&Failure::new(step.clone(), cause, Hint::CertificateName), ENGLISH).why
    };
    assert_eq!(of(&["a.test"]), "the broker's certificate is not for h, but for a.test");
    assert_eq!(of(&[]), "the broker's certificate is not for h, but for no name at all");
}

#[test]
fn a_text_of_another_program_becomes_a_clause() {
    let other = io::Error::from_raw_os_error(24); // too many open files
    let told = failure(&Failure::new(Step::Ping, &other, None), ENGLISH);
    assert!(!told.why.contains("os error") && told.why.starts_with(char::is_lowercase), "{told:?}");
}
