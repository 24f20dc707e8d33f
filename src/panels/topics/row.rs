//! A row of the tree: guides, caret, name, value, and the columns on the right.

use std::cell::Cell;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{
    Align, Align2, CursorIcon, FontId, Galley, Rect, Response, Shape, Stroke, Ui, pos2,
    text::{LayoutJob, TextFormat, TextWrapping},
    vec2,
};
use regex::bytes::Regex;

use crate::command::{Actions, PlotAction, TopicAction};
use crate::model::Row;
use crate::panels::plot_drag::{self, Dragged};
use crate::panels::scene::Scene;
use crate::panels::token_colors::color_of_value;
use crate::panels::topics::access::{self, AccessRows};
use crate::panels::topics::cells::{Cells, TREND_VALUES, Texts};
use crate::panels::topics::columns::{ColumnPlaces, align_of};
use crate::panels::topics::lines::{self, LineLook};
use crate::panels::topics::{menu, select, tooltip};
use crate::payload::query::number_of;
use crate::query::Differs;
use crate::store::settings::Column;
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::context_menu;
use crate::ui::widgets::virtual_list::paint_galley;
use crate::ui::{icons, theme};

const CARET_WIDTH: f32 = 16.0;
/// Deeper levels are not indented further, so that names stay on the screen.
const INDENT_LEVELS_MAX: u16 = 24;
/// A long name's greatest share of the room for names and values.
const NAME_PART: f32 = 0.7;
/// Size of the mark for a retained message.
const PIN_SIZE: f32 = 12.0;
/// Space between a name, its mark and its value.
const NAME_GAP: f32 = 12.0;
const PIN_GAP: f32 = 4.0;
/// Width of the mark that plots a number.
const PLOT_MARK: f32 = 24.0;
/// A value with less room than this is not drawn.
const VALUE_MIN: f32 = 16.0;

/// Search highlights for the rows of one frame. Some expressions take long, so the total time is limited; rows drawn
/// after that have no highlights.
#[derive(Debug)]
pub struct RowMarks<'a> {
    pattern: &'a Regex,
    left: Cell<Duration>,
}

/// Time limit for all rows of a frame.
const MARKING_TIME_MAX: Duration = Duration::from_millis(2);
/// How many bytes of a text are searched: more than a row has room for.
const MARKED_BYTES_MAX: usize = 512;

impl<'a> RowMarks<'a> {
    /// Creates the highlights of one frame.
    pub fn new(pattern: &'a Regex) -> Self {
        Self { pattern, left: Cell::new(MARKING_TIME_MAX) }
    }

    /// The ranges of a text to highlight.
    fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        if self.left.get().is_zero() {
            return Vec::new();
        }
        let began = Instant::now();
        let text = &text[..text.floor_char_boundary(MARKED_BYTES_MAX)];
        let mut ranges = Vec::new();
        for found in self.pattern.find_iter(text.as_bytes()) {
            ranges.push(found.range());
            if began.elapsed() >= self.left.get() {
                break;
            }
        }
        self.left.set(self.left.get().saturating_sub(began.elapsed()));
        ranges
    }
}

/// What all rows of a frame share.
#[derive(Debug)]
pub struct Frame<'a> {
    /// What the panel may read.
    pub scene: &'a Scene<'a>,
    /// Positions of the columns.
    pub places: &'a ColumnPlaces,
    /// The search highlights.
    pub marks: Option<RowMarks<'a>>,
}

