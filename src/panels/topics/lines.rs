//! The lines of text of a row as they were laid out, kept while they stay the same.
//!
//! egui keeps them too, but finds one by making and hashing a copy of the text with its format. A pane of rows with all
//! columns has some 500 lines, most of which stay as they are from one frame to the next.

use std::cell::RefCell;
use std::sync::Arc;

use eframe::egui::{Color32, FontId, Galley, Ui};

use crate::store::settings::Column;
use crate::ui::theme;

/// How many lines a row has: its columns, its name and its value.
const LINES: usize = Column::ALL.len() + 2;
/// Where a row keeps its name.
pub const NAME: usize = Column::ALL.len();
/// Where a row keeps its value.
pub const VALUE: usize = NAME + 1;

/// Tells when lines that were laid out before can no longer be drawn: when egui began its glyphs anew.
#[derive(Debug, Default)]
pub struct Glyphs {
    /// A line that egui is asked for in each frame. It is another one if egui has dropped all it had.
    sample: Option<Arc<Galley>>,
    generation: u64,
}

impl Glyphs {
    /// The number of times that the glyphs were begun anew. Called once in a frame.
    pub fn generation(&mut self, ui: &Ui) -> u64 {
        let text = "0".to_owned();
        let sample = ui.painter().layout_no_wrap(text, theme::mono_small_font(), Color32::PLACEHOLDER);
        if self.sample.as_ref().is_none_or(|before| !Arc::ptr_eq(before, &sample)) {
            self.generation += 1;
            self.sample = Some(sample);
        }
        self.generation
    }
}

/// How a line is laid out.
#[derive(Clone, Debug, PartialEq)]
pub struct LineLook {
    /// The font.
    pub font: FontId,
    /// The color of the text.
    pub color: Color32,
    /// The width in points after which the line ends in "…".
    pub room: f32,
}

/// The lines of a row.
#[derive(Clone, Debug, Default)]
pub struct RowLines {
    /// That of [`Glyphs`] in this frame.
    pub generation: u64,
    kept: RefCell<[Option<Kept>; LINES]>,
}

#[derive(Clone, Debug)]
struct Kept {
    generation: u64,
    look: LineLook,
    galley: Arc<Galley>,
}

impl RowLines {
    /// The line of a place in the row, laid out by `lay_out` unless it is the same as before.
    pub fn get(
        &self,
        place: usize,
        text: &str,
        look: LineLook,
        lay_out: impl FnOnce(&LineLook) -> Arc<Galley>,
    ) -> Arc<Galley> {
        let mut kept = self.kept.borrow_mut();
        let Some(kept) = kept.get_mut(place) else { return lay_out(&look) };
        match kept {
            Some(kept)
                if kept.generation == self.generation && kept.look == look && kept.galley.text() == text =>
            {
                Arc::clone(&kept.galley)
            }
            _ => {
                let galley = lay_out(&look);
                *kept = Some(Kept { generation: self.generation, look, galley: Arc::clone(&galley) });
                galley
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use eframe::egui::{Context, RawInput};

    use super::*;

    fn look(room: f32) -> LineLook {
        LineLook { font: theme::mono_small_font(), color: Color32::WHITE, room }
    }

    /// Runs a frame in which the place of a name is asked for; returns whether it was laid out for that.
    fn lays_out(
        ctx: &Context,
        glyphs: &mut Glyphs,
        lines: &mut RowLines,
        text: &str,
        look: &LineLook,
    ) -> bool {
        let asked = Cell::new(false);
        let mut output = ctx.run_ui(RawInput::default(), |ui| {
            lines.generation = glyphs.generation(ui);
            lines.get(NAME, text, look.clone(), |look| {
                asked.set(true);
                ui.painter().layout_no_wrap(text.to_owned(), look.font.clone(), look.color)
            });
        });
        output.textures_delta.clear();
        asked.get()
    }

    #[test]
    fn a_line_is_laid_out_again_only_if_its_text_or_look_changed() {
        let (ctx, mut glyphs, mut lines) = (Context::default(), Glyphs::default(), RowLines::default());
        let mut asks = |text: &str, room: f32| lays_out(&ctx, &mut glyphs, &mut lines, text, &look(room));
        assert!(asks("21.5", 80.0), "it is new");
        assert!(!asks("21.5", 80.0));
        assert!(asks("21.6", 80.0), "the text changed");
        assert!(asks("21.6", 60.0), "the room changed");
        assert!(!asks("21.6", 60.0));
    }

    #[test]
    fn nothing_is_kept_once_the_glyphs_were_begun_anew() {
        let (ctx, mut glyphs, mut lines) = (Context::default(), Glyphs::default(), RowLines::default());
        let mut asks = || lays_out(&ctx, &mut glyphs, &mut lines, "21.5", &look(80.0));
        assert!(asks());
        assert!(!asks());
        theme::install(&ctx);
        assert!(asks(), "what was laid out before points into glyphs that are gone");
    }
}
