//! The track: messages over time as columns, outages as bands, events as ticks, and the handle at the moment shown.

use std::sync::Arc;

use eframe::egui::{
    self, Align2, Color32, CursorIcon, Galley, Mesh, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind,
    Ui, WidgetInfo, pos2, vec2,
};

use crate::message::Timestamp;
use crate::panels::scene::Scene;
use crate::panels::timebar::marks::{Mark, Marks};
use crate::session::connection_log::Level;
use crate::store::settings::TimeFormat;
use crate::ui::tokens::{size, tokens};
use crate::ui::{language, theme};
use crate::words::{format, log, timebar as words};

/// How often the columns follow the messages, in seconds.
const REFRESH_SECONDS: f64 = 0.1;
/// Width of a column, in points.
const COLUMN: f32 = 2.0;
/// How near the pointer must be to an event, in points.
const NEAR: f32 = 4.0;
/// The least time that the track spans, in microseconds.
const SPAN_MIN_US: i64 = 1_000_000;

/// What the track keeps between frames.
#[derive(Debug, Default)]
pub(super) struct Track {
    columns: Vec<u32>,
    /// The times at the ends of the columns.
    range: (Timestamp, Timestamp),
    /// When they were counted, by egui's clock, and how many messages there were.
    counted: f64,
    messages: u64,
}

/// Times and their places.
#[derive(Clone, Copy)]
struct Scale {
    rect: Rect,
    range: (Timestamp, Timestamp),
}

impl Scale {
    fn x(self, at: Timestamp) -> f32 {
        let (from, to) = (self.range.0.0 as f64, self.range.1.0 as f64);
        let part = (at.0 as f64 - from) / (to - from).max(1.0);
        self.rect.left() + (part.clamp(0.0, 1.0) as f32) * self.rect.width()
    }

    fn at(self, x: f32) -> Timestamp {
        let part = f64::from((x - self.rect.left()) / self.rect.width().max(1.0)).clamp(0.0, 1.0);
        let (from, to) = (self.range.0.0, self.range.1.0);
        Timestamp(from.saturating_add((part * to.saturating_sub(from) as f64) as i64))
    }

    fn us_of(self, points: f32) -> i64 {
        let (from, to) = (self.range.0.0, self.range.1.0);
        (f64::from(points / self.rect.width().max(1.0)) * to.saturating_sub(from) as f64) as i64
    }
}

impl Track {
    /// Draws the track. Returns the moment that a person points at.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, marks: &Marks) -> Option<Timestamp> {
        let outer = ui.available_rect_before_wrap();
        let (rect, _) = ui.allocate_exact_size(outer.size(), Sense::hover());
        let track = rect.shrink2(vec2(size::PADDING, 4.0));
        self.count(ui, scene, track.width());
        let scale = Scale { rect: track, range: self.range };
        let response = ui.interact(track, ui.scope_id().with("track"), Sense::click_and_drag());
        self.paint(ui, &response, scale, marks);
        ends(ui, scale, scene);
        handle(ui, scale, scene);
        describe(ui, &response, scene);
        let pointed = response.interact_pointer_pos().filter(|_| response.clicked() || response.dragged());
        let asked = pointed.map(|pointer| scale.at(pointer.x));
        if response.has_focus() {
            let ring = Stroke::new(1.5, tokens(ui).accent);
            ui.painter().rect_stroke(track.expand(2.0), size::RADIUS, ring, StrokeKind::Inside);
        }
        tooltip(&response, scale, marks);
        asked
    }

    /// Counts the messages of each column again if it is time to.
    fn count(&mut self, ui: &Ui, scene: &Scene<'_>, width: f32) {
        let now = ui.input(|input| input.time);
        let columns = (width / COLUMN).max(1.0) as usize;
        let messages = scene.model.stats().messages;
        let is_moved = messages != self.messages || scene.earlier.is_some();
        let is_due = now - self.counted >= REFRESH_SECONDS && is_moved;
        if self.columns.len() == columns && !is_due && self.counted > 0.0 {
            return;
        }
        let until = scene.earlier.map_or(scene.now, |earlier| earlier.until);
        let is_recorded = scene.status.state == crate::session::status::ConnectionState::Recorded;
        let reach = scene.model.reach();
        let first = reach.map_or(until, |(first, _)| first);
        let last = reach.map_or(until, |(_, last)| if is_recorded { last } else { until.max(last) });
        let from = Timestamp(first.0.min(last.0.saturating_sub(SPAN_MIN_US)));
        self.range = (from, last);
        self.columns = scene.model.arrivals().columns(from, last, columns);
        (self.counted, self.messages) = (now.max(f64::MIN_POSITIVE), messages);
    }

    fn paint(&self, ui: &Ui, response: &Response, scale: Scale, marks: &Marks) {
        let (t, rect) = (tokens(ui), scale.rect);
        let painter = ui.painter();
        painter.rect_filled(rect, 2.0, t.surface_2);
        for outage in &marks.outages {
            let to = outage.to.map_or(rect.right(), |to| scale.x(to));
            let band = rect.with_min_x(scale.x(outage.from)).with_max_x(to);
            if band.right() > rect.left() && band.width() >= 0.0 {
                let band = band.with_max_x(band.right().max(band.left() + 1.5));
                painter.rect_filled(band, 0.0, t.diff_removed);
                painter.hline(band.x_range(), rect.bottom() - 1.0, Stroke::new(2.0, t.error));
            }
        }
        let most = self.columns.iter().copied().max().unwrap_or(0).max(1);
        let (mut mesh, width) = (Mesh::default(), rect.width() / self.columns.len().max(1) as f32);
        let color = t.text_faint;
        for (index, count) in self.columns.iter().enumerate().filter(|(_, count)| **count > 0) {
            // The root shows the quiet times beside the loud ones.
            let share = (*count as f32 / most as f32).sqrt();
            let left = rect.left() + index as f32 * width;
            let top = rect.bottom() - 2.0 - share * (rect.height() - 6.0);
            let column = Rect::from_min_max(pos2(left, top), pos2(left + width, rect.bottom() - 2.0));
            mesh.add_colored_rect(column, color);
        }
        painter.add(Shape::mesh(mesh));
        for mark in &marks.events {
            if mark.at >= scale.range.0 && mark.at <= scale.range.1 {
                tick(ui, pos2(scale.x(mark.at), rect.top()), color_of(ui, mark));
            }
        }
        if response.hovered() {
            ui.ctx().set_cursor_icon(CursorIcon::PointingHand);
            if let Some(pointer) = response.hover_pos() {
                painter.vline(pointer.x, rect.y_range(), Stroke::new(1.0, t.text_muted));
            }
        }
    }
}

