//! Payloads that are not text: CBOR, MessagePack, Protobuf with its schema, gzip, and a row of bytes by a layout.

use std::io::Write as _;
use std::time::Duration;

use fastrand::Rng;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;

use crate::demo::broker::Message;
use crate::demo::devices::signal::{Walk, Wave, noise, round};
use crate::demo::devices::simulation::{Device, Now};
use crate::demo::devices::wire::Wire;
use crate::message::PublishProperties;

/// The schema of the robot's reports, and the name that the decoder rule below has for it.
pub const ROBOT_SCHEMA: (&str, &str) = ("demo/robot.proto", include_str!("../../../assets/demo/robot.proto"));

/// The decoder rules of the demonstration: topic filter and decoder.
pub const DECODERS: &[(&str, &str)] = &[
    ("formats/protobuf/+", "protobuf:demo/robot.proto#demo.Robot"),
    (
        "formats/layout/+",
        "struct:u16le temp/100 °C, u16le humidity/100 %, i8 rssi dBm, bits flags{on,alarm,battery:2}",
    ),
];

/// Devices that send bytes, each in a format of its own.
pub(super) struct Formats {
    rng: Rng,
    battery: Walk,
    joints: Wave,
    seams: u32,
    cellar_c: Wave,
}

impl Formats {
    pub fn new(rng: Rng) -> Self {
        Self {
            rng,
            battery: Walk { value: 64.0, low: 8.0, high: 100.0, step: 0.6 },
            joints: Wave { mean: 0.0, swing: 60.0, period_s: 12.0, noise: 0.3 },
            seams: 1_204,
            cellar_c: Wave { mean: 12.4, swing: 0.6, period_s: 300.0, noise: 0.02 },
        }
    }

    /// A home battery in CBOR: `{"charge": 64.2, "power": -830, "cells": [3.31, …], "serial": h'…'}`.
    fn battery(&mut self) -> Vec<u8> {
        let mut out = vec![0xA4];
        cbor_text("charge", &mut out);
        cbor_double(round(self.battery.value, 1), &mut out);
        cbor_text("power", &mut out);
        out.push(0x39); // a negative number of 16 bits
        out.extend((800 + self.rng.u16(0..90)).to_be_bytes());
        cbor_text("cells", &mut out);
        out.push(0x84);
        for _ in 0..4 {
            cbor_double(round(3.31 + noise(&mut self.rng, 0.02), 3), &mut out);
        }
        cbor_text("serial", &mut out);
        out.extend([0x44, 0x1F, 0x00, 0xB7, 0x02]);
        out
    }

    /// A charging point in MessagePack: `{"state": "charging", "current": 15.8, "phases": 3, "session": 90211}`.
    fn charger(&mut self) -> Vec<u8> {
        let mut out = vec![0x84];
        for (key, value) in
            [("state", Some("charging")), ("current", None), ("phases", None), ("session", None)]
        {
            pack_text(key, &mut out);
            match (key, value) {
                (_, Some(text)) => pack_text(text, &mut out),
                ("current", _) => {
                    out.push(0xCB);
                    out.extend(round(15.8 + noise(&mut self.rng, 0.3), 2).to_be_bytes());
                }
                ("phases", _) => out.push(3),
                _ => out.extend([0xCE, 0x00, 0x01, 0x60, 0x63]),
            }
        }
        out
    }

    /// A welding robot by `assets/demo/robot.proto`.
    fn robot(&mut self, now: Now) -> Vec<u8> {
        let state = now.step / 5 % 3;
        if now.step.is_multiple_of(15) {
            self.seams += 1;
        }
        let mut joints = Wire::default();
        for joint in 0..6 {
            let at = now.seconds() + f64::from(joint) * 2.0;
            joints.raw(&round(self.joints.at(at, &mut self.rng), 2).to_le_bytes());
        }
        let mut position = Wire::default();
        for (number, mean) in [(1, 1_250.0), (2, 480.5), (3, 912.0)] {
            position.float(number, (mean + noise(&mut self.rng, 2.0)) as f32);
        }
        let mut out = Wire::default();
        out.bytes(1, "weld-02".as_bytes());
        out.whole(2, state);
        out.whole(3, self.seams.into());
        out.float(4, if state == 1 { 182.0 + noise(&mut self.rng, 4.0) as f32 } else { 0.0 });
        out.bytes(5, &joints.finish());
        out.bytes(6, &position.finish());
        // Zigzag: -12 micrometres.
        out.whole(7, 23);
        out.finish()
    }

    /// A batch of readings, compressed before it goes over a slow radio link.
    fn batch(&mut self, now: Now) -> Vec<u8> {
        let reading = |back: u32| {
            let at = now.seconds() - f64::from(back) * 10.0;
            json!({ "t": -i64::from(back) * 10, "level_mm": round(self.cellar_c.at(at, &mut self.rng) * 40.0, 1) })
        };
        let readings: Vec<_> = (0..24).rev().map(reading).collect();
        let text = json!({ "device": "cistern", "time": now.iso(), "readings": readings }).to_string();
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        // A vector takes everything.
        gzip.write_all(text.as_bytes()).unwrap_or_default();
        gzip.finish().unwrap_or_default()
    }

    /// Six bytes of a radio sensor, which only its data sheet explains.
    fn cellar(&mut self, now: Now) -> Vec<u8> {
        let temperature = (self.cellar_c.at(now.seconds(), &mut self.rng) * 100.0) as u16;
        let humidity = 6_840 + self.rng.u16(0..60);
        let [low, high] = temperature.to_le_bytes();
        let [humid_low, humid_high] = humidity.to_le_bytes();
        let rssi = (-71 + self.rng.i8(-3..3)).cast_unsigned();
        vec![low, high, humid_low, humid_high, rssi, 0b1101]
    }
}

impl Device for Formats {
    fn every(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn report(&mut self, now: Now, out: &mut Vec<Message>) {
        self.battery.next(&mut self.rng);
        if now.is_due(3, 0) {
            out.push(of_type("formats/cbor/battery", self.battery(), Some("application/cbor")).retained());
        }
        if now.is_due(4, 1) {
            out.push(of_type("formats/messagepack/charger", self.charger(), None).retained());
        }
        if now.is_due(2, 1) {
            out.push(of_type("formats/protobuf/robot", self.robot(now), None).retained());
        }
        if now.is_due(20, 3) {
            out.push(of_type("formats/gzip/cistern", self.batch(now), None).retained());
        }
        if now.is_due(10, 4) {
            out.push(of_type("formats/layout/cellar", self.cellar(now), None).retained());
        }
    }
}

fn of_type(topic: &'static str, payload: Vec<u8>, content_type: Option<&str>) -> Message {
    Message::new(topic, payload).with(PublishProperties {
        content_type: content_type.map(str::to_owned),
        ..PublishProperties::default()
    })
}

fn cbor_text(text: &str, out: &mut Vec<u8>) {
    out.push(0x60 + text.len() as u8);
    out.extend(text.as_bytes());
}

fn cbor_double(number: f64, out: &mut Vec<u8>) {
    out.push(0xFB);
    out.extend(number.to_be_bytes());
}

fn pack_text(text: &str, out: &mut Vec<u8>) {
    out.push(0xA0 + text.len() as u8);
    out.extend(text.as_bytes());
}
