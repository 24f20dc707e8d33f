//! The Settings page: a table of rows, each a setting with its texts. Changes take effect at once and are saved.

mod table;

use std::ops::RangeInclusive;

use eframe::egui::{Align, Context, DragValue, Label, Layout, RichText, ScrollArea, Ui, vec2};

use crate::command::{Action, Actions};
use crate::panels::settings::table::{Control, SECTIONS, SettingRow};
use crate::store::settings::Settings;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{name_field, named_combo};
use crate::ui::widgets::dialog;
use crate::ui::{language, theme};
use crate::words::{format, settings as words};

const WIDTH: f32 = 560.0;
/// Width of the names and descriptions; the controls are at the right edge.
const NAMES_WIDTH: f32 = 320.0;
const COMBO_WIDTH: f32 = 200.0;
/// Aligns a name with its control, which is taller.
const NAME_TOP: f32 = 4.0;
/// How much of the window's height is not available for rows.
const AROUND: f32 = 180.0;

/// Draws the page; returns whether it was closed.
pub fn show(ctx: &Context, settings: &Settings, actions: &mut Actions) -> bool {
    let l = language(ctx);
    let mut closed = false;
    let mut edited = settings.clone();
    let dismissed = dialog::show(ctx, "settings", WIDTH, words::TITLE.of(l), |ui| {
        let height = (ui.ctx().content_rect().height() - AROUND).max(120.0);
        ScrollArea::vertical().max_height(height).show(ui, |ui| {
            for (place, section) in SECTIONS.iter().enumerate() {
                ui.add_space(if place == 0 { size::PADDING } else { size::SECTION });
                ui.label(RichText::new(section.title.of(l)).font(theme::strong_font()));
                for row in section.rows.iter().filter(|row| !matches!(row.control, Control::Absent)) {
                    ui.add_space(size::PADDING);
                    show_row(ui, row, &mut edited);
                }
            }
        });
        dialog::buttons(ui, |ui| closed = ui.button(words::CLOSE.of(l)).clicked());
    });
    if edited != *settings {
        actions.push(Action::ChangeSettings(Box::new(edited)));
    }
    closed || dismissed
}

fn show_row(ui: &mut Ui, row: &SettingRow, settings: &mut Settings) {
    let l = language(ui);
    let t = tokens(ui);
    let (name, help) = (row.name.of(l), row.help.of(l));
    ui.horizontal_top(|ui| {
        ui.allocate_ui_with_layout(vec2(NAMES_WIDTH, 0.0), Layout::top_down(Align::Min), |ui| {
            ui.set_width(NAMES_WIDTH);
            ui.spacing_mut().item_spacing.y = 2.0;
            ui.add_space(NAME_TOP);
            ui.label(name);
            let help = RichText::new(help).font(theme::small_font()).color(t.text_muted);
            ui.add(Label::new(help).wrap());
        });
        ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
            control(ui, row, settings);
        });
    });
}

fn control(ui: &mut Ui, row: &SettingRow, settings: &mut Settings) {
    let l = language(ui);
    let name = row.name.of(l);
    match &row.control {
        Control::Absent => {}
        Control::Switch { value } => {
            // The box has no text, so it needs no space before one.
            ui.spacing_mut().icon_spacing = 0.0;
            let switch = check_box(ui, value(settings), "");
            name_field(ui, &switch, name);
        }
        Control::Size { value, range } => number(ui, name, value(settings), range, 8.0, words::MIB),
        Control::Count { value, range } => number(ui, name, value(settings), range, 10_000.0, ""),
        Control::Choice { names, chosen, choose } => {
            let before = chosen(settings);
            let shown = names.get(before).map_or("", |name| name.of(l));
            let mut after = before;
            ui.spacing_mut().combo_width = COMBO_WIDTH;
            named_combo(ui, name, shown, |ui| {
                for (place, name) in names.iter().enumerate() {
                    ui.selectable_value(&mut after, place, name.of(l));
                }
            });
            if after != before {
                choose(settings, after);
            }
        }
    }
}

fn number(ui: &mut Ui, name: &str, value: &mut u32, range: &RangeInclusive<u32>, speed: f64, unit: &str) {
    let drag = DragValue::new(value)
        .range(range.clone())
        .speed(speed)
        .custom_formatter(|number, _| format::count(number as u64))
        .custom_parser(|text| text.replace(',', "").trim().parse().ok())
        .suffix(unit);
    let drag = ui.add(drag);
    name_field(ui, &drag, name);
}
