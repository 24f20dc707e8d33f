//! The head before every frame: 48 bytes with their own CRC, so that a scan can trust the length.

use crate::message::Timestamp;
use crate::recording::format::input::{Input, MalformedFrame};

/// Size of a head.
pub(in crate::recording) const HEAD_BYTES: usize = 48;
/// The first bytes of a head, which a scan looks for after damage.
pub(in crate::recording) const MARK: [u8; 4] = *b"\xf5MQF";
/// A body that claims to be larger is not read. The largest MQTT message has 256 MB.
pub(in crate::recording) const BODY_BYTES_MAX: u32 = 1 << 30;
/// LZ4 expands one byte to at most 255; anything that claims more is wrong.
const EXPANSION_MAX: u64 = 255;

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) enum Kind {
    /// Messages as they arrived.
    Messages,
    /// Newest message of each topic from the previous segment, so that this segment is self-contained.
    Carried,
    /// Topics with their numbers.
    Topics,
    /// Events of the connection.
    Events,
    /// Missing messages, with the reason.
    Gap,
    /// Positions of the newest message of each topic.
    Keyframe,
    /// List of all frames in the segment.
    Footer,
    /// A frame from a later version, which is skipped.
    Other(u8),
}

const KINDS: [Kind; 7] =
    [Kind::Messages, Kind::Carried, Kind::Topics, Kind::Events, Kind::Gap, Kind::Keyframe, Kind::Footer];

impl From<u8> for Kind {
    fn from(code: u8) -> Self {
        KINDS.into_iter().find(|kind| kind.code() == code).unwrap_or(Self::Other(code))
    }
}

impl Kind {
    /// Whether the frame is counted by ordinals.
    pub fn holds_messages(self) -> bool {
        matches!(self, Self::Messages | Self::Carried)
    }

    /// The byte that represents the kind.
    pub fn code(self) -> u8 {
        match self {
            Self::Messages => 1,
            Self::Carried => 2,
            Self::Topics => 3,
            Self::Events => 4,
            Self::Gap => 5,
            Self::Keyframe => 6,
            Self::Footer => 7,
            Self::Other(code) => code,
        }
    }
}

/// How a body is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) enum Codec {
    /// Uncompressed.
    Plain,
    /// LZ4, as a single block without LZ4's own frame.
    Lz4,
}

/// The head of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::recording) struct FrameHead {
    /// What the frame holds.
    pub kind: Kind,
    /// How the body is compressed.
    pub codec: Codec,
    /// How many message frames precede it in the segment.
    pub ordinal: u32,
    /// How many messages, topics or events it holds.
    pub count: u32,
    /// Its earliest time.
    pub first: Timestamp,
    /// Its latest time. The clock may have been set back in between.
    pub last: Timestamp,
    /// Size of the body in the file.
    pub stored: u32,
    /// Size of the uncompressed body.
    pub raw: u32,
    /// CRC-32 of the body as stored in the file.
    pub crc: u32,
}

impl FrameHead {
    /// The head's bytes.
    pub fn bytes(&self) -> [u8; HEAD_BYTES] {
        let Self { kind, codec, ordinal, count, first, last, stored, raw, crc } = *self;
        let codec = match codec {
            Codec::Plain => 0,
            Codec::Lz4 => 1,
        };
        let mut bytes = [0; HEAD_BYTES];
        let (head, own_crc) = bytes.split_at_mut(HEAD_BYTES - 4);
        let parts: [&[u8]; 9] = [
            &MARK,
            &[kind.code(), codec, 0, 0],
            &ordinal.to_le_bytes(),
            &count.to_le_bytes(),
            &first.0.to_le_bytes(),
            &last.0.to_le_bytes(),
            &stored.to_le_bytes(),
            &raw.to_le_bytes(),
            &crc.to_le_bytes(),
        ];
        for (place, byte) in head.iter_mut().zip(parts.into_iter().flatten()) {
            *place = *byte;
        }
        own_crc.copy_from_slice(&crc32fast::hash(head).to_le_bytes());
        bytes
    }

