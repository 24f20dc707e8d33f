//! The decoder rules of the session: a form, the list, and what the rule in the form makes of the selected topic's
//! newest message.

mod chooser;
mod form;
mod preview;

pub(in crate::panels) use crate::panels::decoders::chooser::button as chooser;

use eframe::egui::{Align, Layout, RichText, Role, ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use crate::command::{Action, Actions, Dangerous, DecoderAction};
use crate::panels::decoders::form::RuleForm;
use crate::panels::decoders::preview::RulePreview;
use crate::panels::scene::Scene;
use crate::panels::{PanelView, excerpt};
use crate::payload::decode::ChoiceError;
use crate::payload::schema::SchemaFiles;
use crate::payload::visible_line;
use crate::query::Rule;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::{hairline, icon_button};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::one_line;
use crate::ui::{icons, language, theme};
use crate::words::{decoders as words, payload};

const ROW_HEIGHT: f32 = 28.0;
/// The list's share of the width; the preview has the rest.
const LIST_SHARE: f32 = 0.55;

/// The decoder rules of one session.
#[derive(Debug, Default)]
pub struct DecodersView {
    form: RuleForm,
    preview: RulePreview,
}

impl PanelView for DecodersView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.form.show(ui, scene, actions);
        hairline(ui);
        let room = ui.available_rect_before_wrap();
        let middle = room.left() + (room.width() * LIST_SHARE).round();
        let mut list = ui.new_child(UiBuilder::new().id_salt("rules").max_rect(room.with_max_x(middle)));
        self.rules(&mut list, scene, actions);
        ui.painter().vline(middle, room.y_range(), eframe::egui::Stroke::new(1.0, tokens(ui).line));
        let beside = room.with_min_x(middle + 1.0);
        let mut beside = ui.new_child(UiBuilder::new().id_salt("preview").max_rect(beside));
        self.preview.show(&mut beside, scene, self.form.rule());
        ui.advance_cursor_after_rect(room);
    }
}

impl DecodersView {
    fn rules(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        if scene.rules.is_empty() {
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
            return;
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let used = scene.selected.and_then(|node| scene.rules.of_topic(&scene.model.topic_bytes(node)));
        let used = used.map(|rule| rule.filter.as_str());
        let rows = scene.rules.iter().count();
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW_HEIGHT, rows, |ui, range| {
            for rule in scene.rules.iter().skip(range.start).take(range.len()) {
                let is_used = used == Some(rule.filter.as_str());
                ui.push_id(&rule.filter, |ui| self.row(ui, rule, is_used, scene.rules.files(), actions));
            }
        });
    }

    fn row(&mut self, ui: &mut Ui, rule: &Rule, is_used: bool, files: &SchemaFiles, actions: &mut Actions) {
        let (t, l) = (tokens(ui), language(ui));
        let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::hover());
        if self.form.changes() == Some(&rule.filter) {
            ui.painter().rect_filled(rect, 0.0, t.selection);
            ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
        } else if response.contains_pointer() {
            ui.painter().rect_filled(rect, 0.0, t.surface_2);
        }
        let inside = rect.shrink2(vec2(size::PADDING, 0.0));
        let mut ui =
            ui.new_child(UiBuilder::new().max_rect(inside).layout(Layout::left_to_right(Align::Center)));
        let ui = &mut ui;
        let (mark, color) = if is_used { (icons::CHECK_CIRCLE, t.ok) } else { (icons::CIRCLE, t.text_muted) };
        let mark = ui.label(RichText::new(mark).font(theme::icon_font()).color(color));
        if is_used {
            mark.on_hover_text(words::IN_USE.of(l));
        }
        let waits = matches!(rule.error, Some(ChoiceError::NotAllowed(_)));
        let room = ui.available_width() - if waits { 140.0 } else { 70.0 };
        text(ui, room * 0.5, &rule.filter, t.text, words::WHICH_WINS.of(l));
        let why = rule.error.as_ref().map(|error| payload::choice_error(error, l));
        let (shown, color) = match &why {
            Some(why) => (format!("{}: {why}", rule.decoder), t.error),
            None => (rule.decoder.clone(), t.text_muted),
        };
        text(ui, room * 0.5, &shown, color, why.as_deref().unwrap_or_default());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 2.0;
            let filter = &rule.filter;
            if icon_button(ui, icons::X, &words::remove(filter, l), words::REMOVE_HELP.of(l)).clicked() {
                actions.push(DecoderAction::Remove(filter.clone()));
            }
            if let Some(ChoiceError::NotAllowed(line)) = &rule.error
                && ui.button(words::ALLOW.of(l)).clicked()
            {
                actions.push(Action::Confirm(Dangerous::AllowProgram(line.clone())));
            }
            let change = words::change(filter, l);
            if icon_button(ui, icons::PENCIL_SIMPLE, &change, words::CHANGE_HELP.of(l)).clicked() {
                self.form.change(rule, files, ui.ctx());
            }
        });
    }
}

/// Draws a text in a column, with a tooltip if there is more to say or it does not fit.
fn text(ui: &mut Ui, width: f32, text: &str, color: eframe::egui::Color32, help: &str) {
    let shown = visible_line(text);
    let galley = one_line(ui, &shown, theme::mono_font(), color, width - size::PADDING);
    let elided = galley.elided;
    let (rect, response) = ui.allocate_exact_size(vec2(width.max(0.0), ROW_HEIGHT - 4.0), Sense::hover());
    ui.painter().galley(rect.left_center() - vec2(0.0, galley.size().y / 2.0), galley, color);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &*shown));
    if elided || !help.is_empty() {
        response.on_hover_text(excerpt::of_tooltip(if elided { text } else { help }));
    }
}
