//! The panes of the window, in the order in which a person goes through them. egui would go through its widgets in the
//! order in which they are drawn, and the bars at the edges are drawn first.

use eframe::egui::{
    Context, Id, Key, LayerId, Memory, Modifiers, Plugin, Rangef, Rect, Role, Stroke, Ui, UiBuilder,
    ViewportIdMap, WidgetRect, vec2,
};

use crate::ui::tokens::tokens;

/// Thickness of the line that marks a pane, in points.
const UNDERLINE: f32 = 2.0;
/// Splitters reach so far into a pane.
const EDGE: f32 = 6.0;

/// A part of the window that the keyboard goes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    /// The bar at the top, with the search.
    Search,
    /// What a first start shows.
    Start,
    /// The list of saved connections.
    Connections,
    /// The connection that is chosen in the list.
    ConnectionForm,
    /// What a connection test has found.
    ConnectionTest,
    /// The tree.
    Tree,
    /// What is selected in the tree.
    Inspector,
    /// The lower area.
    Tools,
    /// The bar at the bottom.
    Status,
}

impl Pane {
    /// Every pane, in the order of the keyboard.
    pub const ALL: [Self; 9] = [
        Self::Search,
        Self::Start,
        Self::Connections,
        Self::ConnectionForm,
        Self::ConnectionTest,
        Self::Tree,
        Self::Inspector,
        Self::Tools,
        Self::Status,
    ];

    /// What the pane is known by.
    pub fn id(self) -> Id {
        Id::unique(("pane", self as u8))
    }
}

/// Draws a pane of this name. What is inside keeps its ids, whatever comes and goes around it. While the keyboard is in
/// it, a line marks its header, which is `header` points high; a bar has none, because what has the keyboard there has a
/// ring of its own.
pub fn pane<R>(
    ui: &mut Ui,
    pane: Pane,
    name: &str,
    header: Option<f32>,
    body: impl FnOnce(&mut Ui) -> R,
) -> R {
    let builder =
        UiBuilder::new().scope_id(pane.id()).accessibility_role(Role::Region).accessibility_label(name);
    let rect = ui.max_rect();
    let drawn = ui.scope_builder(builder, body);
    let panes = ui.ctx().plugin_or_default::<Panes>();
    panes.lock().of_window(ui.ctx()).drawn.push(Drawn { pane, rect });
    if let Some(header) = header.filter(|header| rect.height() > header + UNDERLINE)
        && is_in(ui.ctx(), pane)
    {
        underline(ui, rect.x_range(), rect.top() + header);
    }
    drawn.inner
}

/// The line under the header of what has the keyboard, `bottom` being its lower edge.
pub fn underline(ui: &Ui, x_range: Rangef, bottom: f32) {
    ui.painter().hline(x_range, bottom - UNDERLINE / 2.0, Stroke::new(UNDERLINE, tokens(ui).accent));
}

/// Marks a view without rows of its own that has the keyboard: in a dialog, by a line at its upper edge. In the window
/// its pane is marked.
pub fn mark_view(ui: &Ui, view: Rect) {
    if ui.layer_id() != LayerId::background() {
        underline(ui, view.x_range(), view.top() + UNDERLINE);
    }
}

/// Whether the keyboard is in this pane. It is known at the end of a frame.
pub fn is_in(ctx: &Context, pane: Pane) -> bool {
    ctx.plugin_or_default::<Panes>().lock().of_window(ctx).current == Some(pane)
}

/// What gets the keyboard when a person comes to the pane for the first time. Called inside of the pane.
pub fn entry(ui: &Ui, pane: Pane, id: Id) {
    let panes = ui.ctx().plugin_or_default::<Panes>();
    panes.lock().of_window(ui.ctx()).entries.push((pane, id));
}

/// Takes the keyboard to the next pane, or to the one before.
pub fn next_pane(ctx: &Context, forward: bool) {
    let panes = ctx.plugin_or_default::<Panes>();
    let target = panes.lock().of_window(ctx).next(ctx, forward);
    if let Some(id) = target {
        ctx.memory_mut(|memory| memory.request_focus(id));
    }
}

#[derive(Clone, Copy, Debug)]
struct Drawn {
    pane: Pane,
    rect: Rect,
}

/// The panes of every window.
#[derive(Debug, Default)]
pub struct Panes(ViewportIdMap<Ways>);

impl Panes {
    /// Those of the window that is drawn.
    fn of_window(&mut self, ctx: &Context) -> &mut Ways {
        self.0.entry(ctx.viewport_id()).or_default()
    }
}

/// Where the panes of a window are, and where in them the keyboard was last.
#[derive(Debug, Default)]
struct Ways {
    drawn: Vec<Drawn>,
    entries: Vec<(Pane, Id)>,
    left_at: Vec<(Pane, Id)>,
    /// The pane that had the keyboard at the end of the last frame.
    current: Option<Pane>,
}

impl Ways {
    fn of(&self, widget: &WidgetRect) -> Option<Pane> {
        let middle = widget.rect.center();
        let within = |margin| self.drawn.iter().find(move |drawn| drawn.rect.expand(margin).contains(middle));
        // What parts two panes may stand between them.
        within(0.0).or_else(|| within(8.0)).map(|drawn| drawn.pane)
    }

