//! Fields of what must not be seen, and the choice of where it is kept.

use eframe::egui::{TextEdit, Ui};

use crate::mqtt::options::{ConnectOptions, SecretKind};
use crate::panels::connections::Keyring;
use crate::panels::connections::fields::{self, FIELD_WIDTH, note, row};
use crate::panels::connections::form::Form;
use crate::store::{PasswordPlace, secrets};
use crate::ui::icons;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::{icon_button, named_combo};

/// The choice of their place.
const PLACE: &str = "Keep secrets";

const PLACES: [(PasswordPlace, &str); 3] = [
    (PasswordPlace::Keyring, "In the system's keyring"),
    (PasswordPlace::Ask, "Nowhere: ask at each connect"),
    (PasswordPlace::File, "In the profiles file"),
];

/// Which secrets the form has fields for, in its order. All of them have one place; it is chosen below the first.
fn used(connect: &ConnectOptions) -> Vec<SecretKind> {
    let mut kinds = secrets::possible(connect);
    kinds.retain(|kind| *kind != SecretKind::Token || connect.version.allows_5());
    kinds
}

/// The field of a secret, if this connection has a use for it, and where it is kept.
pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>, label: &str, kind: SecretKind) {
    if !used(&form.draft.profile.connect).contains(&kind) {
        return;
    }
    let place = form.draft.profile.password_place;
    if place == PasswordPlace::Ask {
        row(ui, label, |ui| fields::unit(ui, "Asked for at each connect"));
    } else {
        field(ui, form, label, kind);
    }
    if used(&form.draft.profile.connect).first() == Some(&kind) {
        crate::panels::connections::form::secret::place(ui, form);
    }
}

fn field(ui: &mut Ui, form: &mut Form<'_>, label: &str, kind: SecretKind) {
    row(ui, label, |ui| {
        let secret = form.draft.secrets.get_mut(kind);
        let hint = if secret.typed { "None" } else { "Unchanged" };
        let edit = TextEdit::singleline(&mut secret.text).password(!secret.shown);
        let changed = fields::edit(ui, kind.label(), edit, FIELD_WIDTH - 36.0, hint).changed();
        secret.typed |= changed;
        let verb = if secret.shown { "Hide" } else { "Show" };
        let icon = if secret.shown { icons::EYE_SLASH } else { icons::EYE };
        let name = format!("{verb} {}", kind.name());
        if icon_button(ui, icon, &name, &name).clicked() {
            secret.shown ^= true;
        }
        if changed {
            form.draft.changed_at = Some(ui.input(|input| input.time));
        }
    });
}

fn place(ui: &mut Ui, form: &mut Form<'_>) {
    let Form { draft, keyring, .. } = form;
    let before = draft.profile.password_place;
    row(ui, PLACE, |ui| {
        let chosen = PLACES.iter().find(|(place, _)| *place == before).map_or("", |(_, label)| *label);
        let place = &mut draft.profile.password_place;
        ui.spacing_mut().combo_width = 220.0;
        named_combo(ui, PLACE, chosen, |ui| {
            for (choice, label) in PLACES {
                ui.selectable_value(place, choice, label);
            }
        });
    });
    if draft.profile.password_place != before {
        draft.secrets.move_along();
    }
    let t = tokens(ui);
    match (draft.profile.password_place, keyring) {
        (PasswordPlace::File, _) => {
            note(ui, "Whoever can read the file can read the password.", t.warn);
        }
        (PasswordPlace::Keyring, Keyring::Missing(why)) => {
            let text = "There is no keyring here: what is secret is asked for at each connect.";
            note(ui, text, t.warn).on_hover_text(why);
        }
        _ => {}
    }
}
