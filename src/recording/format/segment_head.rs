//! The beginning of a segment: the format's version, the run of the recorder it belongs to, and facts for people.

use serde::{Deserialize, Serialize};

use crate::message::Timestamp;
use crate::recording::format::input::{Input, MalformedFrame};

/// The first bytes of a segment. As in PNG, they reveal a transfer that treated the file as text.
const MAGIC: [u8; 8] = *b"\x89MQREC\r\n";
/// The version that is written, and the newest that can be read.
pub(in crate::recording) const VERSION: u16 = 1;
/// Size of the head before the facts.
pub(in crate::recording) const FIXED_BYTES: usize = 40;
/// Facts that claim to be larger are not read.
pub(in crate::recording) const FACTS_BYTES_MAX: u32 = 1 << 20;

/// Facts about a recording, for people. Contains no secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The program that recorded, with its version.
    pub program: String,
    /// The name of the connection.
    pub name: String,
    /// The broker's address, without user name and password.
    pub url: String,
    /// The requested client ID; empty for a random one.
    pub client_id: String,
    /// The topic filters that were subscribed to when the recording began.
    pub filters: Vec<String>,
    /// What makes it a snapshot: the newest messages of each topic instead of all that came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snapshot: Option<SnapshotFacts>,
}

/// Facts about a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SnapshotFacts {
    /// How many messages a topic has at most.
    pub last: u32,
    /// Which decoders read the payloads: topic filters, and decoders with their options.
    pub decoders: Vec<(String, String)>,
}

/// The head of a segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::recording) struct SegmentHead {
    /// Segment number from 1, as in the file name.
    pub number: u32,
    /// A random number shared by all segments that one recorder wrote without a break. Topic numbers are valid within
    /// it.
    pub run: u64,
    /// When the segment was started.
    pub begun: Timestamp,
    /// Facts about the recording.
    pub facts: Facts,
}

/// Why a file is not a readable segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) enum NotASegment {
    /// It does not begin like a segment, or its head is damaged.
    Head,
    /// A later version of the format.
    Version(u16),
}

impl From<MalformedFrame> for NotASegment {
    fn from(_: MalformedFrame) -> Self {
        Self::Head
    }
}

impl SegmentHead {
    /// The head's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        // Strings and lists of strings can always be written as JSON.
        let facts = serde_json::to_vec(&self.facts).unwrap_or_default();
        let mut bytes = Vec::with_capacity(FIXED_BYTES + facts.len());
        bytes.extend_from_slice(&MAGIC);
        bytes.extend_from_slice(&VERSION.to_le_bytes());
        bytes.extend_from_slice(&[0, 0]);
        bytes.extend_from_slice(&self.number.to_le_bytes());
        bytes.extend_from_slice(&self.run.to_le_bytes());
        bytes.extend_from_slice(&self.begun.0.to_le_bytes());
        bytes.extend_from_slice(&(facts.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&crc(&bytes, &facts).to_le_bytes());
        bytes.extend_from_slice(&facts);
        bytes
    }

    /// The size of the facts that follow these first bytes.
    pub fn facts_bytes(fixed: &[u8; FIXED_BYTES]) -> Result<usize, NotASegment> {
        let mut input = Input(fixed);
        if input.array()? != MAGIC {
            return Err(NotASegment::Head);
        }
        let version = input.u16()?;
        if version != VERSION {
            return Err(NotASegment::Version(version));
        }
        input.take(2 + 4 + 8 + 8)?;
        let length = input.u32()?;
        if length > FACTS_BYTES_MAX { Err(NotASegment::Head) } else { Ok(length as usize) }
    }

    /// Parses a head whose facts have the right length.
    pub fn read(fixed: &[u8; FIXED_BYTES], facts: &[u8]) -> Result<Self, NotASegment> {
        Self::facts_bytes(fixed)?;
        let mut input = Input(fixed);
        let checked = input.take(FIXED_BYTES - 4)?;
        if input.u32()? != crc(checked, facts) {
            return Err(NotASegment::Head);
        }
        let mut input = Input(checked);
        input.take(12)?;
        Ok(Self {
            number: input.u32()?,
            run: input.u64()?,
            begun: Timestamp(input.i64()?),
            facts: serde_json::from_slice(facts).unwrap_or_default(),
        })
    }
}

fn crc(fixed: &[u8], facts: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(fixed);
    hasher.update(facts);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_comes_back_and_a_later_version_is_told_from_damage() {
        let facts = Facts { name: "工厂".to_owned(), filters: vec!["#".to_owned()], ..Facts::default() };
        let head = SegmentHead { number: 7, run: 9, begun: Timestamp(-1), facts };
        let bytes = head.bytes();
        let (fixed, facts) = bytes.split_first_chunk().unwrap();
        assert_eq!(SegmentHead::facts_bytes(fixed), Ok(facts.len()));
        assert_eq!(SegmentHead::read(fixed, facts), Ok(head));

        let mut later = *fixed;
        later[8] = 2;
        assert_eq!(SegmentHead::read(&later, facts), Err(NotASegment::Version(2)));
        let mut wrong = *fixed;
        wrong[20] ^= 1;
        assert_eq!(SegmentHead::read(&wrong, facts), Err(NotASegment::Head));
        assert_eq!(SegmentHead::read(fixed, &facts[1..]), Err(NotASegment::Head));
    }
}
