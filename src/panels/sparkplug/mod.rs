//! Edge nodes and devices of Sparkplug B: a list of them with their state, and of the chosen one its metrics as they are
//! now, what went wrong, and commands to it.
//!
//! The state is kept by the session (`query::sparkplug`), whether or not this shows.

mod command_form;
mod life_view;
mod places;

use eframe::egui::{Align, Context, Label, Layout, RichText, Stroke, Ui, UiBuilder, vec2};

use crate::command::Actions;
use crate::model::NodeId;
use crate::panels::PanelView;
use crate::panels::scene::Scene;
use crate::panels::sparkplug::life_view::LifeView;
use crate::panels::sparkplug::places::{Place, PlacesView};
use crate::query::sparkplug::Plant;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::empty;
use crate::ui::{language, theme};
use crate::words::sparkplug as words;

/// The list's share of the width, and its bounds in points.
const LIST_SHARE: f32 = 0.28;
const LIST_MIN: f32 = 170.0;
const LIST_MAX: f32 = 340.0;

/// The tool of Sparkplug B of one session.
#[derive(Debug, Default)]
pub struct SparkplugView {
    places: PlacesView,
    life: LifeView,
    /// The topic that was selected when the list last followed it.
    followed: Option<NodeId>,
    /// The state at the moment at which the view was paused.
    frozen: Option<Plant>,
    is_empty: bool,
}

impl PanelView for SparkplugView {
    fn tick(&mut self, _: &Context, scene: &Scene<'_>, _: &mut Actions) {
        self.is_empty = scene.plant.is_empty();
        if !scene.paused {
            self.frozen = None;
        } else if self.frozen.is_none() {
            self.frozen = Some(scene.plant.clone());
        }
    }

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let frozen = self.frozen.take();
        let plant = frozen.as_ref().unwrap_or(scene.plant);
        self.draw(ui, scene, plant, actions);
        self.frozen = frozen;
    }

    fn cleared(&mut self) {
        *self = Self::default();
    }

    fn moves(&self) -> bool {
        !self.is_empty
    }
}

impl SparkplugView {
    /// Chooses the edge node or device of a topic, as soon as it is known.
    pub fn follow(&mut self, topic: NodeId) {
        self.followed = None;
        self.places.awaited = Some(topic);
    }

    fn draw(&mut self, ui: &mut Ui, scene: &Scene<'_>, plant: &Plant, actions: &mut Actions) {
        let l = language(ui);
        if plant.is_empty() {
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
            return;
        }
        self.follow_selection(scene, plant);
        self.places.refresh(plant);
        let all = ui.available_rect_before_wrap();
        let said = if scene.earlier.is_some() { size::PANEL_HEADER } else { 0.0 };
        let (above, room) = all.split_top_bottom_at_y(all.top() + said);
        let width = (room.width() * LIST_SHARE).clamp(LIST_MIN, LIST_MAX).round();
        let middle = room.left() + width;
        let mut list = ui.new_child(UiBuilder::new().id_salt("places").max_rect(room.with_max_x(middle)));
        self.places.show(&mut list, plant);
        ui.painter().vline(middle, room.y_range(), Stroke::new(1.0, tokens(ui).line));
        let beside = room.with_min_x(middle + 1.0);
        let mut beside = ui.new_child(UiBuilder::new().id_salt("chosen").max_rect(beside));
        match self.places.chosen() {
            Some(Place::Node(key)) => self.life.show(&mut beside, scene, plant, (key, None), actions),
            Some(Place::Device(key, device)) => {
                self.life.show(&mut beside, scene, plant, (key, Some(device)), actions);
            }
            Some(Place::Host(name)) => {
                if let Some((_, host)) = plant.hosts().find(|(known, _)| known == name) {
                    let (title, state) = (words::host(name, l), words::host_presence(host));
                    let title = words::place_row(&title, state, l);
                    empty::show(&mut beside, &title, &words::host_help(host, scene.now, l));
                }
            }
            Some(Place::Unknown(version)) => {
                let messages = plant.unknown().find(|(known, _)| known == version).map_or(0, |known| known.1);
                let (title, help) = (words::unknown(version, l), words::unknown_help(version, messages, l));
                empty::show(&mut beside, &title, &help);
            }
            None => {}
        }
        // Last, so that it takes no id from what is always there.
        if scene.earlier.is_some() {
            let layout = Layout::left_to_right(Align::Center);
            let inside = above.shrink2(vec2(size::PADDING, 0.0));
            let mut line = ui.new_child(UiBuilder::new().id_salt("earlier").max_rect(inside).layout(layout));
            let text = RichText::new(words::NOT_REWOUND.of(l)).font(theme::small_font());
            line.add(Label::new(text.color(tokens(ui).text_muted)).truncate());
            ui.painter().hline(above.x_range(), above.bottom() - 0.5, Stroke::new(1.0, tokens(ui).line));
        }
        ui.advance_cursor_after_rect(all);
    }

    /// Chooses the edge node or device of the topic that was just selected in the tree.
    fn follow_selection(&mut self, scene: &Scene<'_>, plant: &Plant) {
        if scene.selected != self.followed {
            self.followed = scene.selected;
            self.places.awaited = scene.selected.or(self.places.awaited);
        }
        let Some(topic) = self.places.awaited else { return };
        if let Some((key, device)) = plant.place_of(&scene.model.topic_bytes(topic)) {
            self.places.awaited = None;
            let device = device
                .filter(|device| plant.node(&key).is_some_and(|node| node.devices.contains_key(device)));
            self.places.choose(match device {
                Some(device) => Place::Device(key, device),
                None => Place::Node(key),
            });
        }
    }
}
