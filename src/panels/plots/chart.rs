//! A plot in the window: paints its picture, shows values under the pointer, and moves the view as the person asks.
//!
//! Only [`Viewport`] decides what is visible; it is asked in every frame, so one place knows whether the plot follows
//! the present.

use std::time::Duration;

use eframe::egui::{
    self, CursorIcon, Event, EventFilter, Key, Modifiers, Painter, PointerButton, Pos2, Rect, Response, Role,
    Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::model::NodeId;
use crate::panels::plots::hand::{ChartPlace, Drag, DragMode, Hand, Zooms};
use crate::panels::plots::picture::{PlotPicture, PlotSubject};
use crate::panels::plots::readout;
use crate::panels::plots::viewport::{Range, Viewport};
use crate::store::settings::TimeFormat;
use crate::ui::focus;
use crate::ui::tokens::Tokens;
use crate::ui::{language, theme};
use crate::words::plots as words;

/// How near to the edge of the marked range a drag moves that edge, in points.
const EDGE: f32 = 5.0;
/// How near to a point a click selects its message, in points.
const NEAR: f32 = 10.0;

/// A plot in one frame.
pub struct Chart<'a> {
    /// What it shows.
    pub of: &'a PlotSubject<'a>,
    /// Its picture.
    pub picture: &'a PlotPicture,
    /// How times of day are written.
    pub time_format: TimeFormat,
    /// The time that is pointed at in another plot, which shows here too.
    pub pointed: Option<f64>,
    /// The message that the inspector shows: its topic, and when it arrived.
    pub pointed_out: Option<(NodeId, f64)>,
    /// The plot in words, for a screen reader.
    pub told: &'a str,
}

/// What came of a frame.
pub struct ChartDone {
    /// The chart, whose menu the caller shows.
    pub response: Response,
    /// The series and the time of a point that was clicked.
    pub clicked: Option<(usize, f64)>,
}

