//! The payload: its format, the editor or the file in its place, and the result of checking the text.

use std::ops::Range;

use eframe::egui::{
    self, Label, Margin, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui,
    UiBuilder, WidgetInfo, vec2,
};

use crate::command::{Actions, PublishAction};
use crate::message::Timestamp;
use crate::mqtt::options::SecretVariables;
use crate::panels::long_text::LongTextView;
use crate::panels::publish::body::{Body, BodyProblem, Check, EDIT_BYTES_MAX, Notation, Origin};
use crate::panels::publish::filled::{FillPlace, Filler};
use crate::panels::publish::highlight::Highlighter;
use crate::payload::decode::Format;
use crate::payload::encode::EncodeError;
use crate::payload::json::JsonError;
use crate::payload::visible_line;
use crate::query::{ModelLookup, Rules};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::access::readout;
use crate::ui::widgets::controls::{icon_button, named_combo};
use crate::ui::widgets::field::{self, Bounded, Limit};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::segments::segments;
use crate::ui::{icons, language, theme};
use crate::words::{Language, decoders, format, publish as words};

const FOOT_HEIGHT: f32 = 22.0;
/// The most of what will be sent that its line shows.
const PREVIEW_BYTES_MAX: usize = 1_000;
/// Height of the line above a long text.
const HEAD_HEIGHT: f32 = 32.0;

/// The editor and what it needs between frames.
#[derive(Debug, Default)]
pub struct Editor {
    /// The payload being written.
    pub body: Body,
    highlighter: Highlighter,
    long: LongTextView,
    /// Why the last button had no effect. Kept until the text changes.
    problem: Option<BodyProblem>,
    /// The placeholders of topic and payload.
    pub filler: Filler,
    /// The result of checking the filled text, if there are placeholders that could be filled.
    filled_check: Option<Check>,
}

impl Editor {
    /// Replaces the whole payload.
    pub fn replace(&mut self, change: impl FnOnce(&mut Body)) {
        self.problem = None;
        change(&mut self.body);
    }

    /// Brings the preview up to date with the topic and the payload.
    pub fn fill(&mut self, topic: &str, now: Timestamp, lookup: &ModelLookup<'_>, secrets: &SecretVariables) {
        let text = if self.body.attachment().is_some() { "" } else { self.body.text.as_str() };
        if self.filler.update(topic, text, now, lookup) {
            self.filler.mask(secrets);
            let filled = self.filler.filled().and_then(|filled| filled.as_ref().ok());
            self.filled_check = filled.map(|filled| self.body.check_of(&filled.payload));
        }
    }

    /// Notes how the decoder rules read the topic: formats are written with the schema of its rule.
    pub fn read_by_rules(&mut self, topic: &str, rules: &Rules) {
        let filled = self.filler.filled().and_then(|filled| filled.as_ref().ok());
        let topic = filled.map_or(topic, |filled| filled.topic.as_str());
        if self.body.set_choice(rules.choice_of_topic(topic.as_bytes())) {
            self.filled_check = filled.map(|filled| self.body.check_of(&filled.payload));
        }
    }

    /// The result of checking what will be sent.
    fn check(&self) -> &Check {
        self.filled_check.as_ref().unwrap_or_else(|| self.body.check())
    }

    /// Draws the button that turns placeholders on or off.
    pub fn variables_button(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let (on, name) = (self.filler.is_on(), words::VARIABLES.of(l));
        let help = if on { words::VARIABLES_ON_HELP } else { words::VARIABLES_OFF_HELP };
        let toggle = ui.selectable_label(on, RichText::new("{{ }}").font(theme::mono_font()));
        toggle.widget_info(|| WidgetInfo::selected(Role::Button, true, on, name));
        if toggle.on_hover_text(help.of(l)).clicked() {
            self.filler.set_on(!on);
            self.filled_check = None;
        }
    }

