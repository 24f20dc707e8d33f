//! What a broker in the field also carries: empty levels, binary, huge integers, long logs, broken numbers, a
//! service that answers, and the broker's own statistics.

use std::collections::VecDeque;
use std::time::Duration;

use fastrand::Rng;

use crate::demo::broker::{Message, Publisher};
use crate::demo::devices::signal::{Wave, noise, once_in};
use crate::demo::devices::simulation::{Device, Now, json, number, typed};
use crate::message::PublishProperties;

/// Lines that the gateway's log topic holds.
const LOG_LINES_MAX: usize = 400;

/// A gateway to old machines.
pub(super) struct Gateway {
    rng: Rng,
    counter: u64,
    log: VecDeque<String>,
}

impl Gateway {
    pub fn new(rng: Rng) -> Self {
        // Beyond 2^53, where a double no longer tells neighbours apart.
        Self { rng, counter: (1 << 53) + 1, log: VecDeque::new() }
    }

    fn log_line(&mut self, now: Now) -> String {
        let rng = &mut self.rng;
        let port = rng.u16(1..48);
        let (level, text) = match rng.u8(0..8) {
            0 => ("WARN", format!("modbus[{port}]: no answer within 500 ms, attempt {}", rng.u8(1..4))),
            1 => ("ERROR", format!("opcua[{port}]: BadSessionClosed, opening a new session")),
            2 => ("DEBUG", format!("mqtt: publish queue {} of 1000", rng.u16(0..40))),
            _ => ("INFO", format!("poll[{port}]: {} registers in {} ms", rng.u16(10..120), rng.u16(4..60))),
        };
        format!("{} {level:5} {text}", now.iso())
    }
}

impl Device for Gateway {
    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        self.counter += u64::from(self.rng.u32(1..1000));
        if now.is_due(2, 0) {
            let line = self.log_line(now);
            out.push(Message::new("gateway/log/line", line.clone()));
            self.log.push_back(line);
            if self.log.len() > LOG_LINES_MAX {
                self.log.pop_front();
            }
        }
        if now.is_due(3, 1) {
            // An empty level is a level, and each of these is a topic of its own.
            out.push(number(
                "gateway/devices/plc-07/legacy//temperature".to_owned(),
                20.0 + noise(&mut self.rng, 1.0),
                1,
            ));
            out.push(Message::new("gateway/devices/plc-07/legacy/counter", self.counter.to_string()));
            let text = format!(
                r#"{{"counter": {}, "id": 18446744073709551615, "ratio": 1.0, "scale": 1e3, "small": 0.10}}"#,
                self.counter
            );
            out.push(Message::new("gateway/devices/plc-07/legacy/numbers", text));
        }
        if now.is_due(10, 4) {
            out.push(Message::new("gateway/heartbeat", ""));
            let pressure = self.rng.choice(["NaN", "1.0", "ERR", "0x1F", "1,5"]).unwrap_or("NaN");
            out.push(Message::new("gateway/devices/plc-07/legacy/pressure", pressure));
            out.push(Message::new(
                "gateway/devices/plc-07/legacy/valve",
                if self.rng.bool() { "true" } else { "false" },
            ));
            let lines: Vec<&str> = self.log.iter().map(String::as_str).collect();
            out.push(typed(Message::new("gateway/log", lines.join("\n")), "text/plain").retained());
        }
        if now.step == 0 {
            out.push(Message::new("gateway/availability", "online").retained());
            out.push(
                Message::new("gateway/devices/plc-07/legacy/", "a topic that ends in an empty level")
                    .retained(),
            );
        }
    }
}

/// Sensors that send bytes.
pub(super) struct Binary {
    rng: Rng,
    wave: Wave,
}

impl Binary {
    pub fn new(rng: Rng) -> Self {
        Self { rng, wave: Wave { mean: 0.0, swing: 1.0, period_s: 3.0, noise: 0.05 } }
    }

    /// 32 samples, each a little-endian `f32`.
    fn samples(&mut self, now: Now) -> Vec<u8> {
        let sample = |index: u32| {
            let value = self.wave.at(now.seconds() + f64::from(index) / 64.0, &mut self.rng) as f32;
            value.to_le_bytes()
        };
        (0..32).flat_map(sample).collect()
    }

    /// Ten registers of 16 bits, big-endian, as Modbus sends them.
    fn registers(&mut self) -> Vec<u8> {
        (0..10_u16).flat_map(|index| (index * 1000 + self.rng.u16(0..100)).to_be_bytes()).collect()
    }

