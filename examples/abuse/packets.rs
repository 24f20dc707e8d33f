//! Malformed packets: valid broker streams with bits flipped and bytes lost, repeated or invented.

use fastrand::Rng;
use mqttree::mqtt::options::MqttVersion;

use crate::brokers::{Broker, options, session, until};
use crate::tally::Tally;

const VERSIONS: [MqttVersion; 3] = [MqttVersion::V3_1, MqttVersion::V3_1_1, MqttVersion::V5];

pub fn run(tally: &mut Tally) {
    while tally.goes_on() {
        let version = VERSIONS[tally.rng.usize(0..VERSIONS.len())];
        let mut stream = stream(version);
        let damage = damage(&mut stream, &mut tally.rng);
        tally.attempt(&format!("{version:?}, {damage}: {stream:02x?}"), |_| meet(version, stream.clone()));
    }
}

fn meet(version: MqttVersion, stream: Vec<u8>) -> Result<(), String> {
    let broker = Broker::that_sends(stream);
    let session = session(options(broker.port, version));
    // Whatever was sent, the connection ends: with a failure, or because the broker closes it.
    until(&session, |session| session.status().failure.is_some())
}

/// One packet of every kind that a broker may send after CONNECT.
fn stream(version: MqttVersion) -> Vec<u8> {
    let is_5 = version == MqttVersion::V5;
    let mut bytes = Vec::new();
    let mut packet = |first: u8, body: &[&[u8]]| {
        let body = body.concat();
        bytes.push(first);
        bytes.push(body.len() as u8);
        bytes.extend(body);
    };
    let none: &[u8] = if is_5 { &[0] } else { &[] };
    let connack: &[u8] = if is_5 { b"\x0a\x21\x00\x0a\x22\x00\x05\x27\x00\x01\x00\x00" } else { b"" };
    packet(0x20, &[b"\x00\x00", connack]);
    packet(0x90, &[b"\x00\x01", none, b"\x00"]);
    packet(0x30, &[b"\x00\x03a/b", none, b"21.5"]);
    packet(0x31, &[b"\x00\x01c", none]);
    packet(0x32, &[b"\x00\x03a/b", b"\x00\x07", none, b"{\"a\":1}"]);
    packet(0x34, &[b"\x00\x03a/c", b"\x00\x08", none, b"on"]);
    packet(0x62, &[b"\x00\x08"]);
    if is_5 {
        packet(0x30, &[b"\x00\x01d", b"\x10\x23\x00\x01\x26\x00\x01k\x00\x01v\x01\x01\x0b\x07", b"x"]);
        packet(0x30, &[b"\x00\x00", b"\x03\x23\x00\x01", b"y"]);
    }
    packet(0x40, &[b"\x00\x09"]);
    packet(0xb0, &[b"\x00\x01", none, if is_5 { b"\x00" } else { b"" }]);
    packet(0xd0, &[]);
    if is_5 {
        packet(0xe0, &[b"\x8b\x06\x1f\x00\x03bye"]);
    }
    bytes
}

/// Damages the stream in one of several ways and returns the way's name.
fn damage(bytes: &mut Vec<u8>, rng: &mut Rng) -> &'static str {
    let at = rng.usize(0..bytes.len());
    match rng.u8(0..7) {
        0 => {
            bytes[at] ^= 1 << rng.u8(0..8);
            "a bit flipped"
        }
        1 => {
            bytes.truncate(at);
            "cut off"
        }
        2 => {
            bytes.remove(at);
            "a byte lost"
        }
        3 => {
            bytes.insert(at, rng.u8(..));
            "a byte invented"
        }
        4 => {
            let end = (at + rng.usize(1..24)).min(bytes.len());
            let part = bytes[at..end].to_vec();
            bytes.splice(at..at, part);
            "a part doubled"
        }
        5 => {
            for byte in &mut bytes[at..] {
                *byte = rng.u8(..);
            }
            "noise to the end"
        }
        _ => {
            for _ in 0..rng.usize(2..8) {
                let at = rng.usize(0..bytes.len());
                bytes[at] = rng.u8(..);
            }
            "several bytes replaced"
        }
    }
}
