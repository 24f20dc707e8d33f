//! Which message shows: the newest, at most ten times a second, or the one that a person chose. It is decoded before it takes
//! the place of the one before.

use eframe::egui::Context;

use crate::model::{Model, TopicInfo};
use crate::panels::inspector::InspectorView;
use crate::panels::inspector::comparison::{Against, Other, newest_of};
use crate::panels::inspector::content::{Content, PayloadView, Readiness};
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::inspector::payload_view::PATIENCE_SECONDS;
use crate::panels::scene::Scene;
use crate::payload::DecodeLimits;

/// The shortest time between two checks for the newest message.
const FOLLOW_SECONDS: f64 = 0.1;

impl InspectorView {
    /// Starts showing another message when it is due.
    pub(super) fn follow(&mut self, topic: TopicInfo<'_>, scene: &Scene<'_>, ctx: &Context, now: f64) {
        let wanted = match self.pinned {
            None => topic.newest,
            Some(id) => match scene.model.message(id) {
                Some(stored) => stored,
                // It has left the history; what is drawn stays.
                None => return,
            },
        };
        let of = |content: &Option<Content>| content.as_ref().map(|content| content.message.id);
        let is_reread = self.current.is_some() && !self.readings.is_by(scene.rules);
        if is_reread {
            // The decoder that a new rule names is what a person wants to see now.
            self.chosen.retain(|node, (view, _)| {
                *node != wanted.id().node() || matches!(view, PayloadView::Diff | PayloadView::Query)
            });
            self.next = None;
            self.followed_at = f64::NEG_INFINITY;
        }
        if of(&self.next).is_some() {
            return; // one at a time
        }
        let limits = DecodeLimits {
            decoded_bytes_max: (scene.settings.decoded_limit_mib as usize) << 20,
            ..DecodeLimits::default()
        };
        let is_bounded_anew = self.current.as_ref().is_some_and(|current| current.limits() != limits);
        if of(&self.current) == Some(wanted.id()) && !is_reread && !is_bounded_anew {
            return;
        }
        let wait = self.followed_at + FOLLOW_SECONDS - now;
        if wait > 0.0 && self.pinned.is_none() {
            ctx.request_repaint_after_secs(wait as f32);
            return;
        }
        self.followed_at = now;
        let choice = self.readings.choice_of(scene.model, scene.rules, &wanted);
        let is_ruled = scene.rules.of_topic(&scene.model.topic_bytes(wanted.id().node())).is_some();
        self.next = Some(Content::new(wanted.into(), choice, is_ruled, limits));
    }

    /// Decodes the current message and the next one, and shows the next once it is ready.
    pub(super) fn decode(&mut self, scene: &Scene<'_>, ctx: &Context, now: f64) {
        self.follow_other(scene.model);
        let (columns, against) = (self.columns, self.against);
        let mut readings = std::mem::take(&mut self.readings);
        let mut prepare = |content: &mut Content, view: PayloadView| {
            let other = |message: &InspectedMessage| Other::of(message, against, scene, &mut readings);
            content.prepare(view, columns, ctx, now, other);
            if let Readiness::Waiting { since } = content.readiness(view) {
                let wait = since + PATIENCE_SECONDS - now;
                if wait > 0.0 && wait.is_finite() {
                    ctx.request_repaint_after_secs(wait as f32 + 0.01);
                }
            }
        };
        if let Some(mut next) = self.next.take() {
            let mut view = self.view_for(&next);
            prepare(&mut next, view);
            // What turned out not to be JSON is shown as text.
            if self.view_for(&next) != view {
                view = self.view_for(&next);
                prepare(&mut next, view);
            }
            // While a topic is followed, the current message stays until the next is ready. A message chosen by the
            // person takes its place soon and says that it is being decoded.
            let waits = match next.readiness(view) {
                Readiness::Waiting { since } => self.pinned.is_none() || now - since < PATIENCE_SECONDS,
                Readiness::Ready | Readiness::Failed | Readiness::Cancelled => false,
            };
            if waits && self.current.is_some() {
                self.next = Some(next);
            } else {
                if let Some(before) = &self.current {
                    next.take_over(before);
                    self.places.deselect();
                }
                self.current = Some(next);
            }
        }
        if let Some(mut current) = self.current.take() {
            let view = self.view_for(&current);
            prepare(&mut current, view);
            let now_better = self.view_for(&current);
            if now_better != view {
                prepare(&mut current, now_better);
            }
            self.current = Some(current);
        }
        self.readings = readings;
    }

    /// Repeats the comparison when the other topic has a new message.
    fn follow_other(&mut self, model: &Model) {
        let Some(Against::Topic { node, newest: known }) = &mut self.against else { return };
        let newest = newest_of(model, *node).map(|stored| stored.id());
        if newest != *known && self.current.as_ref().is_none_or(Content::is_compared) {
            *known = newest;
            self.current.iter_mut().chain(&mut self.next).for_each(Content::forget_comparison);
        }
    }
}
