//! Messages on their way from a session's thread to the thread that acts on them.

use std::sync::Arc;

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, bounded};

use crate::message::{Flags, MessageRef, Payload, PublishProperties, QoS, Timestamp};
use crate::mqtt::options::Subscription;
use crate::session::Sink;

/// How many messages may wait; then the broker has to.
const ARRIVALS_MAX: usize = 1_024;

/// A message that has arrived.
#[derive(Clone, Debug)]
pub struct ArrivedMessage {
    topic: Vec<u8>,
    payload: Bytes,
    flags: Flags,
    properties: Option<Arc<PublishProperties>>,
    at: Timestamp,
}

impl ArrivedMessage {
    /// It as everybody takes messages.
    pub fn message(&self) -> MessageRef<'_> {
        MessageRef {
            topic: &self.topic,
            payload: Payload::Small(&self.payload),
            flags: self.flags,
            properties: self.properties.as_ref(),
            arrived: self.at,
        }
    }
}

impl From<MessageRef<'_>> for ArrivedMessage {
    fn from(message: MessageRef<'_>) -> Self {
        let payload = match message.payload {
            Payload::Small(bytes) => Bytes::copy_from_slice(bytes),
            Payload::Large(bytes) => bytes.clone(),
        };
        Self {
            topic: message.topic.to_vec(),
            payload,
            flags: message.flags,
            properties: message.properties.cloned(),
            at: message.arrived,
        }
    }
}

/// The session's end of the way.
#[derive(Debug)]
pub struct MessageChannel(Sender<ArrivedMessage>);

impl MessageChannel {
    /// Both ends.
    pub fn new() -> (Self, Receiver<ArrivedMessage>) {
        let (sender, receiver) = bounded(ARRIVALS_MAX);
        (Self(sender), receiver)
    }
}

impl Sink for MessageChannel {
    fn message(&mut self, message: MessageRef<'_>, _packet_id: u16) {
        // Nobody acts on it any more if nobody receives.
        self.0.send(ArrivedMessage::from(message)).ok();
    }

    fn idle(&mut self) {}
}

/// Tells new messages apart from those that the broker had kept, and takes them at the QoS at which they were published.
pub(super) fn subscription(filter: String) -> Subscription {
    Subscription { retain_as_published: false, ..Subscription::new(filter, QoS::ExactlyOnce) }
}
