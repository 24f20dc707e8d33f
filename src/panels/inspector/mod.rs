//! The selected node of the tree: its topic, the newest message or one from the history, the payload in several views,
//! and the history itself.
//!
//! `tick` decides which message to show and decodes it, at most ten times a second however fast messages arrive; `show`
//! draws it. Large payloads are decoded in a job, and the previous message stays visible until that finishes.

mod breadcrumb;
mod byte_panel;
mod change_lines;
mod change_watch;
mod clipboard;
mod comparison;
mod content;
mod diff_view;
mod document_rows;
mod exchange_view;
mod find_bar;
mod following;
mod header;
mod history;
mod history_list;
mod history_row;
mod level;
mod linked_bytes;
mod looks;
mod message;
mod payload_view;
mod picture_view;
mod query_view;
mod shape_watch;
mod sources;
mod tree_view;

pub(in crate::panels) use crate::panels::inspector::content::Laid;

use std::borrow::Cow;

use bytes::Bytes;
use eframe::egui::{self, Context, Rangef, Ui, vec2};
use rustc_hash::FxHashMap;

use crate::panels::inspector::breadcrumb::{Marked, TopicLevel, TopicName};
use crate::panels::inspector::comparison::Against;
use crate::panels::inspector::content::{Content, PayloadView, Readiness};
use crate::panels::inspector::exchange_view::ExchangeView;
use crate::panels::inspector::history::HistoryView;
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::inspector::payload_view::{PATIENCE_SECONDS, Places};
use crate::panels::inspector::shape_watch::ShapeWatch;

use crate::command::{Action, Actions, Notice, Outgoing, PublishAction, SubscriptionAction, TopicAction};
use crate::message::{PublishProperties, Timestamp};
use crate::model::{MessageId, Model, NodeId, TopicInfo};
use crate::panels::PanelView;
use crate::panels::scene::Scene;
use crate::payload::decode::Format;
use crate::payload::visible_line;
use crate::query::Readings;
use crate::store::profiles::TopicLook;
use crate::ui::job::Job;
use crate::ui::language;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::hairline;
use crate::ui::widgets::empty;
use crate::ui::widgets::share::{self, Side};
use crate::words::{Label, Language, format, inspector as words};

/// The width in columns before the view is first drawn.
const COLUMNS_AT_FIRST: usize = 48;
/// The history's initial share of the space below the header. This leaves the payload three fifths of the inspector.
const HISTORY_SHARE: f32 = 0.31;
const HISTORY_HEIGHT_MIN: f32 = 76.0;
const PAYLOAD_HEIGHT_MIN: f32 = 96.0;

/// What the panel keeps between frames.
#[derive(Debug)]
pub struct InspectorView {
    /// The node being shown.
    node: Option<NodeId>,
    topic: TopicName,
    marked: Marked,
    /// A message from the history; `None` follows the newest.
    pinned: Option<MessageId>,
    /// What is drawn now, and what will be drawn once it is decoded.
    current: Option<Content>,
    next: Option<Content>,
    followed_at: f64,
    /// Views chosen by the person, with the payload format they were chosen for.
    chosen: FxHashMap<NodeId, (PayloadView, Option<Format>)>,
    places: Places,
    readings: Readings,
    /// Language in the last frame, for texts made outside a frame.
    language: Language,
    properties_open: Option<bool>,
    history: HistoryView,
    /// What was chosen for topics before.
    looks: Vec<TopicLook>,
    /// What the topic's messages have in common.
    shape: ShapeWatch,
    /// What the payload is compared with, if not the message before.
    against: Option<Against>,
    /// The request or the responses that belong to the message.
    exchange: ExchangeView,
    columns: usize,
    /// A large payload to convert to clipboard text, and the job that does it.
    to_copy: Option<Bytes>,
    copying: Option<Job<(Label, String)>>,
}

