//! The topic's messages, newest first: a virtual table that reads only the visible rows.
//!
//! A message is found by its number along the topic's chain of messages. Markers every few hundred messages ensure that
//! a long chain is walked only once, in portions, and only as far as a person scrolls.

use std::collections::BTreeMap;

use eframe::egui::{
    self, Align, Color32, Id, Rect, Response, Sense, Stroke, StrokeKind, Ui, accesskit, pos2, vec2,
};

use crate::command::{Action, Actions, Outgoing, PublishAction, TopicAction};
use crate::message::{Flags, QoS, Timestamp};
use crate::model::{MessageId, Model, Stored, TopicInfo};
use crate::panels::inspector::content::clipboard_text;
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::scene::Scene;
use crate::payload::decode::Choice;
use crate::query::Readings;
use crate::store::settings::TimeFormat;
use crate::ui::focus::{self, Arrows};
use crate::ui::tokens::{RING, size, tokens};
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::widgets::one_line::one_line;
use crate::ui::widgets::virtual_list::{ListPlace, Move, ScrollTo, VirtualList, paint_galley};
use crate::ui::{icons, language, theme};
use crate::words::{Language, format, inspector as words, payload};

/// Height of a row.
const ROW_HEIGHT: f32 = 22.0;
/// Messages between two markers in the chain.
const MARK_EVERY: u64 = 256;
/// The most messages passed per frame on the way down the chain.
const STEPS_PER_FRAME: usize = 50_000;
/// Larger payloads cannot be copied from their row, which would take too long.
const COPIED_BYTES_MAX: u64 = 1 << 20;
/// Length of a preview, in characters.
const PREVIEW_CHARS: usize = 120;
/// The shortest time between two checks for new rows, because laying out text dominates a frame.
const LOOK_SECONDS: f64 = 0.1;

/// What the table keeps between frames.
#[derive(Debug, Default)]
pub struct HistoryView {
    place: ListPlace,
    marks: BTreeMap<u64, MessageId>,
    /// The message in the first row, and when it was looked up, by egui's clock.
    newest: Option<(MessageId, u64)>,
    looked_at: f64,
    scroll_to: Option<ScrollTo>,
    page: u64,
    readings: Readings,
    /// Number of the message selected by key that is still being looked for.
    wanted: Option<u64>,
}

/// The messages in the rows, from the newest down to the oldest that is held.
#[derive(Clone, Copy)]
struct Span<'a> {
    newest: Stored<'a>,
    oldest: u64,
}

impl Span<'_> {
    fn rows(&self) -> u64 {
        (self.newest.number() + 1).saturating_sub(self.oldest)
    }

    /// Number of the message in a row.
    fn number_at(&self, row: u64) -> Option<u64> {
        self.newest.number().checked_sub(row)
    }

    fn row_of(&self, number: u64) -> Option<u64> {
        self.newest.number().checked_sub(number)
    }
}

/// What the table shows.
#[derive(Clone, Copy, Debug)]
pub struct HistoryOf<'a> {
    /// The topic's messages.
    pub topic: TopicInfo<'a>,
    /// The message that the payload view shows.
    pub shown: Option<&'a InspectedMessage>,
    /// Whether the payload view follows the newest message.
    pub following: bool,
}

impl HistoryView {
    /// Scrolls to the newest rows.
    pub fn scroll_to_newest(&mut self) {
        self.place = ListPlace::default();
    }