    /// Draws the row of buttons above the editor.
    pub fn toolbar(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let l = language(ui);
        let editable = self.body.attachment().is_none();
        ui.add_enabled_ui(editable, |ui| {
            let current = Some(self.body.notation());
            if let Some(notation) = segments(ui, words::PAYLOAD_FORMAT.of(l), &Notation::CHOICES, current) {
                self.problem = self.body.set_notation(notation).err();
            }
            self.formats(ui);
            if matches!(self.body.notation(), Notation::Text | Notation::Encoded(_)) {
                let json = match self.body.check() {
                    Check::Json | Check::BadJson(_) | Check::Long | Check::Unencodable(_) => true,
                    Check::Bytes(_) => self.body.notation() != Notation::Text,
                    Check::Empty | Check::Text | Check::BadHex(_) | Check::BadBase64(_) => false,
                };
                let button = ui
                    .add_enabled(json, egui::Button::new(words::FORMAT_JSON.of(l)))
                    .on_hover_text(words::FORMAT_JSON_HELP.of(l))
                    .on_disabled_hover_text(words::NOT_JSON.of(l));
                if button.clicked() {
                    self.problem = self.body.format_json().err();
                }
            }
        });
        let load = icon_button(ui, icons::FILE, words::LOAD_FILE.of(l), words::LOAD_FILE_HELP.of(l));
        if load.clicked() {
            actions.push(PublishAction::LoadPayload);
        }
    }

    /// Draws the choice of a format that is written from JSON.
    fn formats(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let chosen = match self.body.notation() {
            Notation::Encoded(format) => decoders::decoder(format, l),
            Notation::Text | Notation::Hex | Notation::Base64 => words::AS_FORMAT.of(l),
        };
        ui.spacing_mut().combo_width = 104.0;
        let mut picked = None;
        let combo = named_combo(ui, words::WRITTEN_AS.of(l), chosen, |ui| {
            for format in Notation::FORMATS {
                let is_chosen = self.body.notation() == Notation::Encoded(format);
                if ui.selectable_label(is_chosen, decoders::decoder(format, l)).clicked() {
                    picked = Some(format);
                }
            }
        });
        combo.on_hover_text(words::WRITTEN_AS_HELP.of(l));
        if let Some(format) = picked {
            self.problem = self.body.set_notation(Notation::Encoded(format)).err();
        }
    }

    /// The bytes of the editor's text that are wrong.
    fn marked(&self) -> Option<Range<usize>> {
        if let Some(Err((FillPlace::Payload, error))) = self.filler.filled() {
            return Some(error.spot.start..error.spot.end);
        }
        // Offsets in a filled text are of no use in the one that is written.
        if self.filled_check.is_some() {
            return None;
        }
        let offset = match self.body.check() {
            Check::BadJson(JsonError::Syntax(error))
            | Check::Unencodable(EncodeError::Json(JsonError::Syntax(error))) => error.offset,
            _ => return None,
        };
        let text = &self.body.text;
        let end = text.len();
        if offset < end {
            let start = text.floor_char_boundary(offset);
            let length = text[start..].chars().next().map_or(0, char::len_utf8);
            return Some(start..start + length);
        }
        // What is missing at the end is marked at the last character.
        let last = text.trim_end().char_indices().next_back();
        last.map(|(start, char)| start..start + char.len_utf8())
    }

    /// The quiet line about the payload.
    fn mark(&self, retain: bool, t: &Tokens, l: Language) -> (String, egui::Color32) {
        if let Some(problem) = &self.problem {
            return (problem.text(l), t.error);
        }
        if let Some(Err((place, error))) = self.filler.filled() {
            return (words::not_filled(*place == FillPlace::Topic, error, l), t.error);
        }
        let filled = self.filler.filled().and_then(|filled| filled.as_ref().ok());
        let size = filled.map_or(self.body.text.len(), |filled| filled.payload.len()) as u64;
        match self.check() {
            Check::Empty if retain => (words::EMPTY_RETAINED.of(l).to_owned(), t.warn),
            Check::Empty => (words::EMPTY.of(l).to_owned(), t.text_muted),
            Check::Json => (words::is_json(size), t.text_muted),
            Check::Text => (words::is_text(size, l), t.text_muted),
            Check::Long => (words::is_long(size, l), t.text_muted),
            Check::Bytes(bytes) => (format::bytes(*bytes as u64), t.text_muted),
            Check::BadJson(error) => (BodyProblem::BadJson(*error).text(l), t.error),
            Check::BadHex(error) => (BodyProblem::BadHex(*error).text(l), t.error),
            Check::BadBase64(at) => (BodyProblem::BadBase64(*at).text(l), t.error),
            Check::Unencodable(error) => (BodyProblem::Unencodable(error.clone()).text(l), t.error),
        }
    }