/// Draws a row and handles its input.
#[expect(clippy::too_many_arguments, reason = "a row is where the scene, the list and the panel meet")]
pub fn show(
    ui: &mut Ui,
    rect: Rect,
    row: &Row,
    selected: bool,
    frame: &Frame<'_>,
    cells: &mut Cells,
    access: &mut AccessRows<'_>,
    actions: &mut Actions,
) {
    let Frame { scene, places, marks } = frame;
    let t = tokens(ui);
    let response = access.place(ui, rect, row);
    let (texts, flash) = cells.of(row, scene);
    access.describe(ui, &response, row, texts, selected, scene);
    plot_drag::offer(&response, || Dragged::topic(scene, row.node));
    background(ui, rect, t, selected, &response);
    if let Some(how) = scene.changes.and_then(|changes| changes.get(&row.node)) {
        change_mark(ui, rect, t, *how);
    }

    let indent = |level: u16| size::PADDING + f32::from(level) * size::INDENT;
    let level = row.level.min(INDENT_LEVELS_MAX);
    guides(ui, rect, t, (0..level).map(indent));
    let left = rect.left() + indent(level);
    let caret = Rect::from_min_size(pos2(left, rect.top()), vec2(CARET_WIDTH, rect.height()));
    if row.has_children {
        draw_caret(ui, caret, t, row.expanded);
    }
    columns(ui, rect, t, texts, places);
    let body = rect.with_min_x(caret.right() + 2.0).with_max_x(places.body_right);
    let faded = if selected { 0.0 } else { flash };
    name_and_value(ui, body, places.value, texts, marks.as_ref(), faded);

    let mark = plot_mark(ui, body, &response, row, scene, selected);
    let at = response.interact_pointer_pos();
    if response.clicked() && mark.zip(at).is_some_and(|(mark, at)| mark.contains(at)) {
        actions.push(PlotAction::Add { node: row.node, path: None });
        return;
    }
    let caret_clicked = response.clicked()
        && row.has_children
        && response.interact_pointer_pos().is_some_and(|at| at.x < caret.right());
    if operate(ui, &response, row, caret_clicked, actions) {
        access.focus_tree(ui);
    }
    let violation = texts.violation.clone();
    menu::show(ui, &response, access.tree(), row, scene, actions);
    if response.hovered() && !context_menu::is_open(&response) {
        response.on_hover_ui_at_pointer(|ui| tooltip::show(ui, row, violation.as_ref(), scene));
    }
}

/// Draws the mark at the end of a row under the pointer that plots its number, and returns where it is. The keyboard has
/// the menu instead.
fn plot_mark(
    ui: &Ui,
    body: Rect,
    response: &Response,
    row: &Row,
    scene: &Scene<'_>,
    selected: bool,
) -> Option<Rect> {
    let newest = || Some(scene.model.node(row.node)?.topic?.newest);
    let is_number =
        response.hovered() && newest().is_some_and(|newest| number_of(newest.payload()).is_some());
    if !is_number {
        return None;
    }
    let t = tokens(ui);
    let mark = body.with_min_x((body.right() - PLOT_MARK).max(body.left()));
    ui.painter().rect_filled(mark, 0.0, if selected { t.selection } else { t.surface_2 });
    let is_under = ui.ctx().pointer_hover_pos().is_some_and(|at| mark.contains(at));
    let color = if is_under { t.accent } else { t.text_muted };
    let font = FontId::new(14.0, theme::icon_font().family);
    ui.painter().text(mark.center(), Align2::CENTER_CENTER, icons::CHART_LINE, font, color);
    if is_under {
        ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
    }
    Some(mark)
}

/// Draws at the left edge how a topic differs from what it is compared with: a bar if it changed, dots if it is silent.
fn change_mark(ui: &Ui, rect: Rect, t: &Tokens, how: Differs) {
    let bar = Rect::from_min_size(rect.min + vec2(3.0, 3.0), vec2(3.0, rect.height() - 6.0));
    if how.is_change() {
        let color = if how.is_new { t.ok } else { t.warn };
        ui.painter().rect_filled(bar, 1.0, color);
    } else {
        for part in [0.2, 0.5, 0.8] {
            let at = pos2(bar.center().x, bar.top() + part * bar.height());
            ui.painter().circle_filled(at, 1.2, t.text_muted);
        }
    }
}

