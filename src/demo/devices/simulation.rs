//! The devices as one machine that is told the time: what is due is published, what is commanded is answered.
//!
//! No threads, no clock, no broker: the thread in [`super`] and the tests drive it.

use std::time::Duration;

use serde_json::Value;

use crate::demo::broker::Message;
use crate::message::PublishProperties;

/// Something that reports on its own and may obey commands.
pub(super) trait Device: Send {
    /// Time between two reports.
    fn every(&self) -> Duration {
        Duration::from_secs(1)
    }

    /// Publishes what is due. The first call publishes everything.
    fn report(&mut self, now: Now, out: &mut Vec<Message>);

    /// The topics whose messages are its commands.
    fn obeys(&self) -> Vec<String> {
        Vec::new()
    }

    /// Does what a message on one of these topics says, and answers.
    fn obey(&mut self, _command: &Message, _now: Now, _out: &mut Vec<Message>) {}
}

/// A moment as a device sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Now {
    /// Reports of this device so far.
    pub step: u64,
    /// Since the start.
    pub elapsed: Duration,
    /// Wall clock, milliseconds since the Unix epoch.
    pub unix_ms: i64,
}

impl Now {
    pub fn seconds(&self) -> f64 {
        self.elapsed.as_secs_f64()
    }

    /// Whether something that is reported every so many steps is due; at step 0 everything is.
    pub fn is_due(&self, steps: u64, offset: u64) -> bool {
        self.step == 0 || (self.step + offset).is_multiple_of(steps)
    }

    /// `2026-11-23T08:15:30.250Z`
    pub fn iso(&self) -> String {
        jiff::Timestamp::from_millisecond(self.unix_ms).map(|at| format!("{at:.3}")).unwrap_or_default()
    }
}

/// All devices.
pub(super) struct Simulation {
    devices: Vec<Scheduled>,
}

struct Scheduled {
    device: Box<dyn Device>,
    next: Duration,
    step: u64,
}

impl Simulation {
    pub fn new(devices: Vec<Box<dyn Device>>) -> Self {
        Self {
            devices: devices
                .into_iter()
                .map(|device| Scheduled { device, next: Duration::ZERO, step: 0 })
                .collect(),
        }
    }

    /// The topics of all commands.
    pub fn obeys(&self) -> Vec<String> {
        self.devices.iter().flat_map(|scheduled| scheduled.device.obeys()).collect()
    }

    /// When the next report is due, since the start.
    pub fn next_due(&self) -> Duration {
        self.devices.iter().map(|scheduled| scheduled.next).min().unwrap_or(Duration::MAX)
    }

    /// Publishes all that is due until `elapsed` after the start, in the order of time; it is now `unix_ms`.
    pub fn advance(&mut self, elapsed: Duration, unix_ms: i64, out: &mut Vec<Message>) {
        let count = self.devices.len().max(1) as u32;
        loop {
            let due = self.devices.iter_mut().enumerate().min_by_key(|(_, scheduled)| scheduled.next);
            let Some((index, Scheduled { device, next, step })) = due else { return };
            if *next > elapsed {
                return;
            }
            let ago = elapsed.saturating_sub(*next).as_millis() as i64;
            device.report(Now { step: *step, elapsed: *next, unix_ms: unix_ms - ago }, out);
            // After the first report, which all give at once, they are spread over their interval.
            let every = device.every();
            *next += if *step == 0 { every + every * index as u32 / count } else { every };
            *step += 1;
        }
    }

    /// Hands a command to its device.
    pub fn obey(&mut self, command: &Message, elapsed: Duration, unix_ms: i64, out: &mut Vec<Message>) {
        for Scheduled { device, step, .. } in &mut self.devices {
            if device.obeys().iter().any(|topic| command.topic == topic.as_bytes()) {
                device.obey(command, Now { step: *step, elapsed, unix_ms }, out);
            }
        }
    }
}

/// A message with a number as text.
pub(super) fn number(topic: String, value: f64, decimals: usize) -> Message {
    Message::new(topic, format!("{value:.decimals$}"))
}

/// A message with compact JSON.
pub(super) fn json(topic: String, value: &Value) -> Message {
    Message::new(topic, value.to_string())
}

/// Adds an MQTT 5 content type to a message, and marks text as such.
pub(super) fn typed(message: Message, content_type: &str) -> Message {
    let is_text = !content_type.starts_with("image/");
    message.with(PublishProperties {
        content_type: Some(content_type.to_owned()),
        payload_format_indicator: is_text.then_some(1),
        ..PublishProperties::default()
    })
}
