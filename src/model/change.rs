//! When a topic got the value that it has: a message that repeats the value is no change.

use crate::model::stored::{Reader, Stored};

/// How many messages back a change is looked for.
const MESSAGES: usize = 64;
/// Payloads are compared by this many bytes at either end.
const COMPARED_BYTES: usize = 4_096;

impl Reader<'_> {
    /// The position of the message that brought a topic's value, or of the oldest one that was looked at and has it.
    pub(super) fn last_change(self, index: u32) -> Option<u64> {
        let mut history = self.history(index).take(MESSAGES);
        let newest = history.next()?;
        let same = history.take_while(|message| has_same_payload(message, &newest));
        Some(same.last().unwrap_or(newest).id().position())
    }
}

/// Whether two messages have the same payload, as far as can be told without reading all of a large one.
fn has_same_payload(a: &Stored<'_>, b: &Stored<'_>) -> bool {
    let ends = |payload: &[u8]| {
        let head = payload.len().min(COMPARED_BYTES);
        (head, payload.len().saturating_sub(COMPARED_BYTES).max(head))
    };
    let (a_bytes, b_bytes) = (a.payload(), b.payload());
    let (head, tail) = ends(a_bytes);
    a.payload_bytes() == b.payload_bytes()
        && ends(b_bytes) == (head, tail)
        && a_bytes.get(..head) == b_bytes.get(..head)
        && a_bytes.get(tail..) == b_bytes.get(tail..)
}

#[cfg(test)]
mod tests {
    use crate::message::Timestamp;
    use crate::model::tests::message;
    use crate::model::{Limits, Model, Order};

    fn rows(model: &Model) -> Vec<Vec<u8>> {
        model.rows(0, 9).map(|row| model.topic_bytes(row.node)).collect()
    }

    #[test]
    fn what_changed_last_comes_first_whatever_was_repeated_since() {
        let mut model = Model::new(Limits::default());
        for (at, (topic, payload)) in
            [("a", "1"), ("b", "1"), ("c", "1"), ("b", "2"), ("a", "1"), ("c", "1")].into_iter().enumerate()
        {
            model.apply(message(topic.as_bytes(), payload.as_bytes(), at as i64)).unwrap();
        }
        model.roll_up(Timestamp(9));
        model.set_order(Order::LastChange);
        assert_eq!(rows(&model), [b"b", b"c", b"a"]);
    }

    #[test]
    fn large_payloads_that_differ_at_their_end_differ() {
        let mut model = Model::new(Limits::default());
        let (mut first, other) = (vec![b'x'; 100_000], vec![b'x'; 100_000]);
        *first.last_mut().unwrap() = b'y';
        for (at, (topic, payload)) in
            [("a", &first), ("b", &other), ("a", &other), ("b", &other)].into_iter().enumerate()
        {
            model.apply(message(topic.as_bytes(), payload, at as i64)).unwrap();
        }
        model.roll_up(Timestamp(9));
        model.set_order(Order::LastChange);
        assert_eq!(rows(&model), [b"a", b"b"]);
    }

    #[test]
    fn bytes_per_second_are_those_of_the_payloads_while_they_are_measured() {
        let mut model = Model::new(Limits::default());
        let second = |model: &mut Model, at: i64| {
            for _ in 0..4 {
                model.apply(message(b"house/many", &[b'x'; 10], at * 1_000_000)).unwrap();
            }
            model.apply(message(b"house/large", &[b'x'; 1_000], at * 1_000_000)).unwrap();
            model.roll_up(Timestamp(at * 1_000_000));
        };
        (0..60).for_each(|at| second(&mut model, at));
        let rate = |model: &Model, topic: &[u8]| model.node(model.find(topic).unwrap()).unwrap().byte_rate;
        assert!(rate(&model, b"house") < 1e-9, "nobody wants to know");
        model.measure_bytes(true);
        (60..120).for_each(|at| second(&mut model, at));
        for (topic, expected) in [(&b"house"[..], 1_040.0), (b"house/many", 40.0), (b"house/large", 1_000.0)]
        {
            let rate = rate(&model, topic);
            assert!((rate - expected).abs() < 0.02 * expected, "{rate} {expected}");
        }
        model.expand_all();
        model.set_order(Order::ByteRate);
        assert_eq!(rows(&model), [&b"house"[..], b"house/large", b"house/many"]);
        model.set_order(Order::Rate);
        assert_eq!(rows(&model), [&b"house"[..], b"house/many", b"house/large"]);
        model.forget(model.find(b"house/large").unwrap());
        assert!((rate(&model, b"house") - 40.0).abs() < 1.0);
    }
}
