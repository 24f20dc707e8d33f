//! Who sees each message of some topics as it arrives, whatever is shown and however short the history is: what a
//! protocol inside of MQTT has to count.

use crate::message::{MessageRef, Payload};
use crate::model::{Model, NodeId};

/// Sees messages in the order in which they arrive. The model knows no protocol, so its caller implements this.
///
/// Called with the model locked: what it does with a message is bounded.
pub trait Witness: Send {
    /// Whether it sees the messages of a topic. Asked once for each.
    fn wants(&self, topic: &[u8]) -> bool;

    /// Sees a message.
    fn see(&mut self, message: &MessageRef<'_>);
}

impl Model {
    /// Shows a witness what is held of its topics, in order, and from now on every message.
    pub fn set_witness(&mut self, mut witness: Box<dyn Witness>) {
        self.witnessed.clear();
        let topics: Vec<NodeId> = self.topics_after(0).collect();
        for node in topics {
            let topic = self.topic_bytes(node);
            if witness.wants(&topic) {
                self.witnessed.insert(node.0);
                self.tree.nodes[node.0].has_readers = true;
            }
        }
        let held = self
            .reader()
            .log_before(self.history.log().head())
            .filter(|held| self.witnessed.contains(&held.id().node().0));
        let mut held: Vec<_> = held.collect();
        held.reverse();
        for held in held {
            let topic = self.topic_bytes(held.id().node());
            let (flags, properties, arrived) = (held.flags(), held.properties(), held.arrived());
            let payload = Payload::Small(held.payload());
            witness.see(&MessageRef { topic: &topic, payload, flags, properties, arrived });
        }
        self.witness = Some(witness);
    }

    pub(super) fn note_witnessed(&mut self, node: u32, topic: &[u8]) {
        if self.witness.as_ref().is_some_and(|witness| witness.wants(topic)) {
            self.witnessed.insert(node);
            self.tree.nodes[node].has_readers = true;
        }
    }

    pub(super) fn show_witness(&mut self, node: u32, message: &MessageRef<'_>) {
        if let Some(witness) = &mut self.witness
            && self.witnessed.contains(&node)
        {
            witness.see(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use parking_lot::Mutex;

    use super::*;
    use crate::message::{Flags, Timestamp};
    use crate::model::Limits;

    #[derive(Default)]
    struct Noting(Arc<Mutex<Vec<String>>>);

    impl Witness for Noting {
        fn wants(&self, topic: &[u8]) -> bool {
            topic.starts_with(b"a/")
        }

        fn see(&mut self, message: &MessageRef<'_>) {
            self.0.lock().push(String::from_utf8_lossy(message.payload.bytes()).into_owned());
        }
    }

    fn receive(model: &mut Model, topic: &str, payload: &str) {
        let payload = Payload::Small(payload.as_bytes());
        let (flags, arrived) = (Flags::default(), Timestamp(0));
        model
            .apply(MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived })
            .unwrap();
    }

    #[test]
    fn a_witness_sees_what_is_held_and_what_comes_of_its_topics_in_order() {
        let mut model = Model::new(Limits::default());
        receive(&mut model, "a/x", "1");
        receive(&mut model, "b", "2");
        receive(&mut model, "a/y", "3");
        model.roll_up(Timestamp(0));
        let seen = Arc::default();
        model.set_witness(Box::new(Noting(Arc::clone(&seen))));
        receive(&mut model, "a/x", "4");
        receive(&mut model, "a/new", "5");
        receive(&mut model, "c", "6");
        assert_eq!(*seen.lock(), ["1", "3", "4", "5"]);
    }
}
