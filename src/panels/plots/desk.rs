//! The tiles of a page as they are drawn: a header where there is more than one plot, the plot, and where a dragged
//! number would go.

use std::collections::BTreeMap;

use eframe::egui::{
    Align, Color32, Layout, Rect, Role, Sense, Stroke, StrokeKind, Style, Ui, UiBuilder, Visuals, WidgetInfo,
    WidgetText, pos2, vec2,
};
use egui_tiles::{Behavior, ResizeState, TileId, UiResponse};

use crate::command::{Actions, PlotId};
use crate::panels::plot_drag::{self, Dragged};
use crate::panels::plots::pane::PlotPane;
use crate::panels::plots::plot::Shared;
use crate::panels::scene::Scene;
use crate::ui::tokens::{RING, size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::one_line::{end_of_topic, paint_line};
use crate::ui::widgets::{empty, field};
use crate::ui::{icons, language, theme};
use crate::words::{Label, Language, plot_page as words, plots};

/// Height of the header of a plot, in points.
const HEADER: f32 = 26.0;
/// The share of a plot at each edge where a dragged number makes a plot of its own.
const EDGE: f32 = 0.22;

/// Where a new plot goes, seen from another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// Left of it.
    Left,
    /// Right of it.
    Right,
    /// Above it.
    Above,
    /// Below it.
    Below,
}

/// What a person asked of a plot that concerns its page.
#[derive(Clone, Debug)]
pub enum PaneWish {
    /// A new plot there.
    New(Edge),
    /// The form for a topic filter.
    OpenForm,
    /// A number was dropped onto it, or at one of its edges.
    Drop(Dragged, Option<Edge>),
    /// A time of its own, or that of the page again.
    OwnTime,
    /// A tab of its own.
    ToNewTab,
    /// More room.
    Grow,
    /// Less room.
    Shrink,
    /// Another place among its neighbours.
    Move {
        /// Whether it goes after the next one.
        later: bool,
    },
    /// To be removed.
    Close,
}

/// The plots of a page while they are drawn.
pub struct Desk<'a, 'm> {
    /// The plots.
    pub panes: &'a mut BTreeMap<PlotId, PlotPane>,
    /// The plot that new series go to.
    pub active: &'a mut PlotId,
    /// What each takes from the page.
    pub shared: &'a BTreeMap<PlotId, Shared>,
    /// What may be read.
    pub scene: &'a Scene<'m>,
    /// What goes elsewhere.
    pub actions: &'a mut Actions,
    /// What the page is to do.
    pub wish: Option<(PlotId, PaneWish)>,
}

impl Behavior<PlotId> for Desk<'_, '_> {
    fn pane_ui(&mut self, ui: &mut Ui, _tile: TileId, id: &mut PlotId) -> UiResponse {
        let area = ui.max_rect();
        let is_pressed = ui.input(|input| input.pointer.any_pressed()) && ui.rect_contains_pointer(area);
        if is_pressed {
            *self.active = *id;
        }
        ui.set_clip_rect(area.intersect(ui.clip_rect()));
        ui.spacing_mut().item_spacing.y = 0.0;
        let mut response = UiResponse::None;
        if self.panes.len() > 1 {
            response = keyed(ui, "header", |ui| self.header(ui, *id));
        }
        let Self { panes, scene, shared, actions, wish, .. } = self;
        let Some(pane) = panes.get_mut(id) else { return response };
        keyed(ui, "notes", |ui| pane.notes(ui, actions));
        let shared = shared.get(id).copied().unwrap_or_default();
        keyed(ui, "plot", |ui| {
            if pane.plot.is_empty() {
                let l = language(ui);
                empty::show_with(ui, plots::EMPTY.of(l), plots::EMPTY_HELP.of(l), |ui| {
                    let form = ui.button(words::FIRST_FILTER.of(l));
                    if form.on_hover_text(words::ADD_FILTER_HELP.of(l)).clicked() {
                        *wish = Some((*id, PaneWish::OpenForm));
                    }
                });
            } else {
                pane.plot.show(ui, scene, shared, actions);
            }
        });
        self.drop_here(ui, area, *id);
        response
    }

    fn tab_title_for_pane(&mut self, id: &PlotId) -> WidgetText {
        self.panes.get(id).map(|pane| pane.name(Language::English)).unwrap_or_default().into()
    }

    fn retain_pane(&mut self, id: &PlotId) -> bool {
        self.panes.contains_key(id)
    }

