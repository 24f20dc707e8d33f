//! A character that no font of the program or of the system has, an emoji for example, shows as a small box with its code
//! point, as browsers draw it: what was received is never hidden behind a sign that stands for everything.
//!
//! Only the picture of the character is made here. The text keeps the character, so that copying and searching find it.

use std::collections::HashSet;

use eframe::egui::epaint::text::{GlyphBitmap, GlyphRasterizer, GlyphRasterizerRequest, RasterizedGlyph};
use eframe::egui::{Color32, ColorImage, vec2};
use parking_lot::Mutex;

/// So many different clusters get a picture; those after them share a sign, so that whoever sends all of Unicode cannot
/// fill the memory of the graphics card.
const CLUSTERS_MAX: usize = 1_024;
/// How many characters of a cluster, such as a family of emoji, are drawn beside each other.
const CHARACTERS_MAX: usize = 8;
/// A pixel of the digits is a physical pixel in fonts of up to about this size, in physical pixels.
const FONT_PIXELS: f32 = 13.0;

const DIGIT_WIDTH: usize = 3;
const DIGIT_HEIGHT: usize = 5;
/// The frame and the space inside of it.
const BORDER: usize = 2;
const HEIGHT: usize = 2 * DIGIT_HEIGHT + 1 + 2 * BORDER;
/// How much of the box is below the line on which text stands.
const DESCENT: usize = 3;
/// Space between two boxes, and after the last one.
const GAP: usize = 1;

/// The rows of the digits 0 to F, from the top, as three bits each.
const DIGITS: [[u8; DIGIT_HEIGHT]; 16] = [
    [7, 5, 5, 5, 7],
    [2, 6, 2, 2, 7],
    [7, 1, 7, 4, 7],
    [7, 1, 7, 1, 7],
    [5, 5, 7, 1, 1],
    [7, 4, 7, 1, 7],
    [7, 4, 7, 5, 7],
    [7, 1, 1, 2, 2],
    [7, 5, 7, 5, 7],
    [7, 5, 7, 1, 7],
    [2, 5, 7, 5, 5],
    [6, 5, 6, 5, 6],
    [3, 4, 4, 4, 3],
    [6, 5, 5, 5, 6],
    [7, 4, 6, 4, 7],
    [7, 4, 6, 4, 4],
];

/// Draws what no font has; egui asks it last.
pub fn rasterizer() -> GlyphRasterizer {
    let known = Mutex::new(HashSet::new());
    GlyphRasterizer::new("mqttree::code_point", move |request| {
        let mut known = known.lock();
        if known.len() >= CLUSTERS_MAX && !known.contains(request.cluster) {
            return None;
        }
        known.insert(request.cluster.to_owned());
        Some(draw(request))
    })
}

fn draw(request: &GlyphRasterizerRequest<'_>) -> RasterizedGlyph {
    let mut canvas = Canvas::default();
    for character in request.cluster.chars().take(CHARACTERS_MAX) {
        canvas.add_box(u32::from(character));
    }
    let scale = (request.font_size_px / FONT_PIXELS).round().max(1.0);
    let ascent = (HEIGHT - DESCENT) as f32;
    RasterizedGlyph {
        advance_px: (canvas.width as f32 + GAP as f32) * scale,
        bitmap: GlyphBitmap {
            image: canvas.image(scale as usize),
            offset_px: vec2(0.0, -ascent * scale),
            is_color: false,
        },
    }
}

/// Boxes beside each other; each entry of `lit` is a column and a row.
#[derive(Default)]
struct Canvas {
    width: usize,
    lit: HashSet<(usize, usize)>,
}

impl Canvas {
    /// Adds a box with four or six digits in two rows.
    fn add_box(&mut self, code_point: u32) {
        let digits_per_row = if code_point > 0xFFFF { 3 } else { 2 };
        let left = self.width + if self.width > 0 { GAP } else { 0 };
        let width = digits_per_row * (DIGIT_WIDTH + 1) - 1 + 2 * BORDER;
        self.width = left + width;
        for x in left..self.width {
            self.lit.extend([(x, 0), (x, HEIGHT - 1)]);
        }
        for y in 0..HEIGHT {
            self.lit.extend([(left, y), (self.width - 1, y)]);
        }
        for place in 0..2 * digits_per_row {
            let digit = (code_point >> (4 * (2 * digits_per_row - 1 - place))) & 0xF;
            let x = left + BORDER + (place % digits_per_row) * (DIGIT_WIDTH + 1);
            let y = BORDER + (place / digits_per_row) * (DIGIT_HEIGHT + 1);
            self.add_digit(x, y, digit as usize);
        }
    }

