//! The connection log: every step of the connection, with its time, as it was said by the session.
//!
//! It follows its end until it is scrolled up. Lines can be filtered, selected and copied; a line that is too long for
//! its row shows whole where the pointer rests.

mod lines;

use eframe::egui::{
    self, Align, Context, Event, EventFilter, Id, Key, Layout, Modifiers, Rect, Response, RichText, Role,
    Sense, Stroke, StrokeKind, TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use self::lines::{Filter, Levels, Lines, Selection};

use crate::app::action::{Action, Actions};
use crate::session::status::{Level, LogLine, Status};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::controls::{hairline, icon_button, named_combo};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::virtual_list::{Move, Place, ScrollTo, Shown, VirtualList};
use crate::ui::{Frame, Panel, format, icons, theme};

const ROW_HEIGHT: f32 = 22.0;
const TIME_WIDTH: f32 = 96.0;
const MARK_WIDTH: f32 = 24.0;
/// More of a line is not shown in a tooltip, but copied whole.
const TOOLTIP_BYTES_MAX: usize = 4_096;

/// The log of one session.
#[derive(Debug)]
pub struct LogView {
    filter: Filter,
    lines: Lines,
    place: Place,
    /// Whether new lines scroll the list.
    follows: bool,
    selection: Option<Selection>,
    scroll_to: Option<ScrollTo>,
}

impl Default for LogView {
    fn default() -> Self {
        Self {
            filter: Filter::default(),
            lines: Lines::default(),
            place: Place::default(),
            follows: true,
            selection: None,
            scroll_to: None,
        }
    }
}

impl Panel for LogView {
    fn update(&mut self, _ctx: &Context, _frame: &Frame<'_>, _actions: &mut Actions) {}

    fn show(&mut self, ui: &mut Ui, frame: &Frame<'_>, actions: &mut Actions) {
        self.lines.refresh(frame.status, &self.filter);
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), size::PANEL_HEADER),
            Layout::left_to_right(Align::Center),
            |ui| self.header(ui, frame.status, actions),
        );
        hairline(ui);
        if frame.status.log.is_empty() {
            empty::show(
                ui,
                "No lines yet",
                "Every step of the connection appears here: what was tried, and what came of it",
            );
        } else if self.lines.len() == 0 {
            self.nothing_found(ui);
        } else {
            self.list(ui, frame.status, actions);
        }
    }
}

