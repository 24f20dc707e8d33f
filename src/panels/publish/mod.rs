//! The publish panel: a topic, a payload and the outcome; beside it, what was sent before.
//!
//! Nothing is sent that a broker would have to refuse: topic, digits and properties are checked during typing, and the
//! button says why it is disabled. The panel itself sends nothing: it pushes [`PublishAction::Send`] and receives the
//! number of the request in [`PublishView::sent`].

mod answer;
mod body;
mod editor;
mod filled;
mod highlight;
mod history;
mod properties;
mod properties_view;
mod topic;

use std::time::Duration;

use bytes::Bytes;
use eframe::egui::{
    self, Align, Context, Key, Layout, Margin, Rect, RichText, ScrollArea, Ui, UiBuilder, pos2, vec2,
};

use crate::command::{Action, Actions, Command, Notice, Outgoing, PublishAction};
use crate::message::{PublishProperties, QoS};
use crate::mqtt::filter;
use crate::mqtt::options::MqttVersion;
use crate::panels::PanelView;
use crate::panels::publish::answer::LastSent;
use crate::panels::publish::body::BodyProblem;
use crate::panels::publish::editor::Editor;
use crate::panels::publish::filled::{FillError, FillPlace};
use crate::panels::publish::history::HistoryList;
use crate::panels::publish::properties::{FieldError, PropertiesForm};
use crate::panels::publish::topic::TopicField;
use crate::panels::scene::Scene;
use crate::query::ModelLookup;
use crate::session::status::{ConnectionState, Status};
use crate::store::publish_history::{KeptPayload, Published};
use crate::ui::focus::Splitter;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, named_combo, primary_button, tab_list};
use crate::ui::{language, theme};
use crate::words::{Label, Language, filter as filter_words, options, payload, publish as words};

/// Below this height the editor keeps its size and the panel scrolls.
const HEIGHT_MIN: f32 = 148.0;
/// The width that topic, editor and buttons need; below it they scroll.
const WIDTH_MIN: f32 = 404.0;
const BAR_HEIGHT: f32 = 32.0;
/// How often a preview with times in it is drawn anew.
const PREVIEW_EVERY: Duration = Duration::from_secs(1);

/// The part beside the editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Side {
    #[default]
    History,
    Properties,
}

/// Why nothing can be sent.
enum Unsendable {
    /// The session cannot send at present.
    Offline(Label),
    /// The topic is invalid.
    Topic(filter::InvalidTopic),
    /// A placeholder of the topic or of the payload cannot be filled.
    Placeholder(FillError),
    /// The payload is invalid.
    Payload(BodyProblem),
    /// A property is invalid.
    Property(FieldError),
    /// The message would remove a retained one, which has its own button.
    ClearsRetained,
}

impl Unsendable {
    fn text(&self, language: Language) -> String {
        match self {
            Self::Offline(why) => why.of(language).to_owned(),
            Self::Topic(why) => filter_words::capitalised(*why, language),
            Self::Placeholder((place, error)) => {
                words::not_filled(*place == FillPlace::Topic, error, language)
            }
            Self::Payload(BodyProblem::BadHex(why)) => {
                words::payload_error(&payload::hex_error(why, language), language)
            }
            Self::Payload(why) => why.text(language),
            Self::Property(why) => why.text(language),
            Self::ClearsRetained => words::USE_CLEAR_RETAINED.of(language).to_owned(),
        }
    }
}

/// The publish panel of one session.
#[derive(Debug, Default)]
pub struct PublishView {
    topic: TopicField,
    editor: Editor,
    qos: QoS,
    retain: bool,
    form: PropertiesForm,
    side: Side,
    history: HistoryList,
    answer: LastSent,
    /// Why the session cannot send at present; `None` if it can.
    offline: Option<Label>,
    /// Whether the session speaks MQTT 5, as far as known.
    speaks_5: bool,
    /// Whether the panel was visible in the last frame and contained the focus.
    focused: bool,
    /// The window's language in the last frame, because a command sends outside a frame.
    language: Language,
}

impl PanelView for PublishView {
    fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, _actions: &mut Actions) {
        self.language = language(ctx);
        // If the panel is visible, `show` sets it again.
        self.focused = false;
        self.topic.update(scene);
        let lookup = ModelLookup { variables: scene.variables, model: scene.model };
        self.editor.fill(self.topic.text(), scene.now, &lookup);
        self.note(scene.status);
    }

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        if self.editor.filler.varies() {
            ui.ctx().request_repaint_after(PREVIEW_EVERY);
        }
        let area = ui.max_rect().shrink(1.0);
        let width = ui.available_width();
        let side_width = (width * 0.36).clamp(200.0, 380.0);
        let splitter = Splitter::of(ui, "publish-side", Key::ArrowLeft, Key::ArrowRight);
        egui::Panel::right("publish-side")
            .resizable(true)
            .default_size(side_width)
            .size_range(180.0..=(width - 280.0).max(190.0))
            .frame(egui::Frame::NONE)
            .show(ui, |ui| self.side(ui, scene, actions));
        splitter.name(ui);
        egui::CentralPanel::no_frame().show(ui, |ui| self.main(ui, scene, actions));
        let focused = ui.memory(egui::Memory::focused).and_then(|id| ui.ctx().read_response(id));
        self.focused = focused
            .is_some_and(|widget| widget.layer_id == ui.layer_id() && area.intersects(widget.interact_rect));
    }
}

