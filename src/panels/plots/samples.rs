//! Converts the model's series to what is drawn. Times are the model's seconds.

use crate::model::Series;
use crate::panels::plots::curve::Curve;
use crate::panels::plots::viewport::Range;

/// The visible part of a series: at most a few points per column, broken where a message had no number and where the
/// connection was lost. Leaves out everything before `since` and after `until`. `losses` are in order of time.
pub fn curve(series: &Series, time: Range, since: f64, until: f64, columns: usize, losses: &[f64]) -> Curve {
    let mut curve = Curve::default();
    let from = time.from.max(since);
    if from > time.to {
        return curve;
    }
    let mut previous = None;
    let gap_between = |from: f64, to: f64| {
        let lost = losses.get(losses.partition_point(|lost| *lost < from)).copied();
        let gaps = [series.gap(from..=to), lost.filter(|lost| *lost <= to)];
        gaps.into_iter().flatten().min_by(f64::total_cmp)
    };
    for [seconds, value] in series.sample(from..=time.to, columns, until) {
        if seconds < since {
            continue;
        }
        if let Some(gap) = previous.and_then(|previous| gap_between(previous, seconds)) {
            curve.push(gap, f64::NAN);
        }
        curve.push(seconds, value);
        previous = Some(seconds);
    }
    if let Some(gap) = previous.and_then(|previous| gap_between(previous, until)) {
        curve.push(gap, f64::NAN);
    }
    curve.measure(Range { from, to: time.to });
    curve
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::{Limits, Model};
    use crate::query::NumberAt;

    /// Draws one message a second, with the connection lost at these times.
    fn runs(losses: &[f64]) -> Vec<Vec<f64>> {
        let mut model = Model::new(Limits::default());
        let mut node = None;
        for second in 0..5 {
            let arrived = Timestamp(1_795_348_800_000_000 + second * 1_000_000);
            let payload = Payload::Small(b"21.5");
            let message =
                MessageRef { topic: b"t", payload, flags: Flags::default(), properties: None, arrived };
            node = model.apply(message).ok();
            model.roll_up(arrived);
        }
        let series = node.and_then(|node| model.add_series(node, Box::new(NumberAt::default())));
        let series = series.and_then(|series| model.series(series));
        let range = Range::new(-10.0, 10.0);
        let curve = series.map(|series| curve(series, range, f64::NEG_INFINITY, 10.0, 600, losses));
        let first = |run: &[f64]| run.first().copied();
        let runs = curve.unwrap_or_default().runs;
        let times: Vec<Vec<f64>> =
            runs.iter().map(|run| run.points.iter().map(|point| point.x).collect()).collect();
        let origin = times.first().and_then(|run| first(run)).unwrap_or_default();
        times.into_iter().map(|run| run.into_iter().map(|x| (x - origin).round()).collect()).collect()
    }

    #[test]
    fn the_line_is_whole_while_the_connection_stands() {
        assert_eq!(runs(&[]), [[0.0, 1.0, 2.0, 3.0, 4.0]]);
    }

    #[test]
    fn the_line_breaks_where_the_connection_was_lost() {
        let lost = 2.5;
        assert_eq!(runs(&[lost]), [vec![0.0, 1.0, 2.0], vec![3.0, 4.0]]);
        assert_eq!(runs(&[0.5, lost, 2.6]), [vec![0.0], vec![1.0, 2.0], vec![3.0, 4.0]]);
    }
}
