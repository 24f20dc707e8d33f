//! One MQTT control packet as the protocol log shows it.

use crate::message::{QoS, Timestamp};

/// The direction of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// From the broker.
    In,
    /// To the broker.
    Out,
}

/// The types of MQTT control packets (MQTT 5.0, 2.1.2), with their numbers on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the specification's names")]
pub enum PacketKind {
    Connect = 1,
    ConnAck = 2,
    Publish = 3,
    PubAck = 4,
    PubRec = 5,
    PubRel = 6,
    PubComp = 7,
    Subscribe = 8,
    SubAck = 9,
    Unsubscribe = 10,
    UnsubAck = 11,
    PingReq = 12,
    PingResp = 13,
    Disconnect = 14,
    Auth = 15,
}

impl PacketKind {
    /// All types, in the order of their numbers.
    pub const ALL: [Self; 15] = [
        Self::Connect,
        Self::ConnAck,
        Self::Publish,
        Self::PubAck,
        Self::PubRec,
        Self::PubRel,
        Self::PubComp,
        Self::Subscribe,
        Self::SubAck,
        Self::Unsubscribe,
        Self::UnsubAck,
        Self::PingReq,
        Self::PingResp,
        Self::Disconnect,
        Self::Auth,
    ];

    /// The type with this number on the wire; 0 is not used.
    #[inline]
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number).wrapping_sub(1)).copied()
    }

    /// The name in the specification: `PUBLISH`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "CONNECT",
            Self::ConnAck => "CONNACK",
            Self::Publish => "PUBLISH",
            Self::PubAck => "PUBACK",
            Self::PubRec => "PUBREC",
            Self::PubRel => "PUBREL",
            Self::PubComp => "PUBCOMP",
            Self::Subscribe => "SUBSCRIBE",
            Self::SubAck => "SUBACK",
            Self::Unsubscribe => "UNSUBSCRIBE",
            Self::UnsubAck => "UNSUBACK",
            Self::PingReq => "PINGREQ",
            Self::PingResp => "PINGRESP",
            Self::Disconnect => "DISCONNECT",
            Self::Auth => "AUTH",
        }
    }
}

/// A packet that was sent or received. Never contains a payload or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PacketRecord {
    /// When it was read from or handed to the network.
    pub at: Timestamp,
    /// Whether it was sent or received.
    pub direction: Direction,
    /// Type of packet.
    pub kind: PacketKind,
    /// Packet identifier, where the type has one.
    pub packet_id: Option<u16>,
    /// QoS of a PUBLISH.
    pub qos: QoS,
    /// Retain flag of a PUBLISH.
    pub retain: bool,
    /// DUP flag of a PUBLISH.
    pub dup: bool,
    /// Whether a CONNACK says that the broker kept the session.
    pub session_present: bool,
    /// Reason code, or return code in MQTT 3; the first one of a SUBACK or UNSUBACK.
    pub reason: Option<u8>,
    /// Size on the wire, including the fixed header, in bytes.
    pub bytes: u32,
    /// Topic of a PUBLISH, filters of a SUBSCRIBE or UNSUBSCRIBE, otherwise a summary of the packet (client ID, reason
    /// string). Held as bytes, because brokers send text that is not UTF-8.
    pub subject: Box<[u8]>,
    /// Set on the last acknowledgement of a packet that we sent: the time since then, in microseconds.
    pub latency_us: Option<u64>,
}
