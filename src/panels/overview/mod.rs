//! The overview of a session, shown instead of the inspector while no topic is selected: how much traffic there is,
//! which topics stand out, and what the broker reports. Every entry leads to its topic.
//!
//! The topics are surveyed in portions, one per frame (`model::Survey`). Texts are updated at most once a second.

mod traffic;

use eframe::egui::{
    Align, EventFilter, Layout, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use crate::command::{Actions, SubscriptionAction, TopicAction};
use crate::model::{Findings, NodeId, Survey};
use crate::mqtt::options::Subscription;
use crate::panels::PanelView;
use crate::panels::overview::traffic::Traffic;
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::query::broker;
use crate::session::status::ConnectionState;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::{language, theme};
use crate::words::{Label, Language, format, overview as words};

/// How many topics are surveyed per frame, which takes a small part of a millisecond.
const TOPICS_PER_FRAME: usize = 6_000;
/// Seconds between updates of the texts while messages arrive.
const WRITE_SECONDS: f64 = 1.0;
/// Seconds between updates while nothing arrives and only silences grow.
const WRITE_IDLE_SECONDS: f64 = 5.0;
/// Seconds between two portions of a survey.
const PORTION_SECONDS: f32 = 0.033;
const ROW_HEIGHT: f32 = 22.0;
const FIGURE_WIDTH: f32 = 118.0;
const FIGURE_HEIGHT: f32 = 44.0;
/// The filter under which brokers report about themselves.
const SYS: &str = "$SYS/#";

/// What the panel keeps between frames.
#[derive(Debug, Default)]
pub struct OverviewView {
    survey: Survey,
    is_surveying: bool,
    traffic: Traffic,
    /// When the texts were written, by egui's clock, and how many messages there were.
    written: Option<(f64, u64)>,
    findings: Option<Findings>,
    lines: Lines,
    language: Language,
}

/// The texts shown.
#[derive(Debug, Default)]
struct Lines {
    figures: Vec<(String, Label)>,
    loudest: Vec<Line>,
    largest: Vec<Line>,
    silent: Vec<Line>,
    silent_more: u64,
    broker: Vec<(Label, String, NodeId)>,
}

/// A topic and the text about it.
#[derive(Debug)]
struct Line {
    node: NodeId,
    topic: String,
    says: String,
}

impl OverviewView {
    /// Surveys a portion of the topics if it is due, and updates the texts.
    fn keep_up(&mut self, ui: &Ui, scene: &Scene<'_>) {
        let now = ui.input(|input| input.time);
        let messages = scene.model.stats().messages;
        let l = language(ui);
        let is_due = self.written.is_none_or(|(at, before)| {
            let every = if messages == before { WRITE_IDLE_SECONDS } else { WRITE_SECONDS };
            now - at >= every
        });
        if is_due && !self.is_surveying {
            self.is_surveying = true;
            self.traffic.measure(now, &scene.model.stats());
        }
        if self.is_surveying {
            match self.survey.step(scene.model, scene.now, TOPICS_PER_FRAME) {
                Some(findings) => {
                    self.findings = Some(findings);
                    self.is_surveying = false;
                    self.written = Some((now, messages));
                    self.write(scene, l);
                }
                None => ui.ctx().request_repaint_after_secs(PORTION_SECONDS),
            }
        }
        if self.language != l {
            self.language = l;
            self.write(scene, l);
        }
        if !self.is_surveying && messages > 0 {
            let every = if self.traffic.is_idle() { WRITE_IDLE_SECONDS } else { WRITE_SECONDS };
            ui.ctx().request_repaint_after_secs(every as f32);
        }
    }

    fn write(&mut self, scene: &Scene<'_>, l: Language) {
        let Some(findings) = &self.findings else { return };
        let stats = scene.model.stats();
        // Until something was measured, the tree's own average is used.
        let of_tree = || scene.model.node(NodeId::ROOT).map_or(0.0, |root| root.rate);
        let rate = format::rate(self.traffic.messages_per_second.unwrap_or_else(of_tree));
        self.lines.figures = vec![
            (if rate.is_empty() { "0".to_owned() } else { rate }, words::MESSAGES_PER_SECOND),
            (format::bytes(self.traffic.bytes_per_second as u64), words::BYTES_PER_SECOND),
            (format::count(u64::from(stats.topics)), words::TOPICS),
            (format::count(stats.messages), words::MESSAGES),
            (format::count(findings.retained), words::RETAINED),
        ];
        let line = |node: NodeId, says: String| {
            let topic = scene.model.topic_bytes(node);
            Line { node, topic: visible_line(&String::from_utf8_lossy(&topic)).into_owned(), says }
        };
        let is_heard = |rate: &f64| !format::rate(*rate).is_empty();
        let loudest = findings.loudest.iter().filter(|loud| is_heard(&loud.per_second));
        self.lines.loudest =
            loudest.map(|loud| line(loud.node, words::per_second(loud.per_second, l))).collect();
        self.lines.largest =
            findings.largest.iter().map(|large| line(large.node, format::bytes(large.bytes))).collect();
        let silent = findings.silent.iter();
        self.lines.silent = silent
            .map(|silent| {
                line(silent.node, words::silent_since(silent.last, scene.now, silent.usual_gap_s, l))
            })
            .collect();
        self.lines.silent_more = findings.silent_total.saturating_sub(findings.silent.len() as u64);
        let stated = broker::stated(scene.model).into_iter();
        self.lines.broker = stated
            .map(|stated| (words::fact(stated.fact), words::reading(&stated.reading, l), stated.node))
            .collect();
    }
}

impl PanelView for OverviewView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.keep_up(ui, scene);
        let l = language(ui);
        if self.lines.figures.is_empty() || scene.model.stats().messages == 0 {
            empty::show(ui, words::NOTHING_YET.of(l), words::NOTHING_YET_HELP.of(l));
            return;
        }
        header(ui);
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
            self.lines.figures(ui);
            let Lines { loudest, largest, silent, .. } = &self.lines;
            list(ui, words::LOUDEST, None, loudest, actions);
            list(ui, words::LARGEST, None, largest, actions);
            list(ui, words::SILENT, Some(words::SILENT_HELP), silent, actions);
            let is_connected = scene.status.state.is_connected();
            if !is_connected && silent.is_empty() {
                note(ui, words::SILENT_UNKNOWN.of(l));
            } else if silent.is_empty() {
                note(ui, words::NOBODY_SILENT.of(l));
            } else if self.lines.silent_more > 0 {
                note(ui, &words::and_more(self.lines.silent_more, l));
            }
            self.lines.about_broker(ui, scene, actions);
            ui.add_space(size::SECTION);
        });
    }

    fn cleared(&mut self) {
        *self = Self::default();
    }
}

