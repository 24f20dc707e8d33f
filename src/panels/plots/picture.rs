//! What a plot looks like in one frame, as marks: axes, lines, lanes of states. Pure; painted, or written as SVG.

use eframe::egui::{Align2, Color32, Pos2, Rangef, Rect, Stroke, pos2, vec2};
use jiff::tz::TimeZone;

use crate::message::Timestamp;
use crate::panels::plots::curve::Curve;
use crate::panels::plots::entry::PlotEntry;
use crate::panels::plots::lane;
use crate::panels::plots::marks::{ColumnFills, PlotMark};
use crate::panels::plots::scale::Scale;
use crate::panels::plots::time_axis::Steps;
use crate::panels::plots::viewport::Range;
use crate::panels::plots::xy;
use crate::store::plots::{DrawAs, PlotAxes};
use crate::ui::tokens::Tokens;

/// The narrowest value axis; longer labels make it wider.
pub const AXIS_WIDTH: f32 = 44.0;
/// Height of the time axis.
pub const AXIS_HEIGHT: f32 = 20.0;
/// Space right of the frame, for the last label of the time axis.
pub const AIR_RIGHT: f32 = 16.0;
/// Width of the title of an axis.
pub const TITLE_WIDTH: f32 = 18.0;
/// Width of a character of an axis' label.
pub const CHARACTER: f32 = 6.7;
/// More points than this are drawn as dots and not as symbols.
const SYMBOLS_MAX: usize = 400;
/// The most moments that are marked at which the connection was lost, or at which values begin.
const LOSSES_MAX: usize = 64;
/// With more series than this, edges of dense lines are not smoothed: it would double their triangles.
const SMOOTH_MAX: usize = 40;

/// What a plot shows in one frame.
#[derive(Debug)]
pub struct PlotSubject<'a> {
    /// The series, the last one on top.
    pub entries: &'a [PlotEntry],
    /// The axes.
    pub axes: &'a PlotAxes,
    /// The ranges of values that a person chose: left, and right.
    pub zoom: [Option<Range>; 2],
    /// Time zero.
    pub origin: Timestamp,
    /// Until when the last value holds, in seconds from the origin.
    pub now: f64,
    /// The visible time.
    pub time: Range,
    /// The zone that times are written in.
    pub zone: &'a TimeZone,
    /// When the connection was lost.
    pub losses: &'a [f64],
    /// The colours.
    pub t: &'a Tokens,
}

impl<'a> PlotSubject<'a> {
    /// The series that show.
    pub fn shown(&self) -> impl Iterator<Item = &'a PlotEntry> {
        self.entries.iter().filter(|entry| !entry.spec.hidden)
    }

    /// The series of numbers that show.
    pub fn numbers(&self) -> impl Iterator<Item = &'a PlotEntry> {
        self.shown().filter(|entry| !entry.has_states())
    }

    /// When the values of series begin that had earlier ones which are not held, of what is visible.
    pub fn begins(&self) -> Vec<f64> {
        let all = self.shown().filter_map(|entry| entry.held_from);
        let mut begins: Vec<f64> = all.filter(|from| self.time.contains(*from)).collect();
        begins.sort_by(f64::total_cmp);
        begins.dedup();
        begins.truncate(LOSSES_MAX);
        begins
    }

    /// The title of an axis: what a person called it, or the units of its series.
    pub fn axis_title(&self, right: bool) -> String {
        let title = &self.axes.axis(right).title;
        if !title.is_empty() {
            return title.clone();
        }
        let mut units: Vec<&str> = Vec::new();
        for entry in self.numbers().filter(|entry| entry.spec.right == right) {
            if !entry.spec.unit.is_empty() && !units.contains(&entry.spec.unit.as_str()) {
                units.push(&entry.spec.unit);
            }
        }
        units.join(", ")
    }
}

/// A plot as marks.
#[derive(Debug)]
pub struct PlotPicture {
    /// Axes and titles.
    pub rest: Vec<PlotMark>,
    /// What is drawn within the frame only.
    pub inside: Vec<PlotMark>,
    /// The area between the axes.
    pub frame: Rect,
    /// The axis on the left, unless there are lanes alone.
    pub left: Option<Scale>,
    /// The axis on the right, if a series uses it.
    pub right: Option<Scale>,
    /// What is visible horizontally: time, or the values of the first series.
    pub across: Range,
    /// Whether it is one of values over values.
    pub is_xy: bool,
}

