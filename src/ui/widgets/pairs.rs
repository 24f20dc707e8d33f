//! A list of names and values that can grow: user properties, headers.

use eframe::egui::{self, Response, RichText, Ui, UiBuilder, vec2};

use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::field;
use crate::ui::{icons, language, theme};
use crate::words::{Label, widgets};

/// A list of names and values. The fields of a `Property` are `Property 1 name` and `Property 1 value`.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a> {
    /// What one pair is called, with a capital.
    pub item: &'a str,
    /// Width of a row, in points.
    pub width: f32,
}

impl Pairs<'_> {
    /// The button that adds a pair. Adds it and says whether it did.
    pub fn add_button(self, ui: &mut Ui, pairs: &mut Vec<(String, String)>) -> Response {
        let response = ui.button(widgets::add_pair(self.item, language(ui)));
        if response.clicked() {
            pairs.push((String::new(), String::new()));
        }
        response
    }

    /// One row for each pair, and below it what `error` says about it. Whether anything changed.
    pub fn rows(
        self,
        ui: &mut Ui,
        pairs: &mut Vec<(String, String)>,
        error: impl Fn(usize) -> Option<String>,
    ) -> bool {
        let mut removed = None;
        let mut changed = false;
        for (index, pair) in pairs.iter_mut().enumerate() {
            // Errors come and go between the rows; the field that is being typed into stays the same one.
            let scope = UiBuilder::new().scope_id(ui.scope_id().with((self.item, index)));
            ui.scope_builder(scope, |ui| {
                let (row_changed, row_removed) = self.row(ui, index, pair);
                changed |= row_changed;
                if row_removed {
                    removed = Some(index);
                }
                if let Some(error) = error(index) {
                    let text = RichText::new(error).font(theme::small_font()).color(tokens(ui).error);
                    ui.add(egui::Label::new(text).wrap());
                }
            });
        }
        if let Some(index) = removed {
            pairs.remove(index);
        }
        changed || removed.is_some()
    }

    fn row(self, ui: &mut Ui, index: usize, pair: &mut (String, String)) -> (bool, bool) {
        let (name, value) = pair;
        let (item, number, l) = (self.item, index + 1, language(ui));
        ui.horizontal(|ui| {
            let width = (self.width - 28.0 - 2.0 * ui.spacing().item_spacing.x) / 2.0;
            let field = |ui: &mut Ui, name: &str, hint: Label, text: &mut String, width: f32| {
                let placeholder = RichText::new(hint.of(l)).color(tokens(ui).text_muted);
                field::line(ui, name, field::STRING_BYTES_MAX, text, |edit| {
                    let edit = edit.id_salt(hint.of(l)).hint_text(placeholder).desired_width(width);
                    edit.margin(vec2(8.0, 4.0))
                })
            };
            let label = widgets::name_of_pair(item, number, l);
            let name = field(ui, &label, widgets::PAIR_NAME, name, width * 0.8);
            let label = widgets::value_of_pair(item, number, l);
            let value = field(ui, &label, widgets::PAIR_VALUE, value, width * 1.2);
            let changed = name.changed() || value.changed();
            let remove_name = widgets::remove_pair(item, number, l);
            let remove = icon_button(ui, icons::X, &remove_name, &widgets::remove_pair_help(item, l));
            (changed, remove.clicked())
        })
        .inner
    }
}
