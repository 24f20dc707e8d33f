//! Fills a session from a recording in place of a connection, so that everything that shows a session shows it too.
//!
//! What fits into the history comes whole. Of a longer recording the end does; the topics before it come with their
//! newest message.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use tokio::sync::watch;

use crate::message::{Batch, MessageRef, Timestamp};
use crate::model::Limits;
use crate::recording::{Found, Query, Recording};
use crate::session::connection_log::LogEvent;
use crate::session::ingest;
use crate::session::shared::Shared;
use crate::session::wish::Wish;

/// How many messages go into the model at a time.
const BATCH: usize = 512;
/// More damage than this is not listed one by one.
const DAMAGE_MAX: usize = 100;

/// Messages on their way from the disk into the model.
struct Reader<'a> {
    batch: Batch,
    shared: &'a Shared,
    watch: &'a watch::Receiver<Wish>,
}

/// Reads the recording into the model, until it is all there or the session ends.
pub(super) fn run(
    recording: &Arc<Recording>,
    limits: Limits,
    shared: &Shared,
    watch: &watch::Receiver<Wish>,
) {
    let mut reader = Reader { batch: Batch::default(), shared, watch };
    // An eighth is left for what topics keep beyond the end.
    let from = recording.tail_from(limits.history_bytes as u64 / 8 * 7);
    let starts = recording.summary().span.map(|(first, _)| first);
    let earlier = from.filter(|from| starts.is_some_and(|starts| starts < *from));
    if earlier.is_some() {
        shared.set_shown(recording.clone());
    }
    let moment = earlier.and_then(|from| recording.moment(Timestamp(from.0.saturating_sub(1))));
    let mut going =
        moment.map_or(ControlFlow::Continue(()), |moment| moment.walk(|message| reader.message(message)));
    if going.is_continue() {
        let query = Query { from: earlier, ..Query::default() };
        going = recording.walk(&query, |found| match found {
            Found::Message(message) => reader.message(message),
            Found::Event(at, event) => reader.log(at, LogEvent::Recorded(event.clone())),
            Found::Gap(gap) => reader.log(gap.from, LogEvent::Gap(*gap)),
        });
    }
    if going.is_continue() {
        reader.pass_on();
        let end = recording.summary().span.map(|(_, last)| last).unwrap_or_default();
        for damage in recording.damage().into_iter().take(DAMAGE_MAX) {
            let at = damage.from.or(damage.to).unwrap_or(end);
            shared.update(|status| status.log(at, LogEvent::Damaged(damage)));
        }
    }
}

impl Reader<'_> {
    fn message(&mut self, message: MessageRef<'_>) -> ControlFlow<()> {
        let properties = message.properties.map(|properties| (**properties).clone());
        self.batch.push(message.topic, message.payload, message.flags, properties, message.arrived);
        if self.batch.len() >= BATCH {
            self.pass_on();
        }
        self.go_on()
    }

    fn log(&mut self, at: Timestamp, what: LogEvent) -> ControlFlow<()> {
        self.shared.update(|status| status.log(at, what));
        self.go_on()
    }

    fn go_on(&self) -> ControlFlow<()> {
        if self.watch.borrow().stop { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn pass_on(&mut self) {
        let numbers = &self.shared.numbers;
        let count = self.batch.len() as u64;
        let bytes: usize =
            self.batch.iter().map(|message| message.topic.len() + message.payload.bytes().len()).sum();
        numbers.received.fetch_add(count, Ordering::Relaxed);
        numbers.received_bytes.fetch_add(bytes as u64, Ordering::Relaxed);
        let lost = ingest::apply(&self.batch, self.shared).map_or(0, |(lost, _)| lost);
        numbers.lost.fetch_add(lost, Ordering::Relaxed);
        numbers.applied.fetch_add(count - lost, Ordering::Relaxed);
        self.batch.clear();
        self.shared.wake();
    }
}
