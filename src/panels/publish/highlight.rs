//! Syntax colours for the editor's text. The editor needs them in every frame, so they are recomputed only when the
//! text, theme or format changes.

use std::ops::Range;
use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{Color32, Galley, Stroke, Ui};

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
    marked: Option<Range<usize>>,
}

impl Highlighter {
    /// Lays out `text` for a width, in the colours of a format, with a mistake underlined.
    pub fn layout(
        &mut self,
        ui: &Ui,
        text: &str,
        format: Format,
        marked: Option<Range<usize>>,
        width: f32,
    ) -> Arc<Galley> {
        let t = tokens(ui);
        let is_same_theme = self.tokens.is_some_and(|tokens| std::ptr::eq(tokens, t));
        if self.job.text != text || !is_same_theme || self.format != Some(format) || self.marked != marked {
            self.job = job(text, format, t);
            if let Some(marked) = &marked {
                underline(&mut self.job, marked, t);
            }
            (self.tokens, self.format, self.marked) = (Some(t), Some(format), marked);
        }
        self.job.wrap.max_width = width;
        ui.fonts_mut(|fonts| fonts.layout_job(self.job.clone()))
    }
}

/// Underlines the bytes of a mistake.
fn underline(job: &mut LayoutJob, marked: &Range<usize>, t: &Tokens) {
    let mut sections = Vec::with_capacity(job.sections.len() + 2);
    for section in job.sections.drain(..) {
        let whole = section.byte_range.start.0..section.byte_range.end.0;
        let middle = whole.start.max(marked.start)..whole.end.min(marked.end);
        if middle.is_empty() {
            sections.push(section);
            continue;
        }
        for (part, is_marked) in
            [(whole.start..middle.start, false), (middle.clone(), true), (middle.end..whole.end, false)]
        {
            if part.is_empty() {
                continue;
            }
            let mut section = section.clone();
            section.byte_range = part.start.into()..part.end.into();
            if is_marked {
                section.format.color = t.error;
                section.format.underline = Stroke::new(1.0, t.error);
            }
            sections.push(section);
        }
    }
    job.sections = sections;
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
    fn a_mistake_is_underlined_and_nothing_else_is() {
        let text = "{\"a\": {{x}}}";
        let mut job = job(text, Format::Json, &DARK);
        underline(&mut job, &(6..11), &DARK);
        let marked: String = job
            .sections
            .iter()
            .filter(|section| section.format.underline != Stroke::NONE)
            .map(|section| &text[section.byte_range.start.0..section.byte_range.end.0])
            .collect();
        assert_eq!(marked, "{{x}}");
        let lengths: usize = job.sections.iter().map(|s| s.byte_range.end.0 - s.byte_range.start.0).sum();
        assert_eq!(lengths, text.len());
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
