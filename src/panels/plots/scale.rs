//! From values to heights and back, on a linear or a logarithmic axis. Pure.

use eframe::egui::Rangef;

use crate::panels::plots::curve::Curve;
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::Range;

/// A value axis in one frame. Its range is in values, or in their decimal logarithms.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    /// What is visible.
    pub range: Range,
    /// Whether the range is one of logarithms.
    pub logarithmic: bool,
    /// The heights of its ends, the smaller one on top.
    pub heights: Rangef,
}

impl Scale {
    /// The axis that shows all of these curves, or `range` if a person chose that.
    pub fn of<'a>(
        curves: impl Iterator<Item = &'a Curve>,
        range: Option<Range>,
        logarithmic: bool,
        heights: Rangef,
    ) -> Self {
        let of = |curve: &Curve| if logarithmic { curve.positive() } else { curve.values() };
        Self::fitting(curves.filter_map(of).reduce(Range::union), range, logarithmic, heights)
    }

    fn fitting(all: Option<Range>, range: Option<Range>, logarithmic: bool, heights: Rangef) -> Self {
        let fitted = || {
            if logarithmic { fitted_logarithms(all) } else { value_axis::fitted(all, heights.span()) }
        };
        Self { range: range.unwrap_or_else(fitted), logarithmic, heights }
    }

    /// A value in the unit of the range; `None` if a logarithmic axis does not have it.
    pub fn place(&self, value: f64) -> Option<f64> {
        if self.logarithmic { (value > 0.0).then(|| value.log10()) } else { Some(value) }
    }

    /// The height of a value; one that a logarithmic axis does not have is below it.
    pub fn y(&self, value: f64) -> f32 {
        let place = self.place(value).unwrap_or(self.range.from - self.range.length());
        let share = (place - self.range.from) / self.range.length();
        // Far outside, so that a line leaves the frame at the right angle; `f32` has no more.
        let y = f64::from(self.heights.max) - share * f64::from(self.heights.span());
        y.clamp(-1e6, 1e6) as f32
    }

    /// What of the range is at a height.
    pub fn at(&self, y: f32) -> f64 {
        let share = f64::from((self.heights.max - y) / self.heights.span().max(1.0));
        self.range.from + share * self.range.length()
    }

    /// The marks and their labels.
    pub fn marks(&self) -> Vec<(f32, String)> {
        let height = |place: f64| {
            let share = (place - self.range.from) / self.range.length();
            self.heights.max - (share * f64::from(self.heights.span())) as f32
        };
        if !self.logarithmic {
            let step = value_axis::step(self.range.length(), self.heights.span());
            let marks = value_axis::marks(self.range, step);
            return marks
                .into_iter()
                .map(|mark| (height(mark), value_axis::mark_label(mark, step)))
                .collect();
        }
        let decades = (self.range.from.floor() as i32).max(-330)..=(self.range.to.ceil() as i32).min(330);
        let per_decade = f64::from(self.heights.span()) / self.range.length();
        let every = (MARK_DISTANCE / per_decade).ceil().max(1.0) as i32;
        let digits: &[f64] = if per_decade > 4.0 * MARK_DISTANCE { &[1.0, 2.0, 5.0] } else { &[1.0] };
        let mut marks = Vec::new();
        for decade in decades.filter(|decade| decade.rem_euclid(every) == 0) {
            for digit in digits {
                let place = f64::from(decade) + digit.log10();
                if self.range.contains(place) {
                    let value = digit * 10_f64.powi(decade);
                    marks.push((height(place), value_axis::mark_label(value, value)));
                }
            }
        }
        marks
    }
}

/// The smallest distance between two decades, in points.
const MARK_DISTANCE: f64 = 22.0;

fn fitted_logarithms(all: Option<Range>) -> Range {
    let Some(all) = all else { return Range { from: -1.0, to: 1.0 } };
    let (from, to) = (all.from.log10(), all.to.log10());
    let air = ((to - from) * 0.06).max(0.05);
    Range { from: from - air, to: to + air }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(values: &[f64], logarithmic: bool) -> Scale {
        let kept = |value: &&f64| !logarithmic || **value > 0.0;
        let all = values.iter().filter(kept).map(|value| Range::new(*value, *value)).reduce(Range::union);
        Scale::fitting(all, None, logarithmic, Rangef::new(10.0, 210.0))
    }

    #[test]
    fn every_value_has_a_height_and_every_height_a_value() {
        for (values, logarithmic) in [(&[1.0, 50.0][..], false), (&[0.001, 1_000.0], true)] {
            let scale = scale(values, logarithmic);
            for value in values {
                let y = scale.y(*value);
                assert!(scale.heights.contains(y), "{value}: {y}");
                let back = scale.at(y);
                let place = scale.place(*value).unwrap();
                assert!((back - place).abs() < 1e-3 * scale.range.length(), "{value}: {back}");
            }
        }
    }

    #[test]
    fn a_logarithmic_axis_is_marked_at_powers_of_ten() {
        let labels: Vec<_> = scale(&[0.001, 1_000.0], true).marks().into_iter().map(|mark| mark.1).collect();
        assert_eq!(labels, ["0.001", "0.01", "0.1", "1", "10", "100", "1,000"]);
        let labels: Vec<_> = scale(&[1.0, 10.0], true).marks().into_iter().map(|mark| mark.1).collect();
        assert_eq!(labels, ["1", "2", "5", "10"]);
    }

    #[test]
    fn what_a_logarithm_does_not_have_is_below_the_axis() {
        let scale = scale(&[-5.0, 0.0, 10.0, 100.0], true);
        assert!(scale.y(0.0) > scale.heights.max && scale.y(-5.0) > scale.heights.max);
        assert!(scale.range.from > 0.9, "they do not count for what is visible");
    }

    #[test]
    fn extremes_beside_each_other_have_a_picture() {
        for logarithmic in [false, true] {
            for values in [&[1e308, 1e-308][..], &[5.0], &[], &[0.0, 0.0], &[1e300, -1e300]] {
                let scale = scale(values, logarithmic);
                assert!(scale.range.length() > 0.0 && scale.range.length().is_finite(), "{values:?}");
                assert!(values.iter().all(|value| scale.y(*value).is_finite()), "{values:?}");
                assert!(scale.marks().len() < 256, "{values:?}");
            }
        }
    }
}
