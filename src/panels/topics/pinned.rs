//! The pinned topics above the tree: each with its newest value and its age, selected with one click.

use eframe::egui::{
    Align, Align2, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo,
    accesskit, pos2, vec2,
};
use rustc_hash::FxHashMap;

use crate::command::{Action, Actions, TopicAction};
use crate::model::{MessageId, NodeId, TopicInfo};
use crate::panels::scene::Scene;
use crate::panels::topics::row_height;
use crate::payload::visible_line;
use crate::query::{Readings, Rules};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{ListPlace, VirtualList, paint_galley, split_right};
use crate::ui::{icons, language, theme};
use crate::words::{Language, clipboard, format, payload, topics as words};

/// With more topics than this, the list scrolls.
const ROWS_MAX: usize = 8;
const ICON_WIDTH: f32 = 20.0;
const AGE_WIDTH: f32 = 44.0;
const BUTTON_WIDTH: f32 = 24.0;
/// The topic's greatest share of the room for topic and value.
const TOPIC_SHARE: f32 = 0.6;
/// The longest preview, in characters.
const PREVIEW_CHARS: usize = 160;

/// What the list keeps between frames.
#[derive(Debug, Default)]
pub struct PinnedView {
    place: ListPlace,
    values: FxHashMap<NodeId, (MessageId, Language, String)>,
    readings: Readings,
    /// The rules that the values were written by.
    rules: Rules,
}

/// A pinned topic in one frame.
struct Pin<'a> {
    name: &'a str,
    node: Option<NodeId>,
    topic: Option<TopicInfo<'a>>,
    value: String,
    age: String,
}

impl PinnedView {
    /// Draws the list if anything is pinned.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        if scene.pinned.is_empty() {
            return;
        }
        let (t, l) = (tokens(ui), language(ui));
        let height = row_height(scene.settings.density);
        let rows = scene.pinned.len().min(ROWS_MAX);
        let size = vec2(ui.available_width(), rows as f32 * height + 4.0);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
        let group = UiBuilder::new()
            .id_salt("pinned")
            .max_rect(rect.with_max_y(rect.bottom() - 4.0))
            .accessibility_role(accesskit::Role::List)
            .accessibility_label(words::PINNED.of(l));
        let mut inside = ui.new_child(group);
        let mut place = self.place;
        let list = VirtualList {
            name: words::PINNED.of(l),
            rows: scene.pinned.len() as u64,
            row_height: height,
            scroll_to: None,
        };
        list.show(&mut inside, &mut place, |ui, number, rect| {
            if let Some(name) = scene.pinned.get(number as usize) {
                let pin = self.pin(name, scene, l);
                row(ui, rect, &pin, scene, actions);
            }
        });
        self.place = place;
    }

    fn pin<'a>(&mut self, name: &'a str, scene: &Scene<'a>, l: Language) -> Pin<'a> {
        let node = scene.model.find(name.as_bytes());
        let topic = node.and_then(|node| scene.model.node(node)?.topic);
        let Some((node, newest)) = node.zip(topic.as_ref().map(|topic| topic.newest)) else {
            let value = words::WAITING.of(l).to_owned();
            return Pin { name, node, topic: None, value, age: String::new() };
        };
        if self.rules != *scene.rules {
            self.rules = scene.rules.clone();
            self.values.clear();
        }
        let mut fresh = || {
            let choice = self.readings.choice_of(scene.model, scene.rules, &newest);
            (newest.id(), l, payload::preview(newest.payload(), choice.as_ref(), PREVIEW_CHARS, l))
        };
        let is_current = |kept: &&mut (MessageId, Language, String)| (kept.0, kept.1) == (newest.id(), l);
        let kept = match self.values.get_mut(&node).filter(is_current) {
            Some(kept) => kept,
            None => self.values.entry(node).insert_entry(fresh()).into_mut(),
        };
        let age = format::age(newest.arrived(), scene.now, l);
        Pin { name, node: Some(node), topic, value: kept.2.clone(), age }
    }
}

