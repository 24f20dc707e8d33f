//! The form for adding a subscription or changing one in the list.

use eframe::egui::{Align, Key, Layout, RichText, Ui, vec2};

use crate::command::{Action, Actions, SubscriptionAction};
use crate::message::QoS;
use crate::mqtt::options::{MqttVersion, RetainHandling};
use crate::panels::scene::Scene;
use crate::panels::subscriptions::draft::{SubscriptionDraft, overlap};
use crate::session::status::Status;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{named_combo, primary_button};
use crate::ui::widgets::field;
use crate::ui::{language, theme};
use crate::words::{options, subscriptions as words, widgets};

const FILTER_WIDTH: f32 = 320.0;

/// What the form keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct SubscriptionForm {
    draft: SubscriptionDraft,
    /// Filter of the subscription being changed; `None` while adding one.
    changes: Option<String>,
    options: bool,
    focus: bool,
    /// Whether somebody tried to add a subscription. Until then, an empty filter is not marked.
    tried: bool,
}

impl SubscriptionForm {
    /// Begins changing a subscription in the list.
    pub fn change(&mut self, draft: SubscriptionDraft) {
        let options = draft.has_options() || self.options;
        *self = Self { changes: Some(draft.filter.clone()), draft, options, focus: true, tried: false };
    }

    /// Filter of the subscription being changed.
    pub fn changes(&self) -> Option<&str> {
        self.changes.as_deref()
    }

