//! What went wrong in MQTT, in the three lines that a person reads. What went wrong below it comes in words already.
//!
//! Every text names the host and port, the step that failed, the reason in words and what may help.

use std::io;

use crate::mqtt::failure::Failure;
use crate::mqtt::link::probe::Finding;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::link::{Ended, Then};
use crate::mqtt::options::{Authentication, ConnectOptions, MqttVersion, VersionChoice};
use crate::mqtt::packet::{Disconnect, Malformed};
use crate::mqtt::reason::{self, ReasonCode};
use crate::mqtt::wire;
use crate::mqtt::wire::explain::{closed_by_peer, io_words};

/// What a text needs to know of the link.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub options: &'a ConnectOptions,
    /// The version that was spoken.
    pub version: MqttVersion,
    /// Whether it came after CONNACK.
    pub connected: bool,
    /// What a second look at the port found.
    pub finding: Option<Finding>,
}

const BROKERS_LISTEN: &str = "Brokers listen on 1883, or 8883 with TLS.";

/// What an end means, and how it is said.
pub(super) fn explain(trouble: Trouble, scene: Scene<'_>) -> Ended {
    let then = match &trouble {
        Trouble::Stopped => Then::Stop,
        Trouble::Refused {
            code: ReasonCode::BAD_USER_NAME_OR_PASSWORD | ReasonCode::NOT_AUTHORIZED, ..
        }
        | Trouble::Authentication(_) => Then::RetryCredentials,
        Trouble::Dial(failure) if wire::is_about_files(failure) => Then::Halt,
        _ => Then::Retry,
    };
    let failure = if scene.connected { scene.after_connack(trouble) } else { scene.before_connack(trouble) };
    Ended { then, failure }
}