fn row(ui: &Ui, rect: Rect, pin: &Pin<'_>, scene: &Scene<'_>, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let id = ui.unique_id().with(("pin", pin.name));
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, pin.name));
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_description(if pin.age.is_empty() {
            pin.value.clone()
        } else {
            [pin.value.as_str(), pin.age.as_str()].join(", ")
        });
    });
    if pin.node.is_some() && scene.selected == pin.node {
        ui.painter().rect_filled(rect, 0.0, t.selection);
    } else if response.hovered() || context_menu::is_open(&response) {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
    if response.has_focus() {
        ui.painter().rect_stroke(rect, 2.0, Stroke::new(1.5, t.accent), StrokeKind::Inside);
    }
    let icon = pos2(rect.left() + size::PADDING + 6.0, rect.center().y);
    let font = FontId::new(12.0, theme::icon_font().family);
    ui.painter().text(icon, Align2::CENTER_CENTER, icons::BOOKMARK_SIMPLE, font, t.text_muted);

    let body = rect.with_min_x(rect.left() + size::PADDING + ICON_WIDTH);
    let (body, button) = split_right(body, BUTTON_WIDTH);
    let (body, age) = split_right(body, AGE_WIDTH);
    let galley = ui.painter().layout_no_wrap(pin.age.clone(), theme::mono_small_font(), t.text_muted);
    paint_galley(ui, age, Align::Max, galley, t.text_muted);
    let room = (body.width() - 24.0).max(0.0);
    let name = end_of_topic(ui, &visible_line(pin.name), &theme::mono_font(), t.text, room * TOPIC_SHARE);
    let left = body.left() + name.size().x + size::GROUP;
    paint_galley(ui, body, Align::Min, name, t.text);
    let (font, color) =
        if pin.topic.is_some() { (theme::mono_font(), t.text) } else { (theme::small_font(), t.text_muted) };
    let value = one_line(ui, &pin.value, font, color, (body.right() - size::GROUP - left).max(0.0));
    paint_line(ui, pos2(left, body.center().y), value, color);

    if unpin_button(ui, &response, button) {
        actions.push(TopicAction::Unpin(pin.name.to_owned()));
    } else if response.clicked()
        && let Some(node) = pin.node
    {
        actions.push(TopicAction::Select(node));
    }
    menu(&response, pin, l, actions);
}

fn menu(response: &Response, pin: &Pin<'_>, l: Language, actions: &mut Actions) {
    context_menu::show(response, response.id, response.has_focus(), |menu| {
        let waits = pin.topic.is_none().then_some(words::NO_VALUE.of(l));
        if menu.item(&Item::new(icons::COPY, words::COPY_TOPIC.of(l))) {
            actions.push(Action::Copy { what: clipboard::TOPIC, text: pin.name.to_owned() });
        }
        if menu.item(&Item::new(icons::COPY, words::COPY_PAYLOAD.of(l)).unless(waits))
            && let Some(topic) = &pin.topic
        {
            let text = String::from_utf8_lossy(topic.newest.payload()).into_owned();
            actions.push(Action::Copy { what: clipboard::PAYLOAD, text });
        }
        menu.separator();
        if menu.item(&Item::new(icons::X, words::UNPIN.of(l))) {
            actions.push(TopicAction::Unpin(pin.name.to_owned()));
        }
    });
}

fn unpin_button(ui: &Ui, row: &Response, rect: Rect) -> bool {
    let (t, name) = (tokens(ui), words::UNPIN.of(language(ui)));
    let response = ui.interact(rect.shrink(1.0), row.id.with("unpin"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect.shrink(1.0), size::RADIUS, t.surface_3);
    }
    if response.hovered() || response.has_focus() || row.hovered() {
        let font = FontId::new(12.0, theme::icon_font().family);
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, icons::X, font, t.text_muted);
    }
    response.on_hover_text(name).clicked()
}
