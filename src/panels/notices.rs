//! Short texts in a corner: successes disappear by themselves, failures stay until they are dismissed.

use std::time::Duration;

use eframe::egui::{
    self, Align2, Area, Context, Frame, Id, Margin, Order, RichText, Stroke, accesskit, vec2,
};

use crate::command::{Actions, Notice, NoticeKind};
use crate::panels::excerpt;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access;
use crate::ui::widgets::controls::icon_button;
use crate::ui::{icons, language, theme};
use crate::words::app as words;

/// How long a notice stays, in seconds.
const SHOWN_SECONDS: f64 = 4.0;
/// How long a notice that can be undone stays, in seconds.
const UNDO_SECONDS: f64 = 10.0;
/// More notices at once are unreadable, so the oldest ones go.
const NOTICES_MAX: usize = 5;

/// The visible notices.
#[derive(Debug, Default)]
pub struct Notices {
    shown: Vec<Shown>,
    /// How many notices there have been.
    count: u64,
}

#[derive(Debug)]
struct Shown {
    notice: Notice,
    /// When it was shown, by egui's clock.
    since: f64,
    /// Number of the notice, so that it stays the same element for a screen reader while others come and go.
    number: u64,
}

impl Notices {
    /// Shows a notice from `now` (egui's clock, seconds) on.
    pub fn push(&mut self, notice: Notice, now: f64) {
        // A visible text is not repeated, but every notice that can be undone is a different one.
        let said = |known: &Notice| known.kind == notice.kind && known.text == notice.text;
        if notice.undo.is_none() && self.shown.iter().any(|shown| said(&shown.notice)) {
            return;
        }
        if self.shown.len() == NOTICES_MAX {
            self.shown.remove(0);
        }
        self.count += 1;
        self.shown.push(Shown { notice, since: now, number: self.count });
    }

    /// Draws the notices above everything, in the lower right corner.
    pub fn show(&mut self, ctx: &Context, actions: &mut Actions) {
        let now = ctx.input(|input| input.time);
        let seconds = |notice: &Notice| if notice.undo.is_some() { UNDO_SECONDS } else { SHOWN_SECONDS };
        self.shown.retain(|Shown { notice, since, .. }| {
            notice.kind == NoticeKind::Error || now - since < seconds(notice)
        });
        if self.shown.is_empty() {
            return;
        }
        let mut dismissed = None;
        Area::new(Id::unique("notices"))
            .order(Order::Foreground)
            .anchor(Align2::RIGHT_BOTTOM, vec2(-12.0, -36.0))
            .show(ctx, |ui| {
                for (index, shown) in self.shown.iter().enumerate() {
                    if draw(ui, shown, actions) {
                        dismissed = Some(index);
                    }
                    ui.add_space(8.0);
                }
            });
        if let Some(index) = dismissed {
            self.shown.remove(index);
        }
        if self.shown.iter().any(|shown| shown.notice.kind == NoticeKind::Info) {
            ctx.request_repaint_after(Duration::from_millis(500));
        }
    }
}

/// Draws one notice; returns true when it was dismissed.
fn draw(ui: &mut egui::Ui, Shown { notice, number, .. }: &Shown, actions: &mut Actions) -> bool {
    let t = tokens(ui);
    let (icon, color, role) = match notice.kind {
        NoticeKind::Info => (icons::CHECK_CIRCLE, t.ok, accesskit::Role::Status),
        NoticeKind::Error => (icons::WARNING, t.error, accesskit::Role::Alert),
    };
    let frame = Frame::NONE
        .fill(t.surface_2)
        .stroke(Stroke::new(1.0, t.line))
        .corner_radius(size::RADIUS)
        .inner_margin(Margin::symmetric(12, 8))
        .shadow(ui.visuals().popup_shadow);
    frame
        .show(ui, |ui| {
            ui.set_max_width(420.0);
            access::announced(ui, ("notice", number), role, |ui| {
                ui.horizontal_top(|ui| {
                    ui.label(RichText::new(icon).font(theme::icon_font()).color(color));
                    let color = ui.visuals().text_color();
                    ui.vertical(|ui| {
                        if excerpt::show(ui, &notice.text, theme::text_font(), color) {
                            let title = notice.text.lines().next().unwrap_or_default();
                            excerpt::show_all(ui, t.surface_0, title, || notice.text.clone(), actions);
                        }
                    });
                    if let Some(undo) = &notice.undo
                        && ui.button(words::UNDO.of(language(ui))).clicked()
                    {
                        actions.push((**undo).clone());
                        return true;
                    }
                    let dismiss = words::DISMISS.of(language(ui));
                    notice.kind == NoticeKind::Error && icon_button(ui, icons::X, dismiss, dismiss).clicked()
                })
                .inner
            })
        })
        .inner
}
