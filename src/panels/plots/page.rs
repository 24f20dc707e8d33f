//! A tab of plots: how they are arranged, and what they share: the time and the place of the pointer.

use std::collections::BTreeMap;

use eframe::egui::{Id, Ui};
use egui_tiles::{Container, ContainerKind, Linear, LinearDir, Tile, TileId, Tiles, Tree};

use crate::command::{Actions, PlotAction, PlotId, Plottable};
use crate::model::Model;
use crate::panels::plots::desk::{Desk, Edge, PaneWish};
use crate::panels::plots::pane::PlotPane;
use crate::panels::plots::plot::Shared;
use crate::panels::plots::viewport::{TimeChoice, TimeWindow};
use crate::panels::scene::Scene;
use crate::store::plots::{PlotPage, Split, SplitPart};

/// By how much a plot grows at once.
const GROWTH: f32 = 1.3;

/// A tab of plots. There is always one plot at least.
pub struct Page {
    /// Its title; empty for a numbered one.
    pub name: String,
    /// The plots.
    pub panes: BTreeMap<PlotId, PlotPane>,
    /// The plot that new series go to.
    pub active: PlotId,
    tree: Tree<PlotId>,
    time: TimeChoice,
    /// The plot under the pointer and the time there.
    pointed: Option<(PlotId, f64)>,
}

impl std::fmt::Debug for Page {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Page").field("name", &self.name).field("panes", &self.panes).finish_non_exhaustive()
    }
}

impl Page {
    /// A page as a profile keeps it. `next` is the next free id of a plot.
    pub fn of(spec: &PlotPage, next: &mut u64) -> Self {
        let mut id = || {
            *next += 1;
            PlotId(*next)
        };
        let mut panes: BTreeMap<_, _> = spec.plots.iter().map(|plot| (id(), PlotPane::of(plot))).collect();
        if panes.is_empty() {
            panes.insert(id(), PlotPane::default());
        }
        let ids: Vec<PlotId> = panes.keys().copied().collect();
        let (mut tiles, mut left) = (Tiles::default(), ids.clone());
        let root = spec.layout.as_ref().and_then(|layout| arrange(layout, &ids, &mut tiles, &mut left));
        // Plots that the layout does not name stand beside the others.
        let others: Vec<_> = left.into_iter().map(|id| tiles.insert_pane(id)).collect();
        let root = match root {
            Some(root) if others.is_empty() => root,
            root => tiles.insert_horizontal_tile(root.into_iter().chain(others).collect()),
        };
        let window = spec.window_s.map_or_else(TimeWindow::default, TimeWindow::of_seconds);
        let active = ids[0];
        let mut page = Self {
            name: spec.name.clone(),
            panes,
            active,
            tree: Tree::new(Id::unique(("plot-tiles", active)), root, tiles),
            time: TimeChoice::default(),
            pointed: None,
        };
        page.show_time(TimeChoice { window, time: None });
        page
    }

    /// The page as a profile keeps it.
    pub fn kept(&self, model: &Model) -> PlotPage {
        let mut order = Vec::new();
        let layout = self.tree.root().and_then(|root| split(&self.tree.tiles, root, &mut order));
        let plots: Vec<_> = order.iter().filter_map(|id| Some(self.panes.get(id)?.kept(model))).collect();
        let window = self.time.window;
        PlotPage {
            name: self.name.clone(),
            window_s: (window != TimeWindow::default()).then(|| window.seconds().unwrap_or(0.0)),
            layout: layout.filter(|_| plots.len() > 1),
            plots,
            ..PlotPage::default()
        }
    }

    /// Whether there is nothing on it that would have to be kept.
    pub fn is_blank(&self) -> bool {
        self.name.is_empty() && self.panes.len() == 1 && self.panes.values().all(PlotPane::is_blank)
    }

    /// The plot that new series go to.
    pub fn active_pane(&mut self) -> Option<&mut PlotPane> {
        self.panes.get_mut(&self.active)
    }

    /// What the plots take from the page.
    pub fn shared(&self, model: &Model, id: PlotId) -> Shared {
        let first = self.panes.values().filter_map(|pane| pane.plot.first(model)).min_by(f64::total_cmp);
        let pointed = self.pointed.filter(|(pointed, _)| *pointed != id).map(|(_, time)| time);
        Shared { first, pointed }
    }

    fn show_time(&mut self, time: TimeChoice) {
        self.time = time;
        for pane in self.panes.values_mut().filter(|pane| !pane.own_time) {
            pane.plot.viewport.take(time, None);
        }
    }

