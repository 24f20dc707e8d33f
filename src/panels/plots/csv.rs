//! Values as comma-separated text (RFC 4180): one value per line, so that series with different times fit.

use std::fmt::Write as _;

use crate::message::Timestamp;
use crate::panels::csv::text_cell;
use crate::panels::plots::chart::moment;

/// The most that is put on the clipboard, in bytes.
pub const BYTES_MAX: usize = 64 * 1024 * 1024;

/// The values of one series, with its topic and path.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// Topic.
    pub topic: String,
    /// Path inside the payload, or empty.
    pub path: String,
    /// Pairs of seconds from the origin and value.
    pub points: Vec<[f64; 2]>,
}

/// All values as text, with times in UTC to the microsecond and values with every digit. `None` if the text would
/// exceed [`BYTES_MAX`].
pub fn text(series: &[Values], origin: Timestamp) -> Option<String> {
    let mut out = "time,topic,path,value\r\n".to_owned();
    for Values { topic, path, points } in series {
        let name = format!("{},{}", text_cell(topic), text_cell(path));
        for [seconds, value] in points {
            let at = moment(origin, *seconds);
            let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
            write!(out, "{at:.6},{name},{value}\r\n").ok();
            if out.len() > BYTES_MAX {
                return None;
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(topic: &str, path: &str, value: f64) -> String {
        let values =
            Values { topic: topic.to_owned(), path: path.to_owned(), points: vec![[0.000_001, value]] };
        text(&[values], Timestamp(1_795_348_800_000_000)).unwrap()
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
    fn what_is_too_large_for_the_clipboard_is_not_cut() {
        let topic = "x".repeat(60_000);
        let points = vec![[0.0, 1.0]; BYTES_MAX / 60_000 + 1];
        assert_eq!(text(&[Values { topic, path: String::new(), points }], Timestamp(0)), None);
    }
}
