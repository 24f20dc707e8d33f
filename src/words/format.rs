//! Numbers, sizes and times as the program writes them. Pure functions.
//!
//! Numbers and units are the same in every language; what contains a word takes the language.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use crate::message::Timestamp;
use crate::store::settings::TimeFormat;
use crate::words::{Label, Language, label};

const NOW: Label = label("now", "刚刚");

/// `1234567` → `1,234,567`.
pub fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// The most characters of a text from elsewhere that are shown at once.
pub const EXCERPT_CHARS: usize = 300;

/// The beginning of a text from elsewhere, and how much of it is left out.
pub fn excerpt(text: &str, language: Language) -> Cow<'_, str> {
    let Some((at, _)) = text.char_indices().nth(EXCERPT_CHARS) else { return Cow::Borrowed(text) };
    let left_out = count(text[at..].chars().count() as u64);
    let beginning = &text[..at];
    Cow::Owned(match language {
        Language::English => format!("{beginning}… ({left_out} more characters)"),
        Language::Chinese => format!("{beginning}…（还有 {left_out} 个字符）"),
    })
}

/// Whether [`excerpt`] leaves out part of a text.
pub fn is_cut(text: &str) -> bool {
    text.char_indices().nth(EXCERPT_CHARS).is_some()
}

/// A topic or a topic filter as it stands in a sentence: of a long one the beginning and the end, which tell most.
pub fn topic(text: &str) -> Cow<'_, str> {
    const BEGINNING_CHARS: usize = 96;
    const END_CHARS: usize = 32;
    let beginning = text.char_indices().nth(BEGINNING_CHARS);
    let end = text.char_indices().rev().nth(END_CHARS - 1);
    match (beginning, end) {
        (Some((beginning, _)), Some((end, _))) if beginning < end => {
            Cow::Owned(format!("{}…{}", &text[..beginning], &text[end..]))
        }
        _ => Cow::Borrowed(text),
    }
}

/// Bytes in B, kB, MB, GB (10³): `14 B`, `1.2 kB`, `268.4 MB`.
pub fn bytes(number: u64) -> String {
    crate::payload::byte_size(number)
}

/// Per second, with no more digits than can be trusted: `0.05`, `3.1`, `1,200`. Below 0.005: empty.
pub fn rate(per_second: f64) -> String {
    if !per_second.is_finite() || per_second < 0.005 {
        String::new()
    } else if per_second < 1.0 {
        format!("{per_second:.2}")
    } else if per_second < 99.95 {
        format!("{per_second:.1}")
    } else {
        count(per_second.round() as u64)
    }
}

/// Bytes per second, without their unit of time: `14 B`, `1.2 kB`. Below half a byte: empty.
pub fn byte_rate(per_second: f64) -> String {
    if per_second.is_finite() && per_second >= 0.5 { bytes(per_second.round() as u64) } else { String::new() }
}

/// How long ago something was, in the largest unit that it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Age {
    Now,
    Seconds(u64),
    Minutes(u64),
    Hours(u64),
    /// A day or longer: the date says more.
    Days,
}

impl Age {
    fn of(then: Timestamp, now: Timestamp) -> Self {
        // A clock that was set back makes a negative age, which becomes 0.
        match now.seconds_since(then) as u64 {
            0 => Self::Now,
            seconds @ ..60 => Self::Seconds(seconds),
            seconds @ ..3_600 => Self::Minutes(seconds / 60),
            seconds @ ..86_400 => Self::Hours(seconds / 3_600),
            _ => Self::Days,
        }
    }
}

/// How long ago, for a column: `now`, `3 s`, `5 m`, `2 h`; from a day on the date.
pub fn age(then: Timestamp, now: Timestamp, language: Language) -> String {
    match Age::of(then, now) {
        Age::Now => NOW.of(language).to_owned(),
        Age::Seconds(seconds) => format!("{seconds} s"),
        Age::Minutes(minutes) => format!("{minutes} m"),
        Age::Hours(hours) => format!("{hours} h"),
        Age::Days => date(then),
    }
}

/// How long ago, in a sentence: `now`, `3 s ago`, `5 m ago`, `2 h ago`; from a day on the date.
pub fn ago(then: Timestamp, now: Timestamp, language: Language) -> String {
    match (Age::of(then, now), language) {
        (Age::Now, _) => NOW.of(language).to_owned(),
        (Age::Seconds(seconds), Language::English) => format!("{seconds} s ago"),
        (Age::Seconds(seconds), Language::Chinese) => format!("{seconds} 秒前"),
        (Age::Minutes(minutes), Language::English) => format!("{minutes} m ago"),
        (Age::Minutes(minutes), Language::Chinese) => format!("{minutes} 分钟前"),
        (Age::Hours(hours), Language::English) => format!("{hours} h ago"),
        (Age::Hours(hours), Language::Chinese) => format!("{hours} 小时前"),
        (Age::Days, _) => date(then),
    }
}

/// A gap between two messages, signed: `+1.002 s`, `+12 ms`, `+3 m 04 s`.
pub fn gap(seconds: f64) -> String {
    let sign = if seconds < 0.0 { '-' } else { '+' };
    let size = seconds.abs();
    if size < 1.0 {
        format!("{sign}{:.0} ms", size * 1_000.0)
    } else if size < 60.0 {
        format!("{sign}{size:.3} s")
    } else if size < 3_600.0 {
        format!("{sign}{:.0} m {:02.0} s", (size / 60.0).floor(), (size % 60.0).floor())
    } else {
        format!("{sign}{:.0} h {:02.0} m", (size / 3_600.0).floor(), (size % 3_600.0 / 60.0).floor())
    }
}

