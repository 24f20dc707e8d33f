//! The range, marks and labels of the value axis.

use crate::panels::plots::viewport::Range;
use crate::words::format;

/// How far from zero values may be on an axis, and how far if some are above and some below: differences of larger ones
/// overflow `f64`. Lines to values beyond leave the frame.
const VALUE_MAX: f64 = 1.2e308;
const VALUE_MAX_AROUND_ZERO: f64 = 2e307;
/// The smallest distance between two marks, in points.
const MARK_DISTANCE: f64 = 28.0;

/// The range to show for values from `lowest` to `highest` on `height` points. It has some margin and ends on half
/// marks, so that small changes of a value do not move the axis.
pub fn fitted(values: Option<Range>, height: f32) -> Range {
    let Some(values) = values else {
        return Range { from: 0.0, to: 1.0 };
    };
    let most = if values.from < 0.0 && values.to > 0.0 { VALUE_MAX_AROUND_ZERO } else { VALUE_MAX };
    let (from, to) = (values.from.clamp(-most, most), values.to.clamp(-most, most));
    let length = to - from;
    let size = from.abs().max(to.abs());
    // All values are equal, or differ only in their last digits.
    if length <= size * 1e-9 {
        let air = if size == 0.0 { 1.0 } else { size * 0.05 };
        return Range { from: from - air, to: to + air };
    }
    let air = length * 0.06;
    let grid = step(length + 2.0 * air, height) / 2.0;
    Range { from: ((from - air) / grid).floor() * grid, to: ((to + air) / grid).ceil() * grid }
}

/// The distance between marks for a range of `length` on `height` points: 1, 2 or 5 times a power of ten.
pub fn step(length: f64, height: f32) -> f64 {
    let raw = (length / f64::from(height.max(1.0)) * MARK_DISTANCE).clamp(f64::MIN_POSITIVE, 1e307);
    let power = 10_f64.powf(raw.log10().floor());
    let digit = raw / power;
    let round = if digit <= 1.0 + 1e-9 {
        1.0
    } else if digit <= 2.0 {
        2.0
    } else if digit <= 5.0 {
        5.0
    } else {
        10.0
    };
    round * power
}

/// The marks of a range.
pub fn marks(range: Range, step: f64) -> Vec<f64> {
    let first = (range.from / step).ceil();
    (0..256)
        .map(|index| (first + f64::from(index)) * step)
        .take_while(|mark| *mark <= range.to + step * 1e-9)
        // `-0` looks like an error.
        .map(|mark| if mark.abs() < step * 1e-9 { 0.0 } else { mark })
        .collect()
}

/// A mark's label, with as many decimals as the distance between marks needs.
pub fn mark_label(value: f64, step: f64) -> String {
    let size = value.abs();
    if size >= 1e7 || (step < 1e-5 && size > 0.0) {
        let digits = (size.max(step) / step).log10().ceil().clamp(0.0, 12.0) as usize;
        return format!("{value:.digits$e}");
    }
    let decimals = (-step.log10().floor()).max(0.0) as usize;
    let text = format!("{size:.decimals$}");
    let (whole, fraction) =
        text.split_once('.').map_or((text.as_str(), None), |(whole, rest)| (whole, Some(rest)));
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), format::count);
    let sign = if value < 0.0 { "-" } else { "" };
    fraction.map_or_else(|| format!("{sign}{whole}"), |fraction| format!("{sign}{whole}.{fraction}"))
}

/// A value with about `digits_max` significant digits. If it has more, the text begins with `≈`; [`exact`] has all of
/// them.
pub fn rounded(value: f64, digits_max: usize) -> String {
    let whole = exact(value);
    if whole.chars().filter(char::is_ascii_digit).count() <= digits_max + 1 {
        return whole;
    }
    let size = value.abs();
    if (1e-4..1e9).contains(&size) {
        let digits_before = size.log10().floor().max(0.0) as usize + 1;
        format!("≈{value:.*}", digits_max.saturating_sub(digits_before))
    } else {
        format!("≈{value:.*e}", digits_max.saturating_sub(2))
    }
}

/// A range with few digits; one `≈` covers both ends.
pub fn rounded_range(range: Range, digits_max: usize) -> String {
    let (from, to) = (rounded(range.from, digits_max), rounded(range.to, digits_max));
    let bare = |text: &str| text.trim_start_matches('≈').to_owned();
    let sign = if from.starts_with('≈') || to.starts_with('≈') { "≈" } else { "" };
    format!("{sign}{} – {}", bare(&from), bare(&to))
}

/// A value with all of its digits.
pub fn exact(value: f64) -> String {
    if value.is_nan() {
        "NaN".to_owned()
    } else if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_fit_with_some_air() {
        let fitted = fitted(Some(Range::new(20.3, 24.9)), 160.0);
        assert!(fitted.from < 20.3 && fitted.to > 24.9, "{fitted:?}");
        assert!(fitted.length() < 8.0, "{fitted:?}");
    }

    #[test]
    fn a_small_change_does_not_move_the_axis() {
        assert_eq!(
            fitted(Some(Range::new(20.3, 24.90)), 160.0),
            fitted(Some(Range::new(20.3, 24.91)), 160.0)
        );
    }

    #[test]
    fn one_value_has_room_around_it() {
        for value in [0.0, 42.0, -1e-7, 1e300, -3e250, 1e308] {
            let fitted = fitted(Some(Range::new(value, value)), 160.0);
            assert!(fitted.length() > 0.0 && fitted.length().is_finite(), "{value}: {fitted:?}");
            assert!(fitted.contains(value), "{value}: {fitted:?}");
        }
    }

    #[test]
    fn the_largest_numbers_stay_numbers() {
        let fitted = fitted(Some(Range::new(f64::MIN, f64::MAX)), 160.0);
        assert!(fitted.from.is_finite() && fitted.to.is_finite() && fitted.length().is_finite());
    }

    #[test]
    fn marks_are_round_and_few() {
        let range = Range::new(-0.7, 2.3);
        let step = step(range.length(), 160.0);
        let labels: Vec<_> = marks(range, step).into_iter().map(|mark| mark_label(mark, step)).collect();
        assert_eq!(labels, ["0", "1", "2"]);
        assert_eq!(mark_label(-12_500.0, 500.0), "-12,500");
        assert_eq!(mark_label(0.25, 0.05), "0.25");
        assert_eq!(mark_label(2.5e9, 5e8), "2.5e9");
        assert!(marks(Range::new(f64::MIN, f64::MAX), 1e307).len() <= 256);
    }

    #[test]
    fn what_is_rounded_says_so() {
        for (value, text) in [
            (42.5, "42.5"),
            (-0.001, "-0.001"),
            (1_013.25, "1013.25"),
            (21.123_456_789_012, "≈21.1235"),
            (123_456_789.25, "≈123456789"),
            (9_007_199_254_740_993.0, "≈9.0072e15"),
            (1e-9, "1e-9"),
            (f64::NAN, "NaN"),
        ] {
            assert_eq!(rounded(value, 6), text);
        }
        assert_eq!(exact(21.123_456_789_012), "21.123456789012");
    }
}
