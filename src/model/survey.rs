//! A survey of all topics for what stands out: the busiest, the largest, and those that were regular and stopped. Like
//! a search it goes through them in portions, whose size the caller chooses.

use crate::message::Timestamp;
use crate::model::Model;
use crate::model::stored::{Reader, Stored};
use crate::model::topics::TopicData;
use crate::model::tree::NodeId;

/// How many topics of each kind are named.
pub const NAMED_MAX: usize = 8;

/// A topic is regular only if it has at least this many messages.
const MESSAGES_MIN: u64 = 5;
/// A topic is regular only if its messages span at least this time.
const SPAN_MIN_S: f64 = 10.0;
/// A topic is regular only if its median gap is at most this long.
const GAP_MAX_S: f64 = 3_600.0;
/// How many of the last gaps are compared.
const GAPS: usize = 8;
/// A topic is regular only if no gap is longer than this many times the median. It is silent once it has been missing
/// for longer than that.
const GAPS_MISSED: f64 = 3.0;
/// A topic is silent only after it has been missing for this long.
const SILENCE_MIN_S: f64 = 10.0;

/// A topic with many messages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loud {
    /// Its node.
    pub node: NodeId,
    /// Messages per second, averaged over about five seconds.
    pub per_second: f64,
}

/// A topic with a large payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Large {
    /// Its node.
    pub node: NodeId,
    /// Bytes of its newest payload.
    pub bytes: u64,
}

/// A topic that was regular and stopped. It had five or more messages over at least ten seconds; none of its last eight
/// gaps was longer than three times their median, which is at most an hour; and it has been missing for more than three
/// such gaps and at least ten seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Silent {
    /// Its node.
    pub node: NodeId,
    /// When its last message arrived.
    pub last: Timestamp,
    /// The median of its last gaps.
    pub usual_gap_s: f64,
}

/// What a survey has found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    /// The topics with the most messages per second, busiest first.
    pub loudest: Vec<Loud>,
    /// The topics with the largest payloads, largest first.
    pub largest: Vec<Large>,
    /// Topics that stopped, most recent first.
    pub silent: Vec<Silent>,
    /// How many topics stopped, named or not.
    pub silent_total: u64,
    /// How many topics have a newest message that came as a retained one.
    pub retained: u64,
}

/// A survey in progress.
#[derive(Clone, Debug, Default)]
pub struct Survey {
    next: u32,
    findings: Findings,
}

impl Survey {
    /// Looks at the next `most` topics of a model, as it is shown `now`. Returns the findings once all were looked at,
    /// then starts again.
    pub fn step(&mut self, model: &Model, now: Timestamp, most: usize) -> Option<Findings> {
        let reader = model.reader();
        let end = reader.topics.all.len();
        let mut left = most;
        while left > 0 && self.next < end {
            let topic = &reader.topics.all[self.next];
            let cost = self.look(model, reader, self.next, topic, now);
            left = left.saturating_sub(cost);
            self.next += 1;
        }
        (self.next >= end).then(|| std::mem::take(self).findings)
    }

    /// Looks at one topic; returns the cost, counted in topics.
    fn look(
        &mut self,
        model: &Model,
        reader: Reader,
        index: u32,
        topic: &TopicData,
        now: Timestamp,
    ) -> usize {
        let Some(newest) = reader.newest_of(topic) else { return 1 };
        let Findings { loudest, largest, silent, silent_total, retained } = &mut self.findings;
        let node = NodeId(topic.node);
        let per_second = topic.rate.per_second(model.roll_up.shown);
        keep(loudest, Loud { node, per_second }, |loud| loud.per_second);
        let bytes = newest.payload_bytes();
        keep(largest, Large { node, bytes }, |large| large.bytes as f64);
        *retained += u64::from(newest.is_retained());
        if !may_be_silent(topic, &newest, now) {
            return 1;
        }
        if let Some(usual_gap_s) = usual_gap(reader, index, now.seconds_since(newest.arrived())) {
            *silent_total += 1;
            let last = newest.arrived();
            keep(silent, Silent { node, last, usual_gap_s }, |silent| silent.last.0 as f64);
        }
        GAPS
    }
}

/// Keeps the [`NAMED_MAX`] items with the largest keys, largest first; items with a key of 0 are left out.
fn keep<T: Copy>(list: &mut Vec<T>, new: T, key: impl Fn(&T) -> f64) {
    let value = key(&new);
    let is_full = list.len() == NAMED_MAX;
    if value <= 0.0 || (is_full && list.last().is_some_and(|last| key(last) >= value)) {
        return;
    }
    let at = list.partition_point(|other| key(other) >= value);
    list.insert(at, new);
    list.truncate(NAMED_MAX);
}

/// Whether a topic may be silent, as far as can be told without its history.
fn may_be_silent(topic: &TopicData, newest: &Stored<'_>, now: Timestamp) -> bool {
    let silence = now.seconds_since(newest.arrived());
    let span = newest.arrived().seconds_since(topic.first_arrived);
    topic.shown_count >= MESSAGES_MIN && span >= SPAN_MIN_S && silence >= SILENCE_MIN_S
}