impl PublishView {
    /// Loads a message into the panel, to be checked and sent.
    pub fn compose(&mut self, message: Outgoing) {
        let Outgoing { topic, payload, qos, retain, properties } = message;
        self.topic.set(topic);
        self.editor.replace(|body| body.set_message(payload));
        // What others send may contain braces that are theirs.
        self.editor.filler.set_on(false);
        (self.qos, self.retain) = (qos, retain);
        self.form = PropertiesForm::of(&properties);
    }

    /// Turns placeholders in topic and payload on or off.
    pub fn set_variables(&mut self, on: bool) {
        self.editor.filler.set_on(on);
    }

    /// Loads a payload from a file, into the editor if it is text of an editable size.
    pub fn load(&mut self, file_name: &str, bytes: Bytes) {
        self.editor.replace(|body| body.set_file(file_name, bytes));
    }

    /// Whether the panel is visible and focused: only then do keys send anything.
    pub fn has_focus(&self) -> bool {
        self.focused
    }

    /// Requests sending of what the panel holds, or says why that is impossible.
    pub fn send(&mut self, actions: &mut Actions) {
        self.topic.tried();
        match self.outgoing() {
            Ok(message) => actions.push(PublishAction::Send(message)),
            Err(why) => {
                let why = words::not_published(&why.text(self.language), self.language);
                actions.push(Action::Notify(Notice::error(why)));
            }
        }
    }

    /// Receives the request number for the last [`PublishView::send`].
    pub fn sent(&mut self, token: u64) {
        self.answer.expect(token);
        self.editor.filler.sent();
    }

    /// The message that the Publish button sends.
    fn outgoing(&self) -> Result<Outgoing, Unsendable> {
        let message = self.message()?;
        if message.clears_retained() { Err(Unsendable::ClearsRetained) } else { Ok(message) }
    }

    /// The message as entered in the panel.
    fn message(&self) -> Result<Outgoing, Unsendable> {
        if let Some(why) = self.offline {
            return Err(Unsendable::Offline(why));
        }
        let filled = self.editor.filler.for_sending().transpose().map_err(Unsendable::Placeholder)?;
        let topic = filled.as_ref().map_or(self.topic.text(), |filled| filled.topic.as_str());
        filter::check_topic(topic).map_err(Unsendable::Topic)?;
        let body = &self.editor.body;
        let payload = match &filled {
            Some(filled) => body.bytes_of(&filled.payload),
            None => body.bytes(),
        };
        let payload = payload.map_err(Unsendable::Payload)?;
        let properties = if self.speaks_5 {
            self.form.properties().map_err(Unsendable::Property)?
        } else {
            PublishProperties::default()
        };
        Ok(Outgoing { topic: topic.to_owned(), payload, qos: self.qos, retain: self.retain, properties })
    }

    fn note(&mut self, status: &Status) {
        self.offline = match &status.state {
            ConnectionState::Connected { version, .. } | ConnectionState::NotAnswering { version, .. } => {
                self.speaks_5 = *version == MqttVersion::V5;
                None
            }
            ConnectionState::Connecting { .. } => Some(words::NOT_CONNECTED_YET),
            ConnectionState::Reconnecting { .. } => Some(words::RECONNECTING),
            ConnectionState::Disconnected => Some(words::NOT_CONNECTED),
        };
        if !self.speaks_5 {
            self.side = Side::History;
        }
    }

    fn main(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let room = ui.available_size();
        if room.x < WIDTH_MIN || room.y < HEIGHT_MIN {
            ScrollArea::both().auto_shrink(false).show(ui, |ui| {
                ui.allocate_ui(room.max(vec2(WIDTH_MIN, HEIGHT_MIN)), |ui| {
                    ui.set_min_size(ui.available_size());
                    self.parts(ui, scene, actions);
                });
            });
        } else {
            self.parts(ui, scene, actions);
        }
    }

