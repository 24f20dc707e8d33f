//! The last hand on what is published to assistive technology, for everything that is drawn: what egui knows of its
//! widgets is mended here once, and not at each of them.
//!
//! - The characters of the icon font are not read.
//! - What stands in a menu is a menu item; what stands in the list of a combo box is one of its options.
//! - A tab and an option that are chosen are selected, not checked.
//! - The texts of an alert are read out at once, those of a status when there is a pause.
//! - What is chosen in a combo box is its description too.
//! - A dialog that has a name is modal.
//! - A window has its title as its name.
//! - The panes come in the order in which a person goes through them.
//! - What a status bar says changes once a second at most: a client is told of every change.
//!
//! It costs nothing while nobody listens: then there is nothing to publish.

use std::time::Duration;

use eframe::egui::accesskit::{Live, Node, NodeId, Role, Toggled, TreeUpdate};
use eframe::egui::{Context, FullOutput, Id, Plugin, Ui, ViewportId, ViewportIdMap, accesskit_root_id};
use rustc_hash::FxHashMap;

use crate::ui::focus::Pane;

/// How often a status text changes at most, in seconds.
const STATUS_SECONDS: f64 = 1.0;

/// Names the window that is being drawn.
pub fn name_window(ctx: &Context, name: &str) {
    let id = name_id(ctx.viewport_id());
    ctx.data_mut(|data| data.insert_temp(id, name.to_owned()));
}

fn name_id(window: ViewportId) -> Id {
    Id::unique(("window-name", window))
}

/// What is kept from one update to the next.
#[derive(Debug, Default)]
pub struct Reader {
    /// The window whose pass ended last, and when, by egui's clock: what is published next is its own. By then egui has
    /// gone back to the window around it.
    ended: (ViewportId, f64),
    status: ViewportIdMap<Status>,
}

/// The texts of a window's status bar as they were published, and when. Elements of two windows may have the same id.
type Status = FxHashMap<NodeId, (String, f64)>;

impl Plugin for Reader {
    fn debug_name(&self) -> &'static str {
        "reader"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        self.ended = (ui.ctx().viewport_id(), ui.input(|input| input.time));
    }

    fn output_hook(&mut self, ctx: &Context, output: &mut FullOutput) {
        let (window, _) = self.ended;
        if window == ViewportId::ROOT {
            self.status.retain(|window, _| output.viewport_output.contains_key(window));
        }
        let Some(update) = &mut output.platform_output.accesskit_update else { return };
        let mut tree = Published::of(update);
        tree.all(without_icons);
        tree.below(Role::Menu, as_menu_item);
        tree.below(Role::ListBox, as_option);
        tree.all(as_chosen);
        tree.below(Role::Alert, |node| as_live(node, Live::Assertive));
        tree.below(Role::Status, |node| as_live(node, Live::Polite));
        tree.all(as_modal);
        tree.all(with_value);
        tree.name(ctx.data(|data| data.get_temp::<String>(name_id(window))));
        tree.sort_panes();
        self.hold_status(ctx, &mut tree);
    }
}

impl Reader {
    fn hold_status(&mut self, ctx: &Context, tree: &mut Published<'_>) {
        let (window, now) = self.ended;
        let said = self.status.entry(window).or_default();
        let mut changes_in = f64::INFINITY;
        let mut kept = FxHashMap::default();
        tree.inside(Pane::Status.id().accesskit_id(), |id, node| {
            let Some(text) = node.value().filter(|_| node.role() == Role::Label).map(str::to_owned) else {
                return;
            };
            let entry = match said.remove(&id) {
                Some((said, at)) if said != text && now - at < STATUS_SECONDS => {
                    changes_in = changes_in.min(at + STATUS_SECONDS - now);
                    node.set_value(said.as_str());
                    (said, at)
                }
                Some((said, at)) if said == text => (said, at),
                Some(_) | None => (text, now),
            };
            kept.insert(id, entry);
        });
        *said = kept;
        if changes_in.is_finite() {
            ctx.request_repaint_after_for(Duration::from_secs_f64(changes_in), window);
        }
    }
}

/// The nodes of one update, by id.
struct Published<'a> {
    nodes: &'a mut [(NodeId, Node)],
    places: FxHashMap<NodeId, usize>,
}

impl<'a> Published<'a> {
    fn of(update: &'a mut TreeUpdate) -> Self {
        let places = update.nodes.iter().enumerate().map(|(place, (id, _))| (*id, place)).collect();
        Self { nodes: &mut update.nodes, places }
    }

    fn get(&self, id: NodeId) -> Option<&Node> {
        self.places.get(&id).and_then(|place| self.nodes.get(*place)).map(|(_, node)| node)
    }

