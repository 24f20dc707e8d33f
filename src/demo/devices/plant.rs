//! A factory: three halls of six machines each, what their controllers report, and what the office sends
//! down.

use std::time::Duration;

use fastrand::Rng;
use serde_json::{Value, json};

use crate::demo::broker::Message;
use crate::demo::devices::signal::{Walk, Wave, noise, once_in, round};
use crate::demo::devices::simulation::{Device, Now, json, number, typed};
use crate::message::{PublishProperties, QoS};

const HALLS: u32 = 3;
const MACHINES_PER_HALL: u32 = 6;
const KINDS: [&str; 6] = ["press", "lathe", "mill", "robot", "welder", "packer"];

/// The first machine of the first two halls reports its vibration this often, the others once a second.
const QUICK_REPORTS_PER_S: u64 = 10;

pub(super) fn devices(rng: &mut Rng) -> Vec<Box<dyn Device>> {
    let mut devices: Vec<Box<dyn Device>> = vec![Box::new(Office { rng: rng.fork() })];
    for hall in 1..=HALLS {
        devices.push(Box::new(Hall::new(hall, rng.fork())));
        for machine in 1..=MACHINES_PER_HALL {
            devices.push(Box::new(Machine::new(hall, machine, rng.fork())));
        }
    }
    devices
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Running,
    Idle,
    Setup,
    Fault,
    Stopped,
}

impl State {
    fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Idle => "idle",
            Self::Setup => "setup",
            Self::Fault => "fault",
            Self::Stopped => "stopped",
        }
    }

    /// What follows, after how many seconds on average. A stopped machine waits for its command.
    fn next(self, rng: &mut Rng) -> Option<Self> {
        let (after_s, next) = match self {
            Self::Running => (90.0, *rng.choice([&Self::Idle, &Self::Setup, &Self::Fault])?),
            Self::Idle => (20.0, Self::Running),
            Self::Setup => (30.0, Self::Running),
            Self::Fault => (25.0, Self::Idle),
            Self::Stopped => return None,
        };
        once_in(rng, after_s).then_some(next)
    }
}

struct Machine {
    path: String,
    kind: &'static str,
    rng: Rng,
    reports_per_s: u64,
    state: State,
    temperature_c: f64,
    speed_rpm: f64,
    vibration: Wave,
    good: u64,
    scrap: u64,
    energy_kwh: f64,
    alarms: Vec<Value>,
}

impl Machine {
    fn new(hall: u32, number: u32, mut rng: Rng) -> Self {
        Self {
            path: format!("plant/hall-{hall}/machine-{number:02}"),
            kind: KINDS.get(number as usize - 1).copied().unwrap_or("machine"),
            reports_per_s: if number == 1 && hall < 3 { QUICK_REPORTS_PER_S } else { 1 },
            state: if number > 1 && rng.u8(0..5) == 0 { State::Idle } else { State::Running },
            temperature_c: 40.0 + 15.0 * rng.f64(),
            speed_rpm: 0.0,
            vibration: Wave { mean: 2.2, swing: 0.5, period_s: f64::from(rng.u32(20..60)), noise: 0.12 },
            good: rng.u64(20_000..90_000),
            scrap: rng.u64(100..900),
            energy_kwh: 1000.0 * rng.f64(),
            alarms: Vec::new(),
            rng,
        }
    }

    fn topic(&self, rest: &str) -> String {
        format!("{}/{rest}", self.path)
    }

    /// One second of work.
    fn work(&mut self, now: Now, out: &mut Vec<Message>) {
        let running = self.state == State::Running;
        let (warm_c, speed_rpm) = if running { (68.0, 2850.0) } else { (24.0, 0.0) };
        self.temperature_c += (warm_c - self.temperature_c) * 0.01 + noise(&mut self.rng, 0.08);
        self.speed_rpm +=
            (speed_rpm - self.speed_rpm) * 0.3 + if running { noise(&mut self.rng, 6.0) } else { 0.0 };
        self.energy_kwh += if running { 7.5 } else { 0.4 } / 3600.0;
        if running {
            self.good += u64::from(self.rng.u8(0..3));
            self.scrap += u64::from(once_in(&mut self.rng, 30.0));
        }
        if let Some(next) = self.state.next(&mut self.rng) {
            self.enter(next, now, out);
        }
    }

    fn enter(&mut self, state: State, now: Now, out: &mut Vec<Message>) {
        self.state = state;
        if state == State::Fault {
            let causes = [
                ("E-1042", "hydraulic pressure low"),
                ("E-2210", "guard door open"),
                ("E-0307", "tool worn"),
            ];
            let (code, text) = causes.get(self.rng.usize(0..causes.len())).copied().unwrap_or_default();
            self.alarms
                .push(json!({ "code": code, "text": text, "since": now.iso(), "acknowledged": false }));
        } else {
            self.alarms.clear();
        }
        out.push(self.state_message());
        out.push(self.alarms_message());
    }

