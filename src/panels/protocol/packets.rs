//! Which packets of the protocol log are visible. Pure, apart from taking a snapshot of the log.

use std::collections::VecDeque;

use regex::bytes::{Regex, RegexBuilder};

use crate::mqtt::trace::PacketKind;
use crate::session::packet_log::{Packet, PacketLog, Snapshot};
use crate::ui::widgets::line_list::LineSource;
use crate::words::{Language, packets as words, reason};

/// The filter for packets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PacketFilter {
    /// Text to find in the topic or reason, ignoring case; empty shows all.
    pub text: String,
    /// A bit for each hidden type, by its number.
    hidden: u16,
}

impl PacketFilter {
    /// Whether the filter lets everything through.
    pub fn is_empty(&self) -> bool {
        self.hidden == 0 && self.text.is_empty()
    }

    /// Whether packets of a type are visible.
    pub fn shows_kind(&self, kind: PacketKind) -> bool {
        self.hidden & bit(kind) == 0
    }

    /// Shows or hides the packets of a type.
    pub fn set_kind(&mut self, kind: PacketKind, shown: bool) {
        if shown {
            self.hidden &= !bit(kind);
        } else {
            self.hidden |= bit(kind);
        }
    }

    /// A summary of the visible types: `All types`, `PUBLISH`, `3 types`.
    pub fn kinds_text(&self, language: Language) -> String {
        let mut shown = PacketKind::ALL.into_iter().filter(|kind| self.shows_kind(*kind));
        match (shown.next(), shown.count()) {
            (None, _) => words::NO_TYPES.of(language).to_owned(),
            (Some(only), 0) => only.name().to_owned(),
            _ if self.hidden == 0 => words::ALL_TYPES.of(language).to_owned(),
            (_, others) => words::types(others + 1, language),
        }
    }
}

fn bit(kind: PacketKind) -> u16 {
    1 << (kind as u16)
}

/// The visible packets. Only new packets are filtered, unless the filter has changed.
#[derive(Debug, Default)]
pub struct Packets {
    snapshot: Snapshot,
    filter: PacketFilter,
    language: Language,
    pattern: Option<Regex>,
    /// Numbers of the matching packets; unused without a filter.
    matching: VecDeque<u64>,
    /// Number of the first packet not yet filtered.
    scanned: u64,
}

impl Packets {
    /// Reads newly recorded packets.
    pub fn refresh(&mut self, protocol: &PacketLog) {
        self.snapshot = protocol.snapshot();
        let first = self.snapshot.numbers().start;
        let gone = self.matching.partition_point(|number| *number < first);
        self.matching.drain(..gone);
    }

    /// Releases the packets, which the log may have dropped already.
    pub fn release(&mut self) {
        let (filter, pattern) = (std::mem::take(&mut self.filter), self.pattern.take());
        *self = Self { filter, pattern, language: self.language, ..Self::default() };
    }

    /// Starts over if the filter changed, or the language of the reasons it is compared with.
    pub fn set_filter(&mut self, filter: &PacketFilter, language: Language) {
        if self.filter == *filter && self.language == language {
            return;
        }
        self.filter.clone_from(filter);
        self.language = language;
        let text = RegexBuilder::new(&regex::escape(&filter.text)).case_insensitive(true).build();
        // An escaped text is always a valid pattern unless it exceeds the size limit; then nothing matches.
        self.pattern = text.ok().filter(|_| !filter.text.is_empty());
        self.matching.clear();
        self.scanned = 0;
    }

    /// Filters at most this many of the next packets. Returns whether some are left.
    pub fn scan(&mut self, packets_max: u64) -> bool {
        if self.filter.is_empty() {
            return false;
        }
        let numbers = self.snapshot.numbers();
        let from = self.scanned.max(numbers.start);
        let to = numbers.end.min(from.saturating_add(packets_max));
        for number in from..to {
            if self.snapshot.get(number).is_some_and(|packet| self.matches(packet)) {
                self.matching.push_back(number);
            }
        }
        self.scanned = to;
        to < numbers.end
    }

    fn matches(&self, packet: &Packet) -> bool {
        let record = &packet.record;
        if !self.filter.shows_kind(record.kind) {
            return false;
        }
        if self.filter.text.is_empty() {
            return true;
        }
        let Some(pattern) = &self.pattern else { return false };
        let flag = words::SESSION_PRESENT.of(self.language);
        pattern.is_match(&record.subject)
            || (record.session_present && pattern.is_match(flag.as_bytes()))
            || record.reason.is_some_and(|code| {
                pattern.is_match(reason::of_packet(record.kind, code, self.language).as_bytes())
            })
    }

    /// The packet with this number.
    pub fn get(&self, number: u64) -> Option<&Packet> {
        self.snapshot.get(number)
    }

    /// How many packets there are, including hidden ones.
    pub fn total(&self) -> u64 {
        self.snapshot.len()
    }

