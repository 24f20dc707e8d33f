//! Dialogs in front of everything else, and the question before something dangerous: it says exactly what and how much,
//! and the cautious answer has the keyboard.

use eframe::egui::{
    Align, Context, Frame, Id, Label, Layout, Margin, Modal, RichText, ScrollArea, Ui, Vec2, vec2,
};

use crate::ui::tokens::{size, tokens};
use crate::ui::{language, theme};
use crate::words::widgets;

/// The person's answer so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Not answered yet.
    Open,
    /// The person confirmed.
    Yes,
    /// The person declined.
    No,
}

/// Space inside a dialog's edge.
const MARGIN: i8 = 16;
/// What of it the scroll bar takes, so that it touches nothing in the dialog.
const BAR: i8 = 12;
/// What stays free around a dialog in a small window.
const AROUND: f32 = 4.0;
const BUTTON_HEIGHT: f32 = 26.0;

/// Draws a dialog of this width, in points, with a title. Where the window is too small for it, it is narrower and
/// scrolls. Whether the person wants it closed, by Escape or by a click
/// beside it. `id` tells it from other dialogs.
pub fn show(ctx: &Context, id: &str, width: f32, title: &str, body: impl FnOnce(&mut Ui)) -> bool {
    let frame = Frame::popup(&ctx.global_style())
        .inner_margin(Margin { right: MARGIN - BAR, ..Margin::same(MARGIN) });
    let room = ctx.content_rect().size() - Vec2::splat(2.0 * (f32::from(MARGIN) + AROUND));
    let modal = modal(id, title).frame(frame).show(ctx, |ui| {
        let width = width.min(room.x);
        ui.set_width(width + f32::from(BAR));
        let top = ui.cursor().top();
        ui.scope(|ui| {
            ui.set_width(width);
            ui.add(Label::new(RichText::new(title).font(theme::title_font())).wrap());
        });
        ui.add_space(size::PADDING);
        let height = (room.y - (ui.cursor().top() - top)).max(BUTTON_HEIGHT);
        // The least is the most: an area that has its size from its content would grow over many frames otherwise.
        let scroll = ScrollArea::vertical().id_salt("dialog").max_height(height).min_scrolled_height(height);
        scroll.show(ui, |ui| {
            ui.set_width(width);
            body(ui);
        });
    });
    modal.should_close()
}

/// The buttons at the end of a dialog, from its right edge on: the cautious one first, which so gets the keyboard
/// first.
pub fn buttons<R>(ui: &mut Ui, add: impl FnOnce(&mut Ui) -> R) -> R {
    ui.add_space(size::SECTION);
    let row = vec2(ui.available_width(), BUTTON_HEIGHT);
    ui.allocate_ui_with_layout(row, Layout::right_to_left(Align::Center), add).inner
}

/// A dialog of this name whose content the caller draws entirely. `id` distinguishes it from other dialogs.
pub fn modal(id: &str, name: &str) -> Modal {
    let id = Id::unique(id);
    Modal::new(id).area(Modal::default_area(id).accessible_name(name))
}

/// Asks in front of everything else, each frame until it is answered. `verb` is the button that does it.
pub fn confirm(ctx: &Context, title: &str, text: &str, verb: &str) -> Answer {
    let mut answer = Answer::Open;
    let closed = show(ctx, title, 360.0, title, |ui| {
        ui.add(Label::new(RichText::new(text).color(tokens(ui).text_muted)).wrap());
        buttons(ui, |ui| {
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
