//! What went wrong on a link, from the client crate's errors to the three lines that a person reads.
//!
//! Every text names the host and port, the step that failed, the reason in words and what may help.

use std::io;

use rumqttc::TlsError;
use rustls::{AlertDescription, CertificateError, InvalidMessage};

use crate::mqtt::failure::Failure;
use crate::mqtt::link::probe::Finding;
use crate::mqtt::link::target::{CONNECT_TIMEOUT, Target};
use crate::mqtt::link::{Ended, Then};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::reason;

/// Why a link ended, the same for both versions.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No TCP connection.
    Tcp(io::Error),
    /// No TLS on it.
    Tls(Box<rustls::Error>),
    /// The connection broke during the TLS handshake.
    TlsStream(io::Error),
    /// Not connected in [`CONNECT_TIMEOUT`].
    ConnectTimeout,
    /// CONNACK with this reason code.
    Refused(u8),
    /// The first packet was another one.
    NotConnack,
    /// The stream broke.
    Stream(io::Error),
    /// The broker closed the stream.
    Closed,
    /// DISCONNECT with this reason code and the broker's words.
    ServerDisconnect(u8, Option<String>),
    /// Two pings without an answer, and no message either.
    NoPingAnswer,
    /// The network took nothing for an hour.
    Stalled,
    /// An acknowledgement of something that is not under way.
    Unsolicited(u16),
    /// A topic that is not UTF-8 and that the 3.1.1 codec cannot hand over.
    TopicNotUtf8,
    /// A packet of this many bytes.
    PacketTooLarge(u64),
    /// Bytes that are not MQTT.
    Garbage(String),
    /// Something that the program should have prevented.
    Defect(String),
}

impl Trouble {
    /// Whether a second look at the port can tell more, when it happens before CONNACK.
    pub(super) fn has_many_causes(&self) -> bool {
        matches!(
            self,
            Self::ConnectTimeout | Self::NotConnack | Self::Garbage(_) | Self::Closed | Self::Stream(_)
        )
    }
}

impl From<TlsError> for Trouble {
    fn from(error: TlsError) -> Self {
        match error {
            TlsError::TLS(error) => Self::Tls(Box::new(error)),
            // The handshake's own errors come wrapped, as the error of a stream.
            TlsError::Io(error) => match error.downcast::<rustls::Error>() {
                Ok(error) => Self::Tls(Box::new(error)),
                Err(error) => Self::TlsStream(error),
            },
            TlsError::DNSName(_) => Self::Tls(Box::new(rustls::Error::General(
                "the host is no name that a certificate can be issued for".to_owned(),
            ))),
            other => Self::Defect(other.to_string()),
        }
    }
}

/// The end that was asked for.
pub(super) fn stopped(target: &Target) -> Ended {
    Ended { then: Then::Stop, failure: Failure::new(connection(target), "disconnected", "") }
}

/// The end that frees the packet identifiers that refused QoS 2 messages left behind in the client crate.
pub(super) fn worn_out(target: &Target) -> Ended {
    let why = "closed by this program after many refused messages at QoS 2, to be able to send again";
    let suggestion = "Publish at QoS 1, or to a topic that this client may publish to.";
    Ended { then: Then::Renew, failure: Failure::new(connection(target), why, suggestion) }
}

fn connection(target: &Target) -> String {
    format!("Connection to {}", target.address)
}

/// Explains `trouble`; `connected` says whether it came after CONNACK, `finding` what a second look found.
pub(super) fn explain(trouble: Trouble, target: &Target, connected: bool, finding: Option<Finding>) -> Ended {
    let then = then(&trouble);
    let failure =
        if connected { after_connack(trouble, target) } else { before_connack(trouble, target, finding) };
    Ended { then, failure }
}

fn then(trouble: &Trouble) -> Then {
    match trouble {
        Trouble::Refused(reason::BAD_USER_NAME_OR_PASSWORD | reason::NOT_AUTHORIZED) => {
            Then::RetryCredentials
        }
        Trouble::Unsolicited(_) => Then::RetryClean,
        _ => Then::Retry,
    }
}

