//! The list of saved connections: click to select, double-click or Enter to connect, drag or Alt+arrows to reorder.
//! Only visible rows are drawn.

use eframe::egui::{
    self, Color32, EventFilter, Key, Modifiers, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2,
    vec2,
};

use crate::command::{Actions, ProfileAction};
use crate::panels::connections::{ConnectionsScene, ConnectionsView};
use crate::payload::visible_name;
use crate::store::{Profile, ProfileId, Profiles};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::hairline;
use crate::ui::widgets::virtual_list::{BAR_WIDTH, ListPlace, Move, ScrollTo, VirtualList};
use crate::ui::{icons, language, theme};
use crate::words::connections as words;

const ROW_HEIGHT: f32 = 44.0;
const START_HEIGHT: f32 = 32.0;
/// What the list keeps between frames.
#[derive(Debug, Default)]
pub(super) struct ListState {
    place: ListPlace,
    scroll_to: Option<ScrollTo>,
    /// The selected connection that was last scrolled into view.
    revealed: Option<ProfileId>,
    /// The row to focus as soon as it is drawn.
    focus: Option<u64>,
    /// The focused row.
    focused: Option<u64>,
}

impl ListState {
    /// Scrolls to a connection that was selected elsewhere or has moved.
    fn follow(&mut self, selected: Option<&ProfileId>, profiles: &Profiles) {
        if self.revealed.as_ref() != selected {
            self.revealed = selected.cloned();
            let row = selected.and_then(|id| profiles.position(id));
            self.scroll_to = row.map(|row| ScrollTo::Reveal(row as u64));
        }
    }

    /// Moves the focus between rows, including those out of view.
    fn keys(&mut self, ui: &Ui, rows: u64, page: u64) {
        let Some(row) = self.focused.take() else { return };
        let pressed = Move::from_keys(ui);
        if let Some(to) = pressed.and_then(|by| by.apply(Some(row), rows, page)) {
            self.focus = Some(to);
            self.scroll_to = Some(ScrollTo::Reveal(to));
            ui.ctx().request_repaint();
        }
    }
}

/// Height of the bar below the list, aligned with the one below the form.
const FOOT: f32 = 52.0;

pub(super) fn show(
    ui: &mut Ui,
    view: &mut ConnectionsView,
    scene: &ConnectionsScene<'_>,
    actions: &mut Actions,
) {
    let l = language(ui);
    ui.spacing_mut().item_spacing.y = 0.0;
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), size::TOP_BAR),
        egui::Layout::left_to_right(egui::Align::Center),
        |ui| {
            ui.add_space(size::GROUP);
            ui.label(RichText::new(words::TITLE.of(l)).font(theme::title_font()));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.add_space(size::PADDING);
                if ui.button(words::NEW.of(l)).clicked() {
                    view.save_now(actions);
                    actions.push(ProfileAction::New);
                }
            });
        },
    );
    hairline(ui);
    start(ui, view, actions);
    reopen(ui, scene, actions);
    let (above, foot) = ui.available_rect_before_wrap().split_top_bottom_at_y(ui.max_rect().bottom() - FOOT);
    ui.scope_builder(UiBuilder::new().id_salt("rows").max_rect(above), |ui| rows(ui, view, scene, actions));
    ui.scope_builder(UiBuilder::new().id_salt("foot").max_rect(foot), |ui| {
        ui.painter().hline(foot.x_range(), foot.top(), egui::Stroke::new(1.0, tokens(ui).line));
        ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
            ui.add_space(size::GROUP);
            if ui.button(words::IMPORT.of(l)).on_hover_text(words::IMPORT_HELP.of(l)).clicked() {
                actions.push(ProfileAction::Import);
            }
            if ui.button(words::EXPORT.of(l)).on_hover_text(words::EXPORT_HELP.of(l)).clicked() {
                view.ask_export(actions);
            }
        });
    });
}

