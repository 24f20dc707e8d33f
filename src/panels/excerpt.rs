//! Texts from a broker or another program, in places with room for only a few lines: the banner, notices and the
//! connection test. However long the text is, only what fits is laid out; a button shows all of it.

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{self, Color32, FontId, Label, Ui};

use crate::command::{Action, Actions};
use crate::payload::visible_line;
use crate::ui::language;
use crate::words::{format, widgets as words};

/// A text of [`format::EXCERPT_CHARS`] characters fits, unless it consists of characters shown as their codes.
const LINES_MAX: usize = 8;

/// The most of a text that a tooltip lays out, in bytes.
const TOOLTIP_BYTES_MAX: usize = 4_096;

/// The part of `text` that a tooltip lays out.
pub(super) fn of_tooltip(text: &str) -> &str {
    text.get(..text.floor_char_boundary(TOOLTIP_BYTES_MAX)).unwrap_or(text)
}

/// Draws the beginning of `text` over the width of `ui`. Returns whether something is left out.
pub(super) fn show(ui: &mut Ui, text: &str, font: FontId, color: Color32) -> bool {
    let excerpt = format::excerpt(text, language(ui));
    let lines: Vec<_> = excerpt.lines().map(visible_line).collect();
    let mut job = LayoutJob::simple(lines.join("\n"), font, color, ui.available_width());
    job.wrap = TextWrapping { max_rows: LINES_MAX, ..TextWrapping::wrap_at_width(ui.available_width()) };
    let galley = ui.painter().layout_job(job);
    let is_cut = galley.elided || format::is_cut(text);
    ui.add(Label::new(galley).selectable(true));
    is_cut
}

/// Draws the button that shows the whole text in a separate view.
pub(super) fn show_all(
    ui: &mut Ui,
    fill: Color32,
    title: &str,
    text: impl FnOnce() -> String,
    actions: &mut Actions,
) {
    let l = language(ui);
    let button = ui.add(egui::Button::new(words::SHOW_ALL.of(l)).fill(fill));
    if button.on_hover_text(words::SHOW_ALL_HELP.of(l)).clicked() {
        let title = visible_line(&format::excerpt(title, l)).into_owned();
        actions.push(Action::ShowWhole { title, text: text() });
    }
}