    fn get_mut(&mut self, id: NodeId) -> Option<&mut Node> {
        self.places.get(&id).and_then(|place| self.nodes.get_mut(*place)).map(|(_, node)| node)
    }

    fn all(&mut self, change: impl Fn(&mut Node)) {
        for (_, node) in self.nodes.iter_mut() {
            change(node);
        }
    }

    /// Names the window itself.
    fn name(&mut self, name: Option<String>) {
        if let Some((name, window)) = name.zip(self.get_mut(accesskit_root_id().accesskit_id())) {
            window.set_label(name);
        }
    }

    /// What is below every node of this role.
    fn below(&mut self, role: Role, change: impl Fn(&mut Node)) {
        let roots: Vec<_> =
            self.nodes.iter().filter(|(_, node)| node.role() == role).map(|(id, _)| *id).collect();
        for root in roots {
            self.inside(root, |_, node| change(node));
        }
    }

    /// What is below a node.
    fn inside(&mut self, root: NodeId, mut change: impl FnMut(NodeId, &mut Node)) {
        let mut open = self.get(root).map(|node| node.children().to_vec()).unwrap_or_default();
        while let Some(id) = open.pop() {
            let Some(node) = self.get_mut(id) else { continue };
            open.extend_from_slice(node.children());
            change(id, node);
        }
    }

    /// Puts the panes into their order, where they are inside of the same node.
    fn sort_panes(&mut self) {
        let parents: FxHashMap<NodeId, NodeId> = self
            .nodes
            .iter()
            .flat_map(|(id, node)| node.children().iter().map(move |child| (*child, *id)))
            .collect();
        let above = |id| std::iter::successors(Some(id), |id| parents.get(id).copied()).collect::<Vec<_>>();
        let paths: Vec<_> = Pane::ALL
            .iter()
            .map(|pane| pane.id().accesskit_id())
            .filter(|id| self.places.contains_key(id))
            .map(above)
            .collect();
        let Some(common) = paths
            .first()
            .and_then(|first| first.iter().copied().find(|id| paths.iter().all(|path| path.contains(id))))
        else {
            return;
        };
        let next_to = |path: &Vec<NodeId>| {
            let place = path.iter().position(|id| *id == common)?;
            path.get(place.checked_sub(1)?).copied()
        };
        let mut sorted: Vec<_> = paths.iter().filter_map(next_to).collect();
        sorted.dedup();
        let Some(node) = self.get_mut(common) else { return };
        let mut next = sorted.iter();
        let children = node.children().iter().map(|child| {
            if sorted.contains(child) { next.next().copied().unwrap_or(*child) } else { *child }
        });
        let children: Vec<_> = children.collect();
        node.set_children(children);
    }
}

/// Takes out the characters of the icon font, and egui's mark of a submenu.
fn without_icons(node: &mut Node) {
    let is_icon = |c: char| ('\u{e000}'..='\u{f8ff}').contains(&c) || c == '\u{23f5}';
    let read = |text: &str| text.contains(is_icon).then(|| text.replace(is_icon, "").trim().to_owned());
    if let Some(label) = node.label().and_then(read) {
        node.set_label(label);
    }
    if node.role() == Role::Label
        && let Some(text) = node.value().and_then(read)
    {
        if text.is_empty() {
            node.set_hidden();
        }
        node.set_value(text);
    }
}

fn as_menu_item(node: &mut Node) {
    if matches!(node.role(), Role::Button | Role::CheckBox) {
        let is_choice = node.toggled().is_some();
        node.set_role(if is_choice { Role::MenuItemCheckBox } else { Role::MenuItem });
    }
}

fn as_option(node: &mut Node) {
    if node.role() == Role::Button {
        node.set_role(Role::ListBoxOption);
    }
}

/// egui says of a tab and of a row that is chosen that it is checked.
fn as_chosen(node: &mut Node) {
    if matches!(node.role(), Role::Tab | Role::ListBoxOption)
        && let Some(toggled) = node.toggled()
    {
        node.set_selected(toggled == Toggled::True);
        node.clear_toggled();
    }
}

fn as_live(node: &mut Node, live: Live) {
    if node.role() == Role::Label {
        node.set_live(live);
    }
}

/// AT-SPI has no place for what is chosen but the description.
fn with_value(node: &mut Node) {
    if node.role() == Role::ComboBox
        && let Some(value) = node.value().map(str::to_owned)
    {
        node.set_description(value);
    }
}

fn as_modal(node: &mut Node) {
    if matches!(node.role(), Role::Dialog | Role::AlertDialog) && node.label().is_some() {
        node.set_modal();
    }
}
