//! Keys that come in one frame with the Escape that closes a dialog belong to what is behind it.

use eframe::egui::{Context, Event, Key, Memory, Plugin, RawInput};

/// So many frames later a dialog that Escape closes is gone for everybody: one in which it closes, one without it.
const FRAMES: u8 = 2;

/// Holds back what is typed after an Escape while a dialog is open, until the dialog is gone or stays open after all.
#[derive(Debug, Default)]
pub struct HeldKeys {
    held: Vec<Event>,
    frames_left: u8,
}

impl Plugin for HeldKeys {
    fn debug_name(&self) -> &'static str {
        "held"
    }

    fn input_hook(&mut self, ctx: &Context, input: &mut RawInput) {
        if input.viewport_id != ctx.viewport_id() {
            return; // Another window, drawn within this one's frame: dialogs are in front of the first one alone.
        }
        let is_dialog_open = ctx.memory(Memory::top_modal_layer).is_some();
        self.frames_left = self.frames_left.saturating_sub(1);
        if !is_dialog_open {
            self.frames_left = 0;
        }
        if self.frames_left > 0 {
            self.held.extend(input.events.extract_if(.., |event| is_typed(event)));
            ctx.request_repaint();
            return;
        }
        if !self.held.is_empty() {
            input.events.splice(..0, self.held.drain(..));
        }
        let escape = input.events.iter().position(is_escape).filter(|_| is_dialog_open);
        if let Some(escape) = escape {
            let after = escape.saturating_add(1);
            self.held.extend(input.events.extract_if(after.., |event| is_typed(event)));
            self.frames_left = FRAMES;
            ctx.request_repaint();
        }
    }
}

fn is_escape(event: &Event) -> bool {
    matches!(event, Event::Key { key: Key::Escape, pressed: true, .. })
}

/// Events of the keyboard, but for the key itself being let go.
fn is_typed(event: &Event) -> bool {
    match event {
        Event::Key { key: Key::Escape, pressed, .. } => *pressed,
        Event::Key { .. } | Event::Text(_) | Event::Paste(_) | Event::Copy | Event::Cut | Event::Ime(_) => {
            true
        }
        _ => false,
    }
}
