//! Reason codes in words (MQTT 5.0, 2.4).
//!
//! One table for CONNACK, SUBACK, PUBACK, PUBREC, PUBCOMP, UNSUBACK and DISCONNECT. The return codes of MQTT 3.1.1
//! are a subset under other numbers: [`of_v3_connack`] and [`of_v3_suback`] translate them.

use std::borrow::Cow;

use crate::mqtt::trace::PacketKind;

/// It worked.
pub const SUCCESS: u8 = 0x00;
/// AUTH: another step follows.
pub const CONTINUE_AUTHENTICATION: u8 = 0x18;
/// The bytes of a packet break its format.
pub const MALFORMED_PACKET: u8 = 0x81;
/// A packet says or does what it may not.
pub const PROTOCOL_ERROR: u8 = 0x82;
/// The broker does not speak this version.
pub const UNSUPPORTED_PROTOCOL_VERSION: u8 = 0x84;
/// CONNECT was refused for the client ID.
pub const CLIENT_IDENTIFIER_NOT_VALID: u8 = 0x85;
/// CONNECT was refused for the user name or the password.
pub const BAD_USER_NAME_OR_PASSWORD: u8 = 0x86;
/// The authentication failed or went on in a way that it cannot.
pub const BAD_AUTHENTICATION_METHOD: u8 = 0x8C;
/// An acknowledgement of something that is not under way.
pub const PACKET_IDENTIFIER_NOT_FOUND: u8 = 0x92;
/// More QoS 1 and 2 messages at once than were allowed.
pub const RECEIVE_MAXIMUM_EXCEEDED: u8 = 0x93;
/// A topic alias that stands for nothing or is too large.
pub const TOPIC_ALIAS_INVALID: u8 = 0x94;
/// A packet above the maximum packet size.
pub const PACKET_TOO_LARGE: u8 = 0x95;
/// More than this side is willing to keep.
pub const QUOTA_EXCEEDED: u8 = 0x97;
/// The client may not do this.
pub const NOT_AUTHORIZED: u8 = 0x87;
/// From this code on, all mean failure (MQTT 5.0, 2.4).
pub const FIRST_FAILURE: u8 = 0x80;

/// Code, words, and what may help when it ends or refuses a connection.
const REASONS: &[(u8, &str, &str)] = &[
    (0x00, "success", ""),
    (0x04, "disconnected with will message", ""),
    (0x10, "no matching subscribers", ""),
    (0x11, "no subscription existed", ""),
    (0x18, "continue authentication", ""),
    (0x19, "re-authenticate", ""),
    (0x80, "unspecified error", "The broker's log may say more."),
    (0x81, "malformed packet", "The broker's log may say more."),
    (0x82, "protocol error", "The broker's log may say more; try another MQTT version."),
    (0x83, "implementation specific error", "The broker's log may say more."),
    (0x84, "unsupported protocol version", "Choose another MQTT version, or auto."),
    (0x85, "client identifier not valid", "Choose another client ID, or leave it empty for a random one."),
    (0x86, "bad user name or password", "Check the user name and the password."),
    (
        0x87,
        "not authorized",
        "Check the user name and the password, and whether the broker lets this client ID in.",
    ),
    (0x88, "server unavailable", "The broker is up but does not serve clients at the moment."),
    (0x89, "server busy", "The broker takes no more clients at the moment."),
    (0x8A, "banned", "This client was banned by the broker's administrator."),
    (0x8B, "server shutting down", "It may be restarting."),
    (0x8C, "bad authentication method", "Choose the authentication that the broker knows, or none."),
    (
        0x8D,
        "keep alive timeout",
        "The broker heard nothing for 1.5 times the keep alive; the network may be slow.",
    ),
    (
        0x8E,
        "session taken over",
        "Another client connected with the same client ID. Leave the client ID empty for a random one.",
    ),
    (0x8F, "topic filter invalid", "The broker does not accept one of the subscriptions."),
    (0x90, "topic name invalid", "The broker does not accept the topic of a published message."),
    (0x91, "packet identifier in use", ""),
    (0x92, "packet identifier not found", ""),
    (0x93, "receive maximum exceeded", ""),
    (0x94, "topic alias invalid", ""),
    (0x95, "packet too large", "The message is larger than the broker allows."),
    (0x96, "message rate too high", "The broker limits how fast a client may send."),
    (0x97, "quota exceeded", "The broker limits what this client may use."),
    (0x98, "administrative action", "The broker's administrator closed the connection."),
    (0x99, "payload format invalid", "The payload is not what its payload format indicator says."),
    (0x9A, "retain not supported", "The broker keeps no retained messages."),
    (0x9B, "QoS not supported", "Choose a lower QoS."),
    (0x9C, "use another server", "The broker asks to connect to another one for now."),
    (0x9D, "server moved", "The broker has moved to another address."),
    (0x9E, "shared subscriptions not supported", "Subscribe without $share."),
    (0x9F, "connection rate exceeded", "The broker limits how often a client may connect."),
    (0xA0, "maximum connect time", "The broker limits how long a client may stay."),
    (0xA1, "subscription identifiers not supported", ""),
    (0xA2, "wildcard subscriptions not supported", "Subscribe to exact topics, without + and #."),
];