    fn state_message(&self) -> Message {
        Message::new(self.topic("state"), self.state.name()).retained().at(QoS::AtLeastOnce)
    }

    fn alarms_message(&self) -> Message {
        let properties = PublishProperties {
            content_type: Some("application/json".to_owned()),
            user_properties: vec![
                ("machine".to_owned(), self.path.clone()),
                ("severity".to_owned(), if self.alarms.is_empty() { "none" } else { "high" }.to_owned()),
            ],
            ..PublishProperties::default()
        };
        let alarms = json(self.topic("alarms"), &Value::from(self.alarms.clone()));
        alarms.retained().at(QoS::ExactlyOnce).with(properties)
    }

    fn vibration(&mut self, now: Now) -> Value {
        let level = if self.state == State::Running { 1.0 } else { 0.04 };
        let mut axis = |scale: f64| {
            let rms = (self.vibration.at(now.seconds(), &mut self.rng) * scale * level).abs();
            let harmonic = |n: i32| round(rms / f64::from(n * n) + noise(&mut self.rng, 0.005).abs(), 3);
            let spectrum = [1, 2, 3, 4, 5].map(harmonic);
            json!({ "rms": round(rms, 3), "peak": round(rms * 2.6, 3), "spectrum": spectrum })
        };
        let axes = json!({ "x": axis(1.0), "y": axis(0.8), "z": axis(0.35) });
        let bearing = json!({ "temperature": round(self.temperature_c + 4.0, 1) });
        json!({ "t": now.unix_ms, "unit": "mm/s", "axes": axes, "bearing": bearing })
    }

    fn status(&self, now: Now) -> Value {
        let tool = |slot: u32| {
            let (name, wear) = (format!("T{:03}", slot * 7), f64::from(slot) / 10.0);
            json!({ "slot": slot, "name": name, "wear": wear })
        };
        json!({
            "machine": { "path": self.path, "kind": self.kind, "serial": 7_300_000_000_u64 + self.good },
            "state": self.state.name(),
            "order": { "id": "A-20481", "article": "bracket 4 × 20", "due": null, "quantity": 5000 },
            "tools": [tool(1), tool(2), tool(3)],
            "limits": { "temperature": { "warning": 75.0, "alarm": 90.0 }, "vibration": [4.5, 7.1] },
            "time": now.iso(),
        })
    }
}

impl Device for Machine {
    fn every(&self) -> Duration {
        Duration::from_secs(1) / self.reports_per_s as u32
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let vibration = self.vibration(now);
        out.push(json(self.topic("vibration"), &vibration));
        let seconds = |s: u64, offset: u64| now.is_due(s * self.reports_per_s, offset * self.reports_per_s);
        let [second, process, counts, energy, status] =
            [seconds(1, 0), seconds(2, 1), seconds(5, 2), seconds(10, 4), seconds(30, 9)];
        if second {
            self.work(now, out);
        }
        if process {
            out.push(number(self.topic("temperature"), self.temperature_c, 1));
            out.push(number(self.topic("spindle/speed"), self.speed_rpm.max(0.0), 0));
        }
        if counts {
            out.push(Message::new(self.topic("count/good"), self.good.to_string()).retained());
            out.push(Message::new(self.topic("count/scrap"), self.scrap.to_string()).retained());
        }
        if energy {
            out.push(number(self.topic("energy_kwh"), self.energy_kwh, 3));
        }
        if status {
            out.push(json(self.topic("status"), &self.status(now)).retained());
        }
        if now.step == 0 {
            out.extend([self.state_message(), self.alarms_message()]);
        }
    }

    fn obeys(&self) -> Vec<String> {
        vec![self.topic("set")]
    }

    /// `start` or `stop`, as text or as `{"command": "stop"}`.
    fn obey(&mut self, command: &Message, now: Now, out: &mut Vec<Message>) {
        let value: Option<Value> = serde_json::from_slice(&command.payload).ok();
        let field = value.as_ref().and_then(|value| value.get("command")).and_then(Value::as_str);
        let text = String::from_utf8_lossy(&command.payload);
        match field.unwrap_or(text.trim()) {
            "start" => self.enter(State::Running, now, out),
            "stop" => self.enter(State::Stopped, now, out),
            other => {
                out.push(Message::new(self.topic("error"), format!("\"{other}\" is unknown: start or stop")));
            }
        }
    }
}

