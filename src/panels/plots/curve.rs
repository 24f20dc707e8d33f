//! The drawn part of a series: the points of the visible time, a few per pixel column, in runs without gaps. Pure.

use std::borrow::Cow;

use egui_plot::PlotPoint;

use crate::panels::plots::viewport::Range;
use crate::words::{Label, plots};

/// How values are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Style {
    /// A straight line from value to value.
    #[default]
    Line,
    /// A value holds until the next one.
    Step,
}

impl Style {
    /// Every choice, with the label of its button.
    pub const CHOICES: [(Self, Label); 2] = [(Self::Line, plots::LINE), (Self::Step, plots::STEP)];
}

/// Points without a gap between them, in order of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointRun {
    /// The points.
    pub points: Vec<PlotPoint>,
    /// The time of the message without a value that ended the run.
    pub ends: Option<f64>,
}

/// The visible part of a series.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Runs in order of time; the outermost points may lie outside the visible time.
    pub runs: Vec<PointRun>,
    /// Lowest and highest visible value.
    pub values: Option<Range>,
}

impl Curve {
    /// Adds a value, or a gap if it is not a number.
    pub fn push(&mut self, x: f64, y: f64) {
        let open = self.runs.last_mut().filter(|run| run.ends.is_none());
        match open {
            Some(run) if y.is_finite() => run.points.push(PlotPoint::new(x, y)),
            Some(run) => run.ends = Some(x),
            None if y.is_finite() => {
                self.runs.push(PointRun { points: vec![PlotPoint::new(x, y)], ends: None });
            }
            None => {}
        }
    }

    fn all(&self) -> impl Iterator<Item = PlotPoint> {
        self.runs.iter().flat_map(|run| run.points.iter().copied())
    }

    /// The last value.
    pub fn newest(&self) -> Option<f64> {
        self.runs.last()?.points.last().map(|point| point.y)
    }

    /// Finds the lowest and highest value in a time range. If there are none inside, the values on either side count,
    /// because their line crosses it.
    pub fn measure(&mut self, time: Range) {
        let range = |point: PlotPoint| Range::new(point.y, point.y);
        let inside = self.all().filter(|point| time.contains(point.x)).map(range).reduce(Range::union);
        self.values = inside.or_else(|| self.all().map(range).reduce(Range::union));
    }

