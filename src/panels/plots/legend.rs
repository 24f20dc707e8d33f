//! The series beside the chart, one row each: look, name, newest value, visible range, and buttons.

use std::borrow::Cow;

use eframe::egui::{
    self, Button, Color32, Rect, Response, RichText, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use crate::model::{SeriesId, Transform};
use crate::panels::plots::entry::transform_name;
use crate::panels::plots::marker::Marker;
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::Range;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{ListPlace, VirtualList};
use crate::ui::{icons, language, theme};
use crate::words::{Label, Language, plots as words};

const ROW_HEIGHT: f32 = 44.0;
const BUTTON_WIDTH: f32 = 22.0;

/// A series as shown in the legend.
pub struct LegendRow<'a> {
    /// Topic and path.
    pub name: &'a str,
    /// Its shape.
    pub marker: Marker,
    /// Its colour.
    pub color: Color32,
    /// Whether its line is hidden.
    pub hidden: bool,
    /// The model's series.
    pub series: SeriesId,
    /// Whether it is computed from another.
    pub derived: bool,
    /// Whether its values are states.
    pub states: bool,
    /// The newest value as it is written.
    pub newest: Option<String>,
    /// The newest value, to sort by.
    pub order: Option<f64>,
    /// Lowest and highest visible value.
    pub values: Option<Range>,
    /// Messages without a number.
    pub missing: u64,
    /// Values that are infinite or not a number.
    pub not_finite: u64,
    /// Values that came after later ones.
    pub late: u64,
    /// From when on values are held, as it is written, if older ones went.
    pub held_from: String,
    /// How much of the history was read, in percent, until all was.
    pub filling: Option<u8>,
    /// Since when messages have come without a value.
    pub missing_since: Option<f64>,
    /// The same as it is written.
    pub since: String,
}

impl LegendRow<'_> {
    /// What is odd about its values, in sentences.
    pub fn notes(&self, l: Language) -> Vec<String> {
        let mut notes = Vec::new();
        if let Some(percent) = self.filling {
            notes.push(words::filling(percent, l));
        }
        if self.missing_since.is_some() {
            notes.push(words::none_since(&self.since, l));
        }
        if self.missing > 0 {
            notes.push(words::without_number(self.missing, l));
        }
        if self.not_finite > 0 {
            notes.push(words::not_finite(self.not_finite, l));
        }
        if self.late > 0 {
            notes.push(words::late(self.late, l));
        }
        if !self.held_from.is_empty() {
            notes.push(words::held_from(&self.held_from, l));
        }
        notes
    }
}

/// The order of the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LegendOrder {
    /// As the series were added.
    #[default]
    Added,
    /// By name.
    Name,
    /// By the newest value, the highest first.
    Value,
}

impl LegendOrder {
    /// Every order, with its entry in the menu.
    const CHOICES: [(Self, Label); 3] = [
        (Self::Added, words::SORT_AS_ADDED),
        (Self::Name, words::SORT_BY_NAME),
        (Self::Value, words::SORT_BY_VALUE),
    ];

    /// Puts rows in this order.
    pub fn sort(self, rows: &mut [LegendRow<'_>]) {
        match self {
            Self::Added => {}
            Self::Name => rows.sort_by(|a, b| a.name.cmp(b.name)),
            Self::Value => {
                let value = |row: &LegendRow<'_>| row.order.unwrap_or(f64::NEG_INFINITY);
                rows.sort_by(|a, b| value(b).total_cmp(&value(a)));
            }
        }
    }
}

/// What the person asked for in a row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SeriesWish {
    /// Select the topic in the tree.
    Select,
    /// Change how it is read and drawn.
    Edit,
    /// Hide the line, or show it again.
    ToggleHidden,
    /// Hide all other lines.
    Solo,
    /// Show all lines.
    ShowAll,
    /// Plot what is computed from it.
    Derive(Transform),
    /// Put the rows in another order.
    Sort(LegendOrder),
    /// Discard the values so far.
    Clear,
    /// Remove the series.
    Remove,
}

