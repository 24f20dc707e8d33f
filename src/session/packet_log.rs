//! The packet log: the last packets of a session, in and out, recorded while it is turned on.
//!
//! The worker writes and the window reads. They share a lock that is only ever held for a moment: packets are stored in
//! chunks that never change once they are full, so that a [`Snapshot`] is a list of pointers. Drawing, filtering and
//! exporting use a snapshot, without the lock; a paused view keeps its snapshot for as long as it likes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use parking_lot::Mutex;

use crate::mqtt::trace::PacketRecord;

/// How many packets are kept; the oldest go first.
pub const PACKETS_MAX: usize = 100_000;
/// How many bytes the kept packets may take, with their subjects.
pub const BYTES_MAX: usize = 32 * 1024 * 1024;
/// How much of a subject is kept: a topic may have 65,535 bytes, and a SUBSCRIBE may name many.
pub const SUBJECT_BYTES_MAX: usize = 512;

/// Packets per chunk, which is also the most that taking a snapshot copies.
const CHUNK: usize = 512;

/// One packet of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    /// What was recorded, with at most [`SUBJECT_BYTES_MAX`] bytes of its subject.
    pub record: PacketRecord,
    /// The full length of the subject, in bytes.
    pub subject_bytes: u32,
}

impl Packet {
    fn new(mut record: PacketRecord) -> Self {
        let subject_bytes = u32::try_from(record.subject.len()).unwrap_or(u32::MAX);
        if let Some(start) = record.subject.get(..SUBJECT_BYTES_MAX) {
            // Cut between characters where possible, so that a cut text never looks corrupt.
            let boundary =
                (0..4).map(|back| SUBJECT_BYTES_MAX - back).find(|&at| is_boundary(&record.subject, at));
            let kept = start.get(..boundary.unwrap_or(SUBJECT_BYTES_MAX)).unwrap_or(start).into();
            record.subject = kept;
        }
        Self { record, subject_bytes }
    }

    /// Whether part of the subject was not kept.
    pub fn is_cut(&self) -> bool {
        self.subject_bytes as usize > self.record.subject.len()
    }

    fn weight_bytes(&self) -> usize {
        size_of::<Self>() + self.record.subject.len()
    }
}

/// Whether `at` is not inside a UTF-8 character.
fn is_boundary(bytes: &[u8], at: usize) -> bool {
    bytes.get(at).is_none_or(|byte| byte & 0xC0 != 0x80)
}

/// The log of one session.
#[derive(Debug, Default)]
pub struct PacketLog {
    on: AtomicBool,
    /// Number of packets ever recorded; shows without the lock whether there is something new.
    total: AtomicU64,
    ring: Mutex<Ring>,
}

#[derive(Debug, Default)]
struct Ring {
    /// Full chunks, oldest first.
    chunks: VecDeque<Arc<[Packet]>>,
    open: Vec<Packet>,
    /// Number of the oldest packet kept.
    first: u64,
    bytes: usize,
}

impl PacketLog {
    /// Whether packets are recorded.
    pub fn is_on(&self) -> bool {
        self.on.load(Ordering::Relaxed)
    }

    /// Starts or stops recording. What was recorded stays.
    pub(super) fn set(&self, on: bool) {
        self.on.store(on, Ordering::Relaxed);
    }

    /// Number of packets ever recorded, including those dropped since.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Adds a packet and drops the oldest beyond the limits.
    pub fn record(&self, record: PacketRecord) {
        let packet = Packet::new(record);
        let mut ring = self.ring.lock();
        ring.bytes += packet.weight_bytes();
        ring.open.push(packet);
        if ring.open.len() == CHUNK {
            let full = std::mem::replace(&mut ring.open, Vec::with_capacity(CHUNK));
            ring.chunks.push_back(full.into());
            ring.drop_oldest();
        }
        drop(ring);
        self.total.fetch_add(1, Ordering::Relaxed);
    }

    /// Forgets all packets.
    pub fn clear(&self) {
        let mut ring = self.ring.lock();
        let kept = ring.chunks.len() * CHUNK + ring.open.len();
        *ring = Ring { first: ring.first + kept as u64, ..Ring::default() };
    }

    /// The packets as they are now. Copies one chunk at most.
    pub fn snapshot(&self) -> Snapshot {
        let ring = self.ring.lock();
        let open: Arc<[Packet]> = ring.open.as_slice().into();
        let base = ring.first;
        let end = base + (ring.chunks.len() * CHUNK + open.len()) as u64;
        let first = base.max(end.saturating_sub(PACKETS_MAX as u64));
        Snapshot { chunks: ring.chunks.iter().cloned().chain([open]).collect(), base, first, end }
    }
}

