//! Keyboard focus: which keys a widget keeps for itself, how to move between the panes of the window, and where the
//! focus goes when a dialog or a menu closes.

mod held_keys;
mod overlays;
mod panes;
mod splitter;

pub use held_keys::HeldKeys;
pub use overlays::Overlays;
pub use panes::{Pane, Panes, entry, is_in, mark_view, next_pane, pane, underline};
pub use splitter::Splitter;

use eframe::egui::{EventFilter, FocusDirection, Id, Key, Ui};

/// Arrow keys that a widget uses itself; the others move the keyboard to a neighbour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrows {
    /// Left and right.
    Horizontal,
    /// Up and down.
    Vertical,
    /// All four.
    Both,
}

/// Leaves these arrow keys to the widget that has the keyboard.
pub fn keep_arrows(ui: &Ui, id: Id, arrows: Arrows) {
    let horizontal_arrows = arrows != Arrows::Vertical;
    let vertical_arrows = arrows != Arrows::Horizontal;
    keep_keys(ui, id, EventFilter { horizontal_arrows, vertical_arrows, ..EventFilter::default() });
}

/// Leaves these keys to the widget that has the keyboard. Called after its `interact`, before it takes the keys.
///
/// egui looks at its own filter before a frame is drawn, so an arrow that comes right after the widget got the
/// keyboard, by a click or through assistive technology, would still move it away. Here that is called off.
pub fn keep_keys(ui: &Ui, id: Id, keys: EventFilter) {
    let is_kept = ui.input(|input| {
        (keys.horizontal_arrows && (input.key_pressed(Key::ArrowLeft) || input.key_pressed(Key::ArrowRight)))
            || (keys.vertical_arrows
                && (input.key_pressed(Key::ArrowUp) || input.key_pressed(Key::ArrowDown)))
    });
    ui.memory_mut(|memory| {
        memory.set_focus_lock_filter(id, keys);
        if is_kept {
            memory.move_focus(FocusDirection::None);
        }
    });
}
