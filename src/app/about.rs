//! The About page's facts and answers, and the report of a panic at the next start.

use std::path::Path;
use std::process::Command;
use std::thread;

use eframe::egui::Context;

use crate::BUILD;
use crate::app::App;
use crate::command::{Actions, Notice};
use crate::logging::PanicReport;
use crate::panels::about::{self, AboutAnswer, AboutFacts};
use crate::panels::whole_text::WholeTextView;
use crate::ui::language;
use crate::words::{about as words, app};

/// The crates that are linked, with their licences; `scripts/third-party` writes it.
const LICENCES: &str = include_str!("../../assets/third-party.txt");

impl App {
    /// Draws the About page while it is open.
    pub(super) fn about(&mut self, ctx: &Context, actions: &mut Actions) {
        if !self.show_about {
            return;
        }
        let facts = AboutFacts { build: BUILD, is_opengl: self.is_opengl, folders: &self.folders };
        match about::show(ctx, &facts, actions) {
            None => {}
            Some(AboutAnswer::Close) => self.show_about = false,
            Some(AboutAnswer::Licences) => {
                self.show_about = false;
                let title = words::LICENCES_TITLE.of(language(ctx)).to_owned();
                self.whole_text = Some(WholeTextView::new(title, LICENCES.to_owned()));
            }
            Some(AboutAnswer::Open(folder)) => {
                if let Err(error) = open_folder(&folder) {
                    self.notify(Notice::error(words::not_opened(&folder, &error, language(ctx))));
                }
            }
        }
    }

    /// The view of what an earlier run left behind.
    pub(super) fn panicked_before(&self, report: &PanicReport) -> WholeTextView {
        WholeTextView::new(app::PANICKED_BEFORE.of(self.storage.language()).to_owned(), report.text.clone())
    }
}

/// Opens a folder in the desktop's file manager, which makes it first if nothing was written there yet.
fn open_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let opener = if cfg!(windows) {
        "explorer"
    } else if cfg!(target_os = "macos") {
        "open"
    } else {
        "xdg-open"
    };
    let mut opened = Command::new(opener).arg(folder).spawn()?;
    // Somebody has to wait for it, or it stays in the table of processes.
    thread::Builder::new().name("open-folder".to_owned()).spawn(move || opened.wait()).map(drop)
}

#[cfg(all(test, unix))] // the list is made by a script
mod tests {
    use super::*;

    #[test]
    fn the_licences_are_those_of_what_is_linked() {
        let root = env!("CARGO_MANIFEST_DIR");
        let script = Command::new("bash")
            .arg("scripts/third-party")
            .arg("--print")
            .current_dir(root)
            .output()
            .unwrap();
        assert!(script.status.success(), "{}", String::from_utf8_lossy(&script.stderr));
        let fresh = String::from_utf8(script.stdout).unwrap();
        assert!(fresh == LICENCES, "assets/third-party.txt is old: run scripts/third-party");
    }
}
