//! An edge node and its devices, and what each message does to them.

use std::collections::BTreeMap;

use crate::message::Timestamp;
use crate::payload::decode::{DecodeError, SparkplugMetric, SparkplugNames, SparkplugPayload};
use crate::query::sparkplug::{Life, PlantFault, Presence, SeqGap, SparkplugKind};

/// The metric that carries the number of an edge node's session (specification 3.0, 6.4.30).
const BD_SEQ: &str = "bdSeq";
/// The metric that asks an edge node to be born again.
pub(super) const REBIRTH: &str = "Node Control/Rebirth";

/// A device of an edge node.
#[derive(Clone, Debug, Default)]
pub struct PlantDevice {
    /// Its life and metrics.
    pub life: Life,
}

/// An edge node.
#[derive(Clone, Debug, Default)]
pub struct EdgeNode {
    /// Its life and metrics.
    pub life: Life,
    /// Its devices by name.
    pub devices: BTreeMap<String, PlantDevice>,
    /// The number of its session.
    pub bd_seq: Option<u64>,
    /// The last sequence number.
    pub seq: Option<u8>,
    /// The last step of sequence numbers that was none.
    pub gap: Option<SeqGap>,
    /// Messages that sequence numbers say are missing.
    pub missing: u64,
    /// How often it was asked to be born again, by whomever.
    pub rebirths_asked: u64,
    /// When it was last asked.
    pub asked_at: Option<Timestamp>,
}

/// A message that has come, and the room there is for what it says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Heard {
    pub kind: SparkplugKind,
    pub at: Timestamp,
    pub is_retained: bool,
    /// Bytes of metrics that still fit.
    pub room: usize,
}

impl EdgeNode {
    /// The least time between two requests for a rebirth, in seconds.
    const REBIRTH_EVERY_S: u64 = 10;

    /// How many seconds to wait before a rebirth may be requested again; `None` if it may be now.
    pub fn rebirth_wait_s(&self, now: Timestamp) -> Option<u64> {
        let passed = now.seconds_since(self.asked_at?).max(0.0) as u64;
        Self::REBIRTH_EVERY_S.checked_sub(passed).filter(|wait| *wait > 0)
    }

    /// Reads a payload, with the names that the births of the device and of the edge node gave.
    pub(super) fn read(&self, device: Option<&str>, payload: &[u8]) -> Result<SparkplugPayload, DecodeError> {
        let device = device.and_then(|name| self.devices.get(name));
        let names: Vec<_> =
            device.map(|device| &device.life.names).into_iter().chain([&self.life.names]).collect();
        SparkplugPayload::read(payload, &names)
    }

    /// The life that a message is about.
    pub(super) fn life_mut(&mut self, device: Option<&str>) -> &mut Life {
        match device {
            Some(name) => &mut self.devices.entry(name.to_owned()).or_default().life,
            None => &mut self.life,
        }
    }

    /// Takes in a message.
    pub(super) fn take(&mut self, heard: Heard, device: Option<&str>, payload: SparkplugPayload) {
        let Heard { kind, at, is_retained, .. } = heard;
        self.life_mut(device).heard = at;
        if is_retained && kind != SparkplugKind::NodeDeath {
            self.life_mut(device).note(PlantFault::Retained, at, kind.name());
        }
        let has_seq = !matches!(
            kind,
            SparkplugKind::NodeDeath | SparkplugKind::NodeCommand | SparkplugKind::DeviceCommand
        );
        if has_seq {
            self.follow_seq(kind, payload.seq, at);
        }
        match kind {
            SparkplugKind::NodeBirth => self.be_born(heard, payload),
            SparkplugKind::NodeDeath => self.die(at, &payload),
            SparkplugKind::DeviceBirth => {
                let life = self.life_mut(device);
                life.births += 1;
                life.rebirths += u64::from(life.presence == Presence::Online);
                life.become_(Presence::Online, at);
                be_born(life, heard, payload.metrics);
            }
            SparkplugKind::DeviceDeath => {
                let life = self.life_mut(device);
                life.deaths += 1;
                life.become_(Presence::Offline, at);
            }
            SparkplugKind::NodeData | SparkplugKind::DeviceData => {
                let life = self.life_mut(device);
                update(life, heard, payload.metrics);
            }
            SparkplugKind::NodeCommand | SparkplugKind::DeviceCommand => {
                self.life_mut(device).commands += 1;
                let asks = |metric: &SparkplugMetric| {
                    metric.name.as_deref() == Some(REBIRTH) && metric.value == "true"
                };
                if kind == SparkplugKind::NodeCommand && payload.metrics.iter().any(asks) {
                    self.rebirths_asked += 1;
                    self.asked_at = Some(at);
                }
            }
        }
    }