    /// Parses a head if its CRC is correct and its lengths are possible.
    pub fn read(bytes: &[u8; HEAD_BYTES]) -> Result<Self, MalformedFrame> {
        let (head, own_crc) = bytes.split_at(HEAD_BYTES - 4);
        if !head.starts_with(&MARK) || crc32fast::hash(head).to_le_bytes() != *own_crc {
            return Err(MalformedFrame);
        }
        let mut input = Input(head.get(MARK.len()..).unwrap_or_default());
        let [kind, codec, ..] = input.array::<4>()?;
        let codec = match codec {
            0 => Codec::Plain,
            1 => Codec::Lz4,
            _ => return Err(MalformedFrame),
        };
        let head = Self {
            kind: Kind::from(kind),
            codec,
            ordinal: input.u32()?,
            count: input.u32()?,
            first: Timestamp(input.i64()?),
            last: Timestamp(input.i64()?),
            stored: input.u32()?,
            raw: input.u32()?,
            crc: input.u32()?,
        };
        let is_possible = match codec {
            Codec::Plain => head.raw == head.stored,
            Codec::Lz4 => u64::from(head.raw) <= u64::from(head.stored) * EXPANSION_MAX + 64,
        };
        let is_sized = head.stored <= BODY_BYTES_MAX && head.raw <= BODY_BYTES_MAX;
        if is_possible && is_sized { Ok(head) } else { Err(MalformedFrame) }
    }
}

/// Appends a frame whose body is already compressed. Returns its size.
pub(in crate::recording) fn put(out: &mut Vec<u8>, mut head: FrameHead, body: &[u8]) -> usize {
    head.stored = body.len() as u32;
    head.crc = crc32fast::hash(body);
    out.extend_from_slice(&head.bytes());
    out.extend_from_slice(body);
    HEAD_BYTES + body.len()
}

/// Compresses bytes to one LZ4 block if that makes them shorter.
pub(in crate::recording) fn pack(raw: &[u8], out: &mut Vec<u8>) -> Codec {
    let start = out.len();
    out.resize(start + lz4_flex::block::get_maximum_output_size(raw.len()), 0);
    let packed = out.get_mut(start..).map(|room| lz4_flex::block::compress_into(raw, room));
    match packed {
        Some(Ok(length)) if length < raw.len() => {
            out.truncate(start + length);
            Codec::Lz4
        }
        _ => {
            out.truncate(start);
            out.extend_from_slice(raw);
            Codec::Plain
        }
    }
}

/// Decompresses bytes to exactly `raw` bytes.
pub(in crate::recording) fn unpack(
    stored: &[u8],
    codec: Codec,
    raw: usize,
) -> Result<Vec<u8>, MalformedFrame> {
    match codec {
        Codec::Plain if stored.len() == raw => Ok(stored.to_vec()),
        Codec::Plain => Err(MalformedFrame),
        Codec::Lz4 if raw as u64 > stored.len() as u64 * EXPANSION_MAX + 64 => Err(MalformedFrame),
        Codec::Lz4 => {
            let bytes = lz4_flex::block::decompress(stored, raw).map_err(|_| MalformedFrame)?;
            if bytes.len() == raw { Ok(bytes) } else { Err(MalformedFrame) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> FrameHead {
        FrameHead {
            kind: Kind::Messages,
            codec: Codec::Lz4,
            ordinal: 3,
            count: 7,
            first: Timestamp(-5),
            last: Timestamp(i64::MAX),
            stored: 100,
            raw: 1_000,
            crc: 0xdead_beef,
        }
    }

    #[test]
    fn a_head_comes_back_and_one_wrong_bit_is_noticed() {
        let bytes = head().bytes();
        assert_eq!(FrameHead::read(&bytes), Ok(head()));
        for bit in 0..HEAD_BYTES * 8 {
            let mut wrong = bytes;
            wrong[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(FrameHead::read(&wrong), Err(MalformedFrame), "bit {bit}");
        }
    }

    #[test]
    fn impossible_lengths_are_refused() {
        for (stored, raw) in [(1, 1_000), (BODY_BYTES_MAX + 1, BODY_BYTES_MAX + 1)] {
            let wrong = FrameHead { stored, raw, ..head() };
            assert_eq!(FrameHead::read(&wrong.bytes()), Err(MalformedFrame));
        }
    }

    #[test]
    fn packed_bytes_come_back_and_random_ones_stay_as_they_are() {
        let mut out = Vec::new();
        let raw = vec![7; 10_000];
        assert_eq!(pack(&raw, &mut out), Codec::Lz4);
        assert!(out.len() < 100, "{}", out.len());
        assert_eq!(unpack(&out, Codec::Lz4, raw.len()).as_ref(), Ok(&raw));
        assert_eq!(unpack(&out, Codec::Lz4, raw.len() - 1), Err(MalformedFrame));
        assert_eq!(unpack(&out, Codec::Lz4, usize::MAX), Err(MalformedFrame));

        let mut out = Vec::new();
        assert_eq!(pack(b"abc", &mut out), Codec::Plain);
        assert_eq!(out, b"abc");
    }
}
