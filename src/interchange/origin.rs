//! Where messages come from.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::FairMutex;

use crate::interchange::excerpt::TimeSpan;
use crate::interchange::{Excerpt, memory};
use crate::message::Timestamp;
use crate::model::Model;
use crate::recording::failure::OpenFailure;
use crate::recording::{Found, Query, Recording};

/// A place that messages can be read from.
#[derive(Clone)]
pub enum MessageOrigin {
    /// A recording, or a file that opens as one.
    Recording(PathBuf),
    /// What a session holds in memory, as far as its view goes.
    Memory(Arc<FairMutex<Model>>),
}

impl std::fmt::Debug for MessageOrigin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Recording(path) => f.debug_tuple("Recording").field(path).finish(),
            Self::Memory(_) => f.write_str("Memory"),
        }
    }
}

/// An origin that is being read.
pub enum OpenOrigin {
    /// A recording.
    Recording(Recording),
    /// What a session holds in memory.
    Memory(Arc<FairMutex<Model>>),
}

/// What could not be read along the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Walked {
    /// Messages of whose payloads only the beginning was still held.
    pub cut: u64,
    /// Whether messages left the memory before they were read.
    pub was_overtaken: bool,
}

impl MessageOrigin {
    /// Opens it. Blocks on the disk for a recording.
    pub fn open(&self) -> Result<OpenOrigin, OpenFailure> {
        match self {
            Self::Recording(path) => Recording::open(path).map(OpenOrigin::Recording),
            Self::Memory(model) => Ok(OpenOrigin::Memory(Arc::clone(model))),
        }
    }
}

impl OpenOrigin {
    /// Passes everything wanted to `each`, in order of arrival, until it breaks. Blocks on the disk for a recording; the
    /// model's lock is taken for moments only.
    pub fn walk<B>(
        &self,
        excerpt: &Excerpt,
        mut each: impl FnMut(Found<'_>) -> ControlFlow<B>,
    ) -> ControlFlow<B, Walked> {
        match self {
            Self::Recording(recording) => {
                let wants = |topic: &[u8]| excerpt.wants_topic(topic);
                let TimeSpan { from, to } = excerpt.span(self.begins());
                let query = Query { from, to, wants: &wants };
                recording.walk(&query, |found| match found {
                    Found::Message(message) if !excerpt.passes(&message) => ControlFlow::Continue(()),
                    found => each(found),
                })?;
                ControlFlow::Continue(Walked::default())
            }
            Self::Memory(model) => memory::walk(model, excerpt, excerpt.span(self.begins()), |message| {
                each(Found::Message(message))
            }),
        }
    }

    /// The topics of which messages can be wanted.
    pub fn topics(&self, excerpt: &Excerpt) -> BTreeSet<Vec<u8>> {
        match self {
            Self::Recording(recording) => recording.topics(|topic| excerpt.wants_topic(topic)),
            Self::Memory(model) => memory::topics(model, excerpt),
        }
    }

    /// How many messages it holds, wanted or not.
    pub fn messages(&self) -> u64 {
        match self {
            Self::Recording(recording) => recording.summary().messages,
            Self::Memory(model) => model.lock().stats().messages_kept,
        }
    }

    /// When its first message came.
    pub fn begins(&self) -> Option<Timestamp> {
        match self {
            Self::Recording(recording) => recording.summary().span.map(|(first, _)| first),
            Self::Memory(model) => {
                let model = model.lock();
                model.arrived_from(model.arrived().start).next().map(|stored| stored.arrived())
            }
        }
    }

    /// The address of the broker that it came from, if it says.
    pub fn url(&self) -> Option<String> {
        match self {
            Self::Recording(recording) => Some(recording.summary().facts.url).filter(|url| !url.is_empty()),
            Self::Memory(_) => None,
        }
    }
}
