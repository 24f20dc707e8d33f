//! The F12 overlay: the cost of a frame, as figures and as a graph of the last frames.

use eframe::egui::{
    self, Align2, Area, Context, Id, Margin, Order, Rect, RichText, Sense, Stroke, pos2, vec2,
};

use crate::ui::tokens::{size, tokens};
use crate::ui::{language, theme};
use crate::words::performance as words;

/// The top of the graph in milliseconds: two frames at 60 Hz.
const GRAPH_MS: f32 = 33.0;

/// The figures of one frame.
#[derive(Clone, Copy, Debug)]
pub struct Figures<'a> {
    /// CPU time of the last frames in milliseconds, oldest first.
    pub frames_ms: &'a [f32],
    /// Messages per second.
    pub rate: f64,
    /// Bytes waiting between socket and model.
    pub backlog_bytes: u64,
    /// Memory of the history and the tree, in bytes.
    pub model_bytes: u64,
    /// Resident memory, bytes.
    pub resident_bytes: u64,
}

/// Draws the overlay.
pub fn show(ctx: &Context, figures: Figures<'_>) {
    let area = Area::new(Id::unique("performance"))
        .order(Order::Foreground)
        .anchor(Align2::RIGHT_TOP, vec2(-12.0, 48.0));
    area.interactable(false).show(ctx, |ui| {
        let t = tokens(ui);
        let frame =
            egui::Frame::NONE.fill(t.surface_2).stroke(Stroke::new(1.0, t.line)).corner_radius(size::RADIUS);
        frame.inner_margin(Margin::same(8)).show(ui, |ui| {
            let mut sorted = figures.frames_ms.to_vec();
            sorted.sort_by(f32::total_cmp);
            let at = |share: f32| sorted.get((sorted.len() as f32 * share) as usize).copied().unwrap_or(0.0);
            let text = words::figures(
                [at(0.5), at(0.99), sorted.last().copied().unwrap_or(0.0)],
                figures.rate,
                [figures.backlog_bytes, figures.model_bytes, figures.resident_bytes],
                language(ui),
            );
            ui.label(RichText::new(text).font(theme::mono_small_font()));
            graph(ui, figures.frames_ms);
        });
    });
}

fn graph(ui: &mut egui::Ui, frames_ms: &[f32]) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(240.0, 48.0), Sense::hover());
    let y_of = |ms: f32| rect.bottom() - (ms / GRAPH_MS).min(1.0) * rect.height();
    for limit_ms in [8.0, 16.0] {
        ui.painter().hline(rect.x_range(), y_of(limit_ms), Stroke::new(1.0, t.line));
    }
    for (index, ms) in frames_ms.iter().enumerate() {
        let bar = Rect::from_min_max(
            pos2(rect.left() + index as f32, y_of(*ms)),
            pos2(rect.left() + index as f32 + 1.0, rect.bottom()),
        );
        let color = if *ms > 16.0 {
            t.error
        } else if *ms > 8.0 {
            t.warn
        } else {
            t.ok
        };
        ui.painter().rect_filled(bar, 0.0, color);
    }
}