impl PlotPicture {
    /// The horizontal place of a time.
    pub fn x(&self, seconds: f64) -> f32 {
        let share = (seconds - self.across.from) / self.across.length();
        (f64::from(self.frame.left()) + share * f64::from(self.frame.width())).clamp(-1e6, 1e6) as f32
    }

    /// The time at a horizontal place.
    pub fn seconds(&self, x: f32) -> f64 {
        let share = f64::from((x - self.frame.left()) / self.frame.width().max(1.0));
        self.across.from + share * self.across.length()
    }

    /// The axis of a series.
    pub fn scale(&self, right: bool) -> Option<&Scale> {
        if right { self.right.as_ref() } else { self.left.as_ref() }
    }

    /// Draws a vertical line of the grid.
    pub fn vertical(&mut self, x: f32, stroke: Stroke, dashed: bool) {
        let points = vec![pos2(x, self.frame.top()), pos2(x, self.frame.bottom())];
        self.inside.push(PlotMark::Line { points, stroke, dashed });
    }

    /// Writes a label below the frame.
    pub fn label_below(&mut self, x: f32, text: String, t: &Tokens) {
        let half = text.chars().count() as f32 * CHARACTER / 2.0;
        // A label that would cross the edge is left out rather than cut.
        if x + half <= self.frame.right() + AIR_RIGHT && x - half >= self.frame.left() - AXIS_WIDTH {
            let at = pos2(x, self.frame.bottom() + AXIS_HEIGHT / 2.0 + 1.0);
            self.rest.push(PlotMark::Text { at, anchor: Align2::CENTER_CENTER, text, color: t.text_muted });
        }
    }
}

/// How wide a value axis with these labels is.
pub fn axis_width(marks: &[(f32, String)], title: &str) -> f32 {
    let widest = marks.iter().map(|mark| mark.1.chars().count()).max().unwrap_or(0);
    let labels = (widest as f32 * CHARACTER + 10.0).max(AXIS_WIDTH);
    labels + if title.is_empty() { 0.0 } else { TITLE_WIDTH }
}

/// Draws a plot into a rectangle.
pub fn picture(of: &PlotSubject<'_>, rect: Rect) -> PlotPicture {
    if of.axes.xy && of.numbers().nth(1).is_some() {
        return xy::picture(of, rect);
    }
    let lanes: Vec<&PlotEntry> = of.shown().filter(|entry| entry.has_states()).collect();
    let has = |right: bool| of.numbers().any(|entry| entry.spec.right == right);
    let has_lanes_alone = !lanes.is_empty() && of.numbers().next().is_none();
    let bottom = rect.bottom() - AXIS_HEIGHT;
    let lanes_height = lane::height(lanes.len(), rect.height() * if has_lanes_alone { 1.0 } else { 0.6 });
    let heights = Rangef::new(rect.top() + 8.0, (bottom - lanes_height).max(rect.top() + 9.0));
    let scale = |right: bool| {
        let curves = of.numbers().filter(|entry| entry.spec.right == right).map(PlotEntry::curve);
        Scale::of(curves, of.zoom[usize::from(right)], of.axes.axis(right).logarithmic, heights)
    };
    let left = (has(false) || (!has_lanes_alone && !has(true))).then(|| scale(false));
    let right = has(true).then(|| scale(true));
    let labels = |scale: &Option<Scale>| scale.as_ref().map(Scale::marks).unwrap_or_default();
    let (left_marks, right_marks) = (labels(&left), labels(&right));
    let left_width = axis_width(&left_marks, &of.axis_title(false));
    let right_width =
        if right.is_some() { axis_width(&right_marks, &of.axis_title(true)) } else { AIR_RIGHT };
    let frame = Rect::from_min_max(
        pos2(rect.left() + left_width, rect.top() + 8.0),
        pos2((rect.right() - right_width).max(rect.left() + left_width + 1.0), bottom),
    );
    let (rest, inside) = (vec![PlotMark::Block { rect: frame, color: of.t.surface_1 }], Vec::new());
    let mut picture = PlotPicture { rest, inside, frame, left, right, across: of.time, is_xy: false };
    value_axes(&mut picture, frame.with_max_y(heights.max), [&left_marks, &right_marks], of, rect);
    times(&mut picture, of);
    for lost in of.losses.iter().filter(|lost| of.time.contains(**lost)).take(LOSSES_MAX) {
        picture.vertical(picture.x(*lost), Stroke::new(1.0, of.t.warn), true);
    }
    for from in of.begins() {
        picture.vertical(picture.x(from), Stroke::new(1.0, of.t.text_muted), true);
    }
    let smooth = of.numbers().nth(SMOOTH_MAX).is_none();
    for entry in of.numbers() {
        number(&mut picture, entry, of, smooth);
    }
    let mut top = heights.max;
    let each = lanes_height / lanes.len().max(1) as f32;
    for entry in lanes {
        let area = Rect::from_min_max(pos2(frame.left(), top), pos2(frame.right(), (top + each).min(bottom)));
        lane::draw(&mut picture, entry, area, of);
        top += each;
    }
    picture
}

