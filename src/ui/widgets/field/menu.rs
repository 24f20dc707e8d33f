//! The menu of a text field: cut, copy, paste, select all.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::text_edit::{TextEditOutput, TextEditState};
use eframe::egui::{Ui, ViewportCommand};

use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::{icons, language};
use crate::words::widgets as words;

/// Shows the menu of a field that was just drawn with this text while it is open.
pub(super) fn show(ui: &Ui, output: &TextEditOutput, text: &str) {
    let response = &output.response.response;
    let selection = keep_selection(ui, output);
    let is_empty = selection.is_none_or(|range| range.is_empty());
    context_menu::show(response, response.id, response.has_focus(), |menu| {
        let l = language(menu.ui());
        let ctx = menu.ui().ctx().clone();
        // What they ask of the system comes back to the field in the next frame: by then it has the keyboard again.
        let why = is_empty.then_some(words::NOTHING_SELECTED.of(l));
        if menu.item(&Item::new(icons::ERASER, words::CUT.of(l)).unless(why)) {
            ctx.send_viewport_cmd(ViewportCommand::RequestCut);
        }
        if menu.item(&Item::new(icons::COPY, words::COPY.of(l)).unless(why)) {
            ctx.send_viewport_cmd(ViewportCommand::RequestCopy);
        }
        if menu.item(&Item::new(icons::NOTE_PENCIL, words::PASTE.of(l))) {
            ctx.send_viewport_cmd(ViewportCommand::RequestPaste);
        }
        menu.separator();
        if menu.item(&Item::new(icons::LIST, words::SELECT_ALL.of(l))) {
            let whole = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
            select(ui, output, whole);
        }
    });
}

/// What is selected. egui takes a press of any button for the start of a new selection; one that opens the menu is none.
fn keep_selection(ui: &Ui, output: &TextEditOutput) -> Option<CCursorRange> {
    let response = &output.response.response;
    let id = response.id.with("selection before the menu");
    let opens = response.hovered()
        && ui.input(|input| input.pointer.secondary_down() || input.pointer.secondary_released());
    if opens || context_menu::is_open(response) {
        let before: Option<CCursorRange> = ui.data(|data| data.get_temp(id));
        if let Some(before) = before.filter(|_| opens) {
            select(ui, output, before);
        }
        return before;
    }
    ui.data_mut(|data| match output.cursor_range {
        Some(range) => {
            data.insert_temp(id, range);
        }
        None => data.remove::<CCursorRange>(id),
    });
    output.cursor_range
}

fn select(ui: &Ui, output: &TextEditOutput, range: CCursorRange) {
    let id = output.response.response.id;
    let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
    state.cursor.set_char_range(Some(range));
    state.store(ui.ctx(), id);
}