fn background(ui: &Ui, rect: Rect, t: &Tokens, selected: bool, response: &Response) {
    if selected {
        ui.painter().rect_filled(rect, 0.0, t.selection);
        let bar = Rect::from_min_size(rect.min, vec2(2.0, rect.height()));
        ui.painter().rect_filled(bar, 0.0, t.accent);
    } else if response.hovered() || context_menu::is_open(response) {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
}

fn draw_caret(ui: &Ui, rect: Rect, t: &Tokens, open: bool) {
    let icon = if open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
    let font = FontId::new(12.0, theme::icon_font().family);
    ui.painter().text(rect.center(), Align2::CENTER_CENTER, icon, font, t.text_muted);
}

/// Draws a faint line under each ancestor level, to guide the eye.
fn guides(ui: &Ui, rect: Rect, t: &Tokens, indents: impl Iterator<Item = f32>) {
    for indent in indents {
        let x = (rect.left() + indent + CARET_WIDTH / 2.0).round() + 0.5;
        ui.painter().vline(x, rect.y_range(), Stroke::new(1.0, t.line));
    }
}

fn columns(ui: &Ui, rect: Rect, t: &Tokens, texts: &Texts, places: &ColumnPlaces) {
    for &(column, left, right) in &places.columns {
        let cell = rect.with_min_x(left + 4.0).with_max_x(right);
        let text = texts.column(column);
        if column == Column::Trend {
            trend(ui, cell, t, &texts.trend);
        } else if !text.is_empty() {
            let font = match column {
                Column::Retained => theme::small_font(),
                _ => theme::mono_small_font(),
            };
            let look = LineLook { font, color: t.text_muted, room: cell.width() };
            let galley = line(ui, texts, column as usize, text, look, None);
            paint_galley(ui, cell, align_of(column), galley, t.text_muted);
        }
    }
}

/// Draws the last numbers as a line scaled from the smallest to the largest, with a dot at the newest.
fn trend(ui: &Ui, cell: Rect, t: &Tokens, values: &[f64]) {
    let Some((newest, _)) = values.split_last().filter(|(_, before)| !before.is_empty()) else { return };
    let (low, high) = values
        .iter()
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &value| (low.min(value), high.max(value)));
    let room = cell.shrink2(vec2(2.0, 5.0));
    let span = high - low;
    let y = |value: f64| {
        // Numbers at opposite ends of the float range have a span that overflows.
        let part = if span > 0.0 && span.is_finite() { (value - low) / span } else { 0.5 };
        room.bottom() - part as f32 * room.height()
    };
    // The newest number is at the right end, however few there are.
    let step = room.width() / (TREND_VALUES - 1) as f32;
    let first = room.right() - step * (values.len() - 1) as f32;
    let points = values.iter().enumerate().map(|(index, &value)| pos2(first + step * index as f32, y(value)));
    ui.painter().add(Shape::line(points.collect(), Stroke::new(1.0, t.json_number)));
    ui.painter().circle_filled(pos2(room.right(), y(*newest)), 1.5, t.json_number);
}

fn name_and_value(
    ui: &Ui,
    rect: Rect,
    value_left: f32,
    texts: &Texts,
    marks: Option<&RowMarks<'_>>,
    flash: f32,
) {
    let t = tokens(ui);
    let room = rect.width().max(0.0);
    let pin = if texts.is_retained { PIN_GAP + PIN_SIZE } else { 0.0 };
    let name_room = if texts.value.is_empty() { room } else { (room * NAME_PART).max(room - 160.0) - pin };
    let look = LineLook { font: theme::mono_font(), color: t.text, room: name_room };
    let name = line(ui, texts, lines::NAME, &texts.name, look, marks);
    let name_right = rect.left() + name.size().x;
    paint_galley(ui, rect, Align::Min, name, t.text);
    if texts.is_retained {
        let at = pos2(name_right + PIN_GAP + PIN_SIZE / 2.0, rect.center().y);
        let font = FontId::new(PIN_SIZE, theme::icon_font().family);
        ui.painter().text(at, Align2::CENTER_CENTER, icons::PUSH_PIN, font, t.text_muted);
    }

    let left = value_left.max(name_right + pin + NAME_GAP);
    let value_room = rect.right() - left;
    if texts.value.is_empty() || value_room < VALUE_MIN {
        return;
    }
    let left = if texts.violation.is_some() {
        let font = FontId::new(PIN_SIZE, theme::icon_font().family);
        let at = pos2(left, rect.center().y);
        ui.painter().text(at, Align2::LEFT_CENTER, icons::WARNING, font, t.warn);
        left + PIN_SIZE + PIN_GAP
    } else {
        left
    };
    let value_room = rect.right() - left;
    let color = texts.kind.map_or(t.text_muted, |kind| color_of_value(kind, t));
    let (font, marks) = match texts.kind {
        Some(_) => (theme::mono_font(), marks),
        None => (theme::small_font(), None),
    };
    let look = LineLook { font, color, room: value_room };
    let value = line(ui, texts, lines::VALUE, &texts.value, look, marks);
    let area = rect.with_min_x(left);
    if flash > 0.0 {
        let size = value.size();
        let mark = Rect::from_min_size(pos2(left, rect.center().y - size.y / 2.0), size);
        let mark = mark.expand2(vec2(4.0, 1.0));
        ui.painter().rect_filled(mark, 3.0, t.flash.gamma_multiply(flash * t.flash_opacity));
        let line = Stroke::new(1.0, t.flash.gamma_multiply(flash));
        ui.painter().hline(mark.x_range().shrink(2.0), mark.bottom() - 0.5, line);
    }
    paint_galley(ui, area, Align::Min, value, color);
}

