//! Text of any length with a selection of its own: only the rows that show are laid out.
//!
//! The inspector draws payloads with it, as JSON, text, hex and difference. Where the text comes from is the
//! [`TextSource`]'s business: it breaks long lines into rows, colours them and knows what a copy is. Nothing here looks
//! at more than the rows that show, except a copy.

mod selection;
pub mod wrap;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use eframe::egui::text::{CharIndex, LayoutJob, TextFormat};
use eframe::egui::{
    self, Color32, CursorIcon, Event, Galley, Id, Key, Modifiers, Pos2, Rect, Response, Role, Sense, Ui,
    UiBuilder, WidgetInfo, pos2, vec2,
};

pub use selection::{Selection, Spot};

use crate::ui::focus::{self, Arrows};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::access;
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::widgets::virtual_list::{BAR_WIDTH, ListPlace, Move, ScrollTo, VirtualList};
use crate::ui::{icons, language, theme};
use crate::words::widgets;

/// The most that is read out at once, in bytes.
const VALUE_BYTES_MAX: usize = 4_096;
/// The most rows looked at for it.
const VALUE_ROWS_MAX: u64 = 512;

/// Height of a row of text, in points.
pub const ROW_HEIGHT: f32 = 18.0;

/// A row as it is drawn: a line, or a part of a line that is too wide for the view.
#[derive(Clone, Debug)]
pub struct TextRow<'a> {
    /// What is drawn.
    pub text: Cow<'a, str>,
    /// The line that it belongs to.
    pub line: usize,
    /// Bytes of the line before `text`.
    pub start: usize,
    /// Columns left free before the text.
    pub indent: usize,
    /// Nothing of the line follows.
    pub last: bool,
}

/// Where the text comes from.
pub trait TextSource {
    /// How many rows there are.
    fn row_count(&self) -> u64;
    /// A row; `None` beyond the end.
    fn row(&self, row: u64) -> Option<TextRow<'_>>;
    /// Names the colours of a row, as byte ranges of its text in order; the rest is drawn as text.
    fn colors(&self, _row: &TextRow<'_>, _t: &Tokens, _add: &mut dyn FnMut(Range<usize>, Color32)) {}
    /// What a row stands on, if not on the panel.
    fn background(&self, _row: &TextRow<'_>, _t: &Tokens) -> Option<Color32> {
        None
    }
    /// Names the parts of a row that stand out, and what they stand on.
    fn emphasis(&self, _row: &TextRow<'_>, _t: &Tokens, _add: &mut dyn FnMut(Range<usize>, Color32)) {}
    /// The place behind the last character.
    fn end(&self) -> Spot;
    /// The exact text between two places.
    fn copy(&self, from: Spot, to: Spot) -> Copied;
    /// Adds to the menu what can be done with a row; what is to be copied if something was chosen.
    fn menu(&self, _row: &TextRow<'_>, _menu: &mut Menu<'_>) -> Option<Copied> {
        None
    }
}

/// Text for the clipboard.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// The text.
    pub text: String,
    /// It was too much for a clipboard: `text` is only its beginning.
    pub cut: bool,
}

/// What a view keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct TextViewState {
    /// Where it is scrolled to.
    pub place: ListPlace,
    /// What is selected.
    pub selection: Selection,
    scroll_to: Option<ScrollTo>,
    /// The row that the menu was opened at.
    menu_row: Option<u64>,
}

impl TextViewState {
    /// Brings a row into view in the next frame.
    pub fn reveal(&mut self, row: u64) {
        self.scroll_to = Some(ScrollTo::Reveal(row));
    }
}

/// What happened in a frame.
#[derive(Debug)]
pub struct TextShown {
    /// The whole area.
    pub response: Response,
    /// Text to put on the clipboard.
    pub copied: Option<Copied>,
}

/// Where a row and its text stand, for what is drawn beside it.
#[derive(Clone, Copy, Debug)]
pub struct RowPlace {
    /// The whole row.
    pub rect: Rect,
    /// Where the text begins and ends.
    pub text: egui::Rangef,
}

