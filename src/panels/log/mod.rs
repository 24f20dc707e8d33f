//! The connection log: every step of the connection, with its time, as it was said by the session.
//!
//! It follows its end until it is scrolled up. Lines can be filtered, selected and copied; a line that is too long for
//! its row shows whole where the pointer rests.

mod lines;

use eframe::egui::{self, Align, Layout, Response, RichText, TextEdit, Ui, pos2, vec2};

use crate::command::{Action, Actions};
use crate::panels::PanelView;
use crate::panels::log::lines::{Filter, Levels, Line, Lines};
use crate::panels::scene::Scene;
use crate::session::connection_log::Level;
use crate::session::status::Status;
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::controls::{hairline, icon_button, named_combo};
use crate::ui::widgets::empty;
use crate::ui::widgets::line_list::{LineList, Row};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{self, clipboard, format};

const TIME_WIDTH: f32 = 96.0;
const MARK_WIDTH: f32 = 24.0;
/// More of a line is not shown in a tooltip, but copied whole.
const TOOLTIP_BYTES_MAX: usize = 4_096;

/// The log of one session.
#[derive(Debug, Default)]
pub struct LogView {
    filter: Filter,
    lines: Lines,
    list: LineList,
}

impl PanelView for LogView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.lines.refresh(scene.status, &self.filter, language(ui));
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), size::PANEL_HEADER),
            Layout::left_to_right(Align::Center),
            |ui| self.header(ui, scene.status, actions),
        );
        hairline(ui);
        if scene.status.log.is_empty() {
            empty::show(
                ui,
                "No lines yet",
                "Every step of the connection appears here: what was tried, and what came of it",
            );
        } else if self.lines.len() == 0 {
            self.nothing_found(ui);
        } else {
            self.list(ui, actions);
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
        self.lines.refresh(status, &self.filter, language(ui));

        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            ui.add_enabled_ui(self.lines.len() > 0, |ui| {
                let (what, help) = if self.filter.is_empty() {
                    (clipboard::LOG, "Copies all lines")
                } else {
                    (clipboard::FILTERED_LOG, "Copies the lines that show")
                };
                if icon_button(ui, icons::COPY, "Copy log", help).clicked() {
                    actions.push(Action::Copy { what, text: self.lines.text(None) });
                }
                if !self.list.follows
                    && ui.button("Go to end").on_hover_text("Shows new lines as they come").clicked()
                {
                    self.list.follows = true;
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

    fn list(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let shown = self.list.show(ui, "Log", &self.lines, |ui, row| {
            self.lines.line(row.number).is_some_and(|line| paint_row(ui, row, line))
        });
        if shown.copy {
            self.copy_selection(actions);
        }
        self.menu(&shown.response, actions);
        if let Some(line) = shown.hidden.and_then(|number| self.lines.line(number)) {
            shown.response.on_hover_text_at_pointer(full_text(line));
        }
    }

    fn menu(&self, response: &Response, actions: &mut Actions) {
        response.context_menu(|ui| {
            let selection = self.list.selection;
            let many = selection.is_some_and(|selection| selection.anchor != selection.head);
            let label = if many { "Copy lines" } else { "Copy line" };
            if ui.add_enabled(selection.is_some(), egui::Button::new(label)).clicked() {
                self.copy_selection(actions);
                ui.close();
            }
            if ui.button("Copy all").clicked() {
                actions.push(Action::Copy { what: clipboard::LOG, text: self.lines.text(None) });
                ui.close();
            }
        });
    }

    fn copy_selection(&self, actions: &mut Actions) {
        if self.list.selection.is_some() {
            let text = self.lines.text(self.list.selection);
            let what = if text.lines().count() > 1 { clipboard::LOG_LINES } else { clipboard::LOG_LINE };
            actions.push(Action::Copy { what, text });
        }
    }
}

/// Draws a line and says whether a part of it does not show.
fn paint_row(ui: &mut Ui, row: &Row, line: &Line) -> bool {
    let t = tokens(ui);
    let rect = row.rect;
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

    let l = language(ui);
    row.describe(ui, || format!("{}: {}", words::log::level(line.level).of(l), line.text));
    hidden
}

fn full_text(line: &Line) -> String {
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
