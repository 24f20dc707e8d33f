//! Clients that are not ours: mosquitto_pub for one message, and a bare socket for thousands.

use std::io::{BufWriter, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;

use crate::harness::broker::find;

/// Runs mosquitto_pub against the port with more arguments, and waits for it.
pub fn mosquitto_pub(port: u16, arguments: &[&str]) {
    let status = Command::new(find("mosquitto_pub", "mosquitto-clients"))
        .args(["-h", "127.0.0.1", "-p", &port.to_string()])
        .args(arguments)
        .status()
        .unwrap();
    assert!(status.success(), "mosquitto_pub {arguments:?} failed");
}

/// A client of MQTT 3.1.1 on a bare socket, which sends at QoS 0 as fast as the broker reads.
pub struct Publisher {
    stream: BufWriter<TcpStream>,
}

impl Publisher {
    /// Connects without a user name.
    pub fn connect(port: u16) -> Self {
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        // CONNECT, level 4, clean session, keep alive off, empty client ID.
        socket.write_all(b"\x10\x0c\x00\x04MQTT\x04\x02\x00\x00\x00\x00").unwrap();
        let mut connack = [0; 4];
        socket.read_exact(&mut connack).unwrap();
        assert_eq!(connack, [0x20, 2, 0, 0], "CONNACK");
        Self { stream: BufWriter::with_capacity(64 * 1024, socket) }
    }

    /// Sends one PUBLISH at QoS 0.
    pub fn publish(&mut self, topic: &[u8], payload: &[u8], retain: bool) {
        self.try_publish(topic, payload, retain).unwrap();
    }

    /// The same for a broker that may be gone.
    pub fn try_publish(&mut self, topic: &[u8], payload: &[u8], retain: bool) -> std::io::Result<()> {
        let mut remaining = 2 + topic.len() + payload.len();
        let mut packet = vec![0x30 | u8::from(retain)];
        loop {
            let more = remaining >= 128;
            packet.push((remaining % 128) as u8 | if more { 0x80 } else { 0 });
            remaining /= 128;
            if !more {
                break;
            }
        }
        packet.extend((topic.len() as u16).to_be_bytes());
        packet.extend(topic);
        self.stream.write_all(&packet)?;
        self.stream.write_all(payload)
    }

    /// Hands everything to the network and waits until the broker has processed it.
    pub fn finish(&mut self) {
        self.stream.write_all(b"\xc0\x00").unwrap();
        self.stream.flush().unwrap();
        let mut answer = [0; 2];
        self.stream.get_mut().read_exact(&mut answer).unwrap();
        assert_eq!(answer, [0xd0, 0], "PINGRESP");
    }
}