impl Default for InspectorView {
    fn default() -> Self {
        Self {
            node: None,
            topic: TopicName::default(),
            marked: None,
            pinned: None,
            current: None,
            next: None,
            followed_at: f64::NEG_INFINITY,
            chosen: FxHashMap::default(),
            places: Places::default(),
            readings: Readings::default(),
            language: Language::default(),
            properties_open: None,
            history: HistoryView::default(),
            looks: Vec::new(),
            shape: ShapeWatch::default(),
            against: None,
            exchange: ExchangeView::default(),
            columns: COLUMNS_AT_FIRST,
            to_copy: None,
            copying: None,
        }
    }
}

impl InspectorView {
    /// A view in which topics look as a person chose before.
    pub fn with_looks(looks: Vec<TopicLook>) -> Self {
        Self { looks, ..Self::default() }
    }

    /// What stays when all topics are forgotten.
    #[must_use]
    pub fn cleared(self) -> Self {
        Self::with_looks(self.looks)
    }

    /// The message that a person chose in the history, which a plot marks.
    pub fn inspected(&self) -> Option<MessageId> {
        self.pinned
    }

    /// Shows one message of the selected topic, or follows the newest.
    pub fn inspect(&mut self, message: Option<MessageId>) {
        if self.pinned != message {
            self.pinned = message;
            self.next = None;
            self.followed_at = f64::NEG_INFINITY;
            if message.is_none() {
                self.places.deselect();
                self.history.scroll_to_newest();
            }
        }
    }

    /// Releases drawn pictures, because another tab is shown.
    pub fn hide(&mut self) {
        for content in self.current.iter_mut().chain(&mut self.next) {
            content.release_pictures();
        }
    }

    /// Compares what is shown with another topic's newest message, until another topic is selected.
    pub fn compare_with(&mut self, other: NodeId) {
        self.compare(Against::Topic { node: other, newest: None });
    }

    /// Compares what is shown with another message of its topic, until another topic is selected.
    pub fn compare_with_message(&mut self, id: MessageId, arrived: Timestamp) {
        self.compare(Against::Message { id, arrived });
        // What is compared must not move away.
        self.pinned = self.pinned.or(self.current.as_ref().map(|content| content.message.id));
    }

    fn compare(&mut self, against: Against) {
        self.against = Some(against);
        self.current.iter_mut().chain(&mut self.next).for_each(Content::forget_comparison);
        let format = self.current.as_ref().and_then(|content| content.format);
        if let Some(node) = self.node {
            self.chosen.insert(node, (PayloadView::Diff, format));
        }
    }

    fn end_comparison(&mut self) {
        self.against = None;
        self.current.iter_mut().chain(&mut self.next).for_each(Content::forget_comparison);
    }

    /// Lets the worker of another program answer queries, because the one that runs is a test.
    pub fn ask_program(&mut self, program: std::path::PathBuf) {
        self.places.query.use_program(program);
    }

    /// Whether the keyboard is in the payload, so that a search means what is inside it.
    pub fn payload_has_keyboard(&self) -> bool {
        self.places.has_keyboard()
    }

    /// Opens the search inside the payload.
    pub fn find(&mut self) {
        self.places.find.open();
    }

    /// Steps to the next place that was found inside the payload, or to the one before.
    pub fn step_found(&mut self, forward: bool) {
        self.places.find.step(forward);
    }

    /// Follows the newest message again.
    pub fn show_newest(&mut self) {
        self.inspect(None);
    }

    /// Switches to another node.
    fn turn_to(&mut self, node: Option<NodeId>, model: &Model) {
        let Self { chosen, language, columns, to_copy, copying, history, places, looks, pinned, .. } =
            std::mem::take(self);
        // A link to a message selects its topic, too.
        let pinned = pinned.filter(|message| Some(message.node()) == node);
        let history = history.of_next_topic();
        let places = places.of_next_topic();
        *self = Self {
            node,
            pinned,
            chosen,
            places,
            language,
            history,
            looks,
            columns,
            to_copy,
            copying,
            ..Self::default()
        };
        if let Some(node) = node {
            self.topic = topic_of(model, node);
            self.look_again(node);
        }
    }

