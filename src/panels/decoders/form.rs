//! The form that adds a rule or changes one of the list. While nothing was typed, it stands on the selected topic.

use eframe::egui::{Align, Context, Key, Label, Layout, RichText, Ui, vec2};

use crate::command::{Actions, DecoderAction};
use crate::model::NodeId;
use crate::mqtt::filter::check_filter;
use crate::panels::scene::Scene;
use crate::payload::decode::{Choice, DECODERS, Format, detect};
use crate::payload::schema::SchemaFiles;
use crate::query::{Readings, Rule, names_a_file};
use crate::store::profiles::DecoderRule;
use crate::ui::job::{Cancel, Job, JobProgress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::{named_combo, primary_button};
use crate::ui::widgets::field;
use crate::ui::{language, theme};
use crate::words::{Language, decoders as words, filter, payload, widgets};

const FILTER_WIDTH: f32 = 280.0;
/// The list of decoders does not scroll where there is room.
const LIST_HEIGHT: f32 = 720.0;
const OPTIONS_WIDTH: f32 = 300.0;
/// The longest options: a layout of some hundred fields.
const OPTIONS_BYTES_MAX: usize = 16 * 1024;

/// What the form keeps between frames.
#[derive(Debug)]
pub(super) struct RuleForm {
    filter: String,
    format: Format,
    options: String,
    /// Filter of the rule being changed; `None` while adding one.
    changes: Option<String>,
    /// The topic that the form stands on until something is typed.
    follows: Option<NodeId>,
    is_touched: bool,
    focus: bool,
    /// The rule of the form, prepared.
    rule: Rule,
    /// Prepares it if it names a schema.
    reading: Option<Job<Rule>>,
}

impl Default for RuleForm {
    fn default() -> Self {
        Self {
            filter: String::new(),
            format: Format::Json,
            options: String::new(),
            changes: None,
            follows: None,
            is_touched: false,
            focus: false,
            rule: Rule::new("", Format::Json.id()),
            reading: None,
        }
    }
}

impl RuleForm {
    /// The rule as it is in the form.
    pub(super) fn rule(&self) -> &Rule {
        &self.rule
    }

    /// Filter of the rule being changed.
    pub(super) fn changes(&self) -> Option<&str> {
        self.changes.as_deref()
    }

    /// Begins changing a rule of the list.
    pub(super) fn change(&mut self, rule: &Rule, files: &SchemaFiles, ctx: &Context) {
        self.take(rule, files, ctx);
        self.changes = Some(rule.filter.clone());
        (self.is_touched, self.focus) = (true, true);
    }

    fn take(&mut self, rule: &Rule, files: &SchemaFiles, ctx: &Context) {
        let (id, options) = rule.decoder.split_once(':').unwrap_or((&rule.decoder, ""));
        self.filter.clone_from(&rule.filter);
        self.format = Format::of_id(id.trim()).unwrap_or(Format::Hex);
        options.trim().clone_into(&mut self.options);
        self.prepare(files, ctx);
    }

    fn prepare(&mut self, files: &SchemaFiles, ctx: &Context) {
        let options = self.options.trim();
        let decoder = if words::options_hint(self.format).is_none() || options.is_empty() {
            self.format.id().to_owned()
        } else {
            format!("{}:{options}", self.format.id())
        };
        if (self.rule.filter.as_str(), self.rule.decoder.as_str()) != (self.filter.as_str(), &decoder) {
            self.rule = if names_a_file(&decoder) {
                let (filter, text, files) = (self.filter.clone(), decoder.clone(), files.clone());
                let read = move |_: &Cancel| Rule::with_files(filter, text, &files);
                self.reading = Some(Job::spawn("read schema", ctx, read));
                Rule::waiting(self.filter.clone(), decoder)
            } else {
                self.reading = None;
                Rule::new(self.filter.clone(), decoder)
            };
        }
    }

    /// Puts the form on the selected topic, with the decoder that reads it now.
    fn follow(&mut self, scene: &Scene<'_>, ctx: &Context) {
        let topic =
            scene.selected.filter(|node| scene.model.node(*node).is_some_and(|it| it.topic.is_some()));
        if self.is_touched || topic == self.follows {
            return;
        }
        self.follows = topic;
        let Some(node) = topic else {
            *self = Self::default();
            return;
        };
        let name = scene.model.topic_bytes(node);
        let newest = scene.model.node(node).and_then(|node| node.topic).map(|topic| topic.newest);
        let choice =
            newest.and_then(|newest| Readings::default().choice_of(scene.model, scene.rules, &newest));
        let guessed = || Choice::plain(newest.and_then(|it| detect(it.payload())).unwrap_or(Format::Text));
        let name = String::from_utf8(name).unwrap_or_default();
        let decoder = choice.unwrap_or_else(guessed).to_string();
        self.take(&Rule::waiting(name, decoder), scene.rules.files(), ctx);
    }

    /// Draws the fields and what is to be said of them.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        if self.changes.as_ref().is_some_and(|filter| !scene.rules.iter().any(|rule| rule.filter == *filter))
        {
            *self = Self::default(); // it was removed
        }
        if let Some(JobProgress::Done(rule)) = self.reading.as_ref().map(Job::poll) {
            (self.rule, self.reading) = (rule, None);
        }
        self.follow(scene, ui.ctx());
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), size::PANEL_HEADER),
            Layout::left_to_right(Align::Center),
            |ui| self.fields(ui, scene, actions),
        );
        self.note(ui, scene);
    }

    fn fields(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        ui.add_space(size::PADDING);
        let l = language(ui);
        let muted = tokens(ui).text_muted;
        let hint = |text: &'static str| RichText::new(text).color(muted);
        let width = ((ui.available_width() - 330.0) * 0.45).clamp(100.0, FILTER_WIDTH);
        let topic_hint = hint(words::TOPIC_FILTER_HINT.of(l));
        let typed = &mut self.filter;
        let field = field::line(ui, words::TOPIC_FILTER.of(l), field::STRING_BYTES_MAX, typed, |edit| {
            edit.hint_text(topic_hint).font(theme::mono_font()).desired_width(width)
        });
        if std::mem::take(&mut self.focus) {
            field.request_focus();
        }
        let mut is_changed = field.changed();
        let enter = ui.input(|input| input.key_pressed(Key::Enter));
        let mut entered = field.lost_focus() && enter;
        let before = self.format;
        ui.scope(|ui| {
            ui.spacing_mut().combo_height = LIST_HEIGHT;
            named_combo(ui, words::DECODER.of(l), words::decoder(self.format, l), |ui| {
                for (format, _) in DECODERS {
                    let choice = ui.selectable_value(&mut self.format, *format, words::decoder(*format, l));
                    choice.on_hover_text(payload::about(*format).of(l));
                }
            });
        });
        if before != self.format {
            is_changed = true;
            // What one format needs to know means nothing to another, but for a schema of values.
            if !(before.takes_json_schema() && self.format.takes_json_schema()) {
                self.options.clear();
            }
        }
        if let Some(example) = words::options_hint(self.format) {
            let width = (ui.available_width() - 150.0).clamp(80.0, OPTIONS_WIDTH);
            let options = &mut self.options;
            let field = field::line(ui, words::OPTIONS.of(l), OPTIONS_BYTES_MAX, options, |edit| {
                edit.hint_text(hint(example)).font(theme::mono_font()).desired_width(width)
            });
            is_changed |= field.changed();
            entered |= field.lost_focus() && enter;
        }
        if is_changed {
            self.is_touched = true;
            self.prepare(scene.rules.files(), ui.ctx());
        }
        let label = if self.changes.is_some() { words::SAVE } else { words::ADD };
        let asked = primary_button(ui, label.of(l)).clicked() || entered;
        if asked && self.problem(l).is_none() {
            let rule = DecoderRule { filter: self.filter.clone(), decoder: self.rule.decoder.clone() };
            actions.push(match self.changes.take() {
                Some(filter) => DecoderAction::Replace { filter, rule },
                None => DecoderAction::Set(rule),
            });
            *self = Self { follows: self.follows, ..Self::default() };
        } else if asked {
            self.is_touched = true;
        }
        if self.is_touched && ui.button(widgets::CANCEL.of(l)).clicked() {
            *self = Self::default();
        }
    }

    /// What is wrong with the rule.
    fn problem(&self, l: Language) -> Option<String> {
        if let Err(why) = check_filter(&self.filter) {
            return Some(filter::invalid(why, l));
        }
        self.rule.error.as_ref().map(|error| payload::choice_error(error, l))
    }

    fn note(&self, ui: &mut Ui, scene: &Scene<'_>) {
        let (t, l) = (tokens(ui), language(ui));
        if !self.is_touched {
            return;
        }
        let is_known = self.changes.as_ref() != Some(&self.filter)
            && scene.rules.iter().any(|rule| rule.filter == self.filter);
        let (text, color) = match self.problem(l) {
            Some(why) => (why, t.error),
            None if is_known => (words::REPLACES.of(l).to_owned(), t.text_muted),
            None => return,
        };
        ui.horizontal(|ui| {
            ui.add_space(size::PADDING);
            ui.add(Label::new(RichText::new(text).color(color).font(theme::small_font())).truncate());
        });
    }
}
