//! The form that copies retained messages to another session or under another prefix, with a preview of the topics.

use eframe::egui::{Button, Popup, PopupCloseBehavior, RichText, Sense, Ui, vec2};

use crate::command::{Actions, RetainedAction};
use crate::mqtt::filter;
use crate::panels::retained::rows::RetainedRows;
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::session::retained::DeskState;
use crate::ui::tokens::tokens;
use crate::ui::widgets::field;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{language, theme};
use crate::words::{Label, Language, retained as words};

const LABEL_WIDTH: f32 = 96.0;
const FIELD_WIDTH: f32 = 260.0;
/// How many copies the preview names.
const NAMED_MAX: usize = 4;

/// What was chosen and typed.
#[derive(Debug, Default)]
pub struct CopyForm {
    /// Number of the session; `None`: the one that shows.
    target: Option<u64>,
    from: String,
    to: String,
}

impl CopyForm {
    /// Draws the button and its form.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        (rows, desk): (&RetainedRows, &DeskState),
        per_second: u32,
        scene: &Scene<'_>,
        actions: &mut Actions,
    ) {
        let l = language(ui);
        let can_copy =
            rows.chosen_count() > 0 && desk.phase == crate::session::retained::RetainedPhase::Listed;
        let button = ui.add_enabled(can_copy, Button::new(words::COPY.of(l)));
        let button = button.on_hover_text(words::COPY_HELP.of(l)).on_disabled_hover_text(words::CHOOSE.of(l));
        let popup = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        popup.show(|ui| {
            ui.set_min_width(LABEL_WIDTH + FIELD_WIDTH + 16.0);
            ui.spacing_mut().item_spacing.y = 6.0;
            self.targets(ui, scene);
            line(ui, words::PREFIX_FROM, &mut self.from, l);
            line(ui, words::PREFIX_TO, &mut self.to, l);
            self.copy(ui, (rows, desk), per_second, scene, actions);
        });
    }

    /// The session that the copies go to, of those that are open.
    fn target(&self, scene: &Scene<'_>) -> u64 {
        let is_open = |number: &u64| scene.sessions.iter().any(|(known, _)| known == number);
        self.target.filter(is_open).unwrap_or(scene.session)
    }

    fn targets(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let l = language(ui);
        let mut target = self.target(scene);
        ui.label(RichText::new(words::TARGET.of(l)).font(theme::small_font()).color(tokens(ui).text_muted));
        for (number, name) in scene.sessions {
            ui.radio_value(&mut target, *number, visible_line(name));
        }
        self.target = Some(target);
    }

    /// The topic of a copy: only what begins with the prefix gets the new one.
    fn renamed(&self, topic: &str) -> String {
        match topic.strip_prefix(self.from.as_str()) {
            Some(rest) => format!("{}{rest}", self.to),
            None => topic.to_owned(),
        }
    }

    fn copy(
        &self,
        ui: &mut Ui,
        (rows, desk): (&RetainedRows, &DeskState),
        per_second: u32,
        scene: &Scene<'_>,
        actions: &mut Actions,
    ) {
        let (t, l) = (tokens(ui), language(ui));
        let target = self.target(scene);
        let count = rows.chosen_count();
        // The first that show tell what the rule does; all are checked when they are copied.
        for (topic, copy) in rows.chosen_first(desk, NAMED_MAX).map(|topic| (topic, self.renamed(topic))) {
            let text = words::from_to(&visible_line(topic), &visible_line(&copy));
            let (rect, response) =
                ui.allocate_exact_size(vec2(LABEL_WIDTH + FIELD_WIDTH, 18.0), Sense::hover());
            let galley = one_line(ui, &text, theme::mono_small_font(), t.text_muted, rect.width());
            paint_line(ui, rect.left_center(), galley, t.text_muted);
            crate::ui::widgets::access::readout(ui, &response, topic, &copy);
        }
        if count > NAMED_MAX {
            let more = words::more(count - NAMED_MAX, l);
            ui.label(RichText::new(more).font(theme::small_font()).color(t.text_muted));
        }
        let is_same = target == scene.session && self.from == self.to;
        let why = is_same.then(|| words::SAME_PLACE.of(l).to_owned());
        let button = ui.add_enabled(why.is_none(), Button::new(words::copy_now(count, l)));
        if button.on_disabled_hover_text(why.unwrap_or_default()).clicked() {
            let copies = rows.chosen_topics(desk).into_iter().map(|topic| {
                let copy = self.renamed(&topic);
                (topic, copy)
            });
            // What would take its own place, or no broker takes, stays where it is.
            let is_copy = |(topic, copy): &(String, String)| {
                filter::check_topic(copy).is_ok() && (target != scene.session || topic != copy)
            };
            let topics: Vec<(String, String)> = copies.filter(is_copy).collect();
            actions.push(RetainedAction::Copy { to: target, topics: topics.into(), per_second });
            ui.close();
        }
    }
}

fn line(ui: &mut Ui, name: Label, text: &mut String, l: Language) {
    ui.horizontal(|ui| {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, 24.0), Sense::hover());
        let label = one_line(ui, name.of(l), theme::text_font(), t.text_muted, LABEL_WIDTH);
        paint_line(ui, rect.left_center(), label, t.text_muted);
        field::line(ui, name.of(l), field::STRING_BYTES_MAX, text, |edit| {
            edit.font(theme::mono_font()).desired_width(FIELD_WIDTH)
        });
    });
}
