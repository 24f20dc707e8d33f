//! A number that is dragged onto a plot: what carries it, and how it looks on the way.
//!
//! The tree and the inspector let numbers be dragged, the plots take them; none of them knows another.

use eframe::egui::{Area, Context, DragAndDrop, Frame, Id, Order, Response, RichText, vec2};

use crate::command::Plottable;
use crate::ui::theme;

/// Lets the number be dragged by the widget of `response`, which must sense drags. `name` is shown beside the pointer.
pub fn offer(response: &Response, number: impl FnOnce() -> Option<(Plottable, String)>) {
    if response.drag_started()
        && let Some((number, name)) = number()
    {
        response.dnd_set_drag_payload(Dragged { number, name });
    }
}

/// A number on its way.
#[derive(Clone, Debug)]
pub struct Dragged {
    /// The number.
    pub number: Plottable,
    /// What it is called.
    pub name: String,
}

/// What is dragged, if it is a number.
pub fn dragged(ctx: &Context) -> Option<Dragged> {
    DragAndDrop::payload::<Dragged>(ctx).map(|dragged| (*dragged).clone())
}

/// Takes what is dragged.
pub fn take(ctx: &Context) -> Option<Dragged> {
    DragAndDrop::take_payload::<Dragged>(ctx).map(|dragged| (*dragged).clone())
}

/// Draws what is dragged beside the pointer. Called once a frame.
pub fn show(ctx: &Context) {
    let Some(dragged) = dragged(ctx) else { return };
    let Some(pointer) = ctx.pointer_interact_pos() else { return };
    let area = Area::new(Id::unique("dragged number")).order(Order::Tooltip).interactable(false);
    area.fixed_pos(pointer + vec2(14.0, 8.0)).show(ctx, |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            ui.label(RichText::new(&dragged.name).font(theme::mono_small_font()));
        });
    });
}
