//! From the model's series to what is drawn. Times are the model's seconds.

use crate::model::Series;
use crate::panels::plots::curve::Curve;
use crate::panels::plots::viewport::Range;

/// The visible part of a series, at most a few points per column, broken where a message had no number. Nothing before
/// `since` and nothing after `until` shows.
pub fn curve(series: &Series, time: Range, since: f64, until: f64, columns: usize) -> Curve {
    let mut curve = Curve::default();
    let from = time.from.max(since);
    if from > time.to {
        return curve;
    }
    let mut previous = None;
    for [seconds, value] in series.sample(from..=time.to, columns, until) {
        if seconds < since {
            continue;
        }
        if let Some(gap) = previous.and_then(|previous| series.gap(previous..=seconds)) {
            curve.push(gap, f64::NAN);
        }
        curve.push(seconds, value);
        previous = Some(seconds);
    }
    if let Some(gap) = previous.and_then(|previous| series.gap(previous..=until)) {
        curve.push(gap, f64::NAN);
    }
    curve.measure(Range { from, to: time.to });
    curve
}
