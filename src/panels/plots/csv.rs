//! Values as comma-separated text (RFC 4180): one value a line, so that series with different times fit, or one column
//! a series, aligned on one axis of time.

use std::fmt::Write as _;

use crate::message::Timestamp;
use crate::model::{Point, Points};
use crate::panels::csv::text_cell;
use crate::panels::plots::picture::moment;
use crate::panels::plots::viewport::Range;

/// The most that is put on the clipboard, in bytes.
pub const CLIPBOARD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// The most that is saved, in bytes.
pub const FILE_BYTES_MAX: usize = 1024 * 1024 * 1024;
/// After so many lines the progress is told.
const LINES_TOLD: u64 = 8_192;

/// The values of one series, with its topic and path.
#[derive(Clone, Debug, Default)]
pub struct Values {
    /// Topic.
    pub topic: String,
    /// Path inside the payload, or empty.
    pub path: String,
    /// What the series is called.
    pub name: String,
    /// Its points.
    pub points: Points,
    /// The visible time, in seconds from the origin.
    pub range: Range,
    /// When the line is broken in that time.
    pub gaps: Vec<f64>,
    /// What values are multiplied by, and what is added to them after that.
    pub scale: (f64, f64),
    /// The names of states, by their number; empty for numbers.
    pub states: Vec<String>,
}

impl Values {
    fn points(&self) -> impl Iterator<Item = Point> {
        self.points.range(self.range.from..=self.range.to)
    }

    fn write(&self, raw: f64, out: &mut String) {
        if self.states.is_empty() {
            write!(out, "{}", raw * self.scale.0 + self.scale.1).ok();
        } else {
            let name = self.states.get(raw.max(0.0) as usize).map_or("", String::as_str);
            out.push_str(&text_cell(name));
        }
    }
}

/// How values become text.
pub struct TableWriting<'a> {
    /// Time zero.
    pub origin: Timestamp,
    /// A longer text is given up.
    pub bytes_max: usize,
    /// Hears the seconds up to which values were written; `false` gives up.
    pub told: &'a dyn Fn(f64) -> bool,
}

