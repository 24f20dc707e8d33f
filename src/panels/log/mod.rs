//! The connection log: every step of the connection, with its time.
//!
//! It follows the end until a person scrolls up. Lines can be filtered, selected and copied; a tooltip shows lines that
//! are too long for their row.

mod lines;

use eframe::egui::{self, Align, Layout, Response, RichText, Ui, pos2, vec2};

use crate::command::{Action, Actions};
use crate::panels::PanelView;
use crate::panels::excerpt;
use crate::panels::log::lines::{Levels, LogFilter, LogLines, WordedLine};
use crate::panels::scene::Scene;
use crate::session::connection_log::Level;
use crate::session::status::Status;
use crate::store::settings::TimeFormat;
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::controls::{hairline, icon_button, named_combo};
use crate::ui::widgets::line_list::{LineList, LineRow};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::{empty, field};
use crate::ui::{icons, language, theme};
use crate::words::log::level;
use crate::words::{Language, clipboard, format, log_panel as words, widgets};

const TIME_WIDTH: f32 = 96.0;
const MARK_WIDTH: f32 = 24.0;

/// The log of one session.
#[derive(Debug, Default)]
pub struct LogView {
    filter: LogFilter,
    lines: LogLines,
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
            let l = language(ui);
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
        } else if self.lines.len() == 0 {
            self.nothing_found(ui);
        } else {
            self.list(ui, scene, actions);
        }
    }
}

impl LogView {
    fn header(&mut self, ui: &mut Ui, status: &Status, actions: &mut Actions) {
        let l = language(ui);
        ui.add_space(size::PADDING);
        named_combo(ui, words::LEVEL.of(l), self.filter.levels.label().of(l), |ui| {
            for levels in Levels::ALL {
                ui.selectable_value(&mut self.filter.levels, levels, levels.label().of(l));
            }
        });
        let width = (ui.available_width() - 220.0).clamp(80.0, 240.0);
        let hint = widgets::FILTER.of(l);
        field::line(ui, words::FILTER.of(l), field::FILTER_BYTES_MAX, &mut self.filter.text, |edit| {
            edit.hint_text(hint).desired_width(width)
        });
        self.lines.refresh(status, &self.filter, l);

        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            ui.add_enabled_ui(self.lines.len() > 0, |ui| {
                let (what, help) = if self.filter.is_empty() {
                    (clipboard::LOG, words::COPY_ALL_HELP)
                } else {
                    (clipboard::FILTERED_LOG, words::COPY_SHOWN_HELP)
                };
                if icon_button(ui, icons::COPY, words::COPY.of(l), help.of(l)).clicked() {
                    actions.push(Action::Copy { what, text: self.lines.text(None) });
                }
                if !self.list.follows
                    && ui
                        .button(widgets::GO_TO_END.of(l))
                        .on_hover_text(words::GO_TO_END_HELP.of(l))
                        .clicked()
                {
                    self.list.follows = true;
                }
            });
            let t = tokens(ui);
            let shown = self.lines.len() as u64;
            let count = if self.filter.is_empty() {
                words::lines(shown, l)
            } else {
                widgets::shown_of_all(shown, status.log.len() as u64, l)
            };
            ui.label(RichText::new(count).color(t.text_muted).font(theme::small_font()));
        });
    }

    fn nothing_found(&mut self, ui: &mut Ui) {
        let l = language(ui);
        empty::show_with(ui, words::NOTHING_FOUND.of(l), words::NOTHING_FOUND_HELP.of(l), |ui| {
            if ui.button(widgets::CLEAR_FILTER.of(l)).clicked() {
                self.filter = LogFilter::default();
            }
        });
    }

    fn list(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let time = scene.settings.time_format;
        let l = language(ui);
        let shown = self.list.show(ui, words::TITLE.of(l), &self.lines, |ui, row| {
            self.lines.line(row.number).is_some_and(|line| paint_row(ui, row, line, time))
        });
        if shown.copy {
            self.copy_selection(actions);
        }
        self.menu(&shown.response, actions);
        if let Some(line) = shown.hidden.and_then(|number| self.lines.line(number)) {
            shown.response.on_hover_text_at_pointer(full_text(line, l));
        }
    }

    fn menu(&self, response: &Response, actions: &mut Actions) {
        context_menu::show(response, response.id, response.has_focus(), |menu| {
            let l = language(menu.ui());
            let selection = self.list.selection;
            let many = selection.is_some_and(|selection| selection.anchor != selection.head);
            let label = if many { widgets::COPY_LINES } else { widgets::COPY_LINE };
            let why = selection.is_none().then_some(widgets::NOTHING_SELECTED.of(l));
            if menu.item(&Item::new(icons::COPY, label.of(l)).unless(why)) {
                self.copy_selection(actions);
            }
            if menu.item(&Item::new(icons::COPY, widgets::COPY_ALL.of(l))) {
                actions.push(Action::Copy { what: clipboard::LOG, text: self.lines.text(None) });
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

/// Draws a line and returns whether part of it is cut off.
fn paint_row(ui: &mut Ui, row: &LineRow, line: &WordedLine, time_format: TimeFormat) -> bool {
    let t = tokens(ui);
    let rect = row.rect;
    let time = ui.painter().layout_no_wrap(
        format::time(line.at, time_format),
        theme::mono_small_font(),
        t.text_muted,
    );
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
    row.describe(ui, &format::time(line.at, time_format), || {
        format!("{}: {}", level(line.level).of(l), line.text)
    });
    hidden
}

fn full_text(line: &WordedLine, language: Language) -> String {
    let at = format::date_time(line.at);
    let short = excerpt::of_tooltip(&line.text);
    if short.len() < line.text.len() {
        format!("{at}\n{short}…\n{}", words::COPY_FOR_ALL.of(language))
    } else {
        format!("{at}\n{short}")
    }
}

/// Draws the level as a shape and a colour.
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
