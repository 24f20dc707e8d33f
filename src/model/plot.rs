//! The model's series: adding, filling and reading them.

use crate::message::{MessageRef, Timestamp};
use crate::model::series::{BACKFILL_PORTION, Extractor, FIRST_PORTION, Series, SeriesId, Source};
use crate::model::stored::{Reader, Stored};
use crate::model::topics::TopicData;
use crate::model::tree::NodeId;
use crate::model::{History, MessageId, Model, Topics, Tree};

/// The most messages that are looked at for the one of a time.
const LOOKED_AT_MAX: usize = 1_000_000;

impl Model {
    /// Starts a series of the numbers that `extractor` finds in a node's messages, including those already held. The
    /// newest few are there when this returns; [`Model::fill_series`] adds the rest. `None` if there is no such node.
    pub fn add_series(&mut self, node: NodeId, extractor: Box<dyn Extractor>) -> Option<SeriesId> {
        self.tree.nodes.get(node.0)?;
        let id = SeriesId(u32::try_from(self.series.len()).ok()?);
        self.tree.nodes[node.0].has_readers = true;
        self.series_of.entry(node.0).or_default().push(id);
        let backfill = self.topic_index(node).map(|index| self.topics.all[index].newest);
        let source = Source { node: node.0, extractor, backfill };
        let mut series = Series::new(Some(source), self.limits.series_points);
        fill(&mut series, FIRST_PORTION, &self.tree, &self.topics, &self.history, self.origin());
        self.series.push(Some(series));
        Some(id)
    }

    /// Ends a series and forgets its points.
    pub fn remove_series(&mut self, id: SeriesId) {
        let Some(removed) = self.series.get_mut(id.0 as usize).and_then(Option::take) else { return };
        let Some(node) = removed.node() else { return };
        let Some(of_node) = self.series_of.get_mut(&node) else { return };
        of_node.retain(|other| *other != id);
        if of_node.is_empty() {
            self.series_of.remove(&node);
            if self.tree.nodes.get(node).is_some() {
                self.tree.nodes[node].has_readers = self.witnessed.contains(&node);
            }
        }
    }

    /// A series that was added and not removed.
    pub fn series(&self, id: SeriesId) -> Option<&Series> {
        self.series.get(id.0 as usize)?.as_ref()
    }

    /// The time zero of all series: the arrival of the first message.
    pub fn origin(&self) -> Timestamp {
        self.origin.unwrap_or_default()
    }

    /// A time in seconds since [`Model::origin`].
    pub fn seconds(&self, time: Timestamp) -> f64 {
        time.seconds_since(self.origin())
    }

    pub(super) fn feed_series(&mut self, node: u32, message: &MessageRef) {
        let (seconds, origin) = (self.seconds(message.arrived), self.origin());
        for id in self.series_of.get(&node).into_iter().flatten() {
            if let Some(Some(series)) = self.series.get_mut(id.0 as usize) {
                series.begin(message.arrived);
                series.feed(seconds, message.payload.bytes(), origin);
            }
        }
    }

    /// The newest held message of a topic that had arrived at a time; `None` if none had, or if a great many came since.
    pub fn message_at(&self, node: NodeId, at: Timestamp) -> Option<MessageId> {
        // Seconds of a series are exact to a microsecond.
        let had_arrived = |stored: &Stored<'_>| stored.arrived().0 <= at.0.saturating_add(1);
        self.history(node).take(LOOKED_AT_MAX).find(had_arrived).map(|stored| stored.id())
    }

    /// Reads another portion of the history that series were not filled with yet; returns whether more remains. A job
    /// calls this again and again, and unlocks the model in between.
    pub fn fill_series(&mut self) -> bool {
        let origin = self.origin();
        let mut filling = self.series.iter_mut().flatten().filter(|series| series.is_filling());
        if let Some(series) = filling.next() {
            fill(series, BACKFILL_PORTION, &self.tree, &self.topics, &self.history, origin);
        }
        self.series.iter().flatten().any(Series::is_filling)
    }

    /// The topics that came after the first `known`, in order of their first message, and forgotten ones among them. A
    /// caller that remembers how many it has seen hears of every new topic once.
    pub fn topics_after(&self, known: u32) -> impl Iterator<Item = NodeId> {
        (known..self.topics.all.len()).filter_map(|index| Some(NodeId(self.topics.all.get(index)?.node)))
    }
}

fn fill(
    series: &mut Series,
    most: usize,
    tree: &Tree,
    topics: &Topics,
    history: &History,
    origin: Timestamp,
) {
    let Some(node) = series.node().filter(|_| series.is_filling()) else { return };
    let topic = tree.nodes[node].topic;
    series.fill(most, topic, Reader { topics, history }, origin);
    let was_evicted = |topic: &TopicData| topic.count > u64::from(topic.kept);
    if !series.is_filling() && topics.all.get(topic).is_some_and(was_evicted) {
        series.note_missing_earlier();
    }
}
