//! Arbitrary bytes as what a broker or a client sends, in all versions of MQTT and cut into pieces anywhere.
//!
//!     cargo +nightly fuzz run packets
//!
//! The first byte chooses the version and the sender, the second the size of the pieces. Whole packets are decoded where they are
//! found, as the link does; of a PUBLISH that is not whole the length of its head must be known once it has come.

#![no_main]

use libfuzzer_sys::fuzz_target;
use mqttree_fuzz::mqtt::options::MqttVersion;
use mqttree_fuzz::mqtt::packet::{self, Incoming};
use mqttree_fuzz::mqtt::trace::PacketKind;

fuzz_target!(|input: &[u8]| {
    let [version, piece, wire @ ..] = input else { return };
    let is_from_client = *version >= 0x80;
    let version = MqttVersion::ALL[usize::from(*version) % 3];
    let decode = if is_from_client { packet::decode_from_client } else { packet::decode };
    let mut unread = Vec::new();
    for piece in wire.chunks(usize::from(*piece).max(1)) {
        unread.extend(piece);
        loop {
            let Ok(header) = packet::header(&unread) else { return };
            let Some(header) = header else { break };
            let body = &unread[header.bytes..];
            let head = packet::head_bytes(header.flags, body, version);
            if body.len() < header.remaining {
                break;
            }
            let body = &body[..header.remaining];
            let Ok(incoming) = decode(header, body, version) else { return };
            if let Incoming::Publish(publish) = incoming {
                assert_eq!(header.kind, PacketKind::Publish);
                assert_eq!(head, Some(body.len() - publish.payload.len()), "{body:x?}");
            }
            unread.drain(..header.packet_bytes());
        }
    }
});