fn color_of(ui: &Ui, mark: &Mark) -> Color32 {
    let t = tokens(ui);
    match mark.level {
        Level::Info => t.text_muted,
        Level::Ok => t.ok,
        Level::Warning => t.warn,
        Level::Error => t.error,
    }
}

/// A triangle at the upper edge.
fn tick(ui: &Ui, at: egui::Pos2, color: Color32) {
    let points = vec![at + vec2(-3.5, 0.0), at + vec2(3.5, 0.0), at + vec2(0.0, 5.0)];
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
}

/// The times at both ends.
fn ends(ui: &Ui, scale: Scale, scene: &Scene<'_>) {
    let (t, rect) = (tokens(ui), scale.rect);
    let (from, to) = scale.range;
    let same_day = format::date(from) == format::date(to);
    let text = |at: Timestamp| {
        let time = format::time(at, TimeFormat::Seconds);
        if same_day { time } else { format!("{} {time}", format::date(at)) }
    };
    if scene.model.reach().is_none() {
        return;
    }
    let write = |text: String| -> Arc<Galley> {
        ui.painter().layout_no_wrap(text, theme::mono_small_font(), t.text_muted)
    };
    let (first, last) = (write(text(from)), write(text(to)));
    if first.size().x + last.size().x + 40.0 > rect.width() {
        return;
    }
    let behind = t.surface_2.gamma_multiply(0.8);
    for (galley, align) in [(first, Align2::LEFT_BOTTOM), (last, Align2::RIGHT_BOTTOM)] {
        let place = align.align_size_within_rect(galley.size(), rect.shrink2(vec2(4.0, 3.0)));
        ui.painter().rect_filled(place.expand(1.0), 2.0, behind);
        ui.painter().galley(place.min, galley, t.text_muted);
    }
}

/// The line at the moment shown, with a grip, and the time after it dimmed.
fn handle(ui: &Ui, scale: Scale, scene: &Scene<'_>) {
    let Some(earlier) = scene.earlier else { return };
    let (t, rect) = (tokens(ui), scale.rect);
    let x = scale.x(earlier.at);
    ui.painter().rect_filled(rect.with_min_x(x), 0.0, t.surface_1.gamma_multiply(0.6));
    ui.painter().vline(x, rect.y_range(), Stroke::new(2.0, t.accent));
    let grip = Rect::from_center_size(pos2(x, rect.top() + 5.0), vec2(9.0, 10.0));
    ui.painter().rect_filled(grip, 2.0, t.accent);
}

fn describe(ui: &Ui, response: &Response, scene: &Scene<'_>) {
    let l = language(ui);
    let value = match scene.earlier {
        Some(earlier) => format::date_time(earlier.at),
        None => words::LIVE.of(l).to_owned(),
    };
    let name = words::TRACK.of(l);
    response.widget_info(|| {
        let mut info = WidgetInfo::labeled(Role::Slider, true, name);
        info.current_text_value = Some(value.clone());
        info
    });
    ui.ctx().accesskit_node_builder(response.id, |node| node.set_value(value.clone()));
}

/// The time below the pointer, and what happened there.
fn tooltip(response: &Response, scale: Scale, marks: &Marks) {
    if response.dragged() {
        return;
    }
    let Some(pointer) = response.hover_pos() else { return };
    let at = scale.at(pointer.x);
    let near = marks.near(at, scale.us_of(NEAR)).cloned();
    response.clone().on_hover_ui_at_pointer(|ui| {
        let l = language(ui);
        match near {
            Some(mark) => ui.label(format!("{}\n{}", format::date_time(mark.at), log::line(&mark.what, l))),
            None => ui.label(format::date_time(at)),
        };
    });
}