fn header(ui: &mut Ui) {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEADER), Sense::hover());
    let mut inside = ui.new_child(
        UiBuilder::new()
            .max_rect(rect.shrink2(vec2(size::PADDING, 0.0)))
            .layout(Layout::left_to_right(Align::Center)),
    );
    inside.label(RichText::new(words::TITLE.of(l)).font(theme::title_font()));
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, t.line));
}

impl Lines {
    /// Draws large numbers side by side, as many per line as fit.
    fn figures(&self, ui: &mut Ui) {
        let (t, l) = (tokens(ui), language(ui));
        ui.add_space(size::GROUP);
        let width = ui.available_width() - 2.0 * size::PADDING;
        let columns = ((width / FIGURE_WIDTH) as usize).clamp(1, self.figures.len().max(1));
        let each = width / columns as f32;
        for line in self.figures.chunks(columns) {
            let (rect, _) = ui.allocate_exact_size(vec2(width, FIGURE_HEIGHT), Sense::hover());
            for (index, (value, label)) in line.iter().enumerate() {
                let left = rect.left() + size::PADDING + each * index as f32;
                let place = Rect::from_min_size(pos2(left, rect.top()), vec2(each, FIGURE_HEIGHT));
                let mut inside = ui.new_child(UiBuilder::new().id_salt(index).max_rect(place));
                inside.spacing_mut().item_spacing.y = 0.0;
                let value = RichText::new(value).font(theme::title_font());
                inside.add(eframe::egui::Label::new(value).truncate());
                let name = RichText::new(label.of(l)).font(theme::small_font()).color(t.text_muted);
                let name = inside.add(eframe::egui::Label::new(name).truncate());
                if *label == words::RETAINED {
                    name.on_hover_text(words::RETAINED_HELP.of(l));
                }
            }
        }
    }

