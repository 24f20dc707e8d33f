//! The topics of a segment as they are read: numbers to names, in one allocation.

use rustc_hash::FxHashMap;

/// Numbers and names.
#[derive(Debug, Default)]
pub(super) struct TopicTable {
    bytes: Vec<u8>,
    places: FxHashMap<u32, (usize, u32)>,
}

impl TopicTable {
    /// Adds a topic; the first definition of a number counts.
    pub fn insert(&mut self, id: u32, topic: &[u8]) {
        let start = self.bytes.len();
        if let std::collections::hash_map::Entry::Vacant(vacant) = self.places.entry(id) {
            vacant.insert((start, topic.len() as u32));
            self.bytes.extend_from_slice(topic);
        }
    }

    /// The name of a topic.
    #[inline]
    pub fn name(&self, id: u32) -> Option<&[u8]> {
        let (start, length) = *self.places.get(&id)?;
        self.bytes.get(start..start + length as usize)
    }

    /// The number of a topic.
    pub fn id(&self, topic: &[u8]) -> Option<u32> {
        let is_it = |(start, length): (usize, u32)| {
            length as usize == topic.len() && self.bytes.get(start..start + length as usize) == Some(topic)
        };
        self.places.iter().find(|(_, place)| is_it(**place)).map(|(id, _)| *id)
    }

    /// All names.
    pub fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.places.keys().filter_map(|id| self.name(*id))
    }
}
