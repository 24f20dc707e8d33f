//! Reason codes (MQTT 5.0, 2.4), the numbers with which either side explains itself.
//!
//! One set for CONNACK, SUBACK, PUBACK, PUBREC, PUBREL, PUBCOMP, UNSUBACK, DISCONNECT and AUTH. The return codes of
//! MQTT 3.1.1 are a subset under other numbers; [`ReasonCode::of_connack`] translates them.

use crate::mqtt::trace::PacketKind;

/// A reason code. Any number is allowed, because brokers send codes that no specification defines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ReasonCode(pub u8);

impl ReasonCode {
    /// It worked; in DISCONNECT, an orderly end.
    pub const SUCCESS: Self = Self(0x00);
    /// DISCONNECT from a client that still wants its will published.
    pub const DISCONNECT_WITH_WILL: Self = Self(0x04);
    /// The message was accepted, but nobody subscribes to its topic.
    pub const NO_MATCHING_SUBSCRIBERS: Self = Self(0x10);
    /// There was nothing to unsubscribe from.
    pub const NO_SUBSCRIPTION_EXISTED: Self = Self(0x11);
    /// AUTH: another step follows.
    pub const CONTINUE_AUTHENTICATION: Self = Self(0x18);
    /// The lowest failure code, which gives no further reason.
    pub const UNSPECIFIED_ERROR: Self = Self(0x80);
    /// The bytes of a packet break its format.
    pub const MALFORMED_PACKET: Self = Self(0x81);
    /// A packet breaks the rules of the protocol.
    pub const PROTOCOL_ERROR: Self = Self(0x82);
    /// The broker does not speak this version.
    pub const UNSUPPORTED_PROTOCOL_VERSION: Self = Self(0x84);
    /// CONNECT was refused for the client ID.
    pub const CLIENT_IDENTIFIER_NOT_VALID: Self = Self(0x85);
    /// CONNECT was refused for the user name or the password.
    pub const BAD_USER_NAME_OR_PASSWORD: Self = Self(0x86);
    /// The client may not do this.
    pub const NOT_AUTHORIZED: Self = Self(0x87);
    /// The broker currently serves nobody.
    pub const SERVER_UNAVAILABLE: Self = Self(0x88);
    /// The authentication failed or continued in an invalid way.
    pub const BAD_AUTHENTICATION_METHOD: Self = Self(0x8C);
    /// The client was silent for too long.
    pub const KEEP_ALIVE_TIMEOUT: Self = Self(0x8D);
    /// Another client connected with the same client ID.
    pub const SESSION_TAKEN_OVER: Self = Self(0x8E);
    /// The topic filter is well formed but refused.
    pub const TOPIC_FILTER_INVALID: Self = Self(0x8F);
    /// The topic name is well formed but refused.
    pub const TOPIC_NAME_INVALID: Self = Self(0x90);
    /// An acknowledgement of something that is not in flight.
    pub const PACKET_IDENTIFIER_NOT_FOUND: Self = Self(0x92);
    /// More QoS 1 and 2 messages at once than were allowed.
    pub const RECEIVE_MAXIMUM_EXCEEDED: Self = Self(0x93);
    /// A topic alias that stands for nothing or is too large.
    pub const TOPIC_ALIAS_INVALID: Self = Self(0x94);
    /// A packet above the maximum packet size.
    pub const PACKET_TOO_LARGE: Self = Self(0x95);
    /// A limit that this side sets was exceeded.
    pub const QUOTA_EXCEEDED: Self = Self(0x97);
    /// The broker does not support wildcards in subscriptions.
    pub const WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED: Self = Self(0xA2);
    /// The broker does not support shared subscriptions.
    pub const SHARED_SUBSCRIPTIONS_NOT_SUPPORTED: Self = Self(0x9E);

    /// Whether the code means failure in an MQTT 5 packet.
    pub const fn is_failure(self) -> bool {
        self.0 >= Self::UNSPECIFIED_ERROR.0
    }

    /// The meaning of a CONNACK's code in any version. Some brokers send MQTT 3.1.1 return codes (3.2.2.3) in MQTT 5
    /// too, where they have no meaning, and codes that no version defines.
    pub const fn of_connack(sent: u8) -> Self {
        match sent {
            1 => Self::UNSUPPORTED_PROTOCOL_VERSION,
            2 => Self::CLIENT_IDENTIFIER_NOT_VALID,
            3 => Self::SERVER_UNAVAILABLE,
            4 => Self::BAD_USER_NAME_OR_PASSWORD,
            5 => Self::NOT_AUTHORIZED,
            _ => Self(sent),
        }
    }
}

/// A reason as a broker gives it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reason {
    /// The code.
    pub code: ReasonCode,
    /// The broker's own words, on one line and never blank (MQTT 5.0, 3.2.2.3.9).
    pub note: Option<String>,
}

impl Reason {
    /// Creates a reason from a code and the reason string that came with it; a blank string is left out.
    pub fn new(code: ReasonCode, reason_string: Option<&str>) -> Self {
        let note = reason_string.map(one_line).map(|note| note.trim().to_owned());
        Self { code, note: note.filter(|note| !note.is_empty()) }
    }
}

impl From<ReasonCode> for Reason {
    fn from(code: ReasonCode) -> Self {
        Self { code, note: None }
    }
}

/// A broker's text without anything that could break the line, control a terminal or reverse the text's direction.
pub fn one_line(text: &str) -> String {
    let breaks = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(breaks, " ")
}

/// Whether a packet's code, as sent, means failure. MQTT 3 refuses with other numbers.
pub fn is_failure(kind: PacketKind, code: u8) -> bool {
    ReasonCode(code).is_failure() || (kind == PacketKind::ConnAck && code != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_broker_says_stays_on_its_line() {
        assert_eq!(one_line("no\r\nentry\u{1b}[31m \u{202e}für dich\u{2028}"), "no  entry [31m  für dich ");
        let reason = Reason::new(ReasonCode::NOT_AUTHORIZED, Some("\tacl\n"));
        assert_eq!(reason.note.as_deref(), Some("acl"));
        assert_eq!(Reason::new(ReasonCode::NOT_AUTHORIZED, Some(" ")), ReasonCode::NOT_AUTHORIZED.into());
    }

    #[test]
    fn a_code_fails_by_what_its_packet_makes_of_it() {
        for (kind, code, failed) in [
            (PacketKind::ConnAck, 0, false),
            (PacketKind::ConnAck, 4, true),
            (PacketKind::ConnAck, 0x86, true),
            (PacketKind::SubAck, 2, false),
            (PacketKind::SubAck, 0x87, true),
            (PacketKind::PubAck, 0x10, false),
            (PacketKind::Disconnect, 0, false),
            (PacketKind::Disconnect, 0x8E, true),
        ] {
            assert_eq!(is_failure(kind, code), failed, "{kind:?} {code:#x}");
        }
    }
}
