//! Text that stays on one line and says where it was cut.

use std::sync::Arc;

use eframe::egui::text::{LayoutJob, TextWrapping};
use eframe::egui::{Color32, FontId, Galley, Pos2, Ui, vec2};

/// More of a text is never laid out on one line; a 4k screen holds about 600 characters.
const BYTES_MAX: usize = 2_048;
/// More of the end of a name is never laid out.
const END_CHARS_MAX: usize = 160;

/// `text` cut with `…` at its end where it does not fit into `width` points. `Galley::elided` says whether it was.
pub fn one_line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let short = text.get(..text.floor_char_boundary(BYTES_MAX)).unwrap_or(text);
    let mut job = LayoutJob::simple_singleline(short.to_owned(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(0.0));
    ui.painter().layout_job(job)
}

/// A topic without its first levels where it does not fit: the end of a topic tells more than its beginning.
pub fn end_of_topic(ui: &Ui, topic: &str, font: &FontId, color: Color32, width: f32) -> Arc<Galley> {
    let lay_out = |text: String| ui.painter().layout_no_wrap(text, font.clone(), color);
    if topic.len() <= END_CHARS_MAX {
        let whole = lay_out(topic.to_owned());
        if whole.size().x <= width {
            return whole;
        }
    }
    let mut levels = last_chars(topic, END_CHARS_MAX);
    while let Some((_, rest)) = levels.split_once('/') {
        levels = rest;
        let short = lay_out(format!("…/{rest}"));
        if short.size().x <= width {
            return short;
        }
    }
    // Not even the last level fits: of that, too, the end stays.
    let count = levels.chars().count();
    let fits = |kept: usize| lay_out(format!("…{}", last_chars(levels, kept))).size().x <= width;
    let (mut kept, mut too_many) = (0, count);
    while kept + 1 < too_many {
        let middle = usize::midpoint(kept, too_many);
        if fits(middle) { kept = middle } else { too_many = middle }
    }
    lay_out(if kept == 0 { "…".to_owned() } else { format!("…{}", last_chars(levels, kept)) })
}

/// Paints a line that is centred on the height of `left_center`.
pub fn paint_line(ui: &Ui, left_center: Pos2, galley: Arc<Galley>, color: Color32) {
    ui.painter().galley(left_center - vec2(0.0, galley.size().y / 2.0), galley, color);
}

/// The last `count` characters.
fn last_chars(text: &str, count: usize) -> &str {
    text.char_indices().rev().nth(count.saturating_sub(1)).and_then(|(at, _)| text.get(at..)).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_topic_is_cut_on_a_character() {
        assert_eq!(last_chars("温度/室", 2), "/室");
        assert_eq!(last_chars("ab", 5), "ab");
    }
}
