//! Asks for the path of a file, with the desktop's dialog or, if the desktop has none, with ours.
//!
//! `rfd` gives the same answer for a dialog that was cancelled and one that never opened. So the program checks
//! beforehand, by looking for files, whether there is one: on Linux a desktop portal with a file chooser, or zenity.

use std::path::PathBuf;
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use eframe::egui::Context;

use crate::panels::path_dialog::{PathAnswer, PathDialog, PathPurpose};
use crate::store::folders;
pub use crate::store::settings::FileDialogs;
use crate::ui::job::{Job, JobProgress};

/// How long to wait for that check. It is done long before anybody asks for a file; on a slow disk our dialog is used.
const PATIENCE: Duration = Duration::from_millis(200);

/// Waits for the answer, on a job's thread; returns `None` if no file was chosen.
pub(super) type Answer = Box<dyn FnOnce() -> Option<PathBuf> + Send>;

/// The open questions for paths, and whether the desktop can ask them.
#[derive(Debug)]
pub(super) struct PathQuestions {
    desktop: Desktop,
    /// Which dialog the program was started with, and which one the settings name.
    started_with: FileDialogs,
    chosen: FileDialogs,
    /// The open questions; the first one is shown.
    open: Vec<(PathDialog, Sender<PathBuf>)>,
}

#[derive(Debug)]
enum Desktop {
    Looking(Job<bool>),
    Known(bool),
}

impl PathQuestions {
    pub fn new(dialogs: FileDialogs, ctx: &Context) -> Self {
        let desktop = Desktop::Looking(Job::spawn("look for dialogs", ctx, |_| has_dialogs()));
        Self { desktop, started_with: dialogs, chosen: FileDialogs::default(), open: Vec::new() }
    }

    /// Asks with this dialog from now on.
    pub fn choose(&mut self, dialogs: FileDialogs) {
        self.chosen = dialogs;
    }

    /// Asks for a path. The desktop's dialog is created here because macOS requires the window's thread for that.
    pub fn ask(&mut self, title: &str, purpose: PathPurpose, name: &str) -> Answer {
        if let Desktop::Looking(job) = &self.desktop {
            let found = matches!(job.wait(PATIENCE), JobProgress::Done(true));
            self.desktop = Desktop::Known(found);
        }
        let is_own = [self.started_with, self.chosen].contains(&FileDialogs::Own);
        if !is_own && matches!(self.desktop, Desktop::Known(true)) {
            let dialog = rfd::AsyncFileDialog::new().set_title(title);
            let path = |file: Option<rfd::FileHandle>| file.map(|file| file.path().to_path_buf());
            return match purpose {
                PathPurpose::Open => {
                    let asked = dialog.pick_file();
                    Box::new(move || path(pollster::block_on(asked)))
                }
                PathPurpose::Save => {
                    let asked = dialog.set_file_name(name).save_file();
                    Box::new(move || path(pollster::block_on(asked)))
                }
            };
        }
        let (sender, answer) = bounded(1);
        let dialog = PathDialog::new(title.to_owned(), purpose, &begin_in(), name);
        self.open.push((dialog, sender));
        // Closing the dialog drops its sender.
        Box::new(move || answer.recv().ok())
    }

    /// Draws the question that is open.
    pub fn show(&mut self, ctx: &Context) {
        let Some((dialog, sender)) = self.open.first_mut() else { return };
        match dialog.show(ctx) {
            PathAnswer::Open => return,
            PathAnswer::Cancelled => {}
            // The job that asked may be gone.
            PathAnswer::Chosen(path) => {
                sender.try_send(path).ok();
            }
        }
        self.open.remove(0);
    }
}

/// The folder to start in: the person's documents, or home.
fn begin_in() -> PathBuf {
    // With the separator at the end the folder itself is listed, not what begins with its name.
    folders::documents().or_else(folders::home).unwrap_or_default().join("")
}

#[cfg(not(target_os = "linux"))]
fn has_dialogs() -> bool {
    true
}

#[cfg(target_os = "linux")]
fn has_dialogs() -> bool {
    let var = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let path = var("PATH").unwrap_or_default();
    if std::env::split_paths(&path).any(|folder| folder.join("zenity").is_file()) {
        return true;
    }
    // Inside a sandbox the portal is the only way.
    if std::path::Path::new("/.flatpak-info").exists() || var("SNAP").is_some() {
        return true;
    }
    let runtime = var("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("bus"));
    let has_bus = var("DBUS_SESSION_BUS_ADDRESS").is_some() || runtime.is_some_and(|bus| bus.exists());
    let data = var("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let mut all: Vec<PathBuf> = std::env::split_paths(&data).collect();
    all.extend(folders::data());
    has_bus && has_portal(&all)
}

/// Whether the portal can be started and has a backend that chooses files.
#[cfg(any(target_os = "linux", test))]
fn has_portal(folders: &[PathBuf]) -> bool {
    const SERVICE: &str = "dbus-1/services/org.freedesktop.portal.Desktop.service";
    const CHOOSER: &str = "org.freedesktop.impl.portal.FileChooser";
    let chooses = |file: std::io::Result<std::fs::DirEntry>| {
        let text = file.and_then(|file| std::fs::read_to_string(file.path()));
        text.is_ok_and(|text| text.contains(CHOOSER))
    };
    let behind = |folder: &PathBuf| {
        let files = std::fs::read_dir(folder.join("xdg-desktop-portal/portals"));
        files.is_ok_and(|mut files| files.any(chooses))
    };
    folders.iter().any(|folder| folder.join(SERVICE).exists()) && folders.iter().any(behind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_dialog_is_used_where_it_was_chosen_though_the_desktop_has_one() {
        let mut questions = PathQuestions {
            desktop: Desktop::Known(true),
            started_with: FileDialogs::Automatic,
            chosen: FileDialogs::Automatic,
            open: Vec::new(),
        };
        questions.choose(FileDialogs::Own);
        let answer = questions.ask("Save", PathPurpose::Save, "a.json");
        assert_eq!(questions.open.len(), 1);
        drop(questions);
        assert_eq!(answer(), None, "it went away without an answer");
    }

    #[test]
    fn a_portal_counts_only_with_a_chooser_of_files_behind_it() {
        let data = tempfile::tempdir().unwrap();
        let folders = [data.path().to_owned()];
        assert!(!has_portal(&folders));
        let services = data.path().join("dbus-1/services");
        std::fs::create_dir_all(&services).unwrap();
        std::fs::write(services.join("org.freedesktop.portal.Desktop.service"), "").unwrap();
        let portals = data.path().join("xdg-desktop-portal/portals");
        std::fs::create_dir_all(&portals).unwrap();
        std::fs::write(portals.join("a.portal"), "Interfaces=org.freedesktop.impl.portal.Settings\n")
            .unwrap();
        assert!(!has_portal(&folders));
        std::fs::write(portals.join("b.portal"), "Interfaces=org.freedesktop.impl.portal.FileChooser;\n")
            .unwrap();
        assert!(has_portal(&folders));
    }
}