impl Scene<'_> {
    fn address(&self) -> String {
        match self.options.protocol {
            crate::mqtt::options::Protocol::Unix => self.options.host.clone(),
            _ => wire::host_and_port(&self.options.host, self.options.port),
        }
    }

    fn connect(&self) -> String {
        format!("CONNECT to {}", self.address())
    }

    fn connection(&self) -> String {
        format!("Connection to {}", self.address())
    }

    fn before_connack(&self, trouble: Trouble) -> Failure {
        let has_tls = self.options.protocol.has_tls();
        match self.finding {
            Some(Finding::Http) => {
                let suggestion = format!("That is a web server's port. {BROKERS_LISTEN}");
                return Failure::new(self.connect(), "the port speaks HTTP, not MQTT", suggestion);
            }
            Some(Finding::Tls) if !has_tls => {
                let suggestion = "Choose the protocol mqtts, or the port without TLS (usually 1883).";
                return Failure::new(self.connect(), "the port speaks TLS", suggestion);
            }
            _ => {}
        }
        match trouble {
            Trouble::Dial(failure) => failure,
            Trouble::Refused { code, note, reference } => {
                self.refused(code, note.as_deref(), reference.as_deref())
            }
            Trouble::Unanswered => Failure::new(
                self.connect(),
                format!("no answer within {} s", self.options.network.connect_timeout_s),
                if has_tls {
                    "Check the port: something takes TLS connections there and does not speak MQTT."
                } else {
                    "Check the port: something takes connections there and does not speak MQTT, or it expects TLS."
                },
            ),
            Trouble::Closed => self.closed_before_connack(),
            Trouble::Stream(error) => self.stream(&error, self.connect(), Self::closed_before_connack),
            Trouble::NotConnack(kind) => {
                let why = format!("the answer is {} and not CONNACK", kind.name());
                Failure::new(self.connect(), why, "The broker or something between is broken.")
            }
            // A type of packet that a broker may send, and yet wrong: it does speak MQTT.
            Trouble::Broken(malformed @ Malformed { packet: Some(_), .. })
                if Self::speaks_mqtt(&malformed) =>
            {
                Failure::new(self.connect(), Self::broken(&malformed), self.try_another_version())
            }
            Trouble::Broken(_) => {
                let suggestion = format!("Check the port. {BROKERS_LISTEN}");
                Failure::new(self.connect(), "the answer is not MQTT", suggestion)
            }
            Trouble::Authentication(why) => {
                let what = format!("Authentication with {}", self.address());
                let suggestion = match self.options.authentication {
                    Authentication::Token { .. } => "Check the token and the authentication method.",
                    _ => "Check the user name and the password, and which authentication the broker wants.",
                };
                Failure::new(what, why, suggestion)
            }
            other => self.after_connack(other),
        }
    }

    /// Whether the first packet was one that only a broker sends first.
    fn speaks_mqtt(malformed: &Malformed) -> bool {
        use crate::mqtt::trace::PacketKind;
        matches!(malformed.packet, Some(PacketKind::ConnAck | PacketKind::Auth | PacketKind::Disconnect))
    }

    fn try_another_version(&self) -> &'static str {
        match self.options.version {
            VersionChoice::Auto => "The broker or something between is broken; its log may say more.",
            VersionChoice::Only(MqttVersion::V5) => "Try the MQTT version 3.1.1.",
            VersionChoice::Only(_) => "Try another MQTT version.",
        }
    }

    fn closed_before_connack(&self) -> Failure {
        let version = match self.options.version {
            VersionChoice::Auto => "",
            VersionChoice::Only(MqttVersion::V3_1_1) => "another MQTT version (try 5), ",
            VersionChoice::Only(_) => "another MQTT version (try 3.1.1), ",
        };
        let suggestion = format!(
            "The broker may want {version}TLS, other credentials, or it does not let this address in. Its log may say more."
        );
        Failure::new(self.connect(), "the connection was closed without an answer", suggestion)
    }

    fn refused(&self, code: ReasonCode, note: Option<&str>, reference: Option<&str>) -> Failure {
        let mut why = match (code, self.version) {
            // Older brokers use this code for a wrong password too.
            (ReasonCode::NOT_AUTHORIZED, MqttVersion::V3_1 | MqttVersion::V3_1_1) => {
                "not authorized: the user name or the password is wrong, or this client is not let in"
                    .to_owned()
            }
            _ => reason::with_note(code, note),
        };
        if let Some(reference) = reference {
            why = format!("{why}; it names {reference}");
        }
        Failure::new(self.connect(), why, reason::suggestion(code))
    }

    /// A stream that broke: below, or because the other side closed it.
    fn stream(&self, error: &io::Error, what: String, closed: impl Fn(&Self) -> Failure) -> Failure {
        if let Some(failure) = wire::stream_failure(error, self.options) {
            failure
        } else if closed_by_peer(error) {
            closed(self)
        } else {
            Failure::new(what, io_words(error), "")
        }
    }

    fn after_connack(&self, trouble: Trouble) -> Failure {
        let what = self.connection();
        match trouble {
            Trouble::Stopped => Failure::new(what, "disconnected", ""),
            Trouble::Closed => self.abrupt(),
            Trouble::Stream(error) => self.stream(&error, what, Self::abrupt),
            Trouble::Disconnected(disconnect) => self.disconnected(disconnect),
            Trouble::Silent => Failure::new(
                what,
                "the broker answered neither a ping nor anything else",
                "The network may be down, or slower than the keep alive.",
            ),
            Trouble::PacketTooLarge { kind, bytes, bytes_max } => Failure::new(
                what,
                format!(
                    "Packet too large: {} of {bytes} bytes; this connection allows {bytes_max}",
                    kind.name()
                ),
                "Raise the maximum packet size of the connection, or subscribe to less.",
            ),
            Trouble::Broken(malformed) => {
                Failure::new(what, Self::broken(&malformed), "The broker or something between is broken.")
            }
            Trouble::Unsendable(why) => Failure::new(what, why, "Shorten it."),
            other => self.before_connack(other),
        }
    }

    fn broken(malformed: &Malformed) -> String {
        let Malformed { packet, flaw } = malformed;
        let packet = packet.map_or_else(|| "a packet".to_owned(), |kind| format!("a {}", kind.name()));
        let packet = packet.replace("a AUTH", "an AUTH").replace("a UNSUB", "an UNSUB");
        format!("the broker sent {packet} that breaks the protocol: {flaw}")
    }

    fn disconnected(&self, disconnect: Disconnect) -> Failure {
        let Disconnect { reason: code, reason_string, server_reference } = disconnect;
        let mut why = match (code, &reason_string) {
            // The code of an orderly end, which a broker has no reason to send, and the only one of older versions.
            (ReasonCode::SUCCESS, None) => "ended by the broker without a reason".to_owned(),
            _ => format!("ended by the broker: {}", reason::with_note(code, reason_string.as_deref())),
        };
        if let Some(reference) = server_reference {
            why = format!("{why}; it names {reference}");
        }
        Failure::new(self.connection(), why, reason::suggestion(code))
    }

    /// Older versions have no DISCONNECT from the broker, and in MQTT 5 not every broker sends it: all that can be said is
    /// what it may have been.
    fn abrupt(&self) -> Failure {
        let suggestion = "It may have been stopped. Or another client uses the same client ID, a subscription or a message is not allowed, or a packet was too large: the broker's log says which.";
        Failure::new(self.connection(), "closed by the broker without a reason", suggestion)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::trace::PacketKind;

    fn options(version: impl Into<VersionChoice>) -> ConnectOptions {
        let version = version.into();
        ConnectOptions { host: "example.org".to_owned(), version, ..ConnectOptions::default() }
    }

    fn before(trouble: Trouble, finding: Option<Finding>) -> Ended {
        let options = options(MqttVersion::V5);
        let scene = Scene { options: &options, version: MqttVersion::V5, connected: false, finding };
        explain(trouble, scene)
    }

    fn refused(code: u8, note: Option<&str>) -> Trouble {
        Trouble::Refused { code: ReasonCode(code), note: note.map(str::to_owned), reference: None }
    }

    #[test]
    fn a_port_that_speaks_something_else_is_named() {
        let failure = before(Trouble::Closed, Some(Finding::Http)).failure;
        assert!(failure.why.contains("HTTP"), "{failure}");
        let failure = before(Trouble::Closed, Some(Finding::Tls)).failure;
        assert!(failure.why.contains("TLS") && failure.suggestion.contains("mqtts"), "{failure:?}");
        let failure =
            before(Malformed::new(PacketKind::PubAck, crate::mqtt::packet::Flaw::NoReasonCode).into(), None)
                .failure;
        assert_eq!(failure.why, "the answer is not MQTT");
    }

    #[test]
    fn both_codes_for_wrong_credentials_stop_the_retries() {
        for code in [0x86, 0x87] {
            assert_eq!(before(refused(code, None), None).then, Then::RetryCredentials);
        }
        assert_eq!(before(refused(0x88, None), None).then, Then::Retry);
    }

    #[test]
    fn a_refusal_has_the_brokers_words_and_the_broker_that_it_names() {
        let trouble = Trouble::Refused {
            code: ReasonCode(0x9D),
            note: Some("we moved".to_owned()),
            reference: Some("other.example:1883".to_owned()),
        };
        let failure = before(trouble, None).failure;
        assert_eq!(
            failure.to_string(),
            "CONNECT to example.org:1883: server moved (we moved); it names other.example:1883"
        );
    }

    #[test]
    fn the_version_that_was_not_tried_is_suggested() {
        for (version, word) in [
            (VersionChoice::from(MqttVersion::V5), "try 3.1.1"),
            (MqttVersion::V3_1_1.into(), "try 5"),
            (MqttVersion::V3_1.into(), "try 3.1.1"),
        ] {
            let options = options(version);
            let scene =
                Scene { options: &options, version: version.first(), connected: false, finding: None };
            let failure = explain(Trouble::Closed, scene).failure;
            assert!(failure.suggestion.contains(word), "{failure:?}");
        }
        let options = options(VersionChoice::Auto);
        let scene =
            Scene { options: &options, version: MqttVersion::V3_1_1, connected: false, finding: None };
        let failure = explain(Trouble::Closed, scene).failure;
        assert!(!failure.suggestion.contains("version"), "both were tried: {failure:?}");
    }

    #[test]
    fn a_packet_above_the_limit_is_named_with_both_sizes() {
        let options = options(MqttVersion::V5);
        let scene = Scene { options: &options, version: MqttVersion::V5, connected: true, finding: None };
        let trouble = Trouble::PacketTooLarge { kind: PacketKind::Publish, bytes: 20_000, bytes_max: 10_000 };
        assert_eq!(
            explain(trouble, scene).failure.why,
            "Packet too large: PUBLISH of 20000 bytes; this connection allows 10000"
        );
    }
}
