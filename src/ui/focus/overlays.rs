//! Dialogs and menus take the keyboard focus and return it to where it came from.

use eframe::egui::{Context, Id, LayerId, Memory, Plugin, Popup, Ui, ViewportIdMap};

/// Where the keyboard was last, in every window.
#[derive(Debug, Default)]
pub struct Overlays(ViewportIdMap<Keyboard>);

/// Where the keyboard was last, in a window and in each of its dialogs.
#[derive(Debug, Default)]
struct Keyboard {
    last: Vec<(LayerId, Id)>,
    before: Over,
}

/// What lies over the window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Over {
    dialog: Option<LayerId>,
    menu: bool,
}

impl Over {
    fn of(ctx: &Context) -> Self {
        Self { dialog: ctx.memory(Memory::top_modal_layer), menu: Popup::is_any_open(ctx) }
    }

    /// The layer that has the keyboard; a menu is in front of it.
    fn layer(self) -> LayerId {
        self.dialog.unwrap_or_else(LayerId::background)
    }
}

impl Keyboard {
    fn last_in(&self, layer: LayerId) -> Option<Id> {
        self.last.iter().find(|(of, _)| *of == layer).map(|(_, id)| *id)
    }

    fn remember(&mut self, layer: LayerId, id: Option<Id>) {
        self.last.retain(|(of, _)| *of != layer);
        self.last.extend(id.map(|id| (layer, id)));
    }
}

impl Plugin for Overlays {
    fn debug_name(&self) -> &'static str {
        "overlays"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        self.0.entry(ui.ctx().viewport_id()).or_default().follow(ui.ctx());
    }
}

impl Keyboard {
    /// Takes note of where the keyboard is, and puts it where it belongs.
    fn follow(&mut self, ctx: &Context) {
        let over = Over::of(ctx);
        let before = std::mem::replace(&mut self.before, over);
        let layer = over.layer();
        let layer_of = |id| ctx.viewport(|viewport| Some(viewport.this_pass.widgets.get(id)?.layer_id));
        let focused = ctx.memory(Memory::focused);
        let at = focused.and_then(layer_of);
        if let (Some(id), Some(at)) = (focused, at) {
            self.remember(at, Some(id));
        }
        if over.menu || at == Some(layer) {
            return;
        }
        let is_there = |id: &Id| layer_of(*id) == Some(layer);
        let target = if over == before {
            // A dialog keeps the keyboard; in the window it may be nowhere.
            if over.dialog.is_none() {
                if focused.is_none() {
                    self.remember(layer, None);
                }
                return;
            }
            self.last_in(layer).filter(is_there).or_else(|| first_in(ctx, layer))
        } else {
            self.last_in(layer).filter(is_there)
        };
        if let Some(id) = target {
            ctx.memory_mut(|memory| memory.request_focus(id));
            ctx.request_repaint();
        }
    }
}

fn first_in(ctx: &Context, layer: LayerId) -> Option<Id> {
    ctx.viewport(|viewport| {
        let mut widgets = viewport.this_pass.widgets.get_layer(layer);
        widgets
            .find(|widget| widget.enabled && widget.visible && widget.sense.is_focusable())
            .map(|first| first.id)
    })
}
