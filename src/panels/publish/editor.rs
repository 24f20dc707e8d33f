//! The payload: its format, the editor or the file in its place, and what is known about the text.

use eframe::egui::{
    self, Label, Margin, Rect, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, TextEdit, Ui,
    WidgetInfo, vec2,
};

use crate::command::{Actions, PublishAction};
use crate::panels::publish::body::{Body, Check, Format};
use crate::panels::publish::highlight::Highlighter;
use crate::panels::publish::topic::sentence;
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::segments::segments;
use crate::ui::{icons, theme};
use crate::words::{Language, format};

const FOOT_HEIGHT: f32 = 22.0;

/// The editor and what it needs between frames.
#[derive(Debug, Default)]
pub struct Editor {
    /// The payload.
    pub body: Body,
    highlighter: Highlighter,
    /// Why the last button did not do what it says; until the text changes.
    problem: Option<String>,
}

impl Editor {
    /// Changes the payload as a whole.
    pub fn replace(&mut self, change: impl FnOnce(&mut Body)) {
        self.problem = None;
        change(&mut self.body);
    }

    /// Draws the row of buttons above the editor.
    pub fn toolbar(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let editable = self.body.attachment().is_none();
        ui.add_enabled_ui(editable, |ui| {
            if let Some(format) = segments(ui, "Payload format", &Format::ALL, Some(self.body.format())) {
                self.problem = self.body.set_format(format).err();
            }
            if self.body.format() == Format::Text {
                let json = matches!(self.body.check(), Check::Json | Check::BadJson(_) | Check::Long);
                let help = "Lays the JSON out line by line; numbers and keys stay as they are";
                let button = ui.add_enabled(json, egui::Button::new("Format JSON"));
                if button.on_hover_text(help).on_disabled_hover_text("The payload is no JSON").clicked() {
                    self.problem = self.body.format_json().err().map(|error| {
                        let error = crate::words::payload::json_error(&error, Language::English);
                        format!("JSON error at {error}")
                    });
                }
            }
        });
        if ui.button("Load file…").on_hover_text("Takes the payload from a file").clicked() {
            actions.push(PublishAction::LoadPayload);
        }
    }

    /// The quiet line about the payload.
    fn mark(&self, retain: bool, t: &Tokens) -> (String, egui::Color32) {
        if let Some(problem) = &self.problem {
            return (sentence(problem), t.error);
        }
        let size = format::bytes(self.body.text.len() as u64);
        match self.body.check() {
            Check::Empty if retain => {
                ("Empty: removes the retained message of this topic".to_owned(), t.warn)
            }
            Check::Empty => ("Empty".to_owned(), t.text_muted),
            Check::Json => (format!("JSON   {size}"), t.text_muted),
            Check::Text => (format!("Text   {size}"), t.text_muted),
            Check::Long => (format!("Long text, not coloured   {size}"), t.text_muted),
            Check::Hex(bytes) => (format::bytes(*bytes as u64), t.text_muted),
            Check::BadJson(error) => (format!("JSON error at {error}"), t.error),
            Check::BadHex(error) => (sentence(error), t.error),
        }
    }

    /// Draws the editor into `rect`, with the quiet line at its foot.
    pub fn show(&mut self, ui: &mut Ui, rect: Rect, retain: bool) {
        let t = tokens(ui);
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_2);
        if self.body.attachment().is_some() {
            let mut child = ui.new_child(egui::UiBuilder::new().id_salt("payload file").max_rect(rect));
            child.set_clip_rect(rect.intersect(ui.clip_rect()));
            self.file(&mut child);
            return;
        }
        let foot = rect.with_min_y(rect.bottom() - FOOT_HEIGHT);
        let text = rect.with_max_y(foot.top());
        let mut child = ui.new_child(egui::UiBuilder::new().id_salt("payload text").max_rect(text));
        child.set_clip_rect(text.intersect(ui.clip_rect()));
        let focused = self.edit(&mut child, text);
        self.foot(ui, foot, retain);
        if focused {
            ui.painter().rect_stroke(rect, size::RADIUS, Stroke::new(1.5, t.accent), StrokeKind::Inside);
        }
    }

    fn foot(&self, ui: &mut Ui, rect: Rect, retain: bool) {
        let (text, color) = self.mark(retain, tokens(ui));
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
        let Self { body, highlighter, problem } = self;
        let colored = matches!(body.check(), Check::Json | Check::BadJson(_));
        let hint = match body.format() {
            Format::Text => "Payload",
            Format::Hex => "Bytes as hexadecimal digits, like 01 ab ff",
        };
        let hint = RichText::new(hint).font(theme::text_font()).color(tokens(ui).text_muted);
        let mut layouter = |ui: &Ui, text: &dyn egui::TextBuffer, width: f32| {
            highlighter.layout(ui, text.as_str(), colored, width)
        };
        let mut focused = false;
        ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
            let edit = TextEdit::multiline(&mut body.text)
                .id_salt("publish payload")
                .code_editor()
                .lock_focus(false)
                .frame(egui::Frame::NONE.inner_margin(Margin { left: 8, right: 8, top: 6, bottom: 0 }))
                .hint_text(hint)
                .layouter(&mut layouter)
                .desired_width(f32::INFINITY)
                .desired_rows(1)
                .min_size(rect.size() - vec2(16.0, 7.0));
            let response = ui.add(edit).accessible_name("Publish payload");
            focused = response.has_focus();
            if response.changed() {
                *problem = None;
                body.edited();
            }
        });
        focused
    }

    /// What stands in the editor's place while a file is sent.
    fn file(&mut self, ui: &mut Ui) {
        let Some(attachment) = self.body.attachment() else { return };
        let t = tokens(ui);
        let mut detach = false;
        ui.allocate_space(vec2(0.0, (ui.available_height() / 2.0 - 20.0).clamp(2.0, 60.0)));
        ui.horizontal(|ui| {
            ui.add_space(size::GROUP);
            ui.label(RichText::new(icons::FILE).font(theme::icon_font()).color(t.text_muted));
            let size = format::bytes(attachment.size);
            let name = RichText::new(&attachment.name).font(theme::mono_font());
            let width = (ui.available_width() - 190.0).max(60.0);
            ui.scope(|ui| {
                ui.set_max_width(width);
                ui.add(Label::new(name).truncate().sense(Sense::hover()));
            });
            ui.label(RichText::new(size).color(t.text_muted));
            let label = if attachment.bytes.is_some() { "Remove file" } else { "Write payload" };
            detach = ui.button(label).on_hover_text("Writes the payload by hand").clicked();
        });
        if detach {
            self.replace(Body::detach);
        }
    }
}
