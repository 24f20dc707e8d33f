//! What became of the last message that was sent: one line beside the button.

use eframe::egui::{Color32, RichText, Ui};

use crate::session::status::{PublishOutcome, PublishResult, Status};
use crate::ui::tokens::{Tokens, tokens};
use crate::ui::widgets::one_line::one_line;
use crate::ui::{icons, language, theme};
use crate::words::{self, Language, format, rejection};

/// The last message that was sent, known by the number that its request was given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    token: Option<u64>,
}

/// The line: its mark, its text and its colour.
struct Line {
    icon: &'static str,
    text: String,
    color: Color32,
}

impl Answer {
    /// A message was handed to the session.
    pub fn expect(&mut self, token: u64) {
        self.token = Some(token);
    }

    /// Draws the line into what is left of the row.
    pub fn show(self, ui: &mut Ui, status: &Status) {
        let Some(token) = self.token else { return };
        let t = tokens(ui);
        let result = status.publishes.iter().rev().find(|result| result.token == token);
        let Line { icon, text, color } = line(result, t, language(ui));
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new(icon).font(theme::icon_font()).color(color));
        let response = ui.label(one_line(ui, &text, theme::small_font(), color, ui.available_width()));
        if let Some(result) = result {
            response.on_hover_text(format!("{}\n{}\n{text}", format::date_time(result.at), result.topic));
        }
    }
}

fn line(result: Option<&PublishResult>, t: &Tokens, l: Language) -> Line {
    let Some(PublishResult { outcome, took, at, .. }) = result else {
        return Line {
            icon: icons::CIRCLE_DASHED,
            text: words::publish::WAITING.of(l).to_owned(),
            color: t.text_muted,
        };
    };
    match outcome {
        PublishOutcome::Sent => {
            Line { icon: icons::CHECK_CIRCLE, text: words::publish::sent(*at, l), color: t.text_muted }
        }
        PublishOutcome::Acknowledged(said) => {
            let note = rejection::note(said, l);
            Line {
                icon: icons::CHECK_CIRCLE,
                text: words::publish::acknowledged(*took, note.as_deref(), l),
                color: if note.is_none() { t.ok } else { t.warn },
            }
        }
        PublishOutcome::Refused(why) => Line {
            icon: icons::X_CIRCLE,
            text: words::publish::refused(&rejection::rejection(why, l), l),
            color: t.error,
        },
        PublishOutcome::Lost => {
            Line { icon: icons::WARNING, text: words::publish::LOST.of(l).to_owned(), color: t.error }
        }
    }
}
