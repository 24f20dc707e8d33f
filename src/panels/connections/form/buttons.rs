//! The bar below the form.

use eframe::egui::{Align, Label, Layout, RichText, Ui};

use crate::command::{Action, Actions, Dangerous, ExaminationAction, ProfileAction};
use crate::panels::connections::draft::ProfileDraft;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::primary_button;
use crate::ui::{language, theme};
use crate::words::connection_form as words;

pub(super) fn show(ui: &mut Ui, draft: &mut ProfileDraft, is_right: bool, actions: &mut Actions) {
    let l = language(ui);
    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(24.0);
        let connect = primary_button(ui, words::CONNECT.of(l)).clicked() | std::mem::take(&mut draft.entered);
        let test = ui.button(words::TEST.of(l)).on_hover_text(words::TEST_HELP.of(l)).clicked();
        if connect || test {
            draft.tried = true;
            draft.reveal = !is_right;
        }
        if is_right && connect {
            actions.push(ProfileAction::SaveAndConnect(Box::new(draft.edit())));
        } else if is_right && test {
            actions.push(ExaminationAction::Begin(Box::new(draft.edit())));
        }
        if ui.button(words::SAVE.of(l)).clicked() {
            actions.push(ProfileAction::Save(Box::new(draft.edit())));
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(24.0);
            if ui.button(words::DELETE.of(l)).clicked() {
                actions.push(Action::Confirm(Dangerous::DeleteProfile(draft.profile.id.clone())));
            }
            if ui.button(words::DUPLICATE.of(l)).clicked() {
                if draft.changed_at.is_some() {
                    actions.push(ProfileAction::Save(Box::new(draft.edit())));
                }
                actions.push(ProfileAction::Duplicate(draft.profile.id.clone()));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| saved(ui, draft));
        });
    });
}

/// Shows in the rest of the bar what is not saved. If everything is, nothing is shown.
fn saved(ui: &mut Ui, draft: &ProfileDraft) {
    let t = tokens(ui);
    let (text, color) = if draft.lacks_a_number() {
        (words::SAVED_BUT_FOR_A_NUMBER, t.warn)
    } else if draft.changed_at.is_some() {
        (words::NOT_SAVED, t.text_muted)
    } else {
        return;
    };
    ui.add(
        Label::new(RichText::new(text.of(language(ui))).color(color).font(theme::small_font())).truncate(),
    );
}