/// Draws a text.
pub struct TextView<'a> {
    /// Name for assistive technology.
    pub name: &'a str,
    /// The text.
    pub source: &'a dyn TextSource,
    /// Room left of the text, in points.
    pub gutter: f32,
}

impl std::fmt::Debug for TextView<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TextView").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Columns of text that fit into a view of `width` points.
pub fn columns(ui: &Ui, width: f32) -> usize {
    ((width - BAR_WIDTH) / column_width(ui)).max(0.0) as usize
}

/// Width of one column, in points.
pub fn column_width(ui: &Ui) -> f32 {
    ui.fonts_mut(|fonts| fonts.glyph_width(&theme::mono_font(), '0'))
}

impl TextView<'_> {
    /// Fills the available space. `beside` draws what stands beside the text of a row: marks and buttons.
    pub fn show(
        self,
        ui: &mut Ui,
        state: &mut TextViewState,
        mut beside: impl FnMut(&mut Ui, &TextRow<'_>, RowPlace),
    ) -> TextShown {
        let outer = ui.available_rect_before_wrap();
        let id = ui.unique_id().with(self.name);
        let view = outer.with_max_x(outer.right() - BAR_WIDTH);
        let response = ui.interact(view, id, Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Document, true, self.name));
        let response = response.on_hover_cursor(CursorIcon::Text);

        self.pointer(ui, state, &response, view);
        let copied = self.keys(ui, state, &response).or_else(|| self.menu(state, &response));

        let rows = self.source.row_count();
        let column = column_width(ui);
        let mut inner =
            ui.new_child(UiBuilder::new().id_salt(self.name).max_rect(outer).accessibility_parent(id));
        ui.advance_cursor_after_rect(outer);
        let list =
            VirtualList { name: self.name, rows, row_height: ROW_HEIGHT, scroll_to: state.scroll_to.take() };
        let selection = state.selection;
        let mut runs = access::Runs::new(&inner, id);
        list.show(&mut inner, &mut state.place, |ui, number, rect| {
            let Some(row) = self.source.row(number) else { return };
            let t = tokens(ui);
            if let Some(color) = self.source.background(&row, t) {
                ui.painter().rect_filled(rect, 0, color);
            }
            let left = rect.left() + self.gutter + row.indent as f32 * column;
            let galley = self.galley(ui, &row, t);
            let origin = pos2(left, rect.center().y - galley.size().y / 2.0);
            self.source.emphasis(&row, t, &mut |part, color| {
                paint_behind(ui, &row, part, color, &galley, rect, left);
            });
            paint_selection(ui, &row, selection, &galley, rect, left);
            runs.add(ui, &row.text, row.last, &galley, origin);
            let text = egui::Rangef::new(left, left + galley.size().x);
            ui.painter().galley(origin, galley, t.text);
            beside(ui, &row, RowPlace { rect, text });
        });
        read_out(ui, id, self.source, state.place.row);

        if response.has_focus() {
            focus::mark_view(ui, outer);
        }
        TextShown { response, copied }
    }

    fn galley(&self, ui: &Ui, row: &TextRow<'_>, t: &Tokens) -> Arc<Galley> {
        let mut job = LayoutJob { break_on_newline: false, ..LayoutJob::default() };
        let mut at = 0;
        let mut put = |range: Range<usize>, color: Color32| {
            if let Some(text) = row.text.get(range).filter(|text| !text.is_empty()) {
                job.append(text, 0.0, TextFormat::simple(theme::mono_font(), color));
            }
        };
        self.source.colors(row, t, &mut |range, color| {
            put(at..range.start, t.text);
            at = range.end;
            put(range, color);
        });
        put(at..row.text.len(), t.text);
        ui.fonts_mut(|fonts| fonts.layout_job(job))
    }

    fn pointer(&self, ui: &Ui, state: &mut TextViewState, response: &Response, view: Rect) {
        let (pressed, down, shift) = ui.input(|input| {
            (input.pointer.primary_pressed(), input.pointer.primary_down(), input.modifiers.shift)
        });
        let Some(pointer) = response.interact_pointer_pos() else { return };
        if response.triple_clicked() || response.double_clicked() {
            self.select_around(ui, state, view, pointer, response.triple_clicked());
        } else if pressed {
            response.request_focus();
            let spot = self.spot_at(ui, state.place, view, pointer);
            state.selection =
                if shift { Selection { head: spot, ..state.selection } } else { Selection::at(spot) };
        } else if down && response.dragged() {
            state.selection.head = self.spot_at(ui, state.place, view, pointer);
            // Beyond the edge the text comes to the pointer, faster the farther it is.
            let beyond = (pointer.y - view.bottom()).max(0.0) - (view.top() - pointer.y).max(0.0);
            if beyond != 0.0 {
                let rows = (beyond / ROW_HEIGHT).clamp(-40.0, 40.0);
                let page = view.height() / ROW_HEIGHT;
                let edge = if rows < 0.0 { state.place.row as f32 } else { state.place.row as f32 + page };
                let last = self.source.row_count().saturating_sub(1);
                state.reveal(((edge + rows).max(0.0) as u64).min(last));
                ui.request_repaint_after_secs(0.033);
            }
        }
    }

    fn select_around(&self, ui: &Ui, state: &mut TextViewState, view: Rect, pointer: Pos2, whole_line: bool) {
        let number = self.row_at(state.place, view, pointer);
        let Some(row) = self.source.row(number) else { return };
        let spot = self.spot_at(ui, state.place, view, pointer);
        let part =
            if whole_line { 0..row.text.len() } else { selection::word_at(&row.text, spot.byte - row.start) };
        let place = |byte: usize| Spot { line: row.line, byte: row.start + byte };
        state.selection = Selection { anchor: place(part.start), head: place(part.end) };
    }

    /// The row under the pointer, or the nearest one.
    fn row_at(&self, place: ListPlace, view: Rect, pointer: Pos2) -> u64 {
        let below =
            ((pointer.y.clamp(view.top(), view.bottom()) - view.top() + place.offset) / ROW_HEIGHT).floor();
        (place.row + below.max(0.0) as u64).min(self.source.row_count().saturating_sub(1))
    }

    fn spot_at(&self, ui: &Ui, place: ListPlace, view: Rect, pointer: Pos2) -> Spot {
        let number = self.row_at(place, view, pointer);
        let Some(row) = self.source.row(number) else { return Spot::default() };
        let bottom = view.top() - place.offset + (number - place.row + 1) as f32 * ROW_HEIGHT;
        if pointer.y > bottom && row.last {
            return Spot { line: row.line, byte: row.start + row.text.len() };
        }
        let left = view.left() + self.gutter + row.indent as f32 * column_width(ui);
        let cursor = self.galley(ui, &row, tokens(ui)).cursor_from_pos(vec2(pointer.x - left, 0.0));
        Spot { line: row.line, byte: row.start + byte_of(&row.text, cursor.index) }
    }

    fn keys(&self, ui: &Ui, state: &mut TextViewState, response: &Response) -> Option<Copied> {
        if !response.has_focus() {
            return None;
        }
        focus::keep_arrows(ui, response.id, Arrows::Vertical);
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A)) {
            state.selection = Selection { anchor: Spot::default(), head: self.source.end() };
        }
        if let Some(step) = Move::from_keys(ui) {
            let page = (response.rect.height() / ROW_HEIGHT) as u64;
            // The view has no cursor: the keys move what shows.
            let from = match step {
                Move::Down | Move::PageDown => state.place.row + page.saturating_sub(1),
                _ => state.place.row,
            };
            if let Some(row) = step.apply(Some(from), self.source.row_count(), page) {
                state.reveal(row);
            }
        }
        let wanted = ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy)));
        (wanted && !state.selection.is_empty()).then(|| self.copy(state.selection))
    }

    fn menu(&self, state: &mut TextViewState, response: &Response) -> Option<Copied> {
        if response.secondary_clicked()
            && let Some(pointer) = response.interact_pointer_pos()
        {
            state.menu_row = Some(self.row_at(state.place, response.rect, pointer));
        } else if !context_menu::is_open(response) {
            state.menu_row = None;
        }
        let mut copied = None;
        context_menu::show(response, response.id, response.has_focus(), |menu| {
            let l = language(menu.ui());
            let why = state.selection.is_empty().then_some(widgets::NOTHING_SELECTED.of(l));
            if menu.item(&Item::new(icons::COPY, widgets::COPY_SELECTION.of(l)).unless(why)) {
                copied = Some(self.copy(state.selection));
            }
            if menu.item(&Item::new(icons::LIST, widgets::SELECT_ALL.of(l))) {
                state.selection = Selection { anchor: Spot::default(), head: self.source.end() };
            }
            let row = state.menu_row.unwrap_or(state.place.row);
            if let Some(of_row) = self.source.row(row).and_then(|row| self.source.menu(&row, menu)) {
                copied = Some(of_row);
            }
        });
        copied
    }

    fn copy(&self, selection: Selection) -> Copied {
        let (from, to) = selection.ends();
        self.source.copy(from, to)
    }
}

