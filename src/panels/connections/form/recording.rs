//! The section for what is always recorded, and for how much of the disk that may take.

use eframe::egui::Ui;

use crate::panels::connections::fields::{check, note, row};
use crate::panels::connections::form::FormParts;
use crate::store::profiles::AutoRecording;
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::named_combo;
use crate::words::connection_form as words;

pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>) {
    let l = language(ui);
    let recording = &mut form.draft.profile.recording;
    check(ui, &mut recording.always, words::ALWAYS_RECORD.of(l), words::ALWAYS_RECORD_HELP.of(l));
    let (keep, leave) = (words::KEEP_AT_MOST.of(l), words::LEAVE_FREE.of(l));
    ui.add_enabled_ui(recording.always, |ui| {
        row(ui, keep, |ui| {
            named_combo(ui, keep, &words::disk_budget(recording.keep_mb, l), |ui| {
                for choice in AutoRecording::KEEP_MB {
                    ui.selectable_value(&mut recording.keep_mb, choice, words::disk_budget(choice, l));
                }
            });
        });
        row(ui, leave, |ui| {
            named_combo(ui, leave, &words::megabytes(recording.leave_free_mb), |ui| {
                for choice in AutoRecording::LEAVE_FREE_MB {
                    ui.selectable_value(&mut recording.leave_free_mb, choice, words::megabytes(choice));
                }
            });
        });
    });
    note(ui, words::KEEP_HELP.of(l), tokens(ui).text_muted);
}
