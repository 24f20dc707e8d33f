//! A home as zigbee2mqtt and its friends would publish it: rooms with sensors, lamps and thermostats that
//! obey.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::demo::broker::Message;
use crate::demo::devices::signal::{Walk, noise, once_in, round};
use crate::demo::devices::simulation::{Device, Now, json, number};
use crate::message::QoS;

/// The rooms, and whether they have a thermostat.
const ROOMS: [(&str, bool); 8] = [
    ("living-room", true),
    ("kitchen", false),
    ("bedroom", true),
    ("kids-room", true),
    ("bathroom", true),
    ("office", false),
    ("hallway", false),
    ("garage", false),
];

/// Degrees outside, which every room loses its warmth to.
const OUTSIDE_C: f64 = 8.0;

pub(super) fn rooms(rng: &mut Rng) -> impl Iterator<Item = Box<dyn Device>> {
    ROOMS.into_iter().map(|(name, heated)| Box::new(Room::new(name, heated, rng.fork())) as Box<dyn Device>)
}

struct Room {
    path: String,
    rng: Rng,
    temperature_c: f64,
    humidity: Walk,
    illuminance: Walk,
    link_quality: Walk,
    occupied: bool,
    window_open: bool,
    lamp: Lamp,
    thermostat: Option<Thermostat>,
}

struct Lamp {
    on: bool,
    brightness: u8,
    color_temp: u16,
}

struct Thermostat {
    set_point_c: f64,
    /// How far the valve is open, 0 to 1.
    valve: f64,
}

impl Room {
    fn new(name: &str, heated: bool, mut rng: Rng) -> Self {
        let set_point_c = f64::from(rng.u32(38..44)) / 2.0;
        Self {
            path: format!("home/{name}"),
            temperature_c: set_point_c - 0.4,
            humidity: Walk { value: 40.0 + 15.0 * rng.f64(), low: 30.0, high: 75.0, step: 0.15 },
            illuminance: Walk { value: 150.0 + 200.0 * rng.f64(), low: 0.0, high: 900.0, step: 8.0 },
            link_quality: Walk { value: f64::from(rng.u32(60..200)), low: 20.0, high: 255.0, step: 4.0 },
            occupied: rng.bool(),
            window_open: false,
            lamp: Lamp { on: rng.bool(), brightness: rng.u8(60..=254), color_temp: rng.u16(200..450) },
            thermostat: heated.then_some(Thermostat { set_point_c, valve: 0.2 }),
            rng,
        }
    }

    fn topic(&self, rest: &str) -> String {
        format!("{}/{rest}", self.path)
    }

    /// One second of weather, heating and people.
    fn live(&mut self) {
        let rng = &mut self.rng;
        let leak = if self.window_open { 0.004 } else { 0.000_6 };
        let heating = match &mut self.thermostat {
            Some(thermostat) => {
                thermostat.valve =
                    ((thermostat.set_point_c - self.temperature_c) * 1.5 + 0.3).clamp(0.0, 1.0);
                thermostat.valve * 0.025
            }
            None => (20.5 - self.temperature_c) * 0.01 + 0.007_5,
        };
        self.temperature_c += heating - (self.temperature_c - OUTSIDE_C) * leak + noise(rng, 0.01);
        self.humidity.next(rng);
        self.illuminance.next(rng);
        self.link_quality.next(rng);
        if once_in(rng, 40.0) {
            self.occupied = !self.occupied;
        }
    }

    fn climate(&mut self, now: Now) -> Value {
        json!({
            "temperature": round(self.temperature_c, 2),
            "humidity": round(self.humidity.value, 1),
            "pressure": round(1013.0 + noise(&mut self.rng, 0.2), 1),
            "battery": 100 - (now.step / 3600).min(90),
            "voltage": 2985,
            "linkquality": self.link_quality.value as u8,
            "last_seen": now.iso(),
        })
    }

    fn motion(&self) -> Value {
        json!({
            "occupancy": self.occupied,
            "illuminance": self.illuminance.value as u32,
            "illuminance_lux": round(self.illuminance.value, 0),
            "battery": 74,
            "tamper": false,
            "linkquality": self.link_quality.value as u8,
        })
    }