/// Draws the value axes: grid, labels and titles. `marks` are those of the left and of the right one.
pub fn value_axes(
    picture: &mut PlotPicture,
    values: Rect,
    marks: [&[(f32, String)]; 2],
    of: &PlotSubject<'_>,
    rect: Rect,
) {
    let t = of.t;
    let grid = if marks[0].is_empty() { marks[1] } else { marks[0] };
    for (y, _) in grid {
        let points = vec![pos2(values.left(), *y), pos2(values.right(), *y)];
        picture.inside.push(PlotMark::Line { points, stroke: Stroke::new(1.0, t.line), dashed: false });
    }
    let sides = [(values.left() - 5.0, Align2::RIGHT_CENTER), (values.right() + 5.0, Align2::LEFT_CENTER)];
    for (marks, (x, anchor)) in marks.into_iter().zip(sides) {
        // At the bottom a label would overlap the time below.
        let has_room = |y: f32| y < values.bottom() - 5.0 || picture.frame.bottom() > values.bottom() + 5.0;
        for (y, text) in marks.iter().filter(|(y, _)| has_room(*y)) {
            let (at, text) = (pos2(x, *y), text.clone());
            picture.rest.push(PlotMark::Text { at, anchor, text, color: t.text_muted });
        }
    }
    let middle = values.center().y;
    for (is_right, x) in [(false, rect.left() + TITLE_WIDTH / 2.0), (true, rect.right() - TITLE_WIDTH / 2.0)]
    {
        let text = of.axis_title(is_right);
        if !text.is_empty() && picture.scale(is_right).is_some() {
            picture.rest.push(PlotMark::Upwards { center: pos2(x, middle), text, color: t.text_muted });
        }
    }
}

fn times(picture: &mut PlotPicture, of: &PlotSubject<'_>) {
    let microseconds = |seconds: f64| moment(of.origin, seconds).0;
    let steps = Steps::fitting((of.time.length() * 1e6) as i64, picture.frame.width());
    for at in steps.marks(microseconds(of.time.from), microseconds(of.time.to), of.zone) {
        let x = picture.x(Timestamp(at).seconds_since(of.origin));
        picture.vertical(x, Stroke::new(1.0, of.t.line), false);
        picture.label_below(x, steps.label(at, of.zone), of.t);
    }
}

/// Where the points of one series are.
struct Places<'a> {
    picture: &'a PlotPicture,
    scale: Scale,
    curve: &'a Curve,
}

impl Places<'_> {
    /// The place of a point; `None` where a logarithmic axis has none.
    fn of(&self, [time, raw]: [f64; 2]) -> Option<Pos2> {
        let value = self.curve.value(raw);
        self.scale.place(value)?;
        Some(pos2(self.picture.x(time), self.scale.y(value)))
    }
}

fn number(picture: &mut PlotPicture, entry: &PlotEntry, of: &PlotSubject<'_>, smooth: bool) {
    let Some(scale) = picture.scale(entry.spec.right).copied() else { return };
    let color = entry.color(of.t);
    let stroke = Stroke::new(1.5, color);
    let dashed = entry.spec.color.is_none() && entry.marker.dashed(of.t);
    let look = entry.spec.look;
    let base = scale.y(0.0).clamp(scale.heights.min, scale.heights.max);
    let curve = entry.curve();
    let width = picture.frame.width();
    let mut marks = Vec::new();
    let places = Places { picture, scale, curve };
    for (points, ends) in curve.runs() {
        let is_dense = points.len() > 64
            && points.len() as f32
                > (places.picture.x(points[points.len() - 1][0]) - places.picture.x(points[0][0])).min(width)
                    * 1.5;
        if is_dense && matches!(look, DrawAs::Line | DrawAs::Step | DrawAs::StepBefore) {
            marks.push(PlotMark::Band { columns: columns(points, &places), stroke, smooth });
            continue;
        }
        let drawn = Curve::drawn(points, ends, look, of.now);
        let line: Vec<Pos2> = drawn.iter().filter_map(|point| places.of(*point)).collect();
        match look {
            DrawAs::Line | DrawAs::Step | DrawAs::StepBefore => {
                marks.push(PlotMark::Line { points: line, stroke, dashed });
            }
            DrawAs::Area => {
                marks.push(PlotMark::Area { points: line.clone(), base, color: color.gamma_multiply(0.25) });
                marks.push(PlotMark::Line { points: line, stroke, dashed });
            }
            DrawAs::Points => dots(&mut marks, &line, color, entry, of.t),
            DrawAs::Bars => bars(&mut marks, &line, base, color),
        }
    }
    if !matches!(look, DrawAs::Points | DrawAs::Bars) && smooth {
        let ground = of.t.surface_1;
        for [time, value] in curve.marked(of.time, width, entry.marker.place) {
            if scale.place(value).is_some() {
                let at = pos2(picture.x(time), scale.y(value));
                marks.push(PlotMark::Symbol { marker: entry.marker, at, radius: 3.0, color, ground });
            }
        }
    }
    odd(&mut marks, picture, entry, scale, of);
    picture.inside.append(&mut marks);
}

