//! The topic to publish to: the selected one until another is typed.

use eframe::egui::{RichText, Ui, vec2};

use crate::mqtt::filter;
use crate::panels::publish::suggestions::Suggestions;
use crate::panels::scene::Scene;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::icon_button_colored;
use crate::ui::widgets::field;
use crate::ui::{icons, language, theme};
use crate::words::{Language, filter as filter_words, publish as words};

/// The topic field, and whether it follows the selection.
#[derive(Clone, Debug, PartialEq)]
pub struct TopicField {
    text: String,
    follows: bool,
    /// Whether something was typed or tried: before that, an empty field is not an error.
    touched: bool,
    /// Whether the selected topic cannot be published to.
    strange: bool,
    suggestions: Suggestions,
}

impl Default for TopicField {
    fn default() -> Self {
        Self {
            text: String::new(),
            follows: true,
            touched: false,
            strange: false,
            suggestions: Suggestions::default(),
        }
    }
}

impl TopicField {
    /// The text in the field.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Sets a topic as if it had been typed.
    pub fn set(&mut self, topic: String) {
        *self = Self { text: topic, follows: false, touched: true, ..Self::default() };
    }

    /// Notes an attempt to publish: from now on an empty field is an error.
    pub fn tried(&mut self) {
        self.touched = true;
    }

    /// Takes over the selected topic while the field follows it.
    pub fn update(&mut self, scene: &Scene<'_>) {
        if !self.follows {
            return;
        }
        let Some(node) = scene.selected else { return };
        let topic = scene.model.topic_bytes(node);
        match std::str::from_utf8(&topic) {
            Ok(topic) if topic == self.text => {}
            Ok(topic) => topic.clone_into(&mut self.text),
            // The previous topic must not stay, or a message would go to an unexpected place.
            Err(_) => self.text.clear(),
        }
        self.strange = self.text.is_empty() && !topic.is_empty();
    }

    /// Why the topic cannot be published to, if it cannot.
    pub fn problem(&self) -> Option<filter::InvalidTopic> {
        filter::check_topic(&self.text).err()
    }

    /// The problem to show below the field.
    pub fn shown_problem(&self, language: Language) -> Option<String> {
        if self.strange {
            return Some(words::TOPIC_NOT_UTF8.of(language).to_owned());
        }
        let problem = self.problem()?;
        (self.touched || !matches!(problem, filter::InvalidTopic::Empty(_)))
            .then(|| filter_words::capitalised(problem, language))
    }

    /// The topic as it is kept on disk; `None` while it is the selected one.
    pub fn kept(&self) -> Option<String> {
        (!self.follows).then(|| self.text.clone())
    }

    /// Whether it shows the selected topic, and nobody typed anything.
    pub fn is_untouched(&self) -> bool {
        self.follows
    }

    /// Draws the field and its button across `ui`.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let (t, l) = (tokens(ui), language(ui));
        let accepted = self.suggestions.take_keys(ui, &mut self.text);
        let width = ui.available_width() - 28.0 - ui.spacing().item_spacing.x;
        let hint = RichText::new(words::TOPIC_HINT.of(l)).font(theme::text_font()).color(t.text_muted);
        let name = words::TOPIC.of(l);
        let response = field::line(ui, name, field::STRING_BYTES_MAX, &mut self.text, |edit| {
            edit.id_salt("publish topic")
                .font(theme::mono_font())
                .hint_text(hint)
                .align(eframe::egui::Align2::LEFT_CENTER)
                .min_size(vec2(0.0, 24.0))
                .desired_width(width)
        });
        let typed = response.changed();
        let chosen = self.suggestions.show(ui, &response, &mut self.text, typed || accepted, scene.model);
        if typed || accepted || chosen {
            (self.follows, self.touched, self.strange) = (false, true, false);
        }
        let (icon, color, help) = if self.follows {
            (icons::LINK, t.text, words::FOLLOWS_HELP)
        } else {
            (icons::LINK_BREAK, t.text_muted, words::FOLLOW_HELP)
        };
        if icon_button_colored(ui, icon, words::USE_SELECTED.of(l), help.of(l), color).clicked() {
            *self = Self { follows: true, ..Self::default() };
        }
    }
}
