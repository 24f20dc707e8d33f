//! What distinguishes series: a colour and a shape, either of which is enough.

use eframe::egui::{Color32, Painter, Pos2, Shape, Stroke, pos2, vec2};

use crate::ui::tokens::Tokens;

/// The look of a series, determined by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marker {
    /// Its place from 0: the smallest that was free.
    pub place: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MarkerShape {
    Circle,
    Square,
    Diamond,
    Up,
    Down,
    Cross,
    Plus,
    Ring,
}

const SHAPES: [MarkerShape; 8] = [
    MarkerShape::Circle,
    MarkerShape::Square,
    MarkerShape::Diamond,
    MarkerShape::Up,
    MarkerShape::Down,
    MarkerShape::Cross,
    MarkerShape::Plus,
    MarkerShape::Ring,
];

impl Marker {
    /// The colour. There are seven; the eighth series has the first colour with another shape.
    pub fn color(self, t: &Tokens) -> Color32 {
        t.series[self.place % t.series.len()]
    }

    /// Whether the line is dashed: from the second round of colours on.
    pub fn dashed(self, t: &Tokens) -> bool {
        self.place >= t.series.len()
    }

    fn shape(self) -> MarkerShape {
        SHAPES[self.place % SHAPES.len()]
    }

    /// Paints the marker around a point.
    pub fn paint(self, painter: &Painter, center: Pos2, radius: f32, color: Color32) {
        painter.extend(self.shapes(center, radius, color));
    }

    /// What the marker is painted with.
    pub fn shapes(self, center: Pos2, radius: f32, color: Color32) -> Vec<Shape> {
        let stroke = Stroke::new((radius * 0.5).max(1.2), color);
        let at = |x: f32, y: f32| center + vec2(x, y) * radius;
        let polygon = |points: Vec<Pos2>| Shape::convex_polygon(points, color, Stroke::NONE);
        match self.shape() {
            MarkerShape::Circle => vec![Shape::circle_filled(center, radius, color)],
            MarkerShape::Ring => vec![Shape::circle_stroke(center, radius * 0.8, stroke)],
            MarkerShape::Square => {
                vec![polygon(vec![at(-0.9, -0.9), at(0.9, -0.9), at(0.9, 0.9), at(-0.9, 0.9)])]
            }
            MarkerShape::Diamond => {
                vec![polygon(vec![at(0.0, -1.25), at(1.25, 0.0), at(0.0, 1.25), at(-1.25, 0.0)])]
            }
            MarkerShape::Up => vec![polygon(vec![at(0.0, -1.2), at(1.15, 0.85), at(-1.15, 0.85)])],
            MarkerShape::Down => vec![polygon(vec![at(0.0, 1.2), at(-1.15, -0.85), at(1.15, -0.85)])],
            MarkerShape::Cross => vec![
                Shape::line_segment([at(-0.9, -0.9), at(0.9, 0.9)], stroke),
                Shape::line_segment([at(-0.9, 0.9), at(0.9, -0.9)], stroke),
            ],
            MarkerShape::Plus => vec![
                Shape::line_segment([at(-1.2, 0.0), at(1.2, 0.0)], stroke),
                Shape::line_segment([at(0.0, -1.2), at(0.0, 1.2)], stroke),
            ],
        }
    }

    /// Paints the marker on a piece of its line, for the legend.
    pub fn paint_sample(self, painter: &Painter, center: Pos2, color: Color32, t: &Tokens) {
        let (left, right) = (pos2(center.x - 9.0, center.y), pos2(center.x + 9.0, center.y));
        let stroke = Stroke::new(1.5, color);
        if self.dashed(t) {
            painter.extend(Shape::dashed_line(&[left, right], stroke, 4.0, 3.0));
        } else {
            painter.line_segment([left, right], stroke);
        }
        self.paint(painter, center, 3.5, color);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::ui::tokens::DARK;

    #[test]
    fn no_two_of_the_first_fifty_series_look_the_same() {
        let looks: HashSet<_> = (0..50)
            .map(|place| Marker { place })
            .map(|marker| (marker.color(&DARK), format!("{:?}", marker.shape())))
            .collect();
        assert_eq!(looks.len(), 50);
    }
}
