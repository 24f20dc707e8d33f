//! The payload: tabs for its views, actions on it, and the chosen view.

use eframe::egui::{self, Align, Color32, Layout, RichText, Sense, Ui, vec2};

use crate::command::{Action, Actions, Command, Notice, PlotAction};
use crate::panels::command_button::command_icon;
use crate::panels::inspector::content::{Comparison, Content, Drawing, PayloadView, Readiness};
use crate::panels::inspector::level::centered;
use crate::panels::inspector::picture_view::{self, PicturePlace};
use crate::panels::inspector::sources::HexRows;
use crate::panels::inspector::{diff_view, tree_view};
use crate::payload::decode::{DECODERS, Format, Shape};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access;
use crate::ui::widgets::controls::{icon_button, tab_list};
use crate::ui::widgets::empty;
use crate::ui::widgets::text_view::{self, Copied, Selection, TextShown, TextView, TextViewState};
use crate::ui::{icons, language, theme};
use crate::words::inspector::{self as words, PayloadRemark};
use crate::words::{Label, Language, payload};

/// A view that takes longer than this says that it is being prepared.
pub const PATIENCE_SECONDS: f64 = 0.1;
/// Left margin of plain text and of hex.
const MARGIN: f32 = size::PADDING;
/// Height of the line below the text.
const NOTE_HEIGHT: f32 = 22.0;

/// Scroll position and selection of each view, kept separately.
#[derive(Debug, Default)]
pub struct Places {
    /// One state per format, in the order of the table.
    formats: [TextViewState; DECODERS.len()],
    diff: TextViewState,
    picture: PicturePlace,
}

impl Places {
    fn of(&mut self, view: PayloadView) -> &mut TextViewState {
        match view {
            PayloadView::As(format) => &mut self.formats[format as usize],
            PayloadView::Diff => &mut self.diff,
        }
    }

    /// Clears the selection, which belongs to another message.
    pub fn deselect(&mut self) {
        for place in self.formats.iter_mut().chain([&mut self.diff]) {
            place.selection = Selection::default();
        }
    }
}

/// What the person asked for above the payload.
#[derive(Debug, Default)]
pub struct TabsResponse {
    /// The view chosen, if another one was.
    pub chosen: Option<PayloadView>,
    /// Whether "Publish again" was pressed.
    pub compose: bool,
}

/// Draws the tabs and buttons.
pub fn tabs(ui: &mut Ui, content: &Content, view: PayloadView, actions: &mut Actions) -> TabsResponse {
    let mut outcome = TabsResponse::default();
    let (t, l) = (tokens(ui), language(ui));
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
    let (name, help) = (words::PUBLISH_AGAIN.of(l), words::PUBLISH_AGAIN_HELP.of(l));
    if icon_button(&mut right, icons::NOTE_PENCIL, name, help).clicked() {
        outcome.compose = true;
    }
    command_icon(&mut right, Command::SavePayload, actions);
    command_icon(&mut right, Command::CopyPayload, actions);
    if content.is_number {
        let (name, help) = (words::PLOT_VALUE.of(l), words::PLOT_VALUE_HELP.of(l));
        if icon_button(&mut right, icons::CHART_LINE, name, help).clicked() {
            actions.push(PlotAction::Add { node: content.message.id.node(), path: None });
        }
    }

    let inside = rect.with_min_x(rect.left()).with_max_x(right.min_rect().left());
    let mut left = ui.new_child(
        egui::UiBuilder::new().id_salt("views").max_rect(inside).layout(Layout::left_to_right(Align::Max)),
    );
    let views: Vec<_> = content.views().map(|view| (view, name_of(view).of(l))).collect();
    outcome.chosen = tab_list(&mut left, words::PAYLOAD_VIEW.of(l), &views, Some(view));
    outcome
}

fn name_of(view: PayloadView) -> Label {
    match view {
        PayloadView::As(format) => payload::format(format),
        PayloadView::Diff => words::DIFF,
    }
}

/// How many columns of text a view has room for in `ui`.
pub fn columns_of(ui: &Ui, view: PayloadView) -> usize {
    let beside = match view {
        PayloadView::As(format) => match format.decoder().shape() {
            Shape::Tree => tree_view::GUTTER + tree_view::BUTTON,
            Shape::Text | Shape::Bytes | Shape::Picture => MARGIN + 4.0,
        },
        PayloadView::Diff => tree_view::GUTTER + 4.0,
    };
    text_view::columns(ui, ui.available_width() - beside)
}

/// Draws the payload into the rest of `ui`. `decoding` is the size of a newer message being decoded. Returns whether
/// text is being selected.
pub fn body(
    ui: &mut Ui,
    content: &mut Content,
    view: PayloadView,
    decoding: Option<u64>,
    places: &mut Places,
    actions: &mut Actions,
) -> bool {
    let l = language(ui);
    let mut remarks = remarks(content, view, l);
    remarks.extend(decoding.map(|bytes| PayloadRemark::info(words::decoding_newest(bytes, l))));
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
    view: PayloadView,
    places: &mut Places,
    actions: &mut Actions,
) -> bool {
    let l = language(ui);
    if content.message.payload.is_empty() && view != PayloadView::Diff {
        let what = words::EMPTY_PAYLOAD.of(l);
        read_out(ui, what);
        empty::show(ui, what, words::EMPTY_PAYLOAD_HELP.of(l));
        return false;
    }
    match content.readiness(view) {
        Readiness::Ready => {}
        Readiness::Failed => {
            said(ui, words::DECODING_FAILED.of(l));
            return false;
        }
        Readiness::Waiting { since } => {
            let now = ui.input(|input| input.time);
            if now - since < PATIENCE_SECONDS {
                said(ui, "");
            } else {
                said(ui, &words::decoding(content.message.payload.len() as u64, l));
            }
            return false;
        }
    }
    let shown = match view {
        PayloadView::As(format) => decoded(ui, content, format, places, actions),
        PayloadView::Diff => diff(ui, content, places.of(view)),
    };
    let place = places.of(view);
    let Some(TextShown { response, copied }) = shown else { return false };
    if let Some(copied) = copied {
        copy(copied, l, actions);
    }
    response.dragged() || (response.has_focus() && !place.selection.is_empty())
}

