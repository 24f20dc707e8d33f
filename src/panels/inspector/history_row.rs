//! A row of the history, and the columns of the table.

use eframe::egui::{
    self, Align, Align2, Color32, Id, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    accesskit, pos2, vec2,
};

use crate::command::{Action, Actions, PublishAction, TopicAction};
use crate::message::{Flags, QoS, Timestamp};
use crate::model::Stored;
use crate::panels::inspector::content::clipboard_text;
use crate::panels::inspector::history::HistoryOf;
use crate::panels::inspector::history_list::SortKey;
use crate::panels::received;
use crate::panels::scene::Scene;
use crate::payload::decode::{Choice, Violation};
use crate::payload::query::JsonPath;
use crate::payload::visible_line;
use crate::query::{Departure, FieldValue};
use crate::store::settings::TimeFormat;
use crate::ui::tokens::{RING, size, tokens};
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::widgets::one_line::{end_of_topic, one_line};
use crate::ui::widgets::virtual_list::paint_galley;
use crate::ui::{icons, language, theme};
use crate::words::{Language, format, inspector as words, payload};

/// Height of a row.
pub const ROW_HEIGHT: f32 = 22.0;
/// Larger payloads cannot be copied from their row, which would take too long.
const COPIED_BYTES_MAX: u64 = 1 << 20;
/// Length of a preview, in characters.
const PREVIEW_CHARS: usize = 120;
/// Width of the mark of the message that the shown one is compared with.
const COMPARED_WIDTH: f32 = 4.0;
/// Width of a column of a field, in characters.
const FIELD_CHARS: f32 = 11.0;

/// Positions of the table's columns, in points from its left edge.
#[derive(Clone, Copy)]
pub struct HistoryColumns {
    language: Language,
    with_date: bool,
    time_format: TimeFormat,
    now: Timestamp,
    time: f32,
    gap: f32,
    size: f32,
    marks: f32,
    /// Of each column of a field.
    field: f32,
}

impl HistoryColumns {
    /// Widths that fit; columns of fields leave no room for what is told elsewhere.
    pub fn fit(ui: &Ui, scene: &Scene<'_>, of: HistoryOf<'_>, with_fields: bool, language: Language) -> Self {
        let character = ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono_small_font(), '0'));
        let width = ui.available_width();
        // A time of day alone would be misleading for a message from last week.
        let with_date = format::date(of.topic.first_arrived) != format::date(scene.now);
        let chars = |count: f32| (count * character).ceil();
        Self {
            language,
            with_date,
            time_format: scene.settings.time_format,
            now: scene.now,
            time: chars(if with_date { 18.0 } else { 12.0 }),
            gap: if width >= 360.0 && !with_fields { chars(10.0) } else { 0.0 },
            size: if with_fields { 0.0 } else { chars(8.0) },
            marks: if width >= 400.0 { chars(4.0) } else { 0.0 },
            field: chars(FIELD_CHARS),
        }
    }

    /// Draws the headings of a table with columns of fields. Returns the column that was clicked.
    pub fn headings(
        self,
        ui: &mut Ui,
        fields: &[JsonPath],
        sort: Option<(SortKey, bool)>,
    ) -> Option<SortKey> {
        let (t, l) = (tokens(ui), self.language);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
        let mut clicked = None;
        let mut at = rect.left() + size::PADDING;
        let mut heading = |key: SortKey, name: &str, width: f32, align: Align, gap: f32| {
            let area =
                Rect::from_min_max(pos2(at, rect.top()), pos2((at + width).min(rect.right()), rect.bottom()));
            at += width + size::PADDING + gap;
            if area.width() < width / 2.0 {
                return;
            }
            let order = sort.filter(|(sorted, _)| *sorted == key).map(|(_, largest_first)| largest_first);
            let id = ui.scope_id().with(("heading", name));
            let response = ui.interact(area, id, Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, name));
            ui.ctx().accesskit_node_builder(id, |node| match order {
                Some(true) => node.set_sort_direction(accesskit::SortDirection::Descending),
                Some(false) => node.set_sort_direction(accesskit::SortDirection::Ascending),
                None => {}
            });
            let color = if response.hovered() || response.has_focus() { t.text } else { t.text_muted };
            let room = if order.is_some() { area.width() - 14.0 } else { area.width() };
            let galley = end_of_topic(ui, name, &theme::small_font(), color, room);
            paint_galley(ui, area.with_max_x(area.left() + room), align, galley, color);
            if let Some(largest_first) = order {
                let icon = if largest_first { icons::CARET_DOWN } else { icons::CARET_UP };
                let font = egui::FontId::new(11.0, theme::icon_font().family);
                ui.painter().text(area.right_center(), Align2::RIGHT_CENTER, icon, font, t.accent);
            }
            if response.has_focus() {
                ui.painter().rect_stroke(area, 0, Stroke::new(RING, t.accent), StrokeKind::Inside);
            }
            if response.on_hover_text(words::sort_by(name, l)).clicked() {
                clicked = Some(key);
            }
        };
        let marks = if self.marks > 0.0 { self.marks + size::PADDING } else { 0.0 };
        heading(SortKey::Time, words::TIME_COLUMN.of(l), self.time, Align::Min, marks);
        for (index, path) in fields.iter().enumerate() {
            heading(SortKey::Column(index), &path.to_string(), self.field, Align::Max, 0.0);
        }
        clicked
    }
}

