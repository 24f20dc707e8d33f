//! What a template is filled with.

use std::borrow::Cow;

use crate::message::Timestamp;
use crate::template::dice::Dice;

/// Where variables and values of other topics come from.
pub trait Lookup {
    /// The value of a variable.
    fn variable(&self, name: &str) -> Option<Cow<'_, str>>;

    /// The newest payload of a topic as text, or what is at a path in it; an empty path is the whole payload.
    fn value(&self, topic: &str, path: &str) -> Option<String>;
}

/// Knows nothing: for texts that use functions only.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoLookup;

impl Lookup for NoLookup {
    fn variable(&self, _name: &str) -> Option<Cow<'_, str>> {
        None
    }

    fn value(&self, _topic: &str, _path: &str) -> Option<String> {
        None
    }
}

/// What one message is filled with. Its topic and its payload share one filling, so that `{{now}}` and `{{counter}}` are
/// the same in both.
pub struct Filling<'a> {
    pub(super) now: Timestamp,
    pub(super) counter: u64,
    pub(super) topic: Option<&'a str>,
    pub(super) lookup: &'a dyn Lookup,
    pub(super) dice: Dice,
}

impl<'a> Filling<'a> {
    /// For the message sent now as the `counter`th. The counter is the seed of what is random too; see
    /// [`Filling::seeded`].
    pub fn new(now: Timestamp, counter: u64, lookup: &'a dyn Lookup) -> Self {
        Self { now, counter, topic: None, lookup, dice: Dice::new(counter) }
    }

    /// Draws random numbers from this seed: the same seed gives the same numbers.
    #[must_use]
    pub fn seeded(self, seed: u64) -> Self {
        Self { dice: Dice::new(seed), ..self }
    }

    /// What `{{topic}}` stands for from now on.
    pub fn set_topic(&mut self, topic: &'a str) {
        self.topic = Some(topic);
    }
}

impl std::fmt::Debug for Filling<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The lookup may know secrets.
        f.debug_struct("Filling")
            .field("now", &self.now)
            .field("counter", &self.counter)
            .finish_non_exhaustive()
    }
}
