//! What is subscribed to at every connect.

use eframe::egui::{Ui, UiBuilder};

use crate::message::QoS;
use crate::mqtt::options::Subscription;
use crate::panels::connections::draft::Draft;
use crate::panels::connections::fields::{self, Errors, FIELD_AT, FIELD_WIDTH, note, note_at, row, under};
use crate::panels::connections::form::{Form, subscription_options};
use crate::store::profiles::Field;
use crate::ui::icons;
use crate::ui::tokens::tokens;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{icon_button, named_combo};

/// The check box without its label, and the space behind it.
const CHECK_WIDTH: f32 = 32.0;
/// The choice of the QoS.
const COMBO_WIDTH: f32 = 96.0;

pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, errors, .. } = form;
    let count = draft.profile.connect.subscriptions.len();
    draft.more.resize(count, false);
    let mut removed = None;
    for index in 0..count {
        let scope = UiBuilder::new().scope_id(ui.scope_id().with(("subscription", index)));
        ui.scope_builder(scope, |ui| {
            if subscription(ui, draft, errors, index) {
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
        note(ui, "Without a subscription nothing is received; publishing works.", muted);
    } else if subscriptions.iter().all(|subscription| !subscription.enabled) {
        note(ui, "All subscriptions are off: nothing is received; publishing works.", muted);
    }
}

/// One row, and its options if they show. Whether it is to be removed.
fn subscription(ui: &mut Ui, draft: &mut Draft, errors: &Errors, index: usize) -> bool {
    let (Some(subscription), Some(more)) =
        (draft.profile.connect.subscriptions.get_mut(index), draft.more.get_mut(index))
    else {
        return false;
    };
    // What is wrong among the options must be seen.
    *more |= errors.of(Field::SubscriptionIdentifier(index)).is_some();
    let mut removed = false;
    row(ui, if index == 0 { "Topic filters" } else { "" }, |ui| {
        let help = "Subscribed to at every connect; without the tick it is only kept";
        let name = format!("Subscribe to {}", subscription.filter);
        check_box(ui, &mut subscription.enabled, "").on_hover_text(help).accessible_name(name);
        let room = FIELD_WIDTH - CHECK_WIDTH - COMBO_WIDTH - ui.spacing().item_spacing.x;
        if !subscription.enabled {
            ui.visuals_mut().override_text_color = Some(tokens(ui).text_muted);
        }
        fields::text(ui, "Topic filter", &mut subscription.filter, room, "Topic filter, such as plant/#");
        let qos = &mut subscription.qos;
        named_combo(ui, "QoS", &format!("QoS {}", u8::from(*qos)), |ui| {
            for level in QoS::ALL {
                let label = format!("QoS {}, {}", u8::from(level), level.meaning());
                ui.selectable_value(qos, level, label);
            }
        });
        let (icon, verb) = if *more { (icons::CARET_UP, "Fewer") } else { (icons::CARET_DOWN, "More") };
        let name = format!("{verb} options of {}", subscription.filter);
        let toggle = icon_button(ui, icon, &name, &format!("{verb} options of this subscription"));
        if toggle.clicked() {
            *more ^= true;
        }
        let name = format!("Remove {}", subscription.filter);
        removed = icon_button(ui, icons::X, &name, "Remove this subscription").clicked();
    });
    errors.show_at(ui, FIELD_AT + CHECK_WIDTH, Field::Subscription(index));
    if *more {
        subscription_options::show(ui, draft, errors, index);
    } else if draft.profile.connect.version.allows_5() {
        let options = draft.profile.connect.subscriptions.get(index).map(subscription_options::summary);
        if let Some(options) = options.filter(|options| !options.is_empty()) {
            note_at(ui, FIELD_AT + CHECK_WIDTH, &options, tokens(ui).text_muted);
        }
    }
    removed
}

fn remove(draft: &mut Draft, index: usize) {
    draft.profile.connect.subscriptions.remove(index);
    draft.more.remove(index);
    // The numbers of the ones behind it belong to other places now.
    draft.typed.forget_all(|field| matches!(field, Field::SubscriptionIdentifier(_)));
}

fn add(ui: &mut Ui, subscriptions: &mut Vec<Subscription>) {
    under(ui, "add subscription", |ui| {
        if ui.button("Add subscription").clicked() {
            subscriptions.push(Subscription::new("", QoS::AtMostOnce));
        }
        let help = "The broker's own figures. Some brokers refuse clients that ask for them";
        let has_sys = subscriptions.iter().any(|subscription| subscription.filter == "$SYS/#");
        if !has_sys && ui.button("Add $SYS/#").on_hover_text(help).clicked() {
            subscriptions.push(Subscription::new("$SYS/#", QoS::AtMostOnce));
        }
    });
}
