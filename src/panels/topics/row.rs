//! One row of the tree: caret, name, value, and the columns of counters at the right.

use std::cell::Cell;
use std::ops::Range;
use std::time::{Duration, Instant};

use eframe::egui::{
    self, Align, Align2, Color32, FontId, Galley, Rect, Response, Ui, pos2,
    text::{LayoutJob, TextFormat, TextWrapping},
    vec2,
};
use regex::bytes::Regex;

use crate::command::{Actions, TopicAction};
use crate::model::Row;
use crate::panels::scene::Scene;
use crate::panels::topics::access::{self, Access};
use crate::panels::topics::cells::{Cells, Texts, level_name};
use crate::panels::topics::{menu, select};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::context_menu;
use crate::ui::widgets::virtual_list::{paint_galley, split_right};
use crate::ui::{icons, language, theme};
use crate::words::{Language, format};

const CARET_WIDTH: f32 = 16.0;
const AGE_WIDTH: f32 = 44.0;
const RATE_WIDTH: f32 = 60.0;
const MESSAGES_WIDTH: f32 = 76.0;
/// Levels deeper than this are not indented further, so that a name is always on the screen.
const INDENT_LEVELS_MAX: u16 = 24;

/// Which counters fit beside the names.
#[derive(Clone, Copy)]
struct Columns {
    age: f32,
    rate: f32,
    messages: f32,
}

impl Columns {
    fn fit(width: f32) -> Self {
        Self {
            age: if width >= 400.0 { AGE_WIDTH } else { 0.0 },
            rate: if width >= 340.0 { RATE_WIDTH } else { 0.0 },
            messages: if width >= 240.0 { MESSAGES_WIDTH } else { 0.0 },
        }
    }
}

/// What a search marks in the rows of one frame. Some expressions take long, so the time for all rows is bounded; what
/// is drawn after that has no marks.
#[derive(Debug)]
pub struct Marks<'a> {
    pattern: &'a Regex,
    left: Cell<Duration>,
}

/// For all rows of a frame.
const MARKING_TIME_MAX: Duration = Duration::from_millis(2);
/// Bytes of one text that are looked at: more than a row has room for.
const MARKED_BYTES_MAX: usize = 512;

impl<'a> Marks<'a> {
    /// For one frame.
    pub fn new(pattern: &'a Regex) -> Self {
        Self { pattern, left: Cell::new(MARKING_TIME_MAX) }
    }

