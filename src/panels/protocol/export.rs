//! Packets as text: comma-separated values, JSON lines, and lines to copy. Pure; called by jobs.
//!
//! Files are meant for programs, so their names and words are the same in every language.

use std::borrow::Cow;

use data_encoding::HEXLOWER;
use serde_json::{Map, Value, json};

use crate::mqtt::trace::{Direction, PacketKind};
use crate::panels::csv::text_cell;
use crate::panels::protocol::row::detail;
use crate::session::packet_log::{Packet, Snapshot};
use crate::words::{Language, format, packets, reason};

/// File format for exported packets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// Comma-separated values (RFC 4180), with a header line.
    Csv,
    /// One JSON object per line.
    JsonLines,
}

impl FileFormat {
    /// The suggested file name.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Csv => "packets.csv",
            Self::JsonLines => "packets.jsonl",
        }
    }

    /// Writes the packets with these numbers. Stops early if cancelled.
    pub fn write(self, snapshot: &Snapshot, numbers: &[u64], cancelled: impl Fn() -> bool) -> String {
        let mut out = String::new();
        if self == Self::Csv {
            out.push_str(CSV_NAMES);
        }
        for (index, number) in numbers.iter().enumerate() {
            if index % 1_024 == 0 && cancelled() {
                break;
            }
            let Some(packet) = snapshot.get(*number) else { continue };
            match self {
                Self::Csv => csv(&mut out, packet),
                Self::JsonLines => json_line(&mut out, packet),
            }
        }
        out
    }
}

const CSV_NAMES: &str = "time,direction,type,packet_id,qos,retain,dup,reason_code,reason,bytes,subject,\
                         subject_bytes,subject_hex,latency_us,session_present\r\n";

/// The name of a direction in files, the same in every language.
fn direction_name(direction: Direction) -> &'static str {
    match direction {
        Direction::In => "in",
        Direction::Out => "out",
    }
}

/// The time in UTC to the microsecond, as in RFC 3339.
fn time(packet: &Packet) -> String {
    let at = jiff::Timestamp::from_microsecond(packet.record.at.0).unwrap_or_default();
    format!("{at:.6}")
}

/// The subject as text, and its bytes in hexadecimal if the text is not exact.
fn subject(packet: &Packet) -> (Cow<'_, str>, Option<String>) {
    let bytes = &packet.record.subject;
    if let Ok(text) = std::str::from_utf8(bytes) {
        return (text.into(), None);
    }
    (String::from_utf8_lossy(bytes), Some(HEXLOWER.encode(bytes)))
}

fn csv(out: &mut String, packet: &Packet) {
    let record = &packet.record;
    let number = |value: Option<u64>| value.map_or_else(String::new, |value| value.to_string());
    let publish = record.kind == PacketKind::Publish;
    let connack = record.kind == PacketKind::ConnAck;
    let flag = |set: bool| number(publish.then_some(u64::from(set)));
    let (subject, hex) = subject(packet);
    let fields: [Cow<'_, str>; 15] = [
        time(packet).into(),
        direction_name(record.direction).into(),
        record.kind.name().into(),
        number(record.packet_id.map(u64::from)).into(),
        number(publish.then(|| u64::from(u8::from(record.qos)))).into(),
        flag(record.retain).into(),
        flag(record.dup).into(),
        number(record.reason.map(u64::from)).into(),
        record.reason.map_or("".into(), |code| {
            text_cell(&reason::of_packet(record.kind, code, Language::English)).into_owned().into()
        }),
        number(Some(u64::from(record.bytes))).into(),
        text_cell(&subject),
        number(Some(u64::from(packet.subject_bytes))).into(),
        hex.unwrap_or_default().into(),
        number(record.latency_us).into(),
        number(connack.then_some(u64::from(record.session_present))).into(),
    ];
    for (index, field) in fields.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(field);
    }
    out.push_str("\r\n");
}

fn json_line(out: &mut String, packet: &Packet) {
    let record = &packet.record;
    let (subject, hex) = subject(packet);
    let mut line = Map::new();
    let mut set = |name: &str, value: Option<Value>| {
        if let Some(value) = value {
            line.insert(name.to_owned(), value);
        }
    };
    let publish = record.kind == PacketKind::Publish;
    set("time", Some(time(packet).into()));
    set("direction", Some(direction_name(record.direction).into()));
    set("type", Some(record.kind.name().into()));
    set("packet_id", record.packet_id.map(Value::from));
    set("qos", publish.then(|| u8::from(record.qos).into()));
    set("retain", publish.then(|| record.retain.into()));
    set("dup", publish.then(|| record.dup.into()));
    let connack = record.kind == PacketKind::ConnAck;
    set("session_present", connack.then(|| record.session_present.into()));
    set("reason_code", record.reason.map(Value::from));
    set("reason", record.reason.map(|code| json!(reason::of_packet(record.kind, code, Language::English))));
    set("bytes", Some(record.bytes.into()));
    set("subject", Some(subject.into()));
    set("subject_bytes", packet.is_cut().then(|| packet.subject_bytes.into()));
    set("subject_hex", hex.map(Value::from));
    set("latency_us", record.latency_us.map(Value::from));
    out.push_str(&Value::Object(line).to_string());
    out.push('\n');
}

