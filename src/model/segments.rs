//! The names of levels, each stored once: a hundred thousand devices share the bytes of `temperature`.

use crate::model::index::HashIndex;

/// Bytes per chunk, as a power of two; no name lies across two chunks. 4,096 chunks are 4 GiB of names.
const CHUNK_BITS: u32 = 20;
const CHUNK: usize = 1 << CHUNK_BITS;
/// Stands for a length that is too long for one byte and follows in two.
const LONG: u8 = 255;

/// Where a name begins: chunk number and offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct SegmentId(u32);

/// All names of one tree.
#[derive(Debug)]
pub(super) struct Segments {
    chunks: Vec<Vec<u8>>,
    index: HashIndex,
}

impl Segments {
    pub(super) fn new() -> Self {
        Self { chunks: vec![Vec::new()], index: HashIndex::new() }
    }

    /// The name's bytes, as they were sent.
    #[inline]
    pub(super) fn get(&self, id: SegmentId) -> &[u8] {
        segment(&self.chunks, id)
    }

    /// The id of a known name.
    pub(super) fn find(&self, name: &[u8]) -> Option<SegmentId> {
        self.index.find(self.index.hash(name), |id| self.get(SegmentId(id)) == name).map(SegmentId)
    }

    /// The id of a name, which is added if it is new. As part of a topic it has at most 65,535 bytes.
    pub(super) fn intern(&mut self, name: &[u8]) -> SegmentId {
        let hash = self.index.hash(name);
        let known = self.index.find(hash, |id| segment(&self.chunks, SegmentId(id)) == name);
        if let Some(id) = known {
            return SegmentId(id);
        }
        let id = self.push(name);
        let chunks = &self.chunks;
        self.index.insert(hash, id.0, |index, other| index.hash(segment(chunks, SegmentId(other))));
        id
    }

    fn push(&mut self, name: &[u8]) -> SegmentId {
        let needed = name.len() + 3;
        if self.chunks.last().is_none_or(|chunk| chunk.len() + needed > CHUNK) {
            self.chunks.push(Vec::with_capacity(CHUNK));
        }
        let number = self.chunks.len() - 1;
        let chunk = &mut self.chunks[number];
        let id = SegmentId(((number as u32) << CHUNK_BITS) | chunk.len() as u32);
        match u8::try_from(name.len()) {
            Ok(len) if len < LONG => chunk.push(len),
            _ => {
                chunk.push(LONG);
                chunk.extend_from_slice(&(name.len() as u16).to_le_bytes());
            }
        }
        chunk.extend_from_slice(name);
        id
    }

    /// Memory held, in bytes.
    pub(super) fn heap_bytes(&self) -> usize {
        let last = self.chunks.last().map_or(0, Vec::len);
        (self.chunks.len() - 1) * CHUNK + last + self.index.heap_bytes()
    }
}

#[inline]
fn segment(chunks: &[Vec<u8>], SegmentId(id): SegmentId) -> &[u8] {
    let bytes = &chunks[(id >> CHUNK_BITS) as usize][id as usize & (CHUNK - 1)..];
    match bytes[0] {
        LONG => &bytes[3..][..usize::from(u16::from_le_bytes([bytes[1], bytes[2]]))],
        len => &bytes[1..][..usize::from(len)],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once_and_given_back_as_it_was() {
        let mut segments = Segments::new();
        let names = [&b""[..], b"a", &[0xff, 0, 0x80], &[b'x'; 254], &[b'y'; 255], &vec![b'z'; 65_535]];
        let ids: Vec<SegmentId> = names.iter().map(|name| segments.intern(name)).collect();
        for (name, id) in names.iter().zip(&ids) {
            assert_eq!(segments.get(*id), *name);
            assert_eq!(segments.intern(name), *id);
            assert_eq!(segments.find(name), Some(*id));
        }
        assert_eq!(segments.find(b"absent"), None);
    }

    #[test]
    fn names_do_not_cross_chunks() {
        let mut segments = Segments::new();
        let names: Vec<Vec<u8>> = (0..50u8).map(|i| vec![i; 65_000]).collect();
        let ids: Vec<SegmentId> = names.iter().map(|name| segments.intern(name)).collect();
        assert!(names.iter().zip(ids).all(|(name, id)| segments.get(id) == name));
    }
}
