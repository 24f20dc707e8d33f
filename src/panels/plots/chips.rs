//! The legend of a plot that has no room for a list beside its chart: one row above it, which scrolls sideways.

use std::borrow::Cow;

use eframe::egui::{
    Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    scroll_area::ScrollBarVisibility, vec2,
};

use crate::panels::plots::legend::{self, LegendOrder, LegendRow, SeriesWish};
use crate::ui::tokens::{RING, size, tokens};
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::{language, theme};
use crate::words::{Language, plots as words};

/// Height of the row, in points.
pub const HEIGHT: f32 = 24.0;
/// What is left for the chart at least, in points; a plot with less room has no legend.
const CHART_MIN: f32 = 36.0;
/// The most of a name that shows, in points.
const NAME_MAX: f32 = 150.0;
/// Room for a value, in points: it stays, so that nothing moves when values change.
const VALUE_WIDTH: f32 = 56.0;

/// Draws the row at the top of what is left of `ui`.
pub fn show(ui: &mut Ui, rows: &[LegendRow<'_>], order: LegendOrder) -> Option<(usize, SeriesWish)> {
    let l = language(ui);
    let mut asked = None;
    let area = ui.available_rect_before_wrap();
    if area.height() < HEIGHT + CHART_MIN {
        return None;
    }
    let row = Rect::from_min_size(area.min, vec2(area.width(), HEIGHT.min(area.height())));
    ui.advance_cursor_after_rect(row);
    let mut ui = ui.new_child(eframe::egui::UiBuilder::new().max_rect(row.shrink2(vec2(8.0, 0.0))));
    let scroll = ScrollArea::horizontal().auto_shrink(false).id_salt("chips");
    scroll.scroll_bar_visibility(ScrollBarVisibility::AlwaysHidden).show(&mut ui, |ui| {
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            for index in 0..rows.len() {
                if let Some(wish) = chip(ui, index, rows, order, l) {
                    asked = Some((index, wish));
                }
            }
        });
    });
    asked
}

fn chip(
    ui: &mut Ui,
    index: usize,
    rows: &[LegendRow<'_>],
    order: LegendOrder,
    l: Language,
) -> Option<SeriesWish> {
    let row = rows.get(index)?;
    let t = tokens(ui);
    let color = if row.hidden { t.text_faint } else { row.color };
    let text_color = if row.hidden { t.text_muted } else { t.text };
    let name = end_of_topic(ui, row.name, &theme::mono_small_font(), t.text_muted, NAME_MAX);
    let newest: Cow<'_, str> = row.newest.as_deref().map_or(words::NO_VALUE.of(l).into(), Cow::Borrowed);
    let value = one_line(ui, &newest, theme::mono_small_font(), text_color, VALUE_WIDTH * 1.6);
    let value_width = value.size().x.max(VALUE_WIDTH);
    let (rect, _) =
        ui.allocate_exact_size(vec2(34.0 + name.size().x + value_width, HEIGHT - 2.0), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("chip", index)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words::series(row.name, &newest, l)));
    if response.has_focus() {
        ui.painter().rect_stroke(rect, size::RADIUS, Stroke::new(RING, t.accent), StrokeKind::Inside);
        ui.scroll_to_rect(rect, None);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_2);
    }
    let middle = rect.center().y;
    row.marker.paint_sample(ui.painter(), pos2(rect.left() + 13.0, middle), color, t);
    let left = rect.left() + 27.0;
    let value_left = left + name.size().x + 6.0;
    paint_line(ui, pos2(left, middle), name, t.text_muted);
    paint_line(ui, pos2(value_left, middle), value, text_color);
    let asked = legend::menu(&response, row, rows, order, l);
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