/// The specification's words for a code.
pub fn words(code: u8) -> &'static str {
    find(code).map_or("a reason code that the specification does not know", |(_, words, _)| words)
}

/// What may help when the code ends or refuses a connection; may be empty.
pub fn suggestion(code: u8) -> &'static str {
    find(code).map_or("", |(_, _, suggestion)| suggestion)
}

fn find(code: u8) -> Option<&'static (u8, &'static str, &'static str)> {
    REASONS.iter().find(|(known, ..)| *known == code)
}

/// Words for a code and what the broker added to it (MQTT 5.0, 3.2.2.3.9), in one line.
pub fn with_note(code: u8, reason_string: Option<&str>) -> String {
    match reason_string.map(str::trim).filter(|note| !note.is_empty()) {
        Some(note) => format!("{} ({note})", words(code)),
        None => words(code).to_owned(),
    }
}

/// What a broker says to a person, without what could break the line, steer a terminal or turn the text around.
pub fn one_line(text: &str) -> String {
    let breaks = |c: char| {
        c.is_control()
            || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
    };
    text.replace(breaks, " ")
}

/// The reason code that says what a CONNACK return code of MQTT 3.1.1 says (MQTT 3.1.1, 3.2.2.3).
pub fn of_v3_connack(return_code: u8) -> u8 {
    match return_code {
        0 => 0x00,
        1 => 0x84,
        2 => 0x85,
        3 => 0x88,
        4 => BAD_USER_NAME_OR_PASSWORD,
        5 => NOT_AUTHORIZED,
        _ => 0x80,
    }
}

/// What a SUBACK before MQTT 5 can say when it refuses: nothing but that it does (MQTT 3.1.1, 3.9.3).
pub fn of_v3_suback() -> &'static str {
    "refused by the broker; MQTT before 5 gives no reason, usually it is not authorized"
}

/// What the reason code of a packet says, whichever version sent it: the return codes of MQTT 3 are other numbers.
pub fn of_packet(kind: PacketKind, code: u8) -> Cow<'static, str> {
    match (kind, code) {
        (PacketKind::ConnAck, 1..=5) => words(of_v3_connack(code)).into(),
        (PacketKind::SubAck, 0..=2) => format!("granted QoS {code}").into(),
        (PacketKind::Disconnect, 0) => "normal disconnection".into(),
        _ => words(code).into(),
    }
}

/// Whether the reason code of a packet means that something failed.
pub fn is_failure(kind: PacketKind, code: u8) -> bool {
    code >= FIRST_FAILURE || (kind == PacketKind::ConnAck && code != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_means_what_its_packet_makes_of_it() {
        for (kind, code, words, failed) in [
            (PacketKind::ConnAck, 0, "success", false),
            (PacketKind::ConnAck, 4, "bad user name or password", true),
            (PacketKind::ConnAck, 0x86, "bad user name or password", true),
            (PacketKind::SubAck, 2, "granted QoS 2", false),
            (PacketKind::SubAck, 0x87, "not authorized", true),
            (PacketKind::PubAck, 0x10, "no matching subscribers", false),
            (PacketKind::Disconnect, 0, "normal disconnection", false),
            (PacketKind::Disconnect, 0x8E, "session taken over", true),
        ] {
            assert_eq!(
                (of_packet(kind, code).as_ref(), is_failure(kind, code)),
                (words, failed),
                "{code:#x}"
            );
        }
    }

    #[test]
    fn every_code_is_listed_once_and_in_order() {
        assert!(REASONS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn the_brokers_own_words_are_added() {
        assert_eq!(with_note(NOT_AUTHORIZED, Some("acl")), "not authorized (acl)");
        assert_eq!(with_note(NOT_AUTHORIZED, Some(" ")), "not authorized");
        assert_eq!(words(0x7F), "a reason code that the specification does not know");
    }

    #[test]
    fn what_a_broker_says_stays_on_its_line() {
        assert_eq!(one_line("no\r\nentry\u{1b}[31m \u{202e}für dich\u{2028}"), "no  entry [31m  für dich ");
    }

    #[test]
    fn return_codes_of_3_1_1_have_the_same_words() {
        assert_eq!(words(of_v3_connack(1)), "unsupported protocol version");
        assert_eq!(words(of_v3_connack(4)), "bad user name or password");
        assert_eq!(words(of_v3_connack(5)), "not authorized");
    }
}
