//! The language that the window speaks.

use eframe::egui::{Context, Id};

use crate::words::Language;

/// The language of this window; English until [`set`] was called.
///
/// It locks the context: read it before `widget_info` and the like, never inside of their closures.
pub fn language(ctx: &Context) -> Language {
    ctx.data(|data| data.get_temp(Id::NULL)).unwrap_or_default()
}

/// Lets the window speak this language from the next frame on.
pub fn set(ctx: &Context, language: Language) {
    ctx.data_mut(|data| data.insert_temp(Id::NULL, language));
}
