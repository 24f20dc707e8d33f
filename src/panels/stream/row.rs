//! A message as a row of the stream: the texts of its columns, cached while it is visible, and their places.

use eframe::egui::{Align, Color32, FontId, Rect, Sense, Stroke, Ui, pos2, vec2};
use rustc_hash::FxHashMap;

use crate::message::Timestamp;
use crate::model::{MessageId, Stored};
use crate::panels::scene::Scene;
use crate::panels::stream::lines::{Break, StreamLines};
use crate::payload::query::JsonPath;
use crate::payload::visible_line;
use crate::query::{FieldValue, Readings};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::line_list::LineRow;
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{BAR_WIDTH, paint_galley};
use crate::ui::{icons, theme};
use crate::words::{Label, Language, format, payload, stream as words};

/// A preview is at most so long, in characters.
const PREVIEW_CHARS: usize = 400;
const GAP: f32 = 12.0;
/// Room at the left for the mark and the colour of the topic.
const GUTTER: f32 = 26.0;
/// A larger payload shows no fields: drawing would wait for it.
const FIELDS_BYTES_MAX: usize = 256 * 1024;

/// A column that can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StreamColumn {
    Time,
    Since,
    Topic,
    Qos,
    Retained,
    Size,
    Value,
}

impl StreamColumn {
    pub const ALL: [Self; 7] =
        [Self::Time, Self::Since, Self::Topic, Self::Qos, Self::Retained, Self::Size, Self::Value];

    pub fn label(self) -> Label {
        match self {
            Self::Time => words::TIME,
            Self::Since => words::SINCE,
            Self::Topic => words::TOPIC,
            Self::Qos => words::QOS,
            Self::Retained => words::RETAIN_FLAG,
            Self::Size => words::SIZE,
            Self::Value => words::VALUE,
        }
    }

    fn width(self) -> f32 {
        match self {
            Self::Time => 92.0,
            Self::Since => 76.0,
            Self::Qos => 36.0,
            Self::Retained | Self::Size => 64.0,
            // These two share what is left.
            Self::Topic | Self::Value => 0.0,
        }
    }

    fn align(self) -> Align {
        match self {
            Self::Since | Self::Size => Align::Max,
            Self::Time | Self::Topic | Self::Qos | Self::Retained | Self::Value => Align::Min,
        }
    }
}

/// Which columns show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct StreamColumns {
    pub shown: Vec<StreamColumn>,
    pub fields: Vec<JsonPath>,
}

impl Default for StreamColumns {
    fn default() -> Self {
        let shown = [StreamColumn::Time, StreamColumn::Topic, StreamColumn::Size, StreamColumn::Value];
        Self { shown: shown.to_vec(), fields: Vec::new() }
    }
}

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cell {
    Column(StreamColumn),
    Field(usize),
}

impl StreamColumns {
    pub fn toggle(&mut self, column: StreamColumn) {
        if let Some(at) = self.shown.iter().position(|known| *known == column) {
            self.shown.remove(at);
        } else {
            self.shown.push(column);
            self.shown.sort_by_key(|column| StreamColumn::ALL.iter().position(|other| other == column));
        }
    }

    /// The cells of a row with their places.
    fn places(&self, row: Rect) -> Vec<(Cell, Rect)> {
        const FIELD: f32 = 96.0;
        let cells = self.shown.iter().map(|column| Cell::Column(*column));
        let value = cells.clone().position(|cell| cell == Cell::Column(StreamColumn::Value));
        let mut cells: Vec<Cell> = cells.collect();
        let at = value.unwrap_or(cells.len());
        cells.splice(at..at, (0..self.fields.len()).map(Cell::Field));
        let width = |cell: &Cell| match cell {
            Cell::Column(column) => column.width(),
            Cell::Field(_) => FIELD,
        };
        let fixed: f32 = cells.iter().map(|cell| width(cell) + GAP).sum();
        let rest = (row.width() - GUTTER - size::PADDING - fixed).max(80.0);
        let has = |column| cells.contains(&Cell::Column(column));
        let topic_share = if has(StreamColumn::Value) { 0.42 } else { 1.0 };
        let value_share = if has(StreamColumn::Topic) { 1.0 - topic_share } else { 1.0 };
        let mut left = row.left() + GUTTER;
        let mut placed = Vec::with_capacity(cells.len());
        for cell in cells {
            let width = match cell {
                Cell::Column(StreamColumn::Topic) => rest * topic_share,
                Cell::Column(StreamColumn::Value) => rest * value_share,
                _ => width(&cell),
            };
            let right = (left + width).min(row.right() - 2.0);
            placed
                .push((cell, Rect::from_min_max(pos2(left, row.top()), pos2(right.max(left), row.bottom()))));
            left += width + GAP;
        }
        placed
    }

