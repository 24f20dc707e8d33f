//! Why a link ended, before it is put into words.

use std::io;

use crate::mqtt::failure::Failure;
use crate::mqtt::packet::{Disconnect, Malformed};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;
use crate::mqtt::wire::explain::closed_by_peer;

/// Why a link ended.
#[derive(Debug)]
pub(super) enum Trouble {
    /// DISCONNECT was sent because the owner asked for it.
    Stopped,
    /// No way to the broker; already in words.
    Dial(Failure),
    /// No CONNACK in time.
    Unanswered,
    /// CONNACK with this reason code, the broker's words, and the other broker that it names.
    Refused { code: ReasonCode, note: Option<String>, reference: Option<String> },
    /// The first packet was another one.
    NotConnack(PacketKind),
    /// The stream broke.
    Stream(io::Error),
    /// The broker closed the stream.
    Closed,
    /// DISCONNECT from the broker.
    Disconnected(Disconnect),
    /// It did not answer a ping, nor did anything else come.
    Silent,
    /// The bytes are not MQTT, or say what they may not.
    Broken(Malformed),
    /// A packet above the limit.
    PacketTooLarge { kind: PacketKind, bytes: usize, bytes_max: usize },
    /// The enhanced authentication failed, for this reason.
    Authentication(String),
    /// CONNECT cannot be written.
    Unsendable(String),
}

impl Trouble {
    /// What DISCONNECT tells the broker, if it is to be told anything (MQTT 5.0, 3.14.2.1).
    pub(super) fn reason(&self) -> Option<ReasonCode> {
        match self {
            Self::Broken(malformed) => Some(malformed.reason()),
            Self::PacketTooLarge { .. } => Some(ReasonCode::PACKET_TOO_LARGE),
            Self::Authentication(_) => Some(ReasonCode::BAD_AUTHENTICATION_METHOD),
            Self::NotConnack(_) => Some(ReasonCode::PROTOCOL_ERROR),
            _ => None,
        }
    }

    /// Whether an older version of MQTT may be understood where this came instead of CONNACK.
    pub(super) fn may_be_the_version(&self) -> bool {
        match self {
            Self::Refused { code, .. } => *code == ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
            Self::Closed | Self::Broken(_) | Self::NotConnack(_) => true,
            Self::Stream(error) => closed_by_peer(error),
            _ => false,
        }
    }

    /// Whether a second look at the port can tell more, when it happens before CONNACK.
    pub(super) fn has_many_causes(&self) -> bool {
        matches!(
            self,
            Self::Unanswered | Self::NotConnack(_) | Self::Broken(_) | Self::Closed | Self::Stream(_)
        )
    }
}

impl From<Malformed> for Trouble {
    fn from(malformed: Malformed) -> Self {
        Self::Broken(malformed)
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}
