//! The search field of the top bar, with its regular expression button and its keys.
//!
//! Down and Enter move to the rows. Escape clears the field and returns the focus to where it was.

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::text_edit::TextEditState;
use eframe::egui::{
    Align2, FontId, Id, Key, Margin, Memory, Modifiers, Popup, Rect, Response, RichText, Role, Sense, Stroke,
    StrokeKind, Ui, WidgetInfo, vec2,
};

use crate::command::{Actions, Command, TopicAction};
use crate::query::SearchQuery;
use crate::ui::focus::{self, Pane};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::field;
use crate::ui::{icons, language, theme};
use crate::words::app as words;

/// The smallest and greatest width of the field, in points.
const WIDTH: std::ops::RangeInclusive<f32> = 120.0..=260.0;
/// Room for the button that clears the field, in points.
const CLEAR_WIDTH: f32 = 24.0;

/// What the field keeps between frames.
#[derive(Debug, Default)]
pub struct SearchField {
    focus: bool,
    /// The widget that was focused before the field.
    came_from: Option<Id>,
}

impl SearchField {
    /// Focuses the field in the next frame.
    pub fn take_focus(&mut self) {
        self.focus = true;
    }

    /// Draws the button and the field, from right to left.
    pub fn show(&mut self, ui: &mut Ui, query: &SearchQuery, actions: &mut Actions) {
        let SearchQuery { mut text, mut regex } = query.clone();
        regex ^= regex_button(ui, regex).clicked();
        let id = Id::unique("search topics");
        focus::entry(ui, Pane::Search, id);
        let (has_focus, had_focus) =
            ui.memory(|memory| (memory.has_focus(id), memory.had_focus_last_frame(id)));
        if has_focus && enters_results(ui) {
            actions.push(TopicAction::EnterResults);
        } else if !has_focus && !had_focus {
            self.came_from = ui.memory(Memory::focused);
        }
        let is_menu_open = Popup::is_any_open(ui.ctx());
        let response = edit(ui, id, &mut text);
        if std::mem::take(&mut self.focus) {
            response.request_focus();
            select_all(ui, &response, &text);
        }
        if !text.is_empty() && clear_button(ui, &response).clicked() {
            text.clear();
            response.request_focus();
        }
        // egui removes the focus from a field at Escape.
        if !is_menu_open && response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
            text.clear();
            if let Some(before) = self.came_from {
                ui.memory_mut(|memory| memory.request_focus(before));
            }
        }
        if text != query.text || regex != query.regex {
            actions.push(TopicAction::Search(SearchQuery { text, regex }));
        }
    }
}

/// Whether a key was pressed that leads from the field to the rows. The key is consumed.
fn enters_results(ui: &Ui) -> bool {
    ui.input_mut(|input| {
        input.consume_key(Modifiers::NONE, Key::ArrowDown) || input.consume_key(Modifiers::NONE, Key::Enter)
    })
}

fn edit(ui: &mut Ui, id: Id, text: &mut String) -> Response {
    let (t, l) = (tokens(ui), language(ui));
    let width = (ui.available_width() - 8.0).clamp(*WIDTH.start(), *WIDTH.end());
    let keys = Command::Search.keys(ui.ctx());
    let hint = RichText::new(format!("{}   {keys}", Command::Search.label(l))).color(t.text_muted);
    let margin = Margin { left: 8, right: CLEAR_WIDTH as i8, top: 4, bottom: 4 };
    let response = field::line(ui, Command::Search.label(l), field::FILTER_BYTES_MAX, text, |edit| {
        edit.id(id).hint_text(hint).desired_width(width).margin(margin)
    });
    response.on_hover_text(words::SEARCH_HELP.of(l))
}

/// Draws the button at the right end of the field.
fn clear_button(ui: &Ui, field: &Response) -> Response {
    let (t, name) = (tokens(ui), words::CLEAR_SEARCH.of(language(ui)));
    let center = field.rect.right_center() - vec2(CLEAR_WIDTH / 2.0, 0.0);
    let rect = Rect::from_center_size(center, vec2(20.0, 20.0));
    let response = ui.interact(rect, field.id.with("clear"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.has_focus() {
        ui.painter().rect_stroke(rect, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_3);
    }
    let font = FontId::new(12.0, theme::icon_font().family);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icons::X, font, t.text_muted);
    response.on_hover_text(name)
}

/// Draws the button that switches regular expressions on and off.
fn regex_button(ui: &mut Ui, on: bool) -> Response {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, response) = ui.allocate_exact_size(vec2(28.0, 24.0), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, words::REGEX.of(l)));
    if on {
        ui.painter().rect_filled(rect, size::RADIUS, t.selection);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_2);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    }
    let color = if on { t.accent } else { t.text_muted };
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, ".*", theme::mono_font(), color);
    let help = if on { words::REGEX_ON } else { words::REGEX_OFF };
    response.on_hover_text(help.of(l))
}

/// Selects the field's text, so that typing replaces it.
fn select_all(ui: &Ui, field: &Response, text: &str) {
    let mut state = TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
    let whole = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(whole));
    state.store(ui.ctx(), field.id);
}
