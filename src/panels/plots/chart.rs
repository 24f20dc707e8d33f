//! The chart: axes, lines, markers, values under the pointer, panning and zooming.
//!
//! egui_plot draws the axes and lines. Only [`Viewport`] decides what is visible; it is asked in every frame, so one
//! place knows whether the plot follows the present.

use std::borrow::Cow;
use std::time::Duration;

use eframe::egui::{
    self, Color32, Event, Key, Modifiers, Pos2, Rect, Response, Role, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};
use egui_plot::{
    AxisHints, GridMark, Line, LineStyle, Plot, PlotBounds, PlotPoint, PlotPoints, PlotTransform,
};
use jiff::tz::TimeZone;

use crate::message::Timestamp;
use crate::panels::plots::curve::{Curve, Style};
use crate::panels::plots::marker::Marker;
use crate::panels::plots::time_axis::Steps;
use crate::panels::plots::value_axis;
use crate::panels::plots::viewport::{Range, Viewport};
use crate::store::settings::TimeFormat;
use crate::ui::focus::{self, Arrows};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::one_line::end_of_topic;
use crate::ui::{icons, language, theme};
use crate::words::{Label, format, plots as words};

/// Width of the value axis; longer labels make it wider.
const AXIS_WIDTH: f32 = 44.0;
/// Space right of the chart, for the last label of the time axis.
pub const AIR_RIGHT: f32 = 16.0;

/// What the wheel zooms. Kept between frames, because the wheel keeps turning for a moment after Ctrl is released.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zooms {
    /// The time axis.
    #[default]
    Time,
    /// The value axis.
    Values,
}

impl Zooms {
    fn note(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::MouseWheel { modifiers, .. } if modifiers.command => *self = Self::Values,
                // A pinch on a touchpad.
                Event::Zoom(_) => *self = Self::Time,
                _ => {}
            }
        }
    }
}

/// What the pointer does in the chart, kept between frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hand {
    /// What the wheel zooms.
    zooms: Zooms,
    /// Where a range is being marked from.
    marks_from: Option<f64>,
    /// The marked range.
    pub range: Option<Range>,
    /// The time under the pointer, if it is over the chart.
    pub points_at: Option<f64>,
}

impl Hand {
    /// Whether a range is being marked at this moment.
    pub fn is_marking(&self) -> bool {
        self.marks_from.is_some()
    }
}

/// What the person asked for in the menu of the chart, beyond what changes the view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartWish {
    /// Put the visible values on the clipboard.
    Copy,
    /// Draw lines in another way.
    Draw(Style),
}

/// A series as drawn.
pub struct Drawn<'a> {
    /// Topic and path.
    pub name: &'a str,
    /// Marker and colour.
    pub marker: Marker,
    /// Its visible points.
    pub curve: &'a Curve,
}

/// Everything needed to draw a chart.
pub struct Chart<'a> {
    /// Time zero of the curves.
    pub origin: Timestamp,
    /// The present, in seconds from the origin.
    pub now: f64,
    /// The visible time, in seconds from the origin.
    pub time: Range,
    /// The visible values.
    pub values: Range,
    /// How values are joined.
    pub style: Style,
    /// How times of day are written.
    pub time_format: TimeFormat,
    /// The series, the last one on top.
    pub series: &'a [Drawn<'a>],
    /// Description of the chart for a screen reader.
    pub told: &'a str,
    /// The time that is pointed at in another plot, which shows here too.
    pub pointed: Option<f64>,
}

