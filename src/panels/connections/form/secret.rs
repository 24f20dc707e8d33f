//! Secret fields, and the choice of where secrets are stored.

use eframe::egui::{Key, Ui};

use crate::mqtt::options::{ConnectOptions, SecretKind};
use crate::panels::connections::KeyringState;
use crate::panels::connections::fields::{self, FIELD_WIDTH, note, row};
use crate::panels::connections::form::FormParts;
use crate::store::{PasswordPlace, secrets};
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::{icon_button, named_combo};
use crate::ui::widgets::field;
use crate::ui::{icons, language};
use crate::words::{Label, connection_form as words, options, secrets as words_of_secrets};

const PLACES: [(PasswordPlace, Label); 3] = [
    (PasswordPlace::Keyring, words::IN_KEYRING),
    (PasswordPlace::Ask, words::NOWHERE),
    (PasswordPlace::File, words::IN_FILE),
];

/// The secrets that have fields, in the order of the form. They share one storage place, chosen below the first.
fn used(connect: &ConnectOptions) -> Vec<SecretKind> {
    let mut kinds = secrets::possible(connect);
    kinds.retain(|kind| *kind != SecretKind::Token || connect.version.allows_5());
    kinds
}

/// Draws a secret's field if this connection uses it, and the choice of where it is stored.
pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>, kind: SecretKind) {
    if !used(&form.draft.profile.connect).contains(&kind) {
        return;
    }
    if form.draft.profile.password_place == PasswordPlace::Ask {
        let l = language(ui);
        row(ui, options::secret(kind).of(l), |ui| fields::unit(ui, words::ASKED_FOR.of(l)));
    } else {
        secret_field(ui, form, kind);
    }
    if used(&form.draft.profile.connect).first() == Some(&kind) {
        place(ui, form);
    }
}

fn secret_field(ui: &mut Ui, form: &mut FormParts<'_>, kind: SecretKind) {
    let l = language(ui);
    let label = options::secret(kind).of(l);
    row(ui, label, |ui| {
        let may_be_kept = form.draft.may_be_kept(kind);
        let secret = form.draft.secrets.get_mut(kind);
        let hint = if secret.typed || !may_be_kept { options::NONE } else { words::UNCHANGED };
        let look = fields::look(ui, label, FIELD_WIDTH - 36.0, hint.of(l));
        let hidden = !secret.shown;
        let response = field::line(ui, label, field::STRING_BYTES_MAX, &mut secret.text, |edit| {
            look.of(edit.password(hidden))
        });
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        let changed = response.changed();
        secret.typed |= changed;
        let icon = if secret.shown { icons::EYE_SLASH } else { icons::EYE };
        let name = words::show_secret(secret.shown, options::secret_in_sentence(kind).of(l), l);
        if icon_button(ui, icon, &name, &name).clicked() {
            secret.shown ^= true;
        }
        form.draft.entered |= entered;
        if changed {
            form.draft.changed_at = Some(ui.input(|input| input.time));
        }
    });
}

fn place(ui: &mut Ui, form: &mut FormParts<'_>) {
    let (t, l) = (tokens(ui), language(ui));
    let FormParts { draft, keyring, .. } = form;
    let before = draft.profile.password_place;
    row(ui, words::KEEP_SECRETS.of(l), |ui| {
        let chosen = PLACES.iter().find(|(place, _)| *place == before).map_or("", |(_, label)| label.of(l));
        let place = &mut draft.profile.password_place;
        ui.spacing_mut().combo_width = 220.0;
        named_combo(ui, words::KEEP_SECRETS.of(l), chosen, |ui| {
            for (choice, label) in PLACES {
                ui.selectable_value(place, choice, label.of(l));
            }
        });
    });
    if draft.profile.password_place != before {
        draft.secrets.move_along();
    }
    match (draft.profile.password_place, keyring) {
        (PasswordPlace::File, _) => {
            note(ui, words::IN_FILE_WARNING.of(l), t.warn);
        }
        (PasswordPlace::Keyring, KeyringState::Missing(why)) => {
            let why = match why {
                Some(error) => words_of_secrets::error(error, l),
                None => words::KEYRING_NOT_ASKED.of(l).to_owned(),
            };
            note(ui, words::NO_KEYRING.of(l), t.warn).on_hover_text(why);
        }
        (PasswordPlace::Keyring | PasswordPlace::Ask, _) => {}
    }
}