    /// A snapshot and the numbers of the visible packets that `wanted` lets through, for a job. Cheap without a filter.
    pub fn shown(&self, wanted: impl Fn(u64) -> bool) -> (Snapshot, Vec<u64>) {
        let numbers = (0..self.rows()).filter_map(|row| self.number(row)).filter(|number| wanted(*number));
        (self.snapshot.clone(), numbers.collect())
    }
}

impl LineSource for Packets {
    fn rows(&self) -> u64 {
        if self.filter.is_empty() { self.snapshot.len() } else { self.matching.len() as u64 }
    }

    fn number(&self, row: u64) -> Option<u64> {
        if self.filter.is_empty() {
            let numbers = self.snapshot.numbers();
            return numbers.start.checked_add(row).filter(|number| numbers.contains(number));
        }
        self.matching.get(usize::try_from(row).ok()?).copied()
    }

    fn row(&self, number: u64) -> u64 {
        if self.filter.is_empty() {
            number.saturating_sub(self.snapshot.numbers().start)
        } else {
            self.matching.partition_point(|known| *known < number) as u64
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{QoS, Timestamp};
    use crate::mqtt::trace::{Direction, PacketRecord};
    use crate::session::packet_log::PACKETS_MAX;

    fn record(kind: PacketKind, subject: &str, reason: Option<u8>) -> PacketRecord {
        PacketRecord {
            at: Timestamp(0),
            direction: Direction::In,
            kind,
            packet_id: None,
            qos: QoS::AtMostOnce,
            retain: false,
            dup: false,
            session_present: false,
            reason,
            bytes: 2,
            subject: subject.as_bytes().into(),
            latency_us: None,
        }
    }

    fn shown(packets: &Packets) -> Vec<u64> {
        (0..packets.rows()).map(|row| packets.number(row).unwrap()).collect()
    }

    fn filtered(text: &str, hidden: &[PacketKind]) -> PacketFilter {
        let mut filter = PacketFilter { text: text.to_owned(), ..PacketFilter::default() };
        for kind in hidden {
            filter.set_kind(*kind, false);
        }
        filter
    }

    #[test]
    fn packets_are_filtered_by_type_and_by_text() {
        let protocol = PacketLog::default();
        protocol.record(record(PacketKind::Publish, "Plant/1", None));
        protocol.record(record(PacketKind::PubAck, "", Some(0x87)));
        protocol.record(record(PacketKind::PingReq, "", None));
        protocol.record(record(PacketKind::Publish, "home/ölpumpe", None));
        let mut packets = Packets::default();
        packets.refresh(&protocol);
        for (filter, expected) in [
            (PacketFilter::default(), vec![0, 1, 2, 3]),
            (filtered("plant", &[]), vec![0]),
            (filtered("ÖLP", &[]), vec![3]),
            (filtered("not AUTH", &[]), vec![1]),
            (filtered("", &[PacketKind::Publish]), vec![1, 2]),
            (filtered("/", &[PacketKind::Publish]), vec![]),
            (filtered(".", &[]), vec![]),
        ] {
            packets.set_filter(&filter, Language::English);
            assert!(!packets.scan(1_000));
            assert_eq!(shown(&packets), expected, "{filter:?}");
        }
    }

    #[test]
    fn the_choice_of_types_is_said_in_short() {
        assert_eq!(PacketFilter::default().kinds_text(Language::English), "All types");
        assert_eq!(
            filtered("", &[PacketKind::PingReq, PacketKind::PingResp]).kinds_text(Language::English),
            "13 types"
        );
        assert_eq!(filtered("", &PacketKind::ALL).kinds_text(Language::English), "No types");
        let mut one = filtered("", &PacketKind::ALL);
        one.set_kind(PacketKind::Auth, true);
        assert_eq!(one.kinds_text(Language::English), "AUTH");
    }

    #[test]
    fn a_long_log_is_filtered_in_portions_while_it_goes_on() {
        let protocol = PacketLog::default();
        let more = |count: usize| {
            for n in 0..count {
                protocol.record(record(PacketKind::Publish, if n % 10 == 0 { "yes" } else { "no" }, None));
            }
        };
        more(PACKETS_MAX);
        let mut packets = Packets::default();
        packets.refresh(&protocol);
        packets.set_filter(&filtered("yes", &[]), Language::English);
        assert!(packets.scan(1_000));
        assert_eq!(packets.rows(), 100);
        more(50_000);
        packets.refresh(&protocol);
        while packets.scan(7_777) {}
        assert_eq!(packets.rows(), PACKETS_MAX as u64 / 10);
        let first = packets.number(0).unwrap();
        assert_eq!((first, packets.row(first), packets.row(first + 1)), (50_000, 0, 1));
        assert!(
            shown(&packets).iter().all(|number| &*packets.get(*number).unwrap().record.subject == b"yes")
        );
    }
}
