//! The payload: the tabs of its views, what can be done with it, and the view that is chosen.

use eframe::egui::{self, Align, Color32, Layout, RichText, Sense, Ui, vec2};

use crate::command::Command;
use crate::command::action::{Action, Actions, Notice};
use crate::panels::command_button::command_icon;
use crate::panels::inspector::content::{Comparison, Content, State, View};
use crate::panels::inspector::level::centered;
use crate::panels::inspector::{diff_view, tree_view};
use crate::payload::document::Notes;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access;
use crate::ui::widgets::controls::{icon_button, tab_list};
use crate::ui::widgets::empty;
use crate::ui::widgets::text_view::{self, Copied, Shown, TextView, TextViewState};
use crate::ui::{icons, theme};
use crate::words::format;

/// A view that is not ready after this time says that it is being made.
pub const PATIENCE_SECONDS: f64 = 0.1;
/// Left of plain text and of hex.
const MARGIN: f32 = size::PADDING;
/// Height of the line below the text.
const NOTE_HEIGHT: f32 = 22.0;

/// Where each view stands: they scroll and select on their own.
#[derive(Debug, Default)]
pub struct Places {
    tree: TextViewState,
    text: TextViewState,
    hex: TextViewState,
    diff: TextViewState,
}

impl Places {
    fn of(&mut self, view: View) -> &mut TextViewState {
        match view {
            View::Tree => &mut self.tree,
            View::Text | View::Image => &mut self.text,
            View::Hex => &mut self.hex,
            View::Diff => &mut self.diff,
        }
    }

    /// Forgets what is selected, where it is of another message.
    pub fn deselect(&mut self) {
        for view in [View::Tree, View::Text, View::Hex, View::Diff] {
            self.of(view).selection = text_view::Selection::default();
        }
    }
}

/// What a person did in the payload view.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Another view was chosen.
    pub chosen: Option<View>,
    /// "Publish again" was pressed.
    pub compose: bool,
}

/// Tabs and buttons.
pub fn tabs(ui: &mut Ui, content: &Content, view: View, actions: &mut Actions) -> Outcome {
    let mut outcome = Outcome::default();
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEADER), Sense::hover());
    let line = egui::Stroke::new(1.0, t.line);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, line);

    let inside = rect.with_max_x(rect.right() - 4.0).with_max_y(rect.bottom() - 1.0);
    let mut right = ui.new_child(
        egui::UiBuilder::new()
            .id_salt("actions")
            .max_rect(inside)
            .layout(Layout::right_to_left(Align::Center)),
    );
    right.spacing_mut().item_spacing.x = 0.0;
    let help = "Puts this message into the publish panel";
    if icon_button(&mut right, icons::NOTE_PENCIL, "Publish again", help).clicked() {
        outcome.compose = true;
    }
    command_icon(&mut right, icons::FLOPPY_DISK, Command::SavePayload, actions);
    command_icon(&mut right, icons::COPY, Command::CopyPayload, actions);
    if content.is_number {
        let help = "Plots this value over time";
        if icon_button(&mut right, icons::CHART_LINE, "Plot value", help).clicked() {
            actions.push(Action::Plot { node: content.message.id.node(), path: None });
        }
    }

    let inside = rect.with_min_x(rect.left()).with_max_x(right.min_rect().left());
    let mut left = ui.new_child(
        egui::UiBuilder::new().id_salt("views").max_rect(inside).layout(Layout::left_to_right(Align::Max)),
    );
    let first = if content.image.is_some() { (View::Image, "Image") } else { (View::Tree, "Tree") };
    let views = [first, (View::Text, "Text"), (View::Hex, "Hex"), (View::Diff, "Diff")];
    outcome.chosen = tab_list(&mut left, "Payload view", &views, Some(view));
    outcome
}

/// Columns of text that a view has room for in `ui`.
pub fn columns_of(ui: &Ui, view: View) -> usize {
    let beside = match view {
        View::Tree => tree_view::GUTTER + tree_view::BUTTON,
        View::Diff => tree_view::GUTTER + 4.0,
        View::Text | View::Hex | View::Image => MARGIN + 4.0,
    };
    text_view::columns(ui, ui.available_width() - beside)
}

