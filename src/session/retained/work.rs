//! What the clerk does to retained messages: clears them, publishes them back, copies them. All of it goes on after a lost
//! connection, and is compared with the broker afterwards.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::message::PublishProperties;
use crate::mqtt::options::MqttVersion;
use crate::session::retained::clerk::{ClearedBatch, Clerk, Halt};
use crate::session::retained::{CopyOrder, ROUNDS_MAX, RetainedMessage, RetainedOutcome, RetainedPhase};
use crate::session::{Declined, Publish};

impl Clerk {
    pub(super) fn clear(&mut self, topics: &[String], per_second: u32) -> Result<(), Halt> {
        let chosen: HashSet<&str> = topics.iter().map(String::as_str).collect();
        let taken = self.learn(topics)?;
        if let Err(why) = (self.keep)(&taken) {
            self.end(RetainedOutcome::NotKept(why.to_string()));
            return Ok(());
        }
        let filter = self.subscription.filter.clone();
        self.cleared.push(ClearedBatch { filter, messages: taken.clone() });
        let mut rounds = 0;
        let mut left: Vec<String> = taken.iter().map(|message| message.topic.clone()).collect();
        loop {
            let before = left.len();
            let sent = self.send(per_second, left.len(), &RetainedPhase::Clearing, |index| Publish {
                topic: left.get(index).cloned().unwrap_or_default(),
                retain: true,
                ..Publish::default()
            });
            if matches!(sent, Err(Halt::Ended)) {
                return sent;
            }
            let is_stopped = matches!(sent, Err(Halt::Stopped));
            self.desk.stopping.store(false, Ordering::Relaxed);
            let total = taken.len();
            match self.list_as(&RetainedPhase::Clearing(total - left.len().min(total), total)) {
                Err(Halt::Lost) => continue,
                Err(halt) => return Err(halt),
                Ok(()) => {}
            }
            left = self.still_retained(&chosen);
            if is_stopped {
                self.forget_what_stayed(&left);
                self.end(RetainedOutcome::Stopped(total - left.len().min(total), left.len()));
                return Ok(());
            }
            rounds = if left.len() < before { 0 } else { rounds + 1 };
            if left.is_empty() || rounds >= ROUNDS_MAX {
                self.forget_what_stayed(&left);
                self.end(RetainedOutcome::Cleared(total - left.len().min(total), left));
                return Ok(());
            }
        }
    }

    /// What is still retained need not be published back.
    fn forget_what_stayed(&mut self, left: &[String]) {
        let left: HashSet<&str> = left.iter().map(String::as_str).collect();
        if let Some(batch) = self.cleared.last_mut() {
            batch.messages.retain(|message| !left.contains(message.topic.as_str()));
        }
        self.cleared.retain(|batch| !batch.messages.is_empty());
    }

    pub(super) fn put_back(&mut self, per_second: u32) -> Result<(), Halt> {
        let Some(ClearedBatch { filter, messages }) = self.cleared.pop() else { return Ok(()) };
        self.look_below(&filter);
        let mut rounds = 0;
        let mut left: Vec<Arc<RetainedMessage>> = messages.clone();
        loop {
            let before = left.len();
            let has_properties = self.session.spoken() == MqttVersion::V5;
            let sent = self.send(per_second, left.len(), &RetainedPhase::PuttingBack, |index| {
                left.get(index).map_or_else(Publish::default, |message| {
                    restored(message, message.topic.clone(), has_properties)
                })
            });
            if matches!(sent, Err(Halt::Ended)) {
                return sent;
            }
            let is_stopped = matches!(sent, Err(Halt::Stopped));
            self.desk.stopping.store(false, Ordering::Relaxed);
            match self.list_as(&RetainedPhase::PuttingBack(messages.len() - left.len(), messages.len())) {
                Err(Halt::Lost) => continue,
                Err(halt) => return Err(halt),
                Ok(()) => {}
            }
            let listing = self.desk.listing.lock();
            left.retain(|message| !listing.found.contains_key(&message.topic));
            drop(listing);
            rounds = if left.len() < before { 0 } else { rounds + 1 };
            if left.is_empty() || is_stopped || rounds >= ROUNDS_MAX {
                let missing = left.iter().map(|message| message.topic.clone()).collect();
                let restored = messages.len() - left.len();
                if !left.is_empty() {
                    self.cleared.push(ClearedBatch { filter, messages: left });
                }
                self.end(RetainedOutcome::PutBack(restored, missing));
                return Ok(());
            }
        }
    }