    /// Draws the names of the columns.
    pub fn heading(&self, ui: &mut Ui, l: Language) {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
        for (cell, place) in self.places(rect.with_max_x(rect.right() - BAR_WIDTH)) {
            let (text, align) = match cell {
                Cell::Column(column) => (column.label().of(l).to_owned(), column.align()),
                Cell::Field(index) => {
                    (self.fields.get(index).map(ToString::to_string).unwrap_or_default(), Align::Min)
                }
            };
            let galley = one_line(ui, &text, theme::small_font(), t.text_muted, place.width());
            paint_galley(ui, place, align, galley, t.text_muted);
        }
        ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
    }
}

#[derive(Clone, Debug, Default)]
struct RowTexts {
    time: String,
    since: String,
    topic: String,
    qos: &'static str,
    retained: &'static str,
    size: String,
    value: String,
    fields: Vec<String>,
    is_lit: bool,
    used: bool,
}

/// The texts of the visible rows.
#[derive(Debug, Default)]
pub(super) struct StreamCells {
    texts: FxHashMap<u64, RowTexts>,
    key: Option<(Language, StreamColumns, String)>,
    readings: Readings,
}

impl StreamCells {
    /// Begins a frame. What was written before is forgotten if it would differ now.
    pub fn begin(&mut self, l: Language, columns: &StreamColumns, asked: String) {
        let key = (l, columns.clone(), asked);
        if self.key.as_ref() != Some(&key) {
            self.key = Some(key);
            self.texts.clear();
        }
    }

    /// Discards rows that are no longer visible.
    pub fn end(&mut self) {
        self.texts.retain(|_, texts| std::mem::take(&mut texts.used));
    }

    fn write(
        &mut self,
        scene: &Scene<'_>,
        stored: &Stored<'_>,
        lines: &mut StreamLines,
        columns: &StreamColumns,
        l: Language,
    ) -> RowTexts {
        let choice = self.readings.choice_of(scene.model, scene.rules, stored);
        let before = lines.before(stored.id()).and_then(|id| scene.model.message(id));
        let topic = scene.model.topic_bytes(stored.id().node());
        let flags = stored.flags();
        let fields = if stored.payload().len() <= FIELDS_BYTES_MAX && !columns.fields.is_empty() {
            FieldValue::all_of(stored.payload(), &columns.fields, choice.as_ref())
        } else {
            Vec::new()
        };
        RowTexts {
            time: format::time(stored.arrived(), scene.settings.time_format),
            since: before.map_or_else(String::new, |before| {
                format::gap(stored.arrived().seconds_since(before.arrived()))
            }),
            topic: visible_line(&String::from_utf8_lossy(&topic)).into_owned(),
            qos: ["0", "1", "2"].get(usize::from(u8::from(flags.qos))).copied().unwrap_or_default(),
            retained: if flags.retain { words::RETAINED.of(l) } else { "" },
            size: format::bytes(stored.payload_bytes()),
            value: payload::preview(stored.payload(), choice.as_ref(), PREVIEW_CHARS, l),
            fields: fields
                .into_iter()
                .map(|field| field.map(|field| field.text).unwrap_or_default())
                .collect(),
            is_lit: lines.is_filtering() && lines.matches(scene, stored),
            used: true,
        }
    }

