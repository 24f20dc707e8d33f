//! What a rule makes of the selected topic's newest message.

use eframe::egui::{Label, RichText, ScrollArea, Ui};

use crate::model::MessageId;
use crate::panels::scene::Scene;
use crate::payload::decode::{Choice, Decoded, decode};
use crate::payload::{DecodeLimits, hex, never, visible_line};
use crate::query::Rule;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access;
use crate::ui::widgets::one_line::one_line;
use crate::ui::{language, theme};
use crate::words::{Language, decoders as words, payload};

/// Of a larger payload only the line of the tree is shown: decoding it has no place in a frame.
const PAYLOAD_BYTES_MAX: usize = 32 * 1024;
/// Lines that are shown, and characters of each.
const LINES_MAX: usize = 200;
const LINE_CHARS_MAX: usize = 300;
const LINE_HEIGHT: f32 = 18.0;

/// What is kept between frames.
#[derive(Debug, Default)]
pub(super) struct RulePreview {
    /// The message, the decoder and the language that the lines were made from.
    made_from: Option<(MessageId, String, bool, Language)>,
    lines: Vec<String>,
    is_fault: bool,
}

impl RulePreview {
    /// Draws what the rule makes of the selected topic's newest message.
    pub(super) fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, rule: &Rule) {
        let (t, l) = (tokens(ui), language(ui));
        let topic = scene.selected.and_then(|node| scene.model.node(node)?.topic.map(|topic| (node, topic)));
        let Some((node, topic)) = topic else {
            ui.centered_and_justified(|ui| {
                ui.label(RichText::new(words::NO_TOPIC.of(l)).font(theme::small_font()).color(t.text_muted))
            });
            return;
        };
        let made_from = (topic.newest.id(), rule.decoder.clone(), rule.choice.is_some(), l);
        if self.made_from.as_ref() != Some(&made_from) {
            self.make(topic.newest.payload(), rule, l);
            self.made_from = Some(made_from);
        }
        ui.add_space(4.0);
        ui.horizontal(|ui| {
            ui.add_space(size::PADDING);
            let name = String::from_utf8_lossy(&scene.model.topic_bytes(node)).into_owned();
            let title = words::preview_of(&visible_line(&name), l);
            let title = RichText::new(title).font(theme::small_font()).color(t.text_muted);
            ui.add(Label::new(title).truncate());
        });
        let color = if self.is_fault { t.error } else { t.text };
        let whole = self.lines.join("\n");
        let area = ScrollArea::vertical().id_salt("lines").auto_shrink(false).show_rows(
            ui,
            LINE_HEIGHT,
            self.lines.len(),
            |ui, range| {
                ui.spacing_mut().item_spacing.y = 0.0;
                for line in self.lines.get(range).unwrap_or_default() {
                    let width = ui.available_width() - 2.0 * size::PADDING;
                    let galley = one_line(ui, line, theme::mono_small_font(), color, width);
                    let size = eframe::egui::vec2(ui.available_width(), LINE_HEIGHT);
                    let (rect, _) = ui.allocate_exact_size(size, eframe::egui::Sense::hover());
                    let at = rect.left_top() + eframe::egui::vec2(crate::ui::tokens::size::PADDING, 0.0);
                    ui.painter().galley(at, galley, color);
                }
            },
        );
        let id = ui.unique_id().with("readout");
        let response = ui.interact(area.inner_rect, id, eframe::egui::Sense::hover());
        access::readout(ui, &response, words::PREVIEW.of(l), &whole);
    }

    fn make(&mut self, bytes: &[u8], rule: &Rule, l: Language) {
        self.is_fault = false;
        self.lines = match &rule.choice {
            _ if bytes.is_empty() => vec![payload::NO_PAYLOAD.of(l).to_owned()],
            Some(choice) if bytes.len() <= PAYLOAD_BYTES_MAX => match lines(bytes, choice, l) {
                Ok(lines) => lines,
                Err(why) => {
                    self.is_fault = true;
                    vec![why]
                }
            },
            choice => vec![payload::preview(bytes, choice.as_ref(), LINE_CHARS_MAX, l)],
        };
    }
}

/// The first lines of what a decoder shows, or why it cannot.
fn lines(bytes: &[u8], choice: &Choice, l: Language) -> Result<Vec<String>, String> {
    match decode(choice.decoder(), bytes, &DecodeLimits::default(), &never) {
        Ok(Decoded::Document(document)) => {
            let lines = document.lines(0..document.line_count().min(LINES_MAX));
            Ok(lines.map(|line| shown(line.indent_columns(), line.text)).collect())
        }
        Ok(Decoded::Bytes) => {
            let lines =
                (0..hex::line_count(bytes).min(LINES_MAX)).filter_map(|index| hex::line(bytes, index));
            Ok(lines.map(|line| line.digits).collect())
        }
        Ok(Decoded::Image(_)) => Ok(vec![payload::preview(bytes, Some(choice), LINE_CHARS_MAX, l)]),
        Err(error) => Err(payload::decode_error(&error, l)),
    }
}

fn shown(indent: usize, text: &str) -> String {
    let text: String = text.chars().take(LINE_CHARS_MAX).collect();
    format!("{}{}", " ".repeat(indent.min(LINE_CHARS_MAX)), visible_line(&text))
}
