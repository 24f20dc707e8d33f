//! Brokers that lie, stall or flood. None may make the program panic, hang or exhaust memory.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Protocol};

use crate::brokers::{Broker, options, session, until};
use crate::tally::Tally;

/// How much the process may grow during one attempt, in bytes.
const GROWTH_BYTES_MAX: usize = 256 << 20;

/// The broker's name, the protocol that the client speaks, and how the broker treats a connection.
type Hostile = (&'static str, Protocol, fn(&mut TcpStream));

const BROKERS: &[Hostile] = &[
    ("closes at once", Protocol::Mqtt, |_| {}),
    ("announces 268 MB and sends nothing", Protocol::Mqtt, |stream| send(stream, b"\x30\xff\xff\xff\x7f")),
    ("announces 268 MB and sends a little", Protocol::Mqtt, |stream| {
        send(stream, b"\x20\x02\x00\x00\x30\xff\xff\xff\x7f\x00\x01a");
        send(stream, &[b'x'; 100_000]);
    }),
    ("sends a length without an end", Protocol::Mqtt, |stream| send(stream, &[0xff; 65_536])),
    ("sends one byte at a time", Protocol::Mqtt, |stream| {
        for byte in b"\x20\x02\x00\x00\x30\x05\x00\x03a/bx" {
            send(stream, &[*byte]);
        }
    }),
    ("floods with new topics", Protocol::Mqtt, |stream| {
        send(stream, b"\x20\x02\x00\x00");
        for number in 0_u32..300_000 {
            let topic = format!("{:08x}/{:08x}", number.wrapping_mul(2_654_435_761), number);
            let mut packet = vec![0x30, topic.len() as u8 + 3, 0, topic.len() as u8];
            packet.extend(topic.bytes());
            packet.push(b'1');
            if stream.write_all(&packet).is_err() {
                return;
            }
        }
    }),
    ("floods with levels", Protocol::Mqtt, |stream| {
        send(stream, b"\x20\x02\x00\x00");
        for number in 0_u8..32 {
            let mut packet = vec![0x30, 0xff, 0xff, 0x03, 0xff, 0xfc, b'a' + number % 26];
            packet.resize(4 + 65_535, b'/');
            send(stream, &packet);
        }
    }),
    ("floods with PUBREL", Protocol::Mqtt, |stream| {
        send(stream, b"\x20\x02\x00\x00");
        let many: Vec<u8> =
            (1..=u16::MAX).flat_map(|id| [&[0x62, 2][..], &id.to_be_bytes()].concat()).collect();
        send(stream, &many);
    }),
    ("speaks HTTP", Protocol::Mqtt, |stream| send(stream, b"HTTP/1.1 400 Bad Request\r\n\r\n")),
    ("speaks no TLS", Protocol::Mqtts, |stream| {
        send(stream, b"\x15\x03\x01\x00\x02\x02\x28\x20\x02\x00\x00");
    }),
    ("sends noise for TLS", Protocol::Mqtts, |stream| send(stream, &[0xa5; 70_000])),
    ("sends headers without an end", Protocol::Ws, |stream| {
        send(stream, b"HTTP/1.1 101 Switching Protocols\r\n");
        for _ in 0..2_000 {
            send(
                stream,
                b"X-Header: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
            );
        }
    }),
    ("redirects", Protocol::Ws, |stream| {
        send(stream, b"HTTP/1.1 301 Moved\r\nLocation: ws://127.0.0.1/\r\nContent-Length: 99999999\r\n\r\n");
    }),
    ("answers another key", Protocol::Ws, |stream| {
        send(
            stream,
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: eA==\r\n\r\n",
        );
    }),
];

pub fn run(tally: &mut Tally) {
    let mut next = BROKERS.iter().cycle();
    while tally.goes_on() {
        let Some((what, protocol, serve)) = next.next() else { return };
        tally.attempt(what, |rng| {
            let version = if rng.bool() { MqttVersion::V5 } else { MqttVersion::V3_1_1 };
            meet(*protocol, version, *serve)
        });
    }
}

fn meet(protocol: Protocol, version: MqttVersion, serve: fn(&mut TcpStream)) -> Result<(), String> {
    let before = resident_bytes();
    let broker = Broker::start(move |stream, _| {
        let mut read = [0; 4_096];
        if stream.read(&mut read).is_ok() {
            serve(stream);
        }
    });
    let options = ConnectOptions { protocol, ..options(broker.port, version) };
    let session = session(options);
    until(&session, |session| session.status().failure.is_some())?;
    let grown = resident_bytes().saturating_sub(before);
    if grown > GROWTH_BYTES_MAX {
        return Err(format!("it took {} MB", grown / 1_000_000));
    }
    Ok(())
}

/// Sends bytes and ignores errors: the client may close the connection, which is what these brokers test.
fn send(stream: &mut TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).ok();
}

fn resident_bytes() -> usize {
    memory_stats::memory_stats().map_or(0, |stats| stats.physical_mem)
}
