//! The bytes of the selected value below its tree: a click on a value selects its bytes, a click on a byte its value.
//!
//! Only for what a decoder knows the bytes of: CBOR, MessagePack, Protobuf, and layouts.

use std::ops::Range;

use bytes::Bytes;
use eframe::egui::{self, Align, Layout, RichText, Sense, Ui, vec2};

use crate::model::MessageId;
use crate::panels::inspector::document_rows::DocumentRows;
use crate::panels::inspector::sources::HexRows;
use crate::payload::document::Document;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::text_view::{self, ROW_HEIGHT, Selection, Spot, TextShown, TextView, TextViewState};
use crate::ui::{icons, language, theme};
use crate::words::inspector as words;

const HEADER: f32 = 24.0;
/// The pane's share of the payload's height.
const SHARE: f32 = 0.4;
const HEIGHT_MAX: f32 = 240.0;

/// What the pane keeps between frames.
#[derive(Debug, Default)]
pub struct LinkedBytes {
    state: TextViewState,
    /// The value whose bytes are selected: its message, its line, and the width they were laid out for.
    followed: Option<(MessageId, usize, usize)>,
}

impl LinkedBytes {
    /// The height that the pane takes of `available` while a value with known bytes is selected.
    pub fn height(rows: &DocumentRows, tree: &TextViewState, payload: &[u8], available: f32) -> f32 {
        if tree.selection == Selection::default() || !rows.document().has_spans() {
            return 0.0;
        }
        let lines = payload.len().div_ceil(8) as f32;
        (HEADER + 8.0 + lines * ROW_HEIGHT).min(available * SHARE).min(HEIGHT_MAX)
    }

    /// Draws the bytes, those of the value that `tree` has selected as the selection.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        message: MessageId,
        payload: &Bytes,
        rows: &mut DocumentRows,
        tree: &mut TextViewState,
    ) -> TextShown {
        let (t, l) = (tokens(ui), language(ui));
        let room = ui.available_rect_before_wrap();
        ui.painter().rect_filled(room, 0, t.surface_2);
        ui.painter().hline(room.x_range(), room.top() + 0.5, egui::Stroke::new(1.0, t.line));
        let columns = text_view::columns(ui, room.width() - size::PADDING - 4.0);
        let source = HexRows::new(payload.clone(), columns);
        let line = tree.selection.head.line;
        let bytes = rows.document().bytes_of(line);
        if self.followed != Some((message, line, columns)) {
            self.followed = Some((message, line, columns));
            self.state.selection = bytes.as_ref().map_or_else(Selection::default, |bytes| {
                self.state.reveal(source.row_of(bytes.start));
                source.selection_of(bytes)
            });
        }
        if header(ui, bytes.as_ref()) {
            tree.selection = Selection::default();
        }
        let before = self.state.selection;
        let name = words::BYTES_OF_VALUE.of(l);
        let view = TextView { name, source: &source, gutter: size::PADDING };
        let shown = view.show(ui, &mut self.state, |_, _, _| {});
        if self.state.selection != before && self.state.selection != Selection::default() {
            let byte = source.bytes_of(self.state.selection).start;
            if let Some(line) = select_value(rows, tree, byte) {
                // What was clicked stays selected, be it a part of the value alone.
                self.followed = Some((message, line, columns));
            }
        }
        shown
    }
}

/// Selects the value that was read from a byte, opens what is folded around it and brings it into view.
pub fn select_value(rows: &mut DocumentRows, tree: &mut TextViewState, byte: usize) -> Option<usize> {
    let line = rows.document().line_of_byte(byte)?;
    rows.open_to(line);
    let length = rows.document().line(line).map_or(0, |line| line.text.len());
    tree.selection = Selection { anchor: Spot { line, byte: 0 }, head: Spot { line, byte: length } };
    tree.reveal(rows.row_of(line, 0));
    Some(line)
}

/// The bytes of the value at a selection in a tree.
pub fn bytes_of(document: &Document, selection: Selection) -> Option<Range<usize>> {
    (selection != Selection::default()).then(|| document.bytes_of(selection.head.line)).flatten()
}

/// Says which bytes are selected; whether the pane is to be closed.
fn header(ui: &mut Ui, bytes: Option<&Range<usize>>) -> bool {
    let (t, l) = (tokens(ui), language(ui));
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
    let inside = rect.with_min_x(rect.left() + size::PADDING);
    let layout = Layout::right_to_left(Align::Center);
    let mut line = ui.new_child(egui::UiBuilder::new().id_salt("title").max_rect(inside).layout(layout));
    let name = words::CLOSE_BYTES.of(l);
    let closes = icon_button(&mut line, icons::X, name, name).clicked();
    let text =
        bytes.map_or_else(|| words::NO_BYTES.of(l).to_owned(), |bytes| words::selected_bytes(bytes, l));
    line.with_layout(Layout::left_to_right(Align::Center), |line| {
        let text = RichText::new(text).font(theme::small_font()).color(t.text_muted);
        line.add(egui::Label::new(text).truncate());
    });
    closes
}
