//! The page that lists every shortcut.

use std::collections::HashSet;

use eframe::egui::{Context, Grid, RichText, ScrollArea, Ui, vec2};

use crate::command::Command;
use crate::ui::tokens::size;
use crate::ui::widgets::dialog;
use crate::ui::{language, theme};
use crate::words::app as words;

/// Draws the page; whether it was closed.
pub fn show(ctx: &Context) -> bool {
    let language = language(ctx);
    let modal = dialog::modal("help", Command::Help.label(language)).show(ctx, |ui| {
        ui.set_width(420.0);
        ui.label(RichText::new(Command::Help.label(language)).font(theme::page_font()));
        ui.add_space(size::GROUP);
        ScrollArea::vertical().max_height(ctx.content_rect().height() - 180.0).show(ui, |ui| {
            Grid::new("shortcuts").num_columns(2).spacing(vec2(24.0, 6.0)).show(ui, |ui| {
                // The second of two commands with the same keys is the way back from the first.
                let mut seen = HashSet::new();
                for command in Command::all() {
                    for keys in command.entry().keys {
                        if seen.insert(keys) {
                            row(ui, &ctx.format_shortcut(keys), command.help(language));
                        }
                    }
                }
                for (keys, help) in words::TREE_KEYS {
                    row(ui, keys.of(language), help.of(language));
                }
            });
        });
        ui.add_space(size::GROUP);
        ui.button(words::CLOSE.of(language)).clicked()
    });
    modal.inner || modal.should_close()
}

fn row(ui: &mut Ui, keys: &str, help: &str) {
    ui.label(RichText::new(keys).font(theme::mono_small_font()));
    ui.label(help);
    ui.end_row();
}
