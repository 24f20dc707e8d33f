//! A list of names and values that can grow: user properties, headers.

use eframe::egui::{Label, Response, RichText, TextEdit, Ui, UiBuilder, vec2};

use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::icon_button;
use crate::ui::{icons, theme};

/// What one pair is called, with a capital: `Property`. Its fields are `Property 1 name` and `Property 1 value`.
#[derive(Clone, Copy, Debug)]
pub struct Pairs<'a> {
    /// The name of one pair.
    pub item: &'a str,
    /// Width of a row, in points.
    pub width: f32,
}

impl Pairs<'_> {
    /// The button that adds a pair; `what` is `property`. Adds it and says whether it did.
    pub fn add_button(self, ui: &mut Ui, what: &str, pairs: &mut Vec<(String, String)>) -> Response {
        let response = ui.button(format!("Add {what}"));
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
                    ui.add(Label::new(text).wrap());
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
        let (item, number) = (self.item, index + 1);
        ui.horizontal(|ui| {
            let width = (self.width - 28.0 - 2.0 * ui.spacing().item_spacing.x) / 2.0;
            let field = |ui: &mut Ui, part: &str, hint: &str, text: &mut String, width: f32| {
                let hint = RichText::new(hint).color(tokens(ui).text_muted);
                let edit = TextEdit::singleline(text).id_salt(part).hint_text(hint).desired_width(width);
                let response = ui.add(edit.margin(vec2(8.0, 4.0)));
                let changed = response.changed();
                response.accessible_name(format!("{item} {number} {part}"));
                changed
            };
            let mut changed = field(ui, "name", "Name", name, width * 0.8);
            changed |= field(ui, "value", "Value", value, width * 1.2);
            let lower = item.to_lowercase();
            let remove = icon_button(
                ui,
                icons::X,
                &format!("Remove {lower} {number}"),
                &format!("Removes this {lower}"),
            );
            (changed, remove.clicked())
        })
        .inner
    }
}