    /// Shows all plots without a time of their own the time to which one of them was moved.
    pub fn share_time(&mut self, now: f64) {
        let mut sharing = self.panes.values_mut().filter(|pane| !pane.own_time);
        let Some(moved) = sharing.find(|pane| pane.plot.viewport.choice() != self.time) else { return };
        let time = moved.plot.viewport.choice();
        let went_back = moved.plot.viewport.take_went_back();
        self.time = time;
        for pane in self.panes.values_mut().filter(|pane| !pane.own_time) {
            pane.plot.viewport.take(time, (!went_back).then_some(now));
        }
    }

    /// Draws the plots into the rest of `ui`; returns what concerns more than this page.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        actions: &mut Actions,
    ) -> Option<(PlotId, PaneWish)> {
        let shared: BTreeMap<_, _> =
            self.panes.keys().map(|id| (*id, self.shared(scene.model, *id))).collect();
        let mut desk = Desk {
            panes: &mut self.panes,
            active: &mut self.active,
            shared: &shared,
            scene,
            actions,
            wish: None,
        };
        self.tree.ui(&mut desk, ui);
        let wish = desk.wish;
        self.without_tabs();
        self.pointed = self.panes.iter().find_map(|(id, pane)| Some((*id, pane.plot.points_at()?)));
        self.share_time(ui.input(|input| input.time));
        let (id, wish) = wish?;
        self.carry_out(id, wish, actions)
    }

    /// A plot that is dropped onto the middle of another stands beside it: this page is a tab already.
    fn without_tabs(&mut self) {
        for tile in self.tree.tiles.tiles_mut() {
            if let Tile::Container(container) = tile
                && container.kind() == ContainerKind::Tabs
                && container.num_children() > 1
            {
                container.set_kind(ContainerKind::Horizontal);
            }
        }
    }

    fn carry_out(&mut self, id: PlotId, wish: PaneWish, actions: &mut Actions) -> Option<(PlotId, PaneWish)> {
        match wish {
            PaneWish::New(_) | PaneWish::ToNewTab | PaneWish::OpenForm | PaneWish::Drop(_, Some(_)) => {
                return Some((id, wish));
            }
            PaneWish::Drop(dragged, None) => {
                self.active = id;
                for Plottable { node, path } in dragged.numbers {
                    actions.push(PlotAction::Add { node, path });
                }
            }
            PaneWish::OwnTime => {
                let time = self.time;
                if let Some(pane) = self.panes.get_mut(&id) {
                    pane.own_time ^= true;
                    if !pane.own_time {
                        pane.plot.viewport.take(time, None);
                    }
                }
            }
            PaneWish::Grow => self.grow(id, GROWTH),
            PaneWish::Shrink => self.grow(id, 1.0 / GROWTH),
            PaneWish::Move { later } => self.step(id, later),
            PaneWish::Close => {
                if let Some(mut pane) = self.take_pane(id) {
                    pane.empty(actions);
                }
            }
        }
        None
    }

    /// Adds a plot beside another and makes it the one that new series go to.
    pub fn add_pane(&mut self, at: PlotId, beside: Edge, id: PlotId, pane: PlotPane) {
        self.panes.insert(id, pane);
        self.active = id;
        self.show_time(self.time);
        let tiles = &mut self.tree.tiles;
        let new = tiles.insert_pane(id);
        let (dir, is_before) = match beside {
            Edge::Left => (LinearDir::Horizontal, true),
            Edge::Right => (LinearDir::Horizontal, false),
            Edge::Above => (LinearDir::Vertical, true),
            Edge::Below => (LinearDir::Vertical, false),
        };
        let Some(old) = tiles.find_pane(&at) else {
            let root = self.tree.root();
            let root = self.tree.tiles.insert_horizontal_tile(root.into_iter().chain([new]).collect());
            self.set_root(root);
            return;
        };
        let parent = tiles.parent_of(old);
        if let Some(Tile::Container(Container::Linear(linear))) =
            parent.and_then(|parent| tiles.get_mut(parent))
            && linear.dir == dir
        {
            let place = linear.children.iter().position(|child| *child == old).unwrap_or_default();
            linear.children.insert(place + usize::from(!is_before), new);
            return;
        }
        let both = if is_before { vec![new, old] } else { vec![old, new] };
        let container = tiles.insert_container(Linear::new(dir, both));
        match parent.and_then(|parent| tiles.get_mut(parent)) {
            Some(Tile::Container(parent)) => {
                if let Container::Linear(linear) = parent {
                    linear.shares.replace_with(old, container);
                }
                // `replace_child` would look for what is inside of the new container now.
                replace(parent, old, container);
            }
            _ => self.set_root(container),
        }
    }

    fn set_root(&mut self, root: TileId) {
        self.tree = Tree::new(self.tree.id(), root, std::mem::take(&mut self.tree.tiles));
    }

    /// Takes a plot from the page; the last one leaves an empty one behind.
    pub fn take_pane(&mut self, id: PlotId) -> Option<PlotPane> {
        if self.panes.len() <= 1 {
            let left = self.panes.get_mut(&id)?;
            let taken = std::mem::take(left);
            left.plot.viewport.take(self.time, None);
            return Some(taken);
        }
        let taken = self.panes.remove(&id);
        if let Some(tile) = self.tree.tiles.find_pane(&id) {
            self.tree.remove_recursively(tile);
        }
        if self.active == id {
            self.active = self.panes.keys().next().copied().unwrap_or_default();
        }
        taken
    }

    /// Takes a plot from elsewhere in place of the only one, which is empty.
    pub fn take_in(&mut self, pane: PlotPane) {
        if !pane.own_time {
            self.time = pane.plot.viewport.choice();
        }
        self.panes.insert(self.active, pane);
    }

    /// The row or column that a plot stands in, and its tile.
    fn linear_of(&mut self, id: PlotId) -> Option<(TileId, &mut Linear)> {
        let tile = self.tree.tiles.find_pane(&id)?;
        let parent = self.tree.tiles.parent_of(tile)?;
        match self.tree.tiles.get_mut(parent)? {
            Tile::Container(Container::Linear(linear)) => Some((tile, linear)),
            Tile::Container(Container::Tabs(_) | Container::Grid(_)) | Tile::Pane(_) => None,
        }
    }

    fn grow(&mut self, id: PlotId, factor: f32) {
        if let Some((tile, linear)) = self.linear_of(id) {
            let share = share_of(linear, tile);
            linear.shares.set_share(tile, (share * factor).clamp(0.05, 50.0));
        }
    }

    fn step(&mut self, id: PlotId, later: bool) {
        if let Some((tile, linear)) = self.linear_of(id) {
            let place = linear.children.iter().position(|child| *child == tile).unwrap_or_default();
            let other = if later { place + 1 } else { place.wrapping_sub(1) };
            if other < linear.children.len() {
                linear.children.swap(place, other);
            }
        }
    }
}

