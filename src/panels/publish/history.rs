//! Previously published messages, newest first. A click loads one into the editor.

use eframe::egui::{self, Align, Layout, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::command::{Action, Actions, Dangerous, PublishAction};
use crate::message::{QoS, Timestamp};
use crate::mqtt::shell::{PublishProgram, Shell};
use crate::payload::{visible_line, visible_name};
use crate::store::publish_history::{KeptPayload, PublishHistory, Published};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{ListPlace, VirtualList};
use crate::ui::widgets::{empty, field};
use crate::ui::{icons, language, theme};
use crate::words::{Label, Language, format, options, payload, publish as words};

const ROW_HEIGHT: f32 = 44.0;
/// The most of a payload that its preview considers, in bytes.
const PREVIEW_BYTES_MAX: usize = 256;

/// What the list keeps between frames.
#[derive(Clone, Debug, Default)]
pub struct HistoryList {
    place: ListPlace,
    search: String,
    /// What is shown of the history, as indexes, while something is searched for.
    shown: Vec<usize>,
    /// What that was found for: the text, the number of messages, and when the newest was published.
    found_for: Option<(String, usize, Timestamp)>,
}

impl HistoryList {
    /// Draws the field that searches the list and the button that clears it at the right end of the title.
    pub fn header(&mut self, ui: &mut Ui, history: &PublishHistory, actions: &mut Actions) {
        if history.is_empty() {
            return;
        }
        let l = language(ui);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(4.0);
            let (name, help) = (words::CLEAR_HISTORY.of(l), words::CLEAR_HISTORY_HELP.of(l));
            if icon_button(ui, icons::BROOM, name, help).clicked() {
                actions.push(Action::Confirm(Dangerous::ClearPublished));
            }
            let width = (ui.available_width() - 8.0).min(160.0);
            if width < 48.0 {
                return;
            }
            let name = words::SEARCH_HISTORY.of(l);
            let hint = RichText::new(name).font(theme::small_font()).color(tokens(ui).text_muted);
            field::line(ui, name, field::FILTER_BYTES_MAX, &mut self.search, |edit| {
                edit.id_salt("search history").font(theme::small_font()).hint_text(hint).desired_width(width)
            });
        });
    }

    /// Finds the messages that hold the text, when it or the history has changed.
    fn find(&mut self, history: &PublishHistory) {
        let newest = history.get(0).map_or(Timestamp(0), |newest| newest.at);
        let wanted = (self.search.clone(), history.len(), newest);
        if self.search.is_empty() || self.found_for.as_ref() == Some(&wanted) {
            return;
        }
        let needle = self.search.to_lowercase();
        let holds = |message: &Published| {
            message.topic.to_lowercase().contains(&needle)
                || match &message.payload {
                    KeptPayload::Whole(bytes) => {
                        std::str::from_utf8(bytes).is_ok_and(|text| text.to_lowercase().contains(&needle))
                    }
                    KeptPayload::InFile(..) | KeptPayload::TooLarge(_) => false,
                }
        };
        let found = history.iter().enumerate().filter(|(_, message)| holds(message));
        self.shown = found.map(|(index, _)| index).collect();
        self.found_for = Some(wanted);
    }

    /// Draws the list into the rest of `ui`; returns the message that was chosen.
    pub fn show<'a>(
        &mut self,
        ui: &mut Ui,
        history: &'a PublishHistory,
        now: Timestamp,
        actions: &mut Actions,
    ) -> Option<&'a Published> {
        let l = language(ui);
        if history.is_empty() {
            empty::show(ui, words::NOTHING_PUBLISHED.of(l), words::NOTHING_PUBLISHED_HELP.of(l));
            return None;
        }
        self.find(history);
        let Self { place, search, shown, .. } = self;
        let is_searching = !search.is_empty();
        if is_searching && shown.is_empty() {
            empty::show(ui, words::NOTHING_FOUND.of(l), "");
            return None;
        }
        let mut chosen = None;
        let rows = if is_searching { shown.len() } else { history.len() } as u64;
        let list =
            VirtualList { name: words::PUBLISHED.of(l), rows, row_height: ROW_HEIGHT, scroll_to: None };
        list.show(ui, place, |ui, row, rect| {
            let row = row as usize;
            let index = if is_searching { shown.get(row).copied() } else { Some(row) };
            let Some((index, message)) = index.and_then(|index| Some((index, history.get(index)?))) else {
                return;
            };
            match show_row(ui, rect, index, message, now, l) {
                Some(Choice::Use) => chosen = Some(message),
                Some(Choice::Remove) => actions.push(PublishAction::RemovePublished(index)),
                Some(Choice::SendAgain) => actions.push(PublishAction::SendAgain(Box::new(message.clone()))),
                Some(Choice::Save) => actions.push(PublishAction::SavePublished(Box::new(message.clone()))),
                Some(Choice::CopyAs(program, shell)) => {
                    actions.push(PublishAction::CopyAs(Box::new(message.clone()), program, shell));
                }
                None => {}
            }
        });
        chosen
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Choice {
    Use,
    SendAgain,
    Save,
    CopyAs(PublishProgram, Shell),
    Remove,
}

