//! Writes messages one by one into a recording of its own.

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

use crate::interchange::Tally;
use crate::message::{Batch, MessageRef, Timestamp};
use crate::recording::failure::RecordFailure;
use crate::recording::{Facts, Gap, RecordOptions, RecordedEvent, Recorder};

/// How many messages are handed over at a time.
const BATCH: usize = 512;

/// A recording that is being written from what is read elsewhere.
pub(super) struct RecordingWriter {
    recorder: Recorder,
    batch: Batch,
    messages: u64,
}

impl RecordingWriter {
    /// Begins a recording of a single segment in a folder.
    pub fn create(folder: &Path, facts: Facts) -> Result<Self, RecordFailure> {
        let options = RecordOptions {
            segment_bytes_max: u64::MAX,
            free_bytes_min: 0,
            waits: true,
            ..RecordOptions::new(folder, facts)
        };
        Ok(Self { recorder: Recorder::start(options)?, batch: Batch::default(), messages: 0 })
    }

    /// Takes a message. Breaks when nobody wants the recording any more, or the disk does not take it.
    pub fn message(&mut self, message: MessageRef<'_>, tally: &Tally) -> ControlFlow<()> {
        let properties = message.properties.map(|properties| (**properties).clone());
        self.batch.push(message.topic, message.payload, message.flags, properties, message.arrived);
        self.messages += 1;
        let is_wanted = tally.count();
        if self.batch.len() >= BATCH {
            self.hand_over();
            if self.recorder.progress().failure.is_some() {
                return ControlFlow::Break(());
            }
        }
        if is_wanted { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }

    /// Takes an event.
    pub fn event(&mut self, at: Timestamp, event: RecordedEvent) {
        self.hand_over();
        self.recorder.event(at, event);
    }

    /// Takes a gap.
    pub fn gap(&mut self, gap: Gap) {
        self.hand_over();
        self.recorder.gap(gap);
    }

    /// Waits until everything is written; how many messages that are.
    pub fn finish(mut self, patience: Duration) -> Result<u64, RecordFailure> {
        self.hand_over();
        let is_whole = self.recorder.finish(patience);
        let progress = self.recorder.progress();
        match progress.failure {
            Some(failure) => Err(failure),
            None if is_whole && progress.missing == 0 => Ok(self.messages),
            None => Err(RecordFailure::System {
                folder: self.recorder.folder().to_owned(),
                text: std::io::ErrorKind::TimedOut.to_string(),
            }),
        }
    }

    fn hand_over(&mut self) {
        let batch = std::mem::take(&mut self.batch);
        if !batch.is_empty() {
            self.batch = self.recorder.offer(batch);
        }
    }
}
