//! Links between a request and its responses (MQTT 5.0, 4.10), below the message's properties.

use eframe::egui::{self, Context, Layout, RichText, Role, Ui, WidgetInfo, vec2};

use crate::command::{Actions, TopicAction};
use crate::message::Timestamp;
use crate::model::MessageId;
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::query::{Counterpart, ExchangeSearch};
use crate::ui::tokens::{size, tokens};
use crate::ui::{language, theme};
use crate::words::{Label, format, request as words};

/// How many messages are looked at in a frame: a tenth of a millisecond.
const MESSAGES_PER_FRAME: usize = 2_000;
/// Width of the names.
const NAME_WIDTH: f32 = 136.0;

/// The search for what belongs to the message that shows.
#[derive(Debug, Default)]
pub struct ExchangeView {
    of: Option<MessageId>,
    search: Option<ExchangeSearch>,
    is_looking: bool,
}

impl ExchangeView {
    /// Looks on, a bounded number of messages at a time.
    pub fn follow(&mut self, ctx: &Context, scene: &Scene<'_>, message: &InspectedMessage) {
        if self.of != Some(message.id) {
            self.of = Some(message.id);
            self.search = ExchangeSearch::of(scene.model, message.id, message.properties.as_deref());
        }
        let Some(search) = &mut self.search else { return };
        self.is_looking = search.step(scene.model, MESSAGES_PER_FRAME);
        if self.is_looking {
            ctx.request_repaint();
        }
    }

    /// Draws the links, if the message is a request or a response.
    pub fn show(&self, ui: &mut Ui, message: &InspectedMessage, scene: &Scene<'_>, actions: &mut Actions) {
        let Some(search) = self.search.as_ref().filter(|search| search.message() == message.id) else {
            return;
        };
        let l = language(ui);
        let time = scene.settings.time_format;
        if search.is_request() {
            let link = |found: &Counterpart| {
                let after = apart(message.arrived, found.arrived);
                (words::response_link(&format::time(found.arrived, time), &after, l), *found)
            };
            let links: Vec<_> = search.responses().iter().map(link).collect();
            line(ui, words::RESPONSES, &links, words::NONE_YET, actions);
        } else if let Some(found) = search.request() {
            let topic = scene.model.topic_bytes(found.id.node());
            let topic = visible_line(&String::from_utf8_lossy(&topic)).into_owned();
            let text = words::request_link(&topic, &apart(found.arrived, message.arrived), l);
            line(ui, words::REQUEST, &[(text, found)], words::NOT_HELD, actions);
        } else {
            let none = if self.is_looking { words::LOOKING } else { words::NOT_HELD };
            line(ui, words::REQUEST, &[], none, actions);
        }
    }
}

fn apart(first: Timestamp, second: Timestamp) -> String {
    format::duration(std::time::Duration::from_secs_f64(second.seconds_since(first).max(0.0)))
}

fn line(ui: &mut Ui, name: Label, links: &[(String, Counterpart)], none: Label, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    ui.horizontal_top(|ui| {
        ui.add_space(size::PADDING);
        ui.spacing_mut().item_spacing.x = size::PADDING;
        let label = RichText::new(name.of(l)).font(theme::small_font()).color(t.text_muted);
        ui.allocate_ui_with_layout(vec2(NAME_WIDTH, 16.0), Layout::left_to_right(egui::Align::Min), |ui| {
            ui.set_min_width(NAME_WIDTH);
            ui.add(egui::Label::new(label).truncate());
        });
        if links.is_empty() {
            ui.label(RichText::new(none.of(l)).font(theme::small_font()).color(t.text_faint));
            return;
        }
        ui.horizontal_wrapped(|ui| {
            for (text, found) in links {
                let shown = RichText::new(text).font(theme::mono_small_font());
                let link = ui.link(shown);
                link.widget_info(|| WidgetInfo::labeled(Role::Link, true, text));
                if link.clicked() {
                    actions.push(TopicAction::Select(found.id.node()));
                    actions.push(TopicAction::Inspect(Some(found.id)));
                }
            }
        });
    });
}