/// The median of a topic's last gaps, if they were regular and it has been missing for more than three of them.
fn usual_gap(reader: Reader, index: u32, silence_s: f64) -> Option<f64> {
    let mut gaps = [0.0; GAPS];
    let mut count = 0;
    let mut later: Option<Timestamp> = None;
    for stored in reader.history(index).take(GAPS + 1) {
        if let (Some(later), Some(gap)) = (later, gaps.get_mut(count)) {
            *gap = later.seconds_since(stored.arrived()).max(0.0);
            count += 1;
        }
        later = Some(stored.arrived());
    }
    let gaps = gaps.get_mut(..count)?;
    gaps.sort_by(f64::total_cmp);
    let (median, longest) = (*gaps.get(count / 2)?, *gaps.last()?);
    let is_even = count as u64 + 1 >= MESSAGES_MIN && longest <= GAPS_MISSED * median && median <= GAP_MAX_S;
    (is_even && silence_s > GAPS_MISSED * median).then_some(median)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload};
    use crate::model::Limits;

    const SECOND: i64 = 1_000_000;

    fn take(model: &mut Model, topic: &str, payload: &[u8], retain: bool, at_s: f64) {
        let flags = Flags { retain, ..Flags::default() };
        let arrived = Timestamp((at_s * SECOND as f64) as i64);
        let payload = Payload::Small(payload);
        model
            .apply(MessageRef { topic: topic.as_bytes(), payload, flags, properties: None, arrived })
            .unwrap();
        model.roll_up(arrived);
    }

    fn survey(model: &Model, now_s: f64) -> Findings {
        let mut survey = Survey::default();
        loop {
            if let Some(findings) = survey.step(model, Timestamp((now_s * SECOND as f64) as i64), 3) {
                return findings;
            }
        }
    }

    fn name(model: &Model, node: NodeId) -> String {
        String::from_utf8(model.topic_bytes(node)).unwrap()
    }

    #[test]
    fn the_loudest_and_the_largest_come_first_and_no_more_than_are_named() {
        let mut model = Model::new(Limits::default());
        for index in 0..20_usize {
            for _ in 0..=index {
                take(&mut model, &format!("t/{index}"), &vec![b'x'; 100 - index], false, 1.0);
            }
        }
        let findings = survey(&model, 1.0);
        let loud: Vec<_> = findings.loudest.iter().map(|loud| name(&model, loud.node)).collect();
        assert_eq!(loud, ["t/19", "t/18", "t/17", "t/16", "t/15", "t/14", "t/13", "t/12"]);
        let large: Vec<_> = findings.largest.iter().map(|large| large.bytes).collect();
        assert_eq!(large, [100, 99, 98, 97, 96, 95, 94, 93]);
    }

    #[test]
    fn what_came_regularly_and_stopped_went_silent() {
        let mut model = Model::new(Limits::default());
        for second in 0..20 {
            let at = f64::from(second);
            take(&mut model, "stopped", b"1", false, at);
            take(&mut model, "slow", b"1", false, at * 3.0);
        }
        // Neither a burst at the start nor an irregular topic counts as regular.
        for step in 0..20 {
            take(&mut model, "burst", b"1", false, 0.1 * f64::from(step));
        }
        for at in [0.0, 1.0, 2.0, 3.0, 25.0, 26.0] {
            take(&mut model, "unsteady", b"1", false, at);
        }
        let findings = survey(&model, 60.0);
        assert_eq!(findings.silent_total, 1);
        let [silent] = findings.silent[..] else { panic!("{findings:?}") };
        assert_eq!((name(&model, silent.node).as_str(), silent.last), ("stopped", Timestamp(19 * SECOND)));
        assert!((silent.usual_gap_s - 1.0).abs() < 1e-6);
        assert_eq!(
            survey(&model, 67.0).silent_total,
            2,
            "three gaps of three seconds and ten seconds are over"
        );
        take(&mut model, "stopped", b"1", false, 67.0);
        assert_eq!(survey(&model, 67.5).silent_total, 1, "it came back");
    }

    #[test]
    fn what_came_as_retained_counts_until_it_is_cleared() {
        let mut model = Model::new(Limits::default());
        take(&mut model, "a", b"1", true, 1.0);
        take(&mut model, "b", b"1", false, 1.0);
        take(&mut model, "c", b"1", true, 1.0);
        take(&mut model, "c", b"", true, 2.0);
        assert_eq!(survey(&model, 3.0).retained, 1);
    }

    #[test]
    fn a_portion_is_as_large_as_it_is_told() {
        let mut model = Model::new(Limits::default());
        for index in 0..10 {
            take(&mut model, &format!("t/{index}"), b"1", false, 1.0);
        }
        let mut survey = Survey::default();
        assert!(survey.step(&model, Timestamp(SECOND), 9).is_none());
        assert!(survey.step(&model, Timestamp(SECOND), 1).is_some());
        assert!(survey.step(&model, Timestamp(SECOND), 9).is_none(), "it begins again");
    }
}