/// What belongs to a hall as a whole.
struct Hall {
    path: String,
    rng: Rng,
    air_bar: Walk,
    temperature_c: Walk,
    energy_kwh: f64,
}

impl Hall {
    fn new(number: u32, rng: Rng) -> Self {
        Self {
            path: format!("plant/hall-{number}"),
            rng,
            air_bar: Walk { value: 6.8, low: 5.5, high: 7.5, step: 0.04 },
            temperature_c: Walk { value: 22.0, low: 16.0, high: 31.0, step: 0.05 },
            energy_kwh: f64::from(number) * 48_211.25,
        }
    }
}

impl Device for Hall {
    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let air_bar = self.air_bar.next(&mut self.rng);
        let temperature_c = self.temperature_c.next(&mut self.rng);
        self.energy_kwh += 0.02;
        if now.is_due(2, 0) {
            out.push(number(format!("{}/compressed-air/pressure", self.path), air_bar, 2));
        }
        if now.is_due(10, 5) {
            let climate = json!({
                "temperature": round(temperature_c, 1),
                "humidity": 41.5,
                "co2_ppm": 612,
                "doors_open": [],
            });
            out.push(json(format!("{}/climate", self.path), &climate));
            out.push(number(format!("{}/energy_kwh", self.path), self.energy_kwh, 2).retained());
        }
        if now.is_due(15, 8) {
            let [availability, performance, quality] =
                [0.91, 0.87, 0.985].map(|mean| round((mean + noise(&mut self.rng, 0.01)).min(1.0), 3));
            let oee = round(availability * performance * quality, 3);
            let report = json!({
                "oee": oee,
                "availability": availability,
                "performance": performance,
                "quality": quality,
            });
            out.push(json(format!("{}/oee", self.path), &report).retained());
        }
    }
}

/// Orders, tables and recipes: what is large and seldom.
struct Office {
    rng: Rng,
}

impl Office {
    /// About 40 kB of JSON.
    fn recipe(&mut self, now: Now) -> Value {
        let rng = &mut self.rng;
        let mut step = |number: u32| {
            json!({
                "step": number,
                "action": rng.choice(["heat", "press", "hold", "cool", "eject"]),
                "temperature": round(20.0 + 180.0 * rng.f64(), 1),
                "pressure": { "value": round(1.0 + 9.0 * rng.f64(), 2), "unit": "bar" },
                "duration_s": rng.u32(1..600),
                "checks": [rng.bool(), rng.bool()],
            })
        };
        let steps: Vec<Value> = (1..=310).map(&mut step).collect();
        let approved = json!({ "by": "Zoë Müller", "at": now.iso() });
        json!({ "recipe": "R-77", "revision": now.step, "approved": approved, "steps": steps })
    }

    fn orders(&mut self, now: Now) -> String {
        let mut order = |id: u32| {
            let (number, priority, length) = (20_480 + id, 1 + id % 3, 10 + 5 * id);
            let quantity = self.rng.u32(100..5000);
            format!(
                "  <order id=\"A-{number}\" priority=\"{priority}\">\n    \
                 <article>bracket 4 × {length}</article>\n    <quantity>{quantity}</quantity>\n  </order>\n"
            )
        };
        let orders: Vec<String> = (0..12).map(&mut order).collect();
        let head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
        format!("{head}\n<orders generated=\"{}\">\n{}</orders>\n", now.iso(), orders.concat())
    }

    fn production(&mut self) -> String {
        let mut line = |index: u32| {
            let (hall, machine) = (index / MACHINES_PER_HALL + 1, index % MACHINES_PER_HALL + 1);
            let (good, scrap) = (self.rng.u32(1000..9000), self.rng.u32(0..90));
            format!("{hall};{machine:02};{good};{scrap};{:.1}\n", 24.0 * self.rng.f64())
        };
        let lines: Vec<String> = (0..HALLS * MACHINES_PER_HALL).map(&mut line).collect();
        format!("hall;machine;good;scrap;hours\n{}", lines.concat())
    }
}

impl Device for Office {
    fn every(&self) -> Duration {
        Duration::from_mins(1)
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let recipe = self.recipe(now);
        out.push(typed(json("plant/office/recipe".to_owned(), &recipe), "application/json").retained());
        out.push(typed(Message::new("plant/office/orders", self.orders(now)), "application/xml").retained());
        out.push(typed(Message::new("plant/office/production", self.production()), "text/csv").retained());
        out.push(
            Message::new("plant/office/shift", if now.step.is_multiple_of(2) { "early" } else { "late" })
                .retained(),
        );
    }
}