fn byte_of(text: &str, index: CharIndex) -> usize {
    text.char_indices().nth(index.0).map_or(text.len(), |(byte, _)| byte)
}

/// Paints behind a part of a row; returns where the part ends.
fn paint_behind(
    ui: &Ui,
    row: &TextRow<'_>,
    part: Range<usize>,
    color: Color32,
    galley: &Galley,
    rect: Rect,
    left: f32,
) -> f32 {
    let x_of = |byte: usize| {
        let before = row.text.get(..byte).map_or(0, |text| text.chars().count());
        left + galley.pos_from_cursor(egui::text::CCursor::new(before)).left()
    };
    let end = x_of(part.end);
    ui.painter().rect_filled(Rect::from_x_y_ranges(x_of(part.start)..=end, rect.y_range()), 0, color);
    end
}

fn paint_selection(ui: &Ui, row: &TextRow<'_>, selection: Selection, galley: &Galley, rect: Rect, left: f32) {
    let Some((part, line_end)) = selection.in_row(row.line, row.start, row.text.len()) else { return };
    let color = ui.visuals().selection.bg_fill;
    let end = paint_behind(ui, row, part, color, galley, rect, left);
    if line_end && row.last {
        let line_break = Rect::from_x_y_ranges(end..=end + size::PADDING / 2.0, rect.y_range());
        ui.painter().rect_filled(line_break, 0, color);
    }
}

