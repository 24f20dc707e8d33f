//! MQTT control packets as bytes, in MQTT 3.1, 3.1.1 and 5. Packets of clients and of brokers are both encoded and
//! decoded.
//!
//! Pure functions over byte slices. The link uses them as a client, the demo's broker as a broker; each keeps the state
//! that the protocol needs (identifiers in use, topics behind aliases). One family of types serves all three versions,
//! which differ little: the older ones have no properties and other codes for a refusal.
//!
//! Nothing here panics, reads outside its slice or allocates more than the packet holds. Whatever a person can look at
//! is kept as it was sent (a topic need not be UTF-8). If bytes break the format, [`Malformed`] says which packet it is
//! and what is wrong with it.

mod acknowledgement;
mod connack;
mod connect;
mod disconnect;
mod frame;
mod malformed;
mod property;
mod publish;
mod reader;
mod subscribe;
#[cfg(test)]
mod tests;
mod writer;

use crate::mqtt::options::MqttVersion;
use crate::mqtt::trace::PacketKind;

pub use crate::mqtt::packet::acknowledgement::{Acknowledgement, acknowledge};
pub use crate::mqtt::packet::connack::{ConnAck, ServerProperties};
pub use crate::mqtt::packet::connect::{Connect, ConnectProperties, Credentials, LastWill};
pub use crate::mqtt::packet::disconnect::{Auth, Disconnect, disconnect};
pub use crate::mqtt::packet::frame::{HEADER_BYTES_MAX, Header, Sender, header};
pub use crate::mqtt::packet::malformed::{Flaw, Malformed, Oversize, Part};
pub use crate::mqtt::packet::property::Property;
pub use crate::mqtt::packet::publish::{Head, PublishPacket, encode_head, head_bytes};
pub use crate::mqtt::packet::subscribe::{SubAck, Subscribe, UnsubAck, Unsubscribe, subscribe, unsubscribe};

/// The bytes of a PINGREQ.
pub const PINGREQ: [u8; 2] = [0xC0, 0];
/// The bytes of a PINGRESP.
pub const PINGRESP: [u8; 2] = [0xD0, 0];

/// A whole packet received from the other side.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming<'a> {
    /// CONNECT
    Connect(Box<Connect<'a>>),
    /// CONNACK
    ConnAck(Box<ConnAck>),
    /// PUBLISH
    Publish(PublishPacket<'a>),
    /// PUBACK, PUBREC, PUBREL or PUBCOMP
    Acknowledgement(PacketKind, Acknowledgement),
    /// SUBSCRIBE
    Subscribe(Subscribe),
    /// SUBACK
    SubAck(SubAck),
    /// UNSUBSCRIBE
    Unsubscribe(Unsubscribe),
    /// UNSUBACK
    UnsubAck(UnsubAck),
    /// PINGREQ
    PingReq,
    /// PINGRESP
    PingResp,
    /// DISCONNECT
    Disconnect(Disconnect),
    /// AUTH
    Auth(Auth),
}

impl Incoming<'_> {
    /// The packet's type.
    pub fn kind(&self) -> PacketKind {
        match self {
            Self::Connect(_) => PacketKind::Connect,
            Self::ConnAck(_) => PacketKind::ConnAck,
            Self::Publish(_) => PacketKind::Publish,
            Self::Acknowledgement(kind, _) => *kind,
            Self::Subscribe(_) => PacketKind::Subscribe,
            Self::SubAck(_) => PacketKind::SubAck,
            Self::Unsubscribe(_) => PacketKind::Unsubscribe,
            Self::UnsubAck(_) => PacketKind::UnsubAck,
            Self::PingReq => PacketKind::PingReq,
            Self::PingResp => PacketKind::PingResp,
            Self::Disconnect(_) => PacketKind::Disconnect,
            Self::Auth(_) => PacketKind::Auth,
        }
    }

    /// Appends the packet as sent in this version. A CONNECT carries its own version.
    pub fn encode(&self, out: &mut Vec<u8>, version: MqttVersion) -> Result<(), Oversize> {
        match self {
            Self::Connect(connect) => connect.encode(out),
            Self::ConnAck(connack) => connack.encode(out, version),
            Self::Publish(publish) => publish.encode(out, version),
            Self::Acknowledgement(kind, acknowledgement) => acknowledgement.encode(out, *kind, version),
            Self::Subscribe(asked) => subscribe(out, asked.packet_id, &asked.subscriptions, version),
            Self::SubAck(suback) => suback.encode(out, version),
            Self::Unsubscribe(asked) => {
                let filters = asked.filters.iter().map(String::as_str);
                unsubscribe(out, asked.packet_id, filters, &asked.user_properties, version)
            }
            Self::UnsubAck(unsuback) => unsuback.encode(out, version),
            Self::PingReq => {
                out.extend(PINGREQ);
                Ok(())
            }
            Self::PingResp => {
                out.extend(PINGRESP);
                Ok(())
            }
            Self::Disconnect(disconnect) => disconnect.encode(out, version),
            Self::Auth(auth) => auth.encode(out),
        }
    }
}

/// Decodes a broker's packet from everything after its fixed header.
pub fn decode(header: Header, body: &[u8], version: MqttVersion) -> Result<Incoming<'_>, Malformed> {
    decode_from(Sender::Broker, header, body, version)
}

/// Decodes a client's packet from everything after its fixed header. A CONNECT carries its own version.
pub fn decode_from_client(
    header: Header,
    body: &[u8],
    version: MqttVersion,
) -> Result<Incoming<'_>, Malformed> {
    decode_from(Sender::Client, header, body, version)
}

fn decode_from(
    sender: Sender,
    header: Header,
    body: &[u8],
    version: MqttVersion,
) -> Result<Incoming<'_>, Malformed> {
    header.check(sender, version)?;
    let kind = header.kind;
    Ok(match kind {
        PacketKind::Connect => Incoming::Connect(Box::new(Connect::decode(body)?)),
        PacketKind::ConnAck => Incoming::ConnAck(Box::new(ConnAck::decode(body, version)?)),
        PacketKind::Publish => Incoming::Publish(PublishPacket::decode(header.flags, body, version)?),
        PacketKind::PubAck | PacketKind::PubRec | PacketKind::PubRel | PacketKind::PubComp => {
            Incoming::Acknowledgement(kind, Acknowledgement::decode(kind, body, version)?)
        }
        PacketKind::Subscribe => Incoming::Subscribe(Subscribe::decode(body, version)?),
        PacketKind::SubAck => Incoming::SubAck(SubAck::decode(body, version)?),
        PacketKind::Unsubscribe => Incoming::Unsubscribe(Unsubscribe::decode(body, version)?),
        PacketKind::UnsubAck => Incoming::UnsubAck(UnsubAck::decode(body, version)?),
        PacketKind::PingReq => Incoming::PingReq,
        PacketKind::PingResp => Incoming::PingResp,
        PacketKind::Disconnect => Incoming::Disconnect(Disconnect::decode(body, version)?),
        PacketKind::Auth => Incoming::Auth(Auth::decode(body)?),
    })
}
