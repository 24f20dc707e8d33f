//! The topic's messages, newest first: a virtual table that reads only the visible rows.
//!
//! A message is found by its number along the topic's chain of messages. Markers every few hundred messages ensure that
//! a long chain is walked only once, in portions, and only as far as a person scrolls.

use std::collections::BTreeMap;

use eframe::egui::{self, Align, Popup, RichText, Sense, Ui, accesskit, vec2};

use crate::command::{Action, Actions, ExchangeAction, ExchangePurpose, PlotAction, TopicAction};
use crate::model::{MessageId, Model, NodeId, Stored, TopicInfo};
use crate::panels::inspector::change_watch::ChangeWatch;
use crate::panels::inspector::history_list::{FieldTable, HistoryExport, Listed};
use crate::panels::inspector::history_row::{HeadingWish, HistoryColumns, HistoryRow, ROW_HEIGHT};
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::inspector::shape_watch::ShapeWatch;
use crate::panels::scene::Scene;
use crate::panels::validity::Validities;
use crate::payload::decode::Violation;
use crate::payload::query::JsonPath;
use crate::query::Readings;
use crate::session::behind::EarlierHistory;
use crate::ui::focus::{self, Arrows};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::context_menu;
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::field;
use crate::ui::widgets::virtual_list::{ListPlace, Move, ScrollTo, VirtualList, paint_galley};
use crate::ui::{icons, language, theme};
use crate::words::{exchange, inspector as words, search};

/// Messages between two markers in the chain.
const MARK_EVERY: i64 = 256;
/// The most messages passed per frame on the way down the chain.
const STEPS_PER_FRAME: usize = 50_000;
/// Height of the bar of the filter.
const BAR_HEIGHT: f32 = 30.0;
/// The shortest time between two checks for new rows, because laying out text dominates a frame.
const LOOK_SECONDS: f64 = 0.1;

/// What the table keeps between frames.
#[derive(Debug, Default)]
pub struct HistoryView {
    place: ListPlace,
    marks: BTreeMap<i64, MessageId>,
    /// The message in the first row, and when it was looked up, by egui's clock.
    newest: Option<(MessageId, i64)>,
    looked_at: f64,
    scroll_to: Option<ScrollTo>,
    page: u64,
    readings: Readings,
    validities: Validities,
    list: FieldTable,
    /// Number of the message selected by key that is still being looked for.
    wanted: Option<i64>,
}

/// What is to be exported.
enum HistoryWish {
    /// The rows as a table.
    Rows(HistoryExport),
    /// The messages, by the form for that.
    Messages,
}

/// The messages in the rows, from the newest down to the oldest that is held.
#[derive(Clone, Copy)]
struct Span<'a> {
    newest: Stored<'a>,
    oldest: i64,
}

impl Span<'_> {
    fn rows(&self) -> u64 {
        u64::try_from(self.newest.number() + 1 - self.oldest).unwrap_or_default()
    }

    /// Number of the message in a row.
    fn number_at(&self, row: u64) -> Option<i64> {
        self.newest.number().checked_sub_unsigned(row).filter(|number| *number >= self.oldest)
    }

    fn row_of(&self, number: i64) -> Option<u64> {
        u64::try_from(self.newest.number() - number).ok()
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
    /// Which messages depart from the topic's shape.
    pub shape: &'a ShapeWatch,
    /// The message that the shown one is compared with.
    pub compared: Option<MessageId>,
}

impl HistoryView {
    /// The view of another topic, which keeps the columns of all.
    #[must_use]
    pub fn of_next_topic(self) -> Self {
        Self { list: self.list.of_next_topic(), ..Self::default() }
    }

    /// The fields that are columns of a topic.
    pub fn columns(&self, node: NodeId) -> &[JsonPath] {
        self.list.columns(node)
    }

    /// Shows a field as a column, or no longer. False if there are as many as there may be.
    pub fn toggle_column(&mut self, node: NodeId, path: JsonPath) -> bool {
        self.list.toggle_column(node, path)
    }

    /// Scrolls to the newest rows.
    pub fn scroll_to_newest(&mut self) {
        self.place = ListPlace::default();
    }

