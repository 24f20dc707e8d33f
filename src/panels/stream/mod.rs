//! The stream: the messages below a node in order of arrival, live and recorded.
//!
//! It follows the newest until a person scrolls up. Filter chips must all hold; marks stay whatever is filtered. A
//! selected line is shown by the inspector. Only the lines that show are laid out, and finding them goes in slices.

mod chips;
mod lines;
mod row;

use std::time::Duration;

use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{
    Align, Button, Key, Label, Layout, Modifiers, PopupCloseBehavior, Response, RichText, Sense, Ui, vec2,
};

use crate::command::{Action, Actions, ExchangeAction, ExchangePurpose, TopicAction};
use crate::model::{MessageId, NodeId};
use crate::panels::PanelView;
use crate::panels::exchange::filter_below;
use crate::panels::marks::Marks;
use crate::panels::scene::Scene;
use crate::panels::stream::chips::Chips;
use crate::panels::stream::lines::{Line, Show, StreamLines};
use crate::panels::stream::row::{StreamCells, StreamColumn, StreamColumns};
use crate::payload::query::JsonPath;
use crate::payload::visible_line;
use crate::query::Criterion;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::controls::{arrow_atom, hairline, icon_button, named_combo};
use crate::ui::widgets::line_list::{LineList, LineSource as _};
use crate::ui::widgets::{empty, field};
use crate::ui::{icons, language, theme};
use crate::words::{Language, clipboard, exchange, stream as words, widgets};

/// In a panel narrower than this many points the header has two lines.
const TWO_LINES: f32 = 700.0;
/// How much of a frame finding messages may take.
const LOOK_SLICE: Duration = Duration::from_millis(3);
/// The time between two slices.
const LOOK_PAUSE: Duration = Duration::from_millis(16);
/// The most lines that are copied at once.
const COPIED_MAX: usize = 10_000;
/// The most payload fields as columns.
const FIELDS_MAX: usize = 8;
/// How many bytes of a topic are considered: more than a button has room for.
const TOPIC_BYTES_MAX: usize = 512;

/// The stream of one session.
#[derive(Debug, Default)]
pub struct StreamView {
    chips: Chips,
    below: Option<NodeId>,
    show: Show,
    lines: StreamLines,
    list: LineList,
    columns: StreamColumns,
    field: String,
    is_field_wrong: bool,
    cells: StreamCells,
    /// The last line that was seen while the list followed.
    seen: u64,
    inspected: Option<u64>,
    marks: Marks,
}

/// The names of the filters that are on, in a line.
pub fn summary_of_filters(criteria: &[Criterion], l: Language) -> String {
    chips::summary(criteria, l)
}

impl StreamView {
    /// Shows the messages at or below a node; `None` shows all.
    pub fn show_below(&mut self, node: Option<NodeId>) {
        self.below = node;
        self.list.follows = true;
    }

    /// Adds a filter.
    pub fn add_filter(&mut self, criterion: Criterion) {
        self.chips.criteria.push(criterion);
    }

    /// Marks a message, or takes the mark away.
    pub fn mark(&mut self, id: MessageId) {
        self.lines.toggle_mark(id);
    }
}

impl PanelView for StreamView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.lines.ask(&self.chips.criteria, self.below, self.show);
        if self.lines.look(scene, LOOK_SLICE) {
            ui.ctx().request_repaint_after(LOOK_PAUSE);
        }
        self.marks.refresh(scene.status);
        self.lines.settle(scene.model, &self.marks.outages);
        if ui.available_width() < TWO_LINES {
            line(ui, |ui| self.choices(ui, scene));
            line(ui, |ui| self.filters(ui, scene, actions));
        } else {
            line(ui, |ui| {
                self.choices(ui, scene);
                self.filters(ui, scene, actions);
            });
        }
        hairline(ui);
        if self.lines.rows() == 0 {
            self.nothing(ui, scene);
        } else {
            self.list(ui, scene, actions);
        }
    }

    fn cleared(&mut self) {
        let (chips, columns) = (std::mem::take(&mut self.chips), std::mem::take(&mut self.columns));
        *self = Self { chips, columns, show: self.show, ..Self::default() };
    }

    fn moves(&self) -> bool {
        self.list.follows
    }
}