fn show_row(
    ui: &mut Ui,
    rect: Rect,
    index: usize,
    message: &Published,
    now: Timestamp,
    l: Language,
) -> Option<Choice> {
    let id = ui.scope_id().with(index);
    let response = ui.interact(rect, id, Sense::click());
    response.widget_info(|| {
        let name = words::published(&visible_name(&message.topic), &preview(&message.payload, l), l);
        WidgetInfo::labeled(Role::Button, true, name)
    });
    let t = tokens(ui);
    let within = ui.rect_contains_pointer(rect);
    if within || response.has_focus() {
        ui.painter().rect_filled(rect.shrink2(vec2(4.0, 0.0)), size::RADIUS, t.surface_2);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink2(vec2(4.0, 1.0)), size::RADIUS, ring, egui::StrokeKind::Inside);
    }
    let inner = rect.shrink2(vec2(12.0, 4.0));
    let button = Rect::from_min_max(
        pos2(inner.right() - 24.0, inner.top() + 6.0),
        pos2(inner.right(), inner.bottom() - 6.0),
    );
    // The button replaces the time, so that nothing moves when the pointer arrives.
    let shows_button = within || response.has_focus();
    paint_row(ui, inner, message, now, shows_button, l);
    let mut choice = response.clicked().then_some(Choice::Use);
    if shows_button {
        let mut child = ui.new_child(egui::UiBuilder::new().id_salt(id).max_rect(button));
        if icon_button(&mut child, icons::X, words::REMOVE.of(l), words::REMOVE_HELP.of(l)).clicked() {
            choice = Some(Choice::Remove);
        }
    }
    if response.has_focus()
        && ui.input_mut(|input| input.consume_key(egui::Modifiers::NONE, egui::Key::Delete))
    {
        choice = Some(Choice::Remove);
    }
    choice = menu(&response, l).or(choice);
    if !context_menu::is_open(&response) {
        response.on_hover_text(format!(
            "{}\n{}",
            visible_name(&message.topic),
            format::date_time(message.at)
        ));
    }
    choice
}

