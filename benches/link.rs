//! The cost of the link per message: decoding, protocol rules, and the copy into a batch.
//!
//! `cargo bench --bench link` reads a prepared stream of 2,000,000 small QoS 0 messages from a loopback socket. It
//! prints the reading thread's processor time per message, including system calls. The messages are those of
//! `examples/flood.rs`: 1,000 topics of about 40 bytes with 68 bytes of JSON.

#![expect(clippy::expect_used, reason = "without a socket there is nothing to measure")]

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::Builder;
use std::time::Duration;

use mqttree::message::{Batch, QoS, Timestamp};
use mqttree::mqtt::link::{Accept, Event, Exchange, Link, Memory, Received, Request};
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Secrets};
use mqttree::mqtt::packet;
use mqttree::mqtt::publish::Publish;

const MESSAGES: usize = 2_000_000;
const TOPICS: usize = 1_000;
const ROUNDS: usize = 5;
const PAYLOAD: &[u8] = br#"{"ts":1700000000000,"value":12.34,"unit":"C","ok":true,"seq":123456}"#;

fn main() {
    for round in 1..=ROUNDS {
        for version in MqttVersion::ALL {
            let (messages, elapsed) = run(version);
            let each = elapsed.as_nanos() as f64 / messages as f64;
            println!("round {round}: MQTT {:5} {each:6.1} ns of processor time per message", version.name());
        }
    }
}

/// Receives messages as a session does and discards full batches.
#[derive(Default)]
struct Sink {
    batch: Batch,
    messages: usize,
}

impl Exchange for Sink {
    fn message(&mut self, message: Received<'_>) {
        let Received { topic, payload, flags, packet_id, properties } = message;
        self.messages += 1;
        self.batch.push(topic, payload, flags, properties, Timestamp(0));
        self.batch.identify_last(packet_id);
    }

    fn event(&mut self, _: Event) {}

    fn settle(&mut self, _: bool) -> bool {
        if self.batch.len() >= 512 {
            self.batch.clear();
        }
        true
    }

    fn try_next(&mut self, _: Accept) -> Option<Request> {
        None
    }

    async fn next(&mut self, _: Accept) -> Option<Request> {
        std::future::pending().await
    }
}

/// One message for each of the [`TOPICS`], as bytes.
fn portion(version: MqttVersion) -> Vec<u8> {
    let mut wire = Vec::new();
    for index in 0..TOPICS {
        let (site, line, device) = (index % 20, index / 20 % 50, index / 10);
        let publish = Publish {
            topic: format!("site-{site:02}/line-{line:02}/device-{device:06}/temperature"),
            payload: PAYLOAD.into(),
            qos: QoS::AtMostOnce,
            ..Publish::default()
        };
        packet::encode_head(&mut wire, &publish, 0, false, false, version).expect("short enough");
        wire.extend(PAYLOAD);
    }
    wire
}

fn run(version: MqttVersion) -> (usize, Duration) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = listener.local_addr().expect("an address").port();
    let send = move || {
        let (mut socket, _) = listener.accept().expect("a client");
        let mut connect = [0; 1024];
        assert!(socket.read(&mut connect).is_ok_and(|count| count > 0), "CONNECT");
        let connack: &[u8] =
            if version == MqttVersion::V5 { b"\x20\x03\x00\x00\x00" } else { b"\x20\x02\x00\x00" };
        socket.write_all(connack).expect("CONNACK is sent");
        let wire = portion(version);
        for _ in 0..MESSAGES / TOPICS {
            socket.write_all(&wire).expect("messages are sent");
        }
    };
    let sender = Builder::new().name("sender".to_owned()).spawn(send).expect("a thread");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let options = ConnectOptions {
        host: "127.0.0.1".to_owned(),
        port,
        version: version.into(),
        ..ConnectOptions::default()
    };
    let (secrets, mut memory, mut sink) = (Secrets::default(), Memory::default(), Sink::default());
    let elapsed = runtime.block_on(async {
        let mut link = Link::new(&options, "bench", &secrets, &mut memory);
        link.next(&mut sink).await.expect("a connection");
        let before = thread_time();
        while sink.messages < MESSAGES && link.next(&mut sink).await.is_ok() {}
        thread_time().saturating_sub(before)
    });
    sender.join().expect("the sender ends");
    (sink.messages, elapsed)
}

/// Processor time of this thread. Linux only, where the figures are taken.
fn thread_time() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanoseconds = text.split(' ').next().and_then(|field| field.parse().ok()).unwrap_or_default();
    Duration::from_nanos(nanoseconds)
}
