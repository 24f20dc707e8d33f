//! The topic tree: a virtual list of the model's rows, with selection, keyboard and search highlights.
//!
//! Only visible rows cost anything: their texts are cached until their content changes.

mod access;
mod cells;
mod columns;
mod header;
mod headings;
mod keys;
mod lines;
mod menu;
mod pinned;
mod row;
mod scope;
mod tooltip;

use eframe::egui::{self, EventFilter, Popup, Rect, Role, Sense, Ui, UiBuilder, accesskit, vec2};
use regex::bytes::Regex;

use crate::command::{Actions, TopicAction};
use crate::model::NodeId;
use crate::panels::PanelView;
use crate::panels::scene::Scene;
use crate::panels::topics::access::{AccessRows, Said};
use crate::panels::topics::cells::Cells;
use crate::panels::topics::columns::ColumnPlaces;
use crate::panels::topics::headings::Headings;
use crate::panels::topics::pinned::PinnedView;
use crate::query::SearchError;
use crate::store::settings::Density;
use crate::ui::focus::{self, Pane};
use crate::ui::language;
use crate::ui::tokens::{RING, tokens};
use crate::ui::widgets::context_menu;
use crate::ui::widgets::virtual_list::{ListPlace, ScrollTo, Shown, VirtualList};
use crate::words::{search, topics as words};

/// What the panel keeps between frames.
#[derive(Debug, Default)]
pub struct TopicsView {
    place: ListPlace,
    scroll_to: Option<NodeId>,
    /// The node that keeps its place on the screen while rows are added above it, and its row in the last frame.
    anchor: Option<(NodeId, u64)>,
    headings: Headings,
    cells: Cells,
    said: Said,
    type_ahead: keys::TypeAhead,
    pinned: PinnedView,
    focus: bool,
    /// Whether the first row keeps showing while rows come in, even above the selected one: nobody scrolled or selected
    /// anything so far.
    stays_at_top: bool,
    page: u64,
    /// What the search highlights in names and values.
    pub marks: Option<Regex>,
    /// The progress of the search, or why it is impossible.
    pub search: SearchState,
}

/// The state of a search, for the header.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum SearchState {
    /// No search is active.
    #[default]
    Off,
    /// Topics found so far, and the progress.
    Running {
        /// How many topics match.
        matches: u64,
        /// How much of the tree was searched, from 0 to 1.
        done: f32,
        /// How many topics' payloads were not searched completely, and how many bytes of the last one were.
        given_up: (u32, u64),
    },
    /// The text cannot be searched for, with the reason.
    Invalid(SearchError),
}

impl TopicsView {
    /// Scrolls to a node's row in the next frame.
    pub fn reveal(&mut self, node: NodeId) {
        self.scroll_to = Some(node);
        self.stays_at_top = false;
    }

    /// Scrolls to the first row.
    pub fn show_top(&mut self) {
        self.place = ListPlace::default();
        self.anchor = None;
    }

    /// Scrolls to the first row, and stays there whatever comes in, until a person selects something or scrolls.
    pub fn stay_at_top(&mut self) {
        self.show_top();
        self.stays_at_top = true;
    }

    /// Focuses the tree in the next frame.
    pub fn take_focus(&mut self) {
        self.focus = true;
    }

    /// How many rows fit in the pane; 0 before the first frame.
    pub fn page(&self) -> u64 {
        self.page
    }

    /// Whether a visible row changed in the last frame, apart from its counters.
    pub fn changed(&self) -> bool {
        self.cells.changed
    }

    /// Keeps the anchor's row in place on the screen when rows are added above it.
    fn hold_place(&mut self, scene: &Scene<'_>) {
        let Some((node, before)) = self.anchor else { return };
        let Some(row) = scene.model.row_of(node) else { return };
        // At the very top nothing is anchored, so that new first rows are seen.
        let is_free = scene.selected != Some(node) || self.stays_at_top;
        let at_top = self.place.row == 0 && self.place.offset == 0.0 && is_free;
        if row != before && !at_top {
            self.place.row = self.place.row.saturating_add_signed(row as i64 - before as i64);
        }
    }

    fn choose_anchor(&mut self, scene: &Scene<'_>, shown: &Shown) {
        let selected = scene.selected.and_then(|node| Some((node, scene.model.row_of(node)?)));
        self.anchor = selected
            .filter(|(_, row)| shown.rows.contains(row))
            .or_else(|| Some((scene.model.rows(shown.rows.start, 1).next()?.node, shown.rows.start)));
    }

