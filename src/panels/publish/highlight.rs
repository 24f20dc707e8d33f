//! Syntax colours for the editor's text. The editor needs them in every frame, so they are recomputed only when the
//! text, theme or format changes.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, Galley, Ui};

use crate::panels::token_colors::color_of;
use crate::payload::decode::Format;
use crate::payload::json::LineState;
use crate::ui::theme;
use crate::ui::tokens::{Tokens, tokens};

/// The most recent layout job.
#[derive(Debug, Default)]
pub struct Highlighter {
    job: LayoutJob,
    /// The theme it was made for.
    tokens: Option<&'static Tokens>,
    format: Option<Format>,
}

impl Highlighter {
    /// Lays out `text` for a width, in the colours of a format.
    pub fn layout(&mut self, ui: &Ui, text: &str, format: Format, width: f32) -> Arc<Galley> {
        let t = tokens(ui);
        let is_same_theme = self.tokens.is_some_and(|tokens| std::ptr::eq(tokens, t));
        if self.job.text != text || !is_same_theme || self.format != Some(format) {
            self.job = job(text, format, t);
            (self.tokens, self.format) = (Some(t), Some(format));
        }
        self.job.wrap.max_width = width;
        ui.fonts_mut(|fonts| fonts.layout_job(self.job.clone()))
    }
}

fn job(text: &str, format: Format, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut append = |piece: &str, color: Color32| {
        job.append(piece, 0.0, TextFormat { font_id: theme::mono_font(), color, ..TextFormat::default() });
    };
    let decoder = format.decoder();
    let (mut line_start, mut done) = (0, 0);
    for line in text.split_inclusive('\n') {
        for (range, kind) in decoder.tokens(line, LineState::Outside) {
            // The gap before a token belongs to it, because it has no colour of its own.
            let end = line_start + range.end;
            append(text.get(done..end).unwrap_or_default(), color_of(kind, t));
            done = end;
        }
        line_start += line.len();
    }
    append(text.get(done..).unwrap_or_default(), t.text);
    job
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::tokens::DARK;

    #[test]
    fn the_editor_shows_every_character_of_the_text() {
        for text in [
            "",
            "{\"a\": [1, true, null]}\n",
            "  {\n\t\"温\": \"度\\\"\"\n}  \n\n",
            "not json }{",
            "\"open\n1",
        ] {
            for format in [Format::Text, Format::Json] {
                assert_eq!(job(text, format, &DARK).text, text);
            }
        }
    }

    #[test]
    fn numbers_and_strings_differ() {
        let job = job("{\"a\": 1}", Format::Json, &DARK);
        let color_at = |at: usize| {
            job.sections.iter().find(|section| section.byte_range.contains(&at.into())).unwrap().format.color
        };
        assert_eq!((color_at(2), color_at(6)), (DARK.text, DARK.json_number));
    }
}
