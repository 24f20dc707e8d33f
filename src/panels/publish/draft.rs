//! One message being written: topic, payload, how it is sent, and what became of the last one.

use std::path::{Path, PathBuf};

use bytes::Bytes;

use crate::command::{Outgoing, PublishAction, RequestOrder};
use crate::message::{PublishProperties, QoS};
use crate::mqtt::filter;
use crate::panels::publish::answer::LastSent;
use crate::panels::publish::body::{BodyProblem, Notation};
use crate::panels::publish::editor::Editor;
use crate::panels::publish::filled::{FillError, FillPlace};
use crate::panels::publish::properties::{FieldError, PropertiesForm};
use crate::panels::publish::response::ResponseForm;
use crate::panels::publish::topic::TopicField;
use crate::panels::scene::Scene;
use crate::payload::decode::Choice;
use crate::query::{ModelLookup, Recipe, RecipePayload};
use crate::store::drafts::{KeptDraft, KeptProperties};
use crate::store::saved::{SavedMessage, SavedPayload};
use crate::words::{Label, Language, filter as filter_words, payload, publish as words, request};

/// Why nothing can be sent.
pub enum Unsendable {
    /// The session cannot send at present.
    Offline(Label),
    /// The topic is invalid.
    Topic(filter::InvalidTopic),
    /// A placeholder of the topic or of the payload cannot be filled.
    Placeholder(FillError),
    /// The payload is invalid.
    Payload(BodyProblem),
    /// A property is invalid.
    Property(FieldError),
    /// The response cannot be waited for.
    Response(Label),
    /// The message would remove a retained one, which has its own button.
    ClearsRetained,
}

impl Unsendable {
    /// The reason as a sentence.
    pub fn text(&self, language: Language) -> String {
        match self {
            Self::Offline(why) | Self::Response(why) => why.of(language).to_owned(),
            Self::Topic(why) => filter_words::capitalised(*why, language),
            Self::Placeholder((place, error)) => {
                words::not_filled(*place == FillPlace::Topic, error, language)
            }
            Self::Payload(BodyProblem::BadHex(why)) => {
                words::payload_error(&payload::hex_error(why, language), language)
            }
            Self::Payload(why) => why.text(language),
            Self::Property(why) => why.text(language),
            Self::ClearsRetained => words::USE_CLEAR_RETAINED.of(language).to_owned(),
        }
    }
}

/// What the session can send at present.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sendable {
    /// Why it cannot send; `None` if it can.
    pub offline: Option<Label>,
    /// Whether it speaks MQTT 5, as far as known.
    pub speaks_5: bool,
}

/// A message being written.
#[derive(Debug, Default)]
pub struct Draft {
    /// Tells its widgets from those of other drafts.
    pub id: u64,
    /// The topic.
    pub topic: TopicField,
    /// The payload.
    pub editor: Editor,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker is asked to retain it.
    pub retain: bool,
    /// The properties of MQTT 5.
    pub form: PropertiesForm,
    /// The response that it expects.
    pub response: ResponseForm,
    /// What became of the message sent last.
    pub answer: LastSent,
    /// What it was filled with from elsewhere; while that is what it holds, the next message may take its place.
    filled_with: Option<KeptDraft>,
    /// The file of the saved message that it is.
    pub saved_as: Option<PathBuf>,
}

impl Draft {
    /// An empty draft.
    pub fn new(id: u64) -> Self {
        Self { id, ..Self::default() }
    }

    /// Loads a message, to be checked and sent.
    pub fn fill_with(&mut self, message: Outgoing, choice: Option<Choice>) {
        let Outgoing { topic, payload, qos, retain, properties } = message;
        self.topic.set(topic);
        self.editor.replace(|body| body.set_message(payload, choice));
        // What others send may contain braces that are theirs.
        self.editor.filler.set_on(false);
        (self.qos, self.retain) = (qos, retain);
        self.form = PropertiesForm::of(&properties);
        self.response = ResponseForm::default();
        self.saved_as = None;
        self.note_filled();
    }