fn rows(ui: &mut Ui, view: &mut ConnectionsView, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
    view.list.follow(view.draft.as_ref().map(|draft| &draft.profile.id), scene.profiles);
    let mut place = view.list.place;
    let (name, rows) = (words::TITLE.of(language(ui)), scene.profiles.len() as u64);
    let list = VirtualList { name, rows, row_height: ROW_HEIGHT, scroll_to: view.list.scroll_to.take() };
    // If nothing needs scrolling, the rows use the scroll bar's space.
    let bar = if rows as f32 * ROW_HEIGHT <= ui.available_height() { BAR_WIDTH } else { 0.0 };
    let shown = list.show(ui, &mut place, |ui, number, rect| {
        let rect = rect.with_max_x(rect.right() + bar);
        ui.set_clip_rect(ui.clip_rect().with_max_x(rect.right()));
        if let Some(profile) = scene.profiles.at(number as usize) {
            row(ui, view, scene, (number as usize, rect), profile, actions);
        }
    });
    view.list.place = place;
    view.list.keys(ui, rows, shown.page);
    // The dragged row may have been scrolled out of view.
    if !ui.input(|input| input.pointer.any_down()) {
        view.dragging = None;
    }
}

/// The entry of the start page, above those of the connections.
fn start(ui: &mut Ui, view: &mut ConnectionsView, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), START_HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, view.starts, words::START.of(l)));
    let fill = match (view.starts, response.hovered()) {
        (true, _) => t.selection,
        (false, true) => t.surface_2,
        (false, false) => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, 0.0, fill);
    if view.starts {
        ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0.0, t.accent);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink(1.0), 2.0, ring, egui::StrokeKind::Inside);
    }
    let middle = egui::Align2::LEFT_CENTER;
    let at = pos2(rect.left() + size::GROUP - 2.0, rect.center().y);
    ui.painter().text(at, middle, icons::PLUG, theme::icon_font(), t.text_muted);
    let at = pos2(rect.left() + size::GROUP + 18.0, rect.center().y);
    ui.painter().text(at, middle, words::START.of(l), theme::text_font(), t.text);
    hairline(ui);
    if response.clicked() {
        view.save_now(actions);
        view.show_start();
    }
}

/// Offers what was open when the program ended.
fn reopen(ui: &mut Ui, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
    let last: Vec<_> = scene.settings.last_open.iter().filter_map(|id| scene.profiles.get(id)).collect();
    if last.is_empty() || last.iter().all(|profile| scene.open.iter().any(|(id, ..)| **id == profile.id)) {
        return;
    }
    ui.add_space(size::PADDING);
    ui.horizontal(|ui| {
        ui.add_space(size::GROUP);
        let names: Vec<_> = last.iter().map(|profile| visible_name(&profile.name)).collect();
        let names = names.join(", ");
        if ui.button(words::REOPEN.of(language(ui))).on_hover_text(names).clicked() {
            actions.push(ProfileAction::ReopenLast);
        }
    });
    ui.add_space(size::PADDING);
    hairline(ui);
}