fn share_of(linear: &Linear, tile: TileId) -> f32 {
    linear.shares.iter().find(|(id, _)| **id == tile).map_or(1.0, |(_, share)| *share)
}

fn replace(parent: &mut Container, old: TileId, new: TileId) {
    match parent {
        Container::Linear(linear) => {
            for child in linear.children.iter_mut().filter(|child| **child == old) {
                *child = new;
            }
        }
        Container::Tabs(_) | Container::Grid(_) => drop(parent.replace_child(old, new)),
    }
}

/// Makes tiles of a saved layout; takes the plots that it places out of `left`.
fn arrange(
    layout: &Split,
    ids: &[PlotId],
    tiles: &mut Tiles<PlotId>,
    left: &mut Vec<PlotId>,
) -> Option<TileId> {
    let (dir, list) = match layout {
        Split::Plot(number) => {
            let place = left.iter().position(|id| ids.get(*number) == Some(id))?;
            return Some(tiles.insert_pane(left.remove(place)));
        }
        Split::Row { row } => (LinearDir::Horizontal, row),
        Split::Column { column } => (LinearDir::Vertical, column),
    };
    let parts: Vec<_> =
        list.iter().filter_map(|part| Some((arrange(&part.part, ids, tiles, left)?, part.size))).collect();
    if parts.is_empty() {
        return None;
    }
    let mut linear = Linear::new(dir, parts.iter().map(|(id, _)| *id).collect());
    for (id, size) in parts {
        linear.shares.set_share(id, size);
    }
    Some(tiles.insert_container(linear))
}

/// The layout to keep; plots are numbered in the order of `order`.
fn split(tiles: &Tiles<PlotId>, tile: TileId, order: &mut Vec<PlotId>) -> Option<Split> {
    match tiles.get(tile)? {
        Tile::Pane(id) => {
            order.push(*id);
            Some(Split::Plot(order.len() - 1))
        }
        Tile::Container(container) => {
            let size = |child: TileId| match container {
                Container::Linear(linear) => share_of(linear, child),
                Container::Tabs(_) | Container::Grid(_) => 1.0,
            };
            let parts: Vec<SplitPart> = container
                .children()
                .filter_map(|child| {
                    Some(SplitPart { size: rounded(size(*child)), part: split(tiles, *child, order)? })
                })
                .collect();
            let is_column =
                matches!(container, Container::Linear(linear) if linear.dir == LinearDir::Vertical);
            Some(if is_column { Split::Column { column: parts } } else { Split::Row { row: parts } })
        }
    }
}

