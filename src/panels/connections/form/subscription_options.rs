//! What only MQTT 5 can say about a subscription (MQTT 5.0, 3.8.3.1).

use eframe::egui::Ui;

use crate::mqtt::options::{RetainHandling, Subscription};
use crate::panels::connections::draft::Draft;
use crate::panels::connections::fields::{self, Errors, Number, note, under};
use crate::store::profiles::Field;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::named_combo;

/// The options stand under the topic filter, behind the column of check boxes.
const INDENT: f32 = 32.0;

/// Draws the options of the subscription at `index`.
pub(super) fn show(ui: &mut Ui, draft: &mut Draft, errors: &Errors, index: usize) {
    let version = draft.profile.connect.version;
    if !version.allows_5() {
        let text = format!("With MQTT {version} a subscription has no more options.");
        note(ui, &text, tokens(ui).text_muted);
        return;
    }
    let Some(subscription) = draft.profile.connect.subscriptions.get_mut(index) else { return };
    let Subscription { no_local, retain_as_published, retain_handling, identifier, .. } = subscription;
    under(ui, "flags", |ui| {
        ui.add_space(INDENT);
        let help = "What this connection publishes itself is not delivered to it";
        check_box(ui, no_local, "No local").on_hover_text(help);
        ui.add_space(size::PADDING);
        let help = "Messages keep the retain flag with which they were published";
        check_box(ui, retain_as_published, "Retain as published").on_hover_text(help);
    });
    under(ui, "retain handling", |ui| {
        ui.add_space(INDENT);
        fields::unit(ui, "Retained messages");
        ui.spacing_mut().combo_width = 180.0;
        named_combo(ui, "Retain handling", handling_text(*retain_handling), |ui| {
            for handling in RetainHandling::ALL {
                ui.selectable_value(retain_handling, handling, handling_text(handling));
            }
        });
    });
    under(ui, "identifier", |ui| {
        ui.add_space(INDENT);
        fields::unit(ui, "Identifier");
        let number = Number {
            name: "Subscription identifier",
            field: Field::SubscriptionIdentifier(index),
            hint: "None",
            wrong: "A subscription identifier is a number from 1 to 268435455.",
        };
        number.show_optional(ui, &mut draft.typed, identifier);
    });
    errors.show(ui, Field::SubscriptionIdentifier(index));
    ui.add_space(size::PADDING);
}

fn handling_text(handling: RetainHandling) -> &'static str {
    match handling {
        RetainHandling::Send => "All that match",
        RetainHandling::SendIfNew => "Only to a new subscription",
        RetainHandling::DoNotSend => "None",
    }
}

/// What is chosen, for while the options are closed; empty if nothing is.
pub(super) fn summary(subscription: &Subscription) -> String {
    let mut parts = Vec::new();
    if subscription.no_local {
        parts.push("no local".to_owned());
    }
    if subscription.retain_as_published {
        parts.push("retain as published".to_owned());
    }
    match subscription.retain_handling {
        RetainHandling::Send => {}
        RetainHandling::SendIfNew => parts.push("retained only to a new subscription".to_owned()),
        RetainHandling::DoNotSend => parts.push("no retained messages".to_owned()),
    }
    parts.extend(subscription.identifier.map(|identifier| format!("identifier {identifier}")));
    crate::panels::connections::form::summary::one_line(&parts)
}