impl LogView {
    fn header(&mut self, ui: &mut Ui, status: &Status, actions: &mut Actions) {
        ui.add_space(size::PADDING);
        named_combo(ui, "Log level", self.filter.levels.name(), |ui| {
            for (levels, name) in Levels::ALL {
                ui.selectable_value(&mut self.filter.levels, levels, name);
            }
        });
        let width = (ui.available_width() - 220.0).clamp(80.0, 240.0);
        ui.add(TextEdit::singleline(&mut self.filter.text).hint_text("Filter").desired_width(width))
            .accessible_name("Filter log");
        self.lines.refresh(status, &self.filter);

        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            ui.add_enabled_ui(self.lines.len() > 0, |ui| {
                let (what, help) = if self.filter.is_empty() {
                    ("log", "Copies all lines")
                } else {
                    ("filtered log", "Copies the lines that show")
                };
                if icon_button(ui, icons::COPY, "Copy log", help).clicked() {
                    actions.push(Action::Copy { what, text: self.lines.text(status, None) });
                }
                if !self.follows
                    && ui.button("Go to end").on_hover_text("Shows new lines as they come").clicked()
                {
                    self.follows = true;
                }
            });
            let t = tokens(ui);
            let count = if self.filter.is_empty() {
                format::plural(self.lines.len() as u64, "line", "lines")
            } else {
                format!(
                    "{} of {}",
                    format::count(self.lines.len() as u64),
                    format::count(status.log.len() as u64)
                )
            };
            ui.label(RichText::new(count).color(t.text_muted).font(theme::small_font()));
        });
    }

    fn nothing_found(&mut self, ui: &mut Ui) {
        empty::show_with(ui, "No line matches", "Other words or another level may show some", |ui| {
            if ui.button("Clear filter").clicked() {
                self.filter = Filter::default();
            }
        });
    }

    fn list(&mut self, ui: &mut Ui, status: &Status, actions: &mut Actions) {
        let rows = self.lines.len() as u64;
        let id = ui.scope_id().with("log rows");
        let scroll_to = self.scroll_to.take().or(self.follows.then_some(ScrollTo::Reveal(rows - 1)));
        let focused = ui.memory(|memory| memory.has_focus(id));
        let list = VirtualList { name: "Log", rows, row_height: ROW_HEIGHT, scroll_to };
        let (lines, selection) = (&self.lines, self.selection);
        let mut hidden = Vec::new();
        let shown = list.show(ui, &mut self.place, |ui, row, rect| {
            let Some((number, line)) =
                lines.number(row).and_then(|number| Some((number, lines::line(status, number)?)))
            else {
                return;
            };
            let selected = selection.is_some_and(|selection| selection.contains(number));
            if paint_row(ui, id.with(number), rect, line, selected) {
                hidden.push(row);
            }
        });
        if shown.moved {
            self.follows = self.place.row + shown.page >= rows;
        }
        self.interact(ui, id, &shown, &hidden, status, actions);
        if focused {
            let ring = Stroke::new(1.5, tokens(ui).accent);
            ui.painter().rect_stroke(shown.rect.shrink(1.0), size::RADIUS, ring, StrokeKind::Inside);
        }
    }

    /// One interaction for the whole list: a row is found by where the pointer is.
    fn interact(
        &mut self,
        ui: &mut Ui,
        id: Id,
        shown: &Shown,
        hidden: &[u64],
        status: &Status,
        actions: &mut Actions,
    ) {
        let response = ui.interact(shown.rect, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::List, true, "Log lines"));
        let rows = self.lines.len() as u64;
        let place = self.place;
        let row_at = |y: f32| {
            let row =
                ((y - shown.rect.top() + place.offset) / ROW_HEIGHT).floor().max(0.0) as u64 + place.row;
            row.min(rows.saturating_sub(1))
        };
        let pointer = response.interact_pointer_pos();
        let pressed = response.is_pointer_button_down_on() && ui.input(|input| input.pointer.any_pressed());
        if let Some(pointer) = pointer
            && let Some(number) = self.lines.number(row_at(pointer.y))
        {
            let extend = ui.input(|input| input.modifiers.shift) || (response.dragged() && !pressed);
            let secondary =
                ui.input(|input| input.pointer.secondary_down() || input.pointer.secondary_released());
            let inside = self.selection.is_some_and(|selection| selection.contains(number));
            match &mut self.selection {
                Some(_) if secondary && inside => {}
                Some(selection) if extend => selection.head = number,
                _ => self.selection = Some(Selection::one(number)),
            }
            response.request_focus();
        }
        self.keys(ui, &response, shown, status, actions);
        self.menu(&response, status, actions);
        if let Some(pointer) = response.hover_pos()
            && hidden.contains(&row_at(pointer.y))
            && let Some(line) =
                self.lines.number(row_at(pointer.y)).and_then(|number| lines::line(status, number))
        {
            response.on_hover_text_at_pointer(full_text(line));
        }
    }

    fn keys(
        &mut self,
        ui: &mut Ui,
        response: &Response,
        shown: &Shown,
        status: &Status,
        actions: &mut Actions,
    ) {
        if !response.has_focus() {
            return;
        }
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let rows = self.lines.len() as u64;
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A))
            && let (Some(first), Some(last)) =
                (self.lines.number(0), self.lines.number(rows.saturating_sub(1)))
        {
            self.selection = Some(Selection { anchor: first, head: last });
        }
        if ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy))) {
            self.copy_selection(status, actions);
        }
        if let Some(movement) = Move::from_keys(ui) {
            let row = self.selection.map(|selection| self.lines.row(selection.head));
            if let Some(row) = movement.apply(row, rows, shown.page)
                && let Some(number) = self.lines.number(row)
            {
                self.selection = Some(Selection::one(number));
                self.scroll_to = Some(ScrollTo::Reveal(row));
                self.follows = row + 1 == rows;
                ui.ctx().request_repaint();
            }
        }
    }

    fn menu(&self, response: &Response, status: &Status, actions: &mut Actions) {
        response.context_menu(|ui| {
            let many = self.selection.is_some_and(|selection| selection.anchor != selection.head);
            let label = if many { "Copy lines" } else { "Copy line" };
            if ui.add_enabled(self.selection.is_some(), egui::Button::new(label)).clicked() {
                self.copy_selection(status, actions);
                ui.close();
            }
            if ui.button("Copy all").clicked() {
                actions.push(Action::Copy { what: "log", text: self.lines.text(status, None) });
                ui.close();
            }
        });
    }

    fn copy_selection(&self, status: &Status, actions: &mut Actions) {
        if self.selection.is_some() {
            let text = self.lines.text(status, self.selection);
            let what = if text.lines().count() > 1 { "log lines" } else { "log line" };
            actions.push(Action::Copy { what, text });
        }
    }
}

/// Draws a line and says whether a part of it does not show.
fn paint_row(ui: &mut Ui, id: Id, rect: Rect, line: &LogLine, selected: bool) -> bool {
    let t = tokens(ui);
    if selected {
        ui.painter().rect_filled(rect, 0.0, t.selection);
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
    } else if ui.rect_contains_pointer(rect) {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
    let time = ui.painter().layout_no_wrap(format::time(line.at), theme::mono_small_font(), t.text_muted);
    let left = rect.left() + size::PADDING;
    let y = rect.center().y;
    paint_line(ui, pos2(left, y), time, t.text_muted);
    level_mark(ui, pos2(left + TIME_WIDTH + 8.0, y), line.level, t);

    let text_left = left + TIME_WIDTH + MARK_WIDTH;
    let galley =
        one_line(ui, &line.text, theme::text_font(), t.text, rect.right() - text_left - size::PADDING);
    let hidden = galley.elided || galley.text().len() < line.text.len();
    paint_line(ui, pos2(text_left, y), galley, t.text);

    // A place for assistive technology to stand on; the list itself takes the clicks.
    let response = ui.interact(rect, id, Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::ListItem, true, format!("{}: {}", lines::level_name(line.level), line.text))
    });
    hidden
}

fn full_text(line: &LogLine) -> String {
    let short = line.text.get(..line.text.floor_char_boundary(TOOLTIP_BYTES_MAX)).unwrap_or(&line.text);
    let rest = if short.len() < line.text.len() { "…\nCopy the line to see all of it" } else { "" };
    format!("{}\n{short}{rest}", format::date_time(line.at))
}

/// Level by shape and by colour.
fn level_mark(ui: &Ui, center: egui::Pos2, level: Level, t: &Tokens) {
    let (icon, color) = match level {
        Level::Info => {
            ui.painter().circle_filled(center, 2.5, t.text_faint);
            return;
        }
        Level::Ok => (icons::CHECK_CIRCLE, t.ok),
        Level::Warning => (icons::WARNING, t.warn),
        Level::Error => (icons::X_CIRCLE, t.error),
    };
    ui.painter().text(center, egui::Align2::CENTER_CENTER, icon, theme::icon_font(), color);
}
