//! The page that lists every shortcut by area, in two columns if there is room.

use std::collections::HashSet;

use eframe::egui::{Align, Context, Id, Label, Layout, RichText, Ui, vec2};

use crate::command::{Command, Group, keys_text};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::{dialog, field};
use crate::ui::{language, theme};
use crate::words::{Language, app as words, commands};

const WIDTH: f32 = 940.0;
/// Below this width there is only one column.
const TWO_COLUMNS_FROM: f32 = 560.0;
const KEYS_WIDTH: f32 = 148.0;
/// A longer explanation takes about two lines.
const LINE_CHARS: usize = 44;

/// The shortcuts of an area: keys and descriptions.
struct Area {
    title: &'static str,
    rows: Vec<(String, &'static str)>,
}

/// Draws the page; returns whether it was closed.
pub fn show(ctx: &Context) -> bool {
    let l = language(ctx);
    let mut closed = false;
    let dismissed = dialog::show(ctx, "help", WIDTH, Command::Help.label(l), |ui| {
        let wanted = filter(ui);
        let areas = areas(ctx, &wanted, l);
        ui.add_space(size::PADDING);
        if areas.is_empty() {
            ui.label(RichText::new(words::NO_SHORTCUT.of(l)).color(tokens(ui).text_muted));
        } else {
            columns(ui, &areas);
        }
        dialog::buttons(ui, |ui| closed = ui.button(words::CLOSE.of(l)).clicked());
    });
    if closed || dismissed {
        ctx.data_mut(|data| data.remove_temp::<String>(filter_id()));
    }
    closed || dismissed
}

/// Where the filter text is kept while the page is open.
fn filter_id() -> Id {
    Id::unique("help filter")
}

/// Draws the filter field and returns its text in lower case.
fn filter(ui: &mut Ui) -> String {
    let mut text = ui.data(|data| data.get_temp::<String>(filter_id())).unwrap_or_default();
    let name = words::SEARCH_SHORTCUTS.of(language(ui));
    let hint = RichText::new(name).color(tokens(ui).text_muted);
    field::line(ui, name, field::FILTER_BYTES_MAX, &mut text, |edit| {
        edit.hint_text(hint).desired_width(f32::INFINITY).margin(vec2(8.0, 4.0))
    });
    let wanted = text.to_lowercase();
    ui.data_mut(|data| data.insert_temp(filter_id(), text));
    wanted
}

/// The shortcuts with `wanted` in their keys, name or help; empty areas are left out.
fn areas(ctx: &Context, wanted: &str, l: Language) -> Vec<Area> {
    // If two commands share keys, the second one undoes the first.
    let mut seen = HashSet::new();
    let mut areas = Vec::new();
    for group in Group::ALL.into_iter().map(Some).chain([None]) {
        let title = group.map_or(commands::MESSAGE_GROUP, Group::label).of(l);
        let mut rows = Vec::new();
        for command in Command::all().filter(|command| command.entry().group == group) {
            let keys = command.entry().keys.iter().filter(|keys| seen.insert(**keys));
            let keys = keys.map(|keys| keys_text(ctx, keys)).collect::<Vec<_>>().join("   ");
            if !keys.is_empty() && holds(&[&keys, command.label(l), command.help(l)], wanted) {
                rows.push((keys, command.help(l)));
            }
        }
        if group == Some(Group::Tree) {
            for (keys, help) in words::TREE_KEYS {
                if holds(&[keys.of(l), help.of(l)], wanted) {
                    rows.push((keys.of(l).to_owned(), help.of(l)));
                }
            }
        }
        if !rows.is_empty() {
            areas.push(Area { title, rows });
        }
    }
    areas
}

fn holds(texts: &[&str], wanted: &str) -> bool {
    texts.iter().any(|text| text.to_lowercase().contains(wanted))
}

/// Draws the areas in two columns of about the same height, or in one.
fn columns(ui: &mut Ui, areas: &[Area]) {
    if ui.available_width() < TWO_COLUMNS_FROM {
        for area in areas {
            draw(ui, area);
        }
        return;
    }
    let lines = |(_, help): &(String, &str)| 1 + help.chars().count() / LINE_CHARS;
    let height = |areas: &[Area]| {
        areas.iter().map(|area| 2 + area.rows.iter().map(lines).sum::<usize>()).sum::<usize>()
    };
    let half =
        (0..areas.len()).find(|&end| 2 * height(&areas[..end]) >= height(areas)).unwrap_or(areas.len());
    let (left, right) = areas.split_at(half);
    ui.columns_const(|[first, second]| {
        for area in left {
            draw(first, area);
        }
        for area in right {
            draw(second, area);
        }
    });
}

fn draw(ui: &mut Ui, area: &Area) {
    ui.label(RichText::new(area.title).font(theme::strong_font()));
    ui.add_space(2.0);
    for (keys, help) in &area.rows {
        ui.horizontal_top(|ui| {
            ui.allocate_ui_with_layout(vec2(KEYS_WIDTH, 0.0), Layout::top_down(Align::Min), |ui| {
                ui.set_width(KEYS_WIDTH);
                ui.add(Label::new(RichText::new(keys).font(theme::mono_small_font())).wrap());
            });
            ui.add(Label::new(RichText::new(*help).color(tokens(ui).text_muted)).wrap());
        });
    }
    ui.add_space(size::GROUP);
}
