//! The question before something dangerous. It says exactly what and how much; the cautious answer has the keyboard.

use eframe::egui::{Context, Id, Label, Modal, RichText};

use crate::ui::theme;
use crate::ui::tokens::{size, tokens};

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

/// Asks in front of everything else, each frame until it is answered. `verb` is the button that does it.
pub fn confirm(ctx: &Context, title: &str, text: &str, verb: &str) -> Answer {
    let mut answer = Answer::Open;
    let modal = Modal::new(Id::unique(title)).show(ctx, |ui| {
        ui.set_width(360.0);
        ui.label(RichText::new(title).font(theme::title_font()));
        ui.add_space(size::PADDING);
        ui.add(Label::new(RichText::new(text).color(tokens(ui).text_muted)).wrap());
        ui.add_space(size::SECTION);
        ui.horizontal(|ui| {
            let keep = ui.button("Cancel");
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
    if answer == Answer::Open && modal.should_close() { Answer::No } else { answer }
}
