//! Around the house: a weather station, a camera that draws the sky, one at the front door.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use serde_json::{Value, json};

use crate::demo::broker::Message;
use crate::demo::devices::png::Picture;
use crate::demo::devices::signal::{Walk, Wave, noise, once_in, round};
use crate::demo::devices::simulation::{Device, Now, json, number, typed};

/// A day of the garden passes in ten minutes, so that plots and pictures change while somebody watches.
const DAY_S: f64 = 600.0;

pub(super) struct Weather {
    rng: Rng,
    temperature_c: Wave,
    pressure_hpa: Walk,
    humidity: Walk,
    wind_m_s: Walk,
    wind_from: Walk,
    rain_mm: f64,
}

impl Weather {
    pub fn new(rng: Rng) -> Self {
        Self {
            rng,
            temperature_c: Wave { mean: 11.5, swing: 5.5, period_s: DAY_S, noise: 0.05 },
            pressure_hpa: Walk { value: 1009.4, low: 970.0, high: 1045.0, step: 0.08 },
            humidity: Walk { value: 71.0, low: 25.0, high: 100.0, step: 0.4 },
            wind_m_s: Walk { value: 3.2, low: 0.0, high: 28.0, step: 0.5 },
            wind_from: Walk { value: 230.0, low: 0.0, high: 359.0, step: 6.0 },
            rain_mm: 0.0,
        }
    }

    fn station(&mut self, now: Now) -> Value {
        let hour = |ahead: i32| {
            let seconds = now.seconds() + f64::from(ahead) * DAY_S / 24.0;
            let temperature = round(self.temperature_c.at(seconds, &mut self.rng), 1);
            let rain = self.rng.u8(0..=100);
            json!({ "in_hours": ahead, "temperature": temperature, "rain_probability": rain })
        };
        let forecast: Vec<Value> = [1, 3, 6, 12, 24].into_iter().map(hour).collect();
        json!({
            "station": { "id": "wx-01", "model": "Garden mast", "position": [52.5163, 13.3777, 38.0] },
            "time": now.iso(),
            "temperature": round(self.temperature_c.at(now.seconds(), &mut self.rng), 2),
            "pressure": round(self.pressure_hpa.value, 1),
            "wind": {
                "speed": round(self.wind_m_s.value, 1),
                "from": self.wind_from.value as u16,
                "unit": "m/s",
            },
            "rain": { "today_mm": round(self.rain_mm, 1) },
            "forecast": forecast,
        })
    }
}

impl Device for Weather {
    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let rng = &mut self.rng;
        for walk in [&mut self.pressure_hpa, &mut self.humidity, &mut self.wind_m_s, &mut self.wind_from] {
            walk.next(rng);
        }
        if self.humidity.value > 85.0 {
            self.rain_mm += 0.01;
        }
        let topic = |rest: &str| format!("home/weather/{rest}");
        if now.is_due(2, 0) {
            out.push(number(topic("wind/speed"), self.wind_m_s.value, 1));
            out.push(number(topic("wind/from"), self.wind_from.value, 0));
        }
        if now.is_due(10, 3) {
            out.push(number(topic("temperature"), self.temperature_c.at(now.seconds(), rng), 2));
            out.push(number(topic("humidity"), self.humidity.value, 0));
            out.push(number(topic("pressure"), self.pressure_hpa.value, 1));
            out.push(number(topic("rain"), self.rain_mm, 1));
        }
        if now.is_due(30, 7) {
            let station = self.station(now);
            out.push(typed(json(topic("station"), &station), "application/json").retained());
        }
    }
}

/// The pump in the pond: out of reach of the network now and then, as its broker says with its last will.
pub(super) struct Pump {
    rng: Rng,
    is_online: bool,
    /// The step at which that changes.
    changes_at: u64,
    log: Vec<String>,
}

/// What the pump's log holds.
const PUMP_LINES_MAX: usize = 12;

impl Pump {
    pub fn new(rng: Rng) -> Self {
        Self { rng, is_online: true, changes_at: 0, log: Vec::new() }
    }
}

