//! The preview of a connections file before anything is imported: what is imported and what is not.

use std::collections::HashMap;

use eframe::egui::{Align, Context, Label, Layout, Rect, RichText, ScrollArea, Ui, UiBuilder, vec2};

use crate::command::{Actions, ProfileAction};
use crate::store::profiles::{Profile, Profiles};
use crate::store::transfer::{FoundConnection, Import};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::primary_button;
use crate::ui::widgets::dialog;
use crate::ui::{language, theme};
use crate::words::{connections as words, transfer as notes, widgets};

const WIDTH: f32 = 520.0;
/// The smallest height of a connection, in points.
const HEIGHT_MIN: f32 = 48.0;
/// Indents a connection's notes to its name, past the check box.
const INDENT: f32 = 24.0;

/// What was found in a file.
#[derive(Debug)]
pub(in crate::panels::connections) struct ImportPreview {
    file: String,
    import: Import,
    /// Which connections to import, by index.
    chosen: Vec<bool>,
    /// Height of each connection when last drawn, in points.
    heights: Vec<f32>,
    /// Names of saved connections by address and user name, looked up once.
    known: Option<HashMap<Address, String>>,
}

/// What identifies a connection: URL and user name.
type Address = (String, String);

fn address(profile: &Profile) -> Address {
    (profile.connect.url(), profile.connect.username.clone())
}

impl ImportPreview {
    /// Creates the preview of a file, with everything chosen.
    pub fn new(file: String, import: Import) -> Self {
        let chosen = vec![true; import.found.len()];
        let heights = vec![HEIGHT_MIN; import.found.len()];
        Self { file, import, chosen, heights, known: None }
    }

    /// Takes the chosen connections out.
    fn take(&mut self) -> Vec<FoundConnection> {
        let found = std::mem::take(&mut self.import.found).into_iter().zip(&self.chosen);
        found.filter_map(|(found, chosen)| chosen.then_some(found)).collect()
    }

    /// Draws the preview in front of everything else. Returns whether it is still open.
    pub fn show(&mut self, ctx: &Context, profiles: &Profiles, actions: &mut Actions) -> bool {
        let l = language(ctx);
        let mut is_open = true;
        // If several have the same address, the first one is named.
        let by_address = || profiles.iter().rev().map(|known| (address(known), known.name.clone())).collect();
        self.known.get_or_insert_with(by_address);
        let title = words::import_title(self.import.source, l);
        let closed = dialog::show(ctx, "import", WIDTH, &title, |ui| {
            self.heading(ui);
            let room = (ctx.content_rect().height() - 300.0).clamp(120.0, 420.0);
            let area = ScrollArea::vertical().max_height(room).auto_shrink([false, true]);
            area.show_viewport(ui, |ui, viewport| self.connections(ui, viewport));
            for note in &self.import.notes {
                let note = RichText::new(notes::note(note, l)).color(tokens(ui).warn);
                ui.add(Label::new(note.font(theme::small_font())).wrap());
            }
            dialog::buttons(ui, |ui| {
                is_open &= !ui.button(widgets::CANCEL.of(l)).clicked();
                let taken = self.chosen.iter().filter(|chosen| **chosen).count() as u64;
                let verb = words::import_chosen(taken, l);
                ui.add_enabled_ui(taken > 0, |ui| {
                    if primary_button(ui, &verb).clicked() {
                        actions.push(ProfileAction::TakeOver(self.take()));
                        is_open = false;
                    }
                });
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

    /// Draws the visible connections; only the heights of the others count.
    fn connections(&mut self, ui: &mut Ui, viewport: Rect) {
        let Self { import, chosen, heights, known, .. } = self;
        ui.spacing_mut().item_spacing.y = 0.0;
        let (mut top, mut above, mut below) = (0.0, 0.0, 0.0);
        let rows = import.found.iter().zip(chosen).zip(heights);
        for (index, ((found, chosen), height)) in rows.enumerate() {
            // One more on either side, so that the focus can move there.
            if top + *height < viewport.top() - HEIGHT_MIN {
                above += *height;
            } else if top > viewport.bottom() + HEIGHT_MIN {
                below += *height;
            } else {
                ui.add_space(std::mem::take(&mut above));
                let before = ui.cursor().top();
                let known = known.as_ref().and_then(|known| known.get(&address(&found.profile)));
                ui.push_id(index, |ui| connection(ui, found, chosen, known.map(String::as_str)));
                *height = ui.cursor().top() - before;
            }
            top += *height;
        }
        ui.add_space(below);
    }

    /// Selects all or none, if there are several.
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

/// Draws one connection of the file: what it is, and what is not imported.
fn connection(ui: &mut Ui, found: &FoundConnection, chosen: &mut bool, known: Option<&str>) {
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
    if let Some(known) = known {
        let text = words::same_address(known, l);
        line(ui, RichText::new(text).font(theme::small_font()).color(t.text_muted));
    }
    ui.add_space(size::GROUP);
}