/// A size as it is kept: to a thousandth, so that the file reads well.
fn rounded(size: f32) -> f32 {
    ((size * 1_000.0).round() / 1_000.0).max(0.001)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Limits;
    use crate::store::plots::PlotSpec;

    fn titled(title: &str) -> PlotPane {
        PlotPane { title: title.to_owned(), ..PlotPane::default() }
    }

    fn kept(page: &Page) -> PlotPage {
        page.kept(&Model::new(Limits::default()))
    }

    fn titles(page: &Page) -> Vec<String> {
        kept(page).plots.into_iter().map(|plot| plot.title).collect()
    }

    fn page_of(titles: &[&str]) -> Page {
        let plot = |title: &&str| PlotSpec { title: (*title).to_owned(), ..PlotSpec::default() };
        let plots = titles.iter().map(plot).collect();
        Page::of(&PlotPage { plots, ..PlotPage::default() }, &mut 0)
    }

    #[test]
    fn plots_are_added_on_any_side_and_kept_in_their_order() {
        let mut page = page_of(&["a"]);
        let a = page.active;
        let [b, c, d] = [11, 12, 13].map(PlotId);
        page.add_pane(a, Edge::Right, b, titled("b"));
        page.add_pane(b, Edge::Below, c, titled("c"));
        page.add_pane(a, Edge::Left, d, titled("d"));
        assert_eq!(titles(&page), ["d", "a", "b", "c"]);
        assert_eq!(page.active, d);
        let again = Page::of(&kept(&page), &mut 0);
        assert_eq!(kept(&again), kept(&page));
        page.take_pane(b);
        assert_eq!(titles(&page), ["d", "a", "c"]);
    }

    #[test]
    fn the_last_plot_of_a_page_becomes_empty_instead_of_going() {
        let mut page = page_of(&["a"]);
        let taken = page.take_pane(page.active);
        assert_eq!(taken.map(|pane| pane.title), Some("a".to_owned()));
        assert_eq!(titles(&page), [""]);
    }

    #[test]
    fn a_plot_grows_and_moves_within_its_row() {
        let mut page = page_of(&["a", "b", "c"]);
        let a = page.active;
        page.grow(a, 2.0);
        page.step(a, true);
        assert_eq!(titles(&page), ["b", "a", "c"]);
        let Some(Split::Row { row }) = kept(&page).layout else { panic!("a row") };
        assert_eq!(row.iter().map(|part| part.size).collect::<Vec<_>>(), [1.0, 2.0, 1.0]);
        page.step(a, true);
        page.step(a, true);
        assert_eq!(titles(&page), ["b", "c", "a"], "at the end it stays");
    }

    #[test]
    fn a_layout_that_names_no_plots_or_too_many_still_shows_all() {
        let part = |number| SplitPart { size: 1.0, part: Split::Plot(number) };
        let layout = Some(Split::Row { row: vec![part(7), part(0), part(0)] });
        let plots = vec![PlotSpec::default(), PlotSpec::default()];
        let page = Page::of(&PlotPage { layout, plots, ..PlotPage::default() }, &mut 0);
        assert_eq!(kept(&page).plots.len(), 2);
    }

    #[test]
    fn plots_of_a_page_share_their_time_and_go_back_together() {
        use crate::panels::plots::viewport::Range;

        let mut page = page_of(&["a", "b", "own"]);
        let ids: Vec<_> = page.panes.keys().copied().collect();
        page.carry_out(ids[2], PaneWish::OwnTime, &mut Actions::default());
        let time = |page: &Page, index: usize| page.panes[&ids[index]].plot.viewport.choice().time;
        let pan = |page: &mut Page, index: usize, to: f64, at: f64| {
            let view = &mut page.panes.get_mut(&ids[index]).unwrap().plot.viewport;
            view.note(at);
            view.show_time(Range::new(0.0, to));
            page.share_time(at);
        };
        pan(&mut page, 0, 10.0, 1.0);
        assert_eq!(time(&page, 1), Some(Range::new(0.0, 10.0)));
        assert_eq!(time(&page, 2), None);
        pan(&mut page, 1, 20.0, 5.0);
        assert_eq!(time(&page, 0), Some(Range::new(0.0, 20.0)));
        pan(&mut page, 2, 99.0, 9.0);
        assert_eq!(time(&page, 0), Some(Range::new(0.0, 20.0)));
        for (index, expected) in [(0, Some(Range::new(0.0, 10.0))), (1, None)] {
            page.panes.get_mut(&ids[index]).unwrap().plot.viewport.back();
            page.share_time(12.0);
            assert_eq!([time(&page, 0), time(&page, 1)], [expected, expected]);
        }
    }
}