fn before_connack(trouble: Trouble, target: &Target, finding: Option<Finding>) -> Failure {
    let address = &target.address;
    let connect = format!("CONNECT to {address}");
    match finding {
        Some(Finding::Http) => {
            let suggestion = "That is a web server's port. Brokers listen on 1883, or 8883 with TLS.";
            return Failure::new(connect, "the port speaks HTTP, not MQTT", suggestion);
        }
        Some(Finding::Tls) if !target.tls => {
            let suggestion = "Choose the protocol mqtts, or the port without TLS (usually 1883).";
            return Failure::new(connect, "the port speaks TLS", suggestion);
        }
        Some(Finding::Unreachable) if matches!(trouble, Trouble::ConnectTimeout) => {
            return tcp_timeout(target);
        }
        _ => {}
    }
    match trouble {
        Trouble::Tcp(error) => tcp(&error, target),
        Trouble::Tls(error) => tls(&error, target),
        Trouble::TlsStream(error) => {
            let (what, closed) = (format!("TLS handshake with {address}"), closed_by_peer(&error));
            let why = if closed { "the connection was closed".to_owned() } else { io_words(&error) };
            Failure::new(
                what,
                why,
                "The port may not speak TLS: choose the protocol mqtt, or the TLS port (usually 8883).",
            )
        }
        Trouble::Refused(code) => refused(code, connect),
        Trouble::ConnectTimeout => Failure::new(
            connect,
            format!("no answer within {} s", CONNECT_TIMEOUT.as_secs()),
            if target.tls {
                "Check the port: a broker that expects no TLS there may wait without an answer."
            } else {
                "Check the port: something takes connections there and does not speak MQTT, or it expects TLS."
            },
        ),
        Trouble::Closed => closed_before_connack(connect, target),
        Trouble::Stream(error) if closed_by_peer(&error) => closed_before_connack(connect, target),
        Trouble::Stream(error) => Failure::new(connect, io_words(&error), ""),
        Trouble::NotConnack | Trouble::Garbage(_) => Failure::new(
            connect,
            "the answer is not MQTT",
            "Check the port: brokers listen on 1883, or 8883 with TLS.",
        ),
        other => after_connack(other, target),
    }
}

fn closed_before_connack(what: String, target: &Target) -> Failure {
    let other = match target.version {
        MqttVersion::V3_1 | MqttVersion::V5 => "3.1.1",
        MqttVersion::V3_1_1 => "5",
    };
    let suggestion = format!(
        "The broker may want another MQTT version (try {other}), TLS, other credentials, or it does not let this address in. Its log may say more."
    );
    Failure::new(what, "the connection was closed without an answer", suggestion)
}

fn tcp_timeout(target: &Target) -> Failure {
    let why = match target.resolved() {
        Some(addresses) => format!("no answer from {addresses}"),
        None => "no answer".to_owned(),
    };
    Failure::new(
        format!("TCP connection to {}", target.address),
        why,
        "Check the host and the port, and whether a firewall stands between.",
    )
}

fn tcp(error: &io::Error, target: &Target) -> Failure {
    let words = io_words(error);
    let why = match target.resolved() {
        Some(addresses) => format!("{words} ({addresses})"),
        None => words,
    };
    let suggestion = match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            "Nothing listens on that port. Check the port, and whether the broker is running."
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => {
            "Check the network connection and the host."
        }
        _ => "Check the host and the port, and whether a firewall stands between.",
    };
    Failure::new(format!("TCP connection to {}", target.address), why, suggestion)
}

fn refused(code: u8, what: String) -> Failure {
    let why = match code {
        // Brokers of MQTT 3.1.1 use this code for a wrong password too.
        reason::NOT_AUTHORIZED => {
            "not authorized: the user name or the password is wrong, or this client is not let in".to_owned()
        }
        code => reason::words(code).to_owned(),
    };
    Failure::new(what, why, reason::suggestion(code))
}