    /// Draws topic, buttons, editor and bar from top to bottom; the editor takes the remaining height.
    fn parts(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let area = ui.available_rect_before_wrap();
        let area = area.shrink2(vec2(size::PADDING, 0.0));
        let row =
            |top: f32, height: f32| Rect::from_min_size(pos2(area.left(), top), vec2(area.width(), height));
        let mut top = area.top() + 4.0;
        in_row(ui, "topic", row(top, 28.0), |ui| self.topic.show(ui));
        top += 28.0;
        if let Some(problem) = self.topic.shown_problem(language(ui)) {
            in_row(ui, "topic problem", row(top, 20.0), |ui| {
                let text = RichText::new(problem).font(theme::small_font()).color(tokens(ui).error);
                ui.add(egui::Label::new(text).truncate());
            });
            top += 20.0;
        }
        in_row(ui, "tools", row(top, BAR_HEIGHT), |ui| self.editor.toolbar(ui, actions));
        top += BAR_HEIGHT;
        let bar_top = (area.bottom() - BAR_HEIGHT - 4.0).max(top + 24.0);
        let editor = Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), bar_top - 2.0));
        self.editor.show(ui, editor, self.retain, actions);
        in_row(ui, "send", row(bar_top + 2.0, BAR_HEIGHT), |ui| self.bar(ui, scene, actions));
    }

    fn bar(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let problem = self.outgoing().err();
        let help = Command::Publish.tooltip(ui.ctx());
        ui.add_enabled_ui(problem.is_none(), |ui| {
            let button = primary_button(ui, words::PUBLISH.of(l)).on_hover_text(help);
            let why = problem.map(|why| why.text(l)).unwrap_or_default();
            if button.on_disabled_hover_text(why).clicked() {
                self.send(actions);
            }
        });
        ui.add_space(4.0);
        ui.spacing_mut().combo_width = 64.0;
        named_combo(ui, words::QOS.of(l), options::qos(self.qos), |ui| {
            for qos in QoS::ALL {
                ui.selectable_value(&mut self.qos, qos, options::qos_choice(qos).of(l));
            }
        });
        check_box(ui, &mut self.retain, words::RETAIN.of(l)).on_hover_text(words::RETAIN_HELP.of(l));
        self.clear_retained(ui, actions);
        ui.add_space(4.0);
        self.answer.show(ui, scene);
    }

    /// Draws the button that clears a retained message, if the current input would do that.
    fn clear_retained(&self, ui: &mut Ui, actions: &mut Actions) {
        if !self.retain {
            return;
        }
        let message = self.message();
        let is_empty = match &message {
            Ok(message) => message.payload.is_empty(),
            Err(_) => self.editor.body.bytes().is_ok_and(|payload| payload.is_empty()),
        };
        if !is_empty {
            return;
        }
        let l = language(ui);
        let (message, why) = match message {
            Ok(message) => (Some(message), String::new()),
            Err(why) => (None, why.text(l)),
        };
        let text = RichText::new(words::CLEAR_RETAINED.of(l)).color(tokens(ui).error);
        let button = ui.add_enabled(message.is_some(), egui::Button::new(text));
        let button = button.on_hover_text(words::CLEAR_RETAINED_HELP.of(l)).on_disabled_hover_text(why);
        if button.clicked()
            && let Some(message) = message
        {
            actions.push(PublishAction::ClearRetained(message));
        }
    }

    fn side(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let properties = words::properties(self.form.count(), l);
        let all = [(Side::History, words::HISTORY.of(l)), (Side::Properties, properties.as_str())];
        let tabs = if self.speaks_5 { &all[..] } else { &all[..1] };
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), BAR_HEIGHT - 2.0),
            Layout::left_to_right(Align::Center),
            |ui| {
                ui.add_space(4.0);
                if let Some(side) = tab_list(ui, words::VIEWS.of(l), tabs, Some(self.side)) {
                    self.side = side;
                }
                if self.side == Side::History {
                    HistoryList::header(ui, scene.history, actions);
                }
            },
        );
        hairline(ui);
        match self.side {
            Side::History => {
                if let Some(message) = self.history.show(ui, scene.history, scene.now, actions) {
                    self.take_back(message);
                }
            }
            Side::Properties => {
                egui::Frame::NONE.inner_margin(Margin { left: 8, right: 0, top: 4, bottom: 0 }).show(
                    ui,
                    |ui| {
                        properties_view::show(ui, &mut self.form);
                    },
                );
            }
        }
    }

    fn take_back(&mut self, message: &Published) {
        let Published { at: _, topic, payload, qos, retain, properties } = message;
        let (payload, missing) = match payload {
            KeptPayload::Whole(bytes) => (Bytes::copy_from_slice(bytes), None),
            KeptPayload::TooLarge(size) => (Bytes::new(), Some(*size)),
        };
        let (topic, properties) = (topic.clone(), properties.clone());
        self.compose(Outgoing { topic, payload, qos: *qos, retain: *retain, properties });
        if let Some(size) = missing {
            self.editor.replace(|body| body.set_missing(size));
        }
    }
}

/// Draws a row, from left to right, into its own rectangle.
fn in_row(ui: &mut Ui, name: &str, rect: Rect, draw: impl FnOnce(&mut Ui)) {
    let row = UiBuilder::new().id_salt(name).max_rect(rect).layout(Layout::left_to_right(Align::Center));
    draw(&mut ui.new_child(row));
}
