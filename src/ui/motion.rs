//! Whether things may move by themselves.

use eframe::egui::style::ScrollAnimation;
use eframe::egui::{Context, Id};

use crate::ui::theme::ANIMATION_SECONDS;

/// Whether nothing is to flash, fade or slide in this window; false until [`set_reduced`] was called.
pub fn is_reduced(ctx: &Context) -> bool {
    ctx.data(|data| data.get_temp(id())).unwrap_or_default()
}

/// Chooses it for both themes, from the next frame on. To be called again after a theme was made anew.
pub fn set_reduced(ctx: &Context, is_reduced: bool) {
    ctx.data_mut(|data| data.insert_temp(id(), is_reduced));
    ctx.all_styles_mut(|style| {
        style.animation_time = if is_reduced { 0.0 } else { ANIMATION_SECONDS };
        style.scroll_animation =
            if is_reduced { ScrollAnimation::none() } else { ScrollAnimation::default() };
        style.visuals.text_cursor.blink = !is_reduced;
    });
}

fn id() -> Id {
    Id::unique("reduced-motion")
}