    /// Loads a saved message.
    pub fn fill_with_saved(&mut self, path: &Path, message: &SavedMessage) {
        let SavedMessage { topic, qos, retain, variables, format, key: _, properties, payload } = message;
        self.topic.set(topic.clone());
        let notation = Notation::of_id(format).unwrap_or_default();
        self.editor.replace(|body| match payload {
            SavedPayload::Below(text) => body.restore(notation, text.clone(), None),
            SavedPayload::Beside(name, bytes) => body.set_file(name, bytes.clone()),
        });
        self.editor.filler.set_on(*variables);
        (self.qos, self.retain) = (*qos, *retain);
        self.form = PropertiesForm::of(properties);
        self.response = ResponseForm::default();
        self.saved_as = Some(path.to_owned());
        self.note_filled();
    }

    /// The draft as a saved message with these keys, in a file of this name.
    pub fn saved_message(&self, key: &str, file: Option<&Path>) -> SavedMessage {
        let body = &self.editor.body;
        let attached = body.attachment().and_then(|attachment| attachment.bytes.clone());
        // A line end at the end of a file is the editor's, and not the payload's.
        let bytes = attached.or_else(|| body.text.ends_with('\r').then(|| Bytes::from(body.text.clone())));
        let (format, payload) = match bytes {
            Some(bytes) => {
                let stem = file.and_then(Path::file_stem).unwrap_or_default().to_string_lossy();
                (Notation::Text, SavedPayload::Beside(format!("{stem}.bin"), bytes))
            }
            None => (body.notation(), SavedPayload::Below(body.text.clone())),
        };
        SavedMessage {
            topic: self.topic.text().to_owned(),
            qos: self.qos,
            retain: self.retain,
            variables: self.editor.filler.is_on(),
            format: format.id().to_owned(),
            key: key.to_owned(),
            properties: self.form.properties().unwrap_or_default(),
            payload,
        }
    }

    /// Notes that what it holds came from elsewhere and is still there to be had.
    pub fn note_filled(&mut self) {
        self.filled_with = Some(self.kept());
    }

    /// Whether nothing in it would be lost if another message took its place.
    pub fn is_replaceable(&self) -> bool {
        let holds_nothing = self.topic.is_untouched()
            && self.editor.body.text.is_empty()
            && self.editor.body.attachment().is_none()
            && self.form.count() == 0;
        holds_nothing || self.filled_with.as_ref().is_some_and(|filled| *filled == self.kept())
    }

    /// Whether it holds something worth getting back.
    pub fn has_content(&self) -> bool {
        !self.editor.body.text.is_empty()
            || self.editor.body.attachment().is_some()
            || (!self.topic.is_untouched() && !self.topic.text().is_empty())
    }

    /// Follows the selected topic, and brings the preview up to date.
    pub fn update(&mut self, scene: &Scene<'_>) {
        self.topic.update(scene);
        let lookup = ModelLookup { variables: scene.variables, model: scene.model };
        self.editor.fill(self.topic.text(), scene.now, &lookup, scene.secrets);
        self.editor.read_by_rules(self.topic.text(), scene.rules);
    }

    /// The message that the Publish button sends.
    pub fn outgoing(&self, sendable: Sendable) -> Result<Outgoing, Unsendable> {
        let message = self.message(sendable)?;
        if message.clears_retained() { Err(Unsendable::ClearsRetained) } else { Ok(message) }
    }

    /// What the Publish button does: sends the message, and waits for the response if one is expected.
    pub fn order(&self, sendable: Sendable) -> Result<PublishAction, Unsendable> {
        let message = self.outgoing(sendable)?;
        if !(self.response.is_on() && sendable.speaks_5) {
            return Ok(PublishAction::Send(message));
        }
        if message.properties.response_topic.is_none() {
            return Err(Unsendable::Response(request::NO_RESPONSE_TOPIC));
        }
        let within = self.response.within().map_err(Unsendable::Response)?;
        Ok(PublishAction::Request(Box::new(RequestOrder { draft: self.id, message, within })))
    }

