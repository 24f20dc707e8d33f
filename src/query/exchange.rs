//! Which messages answer a request, and which request a message answers (MQTT 5.0, 4.10): by response topic and
//! correlation data, among the messages that are held. Looks at a bounded number of messages at a time.

use crate::message::{PublishProperties, Timestamp};
use crate::model::{MessageId, Model, Stored};

/// How many responses are listed.
const RESPONSES_MAX: usize = 20;
/// How many messages are looked at in all; a request is not far from its response.
const LOOKED_AT_MAX: u64 = 1_000_000;

/// The other end of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counterpart {
    /// The message.
    pub id: MessageId,
    /// When it arrived.
    pub arrived: Timestamp,
}

/// The requests and responses that belong to a message.
#[derive(Clone, Debug)]
pub struct ExchangeSearch {
    of: MessageId,
    /// The message's own topic, which is the response topic of its request.
    topic: Vec<u8>,
    correlation_data: Option<Vec<u8>>,
    /// Where its responses come, if it is a request.
    response_topic: Option<String>,
    /// Whether a request is still looked for, and before which message.
    request_before: Option<MessageId>,
    looked_at: u64,
    request: Option<Counterpart>,
    /// Oldest first.
    responses: Vec<Counterpart>,
    /// The newest message of the response topic that was looked at.
    newest: Option<MessageId>,
}

impl ExchangeSearch {
    /// Begins to search for a message; `None` if its properties belong to neither a request nor a response.
    pub fn of(model: &Model, id: MessageId, properties: Option<&PublishProperties>) -> Option<Self> {
        let properties = properties?;
        let PublishProperties { response_topic, correlation_data, .. } = properties;
        if response_topic.is_none() && correlation_data.is_none() {
            return None;
        }
        Some(Self {
            of: id,
            topic: model.topic_bytes(id.node()),
            correlation_data: correlation_data.clone(),
            response_topic: response_topic.clone(),
            // Without correlation data nothing tells whose response it is.
            request_before: correlation_data.is_some().then_some(id),
            looked_at: 0,
            request: None,
            responses: Vec::new(),
            newest: None,
        })
    }

    /// The message whose counterparts these are.
    pub fn message(&self) -> MessageId {
        self.of
    }

    /// Whether it is a request: it names a response topic.
    pub fn is_request(&self) -> bool {
        self.response_topic.is_some()
    }

    /// The request that it answers, if that was found.
    pub fn request(&self) -> Option<Counterpart> {
        self.request
    }

    /// The responses to it so far, oldest first.
    pub fn responses(&self) -> &[Counterpart] {
        &self.responses
    }

    /// Looks at this many messages at most, and at what has come since. Returns whether there is more to look at.
    pub fn step(&mut self, model: &Model, messages: usize) -> bool {
        self.take_responses(model, messages);
        self.seek_request(model, messages)
    }

    fn take_responses(&mut self, model: &Model, messages: usize) {
        let Some(node) = self.response_topic.as_ref().and_then(|topic| model.find(topic.as_bytes())) else {
            return;
        };
        let after = self.newest.map_or(self.of.position(), MessageId::position);
        let mut found = Vec::new();
        let mut newest = None;
        for message in model.history(node).take(messages) {
            if message.id().position() <= after {
                break;
            }
            newest = newest.or(Some(message.id()));
            if data_of(message) == self.correlation_data.as_deref() {
                found.push(Counterpart { id: message.id(), arrived: message.arrived() });
            }
        }
        self.newest = newest.or(self.newest);
        self.responses.extend(found.into_iter().rev());
        self.responses.truncate(RESPONSES_MAX);
    }

    fn seek_request(&mut self, model: &Model, messages: usize) -> bool {
        let Some(before) = self.request_before else { return false };
        let mut last = None;
        for message in model.recent(Some(before)).take(messages) {
            self.looked_at += 1;
            last = Some(message.id());
            let is_request = message.properties().is_some_and(|properties| {
                properties.correlation_data == self.correlation_data
                    && properties.response_topic.as_ref().map(String::as_bytes) == Some(&self.topic)
            });
            if is_request {
                self.request = Some(Counterpart { id: message.id(), arrived: message.arrived() });
                last = None;
                break;
            }
        }
        self.request_before = last.filter(|_| self.looked_at < LOOKED_AT_MAX);
        self.request_before.is_some()
    }
}

fn data_of(message: Stored<'_>) -> Option<&[u8]> {
    message.properties().and_then(|properties| properties.correlation_data.as_deref())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::message::{Flags, MessageRef, Payload};
    use crate::model::Limits;

    fn receive(model: &mut Model, topic: &str, answers_to: Option<&str>, data: Option<&str>) -> MessageId {
        let properties = Arc::new(PublishProperties {
            response_topic: answers_to.map(str::to_owned),
            correlation_data: data.map(|data| data.as_bytes().to_vec()),
            ..PublishProperties::default()
        });
        let node = model
            .apply(MessageRef {
                topic: topic.as_bytes(),
                payload: Payload::Small(b"x"),
                flags: Flags::default(),
                properties: Some(&properties),
                arrived: Timestamp(1),
            })
            .unwrap();
        while model.roll_up(Timestamp(1)) {}
        model.history(node).next().unwrap().id()
    }

    fn search(model: &Model, id: MessageId) -> ExchangeSearch {
        let properties = model.message(id).unwrap().properties().cloned();
        let mut search = ExchangeSearch::of(model, id, properties.as_deref()).unwrap();
        while search.step(model, 2) {}
        search
    }

    #[test]
    fn a_request_finds_its_responses_and_a_response_its_request_among_others() {
        let mut model = Model::new(Limits::default());
        let early = receive(&mut model, "answers", None, Some("1"));
        let request = receive(&mut model, "ask", Some("answers"), Some("1"));
        receive(&mut model, "ask", Some("answers"), Some("2"));
        receive(&mut model, "ask", Some("elsewhere"), Some("1"));
        receive(&mut model, "answers", None, Some("2"));
        receive(&mut model, "answers", None, None);
        let mut of_request = search(&model, request);
        assert!(of_request.responses().is_empty() && of_request.is_request());
        let first = receive(&mut model, "answers", None, Some("1"));
        let second = receive(&mut model, "answers", None, Some("1"));
        of_request.step(&model, 100);
        let found: Vec<MessageId> = of_request.responses().iter().map(|found| found.id).collect();
        assert_eq!(found, [first, second], "what came before the request is no response");
        for response in [first, second] {
            assert_eq!(search(&model, response).request().map(|found| found.id), Some(request));
        }
        assert_eq!(search(&model, early).request(), None);
    }

    #[test]
    fn a_message_without_either_property_belongs_to_no_exchange() {
        let mut model = Model::new(Limits::default());
        let plain = receive(&mut model, "a", None, None);
        assert!(ExchangeSearch::of(&model, plain, Some(&PublishProperties::default())).is_none());
    }
}
