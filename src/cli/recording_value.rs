//! Shared by the commands about recordings: parsing sizes, durations, times and filters, and opening a recording.

use std::path::Path;
use std::time::Duration;

use clap::Args;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use crate::cli::report::Report;
use crate::message::Timestamp;
use crate::mqtt::filter;
use crate::recording::Recording;
use crate::words::cli::{News, RecordingNews, RecordingTrouble, RecordingUsage, Trouble, Usage};

/// Parses a size in bytes, with units of 1024: `1500`, `500k`, `10M`, `2.5G` or `1T`.
pub(super) fn size(option: &'static str, text: &str) -> Result<u64, Usage> {
    let wrong = || Usage::Recording(RecordingUsage::Size { option, text: text.to_owned() });
    let trimmed = text.trim_end_matches(['B', 'b']).trim_end_matches('i');
    let (digits, factor) = match trimmed.chars().last().map(|letter| letter.to_ascii_lowercase()) {
        Some('k') => (&trimmed[..trimmed.len() - 1], 1_u64 << 10),
        Some('m') => (&trimmed[..trimmed.len() - 1], 1 << 20),
        Some('g') => (&trimmed[..trimmed.len() - 1], 1 << 30),
        Some('t') => (&trimmed[..trimmed.len() - 1], 1 << 40),
        _ => (trimmed, 1),
    };
    let number: f64 = digits.trim().parse().map_err(|_| wrong())?;
    let bytes = number * factor as f64;
    if (1.0..1e18).contains(&bytes) { Ok(bytes as u64) } else { Err(wrong()) }
}

/// Parses a duration: `90`, `90s`, `10m`, `2h` or `1d`.
pub(super) fn duration(option: &'static str, text: &str) -> Result<Duration, Usage> {
    let wrong = || Usage::Recording(RecordingUsage::Duration { option, text: text.to_owned() });
    let (digits, factor) = match text.chars().last() {
        Some('s') => (&text[..text.len() - 1], 1.0),
        Some('m') => (&text[..text.len() - 1], 60.0),
        Some('h') => (&text[..text.len() - 1], 3_600.0),
        Some('d') => (&text[..text.len() - 1], 86_400.0),
        _ => (text, 1.0),
    };
    let number: f64 = digits.trim().parse().map_err(|_| wrong())?;
    Duration::try_from_secs_f64(number * factor).ok().filter(|length| !length.is_zero()).ok_or_else(wrong)
}

/// A point in time, as it was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// A clock time.
    At(Timestamp),
    /// This long after the first message.
    After(Duration),
}

impl Moment {
    /// The time in a recording that begins at `first`.
    pub(super) fn in_recording(self, first: Timestamp) -> Timestamp {
        match self {
            Self::At(at) => at,
            Self::After(length) => {
                Timestamp(first.0.saturating_add(i64::try_from(length.as_micros()).unwrap_or(i64::MAX)))
            }
        }
    }
}

/// Parses a point in time: `2026-11-27T12:00:00Z`, `2026-11-27 12:00` in local time, or `+10m` after the first message.
pub(super) fn moment(option: &'static str, text: &str) -> Result<Moment, Usage> {
    let wrong = || Usage::Recording(RecordingUsage::Time { option, text: text.to_owned() });
    if let Some(length) = text.strip_prefix('+') {
        return duration(option, length).map(Moment::After).map_err(|_| wrong());
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(Moment::At(Timestamp(at.as_microsecond())));
    }
    let local: DateTime = text.parse().map_err(|_| wrong())?;
    let zoned = local.to_zoned(TimeZone::system()).map_err(|_| wrong())?;
    Ok(Moment::At(Timestamp(zoned.timestamp().as_microsecond())))
}

/// The options that choose a part of a recording.
#[derive(Debug, Default, Args)]
pub(super) struct PartArgs {
    /// Topics that match; may be repeated; all if not given
    #[arg(short, long = "topic", value_name = "FILTER")]
    topic: Vec<String>,
    /// From this time on, as in +10m or 2026-11-27T12:00:00Z
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    from: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    to: Option<String>,
}

impl PartArgs {
    /// Parses the filters and times.
    pub(super) fn read(self) -> Result<Part, Usage> {
        for text in &self.topic {
            filter::check_filter(text).map_err(|error| Usage::Filter {
                option: "-t",
                text: text.clone(),
                error,
            })?;
        }
        let from = self.from.map(|text| moment("--from", &text)).transpose()?;
        let to = self.to.map(|text| moment("--to", &text)).transpose()?;
        Ok(Part { filters: self.topic, from, to })
    }
}

/// The part of a recording that a command works on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    /// Topic filters, of which one must match; empty for all topics.
    pub filters: Vec<String>,
    /// Start, inclusive.
    pub from: Option<Moment>,
    /// End, exclusive.
    pub to: Option<Moment>,
}

impl Part {
    /// Whether messages on this topic are wanted.
    pub(super) fn wants(&self, topic: &[u8]) -> bool {
        self.filters.is_empty() || self.filters.iter().any(|filter| filter::matches(filter.as_bytes(), topic))
    }

    /// The start and end in this recording.
    pub(super) fn span(&self, recording: &Recording) -> (Option<Timestamp>, Option<Timestamp>) {
        let first = recording.summary().span.map(|(first, _)| first).unwrap_or_default();
        let at = |moment: Option<Moment>| moment.map(|moment| moment.in_recording(first));
        (at(self.from), at(self.to))
    }
}

/// Opens a recording, or reports why not and returns the exit status.
pub(super) fn open(folder: &Path, report: Report) -> Result<Recording, u8> {
    Recording::open(folder)
        .map_err(|failure| report.trouble(&Trouble::Recording(RecordingTrouble::Open(failure))))
}

/// Reports what is missing in a recording that was read.
pub(super) fn tell_what_is_missing(recording: &Recording, report: Report) {
    for damage in recording.damage() {
        report.news(&News::Recording(RecordingNews::Damaged(damage)));
    }
    let gaps = recording.gaps();
    if !gaps.is_empty() {
        let messages = gaps.iter().filter_map(|gap| gap.messages).sum();
        report.news(&News::Recording(RecordingNews::Gaps { gaps: gaps.len(), messages }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_lengths_are_read() {
        assert_eq!(size("-s", "1500"), Ok(1_500));
        assert_eq!(size("-s", "2.5k"), Ok(2_560));
        assert_eq!(size("-s", "10MiB"), Ok(10 << 20));
        assert_eq!(size("-s", "1TB"), Ok(1 << 40));
        for wrong in ["", "M", "-1", "1X", "0", "nan", "1e30", "è"] {
            assert!(size("-s", wrong).is_err(), "{wrong}");
        }
        assert_eq!(duration("-d", "90"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("-d", "1.5h"), Ok(Duration::from_mins(90)));
        for wrong in ["", "h", "0", "-5s", "inf", "5 weeks", "é"] {
            assert!(duration("-d", wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_moment_is_a_time_or_a_distance_from_the_beginning() {
        let first = Timestamp(1_000_000);
        let at = |text| moment("--from", text).map(|moment| moment.in_recording(first));
        assert_eq!(at("1970-01-01T00:01:00Z"), Ok(Timestamp(60_000_000)));
        assert_eq!(at("+10s"), Ok(Timestamp(11_000_000)));
        assert!(moment("--from", "2026-11-27 12:00").is_ok());
        assert!(moment("--from", "noon").is_err() && moment("--from", "+").is_err());
    }
}
