//! The writing thread: batches become frames, frames become segments, and failures become gaps.

use std::io;
use std::mem;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::message::{Batch, MessageRef, Timestamp};
use crate::recording::failure::RecordFailure;
use crate::recording::format::catalog;
use crate::recording::format::event::{self, EventLine, Gap, GapReason};
use crate::recording::format::frame::Kind;
use crate::recording::format::keyframe::{self, FramePlace};
use crate::recording::format::rows::Builder;
use crate::recording::format::segment_head::SegmentHead;
use crate::recording::write::carry::Carry;
use crate::recording::write::disk::{self, Lock};
use crate::recording::write::queue::{Item, Next, Queue};
use crate::recording::write::segment::{Frames, Segment};
use crate::recording::write::sync::Syncer;
use crate::recording::write::topics::{Standing, Topics};
use crate::recording::write::{RecordOptions, Shared};

/// The greatest age of an unsealed message frame, which is what a kill can lose. Compressing and writing have the rest
/// of the 250 ms.
const FRAME_AGE: Duration = Duration::from_millis(200);
/// A keyframe follows after this many times its size was written.
const KEYFRAME_SPACING: u64 = 16;
/// How often the folder and the free space are checked, and how soon a stopped recording tries to resume.
const LOOK_PAUSE: Duration = Duration::from_secs(1);
/// How much must be free above the floor before a recording that ran out of space resumes.
const FLOOR_MARGIN: u64 = 2 << 20;
/// The most memory for topics, in bytes. Beyond it everything is forgotten and a new run begins.
const TOPICS_BYTES_MAX: usize = 1 << 30;
/// A segment grows to at least this many times the bytes carried into it, whatever its size limit.
const CARRIED_SHARE: u64 = 4;

/// Everything owned by the thread.
pub(super) struct Writer {
    options: RecordOptions,
    lock: Option<Lock>,
    queue: Arc<Queue>,
    shared: Arc<Shared>,
    syncer: Syncer,
    run: u64,
    /// `None` only while writing is failing.
    segment: Option<Segment>,
    /// What the next segment begins with, until it has begun.
    carry: Option<Carry>,
    /// The highest segment number used.
    number: u32,
    topics: Topics,
    builder: Builder,
    /// When the oldest waiting item was added.
    waiting_since: Option<Instant>,
    definitions: Definitions,
    events: Vec<EventLine>,
    gaps: Vec<Gap>,
    /// Frames not yet written to disk.
    frames: Frames,
    /// How many messages are in `frames`.
    ready: u64,
    /// The gap that grows while nothing can be written.
    failing: Option<Gap>,
    looked: Instant,
    /// What was written since the file was last seen in its place.
    unseen: Option<Gap>,
}

/// Topics not yet defined by the segment.
#[derive(Debug, Default)]
pub(super) struct Definitions {
    pub count: u32,
    pub body: Vec<u8>,
}

impl Definitions {
    /// Adds the topic unless the segment already defines it.
    #[inline]
    pub fn note(&mut self, topics: &mut Topics, id: u32, segment: u32) {
        if topics.define_in(id, segment) {
            catalog::put(&mut self.body, id, topics.name(id));
            self.count += 1;
        }
    }

    /// Moves the collected topics into a frame.
    pub fn seal(&mut self, frames: &mut Frames, ordinal: u32, span: (Timestamp, Timestamp)) {
        if self.count > 0 {
            frames.put(Kind::Topics, ordinal, self.count, span, &self.body);
            self.count = 0;
            self.body.clear();
        }
    }
}

/// Adds a message to the frame with this ordinal, in the segment with this number.
#[inline]
pub(super) fn put(
    builder: &mut Builder,
    topics: &mut Topics,
    (id, ordinal): (u32, u32),
    before: impl FnOnce(Option<u32>) -> Option<u32>,
    message: MessageRef<'_>,
) {
    let place = FramePlace { ordinal, row: builder.count() };
    let (local, is_first) = match topics.standing(id, ordinal) {
        Standing::Listed(local) => (local, false),
        Standing::New { before: own } => (builder.add_topic(id, before(own)), true),
    };
    topics.is_at(id, place, local);
    builder.push(local, is_first, message);
}

