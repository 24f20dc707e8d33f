//! The response that a draft expects: the switch, what it fills in, and the line that shows how the request is going.

use std::time::Duration;

use eframe::egui::{
    Align, Button, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::automation::{RequestPhase, Response};
use crate::command::{Actions, PublishAction, TopicAction};
use crate::model::{MessageId, Model};
use crate::panels::publish::properties::PropertiesForm;
use crate::panels::scene::{RequestRow, Scene};
use crate::payload::visible_line;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::readout;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{Label, request as words};

/// Height of the line with the response.
pub const HEIGHT: f32 = 28.0;
/// Width of the buttons at the end of the line.
const BUTTONS_WIDTH: f32 = 132.0;
/// The most of a response that the line shows.
const PREVIEW_BYTES_MAX: usize = 1_000;
/// How many messages of the response topic are looked through for the response.
const LOOKED_AT_MAX: usize = 10_000;
/// The longest time to wait: a day.
const WITHIN_MAX_S: f64 = 86_400.0;

/// Whether a draft expects a response, and what was filled in for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseForm {
    on: bool,
    /// Seconds to wait.
    pub within: String,
    filled_topic: String,
    filled_data: String,
    asked: Option<u64>,
}

impl Default for ResponseForm {
    fn default() -> Self {
        Self {
            on: false,
            within: "5".to_owned(),
            filled_topic: String::new(),
            filled_data: String::new(),
            asked: None,
        }
    }
}

impl ResponseForm {
    /// Whether a response is expected.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// Turns it on without filling anything in, for a draft that was kept.
    pub fn restore(&mut self, on: bool) {
        self.on = on;
    }

    /// Turns it on and fills in what is empty, or off and clears what was filled in.
    pub fn set(&mut self, on: bool, form: &mut PropertiesForm) {
        self.on = on;
        if on {
            if form.response_topic.is_empty() {
                self.filled_topic = format!("mqttree/response/{:08x}", fastrand::u32(..));
                form.response_topic.clone_from(&self.filled_topic);
            }
            if form.correlation_data.is_empty() {
                self.fill_data(form);
            }
            return;
        }
        if form.response_topic == self.filled_topic {
            form.response_topic.clear();
        }
        if form.correlation_data == self.filled_data {
            form.correlation_data.clear();
        }
    }

    /// Notes the request that was sent. The next one has other correlation data, unless a person chose them.
    pub fn asked(&mut self, request: u64, form: &mut PropertiesForm) {
        self.asked = Some(request);
        if form.correlation_data == self.filled_data {
            self.fill_data(form);
        }
    }

    fn fill_data(&mut self, form: &mut PropertiesForm) {
        self.filled_data = format!("0x{:016x}", fastrand::u64(..));
        form.correlation_data.clone_from(&self.filled_data);
    }

    /// How long to wait, or what is wrong with that.
    pub fn within(&self) -> Result<Duration, Label> {
        let seconds: f64 = self.within.trim().parse().map_err(|_| words::BAD_WITHIN)?;
        if (0.001..=WITHIN_MAX_S).contains(&seconds) {
            Ok(Duration::from_secs_f64(seconds))
        } else {
            Err(words::BAD_WITHIN)
        }
    }

    /// Draws the switch. Returns whether it was turned on.
    pub fn switch(&mut self, ui: &mut Ui, speaks_5: bool, form: &mut PropertiesForm) -> bool {
        let l = language(ui);
        let mut on = self.on && speaks_5;
        let changed = ui.add_enabled_ui(speaks_5, |ui| {
            let check = check_box(ui, &mut on, words::EXPECT.of(l));
            check
                .on_hover_text(words::EXPECT_HELP.of(l))
                .on_disabled_hover_text(words::NEEDS_MQTT_5.of(l))
                .changed()
        });
        if changed.inner {
            self.set(on, form);
        }
        changed.inner && on
    }

