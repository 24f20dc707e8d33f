//! One series of the plot: how it looks, and the points that were drawn of it last.

use crate::model::{Model, NodeId, Series, SeriesId};
use crate::panels::plots::chart::Drawn;
use crate::panels::plots::curve::Curve;
use crate::panels::plots::legend::LegendRow;
use crate::panels::plots::marker::Marker;
use crate::panels::plots::samples;
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::Range;
use crate::payload::query::JsonPath;
use crate::payload::visible_line;

/// A series with fewer points is sampled in every frame: each new point can be seen at once.
const FEW_POINTS: usize = 2_000;

/// The times that a frame is drawn with, in the model's seconds.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// While the view is paused nothing newer shows.
    pub until: f64,
    /// The time that shows.
    pub shown: Range,
}

/// One series of the plot.
#[derive(Debug)]
pub struct PlotEntry {
    /// Its topic.
    pub node: NodeId,
    /// Where its number stands in a payload; `None`: the whole payload is the number.
    pub path: Option<JsonPath>,
    /// The model's series.
    pub series: SeriesId,
    /// Its look.
    pub marker: Marker,
    /// Whether its line does not show.
    pub hidden: bool,
    /// Values before are not shown: when the series was cleared, in the model's seconds.
    pub since: f64,
    name: String,
    sampled: Option<(Sampled, Curve)>,
}

/// What a sample was taken of. While this stays the same, the points stay the same to within a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sampled {
    /// Where the visible time ends, in whole columns.
    end_column: f64,
    length: f64,
    columns: usize,
    since: f64,
    until: f64,
    /// The first point's time: older points come in while the history is read.
    first: f64,
    points: usize,
    losses: usize,
}

impl Sampled {
    fn of(series: &Series, times: Times, since: f64, columns: usize) -> Self {
        let length = times.shown.length();
        Self {
            end_column: (times.shown.to / length * columns as f64).floor(),
            length,
            columns,
            since,
            until: times.until,
            first: series.span().map_or(f64::INFINITY, |span| *span.start()),
            points: series.len().min(FEW_POINTS),
            losses: 0,
        }
    }
}

impl PlotEntry {
    /// A series as it is when it is added.
    pub fn new(node: NodeId, path: Option<JsonPath>, series: SeriesId, marker: Marker) -> Self {
        let (hidden, since) = (false, f64::NEG_INFINITY);
        Self { node, path, series, marker, hidden, since, name: String::new(), sampled: None }
    }

    /// Takes its name from the model, once.
    pub fn find_name(&mut self, model: &Model) {
        if self.name.is_empty() {
            let topic = model.topic_bytes(self.node);
            let topic = String::from_utf8_lossy(&topic);
            let topic = visible_line(&topic);
            self.name = match &self.path {
                Some(path) => format!("{topic} · {path}"),
                None => topic.into_owned(),
            };
        }
    }

    /// Takes the points to draw from the model, if they are not the same as before.
    pub fn sample(&mut self, model: &Model, times: Times, columns: usize, losses: &[f64]) {
        let Some(series) = model.series(self.series).filter(|_| !self.hidden) else {
            self.sampled = None;
            return;
        };
        let wanted = Sampled { losses: losses.len(), ..Sampled::of(series, times, self.since, columns) };
        if self.sampled.as_ref().is_none_or(|(known, _)| *known != wanted) {
            let curve = samples::curve(series, times.shown, self.since, times.until, columns, losses);
            self.sampled = Some((wanted, curve));
        }
    }

    /// What to draw, unless it is hidden.
    pub fn drawn(&self) -> Option<Drawn<'_>> {
        let (_, curve) = self.sampled.as_ref()?;
        Some(Drawn { name: &self.name, marker: self.marker, curve })
    }

    /// What it says to whoever does not see it: name, newest value, lowest and highest of what shows.
    pub fn told(&self) -> Option<(&str, [String; 3])> {
        let (_, curve) = self.sampled.as_ref()?;
        let (newest, range) = (curve.newest()?, curve.values?);
        Some((&self.name, [newest, range.from, range.to].map(|value| value_axis::rounded(value, 10))))
    }

    /// Its row in the legend.
    pub fn row(&self, model: &Model, until: f64) -> LegendRow<'_> {
        LegendRow {
            name: &self.name,
            marker: self.marker,
            hidden: self.hidden,
            newest: self.newest(model, until),
            values: self.sampled.as_ref().and_then(|(_, curve)| curve.values),
        }
    }

    /// When its first value came.
    pub fn first(&self, model: &Model) -> Option<f64> {
        let span = model.series(self.series)?.span()?;
        Some(span.start().max(self.since))
    }

    fn newest(&self, model: &Model, until: f64) -> Option<f64> {
        let [seconds, value] = model.series(self.series)?.nearest(until, until)?;
        (seconds >= self.since).then_some(value)
    }
}