/// Draws a line of the header.
fn line(ui: &mut Ui, draw: impl FnOnce(&mut Ui)) {
    let room = vec2(ui.available_width(), size::PANEL_HEADER);
    ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(size::PADDING);
        draw(ui);
    });
}

impl StreamView {
    /// Draws what is chosen to be listed.
    fn choices(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let l = language(ui);
        self.scope(ui, scene, l);
        keyed(ui, "show", |ui| {
            named_combo(ui, words::SHOW.of(l), self.show.label().of(l), |ui| {
                for show in Show::ALL {
                    ui.selectable_value(&mut self.show, show, show.label().of(l));
                }
            });
        });
        keyed(ui, "columns", |ui| self.choose_columns(ui, l));
    }

    /// Draws the filters, what they found, and what leads back.
    fn filters(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        keyed(ui, "chips", |ui| self.chips.show(ui));
        keyed(ui, "right", |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(size::PADDING);
                keyed(ui, "export", |ui| self.export(ui, scene, actions));
                self.position(ui, l);
                self.figures(ui, scene, l);
            });
        });
    }

    /// Draws the button that exports what passes the filters.
    fn export(&self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let (name, help) = (exchange::EXPORT_BELOW.of(l), exchange::EXPORT_SHOWN_HELP.of(l));
        if icon_button(ui, icons::FILE, name, help).clicked() {
            let topic = self.below.map(|node| scene.model.topic_bytes(node)).unwrap_or_default();
            let filter = filter_below(&String::from_utf8_lossy(&topic));
            let criteria = self.chips.criteria.clone();
            actions.push(ExchangeAction::Ask { purpose: ExchangePurpose::Export, filter, criteria });
        }
    }

    /// Draws the choice of what part of the tree is listed.
    fn scope(&mut self, ui: &mut Ui, scene: &Scene<'_>, l: Language) {
        let topic = |node: NodeId| {
            let mut bytes = scene.model.topic_bytes(node);
            bytes.truncate(TOPIC_BYTES_MAX);
            visible_line(&String::from_utf8_lossy(&bytes)).into_owned()
        };
        let chosen = self.below.map_or_else(|| words::ALL_TOPICS.of(l).to_owned(), topic);
        let offered = scene.selected.filter(|node| Some(*node) != self.below);
        let below = self.below;
        ui.scope(|ui| {
            ui.spacing_mut().combo_width = 120.0;
            named_combo(ui, words::SCOPE.of(l), &chips_text(&chosen), |ui| {
                if ui.selectable_label(below.is_none(), words::ALL_TOPICS.of(l)).clicked() {
                    self.below = None;
                }
                if let Some(node) = below {
                    ui.selectable_label(true, chips_text(&topic(node))).clicked();
                }
                if let Some(node) = offered
                    && ui.selectable_label(false, words::below(&chips_text(&topic(node)), l)).clicked()
                {
                    self.below = Some(node);
                }
            });
        });
    }

    fn choose_columns(&mut self, ui: &mut Ui, l: Language) {
        let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let button = Button::new((words::COLUMNS.of(l), arrow_atom())).min_size(vec2(0.0, 24.0));
        MenuButton::from_button(button).config(config).ui(ui, |ui| {
            ui.set_min_width(240.0);
            for column in StreamColumn::ALL {
                let mut shown = self.columns.shown.contains(&column);
                if check_box(ui, &mut shown, column.label().of(l)).changed() {
                    self.columns.toggle(column);
                }
            }
            ui.separator();
            let mut removed = None;
            for (index, path) in self.columns.fields.iter().enumerate() {
                let mut shown = true;
                if check_box(ui, &mut shown, &path.to_string()).changed() {
                    removed = Some(index);
                }
            }
            if let Some(index) = removed {
                self.columns.fields.remove(index);
            }
            let hint = RichText::new(words::FIELD_HINT.of(l)).color(tokens(ui).text_muted);
            let edit =
                field::line(ui, words::FIELD.of(l), field::FILTER_BYTES_MAX, &mut self.field, |edit| {
                    edit.hint_text(hint).desired_width(220.0)
                });
            let is_asked = edit.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            if self.is_field_wrong {
                ui.label(RichText::new(words::NO_FIELD.of(l)).color(tokens(ui).error));
            }
            if ui.button(words::ADD_FIELD.of(l)).clicked() || is_asked {
                match self.field.parse::<JsonPath>() {
                    Ok(path) if self.columns.fields.len() < FIELDS_MAX => {
                        self.columns.fields.push(path);
                        self.field.clear();
                        self.is_field_wrong = false;
                    }
                    _ => self.is_field_wrong = true,
                }
            }
        });
    }

    /// Draws what leads back: to what is hidden above, and to the newest below.
    fn position(&mut self, ui: &mut Ui, l: Language) {
        if !self.list.follows {
            let new = self.lines.rows().saturating_sub(self.lines.row(self.seen.saturating_add(1)));
            let text = RichText::new(words::go_to_end(new, l)).font(theme::small_font());
            let button = ui.add(Button::new(text)).on_hover_text(words::GO_TO_END_HELP.of(l));
            self.list.follows = button.clicked();
        }
        if self.lines.from.is_some() {
            let text = RichText::new(words::show_earlier(self.lines.hidden(), l)).font(theme::small_font());
            if ui.add(Button::new(text)).on_hover_text(words::SHOW_EARLIER_HELP.of(l)).clicked() {
                self.lines.from = None;
            }
        } else if icon_button(ui, icons::BROOM, words::FROM_HERE.of(l), words::FROM_HERE_HELP.of(l)).clicked()
        {
            self.hide_earlier();
        }
    }

    fn figures(&self, ui: &mut Ui, scene: &Scene<'_>, l: Language) {
        let t = tokens(ui);
        let (shown, progress) = (self.lines.messages(), self.lines.progress(scene.model));
        let text = words::found(shown, self.lines.looked_at(), progress, self.lines.is_filtering(), l);
        let text = RichText::new(text).color(t.text_muted).font(theme::small_font());
        ui.add(Label::new(text).truncate().sense(Sense::hover())).on_hover_text(words::FOUND_HELP.of(l));
    }

    /// Hides what lies before the selected line, or everything so far.
    fn hide_earlier(&mut self) {
        let selected = self.list.selection.map(|selection| selection.anchor.min(selection.head) / 2);
        let last = self.lines.rows().checked_sub(1).and_then(|row| self.lines.number(row));
        self.lines.from = selected.or(last.map(|number| number / 2 + 1));
        self.list.selection = None;
        self.list.follows = true;
    }

    fn nothing(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let l = language(ui);
        if self.lines.from.is_some() {
            empty::show(ui, words::NOTHING_SINCE.of(l), words::NOTHING_SINCE_HELP.of(l));
        } else if self.show == Show::Marks {
            empty::show(ui, words::NO_MARKS.of(l), words::NO_MARKS_HELP.of(l));
        } else if !self.lines.is_filtering() {
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
        } else if self.lines.progress(scene.model) < 1.0 {
            empty::show(ui, words::SEARCHING.of(l), "");
        } else {
            empty::show_with(ui, words::NOTHING_FOUND.of(l), words::NOTHING_FOUND_HELP.of(l), |ui| {
                if ui.button(widgets::CLEAR_FILTER.of(l)).clicked() {
                    self.chips.criteria.clear();
                    self.below = None;
                }
            });
        }
    }

    fn list(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        self.columns.heading(ui, l);
        let asked = format!("{} {:?} {:?}", chips::summary(&self.chips.criteria, l), self.below, self.show);
        let Self { lines, list, columns, cells, .. } = self;
        cells.begin(l, columns, asked);
        // Drawing a line may learn whether a topic passes, which does not change which lines there are.
        let source = std::cell::RefCell::new(lines);
        let answer = list.show(ui, words::TITLE.of(l), &Shared(&source), |ui, row| {
            let line = source.borrow().line(row.number);
            match line {
                Some(Line::Message(id)) => scene.model.message(id).is_some_and(|stored| {
                    cells.paint(ui, row, &stored, scene, &mut source.borrow_mut(), columns, l)
                }),
                Some(Line::Break(line)) => {
                    row::paint_break(ui, row, &line, l);
                    false
                }
                None => false,
            }
        });
        cells.end();
        if self.list.follows {
            let last = self.lines.rows().checked_sub(1).and_then(|row| self.lines.number(row));
            self.seen = last.unwrap_or(self.seen);
        }
        if answer.copy {
            self.copy(scene, actions);
        }
        if answer.response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::M)) {
            self.toggle_marks(scene);
        }
        self.menu(&answer.response, scene, actions);
        self.inspect(actions);
    }

    /// Lets the inspector show a line that was selected alone.
    fn inspect(&mut self, actions: &mut Actions) {
        let one = self.list.selection.filter(|selection| selection.anchor == selection.head);
        let number = one.map(|selection| selection.head);
        if number != self.inspected {
            self.inspected = number;
            if let Some(Line::Message(id)) = number.and_then(|number| self.lines.line(number)) {
                actions.push(TopicAction::Select(id.node()));
                actions.push(TopicAction::Inspect(Some(id)));
            }
        }
    }

    /// The messages of the selected lines, up to a bound.
    fn selected(&self) -> Vec<MessageId> {
        let Some(selection) = self.list.selection else { return Vec::new() };
        let (first, last) = (selection.anchor.min(selection.head), selection.anchor.max(selection.head));
        let rows = self.lines.row(first)..self.lines.rows();
        let numbers = rows.map_while(|row| self.lines.number(row)).take_while(|number| *number <= last);
        let messages = numbers.filter_map(|number| match self.lines.line(number) {
            Some(Line::Message(id)) => Some(id),
            _ => None,
        });
        messages.take(COPIED_MAX).collect()
    }

    fn toggle_marks(&mut self, scene: &Scene<'_>) {
        for id in self.selected() {
            if scene.model.message(id).is_some() {
                self.lines.toggle_mark(id);
            }
        }
    }

    fn copy(&self, scene: &Scene<'_>, actions: &mut Actions) {
        let mut text = String::new();
        for id in self.selected() {
            if let Some(stored) = scene.model.message(id) {
                text.push_str(&row::copied(&stored, &scene.model.topic_bytes(id.node())));
            }
        }
        if !text.is_empty() {
            actions.push(Action::Copy { what: clipboard::MESSAGES, text });
        }
    }

    fn menu(&mut self, response: &Response, scene: &Scene<'_>, actions: &mut Actions) {
        context_menu::show(response, response.id, response.has_focus(), |menu| {
            let l = language(menu.ui());
            let selected = self.list.selection.map(|selection| selection.head);
            let why = selected.is_none().then_some(widgets::NOTHING_SELECTED.of(l));
            if menu
                .item(&Item::new(icons::BOOKMARK_SIMPLE, words::MARK.of(l)).keys("M".to_owned()).unless(why))
            {
                self.toggle_marks(scene);
            }
            if menu.item(&Item::new(icons::BROOM, words::FROM_HERE.of(l)).unless(why)) {
                self.hide_earlier();
            }
            let node = selected.and_then(|number| match self.lines.line(number) {
                Some(Line::Message(id)) => Some(id.node()),
                _ => None,
            });
            if menu.item(&Item::new(icons::FUNNEL, words::ONLY_THIS_TOPIC.of(l)).unless(why))
                && let Some(node) = node
            {
                self.show_below(Some(node));
            }
            menu.separator();
            if menu.item(&Item::new(icons::COPY, words::COPY.of(l)).unless(why)) {
                self.copy(scene, actions);
            }
        });
    }
}

/// Lines that the list reads while a row that is drawn may learn.
struct Shared<'a, 'b>(&'a std::cell::RefCell<&'b mut StreamLines>);

impl crate::ui::widgets::line_list::LineSource for Shared<'_, '_> {
    fn rows(&self) -> u64 {
        self.0.borrow().rows()
    }

    fn number(&self, row: u64) -> Option<u64> {
        self.0.borrow().number(row)
    }

    fn row(&self, number: u64) -> u64 {
        self.0.borrow().row(number)
    }
}

/// A topic as short as a choice: its end says most.
fn chips_text(topic: &str) -> String {
    const CHARS_MAX: usize = 28;
    let chars = topic.chars().count();
    if chars <= CHARS_MAX {
        return topic.to_owned();
    }
    let end: String = topic.chars().skip(chars - CHARS_MAX).collect();
    format!("…{end}")
}
