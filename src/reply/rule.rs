//! One rule: what it answers, and with what.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::message::{MessageRef, PublishProperties, QoS};
use crate::mqtt::filter::{self, InvalidTopic};
use crate::mqtt::publish::Publish;
use crate::query::{Condition, ConditionError};
use crate::reply::{ReplyFailure, forget_old};
use crate::template::{Filling, Template, TemplateError};

/// The longest delay, in milliseconds.
pub(super) const DELAY_MS_MAX: u32 = 3_600_000;

/// A rule as the person wrote it, kept with a profile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReplyRule {
    /// Topic filter of the messages to answer.
    pub filter: String,
    /// What must be true of their payload; empty: nothing.
    #[serde(rename = "where")]
    pub condition: String,
    /// Topic of the reply, with placeholders; empty: the response topic that the message names.
    pub topic: String,
    /// Its payload, with placeholders.
    pub payload: String,
    /// Its QoS.
    pub qos: QoS,
    /// Whether the broker is to keep it.
    pub retain: bool,
    /// How long after the message it is sent.
    pub delay_ms: u32,
    /// How many replies of this rule at most are sent in a second; 0: no limit but that of all rules.
    pub per_second_max: u32,
    /// Whether it is used when replies are on.
    pub enabled: bool,
}

impl Default for ReplyRule {
    fn default() -> Self {
        Self {
            filter: String::new(),
            condition: String::new(),
            topic: String::new(),
            payload: String::new(),
            qos: QoS::AtMostOnce,
            retain: false,
            delay_ms: 0,
            per_second_max: 0,
            enabled: true,
        }
    }
}

/// A part of a rule, to say where a mistake is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplyPart {
    /// The filter of what it answers.
    Filter,
    /// The condition.
    Condition,
    /// The topic of the reply.
    Topic,
    /// Its payload.
    Payload,
}

/// Why a rule cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RuleError {
    /// The filter or the topic cannot be.
    Topic(ReplyPart, InvalidTopic),
    /// The condition cannot be read.
    Condition(ConditionError),
    /// A placeholder cannot be read.
    Template(ReplyPart, TemplateError),
}

impl RuleError {
    /// Where it is.
    pub fn part(&self) -> ReplyPart {
        match self {
            Self::Topic(part, _) | Self::Template(part, _) => *part,
            Self::Condition(_) => ReplyPart::Condition,
        }
    }
}

impl ReplyRule {
    /// What keeps it from being used.
    pub fn check(&self) -> Result<(), RuleError> {
        PreparedRule::new(self).map(|_| ())
    }
}

/// A rule ready for use.
#[derive(Debug)]
pub(super) struct PreparedRule {
    pub filter: String,
    condition: Option<Condition>,
    topic: Option<Template>,
    payload: Template,
    qos: QoS,
    retain: bool,
    pub delay: Duration,
    per_second_max: usize,
    pub enabled: bool,
    made: VecDeque<Duration>,
}

impl PreparedRule {
    pub fn new(rule: &ReplyRule) -> Result<Self, RuleError> {
        filter::check_filter(&rule.filter).map_err(|why| RuleError::Topic(ReplyPart::Filter, why))?;
        let condition = Some(rule.condition.trim()).filter(|text| !text.is_empty());
        let condition = condition.map(str::parse).transpose().map_err(RuleError::Condition)?;
        let template = |part, text: &str| Template::parse(text).map_err(|why| RuleError::Template(part, why));
        let topic = Some(rule.topic.as_str()).filter(|topic| !topic.is_empty());
        let topic = topic.map(|topic| template(ReplyPart::Topic, topic)).transpose()?;
        if topic.as_ref().is_some_and(Template::is_plain) {
            filter::check_topic(&rule.topic).map_err(|why| RuleError::Topic(ReplyPart::Topic, why))?;
        }
        Ok(Self {
            filter: rule.filter.clone(),
            condition,
            topic,
            payload: template(ReplyPart::Payload, &rule.payload)?,
            qos: rule.qos,
            retain: rule.retain,
            delay: Duration::from_millis(rule.delay_ms.min(DELAY_MS_MAX).into()),
            per_second_max: rule.per_second_max as usize,
            enabled: rule.enabled,
            made: VecDeque::new(),
        })
    }

    /// The topics that its placeholders look up.
    pub fn values(&self) -> impl Iterator<Item = &str> {
        let templates = self.topic.iter().chain([&self.payload]);
        templates.flat_map(|template| template.values().map(|(topic, _)| topic))
    }

    pub fn answers(&self, message: MessageRef<'_>) -> bool {
        self.enabled
            && filter::matches(self.filter.as_bytes(), message.topic)
            && self.condition.as_ref().is_none_or(|condition| condition.holds(message.payload.bytes(), None))
    }

    /// Whether its own limit allows another one.
    pub fn has_room(&mut self, at: Duration) -> bool {
        forget_old(&mut self.made, at);
        self.per_second_max == 0 || self.made.len() < self.per_second_max
    }

    pub fn made(&mut self, at: Duration) {
        if self.per_second_max > 0 {
            self.made.push_back(at);
        }
    }

    /// The reply. The correlation data of a request goes back with it (MQTT 5.0, 4.10).
    pub fn fill<'a>(
        &self,
        message: MessageRef<'a>,
        filling: &mut Filling<'a>,
    ) -> Result<Publish, ReplyFailure> {
        let request = message.properties;
        if let Ok(topic) = str::from_utf8(message.topic) {
            filling.set_topic(topic);
        }
        let topic = match &self.topic {
            Some(topic) => topic.fill(filling).map_err(ReplyFailure::Template)?,
            None => request
                .and_then(|properties| properties.response_topic.clone())
                .ok_or(ReplyFailure::NoResponseTopic)?,
        };
        filter::check_topic(&topic).map_err(ReplyFailure::Topic)?;
        let payload = self.payload.fill(filling).map_err(ReplyFailure::Template)?;
        let correlation_data = request.and_then(|properties| properties.correlation_data.clone());
        let properties = PublishProperties { correlation_data, ..PublishProperties::default() };
        let (qos, retain) = (self.qos, self.retain);
        Ok(Publish { topic, payload: payload.into(), qos, retain, properties, ..Publish::default() })
    }
}
