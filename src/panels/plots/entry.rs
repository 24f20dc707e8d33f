//! One series of the plot: its look, and the points last drawn.

use std::borrow::Cow;
use std::sync::Arc;

use eframe::egui::Color32;

use crate::model::{Model, NodeId, Series, SeriesId, Transform};
use crate::panels::plots::csv::Values;
use crate::panels::plots::curve::{Curve, CurvePart};
use crate::panels::plots::legend::LegendRow;
use crate::panels::plots::marker::Marker;
use crate::panels::plots::picture::moment;
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::Range;
use crate::payload::query::JsonPath;
use crate::payload::visible_line;
use crate::query::StateNames;
use crate::store::plots::{DrawAs, SeriesSpec};
use crate::store::settings::TimeFormat;
use crate::ui::tokens::Tokens;
use crate::words::{Language, format, plots as words};

/// The most marks of odd values in one view.
const ODD_MAX: usize = 200;

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
    /// The names of its states, if it has states.
    pub names: Option<Arc<StateNames>>,
    /// How it is read and drawn, as it is saved.
    pub spec: SeriesSpec,
    /// Marker, and the colour unless a person chose one.
    pub marker: Marker,
    /// Earlier values are not shown: when the series was cleared, in the model's seconds.
    pub since: f64,
    /// Visible times of values that are infinite or not a number.
    pub not_finite: Vec<f64>,
    /// Visible times of values that came late.
    pub late: Vec<f64>,
    /// When its values begin, if there were earlier ones that are not held.
    pub held_from: Option<f64>,
    name: String,
    /// The language that its name is in.
    named_in: Option<Language>,
    curve: Curve,
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

