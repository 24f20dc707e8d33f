//! How to decode the payloads of topics whose name decides, not their bytes.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::model::{Model, NodeId, Stored};
use crate::payload::decode::{Choice, Format, SparkplugNames};
use crate::query::sparkplug::{SparkplugKind, SparkplugTopic, births};

/// The newest births that name the metrics of a topic of Sparkplug B; `None` for other topics.
pub(super) fn birth_messages<'m>(model: &'m Model, topic: &[u8]) -> Option<Vec<Stored<'m>>> {
    let births = births(&SparkplugTopic::of(topic)?);
    let newest = births.iter().filter_map(|birth| newest(model, model.find(birth)?));
    Some(newest.collect())
}

/// Sparkplug B with the names that these births give.
pub(super) fn sparkplug_choice(births: &[Stored<'_>]) -> Choice {
    let mut names = SparkplugNames::default();
    for birth in births {
        names.learn(birth.payload());
    }
    Choice::sparkplug(Arc::new(names))
}

/// How the payloads of a topic are to be read, by its name alone; `None`: as their bytes suggest.
pub fn choice_of_topic(topic: &[u8]) -> Option<Choice> {
    SparkplugTopic::of(topic).map(|_| Choice::plain(Format::Sparkplug))
}

/// Remembers what the births of Sparkplug B say, where there is no model that keeps them.
#[derive(Debug, Default)]
pub struct Births {
    names: FxHashMap<Vec<u8>, SparkplugNames>,
}

impl Births {
    /// Births that are remembered. A plant with more is one of whose metrics some stay without a name.
    const MAX: usize = 10_000;

    /// How a message is to be read, after learning from it if it is a birth; `None`: as its bytes suggest.
    pub fn choice_for(&mut self, topic: &[u8], payload: &[u8]) -> Option<Choice> {
        let levels = SparkplugTopic::of(topic)?;
        let is_birth = matches!(levels.kind, SparkplugKind::NodeBirth | SparkplugKind::DeviceBirth);
        if is_birth && (self.names.len() < Self::MAX || self.names.contains_key(topic)) {
            let mut names = SparkplugNames::default();
            names.learn(payload);
            self.names.insert(topic.to_vec(), names);
        }
        let mut names = SparkplugNames::default();
        for known in births(&levels).iter().filter_map(|birth| self.names.get(birth)) {
            names.extend(known);
        }
        Some(Choice::sparkplug(Arc::new(names)))
    }
}

fn newest(model: &Model, node: NodeId) -> Option<Stored<'_>> {
    model.node(node)?.topic.map(|topic| topic.newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::Limits;
    use crate::payload::{DecodeLimits, never};

    fn receive(model: &mut Model, topic: &str, payload: &[u8]) {
        let (flags, arrived) = (Flags::default(), Timestamp(0));
        let payload = Payload::Small(payload);
        let topic = topic.as_bytes();
        model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).unwrap();
        model.roll_up(Timestamp(0));
    }

    #[test]
    fn what_a_device_sends_is_named_by_its_birth() {
        let mut model = Model::new(Limits::default());
        // metrics { name: "t", alias: 9, datatype: Int32, int_value: 1 }
        let birth = [0x12, 9, 0x0A, 1, b't', 0x10, 9, 0x20, 3, 0x50, 1];
        // metrics { alias: 9, int_value: 7 }
        let data = [0x12, 4, 0x10, 9, 0x50, 7];
        receive(&mut model, "spBv1.0/g/DBIRTH/n/d", &birth);
        receive(&mut model, "spBv1.0/g/DDATA/n/d", &data);
        let choice = sparkplug_choice(&birth_messages(&model, b"spBv1.0/g/DDATA/n/d").unwrap());
        assert_eq!(choice.format(), Format::Sparkplug);
        let json = choice.decoder().json(&data, &DecodeLimits::default(), &never).unwrap().unwrap();
        assert!(json.contains(r#""metrics":{"t":7}"#), "{json}");
    }

    #[test]
    fn births_are_remembered_without_a_model() {
        let mut births = Births::default();
        let mut json = |topic: &str, payload: &[u8]| {
            let choice = births.choice_for(topic.as_bytes(), payload).unwrap();
            choice.decoder().json(payload, &DecodeLimits::default(), &never).unwrap().unwrap().into_owned()
        };
        json("spBv1.0/g/NBIRTH/n", &[0x12, 9, 0x0A, 1, b't', 0x10, 9, 0x20, 3, 0x50, 1]);
        let data = [0x12, 4, 0x10, 9, 0x50, 7];
        assert!(json("spBv1.0/g/DDATA/n/d", &data).contains(r#""metrics":{"t":7}"#));
        assert!(json("spBv1.0/g/DDATA/other/d", &data).contains(r#""alias 9":7"#));
    }

    #[test]
    fn only_the_topics_of_sparkplug_are_read_as_sparkplug() {
        let mut model = Model::new(Limits::default());
        for topic in ["a/b", "spBv1.0/STATE/host", "spBv1.0/g/OTHER/n", "xspBv1.0/g/NDATA/n"] {
            receive(&mut model, topic, b"1");
            assert!(birth_messages(&model, topic.as_bytes()).is_none(), "{topic}");
            assert_eq!(choice_of_topic(topic.as_bytes()), None, "{topic}");
        }
    }
}
