//! The column headings: a click sorts by a column, a second click reverses the order, edges can be dragged, and a menu
//! chooses columns.
//!
//! For assistive technology the row is a group named `Sort by` whose value is the order; each heading says how it
//! sorts.

use eframe::egui::{
    Align, Align2, CursorIcon, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, accesskit, pos2, vec2,
};

use crate::command::{Action, Actions, TopicAction};
use crate::model::{Order, Sorting};
use crate::panels::scene::Scene;
use crate::panels::topics::columns::{ColumnPlaces, align_of, order_of};
use crate::store::settings::{COLUMN_WIDTH_MAX, COLUMN_WIDTH_MIN, Column, Columns};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::context_menu::scrolling;
use crate::ui::widgets::virtual_list::BAR_WIDTH;
use crate::ui::{icons, language, theme};
use crate::words::topics as words;

/// Height of the row.
const HEIGHT: f32 = 22.0;
/// Size of the sort mark beside a column's name.
const MARK_SIZE: f32 = 10.0;
const MARK_GAP: f32 = 3.0;
/// Width in which an edge can be grabbed.
const EDGE_WIDTH: f32 = 7.0;
const MENU_WIDTH: f32 = 220.0;

/// What the headings keep between frames: the columns while an edge is being dragged.
#[derive(Debug, Default)]
pub struct Headings {
    dragged: Option<Columns>,
}

/// What a heading is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Heading {
    Topic,
    Value,
    Column(Column),
}

impl Heading {
    fn order(self) -> Option<Order> {
        match self {
            Self::Topic => Some(Order::Name),
            Self::Value => Some(Order::Value),
            Self::Column(column) => order_of(column),
        }
    }

    fn align(self) -> Align {
        match self {
            Self::Topic | Self::Value => Align::Min,
            Self::Column(column) => align_of(column),
        }
    }
}

impl Headings {
    /// Draws the row and returns the positions of this frame's columns.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) -> ColumnPlaces {
        let outer = ui.available_rect_before_wrap();
        let whole = Rect::from_min_size(outer.min, vec2(outer.width(), HEIGHT));
        let row = whole.with_max_x((whole.right() - BAR_WIDTH).max(whole.left()));
        let columns = self.dragged.unwrap_or(scene.settings.columns);
        let places = ColumnPlaces::of(&columns, row);

        let id = ui.unique_id().with("headings");
        let group = ui.interact(whole, id, Sense::CLICK);
        group.context_menu(|ui| menu(ui, scene, actions));
        let (l, sorting) = (language(ui), scene.model.order());
        let value = words::sorting(sorting, l);
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(accesskit::Role::Group);
            node.set_label(words::SORT_BY.of(l));
            node.set_value(value);
        });
        ui.scope_builder(UiBuilder::new().max_rect(whole).accessibility_parent(id), |ui| {
            for (heading, rect) in cells(&places, row) {
                let response = cell(ui, rect, heading, sorting, actions);
                response.context_menu(|ui| menu(ui, scene, actions));
            }
            self.edges(ui, scene, &places, row, actions);
        });
        ui.advance_cursor_after_rect(whole);
        let t = tokens(ui);
        ui.painter().hline(whole.x_range(), whole.bottom() - 0.5, Stroke::new(1.0, t.line));
        places
    }

    /// Lets a person drag the left edges of the columns and of the values.
    fn edges(&mut self, ui: &Ui, scene: &Scene<'_>, places: &ColumnPlaces, row: Rect, actions: &mut Actions) {
        let value = (None, places.value - size::PADDING / 2.0, 0.0);
        let columns = places.columns.iter().map(|&(column, left, right)| (Some(column), left, right));
        for (column, x, right) in std::iter::once(value).chain(columns) {
            let edge = Rect::from_center_size(pos2(x, row.center().y), vec2(EDGE_WIDTH, row.height()));
            let response = ui.interact(edge, ui.unique_id().with(("edge", column)), Sense::DRAG);
            if response.hovered() || response.dragged() {
                ui.set_cursor_icon(CursorIcon::ResizeColumn);
                let line = Stroke::new(1.0, tokens(ui).text_faint);
                ui.painter().vline(x, edge.shrink2(vec2(0.0, 4.0)).y_range(), line);
            }
            if response.dragged()
                && let Some(pointer) = response.interact_pointer_pos()
            {
                let dragged = self.dragged.get_or_insert(scene.settings.columns);
                match column {
                    None => dragged.topic_width = Some((pointer.x - row.left()).round()),
                    Some(column) => {
                        let width = (right - pointer.x).round().clamp(COLUMN_WIDTH_MIN, COLUMN_WIDTH_MAX);
                        dragged.get_mut(column).width = Some(width);
                    }
                }
            }
            if response.drag_stopped()
                && let Some(dragged) = self.dragged.take()
            {
                change(scene, actions, |columns| *columns = dragged);
            }
        }
    }
}

