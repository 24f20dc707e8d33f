//! Reads what a session holds in memory, a portion at a time, so that the model's lock is never held for long.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use bytes::Bytes;
use parking_lot::FairMutex;

use crate::interchange::excerpt::TimeSpan;
use crate::interchange::{Excerpt, Walked};
use crate::message::{Flags, LARGE_PAYLOAD_BYTES, MessageRef, Payload, PublishProperties, Timestamp};
use crate::model::{MessageId, Model, Stored};

/// How many messages are copied while the model is locked.
const PORTION: usize = 256;
/// How many bytes are copied while it is locked, roughly.
const PORTION_BYTES: usize = 1 << 20;
/// How many topics are looked at while it is locked.
const TOPICS: u32 = 512;

/// A message that was copied out of the model.
struct CopiedMessage {
    topic: Vec<u8>,
    payload: Bytes,
    flags: Flags,
    properties: Option<Arc<PublishProperties>>,
    arrived: Timestamp,
}

impl CopiedMessage {
    fn get(&self) -> MessageRef<'_> {
        let payload = if self.payload.len() < LARGE_PAYLOAD_BYTES {
            Payload::Small(&self.payload)
        } else {
            Payload::Large(&self.payload)
        };
        MessageRef {
            topic: &self.topic,
            payload,
            flags: self.flags,
            properties: self.properties.as_ref(),
            arrived: self.arrived,
        }
    }
}

/// The messages of one portion.
#[derive(Default)]
struct Portion {
    messages: Vec<CopiedMessage>,
    bytes: usize,
    seen: usize,
    cut: u64,
}

impl Portion {
    fn is_full(&self) -> bool {
        self.seen >= PORTION || self.bytes >= PORTION_BYTES
    }

    fn take(&mut self, model: &Model, stored: &Stored<'_>, (excerpt, span): (&Excerpt, TimeSpan)) {
        self.seen += 1;
        if !span.holds(stored.arrived()) {
            return;
        }
        let topic = model.topic_bytes(stored.id().node());
        if !excerpt.wants_topic(&topic) {
            return;
        }
        if stored.is_payload_dropped() {
            self.cut += 1;
            return;
        }
        let payload = stored.payload_shared();
        self.bytes += topic.len() + payload.len();
        self.messages.push(CopiedMessage {
            topic,
            payload,
            flags: stored.flags(),
            properties: stored.properties().cloned(),
            arrived: stored.arrived(),
        });
    }

    fn pass_on<B>(
        self,
        excerpt: &Excerpt,
        walked: &mut Walked,
        each: &mut impl FnMut(MessageRef<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        walked.cut += self.cut;
        for message in &self.messages {
            let message = message.get();
            if excerpt.passes(&message) {
                each(message)?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Passes on what is wanted of the held messages: first those that outlived the log, then the log.
pub(super) fn walk<B>(
    model: &FairMutex<Model>,
    excerpt: &Excerpt,
    span: TimeSpan,
    mut each: impl FnMut(MessageRef<'_>) -> ControlFlow<B>,
) -> ControlFlow<B, Walked> {
    let mut walked = Walked::default();
    let start = model.lock().arrived().start;
    walk_ids(model, (excerpt, span), &outlived(model, excerpt, start), &mut walked, &mut each)?;
    // The message that was read last.
    let mut last = None;
    loop {
        let mut portion = Portion::default();
        {
            let model = model.lock();
            let oldest = model.arrived().start;
            walked.was_overtaken |= oldest > last.unwrap_or(start);
            let from = last.unwrap_or(oldest).max(oldest);
            let read = last;
            let is_read = move |stored: &Stored<'_>| Some(stored.id().position()) <= read;
            for stored in model.arrived_from(from).skip_while(is_read) {
                last = Some(stored.id().position());
                portion.take(&model, &stored, (excerpt, span));
                if portion.is_full() {
                    break;
                }
            }
        }
        let is_last = portion.seen == 0;
        portion.pass_on(excerpt, &mut walked, &mut each)?;
        if is_last {
            return ControlFlow::Continue(walked);
        }
    }
}

/// Passes on these messages as far as they are still held.
pub(super) fn walk_ids<B>(
    model: &FairMutex<Model>,
    (excerpt, span): (&Excerpt, TimeSpan),
    ids: &[MessageId],
    walked: &mut Walked,
    each: &mut impl FnMut(MessageRef<'_>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut next = 0;
    while next < ids.len() {
        let mut portion = Portion::default();
        {
            let model = model.lock();
            while let Some(id) = ids.get(next).filter(|_| !portion.is_full()) {
                next += 1;
                match model.message(*id) {
                    Some(stored) => portion.take(&model, &stored, (excerpt, span)),
                    None => walked.was_overtaken = true,
                }
            }
        }
        portion.pass_on(excerpt, walked, each)?;
    }
    ControlFlow::Continue(())
}

/// The wanted messages that were kept although they left the log, which begins at `start`.
fn outlived(model: &FairMutex<Model>, excerpt: &Excerpt, start: u64) -> Vec<MessageId> {
    collect_ids(model, excerpt, |model, node, ids| {
        ids.extend(model.history(node).map(|stored| stored.id()).filter(|id| id.position() < start));
    })
}

/// Collects messages of the wanted topics, in order of arrival.
pub(super) fn collect_ids(
    model: &FairMutex<Model>,
    excerpt: &Excerpt,
    mut of_topic: impl FnMut(&Model, crate::model::NodeId, &mut Vec<MessageId>),
) -> Vec<MessageId> {
    let (mut ids, mut next) = (Vec::new(), 0);
    loop {
        let model = model.lock();
        let Some(nodes) = model.topic_nodes(next, TOPICS) else { break };
        next += TOPICS;
        for node in nodes.into_iter().flatten() {
            if excerpt.wants_topic(&model.topic_bytes(node)) {
                of_topic(&model, node, &mut ids);
            }
        }
    }
    ids.sort_unstable_by_key(|id| id.position());
    ids
}

/// The names of the wanted topics.
pub(super) fn topics(model: &FairMutex<Model>, excerpt: &Excerpt) -> BTreeSet<Vec<u8>> {
    let (mut names, mut next) = (BTreeSet::new(), 0);
    loop {
        let model = model.lock();
        let Some(nodes) = model.topic_nodes(next, TOPICS) else { return names };
        next += TOPICS;
        let topics = nodes.into_iter().flatten().map(|node| model.topic_bytes(node));
        names.extend(topics.filter(|topic| excerpt.wants_topic(topic)));
    }
}
