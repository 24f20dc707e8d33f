//! What a plot is drawn with: a handful of shapes, painted in the window and written as SVG.

use std::f32::consts::FRAC_PI_2;
use std::fmt::Write as _;

use eframe::egui::epaint::TextShape;
use eframe::egui::{Align2, Color32, Context, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2};

use crate::panels::plots::marker::Marker;
use crate::ui::theme;

/// A shape of a plot.
#[derive(Clone, Debug)]
pub enum PlotMark {
    /// A line through points.
    Line {
        /// The points, from left to right.
        points: Vec<Pos2>,
        /// Width and colour.
        stroke: Stroke,
        /// Whether it is dashed.
        dashed: bool,
    },
    /// A line with many points in each column of pixels: what it fills there.
    Band {
        /// The place of each column, with the highest and the lowest point of the line there, from left to right.
        columns: Vec<[f32; 3]>,
        /// Width and colour.
        stroke: Stroke,
        /// Whether its edges are smooth.
        smooth: bool,
    },
    /// The area between points and a height.
    Area {
        /// The points, from left to right.
        points: Vec<Pos2>,
        /// The height of zero.
        base: f32,
        /// Its colour.
        color: Color32,
    },
    /// A filled rectangle.
    Block {
        /// Where.
        rect: Rect,
        /// Its colour.
        color: Color32,
    },
    /// The symbol of a series.
    Symbol {
        /// Which.
        marker: Marker,
        /// Its centre.
        at: Pos2,
        /// Its size.
        radius: f32,
        /// Its colour.
        color: Color32,
        /// The colour of the small gap around it, which sets it off from a busy line.
        ground: Color32,
    },
    /// A short text.
    Text {
        /// Where.
        at: Pos2,
        /// Which of its points is there.
        anchor: Align2,
        /// The text.
        text: String,
        /// Its colour.
        color: Color32,
    },
    /// A short text that reads upwards, around its centre.
    Upwards {
        /// Its centre.
        center: Pos2,
        /// The text.
        text: String,
        /// Its colour.
        color: Color32,
    },
}

/// Size of texts, in points: that of [`theme::mono_small_font`].
const TEXT_SIZE: f32 = 11.0;

impl PlotMark {
    /// Paints it.
    pub fn paint(&self, painter: &Painter) {
        let mut shapes = Vec::new();
        self.shapes(painter.ctx(), &mut shapes);
        painter.extend(shapes);
    }