/// A line of the row, as it was laid out before if that is the same. Highlights are laid out anew.
fn line(
    ui: &Ui,
    texts: &Texts,
    place: usize,
    text: &str,
    look: LineLook,
    marks: Option<&RowMarks<'_>>,
) -> Arc<Galley> {
    match marks {
        Some(_) => elided(ui, text, &look, marks),
        None => texts.lines.get(place, text, look, |look| elided(ui, text, look, None)),
    }
}

/// Lays out one line with highlighted search matches, ending in "…" if there is not enough room.
fn elided(ui: &Ui, text: &str, look: &LineLook, marks: Option<&RowMarks<'_>>) -> Arc<Galley> {
    let t = tokens(ui);
    let plain = TextFormat::simple(look.font.clone(), look.color);
    // Not every hue is legible on the mark.
    let marked = TextFormat { background: t.highlight, color: t.text, ..plain.clone() };
    let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(look.room), ..LayoutJob::default() };
    job.break_on_newline = false;
    let mut at = 0;
    let found = marks.map(|marks| marks.ranges(text)).unwrap_or_default();
    for range in found.into_iter().filter(|range| !range.is_empty()) {
        // The pattern works on bytes: a match inside a character is not highlighted.
        let (Some(before), Some(inside)) = (text.get(at..range.start), text.get(range.clone())) else {
            continue;
        };
        job.append(before, 0.0, plain.clone());
        job.append(inside, 0.0, marked.clone());
        at = range.end;
    }
    job.append(text.get(at..).unwrap_or_default(), 0.0, plain);
    ui.painter().layout_job(job)
}

/// Handles clicks on the row; returns whether to focus the tree.
fn operate(ui: &Ui, response: &Response, row: &Row, caret_clicked: bool, actions: &mut Actions) -> bool {
    if caret_clicked || (response.double_clicked() && row.has_children) {
        actions.push(TopicAction::SetExpanded(row.node, !row.expanded));
    } else if let Some(asked) = access::asked(ui, response.id, row) {
        actions.push(asked);
        return true;
    } else if response.clicked() {
        select(row.node, actions);
    }
    response.clicked() || response.secondary_clicked()
}

/// Publishes a row above the view, which is invisible but can be operated.
pub fn show_above(
    ui: &mut Ui,
    rect: Rect,
    row: &Row,
    scene: &Scene<'_>,
    cells: &mut Cells,
    access: &mut AccessRows<'_>,
    actions: &mut Actions,
) {
    let response = access.place(ui, rect, row);
    let selected = scene.selected == Some(row.node);
    access.describe(ui, &response, row, cells.of(row, scene).0, selected, scene);
    if operate(ui, &response, row, false, actions) {
        access.focus_tree(ui);
    }
}
