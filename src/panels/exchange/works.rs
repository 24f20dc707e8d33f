//! What is under way, in a corner above everything: how far it is, and the buttons that pause and end it.

use std::time::Duration;

use eframe::egui::{
    Align, Align2, Area, Context, Frame, Id, Layout, Margin, Order, ProgressBar, RichText, Stroke, Ui, vec2,
};

use crate::command::{Actions, ExchangeAction};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::{keyed, readout};
use crate::ui::widgets::controls::icon_button;
use crate::ui::{icons, language, theme};
use crate::words::exchange::{self as words, WorkKind};

const WIDTH: f32 = 320.0;
const BUTTON_WIDTH: f32 = 28.0;
const BUTTON_GAP: f32 = 4.0;
/// How often it is drawn anew.
const LOOK_PAUSE: Duration = Duration::from_millis(250);

/// A piece of work that is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct WorkRow {
    /// Its number.
    pub id: u64,
    /// What it does.
    pub kind: WorkKind,
    /// The session, file or broker that it is about.
    pub name: String,
    /// How much is done: messages, or bytes of a file that is read.
    pub done: u64,
    /// How much there is to do; 0 if nobody knows.
    pub total: u64,
    /// Messages a second, for a replay.
    pub per_second: Option<f64>,
    /// Whether it waits; `None` if it cannot.
    pub is_paused: Option<bool>,
}

/// Draws the rows in the lower left corner, above everything but notices.
pub fn show(ctx: &Context, rows: &[WorkRow], actions: &mut Actions) {
    if rows.is_empty() {
        return;
    }
    ctx.request_repaint_after(LOOK_PAUSE);
    Area::new(Id::unique("works"))
        .order(Order::Foreground)
        .anchor(Align2::LEFT_BOTTOM, vec2(12.0, -36.0))
        .show(ctx, |ui| {
            let t = tokens(ui);
            let frame = Frame::NONE
                .fill(t.surface_2)
                .stroke(Stroke::new(1.0, t.line))
                .corner_radius(size::RADIUS)
                .inner_margin(Margin::symmetric(12, 8))
                .shadow(ui.visuals().popup_shadow);
            for row in rows {
                keyed(ui, row.id, |ui| frame.show(ui, |ui| work(ui, row, actions)));
                ui.add_space(size::PADDING);
            }
        });
}

fn work(ui: &mut Ui, row: &WorkRow, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    ui.set_width(WIDTH);
    let title = words::work(row.kind, &row.name, l);
    let far = match (row.kind, row.is_paused) {
        (WorkKind::Import, _) => words::progress_bytes(row.done, row.total, l),
        (_, Some(true)) => {
            format!("{}: {}", words::PAUSED.of(l), words::progress(row.done, row.total, None, l))
        }
        _ => words::progress(row.done, row.total, row.per_second, l),
    };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = BUTTON_GAP;
        let buttons = if row.is_paused.is_some() { 2.0 } else { 1.0 };
        let room = vec2(WIDTH - buttons * (BUTTON_WIDTH + BUTTON_GAP), 24.0);
        ui.allocate_ui_with_layout(room, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(room);
            let label = eframe::egui::Label::new(RichText::new(&title).color(t.text)).truncate();
            let response = ui.add(label);
            readout(ui, &response, &title, &far);
        });
        if let Some(is_paused) = row.is_paused {
            let (icon, name, action) = if is_paused {
                (icons::PLAY, words::RESUME_REPLAY, ExchangeAction::Resume(row.id))
            } else {
                (icons::PAUSE, words::PAUSE_REPLAY, ExchangeAction::Pause(row.id))
            };
            if keyed(ui, "pause", |ui| icon_button(ui, icon, name.of(l), name.of(l))).clicked() {
                actions.push(action);
            }
        }
        let name = words::cancel(&title, l);
        if keyed(ui, "cancel", |ui| icon_button(ui, icons::X, &name, &name)).clicked() {
            actions.push(ExchangeAction::Cancel(row.id));
        }
    });
    if row.total > 0 {
        let part = (row.done as f64 / row.total as f64).min(1.0) as f32;
        ui.add(ProgressBar::new(part).desired_height(4.0).desired_width(WIDTH).fill(t.accent));
    }
    ui.label(RichText::new(far).font(theme::small_font()).color(t.text_muted));
}