    fn is_tab_bar_visible(&self, _tile: TileId, _tabs: &egui_tiles::Tabs) -> bool {
        false
    }

    fn min_size(&self) -> f32 {
        72.0
    }

    fn gap_width(&self, _style: &Style) -> f32 {
        1.0
    }

    fn resize_stroke(&self, style: &Style, state: ResizeState) -> Stroke {
        match state {
            ResizeState::Idle => Stroke::new(1.0, style.visuals.widgets.noninteractive.bg_stroke.color),
            ResizeState::Hovering | ResizeState::Dragging => {
                Stroke::new(2.0, style.visuals.selection.stroke.color)
            }
        }
    }

    fn drag_preview_color(&self, visuals: &Visuals) -> Color32 {
        visuals.selection.stroke.color.gamma_multiply(0.18)
    }

    fn cycle_tabs_with_keyboard(&self) -> bool {
        false
    }
}

impl Desk<'_, '_> {
    /// Draws the header, by which a plot is dragged, and which has its menu.
    fn header(&mut self, ui: &mut Ui, id: PlotId) -> UiResponse {
        let (t, l) = (tokens(ui), language(ui));
        let is_active = *self.active == id;
        let shared = self.shared.get(&id).copied().unwrap_or_default();
        let Some(pane) = self.panes.get_mut(&id) else { return UiResponse::None };
        let width = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(width, HEADER), Sense::hover());
        ui.painter().rect_filled(rect, 0.0, if is_active { t.surface_2 } else { t.surface_1 });
        if is_active {
            ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
        }
        let builder = UiBuilder::new()
            .scope_id(ui.scope_id().with("controls"))
            .max_rect(rect.shrink2(vec2(4.0, 0.0)))
            .layout(Layout::right_to_left(Align::Center));
        let mut right = ui.new_child(builder);
        right.spacing_mut().item_spacing.x = 0.0;
        let mut wish = None;
        if icon_button(&mut right, icons::X, words::CLOSE.of(l), words::CLOSE.of(l)).clicked() {
            wish = Some(PaneWish::Close);
        }
        let button = icon_button(&mut right, icons::LIST, words::MENU.of(l), words::MENU_HELP.of(l));
        context_menu::below(&button, |menu| wish = wish.take().or(pane_menu(menu, pane, true, l)));
        if width > 420.0 {
            pane.plot.controls(&mut right, self.scene, shared);
        }
        let title = Rect::from_min_max(rect.min, pos2(right.min_rect().left(), rect.bottom()));
        let response = if pane.renaming.is_some() {
            rename(ui, title, pane, l);
            UiResponse::None
        } else {
            let name = pane.name(l);
            let response = ui.interact(title, ui.scope_id().with("title"), Sense::click_and_drag());
            response
                .widget_info(|| WidgetInfo::labeled(Role::Button, true, words::header(&name, is_active, l)));
            let color = if is_active { t.text } else { t.text_muted };
            let text = end_of_topic(ui, &name, &theme::text_font(), color, title.width() - 16.0);
            paint_line(ui, pos2(title.left() + 10.0, title.center().y), text, color);
            if response.has_focus() {
                ui.painter().rect_stroke(
                    title,
                    size::RADIUS,
                    Stroke::new(RING, t.accent),
                    StrokeKind::Inside,
                );
            }
            context_menu::show(&response, response.id, response.has_focus(), |menu| {
                wish = wish.take().or(pane_menu(menu, pane, true, l));
            });
            if response.clicked() {
                *self.active = id;
            }
            if response.drag_started() { UiResponse::DragStarted } else { UiResponse::None }
        };
        self.wish = self.wish.take().or(wish.map(|wish| (id, wish)));
        response
    }

    /// Shows where a dragged number would go, and takes it when it is dropped.
    fn drop_here(&mut self, ui: &Ui, area: Rect, id: PlotId) {
        let Some(dragged) = plot_drag::dragged(ui.ctx()) else { return };
        let Some(pointer) = ui.ctx().pointer_interact_pos().filter(|pointer| area.contains(*pointer)) else {
            return;
        };
        let is_blank = self.panes.get(&id).is_some_and(PlotPane::is_blank);
        let beside = edge(area, pointer).filter(|_| !is_blank);
        let t = tokens(ui);
        let preview = beside.map_or(area, |beside| half(area, beside)).shrink(3.0);
        let painter = ui.painter().with_clip_rect(area);
        painter.rect(
            preview,
            size::RADIUS,
            t.accent.gamma_multiply(0.14),
            Stroke::new(2.0, t.accent),
            StrokeKind::Inside,
        );
        let label = if beside.is_some() { words::DROP_BESIDE } else { words::DROP_HERE };
        let galley = painter.layout(
            label.of(language(ui)).to_owned(),
            theme::strong_font(),
            t.text,
            (preview.width() - 8.0).max(1.0),
        );
        painter.galley(preview.center() - galley.size() / 2.0, galley, t.text);
        if ui.input(|input| input.pointer.any_released()) {
            plot_drag::take(ui.ctx());
            self.wish = Some((id, PaneWish::Drop(dragged, beside)));
        }
    }
}

