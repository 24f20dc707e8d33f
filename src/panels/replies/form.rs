//! The form that adds a reply rule or changes one of the list.

use eframe::egui::{Align, Key, Label, Layout, RichText, ScrollArea, Ui, vec2};

use crate::command::{Actions, ReplyAction};
use crate::message::QoS;
use crate::panels::scene::Scene;
use crate::reply::ReplyRule;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{named_combo, primary_button};
use crate::ui::widgets::field;
use crate::ui::{language, theme};
use crate::words::{Label as Words, Language, options, replies as words, widgets};

const LABEL_WIDTH: f32 = 96.0;
const ROW_HEIGHT: f32 = 24.0;
/// The longest payload of a rule.
const PAYLOAD_BYTES_MAX: usize = 64 * 1024;
/// The longest delay, in milliseconds, and the highest limit.
const NUMBER_MAX: u32 = 3_600_000;

/// What the form keeps between frames.
#[derive(Debug, Default)]
pub(super) struct ReplyForm {
    rule: ReplyRule,
    delay: String,
    limit: String,
    /// Place of the rule being changed; `None` while adding one.
    changes: Option<usize>,
    /// Whether it was tried to add it as it is.
    tried: bool,
    focus: bool,
}

impl ReplyForm {
    /// Place of the rule being changed.
    pub fn changes(&self) -> Option<usize> {
        self.changes
    }

    /// Begins changing a rule of the list.
    pub fn change(&mut self, place: usize, rule: &ReplyRule) {
        let text = |number: u32| if number == 0 { String::new() } else { number.to_string() };
        let (delay, limit) = (text(rule.delay_ms), text(rule.per_second_max));
        *self = Self { rule: rule.clone(), delay, limit, changes: Some(place), tried: false, focus: true };
    }

    /// A rule of the list is gone.
    pub fn removed(&mut self, place: usize) {
        self.changes = match self.changes {
            Some(changed) if changed == place => None,
            Some(changed) if changed > place => changed.checked_sub(1),
            changes => changes,
        };
    }

    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        ScrollArea::vertical().id_salt("reply form").auto_shrink(false).show(ui, |ui| {
            ui.add_space(size::PADDING);
            ui.spacing_mut().item_spacing.y = 4.0;
            self.fields(ui, scene, actions);
            ui.add_space(size::GROUP);
        });
    }

    fn fields(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let focus = std::mem::take(&mut self.focus);
        let Self { rule, .. } = self;
        let lines: [(Words, Words, &mut String); 3] = [
            (words::FILTER, words::FILTER_HINT, &mut rule.filter),
            (words::CONDITION, words::CONDITION_HINT, &mut rule.condition),
            (words::TOPIC, words::TOPIC_HINT, &mut rule.topic),
        ];
        let mut entered = false;
        for (index, (name, hint, text)) in lines.into_iter().enumerate() {
            labelled(ui, name.of(l), |ui| {
                let hint = RichText::new(hint.of(l)).color(tokens(ui).text_muted);
                let width = ui.available_width() - size::PADDING;
                let field = field::line(ui, name.of(l), field::STRING_BYTES_MAX, text, |edit| {
                    edit.id_salt(("reply", index))
                        .hint_text(hint)
                        .font(theme::mono_font())
                        .desired_width(width)
                });
                if focus && index == 0 {
                    field.request_focus();
                }
                entered |= field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            });
        }
        labelled(ui, words::PAYLOAD.of(l), |ui| {
            let hint = RichText::new(words::PAYLOAD_HINT.of(l)).color(tokens(ui).text_muted);
            let width = ui.available_width() - size::PADDING;
            field::text(ui, words::PAYLOAD.of(l), PAYLOAD_BYTES_MAX, &mut rule.payload, |edit| {
                edit.id_salt("reply payload")
                    .hint_text(hint)
                    .font(theme::mono_font())
                    .desired_rows(2)
                    .desired_width(width)
            });
        });
        self.delivery(ui);
        self.finish(ui, entered, scene, actions);
    }

    fn delivery(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let Self { rule, delay, limit, .. } = self;
        labelled(ui, words::QOS.of(l), |ui| {
            ui.spacing_mut().combo_width = 48.0;
            named_combo(ui, words::QOS.of(l), options::qos(rule.qos), |ui| {
                for qos in QoS::ALL {
                    ui.selectable_value(&mut rule.qos, qos, options::qos(qos));
                }
            });
            check_box(ui, &mut rule.retain, words::RETAIN.of(l));
            for (name, hint, text) in
                [(words::DELAY, "0", delay), (words::LIMIT, words::NO_LIMIT.of(l), limit)]
            {
                ui.add_space(size::GROUP);
                ui.label(RichText::new(name.of(l)).color(tokens(ui).text_muted));
                let hint = RichText::new(hint).color(tokens(ui).text_muted);
                field::line(ui, name.of(l), field::NUMBER_BYTES_MAX, text, |edit| {
                    edit.id_salt(("number", name.of(Language::English))).hint_text(hint).desired_width(56.0)
                });
            }
        });
    }

    /// The buttons, and what is wrong.
    fn finish(&mut self, ui: &mut Ui, entered: bool, scene: &Scene<'_>, actions: &mut Actions) {
        let (t, l) = (tokens(ui), language(ui));
        let ready = self.ready(l);
        labelled(ui, "", |ui| {
            let label = if self.changes.is_some() { words::SAVE } else { words::ADD };
            let asked = primary_button(ui, label.of(l)).clicked() || entered;
            let cancels = self.changes.is_some() && ui.button(widgets::CANCEL.of(l)).clicked();
            if let (true, Ok(rule)) = (asked, &ready) {
                let mut rules = scene.replies.to_vec();
                match self.changes.and_then(|place| rules.get_mut(place)) {
                    Some(changed) => *changed = rule.clone(),
                    None => rules.push(rule.clone()),
                }
                actions.push(ReplyAction::Change(rules));
                *self = Self::default();
                return;
            }
            if cancels {
                *self = Self::default();
                return;
            }
            self.tried |= asked;
            if let (Err(why), true) = (&ready, self.tried) {
                let text = RichText::new(why).color(t.error).font(theme::small_font());
                ui.add(Label::new(text).truncate()).on_hover_text(why);
            }
        });
    }

    /// The rule as it stands in the form, or what is wrong with it.
    fn ready(&self, l: Language) -> Result<ReplyRule, String> {
        let number = |text: &str| match text.trim() {
            "" => Ok(0),
            text => text.parse().ok().filter(|number| *number <= NUMBER_MAX).ok_or(()),
        };
        let (Ok(delay_ms), Ok(per_second_max)) = (number(&self.delay), number(&self.limit)) else {
            return Err(words::NOT_A_NUMBER.of(l).to_owned());
        };
        let rule = ReplyRule { delay_ms, per_second_max, ..self.rule.clone() };
        match rule.check() {
            Ok(()) => Ok(rule),
            Err(error) => Err(words::rule_error(&error, l)),
        }
    }
}

/// A row of the form.
fn labelled(ui: &mut Ui, name: &str, content: impl FnOnce(&mut Ui)) {
    let muted = tokens(ui).text_muted;
    ui.horizontal_top(|ui| {
        ui.add_space(size::PADDING);
        let size = vec2(LABEL_WIDTH, ROW_HEIGHT);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(LABEL_WIDTH);
            ui.add(Label::new(RichText::new(name).color(muted)).truncate());
        });
        ui.horizontal_wrapped(content);
    });
}