    fn lamp_state(&self) -> Message {
        let Lamp { on, brightness, color_temp } = self.lamp;
        let warm = f64::from(color_temp) / 1000.0;
        let state = json!({
            "state": if on { "ON" } else { "OFF" },
            "brightness": brightness,
            "color_mode": "color_temp",
            "color_temp": color_temp,
            "color": { "x": round(0.3 + warm * 0.4, 4), "y": round(0.31 + warm * 0.25, 4) },
            "linkquality": self.link_quality.value as u8,
            "update": { "state": "idle", "installed_version": 587_814_449, "latest_version": 587_814_449 },
        });
        json(self.topic("lamp"), &state).retained().at(QoS::AtLeastOnce)
    }

    fn thermostat_state(&self) -> Option<Message> {
        let Thermostat { set_point_c, valve } = self.thermostat.as_ref()?;
        let state = json!({
            "local_temperature": round(self.temperature_c, 1),
            "occupied_heating_setpoint": set_point_c,
            "system_mode": "heat",
            "running_state": if *valve > 0.05 { "heat" } else { "idle" },
            "pi_heating_demand": (valve * 100.0) as u8,
            "child_lock": "UNLOCK",
            "schedule": {
                "workdays": [[6, 0, 21.0], [22, 30, 17.5]],
                "weekend": [[7, 30, 21.0], [23, 0, 17.5]],
            },
        });
        Some(json(self.topic("thermostat"), &state).retained().at(QoS::AtLeastOnce))
    }

    fn window_state(&self) -> Message {
        let state = if self.window_open { "open" } else { "closed" };
        Message::new(self.topic("window/contact"), state).retained()
    }
}

impl Device for Room {
    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        self.live();
        if now.is_due(5, 0) {
            out.push(number(self.topic("temperature"), self.temperature_c, 2));
        }
        if now.is_due(10, 3) {
            out.push(number(self.topic("humidity"), self.humidity.value, 1));
        }
        if now.is_due(4, 1) {
            let climate = self.climate(now);
            out.push(json(self.topic("climate"), &climate));
        }
        if now.is_due(8, 5) {
            out.push(json(self.topic("motion"), &self.motion()));
        }
        if now.is_due(15, 7) {
            out.extend(self.thermostat_state());
        }
        let window_moves = once_in(&mut self.rng, if self.window_open { 60.0 } else { 400.0 });
        self.window_open ^= window_moves;
        if now.step == 0 || window_moves {
            out.push(self.window_state());
        }
        let switched = once_in(&mut self.rng, 180.0);
        self.lamp.on ^= switched;
        if now.step == 0 || switched {
            out.push(self.lamp_state());
        }
        if now.step == 0 {
            out.push(Message::new(self.topic("lamp/availability"), "online").retained());
        }
    }

    fn obeys(&self) -> Vec<String> {
        let mut topics = vec![self.topic("lamp/set")];
        topics.extend(self.thermostat.as_ref().map(|_| self.topic("thermostat/set")));
        topics
    }

    fn obey(&mut self, command: &Message, _now: Now, out: &mut Vec<Message>) {
        let text = String::from_utf8_lossy(&command.payload);
        let is_lamp = command.topic.ends_with(b"/lamp/set");
        let done = match &mut self.thermostat {
            _ if is_lamp => self.lamp.obey(text.trim()),
            Some(thermostat) => thermostat.obey(text.trim()),
            None => return,
        };
        match done {
            Ok(()) if is_lamp => out.push(self.lamp_state()),
            Ok(()) => out.extend(self.thermostat_state()),
            Err(error) => {
                out.push(Message::new(
                    self.topic(if is_lamp { "lamp/error" } else { "thermostat/error" }),
                    error,
                ));
            }
        }
    }
}

impl Lamp {
    /// `ON`, `OFF`, `TOGGLE`, a brightness from 0 to 254, or JSON with `state`, `brightness` and
    /// `color_temp`.
    fn obey(&mut self, text: &str) -> Result<(), String> {
        match serde_json::from_str(text) {
            Ok(Value::Object(fields)) => {
                // All or nothing: a command that is half wrong changes nothing.
                let mut next = Self { ..*self };
                for (name, value) in &fields {
                    next.set(name, value)?;
                }
                *self = next;
                Ok(())
            }
            Ok(value @ Value::Number(_)) => self.set("brightness", &value),
            _ => self.set("state", &Value::from(text)),
        }
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        let whole = value.as_u64();
        match name {
            "state" => {
                self.on = match value.as_str().unwrap_or_default().to_ascii_uppercase().as_str() {
                    "ON" => true,
                    "OFF" => false,
                    "TOGGLE" => !self.on,
                    _ => return Err(format!("{value} is not a state: ON, OFF or TOGGLE")),
                };
            }
            "brightness" => {
                self.brightness = whole
                    .and_then(|level| u8::try_from(level).ok())
                    .filter(|level| *level <= 254)
                    .ok_or_else(|| format!("{value} is not a brightness: 0 to 254"))?;
                self.on = self.brightness > 0;
            }
            "color_temp" => {
                self.color_temp = whole
                    .and_then(|mired| u16::try_from(mired).ok())
                    .filter(|mired| (150..=500).contains(mired))
                    .ok_or_else(|| format!("{value} is not a colour temperature: 150 to 500 mired"))?;
            }
            _ => return Err(format!("\"{name}\" is unknown: state, brightness or color_temp")),
        }
        Ok(())
    }
}