    /// Draws the title line and the rows.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        of: HistoryOf<'_>,
        marked: &mut ChangeWatch,
        actions: &mut Actions,
    ) {
        let l = language(ui);
        let span = self.look(ui, scene.model, of);
        self.above(ui, scene, of, span, marked, actions);
        let mut readings = std::mem::take(&mut self.readings);
        let mut validities = std::mem::take(&mut self.validities);
        if let Some(stored) = of.shown.and_then(|shown| scene.model.message(shown.id)) {
            let choice = readings.choice_of(scene.model, scene.rules, &stored);
            validities.of(&stored, choice.as_ref());
        }
        let node = of.topic.newest.id().node();
        let with_fields = !self.list.columns(node).is_empty();
        let columns = HistoryColumns::fit(ui, scene, of, with_fields, l);
        if with_fields {
            self.headings(ui, columns, node, actions);
        }
        let listed = self.list.listed().map(|listed| listed.messages.clone());
        let rows = listed.as_ref().map_or(span.rows(), |listed| listed.len() as u64);
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
            match &listed {
                Some(listed) => self.keys_in_list(ui, listed, of.shown, actions),
                None => self.keys(ui, span, of.shown),
            }
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
        let mut at: Option<Stored<'_>> = None;
        let has_keyboard = focus.has_focus();
        let shown = list.show(&mut inner, &mut place, |ui, row, rect| {
            let stored = if let Some(listed) = &listed {
                listed.get(row as usize).and_then(|id| scene.model.message(*id))
            } else {
                self.stored_at(scene.model, span, row, at.take(), &mut steps)
            };
            let Some(stored) = stored else {
                if steps == 0 {
                    ui.request_repaint(); // finding it takes more than one frame
                }
                return;
            };
            let before = scene.model.history_before(stored.id()).next();
            let is_shown = of.shown.is_some_and(|message| message.id == stored.id());
            let choice = readings.choice_of(scene.model, scene.rules, &stored);
            let fields = if with_fields {
                self.list.fields(stored.id(), stored.payload(), choice.as_ref())
            } else {
                &[]
            };
            let violations = validities.of(&stored, choice.as_ref()).unwrap_or_default();
            let entry = HistoryRow {
                row,
                stored,
                choice,
                fields,
                departures: of.shape.departures(stored.id()),
                violations,
                before: before.map(|before| before.arrived()),
                is_shown,
                is_compared: of.compared == Some(stored.id()),
                has_keyboard,
            };
            let response = entry.show(ui, rect, id, columns);
            context_menu::show(&response, id, is_shown && has_keyboard, |menu| {
                entry.menu(menu, scene, actions);
            });
            if response.clicked() && ui.input(|input| input.modifiers.command) && !is_shown {
                actions.push(entry.compare());
                ui.memory_mut(|memory| memory.request_focus(id));
            } else if response.clicked() {
                actions.push(TopicAction::Inspect(Some(stored.id())));
                ui.memory_mut(|memory| memory.request_focus(id));
            }
            at = Some(stored);
        });
        self.readings = readings;
        validities.work(ui.ctx(), scene.rules);
        self.validities = validities;
        self.place = place;
        self.page = shown.page;
        if listed.is_none() {
            self.read_on(scene, rows, actions);
        }
        ui.advance_cursor_after_rect(outer);
    }

    /// Reads on in the recording once the list was scrolled to its end.
    fn read_on(&self, scene: &Scene<'_>, rows: u64, actions: &mut Actions) {
        let has_more = matches!(scene.earlier_history, Some(EarlierHistory::NotRead | EarlierHistory::More));
        if has_more && self.place.row > 0 && self.place.row + self.page >= rows {
            actions.push(TopicAction::ReadEarlier);
        }
    }

    /// How a message that is listed breaks its schema, as far as that is known.
    pub fn violations(&self, id: MessageId) -> &[Violation] {
        self.validities.known(id)
    }

    /// Draws the headings of the columns of fields, and does what is asked of them.
    fn headings(&mut self, ui: &mut Ui, columns: HistoryColumns, node: NodeId, actions: &mut Actions) {
        let fields = self.list.columns(node);
        match columns.headings(ui, fields, self.list.sort()) {
            Some(HeadingWish::Sort(key)) => self.list.sort_by(key),
            Some(HeadingWish::Plot(index)) => {
                let path = fields.get(index).cloned();
                actions.push(PlotAction::Add { node, path });
            }
            None => {}
        }
    }

    /// Draws what stands above the rows: the title, the filter, and what is no longer held.
    fn above(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        of: HistoryOf<'_>,
        span: Span<'_>,
        marked: &mut ChangeWatch,
        actions: &mut Actions,
    ) {
        self.list.prepare(ui.ctx(), scene, of.topic, &mut self.readings);
        match title(ui, span.rows(), of.following, &mut self.list, marked, actions) {
            Some(HistoryWish::Rows(export)) => {
                self.list.export(ui.ctx(), scene, of.topic, export, &mut self.readings);
            }
            Some(HistoryWish::Messages) => {
                let topic = scene.model.topic_bytes(of.topic.newest.id().node());
                let filter = String::from_utf8_lossy(&topic).into_owned();
                let purpose = ExchangePurpose::Export;
                actions.push(ExchangeAction::Ask { purpose, filter, criteria: Vec::new() });
            }
            None => {}
        }
        if let Some((name, bytes)) = self.list.take_export() {
            actions.push(Action::Save { name: name.to_owned(), bytes });
        }
        filter_bar(ui, &mut self.list);
        self.forget_evicted(span.oldest);
        match scene.earlier_history {
            Some(state) => keyed(ui, "earlier", |ui| earlier_line(ui, state, actions)),
            None if of.topic.evicted > 0 => keyed(ui, "earlier", |ui| evicted_line(ui, of.topic.evicted)),
            None => {}
        }
    }

    /// The message in a row of all messages. `above` is the one in the row above, if it was drawn.
    fn stored_at<'a>(
        &mut self,
        model: &'a Model,
        span: Span<'a>,
        row: u64,
        above: Option<Stored<'a>>,
        steps: &mut usize,
    ) -> Option<Stored<'a>> {
        let number = span.number_at(row)?;
        match above {
            Some(above) if above.number() == number + 1 => model.history_before(above.id()).next(),
            _ => self.find(model, span, number, steps),
        }
    }

    /// The messages to show. While the newest is followed, the first row is the one in the payload view.
    fn look<'a>(&mut self, ui: &Ui, model: &'a Model, of: HistoryOf<'a>) -> Span<'a> {
        let oldest = (of.topic.newest.number() + 1).saturating_sub_unsigned(of.topic.kept);
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
            if !(at_top && following) && self.list.listed().is_none() {
                self.place.row += u64::try_from(newest.number() - before).unwrap_or_default();
            }
        }
        self.newest = Some((newest.id(), newest.number()));
    }

    /// Forgets the positions of messages that are gone.
    fn forget_evicted(&mut self, oldest: i64) {
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

    /// The keys while only some messages are listed, or in another order.
    fn keys_in_list(
        &mut self,
        ui: &Ui,
        listed: &[MessageId],
        shown: Option<&InspectedMessage>,
        actions: &mut Actions,
    ) {
        let Some(step) = Move::from_keys(ui) else { return };
        let row = shown.and_then(|message| listed.iter().position(|id| *id == message.id));
        let Some(row) = step.apply(row.map(|row| row as u64), listed.len() as u64, self.page) else { return };
        if let Some(id) = listed.get(row as usize) {
            actions.push(TopicAction::Inspect(Some(*id)));
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
        number: i64,
        steps: &mut usize,
    ) -> Option<Stored<'a>> {
        let marked = self.marks.range(number..).next().and_then(|(_, id)| model.message(*id));
        let mut stored = marked.unwrap_or(span.newest);
        while stored.number() > number {
            *steps = steps.checked_sub(1)?;
            stored = model.history_before(stored.id()).next()?;
            if stored.number() % MARK_EVERY == 0 {
                self.marks.insert(stored.number(), stored.id());
            }
        }
        (stored.number() == number).then_some(stored)
    }
}

