//! Panels that keep their share of the room: they are resized together with the window, and after a squeeze they return
//! to their old size.

use eframe::egui::{Context, Frame, Id, InnerResponse, Key, Panel, Rangef, Ui};

use crate::ui::focus::Splitter;

/// A change smaller than this many points comes from rounding, not from the person.
const ROUNDING: f32 = 1.5;

/// What is kept of a panel between frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// Of the room along the panel's axis, from 0 to 1.
    share: f32,
    /// The room in the last frame, in points; `None`: none yet.
    room: Option<f32>,
}

impl Share {
    /// A panel that takes this share at first.
    fn new(share: f32) -> Self {
        Self { share, room: None }
    }

    /// The size for this room, within `range`.
    fn size(self, room: f32, range: Rangef) -> f32 {
        range.clamp(room * self.share)
    }

    /// Whether the room is another one than in the last frame, so that the size follows the share.
    fn follows(self, room: f32) -> bool {
        self.room.is_none_or(|before| (before - room).abs() > 0.5)
    }

    /// Records the size of the panel in a frame. A size that does not follow from the share was set by the person, and
    /// becomes the new share.
    fn drawn(&mut self, size: f32, room: f32, range: Rangef) {
        if !self.follows(room) && (size - self.size(room, range)).abs() > ROUNDING && room > 0.0 {
            self.share = size / room;
        }
        self.room = Some(room);
    }
}

/// Where a panel stands, which says along which axis it has its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// At the right edge.
    Right,
    /// At the lower edge.
    Bottom,
}

/// Draws a panel that a person can resize and that takes `share` of the room at first, within `range` points.
pub fn panel<R>(
    ui: &mut Ui,
    side: Side,
    name: &'static str,
    share: f32,
    range: Rangef,
    frame: Frame,
    draw: impl FnOnce(&mut Ui) -> R,
) -> InnerResponse<R> {
    let (room, panel) = match side {
        Side::Right => (ui.available_width(), Panel::right(name)),
        Side::Bottom => (ui.available_height(), Panel::bottom(name)),
    };
    // Each window has its own room.
    let id = Id::unique(("share", name, ui.ctx().viewport_id()));
    let mut kept = load(ui.ctx(), id).unwrap_or_else(|| Share::new(share));
    // A range of one size makes egui forget the size that it has kept.
    let allowed = if kept.follows(room) { Rangef::point(kept.size(room, range)) } else { range };
    let (larger, smaller) = match side {
        Side::Right => (Key::ArrowLeft, Key::ArrowRight),
        Side::Bottom => (Key::ArrowUp, Key::ArrowDown),
    };
    let splitter = Splitter::of(ui, name, larger, smaller);
    let drawn = panel.resizable(true).frame(frame).size_range(allowed).show(ui, draw);
    splitter.name(ui);
    let rect = drawn.response.rect;
    let size = match side {
        Side::Right => rect.width(),
        Side::Bottom => rect.height(),
    };
    kept.drawn(size, room, range);
    ui.ctx().data_mut(|data| data.insert_persisted(id, kept.share));
    ui.ctx().data_mut(|data| data.insert_temp(id, kept));
    drawn
}

/// What is kept: since the last frame, or since the program ran before.
fn load(ctx: &Context, id: Id) -> Option<Share> {
    ctx.data_mut(|data| data.get_temp(id).or_else(|| data.get_persisted(id).map(Share::new)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Rangef = Rangef { min: 120.0, max: 10_000.0 };

    #[test]
    fn a_squeeze_is_forgotten_and_a_hand_is_not() {
        let mut share = Share::new(0.34);
        let at = |share: &mut Share, room: f32| {
            assert!(share.follows(room));
            let size = share.size(room, RANGE);
            share.drawn(size, room, RANGE);
            share.drawn(size, room, RANGE);
            size
        };
        assert!((at(&mut share, 700.0) - 238.0).abs() < 0.01);
        assert!((at(&mut share, 200.0) - 120.0).abs() < 0.01);
        assert!((at(&mut share, 700.0) - 238.0).abs() < 0.01);

        share.drawn(350.0, 700.0, RANGE);
        assert!((at(&mut share, 200.0) - 120.0).abs() < 0.01);
        assert!((at(&mut share, 1_000.0) - 500.0).abs() < 0.01);
    }
}
