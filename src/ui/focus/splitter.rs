//! What parts two panes: a person moves it with the arrow keys as with the pointer.

use eframe::egui::accesskit::{Action, ActionRequest, TreeId};
use eframe::egui::{Event, Id, Key, Modifiers, Ui};

use crate::ui::focus::{Arrows, keep_arrows};
use crate::ui::language;
use crate::words::widgets as words;

/// The splitter of a resizable panel.
#[derive(Clone, Copy, Debug)]
pub struct Splitter {
    id: Id,
}

impl Splitter {
    /// The one of the panel of this name inside of `ui`, before that is drawn. `larger` and `smaller` are the arrows that
    /// make the panel so.
    pub fn of(ui: &Ui, panel: &'static str, larger: Key, smaller: Key) -> Self {
        // As egui's panel makes it.
        let id = ui.scope_id().with(panel).with("__resize");
        if ui.memory(|memory| memory.has_focus(id)) {
            let is_vertical = matches!(larger, Key::ArrowUp | Key::ArrowDown);
            keep_arrows(ui, id, if is_vertical { Arrows::Vertical } else { Arrows::Horizontal });
            for (key, action) in [(larger, Action::Increment), (smaller, Action::Decrement)] {
                if ui.input_mut(|input| input.consume_key(Modifiers::NONE, key)) {
                    ask(ui, id, action);
                }
            }
        }
        Self { id }
    }

    /// Names it, once the panel is drawn.
    pub fn name(self, ui: &Ui) {
        let l = language(ui);
        ui.ctx().accesskit_node_builder(self.id, |node| node.set_label(words::SPLITTER.of(l)));
    }
}

/// The panel moves as assistive technology would move it.
fn ask(ui: &Ui, splitter: Id, action: Action) {
    let (target_tree, target_node) = (TreeId::ROOT, splitter.accesskit_id());
    let request = ActionRequest { action, target_tree, target_node, data: None };
    ui.input_mut(|input| input.events.push(Event::AccessKitActionRequest(request)));
}
