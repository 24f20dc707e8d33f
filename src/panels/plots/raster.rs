//! Paints shapes into an image, without a window or a graphics card, so that a plot can be saved as a picture.
//!
//! egui turns shapes into triangles, with smooth edges and letters from its font texture; here they are filled. The
//! window's own pixels are not read back: they may be covered, and a test has none.

use eframe::egui::emath::TSTransform;
use eframe::egui::epaint::{ClippedShape, Primitive, Vertex};
use eframe::egui::{ClippedPrimitive, Color32, ColorImage, Context, Pos2, Rect, Shape, Vec2, pos2, vec2};

/// The most pixels of a picture.
const PIXELS_MAX: usize = 64 << 20;

/// Triangles to be filled, and what they are filled with. They are taken in the window's thread and filled in a job.
#[derive(Debug)]
pub struct Canvas {
    primitives: Vec<ClippedPrimitive>,
    fonts: ColorImage,
    origin: Pos2,
    size: Vec2,
    pixels_per_point: f32,
    ground: Color32,
}

impl Canvas {
    /// Takes shapes within an area, each with what clips it.
    pub fn new(ctx: &Context, shapes: Vec<(Rect, Shape)>, area: Rect, ground: Color32) -> Self {
        let pixels_per_point = ctx.pixels_per_point();
        let clipped = shapes.into_iter().map(|(clip_rect, shape)| ClippedShape {
            clip_rect,
            shape,
            transform_after_tessellation: TSTransform::IDENTITY,
        });
        let primitives = ctx.tessellate(clipped.collect(), pixels_per_point);
        #[expect(clippy::redundant_closure_for_method_calls, reason = "the method is not general enough")]
        let fonts = ctx.fonts(|fonts| fonts.image());
        Self { primitives, fonts, origin: area.min, size: area.size(), pixels_per_point, ground }
    }

    /// Fills the triangles.
    pub fn fill(&self) -> ColorImage {
        let pixels = |points: f32| (points * self.pixels_per_point).ceil().max(1.0) as usize;
        let (width, height) = (pixels(self.size.x), pixels(self.size.y));
        let height = height.min(PIXELS_MAX / width.max(1));
        let mut image = ColorImage::filled([width, height], self.ground);
        for ClippedPrimitive { clip_rect, primitive } in &self.primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let to_pixels = |at: Pos2| ((at - self.origin) * self.pixels_per_point).to_pos2();
            let clip = Rect::from_min_max(to_pixels(clip_rect.min), to_pixels(clip_rect.max));
            for corners in mesh.indices.chunks_exact(3) {
                let vertex = |index: u32| {
                    let vertex = mesh.vertices.get(index as usize)?;
                    Some(Vertex { pos: to_pixels(vertex.pos), ..*vertex })
                };
                let (Some(a), Some(b), Some(c)) =
                    (vertex(corners[0]), vertex(corners[1]), vertex(corners[2]))
                else {
                    continue;
                };
                triangle(&mut image, &self.fonts, clip, [a, b, c]);
            }
        }
        image
    }
}

/// Twice the area of the triangle of three places; its sign is its direction.
fn area(a: Pos2, b: Pos2, c: Pos2) -> f64 {
    let (ab, ac) = (b - a, c - a);
    f64::from(ab.x) * f64::from(ac.y) - f64::from(ab.y) * f64::from(ac.x)
}

/// Whether pixels on an edge belong to the triangle: each belongs to one of two neighbours.
fn owns_edge(from: Pos2, to: Pos2) -> bool {
    let along = to - from;
    along.y < 0.0 || (along.y <= 0.0 && along.x > 0.0)
}

#[expect(clippy::disallowed_methods, reason = "the colours of pixels are mixed")]
#[expect(clippy::many_single_char_names, reason = "corners and shares of a triangle")]
fn triangle(image: &mut ColorImage, fonts: &ColorImage, clip: Rect, [a, b, c]: [Vertex; 3]) {
    let whole = area(a.pos, b.pos, c.pos);
    if whole.abs() < f64::EPSILON || !whole.is_finite() {
        return;
    }
    let (b, c, whole) = if whole < 0.0 { (c, b, -whole) } else { (b, c, whole) };
    let low = a.pos.min(b.pos).min(c.pos).max(clip.min).max(pos2(0.0, 0.0));
    let high = a.pos.max(b.pos).max(c.pos).min(clip.max);
    let [width, height] = image.size;
    let columns = low.x.floor() as usize..(high.x.ceil().max(0.0) as usize).min(width);
    let edges = [(b.pos, c.pos), (c.pos, a.pos), (a.pos, b.pos)];
    let owned = edges.map(|(from, to)| owns_edge(from, to));
    for y in low.y.floor() as usize..(high.y.ceil().max(0.0) as usize).min(height) {
        for x in columns.clone() {
            let at = pos2(x as f32 + 0.5, y as f32 + 0.5);
            if !clip.contains(at) {
                continue;
            }
            let shares = edges.map(|(from, to)| area(from, to, at));
            if shares.iter().zip(owned).any(|(share, owned)| *share < 0.0 || (*share <= 0.0 && !owned)) {
                continue;
            }
            let [u, v, w] = shares.map(|share| (share / whole) as f32);
            let mix = |of: fn(&Vertex) -> f32| of(&a) * u + of(&b) * v + of(&c) * w;
            let texel = texel(fonts, vec2(mix(|vertex| vertex.uv.x), mix(|vertex| vertex.uv.y)));
            let channel = |index: usize| {
                let of = |vertex: &Vertex| f32::from(vertex.color.to_array()[index]);
                (of(&a) * u + of(&b) * v + of(&c) * w) * texel[index] / 255.0
            };
            let alpha = channel(3);
            let pixel = &mut image.pixels[y * width + x];
            let under = pixel.to_array();
            let over = |index: usize| {
                (channel(index) + f32::from(under[index]) * (1.0 - alpha / 255.0)).round().clamp(0.0, 255.0)
                    as u8
            };
            *pixel = Color32::from_rgba_premultiplied(over(0), over(1), over(2), over(3));
        }
    }
}

