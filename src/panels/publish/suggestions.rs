//! What could be meant by the topic that is being typed: as grey text behind the cursor, and as a list below the field.
//!
//! Arrow down and up choose, Enter or a click takes what is chosen, arrow right at the end takes the grey text, Escape
//! closes the list.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{
    self, Area, Frame, Id, Key, Modifiers, Order, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo,
    accesskit, pos2, vec2,
};

use crate::model::Model;
use crate::panels::publish::completion::{Suggestion, suggestions};
use crate::payload::visible_line;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{language, theme};
use crate::words::publish as words;

const ROW_HEIGHT: f32 = 22.0;

/// What is suggested for the field's text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Suggestions {
    found: Vec<Suggestion>,
    chosen: Option<usize>,
    /// Whether the list shows: from typing on, until something is taken or the person closes it.
    is_open: bool,
    /// The field, while it has the keyboard.
    field: Option<Id>,
    /// Where the list was drawn: a press there takes the keyboard from the field.
    place: Option<Rect>,
}

impl Suggestions {
    /// Handles the keys that are meant for the list, before the field sees them. Returns whether the text changed.
    pub fn take_keys(&mut self, ui: &Ui, text: &mut String) -> bool {
        let Some(field) = self.field.filter(|_| self.is_open && !self.found.is_empty()) else { return false };
        let is_at_end = TextEditState::load(ui.ctx(), field)
            .and_then(|state| state.cursor.char_range())
            .is_some_and(|range| range.is_empty() && range.primary.index.0 == text.chars().count());
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let last = self.found.len() - 1;
        if pressed(Key::ArrowDown) {
            self.chosen = Some(self.chosen.map_or(0, |chosen| if chosen >= last { 0 } else { chosen + 1 }));
        } else if pressed(Key::ArrowUp) {
            self.chosen = Some(self.chosen.map_or(last, |chosen| chosen.checked_sub(1).unwrap_or(last)));
        } else if pressed(Key::Escape) {
            self.is_open = false;
        } else if let Some(chosen) = self.chosen.filter(|_| pressed(Key::Enter)) {
            return self.take(ui, field, chosen, text);
        } else if is_at_end && self.ghost(text).is_some() && pressed(Key::ArrowRight) {
            return self.take(ui, field, self.chosen.unwrap_or(0), text);
        }
        false
    }

    /// What follows the text in what is chosen, or else in the first suggestion.
    fn ghost(&self, text: &str) -> Option<&str> {
        let suggestion = self.found.get(self.chosen.unwrap_or(0))?;
        suggestion.topic.strip_prefix(text)
    }

    fn take(&mut self, ui: &Ui, field: Id, index: usize, text: &mut String) -> bool {
        let Some(suggestion) = self.found.get(index) else { return false };
        text.clone_from(&suggestion.topic);
        self.is_open = suggestion.has_children;
        self.chosen = None;
        if let Some(mut state) = TextEditState::load(ui.ctx(), field) {
            let end = CCursor::new(text.chars().count());
            state.cursor.set_char_range(Some(CCursorRange::one(end)));
            state.store(ui.ctx(), field);
        }
        ui.memory_mut(|memory| memory.request_focus(field));
        true
    }

    /// Draws what is suggested around the field. Returns whether a click changed the text.
    pub fn show(
        &mut self,
        ui: &Ui,
        field: &Response,
        text: &mut String,
        is_changed: bool,
        model: &Model,
    ) -> bool {
        let pointer = ui.input(|input| input.pointer.interact_pos());
        let is_pointed_at = self.place.zip(pointer).is_some_and(|(place, pointer)| place.contains(pointer));
        if !field.has_focus() && !is_pointed_at {
            (self.field, self.place, self.is_open) = (None, None, false);
            return false;
        }
        self.field = Some(field.id);
        if is_changed {
            self.found = if text.is_empty() { Vec::new() } else { suggestions(model, text) };
            (self.chosen, self.is_open) = (None, true);
        }
        if !self.is_open || self.found.is_empty() {
            self.place = None;
            return false;
        }
        self.paint_ghost(ui, field, text);
        let Some(clicked) = self.list(ui, field) else { return false };
        let is_taken = self.take(ui, field.id, clicked, text);
        self.found = suggestions(model, text);
        is_taken
    }

    fn paint_ghost(&self, ui: &Ui, field: &Response, text: &str) {
        let Some(ghost) = self.ghost(text) else { return };
        let t = tokens(ui);
        let typed = ui.painter().layout_no_wrap(text.to_owned(), theme::mono_font(), t.text);
        let left = field.rect.left() + 4.0 + typed.size().x;
        let room = field.rect.right() - 4.0 - left;
        if room > 8.0 {
            let galley = one_line(ui, ghost, theme::mono_font(), t.text_faint, room);
            paint_line(ui, pos2(left, field.rect.center().y), galley, t.text_faint);
        }
    }

    /// Draws the list; returns the row that was clicked.
    fn list(&mut self, ui: &Ui, field: &Response) -> Option<usize> {
        let l = language(ui);
        let width = field.rect.width().min(480.0);
        let area = Area::new(field.id.with("suggestions"))
            .order(Order::Foreground)
            .fixed_pos(field.rect.left_bottom() + vec2(0.0, 2.0));
        let shown = area.show(ui.ctx(), |ui| {
            Frame::popup(ui.style())
                .inner_margin(4)
                .show(ui, |ui| {
                    ui.set_width(width - 10.0);
                    let builder = UiBuilder::new()
                        .id_salt("topics")
                        .accessibility_role(accesskit::Role::ListBox)
                        .accessibility_label(words::SUGGESTIONS.of(l));
                    ui.scope_builder(builder, |ui| {
                        ui.spacing_mut().item_spacing.y = 0.0;
                        let rows = self.found.iter().enumerate();
                        let clicked = rows.filter(|(index, suggestion)| {
                            row(ui, &suggestion.topic, self.chosen == Some(*index)).clicked()
                        });
                        clicked.map(|(index, _)| index).last()
                    })
                    .inner
                })
                .inner
        });
        self.place = Some(shown.response.rect);
        ui.ctx().accesskit_node_builder(field.id, |node| node.set_expanded(true));
        shown.inner
    }
}

fn row(ui: &mut Ui, topic: &str, is_chosen: bool) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    let shown = visible_line(topic);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &*shown));
    let ground = if is_chosen { t.selection } else { t.surface_2 };
    if is_chosen || response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, ground);
    }
    let galley = one_line(ui, &shown, theme::mono_small_font(), t.text, rect.width() - 12.0);
    paint_line(ui, pos2(rect.left() + 6.0, rect.center().y), galley, t.text);
    response.on_hover_cursor(egui::CursorIcon::PointingHand)
}
