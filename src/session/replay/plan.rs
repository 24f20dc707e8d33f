//! What becomes of a message when it is published again, and when.

use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::message::{MessageRef, PublishProperties, QoS, Timestamp};
use crate::mqtt::filter;
use crate::mqtt::publish::Publish;

/// How messages are replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayPlan {
    /// So many times as fast as they came; `None`: as fast as the broker acknowledges.
    pub pace: Option<f64>,
    /// Whether it begins again at the end, until it is stopped.
    pub again: bool,
    /// Text before every topic.
    pub prefix: String,
    /// Whether the retain flag is sent as recorded; it is never sent otherwise.
    pub keeps_retain: bool,
    /// QoS of all messages; `None`: as recorded.
    pub qos: Option<QoS>,
}

impl Default for ReplayPlan {
    fn default() -> Self {
        Self { pace: Some(1.0), again: false, prefix: String::new(), keeps_retain: true, qos: None }
    }
}

impl ReplayPlan {
    /// A recorded message as it is to be published; `None` if its topic cannot be.
    pub fn publish(&self, message: MessageRef<'_>) -> Option<Publish> {
        let topic = format!("{}{}", self.prefix, str::from_utf8(message.topic).ok()?);
        filter::check_topic(&topic).ok()?;
        let properties = message.properties.map(|properties| PublishProperties {
            subscription_identifiers: Vec::new(), // the broker's to send
            ..(**properties).clone()
        });
        Some(Publish {
            topic,
            payload: Bytes::copy_from_slice(message.payload.bytes()),
            qos: self.qos.unwrap_or(message.flags.qos),
            retain: message.flags.retain && self.keeps_retain,
            properties: properties.unwrap_or_default(),
            topic_alias: None,
        })
    }
}

/// When messages are due: the first at once, the others as far behind it as they were.
#[derive(Debug)]
pub(super) struct Schedule {
    pace: Option<f64>,
    start: Option<(Instant, Timestamp)>,
}

impl Schedule {
    pub fn new(pace: Option<f64>) -> Self {
        Self { pace, start: None }
    }

    /// The next message is due at once.
    pub fn restart(&mut self) {
        self.start = None;
    }

    pub fn due(&mut self, at: Timestamp) -> Instant {
        let now = Instant::now();
        let Some(pace) = self.pace else { return now };
        let (start, first) = *self.start.get_or_insert((now, at));
        let behind = at.seconds_since(first) / pace;
        if behind < 0.0 {
            // The clock was set back, or the recording begins again.
            self.start = Some((now, at));
            return now;
        }
        Duration::try_from_secs_f64(behind).ok().and_then(|behind| start.checked_add(behind)).unwrap_or(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_as_far_apart_as_they_were_over_the_pace() {
        let mut schedule = Schedule::new(Some(10.0));
        let first = schedule.due(Timestamp(5_000_000));
        assert_eq!(schedule.due(Timestamp(6_000_000)) - first, Duration::from_millis(100));
        let again = schedule.due(Timestamp(0));
        assert!(again <= Instant::now(), "a clock that was set back makes nobody wait");
        assert_eq!(schedule.due(Timestamp(10_000_000)) - again, Duration::from_secs(1));
    }

    #[test]
    fn after_a_pause_the_next_message_is_due_at_once() {
        let mut schedule = Schedule::new(Some(1.0));
        schedule.due(Timestamp(0));
        schedule.restart();
        assert!(schedule.due(Timestamp(90_000_000)) <= Instant::now());
    }
}