    /// What can have the keyboard, of the last frame, in the order in which a person goes through it.
    fn order(&self, ctx: &Context) -> Vec<(Id, LayerId)> {
        let background = LayerId::background();
        let mut order: Vec<_> = ctx.viewport(|viewport| {
            let widgets = &viewport.prev_pass.widgets;
            let layers =
                std::iter::once(background).chain(widgets.layer_ids().filter(|layer| *layer != background));
            layers
                .flat_map(|layer| widgets.get_layer(layer))
                .filter(|widget| takes_focus(widget))
                .copied()
                .collect()
        });
        order.sort_by_key(|widget: &WidgetRect| {
            let pane = (widget.layer_id == background).then(|| self.of(widget)).flatten();
            // The bar at the top is drawn from both its ends.
            let column = (pane == Some(Pane::Search)).then_some(widget.rect.left() as i32);
            (widget.layer_id != background, pane.is_none(), pane, column)
        });
        order.into_iter().map(|widget| (widget.id, widget.layer_id)).collect()
    }

    fn next(&self, ctx: &Context, forward: bool) -> Option<Id> {
        let mut shown: Vec<Pane> = self.drawn.iter().map(|drawn| drawn.pane).collect();
        shown.sort();
        shown.dedup();
        let current = ctx.memory(Memory::focused).and_then(|id| widget(ctx, id));
        let current = current.and_then(|widget| self.of(&widget));
        let place = current.and_then(|current| shown.iter().position(|pane| *pane == current));
        let step = if forward { 1 } else { shown.len().saturating_sub(1) };
        // Each pane in turn: one may have nothing that takes the keyboard.
        (1..=shown.len())
            .map(|steps| place.map_or(steps - 1, |place| place + steps * step))
            .find_map(|place| self.way_into(ctx, *shown.get(place % shown.len())?))
    }

    /// Where the keyboard was in a pane, else where it begins.
    fn way_into(&self, ctx: &Context, pane: Pane) -> Option<Id> {
        // A splitter stands across the edge of a pane and belongs to neither side.
        let is_inside = |widget: &WidgetRect| {
            let mut drawn = self.drawn.iter().filter(|drawn| drawn.pane == pane);
            drawn.any(|drawn| drawn.rect.shrink2(vec2(EDGE, 0.0)).contains(widget.rect.center()))
        };
        let is_there =
            |id: &Id| widget(ctx, *id).is_some_and(|widget| takes_focus(&widget) && is_inside(&widget));
        let of = |list: &[(Pane, Id)]| list.iter().rev().find(|(of, _)| *of == pane).map(|(_, id)| *id);
        let known = of(&self.left_at).filter(is_there).or_else(|| of(&self.entries).filter(is_there));
        known.or_else(|| {
            ctx.viewport(|viewport| {
                let mut widgets = viewport.this_pass.widgets.get_layer(LayerId::background());
                widgets
                    .find(|widget| takes_focus(widget) && self.of(widget) == Some(pane) && is_inside(widget))
                    .map(|first| first.id)
            })
        })
    }
}

fn widget(ctx: &Context, id: Id) -> Option<WidgetRect> {
    ctx.viewport(|viewport| viewport.this_pass.widgets.get(id).copied())
}

fn takes_focus(widget: &WidgetRect) -> bool {
    widget.enabled && widget.visible && widget.sense.is_focusable()
}

impl Plugin for Panes {
    fn debug_name(&self) -> &'static str {
        "panes"
    }

    /// Before anything is drawn, names what can have the keyboard in the order of the panes: egui hands it on in the
    /// order in which it hears of widgets.
    fn on_begin_pass(&mut self, ui: &mut Ui) {
        let ctx = ui.ctx().clone();
        let ways = self.of_window(&ctx);
        let back = ctx.input(|input| input.modifiers == Modifiers::SHIFT);
        if ctx.input(|input| input.key_pressed(Key::Tab)) {
            let order = ways.order(&ctx);
            if let (Some((first, first_layer)), Some((last, last_layer))) = (order.first(), order.last()) {
                ctx.memory_mut(|memory| {
                    match memory.focused() {
                        // From the first one back to the last.
                        Some(focused) if focused != *last => memory.interested_in_focus(*last, *last_layer),
                        None if back => memory.request_focus(*last),
                        Some(_) | None => {}
                    }
                    for (id, layer) in &order {
                        memory.interested_in_focus(*id, *layer);
                    }
                    // From the last one on to the first.
                    memory.interested_in_focus(*first, *first_layer);
                });
            }
        }
        ways.drawn.clear();
        ways.entries.clear();
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let focused = ui.ctx().memory(Memory::focused);
        let widget = focused.and_then(|id| widget(ui.ctx(), id));
        let ways = self.of_window(ui.ctx());
        let before = ways.current.take();
        let widget = widget.filter(|widget| widget.layer_id == LayerId::background());
        ways.current = widget.as_ref().and_then(|widget| ways.of(widget));
        if ways.current != before {
            ui.ctx().request_repaint(); // the line that marks the pane moves
        }
        let Some(widget) = widget else { return };
        if let Some(pane) = ways.current {
            ways.left_at.retain(|(of, _)| *of != pane);
            ways.left_at.push((pane, widget.id));
        }
    }
}
