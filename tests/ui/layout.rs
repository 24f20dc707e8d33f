//! Checks the drawn shapes of a frame: whether a text was cut off, and whether two texts overlap.
//!
//! Pictures of other scripts differ between machines, because the system's fonts draw them. These checks do not.

use std::collections::BTreeSet;
use std::sync::Arc;

use eframe::egui::epaint::{ClippedShape, Shape, TextShape};
use eframe::egui::{Galley, Rect, vec2};
use egui_kittest::Harness;

/// A drawn text.
struct Drawn {
    text: String,
    galley: Arc<Galley>,
    rect: Rect,
    clip: Rect,
}

/// The texts of the last frame.
pub fn drawn<S>(harness: &Harness<'_, S>) -> BTreeSet<String> {
    all(harness).into_iter().map(|drawn| drawn.text).collect()
}

/// What is wrong with the texts of the last frame: cut off, shortened or overlapping.
pub fn mistakes<S>(harness: &Harness<'_, S>) -> Vec<String> {
    let drawn = all(harness);
    let mut wrong = Vec::new();
    for text in &drawn {
        if text.galley.elided {
            wrong.push(format!("shortened: {:?}", text.text));
        } else if text.rect.left() < text.clip.left() - 1.0 || text.rect.right() > text.clip.right() + 1.0 {
            wrong.push(format!("cut at the side: {:?}", text.text));
        }
    }
    for (index, text) in drawn.iter().enumerate() {
        for other in drawn.iter().skip(index + 1) {
            if ink(text).intersects(ink(other)) {
                wrong.push(format!("one upon the other: {:?} and {:?}", text.text, other.text));
            }
        }
    }
    wrong
}

fn all<S>(harness: &Harness<'_, S>) -> Vec<Drawn> {
    let mut drawn = Vec::new();
    for ClippedShape { clip_rect, shape, .. } in &harness.output().shapes {
        collect(shape, *clip_rect, &mut drawn);
    }
    drawn
}

fn collect(shape: &Shape, clip: Rect, drawn: &mut Vec<Drawn>) {
    match shape {
        Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, clip, drawn)),
        Shape::Text(TextShape { pos, galley, .. }) => {
            let rect = galley.mesh_bounds.translate(pos.to_vec2());
            // Text scrolled out of view is not drawn.
            if rect.is_positive() && rect.intersects(clip) {
                let text = galley.text().to_owned();
                drawn.push(Drawn { text, galley: Arc::clone(galley), rect, clip });
            }
        }
        _ => {}
    }
}

/// The visible part, without the soft edges of the glyphs.
fn ink(text: &Drawn) -> Rect {
    text.rect.intersect(text.clip).shrink2(vec2(1.0, 1.0))
}