impl PlotEntry {
    /// Creates an entry for a new series.
    pub fn new(node: NodeId, path: Option<JsonPath>, series: SeriesId, marker: Marker) -> Self {
        Self {
            node,
            path,
            series,
            derived: None,
            names: None,
            spec: SeriesSpec::default(),
            marker,
            since: f64::NEG_INFINITY,
            not_finite: Vec::new(),
            late: Vec::new(),
            held_from: None,
            name: String::new(),
            named_in: None,
            curve: Curve::default(),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Looks its name up anew, because what it is called by changed.
    pub fn rename(&mut self) {
        self.named_in = None;
    }

    /// Looks up the series' name in the model, once per language. `less` is the name of what a difference takes away.
    pub fn find_name(&mut self, model: &Model, l: Language, less: Option<&str>) {
        if self.named_in.replace(l) == Some(l) {
            return;
        }
        if !self.spec.name.is_empty() {
            self.name = visible_line(&self.spec.name).into_owned();
            return;
        }
        let topic = model.topic_bytes(self.node);
        let topic = String::from_utf8_lossy(&topic);
        let topic = visible_line(&topic);
        self.name = match &self.path {
            _ if !self.spec.source.formula.is_empty() => {
                format!("{topic} · {}", visible_line(&self.spec.source.formula))
            }
            Some(path) => format!("{topic} · {path}"),
            None => topic.into_owned(),
        };
        if let Some((_, transform)) = self.derived {
            self.name = format!("{} · {}", self.name, transform_name(transform, less, l));
        }
    }

    /// Its colour.
    #[expect(clippy::disallowed_methods, reason = "a person chose it")]
    pub fn color(&self, t: &Tokens) -> Color32 {
        match self.spec.color {
            Some([red, green, blue]) => Color32::from_rgb(red, green, blue),
            None => self.marker.color(t),
        }
    }

    /// Whether its values are states.
    pub fn has_states(&self) -> bool {
        self.names.is_some() && self.derived.is_none()
    }

    /// Whether a value holds until the next one.
    pub fn holds(&self) -> bool {
        self.has_states() || self.spec.look == DrawAs::Step
    }

    /// Takes the points to draw from the model, unless they are unchanged.
    pub fn sample(&mut self, model: &Model, times: Times, columns: usize, losses: &[f64]) {
        let Some(series) = model.series(self.series).filter(|_| !self.spec.hidden) else {
            self.curve = Curve::default();
            return;
        };
        let Times { until, shown: time } = times;
        let scale = if self.has_states() { (1.0, 0.0) } else { (self.spec.scale, self.spec.offset) };
        let shown = CurvePart { time, since: self.since, until, columns, scale };
        self.curve.update(series, shown, losses);
        let visible = || time.from.max(self.since)..=time.to.min(until);
        self.not_finite.clear();
        self.not_finite.extend(series.not_finite_at(visible()).take(ODD_MAX));
        self.held_from = series.held_from().filter(|from| *from >= self.since);
        self.late.clear();
        self.late.extend(series.late_at(visible()).take(ODD_MAX));
    }

    /// What was drawn last.
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// A value as it is written: with its unit, or the name of the state.
    pub fn text(&self, value: f64, digits_max: usize) -> String {
        if let Some(names) = self.names.as_ref().filter(|_| self.derived.is_none()) {
            let name = names.name(value).unwrap_or_default();
            return self.spec.labels.get(&name).cloned().unwrap_or(name);
        }
        let value = value_axis::rounded(value, digits_max);
        if self.spec.unit.is_empty() { value } else { format!("{value} {}", self.spec.unit) }
    }

    /// Description for a screen reader: name, newest value, lowest and highest visible value.
    pub fn told(&self) -> Option<(&str, [String; 3])> {
        let (newest, range) = (self.curve.newest()?, self.curve.values()?);
        Some((&self.name, [newest, range.from, range.to].map(|value| self.text(value, 10))))
    }

    /// Its row in the legend.
    pub fn row(&self, model: &Model, until: f64, t: &Tokens) -> LegendRow<'_> {
        let series = model.series(self.series);
        let at = |seconds: f64| moment(model.origin(), seconds);
        let time = |seconds: f64| format::time(at(seconds), TimeFormat::Seconds);
        let dated = |seconds: f64| format!("{} {}", format::date(at(seconds)), time(seconds));
        let held_from = series.and_then(Series::held_from).filter(|from| *from >= self.since);
        let missing_since = series.and_then(Series::missing_since);
        LegendRow {
            name: &self.name,
            marker: self.marker,
            color: self.color(t),
            hidden: self.spec.hidden,
            series: self.series,
            derived: self.derived.is_some(),
            newest: self.newest(model, until).map(|value| self.text(value, 7)),
            order: self.newest(model, until),
            values: self.curve.values().filter(|_| !self.has_states()),
            states: self.has_states(),
            missing: series.map_or(0, Series::skipped),
            not_finite: series.map_or(0, Series::not_finite),
            late: series.map_or(0, Series::late),
            held_from: held_from.map(dated).unwrap_or_default(),
            missing_since,
            since: missing_since.map(time).unwrap_or_default(),
            filling: self.filling(model),
        }
    }

    /// How much of the history was read, in percent, until all was.
    fn filling(&self, model: &Model) -> Option<u8> {
        let series = model.series(self.series).filter(|series| series.is_filling())?;
        let held = model.node(self.node)?.topic?.kept.max(1);
        Some((series.messages_read().saturating_mul(100) / held).min(99) as u8)
    }

    /// Its visible values, to be written; `None` for a hidden series.
    pub fn exported(&self, model: &Model, times: Times, losses: &[f64]) -> Option<Values> {
        let series = model.series(self.series).filter(|_| !self.spec.hidden)?;
        let range = Range { from: times.shown.from.max(self.since), to: times.shown.to.min(times.until) };
        let states = self.names.as_ref().filter(|_| self.has_states()).map(|names| names.all());
        let label = |name: String| self.spec.labels.get(&name).cloned().unwrap_or(name);
        Some(Values {
            topic: String::from_utf8_lossy(&model.topic_bytes(self.node)).into_owned(),
            path: self.path.as_ref().map(ToString::to_string).unwrap_or_default(),
            name: self.name.clone(),
            points: series.points().clone(),
            range,
            gaps: breaks(series, range, losses),
            scale: (self.spec.scale, self.spec.offset),
            states: states.unwrap_or_default().into_iter().map(label).collect(),
        })
    }

    /// The time of its first value.
    pub fn first(&self, model: &Model) -> Option<f64> {
        let span = model.series(self.series)?.span()?;
        Some(span.start().max(self.since))
    }

    /// The newest value until a time, as it is drawn.
    pub fn newest(&self, model: &Model, until: f64) -> Option<f64> {
        let [seconds, value] = model.series(self.series)?.nearest(until, until)?;
        let value = if self.has_states() { value } else { self.spec.scaled(value) };
        (seconds >= self.since).then_some(value)
    }
}

/// When the line of a series is broken within a range: by messages without a value, and by a lost connection.
pub fn breaks(series: &Series, range: Range, losses: &[f64]) -> Vec<f64> {
    let lost = losses.iter().copied().filter(|lost| range.contains(*lost));
    let mut breaks: Vec<f64> = series.gaps(range.from..=range.to).chain(lost).collect();
    breaks.sort_by(f64::total_cmp);
    breaks
}
