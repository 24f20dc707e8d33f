//! Topic and payload of a draft with their placeholders filled: what is previewed and what is sent.
//!
//! The preview is renewed when the text, the variables or, once a second, the time changes. What is sent is filled again
//! at that moment with the same counter and seed, so that random values are those of the preview and the time is exact.

use std::borrow::Cow;

use crate::message::Timestamp;
use crate::mqtt::options::SecretVariables;
use crate::query::ModelLookup;
use crate::session::clock;
use crate::template::{Filling, Lookup, Template, TemplateError};

/// How often a preview with times or values in it is renewed, in microseconds.
const RENEW_US: i64 = 1_000_000;

/// What a secret looks like.
const MASK: &str = "••••••";

/// The part of a draft that holds a placeholder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FillPlace {
    /// The topic.
    Topic,
    /// The payload.
    Payload,
}

/// A placeholder that cannot be filled.
pub type FillError = (FillPlace, TemplateError);

/// Topic and payload as they are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilledText {
    /// The topic.
    pub topic: String,
    /// The editor's text, still in its notation.
    pub payload: String,
}

/// The placeholders of a draft.
#[derive(Debug)]
pub struct Filler {
    /// Whether `{{…}}` is a placeholder here, and not just text.
    on: bool,
    /// The number of the message that is sent next, from 1.
    counter: u64,
    seed: u64,
    source: FilledText,
    topic: Template,
    payload: Template,
    known: Snapshot,
    renewed: Timestamp,
    filled: Option<Result<FilledText, FillError>>,
    /// What is filled as it is shown, if secrets are in it.
    masked: Option<FilledText>,
}

impl Default for Filler {
    fn default() -> Self {
        Self {
            on: true,
            counter: 1,
            seed: fastrand::u64(..),
            source: FilledText::default(),
            topic: Template::default(),
            payload: Template::default(),
            known: Snapshot::default(),
            renewed: Timestamp(0),
            filled: None,
            masked: None,
        }
    }
}

impl Filler {
    /// Whether `{{…}}` is a placeholder here.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Turns placeholders on or off.
    pub fn set_on(&mut self, on: bool) {
        self.on = on;
        self.source = FilledText::default();
        self.filled = None;
        self.masked = None;
    }

    /// The result for the texts of the last [`Filler::update`]; `None` if they have no placeholders.
    pub fn filled(&self) -> Option<&Result<FilledText, FillError>> {
        self.filled.as_ref()
    }

    /// What a person may see of what is filled.
    pub fn shown(&self) -> Option<&FilledText> {
        let filled = self.filled.as_ref()?.as_ref().ok()?;
        Some(self.masked.as_ref().unwrap_or(filled))
    }

    /// Masks secrets in what is shown.
    pub fn mask(&mut self, secrets: &SecretVariables) {
        let Some(Ok(FilledText { topic, payload })) = &self.filled else {
            self.masked = None;
            return;
        };
        let holds = secrets.are_in(payload.as_bytes()) || secrets.are_in(topic.as_bytes());
        let masked = |text: &str| secrets.hidden(text, |_| MASK.to_owned());
        self.masked = holds.then(|| FilledText { topic: masked(topic), payload: masked(payload) });
    }

    /// Whether the preview changes by itself.
    pub fn varies(&self) -> bool {
        self.filled.is_some() && (self.topic.varies() || self.payload.varies())
    }

    /// Notes that the message was sent: the next one has another number and other random values.
    pub fn sent(&mut self) {
        self.counter += 1;
        self.seed = fastrand::u64(..);
        self.renewed = Timestamp(0);
    }

    /// Brings the preview up to date. Returns whether it changed.
    pub fn update(&mut self, topic: &str, payload: &str, now: Timestamp, lookup: &ModelLookup<'_>) -> bool {
        if !self.on || !(topic.contains("{{") || payload.contains("{{")) {
            return self.filled.take().is_some();
        }
        let is_same = self.source.topic == topic
            && self.source.payload == payload
            && self.known.variables == lookup.variables;
        let is_fresh = !self.varies() || (0..RENEW_US).contains(&(now.0 - self.renewed.0));
        if is_same && is_fresh && self.renewed != Timestamp(0) && self.filled.is_some() {
            return false;
        }
        self.renewed = now;
        let parsed = if is_same && self.filled.is_some() { Ok(()) } else { self.parse(topic, payload) };
        let filled = parsed.and_then(|()| {
            self.known = Snapshot::of(lookup, [&self.topic, &self.payload]);
            self.fill(now)
        });
        if filled.is_err() {
            // Parsed again at the next look, since the templates may be those of an earlier text.
            self.source = FilledText::default();
        }
        let is_new = self.filled.as_ref() != Some(&filled);
        self.filled = Some(filled);
        is_new
    }

    /// Topic and payload for sending now; `None` if there are no placeholders.
    pub fn for_sending(&self) -> Option<Result<FilledText, FillError>> {
        match self.filled.as_ref()? {
            Ok(_) => Some(self.fill(clock::now())),
            Err(error) => Some(Err(error.clone())),
        }
    }

    fn parse(&mut self, topic: &str, payload: &str) -> Result<(), FillError> {
        self.topic = Template::parse(topic).map_err(|error| (FillPlace::Topic, error))?;
        self.payload = Template::parse(payload).map_err(|error| (FillPlace::Payload, error))?;
        self.source = FilledText { topic: topic.to_owned(), payload: payload.to_owned() };
        Ok(())
    }

    fn fill(&self, now: Timestamp) -> Result<FilledText, FillError> {
        let mut filling = Filling::new(now, self.counter, &self.known).seeded(self.seed);
        let topic = self.topic.fill(&mut filling).map_err(|error| (FillPlace::Topic, error))?;
        filling.set_topic(&topic);
        let payload = self.payload.fill(&mut filling).map_err(|error| (FillPlace::Payload, error))?;
        Ok(FilledText { topic, payload })
    }
}

/// The variables and values that a draft needs, taken out of the model: a command sends outside of a frame.
#[derive(Debug, Default)]
struct Snapshot {
    variables: Vec<(String, String)>,
    values: Vec<((String, String), Option<String>)>,
}

impl Snapshot {
    fn of(lookup: &ModelLookup<'_>, templates: [&Template; 2]) -> Self {
        let variables = lookup.variables.to_vec();
        let wanted = templates.into_iter().flat_map(Template::values);
        let values =
            wanted.map(|(topic, path)| ((topic.to_owned(), path.to_owned()), lookup.value(topic, path)));
        Self { variables, values: values.collect() }
    }
}

impl Lookup for Snapshot {
    fn variable(&self, name: &str) -> Option<Cow<'_, str>> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str().into())
    }

    fn value(&self, topic: &str, path: &str) -> Option<String> {
        let known = self.values.iter().find(|((known, at), _)| known == topic && at == path);
        known.and_then(|(_, value)| value.clone())
    }
}