/// The id that a text view called `name` has in `ui`: to give it the keyboard.
pub fn id(ui: &Ui, name: &str) -> Id {
    ui.unique_id().with(name)
}

/// Gives the view its value: the whole text if it is short, else what shows and what follows it.
fn read_out(ui: &Ui, id: Id, source: &dyn TextSource, first_row: u64) {
    if !ui.ctx().has_accesskit_node(id) {
        return;
    }
    let whole = text_from(source, 0);
    let text = whole.or_else(|cut| if first_row == 0 { Err(cut) } else { text_from(source, first_row) });
    let text = text.unwrap_or_else(|cut| cut + "…");
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_value(text);
        node.set_read_only();
    });
}

/// The text from a row on; as an error if it was cut.
fn text_from(source: &dyn TextSource, from: u64) -> Result<String, String> {
    let mut text = String::new();
    let end = source.row_count();
    for number in from..end {
        let Some(row) = source.row(number) else { break };
        if text.len() + row.text.len() > VALUE_BYTES_MAX || number - from >= VALUE_ROWS_MAX {
            return Err(text);
        }
        if row.start == 0 {
            text.extend(std::iter::repeat_n(' ', row.indent));
        }
        text.push_str(&row.text);
        if row.last && number + 1 < end {
            text.push('\n');
        }
    }
    Ok(text)
}
