//! The part above the payload: the topic, how the message was sent, and its MQTT 5 properties.

use std::borrow::Cow;

use eframe::egui::{self, Align, Color32, Layout, RichText, Sense, Ui, vec2};

use crate::command::{Action, Actions, Command, TopicAction};
use crate::message::{Flags, PublishProperties, Timestamp};
use crate::panels::command_button::command_icon;
use crate::panels::inspector::breadcrumb::{self, Marked, TopicName};
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::scene::Scene;
use crate::payload::hex;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access;
use crate::ui::widgets::controls::icon_button;
use crate::ui::{icons, language, theme};
use crate::words::{Label, Language, format, inspector as words};

/// With more properties than this, they are collapsed at first.
const PROPERTIES_OPEN_MAX: usize = 4;
/// The greatest height of the properties; beyond it they scroll.
const PROPERTIES_HEIGHT_MAX: f32 = 168.0;
/// The most bytes of a property that are drawn; a property may have 65,535.
const PROPERTY_BYTES_MAX: usize = 400;
/// Width of the property names.
const NAME_WIDTH: f32 = 136.0;

/// Draws the topic's levels and the button that copies it.
pub fn topic_line(ui: &mut Ui, topic: &TopicName, marked: &mut Marked, actions: &mut Actions) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEADER), Sense::hover());
    let mut right = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(rect.with_max_x(rect.right() - 4.0))
            .layout(Layout::right_to_left(Align::Center)),
    );
    command_icon(&mut right, Command::CopyTopic, actions);
    let room =
        rect.with_min_x(rect.left() + size::PADDING).with_max_x(right.min_rect().left() - size::PADDING);
    let mut left = ui.new_child(egui::UiBuilder::new().id_salt("topic").max_rect(room));
    let outcome = breadcrumb::show(&mut left, topic, marked, room.height());
    if let Some(node) = outcome.clicked {
        actions.push(TopicAction::Select(node));
    }
    if let Some(text) = outcome.copied {
        actions.push(Action::Copy { what: words::SELECTION, text });
    }
}

/// Draws QoS, retained, DUP, size, time and age, in this order.
pub fn meta_line(ui: &mut Ui, message: &InspectedMessage, scene: &Scene<'_>) {
    let (now, time_format) = (scene.now, scene.settings.time_format);
    let (t, l) = (tokens(ui), language(ui));
    let Flags { qos, retain, dup } = message.flags;
    let bytes = message.bytes;
    let mut parts: Vec<(String, Color32, String)> =
        vec![(format!("QoS {}", u8::from(qos)), t.text_muted, words::qos(qos).of(l).to_owned())];
    if retain {
        parts.push((words::RETAINED.of(l).to_owned(), t.text, words::RETAINED_HELP.of(l).to_owned()));
    }
    if dup {
        parts.push((words::DUP.to_owned(), t.warn, words::DUP_HELP.of(l).to_owned()));
    }
    parts.push((format::bytes(bytes), t.text_muted, words::exact_bytes(bytes, l)));
    let time = if format::date(message.arrived) == format::date(now) {
        format::time(message.arrived, time_format)
    } else {
        format!("{} {}", format::date(message.arrived), format::time(message.arrived, time_format))
    };
    parts.push((time, t.text_muted, format::date_time(message.arrived)));
    if let Some(age) = relative(message.arrived, now, l) {
        parts.push((age, t.text_muted, words::received(message.arrived, l)));
    }

    let value = parts.iter().map(|(text, ..)| text.as_str()).collect::<Vec<_>>().join("   ");
    let margin = egui::Margin { left: size::PADDING as i8, right: 4, top: 0, bottom: 2 };
    let line = egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.spacing_mut().item_spacing = vec2(size::GROUP, 0.0);
        ui.spacing_mut().interact_size.y = 18.0;
        ui.horizontal_wrapped(|ui| {
            for (text, color, hover) in parts {
                let label = egui::Label::new(RichText::new(text).font(theme::mono_small_font()).color(color));
                ui.add(label.sense(Sense::hover()).extend()).on_hover_text(hover);
            }
        });
    });
    let response = ui.interact(line.response.rect, ui.unique_id().with("meta"), Sense::hover());
    access::readout(ui, &response, words::META.of(l), &value);
}

/// Says that only the beginning of a payload was kept, and offers to request all of it. Returns whether the person
/// does.
pub fn dropped_line(ui: &mut Ui, message: &InspectedMessage) -> bool {
    let (t, l) = (tokens(ui), language(ui));
    let text = words::payload_dropped(message.payload.len() as u64, message.bytes, l);
    let margin = egui::Margin { left: size::PADDING as i8, right: 4, top: 2, bottom: 2 };
    let line = egui::Frame::NONE.inner_margin(margin).show(ui, |ui| {
        ui.horizontal_wrapped(|ui| {
            let label = RichText::new(text).font(theme::small_font()).color(t.warn);
            ui.label(label).on_hover_text(words::PAYLOAD_DROPPED_HELP.of(l));
            ui.small_button(words::ASK_AGAIN.of(l)).on_hover_text(words::ASK_AGAIN_HELP.of(l)).clicked()
        })
    });
    line.inner.inner
}

/// Shows what the payload is compared with. Returns whether the person ends the comparison.
pub fn compared_line(ui: &mut Ui, text: &str) -> bool {
    let (t, l) = (tokens(ui), language(ui));
    let margin = egui::Margin { left: size::PADDING as i8, right: 4, top: 2, bottom: 2 };
    let line = egui::Frame::NONE.fill(t.selection).inner_margin(margin).show(ui, |ui| {
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let name = words::END_COMPARISON.of(l);
            let ends = icon_button(ui, icons::X, name, name).clicked();
            ui.with_layout(egui::Layout::left_to_right(egui::Align::Center), |ui| {
                ui.add(egui::Label::new(RichText::new(text).font(theme::small_font())).truncate());
            });
            ends
        })
    });
    line.inner.inner
}

