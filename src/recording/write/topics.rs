//! The topics of a run: their numbers, and the position of each one's newest message.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use crate::recording::format::keyframe::FramePlace;

/// Stands for "in no frame of this segment".
const NOWHERE: u32 = u32::MAX;

/// What is known about a topic while a segment is written.
#[derive(Clone, Copy, Debug)]
struct State {
    /// Ordinal of the frame with its newest message.
    ordinal: u32,
    /// Index of the message in that frame.
    row: u32,
    /// Index of the topic in that frame's list.
    local: u32,
    /// The segment that last defined it.
    defined_in: u32,
}

/// All topics of a run.
#[derive(Debug, Default)]
pub(super) struct Topics {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    states: Vec<State>,
    index: HashTable<u32>,
    hasher: DefaultHashBuilder,
}

/// What a topic needs before its message can be added to a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// Already in the frame, at this index of its list.
    Listed(u32),
    /// New to the frame.
    New {
        /// The previous frame in this segment with a message of it.
        before: Option<u32>,
    },
}

impl Topics {
    /// The approximate memory use in bytes.
    pub fn bytes(&self) -> usize {
        self.bytes.len()
            + self.ends.len() * (size_of::<usize>() + size_of::<State>())
            + self.index.allocation_size()
    }

    /// The number of a topic; a new topic gets the next one.
    #[inline]
    pub fn id(&mut self, topic: &[u8]) -> u32 {
        let Self { bytes, ends, states, index, hasher } = self;
        let hash = hasher.hash_one(topic);
        let at = |id: u32| slice(bytes, ends, id);
        if let Some(id) = index.find(hash, |&id| at(id) == topic) {
            return *id;
        }
        let id = ends.len() as u32;
        index.insert_unique(hash, id, |&other| hasher.hash_one(slice(bytes, ends, other)));
        bytes.extend_from_slice(topic);
        ends.push(bytes.len());
        states.push(State { ordinal: NOWHERE, row: 0, local: 0, defined_in: 0 });
        id
    }

    /// The name of a topic.
    pub fn name(&self, id: u32) -> &[u8] {
        slice(&self.bytes, &self.ends, id)
    }

    /// Whether the topic must still be defined in this segment. True only once.
    #[inline]
    pub fn define_in(&mut self, id: u32, segment: u32) -> bool {
        self.states.get_mut(id as usize).is_some_and(|state| {
            let is_new = state.defined_in != segment;
            state.defined_in = segment;
            is_new
        })
    }

    /// The topic's standing in the frame with this ordinal.
    #[inline]
    pub fn standing(&self, id: u32, ordinal: u32) -> Standing {
        match self.states.get(id as usize) {
            Some(state) if state.ordinal == ordinal => Standing::Listed(state.local),
            Some(state) if state.ordinal != NOWHERE => Standing::New { before: Some(state.ordinal) },
            _ => Standing::New { before: None },
        }
    }

    /// Notes the position of the topic's newest message, with the topic's index `local` in its frame's list.
    #[inline]
    pub fn is_at(&mut self, id: u32, place: FramePlace, local: u32) {
        if let Some(state) = self.states.get_mut(id as usize) {
            (state.ordinal, state.row, state.local) = (place.ordinal, place.row, local);
        }
    }

    /// Positions of each topic's newest message, in the order of topic numbers.
    pub fn places(&self) -> impl Iterator<Item = (u32, FramePlace)> {
        (0..).zip(&self.states).filter(|(_, state)| state.ordinal != NOWHERE).map(|(id, state)| {
            let State { ordinal, row, .. } = *state;
            (id, FramePlace { ordinal, row })
        })
    }

    /// Begins a new segment, in which no topic has a message yet.
    pub fn begin_segment(&mut self) {
        for state in &mut self.states {
            state.ordinal = NOWHERE;
        }
    }

    /// Forgets everything, because a new run begins.
    pub fn clear(&mut self) {
        *self = Self::default();
    }
}

#[inline]
fn slice<'a>(bytes: &'a [u8], ends: &[usize], id: u32) -> &'a [u8] {
    let id = id as usize;
    let start = id.checked_sub(1).and_then(|before| ends.get(before)).copied().unwrap_or(0);
    ends.get(id).and_then(|&end| bytes.get(start..end)).unwrap_or_default()
}
