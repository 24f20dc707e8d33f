//! The whole of a text from elsewhere, in a view over the window. Only the visible lines are laid out.

use bytes::Bytes;
use eframe::egui::{Align, Context, Layout, Ui, UiBuilder, vec2};

use crate::command::{Action, Actions};
use crate::panels::long_text::LongTextView;
use crate::ui::language;
use crate::ui::tokens::size;
use crate::ui::widgets::dialog;
use crate::words::{app, clipboard, widgets as words};

/// The greatest size of the view, in points.
const SIZE_MAX: [f32; 2] = [760.0, 440.0];
/// The space left free around the view, in points.
const AROUND: [f32; 2] = [80.0, 200.0];

/// The view of one text.
#[derive(Debug)]
pub struct WholeTextView {
    title: String,
    text: Bytes,
    view: LongTextView,
}

impl WholeTextView {
    /// Creates a view of a text, titled with one short line.
    pub fn new(title: String, text: String) -> Self {
        Self { title, text: text.into(), view: LongTextView::default() }
    }

    /// Draws the view over the window; returns whether it was closed.
    pub fn show(&mut self, ctx: &Context, actions: &mut Actions) -> bool {
        let Self { title, text, view } = self;
        let window = ctx.content_rect().size();
        let [width, height] = [0, 1].map(|side| (window[side] - AROUND[side]).clamp(160.0, SIZE_MAX[side]));
        let mut is_closed = false;
        let leaves = dialog::show(ctx, "whole-text", width, title, |ui| {
            let (_, area) = ui.allocate_space(vec2(width, height));
            let mut lines = ui.new_child(UiBuilder::new().id_salt("lines").max_rect(area));
            view.show(&mut lines, words::WHOLE_TEXT.of(language(ui)), text, actions);
            ui.add_space(size::GROUP);
            is_closed = buttons(ui, text, actions);
        });
        leaves || is_closed
    }
}

fn buttons(ui: &mut Ui, text: &Bytes, actions: &mut Actions) -> bool {
    let l = language(ui);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), size::PANEL_HEADER),
        Layout::right_to_left(Align::Center),
        |ui| {
            let is_closed = ui.button(app::CLOSE.of(l)).clicked();
            if ui.button(words::COPY_ALL.of(l)).clicked() {
                let text = String::from_utf8_lossy(text).into_owned();
                actions.push(Action::Copy { what: clipboard::TEXT, text });
            }
            is_closed
        },
    )
    .inner
}