fn decoded(
    ui: &mut Ui,
    content: &mut Content,
    format: Format,
    places: &mut Places,
    actions: &mut Actions,
) -> Option<TextShown> {
    let l = language(ui);
    let Places { formats, picture: picture_place, .. } = places;
    let place = &mut formats[format as usize];
    let (node, is_number) = (content.message.id.node(), content.is_number);
    let bytes = content.message.payload.clone();
    let columns = columns_of(ui, PayloadView::As(format));
    let name = words::PAYLOAD_READOUT.of(l);
    match content.decoding_mut(format)? {
        Ok(Drawing::Rows(laid)) => {
            let ctx = ui.ctx().clone();
            laid.fit(columns, &ctx);
            Some(match format.decoder().shape() {
                Shape::Tree => tree_view::show(ui, &mut laid.rows, place, node, is_number, actions),
                Shape::Text | Shape::Bytes | Shape::Picture => {
                    TextView { name, source: &laid.rows, gutter: MARGIN }.show(ui, place, |_, _, _| {})
                }
            })
        }
        Ok(Drawing::Bytes) => {
            let source = HexRows::new(bytes, columns);
            Some(TextView { name, source: &source, gutter: MARGIN }.show(ui, place, |_, _, _| {}))
        }
        Ok(Drawing::Picture(picture)) => {
            picture_view::show(ui, picture, bytes.len() as u64, picture_place);
            None
        }
        Err(error) => {
            fault(ui, payload::not_readable(format).of(l), &payload::decode_error(error, l));
            None
        }
    }
}

fn diff(ui: &mut Ui, content: &mut Content, place: &mut TextViewState) -> Option<TextShown> {
    let l = language(ui);
    match content.comparison_mut()? {
        Comparison::NothingBefore => {
            said(ui, words::NOTHING_BEFORE.of(l));
            None
        }
        Comparison::Fault(error) => {
            fault(ui, words::NOT_COMPARABLE.of(l), &payload::limit_error(*error, l));
            None
        }
        Comparison::Changes(lines) if lines.diff().rows.is_empty() => {
            said(ui, words::BOTH_EMPTY.of(l));
            None
        }
        Comparison::Changes(lines) => {
            lines.fit(columns_of(ui, PayloadView::Diff));
            lines.speak(l);
            Some(diff_view::show(ui, lines, place))
        }
    }
}

fn remarks(content: &Content, view: PayloadView, language: Language) -> Vec<PayloadRemark> {
    let mut remarks = Vec::new();
    if let (PayloadView::Diff, Some(Comparison::Changes(lines))) = (view, content.comparison()) {
        remarks.push(PayloadRemark::info(words::comparison(lines.diff(), language)));
    }
    let packings = content.packings(view);
    if !packings.is_empty() {
        remarks.push(PayloadRemark::info(words::unpacked(packings, language)));
    }
    remarks.extend(words::notes(&content.notes(view), language));
    remarks
}

fn room_above(ui: &Ui, remarks: &[PayloadRemark]) -> egui::Rect {
    let room = ui.available_rect_before_wrap();
    if remarks.is_empty() { room } else { room.with_max_y((room.bottom() - NOTE_HEIGHT).max(room.top())) }
}

fn remark_line(ui: &mut Ui, remarks: &[PayloadRemark]) {
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
    let color = |is_warning: bool| -> Color32 { if is_warning { t.warn } else { t.text_muted } };
    let is_warning = remarks.iter().any(|remark| remark.is_warning);
    let text = remarks.iter().map(|remark| remark.text.as_str()).collect::<Vec<_>>().join("   ");
    let label = egui::Label::new(RichText::new(&text).font(theme::small_font()).color(color(is_warning)));
    inside.add(label.truncate());
}

/// Draws a sentence instead of the text.
fn said(ui: &mut Ui, text: &str) {
    read_out(ui, text);
    centered(ui, text);
}

/// Draws what failed and why instead of the text.
fn fault(ui: &mut Ui, what: &str, why: &str) {
    read_out(ui, &words::fault(what, why, language(ui)));
    empty::show(ui, what, why);
}

fn read_out(ui: &mut Ui, text: &str) {
    let name = words::PAYLOAD_READOUT.of(language(ui));
    let response = ui.interact(ui.available_rect_before_wrap(), text_view::id(ui, name), Sense::hover());
    access::readout(ui, &response, name, text);
}

fn copy(copied: Copied, language: Language, actions: &mut Actions) {
    let Copied { text, cut } = copied;
    if cut {
        actions.push(Action::Notify(Notice::error(words::SELECTION_CUT.of(language))));
    }
    actions.push(Action::Copy { what: words::SELECTION, text });
}