impl Device for Pump {
    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        if now.step >= self.changes_at {
            // It begins out of reach, so that a search for "offline" finds something from the first second on.
            self.is_online = !self.is_online;
            let seconds = if self.is_online { self.rng.u64(60..150) } else { self.rng.u64(15..40) };
            self.changes_at = now.step.saturating_add(seconds);
            let state = if self.is_online { "online" } else { "offline" };
            out.push(Message::new("garden/pump/availability", state).retained());
            self.log.push(format!("{} {state}", now.iso()));
            if self.log.len() > PUMP_LINES_MAX {
                self.log.remove(0);
            }
            let log = Message::new("garden/pump/log", self.log.join("\n"));
            out.push(typed(log, "text/plain").retained());
        }
        if now.step == 0 || (self.is_online && now.is_due(5, 2)) {
            let liters = if self.is_online { 12.0 + noise(&mut self.rng, 0.8) } else { 0.0 };
            out.push(number("garden/pump/liters_per_minute".to_owned(), liters, 1));
        }
    }
}

/// Pictures: PNG drawn on the spot, and JPEG as a door camera sends it.
pub(super) struct Cameras {
    rng: Rng,
    parcel: bool,
}

impl Cameras {
    pub fn new(rng: Rng) -> Self {
        Self { rng, parcel: false }
    }
}

impl Device for Cameras {
    fn every(&self) -> Duration {
        Duration::from_secs(5)
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        let sky = typed(Message::new("home/camera/garden/image", sky(now.seconds()).to_png()), "image/png");
        out.push(sky.retained());
        let came_or_went = once_in(&mut self.rng, 6.0);
        self.parcel ^= came_or_went;
        if now.step == 0 || came_or_went {
            // Drawn for this program by assets/demo/draw.
            let file: &'static [u8] = if self.parcel {
                include_bytes!("../../../assets/demo/front-door-parcel.jpg")
            } else {
                include_bytes!("../../../assets/demo/front-door.jpg")
            };
            let image = Message::new("home/camera/front-door/image", Bytes::from_static(file));
            out.push(typed(image, "image/jpeg").retained());
            let event = if self.parcel { "parcel arrived" } else { "parcel taken" };
            out.push(Message::new("home/camera/front-door/event", event));
        }
        let fps = round(15.0 + noise(&mut self.rng, 0.2), 1);
        let info = json!({ "frame": now.step, "fps": fps, "time": now.iso() });
        out.push(json("home/camera/garden/info".to_owned(), &info));
    }
}

/// The sun's way over two hills.
fn sky(seconds: f64) -> Picture {
    const WIDTH: u32 = 128;
    const HEIGHT: u32 = 72;
    // The demonstration starts in the morning, with the sun above the hills.
    let angle = std::f64::consts::TAU * (seconds / DAY_S + 0.12);
    let day = (angle.sin() * 1.5 + 0.5).clamp(0.0, 1.0);
    let sun = (64.0 - 56.0 * angle.cos(), 52.0 - 42.0 * angle.sin());
    let mix = |night: f64, noon: f64| (night + (noon - night) * day) as u8;
    Picture::new(WIDTH, HEIGHT, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let near = y - 56.0 - 7.0 * (x / 21.0).sin();
        let far = y - 48.0 - 6.0 * (x / 13.0 + 2.0).cos();
        if near > 0.0 {
            [mix(12.0, 70.0), mix(26.0, 124.0), mix(22.0, 62.0)]
        } else if far > 0.0 {
            [mix(20.0, 98.0), mix(34.0, 146.0), mix(36.0, 96.0)]
        } else if (x - sun.0).hypot(y - sun.1) < 6.0 {
            [255, 226, 138]
        } else {
            let height = 1.0 - y / f64::from(HEIGHT);
            [mix(14.0, 176.0 - 70.0 * height), mix(20.0, 208.0 - 40.0 * height), mix(48.0, 232.0)]
        }
    })
}