    /// Shows a topic as a person chose before.
    fn look_again(&mut self, node: NodeId) {
        let look = self.looks.iter().find(|look| look.topic == self.topic.text && !self.topic.is_lossy);
        let Some(look) = look else { return };
        if let Some(view) = looks::view_of(look) {
            self.chosen.entry(node).or_insert((view, None));
        }
        if self.history.columns(node).is_empty() {
            for path in looks::columns_of(look) {
                self.history.toggle_column(node, path);
            }
        }
    }

    /// Remembers how the topic is looked at, and asks for it to be kept with the profile.
    fn keep_look(&mut self, node: NodeId, view: Option<PayloadView>, actions: &mut Actions) {
        if self.topic.is_lossy {
            return;
        }
        let before = self.looks.iter().find(|look| look.topic == self.topic.text).and_then(looks::view_of);
        let look = looks::look(&self.topic.text, view.or(before), self.history.columns(node));
        look.clone().keep_in(&mut self.looks);
        actions.push(TopicAction::KeepLook(look));
    }

    /// The view for a message: the person's choice for this topic if it makes sense, otherwise the best one.
    fn view_for(&self, content: &Content) -> PayloadView {
        match self.chosen.get(&content.message.id.node()) {
            Some(&(view, chosen_for)) if content.suits(view, chosen_for) => view,
            _ => content.best_view(),
        }
    }

    /// Asks for a file and saves what was learned of the topic's shape to it.
    fn save_shape(&self, actions: &mut Actions) {
        let notice = if self.shape.shape().messages() == 0 { Some(words::NO_SHAPE) } else { None };
        match notice {
            Some(why) => actions.push(Action::Notify(Notice::info(why.of(self.language)))),
            None => actions.push(Action::Save {
                name: "shape.schema.json".to_owned(),
                bytes: self.shape.shape().to_json_schema().into(),
            }),
        }
    }

    fn payload_and_history(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        topic: TopicInfo<'_>,
        actions: &mut Actions,
    ) {
        let Some(node) = self.node else { return };
        let most = ui.available_height() - PAYLOAD_HEIGHT_MIN;
        let range = Rangef::new(HISTORY_HEIGHT_MIN, most.max(HISTORY_HEIGHT_MIN));
        let frame = egui::Frame::NONE.fill(tokens(ui).surface_1);
        share::panel(ui, Side::Bottom, "inspector-history", HISTORY_SHARE, range, frame, |ui| {
            ui.set_min_size(ui.available_size());
            let of = history::HistoryOf {
                topic,
                shown: self.current.as_ref().map(|content| &content.message),
                following: self.pinned.is_none(),
                shape: &self.shape,
                compared: match self.against {
                    Some(Against::Message { id, .. }) => Some(id),
                    Some(Against::Topic { .. }) | None => None,
                },
            };
            self.history.show(ui, scene, of, &mut self.places.marked, actions);
        });
        let compared = self.against.map(|against| match against {
            Against::Topic { node, .. } => {
                words::compared_with(&visible_line(&topic_of(scene.model, node).text), self.language)
            }
            Against::Message { arrived, .. } => {
                words::compared_with_message(&format::date_time(arrived), self.language)
            }
        });
        if compared.is_some_and(|text| header::compared_line(ui, &text)) {
            self.end_comparison();
        }
        let Some(mut content) = self.current.take() else { return };
        let view = self.view_for(&content);
        let outcome = payload_view::tabs(ui, scene, &content, view, actions);
        if let Some(view) = outcome.chosen {
            self.chosen.insert(node, (view, content.format));
            self.keep_look(node, Some(view), actions);
            ui.request_repaint();
        }
        if outcome.find {
            self.find();
        }
        if outcome.compose {
            compose(&self.topic, &content.message, self.language, actions);
        }
        self.places.against_before = self.against.is_none();
        self.columns = payload_view::columns_of(ui, view);
        let now = ui.input(|input| input.time);
        let next = self.next.as_ref().filter(|next| match next.readiness(self.view_for(next)) {
            Readiness::Waiting { since } => now - since >= PATIENCE_SECONDS,
            Readiness::Ready | Readiness::Failed | Readiness::Cancelled => false,
        });
        let decoding = next.map(|next| next.message.payload.len() as u64);
        let departures = self.shape.departures(content.message.id).iter();
        let remarks = departures.map(|departure| words::departed(departure, self.language));
        let violations = self.history.violations(content.message.id).iter();
        let violated = violations.map(|violation| words::violated(violation, self.language));
        let changed = self.places.marked.remark(&content, view, self.language);
        let remarks: Vec<_> = violated
            .chain(remarks)
            .chain(changed)
            .chain(decoding.map(|bytes| words::decoding_remark(bytes, self.language)))
            .collect();
        let selecting =
            payload_view::body(ui, scene, &mut content, view, &remarks, &mut self.places, actions);
        if let Some(path) = self.places.wanted_column.take() {
            if self.history.toggle_column(node, path) {
                self.keep_look(node, None, actions);
            } else {
                actions.push(Action::Notify(Notice::error(words::TOO_MANY_COLUMNS.of(self.language))));
            }
        }
        if selecting && self.pinned.is_none() {
            // Text being selected must not move away from under the pointer.
            actions.push(TopicAction::Inspect(Some(content.message.id)));
        }
        self.current = Some(content);
    }
}

