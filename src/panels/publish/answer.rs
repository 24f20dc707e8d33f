//! The outcome of the last message sent: one line beside the button.

use eframe::egui::{Color32, RichText, Ui};

use crate::panels::scene::Scene;
use crate::payload::visible_name;
use crate::session::status::{PublishOutcome, PublishResult};
use crate::store::settings::TimeFormat;
use crate::ui::tokens::{Tokens, tokens};
use crate::ui::widgets::one_line::one_line;
use crate::ui::{icons, language, theme};
use crate::words::rejection::{note, rejection};
use crate::words::{Language, format, publish as words};

/// The last message sent, identified by the number of its request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LastSent {
    token: Option<u64>,
}

/// The content of the line.
struct Outcome {
    icon: &'static str,
    text: String,
    color: Color32,
}

impl LastSent {
    /// Notes that a message was passed to the session.
    pub fn expect(&mut self, token: u64) {
        self.token = Some(token);
    }

    /// Draws the line into the rest of the row.
    pub fn show(self, ui: &mut Ui, scene: &Scene<'_>) {
        let Some(token) = self.token else { return };
        let t = tokens(ui);
        let result = scene.status.publishes.iter().rev().find(|result| result.token == token);
        let Outcome { icon, text, color } = outcome(result, t, scene.settings.time_format, language(ui));
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new(icon).font(theme::icon_font()).color(color));
        let response = ui.label(one_line(ui, &text, theme::small_font(), color, ui.available_width()));
        if let Some(result) = result {
            response.on_hover_text(format!(
                "{}\n{}\n{}",
                format::date_time(result.at),
                visible_name(&result.topic),
                format::excerpt(&text, language(ui)),
            ));
        }
    }
}

fn outcome(result: Option<&PublishResult>, t: &Tokens, time: TimeFormat, language: Language) -> Outcome {
    let Some(PublishResult { outcome, took, at, .. }) = result else {
        let text = words::WAITING.of(language).to_owned();
        return Outcome { icon: icons::CIRCLE_DASHED, text, color: t.text_muted };
    };
    let (icon, text, color) = match outcome {
        PublishOutcome::Sent => (icons::CHECK_CIRCLE, words::sent(*at, time, language), t.text_muted),
        PublishOutcome::Acknowledged(said) => {
            let note = note(said, language);
            let color = if note.is_none() { t.ok } else { t.warn };
            (icons::CHECK_CIRCLE, words::acknowledged(*took, note.as_deref(), language), color)
        }
        PublishOutcome::Refused(why) => {
            (icons::X_CIRCLE, words::refused(&rejection(why, language), language), t.error)
        }
        PublishOutcome::Lost => (icons::WARNING, words::LOST.of(language).to_owned(), t.error),
    };
    Outcome { icon, text, color }
}
