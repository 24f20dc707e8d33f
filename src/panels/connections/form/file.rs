//! File fields: typed, chosen in a dialog, or dropped onto the field.

use std::path::PathBuf;

use eframe::egui::{Button, Rect, Stroke, StrokeKind, Ui, vec2};

use crate::command::ProfileAction;
use crate::mqtt::check::Field;
use crate::mqtt::options::ConnectOptions;
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::fields::{self, BUTTON_WIDTH, SHORT_WIDTH, row};
use crate::panels::connections::form::{FormParts, Section};
use crate::ui::language;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::dialog;
use crate::words::{Label, Language, connection_form as words, widgets};

/// A file that the connection uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileField {
    Ca,
    Certificate,
    Key,
}

impl FileField {
    const ALL: [Self; 3] = [Self::Ca, Self::Certificate, Self::Key];

    fn name(self, language: Language) -> &'static str {
        fields::name(self.field(), language)
    }

    fn hint(self) -> Label {
        match self {
            Self::Ca => words::CA_CERTIFICATE_HINT,
            Self::Certificate => words::CLIENT_CERTIFICATE_HINT,
            Self::Key => words::CLIENT_KEY_HINT,
        }
    }

    fn field(self) -> Field {
        match self {
            Self::Ca => Field::CaCertificate,
            Self::Certificate => Field::ClientCertificate,
            Self::Key => Field::ClientKey,
        }
    }

    fn path_mut(self, connect: &mut ConnectOptions) -> &mut Option<PathBuf> {
        match self {
            Self::Ca => &mut connect.ca_certificate,
            Self::Certificate => &mut connect.tls.client_certificate,
            Self::Key => &mut connect.tls.client_key,
        }
    }
}

/// Sets a file that was chosen in a dialog.
pub(in crate::panels::connections) fn picked(connect: &mut ConnectOptions, field: Field, path: PathBuf) {
    if let Some(file) = FileField::ALL.into_iter().find(|file| file.field() == field) {
        *file.path_mut(connect) = Some(path);
    }
}

/// A file that was dropped outside the fields. The person is asked what it is.
#[derive(Debug, Default)]
pub(in crate::panels::connections) struct Dropped(Option<PathBuf>);

impl Dropped {
    /// Takes a dropped file that no field accepted. Some systems do not report where it was dropped.
    pub fn take(&mut self, path: PathBuf) {
        self.0 = Some(path);
    }

    /// Asks what the dropped file is.
    pub(super) fn ask(&mut self, ui: &Ui, draft: &mut ProfileDraft) {
        let Some(path) = self.0.clone() else { return };
        let mut chosen = None;
        let mut cancelled = false;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let l = language(ui);
        let closed = dialog::show(ui.ctx(), "dropped-file", 440.0, &words::use_file_as(&name, l), |ui| {
            dialog::buttons(ui, |ui| {
                cancelled = ui.button(widgets::CANCEL.of(l)).clicked();
                for field in FileField::ALL.into_iter().rev() {
                    if ui.button(field.name(l)).clicked() {
                        chosen = Some(field);
                    }
                }
            });
        });
        if let Some(field) = chosen {
            *field.path_mut(&mut draft.profile.connect) = Some(path);
            draft.set_open(Section::Security, true);
        }
        if chosen.is_some() || cancelled || closed {
            self.0 = None;
        }
    }
}

/// Draws the row of a file.
pub(super) fn show(ui: &mut Ui, form: &mut FormParts<'_>, file: FileField) {
    let l = language(ui);
    let name = file.name(l);
    let FormParts { draft, mistakes, actions, .. } = form;
    let path = file.path_mut(&mut draft.profile.connect);
    let pick = row(ui, name, |ui| {
        let mut typed = path.as_ref().map_or_else(String::new, |path| path.to_string_lossy().into_owned());
        let (bytes_max, hint) = (fields::bytes_max(file.field()), file.hint().of(l));
        let response = fields::text_of(ui, name, bytes_max, &mut typed, SHORT_WIDTH, hint);
        if response.changed() {
            *path = (!typed.is_empty()).then(|| typed.as_str().into());
        }
        if let Some(dropped) = dropped_onto(ui, response.rect, response.has_focus()) {
            *path = Some(dropped);
        }
        let browse = ui.add(Button::new(words::BROWSE.of(l)).min_size(vec2(BUTTON_WIDTH, 24.0)));
        browse.accessible_name(words::browse_for(name, l)).clicked()
    });
    mistakes.show(ui, file.field());
    if pick {
        actions.push(ProfileAction::PickFile(draft.profile.id.clone(), file.field()));
    }
}

/// Marks the field while a file is dragged over the window, and accepts one dropped onto it. If the system does not
/// report the position, the focused field accepts it.
fn dropped_onto(ui: &Ui, rect: Rect, has_focus: bool) -> Option<PathBuf> {
    let (held, at) = ui.input(|input| (!input.raw.hovered_files.is_empty(), input.pointer.latest_pos()));
    let is_meant = at.map_or(has_focus, |at| rect.contains(at));
    if held {
        let t = tokens(ui);
        let stroke = if is_meant { Stroke::new(1.5, t.accent) } else { Stroke::new(1.0, t.text_faint) };
        ui.painter().rect_stroke(rect, size::RADIUS, stroke, StrokeKind::Inside);
    }
    if !is_meant {
        return None;
    }
    ui.input_mut(|input| {
        let files = &mut input.raw.dropped_files;
        (!files.is_empty()).then(|| files.remove(0).path().to_path_buf())
    })
}