impl Writer {
    pub(super) fn new(options: RecordOptions, lock: Lock, queue: Arc<Queue>, shared: Arc<Shared>) -> Self {
        Self {
            options,
            lock: Some(lock),
            queue,
            shared,
            syncer: Syncer::default(),
            run: fastrand::u64(..),
            segment: None,
            carry: None,
            number: 0,
            topics: Topics::default(),
            builder: Builder::default(),
            waiting_since: None,
            definitions: Definitions::default(),
            events: Vec::new(),
            gaps: Vec::new(),
            frames: Frames::default(),
            ready: 0,
            failing: None,
            looked: Instant::now(),
            unseen: None,
        }
    }

    /// Opens the first segment before the thread starts.
    pub(super) fn begin(&mut self) -> Result<(), RecordFailure> {
        let begun =
            self.check_room().and_then(|()| self.next_segment().map_err(|error| self.failure(&error)));
        match begun {
            Ok(()) => self.keep_budget(),
            Err(failure) if self.options.begins_full && failure.is_of_room() => self.stop(failure),
            Err(failure) => return Err(failure),
        }
        Ok(())
    }

    /// Runs until the recorder is gone and everything is written.
    pub(super) fn run(mut self) {
        loop {
            let due = self.waiting_since.map(|since| since + FRAME_AGE);
            let look = self.looked + LOOK_PAUSE;
            match self.queue.next(due.map_or(look, |due| due.min(look))) {
                Next::Item(Item::Batch(batch)) => {
                    self.take(&batch);
                    self.queue.done(batch);
                }
                Next::Item(Item::Event(at, what)) => {
                    self.events.push(EventLine { at: at.0, what });
                    self.waits();
                }
                Next::Item(Item::Gap(gap)) => {
                    self.gaps.push(gap);
                    self.waits();
                }
                Next::Nothing => {}
                Next::End => break,
            }
            if self.waiting_since.is_some_and(|since| since.elapsed() >= FRAME_AGE) {
                self.flush();
            }
            if self.looked.elapsed() >= LOOK_PAUSE {
                self.look();
            }
        }
        self.end();
    }

    fn take(&mut self, batch: &Batch) {
        for message in batch.iter() {
            if self.failing.is_some() {
                self.miss(message.arrived);
            } else {
                self.push(message);
            }
        }
    }

    #[inline]
    fn push(&mut self, message: MessageRef<'_>) {
        let Some(segment) = &self.segment else { return };
        let (number, ordinal) = (segment.number, segment.message_frames);
        let id = self.topics.id(message.topic);
        self.definitions.note(&mut self.topics, id, number);
        put(&mut self.builder, &mut self.topics, (id, ordinal), |before| before, message);
        if self.waiting_since.is_none() {
            self.waits();
        }
        if self.builder.raw_bytes() >= self.options.frame_bytes_max {
            self.flush();
        }
    }

    /// Notes a message that arrived while nothing can be written.
    fn miss(&mut self, at: Timestamp) {
        let Some(gap) = &mut self.failing else { return };
        if gap.messages == Some(0) {
            gap.from = gap.from.min(at);
        }
        gap.to = gap.to.max(at);
        gap.messages = gap.messages.map(|messages| messages + 1);
        self.shared.missing.fetch_add(1, Ordering::Relaxed);
    }

    fn waits(&mut self) {
        self.waiting_since.get_or_insert_with(Instant::now);
    }

    /// Writes everything that waits.
    fn flush(&mut self) {
        self.waiting_since = None;
        if self.failing.is_some() {
            return; // Events and gaps wait.
        }
        self.seal();
        if let Err(error) = self.write() {
            self.fail(&error);
        }
    }

    /// Makes frames of everything that waits. Gaps come first, because they describe what happened before.
    fn seal(&mut self) {
        let Some(segment) = &self.segment else { return };
        let ordinal = segment.message_frames;
        for gap in mem::take(&mut self.gaps) {
            self.frames.put(Kind::Gap, ordinal, 1, (gap.from, gap.to), &event::gap_body(&gap));
        }
        let times = self.events.iter().map(|line| Timestamp(line.at));
        if let (Some(first), Some(last)) = (times.clone().min(), times.max()) {
            let body = event::body(&self.events);
            self.frames.put(Kind::Events, ordinal, self.events.len() as u32, (first, last), &body);
            self.events.clear();
        }
        if self.builder.count() > 0 {
            let (count, span) = (self.builder.count(), self.builder.span());
            self.definitions.seal(&mut self.frames, ordinal, span);
            let bytes = self.builder.seal(Kind::Messages, ordinal, &mut self.frames.bytes);
            self.frames.entry(Kind::Messages, ordinal, count, span, bytes);
            self.ready += u64::from(count);
        }
    }

