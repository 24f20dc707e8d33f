//! The publish panel: a topic, a payload and the outcome; beside it, what was sent before.
//!
//! Nothing is sent that a broker would have to refuse: topic, digits and properties are checked during typing, and the
//! button says why it is disabled. The panel itself sends nothing: it pushes [`PublishAction::Send`] and receives the
//! number of the request in [`PublishView::sent`].

mod answer;
mod body;
mod check;
mod completion;
mod draft;
mod drafts;
mod editor;
mod filled;
mod highlight;
mod history;
mod keeping;
mod notation;
mod properties;
mod properties_view;
mod repeat;
mod response;
mod save_form;
mod saved_list;
mod sendings;
mod suggestions;
mod topic;

use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use eframe::egui::{
    self, Align, Context, Key, Layout, Margin, Rect, RichText, ScrollArea, Ui, UiBuilder, pos2, vec2,
};

use crate::command::{Action, Actions, Command, Notice, Outgoing, PublishAction};
use crate::message::QoS;
use crate::mqtt::options::{MqttVersion, Secret};
use crate::panels::PanelView;
pub use crate::panels::publish::body::Notation;
use crate::panels::publish::draft::{Draft, Sendable};
use crate::panels::publish::drafts::{DraftTabs, STRIP_HEIGHT};
use crate::panels::publish::history::HistoryList;
use crate::panels::publish::keeping::Keeping;
use crate::panels::publish::repeat::RepeatForm;
use crate::panels::publish::save_form::SaveForm;
use crate::panels::publish::saved_list::SavedList;
use crate::panels::scene::Scene;
use crate::payload::decode::Choice;
use crate::session::status::{ConnectionState, Status};
use crate::store::drafts::{KeptDraft, KeptDrafts};
use crate::store::publish_history::{KeptPayload, Published};
use crate::store::saved::SavedMessage;
use crate::ui::focus::Splitter;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, named_combo, primary_button, tab_list};
use crate::ui::widgets::virtual_list::ListPlace;
use crate::ui::{language, theme};
use crate::words::{Language, options, publish as words, saved as saved_words};

/// Below this height the editor keeps its size and the panel scrolls.
const HEIGHT_MIN: f32 = 178.0;
/// The width that topic, editor and buttons need; below it they scroll.
const WIDTH_MIN: f32 = 440.0;
/// Width of the button that turns placeholders on or off.
const VARIABLES_WIDTH: f32 = 56.0;
/// Width of the switch for a response, which stands beside the topic: that has room to give.
const EXPECT_WIDTH: f32 = 138.0;
const BAR_HEIGHT: f32 = 32.0;
/// How often a preview with times in it is drawn anew.
const PREVIEW_EVERY: Duration = Duration::from_secs(1);

/// The part beside the editor.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Side {
    #[default]
    History,
    Saved,
    Properties,
}

/// The publish panel of one session.
#[derive(Debug, Default)]
pub struct PublishView {
    drafts: DraftTabs,
    side: Side,
    history: HistoryList,
    sendable: Sendable,
    keeping: Keeping,
    repeat: RepeatForm,
    save: SaveForm,
    saved: SavedList,
    sendings: ListPlace,
    /// Whether the panel was visible in the last frame and contained the focus.
    focused: bool,
    /// The window's language in the last frame, because a command sends outside a frame.
    language: Language,
}