/// What a dense line fills in each column.
fn columns(points: &[[f64; 2]], places: &Places<'_>) -> Vec<[f32; 3]> {
    let mut columns = ColumnFills::default();
    let (picture, scale) = (places.picture, places.scale);
    if scale.logarithmic {
        for place in points.iter().filter_map(|point| places.of(*point)) {
            columns.add(place.x, place.y);
        }
        return columns.done();
    }
    // The same as `Places::of`, as two multiplications for each point.
    let across = f64::from(picture.frame.width()) / picture.across.length();
    let left = f64::from(picture.frame.left()) - picture.across.from * across;
    let down = -f64::from(scale.heights.span()) / scale.range.length();
    let zero = f64::from(scale.heights.max) - scale.range.from * down;
    let zero = zero + places.curve.value(0.0) * down;
    let down = (places.curve.value(1.0) - places.curve.value(0.0)) * down;
    if !(across.is_finite() && left.is_finite() && down.is_finite() && zero.is_finite()) {
        for place in points.iter().filter_map(|point| places.of(*point)) {
            columns.add(place.x, place.y);
        }
        return columns.done();
    }
    for [time, raw] in points {
        columns.add(time.mul_add(across, left) as f32, raw.mul_add(down, zero).clamp(-1e6, 1e6) as f32);
    }
    columns.done()
}

/// Marks values that are infinite or not a number at the top, and late ones where they are.
fn odd(
    marks: &mut Vec<PlotMark>,
    picture: &PlotPicture,
    entry: &PlotEntry,
    scale: Scale,
    of: &PlotSubject<'_>,
) {
    for seconds in &entry.not_finite {
        let at = pos2(picture.x(*seconds), scale.heights.min);
        let text = "!".to_owned();
        marks.push(PlotMark::Text { at, anchor: Align2::CENTER_TOP, text, color: of.t.warn });
    }
    for seconds in &entry.late {
        let Some([_, value]) = entry.curve().at(*seconds, false) else { continue };
        let at = pos2(picture.x(*seconds), scale.y(value) - 5.0);
        let text = "«".to_owned();
        marks.push(PlotMark::Text { at, anchor: Align2::CENTER_BOTTOM, text, color: of.t.warn });
    }
}

/// Draws points: as symbols, or as dots if there are many.
pub fn dots(marks: &mut Vec<PlotMark>, places: &[Pos2], color: Color32, entry: &PlotEntry, t: &Tokens) {
    let mark = |at: &Pos2| {
        if places.len() > SYMBOLS_MAX {
            PlotMark::Block { rect: Rect::from_center_size(*at, vec2(2.0, 2.0)), color }
        } else {
            PlotMark::Symbol { marker: entry.marker, at: *at, radius: 3.0, color, ground: t.surface_1 }
        }
    };
    marks.extend(places.iter().map(mark));
}

fn bars(marks: &mut Vec<PlotMark>, places: &[Pos2], base: f32, color: Color32) {
    let gap = places.windows(2).map(|pair| pair[1].x - pair[0].x).fold(f32::INFINITY, f32::min);
    let half = (gap * 0.8).clamp(1.0, 40.0) / 2.0;
    marks.extend(places.iter().map(|place| {
        let rect = Rect::from_two_pos(pos2(place.x - half, place.y), pos2(place.x + half, base));
        PlotMark::Block { rect, color }
    }));
}

/// The time that is `seconds` after `origin`.
pub fn moment(origin: Timestamp, seconds: f64) -> Timestamp {
    Timestamp(origin.0.saturating_add((seconds * 1e6).round() as i64))
}
