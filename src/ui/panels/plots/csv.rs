//! Values as comma-separated text (RFC 4180): one line a value, so that series with different times fit.

use std::fmt::Write as _;

use crate::model::message::Timestamp;

/// The head line.
pub const HEAD: &str = "time,topic,path,value\r\n";

/// Adds a line. Times are in UTC with microseconds, values with every digit.
pub fn push(out: &mut String, at: Timestamp, topic: &str, path: &str, value: f64) {
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or_default();
    write!(out, "{at:.6},").ok();
    field(out, topic);
    out.push(',');
    field(out, path);
    write!(out, ",{value}\r\n").ok();
}

fn field(out: &mut String, text: &str) {
    if text.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&text.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_the_time_to_the_microsecond_and_every_digit() {
        let mut out = String::new();
        push(&mut out, Timestamp(1_795_348_800_000_001), "a/b", "", 21.123_456_789_012);
        assert_eq!(out, "2026-11-22T12:00:00.000001Z,a/b,,21.123456789012\r\n");
    }

    #[test]
    fn commas_and_quotes_are_quoted() {
        let mut out = String::new();
        push(&mut out, Timestamp(0), "a,\"b\"", "x", -1.0);
        assert_eq!(out, "1970-01-01T00:00:00.000000Z,\"a,\"\"b\"\"\",x,-1\r\n");
    }
}
