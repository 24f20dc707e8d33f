//! Where the keyboard is.

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

/// Leaves these arrow keys to the widget that has the keyboard. Called after its `interact`, before it takes the keys.
///
/// egui looks at its own filter before a frame is drawn, so an arrow that comes right after the widget got the keyboard,
/// by a click or through assistive technology, would still move it away. Here that is called off.
pub fn keep_arrows(ui: &Ui, id: Id, arrows: Arrows) {
    let horizontal = arrows != Arrows::Vertical;
    let vertical = arrows != Arrows::Horizontal;
    let filter =
        EventFilter { horizontal_arrows: horizontal, vertical_arrows: vertical, ..EventFilter::default() };
    let is_kept = ui.input(|input| {
        (horizontal && (input.key_pressed(Key::ArrowLeft) || input.key_pressed(Key::ArrowRight)))
            || (vertical && (input.key_pressed(Key::ArrowUp) || input.key_pressed(Key::ArrowDown)))
    });
    ui.memory_mut(|memory| {
        memory.set_focus_lock_filter(id, filter);
        if is_kept {
            memory.move_focus(FocusDirection::None);
        }
    });
}