    /// Draws the fields and their errors.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let known =
            |filter: &str| scene.status.subscriptions.iter().any(|state| state.wanted.filter == filter);
        if self.changes.as_deref().is_some_and(|filter| !known(filter)) {
            *self = Self { options: self.options, ..Self::default() };
        }
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), size::PANEL_HEADER),
            Layout::left_to_right(Align::Center),
            |ui| self.fields(ui, scene, actions),
        );
        if self.options {
            ui.allocate_ui_with_layout(
                vec2(ui.available_width(), 28.0),
                Layout::left_to_right(Align::Center),
                |ui| self.options(ui, scene.status),
            );
        }
        self.note(ui, scene.status);
    }

    fn fields(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        ui.add_space(size::PADDING);
        let l = language(ui);
        let muted = tokens(ui).text_muted;
        let hint = RichText::new(words::TOPIC_FILTER_HINT.of(l)).color(muted);
        let width = (ui.available_width() - 430.0).clamp(120.0, FILTER_WIDTH);
        let (name, filter) = (words::TOPIC_FILTER.of(l), &mut self.draft.filter);
        let field = field::line(ui, name, field::STRING_BYTES_MAX, filter, |edit| {
            edit.hint_text(hint).font(theme::mono_font()).desired_width(width)
        });
        if std::mem::take(&mut self.focus) {
            field.request_focus();
        }
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        qos_choice(ui, words::QOS.of(l), &mut self.draft.qos);
        ui.toggle_value(&mut self.options, words::OPTIONS.of(l)).on_hover_text(words::OPTIONS_HELP.of(l));
        let ready = self.draft.subscription();
        let label = if self.changes.is_some() { words::CHANGE } else { words::ADD };
        let asked = primary_button(ui, label.of(l)).clicked() || entered;
        self.tried |= asked;
        if let (Ok(subscription), true) = (ready, asked) {
            actions.push(match self.changes.take() {
                Some(filter) => Action::Subscription(SubscriptionAction::Change(filter, subscription)),
                None => Action::Subscription(SubscriptionAction::Add(subscription)),
            });
            *self = Self { options: self.options, focus: entered, ..Self::default() };
        }
        if self.changes.is_some() && ui.button(widgets::CANCEL.of(l)).clicked() {
            *self = Self { options: self.options, ..Self::default() };
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            keep(ui, scene, actions);
        });
    }

    fn options(&mut self, ui: &mut Ui, status: &Status) {
        ui.add_space(size::PADDING);
        let l = language(ui);
        let spoken = status.state.spoken();
        let without = spoken.is_some_and(|(version, _)| version != MqttVersion::V5);
        check_box(ui, &mut self.draft.no_local, words::NO_LOCAL.of(l))
            .on_hover_text(words::NO_LOCAL_HELP.of(l));
        check_box(ui, &mut self.draft.retain_as_published, words::RETAIN_AS_PUBLISHED.of(l))
            .on_hover_text(words::RETAIN_AS_PUBLISHED_HELP.of(l));
        let muted = tokens(ui).text_muted;
        ui.label(RichText::new(words::RETAINED_MESSAGES.of(l)).color(muted));
        let handling = &mut self.draft.retain_handling;
        let chosen = options::retain_handling(*handling).of(l);
        named_combo(ui, words::RETAINED_MESSAGES.of(l), chosen, |ui| {
            for choice in RetainHandling::ALL {
                ui.selectable_value(handling, choice, options::retain_handling(choice).of(l));
            }
        });
        ui.label(RichText::new(words::IDENTIFIER.of(l)).color(muted));
        let hint = RichText::new(options::NONE.of(l)).color(muted);
        let (name, identifier) = (words::SUBSCRIPTION_IDENTIFIER.of(l), &mut self.draft.identifier);
        field::line(ui, name, field::NUMBER_BYTES_MAX, identifier, |edit| {
            edit.hint_text(hint).desired_width(80.0)
        });
        if without {
            let text = RichText::new(words::WITHOUT_MQTT_5.of(l));
            ui.label(text.color(tokens(ui).warn).font(theme::small_font()));
        }
    }

    /// Draws one line about the input: what is wrong with it, or worth knowing.
    fn note(&self, ui: &mut Ui, status: &Status) {
        let (t, l) = (tokens(ui), language(ui));
        if self.draft.filter.is_empty() && !self.tried {
            return;
        }
        let changed = self.changes.as_deref();
        let others = status.subscriptions.iter().map(|state| &state.wanted).filter(|wanted| wanted.enabled);
        let others = others.map(|wanted| wanted.filter.as_str());
        let others = others.filter(|other| Some(*other) != changed && *other != self.draft.filter);
        let is_known = changed != Some(self.draft.filter.as_str())
            && status.subscriptions.iter().any(|state| state.wanted.filter == self.draft.filter);
        let (text, color) = match self.draft.subscription() {
            Err(why) => (why.text(l), t.error),
            Ok(_) if is_known => (words::IS_KNOWN.of(l).to_owned(), t.text_muted),
            Ok(_) => match overlap(&self.draft.filter, others) {
                Some(overlap) => (overlap.text(l), t.warn),
                None => return,
            },
        };
        ui.horizontal(|ui| {
            ui.add_space(size::PADDING);
            ui.add(
                eframe::egui::Label::new(RichText::new(text).color(color).font(theme::small_font()))
                    .truncate(),
            );
        });
    }
}

/// Draws a QoS choice that explains what each level guarantees.
pub fn qos_choice(ui: &mut Ui, name: &str, qos: &mut QoS) {
    let l = language(ui);
    ui.scope(|ui| {
        ui.spacing_mut().combo_width = 64.0;
        named_combo(ui, name, options::qos(*qos), |ui| {
            for level in QoS::ALL {
                ui.selectable_value(qos, level, options::qos_choice(level).of(l));
            }
        });
    });
}

/// Draws the button that saves the list in the profile.
fn keep(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let Some(kept) = scene.kept else { return };
    let wanted = scene.status.subscriptions.iter().map(|state| &state.wanted);
    let differs = !wanted.eq(kept.iter());
    let l = language(ui);
    ui.add_enabled_ui(differs, |ui| {
        let button = ui.button(words::KEEP.of(l)).on_hover_text(words::KEEP_HELP.of(l));
        if button.on_disabled_hover_text(words::KEEP_SAME.of(l)).clicked() {
            actions.push(SubscriptionAction::Keep);
        }
    });
}
