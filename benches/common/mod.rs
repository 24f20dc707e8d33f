//! Shared by the benches: the topics of `examples/flood.rs`, as streams into a model.

use mqttree::message::{Flags, MessageRef, Payload, Timestamp};
use mqttree::model::{Limits, Model};

pub const MILLION: u32 = 1_000_000;
pub const PAYLOAD: &[u8] = br#"{"ts":1700000000000,"value":12.34,"unit":"C","ok":true,"seq":123456}"#;

pub fn flat(i: u32) -> String {
    const METRICS: [&str; 10] = [
        "temperature",
        "humidity",
        "pressure",
        "power",
        "voltage",
        "current",
        "state",
        "rssi",
        "uptime",
        "error",
    ];
    let device = i / 10;
    let (site, line, metric) = (device % 20, device / 20 % 50, METRICS[i as usize % 10]);
    format!("site-{site:02}/line-{line:02}/device-{device:06}/{metric}")
}

pub fn wide(i: u32) -> String {
    format!("wide/device-{i:07}")
}

pub type Topics = fn(u32) -> String;

/// Topics stored one after another in a buffer, so that generating them is not measured.
pub struct Stream {
    bytes: String,
    ends: Vec<u32>,
}

impl Stream {
    pub fn new(count: u32, topic: Topics) -> Self {
        let mut stream = Self { bytes: String::new(), ends: vec![0] };
        for i in 0..count {
            stream.bytes.push_str(&topic(i));
            stream.ends.push(stream.bytes.len() as u32);
        }
        stream
    }

    pub fn get(&self, i: usize) -> &[u8] {
        &self.bytes.as_bytes()[self.ends[i] as usize..self.ends[i + 1] as usize]
    }

    pub fn len(&self) -> usize {
        self.ends.len() - 1
    }

    pub fn apply(&self, model: &mut Model, range: std::ops::Range<usize>, payload: &[u8]) {
        for i in range {
            apply(model, self.get(i % self.len()), payload, i as i64);
        }
    }
}

pub fn apply(model: &mut Model, topic: &[u8], payload: &[u8], arrived: i64) {
    let (flags, arrived) = (Flags::default(), Timestamp(arrived));
    let message = MessageRef { topic, payload: Payload::Small(payload), flags, properties: None, arrived };
    divan::black_box(model.apply(message)).ok();
}

pub fn million(topics: Topics) -> (Model, Stream) {
    let stream = Stream::new(MILLION, topics);
    let mut model = Model::new(Limits::default());
    stream.apply(&mut model, 0..stream.len(), b"12.34");
    while model.roll_up(Timestamp(0)) {}
    (model, stream)
}