/// The packets with these numbers as tab-separated lines to copy.
pub fn lines(
    snapshot: &Snapshot,
    numbers: &[u64],
    language: Language,
    cancelled: impl Fn() -> bool,
) -> String {
    let mut out = String::new();
    for (index, number) in numbers.iter().enumerate() {
        if index % 1_024 == 0 && cancelled() {
            break;
        }
        let Some(packet) = snapshot.get(*number) else { continue };
        let record = &packet.record;
        let columns = [
            format::date_time(record.at),
            packets::direction(record.direction).of(language).to_owned(),
            record.kind.name().to_owned(),
            record.packet_id.map_or_else(String::new, |id| id.to_string()),
            detail(record, language),
            format!("{} B", record.bytes),
            String::from_utf8_lossy(&record.subject).replace(['\t', '\n', '\r'], " "),
            record.latency_us.map_or_else(String::new, |us| format!("{us} µs")),
        ];
        out.push_str(columns.join("\t").trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{QoS, Timestamp};
    use crate::mqtt::trace::PacketRecord;
    use crate::session::packet_log::PacketLog;

    fn snapshot() -> (Snapshot, Vec<u64>) {
        let protocol = PacketLog::default();
        let publish = PacketRecord {
            at: Timestamp(1_795_348_800_000_001),
            direction: Direction::Out,
            kind: PacketKind::Publish,
            packet_id: Some(7),
            qos: QoS::AtLeastOnce,
            retain: true,
            dup: false,
            session_present: false,
            reason: None,
            bytes: 1_234,
            subject: b"a,\"b\"/c".as_slice().into(),
            latency_us: None,
        };
        protocol.record(publish.clone());
        protocol.record(PacketRecord {
            direction: Direction::In,
            kind: PacketKind::PubAck,
            reason: Some(0x10),
            bytes: 4,
            subject: Box::default(),
            latency_us: Some(420),
            ..publish.clone()
        });
        protocol.record(PacketRecord { subject: b"a\xFF".as_slice().into(), packet_id: None, ..publish });
        let snapshot = protocol.snapshot();
        let numbers = snapshot.numbers().collect();
        (snapshot, numbers)
    }

    #[test]
    fn csv_has_a_line_for_each_packet_and_quotes_what_needs_it() {
        let (snapshot, numbers) = snapshot();
        let text = FileFormat::Csv.write(&snapshot, &numbers, || false);
        let lines: Vec<_> = text.split("\r\n").collect();
        assert_eq!(lines[1], "2026-11-22T12:00:00.000001Z,out,PUBLISH,7,1,1,0,,,1234,\"a,\"\"b\"\"/c\",7,,,");
        assert_eq!(
            lines[2],
            "2026-11-22T12:00:00.000001Z,in,PUBACK,7,,,,16,no matching subscribers,4,,0,,420,"
        );
        assert!(lines[3].ends_with(",a\u{FFFD},2,61ff,,"), "{}", lines[3]);
        assert_eq!((lines.len(), lines[4]), (5, ""), "the last line ends too");
        assert_eq!(lines[0].split(',').count(), 15);
    }

    #[test]
    fn a_topic_is_no_formula_in_a_spreadsheet() {
        let protocol = PacketLog::default();
        let mut first = snapshot().0.get(0).unwrap().record.clone();
        first.subject = b"=cmd|' /C calc'!A0".as_slice().into();
        protocol.record(first);
        let snapshot = protocol.snapshot();
        let numbers: Vec<_> = snapshot.numbers().collect();
        let text = FileFormat::Csv.write(&snapshot, &numbers, || false);
        assert!(text.contains(",1234,'=cmd|' /C calc'!A0,18,"), "{text}");
    }

    #[test]
    fn json_lines_are_objects_with_what_a_packet_has() {
        let (snapshot, numbers) = snapshot();
        let text = FileFormat::JsonLines.write(&snapshot, &numbers, || false);
        let objects: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(
            objects[0],
            json!({"time": "2026-11-22T12:00:00.000001Z", "direction": "out", "type": "PUBLISH", "packet_id": 7,
                   "qos": 1, "retain": true, "dup": false, "bytes": 1234, "subject": "a,\"b\"/c"})
        );
        assert_eq!(objects[1]["latency_us"], 420);
        assert_eq!(objects[2]["subject_hex"], "61ff");
    }

    #[test]
    fn copied_lines_have_their_columns_and_an_export_can_be_given_up() {
        let (snapshot, numbers) = snapshot();
        let text = lines(&snapshot, &numbers, Language::English, || false);
        let second: Vec<_> = text.lines().nth(1).unwrap().split('\t').skip(1).collect();
        assert_eq!(second, ["in", "PUBACK", "7", "no matching subscribers", "4 B", "", "420 µs"]);
        assert_eq!(lines(&snapshot, &numbers, Language::English, || true), "");
    }
}
