//! Asks for the path of a file: by the desktop's own dialog, or by ours where the desktop has none.
//!
//! `rfd` tells a dialog that was cancelled and one that never opened by the same silence. So whether there is one is found
//! out before, from files alone: on Linux a desktop portal with a file chooser, or zenity.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crossbeam_channel::{Sender, bounded};
use eframe::egui::Context;

use crate::panels::path_dialog::{PathAnswer, PathDialog, PathPurpose};
use crate::store::folders;
use crate::ui::job::{Job, Progress};

/// The look at a handful of files is over long before anybody asks for one; on a slow disk ours is taken.
const PATIENCE: Duration = Duration::from_millis(200);

/// Which dialog asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FileDialogs {
    /// The desktop's, where it has one.
    #[default]
    Automatic,
    /// Ours.
    Own,
}

/// Waits for the answer, on the thread of a job; `None` if no file was chosen.
pub(super) type Answer = Box<dyn FnOnce() -> Option<PathBuf> + Send>;

/// Questions for paths that are open, and whether the desktop can ask them.
#[derive(Debug)]
pub(super) struct PathQuestions {
    desktop: Desktop,
    /// The first one shows.
    open: Vec<(PathDialog, Sender<PathBuf>)>,
}

#[derive(Debug)]
enum Desktop {
    Looking(Job<bool>),
    Known(bool),
}

impl PathQuestions {
    pub fn new(dialogs: FileDialogs, ctx: &Context) -> Self {
        let desktop = match dialogs {
            FileDialogs::Own => Desktop::Known(false),
            FileDialogs::Automatic => {
                Desktop::Looking(Job::spawn("look for dialogs", ctx, |_| has_dialogs()))
            }
        };
        Self { desktop, open: Vec::new() }
    }

    /// Asks; the desktop's dialog is made here, because macOS wants that on the window's thread.
    pub fn ask(&mut self, title: &str, purpose: PathPurpose, name: &str) -> Answer {
        if let Desktop::Looking(job) = &self.desktop {
            let found = matches!(job.wait(PATIENCE), Progress::Done(true));
            self.desktop = Desktop::Known(found);
        }
        if matches!(self.desktop, Desktop::Known(true)) {
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
        // A dialog that is closed drops its sender.
        Box::new(move || answer.recv().ok())
    }

    /// Draws the question that is open.
    pub fn show(&mut self, ctx: &Context) {
        let Some((dialog, sender)) = self.open.first_mut() else { return };
        match dialog.show(ctx) {
            PathAnswer::Open => return,
            PathAnswer::Cancelled => {}
            // Who asked may be gone.
            PathAnswer::Chosen(path) => {
                sender.try_send(path).ok();
            }
        }
        self.open.remove(0);
    }
}

/// Where a path begins: in the person's documents, or at home.
fn begin_in() -> PathBuf {
    // The separator at the end lists the folder and not what begins with its name.
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
    // Inside of a sandbox the portal is the only way.
    if Path::new("/.flatpak-info").exists() || var("SNAP").is_some() {
        return true;
    }
    let runtime = var("XDG_RUNTIME_DIR").map(|folder| PathBuf::from(folder).join("bus"));
    let has_bus = var("DBUS_SESSION_BUS_ADDRESS").is_some() || runtime.is_some_and(|bus| bus.exists());
    let data = var("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let mut all: Vec<PathBuf> = std::env::split_paths(&data).collect();
    all.extend(folders::data());
    has_bus && has_portal(&all)
}

/// Whether the portal can be started, and something behind it chooses files.
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