/// Draws the payload into what is left of `ui`. `decoding`: a newer message of this size is being decoded. Returns
/// whether text is being selected.
pub fn body(
    ui: &mut Ui,
    content: &mut Content,
    view: View,
    decoding: Option<u64>,
    places: &mut Places,
    actions: &mut Actions,
) -> bool {
    let mut remarks = remarks(content, view);
    remarks.extend(
        decoding.map(|bytes| (format!("Decoding the newest message, {}…", format::bytes(bytes)), false)),
    );
    let room = room_above(ui, &remarks);
    let text_room = room.with_min_y((room.top() + 4.0).min(room.bottom()));
    let mut inside = ui.new_child(egui::UiBuilder::new().id_salt("body").max_rect(text_room));
    ui.advance_cursor_after_rect(room);
    let selecting = view_of(&mut inside, content, view, places, actions);
    remark_line(ui, &remarks);
    selecting
}

fn view_of(
    ui: &mut Ui,
    content: &mut Content,
    view: View,
    places: &mut Places,
    actions: &mut Actions,
) -> bool {
    if content.message.payload.is_empty() && view != View::Diff {
        let text = "Sent with retain set, an empty payload clears the retained message of its topic.";
        read_out(ui, "The payload is empty");
        empty::show(ui, "The payload is empty", text);
        return false;
    }
    match content.state(view) {
        State::Ready => {}
        State::Failed => {
            let text =
                "Decoding stopped for a reason within the program. Look at the payload as hex, or save it.";
            return said(ui, text);
        }
        State::Waiting { since } => {
            let now = ui.input(|input| input.time);
            if now - since < PATIENCE_SECONDS {
                return said(ui, "");
            }
            let bytes = format::bytes(content.message.payload.len() as u64);
            return said(ui, &format!("Decoding {bytes}…"));
        }
    }
    let place = places.of(view);
    let shown = match view {
        View::Tree | View::Text => document(ui, content, view, place, actions),
        View::Hex => Some(hex(ui, content, place)),
        View::Diff => diff(ui, content, place),
        View::Image => return said(ui, &picture(content)),
    };
    let Some(Shown { response, copied }) = shown else { return false };
    if let Some(copied) = copied {
        copy(copied, actions);
    }
    response.dragged() || (response.has_focus() && !place.selection.is_empty())
}

fn document(
    ui: &mut Ui,
    content: &mut Content,
    view: View,
    place: &mut TextViewState,
    actions: &mut Actions,
) -> Option<Shown> {
    let (node, is_number) = (content.message.id.node(), content.is_number);
    let columns = columns_of(ui, view);
    match content.document_mut(view)? {
        Err(reason) => {
            let what = if view == View::Tree { "This is not JSON" } else { "This cannot be shown as text" };
            fault(ui, what, reason);
            None
        }
        Ok(laid) => {
            let ctx = ui.ctx().clone();
            laid.fit(columns, &ctx);
            Some(if view == View::Tree {
                tree_view::show(ui, &mut laid.lines, place, node, is_number, actions)
            } else {
                TextView { name: "Payload", source: &laid.lines, gutter: MARGIN }.show(
                    ui,
                    place,
                    |_, _, _| {},
                )
            })
        }
    }
}

fn hex(ui: &mut Ui, content: &Content, place: &mut TextViewState) -> Shown {
    let source = crate::panels::inspector::sources::Hex::new(
        content.message.payload.clone(),
        columns_of(ui, View::Hex),
    );
    TextView { name: "Payload", source: &source, gutter: MARGIN }.show(ui, place, |_, _, _| {})
}