impl Ring {
    fn drop_oldest(&mut self) {
        // Whole chunks are dropped, so a little more is kept than a snapshot shows.
        while self.chunks.len() * CHUNK >= PACKETS_MAX + CHUNK || self.bytes > BYTES_MAX {
            let Some(oldest) = self.chunks.pop_front() else { return };
            let freed: usize = oldest.iter().map(Packet::weight_bytes).sum();
            self.bytes = self.bytes.saturating_sub(freed);
            self.first += oldest.len() as u64;
        }
    }
}

/// The packets at one moment, numbered from the start of the session.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    chunks: Vec<Arc<[Packet]>>,
    /// Number of the first packet of the first chunk.
    base: u64,
    first: u64,
    end: u64,
}

impl Snapshot {
    /// The numbers of its packets, without gaps.
    pub fn numbers(&self) -> std::ops::Range<u64> {
        self.first..self.end
    }

    /// How many packets it holds.
    pub fn len(&self) -> u64 {
        self.end - self.first
    }

    /// Whether it holds no packets.
    pub fn is_empty(&self) -> bool {
        self.first == self.end
    }

    /// A packet by its number.
    pub fn get(&self, number: u64) -> Option<&Packet> {
        if number < self.first {
            return None;
        }
        let index = usize::try_from(number.checked_sub(self.base)?).ok()?;
        self.chunks.get(index / CHUNK)?.get(index % CHUNK)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{QoS, Timestamp};
    use crate::mqtt::trace::{Direction, PacketKind};

    fn record(number: u64, subject: &[u8]) -> PacketRecord {
        PacketRecord {
            at: Timestamp(number as i64),
            direction: Direction::In,
            kind: PacketKind::Publish,
            packet_id: None,
            qos: QoS::AtMostOnce,
            retain: false,
            dup: false,
            session_present: false,
            reason: None,
            bytes: 10,
            subject: subject.into(),
            latency_us: None,
        }
    }

    fn times(snapshot: &Snapshot) -> Vec<i64> {
        snapshot.numbers().map(|number| snapshot.get(number).unwrap().record.at.0).collect()
    }

    #[test]
    fn packets_keep_their_order_and_their_numbers() {
        let log = PacketLog::default();
        for number in 0..1_300 {
            log.record(record(number, b"a"));
            if number % 100 == 0 {
                let snapshot = log.snapshot();
                assert_eq!(snapshot.numbers(), 0..number + 1);
                assert_eq!(times(&snapshot), (0..=number as i64).collect::<Vec<_>>());
                assert_eq!(snapshot.get(number + 1), None);
            }
        }
        assert_eq!(log.total(), 1_300);
    }

    #[test]
    fn the_last_hundred_thousand_are_kept() {
        let log = PacketLog::default();
        for number in 0..PACKETS_MAX as u64 + 777 {
            log.record(record(number, b"a"));
        }
        let snapshot = log.snapshot();
        assert_eq!(snapshot.numbers(), 777..PACKETS_MAX as u64 + 777);
        assert_eq!(snapshot.get(776), None);
        assert_eq!(times(&snapshot), (777..PACKETS_MAX as i64 + 777).collect::<Vec<_>>());
        assert!(log.ring.lock().chunks.len() * CHUNK <= PACKETS_MAX + CHUNK);
    }

    #[test]
    fn long_subjects_are_cut_on_a_character_and_bound_the_memory() {
        let log = PacketLog::default();
        let long = "é".repeat(30_000);
        for number in 0..PACKETS_MAX as u64 {
            log.record(record(number, format!("x{long}").as_bytes()));
        }
        let snapshot = log.snapshot();
        let packet = snapshot.get(snapshot.numbers().end - 1).unwrap();
        assert_eq!(packet.subject_bytes, 60_001);
        assert!(packet.is_cut());
        assert_eq!(std::str::from_utf8(&packet.record.subject).unwrap().len(), SUBJECT_BYTES_MAX - 1);
        let bytes = log.ring.lock().bytes;
        assert!(bytes <= BYTES_MAX && snapshot.len() < PACKETS_MAX as u64, "{bytes}");
        assert_eq!(snapshot.numbers().end, PACKETS_MAX as u64);
    }

    #[test]
    fn a_snapshot_stays_as_it_is() {
        let log = PacketLog::default();
        (0..600).for_each(|number| log.record(record(number, b"a")));
        let before = log.snapshot();
        log.clear();
        (600..700).for_each(|number| log.record(record(number, b"a")));
        assert_eq!(before.numbers(), 0..600);
        assert_eq!(log.snapshot().numbers(), 600..700);
        assert_eq!(times(&log.snapshot()), (600..700).collect::<Vec<_>>());
    }
}