    /// Writes the ready frames, and whatever is due after them.
    fn write(&mut self) -> io::Result<()> {
        self.write_ready()?;
        let Some(segment) = &self.segment else { return Ok(()) };
        let is_full =
            segment.bytes >= self.options.segment_bytes_max.max(segment.carried_bytes * CARRIED_SHARE);
        if is_full || self.topics.bytes() > TOPICS_BYTES_MAX {
            return self.roll_over();
        }
        let spacing = (segment.keyframe_bytes * KEYFRAME_SPACING).max(self.options.frame_bytes_max as u64);
        if segment.since_keyframe >= spacing {
            self.put_keyframe();
            return self.write_ready();
        }
        Ok(())
    }

    fn write_ready(&mut self) -> io::Result<()> {
        let Some(segment) = &mut self.segment else { return Ok(()) };
        if self.frames.is_empty() {
            return Ok(());
        }
        segment.write(&self.frames)?;
        let times = self.frames.entries.iter().map(|entry| (entry.first, entry.last));
        if let (Some((from, to)), 1..) = (times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))), self.ready) {
            let unseen =
                self.unseen.get_or_insert(Gap { from, to, reason: GapReason::Disk, messages: Some(0) });
            (unseen.from, unseen.to) = (unseen.from.min(from), unseen.to.max(to));
            unseen.messages = unseen.messages.map(|messages| messages + self.ready);
        }
        self.shared.messages.fetch_add(mem::take(&mut self.ready), Ordering::Relaxed);
        self.shared.bytes.fetch_add(self.frames.bytes.len() as u64, Ordering::Relaxed);
        self.frames.clear();
        Ok(())
    }

    fn put_keyframe(&mut self) {
        let Some(segment) = &self.segment else { return };
        let ordinal = segment.message_frames;
        let (count, body) = keyframe::body(ordinal, self.topics.places());
        let now = now();
        if count > 0 {
            self.frames.put(Kind::Keyframe, ordinal, count, (now, now), &body);
        }
    }

    /// Closes the segment and begins the next.
    fn roll_over(&mut self) -> io::Result<()> {
        self.close_segment();
        if self.topics.bytes() > TOPICS_BYTES_MAX {
            self.topics.clear();
            self.carry = None;
            self.run = fastrand::u64(..);
        }
        self.next_segment()?;
        self.keep_budget();
        Ok(())
    }

    /// Closes the segment, whose newest messages are carried into the next. One that cannot be closed is read without
    /// its list.
    fn close_segment(&mut self) {
        self.put_keyframe();
        let is_written = self.write_ready();
        self.frames.clear();
        let Some(mut segment) = self.segment.take() else { return };
        let before = segment.bytes;
        if let Err(error) = is_written.and_then(|()| segment.finish()) {
            log::warn!("a segment could not be closed: {error}");
        }
        self.shared.bytes.fetch_add(segment.bytes - before, Ordering::Relaxed);
        self.carry = Some(Carry::new(segment, &self.topics));
    }

    /// Begins a segment with the messages carried into it.
    fn next_segment(&mut self) -> io::Result<()> {
        let folder = &self.options.folder;
        let newest = disk::segments(folder)?.last().map_or(0, |(number, ..)| *number);
        // A number that failed is not reused, because the topics remember where they were defined.
        self.number = newest.max(self.number) + 1;
        let number = self.number;
        let facts = self.options.facts.clone();
        let head = SegmentHead { number, run: self.run, begun: now(), facts };
        let mut segment = Segment::create(folder, &head)?;
        self.topics.begin_segment();
        if let Some(carry) = &self.carry
            && let Err(error) = carry.write_into(
                &mut segment,
                &mut self.topics,
                &mut self.builder,
                &mut self.definitions,
                self.options.frame_bytes_max,
            )
        {
            // It is useless without what it should begin with; the next attempt starts afresh.
            std::fs::remove_file(&segment.path).ok();
            (self.builder, self.definitions) = Default::default();
            return Err(error);
        }
        self.carry = None;
        self.shared.bytes.fetch_add(segment.bytes, Ordering::Relaxed);
        self.shared.segments.fetch_add(1, Ordering::Relaxed);
        self.segment = Some(segment);
        Ok(())
    }

    fn keep_budget(&self) {
        let (Some(bytes_max), Some(segment)) = (self.options.budget_bytes, &self.segment) else { return };
        match disk::keep_budget(&self.options.folder, bytes_max, segment.number) {
            Ok(removed) => {
                self.shared.dropped_segments.fetch_add(u64::from(removed), Ordering::Relaxed);
            }
            Err(error) => log::warn!("an old segment could not be removed: {error}"),
        }
    }

    fn failure(&self, error: &io::Error) -> RecordFailure {
        RecordFailure::of(error, &self.options.folder)
    }

    fn fail(&mut self, error: &io::Error) {
        let failure = self.failure(error);
        self.stop(failure);
    }

    /// Stops writing until [`Writer::try_to_go_on`] succeeds.
    fn stop(&mut self, failure: RecordFailure) {
        if self.failing.is_none() {
            let reason = if failure.is_of_room() { GapReason::DiskFull } else { GapReason::Disk };
            let now = now();
            self.failing = Some(Gap { from: now, to: now, reason, messages: Some(0) });
        }
        *self.shared.failure.lock() = Some(failure);
    }

    /// Checks the folder and the free space, once a second.
    fn look(&mut self) {
        self.looked = Instant::now();
        if self.failing.is_some() {
            self.try_to_go_on();
            return;
        }
        if self.is_gone() {
            self.lose_segment();
        } else if let Err(failure) = self.check_room() {
            self.flush();
            self.stop(failure);
        } else {
            self.unseen = None;
            if let Some(segment) = &self.segment {
                self.syncer.sync(&segment.file);
            }
            self.keep_budget();
        }
    }

    /// Whether the file is no longer in its place.
    fn is_gone(&self) -> bool {
        self.segment.as_ref().is_some_and(|segment| !disk::is_there(&segment.path, &segment.file))
    }

    fn check_room(&self) -> Result<(), RecordFailure> {
        let floor = self.options.free_bytes_min;
        match disk::free_bytes(&self.options.folder) {
            Some(free) if free < floor => Err(RecordFailure::BelowFloor { free, floor }),
            _ => Ok(()),
        }
    }

    /// Handles a removed file or disk: what was written since the last check is lost.
    fn lose_segment(&mut self) {
        self.seal();
        let lost = self.ready;
        self.frames.clear();
        self.ready = 0;
        self.stop(RecordFailure::FolderGone { folder: self.options.folder.clone() });
        let unseen = self.unseen.take();
        let known = unseen.and_then(|gap| gap.messages).unwrap_or_default();
        if let Some(gap) = &mut self.failing {
            gap.from = unseen.map_or(gap.from, |unseen| unseen.from);
            gap.messages = gap.messages.map(|missing| missing + known + lost);
        }
        self.shared.messages.fetch_sub(known, Ordering::Relaxed);
        self.shared.missing.fetch_add(known + lost, Ordering::Relaxed);
        if let Some(segment) = self.segment.take() {
            self.carry = Some(Carry::new(segment, &self.topics));
        }
        self.lock = None;
    }

    /// Resumes if the failure is gone.
    fn try_to_go_on(&mut self) {
        let folder = &self.options.folder;
        let floor = self.options.free_bytes_min.saturating_add(FLOOR_MARGIN);
        if disk::free_bytes(folder).is_some_and(|free| free < floor) {
            return;
        }
        if self.segment.is_some() && self.is_gone() {
            self.lose_segment();
            return;
        }
        if self.lock.is_none() {
            match Lock::take(folder) {
                Ok(lock) => self.lock = Some(lock),
                Err(failure) => return self.stop(failure),
            }
        }
        let began = if self.segment.is_none() { self.next_segment() } else { Ok(()) };
        if let Err(error) = began.and_then(|()| self.write_ready()) {
            return self.fail(&error);
        }
        self.gaps.extend(self.failing.take().map(|gap| Gap { to: now().max(gap.to), ..gap }));
        *self.shared.failure.lock() = None;
        self.flush();
    }

    /// Finishes the recording after the recorder is gone.
    fn end(&mut self) {
        if self.failing.is_some() {
            self.try_to_go_on();
        } else {
            self.flush();
        }
        if self.failing.is_none() {
            self.close_segment();
        }
    }
}

/// Now, in microseconds since 1970.
fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