/// How long something took: `0.4 ms`, `12 ms`, `1.20 s`.
pub fn duration(took: std::time::Duration) -> String {
    let ms = took.as_secs_f64() * 1_000.0;
    if ms < 9.95 {
        format!("{ms:.1} ms")
    } else if ms < 999.5 {
        format!("{ms:.0} ms")
    } else {
        format!("{:.2} s", ms / 1_000.0)
    }
}

/// Local time of day, as precise as the person chose: `12:03:04.123`, `12:03:04` or `12:03`.
pub fn time(at: Timestamp, format: TimeFormat) -> String {
    let pattern = match format {
        TimeFormat::Milliseconds => "%H:%M:%S%.3f",
        TimeFormat::Seconds => "%H:%M:%S",
        TimeFormat::Minutes => "%H:%M",
    };
    zoned(at).map_or_else(String::new, |zoned| zoned.strftime(pattern).to_string())
}

/// Local date: `2026-11-22`.
pub fn date(at: Timestamp) -> String {
    zoned(at).map_or_else(String::new, |zoned| zoned.strftime("%Y-%m-%d").to_string())
}

/// Local date and time with milliseconds and the zone's offset.
pub fn date_time(at: Timestamp) -> String {
    zoned(at).map_or_else(String::new, |zoned| zoned.strftime("%Y-%m-%d %H:%M:%S%.3f %:z").to_string())
}

fn zoned(at: Timestamp) -> Option<jiff::Zoned> {
    let timestamp = jiff::Timestamp::from_microsecond(at.0).ok()?;
    Some(timestamp.to_zoned(TimeZone::system()))
}

/// A text of which only the beginning is shown, with its full size: `abc… (1.2 kB in all)`.
pub fn cut(beginning: &str, bytes: u64, language: Language) -> String {
    let bytes = self::bytes(bytes);
    match language {
        Language::English => format!("{beginning}… ({bytes} in all)"),
        Language::Chinese => format!("{beginning}…（共 {bytes}）"),
    }
}

/// A clause with a capital letter, to stand alone.
pub fn capitalised(clause: &str) -> String {
    let mut chars = clause.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// A number and the English noun in the right form: `1 topic`, `2,000 topics`.
pub fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_are_separated() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(count(number), text);
        }
    }

    #[test]
    fn of_a_long_topic_the_beginning_and_the_end_are_told() {
        let fits = "a".repeat(128);
        assert_eq!(topic(&fits), fits);
        let long = format!("plant/{}/温度", "x".repeat(70_000));
        let told = topic(&long);
        assert!(told.starts_with("plant/xxx") && told.contains('…') && told.ends_with("xxx/温度"), "{told}");
        assert_eq!(told.chars().count(), 129);
    }

    #[test]
    fn sizes_use_powers_of_ten() {
        let cases = [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (999_949, "999.9 kB"),
            (999_951, "1.0 MB"),
            (268_435_456, "268.4 MB"),
        ];
        for (number, text) in cases {
            assert_eq!(bytes(number), text);
        }
    }

    #[test]
    fn rates_show_what_can_be_trusted() {
        for (value, text) in [(0.0, ""), (0.05, "0.05"), (3.12, "3.1"), (99.96, "100"), (1_200.4, "1,200")] {
            assert_eq!(rate(value), text, "{value}");
        }
        assert_eq!(rate(f64::NAN), "");
    }

    #[test]
    fn ages_are_one_unit() {
        let at = |seconds: i64| age(Timestamp(0), Timestamp(seconds * 1_000_000), Language::English);
        assert_eq!([at(0), at(3), at(61), at(7_300)], ["now", "3 s", "1 m", "2 h"]);
        assert_eq!(age(Timestamp(5_000_000), Timestamp(0), Language::English), "now", "a clock set back");
        assert!(at(90_000).starts_with("19"), "a date from a day on");
    }

    #[test]
    fn sentences_say_that_an_age_is_past() {
        let at = |seconds: i64, language| ago(Timestamp(0), Timestamp(seconds * 1_000_000), language);
        let english = [0, 3, 61, 7_300].map(|seconds| at(seconds, Language::English));
        assert_eq!(english, ["now", "3 s ago", "1 m ago", "2 h ago"]);
        let chinese = [0, 3, 61, 7_300].map(|seconds| at(seconds, Language::Chinese));
        assert_eq!(chinese, ["刚刚", "3 秒前", "1 分钟前", "2 小时前"]);
    }

    #[test]
    fn durations_have_the_digits_that_matter() {
        for (us, text) in [(420, "0.4 ms"), (9_960, "10 ms"), (12_300, "12 ms"), (1_204_000, "1.20 s")] {
            assert_eq!(duration(std::time::Duration::from_micros(us)), text);
        }
    }

    #[test]
    fn times_are_as_fine_as_the_person_wants_them() {
        // A zone's offset moves hours and minutes alone.
        let at = Timestamp(1_795_348_984_123_000);
        let lengths = [TimeFormat::Milliseconds, TimeFormat::Seconds, TimeFormat::Minutes]
            .map(|format| time(at, format).len());
        assert_eq!(lengths, ["12:03:04.123".len(), "12:03:04".len(), "12:03".len()]);
        assert!(time(at, TimeFormat::Milliseconds).ends_with(":04.123"));
    }

    #[test]
    fn gaps_carry_their_sign() {
        for (seconds, text) in [
            (0.012, "+12 ms"),
            (1.002, "+1.002 s"),
            (184.0, "+3 m 04 s"),
            (-2.5, "-2.500 s"),
            (3_660.0, "+1 h 01 m"),
        ] {
            assert_eq!(gap(seconds), text);
        }
    }
}
