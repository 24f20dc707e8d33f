//! What is being sent one after the other: repetitions and files, a row each.

use eframe::egui::{Button, Layout, Rect, RichText, Role, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::command::{Actions, SendingAction};
use crate::panels::scene::SendingRow;
use crate::payload::visible_line;
use crate::session::sending::SendingPhase;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::readout;
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{ListPlace, VirtualList};
use crate::ui::{icons, language, theme};
use crate::words::sending as words;

const ROW_HEIGHT: f32 = 24.0;
/// How many rows show at once.
const ROWS_SHOWN_MAX: usize = 3;
/// Width of the button at the end of a row.
const BUTTON_WIDTH: f32 = 84.0;

/// The height that the rows take.
pub fn height(rows: &[SendingRow]) -> f32 {
    if rows.is_empty() { 0.0 } else { rows.len().min(ROWS_SHOWN_MAX) as f32 * ROW_HEIGHT + 4.0 }
}

/// Draws the rows, the newest first.
pub fn show(ui: &mut Ui, place: &mut ListPlace, rows: &[SendingRow], actions: &mut Actions) {
    let name = words::LIST.of(language(ui));
    let list = VirtualList { name, rows: rows.len() as u64, row_height: ROW_HEIGHT, scroll_to: None };
    list.show(ui, place, |ui, index, rect| {
        if let Some(row) = rows.iter().rev().nth(index as usize) {
            show_row(ui, rect, row, actions);
        }
    });
}

fn show_row(ui: &mut Ui, rect: Rect, row: &SendingRow, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let is_active = row.state.phase.is_active();
    let (icon, color) = match row.state.phase {
        SendingPhase::Running => (icons::PLAY, t.ok),
        SendingPhase::Waiting => (icons::PAUSE, t.warn),
        SendingPhase::Finished => (icons::CHECK_CIRCLE, t.ok),
        SendingPhase::Stopped => (icons::X_CIRCLE, t.text_muted),
        SendingPhase::Failed => (icons::WARNING, t.error),
    };
    let center = rect.center().y;
    let icon = one_line(ui, icon, theme::icon_font(), color, 20.0);
    paint_line(ui, pos2(rect.left(), center), icon, color);
    let inner = rect.with_min_x(rect.left() + 22.0).with_max_x(rect.right() - BUTTON_WIDTH - 4.0);
    let what = visible_line(&row.what);
    let name = end_of_topic(ui, &what, &theme::mono_small_font(), t.text, inner.width() * 0.4);
    let left = inner.left() + name.size().x + size::GROUP;
    paint_line(ui, pos2(inner.left(), center), name, t.text);
    let state = words::state(&row.state, row.every, l);
    let state_color = if row.state.phase == SendingPhase::Failed { t.error } else { t.text_muted };
    let line = one_line(ui, &state, theme::small_font(), state_color, (inner.right() - left).max(8.0));
    paint_line(ui, pos2(left, center), line, state_color);
    let id = ui.scope_id().with(("sending", row.id));
    let response = ui.interact(inner, id, eframe::egui::Sense::hover());
    readout(ui, &response, &what, &state);
    response.on_hover_text(format!("{what}\n{state}"));
    let button = Rect::from_min_max(pos2(rect.right() - BUTTON_WIDTH, rect.top() + 1.0), rect.right_bottom());
    let builder = UiBuilder::new().id_salt(("stop", row.id)).max_rect(button);
    let mut child = ui.new_child(builder.layout(Layout::right_to_left(eframe::egui::Align::Center)));
    let label = if is_active { words::STOP } else { words::DISMISS };
    let text = RichText::new(label.of(l)).font(theme::small_font());
    let button = child.add(Button::new(text).min_size(vec2(60.0, 20.0)));
    let name = words::stop(&what, is_active, l);
    button.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
    if button.clicked() {
        actions.push(SendingAction::Stop(row.id));
    }
}