    /// Appends what it is painted with.
    pub fn shapes(&self, ctx: &Context, out: &mut Vec<Shape>) {
        match self {
            Self::Line { points, stroke, dashed: true } => {
                out.extend(Shape::dashed_line(points, *stroke, 4.0, 3.0));
            }
            Self::Line { points, stroke, dashed: false } => {
                if let [only] = points.as_slice() {
                    out.push(Shape::circle_filled(*only, stroke.width, stroke.color));
                } else {
                    out.push(Shape::line(points.clone(), *stroke));
                }
            }
            Self::Band { columns, stroke, smooth } => {
                out.push(Shape::mesh(band(columns, *stroke, *smooth)));
            }
            Self::Area { points, base, color } => {
                out.push(Shape::mesh(area(points, *base, *color)));
            }
            Self::Block { rect, color } => {
                out.push(Shape::rect_filled(*rect, 0.0, *color));
            }
            Self::Symbol { marker, at, radius, color, ground } => {
                out.push(Shape::circle_filled(*at, radius + 1.5, *ground));
                out.extend(marker.shapes(*at, *radius, *color));
            }
            Self::Text { at, anchor, text, color } => {
                let font = theme::mono_small_font();
                let galley = ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text.clone(), font, *color));
                let rect = anchor.anchor_size(*at, galley.size());
                out.push(Shape::galley(rect.min, galley, *color));
            }
            Self::Upwards { center, text, color } => {
                let font = theme::small_font();
                let galley = ctx.fonts_mut(|fonts| fonts.layout_no_wrap(text.clone(), font, *color));
                let half = galley.size() / 2.0;
                let at = pos2(center.x - half.y, center.y + half.x);
                out.push(TextShape::new(at, galley, *color).with_angle(-FRAC_PI_2).into());
            }
        }
    }

    /// Appends it to an SVG document.
    pub fn write_svg(&self, out: &mut String) {
        match self {
            Self::Line { points, stroke, .. } if points.len() == 1 => {
                let (x, y, fill) = (points[0].x, points[0].y, hex(stroke.color));
                writeln!(out, "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{}\" fill=\"{fill}\"/>", stroke.width)
                    .ok();
            }
            Self::Line { points, stroke, dashed } => {
                let dash = if *dashed { " stroke-dasharray=\"4 3\"" } else { "" };
                let (color, width) = (hex(stroke.color), stroke.width);
                let points = coordinates(points);
                let opacity = opacity("stroke", stroke.color);
                writeln!(
                    out,
                    "<polyline points=\"{points}\" fill=\"none\" stroke=\"{color}\" stroke-width=\"{width}\"{opacity}{dash}/>"
                )
                .ok();
            }
            Self::Band { columns, stroke, .. } => {
                let half = stroke.width / 2.0;
                let upper = columns.iter().map(|[x, top, _]| pos2(*x, top - half));
                let lower = columns.iter().rev().map(|[x, _, bottom]| pos2(*x, bottom + half));
                let around: Vec<Pos2> = upper.chain(lower).collect();
                let (fill, opacity) = (hex(stroke.color), opacity("fill", stroke.color));
                let points = coordinates(&around);
                writeln!(out, "<polygon points=\"{points}\" fill=\"{fill}\"{opacity}/>").ok();
            }
            Self::Area { points, base, color } => {
                let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
                let around = [&[pos2(first.x, *base)], points.as_slice(), &[pos2(last.x, *base)]].concat();
                let points = coordinates(&around);
                let (fill, opacity) = (hex(*color), opacity("fill", *color));
                writeln!(out, "<polygon points=\"{points}\" fill=\"{fill}\"{opacity}/>").ok();
            }
            Self::Block { rect, color } => {
                let (x, y, width, height) = (rect.left(), rect.top(), rect.width(), rect.height());
                let (fill, opacity) = (hex(*color), opacity("fill", *color));
                writeln!(
                    out,
                    "<rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" fill=\"{fill}\"{opacity}/>"
                )
                .ok();
            }
            Self::Symbol { at, radius, color, .. } => {
                let (x, y, fill) = (at.x, at.y, hex(*color));
                writeln!(out, "<circle cx=\"{x:.2}\" cy=\"{y:.2}\" r=\"{radius}\" fill=\"{fill}\"/>").ok();
            }
            Self::Text { at, anchor, text, color } => {
                let aligned = match anchor.x() {
                    eframe::egui::Align::Min => "start",
                    eframe::egui::Align::Center => "middle",
                    eframe::egui::Align::Max => "end",
                };
                let y = match anchor.y() {
                    eframe::egui::Align::Min => at.y + TEXT_SIZE * 0.8,
                    eframe::egui::Align::Center => at.y + TEXT_SIZE * 0.35,
                    eframe::egui::Align::Max => at.y - TEXT_SIZE * 0.2,
                };
                let (x, fill, text) = (at.x, hex(*color), escaped(text));
                writeln!(
                    out,
                    "<text x=\"{x:.2}\" y=\"{y:.2}\" text-anchor=\"{aligned}\" fill=\"{fill}\">{text}</text>"
                )
                .ok();
            }
            Self::Upwards { center, text, color } => {
                let (x, y, fill, text) = (center.x, center.y, hex(*color), escaped(text));
                writeln!(
                    out,
                    "<text transform=\"translate({x:.2} {y:.2}) rotate(-90)\" text-anchor=\"middle\" dy=\"0.35em\" fill=\"{fill}\">{text}</text>"
                )
                .ok();
            }
        }
    }
}

/// Collects what a line fills in each column of pixels.
#[derive(Debug, Default)]
pub struct ColumnFills {
    columns: Vec<[f32; 3]>,
}

impl ColumnFills {
    /// Adds a point that is not left of the last one.
    pub fn add(&mut self, x: f32, y: f32) {
        let place = x.floor() + 0.5;
        match self.columns.last_mut() {
            Some([at, top, bottom]) if *at >= place => (*top, *bottom) = (top.min(y), bottom.max(y)),
            _ => self.columns.push([place, y, y]),
        }
    }

    /// The columns, from left to right.
    pub fn done(self) -> Vec<[f32; 3]> {
        self.columns
    }
}

/// A strip of triangles through what a line fills in each column: as many as there are columns, however many points.
fn band(columns: &[[f32; 3]], stroke: Stroke, smooth: bool) -> Mesh {
    let half = stroke.width / 2.0;
    let fade = if smooth { 0.5 } else { 0.0 };
    let each: u32 = if smooth { 4 } else { 2 };
    let mut mesh = Mesh::default();
    mesh.reserve_vertices(columns.len() * each as usize);
    mesh.reserve_triangles(columns.len() * (each as usize - 1) * 2);
    for (index, [x, top, bottom]) in columns.iter().enumerate() {
        if smooth {
            mesh.colored_vertex(pos2(*x, top - half - fade), Color32::TRANSPARENT);
        }
        mesh.colored_vertex(pos2(*x, top - half + fade), stroke.color);
        mesh.colored_vertex(pos2(*x, bottom + half - fade), stroke.color);
        if smooth {
            mesh.colored_vertex(pos2(*x, bottom + half + fade), Color32::TRANSPARENT);
        }
        if index > 0 {
            let before = (index as u32 - 1) * each;
            for side in before..before + each - 1 {
                mesh.add_triangle(side, side + 1, side + each);
                mesh.add_triangle(side + 1, side + each + 1, side + each);
            }
        }
    }
    mesh
}

/// The area between a line and a height.
fn area(points: &[Pos2], base: f32, color: Color32) -> Mesh {
    let mut mesh = Mesh::default();
    for pair in points.windows(2) {
        let index = mesh.vertices.len() as u32;
        for corner in [pair[0], pair[1], pos2(pair[0].x, base), pos2(pair[1].x, base)] {
            mesh.colored_vertex(corner, color);
        }
        mesh.add_triangle(index, index + 1, index + 2);
        mesh.add_triangle(index + 1, index + 3, index + 2);
    }
    mesh
}

