//! The form for sending more than one message: the draft again and again, or the lines of a file.

use std::time::Duration;

use eframe::egui::{self, Popup, PopupCloseBehavior, RichText, Ui, vec2};

use crate::command::{Actions, FileLines, FileOrder, RepeatOrder, SendingAction};
use crate::panels::publish::draft::{Draft, Sendable};
use crate::session::sending::SendingPlan;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::hairline;
use crate::ui::widgets::field;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{language, theme};
use crate::words::{Label, Language, sending as words};

/// The fastest pace of a file, in messages a second.
const PACE_MAX: u32 = 1_000_000;
const LABEL_WIDTH: f32 = 150.0;
const FIELD_WIDTH: f32 = 96.0;
/// The longest time between two messages: a day.
const EVERY_MAX_MS: u64 = 86_400_000;

/// What was typed into the form.
#[derive(Debug)]
pub struct RepeatForm {
    every: String,
    times: String,
    are_messages: bool,
    per_second: String,
}

impl Default for RepeatForm {
    fn default() -> Self {
        Self {
            every: "1000".to_owned(),
            times: String::new(),
            are_messages: false,
            per_second: "100".to_owned(),
        }
    }
}

impl RepeatForm {
    /// The plan that was typed, or what is wrong with it.
    fn plan(&self) -> Result<SendingPlan, Label> {
        let every: u64 = self.every.trim().parse().map_err(|_| words::BAD_EVERY)?;
        if !(1..=EVERY_MAX_MS).contains(&every) {
            return Err(words::BAD_EVERY);
        }
        let count = match self.times.trim() {
            "" => None,
            times => Some(times.parse().ok().filter(|times| *times > 0).ok_or(words::BAD_TIMES)?),
        };
        Ok(SendingPlan { every: Duration::from_millis(every), count })
    }

    /// Draws the button and its form.
    pub fn show(&mut self, ui: &mut Ui, draft: &Draft, sendable: Sendable, actions: &mut Actions) {
        let l = language(ui);
        let button = ui.button(words::REPEAT.of(l)).on_hover_text(words::REPEAT_HELP.of(l));
        let popup = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        popup.show(|ui| {
            ui.set_min_width(260.0);
            ui.spacing_mut().item_spacing.y = 6.0;
            self.repeat(ui, draft, sendable, actions);
            ui.add_space(2.0);
            hairline(ui);
            self.file(ui, draft, sendable, actions);
        });
    }

    fn repeat(&mut self, ui: &mut Ui, draft: &Draft, sendable: Sendable, actions: &mut Actions) {
        let l = language(ui);
        number(ui, words::EVERY, "1000", &mut self.every, l);
        number(ui, words::TIMES, words::UNTIL_STOPPED.of(l), &mut self.times, l);
        let order = match (self.plan(), draft.outgoing(sendable)) {
            (Err(why), _) => Err(why.of(l).to_owned()),
            (_, Err(why)) => Err(why.text(l)),
            (Ok(plan), Ok(first)) => Ok(RepeatOrder { recipe: draft.recipe(), first, plan }),
        };
        let (order, why) = match order {
            Ok(order) => (Some(order), String::new()),
            Err(why) => (None, why),
        };
        let start = ui.add_enabled(order.is_some(), egui::Button::new(words::START.of(l)));
        if start.on_disabled_hover_text(why).clicked()
            && let Some(order) = order
        {
            actions.push(SendingAction::Repeat(Box::new(order)));
            ui.close();
        }
    }

    fn file(&mut self, ui: &mut Ui, draft: &Draft, sendable: Sendable, actions: &mut Actions) {
        let (t, l) = (tokens(ui), language(ui));
        ui.label(RichText::new(words::FILE.of(l)).color(t.text_muted).font(theme::small_font()));
        ui.radio_value(&mut self.are_messages, false, words::LINE_IS_PAYLOAD.of(l));
        ui.radio_value(&mut self.are_messages, true, words::LINE_IS_MESSAGE.of(l));
        number(ui, words::PACE, "100", &mut self.per_second, l);
        let like = match (self.are_messages, sendable.offline) {
            (true, None) => Ok(FileLines::Messages),
            (true, Some(why)) => Err(why.of(l).to_owned()),
            (false, _) => match draft.like(sendable) {
                Ok(like) => Ok(FileLines::Payloads(Box::new(like))),
                Err(why) => Err(why.text(l)),
            },
        };
        let pace = self.per_second.trim().parse().ok().filter(|pace| (1..=PACE_MAX).contains(pace));
        let order = match (pace, like) {
            (Some(per_second), Ok(lines)) => Ok(FileOrder { lines, per_second }),
            (None, _) => Err(words::BAD_PACE.of(l).to_owned()),
            (_, Err(why)) => Err(why),
        };
        let (order, why) = match order {
            Ok(order) => (Some(order), String::new()),
            Err(why) => (None, why),
        };
        let choose = ui.add_enabled(order.is_some(), egui::Button::new(words::CHOOSE_FILE.of(l)));
        if choose.on_disabled_hover_text(why).clicked()
            && let Some(order) = order
        {
            actions.push(SendingAction::SendFile(Box::new(order)));
            ui.close();
        }
    }
}

fn number(ui: &mut Ui, name: Label, hint: &str, text: &mut String, l: Language) {
    ui.horizontal(|ui| {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, 24.0), egui::Sense::hover());
        let label = one_line(ui, name.of(l), theme::text_font(), t.text_muted, LABEL_WIDTH);
        paint_line(ui, rect.left_center(), label, t.text_muted);
        let hint = RichText::new(hint).color(t.text_muted);
        field::line(ui, name.of(l), field::NUMBER_BYTES_MAX, text, |edit| {
            edit.hint_text(hint).desired_width(FIELD_WIDTH)
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_at_least_a_millisecond_and_the_number_may_be_left_out() {
        let plan = |every: &str, times: &str| {
            let form = RepeatForm { every: every.into(), times: times.into(), ..RepeatForm::default() };
            form.plan().map(|plan| (plan.every.as_millis(), plan.count))
        };
        assert_eq!(plan("1", ""), Ok((1, None)));
        assert_eq!(plan(" 250 ", "10"), Ok((250, Some(10))));
        for (every, times) in [("0", ""), ("", ""), ("1.5", ""), ("1", "0"), ("1", "x"), ("86400001", "")] {
            assert!(plan(every, times).is_err(), "{every} {times}");
        }
    }
}