fn tls(error: &rustls::Error, target: &Target) -> Failure {
    let host = &target.host;
    let (why, suggestion) = match error {
        rustls::Error::InvalidCertificate(error) => certificate(error, host),
        rustls::Error::InvalidMessage(
            InvalidMessage::InvalidContentType | InvalidMessage::UnknownProtocolVersion,
        ) => (
            "the port does not speak TLS".to_owned(),
            "Choose the protocol mqtt, or the TLS port (usually 8883).",
        ),
        rustls::Error::AlertReceived(
            AlertDescription::CertificateRequired
            | AlertDescription::BadCertificate
            | AlertDescription::HandshakeFailure,
        ) => (
            "the broker refused the handshake".to_owned(),
            "It may want a client certificate, or a TLS version or cipher that is not supported here.",
        ),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(_) => (
            "the broker and this program have no TLS version in common".to_owned(),
            "TLS 1.2 and 1.3 are supported here.",
        ),
        other => (other.to_string(), "The broker's log may say more."),
    };
    Failure::new(format!("TLS handshake with {}", target.address), why, suggestion)
}

fn certificate(error: &CertificateError, host: &str) -> (String, &'static str) {
    let choose_ca = "If you trust the broker, choose its authority's certificate as CA certificate.";
    match error {
        CertificateError::UnknownIssuer => (
            "the broker's certificate was issued by an authority that is not trusted here".to_owned(),
            choose_ca,
        ),
        CertificateError::BadSignature => (
            "the broker's certificate was not signed by the authority of that name that is trusted here"
                .to_owned(),
            choose_ca,
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => (
            format!("the broker's certificate is not for {host}"),
            "Connect by the name that the certificate was issued for.",
        ),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => (
            "the broker's certificate has expired".to_owned(),
            "The broker needs a new one. Check this computer's clock too.",
        ),
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            ("the broker's certificate is not valid yet".to_owned(), "Check this computer's clock.")
        }
        CertificateError::Revoked => ("the broker's certificate was revoked".to_owned(), ""),
        other => (format!("the broker's certificate is not acceptable: {other}"), choose_ca),
    }
}

fn after_connack(trouble: Trouble, target: &Target) -> Failure {
    let what = connection(target);
    match trouble {
        Trouble::Closed => abrupt(what),
        Trouble::Stream(error) if closed_by_peer(&error) => abrupt(what),
        Trouble::Stream(error) | Trouble::Tcp(error) | Trouble::TlsStream(error) => {
            Failure::new(what, io_words(&error), "")
        }
        Trouble::ServerDisconnect(code, note) => Failure::new(
            what,
            format!("ended by the broker: {}", reason::with_note(code, note.as_deref())),
            reason::suggestion(code),
        ),
        Trouble::NoPingAnswer => Failure::new(
            what,
            "the broker answered neither a ping nor anything else",
            "The network may be down, or slower than the keep alive.",
        ),
        Trouble::Stalled => Failure::new(what, "the network takes no more data", ""),
        Trouble::Unsolicited(packet_id) => Failure::new(
            what,
            format!("the broker acknowledged packet {packet_id}, which is not under way"),
            "It may continue a session from before; the next attempt begins a clean one.",
        ),
        Trouble::TopicNotUtf8 => Failure::new(
            what,
            "a message arrived whose topic is not UTF-8, which MQTT 3.1.1 cannot hand over here",
            "Choose MQTT 5, which shows such topics, or subscribe to a narrower filter.",
        ),
        Trouble::PacketTooLarge(bytes) => Failure::new(
            what,
            format!("a packet of {bytes} bytes arrived, which is more than MQTT allows"),
            "The broker or something between is broken.",
        ),
        Trouble::Garbage(detail) => Failure::new(
            what,
            format!("the broker sent something that breaks the protocol: {}", lower_first(&detail)),
            "The other MQTT version may work.",
        ),
        Trouble::Refused(code) => refused(code, what),
        Trouble::Tls(error) => tls(&error, target),
        Trouble::NotConnack | Trouble::ConnectTimeout => Failure::new(what, "the answer is not MQTT", ""),
        Trouble::Defect(detail) => Failure::new(
            what,
            format!("the MQTT client failed: {detail}"),
            "This is a defect of the program; please report it.",
        ),
    }
}