impl Chart<'_> {
    /// Draws the plot into `rect`, and moves the view as the person asks.
    pub fn show(&self, ui: &Ui, rect: Rect, viewport: &mut Viewport, hand: &mut Hand) -> ChartDone {
        let (t, l) = (self.of.t, language(ui));
        let response = ui.interact(rect, ui.unique_id().with("chart"), Sense::click_and_drag());
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words::CHART.of(l)));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(self.told));
        let frame = self.picture.frame;
        for mark in &self.picture.rest {
            mark.paint(ui.painter());
        }
        let inside = ui.painter().with_clip_rect(frame.intersect(ui.clip_rect()));
        for mark in &self.picture.inside {
            mark.paint(&inside);
        }
        let has_time = !self.picture.is_xy;
        if let Some(range) = hand.range.filter(|_| has_time) {
            self.marked(&inside, range, t);
        }
        self.point_out(&inside);
        if response.has_focus() {
            focus::underline(ui, frame.x_range(), frame.bottom());
        }
        let over = response.hover_pos().filter(|pointer| has_time && frame.contains(*pointer));
        let under = over.map(|pointer| self.picture.seconds(pointer.x));
        hand.points_at = under;
        if let Some(seconds) = under.or(self.pointed.filter(|time| has_time && self.of.time.contains(*time)))
        {
            inside.vline(self.picture.x(seconds), frame.y_range(), Stroke::new(1.0, t.text_faint));
            let found = readout::found(self, seconds, &inside);
            if let Some(pointer) = over {
                readout::show(self, ui, &inside, pointer, seconds, &found);
            }
        }
        self.drag(ui, &response, viewport, hand, &inside);
        self.wheel(ui, &response, viewport, hand);
        self.keys(ui, &response, viewport, hand);
        let mut clicked = None;
        if response.double_clicked() {
            viewport.note(ui.input(|input| input.time));
            viewport.follow();
        } else if let Some(at) = response.interact_pointer_pos().filter(|_| response.clicked()) {
            clicked = self.point_at(at);
        }
        ChartDone { response, clicked }
    }

    fn marked(&self, painter: &Painter, range: Range, t: &Tokens) {
        let frame = self.picture.frame;
        let (from, to) = (self.picture.x(range.from), self.picture.x(range.to));
        painter.rect_filled(frame.with_min_x(from).with_max_x(to), 0.0, t.accent.gamma_multiply(0.12));
        for (x, name, align) in [(from, "A", egui::Align2::RIGHT_TOP), (to, "B", egui::Align2::LEFT_TOP)] {
            painter.vline(x, frame.y_range(), Stroke::new(1.0, t.accent));
            let air = if align == egui::Align2::LEFT_TOP { 3.0 } else { -3.0 };
            let at = pos2(x + air, frame.top() + 2.0);
            painter.text(at, align, name, theme::mono_small_font(), t.accent);
        }
    }

    /// Marks the points of the message that the inspector shows.
    fn point_out(&self, painter: &Painter) {
        let Some((node, seconds)) = self.pointed_out.filter(|_| !self.picture.is_xy) else { return };
        let t = self.of.t;
        for entry in self.of.shown().filter(|entry| entry.node == node) {
            let x = self.picture.x(seconds);
            painter.vline(x, self.picture.frame.y_range(), Stroke::new(1.0, t.accent.gamma_multiply(0.6)));
            let near = entry.curve().at(seconds, false).filter(|point| (point[0] - seconds).abs() < 1e-5);
            let scale = self.picture.scale(entry.spec.right).filter(|_| !entry.has_states());
            if let (Some([_, value]), Some(scale)) = (near, scale) {
                painter.circle_stroke(pos2(x, scale.y(value)), 6.0, Stroke::new(1.5, t.accent));
            }
        }
    }

    fn place_at(&self, at: Pos2) -> ChartPlace {
        let frame = self.picture.frame;
        if at.y > frame.bottom() {
            ChartPlace::Time
        } else if at.x < frame.left() {
            ChartPlace::Left
        } else if at.x > frame.right() {
            ChartPlace::Right
        } else {
            ChartPlace::Frame
        }
    }

    fn drag(
        &self,
        ui: &Ui,
        response: &Response,
        viewport: &mut Viewport,
        hand: &mut Hand,
        painter: &Painter,
    ) {
        // Where the button went down and not where the drag was noticed; what was held then decides.
        let pressed = ui.input(|input| input.events.iter().find_map(pressed));
        if response.is_pointer_button_down_on()
            && let Some((from, modifiers)) = pressed
        {
            let place = self.place_at(from);
            let edge = |edge: f64| (self.picture.x(edge) - from.x).abs() < EDGE;
            let stays =
                hand.range.filter(|_| place == ChartPlace::Frame && !self.picture.is_xy).and_then(|range| {
                    if edge(range.to) { Some(range.from) } else { edge(range.from).then_some(range.to) }
                });
            let mode = match (modifiers.shift || stays.is_some(), modifiers.command) {
                (true, _) => DragMode::Measure,
                (_, true) => DragMode::Zoom,
                _ => hand.mode,
            };
            hand.drag = Some(Drag { place, mode, from, stays });
        }
        if let Some(drag) = hand.drag
            && let Some(to) = response.interact_pointer_pos()
            && (response.dragged_by(PointerButton::Primary) || response.drag_stopped())
        {
            self.dragged(ui, response, viewport, hand, painter, drag, to);
        }
        if !response.is_pointer_button_down_on() {
            hand.drag = None;
        }
    }

    #[expect(clippy::too_many_arguments, reason = "one gesture touches all of them")]
    fn dragged(
        &self,
        ui: &Ui,
        response: &Response,
        viewport: &mut Viewport,
        hand: &mut Hand,
        painter: &Painter,
        drag: Drag,
        to: Pos2,
    ) {
        let (frame, time) = (self.picture.frame, self.of.time);
        let moved = response.drag_delta();
        if moved != vec2(0.0, 0.0) && drag.mode == DragMode::Move {
            viewport.note(ui.input(|input| input.time));
        }
        match (drag.place, drag.mode) {
            (ChartPlace::Left | ChartPlace::Right, _) => {
                self.move_values(drag.place == ChartPlace::Right, moved.y, viewport);
            }
            _ if self.picture.is_xy => {}
            (ChartPlace::Time, _) | (ChartPlace::Frame, DragMode::Move) => {
                viewport.pan(time, -f64::from(moved.x) * time.length() / f64::from(frame.width().max(1.0)));
                // Values that were fitted stay so: only a zoom is moved.
                for right in [false, true] {
                    if drag.place == ChartPlace::Frame && viewport.values_of(right).is_some() {
                        self.move_values(right, moved.y, viewport);
                    }
                }
                ui.ctx().set_cursor_icon(CursorIcon::Grabbing);
            }
            (ChartPlace::Frame, DragMode::Measure) => {
                let seconds = |x: f32| self.picture.seconds(x).clamp(time.from, time.to);
                hand.range =
                    Some(Range::new(drag.stays.unwrap_or_else(|| seconds(drag.from.x)), seconds(to.x)));
                ui.ctx().set_cursor_icon(CursorIcon::ResizeHorizontal);
            }
            (ChartPlace::Frame, DragMode::Zoom) => {
                let rect = Rect::from_two_pos(drag.from, to).intersect(frame);
                let (fill, stroke) =
                    (self.of.t.accent.gamma_multiply(0.12), Stroke::new(1.0, self.of.t.accent));
                painter.rect(rect, 0.0, fill, stroke, StrokeKind::Inside);
                if response.drag_stopped() && rect.width() > 4.0 {
                    viewport.note(ui.input(|input| input.time));
                    self.zoom_to(rect, viewport);
                }
            }
        }
    }

    fn move_values(&self, right: bool, by: f32, viewport: &mut Viewport) {
        if let Some(scale) = self.picture.scale(right).filter(|_| by != 0.0) {
            viewport.show_values(right, scale.range.moved(scale.at(0.0) - scale.at(by)));
        }
    }

    /// Shows what is in a box; of a flat one only its time.
    fn zoom_to(&self, rect: Rect, viewport: &mut Viewport) {
        let (left, right) = (self.picture.seconds(rect.left()), self.picture.seconds(rect.right()));
        viewport.show_time(Range::new(left, right));
        for is_right in [false, true] {
            if let Some(scale) = self.picture.scale(is_right).filter(|_| rect.height() > 12.0) {
                viewport.show_values(is_right, Range::new(scale.at(rect.bottom()), scale.at(rect.top())));
            }
        }
    }

    fn wheel(&self, ui: &Ui, response: &Response, viewport: &mut Viewport, hand: &mut Hand) {
        let Some(pointer) = response.hover_pos() else { return };
        let (wheel, zoom) = ui.input_mut(|input| {
            hand.zooms.note(&input.events);
            // The wheel's movement is consumed here, otherwise a scroll area around the plot would move as well.
            (std::mem::take(&mut input.smooth_scroll_delta), f64::from(input.zoom_delta()))
        });
        let is_zoom = (zoom - 1.0).abs() > f64::EPSILON;
        if !is_zoom && wheel == vec2(0.0, 0.0) {
            return;
        }
        viewport.note(ui.input(|input| input.time));
        let time = self.of.time;
        let factor = if is_zoom { zoom } else { f64::from(wheel.y / 200.0).exp() };
        let zoom_values = |right: bool, viewport: &mut Viewport| {
            if let Some(scale) = self.picture.scale(right) {
                viewport.zoom_values(right, scale.range, factor, scale.at(pointer.y));
            }
        };
        match self.place_at(pointer) {
            ChartPlace::Left => zoom_values(false, viewport),
            ChartPlace::Right => zoom_values(true, viewport),
            ChartPlace::Frame if is_zoom && hand.zooms == Zooms::Values => {
                zoom_values(false, viewport);
                zoom_values(true, viewport);
            }
            ChartPlace::Frame | ChartPlace::Time if self.picture.is_xy => {}
            ChartPlace::Frame | ChartPlace::Time if !is_zoom && wheel.x.abs() > wheel.y.abs() => {
                let per_point = time.length() / f64::from(self.picture.frame.width().max(1.0));
                viewport.pan(time, -f64::from(wheel.x) * per_point);
            }
            ChartPlace::Frame | ChartPlace::Time => {
                viewport.zoom(time, factor, self.picture.seconds(pointer.x));
            }
        }
    }

    fn keys(&self, ui: &Ui, response: &Response, viewport: &mut Viewport, hand: &mut Hand) {
        if !response.has_focus() {
            return;
        }
        // Escape closes the table of a range, and otherwise leaves the chart.
        let escape = hand.range.is_some();
        let keys =
            EventFilter { horizontal_arrows: true, vertical_arrows: true, escape, ..EventFilter::default() };
        focus::keep_keys(ui, response.id, keys);
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let time = self.of.time;
        let middle = f64::midpoint(time.from, time.to);
        if pressed(Key::Backspace) {
            viewport.back();
        }
        if hand.range.is_some() && pressed(Key::Escape) {
            hand.range = None;
        }
        let at = ui.input(|input| input.time);
        let mut change = |key, change: &dyn Fn(&mut Viewport)| {
            if pressed(key) {
                viewport.note(at);
                change(viewport);
            }
        };
        change(Key::ArrowLeft, &|viewport| viewport.pan(time, -time.length() / 10.0));
        change(Key::ArrowRight, &|viewport| viewport.pan(time, time.length() / 10.0));
        change(Key::ArrowUp, &|viewport| viewport.zoom(time, 1.25, middle));
        change(Key::ArrowDown, &|viewport| viewport.zoom(time, 0.8, middle));
        change(Key::End, &Viewport::follow);
    }

    /// The series and time of the point that is drawn at a place.
    fn point_at(&self, at: Pos2) -> Option<(usize, f64)> {
        if self.picture.is_xy {
            return None;
        }
        let seconds = self.picture.seconds(at.x);
        let near = self.of.entries.iter().enumerate().filter_map(|(index, entry)| {
            let [time, value] = entry.curve().at(seconds, entry.holds())?;
            let scale = self.picture.scale(entry.spec.right).filter(|_| !entry.has_states())?;
            let x = if entry.holds() { at.x } else { self.picture.x(time) };
            let far = pos2(x, scale.y(value)).distance(at);
            (far <= NEAR).then_some((far, index, time))
        });
        let (_, index, time) = near.min_by(|a, b| a.0.total_cmp(&b.0))?;
        Some((index, time))
    }

    /// When to draw the next frame while the plot follows: when time has moved by a pixel.
    pub fn repaint_after(&self) -> Duration {
        let pixel = self.of.time.length() / f64::from(self.picture.frame.width().max(1.0));
        Duration::from_secs_f64(pixel.clamp(0.033, 1.0))
    }
}

/// Where the primary button went down, and what was held.
fn pressed(event: &Event) -> Option<(Pos2, Modifiers)> {
    match event {
        Event::PointerButton { pos, button: PointerButton::Primary, pressed: true, modifiers } => {
            Some((*pos, *modifiers))
        }
        _ => None,
    }
}
