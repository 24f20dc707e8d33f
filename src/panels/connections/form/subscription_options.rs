//! Subscription options that only MQTT 5 has (MQTT 5.0, 3.8.3.1).

use eframe::egui::Ui;

use crate::mqtt::check::Field;
use crate::mqtt::options::{RetainHandling, Subscription};
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{self, NumberField, note, under};
use crate::panels::connections::mistakes::Mistakes;
use crate::ui::language;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::named_combo;
use crate::words::{connection_form as words, options, subscriptions};

/// Indents the options under the topic filter, past the column of check boxes.
const INDENT: f32 = 32.0;

/// Draws the options of the subscription at `index`.
pub(super) fn show(ui: &mut Ui, draft: &mut ProfileDraft, mistakes: &Mistakes, index: usize) {
    let l = language(ui);
    let version = draft.profile.connect.version;
    if !version.allows_5() {
        note(ui, &words::no_options(version.name(), l), tokens(ui).text_muted);
        return;
    }
    let Some(subscription) = draft.profile.connect.subscriptions.get_mut(index) else { return };
    let Subscription { no_local, retain_as_published, retain_handling, identifier, .. } = subscription;
    under(ui, "flags", |ui| {
        ui.add_space(INDENT);
        check_box(ui, no_local, subscriptions::NO_LOCAL.of(l))
            .on_hover_text(subscriptions::NO_LOCAL_HELP.of(l));
        ui.add_space(size::PADDING);
        check_box(ui, retain_as_published, subscriptions::RETAIN_AS_PUBLISHED.of(l))
            .on_hover_text(subscriptions::RETAIN_AS_PUBLISHED_HELP.of(l));
    });
    under(ui, "retain handling", |ui| {
        ui.add_space(INDENT);
        fields::unit(ui, subscriptions::RETAINED_MESSAGES.of(l));
        ui.spacing_mut().combo_width = 180.0;
        let chosen = options::retain_handling(*retain_handling).of(l);
        named_combo(ui, words::RETAIN_HANDLING.of(l), chosen, |ui| {
            for handling in RetainHandling::ALL {
                ui.selectable_value(retain_handling, handling, options::retain_handling(handling).of(l));
            }
        });
    });
    let field = Field::SubscriptionIdentifier(index);
    under(ui, "identifier", |ui| {
        ui.add_space(INDENT);
        fields::unit(ui, subscriptions::IDENTIFIER.of(l));
        let number = NumberField {
            name: fields::name(field, l),
            field,
            hint: options::NONE.of(l),
            not_a_number: words::SUBSCRIPTION_IDENTIFIER_RANGE,
        };
        number.show_optional(ui, &mut draft.typed, identifier);
    });
    mistakes.show(ui, field);
    ui.add_space(size::PADDING);
}
