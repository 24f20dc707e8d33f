//! The fixed header (MQTT 5.0, 2.1).

use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::malformed::{Flaw, Malformed};
use crate::mqtt::packet::reader::{Variable, variable};
use crate::mqtt::trace::PacketKind;

/// The longest fixed header, in bytes.
pub const HEADER_BYTES_MAX: usize = 5;

/// Who sends a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A broker.
    Broker,
    /// A client.
    Client,
}

/// The content of a fixed header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// The type of packet.
    pub kind: PacketKind,
    /// The lower four bits of the first byte.
    pub flags: u8,
    /// Length of the header itself: 2 to 5 bytes.
    pub bytes: usize,
    /// Length of everything after the header, in bytes.
    pub remaining: usize,
}

impl Header {
    /// Length of the whole packet, in bytes.
    pub fn packet_bytes(self) -> usize {
        self.bytes + self.remaining
    }

    /// Checks that `sender` may send this packet with these flags, as far as the header tells. If this fails, a
    /// receiver need not wait for the rest.
    pub fn check(self, sender: Sender, version: MqttVersion) -> Result<(), Malformed> {
        let Self { kind, flags, .. } = self;
        match (kind, sender) {
            (
                PacketKind::Connect | PacketKind::Subscribe | PacketKind::Unsubscribe | PacketKind::PingReq,
                Sender::Broker,
            ) => return Err(Malformed::new(kind, Flaw::OnlyClientsSend)),
            (
                PacketKind::ConnAck | PacketKind::SubAck | PacketKind::UnsubAck | PacketKind::PingResp,
                Sender::Client,
            ) => return Err(Malformed::new(kind, Flaw::OnlyBrokersSend)),
            (PacketKind::Auth, _) if version != MqttVersion::V5 => {
                return Err(Malformed::new(kind, Flaw::NeedsMqtt5));
            }
            _ => {}
        }
        // MQTT 5.0, 2.1.3. MQTT 3.1 gave the flags of some packets meanings that nobody needs, and old brokers set no
        // flags in PUBREL.
        let is_free = kind == PacketKind::Publish
            || version == MqttVersion::V3_1
            || (kind == PacketKind::PubRel && sender == Sender::Broker);
        let wanted = kind.flags();
        if is_free || flags == wanted {
            Ok(())
        } else {
            Err(Malformed::new(kind, Flaw::Flags { found: flags, wanted }))
        }
    }
}

impl PacketKind {
    /// The flags that packets of this type are sent with; in a PUBLISH they vary (MQTT 5.0, 2.1.3).
    pub(super) const fn flags(self) -> u8 {
        match self {
            Self::PubRel | Self::Subscribe | Self::Unsubscribe => 0b0010,
            _ => 0,
        }
    }
}

/// Reads the fixed header at the beginning of `bytes`; `None` if more bytes are needed.
#[inline]
pub fn header(bytes: &[u8]) -> Result<Option<Header>, Malformed> {
    let Some((&first, rest)) = bytes.split_first() else { return Ok(None) };
    let Some(kind) = PacketKind::from_number(first >> 4) else {
        return Err(Malformed::new(None, Flaw::NoType));
    };
    match variable(rest) {
        Variable::Whole { value, bytes } => {
            Ok(Some(Header { kind, flags: first & 0x0F, bytes: 1 + bytes, remaining: value as usize }))
        }
        Variable::Short => Ok(None),
        Variable::TooLong => Err(Malformed::new(kind, Flaw::LengthTooLong)),
    }
}