    fn about_broker(&self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        heading(ui, words::BROKER, None);
        if self.broker.is_empty() {
            note(ui, words::NO_SYS.of(l));
            let is_wanted = scene.status.subscriptions.iter().any(|known| known.wanted.filter == SYS);
            let is_recorded = scene.status.state == ConnectionState::Recorded;
            if !is_wanted && !is_recorded {
                ui.add_space(4.0);
                ui.horizontal(|ui| {
                    ui.add_space(size::PADDING);
                    if ui.button(words::SUBSCRIBE_SYS.of(l)).clicked() {
                        let subscription = Subscription { filter: SYS.to_owned(), ..Subscription::default() };
                        actions.push(SubscriptionAction::Add(subscription));
                    }
                });
            }
            return;
        }
        for (fact, value, node) in &self.broker {
            entry(ui, *node, fact.of(l), value, false, actions);
        }
    }
}

fn heading(ui: &mut Ui, title: Label, help: Option<Label>) {
    let l = language(ui);
    ui.add_space(size::SECTION);
    ui.horizontal(|ui| {
        ui.add_space(size::PADDING);
        let title = ui.label(RichText::new(title.of(l)).font(theme::strong_font()));
        if let Some(help) = help {
            title.on_hover_text(help.of(l));
        }
    });
    ui.add_space(4.0);
}

fn note(ui: &mut Ui, text: &str) {
    ui.horizontal_wrapped(|ui| {
        ui.add_space(size::PADDING);
        ui.label(RichText::new(text).color(tokens(ui).text_muted));
    });
}

fn list(ui: &mut Ui, title: Label, help: Option<Label>, lines: &[Line], actions: &mut Actions) {
    // With no lines, only silence is worth a word.
    if lines.is_empty() && help.is_none() {
        return;
    }
    heading(ui, title, help);
    ui.push_id(title.of(Language::English), |ui| {
        for line in lines {
            entry(ui, line.node, &line.topic, &line.says, true, actions);
        }
    });
}

/// Draws a line that leads to its topic: what it is on the left, the text about it on the right.
fn entry(ui: &mut Ui, node: NodeId, what: &str, says: &str, is_topic: bool, actions: &mut Actions) {
    let (t, enabled) = (tokens(ui), ui.is_enabled());
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
    let response = ui.interact(rect, ui.scope_id().with(("entry", node)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Link, enabled, format!("{what}, {says}")));
    if response.clicked() {
        actions.push(TopicAction::Select(node));
    }
    if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
    if response.has_focus() {
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, EventFilter::default()));
        let ring = Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink(1.0), size::RADIUS, ring, StrokeKind::Inside);
    }
    let inside = rect.shrink2(vec2(size::PADDING, 0.0));
    let says = one_line(ui, says, theme::mono_small_font(), t.text_muted, inside.width() * 0.6);
    let room = inside.width() - says.size().x - size::GROUP;
    let what = if is_topic {
        end_of_topic(ui, what, &theme::mono_font(), t.text, room)
    } else {
        one_line(ui, what, theme::text_font(), t.text, room)
    };
    paint_line(ui, inside.left_center(), what, t.text);
    let right = pos2(inside.right() - says.size().x, inside.center().y);
    paint_line(ui, right, says, t.text_muted);
    response.on_hover_cursor(eframe::egui::CursorIcon::PointingHand);
}
