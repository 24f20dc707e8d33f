//! The marks of the time axis: their positions and labels, in local time.

use jiff::tz::TimeZone;

const MILLISECOND: i64 = 1_000;
const SECOND: i64 = 1_000 * MILLISECOND;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Distances between marks that are easy to count in, in microseconds.
const STEPS: [i64; 35] = [
    MILLISECOND,
    2 * MILLISECOND,
    5 * MILLISECOND,
    10 * MILLISECOND,
    20 * MILLISECOND,
    50 * MILLISECOND,
    100 * MILLISECOND,
    200 * MILLISECOND,
    500 * MILLISECOND,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    2 * DAY,
    7 * DAY,
    14 * DAY,
    28 * DAY,
    91 * DAY,
    364 * DAY,
    1_820 * DAY,
    3_640 * DAY,
];

/// The distance and positions of the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Steps {
    /// Distance between two marks, in microseconds.
    pub step: i64,
}

impl Steps {
    /// The smallest distance that leaves room for labels if `length` microseconds are `width` points wide.
    pub fn fitting(length: i64, width: f32) -> Self {
        let per_point = length as f64 / f64::from(width.max(1.0));
        let fits = |step: i64| {
            // `12:03:04.123` in small monospace is 87 points wide, `12:03:04` 58.
            let room = if step < SECOND { 104.0 } else { 76.0 };
            step as f64 / per_point >= room
        };
        let step = STEPS.into_iter().find(|&step| fits(step)).unwrap_or(STEPS[STEPS.len() - 1]);
        Self { step }
    }

    /// The marks from `from` to `to`, in microseconds since the epoch, on round local times.
    pub fn marks(self, from: i64, to: i64, zone: &TimeZone) -> Vec<i64> {
        let local = from.saturating_add(offset_us(from, zone));
        let mut next = local.div_euclid(self.step).saturating_mul(self.step);
        let mut marks = Vec::new();
        // Bounds the loop: there is never room for more marks than this.
        for _ in 0..4_096 {
            let mark = next.saturating_sub(offset_us(next.saturating_sub(offset_us(from, zone)), zone));
            if mark > to {
                break;
            }
            // A local time occurs twice when clocks are set back; the marks stay in order.
            if mark >= from && marks.last().is_none_or(|last| mark > *last) {
                marks.push(mark);
            }
            next = next.saturating_add(self.step);
        }
        marks
    }

    /// The label of the mark at `at`: a time of day, or the date at midnight.
    pub fn label(self, at: i64, zone: &TimeZone) -> String {
        let Ok(at) = jiff::Timestamp::from_microsecond(at) else {
            return String::new();
        };
        let at = at.to_zoned(zone.clone());
        let format = if self.step >= DAY {
            "%Y-%m-%d"
        } else if self.step < SECOND {
            "%H:%M:%S%.3f"
        } else if self.step >= MINUTE && at.time() == jiff::civil::Time::midnight() {
            "%m-%d"
        } else {
            "%H:%M:%S"
        };
        at.strftime(format).to_string()
    }
}

fn offset_us(at: i64, zone: &TimeZone) -> i64 {
    jiff::Timestamp::from_microsecond(at).map_or(0, |at| i64::from(zone.to_offset(at).seconds()) * SECOND)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn labels(from: i64, length: i64, width: f32, zone: &TimeZone) -> Vec<String> {
        let steps = Steps::fitting(length, width);
        steps.marks(from, from + length, zone).into_iter().map(|at| steps.label(at, zone)).collect()
    }

    fn at(hour: i8, minute: i8, second: i8, zone: &TimeZone) -> i64 {
        let civil = date(2026, 11, 22).at(hour, minute, second, 0);
        civil.to_zoned(zone.clone()).unwrap().timestamp().as_microsecond()
    }

    #[test]
    fn a_minute_is_marked_in_round_seconds() {
        let zone = TimeZone::UTC;
        let from = at(12, 3, 4, &zone);
        assert_eq!(
            labels(from, MINUTE, 600.0, &zone),
            ["12:03:10", "12:03:20", "12:03:30", "12:03:40", "12:03:50", "12:04:00"]
        );
    }

    #[test]
    fn below_a_second_milliseconds_show() {
        let zone = TimeZone::UTC;
        let labels = labels(at(12, 3, 4, &zone), SECOND, 600.0, &zone);
        assert_eq!(
            labels,
            ["12:03:04.000", "12:03:04.200", "12:03:04.400", "12:03:04.600", "12:03:04.800", "12:03:05.000"]
        );
    }

    #[test]
    fn marks_stand_on_local_time_even_where_it_is_off_by_a_quarter_of_an_hour() {
        let zone = TimeZone::get("Asia/Kathmandu").unwrap();
        let labels = labels(at(22, 10, 0, &zone), 3 * HOUR, 800.0, &zone);
        assert_eq!(labels, ["22:30:00", "23:00:00", "23:30:00", "11-23", "00:30:00", "01:00:00"]);
    }

    #[test]
    fn days_begin_at_midnight_on_both_sides_of_a_clock_change() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let from =
            date(2026, 10, 24).at(0, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp().as_microsecond();
        let steps = Steps { step: DAY };
        let labels: Vec<_> = steps
            .marks(from, from + 3 * DAY, &zone)
            .into_iter()
            .map(|at| {
                jiff::Timestamp::from_microsecond(at)
                    .unwrap()
                    .to_zoned(zone.clone())
                    .strftime("%d %H:%M")
                    .to_string()
            })
            .collect();
        assert_eq!(labels, ["24 00:00", "25 00:00", "26 00:00"]);
    }

    #[test]
    fn marks_leave_room_for_their_labels() {
        let zone = TimeZone::UTC;
        for exponent in 0..11 {
            for factor in [1, 3, 7] {
                let length = 20_000 * factor * 10_i64.pow(exponent);
                let marks = Steps::fitting(length, 500.0).marks(
                    1_700_000_000_000_000,
                    1_700_000_000_000_000 + length,
                    &zone,
                );
                assert!(marks.len() <= 7, "{length}: {}", marks.len());
            }
        }
    }
}
