//! The bar below the form.

use eframe::egui::{Align, Label, Layout, RichText, Ui};

use crate::command::{Action, Actions, Dangerous, ExaminationAction, ProfileAction};
use crate::panels::connections::draft::Draft;
use crate::ui::theme;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::primary_button;

pub(super) fn show(ui: &mut Ui, draft: &mut Draft, is_right: bool, actions: &mut Actions) {
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(24.0);
        let connect = primary_button(ui, "Connect").clicked();
        let help = "Tries each step of the connection by itself and says how it went";
        let test = ui.button("Test connection").on_hover_text(help).clicked();
        if connect || test {
            draft.tried = true;
            draft.reveal = !is_right;
        }
        if is_right && connect {
            actions.push(ProfileAction::SaveAndConnect(Box::new(draft.edit())));
        } else if is_right && test {
            actions.push(ExaminationAction::Begin(Box::new(draft.edit())));
        }
        if ui.button("Save").clicked() {
            actions.push(ProfileAction::Save(Box::new(draft.edit())));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(24.0);
            if ui.button("Delete").clicked() {
                actions.push(Action::Confirm(Dangerous::DeleteProfile(draft.profile.id.clone())));
            }
            if ui.button("Duplicate").clicked() {
                if draft.changed_at.is_some() {
                    actions.push(ProfileAction::Save(Box::new(draft.edit())));
                }
                actions.push(ProfileAction::Duplicate(draft.profile.id.clone()));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| saved(ui, draft));
        });
    });
}

/// Whether what was typed is kept, in what is left of the bar.
fn saved(ui: &mut Ui, draft: &Draft) {
    let t = tokens(ui);
    let (text, color) = if draft.lacks_a_number() {
        ("Saved, but for the number that is marked", t.warn)
    } else if draft.changed_at.is_some() {
        ("Not saved yet", t.text_muted)
    } else {
        ("Saved", t.text_muted)
    };
    ui.add(Label::new(RichText::new(text).color(color).font(theme::small_font())).truncate());
}