/// Draws the rows into the rest of `ui`.
pub fn show(
    ui: &mut Ui,
    place: &mut ListPlace,
    rows: &[LegendRow<'_>],
    order: LegendOrder,
) -> Option<(usize, SeriesWish)> {
    let mut asked = None;
    let l = language(ui);
    let name = words::SERIES.of(l);
    let list = VirtualList { name, rows: rows.len() as u64, row_height: ROW_HEIGHT, scroll_to: None };
    list.show(ui, place, |ui, index, rect| {
        let index = index as usize;
        if let Some(wish) = show_row(ui, rect, index, rows, order, l) {
            asked = Some((index, wish));
        }
    });
    asked
}

fn show_row(
    ui: &mut Ui,
    rect: Rect,
    index: usize,
    rows: &[LegendRow<'_>],
    order: LegendOrder,
    l: Language,
) -> Option<SeriesWish> {
    let row = rows.get(index)?;
    let t = tokens(ui);
    let id = ui.scope_id().with(("series", index));
    let response = ui.interact(rect, id, Sense::click());
    let newest: Cow<'_, str> = row.newest.as_deref().map_or(words::NO_VALUE.of(l).into(), Cow::Borrowed);
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words::series(row.name, &newest, l)));
    let ground = rect.shrink2(vec2(4.0, 1.0));
    if response.has_focus() {
        ui.painter().rect_stroke(ground, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    } else if ui.rect_contains_pointer(rect) {
        ui.painter().rect_filled(ground, size::RADIUS, t.surface_2);
    }

    let inner = Rect::from_min_max(
        pos2(rect.left() + 12.0, rect.top() + 4.0),
        pos2(rect.right() - 8.0, rect.bottom() - 4.0),
    );
    let (upper, lower) = (inner.top() + 9.0, inner.bottom() - 8.0);
    let color = if row.hidden { t.text_faint } else { row.color };
    row.marker.paint_sample(ui.painter(), pos2(inner.left() + 9.0, upper), color, t);
    let left = inner.left() + 26.0;
    let buttons = Rect::from_min_max(
        pos2(inner.right() - 3.0 * BUTTON_WIDTH, upper - 11.0),
        pos2(inner.right(), upper + 11.0),
    );
    let text_color = if row.hidden { t.text_muted } else { t.text };
    let name_width = buttons.left() - left - 4.0;
    let name = end_of_topic(ui, row.name, &theme::mono_small_font(), text_color, name_width);
    paint_line(ui, pos2(left, upper), name, text_color);

    let value = one_line(ui, &newest, theme::mono_font(), text_color, 110.0);
    let value_right = left + value.size().x;
    paint_line(ui, pos2(left, lower), value, text_color);
    let since = row.missing_since.filter(|_| !row.hidden);
    let range_color = if since.is_some() { t.warn } else { t.text_muted };
    let range: Cow<'_, str> = match (row.filling, row.values) {
        (Some(percent), _) => words::filling(percent, l).into(),
        _ if since.is_some() => words::none_since(&row.since, l).into(),
        (None, None) if row.states && row.newest.is_some() => "".into(),
        _ if row.hidden => words::HIDDEN.of(l).into(),
        (None, None) => words::NO_VALUES_IN_VIEW.of(l).into(),
        (None, Some(values)) => value_axis::rounded_range(values, 4).into(),
    };
    let room = inner.right() - 6.0 - value_right - 12.0;
    let range = one_line(ui, &range, theme::mono_small_font(), range_color, room);
    paint_line(ui, pos2(inner.right() - 6.0 - range.size().x, lower), range, range_color);

    let asked = show_buttons(ui, buttons, index, row, l).or_else(|| menu(&response, row, rows, order, l));
    let notes = row.notes(l);
    ui.ctx().accesskit_node_builder(response.id, |node| {
        if !notes.is_empty() {
            node.set_description(notes.join("\n"));
        }
    });
    let response = response.on_hover_ui(|ui| {
        ui.label(words::series_help(row.name, l));
        for note in &notes {
            ui.label(RichText::new(note).color(tokens(ui).warn));
        }
    });
    asked.or(response.clicked().then_some(SeriesWish::Select))
}

/// The moving averages that are offered, in seconds.
const AVERAGES_S: [f64; 3] = [10.0, 60.0, 600.0];
/// The most other series that a difference to is offered.
const OTHERS_MAX: usize = 5;