    /// Draws the title line and the rows.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, of: HistoryOf<'_>, actions: &mut Actions) {
        let l = language(ui);
        let span = self.look(ui, scene.model, of);
        title(ui, span.rows(), of.following, actions);
        self.forget_evicted(span.oldest);
        if of.topic.evicted > 0 {
            evicted_line(ui, of.topic.evicted);
        }
        let columns = HistoryColumns::fit(ui, scene, of, l);
        let rows = span.rows();
        let id = ui.unique_id().with("history");
        let outer = ui.available_rect_before_wrap();
        let focus = ui.interact(outer, id, Sense::focusable_noninteractive());
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(accesskit::Role::Grid);
            node.set_label(words::HISTORY.of(l));
            node.set_row_count(rows as usize);
        });
        if focus.has_focus() {
            focus::keep_arrows(ui, id, Arrows::Vertical);
            self.keys(ui, span, of.shown);
        }
        self.go_to_wanted(ui, scene.model, span, actions);

        let list = VirtualList {
            name: words::HISTORY.of(l),
            rows,
            row_height: ROW_HEIGHT,
            scroll_to: self.scroll_to.take(),
        };
        let mut inner =
            ui.new_child(egui::UiBuilder::new().id_salt("rows").max_rect(outer).accessibility_parent(id));
        let mut place = self.place;
        let mut steps = STEPS_PER_FRAME;
        let mut at: Option<(u64, Stored<'_>)> = None;
        let has_keyboard = focus.has_focus();
        let mut readings = std::mem::take(&mut self.readings);
        let shown = list.show(&mut inner, &mut place, |ui, row, rect| {
            let Some(number) = span.number_at(row) else { return };
            let stored = match at.take() {
                // The row above held the message after this one.
                Some((above, stored)) if above == number + 1 => {
                    scene.model.history_before(stored.id()).next()
                }
                _ => self.find(scene.model, span, number, &mut steps),
            };
            let Some(stored) = stored else {
                if steps == 0 {
                    ui.request_repaint(); // finding it takes more than one frame
                }
                return;
            };
            let before = scene.model.history_before(stored.id()).next();
            let is_shown = of.shown.is_some_and(|message| message.id == stored.id());
            let entry = HistoryRow {
                row,
                stored,
                choice: readings.choice_of(scene.model, scene.rules, &stored),
                before: before.map(|before| before.arrived()),
                is_shown,
                has_keyboard,
            };
            let response = entry.show(ui, rect, id, columns);
            context_menu::show(&response, id, is_shown && has_keyboard, |menu| {
                entry.menu(menu, scene, actions);
            });
            if response.clicked() {
                actions.push(TopicAction::Inspect(Some(stored.id())));
                ui.memory_mut(|memory| memory.request_focus(id));
            }
            at = Some((number, stored));
        });
        self.readings = readings;
        self.place = place;
        self.page = shown.page;
        ui.advance_cursor_after_rect(outer);
    }

    /// The messages to show. While the newest is followed, the first row is the one in the payload view.
    fn look<'a>(&mut self, ui: &Ui, model: &'a Model, of: HistoryOf<'a>) -> Span<'a> {
        let oldest = (of.topic.newest.number() + 1).saturating_sub(of.topic.kept);
        let now = ui.input(|input| input.time);
        let wait = self.looked_at + LOOK_SECONDS - now;
        let followed = of.shown.filter(|_| of.following).map(|message| message.id);
        let before = self.newest.map(|(id, _)| id).filter(|_| wait > 0.0);
        let known = followed.or(before).and_then(|id| model.message(id));
        if known.is_none() {
            self.looked_at = now;
        } else if known.is_some_and(|known| known.number() < of.topic.newest.number()) && wait > 0.0 {
            ui.request_repaint_after_secs(wait as f32);
        }
        let newest = known.unwrap_or(of.topic.newest);
        self.hold_place(newest, of.following);
        Span { newest, oldest }
    }

    /// Keeps the rows in place while new ones arrive above, unless the newest is being followed.
    fn hold_place(&mut self, newest: Stored<'_>, following: bool) {
        if let Some((_, before)) = self.newest {
            let at_top = self.place.row == 0 && self.place.offset == 0.0;
            if !(at_top && following) {
                self.place.row += newest.number().saturating_sub(before);
            }
        }
        self.newest = Some((newest.id(), newest.number()));
    }

    /// Forgets the positions of messages that are gone.
    fn forget_evicted(&mut self, oldest: u64) {
        while let Some(mark) = self.marks.first_entry().filter(|mark| *mark.key() < oldest) {
            mark.remove();
        }
    }

    fn keys(&mut self, ui: &Ui, span: Span<'_>, shown: Option<&InspectedMessage>) {
        let Some(step) = Move::from_keys(ui) else { return };
        let current = self.wanted.or(shown.map(|message| message.number));
        let row = current.and_then(|number| span.row_of(number));
        if let Some(row) = step.apply(row, span.rows(), self.page) {
            self.wanted = span.number_at(row);
            self.scroll_to = Some(ScrollTo::Reveal(row));
        }
    }

    fn go_to_wanted(&mut self, ui: &Ui, model: &Model, span: Span<'_>, actions: &mut Actions) {
        // Messages that have left the history are no longer looked for.
        let held = span.oldest..=span.newest.number();
        self.wanted = self.wanted.filter(|number| held.contains(number));
        let Some(number) = self.wanted else { return };
        let mut steps = STEPS_PER_FRAME;
        match self.find(model, span, number, &mut steps) {
            Some(stored) => {
                actions.push(TopicAction::Inspect(Some(stored.id())));
                self.wanted = None;
            }
            None if steps == 0 => ui.request_repaint(),
            None => self.wanted = None,
        }
    }

    /// The message with this number, or `None` if finding it takes more than this frame; the next frame continues.
    fn find<'a>(
        &mut self,
        model: &'a Model,
        span: Span<'a>,
        number: u64,
        steps: &mut usize,
    ) -> Option<Stored<'a>> {
        let marked = self.marks.range(number..).next().and_then(|(_, id)| model.message(*id));
        let mut stored = marked.unwrap_or(span.newest);
        while stored.number() > number {
            *steps = steps.checked_sub(1)?;
            stored = model.history_before(stored.id()).next()?;
            if stored.number().is_multiple_of(MARK_EVERY) {
                self.marks.insert(stored.number(), stored.id());
            }
        }
        (stored.number() == number).then_some(stored)
    }
}