fn diff(ui: &mut Ui, content: &mut Content, place: &mut TextViewState) -> Option<Shown> {
    match content.comparison_mut()? {
        Comparison::NothingBefore => {
            said(ui, "There is no message before this one in the history");
            None
        }
        Comparison::Fault(reason) => {
            fault(ui, "The messages cannot be compared", reason);
            None
        }
        Comparison::Changes(lines) if lines.diff().rows.is_empty() => {
            said(ui, "Both messages are empty");
            None
        }
        Comparison::Changes(lines) => {
            lines.fit(columns_of(ui, View::Diff));
            Some(diff_view::show(ui, lines, place))
        }
    }
}

/// What is said of the text, and whether it is a warning.
type Remarks = Vec<(String, bool)>;

fn remarks(content: &Content, view: View) -> Remarks {
    let mut said = Vec::new();
    if let (View::Diff, Some(Comparison::Changes(lines))) = (view, content.comparison()) {
        said.push((diff_view::summary(lines.diff()), false));
    }
    let Notes { json_values, invalid_bytes, control_characters, crlf_lines } = content.notes(view);
    if view == View::Text
        && let Some(fault) = content.laid(view).and_then(|laid| laid.json_fault.as_deref())
    {
        said.push((format!("Not JSON: {fault}"), true));
    }
    if json_values > 1 {
        said.push((format!("{} in a row", format::plural(json_values as u64, "value", "values")), false));
    }
    if invalid_bytes > 0 {
        said.push((
            format!("{} not UTF-8, shown as �", format::plural(invalid_bytes as u64, "byte is", "bytes are")),
            true,
        ));
    }
    if control_characters > 0 {
        let count = format::plural(control_characters as u64, "control character", "control characters");
        said.push((format!("{count} shown as signs"), false));
    }
    if crlf_lines > 0 {
        said.push(("Lines end with CR LF".to_owned(), false));
    }
    said
}

fn room_above(ui: &Ui, remarks: &Remarks) -> egui::Rect {
    let room = ui.available_rect_before_wrap();
    if remarks.is_empty() { room } else { room.with_max_y((room.bottom() - NOTE_HEIGHT).max(room.top())) }
}

fn remark_line(ui: &mut Ui, remarks: &Remarks) {
    if remarks.is_empty() {
        return;
    }
    let t = tokens(ui);
    let rect = ui.available_rect_before_wrap();
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, egui::Stroke::new(1.0, t.line));
    let area = rect.shrink2(vec2(size::PADDING, 0.0));
    let mut inside = ui.new_child(
        egui::UiBuilder::new().id_salt("remarks").max_rect(area).layout(Layout::left_to_right(Align::Center)),
    );
    let color = |warning: bool| -> Color32 { if warning { t.warn } else { t.text_muted } };
    let warning = remarks.iter().any(|(_, warning)| *warning);
    let text = remarks.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join("   ");
    let label = egui::Label::new(RichText::new(&text).font(theme::small_font()).color(color(warning)));
    inside.add(label.truncate());
}

fn picture(content: &Content) -> String {
    let Some(image) = content.image else { return "This is not a picture".to_owned() };
    let bytes = format::bytes(content.message.payload.len() as u64);
    match image.size {
        Some((width, height)) => format!("{} image   {width} × {height} pixels   {bytes}", image.kind.name()),
        None => format!("{} image   {bytes}", image.kind.name()),
    }
}

/// A sentence in place of a text.
fn said(ui: &mut Ui, text: &str) -> bool {
    read_out(ui, text);
    centered(ui, text);
    false
}

/// What failed and why, in place of a text.
fn fault(ui: &mut Ui, what: &str, reason: &str) {
    read_out(ui, &format!("{what}: {reason}"));
    empty::show(ui, what, reason);
}

fn read_out(ui: &mut Ui, text: &str) {
    let response = ui.interact(ui.available_rect_before_wrap(), text_view::id(ui, "Payload"), Sense::hover());
    access::readout(ui, &response, "Payload", text);
}

fn copy(copied: Copied, actions: &mut Actions) {
    let Copied { text, cut } = copied;
    if cut {
        let text = "Only the first 64 MB of the selection were copied\nSave the payload to have all of it";
        actions.push(Action::Notify(Notice::error(text)));
    }
    actions.push(Action::Copy { what: "selection", text });
}
