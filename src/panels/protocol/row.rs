//! A packet as a row: the texts of its columns, cached while it is visible, and their positions.

use std::time::Duration;

use eframe::egui::{Align, Color32, FontId, Rect, Ui, pos2, vec2};
use rustc_hash::FxHashMap;

use crate::mqtt::reason;
use crate::mqtt::trace::{Direction, PacketKind, PacketRecord};
use crate::payload::visible_line;
use crate::session::packet_log::Packet;
use crate::store::settings::TimeFormat;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::line_list::LineRow;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::virtual_list::paint_galley;
use crate::ui::{icons, theme};
use crate::words::{Language, format, packets as words, reason as reason_words};

/// Below this width the columns for packet identifiers and latencies are left out in favour of the topic.
const NARROW: f32 = 720.0;
const GAP: f32 = 12.0;

/// The texts of a row. A packet never changes, so they are written once.
#[derive(Clone, Debug)]
struct PacketTexts {
    time: String,
    packet_id: String,
    detail: String,
    size: String,
    subject: String,
    latency: String,
    used: bool,
}

/// The texts of the visible rows.
#[derive(Debug, Default)]
pub struct PacketCells {
    texts: FxHashMap<u64, PacketTexts>,
    language: Language,
    time_format: TimeFormat,
}

impl PacketCells {
    /// Begins a frame with this language and time format.
    pub fn begin(&mut self, language: Language, time_format: TimeFormat) {
        if (self.language, self.time_format) != (language, time_format) {
            (self.language, self.time_format) = (language, time_format);
            self.texts.clear();
        }
    }

    /// Discards rows that are no longer visible.
    pub fn end(&mut self) {
        self.texts.retain(|_, texts| std::mem::take(&mut texts.used));
    }

    fn of(&mut self, number: u64, packet: &Packet) -> &PacketTexts {
        let texts =
            self.texts.entry(number).or_insert_with(|| write(packet, self.language, self.time_format));
        texts.used = true;
        texts
    }

    /// Draws a packet and returns whether part of its topic is cut off.
    pub fn paint(&mut self, ui: &Ui, row: &LineRow, packet: &Packet) -> bool {
        let t = tokens(ui);
        let record = &packet.record;
        let language = self.language;
        let texts = self.of(row.number, packet);
        let columns = PacketColumns::of(row.rect);
        let failed = record.reason.is_some_and(|code| reason::is_failure(record.kind, code));
        let (mono, muted) = (theme::mono_small_font(), t.text_muted);
        let (icon, color) = match record.direction {
            Direction::In => (icons::ARROW_LEFT, t.text_muted),
            Direction::Out => (icons::ARROW_RIGHT, t.text),
        };
        cell(ui, columns.time, Align::Min, &texts.time, mono.clone(), muted);
        let icon_font = FontId::new(12.0, theme::icon_font().family);
        cell(ui, columns.direction, Align::Min, icon, icon_font, color);
        cell(ui, columns.kind, Align::Min, record.kind.name(), mono.clone(), t.text);
        cell(ui, columns.packet_id, Align::Max, &texts.packet_id, mono.clone(), muted);
        let detail = if failed { t.error } else { muted };
        cell(ui, columns.detail, Align::Min, &texts.detail, theme::small_font(), detail);
        cell(ui, columns.size, Align::Max, &texts.size, mono.clone(), muted);
        cell(ui, columns.latency, Align::Max, &texts.latency, mono, muted);
        let place = columns.subject;
        let subject = one_line(ui, &texts.subject, theme::mono_small_font(), t.text, place.width());
        let hidden = subject.elided || packet.is_cut() || subject.text().len() < texts.subject.len();
        paint_line(ui, place.left_center(), subject, t.text);
        let time = texts.time.as_str();
        row.describe(ui, time, || spoken(packet, language));
        hidden || place.width() < 40.0
    }
}

fn cell(ui: &Ui, rect: Rect, align: Align, text: &str, font: FontId, color: Color32) {
    if rect.width() > 0.0 && !text.is_empty() {
        let galley = one_line(ui, text, font, color, rect.width());
        paint_galley(ui, rect, align, galley, color);
    }
}

