//! The list of hosts, edge nodes with their devices, and versions that are not known.

use eframe::egui::{Color32, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2};

use crate::model::NodeId;
use crate::payload::visible_line;
use crate::query::sparkplug::{Life, NodeKey, Plant, Presence};
use crate::ui::tokens::{RING, Tokens, size, tokens};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::virtual_list::{ListPlace, ScrollTo, VirtualList};
use crate::ui::{icons, language, theme};
use crate::words::{Label, format, sparkplug as words};

const ROW_HEIGHT: f32 = 24.0;

/// What a row of the list stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A host application.
    Host(String),
    /// An edge node.
    Node(NodeKey),
    /// A device of an edge node.
    Device(NodeKey, String),
    /// A version of the specification that is not known.
    Unknown(String),
}

/// The list, and what is chosen in it.
#[derive(Debug, Default)]
pub(super) struct PlacesView {
    rows: Vec<Place>,
    /// The state of the plant that the rows were made from.
    made_from: Option<(u64, usize)>,
    chosen: Option<Place>,
    /// A topic whose edge node or device is to be chosen.
    pub awaited: Option<NodeId>,
    at: ListPlace,
    reveals: bool,
}

impl PlacesView {
    /// What is chosen.
    pub fn chosen(&self) -> Option<&Place> {
        self.chosen.as_ref()
    }

    /// Chooses a row and brings it into view.
    pub fn choose(&mut self, place: Place) {
        self.reveals = self.chosen.as_ref() != Some(&place);
        self.chosen = Some(place);
    }

    /// Makes the rows anew if there are others.
    pub fn refresh(&mut self, plant: &Plant) {
        let state = (plant.version(), plant.unknown().count());
        if self.made_from == Some(state) {
            return;
        }
        self.made_from = Some(state);
        self.rows = plant.hosts().map(|(name, _)| Place::Host(name.to_owned())).collect();
        for (key, node) in plant.nodes() {
            self.rows.push(Place::Node(key.clone()));
            self.rows.extend(node.devices.keys().map(|device| Place::Device(key.clone(), device.clone())));
        }
        self.rows.extend(plant.unknown().map(|(version, _)| Place::Unknown(version.to_owned())));
        if self.chosen.as_ref().is_none_or(|chosen| !self.rows.contains(chosen)) {
            let first = self.rows.iter().find(|row| matches!(row, Place::Node(_)));
            self.chosen = first.or(self.rows.first()).cloned();
        }
    }

    /// Draws the list.
    pub fn show(&mut self, ui: &mut Ui, plant: &Plant) {
        let l = language(ui);
        let Self { rows, chosen, at, reveals, .. } = self;
        let chosen_row = || rows.iter().position(|row| Some(row) == chosen.as_ref());
        let scroll_to = std::mem::take(reveals).then(chosen_row).flatten();
        let list = VirtualList {
            name: words::PLANT.of(l),
            rows: rows.len() as u64,
            row_height: ROW_HEIGHT,
            scroll_to: scroll_to.map(|row| ScrollTo::Reveal(row as u64)),
        };
        let mut clicked = None;
        list.show(ui, at, |ui, row, rect| {
            if let Some(place) = rows.get(row as usize)
                && show_row(ui, rect, row, place, chosen.as_ref() == Some(place), plant)
            {
                clicked = Some(place.clone());
            }
        });
        if clicked.is_some() {
            self.chosen = clicked;
        }
    }
}

/// What a row shows.
struct Shown {
    name: String,
    state: Label,
    mark: &'static str,
    color: Color32,
    /// How often something went wrong.
    faults: u64,
    indent: f32,
}

fn shown(place: &Place, plant: &Plant, t: &Tokens, ui: &Ui) -> Option<Shown> {
    let l = language(ui);
    let of_life = |name: String, life: &Life, indent: f32| {
        let (mark, color) = mark(Some(life.presence), t);
        let faults = life.faults.values().map(|noted| noted.count).sum();
        Shown { name, state: words::presence(life.presence), mark, color, faults, indent }
    };
    Some(match place {
        Place::Host(name) => {
            let (_, host) = plant.hosts().find(|(known, _)| known == name)?;
            let presence = host.is_online.map(|is| if is { Presence::Online } else { Presence::Offline });
            let (mark, color) = mark(presence, t);
            let name = words::host(&visible_line(name), l);
            Shown { name, state: words::host_presence(host), mark, color, faults: 0, indent: 0.0 }
        }
        Place::Node(key) => {
            let name = std::format!("{} / {}", visible_line(&key.group), visible_line(&key.node));
            of_life(name, &plant.node(key)?.life, 0.0)
        }
        Place::Device(key, device) => {
            let life = &plant.node(key)?.devices.get(device)?.life;
            of_life(visible_line(device).into_owned(), life, size::INDENT)
        }
        Place::Unknown(version) => Shown {
            name: words::unknown(&visible_line(version), l),
            state: words::presence(Presence::Unknown),
            mark: icons::WARNING,
            color: t.warn,
            faults: 0,
            indent: 0.0,
        },
    })
}

/// The mark of a state: by its shape and its colour.
pub(super) fn mark(presence: Option<Presence>, t: &Tokens) -> (&'static str, Color32) {
    match presence {
        Some(Presence::Online) => (icons::CHECK_CIRCLE, t.ok),
        Some(Presence::Offline) => (icons::X_CIRCLE, t.error),
        Some(Presence::Unknown) | None => (icons::CIRCLE_DASHED, t.text_muted),
    }
}

fn show_row(ui: &mut Ui, rect: Rect, row: u64, place: &Place, is_chosen: bool, plant: &Plant) -> bool {
    let (t, l) = (tokens(ui), language(ui));
    let Some(shown) = shown(place, plant, t, ui) else { return false };
    let response = ui.interact(rect, ui.scope_id().with(row), Sense::click());
    let said = words::place_row(&shown.name, shown.state, l);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &*said));
    if is_chosen {
        ui.painter().rect_filled(rect, 0.0, t.selection);
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
    if response.has_focus() {
        let ring = Stroke::new(RING, t.accent);
        ui.painter().rect_stroke(rect.shrink(1.0), size::RADIUS, ring, StrokeKind::Inside);
    }
    let (left, middle) = (rect.left() + size::PADDING + shown.indent, rect.center().y);
    let mark = one_line(ui, shown.mark, theme::icon_font(), shown.color, size::ICON * 2.0);
    paint_line(ui, pos2(left, middle), mark, shown.color);
    let mut right = rect.right() - size::PADDING;
    if shown.faults > 0 {
        let galley = one_line(ui, &format::count(shown.faults), theme::small_font(), t.warn, 60.0);
        right -= galley.size().x;
        paint_line(ui, pos2(right, middle), galley, t.warn);
        right -= 4.0;
        let galley = one_line(ui, icons::WARNING, theme::icon_font(), t.warn, 20.0);
        right -= galley.size().x;
        paint_line(ui, pos2(right, middle), galley, t.warn);
    }
    let left = left + size::ICON + 6.0;
    let galley = one_line(ui, &shown.name, theme::mono_small_font(), t.text, right - left - 4.0);
    let is_cut = galley.elided;
    paint_line(ui, pos2(left, middle), galley, t.text);
    let clicked = response.clicked();
    if is_cut {
        response.on_hover_text(said);
    }
    clicked
}