/// Draws `History  20 messages` and whether the newest is followed.
fn title(ui: &mut Ui, messages: u64, following: bool, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEADER), Sense::hover());
    let inside = rect.shrink2(vec2(size::PADDING, 0.0));
    let mut left = ui.new_child(
        egui::UiBuilder::new().max_rect(inside).layout(egui::Layout::left_to_right(Align::Center)),
    );
    left.label(egui::RichText::new(words::HISTORY.of(l)).font(theme::title_font()));
    let count = words::messages(messages, l);
    left.label(egui::RichText::new(count).font(theme::small_font()).color(t.text_muted));
    let mut right = ui.new_child(
        egui::UiBuilder::new()
            .id_salt("right")
            .max_rect(inside)
            .layout(egui::Layout::right_to_left(Align::Center)),
    );
    if following {
        right.spacing_mut().item_spacing.x = 4.0;
        right.label(
            egui::RichText::new(words::FOLLOWING_NEWEST.of(l)).font(theme::small_font()).color(t.text_muted),
        );
        right.label(
            egui::RichText::new(icons::CARET_DOUBLE_DOWN).font(theme::icon_font()).color(t.text_muted),
        );
    } else {
        let label = egui::RichText::new(words::FOLLOW_NEWEST.of(l)).font(theme::small_font());
        let button = right.add(egui::Button::new(label)).on_hover_text(words::FOLLOW_NEWEST_HELP.of(l));
        if button.clicked() {
            actions.push(TopicAction::Inspect(None));
        }
    }
}

fn evicted_line(ui: &mut Ui, evicted: u64) {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
    let text = words::evicted(evicted, l);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, &text));
    let galley = ui.painter().layout_no_wrap(text, theme::small_font(), t.warn);
    paint_galley(ui, rect.shrink2(vec2(size::PADDING, 0.0)), Align::Min, galley, t.warn);
    response.on_hover_text(words::EVICTED_HELP.of(l));
}

/// Positions of the table's columns, in points from its left edge.
#[derive(Clone, Copy)]
struct HistoryColumns {
    language: Language,
    with_date: bool,
    time_format: TimeFormat,
    now: Timestamp,
    time: f32,
    gap: f32,
    size: f32,
    marks: f32,
}

impl HistoryColumns {
    fn fit(ui: &Ui, scene: &Scene<'_>, of: HistoryOf<'_>, language: Language) -> Self {
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
            gap: if width >= 360.0 { chars(10.0) } else { 0.0 },
            size: chars(8.0),
            marks: if width >= 400.0 { chars(4.0) } else { 0.0 },
        }
    }
}

/// One row.
struct HistoryRow<'a> {
    row: u64,
    stored: Stored<'a>,
    choice: Option<Choice>,
    before: Option<Timestamp>,
    is_shown: bool,
    /// Whether the table has the focus.
    has_keyboard: bool,
}

impl HistoryRow<'_> {
    fn show(&self, ui: &Ui, rect: Rect, list: Id, columns: HistoryColumns) -> Response {
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
            let parts = [time.as_str(), &gap, &bytes, &flags, &value];
            let label: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
            egui::WidgetInfo::labeled(egui::Role::Row, true, label.join("  "))
        });
        let gap_s = self.before.map(|before| arrived.seconds_since(before));
        let said = words::history_row(&time, gap_s, &bytes, self.stored.flags(), &value, columns.language);
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_row_index(self.row as usize);
            node.set_description(said);
            node.set_selected(self.is_shown);
        });

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

    fn menu(&self, menu: &mut Menu<'_>, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(menu.ui());
        if menu.item(&Item::new(icons::EYE, words::SHOW_MESSAGE.of(l))) {
            actions.push(TopicAction::Inspect(Some(self.stored.id())));
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
            let Flags { qos, retain, .. } = self.stored.flags();
            let payload = self.stored.payload_shared();
            actions.push(PublishAction::Compose(Outgoing {
                topic,
                payload,
                qos,
                retain,
                ..Outgoing::default()
            }));
        }
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