impl Chart<'_> {
    /// Draws the chart into the rest of `ui`, and moves the viewport as the person asks.
    pub fn show(&self, ui: &mut Ui, viewport: &mut Viewport, hand: &mut Hand) -> Option<ChartWish> {
        let (t, l) = (tokens(ui), language(ui));
        let zone = TimeZone::system();
        let (plot, marks) = self.plot(ui, &zone, t);
        // The axis labels are drawn on the panel; the plotting area is as dark as a field.
        ui.visuals_mut().extreme_bg_color = t.surface_1;
        let shown = plot.x_grid_spacer(move |_| marks.clone()).show(ui, |plot| {
            plot.set_plot_bounds(PlotBounds::from_min_max(
                [self.time.from, self.values.from],
                [self.time.to, self.values.to],
            ));
            for drawn in self.series {
                let color = drawn.marker.color(t);
                let style = if drawn.marker.dashed(t) { LineStyle::dashed_dense() } else { LineStyle::Solid };
                for points in drawn.curve.points(self.style, self.now) {
                    let points = match points {
                        Cow::Borrowed(points) => PlotPoints::Borrowed(points),
                        Cow::Owned(points) => PlotPoints::Owned(points),
                    };
                    // A band would fill the steps; there are only a few points per column anyway.
                    let line = Line::new("", points).color(color).width(1.5).style(style).allow_band(false);
                    plot.line(line.allow_hover(false));
                }
            }
        });
        let (response, transform) = (shown.response, shown.transform);
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words::CHART.of(l)));
        ui.ctx().accesskit_node_builder(response.id, |node| node.set_description(self.told));
        if let Some(range) = hand.range {
            let at = |x: f64| transform.position_from_point(&PlotPoint::new(x, 0.0)).x;
            let band = Rect::from_x_y_ranges(at(range.from)..=at(range.to), transform.frame().y_range());
            let painter = ui.painter().with_clip_rect(*transform.frame());
            painter.rect(
                band,
                0.0,
                t.accent.gamma_multiply(0.12),
                Stroke::new(1.0, t.accent),
                StrokeKind::Inside,
            );
        }
        self.markers(ui, &transform, t);
        if response.has_focus() {
            focus::underline(ui, transform.frame().x_range(), transform.frame().bottom());
        }
        let pointer = response.hover_pos();
        hand.points_at = pointer.map(|pointer| transform.value_from_position(pointer).x);
        if let Some(pointer) = pointer {
            self.hover(ui, &transform, pointer, t);
        } else if let Some(time) = self.pointed.filter(|time| self.time.contains(*time)) {
            let x = transform.position_from_point(&PlotPoint::new(time, 0.0)).x;
            self.hover(ui, &transform, pos2(x, transform.frame().top()), t);
        }
        self.mark(ui, &response, &transform, hand);
        self.interact(ui, &response, &transform, viewport, hand);
        self.keys(ui, &response, viewport, hand);
        self.menu(ui, &response, viewport, hand)
    }

    /// Marks a range while the pointer is dragged with Shift.
    fn mark(&self, ui: &Ui, response: &Response, transform: &PlotTransform, hand: &mut Hand) {
        let seconds = |at: Pos2| transform.value_from_position(at).x.clamp(self.time.from, self.time.to);
        // Where the button went down and not where the drag was noticed; what was held then decides.
        let pressed = ui.input(|input| input.events.iter().find_map(pressed_with_shift));
        if response.is_pointer_button_down_on()
            && let Some(pressed) = pressed
        {
            hand.marks_from = Some(seconds(pressed));
        }
        if let (Some(from), Some(pointer)) = (hand.marks_from, response.interact_pointer_pos())
            && response.dragged_by(egui::PointerButton::Primary)
        {
            hand.range = Some(Range::new(from, seconds(pointer)));
        }
        if !response.is_pointer_button_down_on() {
            hand.marks_from = None;
        }
    }

    fn menu(
        &self,
        ui: &Ui,
        response: &Response,
        viewport: &mut Viewport,
        hand: &mut Hand,
    ) -> Option<ChartWish> {
        let l = language(ui);
        let at = ui.input(|input| input.time);
        let mut wish = None;
        context_menu::show(response, response.id, response.has_focus(), |menu| {
            let unless = |holds: bool, why: &Label| (!holds).then(|| why.of(l));
            let follow = Item::new(icons::PLAY, words::FOLLOW.of(l)).keys(Key::End.name().to_owned());
            if menu.item(&follow.unless(unless(!viewport.follows(), &words::FOLLOWS))) {
                viewport.note(at);
                viewport.follow();
            }
            let fit = Item::new(icons::ARROWS_IN_LINE_VERTICAL, words::FIT_VALUES.of(l));
            if menu.item(&fit.unless(unless(viewport.values().is_some(), &words::VALUES_FIT))) {
                viewport.note(at);
                viewport.fit_values();
            }
            let back = Item::new(icons::ARROW_LEFT, words::EARLIER_VIEW.of(l))
                .keys(Key::Backspace.name().to_owned());
            if menu.item(&back.unless(unless(viewport.has_earlier(), &words::NO_EARLIER_VIEW))) {
                viewport.back();
            }
            menu.separator();
            for (style, label) in Style::CHOICES {
                let item = Item::new(icons::CHART_LINE, label.of(l)).checked(Some(style == self.style));
                if menu.item(&item) {
                    wish = Some(ChartWish::Draw(style));
                }
            }
            menu.separator();
            if menu.item(&Item::new(icons::ROWS, words::STATISTICS.of(l))) {
                hand.range = Some(Range { from: self.time.from, to: self.time.to.min(self.now) });
            }
            if menu.item(&Item::new(icons::COPY, words::COPY.of(l))) {
                wish = Some(ChartWish::Copy);
            }
        });
        wish
    }

    fn plot(&self, ui: &Ui, zone: &TimeZone, t: &Tokens) -> (Plot<'static>, Vec<GridMark>) {
        let origin = self.origin;
        let microseconds = move |x: f64| moment(origin, x).0;
        let steps = Steps::fitting((self.time.length() * 1e6) as i64, ui.available_width() - AXIS_WIDTH);
        let step_s = steps.step as f64 / 1e6;
        let times = steps.marks(microseconds(self.time.from), microseconds(self.time.to), zone);
        let marks: Vec<_> = times
            .into_iter()
            .map(|at| GridMark { value: Timestamp(at).seconds_since(origin), step_size: step_s })
            .collect();
        let value_step = value_axis::step(self.values.length(), ui.available_height());
        let zone = zone.clone();
        let per_second = f64::from(ui.available_width() - AXIS_WIDTH) / self.time.length();
        let font = theme::mono_small_font();
        let time_axis = AxisHints::new_x()
            .formatter(move |mark, shown| {
                let label = steps.label(microseconds(mark.value), &zone);
                // A label that would cross the right edge is left out rather than cut.
                let room = (shown.end() - mark.value) * per_second + f64::from(AIR_RIGHT);
                if room < label.len() as f64 * 3.7 { String::new() } else { label }
            })
            .label_spacing(1.0..=2.0)
            .tick_label_color(t.text_muted)
            .tick_label_font(font.clone())
            .min_thickness(20.0);
        let value_axis = AxisHints::new_y()
            .formatter(move |mark, shown| {
                // At the bottom a label would overlap the time below.
                let above_foot = (mark.value - shown.start()) / (shown.end() - shown.start());
                if above_foot < 0.04 { String::new() } else { value_axis::mark_label(mark.value, value_step) }
            })
            .label_spacing(1.0..=2.0)
            .tick_label_color(t.text_muted)
            .tick_label_font(font)
            .min_thickness(AXIS_WIDTH);
        let plot = Plot::new("plot")
            .custom_x_axes(vec![time_axis])
            .custom_y_axes(vec![value_axis])
            .y_grid_spacer(move |input| {
                let range = Range::new(input.bounds.0, input.bounds.1);
                let marks = value_axis::marks(range, value_step);
                marks.into_iter().map(|value| GridMark { value, step_size: value_step }).collect()
            })
            .min_size(vec2(64.0, 32.0))
            .grid_spacing(1.0..=2.0)
            .grid_color(t.line)
            .show_background(true)
            .show_crosshair(false)
            .show_x(false)
            .show_y(false)
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_axis_zoom_drag(false)
            .allow_double_click_reset(false)
            .auto_bounds(false);
        (plot, marks)
    }

    fn markers(&self, ui: &Ui, transform: &PlotTransform, t: &Tokens) {
        let painter = ui.painter().with_clip_rect(transform.frame().expand(2.0));
        for drawn in self.series {
            let color = drawn.marker.color(t);
            for point in drawn.curve.marked(self.time, transform.frame().width(), drawn.marker.place) {
                let center = transform.position_from_point(&point);
                // A small gap around a marker makes it stand out from a busy line.
                painter.circle_filled(center, 4.5, t.surface_1);
                drawn.marker.paint(&painter, center, 3.0, color);
            }
        }
    }

    /// Draws the line under the pointer and the values on it.
    fn hover(&self, ui: &Ui, transform: &PlotTransform, pointer: Pos2, t: &Tokens) {
        let frame = *transform.frame();
        let painter = ui.painter().with_clip_rect(frame);
        painter.vline(pointer.x, frame.y_range(), Stroke::new(1.0, t.text_faint));
        let x = transform.value_from_position(pointer).x;
        let found: Vec<_> =
            self.series.iter().filter_map(|drawn| Some((drawn, drawn.curve.at(x, self.style)?))).collect();
        for (drawn, point) in &found {
            let at = if self.style == Style::Step { PlotPoint::new(x, point.y) } else { *point };
            let center = transform.position_from_point(&at);
            painter.circle_filled(center, 6.0, t.surface_1);
            drawn.marker.paint(&painter, center, 4.0, drawn.marker.color(t));
        }
        self.readout(ui, &painter, frame, pointer, x, &found, t);
    }

    /// Draws the box with the time under the pointer and the value of each series.
    #[expect(clippy::too_many_arguments, reason = "it draws one thing that depends on all of them")]
    fn readout(
        &self,
        ui: &Ui,
        painter: &egui::Painter,
        frame: Rect,
        pointer: Pos2,
        x: f64,
        found: &[(&Drawn<'_>, PlotPoint)],
        t: &Tokens,
    ) {
        const ROW: f32 = 18.0;
        let at = |x: f64| moment(self.origin, x);
        let rows_max = (((frame.height() - 16.0) / ROW).floor() as usize).saturating_sub(1);
        // If not all rows fit, the last one says how many are left out.
        let fits = if found.len() <= rows_max { found.len() } else { rows_max.saturating_sub(1) };
        let font = theme::mono_small_font();
        let wide = frame.width() > 480.0;
        let rows: Vec<_> = found[..fits]
            .iter()
            .map(|(drawn, point)| {
                let value = value_axis::rounded(point.y, 10);
                let text = if wide {
                    format!("{value}  {}", format::time(at(point.x), self.time_format))
                } else {
                    value
                };
                let values = painter.layout_no_wrap(text, font.clone(), t.text);
                let name =
                    end_of_topic(ui, drawn.name, &font, t.text_muted, if wide { 160.0 } else { 110.0 });
                (drawn.marker, name, values)
            })
            .collect();
        let names = rows.iter().map(|(_, name, _)| name.size().x).fold(0.0, f32::max);
        let values = rows.iter().map(|(_, _, values)| values.size().x).fold(0.0, f32::max);
        let lines = 1 + rows.len() + usize::from(fits < found.len());
        let box_size = vec2((20.0 + names + 12.0 + values).max(104.0) + 16.0, lines as f32 * ROW + 8.0);
        let left = if pointer.x + 12.0 + box_size.x <= frame.right() {
            pointer.x + 12.0
        } else {
            (pointer.x - 12.0 - box_size.x).max(frame.left() + 4.0)
        };
        let area = Rect::from_min_size(pos2(left, frame.top() + 4.0), box_size);
        painter.rect(area, size::RADIUS, t.surface_2, Stroke::new(1.0, t.line), StrokeKind::Inside);
        let inner = area.shrink2(vec2(8.0, 4.0));
        let mut y = inner.top() + ROW / 2.0;
        let time = painter.layout_no_wrap(format::time(at(x), self.time_format), font.clone(), t.text_muted);
        paint_on(painter, pos2(inner.left(), y), time, t.text_muted);
        for (marker, name, values) in rows {
            y += ROW;
            marker.paint(painter, pos2(inner.left() + 6.0, y), 3.5, marker.color(t));
            paint_on(painter, pos2(inner.left() + 20.0, y), name, t.text_muted);
            paint_on(painter, pos2(inner.right() - values.size().x, y), values, t.text);
        }
        if fits < found.len() {
            let more = words::more(found.len() - fits, language(ui));
            let more = painter.layout_no_wrap(more, theme::small_font(), t.text_muted);
            paint_on(painter, pos2(inner.left() + 20.0, y + ROW), more, t.text_muted);
        }
    }

    fn interact(
        &self,
        ui: &Ui,
        response: &Response,
        transform: &PlotTransform,
        viewport: &mut Viewport,
        hand: &mut Hand,
    ) {
        let at = ui.input(|input| input.time);
        let per_point = transform.dvalue_dpos();
        if response.double_clicked() {
            viewport.note(at);
            viewport.follow();
        } else if hand.is_marking() {
            ui.ctx().set_cursor_icon(egui::CursorIcon::ResizeHorizontal);
        } else if response.dragged_by(egui::PointerButton::Primary) {
            let delta = response.drag_delta();
            if delta != vec2(0.0, 0.0) {
                viewport.note(at);
            }
            viewport.pan(self.time, -f64::from(delta.x) * per_point[0]);
            viewport.pan_values(-f64::from(delta.y) * per_point[1]);
            ui.ctx().set_cursor_icon(egui::CursorIcon::Grabbing);
        }
        let Some(pointer) = response.hover_pos() else { return };
        let under = transform.value_from_position(pointer);
        let (wheel, zoom) = ui.input_mut(|input| {
            hand.zooms.note(&input.events);
            // The wheel's movement is consumed here, otherwise a scroll area around the plot would move as well.
            (std::mem::take(&mut input.smooth_scroll_delta), f64::from(input.zoom_delta()))
        });
        let zoomed = (zoom - 1.0).abs() > f64::EPSILON;
        if zoomed || wheel != vec2(0.0, 0.0) {
            viewport.note(at);
        }
        if zoomed {
            match hand.zooms {
                Zooms::Time => viewport.zoom(self.time, zoom, under.x),
                Zooms::Values => viewport.zoom_values(self.values, zoom, under.y),
            }
        } else if wheel.y.abs() > wheel.x.abs() {
            viewport.zoom(self.time, f64::from(wheel.y / 200.0).exp(), under.x);
        } else {
            viewport.pan(self.time, -f64::from(wheel.x) * per_point[0]);
        }
    }

    fn keys(&self, ui: &Ui, response: &Response, viewport: &mut Viewport, hand: &mut Hand) {
        if !response.has_focus() {
            return;
        }
        focus::keep_arrows(ui, response.id, Arrows::Both);
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let middle = f64::midpoint(self.time.from, self.time.to);
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
        change(Key::ArrowLeft, &|viewport| viewport.pan(self.time, -self.time.length() / 10.0));
        change(Key::ArrowRight, &|viewport| viewport.pan(self.time, self.time.length() / 10.0));
        change(Key::ArrowUp, &|viewport| viewport.zoom(self.time, 1.25, middle));
        change(Key::ArrowDown, &|viewport| viewport.zoom(self.time, 0.8, middle));
        change(Key::End, &Viewport::follow);
    }

    /// When to draw the next frame while the plot follows: when time has moved by a pixel.
    pub fn repaint_after(&self, width: f32) -> Duration {
        let pixel = self.time.length() / f64::from(width.max(1.0));
        Duration::from_secs_f64(pixel.clamp(0.033, 1.0))
    }
}

/// Where the primary button went down while Shift was held.
fn pressed_with_shift(event: &Event) -> Option<Pos2> {
    match event {
        Event::PointerButton { pos, button: egui::PointerButton::Primary, pressed: true, modifiers } => {
            modifiers.shift.then_some(*pos)
        }
        _ => None,
    }
}

/// The time that is `seconds` after `origin`.
pub fn moment(origin: Timestamp, seconds: f64) -> Timestamp {
    Timestamp(origin.0.saturating_add((seconds * 1e6).round() as i64))
}

fn paint_on(
    painter: &egui::Painter,
    left_center: Pos2,
    galley: std::sync::Arc<egui::Galley>,
    color: Color32,
) {
    painter.galley(left_center - vec2(0.0, galley.size().y / 2.0), galley, color);
}
