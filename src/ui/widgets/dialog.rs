//! Dialogs in front of everything else, and the question before something dangerous: it says exactly what and how much,
//! and the cautious answer has the keyboard.

use eframe::egui::{Context, Frame, Id, Label, Margin, Modal, RichText, Ui};

use crate::ui::tokens::{size, tokens};
use crate::ui::{language, theme};
use crate::words::widgets;

/// What the person said so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Nothing yet.
    Open,
    /// Do it.
    Yes,
    /// Leave it.
    No,
}

/// Space inside a dialog's edge.
const MARGIN: i8 = 20;

/// Draws a dialog of this width, in points, with a title. Whether the person wants it closed, by Escape or by a click
/// beside it. `id` tells it from other dialogs.
pub fn show(ctx: &Context, id: &str, width: f32, title: &str, body: impl FnOnce(&mut Ui)) -> bool {
    let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(MARGIN));
    let modal = modal(id, title).frame(frame).show(ctx, |ui| {
        ui.set_width(width);
        ui.add(Label::new(RichText::new(title).font(theme::title_font())).wrap());
        ui.add_space(size::PADDING);
        body(ui);
    });
    modal.should_close()
}

/// A dialog of this name, for whoever draws all of it. `id` tells it from other dialogs.
pub fn modal(id: &str, name: &str) -> Modal {
    let id = Id::unique(id);
    Modal::new(id).area(Modal::default_area(id).accessible_name(name))
}

/// Asks in front of everything else, each frame until it is answered. `verb` is the button that does it.
pub fn confirm(ctx: &Context, title: &str, text: &str, verb: &str) -> Answer {
    let mut answer = Answer::Open;
    let closed = show(ctx, title, 360.0, title, |ui| {
        ui.add(Label::new(RichText::new(text).color(tokens(ui).text_muted)).wrap());
        ui.add_space(size::SECTION);
        ui.horizontal(|ui| {
            let keep = ui.button(widgets::CANCEL.of(language(ui)));
            if ui.memory(|memory| memory.focused().is_none()) {
                keep.request_focus();
            }
            if keep.clicked() {
                answer = Answer::No;
            }
            if ui.button(RichText::new(verb).color(tokens(ui).error)).clicked() {
                answer = Answer::Yes;
            }
        });
    });
    if answer == Answer::Open && closed { Answer::No } else { answer }
}
