//! A list of any length that lays out only the rows that show.
//!
//! egui's own scroll area keeps its offset in `f32` points, which starts to jump at half a million rows. Here the
//! place is a row number and the part of that row that is scrolled away, so the millionth row moves as smoothly as
//! the first. All rows have one height.

use std::ops::Range;

use eframe::egui::{self, Align, Id, Key, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::words::widgets;

/// Width of the bar at the right, in points.
pub const BAR_WIDTH: f32 = 10.0;
const HANDLE_MIN: f32 = 28.0;

/// Where a list stands. Kept by the panel between frames.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ListPlace {
    /// The topmost row that shows.
    pub row: u64,
    /// How much of it is scrolled away, in points, below the row height.
    pub offset: f32,
}

/// What the list did in this frame.
#[derive(Clone, Debug)]
pub struct Shown {
    /// The rows that were drawn, whole or in part.
    pub rows: Range<u64>,
    /// Rows that fit whole: a page.
    pub page: u64,
    /// The area of the rows, without the bar.
    pub rect: Rect,
    /// Whether the person moved the list in this frame.
    pub moved: bool,
}

/// A request to bring a row into view, carried out at the next [`VirtualList::show`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScrollTo {
    /// Move as little as needed.
    Reveal(u64),
    /// Put it in the middle.
    Center(u64),
}

/// Draws the rows of one frame.
#[derive(Debug)]
pub struct VirtualList<'a> {
    /// Name for assistive technology.
    pub name: &'a str,
    /// How many rows there are.
    pub rows: u64,
    /// Height of each, in points.
    pub row_height: f32,
    /// Carried out before drawing.
    pub scroll_to: Option<ScrollTo>,
}

impl VirtualList<'_> {
    /// Fills the available space; `row` draws row number `n` into its rectangle.
    pub fn show(self, ui: &mut Ui, place: &mut ListPlace, mut row: impl FnMut(&mut Ui, u64, Rect)) -> Shown {
        let outer = ui.available_rect_before_wrap();
        let view = Rect::from_min_max(outer.min, pos2(outer.max.x - BAR_WIDTH, outer.max.y));
        let id = ui.unique_id().with(self.name);
        ui.allocate_rect(outer, Sense::hover());

        let mut at = self.position(*place);
        let page = f64::from(view.height() / self.row_height);
        if let Some(target) = self.scroll_to {
            at = bring_into_view(at, page, target);
        }
        let before = at;
        if ui.rect_contains_pointer(outer) && ui.is_enabled() {
            let wheel = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
            at -= f64::from(wheel / self.row_height);
        }
        at = self.bar(ui, id, outer, at, page);
        at = at.clamp(0.0, (self.rows as f64 - page).max(0.0));
        *place = ListPlace { row: at as u64, offset: (at.fract() * f64::from(self.row_height)) as f32 };

        let last = (place.row + page.ceil() as u64 + 1).min(self.rows);
        let mut child = ui.new_child(UiBuilder::new().id_salt(self.name).max_rect(view));
        child.set_clip_rect(view.intersect(ui.clip_rect()));
        for (slot, number) in (place.row..last).enumerate() {
            let top = view.top() - place.offset + slot as f32 * self.row_height;
            let rect = Rect::from_min_size(pos2(view.left(), top), vec2(view.width(), self.row_height));
            row(&mut child, number, rect);
        }
        Shown {
            rows: place.row..last,
            page: (page as u64).max(1),
            rect: view,
            moved: at.to_bits() != before.to_bits(),
        }
    }

    /// Rows above the view, with the fraction of the first one; exact far beyond a million rows in `f64`.
    fn position(&self, place: ListPlace) -> f64 {
        place.row as f64 + f64::from(place.offset / self.row_height)
    }

    fn bar(&self, ui: &mut Ui, id: Id, outer: Rect, at: f64, page: f64) -> f64 {
        let rows = self.rows as f64;
        if rows <= page || outer.height() < HANDLE_MIN {
            return at;
        }
        let track = Rect::from_min_max(pos2(outer.max.x - BAR_WIDTH, outer.min.y), outer.max);
        let handle_height = (f64::from(track.height()) * page / rows).max(f64::from(HANDLE_MIN));
        let room = f64::from(track.height()) - handle_height;
        let top_of = |at: f64| track.top() + (at / (rows - page).max(1.0) * room) as f32;

        let response = ui.interact(track, id.with("bar"), Sense::click_and_drag());
        let l = language(ui);
        response
            .widget_info(|| WidgetInfo::labeled(Role::ScrollBar, true, widgets::scroll_bar(self.name, l)));
        let mut at = at;
        if let Some(pointer) = response.interact_pointer_pos() {
            let grab_id = id.with("grab");
            let handle =
                Rect::from_min_size(pos2(track.left(), top_of(at)), vec2(BAR_WIDTH, handle_height as f32));
            if ui.input(|input| input.pointer.primary_pressed()) {
                let inside = handle.contains(pointer);
                let grab = if inside { pointer.y - handle.top() } else { handle_height as f32 / 2.0 };
                ui.data_mut(|data| data.insert_temp(grab_id, grab));
            }
            let grab: f32 = ui.data(|data| data.get_temp(grab_id)).unwrap_or(handle_height as f32 / 2.0);
            at = f64::from(pointer.y - grab - track.top()) / room * (rows - page);
            at = at.clamp(0.0, (rows - page).max(0.0));
        }
        let t = tokens(ui);
        let color = if response.dragged() || response.hovered() { t.text_muted } else { t.text_faint };
        let handle =
            Rect::from_min_size(pos2(track.left(), top_of(at)), vec2(BAR_WIDTH, handle_height as f32));
        ui.painter().rect_filled(handle.shrink2(vec2(2.5, 2.0)), 3.0, color.gamma_multiply(0.7));
        at
    }
}