impl TableWriting<'_> {
    fn time(&self, seconds: f64, out: &mut String) {
        let at = jiff::Timestamp::from_microsecond(moment(self.origin, seconds).0).unwrap_or_default();
        write!(out, "{at:.6}").ok();
    }

    fn goes_on(&self, line: u64, seconds: f64, out: &str) -> bool {
        out.len() <= self.bytes_max && (!line.is_multiple_of(LINES_TOLD) || (self.told)(seconds))
    }

    /// One value a line, with times in UTC to the microsecond and values with every digit. `None` if that was given up.
    pub fn raw(&self, series: &[Values]) -> Option<String> {
        let mut out = "time,topic,path,value\r\n".to_owned();
        let mut line = 0;
        for values in series {
            let name = format!(",{},{},", text_cell(&values.topic), text_cell(&values.path));
            for [seconds, value] in values.points() {
                self.time(seconds, &mut out);
                out.push_str(&name);
                values.write(value, &mut out);
                out.push_str("\r\n");
                line += 1;
                if !self.goes_on(line, seconds, &out) {
                    return None;
                }
            }
        }
        Some(out)
    }

    /// One line for each time at which any series has a value, with one column for each series. A series that has no
    /// value then has the one before it, unless its line was broken since. `None` if that was given up.
    pub fn aligned(&self, series: &[Values]) -> Option<String> {
        let mut out = "time".to_owned();
        for values in series {
            out.push(',');
            out.push_str(&text_cell(&values.name));
        }
        out.push_str("\r\n");
        let mut columns: Vec<_> = series
            .iter()
            .map(|values| {
                let gaps = values.gaps.iter().copied().peekable();
                (values, values.points().peekable(), gaps, None::<f64>)
            })
            .collect();
        let mut line = 0;
        loop {
            let next = columns.iter_mut().filter_map(|(_, points, ..)| points.peek().map(|point| point[0]));
            let Some(at) = next.min_by(f64::total_cmp) else { break };
            self.time(at, &mut out);
            for (values, points, gaps, held) in &mut columns {
                while gaps.next_if(|gap| *gap <= at).is_some() {
                    *held = None;
                }
                // Of two values at one instant both have a line.
                if let Some(point) = points.next_if(|point| point[0] <= at) {
                    *held = Some(point[1]);
                }
                out.push(',');
                held.inspect(|held| values.write(*held, &mut out));
            }
            out.push_str("\r\n");
            line += 1;
            if !self.goes_on(line, at, &out) {
                return None;
            }
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload};
    use crate::model::{Limits, Model};
    use crate::query::NumberAt;

    const ORIGIN: i64 = 1_795_348_800_000_000;

    fn values(topic: &str, path: &str, points: &[Point]) -> Values {
        let mut model = Model::new(Limits::default());
        let mut node = None;
        for (at, text) in [(0.0, "none".to_owned())]
            .into_iter()
            .chain(points.iter().map(|point| (point[0], point[1].to_string())))
        {
            let (payload, flags) = (Payload::Small(text.as_bytes()), Flags::default());
            let arrived = Timestamp(ORIGIN + (at * 1e6).round() as i64);
            let message = MessageRef { topic: b"t", payload, flags, properties: None, arrived };
            node = model.apply(message).ok();
        }
        let id = model.add_series(node.unwrap(), Box::new(NumberAt::default())).unwrap();
        while model.fill_series() {}
        Values {
            topic: topic.to_owned(),
            path: path.to_owned(),
            name: topic.to_owned(),
            points: model.series(id).unwrap().points().clone(),
            range: Range::new(0.0, 1e9),
            gaps: Vec::new(),
            scale: (1.0, 0.0),
            states: Vec::new(),
        }
    }

    fn writing(bytes_max: usize) -> TableWriting<'static> {
        TableWriting { origin: Timestamp(ORIGIN), bytes_max, told: &|_| true }
    }

    fn one(topic: &str, path: &str, value: f64) -> String {
        writing(1 << 20).raw(&[values(topic, path, &[[0.000_001, value]])]).unwrap()
    }

    #[test]
    fn a_line_has_the_time_to_the_microsecond_and_every_digit() {
        let line = "2026-11-22T12:00:00.000001Z,a/b,,21.123456789012";
        assert_eq!(one("a/b", "", 21.123_456_789_012), format!("time,topic,path,value\r\n{line}\r\n"));
    }

    #[test]
    fn commas_and_quotes_are_quoted() {
        assert!(one("a,\"b\"", "x", -1.0).ends_with("Z,\"a,\"\"b\"\"\",x,-1\r\n"));
    }

    #[test]
    fn a_topic_is_no_formula_and_a_negative_value_stays_a_number() {
        assert!(one("=1+2", "@x", -1.5).ends_with("Z,'=1+2,'@x,-1.5\r\n"));
    }

    #[test]
    fn what_is_too_large_is_not_cut() {
        let points: Vec<_> = (0..100).map(|index| [f64::from(index), 1.0]).collect();
        assert_eq!(writing(2_000).raw(&[values("t", "", &points)]), None);
        assert_eq!(writing(2_000).aligned(&[values("t", "", &points)]), None);
    }

    #[test]
    fn aligned_series_share_a_line_and_hold_their_value_until_a_gap() {
        let a = values("a", "", &[[1.0, 1.0], [2.0, 2.0], [2.0, 3.0]]);
        let b = Values { gaps: vec![1.5], ..values("b,c", "", &[[1.0, 10.0], [3.0, 30.0]]) };
        let text = writing(1 << 20).aligned(&[a, b]).unwrap();
        let lines: Vec<_> = text.lines().map(|line| line.replace("2026-11-22T12:00:", "")).collect();
        let expected =
            ["time,a,\"b,c\"", "01.000000Z,1,10", "02.000000Z,2,", "02.000000Z,3,", "03.000000Z,3,30"];
        assert_eq!(lines, expected);
    }

    #[test]
    fn many_values_are_written_with_progress_and_can_be_given_up() {
        let points: Vec<_> = (0..40_000).map(|index| [f64::from(index), f64::from(index)]).collect();
        let told = std::cell::Cell::new(0.0);
        let note = |seconds: f64| {
            told.set(seconds);
            seconds < 20_000.0
        };
        let writing = TableWriting { origin: Timestamp(ORIGIN), bytes_max: 1 << 30, told: &note };
        assert_eq!(writing.raw(&[values("t", "", &points)]), None);
        assert!(told.get() >= 20_000.0 && told.get() < 30_000.0);
    }

    #[test]
    fn states_are_written_by_their_names_and_numbers_as_they_are_drawn() {
        let states = vec!["idle".to_owned(), "heat, high".to_owned()];
        let of = Values { states, ..values("t", "", &[[1.0, 1.0]]) };
        assert!(writing(1 << 20).raw(&[of]).unwrap().ends_with(",t,,\"heat, high\"\r\n"));
        let of = Values { scale: (1.8, 32.0), ..values("t", "", &[[1.0, 100.0]]) };
        assert!(writing(1 << 20).raw(&[of]).unwrap().ends_with(",t,,212\r\n"));
    }
}
