//! The chip above the rows that says which part of the tree is shown alone, with a button that returns to the whole
//! tree.

use eframe::egui::{Align, Layout, Rect, RichText, Sense, Stroke, Ui, UiBuilder, vec2};

use crate::command::{Actions, Command};
use crate::model::NodeId;
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::icon_button;
use crate::ui::{icons, language, theme};
use crate::words::topics as words;

const HEIGHT: f32 = 28.0;
/// How many bytes of a topic are considered: more than a line has room for.
const TOPIC_BYTES_MAX: usize = 1_024;

/// Draws the scope's chip over the whole width.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, scope: NodeId, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect_filled(rect, 0.0, t.selection);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));

    let inside = Rect::from_min_max(rect.min + vec2(size::PADDING, 0.0), rect.max - vec2(4.0, 0.0));
    let mut right = ui.new_child(
        UiBuilder::new().id_salt("scope").max_rect(inside).layout(Layout::right_to_left(Align::Center)),
    );
    let help = Command::ShowAll.tooltip(right.ctx());
    if icon_button(&mut right, icons::X, Command::ShowAll.label(l), &help).clicked() {
        actions.run(Command::ShowAll);
    }
    let topics =
        scene.model.node(scope).map_or(0, |node| node.topics_below + u32::from(node.topic.is_some()));
    let count = RichText::new(words::topic_count(u64::from(topics), l)).font(theme::small_font());
    right.label(count.color(t.text_muted));

    right.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new(icons::EYE).font(theme::icon_font()).color(t.accent));
        let mut bytes = scene.model.topic_bytes(scope);
        bytes.truncate(TOPIC_BYTES_MAX);
        let topic = String::from_utf8_lossy(&bytes).into_owned();
        let text = RichText::new(visible_line(&topic)).font(theme::mono_font()).color(t.text);
        let label = ui.add(eframe::egui::Label::new(text).truncate());
        label.widget_info(|| {
            eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, words::only(&topic, l))
        });
    });
}