    /// Draws the editor into `rect`, with the quiet line at the bottom.
    pub fn show(&mut self, ui: &mut Ui, rect: Rect, retain: bool, actions: &mut Actions) {
        let t = tokens(ui);
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_2);
        if self.body.attachment().is_some() {
            let mut child = ui.new_child(egui::UiBuilder::new().id_salt("payload file").max_rect(rect));
            child.set_clip_rect(rect.intersect(ui.clip_rect()));
            self.file(&mut child, rect, actions);
            return;
        }
        self.long.release();
        let foot = rect.with_min_y(rect.bottom() - FOOT_HEIGHT);
        let has_preview = matches!(self.filler.filled(), Some(Ok(_)));
        let preview = rect.with_max_y(foot.top()).with_min_y(foot.top() - FOOT_HEIGHT);
        let text = rect.with_max_y(if has_preview { preview.top() } else { foot.top() });
        let mut child = ui.new_child(egui::UiBuilder::new().id_salt("payload text").max_rect(text));
        child.set_clip_rect(text.intersect(ui.clip_rect()));
        let focused = self.edit(&mut child, text);
        if has_preview {
            self.preview(ui, preview);
        }
        self.foot(ui, foot, retain);
        if focused {
            ui.painter().rect_stroke(rect, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
        }
    }

    /// Draws what will be sent, if placeholders make that something else than what is written.
    fn preview(&self, ui: &mut Ui, rect: Rect) {
        let Some(filled) = self.filler.shown() else { return };
        let (t, l) = (tokens(ui), language(ui));
        let name = words::PREVIEW.of(l);
        let left = rect.left_center() + vec2(8.0, -1.0);
        let label = one_line(ui, name, theme::small_font(), t.text_muted, rect.width() / 2.0);
        let at = left + vec2(label.size().x + 8.0, 0.0);
        paint_line(ui, left, label, t.text_muted);
        let text = words::preview(&filled.topic, &filled.payload);
        let beginning =
            visible_line(text.get(..text.floor_char_boundary(PREVIEW_BYTES_MAX)).unwrap_or(&text));
        let galley = one_line(ui, &beginning, theme::mono_small_font(), t.text, rect.right() - 8.0 - at.x);
        paint_line(ui, at, galley, t.text);
        let response = ui.interact(rect, ui.scope_id().with("payload preview"), Sense::hover());
        readout(ui, &response, name, &beginning);
        response.on_hover_text(format::excerpt(&text, l));
    }