    /// The points to draw: for [`Style::Step`] with the corners between them, extended to `until`.
    pub fn points(&self, style: Style, until: f64) -> Vec<Cow<'_, [PlotPoint]>> {
        if style == Style::Line {
            return self.runs.iter().map(|run| Cow::Borrowed(run.points.as_slice())).collect();
        }
        let stepped = |run: &PointRun| {
            let mut out: Vec<PlotPoint> = Vec::with_capacity(run.points.len() * 2 + 1);
            for point in &run.points {
                if let Some(previous) = out.last() {
                    out.push(PlotPoint::new(point.x, previous.y));
                }
                out.push(*point);
            }
            let until = run.ends.unwrap_or(until);
            if let Some(held) = out.last().filter(|held| held.x < until).copied() {
                out.push(PlotPoint::new(until, held.y));
            }
            Cow::Owned(out)
        };
        self.runs.iter().map(stepped).collect()
    }

    /// The value at a time: the nearest one for lines, the last one for steps, and none inside a gap.
    pub fn at(&self, x: f64, style: Style) -> Option<PlotPoint> {
        let begins = |run: &PointRun| run.points.first().map_or(f64::INFINITY, |first| first.x);
        let index = self.runs.partition_point(|run| begins(run) <= x);
        let run = match (index.checked_sub(1).and_then(|index| self.runs.get(index)), style) {
            (Some(run), _) => run,
            // Before the first point, the first point is the nearest.
            (None, Style::Line) => self.runs.first()?,
            (None, Style::Step) => return None,
        };
        let next = run.points.partition_point(|point| point.x <= x);
        let before = next.checked_sub(1).and_then(|index| run.points.get(index));
        let ended = run.ends.is_some_and(|ends| x >= ends);
        match (before, run.points.get(next), style) {
            (_, None, _) if ended => None,
            (before, _, Style::Step) => before.copied(),
            (Some(before), Some(after), Style::Line) => {
                Some(if x - before.x <= after.x - x { *before } else { *after })
            }
            (before, after, Style::Line) => before.or(after).copied(),
        }
    }

    /// The points that get a marker: all of them if there is room, otherwise one per stretch of time.
    pub fn marked(&self, time: Range, width: f32, place: usize) -> Vec<PlotPoint> {
        const ROOM: f64 = 14.0;
        const STRETCH: f64 = 110.0;
        let inside = || self.all().filter(|point| time.contains(point.x));
        if inside().count() as f64 * ROOM <= f64::from(width) {
            return inside().collect();
        }
        // Counted from time zero rather than from the edge, so that markers move with their points. Each series starts
        // elsewhere, so that overlapping lines can be told apart.
        let stretch = time.length() / f64::from(width.max(1.0)) * STRETCH;
        let cell = |point: &PlotPoint| (point.x / stretch + place as f64 * 0.29).floor() as i64;
        let mut previous = None;
        let first_of_cell =
            |point: &PlotPoint| previous.replace(cell(point)).is_some_and(|before| before != cell(point));
        inside().filter(first_of_cell).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(points: &[(f64, f64)]) -> Curve {
        let mut curve = Curve::default();
        for (x, y) in points {
            curve.push(*x, *y);
        }
        curve
    }

    fn pairs(run: &[PlotPoint]) -> Vec<(f64, f64)> {
        run.iter().map(|point| (point.x, point.y)).collect()
    }

    #[test]
    fn a_missing_value_is_a_gap_and_not_a_line_through_nothing() {
        let curve = curve(&[(0.0, 1.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, f64::INFINITY), (4.0, 5.0)]);
        let runs: Vec<_> = curve.runs.iter().map(|run| pairs(&run.points)).collect();
        assert_eq!(runs, [vec![(0.0, 1.0), (1.0, 2.0)], vec![(4.0, 5.0)]]);
    }

    #[test]
    fn steps_hold_a_value_until_the_next_one_and_the_last_until_now() {
        let curve = curve(&[(0.0, 1.0), (2.0, 3.0)]);
        let stepped = curve.points(Style::Step, 5.0);
        assert_eq!(pairs(&stepped[0]), [(0.0, 1.0), (2.0, 1.0), (2.0, 3.0), (5.0, 3.0)]);
    }

    #[test]
    fn a_step_holds_until_the_message_that_had_no_value() {
        let curve = curve(&[(0.0, 1.0), (1.0, f64::NAN), (2.0, 3.0)]);
        let stepped = curve.points(Style::Step, 5.0);
        assert_eq!(pairs(&stepped[0]), [(0.0, 1.0), (1.0, 1.0)]);
        assert_eq!(pairs(&stepped[1]), [(2.0, 3.0), (5.0, 3.0)]);
    }

    #[test]
    fn the_range_is_that_of_what_shows() {
        let mut curve = curve(&[(0.0, 100.0), (1.0, 2.0), (2.0, -3.0), (3.0, 50.0)]);
        curve.measure(Range::new(0.5, 2.5));
        assert_eq!(curve.values, Some(Range::new(-3.0, 2.0)));
        curve.measure(Range::new(1.2, 1.8));
        assert_eq!(curve.values, Some(Range::new(-3.0, 100.0)), "between two values their line shows");
    }

    #[test]
    fn the_value_under_the_pointer_depends_on_how_values_are_joined() {
        let curve = curve(&[(0.0, 1.0), (10.0, 2.0)]);
        assert_eq!(curve.at(9.0, Style::Line).map(|point| point.y), Some(2.0));
        assert_eq!(curve.at(9.0, Style::Step).map(|point| point.y), Some(1.0));
        assert_eq!(curve.at(-1.0, Style::Step), None);
        assert_eq!(curve.at(-1.0, Style::Line).map(|point| point.y), Some(1.0));
        assert_eq!(curve.at(99.0, Style::Line).map(|point| point.y), Some(2.0));
    }

    #[test]
    fn inside_of_a_gap_there_is_no_value() {
        let curve = curve(&[(0.0, 1.0), (2.0, f64::NAN), (10.0, 5.0), (12.0, f64::NAN)]);
        for style in [Style::Line, Style::Step] {
            let at = |x: f64| curve.at(x, style).map(|point| point.y);
            assert_eq!(
                [at(1.0), at(2.5), at(9.0), at(11.0), at(13.0)],
                [Some(1.0), None, None, Some(5.0), None]
            );
        }
    }

    #[test]
    fn markers_stay_on_their_points_while_time_goes_on() {
        let points: Vec<_> = (0..5_000).map(|index| (f64::from(index) * 0.1, 1.0)).collect();
        let curve = curve(&points);
        let now = curve.marked(Range::new(100.0, 400.0), 600.0, 2);
        let later = curve.marked(Range::new(110.0, 410.0), 600.0, 2);
        assert!(now.len() >= 4 && now.len() <= 7, "{}", now.len());
        let both = now.iter().filter(|point| later.contains(point)).count();
        assert!(both + 1 >= now.len(), "{both} of {}", now.len());
    }
}