    /// What is to be marked in a text.
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

/// Draws a row and lets a person operate it.
#[expect(clippy::too_many_arguments, reason = "a row is where the scene, the list and the panel meet")]
pub fn show(
    ui: &mut Ui,
    rect: Rect,
    row: &Row,
    scene: &Scene<'_>,
    cells: &mut Cells,
    marks: Option<&Marks<'_>>,
    access: &mut Access<'_>,
    actions: &mut Actions,
) {
    let t = tokens(ui);
    let selected = scene.selected == Some(row.node);
    let response = access.place(ui, rect, row);
    let (texts, flash) = cells.of(row.node, scene);
    access.describe(ui, &response, row, texts, scene);
    background(ui, rect, t, selected, &response);

    let indent = size::PADDING + (row.level.min(INDENT_LEVELS_MAX)) as f32 * size::INDENT;
    let caret = Rect::from_min_size(pos2(rect.left() + indent, rect.top()), vec2(CARET_WIDTH, rect.height()));
    if row.has_children {
        draw_caret(ui, caret, t, row.expanded);
    }
    let columns = Columns::fit(rect.width());
    let body = rect.with_min_x(caret.right() + 2.0).with_max_x(rect.right() - 4.0);
    let body = counters(ui, body, t, texts, columns);
    let faded = if selected { 0.0 } else { flash };
    name_and_value(ui, body, t, texts, marks, faded);

    let caret_clicked = response.clicked()
        && row.has_children
        && response.interact_pointer_pos().is_some_and(|at| at.x < caret.right());
    if operate(ui, &response, row, caret_clicked, actions) {
        access.focus_tree(ui);
    }
    menu::show(ui, &response, access.tree(), row, scene, actions);
    if response.hovered() && !context_menu::is_open(&response) {
        hover(response, row, scene, language(ui));
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

/// Draws the columns and returns what is left for name and value.
fn counters(ui: &Ui, body: Rect, t: &Tokens, texts: &Texts, columns: Columns) -> Rect {
    let mut rest = body;
    for (width, text) in
        [(columns.age, &texts.age), (columns.rate, &texts.rate), (columns.messages, &texts.messages)]
    {
        let (left, cell) = split_right(rest, width);
        rest = left;
        if width > 0.0 && !text.is_empty() {
            let galley = ui.painter().layout_no_wrap(text.clone(), theme::mono_small_font(), t.text_muted);
            paint_galley(ui, cell, Align::Max, galley, t.text_muted);
        }
    }
    rest
}

fn name_and_value(ui: &Ui, rect: Rect, t: &Tokens, texts: &Texts, marks: Option<&Marks<'_>>, flash: f32) {
    let room = (rect.width() - 8.0).max(0.0);
    let name_room = if texts.value.is_empty() { room } else { (room * 0.7).max(room - 160.0) };
    let name = elided(ui, &texts.name, theme::mono_font(), t.text, marks, t.highlight, name_room);
    let left = rect.left() + name.size().x + 12.0;
    paint_galley(ui, rect, Align::Min, name, t.text);

    let value_room = rect.right() - 8.0 - left;
    if texts.value.is_empty() || value_room < 16.0 {
        return;
    }
    let color = if texts.is_value { t.text } else { t.text_muted };
    let (font, marks) =
        if texts.is_value { (theme::mono_font(), marks) } else { (theme::small_font(), None) };
    let value = elided(ui, &texts.value, font, color, marks, t.highlight, value_room);
    let area = rect.with_min_x(left);
    if flash > 0.0 {
        let height = value.size().y;
        let mark =
            Rect::from_min_size(pos2(left, rect.center().y - height / 2.0), vec2(value.size().x, height));
        ui.painter().rect_filled(mark.expand2(vec2(4.0, 1.0)), 3.0, t.flash.gamma_multiply(flash * 0.45));
    }
    paint_galley(ui, area, Align::Min, value, color);
}

/// Lays out one line that ends with "…" where there is no room, with what the search matched marked.
fn elided(
    ui: &Ui,
    text: &str,
    font: FontId,
    color: Color32,
    marks: Option<&Marks<'_>>,
    mark: Color32,
    room: f32,
) -> std::sync::Arc<Galley> {
    let plain = TextFormat::simple(font, color);
    let marked = TextFormat { background: mark, ..plain.clone() };
    let mut job = LayoutJob { wrap: TextWrapping::truncate_at_width(room), ..LayoutJob::default() };
    job.break_on_newline = false;
    let mut at = 0;
    let found = marks.map(|marks| marks.ranges(text)).unwrap_or_default();
    for range in found.into_iter().filter(|range| !range.is_empty()) {
        // The pattern works on bytes: a match inside a character is not marked.
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

/// Does what the person asks of the row; whether the tree is to have the keyboard.
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

/// Publishes a row above the view, which is seen by nobody and can be operated all the same.
pub fn show_above(
    ui: &mut Ui,
    rect: Rect,
    row: &Row,
    scene: &Scene<'_>,
    cells: &mut Cells,
    access: &mut Access<'_>,
    actions: &mut Actions,
) {
    let response = access.place(ui, rect, row);
    access.describe(ui, &response, row, cells.of(row.node, scene).0, scene);
    if operate(ui, &response, row, false, actions) {
        access.focus_tree(ui);
    }
}

/// The whole name where the row had no room for it.
fn hover(response: Response, row: &Row, scene: &Scene<'_>, language: Language) {
    const SHOWN_CHARS: usize = 400;
    let Some(segment) = scene.model.node(row.node).map(|node| node.segment) else { return };
    let name = level_name(segment, language);
    if name.chars().count() > 40 {
        let mut text: String = name.chars().take(SHOWN_CHARS).collect();
        if text.len() < name.len() {
            text = format::cut(&text, segment.len() as u64, language);
        }
        response.on_hover_text(egui::RichText::new(text).font(theme::mono_small_font()));
    }
}
