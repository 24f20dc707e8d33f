//! The value of every series at the time under the pointer: marked on the lines, and written in a box.

use std::sync::Arc;

use eframe::egui::{Galley, Painter, Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2};
use jiff::tz::TimeZone;

use crate::message::Timestamp;
use crate::panels::plots::chart::Chart;
use crate::panels::plots::entry::PlotEntry;
use crate::panels::plots::picture::moment;
use crate::store::settings::TimeFormat;
use crate::ui::tokens::size;
use crate::ui::widgets::one_line::end_of_topic;
use crate::ui::{language, theme};
use crate::words::plots as words;

const ROW: f32 = 18.0;

/// A value at a time.
pub struct CursorValue<'a> {
    entry: &'a PlotEntry,
    at: f64,
    value: f64,
}

/// The value of every series at a time, each marked on its line.
pub fn found<'a>(chart: &'a Chart<'_>, seconds: f64, painter: &Painter) -> Vec<CursorValue<'a>> {
    let mut found = Vec::new();
    for entry in chart.of.shown() {
        let Some([at, value]) = entry.curve().at(seconds, entry.holds()) else { continue };
        found.push(CursorValue { entry, at, value });
        let scale = chart.picture.scale(entry.spec.right).filter(|_| !entry.has_states());
        let Some(scale) = scale.filter(|scale| scale.place(value).is_some()) else { continue };
        let x = chart.picture.x(if entry.holds() { seconds } else { at });
        let center = pos2(x, scale.y(value));
        painter.circle_filled(center, 6.0, chart.of.t.surface_1);
        entry.marker.paint(painter, center, 4.0, entry.color(chart.of.t));
    }
    found
}

/// Draws the box with the time under the pointer and the value of each series.
pub fn show(
    chart: &Chart<'_>,
    ui: &Ui,
    painter: &Painter,
    pointer: Pos2,
    seconds: f64,
    found: &[CursorValue<'_>],
) {
    let (t, l, frame) = (chart.of.t, language(ui), chart.picture.frame);
    let clock = |seconds: f64| clock(moment(chart.of.origin, seconds), chart.time_format, chart.of.zone);
    let rows_max = (((frame.height() - 16.0) / ROW).floor().max(1.0) as usize).saturating_sub(1);
    // If not all rows fit, the last one says how many are left out.
    let fits = if found.len() <= rows_max { found.len() } else { rows_max.saturating_sub(1) };
    let font = theme::mono_small_font();
    let wide = frame.width() > 480.0;
    let rows: Vec<_> = found[..fits]
        .iter()
        .map(|CursorValue { entry, at, value }| {
            let value = entry.text(*value, 10);
            let text = if wide { format!("{value}  {}", clock(*at)) } else { value };
            let values = painter.layout_no_wrap(text, font.clone(), t.text);
            let room = if wide { 160.0 } else { 110.0 };
            (*entry, end_of_topic(ui, entry.name(), &font, t.text_muted, room), values)
        })
        .collect();
    let names = rows.iter().map(|(_, name, _)| name.size().x).fold(0.0, f32::max);
    let values = rows.iter().map(|(_, _, values)| values.size().x).fold(0.0, f32::max);
    let near = |lost: &&f64| (chart.picture.x(**lost) - pointer.x).abs() < 6.0;
    let lost = chart.of.losses.iter().find(near).map(|_| words::CONNECTION_LOST.of(l));
    let begins = || chart.of.begins().iter().find(near).map(|_| words::EARLIER_NOT_KEPT.of(l));
    let lost = lost.or_else(begins);
    let lost = lost.map(|lost| painter.layout_no_wrap(lost.to_owned(), theme::small_font(), t.warn));
    let lines = 1 + rows.len() + usize::from(fits < found.len()) + usize::from(lost.is_some());
    let widest =
        (20.0 + names + 12.0 + values).max(104.0).max(lost.as_ref().map_or(0.0, |lost| lost.size().x));
    let box_size = vec2(widest + 16.0, lines as f32 * ROW + 8.0);
    let left = if pointer.x + 12.0 + box_size.x <= frame.right() {
        pointer.x + 12.0
    } else {
        (pointer.x - 12.0 - box_size.x).max(frame.left() + 4.0)
    };
    let area = Rect::from_min_size(pos2(left, frame.top() + 4.0), box_size);
    painter.rect(area, size::RADIUS, t.surface_2, Stroke::new(1.0, t.line), StrokeKind::Inside);
    let inner = area.shrink2(vec2(8.0, 4.0));
    let mut y = inner.top() + ROW / 2.0;
    let on = |x: f32, y: f32, galley: Arc<Galley>, color| {
        painter.galley(pos2(x, y - galley.size().y / 2.0), galley, color);
    };
    on(inner.left(), y, painter.layout_no_wrap(clock(seconds), font.clone(), t.text_muted), t.text_muted);
    for (entry, name, values) in rows {
        y += ROW;
        entry.marker.paint(painter, pos2(inner.left() + 6.0, y), 3.5, entry.color(t));
        on(inner.left() + 20.0, y, name, t.text_muted);
        on(inner.right() - values.size().x, y, values, t.text);
    }
    if fits < found.len() {
        y += ROW;
        let more = words::more(found.len() - fits, l);
        let more = painter.layout_no_wrap(more, theme::small_font(), t.text_muted);
        on(inner.left() + 20.0, y, more, t.text_muted);
    }
    if let Some(lost) = lost {
        on(inner.left(), y + ROW, lost, t.warn);
    }
}

/// A time of day in a zone, as precise as the person chose.
pub fn clock(at: Timestamp, format: TimeFormat, zone: &TimeZone) -> String {
    let pattern = match format {
        TimeFormat::Milliseconds => "%H:%M:%S%.3f",
        TimeFormat::Seconds => "%H:%M:%S",
        TimeFormat::Minutes => "%H:%M",
    };
    let at = jiff::Timestamp::from_microsecond(at.0).ok();
    at.map_or_else(String::new, |at| at.to_zoned(zone.clone()).strftime(pattern).to_string())
}
