//! The model's series: adding, filling and reading them.

use crate::message::{MessageRef, Timestamp};
use crate::model::series::{BACKFILL_PORTION, Extractor, Series, SeriesId};
use crate::model::stored::Reader;
use crate::model::tree::NodeId;
use crate::model::{History, Model, Topics, Tree};

impl Model {
    /// Starts a series of the numbers that `extractor` finds in a node's messages, including those already held. A
    /// first portion is there when this returns, and [`Model::roll_up`] adds the rest. `None` if there is no such node.
    pub fn add_series(&mut self, node: NodeId, extractor: Box<dyn Extractor>) -> Option<SeriesId> {
        self.tree.nodes.get(node.0)?;
        self.tree.nodes[node.0].has_series = true;
        let newest = self.topic_index(node).map(|index| self.topics.all[index].newest);
        let mut series = Series::new(node.0, extractor, newest);
        fill(&mut series, &self.tree, &self.topics, &self.history, self.origin());
        let id = SeriesId(u32::try_from(self.series.len()).ok()?);
        self.series.push(Some(series));
        Some(id)
    }

    /// Ends a series and forgets its points.
    pub fn remove_series(&mut self, id: SeriesId) {
        let Some(removed) = self.series.get_mut(id.0 as usize).and_then(Option::take) else { return };
        let is_last = !self.series.iter().flatten().any(|series| series.node == removed.node);
        if is_last && self.tree.nodes.get(removed.node).is_some() {
            self.tree.nodes[removed.node].has_series = false;
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
        let seconds = self.seconds(message.arrived);
        for series in self.series.iter_mut().flatten().filter(|series| series.node == node) {
            series.feed(seconds, message.payload.bytes());
        }
    }

    /// Reads another portion of the history of one series.
    pub(super) fn fill_series(&mut self) {
        let origin = self.origin();
        if let Some(series) = self.series.iter_mut().flatten().find(|series| series.is_filling()) {
            fill(series, &self.tree, &self.topics, &self.history, origin);
        }
    }
}

fn fill(series: &mut Series, tree: &Tree, topics: &Topics, history: &History, origin: Timestamp) {
    let topic = tree.nodes[series.node].topic;
    let reader = Reader { topics, history };
    series.fill(BACKFILL_PORTION, topic, reader, |stored| stored.arrived().seconds_since(origin));
}
