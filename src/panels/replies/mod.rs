//! The rules that answer messages: a switch, the list, and a form for one of them.

mod form;

use eframe::egui::{Align, Layout, RichText, ScrollArea, Sense, Stroke, Ui, UiBuilder, vec2};

use crate::command::{Actions, ReplyAction};
use crate::panels::PanelView;
use crate::panels::replies::form::ReplyForm;
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::reply::ReplyRule;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, icon_button};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::one_line;
use crate::ui::{icons, language, theme};
use crate::words::{format, replies as words};

const BAR_HEIGHT: f32 = 34.0;
const ROW_HEIGHT: f32 = 28.0;
/// The list's share of the width; the form has the rest.
const LIST_SHARE: f32 = 0.42;
/// What the buttons at the end of a row take.
const ROW_BUTTONS: f32 = 72.0;
/// The column of how often a rule answered.
const COUNT_WIDTH: f32 = 56.0;

/// The reply rules of one session.
#[derive(Debug, Default)]
pub struct RepliesView {
    form: ReplyForm,
}

impl PanelView for RepliesView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        bar(ui, scene, actions);
        hairline(ui);
        let room = ui.available_rect_before_wrap();
        let middle = room.left() + (room.width() * LIST_SHARE).round();
        let mut list = ui.new_child(UiBuilder::new().id_salt("rules").max_rect(room.with_max_x(middle)));
        self.rules(&mut list, scene, actions);
        ui.painter().vline(middle, room.y_range(), Stroke::new(1.0, tokens(ui).line));
        let beside = room.with_min_x(middle + 1.0);
        let mut beside = ui.new_child(UiBuilder::new().id_salt("form").max_rect(beside));
        self.form.show(&mut beside, scene, actions);
        ui.advance_cursor_after_rect(room);
    }
}

/// The switch, and how it is going.
fn bar(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let size = vec2(ui.available_width(), BAR_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::PADDING);
        let mut is_on = scene.responder.is_some();
        ui.add_enabled_ui(is_on || !scene.replies.is_empty(), |ui| {
            let switch = check_box(ui, &mut is_on, words::SWITCH.of(l));
            let switch = switch.on_hover_text(words::SWITCH_HELP.of(l));
            if switch.on_disabled_hover_text(words::NO_RULES.of(l)).changed() {
                actions.push(ReplyAction::Switch(is_on));
            }
        });
        if let Some(responder) = scene.responder {
            let (text, is_bad) = words::state(responder, scene.replies, l);
            let color = if is_bad { t.error } else { t.text_muted };
            let shown = visible_line(&text);
            let room = ui.available_width() - size::PADDING;
            let galley = one_line(ui, &shown, theme::small_font(), color, room);
            ui.label(galley).on_hover_text(text);
        }
    });
}

impl RepliesView {
    fn rules(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        if scene.replies.is_empty() {
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let rows = scene.replies.len();
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW_HEIGHT, rows, |ui, range| {
            for place in range {
                if let Some(rule) = scene.replies.get(place) {
                    ui.push_id(place, |ui| self.row(ui, place, rule, scene, actions));
                }
            }
        });
    }

    fn row(&mut self, ui: &mut Ui, place: usize, rule: &ReplyRule, scene: &Scene<'_>, actions: &mut Actions) {
        let (t, l) = (tokens(ui), language(ui));
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
        if self.form.changes() == Some(place) {
            ui.painter().rect_filled(rect, 0.0, t.selection);
            ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
        } else if response.contains_pointer() {
            ui.painter().rect_filled(rect, 0.0, t.surface_2);
        }
        let inside = rect.shrink2(vec2(size::PADDING, 0.0));
        let builder = UiBuilder::new().max_rect(inside).layout(Layout::left_to_right(Align::Center));
        let mut ui = ui.new_child(builder);
        let ui = &mut ui;
        let with = |change: &dyn Fn(&mut Vec<ReplyRule>)| {
            let mut rules = scene.replies.to_vec();
            change(&mut rules);
            ReplyAction::Change(rules)
        };
        let mut enabled = rule.enabled;
        let name = words::enable(rule, l);
        let switch = check_box(ui, &mut enabled, "");
        switch.widget_info(|| {
            eframe::egui::WidgetInfo::selected(eframe::egui::Role::CheckBox, true, enabled, &name)
        });
        if switch.on_hover_text(&name).changed() {
            let set = |rules: &mut Vec<ReplyRule>| {
                rules.get_mut(place).into_iter().for_each(|rule| rule.enabled = enabled);
            };
            actions.push(with(&set));
        }
        let count = scene.responder.and_then(|responder| responder.counts.get(place).copied());
        let said = rule.check().err().map(|error| words::rule_error(&error, l));
        let room = ui.available_width() - ROW_BUTTONS;
        let color = if rule.enabled { t.text } else { t.text_muted };
        let summary = words::summary(rule, l);
        match (said, count) {
            (Some(why), _) => {
                text(ui, room * 0.5, (&summary, &summary), color);
                text(ui, room * 0.5, (&why, &why), t.error);
            }
            (None, Some(count)) if rule.enabled => {
                text(ui, room - COUNT_WIDTH, (&summary, &summary), color);
                text(ui, COUNT_WIDTH, (&format::count(count), &words::answered(count, l)), t.text_muted);
            }
            (None, _) => text(ui, room, (&summary, &summary), color),
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            if icon_button(ui, icons::X, &words::remove(rule, l), words::REMOVE_HELP.of(l)).clicked() {
                actions.push(with(&|rules| {
                    rules.remove(place);
                }));
                self.form.removed(place);
            }
            let change = words::change(rule, l);
            if icon_button(ui, icons::PENCIL_SIMPLE, &change, words::CHANGE_HELP.of(l)).clicked() {
                self.form.change(place, rule);
            }
        });
    }
}

/// A text in a column of this width, and what it says in full: to assistive technology, and in the tooltip.
fn text(ui: &mut Ui, width: f32, (text, said): (&str, &str), color: eframe::egui::Color32) {
    let shown = visible_line(text);
    let said = visible_line(said);
    let galley = one_line(ui, &shown, theme::text_font(), color, width - size::PADDING);
    let size = vec2(width, ROW_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        let response = ui.label(galley);
        response.widget_info(|| {
            eframe::egui::WidgetInfo::labeled(eframe::egui::Role::Label, true, said.as_ref())
        });
        response.on_hover_text(RichText::new(said.as_ref()));
    });
}
