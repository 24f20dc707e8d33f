//! Independent clients: mosquitto_pub for one message, and a plain socket for thousands.

use std::io::{BufWriter, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::process::Command;

use mqttree::message::Flags;
use mqttree::mqtt::options::MqttVersion;
use mqttree::mqtt::packet::{Connect, Head, PINGREQ, PINGRESP};

use crate::harness::broker::find;

/// Runs mosquitto_pub for this port with more arguments and waits for it.
pub fn mosquitto_pub(port: u16, arguments: &[&str]) {
    let status = Command::new(find("mosquitto_pub", "mosquitto-clients"))
        .args(["-h", "127.0.0.1", "-p", &port.to_string()])
        .args(arguments)
        .status()
        .unwrap();
    assert!(status.success(), "mosquitto_pub {arguments:?} failed");
}

/// An MQTT 3.1.1 client on a plain socket that sends at QoS 0 as fast as the broker reads.
pub struct Publisher {
    stream: BufWriter<TcpStream>,
}

impl Publisher {
    /// Connects without a user name.
    pub fn connect(port: u16) -> Self {
        let mut socket = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
        let connect = Connect { version: MqttVersion::V3_1_1, clean: true, ..Connect::default() };
        let mut packet = Vec::new();
        connect.encode(&mut packet).unwrap();
        socket.write_all(&packet).unwrap();
        let mut connack = [0; 4];
        socket.read_exact(&mut connack).unwrap();
        assert_eq!(connack, [0x20, 2, 0, 0], "CONNACK");
        Self { stream: BufWriter::with_capacity(64 * 1024, socket) }
    }

    /// Sends one PUBLISH at QoS 0.
    pub fn publish(&mut self, topic: &[u8], payload: &[u8], retain: bool) {
        self.try_publish(topic, payload, retain).unwrap();
    }

    /// Sends one PUBLISH at QoS 0 to a broker that may be gone.
    pub fn try_publish(&mut self, topic: &[u8], payload: &[u8], retain: bool) -> std::io::Result<()> {
        let head = Head {
            topic,
            flags: Flags { retain, ..Flags::default() },
            packet_id: 0,
            topic_alias: None,
            properties: None,
            subscription_identifiers: &[],
        };
        let mut packet = Vec::new();
        head.encode(&mut packet, payload.len(), MqttVersion::V3_1_1).unwrap();
        self.stream.write_all(&packet)?;
        self.stream.write_all(payload)
    }

    /// Sends everything and waits until the broker has processed it.
    pub fn finish(&mut self) {
        self.stream.write_all(&PINGREQ).unwrap();
        self.stream.flush().unwrap();
        let mut answer = [0; 2];
        self.stream.get_mut().read_exact(&mut answer).unwrap();
        assert_eq!(answer, PINGRESP, "PINGRESP");
    }
}
