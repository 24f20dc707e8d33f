//! The status bar's part about replies: there while they are on, or were stopped; a click shows the rules.

use eframe::egui::{Button, RichText, Ui, vec2};

use crate::automation::ResponderState;
use crate::command::{Actions, Command, Tool};
use crate::ui::tokens::tokens;
use crate::ui::{language, theme};
use crate::words::replies as words;

/// Draws it.
pub(super) fn show(ui: &mut Ui, responder: &ResponderState, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let (label, color) =
        if responder.stopped.is_some() { (words::STOPPED, t.error) } else { (words::ON, t.text) };
    let text = RichText::new(label.of(l)).font(theme::small_font()).color(color);
    let button = ui.add(Button::new(text).min_size(vec2(0.0, 18.0)).small());
    if button.on_hover_text(words::SHOW_HELP.of(l)).clicked() {
        actions.run(Command::ShowTool(Tool::Replies));
    }
}