/// How long ago a time was, up to a day; after that the date is shown instead.
fn relative(then: Timestamp, now: Timestamp, language: Language) -> Option<String> {
    let seconds = now.seconds_since(then);
    (seconds < 86_400.0).then(|| format::ago(then, now, language))
}

/// Draws MQTT 5 properties as names and values, collapsed at first if there are many.
pub fn properties(ui: &mut Ui, properties: &PublishProperties, open: &mut Option<bool>) {
    let (t, l) = (tokens(ui), language(ui));
    let rows = rows_of(properties, l);
    let is_open = open.unwrap_or(rows.len() <= PROPERTIES_OPEN_MAX);
    if rows.len() > PROPERTIES_OPEN_MAX {
        let icon = if is_open { icons::CARET_DOWN } else { icons::CARET_RIGHT };
        let mut text = egui::text::LayoutJob::default();
        let caret = egui::FontId::new(12.0, theme::icon_font().family);
        text.append(
            icon,
            0.0,
            egui::TextFormat { valign: Align::Center, ..egui::TextFormat::simple(caret, t.text_muted) },
        );
        let label = format!("{}  {}", words::PROPERTIES.of(l), rows.len());
        let font = egui::TextFormat {
            valign: Align::Center,
            ..egui::TextFormat::simple(theme::small_font(), t.text_muted)
        };
        text.append(&label, 4.0, font);
        ui.horizontal(|ui| {
            ui.add_space(size::PADDING - 4.0);
            let button = ui.add(egui::Button::new(text).frame_when_inactive(false).small());
            button.widget_info(|| {
                egui::WidgetInfo::labeled(egui::Role::DisclosureTriangle, true, words::PROPERTIES.of(l))
            });
            if button.clicked() {
                *open = Some(!is_open);
            }
        });
    }
    if is_open {
        egui::ScrollArea::vertical().max_height(PROPERTIES_HEIGHT_MAX).auto_shrink([false, true]).show(
            ui,
            |ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                for (name, value) in rows {
                    property(ui, &name, &value, l);
                }
            },
        );
    }
}

fn property(ui: &mut Ui, name: &str, value: &str, language: Language) {
    let t = tokens(ui);
    ui.horizontal_top(|ui| {
        ui.add_space(size::PADDING);
        ui.spacing_mut().item_spacing.x = size::PADDING;
        let name = egui::Label::new(
            RichText::new(cut(name, language)).font(theme::small_font()).color(t.text_muted),
        )
        .truncate();
        let label =
            ui.allocate_ui_with_layout(vec2(NAME_WIDTH, 16.0), Layout::left_to_right(Align::Min), |ui| {
                ui.set_min_width(NAME_WIDTH);
                ui.add(name)
            });
        let value = egui::Label::new(RichText::new(cut(value, language)).font(theme::mono_small_font()))
            .wrap()
            .selectable(true);
        ui.add(value).labelled_by(label.inner.id);
    });
}

/// The properties as names and values, in the order of the specification (MQTT 5.0, 3.3.2.3).
fn rows_of(properties: &PublishProperties, language: Language) -> Vec<(Cow<'_, str>, String)> {
    let PublishProperties {
        payload_format_indicator,
        message_expiry_interval_s,
        content_type,
        response_topic,
        correlation_data,
        subscription_identifiers,
        user_properties,
    } = properties;
    let mut rows = Vec::new();
    let mut add = |name: Label, value: String| rows.push((Cow::Borrowed(name.of(language)), value));
    if let Some(indicator) = payload_format_indicator {
        add(words::PAYLOAD_FORMAT, words::payload_format(*indicator, language));
    }
    if let Some(seconds) = message_expiry_interval_s {
        add(words::EXPIRES_AFTER, format!("{} s", format::count(u64::from(*seconds))));
    }
    if let Some(content_type) = content_type {
        add(words::CONTENT_TYPE, content_type.clone());
    }
    if let Some(topic) = response_topic {
        add(words::RESPONSE_TOPIC, topic.clone());
    }
    if let Some(data) = correlation_data {
        add(words::CORRELATION_DATA, readable(data, language));
    }
    if !subscription_identifiers.is_empty() {
        let ids: Vec<String> = subscription_identifiers.iter().map(u32::to_string).collect();
        add(words::SUBSCRIPTION_IDS, ids.join(", "));
    }
    rows.extend(user_properties.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), value.clone())));
    rows
}

/// Bytes as text if they are UTF-8, otherwise as digits.
fn readable(bytes: &[u8], language: Language) -> String {
    match str::from_utf8(bytes) {
        Ok(text) if !text.chars().any(char::is_control) => text.to_owned(),
        _ => {
            let shown = &bytes[..bytes.len().min(PROPERTY_BYTES_MAX)];
            let digits = hex::spaced(shown);
            if shown.len() < bytes.len() {
                words::cut(&(digits + " "), bytes.len() as u64, language)
            } else {
                digits
            }
        }
    }
}

/// The beginning of a long text, and its full length.
fn cut(text: &str, language: Language) -> String {
    let one_line: String = text.chars().map(|c| if c.is_control() { '␣' } else { c }).collect();
    if one_line.len() <= 2 * PROPERTY_BYTES_MAX {
        return one_line;
    }
    let end = one_line.floor_char_boundary(PROPERTY_BYTES_MAX);
    words::cut(&one_line[..end], text.len() as u64, language)
}
