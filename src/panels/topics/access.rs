//! The rows as assistive technology sees them: each inside its parent row, with its position among its siblings, its
//! state, and the texts of its columns.
//!
//! None of this costs anything while nobody listens. Only the Windows adapter reports whether an item is expanded, and
//! no adapter reads the number of siblings from the item itself: AccessKit keeps it on the container. So rows are
//! nested, each container has its number of rows, and a row with children has a button that shows its state.

use eframe::egui::{Id, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, accesskit};
use rustc_hash::FxHashMap;

use crate::command::TopicAction;
use crate::model::{NodeId, Row};
use crate::panels::scene::Scene;
use crate::panels::topics::cells::Texts;
use crate::ui::language;
use crate::words::{inspector, topics as words};

/// The shortest time between changes of a row's description, because clients are told of every change.
const SAID_SECONDS: f64 = 1.0;
/// How many ancestors above the view are published, so that visible rows have a place in the tree.
const ANCESTORS_MAX: usize = 24;

/// The last descriptions of the rows.
#[derive(Debug, Default)]
pub struct Said {
    rows: FxHashMap<NodeId, RowSaid>,
}

#[derive(Debug, Default)]
struct RowSaid {
    text: String,
    at: f64,
    used: bool,
}

/// The rows of one frame.
pub struct AccessRows<'a> {
    tree: Id,
    listens: bool,
    now: f64,
    said: &'a mut Said,
    /// The current chain of parents: level and id.
    inside_of: Vec<(u16, Id)>,
}

impl<'a> AccessRows<'a> {
    /// Begins a frame of the tree with this id.
    pub fn new(ui: &Ui, tree: Id, said: &'a mut Said) -> Self {
        let listens = ui.ctx().has_accesskit_node(tree);
        let now = ui.input(|input| input.time);
        Self { tree, listens, now, said, inside_of: Vec::new() }
    }

    /// The widget that has the focus while a row is operated.
    pub fn tree(&self) -> Id {
        self.tree
    }

    /// Focuses the tree.
    pub fn focus_tree(&self, ui: &Ui) {
        ui.memory_mut(|memory| memory.request_focus(self.tree));
    }

    /// Forgets rows that went out of view.
    pub fn end(self) {
        self.said.rows.retain(|_, row| std::mem::take(&mut row.used));
    }

    /// Makes a row clickable, at its place in the tree. It can be dragged too: onto a plot.
    pub fn place(&mut self, ui: &mut Ui, rect: Rect, row: &Row) -> Response {
        let id = self.tree.with(row.node);
        if !self.listens {
            return ui.interact(rect, id, Sense::CLICK | Sense::DRAG);
        }
        while self.inside_of.last().is_some_and(|(level, _)| *level >= row.level) {
            self.inside_of.pop();
        }
        let container = self.inside_of.last().map_or(self.tree, |(_, id)| *id);
        ui.ctx().accesskit_node_builder(container, |node| node.set_size_of_set(row.siblings as usize));
        self.inside_of.push((row.level, id));
        inside(ui, container, id.with("place"), rect).interact(rect, id, Sense::CLICK | Sense::DRAG)
    }

    /// The ancestors of the first visible row, from the outermost on.
    pub fn above(&self, first: u64, scene: &Scene<'_>) -> Vec<Row> {
        if !self.listens {
            return Vec::new();
        }
        let row_of = |node| scene.model.rows(scene.model.row_of(node)?, 1).next();
        let parent_of = |row: &Row| scene.model.node(row.first)?.parent.and_then(row_of);
        let first = scene.model.rows(first, 1).next();
        let mut rows: Vec<_> = std::iter::successors(first, parent_of).skip(1).take(ANCESTORS_MAX).collect();
        rows.reverse();
        rows
    }

    /// Describes a row and its columns.
    pub fn describe(
        &mut self,
        ui: &mut Ui,
        response: &Response,
        row: &Row,
        texts: &Texts,
        selected: bool,
        scene: &Scene<'_>,
    ) {
        response.widget_info(|| WidgetInfo::labeled(Role::TreeItem, true, &texts.name));
        if !self.listens {
            return;
        }
        let said = self.say(ui, row, texts, scene);
        ui.ctx().accesskit_node_builder(response.id, |node| {
            node.set_description(said);
            node.set_level(usize::from(row.level) + 1);
            // AccessKit counts from 0.
            node.set_position_in_set(row.position.saturating_sub(1) as usize);
            node.set_selected(selected);
            node.add_action(accesskit::Action::Focus);
            if row.has_children {
                node.set_expanded(row.expanded);
                node.add_action(accesskit::Action::Expand);
                node.add_action(accesskit::Action::Collapse);
            }
        });
        if selected {
            // The tree has the focus, but a screen reader reads the selected row.
            ui.ctx().accesskit_node_builder(self.tree, |node| {
                node.set_active_descendant(response.id.accesskit_id());
            });
        }
        if row.has_children {
            expander(ui, response, row.expanded);
        }
    }

    /// Value, count and age, at most a second old.
    fn say(&mut self, ui: &Ui, row: &Row, texts: &Texts, scene: &Scene<'_>) -> String {
        let said = self.said.rows.entry(row.node).or_default();
        said.used = true;
        let waited = self.now - said.at;
        let Some(info) = scene.model.node(row.node) else { return said.text.clone() };
        if !said.text.is_empty() && waited < SAID_SECONDS {
            ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(SAID_SECONDS - waited));
            return said.text.clone();
        }
        said.text = words::row(&texts.value, info.messages, info.last_arrived, scene.now, language(ui));
        if let Some(violation) = &texts.violation {
            let violation = inspector::violation(violation, language(ui));
            said.text = words::with_remark(&said.text, &violation, language(ui));
        }
        said.at = self.now;
        said.text.clone()
    }
}

/// The action that assistive technology requests of a row.
pub fn asked(ui: &Ui, id: Id, row: &Row) -> Option<TopicAction> {
    use accesskit::Action::{Click, Collapse, Expand};
    let asked = |id, action| ui.input(|input| input.has_accesskit_action_request(id, action));
    if row.has_children && asked(expander_id(id), Click) {
        return Some(TopicAction::SetExpanded(row.node, !row.expanded));
    }
    match row.has_children {
        true if asked(id, Expand) => Some(TopicAction::SetExpanded(row.node, true)),
        true if asked(id, Collapse) => Some(TopicAction::SetExpanded(row.node, false)),
        _ if asked(id, accesskit::Action::Focus) => Some(TopicAction::Select(row.node)),
        _ => None,
    }
}

fn expander_id(row: Id) -> Id {
    row.with("expander")
}

/// Adds a button with the state of a row that has children: the adapters of Linux and macOS report it in no other way.
fn expander(ui: &mut Ui, row: &Response, expanded: bool) {
    let (id, rect) = (expander_id(row.id), row.rect.with_max_x(row.rect.left()));
    let name = words::EXPANDED.of(language(ui));
    let response = inside(ui, row.id, id.with("place"), rect).interact(rect, id, Sense::hover());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, expanded, name));
    ui.ctx().accesskit_node_builder(id, |node| node.add_action(accesskit::Action::Click));
}

/// A place inside a node that is not part of this panel's layout.
fn inside(ui: &mut Ui, node: Id, id: Id, rect: Rect) -> Ui {
    ui.new_child(UiBuilder::new().scope_id(id).max_rect(rect).accessibility_parent(node))
}
