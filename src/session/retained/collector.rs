//! Collects what the broker says that it retains.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

use bytes::Bytes;

use crate::message::{MessageRef, Payload, PublishProperties, QoS};
use crate::session::Sink;
use crate::session::retained::{Desk, LIST_BYTES_MAX, RetainedMessage};

/// What has come of a list by now.
#[derive(Default)]
pub(super) struct RetainedListing {
    pub(super) found: BTreeMap<String, RetainedMessage>,
    pub(super) bytes: usize,
    pub(super) is_cut: bool,
    pub(super) last: Option<Instant>,
    /// Topics whose QoS is asked for, and which are known by now.
    pub(super) asked: HashSet<String>,
    pub(super) learned: BTreeMap<String, QoS>,
}

/// Hands what comes to the listing.
pub(super) struct Collector(pub(super) Arc<Desk>);

impl Sink for Collector {
    fn message(&mut self, message: MessageRef<'_>, _packet_id: u16) {
        let Ok(topic) = std::str::from_utf8(message.topic) else { return };
        if !message.flags.retain {
            return;
        }
        let mut listing = self.0.listing.lock();
        listing.last = Some(Instant::now());
        let payload = match message.payload {
            Payload::Small(bytes) => Bytes::copy_from_slice(bytes),
            Payload::Large(bytes) => bytes.clone(),
        };
        if payload.is_empty() {
            // Only MQTT 5 tells: somebody has just cleared it.
            listing.found.remove(topic);
            return;
        }
        if listing.asked.remove(topic) {
            listing.learned.insert(topic.to_owned(), message.flags.qos);
            return;
        }
        listing.bytes += topic.len() + payload.len();
        if listing.bytes > LIST_BYTES_MAX {
            listing.is_cut = true;
            return;
        }
        let properties = message.properties.map(|properties| PublishProperties {
            subscription_identifiers: Vec::new(),
            ..PublishProperties::clone(properties)
        });
        let properties = properties.unwrap_or_default();
        let message = RetainedMessage { topic: topic.to_owned(), payload, qos: None, properties };
        listing.found.insert(topic.to_owned(), message);
    }

    fn idle(&mut self) {}
}
