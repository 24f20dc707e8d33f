//! When the drafts are kept on disk: a moment after the last key or click, if anything changed.

use eframe::egui::Context;

use crate::store::drafts::{KeptDraft, KeptDrafts};

/// How long after the last input the drafts are kept, in seconds.
const PAUSE_S: f64 = 1.0;

/// What was kept last, and whether something may have changed since.
#[derive(Debug, Default)]
pub struct Keeping {
    kept: Option<KeptDrafts>,
    /// When the panel was last touched, by egui's clock.
    touched: Option<f64>,
    /// Whether it was touched outside of a frame.
    is_touched_later: bool,
}

impl Keeping {
    /// Notes that something may have changed.
    pub fn touch(&mut self, ctx: &Context) {
        self.touched = Some(ctx.input(|input| input.time));
        ctx.request_repaint_after_secs(PAUSE_S as f32);
    }

    /// Notes it where no frame is being drawn.
    pub fn touch_later(&mut self) {
        self.is_touched_later = true;
    }

    /// Whether it is time to look for changes.
    pub fn is_due(&mut self, ctx: &Context) -> bool {
        if std::mem::take(&mut self.is_touched_later) {
            self.touch(ctx);
        }
        let now = ctx.input(|input| input.time);
        let is_due = self.touched.is_some_and(|touched| now - touched >= PAUSE_S);
        if is_due {
            self.touched = None;
        }
        is_due
    }

    /// Notes what is kept from now on; returns whether it is something else than before.
    pub fn note(&mut self, drafts: &KeptDrafts) -> bool {
        let is_new = self.kept.as_ref() != Some(drafts);
        // A panel that nobody touched is not worth a file.
        let is_first = self.kept.is_none() && drafts.drafts.iter().all(KeptDraft::is_blank);
        self.kept = Some(drafts.clone());
        is_new && !is_first
    }
}