impl Thermostat {
    /// A temperature, or JSON with `occupied_heating_setpoint`.
    fn obey(&mut self, text: &str) -> Result<(), String> {
        let value: Option<Value> = serde_json::from_str(text).ok();
        let wanted = value.as_ref().and_then(|value| match value {
            Value::Object(fields) => fields.get("occupied_heating_setpoint").and_then(Value::as_f64),
            value => value.as_f64(),
        });
        match wanted {
            Some(wanted) if (5.0..=30.0).contains(&wanted) => {
                self.set_point_c = round(wanted * 2.0, 0) / 2.0;
                Ok(())
            }
            _ => Err(format!(
                "{text} is not a set point: 5 to 30 °C, or {{\"occupied_heating_setpoint\": 21.5}}"
            )),
        }
    }
}

/// What the electricity meter, the solar panels and the battery say.
pub(super) struct Energy {
    rng: Rng,
    load_w: Walk,
    total_kwh: f64,
    battery_percent: f64,
}

impl Energy {
    pub fn new(rng: Rng) -> Self {
        Self {
            rng,
            load_w: Walk { value: 640.0, low: 180.0, high: 4200.0, step: 35.0 },
            total_kwh: 18_254.371,
            battery_percent: 63.0,
        }
    }
}

impl Device for Energy {
    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let rng = &mut self.rng;
        if once_in(rng, 45.0) {
            self.load_w.value = (self.load_w.value + f64::from(rng.i32(-1500..2200))).max(200.0);
        }
        let load_w = self.load_w.next(rng);
        // A day of sun passes in ten minutes, so that a plot shows one.
        let sun = (std::f64::consts::TAU * now.seconds() / 600.0).sin().max(0.0);
        let solar_w = (3800.0 * sun + noise(rng, 20.0 * sun)).max(0.0);
        self.battery_percent = (self.battery_percent + (solar_w - load_w) / 60_000.0).clamp(5.0, 100.0);
        self.total_kwh += load_w / 3_600_000.0;
        let phases = [0.45, 0.30, 0.25].map(|share| (230.0 + noise(rng, 0.8), load_w * share));

        out.push(number("home/energy/meter/power".to_owned(), load_w, 1));
        if now.is_due(2, 1) {
            for (phase, (volts, watts)) in phases.into_iter().enumerate() {
                out.push(number(format!("home/energy/meter/voltage/l{}", phase + 1), volts, 1));
                out.push(number(format!("home/energy/meter/current/l{}", phase + 1), watts / volts, 2));
            }
        }
        if now.is_due(2, 0) {
            out.push(number("home/energy/solar/power".to_owned(), solar_w, 0));
            out.push(number("home/energy/meter/frequency".to_owned(), 50.0 + noise(rng, 0.015), 3));
        }
        if now.is_due(5, 2) {
            let total = number("home/energy/meter/total_kwh".to_owned(), self.total_kwh, 3);
            out.push(total.retained());
            out.push(number("home/energy/battery/state_of_charge".to_owned(), self.battery_percent, 1));
        }
        if now.is_due(10, 4) {
            let phase = |(volts, watts): (f64, f64)| {
                let (current, power) = (round(watts / volts, 2), round(watts, 1));
                json!({ "voltage": round(volts, 1), "current": current, "power": power })
            };
            let telegram = json!({
                "meter": {
                    "id": "1EMH0012345678",
                    "obis": "1-0:1.8.0",
                    "total_kwh": round(self.total_kwh, 3),
                },
                "power_w": round(load_w, 1),
                "phases": phases.map(phase),
                "time": now.iso(),
            });
            out.push(json("home/energy/meter/telegram".to_owned(), &telegram));
        }
    }
}