    /// The message as it is written.
    pub fn message(&self, sendable: Sendable) -> Result<Outgoing, Unsendable> {
        if let Some(why) = sendable.offline {
            return Err(Unsendable::Offline(why));
        }
        let filled = self.editor.filler.for_sending().transpose().map_err(Unsendable::Placeholder)?;
        let topic = filled.as_ref().map_or(self.topic.text(), |filled| filled.topic.as_str());
        filter::check_topic(topic).map_err(Unsendable::Topic)?;
        let payload = self.payload_of(filled.as_ref().map(|filled| filled.payload.as_str()))?;
        let properties = if sendable.speaks_5 {
            self.form.properties().map_err(Unsendable::Property)?
        } else {
            PublishProperties::default()
        };
        Ok(Outgoing { topic: topic.to_owned(), payload, qos: self.qos, retain: self.retain, properties })
    }

    /// Topic and payload as they are written, to make many messages of.
    pub fn recipe(&self) -> Recipe {
        let body = &self.editor.body;
        let attached = body.attachment().and_then(|attachment| attachment.bytes.clone());
        let payload = match attached {
            Some(bytes) => RecipePayload::Bytes(bytes),
            None => RecipePayload::Written(body.text.clone(), body.writing()),
        };
        Recipe { topic: self.topic.text().to_owned(), payload, fills: self.editor.filler.is_on() }
    }

    /// A message like this one, whose payload comes from elsewhere.
    pub fn like(&self, sendable: Sendable) -> Result<Outgoing, Unsendable> {
        let draft = Self {
            editor: Editor::default(),
            form: self.form.clone(),
            topic: self.topic.clone(),
            ..Self::default()
        };
        let like = draft.message(sendable)?;
        Ok(Outgoing { qos: self.qos, retain: self.retain, ..like })
    }

    fn payload_of(&self, filled: Option<&str>) -> Result<Bytes, Unsendable> {
        let body = &self.editor.body;
        let payload = match filled {
            Some(text) => body.bytes_of(text),
            None => body.bytes(),
        };
        payload.map_err(Unsendable::Payload)
    }

    /// What is kept of it on disk.
    pub fn kept(&self) -> KeptDraft {
        let (body, form) = (&self.editor.body, &self.form);
        KeptDraft {
            topic: self.topic.kept(),
            notation: body.notation().id().to_owned(),
            text: body.text.clone(),
            attached: body.kept_attachment(),
            variables: self.editor.filler.is_on(),
            saved_as: self.saved_as.clone(),
            qos: self.qos,
            retain: self.retain,
            expects_response: self.response.is_on(),
            properties: KeptProperties {
                content_type: form.content_type.clone(),
                response_topic: form.response_topic.clone(),
                correlation_data: form.correlation_data.clone(),
                expiry: form.expiry.clone(),
                indicator: form.indicator,
                user: form.user.clone(),
            },
        }
    }

    /// Takes over what was kept.
    pub fn restore(&mut self, kept: KeptDraft) {
        let KeptDraft {
            topic,
            notation,
            text,
            attached,
            variables,
            saved_as,
            qos,
            retain,
            expects_response,
            properties,
        } = kept;
        self.response.restore(expects_response);
        self.saved_as = saved_as;
        match topic {
            Some(topic) => self.topic.set(topic),
            None => self.topic = TopicField::default(),
        }
        let notation = Notation::of_id(&notation).unwrap_or_default();
        self.editor.replace(|body| body.restore(notation, text, attached.as_ref()));
        self.editor.filler.set_on(variables);
        (self.qos, self.retain) = (qos, retain);
        let KeptProperties { content_type, response_topic, correlation_data, expiry, indicator, user } =
            properties;
        self.form =
            PropertiesForm { content_type, response_topic, correlation_data, expiry, indicator, user };
    }
}