    /// Publishes messages under other topics, by the session that the order names.
    pub(super) fn copy(&mut self, order: &CopyOrder) -> Result<(), Halt> {
        let CopyOrder { topics, publisher, per_second } = order;
        let wanted: Vec<String> = topics.iter().map(|(topic, _)| topic.clone()).collect();
        let taken = self.learn(&wanted)?;
        let total = topics.len();
        let (mut done, mut failed) = (0, Vec::new());
        let began = Instant::now();
        while done + failed.len() < total {
            let due = (began.elapsed().as_secs_f64() * f64::from(*per_second)).ceil() as usize;
            while done + failed.len() < due.min(total) {
                let Some((from, to)) = topics.get(done + failed.len()) else { break };
                let Some(message) = taken.iter().find(|message| message.topic == *from) else {
                    failed.push(from.clone());
                    continue;
                };
                let publish = restored(message, to.clone(), publisher.spoken() == MqttVersion::V5);
                match publisher.publish(publish) {
                    Ok(_) => done += 1,
                    // It goes on when there is room, or a connection again.
                    Err(Declined::Busy | Declined::NotConnected) => break,
                    Err(_) => failed.push(from.clone()),
                }
            }
            self.set(RetainedPhase::Copying(done, total));
            if self.desk.stopping.load(Ordering::Relaxed) {
                break;
            }
            self.pause()?;
        }
        self.end(RetainedOutcome::Copied(done, failed));
        Ok(())
    }

    /// Hands out messages with their QoS.
    pub(super) fn fetch(&mut self, topics: &[String]) -> Result<(), Halt> {
        let taken = self.learn(topics)?;
        *self.desk.fetched.lock() = Some(taken);
        self.set(RetainedPhase::Listed);
        (self.desk.wake)();
        Ok(())
    }

    /// Publishes so many messages at a pace. They are compared with the broker afterwards, so no answer is waited for.
    fn send(
        &mut self,
        per_second: u32,
        total: usize,
        phase: &dyn Fn(usize, usize) -> RetainedPhase,
        message: impl Fn(usize) -> Publish,
    ) -> Result<(), Halt> {
        self.await_connection()?;
        let began = Instant::now();
        let mut sent = 0;
        while sent < total {
            let due = (began.elapsed().as_secs_f64() * f64::from(per_second)).ceil() as usize;
            while sent < due.min(total) {
                match self.session.publish(message(sent)) {
                    Err(Declined::Busy) => break,
                    Err(Declined::NotConnected | Declined::Ended) => return Err(Halt::Lost),
                    // What cannot be published at all shows in the comparison.
                    Ok(_) | Err(_) => sent += 1,
                }
            }
            self.set(phase(sent, total));
            if self.desk.stopping.load(Ordering::Relaxed) {
                return Err(Halt::Stopped);
            }
            self.pause()?;
            self.check_connection()?;
        }
        Ok(())
    }
}

/// The message that has a broker retain this one under a topic.
fn restored(message: &RetainedMessage, topic: String, has_properties: bool) -> Publish {
    Publish {
        topic,
        payload: message.payload.clone(),
        topic_alias: None,
        qos: message.qos.unwrap_or_default(),
        retain: true,
        properties: if has_properties { message.properties.clone() } else { PublishProperties::default() },
    }
}
