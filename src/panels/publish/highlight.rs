//! Colours for the JSON in the editor. Made again only when the text, the theme or the colouring changes: the editor
//! asks for it in every frame.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, Galley, Ui};

use crate::payload::json::{self, TokenKind};
use crate::ui::theme;
use crate::ui::tokens::{Tokens, tokens};

/// The last layout job that was made.
#[derive(Debug, Default)]
pub struct Highlighter {
    job: LayoutJob,
    dark: bool,
    colored: bool,
}

impl Highlighter {
    /// Lays `text` out for a width; `colored` as JSON.
    pub fn layout(&mut self, ui: &Ui, text: &str, colored: bool, width: f32) -> Arc<Galley> {
        let dark = ui.visuals().dark_mode;
        if self.job.text != text
            || self.dark != dark
            || self.colored != colored
            || self.job.sections.is_empty()
        {
            self.job = job(text, colored, tokens(ui));
            (self.dark, self.colored) = (dark, colored);
        }
        self.job.wrap.max_width = width;
        ui.fonts_mut(|fonts| fonts.layout_job(self.job.clone()))
    }
}

fn job(text: &str, colored: bool, t: &Tokens) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut append = |piece: &str, color: Color32| {
        job.append(piece, 0.0, TextFormat { font_id: theme::mono_font(), color, ..TextFormat::default() });
    };
    if !colored {
        append(text, t.text);
        return job;
    }
    for line in text.split_inclusive('\n') {
        let mut done = 0;
        for (range, kind) in json::tokens(line) {
            // The gap before a token goes with it: it has no colour of its own.
            if let Some(piece) = line.get(done..range.end) {
                append(piece, color(kind, t));
                done = range.end;
            }
        }
        append(line.get(done..).unwrap_or_default(), t.text);
    }
    job
}

/// The colour of a token.
pub fn color(kind: TokenKind, t: &Tokens) -> Color32 {
    match kind {
        TokenKind::Key | TokenKind::Unknown => t.text,
        TokenKind::String => t.json_string,
        TokenKind::Number => t.json_number,
        TokenKind::Bool => t.json_bool,
        TokenKind::Null => t.json_null,
        TokenKind::Punctuation => t.text_muted,
    }
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
            for colored in [false, true] {
                assert_eq!(job(text, colored, &DARK).text, text);
            }
        }
    }

    #[test]
    fn numbers_and_strings_differ() {
        let job = job("{\"a\": 1}", true, &DARK);
        let color_at = |at: usize| {
            job.sections.iter().find(|section| section.byte_range.contains(&at.into())).unwrap().format.color
        };
        assert_eq!((color_at(2), color_at(6)), (DARK.text, DARK.json_number));
    }
}
