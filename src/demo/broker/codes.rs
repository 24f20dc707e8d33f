//! Numbers of the protocol that more than one file of the broker needs.

/// Reason codes (MQTT 5.0, 2.4) that the broker sends.
pub(super) mod reason {
    pub const SUCCESS: u8 = 0x00;
    pub const NO_MATCHING_SUBSCRIBERS: u8 = 0x10;
    pub const NO_SUBSCRIPTION_EXISTED: u8 = 0x11;
    pub const MALFORMED_PACKET: u8 = 0x81;
    pub const PROTOCOL_ERROR: u8 = 0x82;
    pub const UNSUPPORTED_VERSION: u8 = 0x84;
    pub const BAD_USER_OR_PASSWORD: u8 = 0x86;
    pub const KEEP_ALIVE_TIMEOUT: u8 = 0x8D;
    pub const SESSION_TAKEN_OVER: u8 = 0x8E;
    pub const TOPIC_FILTER_INVALID: u8 = 0x8F;
    pub const TOPIC_NAME_INVALID: u8 = 0x90;
    pub const TOPIC_ALIAS_INVALID: u8 = 0x94;
    pub const PACKET_TOO_LARGE: u8 = 0x95;
    pub const QUOTA_EXCEEDED: u8 = 0x97;
    pub const SHARED_NOT_SUPPORTED: u8 = 0x9E;
    /// SUBACK's only failure in MQTT 3.1.1 (3.9.3).
    pub const FAILURE: u8 = 0x80;
}

/// First bytes of the acknowledgements (MQTT 5.0, 3.4 to 3.7).
pub(super) mod ack {
    pub const PUBACK: u8 = 0x40;
    pub const PUBREC: u8 = 0x50;
    pub const PUBREL: u8 = 0x62;
    pub const PUBCOMP: u8 = 0x70;
}

/// The protocol version of a connection, from its CONNECT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// MQTT 3.1.1, protocol level 4.
    V4,
    /// MQTT 5, protocol level 5.
    V5,
}