/// Draws `History  20 messages`, the buttons of the table and whether the newest is followed. Returns how the table is to
/// be exported, if it is.
fn title(
    ui: &mut Ui,
    messages: u64,
    following: bool,
    list: &mut FieldTable,
    marked: &mut ChangeWatch,
    actions: &mut Actions,
) -> Option<HistoryWish> {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEADER), Sense::hover());
    let inside = rect.shrink2(vec2(size::PADDING, 0.0));
    let mut left = ui.new_child(
        egui::UiBuilder::new().max_rect(inside).layout(egui::Layout::left_to_right(Align::Center)),
    );
    left.label(egui::RichText::new(words::HISTORY.of(l)).font(theme::title_font()));
    let count = words::messages(messages, l);
    left.label(egui::RichText::new(count).font(theme::small_font()).color(t.text_muted));
    left.spacing_mut().item_spacing.x = 0.0;
    let (name, help) = (words::FILTER_HISTORY.of(l), words::FILTER_HISTORY_HELP.of(l));
    if icon_button(&mut left, icons::FUNNEL, name, help).clicked() {
        list.filter = if list.filter.is_some() { None } else { Some(String::new()) };
        list.takes_focus = true;
        list.changed();
    }
    let (name, help) = (words::EXPORT_HISTORY.of(l), words::EXPORT_HISTORY_HELP.of(l));
    let mut exports = None;
    Popup::menu(&icon_button(&mut left, icons::FLOPPY_DISK, name, help)).show(|ui| {
        for export in HistoryExport::ALL {
            if ui.button(words::export_as(export.writes_json(), export.decodes()).of(l)).clicked() {
                exports = Some(HistoryWish::Rows(export));
                ui.close();
            }
        }
        ui.separator();
        let whole =
            ui.button(exchange::EXPORT_BELOW.of(l)).on_hover_text(exchange::EXPORT_HISTORY_HELP.of(l));
        if whole.clicked() {
            exports = Some(HistoryWish::Messages);
            ui.close();
        }
    });
    marked.button(&mut left);
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
    exports
}