impl PanelView for InspectorView {
    fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        let now = ctx.input(|input| input.time);
        self.language = language(ctx);
        if scene.selected != self.node {
            self.turn_to(scene.selected, scene.model);
        }
        self.copy_large(ctx, actions);
        if std::mem::take(&mut self.places.wants_shape) {
            self.save_shape(actions);
        }
        let info = scene.selected.and_then(|node| scene.model.node(node));
        let Some(topic) = info.and_then(|info| info.topic) else { return };
        self.follow(topic, scene, ctx, now);
        self.shape.follow(ctx, scene, topic);
        self.decode(scene, ctx, now);
        if let Some(content) = &self.current {
            self.exchange.follow(ctx, scene, &content.message);
        }
        if let Some(mut content) = self.current.take() {
            let view = self.view_for(&content);
            self.places.marked.follow(ctx, scene, &mut content, view, &mut self.readings);
            self.current = Some(content);
        }
        if let (Some(content), false) = (&self.current, scene.paused)
            && let Some(seconds) = age_changes_in(content.message.arrived, scene.now)
        {
            ctx.request_repaint_after_secs(seconds as f32);
        }
    }

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let info =
            self.node.filter(|node| scene.selected == Some(*node)).and_then(|node| scene.model.node(node));
        let Some(info) = info else {
            empty::show(ui, words::NO_TOPIC.of(self.language), words::SELECT_A_TOPIC.of(self.language));
            return;
        };
        ui.spacing_mut().item_spacing.y = 0.0;
        header::topic_line(ui, &self.topic, &mut self.marked, actions);
        let Some(topic) = info.topic else {
            level::show(ui, &info, scene);
            self.query_below(ui, scene, info.id, actions);
            return;
        };
        // If the window is too low for payload and history, all of it scrolls.
        let view = ui.available_height();
        egui::ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let top = ui.cursor().top();
            self.above_payload(ui, scene, actions);
            let room = view - (ui.cursor().top() - top);
            let height = room.max(PAYLOAD_HEIGHT_MIN + HISTORY_HEIGHT_MIN);
            ui.allocate_ui(vec2(ui.available_width(), height), |ui| {
                ui.set_min_size(ui.available_size());
                self.payload_and_history(ui, scene, topic, actions);
            });
        });
    }
}

