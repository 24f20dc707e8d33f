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
    /// The broker cannot be reached.
    Dial(Box<Failure>),
    /// No CONNACK arrived in time.
    Unanswered,
    /// CONNACK refused the connection.
    Refused(Box<Refusal>),
    /// The first packet was not CONNACK.
    NotConnack(PacketKind),
    /// The stream failed.
    Stream(io::Error),
    /// The broker closed the stream.
    Closed,
    /// The broker sent DISCONNECT.
    Disconnected(Disconnect),
    /// The broker answered neither a ping nor anything else.
    Silent,
    /// The bytes are not MQTT or break the protocol.
    Broken(Malformed),
    /// The broker sent a packet above the limit.
    PacketTooLarge { kind: PacketKind, bytes: usize, bytes_max: usize },
    /// Enhanced authentication failed.
    Authentication(AuthenticationCause),
    /// CONNECT cannot be encoded.
    Unsendable(Oversize),
}

impl Trouble {
    /// The reason that DISCONNECT gives the broker, if it is told anything (MQTT 5.0, 3.14.2.1).
    pub(super) fn reason(&self) -> Option<ReasonCode> {
        match self {
            Self::Broken(malformed) => Some(malformed.reason()),
            Self::PacketTooLarge { .. } => Some(ReasonCode::PACKET_TOO_LARGE),
            Self::Authentication(_) => Some(ReasonCode::BAD_AUTHENTICATION_METHOD),
            Self::NotConnack(_) => Some(ReasonCode::PROTOCOL_ERROR),
            _ => None,
        }
    }

    /// Whether an older version of MQTT may work when this happened instead of CONNACK.
    pub(super) fn may_be_the_version(&self) -> bool {
        match self {
            Self::Refused(refusal) => refusal.reason.code == ReasonCode::UNSUPPORTED_PROTOCOL_VERSION,
            Self::Unanswered | Self::Closed | Self::Broken(_) | Self::NotConnack(_) => true,
            Self::Stream(error) => closed_by_peer(error) || is_websocket_close(error),
            _ => false,
        }
    }

    /// Whether probing the port can tell more when this happens before CONNACK.
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
