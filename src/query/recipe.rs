//! A message as it is written, and the messages that come of it: placeholders filled, the payload encoded. For what is
//! sent without the publish panel: repetitions and saved messages.

use bytes::Bytes;

use crate::message::Timestamp;
use crate::mqtt::filter::{self, InvalidTopic};
use crate::payload::writing::{Writing, WritingError};
use crate::template::{Filling, Lookup, Template, TemplateError};

/// A topic and a payload as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipe {
    /// The topic.
    pub topic: String,
    /// The payload.
    pub payload: RecipePayload,
    /// Whether `{{…}}` is replaced.
    pub fills: bool,
}

/// A payload as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipePayload {
    /// A text, and how it stands for the bytes.
    Written(String, Writing),
    /// The bytes themselves.
    Bytes(Bytes),
}

impl Default for RecipePayload {
    fn default() -> Self {
        Self::Written(String::new(), Writing::Text)
    }
}

/// Why a recipe makes no message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecipeError {
    /// A placeholder of the topic has no value.
    TopicPlaceholder(TemplateError),
    /// A placeholder of the payload has no value.
    PayloadPlaceholder(TemplateError),
    /// The filled topic cannot be published to.
    Topic(InvalidTopic),
    /// The filled text stands for no payload.
    Payload(WritingError),
}

/// Why a source of messages has no next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceFault {
    /// The recipe makes no message.
    Recipe(RecipeError),
    /// The line with this number, from 1, cannot be sent.
    Line(u64, LineFault),
    /// The file cannot be read; the system's reason.
    Unreadable(String),
}

/// Why a line cannot be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineFault {
    /// It is no message; what the parser says.
    NotAMessage(String),
    /// It is longer than MQTT can carry.
    TooLong,
    /// Its topic cannot be published to.
    Topic(InvalidTopic),
    /// Its payload was not kept in the file.
    NoPayload,
    /// It would clear a retained message.
    ClearsRetained,
}

/// A recipe whose templates are parsed, to make many messages.
#[derive(Debug)]
pub struct PreparedRecipe {
    recipe: Recipe,
    /// Of topic and payload; `None` where nothing is replaced.
    templates: Option<(Template, Template)>,
}

impl Recipe {
    /// Parses the templates.
    ///
    /// # Errors
    ///
    /// If a placeholder cannot be read.
    pub fn prepare(self) -> Result<PreparedRecipe, RecipeError> {
        let text = match &self.payload {
            RecipePayload::Written(text, _) => text.as_str(),
            RecipePayload::Bytes(_) => "",
        };
        if !self.fills || !(self.topic.contains("{{") || text.contains("{{")) {
            return Ok(PreparedRecipe { recipe: self, templates: None });
        }
        let topic = Template::parse(&self.topic).map_err(RecipeError::TopicPlaceholder)?;
        let payload = Template::parse(text).map_err(RecipeError::PayloadPlaceholder)?;
        Ok(PreparedRecipe { recipe: self, templates: Some((topic, payload)) })
    }
}

impl PreparedRecipe {
    /// Topic and payload of the `counter`th message, sent now.
    ///
    /// # Errors
    ///
    /// If a placeholder has no value, or what comes of it is no message.
    pub fn message(
        &self,
        now: Timestamp,
        counter: u64,
        lookup: &dyn Lookup,
    ) -> Result<(String, Bytes), RecipeError> {
        let Recipe { topic, payload, .. } = &self.recipe;
        let (topic, filled) = match &self.templates {
            None => (topic.clone(), None),
            Some((topic, payload)) => {
                let mut filling = Filling::new(now, counter, lookup).seeded(fastrand::u64(..));
                let topic = topic.fill(&mut filling).map_err(RecipeError::TopicPlaceholder)?;
                filling.set_topic(&topic);
                let payload = payload.fill(&mut filling).map_err(RecipeError::PayloadPlaceholder)?;
                (topic, Some(payload))
            }
        };
        filter::check_topic(&topic).map_err(RecipeError::Topic)?;
        let payload = match payload {
            RecipePayload::Bytes(bytes) => bytes.clone(),
            RecipePayload::Written(text, writing) => {
                let text = filled.as_ref().unwrap_or(text);
                writing.bytes(text).map_err(RecipeError::Payload)?.into()
            }
        };
        Ok((topic, payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::payload::decode::{Choice, Format};
    use crate::template::{NoLookup, TemplateProblem};

    fn recipe(topic: &str, text: &str, writing: Writing) -> Recipe {
        let payload = RecipePayload::Written(text.to_owned(), writing);
        Recipe { topic: topic.to_owned(), payload, fills: true }
    }

    fn made(recipe: Recipe, counter: u64) -> Result<(String, Bytes), RecipeError> {
        recipe.prepare()?.message(Timestamp(1_000_000), counter, &NoLookup)
    }

    #[test]
    fn each_message_has_its_number_in_topic_and_payload() {
        let cbor = Writing::Encoded(Choice::plain(Format::Cbor));
        let recipe = recipe("m/{{counter}}", "[{{counter}}, {{now}}]", cbor);
        for counter in [1, 2] {
            let (topic, payload) = made(recipe.clone(), counter).unwrap();
            assert_eq!((topic, payload.to_vec()), (format!("m/{counter}"), vec![0x82, counter as u8, 1]));
        }
    }

    #[test]
    fn braces_stay_where_nothing_is_replaced() {
        let recipe = Recipe { fills: false, ..recipe("a", "{{ x }}", Writing::Text) };
        assert_eq!(made(recipe, 1).unwrap().1, "{{ x }}");
    }

    #[test]
    fn what_is_wrong_is_told_apart() {
        let unknown = made(recipe("a", "{{x}}", Writing::Text), 1).unwrap_err();
        let RecipeError::PayloadPlaceholder(error) = unknown else { panic!("{unknown:?}") };
        assert_eq!(error.problem, TemplateProblem::UnknownVariable("x".to_owned()));
        assert!(matches!(made(recipe("a/{{", "", Writing::Text), 1), Err(RecipeError::TopicPlaceholder(_))));
        assert!(matches!(made(recipe("a/+", "", Writing::Text), 1), Err(RecipeError::Topic(_))));
        let hex = made(recipe("a", "0g", Writing::Hex), 1);
        assert!(matches!(hex, Err(RecipeError::Payload(WritingError::Hex(_)))));
    }
}
