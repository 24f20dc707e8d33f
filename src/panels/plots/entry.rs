//! One series of the plot: its look, and the points last drawn.

use std::borrow::Cow;

use crate::model::{Model, NodeId, Series, SeriesId, Transform};
use crate::panels::plots::chart::Drawn;
use crate::panels::plots::curve::Curve;
use crate::panels::plots::legend::LegendRow;
use crate::panels::plots::marker::Marker;
use crate::panels::plots::samples;
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::Range;
use crate::payload::query::JsonPath;
use crate::payload::visible_line;
use crate::words::{Language, plots as words};

/// A series with fewer points is sampled in every frame, so that each new point appears at once.
const FEW_POINTS: usize = 2_000;

/// The times used to draw a frame, in the model's seconds.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The newest time shown; stands still while the view is paused.
    pub until: f64,
    /// The visible time.
    pub shown: Range,
}

/// One series of the plot.
#[derive(Debug)]
pub struct PlotEntry {
    /// Its topic.
    pub node: NodeId,
    /// Where its number is in the payload; `None` if the whole payload is the number.
    pub path: Option<JsonPath>,
    /// The model's series.
    pub series: SeriesId,
    /// What it is computed from and how; `None` for the numbers themselves.
    pub derived: Option<(SeriesId, Transform)>,
    /// Marker and colour.
    pub marker: Marker,
    /// Whether its line is hidden.
    pub hidden: bool,
    /// Earlier values are not shown: when the series was cleared, in the model's seconds.
    pub since: f64,
    name: String,
    /// The language that its name is in.
    named_in: Option<Language>,
    sampled: Option<(Sampled, Curve)>,
}

/// What a sample was taken from. While this stays the same, so do the points, to within a pixel.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sampled {
    /// The end of the visible time, in whole columns.
    end_column: f64,
    length: f64,
    columns: usize,
    since: f64,
    until: f64,
    /// Time of the first point: older points are added while the history is read.
    first: f64,
    points: usize,
    losses: usize,
}

/// What a transform is called.
pub fn transform_name(transform: Transform, less: Option<&str>, l: Language) -> Cow<'static, str> {
    match transform {
        Transform::MovingAverage(seconds) => words::average(seconds, l).into(),
        Transform::Derivative => words::DERIVATIVE.of(l).into(),
        Transform::Integral => words::INTEGRAL.of(l).into(),
        Transform::Interval => words::INTERVAL.of(l).into(),
        Transform::Difference(_) => words::less(less.unwrap_or_default(), l).into(),
    }
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
    /// Creates an entry for a new series.
    pub fn new(node: NodeId, path: Option<JsonPath>, series: SeriesId, marker: Marker) -> Self {
        let (derived, hidden, since) = (None, false, f64::NEG_INFINITY);
        let (name, named_in, sampled) = (String::new(), None, None);
        Self { node, path, series, derived, marker, hidden, since, name, named_in, sampled }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Looks up the series' name in the model, once per language. `less` is the name of what a difference takes away.
    pub fn find_name(&mut self, model: &Model, l: Language, less: Option<&str>) {
        if self.named_in.replace(l) != Some(l) {
            let topic = model.topic_bytes(self.node);
            let topic = String::from_utf8_lossy(&topic);
            let topic = visible_line(&topic);
            self.name = match &self.path {
                Some(path) => format!("{topic} · {path}"),
                None => topic.into_owned(),
            };
            if let Some((_, transform)) = self.derived {
                self.name = format!("{} · {}", self.name, transform_name(transform, less, l));
            }
        }
    }

    /// Takes the points to draw from the model, unless they are unchanged.
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

    /// What to draw, unless the series is hidden.
    pub fn drawn(&self) -> Option<Drawn<'_>> {
        let (_, curve) = self.sampled.as_ref()?;
        Some(Drawn { name: &self.name, marker: self.marker, curve })
    }

    /// Description for a screen reader: name, newest value, lowest and highest visible value.
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
            series: self.series,
            derived: self.derived.is_some(),
            newest: self.newest(model, until),
            values: self.sampled.as_ref().and_then(|(_, curve)| curve.values),
        }
    }

    /// The time of its first value.
    pub fn first(&self, model: &Model) -> Option<f64> {
        let span = model.series(self.series)?.span()?;
        Some(span.start().max(self.since))
    }

    fn newest(&self, model: &Model, until: f64) -> Option<f64> {
        let [seconds, value] = model.series(self.series)?.nearest(until, until)?;
        (seconds >= self.since).then_some(value)
    }
}