    fn foot(&self, ui: &mut Ui, rect: Rect, retain: bool) {
        let (text, color) = self.mark(retain, tokens(ui), language(ui));
        let galley = one_line(ui, &text, theme::small_font(), color, rect.width() - 16.0);
        let elided = galley.elided;
        let response = ui.interact(rect, ui.scope_id().with("payload check"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        paint_line(ui, rect.left_center() + vec2(8.0, -1.0), galley, color);
        if elided {
            response.on_hover_text(text);
        }
    }

    fn edit(&mut self, ui: &mut Ui, rect: Rect) -> bool {
        let marked = self.marked();
        let Self { body, highlighter, problem, filled_check, .. } = self;
        let check = filled_check.as_ref().unwrap_or_else(|| body.check());
        let format = match check {
            _ if matches!(body.notation(), Notation::Encoded(_)) => Format::Json,
            Check::Json | Check::BadJson(_) => Format::Json,
            Check::Empty
            | Check::Text
            | Check::Bytes(_)
            | Check::BadHex(_)
            | Check::BadBase64(_)
            | Check::Unencodable(_)
            | Check::Long => Format::Text,
        };
        let l = language(ui);
        let (hint, limit) = match body.notation() {
            Notation::Text => (words::PAYLOAD_HINT, Limit::text(EDIT_BYTES_MAX).diverting()),
            Notation::Hex => (words::HEX_HINT, Limit::text(EDIT_BYTES_MAX)),
            Notation::Base64 => (words::BASE64_HINT, Limit::text(EDIT_BYTES_MAX)),
            Notation::Encoded(_) => (words::JSON_HINT, Limit::text(EDIT_BYTES_MAX)),
        };
        let hint = RichText::new(hint.of(l)).font(theme::text_font()).color(tokens(ui).text_muted);
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, width: f32| {
            highlighter.layout(ui, text.as_str(), format, marked.clone(), width)
        };
        let mut focused = false;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let mut bounded = Bounded::new(&mut body.text, limit);
            let edit = TextEdit::multiline(&mut bounded)
                .id_salt("publish payload")
                .code_editor()
                .lock_focus(false)
                .frame(egui::Frame::NONE.inner_margin(Margin { left: 8, right: 8, top: 6, bottom: 0 }))
                .hint_text(hint)
                .layouter(&mut layouter)
                .desired_width(f32::INFINITY)
                .desired_rows(1)
                .min_size(rect.size() - vec2(16.0, 7.0));
            let output = edit.show(ui);
            let name = words::PAYLOAD.of(l);
            field::watch(ui, name, &output, &bounded);
            let (response, cursor) = (output.response.response, output.cursor_range);
            focused = response.has_focus();
            if let Some(pasted) = field::take_diverted(ui.ctx(), &response) {
                *problem = None;
                body.paste_long(cursor.map(|cursor| cursor.as_sorted_char_range()), pasted);
            } else if response.changed() {
                *problem = None;
                body.edited();
            }
            response.accessible_name(name);
        });
        focused
    }

    /// Draws the attachment in place of the editor.
    fn file(&mut self, ui: &mut Ui, rect: Rect, actions: &mut Actions) {
        let Self { body, long, .. } = self;
        let Some(attachment) = body.attachment() else { return };
        let (t, l) = (tokens(ui), language(ui));
        let mut detach = false;
        let text = attachment.bytes.as_ref().filter(|_| attachment.origin == Origin::LongText);
        if let Some(text) = text {
            let below = rect.with_min_y((rect.top() + HEAD_HEIGHT).min(rect.bottom()));
            let mut view = ui.new_child(UiBuilder::new().id_salt("long text").max_rect(below));
            long.show(&mut view, words::PAYLOAD.of(l), text, actions);
            ui.allocate_space(vec2(0.0, 2.0));
        } else {
            ui.allocate_space(vec2(0.0, (ui.available_height() / 2.0 - 20.0).clamp(2.0, 60.0)));
        }
        ui.horizontal(|ui| {
            ui.add_space(size::GROUP);
            ui.label(RichText::new(icons::FILE).font(theme::icon_font()).color(t.text_muted));
            let size = format::bytes(attachment.size);
            let name = match &attachment.origin {
                Origin::File(name) => name.as_str(),
                Origin::Message => words::PAYLOAD_OF_MESSAGE.of(l),
                Origin::NotKept => words::PAYLOAD_NOT_KEPT.of(l),
                Origin::LongText => words::LONG_TEXT.of(l),
            };
            let name = RichText::new(name).font(theme::mono_font());
            let width = (ui.available_width() - 190.0).max(60.0);
            ui.scope(|ui| {
                ui.set_max_width(width);
                ui.add(Label::new(name).truncate().sense(Sense::hover()));
            });
            ui.label(RichText::new(size).color(t.text_muted));
            let label = match (&attachment.origin, &attachment.bytes) {
                (_, None) => words::WRITE_PAYLOAD,
                (Origin::LongText, Some(_)) => words::REMOVE_TEXT,
                (_, Some(_)) => words::REMOVE_FILE,
            };
            detach = ui.button(label.of(l)).on_hover_text(words::REMOVE_FILE_HELP.of(l)).clicked();
        });
        if detach {
            self.replace(Body::detach);
        }
    }
}
