//! The data inspector: what the bytes at the selection of the hex view are as numbers, times and characters.

use std::ops::Range;

use eframe::egui::{self, Align, Label, Layout, RichText, ScrollArea, Sense, Ui, vec2};

use crate::payload::{ByteReading, byte_readings};
use crate::ui::tokens::{size, tokens};
use crate::ui::{language, theme};
use crate::words::inspector as words;

/// The most bytes that a reading takes.
const BYTES_MAX: usize = 16;
/// The panel's share of the payload's height.
const SHARE: f32 = 0.5;
const HEIGHT_MAX: f32 = 300.0;
const HEADER: f32 = 24.0;
const ROW_HEIGHT: f32 = 17.0;
/// Room for the names of the ways to read bytes.
const NAME_WIDTH: f32 = 92.0;

/// What the panel keeps between frames.
#[derive(Debug, Default)]
pub struct BytePanel {
    /// The bytes that were read, and where they stand.
    read: Option<(Range<usize>, Vec<u8>)>,
    readings: Vec<ByteReading>,
}

impl BytePanel {
    /// The height that the panel takes of `available`, from which the rest of the hex view takes its place.
    pub fn height(available: f32) -> f32 {
        (available * SHARE).min(HEIGHT_MAX)
    }

    /// Draws what the bytes at `selected` of a payload are.
    pub fn show(&mut self, ui: &mut Ui, payload: &[u8], selected: &Range<usize>) {
        let here = payload.get(selected.start..).unwrap_or_default();
        let here = &here[..here.len().min(BYTES_MAX)];
        let is_known = self.read.as_ref().is_some_and(|(range, bytes)| range == selected && bytes == here);
        if !is_known {
            self.readings = byte_readings(here);
            self.read = Some((selected.clone(), here.to_vec()));
        }
        let (t, l) = (tokens(ui), language(ui));
        let room = ui.available_rect_before_wrap();
        ui.painter().rect_filled(room, 0, t.surface_2);
        ui.painter().hline(room.x_range(), room.top() + 0.5, egui::Stroke::new(1.0, t.line));
        let (header, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER), Sense::hover());
        let inside = header.shrink2(vec2(size::PADDING, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        let mut title = ui.new_child(egui::UiBuilder::new().id_salt("title").max_rect(inside).layout(layout));
        let text = words::selected_bytes(selected, l);
        title.label(RichText::new(text).font(theme::small_font()).color(t.text_muted));
        ScrollArea::vertical().id_salt("readings").auto_shrink(false).show(ui, |ui| {
            egui::Frame::NONE.inner_margin(egui::Margin::symmetric(size::PADDING as i8, 2)).show(ui, |ui| {
                ui.spacing_mut().item_spacing = vec2(size::PADDING, 1.0);
                self.rows(ui);
            });
        });
    }

    fn rows(&self, ui: &mut Ui) {
        let (t, l) = (tokens(ui), language(ui));
        let muted = |text: &str| RichText::new(text).font(theme::small_font()).color(t.text_muted);
        let value = |text: &str| RichText::new(text).font(theme::mono_small_font()).color(t.text);
        row(ui, [words::READ_AS.of(l), words::LITTLE_ENDIAN.of(l), words::BIG_ENDIAN.of(l)].map(muted));
        for reading in &self.readings {
            let name = muted(&words::byte_kind(reading.kind, l));
            row(ui, [name, value(&reading.little), value(reading.big.as_deref().unwrap_or(""))]);
        }
    }
}

/// Draws a row; what is too long for its column ends with an ellipsis, and shows whole under the pointer.
fn row(ui: &mut Ui, cells: [RichText; 3]) {
    let rest = (ui.available_width() - NAME_WIDTH - 3.0 * size::PADDING).max(0.0) / 2.0;
    ui.horizontal(|ui| {
        for (cell, width) in cells.into_iter().zip([NAME_WIDTH, rest, rest]) {
            let layout = Layout::left_to_right(Align::Center);
            ui.allocate_ui_with_layout(vec2(width, ROW_HEIGHT), layout, |ui| {
                ui.set_min_width(width);
                if !cell.is_empty() {
                    ui.add(Label::new(cell).truncate());
                }
            });
        }
    });
}
