//! Characters of Chinese, Japanese and Korean that no font of the system has: they show as boxes, and the person should
//! be told what to install.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use eframe::egui::Context;
use eframe::egui::epaint::text::{FallbackRequest, FontInsert, FontProvider};

/// Takes note of such characters. egui asks it for a font after all others had none.
#[derive(Clone, Debug, Default)]
pub struct MissingScript {
    /// Whether one was drawn as a box.
    is_missing: Arc<AtomicBool>,
    /// Whether the person was told.
    is_told: bool,
}

impl MissingScript {
    /// Looks out from now on, behind every provider of fonts that was added before.
    pub fn watch(ctx: &Context) -> Self {
        let missing = Self::default();
        ctx.add_font_provider(Arc::new(missing.clone()));
        missing
    }

    /// Whether such a character was drawn as a box, the first time that it is.
    pub fn is_news(&mut self) -> bool {
        let is_news = !self.is_told && self.is_missing.load(Ordering::Relaxed);
        self.is_told |= is_news;
        is_news
    }
}

impl FontProvider for MissingScript {
    fn font_for(&self, request: &FallbackRequest<'_>) -> Option<FontInsert> {
        if request.cluster.chars().next().is_some_and(is_of_east_asia) {
            self.is_missing.store(true, Ordering::Relaxed);
        }
        None
    }
}

/// Radicals, kana, bopomofo, ideographs and Hangul with their punctuation.
fn is_of_east_asia(character: char) -> bool {
    matches!(character,
        '\u{1100}'..='\u{11FF}' | '\u{2E80}'..='\u{9FFF}' | '\u{A960}'..='\u{A97F}' | '\u{AC00}'..='\u{D7FF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFF}')
}