impl InspectorView {
    /// Draws the query of the values below a level that is no topic.
    fn query_below(&mut self, ui: &mut Ui, scene: &Scene<'_>, node: NodeId, actions: &mut Actions) {
        ui.add_space(size::GROUP);
        hairline(ui);
        let shown = self.places.query.show_below(ui, scene, node, &mut self.readings);
        if let Some(copied) = shown.and_then(|shown| shown.copied) {
            payload_view::copy(copied, self.language, actions);
        }
    }

    /// Draws everything between the topic and the payload.
    fn above_payload(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        if let Some(content) = &self.current {
            header::meta_line(ui, &content.message, scene);
            if content.message.is_payload_dropped && header::dropped_line(ui, &content.message) {
                ask_again(&self.topic, self.language, actions);
            }
            if let Some(properties) = &content.message.properties {
                header::properties(ui, properties, &mut self.properties_open);
            }
            keyed(ui, "exchange", |ui| self.exchange.show(ui, &content.message, scene, actions));
        }
        ui.add_space(4.0);
    }
}

/// The topic of a node, with the positions of its levels.
fn topic_of(model: &Model, node: NodeId) -> TopicName {
    let mut text = String::new();
    let mut levels = Vec::new();
    let mut is_lossy = false;
    for node in model.path(node) {
        let Some(info) = model.node(node) else { continue };
        if !levels.is_empty() {
            text.push('/');
        }
        let start = text.len();
        let name = String::from_utf8_lossy(info.segment);
        is_lossy |= matches!(name, Cow::Owned(_));
        text.push_str(&name);
        levels.push(TopicLevel { node, name: start..text.len() });
    }
    TopicName { text, levels, is_lossy }
}

/// Seconds until the displayed age of a message changes; `None` after a day.
fn age_changes_in(arrived: Timestamp, now: Timestamp) -> Option<f64> {
    let age = now.seconds_since(arrived).max(0.0);
    Some(match age {
        _ if age < 60.0 => 1.0 - age.fract(),
        _ if age < 3_600.0 => 60.0 - age % 60.0,
        _ if age < 86_400.0 => 3_600.0 - age % 3_600.0,
        _ => return None,
    })
}

/// Loads a message into the publish panel as it was received.
fn compose(topic: &TopicName, message: &InspectedMessage, language: Language, actions: &mut Actions) {
    if topic.is_lossy {
        actions.push(Action::Notify(Notice::error(words::TOPIC_NOT_UTF8.of(language))));
        return;
    }
    if message.is_payload_dropped {
        actions.push(Action::Notify(Notice::error(words::ONLY_HEAD_IS_HELD.of(language))));
        return;
    }
    let properties = message.properties.as_deref().cloned().unwrap_or_default();
    actions.push(PublishAction::Compose(Outgoing {
        topic: topic.text.clone(),
        payload: message.payload.clone(),
        qos: message.flags.qos,
        retain: message.flags.retain,
        // The identifiers belong to our subscriptions; a publisher must not send them (MQTT 5.0, 3.3.4).
        properties: PublishProperties { subscription_identifiers: Vec::new(), ..properties },
    }));
}

/// Asks the broker for a topic's retained message.
fn ask_again(topic: &TopicName, language: Language, actions: &mut Actions) {
    if topic.is_lossy {
        actions.push(Action::Notify(Notice::error(words::CANNOT_ASK_AGAIN.of(language))));
    } else {
        actions.push(SubscriptionAction::AskAgain(topic.text.clone()));
    }
}

/// Copies the name of a topic. Bytes that are not UTF-8 are replaced, and the notice says so.
pub fn copy_topic(node: NodeId, model: &Model, actions: &mut Actions) {
    let (what, text) = match String::from_utf8(model.topic_bytes(node)) {
        Ok(text) => (words::TOPIC, text),
        Err(error) => (words::LOSSY_TOPIC, String::from_utf8_lossy(error.as_bytes()).into_owned()),
    };
    actions.push(Action::Copy { what, text });
}
