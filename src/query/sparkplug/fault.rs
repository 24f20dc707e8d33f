//! What goes wrong between edge nodes, devices and their hosts.

use crate::message::Timestamp;

/// Something that the specification does not allow, or that leaves a host without knowledge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PlantFault {
    /// A sequence number is not the one after the last.
    SeqGap,
    /// A message that needs a sequence number has none, or one above 255.
    NoSeq,
    /// Data came before any birth: types and aliases are unknown.
    Unborn,
    /// Data came after a death.
    AfterDeath,
    /// An alias that no birth gave.
    UnknownAlias,
    /// A name that is not in the birth.
    NotInBirth,
    /// A birth of an edge node without the number of its session, bdSeq.
    NoBdSeq,
    /// A new session began although the last one did not end: its death was not seen.
    NoDeath,
    /// A death of an earlier session than the one that is online: it does not count.
    StaleDeath,
    /// A message that must not be retained is.
    Retained,
    /// A payload that cannot be read.
    Unreadable,
    /// A payload that is too large to be followed.
    TooLarge,
    /// Metrics that do not fit into what is remembered.
    Full,
}

/// How often something happened, and the last time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Noted {
    /// How often.
    pub count: u64,
    /// When it last happened.
    pub at: Timestamp,
    /// What the last one was about: a metric, an alias. Empty if the fault says it all.
    pub about: String,
}

/// A step of sequence numbers that is not from one to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SeqGap {
    /// The number that should have come.
    pub expected: u8,
    /// The number that came.
    pub got: u8,
    /// How many messages are missing, if none came out of order.
    pub missing: u8,
}
