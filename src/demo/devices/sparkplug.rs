//! An edge node of Sparkplug B with two devices. It names its metrics in births and by alias afterwards, gives birth
//! again when it is asked to, and when somebody new listens: a host application asks for that as it comes online.

use std::time::Duration;

use fastrand::Rng;

use crate::demo::broker::{Message, Publisher};
use crate::demo::devices::signal::{Walk, Wave, noise, round};
use crate::demo::devices::simulation::{Device, Now, json};
use crate::demo::devices::wire::Wire;

const COMMANDS: &str = "spBv1.0/Plant/NCMD/Edge";

/// The value of a metric.
#[derive(Clone, Copy)]
enum Value {
    UInt64(u64),
    Float(f32),
    Double(f64),
    Boolean(bool),
    Text(&'static str),
}

/// A metric: name, alias, value.
type Metric = (&'static str, u64, Value);

pub(super) struct EdgeNode {
    rng: Rng,
    broker: Publisher,
    seq: u8,
    listeners: usize,
    oven_c: Wave,
    pressure_bar: Walk,
    strokes: u64,
}

impl EdgeNode {
    pub fn new(rng: Rng, broker: Publisher) -> Self {
        Self {
            rng,
            broker,
            seq: 0,
            listeners: 0,
            oven_c: Wave { mean: 212.0, swing: 6.0, period_s: 90.0, noise: 0.2 },
            pressure_bar: Walk { value: 84.0, low: 60.0, high: 110.0, step: 0.8 },
            strokes: 9_007_199_254_740_993,
        }
    }

    fn node(&mut self) -> Vec<Metric> {
        let load = round(23.0 + noise(&mut self.rng, 4.0), 1);
        vec![
            ("bdSeq", 0, Value::UInt64(0)),
            ("Node Control/Rebirth", 1, Value::Boolean(false)),
            ("Properties/Hardware", 2, Value::Text("Edge gateway 4")),
            ("Load", 3, Value::Double(load)),
        ]
    }

    fn press(&mut self) -> Vec<Metric> {
        self.pressure_bar.next(&mut self.rng);
        self.strokes += 1;
        vec![
            ("Hydraulics/Pressure", 10, Value::Float(self.pressure_bar.value as f32)),
            ("Strokes", 11, Value::UInt64(self.strokes)),
            ("Running", 12, Value::Boolean(true)),
            ("Tool", 13, Value::Text("T-118")),
        ]
    }

    fn oven(&mut self, now: Now) -> Vec<Metric> {
        let temperature = round(self.oven_c.at(now.seconds(), &mut self.rng), 2);
        vec![
            ("Temperature", 20, Value::Double(temperature)),
            ("Setpoint", 21, Value::Float(212.0)),
            ("Door open", 22, Value::Boolean(self.rng.u8(0..12) == 0)),
        ]
    }

    fn birth(&mut self, now: Now, out: &mut Vec<Message>) {
        self.seq = 0;
        let node = self.node();
        self.send("NBIRTH/Edge", &node, true, now, out);
        let press = self.press();
        self.send("DBIRTH/Edge/press", &press, true, now, out);
        let oven = self.oven(now);
        self.send("DBIRTH/Edge/oven", &oven, true, now, out);
    }

    fn send(&mut self, topic: &str, metrics: &[Metric], is_birth: bool, now: Now, out: &mut Vec<Message>) {
        let time = now.unix_ms.cast_unsigned();
        let mut payload = Wire::default();
        payload.whole(1, time);
        for (name, alias, value) in metrics {
            payload.bytes(2, &metric(name, *alias, *value, is_birth, time));
        }
        payload.whole(3, self.seq.into());
        self.seq = self.seq.wrapping_add(1);
        out.push(Message::new(format!("spBv1.0/Plant/{topic}"), payload.finish()));
    }
}

fn metric(name: &str, alias: u64, value: Value, is_birth: bool, time: u64) -> Vec<u8> {
    let mut metric = Wire::default();
    if is_birth {
        metric.bytes(1, name.as_bytes());
    }
    metric.whole(2, alias);
    metric.whole(3, time);
    let kind = match value {
        Value::UInt64(_) => 8,
        Value::Float(_) => 9,
        Value::Double(_) => 10,
        Value::Boolean(_) => 11,
        Value::Text(_) => 12,
    };
    metric.whole(4, kind);
    match value {
        Value::UInt64(value) => metric.whole(11, value),
        Value::Float(value) => metric.float(12, value),
        Value::Double(value) => metric.double(13, value),
        Value::Boolean(value) => metric.whole(14, value.into()),
        Value::Text(text) => metric.bytes(15, text.as_bytes()),
    }
    metric.finish()
}

impl Device for EdgeNode {
    fn every(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let listeners = self.broker.stats().subscriptions;
        if now.step == 0 {
            let state = serde_json::json!({ "online": true, "timestamp": now.unix_ms });
            out.push(json("spBv1.0/STATE/scada".to_owned(), &state).retained());
        }
        if now.step == 0 || listeners > self.listeners {
            self.birth(now, out);
        }
        self.listeners = listeners;
        if now.is_due(10, 0) {
            let load: Vec<Metric> = self.node().split_off(3);
            self.send("NDATA/Edge", &load, false, now, out);
        }
        if now.is_due(2, 0) {
            let mut press = self.press();
            press.truncate(2);
            self.send("DDATA/Edge/press", &press, false, now, out);
        }
        if now.is_due(3, 1) {
            let mut oven = self.oven(now);
            oven.remove(1);
            self.send("DDATA/Edge/oven", &oven, false, now, out);
        }
    }

    fn obeys(&self) -> Vec<String> {
        vec![COMMANDS.to_owned()]
    }

    /// Any command is taken for the one that it has: to give birth again.
    fn obey(&mut self, command: &Message, now: Now, out: &mut Vec<Message>) {
        let asks = command.payload.windows(7).any(|name| name == b"Rebirth");
        if asks {
            self.birth(now, out);
        }
    }
}
