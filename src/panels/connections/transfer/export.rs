//! The dialog that asks what to export, and whether to include passwords.

use eframe::egui::{Context, Label, RichText, Ui};

use crate::command::{Actions, ProfileAction};
use crate::store::profiles::{Profile, ProfileId, Profiles};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::{check_box, radio};
use crate::ui::widgets::controls::primary_button;
use crate::ui::widgets::dialog;
use crate::ui::{language, theme};
use crate::words::{connections as words, widgets};

/// The export question.
#[derive(Debug)]
pub(in crate::panels::connections) struct ExportQuestion {
    /// The connection shown in the form, and its name.
    this: ProfileId,
    name: String,
    all: bool,
    with_secrets: bool,
}

impl ExportQuestion {
    /// Creates the question; `this` is the connection shown in the form.
    pub fn new(this: &Profile) -> Self {
        Self { this: this.id.clone(), name: this.name.clone(), all: true, with_secrets: false }
    }

    /// Draws the dialog in front of everything else. Returns whether it is still open.
    pub fn show(&mut self, ctx: &Context, profiles: &Profiles, actions: &mut Actions) -> bool {
        let l = language(ctx);
        let mut is_open = true;
        let closed = dialog::show(ctx, "export", 400.0, words::EXPORT_TITLE.of(l), |ui| {
            if profiles.len() > 1 {
                self.which(ui, profiles.len());
            }
            self.secrets(ui);
            dialog::buttons(ui, |ui| {
                is_open &= !ui.button(widgets::CANCEL.of(l)).clicked();
                if primary_button(ui, words::CHOOSE_FILE.of(l)).clicked() {
                    let (profiles, with_secrets) = (self.chosen(profiles), self.with_secrets);
                    actions.push(ProfileAction::Export { profiles, with_secrets });
                    is_open = false;
                }
            });
        });
        is_open && !closed
    }

    fn which(&mut self, ui: &mut Ui, count: usize) {
        let l = language(ui);
        for (value, label) in [(true, words::all_connections(count, l)), (false, words::only(&self.name, l))]
        {
            if radio(ui, self.all == value, &label).clicked() {
                self.all = value;
            }
        }
        ui.add_space(size::PADDING);
    }

    fn secrets(&mut self, ui: &mut Ui) {
        let (t, l) = (tokens(ui), language(ui));
        check_box(ui, &mut self.with_secrets, words::INCLUDE_PASSWORDS.of(l));
        let (text, color) = if self.with_secrets {
            (words::WITH_PASSWORDS, t.warn)
        } else {
            (words::WITHOUT_PASSWORDS, t.text_muted)
        };
        ui.add(Label::new(RichText::new(text.of(l)).color(color).font(theme::small_font())).wrap());
    }

    /// The chosen connections, as saved.
    fn chosen(&self, profiles: &Profiles) -> Vec<Profile> {
        profiles.iter().filter(|profile| self.all || profile.id == self.this).cloned().collect()
    }
}
