//! A part of a form that can be closed and then shows a one-line summary.

use eframe::egui::{
    Align2, Color32, CursorIcon, Rect, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{icons, theme};

const HEIGHT: f32 = 28.0;

/// The head of a part.
#[derive(Debug)]
pub struct Collapsible<'a> {
    /// What the part is about: its name for assistive technology.
    pub title: &'a str,
    /// What is set in it, shown while it is closed.
    pub summary: &'a str,
    /// The colour of the summary.
    pub color: Color32,
    /// Where the summary begins, from the left edge, in points.
    pub summary_at: f32,
}

impl Collapsible<'_> {
    /// Draws the head, which opens and closes the part, and the part if it is open.
    pub fn show(self, ui: &mut Ui, open: &mut bool, body: impl FnOnce(&mut Ui)) {
        let id = ui.scope_id().with(self.title);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        self.head(ui, id, rect, open);
        if *open {
            // What comes and goes above leaves the fields of this part the ones that they were.
            ui.scope_builder(UiBuilder::new().scope_id(id.with("body")), body);
        }
    }

    fn head(&self, ui: &mut Ui, id: eframe::egui::Id, rect: Rect, open: &mut bool) {
        let t = tokens(ui);
        let response = ui.interact(rect, id, Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
        if response.clicked() {
            *open ^= true;
        }
        let (is_open, enabled) = (*open, ui.is_enabled());
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::Button, enabled, self.title);
            info.current_text_value = Some(self.summary.to_owned());
            info
        });
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_expanded(is_open);
            node.set_description(self.summary);
        });
        // The head is a little wider than the column, so that its text stays in line with the fields.
        let ground = rect.expand2(vec2(size::PADDING, 0.0));
        if response.hovered() {
            ui.painter().rect_filled(ground, size::RADIUS, t.surface_2);
        }
        if response.has_focus() {
            ui.painter().rect_stroke(ground, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
        }
        let caret = if is_open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
        let at = pos2(rect.left(), rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, caret, theme::icon_font(), t.text_muted);
        let title = one_line(ui, self.title, theme::title_font(), t.text, self.summary_at - 28.0);
        paint_line(ui, at + vec2(20.0, 0.0), title, t.text);
        if !is_open {
            let room = rect.width() - self.summary_at;
            let summary = one_line(ui, self.summary, theme::text_font(), self.color, room);
            paint_line(ui, at + vec2(self.summary_at, 0.0), summary, self.color);
        }
    }
}
