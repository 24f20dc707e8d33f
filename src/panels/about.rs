//! The About page: version, renderer, system, and the folders of the program's files.

use std::path::{Path, PathBuf};

use eframe::egui::{Align, Context, Label, Layout, RichText, Ui, vec2};

use crate::command::{Action, Actions, Command};
use crate::store::Paths;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::dialog;
use crate::ui::{language, theme};
use crate::words::{Language, about as words, app, clipboard};

const WIDTH: f32 = 560.0;
const NAMES_WIDTH: f32 = 152.0;

/// What the page says.
pub struct AboutFacts<'a> {
    /// Version and commit.
    pub build: &'a str,
    /// Whether OpenGL draws the window, and not wgpu.
    pub is_opengl: bool,
    /// Where the files are.
    pub folders: &'a Paths,
}

/// What a person asks for on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AboutAnswer {
    /// To leave it.
    Close,
    /// To see the licences of what is linked.
    Licences,
    /// To open a folder.
    Open(PathBuf),
}

impl AboutFacts<'_> {
    fn lines(&self, l: Language) -> [(&'static str, String); 3] {
        let renderer = if self.is_opengl { words::OPENGL } else { words::WGPU };
        [
            (words::VERSION.of(l), self.build.to_owned()),
            (words::RENDERER.of(l), renderer.of(l).to_owned()),
            (words::SYSTEM.of(l), format!("{} {}", std::env::consts::OS, std::env::consts::ARCH)),
        ]
    }

    fn folders(&self, l: Language) -> [(&'static str, &Path); 3] {
        let Paths { config, data, state, .. } = self.folders;
        [(words::CONFIG.of(l), config), (words::DATA.of(l), data), (words::STATE.of(l), state)]
    }

    /// Everything as lines of text, for a report.
    fn text(&self, l: Language) -> String {
        let lines = self.lines(l).into_iter();
        let folders = self.folders(l).into_iter().map(|(name, folder)| (name, folder.display().to_string()));
        let lines: Vec<_> = lines.chain(folders).map(|(name, value)| format!("{name}: {value}")).collect();
        lines.join("\n")
    }
}

/// Draws the page; returns what the person asked for.
pub fn show(ctx: &Context, facts: &AboutFacts<'_>, actions: &mut Actions) -> Option<AboutAnswer> {
    let l = language(ctx);
    let mut answer = None;
    let is_dismissed = dialog::show(ctx, "about", WIDTH, Command::About.label(l), |ui| {
        ui.add_space(size::PADDING);
        for (name, value) in facts.lines(l) {
            row(ui, name, |ui| {
                ui.add(Label::new(value).wrap());
            });
        }
        ui.add_space(size::GROUP);
        for (name, folder) in facts.folders(l) {
            row(ui, name, |ui| {
                let path = RichText::new(folder.display().to_string()).font(theme::mono_small_font());
                ui.add(Label::new(path).wrap());
                if ui.link(words::OPEN_FOLDER.of(l)).clicked() {
                    answer = Some(AboutAnswer::Open(folder.to_owned()));
                }
            });
        }
        dialog::buttons(ui, |ui| {
            if ui.button(app::CLOSE.of(l)).clicked() {
                answer = Some(AboutAnswer::Close);
            }
            if ui.button(words::COPY.of(l)).clicked() {
                actions.push(Action::Copy { what: clipboard::TEXT, text: facts.text(l) });
            }
            if ui.button(words::LICENCES.of(l)).clicked() {
                answer = Some(AboutAnswer::Licences);
            }
        });
    });
    answer.or(is_dismissed.then_some(AboutAnswer::Close))
}

/// A name and, in a column of their own, its values.
fn row(ui: &mut Ui, name: &str, values: impl FnOnce(&mut Ui)) {
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(NAMES_WIDTH, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(NAMES_WIDTH);
            ui.label(RichText::new(name).color(tokens(ui).text_muted));
        });
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            values(ui);
        });
    });
    ui.add_space(size::PADDING);
}
