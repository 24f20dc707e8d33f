//! Fields of files: typed, chosen in a dialog, or dropped onto the field.

use std::path::PathBuf;

use eframe::egui::{Button, Rect, Stroke, StrokeKind, Ui, vec2};

use crate::command::action::Action;
use crate::mqtt::options::ConnectOptions;
use crate::panels::connections::draft::Draft;
use crate::panels::connections::fields::{self, BUTTON_WIDTH, SHORT_WIDTH, row};
use crate::panels::connections::form::{Form, Section};
use crate::store::profiles::Field;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::dialog;

/// A file that the connection reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FileField {
    Ca,
    Certificate,
    Key,
}

impl FileField {
    const ALL: [Self; 3] = [Self::Ca, Self::Certificate, Self::Key];

    fn name(self) -> &'static str {
        match self {
            Self::Ca => "CA certificate",
            Self::Certificate => "Client certificate",
            Self::Key => "Client key",
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Ca => "The system's; or a PEM or DER file",
            Self::Certificate => "None; or PEM, DER, PKCS#12",
            Self::Key => "In the certificate's file; or PEM, DER",
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

/// Puts a file that was chosen in a dialog into its field.
pub(in crate::panels::connections) fn picked(connect: &mut ConnectOptions, field: Field, path: PathBuf) {
    if let Some(file) = FileField::ALL.into_iter().find(|file| file.field() == field) {
        *file.path_mut(connect) = Some(path);
    }
}

/// A file that was let go where there is no field, for the person to say what it is.
#[derive(Debug, Default)]
pub(in crate::panels::connections) struct Dropped(Option<PathBuf>);

impl Dropped {
    /// Takes a file that no field took, as where the system does not say over what it was let go.
    pub fn take(&mut self, path: PathBuf) {
        self.0 = Some(path);
    }

    /// Asks what the file is that no field took.
    pub(super) fn ask(&mut self, ui: &Ui, draft: &mut Draft) {
        let Some(path) = self.0.clone() else { return };
        let mut chosen = None;
        let mut cancelled = false;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
        let closed = dialog::show(ui.ctx(), "dropped file", 440.0, &format!("Use {name} as"), |ui| {
            ui.add_space(size::PADDING);
            ui.horizontal(|ui| {
                for field in FileField::ALL {
                    if ui.button(field.name()).clicked() {
                        chosen = Some(field);
                    }
                }
                cancelled = ui.button("Cancel").clicked();
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

/// The row of a file.
pub(super) fn show(ui: &mut Ui, form: &mut Form<'_>, file: FileField) {
    let Form { draft, errors, actions, .. } = form;
    let path = file.path_mut(&mut draft.profile.connect);
    let pick = row(ui, file.name(), |ui| {
        let mut typed = path.as_ref().map_or_else(String::new, |path| path.to_string_lossy().into_owned());
        let response = fields::text(ui, file.name(), &mut typed, SHORT_WIDTH, file.hint());
        if response.changed() {
            *path = (!typed.is_empty()).then(|| typed.as_str().into());
        }
        if let Some(dropped) = dropped_onto(ui, response.rect, response.has_focus()) {
            *path = Some(dropped);
        }
        let browse = ui.add(Button::new("Browse…").min_size(vec2(BUTTON_WIDTH, 24.0)));
        browse.accessible_name(format!("Browse for {}…", file.name())).clicked()
    });
    errors.show(ui, file.field());
    if pick {
        actions.push(Action::PickFile(draft.profile.id.clone(), file.field()));
    }
}

/// Marks the field while a file is held over the window, and takes the one that is let go over it. Where the system
/// does not say where that is, the field with the keyboard takes it.
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