/// Draws the field that filters the history, how many messages pass, and why a text is no condition.
fn filter_bar(ui: &mut Ui, list: &mut FieldTable) {
    let (error, count) = (
        list.filter_error(),
        list.listed().map(|Listed { messages, looked_at }| (messages.len(), *looked_at)),
    );
    let Some(filter) = &mut list.filter else { return };
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR_HEIGHT), Sense::hover());
    let inside = rect.shrink2(vec2(size::PADDING, 0.0));
    let layout = egui::Layout::left_to_right(Align::Center);
    let builder =
        egui::UiBuilder::new().scope_id(ui.scope_id().with("filter")).max_rect(inside).layout(layout);
    let mut bar = ui.new_child(builder);
    let before = filter.clone();
    let hint = RichText::new(words::FILTER_HINT.of(l)).color(t.text_muted);
    let width = (inside.width() * 0.5).clamp(100.0, 280.0);
    let response =
        field::line(&mut bar, words::HISTORY_FILTER.of(l), field::FILTER_BYTES_MAX, filter, |edit| {
            edit.hint_text(hint).desired_width(width)
        });
    if std::mem::take(&mut list.takes_focus) {
        response.request_focus();
    }
    let is_changed = *filter != before;
    let (text, color) = match (error, count) {
        (Some(error), _) => (search::condition(&error, l), t.error),
        (None, Some((listed, of))) if !filter.is_empty() => (words::listed(listed, of, l), t.text_muted),
        _ => (String::new(), t.text_muted),
    };
    bar.add(egui::Label::new(RichText::new(text).font(theme::small_font()).color(color)).truncate());
    if is_changed {
        list.changed();
        ui.request_repaint();
    }
}

/// Says how far the recording was read, and offers to read on.
fn earlier_line(ui: &mut Ui, state: &EarlierHistory, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BAR_HEIGHT), Sense::hover());
    let inside = rect.shrink2(vec2(size::PADDING, 0.0));
    let layout = egui::Layout::right_to_left(Align::Center);
    let mut line = ui.new_child(egui::UiBuilder::new().max_rect(inside).layout(layout));
    let can_read = matches!(state, EarlierHistory::NotRead | EarlierHistory::More);
    let label = RichText::new(words::READ_EARLIER.of(l)).font(theme::small_font());
    let button = line.add_enabled(can_read, egui::Button::new(label));
    if button.on_hover_text(words::READ_EARLIER_HELP.of(l)).clicked() {
        actions.push(TopicAction::ReadEarlier);
    }
    let color = if matches!(state, EarlierHistory::Failed(_)) { t.error } else { t.text_muted };
    let text = RichText::new(words::earlier(state, l)).font(theme::small_font()).color(color);
    line.with_layout(egui::Layout::left_to_right(Align::Center), |line| {
        line.add(egui::Label::new(text).truncate());
    });
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