    fn rows(&mut self, ui: &mut Ui, scene: &Scene<'_>, places: &ColumnPlaces, actions: &mut Actions) {
        let l = language(ui);
        let id = ui.unique_id().with("rows");
        let area = ui.available_rect_before_wrap();
        let focused = ui.interact(area, id, Sense::FOCUSABLE | Sense::CLICK);
        focus::entry(ui, Pane::Tree, id);
        let selected_row = scene.selected.and_then(|node| scene.model.row_of(node));
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_role(accesskit::Role::Tree);
            node.set_label(words::TITLE.of(l));
        });
        if self.focus || focused.clicked() {
            focused.request_focus();
            self.focus = false;
        }
        if focused.has_focus() {
            let is_searching = self.search != SearchState::Off;
            let keys = EventFilter {
                horizontal_arrows: true,
                vertical_arrows: true,
                escape: is_searching || scene.model.scope().is_some(),
                ..EventFilter::default()
            };
            focus::keep_keys(ui, id, keys);
            if !Popup::is_any_open(ui.ctx()) {
                keys::handle(ui, scene, selected_row, self.page, is_searching, &mut self.type_ahead, actions);
            }
        }

        if focused.has_focus() && context_menu::is_asked_for(ui.ctx()) {
            // The menu opens at the selected row.
            self.scroll_to = scene.selected;
        }
        self.hold_place(scene);
        let scroll_to = self.scroll_to.take().and_then(|node| scene.model.row_of(node)).map(ScrollTo::Reveal);
        let row_height = row_height(scene.settings.density);
        let list =
            VirtualList { name: words::TITLE.of(l), rows: scene.model.row_count(), row_height, scroll_to };
        let Self { place, cells, marks, said, .. } = self;
        cells.begin(ui, places, places.body_right - area.left());
        let mut access = AccessRows::new(ui, id, said);
        let frame = row::Frame { scene, places, marks: marks.as_ref().map(row::RowMarks::new) };
        let mut rows = RowSource::new(scene, place.row);
        let mut begun = false;
        let has_keyboard = focused.has_focus();
        let shown = ui
            .scope_builder(UiBuilder::new().max_rect(area).accessibility_parent(id), |ui| {
                list.show(ui, place, |ui, number, rect| {
                    let Some(found) = rows.at(number) else { return };
                    if !std::mem::replace(&mut begun, true) {
                        let above = rect.translate(vec2(0.0, -row_height));
                        for row in access.above(number, scene) {
                            row::show_above(ui, above, &row, scene, cells, &mut access, actions);
                        }
                    }
                    let selected = selected_row == Some(number);
                    row::show(ui, rect, &found, selected, &frame, cells, &mut access, actions);
                    if has_keyboard && selected {
                        let ring = egui::Stroke::new(RING, tokens(ui).accent);
                        ui.painter().rect_stroke(rect, 2.0, ring, egui::StrokeKind::Inside);
                    }
                })
            })
            .inner;
        access.end();
        cells.end(ui.ctx(), scene.rules);
        self.page = shown.page;
        self.choose_anchor(scene, &shown);
        if let Some(delay) = self.cells.next_change(scene) {
            ui.ctx().request_repaint_after(delay);
        }
    }
}

/// Returns rows by number; consecutive numbers cost one step each.
struct RowSource<'a> {
    scene: &'a Scene<'a>,
    rows: Box<dyn Iterator<Item = crate::model::Row> + 'a>,
    next: u64,
}

impl<'a> RowSource<'a> {
    fn new(scene: &'a Scene<'a>, first: u64) -> Self {
        Self { scene, rows: Box::new(scene.model.rows(first, usize::MAX)), next: first }
    }

    fn at(&mut self, number: u64) -> Option<crate::model::Row> {
        if number != self.next {
            // The list scrolled after the iterator was created.
            *self = Self::new(self.scene, number);
        }
        self.next = number + 1;
        self.rows.next()
    }
}

/// Height of a tree row, in points.
pub fn row_height(density: Density) -> f32 {
    match density {
        Density::Compact => 18.0,
        Density::Normal => 22.0,
        Density::Comfortable => 26.0,
    }
}

impl PanelView for TopicsView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        // The parts above the rows touch each other.
        ui.spacing_mut().item_spacing.y = 0.0;
        header::show(ui, scene, &self.search, actions);
        self.pinned.show(ui, scene, actions);
        if let Some(node) = scene.model.scope() {
            scope::show(ui, scene, node, actions);
        }
        if scene.model.row_count() == 0 {
            empty(ui, scene, &self.search);
            return;
        }
        let places = self.headings.show(ui, scene, actions);
        ui.scope_builder(UiBuilder::new().accessibility_role(Role::Group), |ui| {
            self.rows(ui, scene, &places, actions);
        });
    }
}

fn empty(ui: &mut Ui, scene: &Scene<'_>, state: &SearchState) {
    let (t, l) = (tokens(ui), language(ui));
    let invalid;
    let text = match state {
        SearchState::Invalid(why) => {
            invalid = search::error(why, l);
            invalid.as_str()
        }
        SearchState::Running { done, .. } if *done < 1.0 => words::SEARCHING.of(l),
        SearchState::Running { .. } => words::NOTHING_FOUND.of(l),
        SearchState::Off if scene.model.scope().is_some() => words::NOTHING_IN_SCOPE.of(l),
        SearchState::Off if scene.paused => words::PAUSED_BEFORE_ANY.of(l),
        SearchState::Off if !scene.status.state.is_connected() => words::NOT_CONNECTED.of(l),
        SearchState::Off if scene.status.subscriptions.is_empty() => words::NO_SUBSCRIPTIONS.of(l),
        SearchState::Off => words::NOTHING_YET.of(l),
    };
    let rect: Rect = ui.available_rect_before_wrap();
    ui.scope_builder(UiBuilder::new().max_rect(rect.shrink(24.0)), |ui| {
        ui.add_space(16.0);
        ui.vertical_centered(|ui| {
            ui.add(egui::Label::new(egui::RichText::new(text).color(t.text_muted)).wrap())
        });
    });
}

/// Selects a node and scrolls to its row.
fn select(node: NodeId, actions: &mut Actions) {
    actions.push(TopicAction::Select(node));
}
