//! A number that is dragged onto a plot: what carries it, and how it looks on the way.
//!
//! The tree and the inspector let numbers be dragged, the plots take them; none of them knows another.

use eframe::egui::{Area, Context, DragAndDrop, Frame, Id, Order, Response, RichText, vec2};

use crate::command::Plottable;
use crate::model::NodeId;
use crate::panels::scene::Scene;
use crate::payload::query::{JsonPath, Segment, number_of};
use crate::payload::visible_line;
use crate::ui::theme;

/// The most numbers of a payload that are dragged with its topic.
const NUMBERS_MAX: usize = 8;
/// Larger payloads are not looked through for numbers.
const BYTES_MAX: usize = 256 << 10;

/// Lets numbers be dragged by the widget of `response`, which must sense drags.
pub fn offer(response: &Response, dragged: impl FnOnce() -> Option<Dragged>) {
    if response.drag_started()
        && let Some(dragged) = dragged()
    {
        response.dnd_set_drag_payload(dragged);
    }
}

/// Numbers on their way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dragged {
    /// The numbers.
    pub numbers: Vec<Plottable>,
    /// What is shown beside the pointer.
    pub name: String,
}

impl Dragged {
    /// The number at a path in the payloads of a topic.
    pub fn number(scene: &Scene<'_>, node: NodeId, path: Option<JsonPath>) -> Self {
        let topic = scene.model.topic_bytes(node);
        let topic = visible_line(&String::from_utf8_lossy(&topic)).into_owned();
        let name = match &path {
            Some(path) => format!("{topic} · {path}"),
            None => topic,
        };
        Self { numbers: vec![Plottable { node, path }], name }
    }

    /// What a topic's newest payload is or, if that is an object, has on its first level; `None` if there is no number.
    pub fn topic(scene: &Scene<'_>, node: NodeId) -> Option<Self> {
        let newest = scene.model.node(node)?.topic?.newest;
        let payload = newest.payload();
        if number_of(payload).is_some() {
            return Some(Self::number(scene, node, None));
        }
        let value = serde_json::from_slice::<serde_json::Value>(payload.get(..BYTES_MAX).unwrap_or(payload));
        let is_number = |value: &serde_json::Value| value.is_number() || value.is_boolean();
        let numbers: Vec<_> = value
            .ok()?
            .as_object()?
            .iter()
            .filter(|(_, value)| is_number(value))
            .take(NUMBERS_MAX)
            .map(|(key, _)| Plottable { node, path: Some([Segment::Key(key.clone())].into_iter().collect()) })
            .collect();
        (!numbers.is_empty()).then(|| Self { numbers, ..Self::number(scene, node, None) })
    }
}

/// What is dragged, if it is a number.
pub fn dragged(ctx: &Context) -> Option<Dragged> {
    DragAndDrop::payload::<Dragged>(ctx).map(|dragged| (*dragged).clone())
}

/// Takes what is dragged.
pub fn take(ctx: &Context) -> Option<Dragged> {
    DragAndDrop::take_payload::<Dragged>(ctx).map(|dragged| (*dragged).clone())
}

/// Draws what is dragged beside the pointer. Called once a frame.
pub fn show(ctx: &Context) {
    let Some(dragged) = dragged(ctx) else { return };
    let Some(pointer) = ctx.pointer_interact_pos() else { return };
    let area = Area::new(Id::unique("dragged number")).order(Order::Tooltip).interactable(false);
    area.fixed_pos(pointer + vec2(14.0, 8.0)).show(ctx, |ui| {
        Frame::popup(ui.style()).show(ui, |ui| {
            ui.label(RichText::new(&dragged.name).font(theme::mono_small_font()));
        });
    });
}
