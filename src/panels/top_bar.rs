//! The bar at the top: the open sessions as tabs, the search field, pause and the menu.

use eframe::egui::{
    self, Align, Color32, Layout, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, vec2,
};

use crate::command::{Actions, Command, Env, SessionAction};
use crate::panels::command_button::{command_entry, command_icon, command_icon_colored};
use crate::panels::menu;
use crate::panels::search_field::SearchField;
use crate::query::SearchQuery;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{app as words, status};

/// A tab in the bar.
#[derive(Clone, Debug)]
pub struct TabLabel {
    /// Name of the connection.
    pub name: String,
    /// Mark of its state.
    pub mark: &'static str,
    /// Colour of the mark.
    pub color: Color32,
    /// State in words, for the tooltip and for assistive technology.
    pub state: String,
    /// A warning about the connection, in two or three words.
    pub warning: Option<&'static str>,
}

/// What the bar keeps between frames.
#[derive(Debug, Default)]
pub struct TopBarView {
    search: SearchField,
}

/// What the bar shows in one frame.
#[derive(Debug)]
pub struct TopBar<'a> {
    /// All open sessions.
    pub tabs: &'a [TabLabel],
    /// The visible session; `None` for the connections page.
    pub active: Option<usize>,
    /// The active session's search.
    pub query: Option<&'a SearchQuery>,
    /// If the view is paused, how many messages have arrived meanwhile.
    pub paused: Option<u64>,
    /// The environment for the menu's commands.
    pub env: &'a Env<'a>,
}

impl TopBarView {
    /// Focuses the search field in the next frame.
    pub fn focus_search(&mut self) {
        self.search.take_focus();
    }

    /// Draws the bar.
    pub fn show(&mut self, ui: &mut Ui, bar: &TopBar<'_>, actions: &mut Actions) {
        ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            ui.add_space(4.0);
            let reserve = if bar.query.is_some() { 360.0 } else { 60.0 };
            let room = (ui.available_width() - reserve).max(160.0);
            tabs(ui, bar, room, actions);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 2.0;
                ui.add_space(4.0);
                menu::show(ui, bar.env, actions);
                if let Some(query) = bar.query {
                    pause(ui, bar, actions);
                    self.search.show(ui, query, actions);
                }
            });
        });
    }
}

fn tabs(ui: &mut Ui, bar: &TopBar<'_>, room: f32, actions: &mut Actions) {
    let width = (room / (bar.tabs.len() as f32).max(1.0)).clamp(72.0, 200.0);
    ui.scope_builder(
        egui::UiBuilder::new()
            .id_salt("sessions")
            .accessibility_role(egui::accesskit::Role::TabList)
            .accessibility_label(words::SESSIONS.of(language(ui))),
        |ui| {
            for (index, label) in bar.tabs.iter().enumerate() {
                tab(ui, index, label, bar, width, actions);
            }
        },
    );
    let selected = bar.active.is_none() && !bar.tabs.is_empty();
    let color = if selected { tokens(ui).accent } else { tokens(ui).text_muted };
    command_icon_colored(ui, Command::Connections, icons::PLUS, color, actions);
}

/// Draws a tab's context menu. Commands that need a visible session are offered only for that one.
fn tab_menu(response: &Response, index: usize, bar: &TopBar<'_>, actions: &mut Actions) {
    context_menu::show(response, response.id, response.has_focus(), |menu| {
        let l = language(menu.ui());
        if bar.active == Some(index) {
            for command in
                [Command::Reconnect, Command::Disconnect, Command::EditConnection, Command::SaveAsProfile]
            {
                command_entry(menu, command, bar.env, actions);
            }
            menu.separator();
        } else if menu.item(&Item::new(icons::EYE, words::SHOW_SESSION.of(l))) {
            actions.push(SessionAction::ShowTab(index));
        }
        if menu.item(&Item::new(icons::X, Command::CloseTab.label(l))) {
            actions.push(SessionAction::CloseTab(index));
        }
        command_entry(menu, Command::ReopenClosed, bar.env, actions);
    });
}

