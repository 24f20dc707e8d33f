//! Variables whose values are in the keyring: what is typed for them, and the one that is being added.

use eframe::egui::{self, RichText, Ui};

use crate::mqtt::options::{ConnectOptions, Secret};
use crate::panels::connections::fields::{FIELD_WIDTH, row, under};
use crate::template::is_variable_name;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::field;
use crate::ui::{icons, language, theme};
use crate::words::{Label, connection_form as words};

const NAME_WIDTH: f32 = 120.0;

/// What was typed since the connection was last saved. A value that was not typed stays as the keyring has it.
#[derive(Default)]
pub(super) struct SecretVariableFields {
    /// Names and new values; an empty value removes the variable.
    changed: Vec<(String, String)>,
    /// The texts of the fields beside the names, which begin empty.
    typed: Vec<(String, String)>,
    new_name: String,
    new_value: String,
}

impl std::fmt::Debug for SecretVariableFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.changed.iter().map(|(name, _)| name)).finish()
    }
}

impl SecretVariableFields {
    /// What has to be kept, which counts as kept from then on.
    pub fn take_typed(&mut self) -> Vec<(String, Secret)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().map(|(name, value)| (name, Secret::new(value))).collect()
    }

    fn change(&mut self, name: &str, value: &str) {
        self.changed.retain(|(known, _)| known != name);
        self.changed.push((name.to_owned(), value.to_owned()));
    }

    /// Draws the variables and the fields that add one. Returns whether something was changed that has to be saved.
    pub fn show(&mut self, ui: &mut Ui, connect: &mut ConnectOptions) -> bool {
        let l = language(ui);
        let mut is_changed = false;
        let mut removed = None;
        for (index, name) in connect.secret_variables.iter().enumerate() {
            let label = words::value_of_secret_variable(name, l);
            row(ui, name, |ui| {
                let at = self.typed.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
                    self.typed.push((name.clone(), String::new()));
                    self.typed.len() - 1
                });
                let text = &mut self.typed[at].1;
                let response = secret_field(ui, &label, words::UNCHANGED, text, FIELD_WIDTH - 36.0);
                if response.changed() && !text.is_empty() {
                    let text = text.clone();
                    self.change(name, &text);
                    is_changed = true;
                }
                let remove = words::remove_secret_variable(name, l);
                if icon_button(ui, icons::X, &remove, &remove).clicked() {
                    removed = Some(index);
                }
            });
        }
        if let Some(index) = removed {
            let name = connect.secret_variables.remove(index);
            self.typed.retain(|(known, _)| *known != name);
            self.change(&name, "");
            is_changed = true;
        }
        is_changed | self.add(ui, connect)
    }

    fn add(&mut self, ui: &mut Ui, connect: &mut ConnectOptions) -> bool {
        let l = language(ui);
        let is_known = connect.secret_variables.contains(&self.new_name)
            || connect.variables.iter().any(|(name, _)| *name == self.new_name);
        let problem = if is_known {
            Some(words::VARIABLE_EXISTS)
        } else if !is_variable_name(&self.new_name) {
            Some(words::SECRET_VARIABLE_NEEDS_NAME)
        } else {
            self.new_value.is_empty().then_some(words::SECRET_VARIABLE_NEEDS_VALUE)
        };
        under(ui, "secret variable", |ui| {
            let hint = RichText::new(words::SECRET_VARIABLE_NAME_HINT.of(l)).color(tokens(ui).text_muted);
            let name = words::SECRET_VARIABLE_NAME.of(l);
            field::line(ui, name, field::NAME_BYTES_MAX, &mut self.new_name, |edit| {
                edit.id_salt("secret variable name").hint_text(hint).desired_width(NAME_WIDTH)
            });
            let (value, hint) = (words::SECRET_VARIABLE_VALUE.of(l), words::SECRET_VARIABLE_VALUE_HINT);
            secret_field(ui, value, hint, &mut self.new_value, NAME_WIDTH);
            let add = ui.add_enabled(problem.is_none(), egui::Button::new(words::ADD_SECRET_VARIABLE.of(l)));
            let why = problem.map(|why| why.of(l)).unwrap_or_default();
            if !add.on_disabled_hover_text(why).clicked() {
                return false;
            }
            let (name, value) = (std::mem::take(&mut self.new_name), std::mem::take(&mut self.new_value));
            self.change(&name, &value);
            connect.secret_variables.push(name);
            true
        })
    }
}

fn secret_field(ui: &mut Ui, name: &str, hint: Label, text: &mut String, width: f32) -> egui::Response {
    let hint = RichText::new(hint.of(language(ui))).font(theme::text_font()).color(tokens(ui).text_muted);
    field::line(ui, name, field::STRING_BYTES_MAX, text, |edit| {
        edit.id_salt(name).password(true).hint_text(hint).desired_width(width)
    })
}
