//! Reason codes in words (MQTT 5.0, 2.4).
//!
//! One table for CONNACK, SUBACK, PUBACK, PUBREC, PUBCOMP, UNSUBACK and DISCONNECT. The return codes of MQTT 3.1.1
//! are a subset under other numbers: [`of_v3_connack`] and [`of_v3_suback`] translate them.

/// CONNECT was refused for the user name or the password.
pub const BAD_USER_NAME_OR_PASSWORD: u8 = 0x86;
/// CONNECT was refused for the client ID.
pub const CLIENT_IDENTIFIER_NOT_VALID: u8 = 0x85;
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
    (0x80, "unspecified error", "The broker's log may say more."),
    (0x81, "malformed packet", "The broker's log may say more."),
    (0x82, "protocol error", "The broker's log may say more; try the other MQTT version."),
    (0x83, "implementation specific error", "The broker's log may say more."),
    (0x84, "unsupported protocol version", "Choose the other MQTT version."),
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
    (0x8C, "bad authentication method", "The broker wants a way to authenticate that is not supported here."),
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

/// What a SUBACK of MQTT 3.1.1 can say when it refuses: nothing but that it does (MQTT 3.1.1, 3.9.3).
pub fn of_v3_suback() -> &'static str {
    "refused by the broker; MQTT 3.1.1 gives no reason, usually it is not authorized"
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn return_codes_of_3_1_1_have_the_same_words() {
        assert_eq!(words(of_v3_connack(1)), "unsupported protocol version");
        assert_eq!(words(of_v3_connack(4)), "bad user name or password");
        assert_eq!(words(of_v3_connack(5)), "not authorized");
    }
}