    /// Draws a message; returns whether part of it is cut off.
    #[expect(clippy::too_many_arguments, reason = "what a row shows comes from as many places")]
    pub fn paint(
        &mut self,
        ui: &Ui,
        row: &LineRow,
        stored: &Stored<'_>,
        scene: &Scene<'_>,
        lines: &mut StreamLines,
        columns: &StreamColumns,
        l: Language,
    ) -> bool {
        let t = tokens(ui);
        if !self.texts.contains_key(&row.number) {
            let texts = self.write(scene, stored, lines, columns, l);
            self.texts.insert(row.number, texts);
        }
        let Some(texts) = self.texts.get_mut(&row.number) else { return false };
        texts.used = true;
        let is_marked = lines.marks.contains_key(&stored.id().position());
        gutter(ui, row.rect, stored.id(), is_marked);
        if texts.is_lit && lines.lights() {
            ui.painter().rect_filled(
                row.rect.with_min_x(row.rect.left() + GUTTER - 4.0),
                0.0,
                t.highlight.gamma_multiply(0.5),
            );
        }
        let mut hidden = false;
        for (cell, place) in columns.places(row.rect) {
            let (text, color, font, align) = cell_of(texts, cell, ui);
            if text.is_empty() || place.width() <= 0.0 {
                continue;
            }
            let galley = if cell == Cell::Column(StreamColumn::Topic) {
                end_of_topic(ui, text, &font, color, place.width())
            } else {
                one_line(ui, text, font, color, place.width())
            };
            hidden |= galley.elided || galley.text().len() < text.len();
            if align == Align::Max {
                paint_galley(ui, place, align, galley, color);
            } else {
                paint_line(ui, place.left_center(), galley, color);
            }
        }
        let texts = &*texts;
        row.describe(ui, &texts.time, || words::spoken(&texts.topic, &texts.value, is_marked, l));
        hidden
    }
}

fn cell_of<'t>(texts: &'t RowTexts, cell: Cell, ui: &Ui) -> (&'t str, Color32, FontId, Align) {
    let t = tokens(ui);
    let mono = theme::mono_small_font();
    match cell {
        Cell::Field(index) => (texts.fields.get(index).map_or("", String::as_str), t.text, mono, Align::Min),
        Cell::Column(column) => {
            let (text, color) = match column {
                StreamColumn::Time => (texts.time.as_str(), t.text_muted),
                StreamColumn::Since => (texts.since.as_str(), t.text_muted),
                StreamColumn::Topic => (texts.topic.as_str(), t.text),
                StreamColumn::Qos => (texts.qos, t.text_muted),
                StreamColumn::Retained => (texts.retained, t.text_muted),
                StreamColumn::Size => (texts.size.as_str(), t.text_muted),
                StreamColumn::Value => (texts.value.as_str(), t.text),
            };
            (text, color, mono, column.align())
        }
    }
}

/// The mark, and the colour of the topic. A colour stands for several topics; the name tells them apart.
fn gutter(ui: &Ui, row: Rect, id: MessageId, is_marked: bool) {
    let t = tokens(ui);
    let place = id.node().number() as usize % t.series.len();
    let color = t.series.get(place).copied().unwrap_or(t.text_faint);
    let bar = Rect::from_min_max(
        pos2(row.left() + 18.0, row.top() + 4.0),
        pos2(row.left() + 21.0, row.bottom() - 4.0),
    );
    ui.painter().rect_filled(bar, 1.0, color);
    if is_marked {
        let font = FontId::new(12.0, theme::icon_font().family);
        let at = pos2(row.left() + 9.0, row.center().y);
        ui.painter().text(at, eframe::egui::Align2::CENTER_CENTER, icons::BOOKMARK_SIMPLE, font, t.accent);
    }
}

/// Draws a time without messages as a line through the row.
pub(super) fn paint_break(ui: &Ui, row: &LineRow, line: &Break, l: Language) {
    let t = tokens(ui);
    let text = words::outage(line.from, line.to, l);
    let galley = one_line(ui, &text, theme::small_font(), t.error, row.rect.width() - 60.0);
    let width = galley.size().x;
    let center = row.rect.center();
    let stroke = Stroke::new(1.0, t.error);
    let (left, right) = (center.x - width / 2.0 - 8.0, center.x + width / 2.0 + 8.0);
    ui.painter().hline(row.rect.left() + 8.0..=left, center.y, stroke);
    ui.painter().hline(right..=row.rect.right() - 8.0, center.y, stroke);
    paint_line(ui, pos2(center.x - width / 2.0, center.y), galley, t.error);
    row.describe(ui, &format::time(line.from, crate::store::settings::TimeFormat::Seconds), || text.clone());
}

/// A line as it is copied.
pub(super) fn copied(stored: &Stored<'_>, topic: &[u8]) -> String {
    let at: Timestamp = stored.arrived();
    let (topic, payload) = (String::from_utf8_lossy(topic), String::from_utf8_lossy(stored.payload()));
    format!("{}\t{}\t{}\n", format::date_time(at), visible_line(&topic), visible_line(&payload))
}