fn tab(ui: &mut Ui, index: usize, label: &TabLabel, bar: &TopBar<'_>, width: f32, actions: &mut Actions) {
    let selected = bar.active == Some(index);
    let t = tokens(ui);
    let id = ui.unique_id().with(index);
    let (rect, _) = ui.allocate_exact_size(vec2(width, size::TOP_BAR - 8.0), Sense::hover());
    let response = ui.interact(rect, id, Sense::click());
    let fill = if selected {
        t.surface_1
    } else if response.hovered() {
        t.surface_2
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, size::RADIUS, fill);
    if selected {
        let bar = Rect::from_min_max(
            egui::pos2(rect.left() + 8.0, rect.bottom() - 2.0),
            rect.right_bottom() - vec2(8.0, 0.0),
        );
        ui.painter().rect_filled(bar, 1.0, t.accent);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect, size::RADIUS, ring, egui::StrokeKind::Inside);
    }
    let mark = ui.painter().layout_no_wrap(label.mark.to_owned(), theme::small_font(), label.color);
    let mark_at = egui::pos2(rect.left() + 10.0, rect.center().y - mark.size().y / 2.0);
    let text_left = mark_at.x + mark.size().x + 6.0;
    ui.painter().galley(mark_at, mark, label.color);

    let close = Rect::from_center_size(egui::pos2(rect.right() - 14.0, rect.center().y), vec2(20.0, 20.0));
    let color = if selected { t.text } else { t.text_muted };
    let mut room = (close.left() - text_left - 2.0).max(8.0);
    if let Some(warning) = label.warning {
        room = tab_warning(ui, warning, text_left, room, rect.center().y);
    }
    let galley = one_line(ui, &label.name, theme::text_font(), color, room);
    paint_line(ui, egui::pos2(text_left, rect.center().y), galley, color);

    let closed = close_button(ui, id, close, &label.name, response.hovered() || selected);
    response.widget_info(|| WidgetInfo::selected(Role::Tab, true, selected, &label.name));
    if let Some(warning) = label.warning {
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(warning));
    }
    tab_menu(&response, index, bar, actions);
    let response = response.on_hover_text(&label.state);
    if closed || response.middle_clicked() {
        actions.push(SessionAction::CloseTab(index));
    } else if response.clicked() {
        actions.push(SessionAction::ShowTab(index));
    }
}

/// Draws a warning at the right end of a tab, in words if they fit; returns the width left for the name.
fn tab_warning(ui: &Ui, warning: &str, left: f32, room: f32, middle: f32) -> f32 {
    const NAME_MIN: f32 = 44.0;
    let color = tokens(ui).error;
    let words = ui.painter().layout_no_wrap(warning.to_owned(), theme::small_font(), color);
    let galley = if words.size().x + NAME_MIN <= room {
        words
    } else {
        ui.painter().layout_no_wrap(icons::SHIELD_WARNING.to_owned(), theme::icon_font(), color)
    };
    let width = galley.size().x;
    paint_line(ui, egui::pos2(left + room - width, middle), galley, color);
    (room - width - 6.0).max(8.0)
}

fn close_button(ui: &Ui, tab: egui::Id, rect: Rect, name: &str, visible: bool) -> bool {
    // Read first: the context is locked inside `widget_info`.
    let (t, l) = (tokens(ui), language(ui));
    let response: Response = ui.interact(rect, tab.with("close"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, status::close(name, l)));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_3);
    }
    if visible || response.hovered() || response.has_focus() {
        let font = egui::FontId::new(12.0, theme::icon_font().family);
        ui.painter().text(rect.center(), egui::Align2::CENTER_CENTER, icons::X, font, t.text_muted);
    }
    response.clicked()
}

fn pause(ui: &mut Ui, bar: &TopBar<'_>, actions: &mut Actions) {
    match bar.paused {
        None => command_icon(ui, Command::Pause, actions),
        Some(meanwhile) => {
            let t = tokens(ui);
            command_icon_colored(ui, Command::Resume, icons::PLAY, t.accent, actions);
            let text = status::paused(meanwhile, language(ui));
            ui.label(RichText::new(text).color(t.warn).font(theme::small_font()));
        }
    }
}