    /// The request that was sent last, if it is still known.
    pub fn request<'a>(&self, scene: &Scene<'a>) -> Option<&'a RequestRow> {
        scene.requests.iter().find(|row| Some(row.id) == self.asked)
    }

    /// Draws how the request is going.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        row: &RequestRow,
        scene: &Scene<'_>,
        actions: &mut Actions,
    ) {
        let (t, l) = (tokens(ui), language(ui));
        let (icon, color) = match &row.state.phase {
            RequestPhase::Connecting | RequestPhase::Waiting => (icons::CIRCLE_DASHED, t.text_muted),
            RequestPhase::Answered(response) if response.is_correlated => (icons::CHECK_CIRCLE, t.ok),
            RequestPhase::Answered(_) | RequestPhase::TimedOut => (icons::WARNING, t.warn),
            RequestPhase::Stopped => (icons::X_CIRCLE, t.text_muted),
            RequestPhase::Failed(_) => (icons::X_CIRCLE, t.error),
        };
        let center = rect.center().y;
        let icon = one_line(ui, icon, theme::icon_font(), color, 20.0);
        paint_line(ui, pos2(rect.left(), center), icon, color);
        let inner = rect.with_min_x(rect.left() + 22.0).with_max_x(rect.right() - BUTTONS_WIDTH);
        let state = words::state(&row.state, row.within, l);
        let color = if matches!(row.state.phase, RequestPhase::Failed(_)) { t.error } else { t.text_muted };
        let line = one_line(ui, &state, theme::small_font(), color, inner.width());
        let left = inner.left() + line.size().x + size::GROUP;
        paint_line(ui, pos2(inner.left(), center), line, color);
        let answer = match &row.state.phase {
            RequestPhase::Answered(response) => Some(&**response),
            _ => None,
        };
        let payload = answer.map(preview);
        if let Some(payload) = &payload {
            let room = (inner.right() - left).max(0.0);
            let line = one_line(ui, payload, theme::mono_small_font(), t.text, room);
            paint_line(ui, pos2(left, center), line, t.text);
        }
        let whole = payload.map_or_else(|| state.clone(), |payload| format!("{state}\n{payload}"));
        let id = ui.scope_id().with("response line");
        let response = ui.interact(inner, id, Sense::hover());
        readout(ui, &response, words::RESPONSE.of(l), &whole);
        response.on_hover_text(&whole);
        let buttons = rect.with_min_x(rect.right() - BUTTONS_WIDTH);
        let layout = Layout::right_to_left(Align::Center);
        let mut child =
            ui.new_child(UiBuilder::new().id_salt("response buttons").max_rect(buttons).layout(layout));
        let name = words::DISMISS.of(l);
        if icon_button(&mut child, icons::X, name, name).clicked() {
            self.asked = None;
            actions.push(PublishAction::StopRequest(row.id));
        }
        if row.state.phase.is_active() {
            if named_button(&mut child, words::STOP_WAITING, words::STOP_WAITING, true).clicked() {
                actions.push(PublishAction::StopRequest(row.id));
            }
        } else if let Some(answer) = answer {
            let topic = scene.model.find(answer.message.message().topic);
            let is_known = topic.is_some();
            let button = named_button(&mut child, words::SHOW, words::SHOW_RESPONSE, is_known);
            if button.on_disabled_hover_text(words::NOT_RECEIVED.of(l)).clicked()
                && let Some(node) = topic
            {
                actions.push(TopicAction::Select(node));
                actions.push(TopicAction::Inspect(found(scene.model, answer)));
            }
        }
    }
}

fn named_button(ui: &mut Ui, label: Label, name: Label, enabled: bool) -> eframe::egui::Response {
    let l = language(ui);
    let text = RichText::new(label.of(l)).font(theme::small_font());
    let button = ui.add_enabled(enabled, Button::new(text).min_size(vec2(60.0, 20.0)));
    button.widget_info(|| WidgetInfo::labeled(Role::Button, enabled, name.of(l)));
    button
}

fn preview(response: &Response) -> String {
    let payload = response.message.message().payload;
    let bytes = payload.bytes();
    let start = bytes.get(..PREVIEW_BYTES_MAX).unwrap_or(bytes);
    visible_line(&String::from_utf8_lossy(start)).into_owned()
}

/// The response among the messages of its topic; `None` if it has left the history.
fn found(model: &Model, response: &Response) -> Option<MessageId> {
    let wanted = response.message.message();
    let data = wanted.properties.and_then(|properties| properties.correlation_data.as_deref());
    let node = model.find(wanted.topic)?;
    let mut messages = model.history(node).take(LOOKED_AT_MAX);
    let same = messages.find(|message| {
        let own = message.properties().and_then(|properties| properties.correlation_data.as_deref());
        own == data && message.payload() == wanted.payload.bytes()
    });
    same.map(|message| message.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_filled_in_goes_again_and_what_a_person_wrote_stays() {
        let (mut response, mut form) = (ResponseForm::default(), PropertiesForm::default());
        response.set(true, &mut form);
        assert!(form.response_topic.starts_with("mqttree/response/") && form.properties().is_ok());
        let first = form.correlation_data.clone();
        response.asked(1, &mut form);
        assert_ne!(form.correlation_data, first, "each request has data of its own");
        form.response_topic = "answers".to_owned();
        response.set(false, &mut form);
        assert_eq!((form.response_topic.as_str(), form.correlation_data.as_str()), ("answers", ""));
        form.correlation_data = "mine".to_owned();
        response.set(true, &mut form);
        response.asked(2, &mut form);
        assert_eq!((form.response_topic.as_str(), form.correlation_data.as_str()), ("answers", "mine"));
    }

    #[test]
    fn the_time_to_wait_is_a_number_of_seconds() {
        let within = |text: &str| {
            let form = ResponseForm { within: text.to_owned(), ..ResponseForm::default() };
            form.within().ok().map(|within| within.as_millis())
        };
        assert_eq!([within("5"), within(" 0.25 ")], [Some(5_000), Some(250)]);
        for wrong in ["", "0", "-1", "x", "86401", "nan", "inf"] {
            assert_eq!(within(wrong), None, "{wrong}");
        }
    }
}
