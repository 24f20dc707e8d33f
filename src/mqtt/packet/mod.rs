//! MQTT control packets as bytes, in MQTT 3.1, 3.1.1 and 5: what a broker sends is decoded, what a client sends encoded.
//!
//! Pure functions over byte slices; the link calls them and keeps the rules that take memory (which identifiers are in
//! use, what an alias stands for). One family of types serves all three versions, because they differ in little: the
//! older ones have no properties and other numbers for a refusal.
//!
//! Nothing here panics, reads outside its slice or allocates more than the packet holds. What a broker sends is kept
//! as sent where a person can look at it (a topic need not be UTF-8); where it breaks the format, [`Malformed`] says
//! which packet and what is wrong with it.

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
pub use crate::mqtt::packet::connack::ConnAck;
pub use crate::mqtt::packet::connect::{Connect, Credentials};
pub use crate::mqtt::packet::disconnect::{Auth, Disconnect};
pub use crate::mqtt::packet::frame::{HEADER_BYTES_MAX, Header, header};
pub use crate::mqtt::packet::malformed::{Flaw, Malformed, Oversize, Part};
pub use crate::mqtt::packet::property::Property;
pub use crate::mqtt::packet::publish::{Publish, encode_head, head_bytes};
pub use crate::mqtt::packet::subscribe::{SubAck, UnsubAck, subscribe, unsubscribe};

/// A whole packet from a broker.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming<'a> {
    /// CONNACK
    ConnAck(Box<ConnAck>),
    /// PUBLISH
    Publish(Publish<'a>),
    /// PUBACK, PUBREC, PUBREL or PUBCOMP
    Acknowledgement(PacketKind, Acknowledgement),
    /// SUBACK
    SubAck(SubAck),
    /// UNSUBACK
    UnsubAck(UnsubAck),
    /// PINGRESP
    PingResp,
    /// DISCONNECT
    Disconnect(Disconnect),
    /// AUTH
    Auth(Auth),
}

/// Decodes a packet from what follows its fixed header.
pub fn decode(header: Header, body: &[u8], version: MqttVersion) -> Result<Incoming<'_>, Malformed> {
    let kind = header.kind;
    check_flags(header, version)?;
    Ok(match kind {
        PacketKind::Publish => Incoming::Publish(Publish::decode(header.flags, body, version)?),
        PacketKind::ConnAck => Incoming::ConnAck(Box::new(ConnAck::decode(body, version)?)),
        PacketKind::PubAck | PacketKind::PubRec | PacketKind::PubRel | PacketKind::PubComp => {
            Incoming::Acknowledgement(kind, Acknowledgement::decode(kind, body, version)?)
        }
        PacketKind::SubAck => Incoming::SubAck(SubAck::decode(body, version)?),
        PacketKind::UnsubAck => Incoming::UnsubAck(UnsubAck::decode(body, version)?),
        PacketKind::PingResp => Incoming::PingResp,
        PacketKind::Disconnect => Incoming::Disconnect(Disconnect::decode(body, version)?),
        PacketKind::Auth if version == MqttVersion::V5 => Incoming::Auth(Auth::decode(body)?),
        PacketKind::Auth => return Err(Malformed::new(kind, Flaw::NeedsMqtt5)),
        PacketKind::Connect | PacketKind::Subscribe | PacketKind::Unsubscribe | PacketKind::PingReq => {
            return Err(Malformed::new(kind, Flaw::OnlyClientsSend));
        }
    })
}

/// The flags of all packets but PUBLISH are fixed (MQTT 5.0, 2.1.3). PUBREL's are let pass: old brokers set none, and
/// MQTT 3.1 gave them a meaning that nobody needs.
fn check_flags(header: Header, version: MqttVersion) -> Result<(), Malformed> {
    let free = matches!(header.kind, PacketKind::Publish | PacketKind::PubRel);
    if free || header.flags == 0 || version == MqttVersion::V3_1 {
        return Ok(());
    }
    Err(Malformed::new(header.kind, Flaw::Flags { found: header.flags, wanted: 0 }))
}

/// PINGREQ
pub const PINGREQ: [u8; 2] = [0xC0, 0];