    fn add_digit(&mut self, left: usize, top: usize, digit: usize) {
        let rows = DIGITS.get(digit).into_iter().flatten();
        for (y, row) in rows.enumerate() {
            let columns = (0..DIGIT_WIDTH).filter(|x| row >> (DIGIT_WIDTH - 1 - x) & 1 == 1);
            self.lit.extend(columns.map(|x| (left + x, top + y)));
        }
    }

    fn image(&self, scale: usize) -> ColorImage {
        let size = [self.width * scale, HEIGHT * scale];
        let pixels = (0..size[1]).flat_map(|y| (0..size[0]).map(move |x| (x / scale, y / scale)));
        let color = |at| if self.lit.contains(&at) { Color32::WHITE } else { Color32::TRANSPARENT };
        ColorImage::new(size, pixels.map(color).collect())
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{Context, FontFamily, RawInput};

    use super::*;
    use crate::ui::theme;

    fn drawn(cluster: &str, font_size_px: f32) -> Vec<String> {
        let family = FontFamily::Monospace;
        let request =
            GlyphRasterizerRequest { cluster, family: &family, font_size_px, subpixel_offset_px: 0.0 };
        let image = draw(&request).bitmap.image;
        let sign = |pixel: &Color32| if *pixel == Color32::WHITE { '#' } else { '.' };
        image.pixels.chunks(image.width()).map(|row| row.iter().map(sign).collect()).collect()
    }

    #[test]
    fn a_box_has_the_digits_of_the_code_point() {
        let expected = [
            "###############",
            "#.............#",
            "#.###..#..###.#",
            "#.#.#.##..#...#",
            "#.#.#..#..##..#",
            "#.#.#..#..#...#",
            "#.###.###.#...#",
            "#.............#",
            "#.###.###.###.#",
            "#.#...#.#.#.#.#",
            "#.###.#.#.#.#.#",
            "#.#.#.#.#.#.#.#",
            "#.###.###.###.#",
            "#.............#",
            "###############",
        ];
        assert_eq!(drawn("\u{1F600}", 13.0), expected);
        let (narrow, large) = (drawn("\u{2622}", 13.0), drawn("\u{2622}", 26.0));
        assert_eq!((narrow[0].len(), narrow.len()), (11, 15), "four digits");
        assert_eq!((large[0].len(), large.len()), (22, 30), "on a screen of twice the resolution");
        assert_eq!(drawn("\u{1F600}\u{200D}\u{2622}", 13.0)[0].len(), 15 + 1 + 11 + 1 + 11);
    }

    #[test]
    fn a_character_that_no_font_has_takes_the_room_of_its_box() {
        let ctx = Context::default();
        crate::ui::install(&ctx);
        let width = |text: &str| {
            let mut width = 0.0;
            let mut frame = || {
                let mut shown = ctx.run_ui(RawInput::default(), |ui| {
                    let galley =
                        ui.painter().layout_no_wrap(text.to_owned(), theme::mono_font(), Color32::WHITE);
                    width = galley.size().x;
                });
                shown.textures_delta.clear();
            };
            // What was installed counts from the next frame on.
            frame();
            frame();
            width
        };
        assert!((width("\u{1F600}") - 16.0).abs() < 1.5);
        assert!(width("a") < 9.0);
    }

    #[test]
    fn all_of_unicode_costs_a_bounded_number_of_pictures() {
        let rasterizer = rasterizer();
        let family = FontFamily::Monospace;
        let made = ('\u{F0000}'..'\u{F1000}').filter(|character| {
            let cluster = character.to_string();
            let request = GlyphRasterizerRequest {
                cluster: &cluster,
                family: &family,
                font_size_px: 13.0,
                subpixel_offset_px: 0.0,
            };
            (rasterizer.rasterize)(&request).is_some()
        });
        assert_eq!(made.count(), CLUSTERS_MAX);
    }
}