/// A plot as an SVG document. `clipped` is drawn within `frame` only, above the rest.
pub fn svg(size: Rect, ground: Color32, rest: &[PlotMark], frame: Rect, clipped: &[PlotMark]) -> String {
    let mut out = String::new();
    let (width, height, ground) = (size.width(), size.height(), hex(ground));
    let (left, top) = (size.left(), size.top());
    let (x, y, frame_width, frame_height) = (frame.left(), frame.top(), frame.width(), frame.height());
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width:.0}\" height=\"{height:.0}\" viewBox=\"{left:.2} {top:.2} {width:.2} {height:.2}\" font-family=\"monospace\" font-size=\"{TEXT_SIZE}\">\n\
         <clipPath id=\"frame\"><rect x=\"{x:.2}\" y=\"{y:.2}\" width=\"{frame_width:.2}\" height=\"{frame_height:.2}\"/></clipPath>\n\
         <rect x=\"{left:.2}\" y=\"{top:.2}\" width=\"{width:.2}\" height=\"{height:.2}\" fill=\"{ground}\"/>"
    )
    .ok();
    for mark in rest {
        mark.write_svg(&mut out);
    }
    out.push_str("<g clip-path=\"url(#frame)\">\n");
    for mark in clipped {
        mark.write_svg(&mut out);
    }
    out.push_str("</g>\n</svg>\n");
    out
}

fn hex(color: Color32) -> String {
    let [red, green, blue, _] = color.to_srgba_unmultiplied();
    format!("#{red:02x}{green:02x}{blue:02x}")
}

fn opacity(what: &str, color: Color32) -> String {
    if color.is_opaque() {
        return String::new();
    }
    format!(" {what}-opacity=\"{:.3}\"", f32::from(color.a()) / 255.0)
}

fn coordinates(points: &[Pos2]) -> String {
    let mut out = String::with_capacity(points.len() * 14);
    for point in points {
        write!(out, "{:.2},{:.2} ", point.x, point.y).ok();
    }
    out.truncate(out.trim_end().len());
    out
}

fn escaped(text: &str) -> String {
    let text: String = text.chars().filter(|character| !character.is_control()).collect();
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use eframe::egui::vec2;

    use super::*;

    #[test]
    fn a_dense_line_fills_what_its_points_reach_in_each_column() {
        let points: Vec<_> = (0..4_000).map(|n| pos2(n as f32 / 40.0, (n * 37 % 101) as f32)).collect();
        let mut columns = ColumnFills::default();
        for point in &points {
            columns.add(point.x, point.y);
        }
        let columns = columns.done();
        assert_eq!(columns.len(), 100);
        for (column, [_, top, bottom]) in columns.iter().enumerate() {
            let inside =
                || points.iter().filter(|point| point.x.floor() as usize == column).map(|point| point.y);
            assert!(inside().all(|y| (*top..=*bottom).contains(&y)));
            assert!(inside().any(|y| y <= *top) && inside().any(|y| y >= *bottom));
        }
        for smooth in [false, true] {
            let mesh = band(&columns, Stroke::new(1.0, Color32::WHITE), smooth);
            assert!(mesh.is_valid());
            assert_eq!(mesh.vertices.len(), if smooth { 400 } else { 200 });
        }
    }

    #[test]
    fn an_svg_is_well_formed_whatever_a_topic_is_called() {
        let text = "<a&b>\u{0}\"'".to_owned();
        let color = Color32::RED.gamma_multiply(0.5);
        let marks = [
            PlotMark::Text { at: pos2(1.0, 2.0), anchor: Align2::RIGHT_CENTER, text, color },
            PlotMark::Line {
                points: vec![pos2(0.0, 1.0), pos2(2.5, 3.0)],
                stroke: Stroke::new(1.5, color),
                dashed: true,
            },
            PlotMark::Area { points: vec![pos2(0.0, 1.0), pos2(2.5, 3.0)], base: 9.0, color },
            PlotMark::Band {
                columns: vec![[0.5, 1.0, 9.0], [1.5, 2.0, 3.0]],
                stroke: Stroke::new(1.5, color),
                smooth: true,
            },
            PlotMark::Upwards { center: pos2(1.0, 1.0), text: "°C".to_owned(), color },
        ];
        let size = Rect::from_min_size(pos2(0.0, 0.0), vec2(100.0, 50.0));
        let svg = svg(size, Color32::BLACK, &marks[..1], size, &marks[1..]);
        let mut reader = quick_xml::Reader::from_str(&svg);
        let mut elements = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Eof => break,
                quick_xml::events::Event::Empty(_) | quick_xml::events::Event::Start(_) => elements += 1,
                _ => {}
            }
        }
        assert_eq!(elements, 10);
        assert!(svg.contains("points=\"0.00,1.00 2.50,3.00\""), "{svg}");
        assert!(svg.contains("&lt;a&amp;b&gt;\"'"), "{svg}");
    }
}
