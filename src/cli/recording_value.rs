//! Shared by the commands about recordings: parsing sizes, durations, times and filters, and opening a recording.

use std::path::Path;
use std::time::Duration;

use clap::Args;

use crate::cli::report::Report;
use crate::interchange::{Excerpt, TypedMoment, duration_of};
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
    duration_of(text).ok_or_else(wrong)
}

/// Parses a point in time: `2026-11-27T12:00:00Z`, `2026-11-27 12:00` in local time, or `+10m` after the first message.
pub(super) fn moment(option: &'static str, text: &str) -> Result<TypedMoment, Usage> {
    let wrong = || Usage::Recording(RecordingUsage::Time { option, text: text.to_owned() });
    TypedMoment::parse(text).ok_or_else(wrong)
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
    pub from: Option<TypedMoment>,
    /// End, exclusive.
    pub to: Option<TypedMoment>,
}

impl Part {
    /// What is wanted.
    pub(super) fn excerpt(&self) -> Excerpt {
        Excerpt { filters: self.filters.clone(), from: self.from, to: self.to, ..Excerpt::default() }
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
}