/// Shows the menu of a series while it is open.
pub fn menu(
    response: &Response,
    row: &LegendRow<'_>,
    rows: &[LegendRow<'_>],
    order: LegendOrder,
    l: Language,
) -> Option<SeriesWish> {
    let mut asked = None;
    context_menu::show(response, response.id, response.has_focus(), |menu| {
        let mut item = |icon, label: Label, wish| {
            if menu.item(&Item::new(icon, label.of(l))) {
                asked = Some(wish);
            }
        };
        item(icons::PENCIL_SIMPLE, words::EDIT_SERIES, SeriesWish::Edit);
        item(icons::MAGNIFYING_GLASS, words::SELECT_TOPIC, SeriesWish::Select);
        let (icon, label) =
            if row.hidden { (icons::EYE, words::SHOW_LINE) } else { (icons::EYE_SLASH, words::HIDE_LINE) };
        item(icon, label, SeriesWish::ToggleHidden);
        if rows.len() > 1 {
            item(icons::EYE, words::SOLO, SeriesWish::Solo);
        }
        if rows.iter().any(|row| row.hidden) {
            item(icons::EYE, words::SHOW_ALL, SeriesWish::ShowAll);
        }
        item(icons::ERASER, words::CLEAR_VALUES, SeriesWish::Clear);
        item(icons::X, words::REMOVE_SERIES, SeriesWish::Remove);
        menu.separator();
        menu.submenu(words::COMPUTED.of(l), |menu| {
            derive(menu, row, rows, l).inspect(|transform| asked = Some(SeriesWish::Derive(*transform)));
        });
        menu.submenu(words::SORT_SERIES.of(l), |menu| {
            for (choice, label) in LegendOrder::CHOICES {
                if menu.item(&Item::new("", label.of(l)).checked(Some(choice == order))) {
                    asked = Some(SeriesWish::Sort(choice));
                }
            }
        });
    });
    asked
}

/// The entries that plot what is computed from a series.
fn derive(
    menu: &mut Menu<'_>,
    row: &LegendRow<'_>,
    rows: &[LegendRow<'_>],
    l: Language,
) -> Option<Transform> {
    let mut asked = None;
    let averages = AVERAGES_S.map(Transform::MovingAverage);
    for transform in
        [Transform::Derivative, Transform::Integral, Transform::Interval].into_iter().chain(averages)
    {
        if menu.item(&Item::new(icons::CHART_LINE, &transform_name(transform, None, l))) {
            asked = Some(transform);
        }
    }
    let others = rows.iter().filter(|other| other.series != row.series && !other.derived);
    for other in others.take(OTHERS_MAX) {
        let transform = Transform::Difference(other.series);
        if menu.item(&Item::new(icons::CHART_LINE, &transform_name(transform, Some(other.name), l))) {
            asked = Some(transform);
        }
    }
    asked
}

fn show_buttons(
    ui: &mut Ui,
    rect: Rect,
    index: usize,
    row: &LegendRow<'_>,
    l: Language,
) -> Option<SeriesWish> {
    let layout = egui::Layout::right_to_left(egui::Align::Center);
    let mut ui = ui.new_child(UiBuilder::new().id_salt(("buttons", index)).max_rect(rect).layout(layout));
    ui.spacing_mut().item_spacing.x = 0.0;
    ui.spacing_mut().button_padding = vec2(3.0, 3.0);
    let mut asked = None;
    let mut button = |icon: &str, name: fn(&str, Language) -> String, help: Label, wish| {
        if small_icon_button(&mut ui, icon, || name(row.name, l), help.of(l)).clicked() {
            asked = Some(wish);
        }
    };
    button(icons::X, words::remove, words::REMOVE_HELP, SeriesWish::Remove);
    button(icons::ERASER, words::clear, words::CLEAR_HELP, SeriesWish::Clear);
    if row.hidden {
        button(icons::EYE_SLASH, words::show, words::SHOW_HELP, SeriesWish::ToggleHidden);
    } else {
        button(icons::EYE, words::hide, words::HIDE_HELP, SeriesWish::ToggleHidden);
    }
    asked
}

/// Draws an icon button that fits into a row.
fn small_icon_button(ui: &mut Ui, icon: &str, name: impl Fn() -> String, help: &str) -> Response {
    let text = RichText::new(icon).font(theme::icon_font()).color(tokens(ui).text_muted);
    let response = ui.add(Button::new(text).frame_when_inactive(false).min_size(vec2(BUTTON_WIDTH, 22.0)));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name()));
    response.on_hover_text(help)
}
