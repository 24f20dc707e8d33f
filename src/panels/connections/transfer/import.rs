//! The look at a file of connections before any of them is imported: what comes over and what does not.

use eframe::egui::{Align, Context, Label, Layout, Rect, RichText, ScrollArea, Ui, UiBuilder, vec2};

use crate::command::{Actions, ProfileAction};
use crate::store::profiles::{Profile, Profiles};
use crate::store::transfer::{Found, Import};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::primary_button;
use crate::ui::widgets::dialog;
use crate::ui::{language, theme};
use crate::words::{connections as words, transfer as notes, widgets};

const WIDTH: f32 = 520.0;
/// The notes on a connection stand under its name, not under its check box.
const INDENT: f32 = 24.0;

/// What was found in a file.
#[derive(Debug)]
pub(in crate::panels::connections) struct ImportPreview {
    file: String,
    import: Import,
    /// Which of them are taken over, by their place.
    chosen: Vec<bool>,
}

impl ImportPreview {
    /// A look at what was found in the file of this name. All of it is chosen.
    pub fn new(file: String, import: Import) -> Self {
        let chosen = vec![true; import.found.len()];
        Self { file, import, chosen }
    }

    /// The chosen connections, leaving none.
    fn take(&mut self) -> Vec<Found> {
        let found = std::mem::take(&mut self.import.found).into_iter().zip(&self.chosen);
        found.filter_map(|(found, chosen)| chosen.then_some(found)).collect()
    }

    /// Draws it in front of everything else until something is imported or it is closed. Whether it is still open.
    pub fn show(&mut self, ctx: &Context, profiles: &Profiles, actions: &mut Actions) -> bool {
        let l = language(ctx);
        let mut is_open = true;
        let title = words::import_title(self.import.source, l);
        let closed = dialog::show(ctx, "import", WIDTH, &title, |ui| {
            self.heading(ui);
            let room = (ctx.content_rect().height() - 300.0).clamp(120.0, 420.0);
            ScrollArea::vertical().max_height(room).auto_shrink([false, true]).show(ui, |ui| {
                for (found, chosen) in self.import.found.iter().zip(&mut self.chosen) {
                    connection(ui, found, chosen, profiles);
                }
            });
            for note in &self.import.notes {
                let note = RichText::new(notes::note(note, l)).color(tokens(ui).warn);
                ui.add(Label::new(note.font(theme::small_font())).wrap());
            }
            ui.add_space(size::SECTION);
            ui.horizontal(|ui| {
                let taken = self.chosen.iter().filter(|chosen| **chosen).count() as u64;
                let verb = words::import_chosen(taken, l);
                ui.add_enabled_ui(taken > 0, |ui| {
                    if primary_button(ui, &verb).clicked() {
                        actions.push(ProfileAction::TakeOver(self.take()));
                        is_open = false;
                    }
                });
                is_open &= !ui.button(widgets::CANCEL.of(l)).clicked();
            });
        });
        is_open && !closed
    }

    fn heading(&mut self, ui: &mut Ui) {
        let count = self.import.found.len() as u64;
        let text = words::found_in(count, &self.file, language(ui));
        ui.add(Label::new(RichText::new(text).color(tokens(ui).text_muted)).truncate());
        ui.add_space(size::GROUP);
        self.all(ui);
    }

    /// Chooses all or none, where there are several.
    fn all(&mut self, ui: &mut Ui) {
        if self.chosen.len() < 2 {
            return;
        }
        let mut all = self.chosen.iter().all(|chosen| *chosen);
        if check_box(ui, &mut all, words::ALL.of(language(ui))).changed() {
            self.chosen.fill(all);
        }
        ui.add_space(size::PADDING);
    }
}

/// One connection of the file: what it is, and what does not come over.
fn connection(ui: &mut Ui, found: &Found, chosen: &mut bool, profiles: &Profiles) {
    let (t, l) = (tokens(ui), language(ui));
    ui.spacing_mut().item_spacing.y = 2.0;
    let profile = &found.profile;
    check_box(ui, chosen, &profile.name);
    let line = |ui: &mut Ui, text: RichText| {
        let rect = Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), 0.0));
        let builder = UiBuilder::new().max_rect(rect).layout(Layout::left_to_right(Align::Min));
        ui.scope_builder(builder, |ui| {
            ui.add_space(INDENT);
            ui.add(Label::new(text).wrap());
        });
    };
    let address = words::address_as(&profile.connect.url(), &profile.connect.username, l);
    line(ui, RichText::new(address).font(theme::mono_small_font()).color(t.text_muted));
    line(ui, RichText::new(words::contents(found, l)).font(theme::small_font()).color(t.text_muted));
    for note in &found.notes {
        line(ui, RichText::new(notes::note(note, l)).font(theme::small_font()).color(t.warn));
    }
    let same = |known: &&Profile| {
        known.connect.url() == profile.connect.url() && known.connect.username == profile.connect.username
    };
    if let Some(known) = profiles.iter().find(same) {
        let text = words::same_address(&known.name, l);
        line(ui, RichText::new(text).font(theme::small_font()).color(t.text_muted));
    }
    ui.add_space(size::GROUP);
}