fn bring_into_view(at: f64, page: f64, target: ScrollTo) -> f64 {
    match target {
        ScrollTo::Center(row) => row as f64 + 0.5 - page / 2.0,
        ScrollTo::Reveal(row) => {
            let row = row as f64;
            if row < at {
                row
            } else if row + 1.0 > at + page {
                row + 1.0 - page
            } else {
                at
            }
        }
    }
}

/// The keys that move a selection through a list, as a movement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// To the row above.
    Up,
    /// To the row below.
    Down,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// To the first row.
    First,
    /// To the last row.
    Last,
}

impl Move {
    /// The movement asked for by a key press in this frame; the key is consumed.
    pub fn from_keys(ui: &Ui) -> Option<Self> {
        const KEYS: [(Key, Move); 6] = [
            (Key::ArrowUp, Move::Up),
            (Key::ArrowDown, Move::Down),
            (Key::PageUp, Move::PageUp),
            (Key::PageDown, Move::PageDown),
            (Key::Home, Move::First),
            (Key::End, Move::Last),
        ];
        ui.input_mut(|input| {
            KEYS.into_iter().find(|(key, _)| input.consume_key(egui::Modifiers::NONE, *key)).map(|(_, to)| to)
        })
    }

    /// The row that it leads to from `row`, in a list of `rows` rows of which `page` show.
    pub fn apply(self, row: Option<u64>, rows: u64, page: u64) -> Option<u64> {
        let last = rows.checked_sub(1)?;
        let Some(row) = row else {
            return Some(if matches!(self, Self::Last) { last } else { 0 });
        };
        Some(match self {
            Self::Up => row.saturating_sub(1),
            Self::Down => row.saturating_add(1).min(last),
            Self::PageUp => row.saturating_sub(page),
            Self::PageDown => row.saturating_add(page).min(last),
            Self::First => 0,
            Self::Last => last,
        })
    }
}

/// Where text stands in a row: a rectangle `width` wide at its right end, and what is left of it.
pub fn split_right(rect: Rect, width: f32) -> (Rect, Rect) {
    let at = (rect.right() - width).max(rect.left());
    (rect.with_max_x(at), rect.with_min_x(at))
}

/// Draws `galley` into `rect`, vertically centred, at its left or right end.
pub fn paint_galley(
    ui: &Ui,
    rect: Rect,
    align: Align,
    galley: std::sync::Arc<egui::Galley>,
    color: egui::Color32,
) {
    let x = if align == Align::Max { rect.right() - galley.size().x } else { rect.left() };
    let pos = pos2(x, rect.center().y - galley.size().y / 2.0);
    ui.painter().galley(pos, galley, color);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_in_view_does_not_move_the_list() {
        assert_eq!(bring_into_view(10.0, 20.0, ScrollTo::Reveal(15)).to_bits(), 10f64.to_bits());
        assert_eq!(bring_into_view(10.0, 20.0, ScrollTo::Reveal(3)).to_bits(), 3f64.to_bits());
        assert_eq!(bring_into_view(10.0, 20.0, ScrollTo::Reveal(30)).to_bits(), 11f64.to_bits());
    }

    #[test]
    fn movements_stay_inside_the_list() {
        assert_eq!(Move::Up.apply(Some(0), 10, 4), Some(0));
        assert_eq!(Move::PageDown.apply(Some(8), 10, 4), Some(9));
        assert_eq!(Move::Down.apply(None, 10, 4), Some(0));
        assert_eq!(Move::Last.apply(None, 10, 4), Some(9));
        assert_eq!(Move::Down.apply(None, 0, 4), None);
    }
}