/// The headings of a row and their areas, from left to right.
fn cells(places: &ColumnPlaces, row: Rect) -> impl Iterator<Item = (Heading, Rect)> {
    let topic = row.with_min_x(row.left() + size::PADDING).with_max_x(places.value - size::PADDING);
    let value = row.with_min_x(places.value).with_max_x(places.body_right);
    let columns = places.columns.iter().map(move |&(column, left, right)| {
        (Heading::Column(column), row.with_min_x(left + 4.0).with_max_x(right))
    });
    [(Heading::Topic, topic), (Heading::Value, value)].into_iter().chain(columns)
}

fn cell(ui: &Ui, rect: Rect, heading: Heading, sorting: Sorting, actions: &mut Actions) -> Response {
    let (t, l) = (tokens(ui), language(ui));
    let (name, help) = match heading {
        Heading::Topic => (words::TOPIC.of(l), words::TOPIC_HELP.of(l)),
        Heading::Value => (words::VALUE.of(l), words::VALUE_HELP.of(l)),
        Heading::Column(column) => (words::column(column).of(l), words::column_help(column).of(l)),
    };
    let order = heading.order();
    let sense = if order.is_some() { Sense::click() } else { Sense::CLICK };
    let response = ui.interact(rect, ui.unique_id().with(("heading", heading)), sense);
    let said = if heading == Heading::Topic { words::TOPIC_LEVEL.of(l) } else { name };
    response.widget_info(|| WidgetInfo::labeled(Role::ColumnHeader, true, said));
    let is_sorted = order == Some(sorting.by);
    if is_sorted {
        let direction = if sorting.is_ascending() {
            accesskit::SortDirection::Ascending
        } else {
            accesskit::SortDirection::Descending
        };
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_sort_direction(direction));
    }
    if response.clicked()
        && let Some(by) = order
    {
        actions.push(TopicAction::SortBy(Sorting { by, reversed: is_sorted && !sorting.reversed }));
    }

    let lit = is_sorted || (response.hovered() && order.is_some());
    let color = if lit { t.text } else { t.text_muted };
    if response.has_focus() {
        ui.painter().rect_stroke(rect, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    }
    let painter = ui.painter().with_clip_rect(rect.intersect(ui.clip_rect()));
    let galley = painter.layout_no_wrap(name.to_owned(), theme::small_font(), color);
    let mark = if is_sorted { MARK_SIZE + MARK_GAP } else { 0.0 };
    // The mark is drawn on the side where the text does not touch the column's edge.
    let left = match heading.align() {
        Align::Max => rect.right() - galley.size().x,
        Align::Min | Align::Center => rect.left(),
    };
    let mark_x = match heading.align() {
        Align::Max => left - mark,
        Align::Min | Align::Center => left + galley.size().x + MARK_GAP,
    };
    painter.galley(pos2(left, rect.center().y - galley.size().y / 2.0), galley, color);
    if is_sorted {
        let icon = if sorting.is_ascending() { icons::CARET_UP } else { icons::CARET_DOWN };
        let font = FontId::new(MARK_SIZE, theme::icon_font().family);
        painter.text(pos2(mark_x, rect.center().y), Align2::LEFT_CENTER, icon, font, color);
    }
    response.on_hover_text(help)
}

/// Draws the menu that chooses columns, and the order that has no column.
pub fn menu(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    scrolling(ui, MENU_WIDTH, |ui| choices(ui, scene, actions));
}

fn choices(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let l = language(ui);
    for column in Column::ALL.into_iter().rev() {
        let mut shown = scene.settings.columns.get(column).shown;
        let box_of = check_box(ui, &mut shown, words::column(column).of(l));
        if box_of.on_hover_text(words::column_help(column).of(l)).changed() {
            change(scene, actions, |columns| columns.get_mut(column).shown = shown);
        }
    }
    ui.separator();
    let is_by_arrival = scene.model.order().by == Order::Arrival;
    if ui.selectable_label(is_by_arrival, words::ORDER_OF_ARRIVAL.of(l)).clicked() {
        actions.push(TopicAction::SortBy(Order::Arrival.into()));
        ui.close();
    }
    if ui.button(words::RESET_WIDTHS.of(l)).clicked() {
        change(scene, actions, Columns::reset_widths);
        ui.close();
    }
}

fn change(scene: &Scene<'_>, actions: &mut Actions, change: impl FnOnce(&mut Columns)) {
    let mut settings = scene.settings.clone();
    change(&mut settings.columns);
    actions.push(Action::ChangeSettings(Box::new(settings)));
}
