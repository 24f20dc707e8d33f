//! Texts for assistive technology: a name that says what it is, the text as value, and the runs of text that screen
//! readers step through. Free where nobody reads.

use eframe::egui::{Galley, Id, Pos2, Rect, Response, Role, Sense, Ui, UiBuilder, WidgetInfo, accesskit};

/// Draws what a screen reader reads out by itself when it comes or changes, as [`Reader`](crate::ui::reader) sees to: an
/// alert at once, a status when it has a pause. `id` tells it from others.
pub fn announced<R>(
    ui: &mut Ui,
    id: impl std::hash::Hash + std::fmt::Debug,
    role: Role,
    body: impl FnOnce(&mut Ui) -> R,
) -> R {
    let builder = UiBuilder::new().scope_id(Id::unique(("announced", id))).accessibility_role(role);
    ui.scope_builder(builder, body).inner
}

/// Names `response` and gives it a text that is read as a whole.
pub fn readout(ui: &mut Ui, response: &Response, name: &str, value: &str) {
    let id = response.id;
    response.widget_info(|| WidgetInfo::labeled(Role::Document, true, name));
    if !ui.ctx().has_accesskit_node(id) {
        return;
    }
    ui.ctx().accesskit_node_builder(id, |node| {
        node.set_value(value);
        node.set_read_only();
    });
    let inside = ui
        .new_child(UiBuilder::new().id_salt((name, "runs")).max_rect(response.rect).accessibility_parent(id));
    let run = id.with("run");
    inside.interact(response.rect, run, Sense::hover());
    inside.ctx().accesskit_node_builder(run, |node| describe_run(node, value.to_owned()));
}

fn describe_run(node: &mut accesskit::Node, text: String) {
    node.set_role(accesskit::Role::TextRun);
    node.set_text_direction(accesskit::TextDirection::LeftToRight);
    node.set_character_lengths(text.chars().map(|c| c.len_utf8() as u8).collect::<Vec<_>>());
    node.set_value(text);
}

/// The runs of a text of many rows: one for each row that shows.
#[derive(Debug)]
pub struct Runs {
    parent: Id,
    rows: usize,
    active: bool,
}

impl Runs {
    /// For the widget `parent`, which has a name already.
    pub fn new(ui: &Ui, parent: Id) -> Self {
        Self { parent, rows: 0, active: ui.ctx().has_accesskit_node(parent) }
    }

    /// Adds a row that is drawn at `origin`; `line_end` if a line break follows it.
    pub fn add(&mut self, ui: &Ui, text: &str, line_end: bool, galley: &Galley, origin: Pos2) {
        if !self.active {
            return;
        }
        let id = self.parent.with(("run", self.rows));
        self.rows += 1;
        ui.interact(Rect::from_min_size(origin, galley.size()), id, Sense::hover());
        let mut text = text.to_owned();
        if line_end {
            text.push('\n');
        }
        ui.ctx().accesskit_node_builder(id, |node| {
            let characters = text.chars().count();
            describe_run(node, text);
            let glyphs = galley.rows.first().map_or(&[][..], |row| &row.row.glyphs);
            let mut positions: Vec<f32> = glyphs.iter().map(|glyph| glyph.pos.x).collect();
            let mut widths: Vec<f32> = glyphs.iter().map(|glyph| glyph.advance_width).collect();
            if line_end {
                positions.push(galley.size().x);
                widths.push(0.0);
            }
            // A character that the font could not place as one leaves the geometry out, never the text.
            if positions.len() == characters {
                node.set_character_positions(positions);
                node.set_character_widths(widths);
            }
        });
    }
}

/// Draws what has this salt among its siblings. Its ids, and those of everything in it, follow from the salt and stay,
/// whatever comes and goes around it: egui counts widgets otherwise, and [`Ui::push_id`] does so too.
pub fn keyed<R>(
    ui: &mut Ui,
    salt: impl std::hash::Hash + std::fmt::Debug,
    body: impl FnOnce(&mut Ui) -> R,
) -> R {
    let id = ui.scope_id().with(salt);
    ui.scope_builder(UiBuilder::new().scope_id(id), body).inner
}