fn write(packet: &Packet, language: Language, time_format: TimeFormat) -> PacketTexts {
    let record = &packet.record;
    PacketTexts {
        time: format::time(record.at, time_format),
        packet_id: record.packet_id.map_or_else(String::new, |id| id.to_string()),
        detail: detail(record, language),
        size: format::bytes(u64::from(record.bytes)),
        subject: subject(packet, language),
        latency: record.latency_us.map_or_else(String::new, |us| format::duration(Duration::from_micros(us))),
        used: true,
    }
}

/// The subject as shown, with its length if it was cut.
fn subject(packet: &Packet, language: Language) -> String {
    let text = visible_line(&String::from_utf8_lossy(&packet.record.subject)).into_owned();
    if packet.is_cut() { format::cut(&text, u64::from(packet.subject_bytes), language) } else { text }
}

/// The flags of a PUBLISH; for other packets the reason, and the flag of a CONNACK.
pub fn detail(record: &PacketRecord, language: Language) -> String {
    if record.kind == PacketKind::Publish {
        let mut flags = format!("QoS {}", u8::from(record.qos));
        for (set, flag) in [(record.retain, words::RETAIN), (record.dup, words::DUP)] {
            if set {
                flags.push_str(language.pick(", ", "，"));
                flags.push_str(flag.of(language));
            }
        }
        return flags;
    }
    let reason = match record.reason {
        None => String::new(),
        Some(code) if reason::is_failure(record.kind, code) => {
            reason_words::with_code(&reason_words::of_packet(record.kind, code, language), code, language)
        }
        Some(code) => reason_words::of_packet(record.kind, code, language),
    };
    if record.session_present {
        return words::parts(&[reason, words::SESSION_PRESENT.of(language).to_owned()], language);
    }
    reason
}

/// The row as it is read aloud and shown in its tooltip.
pub fn spoken(packet: &Packet, language: Language) -> String {
    let record = &packet.record;
    let direction = words::direction(record.direction).of(language);
    let mut parts = vec![format!("{direction} {}", record.kind.name())];
    parts.extend(record.packet_id.map(|id| words::packet_id(id, language)));
    parts.extend(Some(detail(record, language)).filter(|detail| !detail.is_empty()));
    parts.push(format::bytes(u64::from(record.bytes)));
    parts.extend(Some(subject(packet, language)).filter(|subject| !subject.is_empty()));
    let latency = record.latency_us.map(Duration::from_micros);
    parts.extend(latency.map(|latency| words::acknowledged_after(latency, language)));
    words::parts(&parts, language)
}

/// The columns of a row.
#[derive(Clone, Copy, Debug)]
pub struct PacketColumns {
    /// Time of day.
    pub time: Rect,
    /// Arrow for the direction.
    pub direction: Rect,
    /// Packet type.
    pub kind: Rect,
    /// Packet identifier; no width if there is not enough room.
    pub packet_id: Rect,
    /// Flags or reason.
    pub detail: Rect,
    /// Size in bytes.
    pub size: Rect,
    /// Topic, filters or summary.
    pub subject: Rect,
    /// Time until the acknowledgement; no width if there is not enough room.
    pub latency: Rect,
}

impl PacketColumns {
    /// Places the columns in a row.
    pub fn of(row: Rect) -> Self {
        let narrow = row.width() < NARROW;
        let mut left = row.left() + size::PADDING;
        let mut next = |width: f32| {
            let rect = Rect::from_min_size(pos2(left, row.top()), vec2(width, row.height()));
            left += if width > 0.0 { width + GAP } else { 0.0 };
            rect
        };
        let time = next(88.0);
        let direction = next(14.0);
        let kind = next(84.0);
        let packet_id = next(if narrow { 0.0 } else { 40.0 });
        let detail = next(if narrow { 96.0 } else { 168.0 });
        let size = next(60.0);
        let latency_width = if narrow { 0.0 } else { 60.0 };
        let right = row.right() - size::PADDING;
        let subject_right = right - if narrow { 0.0 } else { latency_width + GAP };
        let subject = Rect::from_min_max(pos2(left, row.top()), pos2(subject_right.max(left), row.bottom()));
        let latency = Rect::from_min_max(pos2(right - latency_width, row.top()), pos2(right, row.bottom()));
        Self { time, direction, kind, packet_id, detail, size, subject, latency }
    }
}
