//! The fields of a subscription: to add one, or to change one of the list.

use eframe::egui::{Align, Key, Layout, RichText, TextEdit, Ui, vec2};

use crate::command::{Action, Actions, SubscriptionAction};
use crate::message::QoS;
use crate::mqtt::options::RetainHandling;
use crate::panels::scene::Scene;
use crate::panels::subscriptions::draft::{self, Draft, overlap_note};
use crate::session::status::{ConnectionState, Status};
use crate::ui::theme;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{name_field, named_combo, primary_button};

const FILTER_WIDTH: f32 = 320.0;

/// What the form keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct Form {
    draft: Draft,
    /// The filter of the subscription that is changed; `None`: one is added.
    changes: Option<String>,
    options: bool,
    focus: bool,
    /// An empty filter is not marked before the first attempt to add it.
    tried: bool,
}

impl Form {
    /// Begins to change a subscription of the list.
    pub fn change(&mut self, draft: Draft) {
        let options = draft.has_options() || self.options;
        *self = Self { changes: Some(draft.filter.clone()), draft, options, focus: true, tried: false };
    }

    /// The filter of the subscription that is changed.
    pub fn changes(&self) -> Option<&str> {
        self.changes.as_deref()
    }

    /// Draws the fields and what is wrong with them.
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
        let muted = tokens(ui).text_muted;
        let hint = RichText::new("Topic filter, like plant/+/state").color(muted);
        let width = (ui.available_width() - 430.0).clamp(120.0, FILTER_WIDTH);
        let edit = TextEdit::singleline(&mut self.draft.filter).hint_text(hint).font(theme::mono_font());
        let field = ui.add(edit.desired_width(width));
        name_field(ui, &field, "Topic filter");
        if std::mem::take(&mut self.focus) {
            field.request_focus();
        }
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        qos_choice(ui, "QoS", &mut self.draft.qos);
        ui.toggle_value(&mut self.options, "Options").on_hover_text("What MQTT 5 lets a subscription choose");
        let ready = self.draft.subscription();
        let label = if self.changes.is_some() { "Change subscription" } else { "Add subscription" };
        let asked = primary_button(ui, label).clicked() || entered;
        self.tried |= asked;
        if let (Ok(subscription), true) = (ready, asked) {
            actions.push(match self.changes.take() {
                Some(filter) => Action::Subscription(SubscriptionAction::Change(filter, subscription)),
                None => Action::Subscription(SubscriptionAction::Add(subscription)),
            });
            *self = Self { options: self.options, focus: entered, ..Self::default() };
        }
        if self.changes.is_some() && ui.button("Cancel").clicked() {
            *self = Self { options: self.options, ..Self::default() };
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            keep(ui, scene, actions);
        });
    }

    fn options(&mut self, ui: &mut Ui, status: &Status) {
        ui.add_space(size::PADDING);
        let without = matches!(status.state, ConnectionState::Connected { version, .. }
            if version != crate::mqtt::options::MqttVersion::V5);
        check_box(ui, &mut self.draft.no_local, "No local")
            .on_hover_text("What this connection publishes itself is not delivered to it");
        check_box(ui, &mut self.draft.retain_as_published, "Retain as published")
            .on_hover_text("Messages keep the retain flag with which they were published");
        let muted = tokens(ui).text_muted;
        ui.label(RichText::new("Retained messages").color(muted));
        let handling = &mut self.draft.retain_handling;
        named_combo(ui, "Retained messages", draft::retain_handling_name(*handling), |ui| {
            for choice in RetainHandling::ALL {
                ui.selectable_value(handling, choice, draft::retain_handling_name(choice));
            }
        });
        ui.label(RichText::new("Identifier").color(muted));
        let hint = RichText::new("None").color(muted);
        let field =
            ui.add(TextEdit::singleline(&mut self.draft.identifier).hint_text(hint).desired_width(80.0));
        name_field(ui, &field, "Subscription identifier");
        if without {
            let text = RichText::new("The connection has no MQTT 5, so these are not sent");
            ui.label(text.color(tokens(ui).warn).font(theme::small_font()));
        }
    }

    /// One line: what is wrong, or what is to be known of what is typed.
    fn note(&self, ui: &mut Ui, status: &Status) {
        let t = tokens(ui);
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
            Err(why) => (why, t.error),
            Ok(_) if is_known => {
                ("It is in the list already: its QoS and options become these".to_owned(), t.text_muted)
            }
            Ok(_) => match overlap_note(&self.draft.filter, others) {
                Some(note) => (note, t.warn),
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

/// A choice of QoS with what each level promises.
pub fn qos_choice(ui: &mut Ui, name: &str, qos: &mut QoS) {
    ui.scope(|ui| {
        ui.spacing_mut().combo_width = 64.0;
        named_combo(ui, name, &format!("QoS {}", u8::from(*qos)), |ui| {
            for level in QoS::ALL {
                ui.selectable_value(qos, level, format!("QoS {}, {}", u8::from(level), level.meaning()));
            }
        });
    });
}

/// The button that makes the list the profile's.
fn keep(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let Some(kept) = scene.kept else { return };
    let wanted = scene.status.subscriptions.iter().map(|state| &state.wanted);
    let differs = !wanted.eq(kept.iter());
    ui.add_enabled_ui(differs, |ui| {
        let button = ui.button("Keep in the profile");
        let help = "Makes these subscriptions those of the saved connection";
        let same = "The saved connection has these subscriptions";
        if button.on_hover_text(help).on_disabled_hover_text(same).clicked() {
            actions.push(SubscriptionAction::Keep);
        }
    });
}