impl PanelView for PublishView {
    fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        self.language = language(ctx);
        // If the panel is visible, `show` sets it again.
        self.focused = false;
        self.drafts.current_mut().update(scene);
        self.note(scene.status);
        if self.keeping.is_due(ctx) {
            self.keep(actions);
        }
    }

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        if ui.input(|input| !input.events.is_empty()) {
            self.keeping.touch(ui.ctx());
        }
        if self.drafts.current().editor.filler.varies() {
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
    /// Loads a message into the panel, to be checked and sent. What was written there before stays in a tab of its own.
    pub fn compose(&mut self, message: Outgoing) {
        self.compose_as(message, None);
    }

    /// Loads a message as [`PublishView::compose`] does; `choice` is how the decoder rules read its payload.
    pub fn compose_as(&mut self, message: Outgoing, choice: Option<Choice>) {
        self.drafts.for_message().fill_with(message, choice);
        self.keeping.touch_later();
    }

    /// Turns placeholders in topic and payload on or off.
    pub fn set_variables(&mut self, on: bool) {
        self.drafts.current_mut().editor.filler.set_on(on);
    }

    /// Loads a payload from a file, into the editor if it is text of an editable size.
    pub fn load(&mut self, file_name: &str, bytes: Bytes) {
        self.drafts.current_mut().editor.replace(|body| body.set_file(file_name, bytes));
        self.keeping.touch_later();
    }

    /// Loads a saved message into the panel.
    pub fn edit_saved(&mut self, path: &Path, message: &SavedMessage) {
        self.drafts.for_message().fill_with_saved(path, message);
        self.keeping.touch_later();
    }

    /// Notes which file a draft was saved as.
    pub fn was_saved(&mut self, draft: u64, path: &Path) {
        self.drafts.was_saved(draft, path);
        self.keeping.touch_later();
    }

    /// Opens the form that saves the draft.
    pub fn ask_how_to_save(&mut self) {
        self.save.open();
    }

    /// Shows the saved messages beside the draft.
    pub fn show_saved(&mut self) {
        self.side = Side::Saved;
    }

    /// Opens a draft that was closed.
    pub fn reopen(&mut self, draft: KeptDraft) {
        self.drafts.reopen(draft);
        self.keeping.touch_later();
    }

    /// Takes over the drafts of an earlier run.
    pub fn restore(&mut self, drafts: KeptDrafts) {
        self.keeping.note(&drafts);
        self.drafts.restore(drafts);
    }

    /// The drafts if they were changed since they were last kept.
    pub fn take_changed(&mut self) -> Option<KeptDrafts> {
        let drafts = self.drafts.kept();
        self.keeping.note(&drafts).then_some(drafts)
    }

    fn keep(&mut self, actions: &mut Actions) {
        if let Some(drafts) = self.take_changed() {
            actions.push(PublishAction::KeepDrafts(Box::new(drafts)));
        }
    }

    /// Whether the panel is visible and focused: only then do keys send anything.
    pub fn has_focus(&self) -> bool {
        self.focused
    }

    /// Requests sending of what the panel holds, or says why that is impossible.
    pub fn send(&mut self, actions: &mut Actions) {
        let draft = self.drafts.current_mut();
        draft.topic.tried();
        match draft.order(self.sendable) {
            Ok(order) => actions.push(order),
            Err(why) => {
                let why = words::not_published(&why.text(self.language), self.language);
                actions.push(Action::Notify(Notice::error(why)));
            }
        }
    }

    /// Receives the request number for the last [`PublishView::send`].
    pub fn sent(&mut self, token: u64) {
        let draft = self.drafts.current_mut();
        draft.answer.expect(token);
        draft.editor.filler.sent();
    }

    /// Receives the number of the request that a draft has sent.
    pub fn asked(&mut self, draft: u64, request: u64) {
        self.drafts.asked(draft, request);
        self.keeping.touch_later();
    }

    fn note(&mut self, status: &Status) {
        self.sendable.offline = match &status.state {
            ConnectionState::Connected { version, .. } | ConnectionState::NotAnswering { version, .. } => {
                self.sendable.speaks_5 = *version == MqttVersion::V5;
                None
            }
            ConnectionState::Connecting { .. } => Some(words::NOT_CONNECTED_YET),
            ConnectionState::Reconnecting { .. } => Some(words::RECONNECTING),
            ConnectionState::Recorded => Some(words::RECORDED),
            ConnectionState::Disconnected => Some(words::NOT_CONNECTED),
        };
        if !self.sendable.speaks_5 && self.side == Side::Properties {
            self.side = Side::History;
        }
    }

    fn main(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let room = ui.available_size();
        let has_response = self.drafts.current().response.request(scene).is_some();
        let response_height = if has_response { response::HEIGHT } else { 0.0 };
        let height_min = HEIGHT_MIN + sendings::height(scene.sendings) + response_height;
        if room.x < WIDTH_MIN || room.y < height_min {
            ScrollArea::both().auto_shrink(false).show(ui, |ui| {
                ui.allocate_ui(room.max(vec2(WIDTH_MIN, height_min)), |ui| {
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
        let mut top = area.top() + 2.0;
        in_row(ui, "drafts", row(top, STRIP_HEIGHT), |ui| {
            if let Some(closed) = self.drafts.strip(ui) {
                let text = words::DRAFT_CLOSED.of(language(ui));
                let undo = PublishAction::ReopenDraft(Box::new(closed));
                actions.push(Action::Notify(Notice::undoable(text, undo)));
            }
        });
        top += STRIP_HEIGHT + 2.0;
        let line = row(top, 28.0);
        let button = line.with_min_x(line.right() - VARIABLES_WIDTH);
        let mut sends = false;
        let Self { drafts, sendable, repeat, save, side, sendings: place, .. } = self;
        let (draft, sendable) = (drafts.current_mut(), *sendable);
        // Fields of different drafts are different fields: each has its own cursor and its own undoing.
        let ui = &mut ui.new_child(UiBuilder::new().id_salt(("draft", draft.id)).max_rect(area));
        let switch = line.with_min_x(button.left() - EXPECT_WIDTH).with_max_x(button.left() - 4.0);
        in_row(ui, "topic", line.with_max_x(switch.left() - 8.0), |ui| draft.topic.show(ui, scene));
        in_row(ui, "expect", switch, |ui| {
            if draft.response.switch(ui, sendable.speaks_5, &mut draft.form) {
                *side = Side::Properties;
            }
        });
        in_row(ui, "variables", button, |ui| draft.editor.variables_button(ui));
        top += 28.0;
        if let Some(problem) = draft.topic.shown_problem(language(ui)) {
            in_row(ui, "topic problem", row(top, 20.0), |ui| {
                let text = RichText::new(problem).font(theme::small_font()).color(tokens(ui).error);
                ui.add(egui::Label::new(text).truncate());
            });
            top += 20.0;
        }
        in_row(ui, "tools", row(top, BAR_HEIGHT), |ui| draft.editor.toolbar(ui, actions));
        top += BAR_HEIGHT;
        let bar_top = (area.bottom() - BAR_HEIGHT - 4.0).max(top + 24.0);
        let request = draft.response.request(scene);
        let response_top = bar_top - if request.is_some() { response::HEIGHT } else { 0.0 };
        let rows_height = sendings::height(scene.sendings);
        let rows_top = response_top - rows_height;
        let editor = Rect::from_min_max(pos2(area.left(), top), pos2(area.right(), rows_top - 2.0));
        let retain = draft.retain;
        draft.editor.show(ui, editor, retain, actions);
        if !scene.sendings.is_empty() {
            let rows = row(rows_top + 2.0, rows_height - 4.0);
            sendings::show(
                &mut ui.new_child(UiBuilder::new().id_salt("sendings").max_rect(rows)),
                place,
                scene.sendings,
                actions,
            );
        }
        let response = row(response_top, response::HEIGHT);
        let child = &mut ui.new_child(UiBuilder::new().id_salt("response").max_rect(response));
        if let Some(request) = request {
            draft.response.show(child, response, request, scene, actions);
        }
        in_row(ui, "send", row(bar_top + 2.0, BAR_HEIGHT), |ui| {
            sends = bar(ui, draft, sendable, (&mut *repeat, &mut *save), scene, actions);
        });
        if sends {
            self.send(actions);
        }
    }

    fn side(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let properties = words::properties(self.drafts.current().form.count(), l);
        let all = [
            (Side::History, words::HISTORY.of(l)),
            (Side::Saved, saved_words::TAB.of(l)),
            (Side::Properties, properties.as_str()),
        ];
        let tabs = if self.sendable.speaks_5 { &all[..] } else { &all[..2] };
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), BAR_HEIGHT - 2.0),
            Layout::left_to_right(Align::Center),
            |ui| {
                ui.add_space(4.0);
                if let Some(side) = tab_list(ui, words::VIEWS.of(l), tabs, Some(self.side)) {
                    self.side = side;
                }
                if self.side == Side::History {
                    self.history.header(ui, scene.history, actions);
                }
            },
        );
        hairline(ui);
        match self.side {
            Side::History => {
                if let Some(message) = self.history.show(ui, scene.history, scene.now, actions) {
                    self.take_back(message, actions);
                    let topic = self.drafts.current().topic.text();
                    let text = &self.drafts.current().editor.body.text;
                    let names = |(name, _): &(String, Secret)| {
                        let placeholder = format!("{{{{{name}}}}}");
                        text.contains(&placeholder) || topic.contains(&placeholder)
                    };
                    if scene.secrets.0.iter().any(names) {
                        // It was kept without the secrets.
                        self.set_variables(true);
                    }
                }
            }
            Side::Saved => self.saved.show(ui, scene, actions),
            Side::Properties => {
                egui::Frame::NONE.inner_margin(Margin { left: 8, right: 0, top: 4, bottom: 0 }).show(
                    ui,
                    |ui| {
                        let draft = self.drafts.current_mut();
                        ui.push_id(draft.id, |ui| {
                            properties_view::show(ui, &mut draft.form, &mut draft.response);
                        });
                    },
                );
            }
        }
    }

    fn take_back(&mut self, message: &Published, actions: &mut Actions) {
        if matches!(message.payload, KeptPayload::InFile(..)) {
            actions.push(PublishAction::ComposePublished(Box::new(message.clone())));
            return;
        }
        let Published { at: _, topic, payload, qos, retain, properties } = message;
        let (payload, missing) = match payload {
            KeptPayload::Whole(bytes) => (Bytes::copy_from_slice(bytes), None),
            KeptPayload::InFile(size, _) | KeptPayload::TooLarge(size) => (Bytes::new(), Some(*size)),
        };
        let (topic, properties) = (topic.clone(), properties.clone());
        self.compose(Outgoing { topic, payload, qos: *qos, retain: *retain, properties });
        if let Some(size) = missing {
            let draft = self.drafts.current_mut();
            draft.editor.replace(|body| body.set_missing(size));
            draft.note_filled();
        }
    }
}

/// Draws what sends the draft, and what became of the last message. Returns whether it is to be sent.
fn bar(
    ui: &mut Ui,
    draft: &mut Draft,
    sendable: Sendable,
    (repeat, save): (&mut RepeatForm, &mut SaveForm),
    scene: &Scene<'_>,
    actions: &mut Actions,
) -> bool {
    let l = language(ui);
    let problem = draft.order(sendable).err();
    let help = Command::Publish.tooltip(ui.ctx());
    let sends = ui.add_enabled_ui(problem.is_none(), |ui| {
        let button = primary_button(ui, words::PUBLISH.of(l)).on_hover_text(help);
        let why = problem.map(|why| why.text(l)).unwrap_or_default();
        button.on_disabled_hover_text(why).clicked()
    });
    ui.add_space(4.0);
    ui.spacing_mut().combo_width = 64.0;
    named_combo(ui, words::QOS.of(l), options::qos(draft.qos), |ui| {
        for qos in QoS::ALL {
            ui.selectable_value(&mut draft.qos, qos, options::qos_choice(qos).of(l));
        }
    });
    check_box(ui, &mut draft.retain, words::RETAIN.of(l)).on_hover_text(words::RETAIN_HELP.of(l));
    repeat.show(ui, draft, sendable, actions);
    save.show(ui, draft, scene, actions);
    clear_retained(ui, draft, sendable, actions);
    ui.add_space(4.0);
    draft.answer.show(ui, scene);
    sends.inner
}

/// Draws the button that clears a retained message, if the draft as it is would do that.
fn clear_retained(ui: &mut Ui, draft: &Draft, sendable: Sendable, actions: &mut Actions) {
    if !draft.retain {
        return;
    }
    let message = draft.message(sendable);
    let is_empty = match &message {
        Ok(message) => message.payload.is_empty(),
        Err(_) => draft.editor.body.bytes().is_ok_and(|payload| payload.is_empty()),
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

/// Draws a row, from left to right, into its own rectangle.
fn in_row(ui: &mut Ui, name: &str, rect: Rect, draw: impl FnOnce(&mut Ui)) {
    let row = UiBuilder::new().id_salt(name).max_rect(rect).layout(Layout::left_to_right(Align::Center));
    draw(&mut ui.new_child(row));
}
