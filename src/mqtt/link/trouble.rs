//! Why a link ended, as the link itself sees it.

use std::io;

use crate::mqtt::failure::{AuthenticationCause, Failure, Refusal, ScramCause};
use crate::mqtt::packet::{Disconnect, Malformed, Oversize};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;
use crate::mqtt::wire::explain::{closed_by_peer, is_websocket_close};

/// Why a link ended.
#[derive(Debug)]
pub(super) enum Trouble {
    /// DISCONNECT was sent because the owner asked for it.
    Stopped,
    /// No way to the broker.
    Dial(Box<Failure>),
    /// No CONNACK in time.
    Unanswered,
    /// CONNACK refuses.
    Refused(Box<Refusal>),
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
    /// The enhanced authentication failed.
    Authentication(AuthenticationCause),
    /// CONNECT cannot be written.
    Unsendable(Oversize),
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
            Self::Refused(refusal) => refusal.reason.code == ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
            Self::Unanswered | Self::Closed | Self::Broken(_) | Self::NotConnack(_) => true,
            Self::Stream(error) => closed_by_peer(error) || is_websocket_close(error),
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

impl From<Failure> for Trouble {
    fn from(failure: Failure) -> Self {
        Self::Dial(Box::new(failure))
    }
}

impl From<AuthenticationCause> for Trouble {
    fn from(cause: AuthenticationCause) -> Self {
        Self::Authentication(cause)
    }
}

impl From<ScramCause> for Trouble {
    fn from(cause: ScramCause) -> Self {
        Self::Authentication(cause.into())
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Stream(error)
    }
}