    fn follow_seq(&mut self, kind: SparkplugKind, seq: Option<u64>, at: Timestamp) {
        let Some(got) = seq.and_then(|seq| u8::try_from(seq).ok()) else {
            let about = seq.map(|seq| seq.to_string()).unwrap_or_default();
            self.life.note(PlantFault::NoSeq, at, &about);
            return;
        };
        let expected = self.seq.map(|last| last.wrapping_add(1));
        self.seq = Some(got);
        // A birth begins a new row, with whatever number.
        if let Some(expected) = expected.filter(|expected| *expected != got)
            && kind != SparkplugKind::NodeBirth
        {
            let missing = got.wrapping_sub(expected);
            self.gap = Some(SeqGap { expected, got, missing });
            self.missing += u64::from(missing);
            self.life.note(PlantFault::SeqGap, at, "");
        }
    }

    fn be_born(&mut self, heard: Heard, payload: SparkplugPayload) {
        let at = heard.at;
        let bd_seq = bd_seq_of(&payload);
        if bd_seq.is_none() {
            self.life.note(PlantFault::NoBdSeq, at, "");
        }
        self.life.births += 1;
        if self.life.presence == Presence::Online {
            if bd_seq == self.bd_seq {
                self.life.rebirths += 1;
            } else {
                self.life.note(PlantFault::NoDeath, at, "");
            }
        }
        self.bd_seq = bd_seq;
        self.life.become_(Presence::Online, at);
        be_born(&mut self.life, heard, payload.metrics);
    }

    fn die(&mut self, at: Timestamp, payload: &SparkplugPayload) {
        let bd_seq = bd_seq_of(payload);
        if self.life.presence == Presence::Online
            && bd_seq.is_some()
            && self.bd_seq.is_some()
            && bd_seq != self.bd_seq
        {
            let about = bd_seq.map(|bd_seq| bd_seq.to_string()).unwrap_or_default();
            self.life.note(PlantFault::StaleDeath, at, &about);
            return;
        }
        self.life.deaths += 1;
        self.life.become_(Presence::Offline, at);
        // Its devices are out of reach with it.
        for device in self.devices.values_mut() {
            device.life.become_(Presence::Offline, at);
        }
    }
}

fn bd_seq_of(payload: &SparkplugPayload) -> Option<u64> {
    payload.metrics.iter().find(|metric| metric.name.as_deref() == Some(BD_SEQ))?.whole()
}

fn be_born(life: &mut Life, heard: Heard, metrics: Vec<SparkplugMetric>) {
    let room = heard.room + life.metrics.bytes();
    let left_out = life.metrics.be_born(metrics, heard.at, room);
    life.names = SparkplugNames::default();
    life.metrics.name_into(&mut life.names);
    if left_out > 0 {
        life.note(PlantFault::Full, heard.at, &left_out.to_string());
    }
}

fn update(life: &mut Life, heard: Heard, metrics: Vec<SparkplugMetric>) {
    let at = heard.at;
    match life.presence {
        Presence::Unknown => life.note(PlantFault::Unborn, at, ""),
        Presence::Offline => life.note(PlantFault::AfterDeath, at, ""),
        Presence::Online => {}
    }
    let is_born = life.births > 0;
    for metric in metrics {
        let Some(name) = metric.name.clone() else {
            let alias = metric.alias.map(|alias| alias.to_string()).unwrap_or_default();
            life.note(PlantFault::UnknownAlias, at, &alias);
            continue;
        };
        if is_born && life.metrics.of_name(&name).is_none_or(|known| !known.in_birth) {
            life.note(PlantFault::NotInBirth, at, &name);
        }
        let room = heard.room + life.metrics.bytes();
        if !life.metrics.update(&name, metric, at, room) {
            life.note(PlantFault::Full, at, &name);
        }
    }
}
