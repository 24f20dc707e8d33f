//! Values over values: the other series over the first, within the visible time.

use eframe::egui::{Pos2, Rangef, Rect, Stroke, pos2};

use crate::panels::plots::entry::PlotEntry;
use crate::panels::plots::marks::PlotMark;
use crate::panels::plots::picture::{
    AIR_RIGHT, AXIS_HEIGHT, PlotPicture, PlotSubject, TITLE_WIDTH, axis_width, dots, value_axes,
};
use crate::panels::plots::scale::Scale;
use crate::panels::plots::value_axis;
use crate::store::plots::DrawAs;

/// Draws the second and every further series over the first. Each value is paired with that of the first series at
/// the same time.
pub fn picture(of: &PlotSubject<'_>, rect: Rect) -> PlotPicture {
    let mut numbers = of.numbers();
    let first = numbers.next();
    let heights = Rangef::new(rect.top() + 8.0, rect.bottom() - AXIS_HEIGHT - TITLE_WIDTH);
    let others: Vec<&PlotEntry> = numbers.collect();
    let curves = others.iter().map(|entry| entry.curve());
    let scale = Scale::of(curves, of.zoom[0], of.axes.left.logarithmic, heights);
    let across = value_axis::fitted(first.and_then(|first| first.curve().values()), rect.width());
    let marks = scale.marks();
    let left = rect.left() + axis_width(&marks, "title");
    let frame = Rect::from_min_max(
        pos2(left, heights.min),
        pos2((rect.right() - AIR_RIGHT).max(left + 1.0), heights.max),
    );
    let mut picture = PlotPicture {
        rest: vec![PlotMark::Block { rect: frame, color: of.t.surface_1 }],
        inside: Vec::new(),
        frame,
        left: Some(scale),
        right: None,
        across,
        is_xy: true,
    };
    value_axes(&mut picture, frame, [&marks, &[]], of, rect);
    let step = value_axis::step(across.length(), frame.width() * 0.4);
    for value in value_axis::marks(across, step) {
        let x = picture.x(value);
        picture.vertical(x, Stroke::new(1.0, of.t.line), false);
        picture.label_below(x, value_axis::mark_label(value, step), of.t);
    }
    let Some(first) = first else { return picture };
    let title = PlotMark::Text {
        at: pos2(frame.center().x, rect.bottom() - TITLE_WIDTH / 2.0),
        anchor: eframe::egui::Align2::CENTER_CENTER,
        text: first.name().to_owned(),
        color: of.t.text_muted,
    };
    picture.rest.push(title);
    for other in others {
        path(&mut picture, first, other, scale, of);
    }
    picture
}

fn path(picture: &mut PlotPicture, first: &PlotEntry, other: &PlotEntry, scale: Scale, of: &PlotSubject<'_>) {
    let color = other.color(of.t);
    let inside = other.curve().all().filter(|point| of.time.contains(point[0]));
    let pairs = inside.filter_map(|point| Some((first.curve().at(point[0], false)?[1], point[1])));
    let points: Vec<Pos2> = pairs.map(|(x, y)| pos2(picture.x(x), scale.y(y))).collect();
    let last = points.last().copied();
    if other.spec.look == DrawAs::Points {
        dots(&mut picture.inside, &points, color, other, of.t);
    } else {
        picture.inside.push(PlotMark::Line { points, stroke: Stroke::new(1.5, color), dashed: false });
    }
    if let Some(at) = last {
        let (marker, ground) = (other.marker, of.t.surface_1);
        picture.inside.push(PlotMark::Symbol { marker, at, radius: 4.0, color, ground });
    }
}