fn row(
    ui: &mut Ui,
    view: &mut ConnectionsView,
    scene: &ConnectionsScene<'_>,
    (index, rect): (usize, Rect),
    profile: &Profile,
    actions: &mut Actions,
) {
    let t = tokens(ui);
    let id = ui.scope_id().with(profile.id.as_str());
    let response = ui.interact(rect, id, Sense::click_and_drag());
    if view.list.focus.take_if(|row| *row == index as u64).is_some() {
        response.request_focus();
    }
    if response.has_focus() {
        view.list.focused = Some(index as u64);
        let filter = EventFilter { vertical_arrows: true, ..EventFilter::default() };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
    }
    // The selected row shows what is being typed, saved or not.
    let draft = view.draft.as_ref().map(|draft| &draft.profile).filter(|draft| draft.id == profile.id);
    let selected = draft.is_some() && !view.starts;
    let (name, address) = draft
        .map_or_else(|| (&profile.name, profile.connect.url()), |draft| (&draft.name, draft.connect.url()));
    let options = draft.map_or(&profile.connect, |draft| &draft.connect);
    // A URL without a host is none.
    let address =
        if options.host.is_empty() { words::NO_HOST_YET.of(language(ui)).to_owned() } else { address };
    let (name, address) = (visible_name(name), visible_name(&address));
    let (name, name_color) =
        if name.is_empty() { (words::UNNAMED.of(language(ui)).into(), t.text_muted) } else { (name, t.text) };
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, selected, &*name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(selected);
        node.set_position_in_set(index + 1);
        node.set_size_of_set(scene.profiles.len());
    });
    let fill = match (selected, response.hovered()) {
        (true, _) => t.selection,
        (false, true) => t.surface_2,
        _ => Color32::TRANSPARENT,
    };
    ui.painter().rect_filled(rect, 0.0, fill);
    if selected {
        ui.painter().rect_filled(Rect::from_min_size(rect.min, vec2(2.0, rect.height())), 0.0, t.accent);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink(1.0), 2.0, ring, egui::StrokeKind::Inside);
    }
    let open = scene.open.iter().find(|(id, ..)| **id == profile.id);
    let (mark, color) = open.map_or(("○", t.text_muted), |(_, mark, color)| (*mark, *color));
    let left = rect.left() + size::GROUP;
    ui.painter().text(
        pos2(left, rect.top() + 14.0),
        egui::Align2::LEFT_CENTER,
        mark,
        theme::small_font(),
        color,
    );
    let room = rect.right() - left - 18.0 - BAR_WIDTH;
    line(ui, pos2(left + 18.0, rect.top() + 6.0), room, &name, theme::text_font(), name_color);
    line(ui, pos2(left + 18.0, rect.top() + 24.0), room, &address, theme::mono_small_font(), t.text_muted);

    reorder(ui, view, &response, rect, index, profile, actions);
    if response.double_clicked() || (response.has_focus() && ui.input(|input| input.key_pressed(Key::Enter)))
    {
        view.save_now(actions);
        actions.push(ProfileAction::Connect(profile.id.clone()));
    } else if response.clicked() || response.gained_focus() {
        view.select(profile, actions);
    }
}

fn line(ui: &Ui, at: egui::Pos2, room: f32, text: &str, font: egui::FontId, color: Color32) {
    let mut job = egui::text::LayoutJob::simple_singleline(text.to_owned(), font, color);
    job.wrap = egui::text::TextWrapping::truncate_at_width(room);
    let galley = ui.painter().layout_job(job);
    ui.painter().galley(at, galley, color);
}

fn reorder(
    ui: &Ui,
    view: &mut ConnectionsView,
    response: &egui::Response,
    rect: Rect,
    index: usize,
    profile: &Profile,
    actions: &mut Actions,
) {
    if response.drag_started() {
        view.dragging = Some(profile.id.clone());
    }
    let pointer = ui.input(|input| input.pointer.interact_pos());
    let dragging_over = pointer.is_some_and(|at| rect.contains(at)) && view.dragging.is_some();
    if dragging_over {
        ui.painter().hline(rect.x_range(), rect.top(), egui::Stroke::new(2.0, tokens(ui).accent));
        if ui.input(|input| input.pointer.any_released())
            && let Some(id) = view.dragging.take()
        {
            actions.push(ProfileAction::Move(id, index));
        }
    }
    if response.drag_stopped() {
        view.dragging = None;
    }
    let alt = |key| response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::ALT, key));
    let mut move_to = |place| {
        view.list.revealed = None;
        actions.push(ProfileAction::Move(profile.id.clone(), place));
    };
    if alt(Key::ArrowUp) && index > 0 {
        move_to(index - 1);
    } else if alt(Key::ArrowDown) {
        move_to(index + 1);
    }
}