/// Shows the menu of a row while it is open.
fn menu(response: &egui::Response, l: Language) -> Option<Choice> {
    let mut choice = None;
    context_menu::show(response, response.id, response.has_focus(), |menu| {
        let mut item = |icon, label: Label, act| {
            if menu.item(&Item::new(icon, label.of(l))) {
                choice = Some(act);
            }
        };
        item(icons::PAPER_PLANE_TILT, words::SEND_AGAIN, Choice::SendAgain);
        item(icons::NOTE_PENCIL, words::EDIT, Choice::Use);
        item(icons::FLOPPY_DISK, words::SAVE_AS_MESSAGE, Choice::Save);
        let commands = [
            (words::COPY_MOSQUITTO, PublishProgram::Mosquitto, Shell::Posix),
            (words::COPY_MQTTREE, PublishProgram::Mqttree, Shell::Posix),
            (words::COPY_MOSQUITTO_POWERSHELL, PublishProgram::Mosquitto, Shell::PowerShell),
            (words::COPY_MQTTREE_POWERSHELL, PublishProgram::Mqttree, Shell::PowerShell),
        ];
        for (label, program, shell) in commands {
            item(icons::COPY, label, Choice::CopyAs(program, shell));
        }
        item(icons::TRASH, words::REMOVE, Choice::Remove);
    });
    choice
}

fn paint_row(ui: &Ui, rect: Rect, message: &Published, now: Timestamp, leave_room: bool, l: Language) {
    let t = tokens(ui);
    let upper = rect.top() + 8.0;
    let lower = rect.bottom() - 8.0;
    let mut right = rect.right();
    if leave_room {
        right -= 28.0;
    } else {
        let age = one_line(ui, &format::age(message.at, now, l), theme::small_font(), t.text_muted, 120.0);
        right -= age.size().x;
        paint_line(ui, pos2(right, upper), age, t.text_muted);
        right -= 8.0;
    }
    let topic = visible_line(&message.topic);
    let topic = end_of_topic(ui, &topic, &theme::mono_small_font(), t.text, right - rect.left());
    paint_line(ui, pos2(rect.left(), upper), topic, t.text);

    let mut marks = Vec::new();
    if message.qos != QoS::AtMostOnce {
        marks.push(options::qos(message.qos));
    }
    if message.retain {
        marks.push(words::RETAINED_MARK.of(l));
    }
    let mut right = rect.right() - if leave_room { 28.0 } else { 0.0 };
    if !marks.is_empty() {
        let marks = one_line(ui, &marks.join("  "), theme::small_font(), t.text_muted, 160.0);
        right -= marks.size().x;
        paint_line(ui, pos2(right, lower), marks, t.text_muted);
        right -= 8.0;
    }
    let preview = one_line(
        ui,
        &preview(&message.payload, l),
        theme::mono_small_font(),
        t.text_muted,
        right - rect.left(),
    );
    paint_line(ui, pos2(rect.left(), lower), preview, t.text_muted);
}

/// A one-line preview of a payload.
fn preview(kept: &KeptPayload, language: Language) -> String {
    match kept {
        KeptPayload::InFile(size, _) => words::in_file(*size, language),
        KeptPayload::TooLarge(size) => words::not_kept(*size, language),
        KeptPayload::Whole(bytes) if bytes.is_empty() => payload::NO_PAYLOAD.of(language).to_owned(),
        KeptPayload::Whole(bytes) => {
            let beginning = bytes.get(..PREVIEW_BYTES_MAX.min(bytes.len())).unwrap_or(bytes);
            match std::str::from_utf8(beginning) {
                Ok(text) => line_of(text),
                // The cut is inside a character.
                Err(error) if error.error_len().is_none() && bytes.len() > PREVIEW_BYTES_MAX => {
                    line_of(std::str::from_utf8(&beginning[..error.valid_up_to()]).unwrap_or_default())
                }
                Err(_) => words::binary(bytes.len() as u64, language),
            }
        }
    }
}

fn line_of(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_preview_is_one_line() {
        let preview = |bytes: &[u8]| preview(&KeptPayload::Whole(bytes.to_vec()), Language::English);
        assert_eq!(preview(b"{\n  \"a\": 1\n}"), "{ \"a\": 1 }");
        assert_eq!(preview(b""), "(no payload)");
        assert_eq!(preview(&[0xFF, 1]), "2 B binary");
        let long = "温".repeat(200);
        assert!(long.starts_with(&preview(long.as_bytes())) && !preview(long.as_bytes()).is_empty());
    }
}
