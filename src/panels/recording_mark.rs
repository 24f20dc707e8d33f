//! The status bar's part about recording: the command that begins it, or a red mark with size and rate.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::{self, RichText, Role, Sense, Ui, WidgetInfo};

use crate::command::{Actions, Command};
use crate::panels::status_bar::small_command;
use crate::recording::RecordingProgress;
use crate::ui::tokens::tokens;
use crate::ui::{language, theme};
use crate::words::{format, recording as words};

/// How often the size is written anew while nothing else draws.
const LOOK_PAUSE: Duration = Duration::from_secs(1);

/// With less room than this for what follows in the bar, only the size shows.
const ROOM_FOR_THE_RATE: f32 = 740.0;

/// A recording that is under way.
#[derive(Clone, Debug, Default)]
pub struct Recorded {
    /// How it is going.
    pub progress: RecordingProgress,
    /// Where it is written.
    pub folder: PathBuf,
    /// Bytes that were written in the last half second, per second.
    pub bytes_per_second: f64,
}

/// Draws it; `None`: the session is not recorded.
pub(super) fn show(ui: &mut Ui, recorded: Option<&Recorded>, actions: &mut Actions) {
    let l = language(ui);
    let Some(Recorded { progress, folder, bytes_per_second }) = recorded else {
        small_command(ui, Command::Record, Command::Record.label(l), actions);
        return;
    };
    ui.ctx().request_repaint_after(LOOK_PAUSE);
    let t = tokens(ui);
    let has_room = ui.available_width() >= ROOM_FOR_THE_RATE;
    let (mark, text) = match &progress.failure {
        None if has_room => ("●", words::size_and_rate(progress.bytes, *bytes_per_second)),
        None => ("●", format::bytes(progress.bytes)),
        Some(_) => ("▲", words::NOT_RECORDING.of(l).to_owned()),
    };
    let name = words::state(progress, *bytes_per_second, l);
    let help = words::state_help(progress, folder, l);
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new(mark).color(t.error).font(theme::small_font()));
        let color = if progress.failure.is_some() { t.error } else { t.text };
        let text = egui::Label::new(RichText::new(text).font(theme::small_font()).color(color));
        let response = ui.add(text.sense(Sense::hover()));
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &name));
        response.on_hover_text(help);
    });
    small_command(ui, Command::StopRecording, Command::StopRecording.label(l), actions);
}