/// The texture between its pixels.
fn texel(fonts: &ColorImage, at: Vec2) -> [f32; 4] {
    let [width, height] = fonts.size;
    let (x, y) = (at.x * width as f32 - 0.5, at.y * height as f32 - 0.5);
    let (left, top) = (x.floor(), y.floor());
    let (right_share, lower_share) = (x - left, y - top);
    let pixel = |x: f32, y: f32| {
        let x = (x.max(0.0) as usize).min(width.saturating_sub(1));
        let y = (y.max(0.0) as usize).min(height.saturating_sub(1));
        fonts.pixels.get(y * width + x).copied().unwrap_or(Color32::WHITE).to_array()
    };
    let corners =
        [pixel(left, top), pixel(left + 1.0, top), pixel(left, top + 1.0), pixel(left + 1.0, top + 1.0)];
    std::array::from_fn(|channel| {
        let of = |corner: usize| f32::from(corners[corner][channel]);
        let row = |left: usize| of(left) * (1.0 - right_share) + of(left + 1) * right_share;
        row(0) * (1.0 - lower_share) + row(2) * lower_share
    })
}

/// A picture as PNG; `None` if it cannot be written.
pub fn png(image: &ColorImage) -> Option<Vec<u8>> {
    let [width, height] = image.size.map(|side| u32::try_from(side).unwrap_or(0));
    let bytes: Vec<u8> = image.pixels.iter().flat_map(Color32::to_srgba_unmultiplied).collect();
    let mut out = std::io::Cursor::new(Vec::new());
    let image = image::RgbaImage::from_raw(width, height, bytes)?;
    image.write_to(&mut out, image::ImageFormat::Png).ok()?;
    Some(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use eframe::egui::{RawInput, Stroke};

    fn filled(shapes: Vec<Shape>) -> ColorImage {
        let ctx = Context::default();
        ctx.begin_pass(RawInput::default());
        let area = Rect::from_min_size(pos2(10.0, 10.0), vec2(40.0, 20.0));
        let shapes = shapes.into_iter().map(|shape| (area, shape)).collect();
        let image = Canvas::new(&ctx, shapes, area, Color32::BLACK).fill();
        ctx.end_pass().textures_delta.clear();
        image
    }

    #[test]
    fn a_rectangle_is_filled_where_it_is_and_nowhere_else() {
        let rect = Rect::from_min_max(pos2(15.0, 12.0), pos2(25.0, 22.0));
        let image = filled(vec![Shape::rect_filled(rect, 0.0, Color32::RED)]);
        assert_eq!(image.size, [40, 20]);
        let at = |x: usize, y: usize| image.pixels[y * 40 + x];
        assert_eq!([at(5, 2), at(10, 7), at(14, 11)], [Color32::RED; 3]);
        assert_eq!([at(3, 2), at(16, 7), at(10, 14)], [Color32::BLACK; 3]);
    }

    #[test]
    fn a_translucent_shape_is_blended_once_where_its_triangles_meet() {
        let color = Color32::WHITE.gamma_multiply(0.5);
        let rect = Rect::from_min_max(pos2(10.0, 10.0), pos2(50.0, 30.0));
        let image = filled(vec![Shape::rect_filled(rect, 0.0, color)]);
        let inner = (2..18).flat_map(|y| (2..38).map(move |x| y * 40 + x));
        assert!(inner.map(|index| image.pixels[index].r()).all(|red| (127..=129).contains(&red)));
    }

    #[test]
    fn what_is_outside_of_its_clip_is_cut_off() {
        let line =
            Shape::line_segment([pos2(-50.0, 20.0), pos2(500.0, 20.0)], Stroke::new(4.0, Color32::WHITE));
        let image = filled(vec![line]);
        assert_eq!(image.pixels[10 * 40], Color32::WHITE);
        assert_eq!(image.pixels.len(), 800);
    }

    #[test]
    fn a_picture_is_read_back_as_it_was() {
        let image = filled(vec![Shape::circle_filled(pos2(30.0, 20.0), 8.0, Color32::GREEN)]);
        let read = image::load_from_memory(&png(&image).unwrap()).unwrap().to_rgba8();
        assert_eq!(read.dimensions(), (40, 20));
        assert_eq!(read.get_pixel(20, 10).0, [0, 255, 0, 255]);
    }
}