/// MQTT 3.1.1 has no DISCONNECT from the broker, and the shortest one of MQTT 5, which mosquitto sends, is lost in
/// the client crate: all that can be said is what it may have been.
fn abrupt(what: String) -> Failure {
    Failure::new(
        what,
        "closed by the broker without a reason",
        "It may have been stopped. Or another client uses the same client ID, a subscription or a message is not allowed, or a packet was too large: the broker's log says which.",
    )
}

fn closed_by_peer(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
    )
}

/// An I/O error in words, without the number that the standard library adds.
fn io_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe => "the connection was reset".to_owned(),
        io::ErrorKind::ConnectionAborted | io::ErrorKind::UnexpectedEof => {
            "the connection was closed".to_owned()
        }
        io::ErrorKind::HostUnreachable => "there is no route to the host".to_owned(),
        io::ErrorKind::NetworkUnreachable => "the network is unreachable".to_owned(),
        io::ErrorKind::TimedOut => "no answer".to_owned(),
        io::ErrorKind::AddrNotAvailable => "the address cannot be used from here".to_owned(),
        io::ErrorKind::PermissionDenied => "the system does not permit it".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split(" (os error").next().unwrap_or_default();
            lower_first(text)
        }
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(tls: bool) -> Target {
        Target {
            host: "example.org".to_owned(),
            address: "example.org:1883".to_owned(),
            tls,
            version: MqttVersion::V5,
            addresses: vec![([192, 0, 2, 1], 1883).into()],
        }
    }

    fn before(trouble: Trouble, finding: Option<Finding>) -> Failure {
        explain(trouble, &target(false), false, finding).failure
    }

    #[test]
    fn a_refused_port_names_the_step_the_port_and_the_addresses() {
        let failure = before(Trouble::Tcp(io::ErrorKind::ConnectionRefused.into()), None);
        assert_eq!(failure.to_string(), "TCP connection to example.org:1883: connection refused (192.0.2.1)");
        assert!(failure.suggestion.contains("Nothing listens"), "{failure:?}");
    }

    #[test]
    fn a_timeout_names_the_step_that_did_not_answer() {
        let failure = before(Trouble::ConnectTimeout, Some(Finding::Unreachable));
        assert_eq!(failure.what, "TCP connection to example.org:1883");
        let failure = before(Trouble::ConnectTimeout, Some(Finding::Open));
        assert_eq!(failure.what, "CONNECT to example.org:1883");
    }

    #[test]
    fn a_port_that_speaks_something_else_is_named() {
        let failure = before(Trouble::Garbage(String::new()), Some(Finding::Http));
        assert!(failure.why.contains("HTTP"), "{failure}");
        let failure = before(Trouble::Closed, Some(Finding::Tls));
        assert!(failure.why.contains("TLS") && failure.suggestion.contains("mqtts"), "{failure:?}");
    }

    #[test]
    fn both_codes_for_wrong_credentials_stop_the_retries() {
        for code in [0x86, 0x87] {
            assert_eq!(
                explain(Trouble::Refused(code), &target(false), false, None).then,
                Then::RetryCredentials
            );
        }
        assert_eq!(explain(Trouble::Refused(0x88), &target(false), false, None).then, Then::Retry);
    }

    #[test]
    fn a_topic_that_3_1_1_cannot_hand_over_suggests_mqtt_5() {
        let failure = explain(Trouble::TopicNotUtf8, &target(false), true, None).failure;
        assert!(failure.suggestion.contains("MQTT 5"), "{failure:?}");
    }

    #[test]
    fn certificate_errors_are_said_in_words() {
        for (error, word) in [
            (CertificateError::UnknownIssuer, "not trusted"),
            (CertificateError::NotValidForName, "not for example.org"),
            (CertificateError::Expired, "expired"),
        ] {
            let failure = before(Trouble::Tls(Box::new(rustls::Error::InvalidCertificate(error))), None);
            assert!(failure.why.contains(word), "{failure}");
        }
    }
}