    /// A message as Protocol Buffers encode it: number, name, distance, and a nested position.
    fn frame(&mut self, now: Now) -> Vec<u8> {
        let mut position = vec![0x09]; // field 1, 64 bits
        position.extend((52.5163 + noise(&mut self.rng, 1e-5)).to_le_bytes());
        position.push(0x11); // field 2, 64 bits
        position.extend((13.3777 + noise(&mut self.rng, 1e-5)).to_le_bytes());
        let mut frame = vec![0x08]; // field 1, varint
        varint(now.step, &mut frame);
        for (tag, bytes) in [(0x12, &b"radar-01"[..]), (0x22, &position)] {
            frame.push(tag); // fields 2 and 4, with a length
            varint(bytes.len() as u64, &mut frame);
            frame.extend(bytes);
        }
        frame.push(0x1D); // field 3, 32 bits
        frame.extend((12.0 + noise(&mut self.rng, 0.5) as f32).to_le_bytes());
        frame
    }
}

fn varint(mut value: u64, out: &mut Vec<u8>) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

impl Device for Binary {
    fn every(&self) -> Duration {
        Duration::from_millis(500)
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        out.push(Message::new("sensors/accelerometer/samples", self.samples(now)));
        if now.is_due(2, 0) {
            out.push(Message::new("sensors/radar/frame", self.frame(now)));
        }
        if now.is_due(6, 1) {
            out.push(Message::new("sensors/modbus/registers", self.registers()));
        }
        if once_in(&mut self.rng, 20.0) || now.step == 0 {
            let tag: u64 = self.rng.u64(..);
            out.push(Message::new("sensors/rfid/tag", tag.to_be_bytes().to_vec()));
        }
    }
}

/// `ping/request` answers on the response topic of the request, with its correlation data (MQTT 5.0, 4.10),
/// or on `ping/response` if it names none.
pub(super) struct Ping;

impl Ping {
    const REQUEST: &'static str = "ping/request";
}

impl Device for Ping {
    fn every(&self) -> Duration {
        Duration::from_hours(1)
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        if now.step == 0 {
            let help =
                "publish to ping/request: the answer comes on your response topic, or on ping/response";
            out.push(Message::new("ping/help", help).retained());
        }
    }

    fn obeys(&self) -> Vec<String> {
        vec![Self::REQUEST.to_owned()]
    }

    fn obey(&mut self, command: &Message, _now: Now, out: &mut Vec<Message>) {
        let asked = command.properties.as_deref().cloned().unwrap_or_default();
        let topic = asked.response_topic.unwrap_or_else(|| "ping/response".to_owned());
        // An answer that is a request would go round for ever.
        if topic == Self::REQUEST {
            return;
        }
        out.push(Message::new(topic, command.payload.clone()).at(command.qos).with(PublishProperties {
            correlation_data: asked.correlation_data,
            user_properties: asked.user_properties,
            content_type: asked.content_type,
            payload_format_indicator: asked.payload_format_indicator,
            ..PublishProperties::default()
        }));
    }
}

/// The broker's statistics under `$SYS`, named as mosquitto names them.
pub(super) struct BrokerStatus {
    broker: Publisher,
}

impl BrokerStatus {
    pub fn new(broker: Publisher) -> Self {
        Self { broker }
    }
}

impl Device for BrokerStatus {
    fn every(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let stats = self.broker.stats();
        let figures = [
            ("version", concat!("mqttree demo ", env!("CARGO_PKG_VERSION")).to_owned()),
            ("uptime", format!("{} seconds", now.elapsed.as_secs())),
            ("clients/connected", stats.clients.to_string()),
            ("subscriptions/count", stats.subscriptions.to_string()),
            ("retained messages/count", stats.retained.to_string()),
            ("messages/received", stats.received.to_string()),
            ("publish/messages/dropped", stats.dropped.to_string()),
            ("store/messages/bytes", stats.queued_bytes.to_string()),
        ];
        for (name, value) in figures {
            out.push(Message::new(format!("$SYS/broker/{name}"), value).retained());
        }
        let summary = serde_json::json!({
            "clients": stats.clients,
            "received": stats.received,
            "dropped": stats.dropped,
        });
        out.push(json("$SYS/broker/summary".to_owned(), &summary).retained());
    }
}
