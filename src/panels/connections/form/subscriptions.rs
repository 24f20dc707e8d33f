//! The section for the subscriptions made at every connect.

use eframe::egui::{Ui, UiBuilder};

use crate::message::QoS;
use crate::mqtt::check::Field;
use crate::mqtt::options::Subscription;
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{self, FIELD_AT, FIELD_WIDTH, note, note_at, row, under};
use crate::panels::connections::form::{FormParts, subscription_options};
use crate::panels::connections::mistakes::Mistakes;
use crate::ui::tokens::tokens;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{icon_button, named_combo};
use crate::ui::{icons, language};
use crate::words::{connection_form as words, options, subscriptions as row_words};

/// Width of the check box without a label, with the space after it.
const CHECK_WIDTH: f32 = 32.0;
/// Width of the QoS choice.
const COMBO_WIDTH: f32 = 96.0;

/// The filter for the broker's own statistics.
const SYS: &str = "$SYS/#";

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    let l = language(ui);
    let FormParts { draft, mistakes, .. } = form;
    let count = draft.profile.connect.subscriptions.len();
    draft.more.resize(count, false);
    let mut removed = None;
    for index in 0..count {
        let scope = UiBuilder::new().scope_id(ui.scope_id().with(("subscription", index)));
        ui.scope_builder(scope, |ui| {
            if subscription(ui, draft, mistakes, index) {
                removed = Some(index);
            }
        });
    }
    if let Some(index) = removed {
        remove(draft, index);
    }
    add(ui, &mut draft.profile.connect.subscriptions);
    let subscriptions = &draft.profile.connect.subscriptions;
    let muted = tokens(ui).text_muted;
    if subscriptions.is_empty() {
        note(ui, words::NO_SUBSCRIPTION.of(l), muted);
    } else if subscriptions.iter().all(|subscription| !subscription.enabled) {
        note(ui, words::ALL_OFF.of(l), muted);
    }
}

/// Draws one subscription, with its options if they are visible. Returns whether to remove it.
fn subscription(ui: &mut Ui, draft: &mut ProfileDraft, mistakes: &Mistakes, index: usize) -> bool {
    let (Some(subscription), Some(more)) =
        (draft.profile.connect.subscriptions.get_mut(index), draft.more.get_mut(index))
    else {
        return false;
    };
    let l = language(ui);
    // A mistake in the options must be visible.
    *more |= mistakes.of(Field::SubscriptionIdentifier(index)).is_some();
    let label = if index == 0 { words::TOPIC_FILTERS.of(l) } else { "" };
    let removed = row(ui, label, |ui| filter(ui, subscription, index, more));
    mistakes.show_at(ui, FIELD_AT + CHECK_WIDTH, Field::Subscription(index));
    if *more {
        subscription_options::show(ui, draft, mistakes, index);
    } else if draft.profile.connect.version.allows_5() {
        let options = draft.profile.connect.subscriptions.get(index);
        let options = options.map(|subscription| options::subscription_options(subscription, l));
        if let Some(options) = options.filter(|options| !options.is_empty()) {
            let text = options::capitalised(options);
            note_at(ui, FIELD_AT + CHECK_WIDTH, &text, tokens(ui).text_muted);
        }
    }
    removed
}

/// Draws the filter with its check box, QoS and buttons. Returns whether to remove it.
fn filter(ui: &mut Ui, subscription: &mut Subscription, index: usize, more: &mut bool) -> bool {
    let l = language(ui);
    let name = row_words::subscribe_to(&subscription.filter, l);
    let tick = check_box(ui, &mut subscription.enabled, "");
    tick.on_hover_text(words::SUBSCRIBE_HELP.of(l)).accessible_name(name);
    let room = FIELD_WIDTH - CHECK_WIDTH - COMBO_WIDTH - ui.spacing().item_spacing.x;
    if !subscription.enabled {
        ui.visuals_mut().override_text_color = Some(tokens(ui).text_muted);
    }
    let (name, hint) = (fields::name(Field::Subscription(index), l), words::TOPIC_FILTER_HINT.of(l));
    fields::text(ui, name, &mut subscription.filter, room, hint);
    let qos = &mut subscription.qos;
    named_combo(ui, row_words::QOS.of(l), options::qos(*qos), |ui| {
        for level in QoS::ALL {
            ui.selectable_value(qos, level, options::qos_choice(level).of(l));
        }
    });
    let icon = if *more { icons::CARET_UP } else { icons::CARET_DOWN };
    let name = words::more_options_of(&subscription.filter, *more, l);
    if icon_button(ui, icon, &name, words::more_options(*more).of(l)).clicked() {
        *more ^= true;
    }
    let name = row_words::remove(&subscription.filter, l);
    icon_button(ui, icons::X, &name, words::REMOVE_SUBSCRIPTION.of(l)).clicked()
}

fn remove(draft: &mut ProfileDraft, index: usize) {
    draft.profile.connect.subscriptions.remove(index);
    draft.more.remove(index);
    // The subscriptions after it have moved up, and so have the numbers typed for them.
    draft.typed.forget_all(|field| matches!(field, Field::SubscriptionIdentifier(_)));
}

fn add(ui: &mut Ui, subscriptions: &mut Vec<Subscription>) {
    let l = language(ui);
    under(ui, "add subscription", |ui| {
        if ui.button(row_words::ADD.of(l)).clicked() {
            subscriptions.push(Subscription::new("", QoS::AtMostOnce));
        }
        let has_sys = subscriptions.iter().any(|subscription| subscription.filter == SYS);
        if !has_sys && ui.button(words::ADD_SYS.of(l)).on_hover_text(words::ADD_SYS_HELP.of(l)).clicked() {
            subscriptions.push(Subscription::new(SYS, QoS::AtMostOnce));
        }
    });
}
