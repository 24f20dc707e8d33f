//! Series as a profile keeps them, and back: those whose topics have not come wait.

use crate::command::{Actions, PlotAction, PlotId, Plottable};
use crate::model::{Model, SeriesId, Transform};
use crate::panels::plots::entry::PlotEntry;
use crate::panels::plots::joins::{Joins, parsed};
use crate::panels::plots::marker::Marker;
use crate::store::plots::{Derived, SeriesSpec, ValueSource};

/// Series of a plot that are kept and whose topics, or whose source, did not come yet.
#[derive(Debug, Default)]
pub struct Waiting(Vec<Wanted>);

#[derive(Debug)]
struct Wanted {
    spec: SeriesSpec,
    /// Whether it was asked for.
    asked: bool,
}

impl Waiting {
    /// Lets these series wait.
    pub fn of(series: &[SeriesSpec]) -> Self {
        Self(series.iter().map(|spec| Wanted { spec: spec.clone(), asked: false }).collect())
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The series that wait.
    pub fn specs(&self) -> impl Iterator<Item = &SeriesSpec> {
        self.0.iter().map(|wanted| &wanted.spec)
    }

    /// Waits no longer.
    pub fn forget(&mut self) {
        self.0.clear();
    }

    /// Asks for the series whose topics are there, and gives those that came their looks.
    pub fn look(&mut self, plot: PlotId, entries: &mut [PlotEntry], model: &Model, actions: &mut Actions) {
        if self.0.is_empty() {
            return;
        }
        self.0.retain(|wanted| {
            let Some(index) = find(entries, model, &wanted.spec.source, &wanted.spec.derived) else {
                return true;
            };
            apply(&mut entries[index], &wanted.spec);
            false
        });
        let mut numbers = Vec::new();
        for wanted in self.0.iter_mut().filter(|wanted| !wanted.asked) {
            let source = &wanted.spec.source;
            if wanted.spec.derived == Derived::No {
                numbers.extend(number(model, source).inspect(|_| wanted.asked = true));
            } else if let Some((of, transform)) = transform(entries, model, source, &wanted.spec.derived) {
                wanted.asked = true;
                actions.push(PlotAction::Derive { of, transform });
            }
        }
        if !numbers.is_empty() {
            actions.push(PlotAction::AddTo { plot, numbers });
        }
    }
}

/// The number that a source stands for, once there is such a topic.
fn number(model: &Model, source: &ValueSource) -> Option<Plottable> {
    let node = model.find(source.topic.as_bytes())?;
    model.node(node)?.topic?;
    Some(Plottable { node, path: parsed(&source.path)? })
}

fn find(entries: &[PlotEntry], model: &Model, source: &ValueSource, derived: &Derived) -> Option<usize> {
    let number = number(model, source)?;
    let transform = match derived {
        Derived::No => None,
        _ => Some(transform(entries, model, source, derived)?),
    };
    entries.iter().position(|entry| {
        entry.node == number.node && entry.path == number.path && entry.derived == transform
    })
}

/// The series that a kept one is computed from, and how.
fn transform(
    entries: &[PlotEntry],
    model: &Model,
    source: &ValueSource,
    derived: &Derived,
) -> Option<(SeriesId, Transform)> {
    let series = |source: &ValueSource| Some(entries[find(entries, model, source, &Derived::No)?].series);
    let transform = match derived {
        Derived::No => return None,
        Derived::Average(seconds) => Transform::MovingAverage(*seconds),
        Derived::Derivative => Transform::Derivative,
        Derived::Integral => Transform::Integral,
        Derived::Interval => Transform::Interval,
        Derived::Less(other) => Transform::Difference(series(other)?),
    };
    Some((series(source)?, transform))
}

fn apply(entry: &mut PlotEntry, spec: &SeriesSpec) {
    entry.hidden = spec.hidden;
    if let Some(place) = spec.mark {
        entry.marker = Marker { place: place.into() };
    }
}

/// The series of a plot as a profile keeps them. Those that joined by a filter do so again.
pub fn kept(entries: &[PlotEntry], joins: &Joins, waiting: &Waiting, model: &Model) -> Vec<SeriesSpec> {
    let is_joined = |entry: &PlotEntry| {
        entry.derived.is_none() && joins.have(&Plottable { node: entry.node, path: entry.path.clone() })
    };
    let kept = entries.iter().filter(|entry| !is_joined(entry)).filter_map(|entry| {
        let derived = match entry.derived {
            None => Derived::No,
            Some((_, Transform::MovingAverage(seconds))) => Derived::Average(seconds),
            Some((_, Transform::Derivative)) => Derived::Derivative,
            Some((_, Transform::Integral)) => Derived::Integral,
            Some((_, Transform::Interval)) => Derived::Interval,
            Some((_, Transform::Difference(less))) => {
                Derived::Less(source(entries.iter().find(|entry| entry.series == less)?, model)?)
            }
        };
        let (mark, hidden) = (u16::try_from(entry.marker.place).ok(), entry.hidden);
        Some(SeriesSpec { derived, mark, hidden, ..SeriesSpec::of(source(entry, model)?) })
    });
    kept.chain(waiting.specs().cloned()).collect()
}

fn source(entry: &PlotEntry, model: &Model) -> Option<ValueSource> {
    let topic = String::from_utf8(model.topic_bytes(entry.node)).ok()?;
    let path = entry.path.as_ref().map(ToString::to_string).unwrap_or_default();
    Some(ValueSource { topic, path, states: false })
}