/// One row.
pub struct HistoryRow<'a> {
    /// Its place in the table.
    pub row: u64,
    /// The message.
    pub stored: Stored<'a>,
    /// How it is read.
    pub choice: Option<Choice>,
    /// When the message before it arrived.
    pub before: Option<Timestamp>,
    /// The values of its topic's columns.
    pub fields: &'a [Option<FieldValue>],
    /// How it departs from its topic's shape.
    pub departures: &'a [Departure],
    /// How it breaks its schema.
    pub violations: &'a [Violation],
    /// Whether the payload view shows it.
    pub is_shown: bool,
    /// Whether the shown message is compared with it.
    pub is_compared: bool,
    /// Whether the table has the focus.
    pub has_keyboard: bool,
}

impl HistoryRow<'_> {
    /// Draws the row.
    pub fn show(&self, ui: &Ui, rect: Rect, list: Id, columns: HistoryColumns) -> Response {
        let t = tokens(ui);
        let id = list.with(self.stored.number());
        let response = ui.interact(rect, id, Sense::CLICK);
        if self.is_shown {
            ui.painter().rect_filled(rect, 0, t.selection);
            ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0, t.accent);
            if self.has_keyboard {
                let ring = Stroke::new(RING, t.accent);
                ui.painter().rect_stroke(rect, 0, ring, StrokeKind::Inside);
            }
        } else if response.hovered() {
            ui.painter().rect_filled(rect, 0, t.surface_2);
        }
        let arrived = self.stored.arrived();
        let mut time = format::time(arrived, columns.time_format);
        if columns.with_date {
            time = format!("{} {time}", day(arrived));
        }
        let gap = self.before.map_or_else(String::new, |before| format::gap(arrived.seconds_since(before)));
        let bytes = format::bytes(self.stored.payload_bytes());
        let flags = marks_of(self.stored.flags());
        let value =
            payload::preview(self.stored.payload(), self.choice.as_ref(), PREVIEW_CHARS, columns.language);
        response.widget_info(|| {
            let fields =
                self.fields.iter().map(|field| field.as_ref().map_or("", |field| field.text.as_str()));
            let parts = [time.as_str(), &gap, &bytes, &flags];
            let label: Vec<&str> = parts
                .into_iter()
                .chain(fields)
                .chain([value.as_str()])
                .filter(|part| !part.is_empty())
                .collect();
            egui::WidgetInfo::labeled(egui::Role::Row, true, label.join("  "))
        });
        let gap_s = self.before.map(|before| arrived.seconds_since(before));
        let said = words::history_row(&time, gap_s, &bytes, self.stored.flags(), &value, columns.language);
        let compared = self.is_compared.then(|| words::IS_COMPARED.of(columns.language).to_owned());
        let warnings = self.warnings(columns.language);
        let said = std::iter::once(said).chain(compared).chain(warnings).collect::<Vec<_>>().join("  ");
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_row_index(self.row as usize);
            node.set_description(said);
            node.set_selected(self.is_shown);
        });

        if self.is_compared {
            ui.painter().rect_filled(rect.with_max_x(rect.left() + COMPARED_WIDTH), 0, t.accent);
        }
        let mut at = rect.left() + size::PADDING;
        let mut cell = |width: f32, text: String, align: Align, color: Color32| {
            let area = Rect::from_min_max(pos2(at, rect.top()), pos2(at + width, rect.bottom()));
            if width > 0.0 {
                let galley = ui.painter().layout_no_wrap(text, theme::mono_small_font(), color);
                paint_galley(ui, area, align, galley, color);
                at += width + size::PADDING;
            }
        };
        cell(columns.time, time, Align::Min, t.text);
        cell(columns.gap, gap, Align::Max, t.text_muted);
        cell(columns.size, bytes, Align::Max, t.text_muted);
        cell(columns.marks, flags, Align::Min, t.text_muted);
        for field in self.fields {
            let area = Rect::from_min_max(pos2(at, rect.top()), pos2(at + columns.field, rect.bottom()));
            at += columns.field + size::PADDING;
            let Some(FieldValue { text, number }) = field else { continue };
            if area.right() > rect.right() {
                break;
            }
            let color = if number.is_some() { t.json_number } else { t.text };
            let text = visible_line(text);
            let galley = one_line(ui, &text, theme::mono_small_font(), color, area.width());
            paint_galley(ui, area, Align::Max, galley, color);
        }
        if !self.departures.is_empty() || !self.violations.is_empty() {
            let icon = egui::FontId::new(13.0, theme::icon_font().family);
            let place = pos2(at, rect.center().y);
            ui.painter().text(place, Align2::LEFT_CENTER, icons::WARNING, icon, t.warn);
            at += 18.0;
        }
        let rest = Rect::from_min_max(pos2(at, rect.top()), pos2(rect.right() - 4.0, rect.bottom()));
        if rest.width() >= 16.0 {
            let galley = one_line(ui, &value, theme::mono_small_font(), t.text, rest.width());
            paint_galley(ui, rest, Align::Min, galley, t.text);
        }
        if context_menu::is_open(&response) {
            return response;
        }
        response.on_hover_ui_at_pointer(|ui| self.hover(ui, columns))
    }

    /// What compares the message with the one that shows.
    pub fn compare(&self) -> TopicAction {
        TopicAction::CompareWithMessage { id: self.stored.id(), arrived: self.stored.arrived() }
    }

    /// Adds what can be done with the message to a menu.
    pub fn menu(&self, menu: &mut Menu<'_>, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(menu.ui());
        if menu.item(&Item::new(icons::EYE, words::SHOW_MESSAGE.of(l))) {
            actions.push(TopicAction::Inspect(Some(self.stored.id())));
        }
        let compare = if self.is_shown { words::COMPARE_OTHERS } else { words::COMPARE_WITH_SHOWN };
        if menu.item(&Item::new(icons::ROWS, compare.of(l))) {
            actions.push(self.compare());
        }
        menu.separator();
        let is_whole = !self.stored.is_payload_dropped();
        let is_short = self.stored.payload_bytes() <= COPIED_BYTES_MAX;
        let why = (!is_whole || !is_short).then_some(words::COPY_ABOVE.of(l));
        if menu.item(&Item::new(icons::COPY, words::COPY_PAYLOAD.of(l)).unless(why)) {
            let (what, text) = clipboard_text(&self.stored.payload_shared());
            actions.push(Action::Copy { what, text });
        }
        if menu.item(&Item::new(icons::COPY, words::COPY_TIME.of(l))) {
            actions.push(Action::Copy { what: words::TIME, text: format::date_time(self.stored.arrived()) });
        }
        menu.separator();
        let topic = String::from_utf8(scene.model.topic_bytes(self.stored.id().node())).ok();
        let why = match topic {
            None => Some(words::TOPIC_NOT_UTF8.of(l)),
            Some(_) if !is_whole => Some(words::ONLY_HEAD_IS_HELD.of(l)),
            Some(_) => None,
        };
        if menu.item(&Item::new(icons::NOTE_PENCIL, words::COMPOSE_AGAIN.of(l)).unless(why))
            && let Some(topic) = topic
        {
            actions.push(PublishAction::Compose(received::outgoing(topic, &self.stored)));
        }
    }

    /// What is wrong with the message.
    fn warnings(&self, l: Language) -> impl Iterator<Item = String> {
        let violations = self.violations.iter().map(move |violation| words::violation(violation, l));
        violations.chain(self.departures.iter().map(move |departure| words::departure(departure, l)))
    }

    fn hover(&self, ui: &mut Ui, columns: HistoryColumns) {
        let HistoryColumns { now, language: l, .. } = columns;
        let Flags { qos, retain, dup } = self.stored.flags();
        let arrived = self.stored.arrived();
        ui.label(format!("{}   {}", format::date_time(arrived), format::ago(arrived, now, l)));
        ui.label(words::qos(qos).of(l));
        if retain {
            ui.label(words::RETAINED_MARK_HELP.of(l));
        }
        if dup {
            ui.label(words::DUP_MARK_HELP.of(l));
        }
        for warning in self.warnings(l) {
            ui.label(egui::RichText::new(warning).color(tokens(ui).warn));
        }
    }
}

/// The marks for QoS above 0 and for retained (R).
fn marks_of(flags: Flags) -> String {
    let qos = if flags.qos == QoS::AtMostOnce { String::new() } else { format!("Q{}", u8::from(flags.qos)) };
    format!("{qos}{}", if flags.retain { " R" } else { "" }).trim().to_owned()
}

/// The day as `11-22`.
fn day(at: Timestamp) -> String {
    format::date(at).get(5..).unwrap_or_default().to_owned()
}
