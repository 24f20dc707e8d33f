//! Points in time as people type them.

use std::time::Duration;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::message::Timestamp;

/// A point in time, as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TypedMoment {
    /// A clock time.
    At(Timestamp),
    /// This long after the first message.
    After(Duration),
}

impl TypedMoment {
    /// Parses `2026-11-27T12:00:00Z`, `2026-11-27 12:00` in local time, or `+10m` after the first message.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(length) = text.strip_prefix('+') {
            return duration_of(length).map(Self::After);
        }
        if let Ok(at) = text.parse::<jiff::Timestamp>() {
            return Some(Self::At(Timestamp(at.as_microsecond())));
        }
        let local: DateTime = text.parse().ok()?;
        let zoned = local.to_zoned(TimeZone::system()).ok()?;
        Some(Self::At(Timestamp(zoned.timestamp().as_microsecond())))
    }

    /// The time among messages of which the first came at `first`.
    pub fn after(self, first: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::After(length) => {
                Timestamp(first.0.saturating_add(i64::try_from(length.as_micros()).unwrap_or(i64::MAX)))
            }
        }
    }
}

/// Parses a length of time: `90`, `90s`, `10m`, `2h` or `1d`.
pub fn duration_of(text: &str) -> Option<Duration> {
    let (digits, factor) = match text.chars().last() {
        Some('s') => (&text[..text.len() - 1], 1.0),
        Some('m') => (&text[..text.len() - 1], 60.0),
        Some('h') => (&text[..text.len() - 1], 3_600.0),
        Some('d') => (&text[..text.len() - 1], 86_400.0),
        _ => (text, 1.0),
    };
    let number: f64 = digits.trim().parse().ok()?;
    Duration::try_from_secs_f64(number * factor).ok().filter(|length| !length.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_or_a_distance_from_the_beginning() {
        let at = |text| TypedMoment::parse(text).map(|moment| moment.after(Timestamp(1_000_000)));
        assert_eq!(at("1970-01-01T00:01:00Z"), Some(Timestamp(60_000_000)));
        assert_eq!(at("+10s"), Some(Timestamp(11_000_000)));
        assert!(at("2026-11-27 12:00").is_some());
        for wrong in ["noon", "+", "", "+é"] {
            assert_eq!(at(wrong), None, "{wrong}");
        }
    }
}
