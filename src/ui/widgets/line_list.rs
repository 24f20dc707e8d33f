//! A list of lines that come and go, as a log has them: it follows its end until it is scrolled up, and lines can be
//! selected with the mouse and the keyboard.
//!
//! Lines are known by numbers that never change, so that a selection stays where it is while the oldest are dropped.
//! What a line looks like is the panel's business.

use eframe::egui::{
    Event, Id, Key, Modifiers, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
};

use crate::ui::focus::{self, Arrows};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::virtual_list::{ListPlace, Move, ScrollTo, Shown, VirtualList};
use crate::words::widgets as words;

/// Height of a line, in points.
pub const ROW_HEIGHT: f32 = 22.0;

/// Which lines show, in which rows.
pub trait LineSource {
    /// How many show.
    fn rows(&self) -> u64;
    /// The number of the line in a row.
    fn number(&self, row: u64) -> Option<u64>;
    /// The row of the line with a number, or of the next one that shows.
    fn row(&self, number: u64) -> u64;
}

/// Lines selected from where it was begun to where it was last extended, by their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineSelection {
    /// Where it was begun.
    pub anchor: u64,
    /// Where it was extended to.
    pub head: u64,
}

impl LineSelection {
    /// One line.
    pub fn one(number: u64) -> Self {
        Self { anchor: number, head: number }
    }

    /// Whether a line is selected.
    pub fn contains(self, number: u64) -> bool {
        (self.anchor.min(self.head)..=self.anchor.max(self.head)).contains(&number)
    }
}

/// Where a line is drawn. Its background is there already.
#[derive(Clone, Copy, Debug)]
pub struct LineRow {
    /// The line's number.
    pub number: u64,
    /// Its place.
    pub rect: Rect,
    id: Id,
}

impl LineRow {
    /// Gives assistive technology a place to stand on, which reads the text and then the time; the list itself takes the
    /// clicks.
    pub fn describe(&self, ui: &Ui, time: &str, text: impl Fn() -> String) {
        let response = ui.interact(self.rect, self.id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, text()));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(time));
    }
}

/// What happened in a frame.
#[derive(Clone, Debug)]
pub struct ListAnswer {
    /// The list, for a menu or a tooltip.
    pub response: Response,
    /// Whether the person wants the selected lines on the clipboard.
    pub copy: bool,
    /// The line below the pointer, if a part of it does not show.
    pub hidden: Option<u64>,
}

/// What a list keeps between frames.
#[derive(Clone, Debug)]
pub struct LineList {
    /// Whether new lines scroll the list.
    pub follows: bool,
    /// The selected lines.
    pub selection: Option<LineSelection>,
    place: ListPlace,
    scroll_to: Option<ScrollTo>,
}

impl Default for LineList {
    fn default() -> Self {
        Self { follows: true, selection: None, place: ListPlace::default(), scroll_to: None }
    }
}

impl LineList {
    /// Fills the available space. `paint` draws a line and says whether a part of it does not show.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        name: &str,
        lines: &dyn LineSource,
        mut paint: impl FnMut(&mut Ui, &LineRow) -> bool,
    ) -> ListAnswer {
        let rows = lines.rows();
        let id = ui.scope_id().with((name, "rows"));
        let end = self.follows.then_some(ScrollTo::Reveal(rows.saturating_sub(1)));
        let scroll_to = self.scroll_to.take().or(end);
        let focused = ui.memory(|memory| memory.has_focus(id));
        let list = VirtualList { name, rows, row_height: ROW_HEIGHT, scroll_to };
        let selection = self.selection;
        let mut hidden = Vec::new();
        let shown = list.show(ui, &mut self.place, |ui, row, rect| {
            let Some(number) = lines.number(row) else { return };
            background(ui, rect, selection.is_some_and(|selection| selection.contains(number)));
            if focused && selection.is_some_and(|selection| selection.head == number) {
                let ring = Stroke::new(1.5, tokens(ui).accent);
                ui.painter().rect_stroke(rect, 2.0, ring, StrokeKind::Inside);
            }
            if paint(ui, &LineRow { number, rect, id: id.with(number) }) {
                hidden.push(row);
            }
        });
        if shown.moved {
            self.follows = self.place.row + shown.page >= rows;
        }
        self.interact(ui, id, name, &shown, &hidden, lines)
    }

    /// One interaction for the whole list: a row is found by where the pointer is.
    fn interact(
        &mut self,
        ui: &mut Ui,
        id: Id,
        name: &str,
        shown: &Shown,
        hidden: &[u64],
        lines: &dyn LineSource,
    ) -> ListAnswer {
        let response = ui.interact(shown.rect, id, Sense::click_and_drag());
        let l = language(ui);
        response.widget_info(|| WidgetInfo::labeled(Role::List, true, words::lines_of(name, l)));
        let last = lines.rows().saturating_sub(1);
        let place = self.place;
        let row_at = |y: f32| {
            let row =
                ((y - shown.rect.top() + place.offset) / ROW_HEIGHT).floor().max(0.0) as u64 + place.row;
            row.min(last)
        };
        let pressed = response.is_pointer_button_down_on() && ui.input(|input| input.pointer.any_pressed());
        if let Some(pointer) = response.interact_pointer_pos()
            && let Some(number) = lines.number(row_at(pointer.y))
        {
            let extend = ui.input(|input| input.modifiers.shift) || (response.dragged() && !pressed);
            let secondary =
                ui.input(|input| input.pointer.secondary_down() || input.pointer.secondary_released());
            let inside = self.selection.is_some_and(|selection| selection.contains(number));
            match &mut self.selection {
                Some(_) if secondary && inside => {}
                Some(selection) if extend => selection.head = number,
                _ => self.selection = Some(LineSelection::one(number)),
            }
            response.request_focus();
        }
        let copy = self.keys(ui, &response, shown, lines);
        let below = response.hover_pos().map(|pointer| row_at(pointer.y));
        let hidden = below.filter(|row| hidden.contains(row)).and_then(|row| lines.number(row));
        ListAnswer { response, copy, hidden }
    }

    /// Moves and extends the selection; true if it is to be copied.
    fn keys(&mut self, ui: &Ui, response: &Response, shown: &Shown, lines: &dyn LineSource) -> bool {
        if !response.has_focus() {
            return false;
        }
        focus::keep_arrows(ui, response.id, Arrows::Vertical);
        let rows = lines.rows();
        if ui.input_mut(|input| input.consume_key(Modifiers::COMMAND, Key::A))
            && let (Some(first), Some(last)) = (lines.number(0), lines.number(rows.saturating_sub(1)))
        {
            self.selection = Some(LineSelection { anchor: first, head: last });
        }
        if let Some(movement) = Move::from_keys(ui) {
            let row = self.selection.map(|selection| lines.row(selection.head));
            if let Some(row) = movement.apply(row, rows, shown.page)
                && let Some(number) = lines.number(row)
            {
                self.selection = Some(LineSelection::one(number));
                self.scroll_to = Some(ScrollTo::Reveal(row));
                self.follows = row + 1 == rows;
                ui.ctx().request_repaint();
            }
        }
        ui.input(|input| input.events.iter().any(|event| matches!(event, Event::Copy)))
    }
}

fn background(ui: &Ui, rect: Rect, selected: bool) {
    let t = tokens(ui);
    if selected {
        ui.painter().rect_filled(rect, 0.0, t.selection);
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
    } else if ui.rect_contains_pointer(rect) {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
}