/// The edge of a plot that a place is at.
fn edge(area: Rect, at: eframe::egui::Pos2) -> Option<Edge> {
    let across = (at.x - area.left()) / area.width().max(1.0);
    let down = (at.y - area.top()) / area.height().max(1.0);
    let edges =
        [(across, Edge::Left), (1.0 - across, Edge::Right), (down, Edge::Above), (1.0 - down, Edge::Below)];
    let nearest = edges.into_iter().min_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (nearest.0 < EDGE).then_some(nearest.1)
}

/// The half of a plot at an edge.
fn half(area: Rect, edge: Edge) -> Rect {
    let center = area.center();
    match edge {
        Edge::Left => area.with_max_x(center.x),
        Edge::Right => area.with_min_x(center.x),
        Edge::Above => area.with_max_y(center.y),
        Edge::Below => area.with_min_y(center.y),
    }
}

/// Draws the field for the title of a plot in place of it.
fn rename(ui: &mut Ui, rect: Rect, pane: &mut PlotPane, l: Language) {
    let Some(mut text) = pane.renaming.take() else { return };
    let builder = UiBuilder::new()
        .scope_id(ui.scope_id().with("rename"))
        .max_rect(rect.shrink2(vec2(8.0, 2.0)))
        .layout(Layout::left_to_right(Align::Center));
    let mut ui = ui.new_child(builder);
    let response = field::line(&mut ui, words::TITLE.of(l), field::NAME_BYTES_MAX, &mut text, |edit| {
        edit.desired_width(f32::INFINITY)
    });
    if response.lost_focus() {
        if !ui.input(|input| input.key_pressed(eframe::egui::Key::Escape)) {
            text.trim().clone_into(&mut pane.title);
        }
        return;
    }
    if !response.has_focus() {
        response.request_focus();
    }
    pane.renaming = Some(text);
}

/// The entries of the menu of a plot.
pub fn pane_menu(menu: &mut Menu<'_>, pane: &mut PlotPane, many: bool, l: Language) -> Option<PaneWish> {
    let mut wish = None;
    let only = (!many).then(|| words::ONLY_PLOT.of(l));
    let mut item = |icon: &str, label: Label, obstacle: Option<&str>, asked: PaneWish| {
        if menu.item(&Item::new(icon, label.of(l)).unless(obstacle)) {
            wish = Some(asked);
        }
    };
    item(icons::PLUS, words::BESIDE, None, PaneWish::New(Edge::Right));
    item(icons::ROWS, words::BELOW, None, PaneWish::New(Edge::Below));
    item(icons::FUNNEL, words::ADD_FILTER, None, PaneWish::OpenForm);
    item(icons::ARROWS_OUT_LINE_VERTICAL, words::LARGER, only, PaneWish::Grow);
    item(icons::ARROWS_IN_LINE_VERTICAL, words::SMALLER, only, PaneWish::Shrink);
    item(icons::ARROW_LEFT, words::EARLIER, only, PaneWish::Move { later: false });
    item(icons::ARROW_RIGHT, words::LATER, only, PaneWish::Move { later: true });
    item(icons::STACK, words::TO_NEW_TAB, only, PaneWish::ToNewTab);
    item(icons::X, words::CLOSE, only, PaneWish::Close);
    menu.separator();
    let own = Item::new(icons::PULSE, words::OWN_TIME.of(l)).checked(Some(pane.own_time));
    if menu.item(&own.unless(only)) {
        wish = Some(PaneWish::OwnTime);
    }
    if menu.item(&Item::new(icons::PENCIL_SIMPLE, words::RENAME.of(l)).unless(only)) {
        pane.renaming = Some(pane.title.clone());
    }
    wish
}
