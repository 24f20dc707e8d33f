//! The time bar below the tree: when messages arrived, when the connection was lost, and which moment the tree shows.
//!
//! A drag or a click shows the whole tree at that moment. Everything that follows from it (moving the view, playing) is
//! the tab's business; the bar draws and asks.

mod marks;
mod track;

use eframe::egui::{Align, Button, Label, Layout, RichText, Sense, Ui, vec2};

use crate::command::{Actions, Command, MomentAction, PLAY_SPEEDS};
use crate::message::Timestamp;
use crate::panels::PanelView;
use crate::panels::command_button::{command_icon, command_icon_colored};
use crate::panels::scene::Scene;
use crate::panels::timebar::marks::Marks;
use crate::panels::timebar::track::Track;
use crate::session::status::ConnectionState;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::{hairline, icon_button, named_combo};
use crate::ui::{icons, language, theme};
use crate::words::{format, timebar as words};

/// Height of the bar, in points.
pub const HEIGHT: f32 = 62.0;
const BUTTONS: f32 = 28.0;
/// Beside the buttons and the speed, the texts need this much.
const ROOM_FOR_CHANGES: f32 = 420.0;

/// The time bar of one session.
#[derive(Debug)]
pub struct TimeBarView {
    /// How fast moments follow each other, as a multiple of real time.
    pub speed: f64,
    marks: Marks,
    track: Track,
}

impl Default for TimeBarView {
    fn default() -> Self {
        Self { speed: 1.0, marks: Marks::default(), track: Track::default() }
    }
}

impl PanelView for TimeBarView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.marks.refresh(scene.status);
        ui.spacing_mut().item_spacing.y = 0.0;
        hairline(ui);
        let width = ui.available_width();
        ui.allocate_ui_with_layout(vec2(width, BUTTONS), Layout::left_to_right(Align::Center), |ui| {
            self.buttons(ui, scene, actions);
        });
        if let Some(at) = self.track.show(ui, scene, &self.marks) {
            actions.push(MomentAction::Show(at));
        }
    }

    fn cleared(&mut self) {
        *self = Self { speed: self.speed, ..Self::default() };
    }
}

impl TimeBarView {
    fn buttons(&self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let t = tokens(ui);
        let earlier = scene.earlier;
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.add_space(4.0);
        let has_room = ui.available_width() >= ROOM_FOR_CHANGES;
        if has_room {
            ui.add_enabled_ui(scene.selected.is_some(), |ui| {
                change(ui, Command::ChangeBefore, &format!("{}{}", icons::ARROW_LEFT, icons::PULSE), actions);
            });
        }
        command_icon(ui, Command::StepBack, actions);
        ui.add_enabled_ui(earlier.is_some(), |ui| {
            let is_playing = earlier.is_some_and(|earlier| earlier.is_playing);
            let icon = if is_playing { icons::PAUSE } else { icons::PLAY };
            let color = if is_playing { t.accent } else { t.text_muted };
            command_icon_colored(ui, Command::PlayForward, icon, color, actions);
            command_icon(ui, Command::StepForward, actions);
        });
        if has_room {
            ui.add_enabled_ui(earlier.is_some() && scene.selected.is_some(), |ui| {
                change(ui, Command::ChangeAfter, &format!("{}{}", icons::PULSE, icons::ARROW_RIGHT), actions);
            });
        }
        self.speeds(ui, actions);
        ui.add_space(size::PADDING);
        keyed(ui, "moment", |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(4.0);
                if earlier.is_some() {
                    back(ui, scene, actions);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| says(ui, scene));
            });
        });
    }

    fn speeds(&self, ui: &mut Ui, actions: &mut Actions) {
        let l = language(ui);
        ui.scope(|ui| {
            ui.spacing_mut().interact_size.y = 22.0;
            ui.spacing_mut().combo_width = 64.0;
            named_combo(ui, words::SPEED.of(l), &words::speed(self.speed), |ui| {
                for speed in PLAY_SPEEDS {
                    let is_chosen = speed.to_bits() == self.speed.to_bits();
                    if ui.selectable_label(is_chosen, words::speed(speed)).clicked() {
                        actions.push(MomentAction::Speed(speed));
                    }
                }
            });
        });
    }
}

/// A button with two icons.
fn change(ui: &mut Ui, command: Command, icon: &str, actions: &mut Actions) {
    let l = language(ui);
    if icon_button(ui, icon, command.label(l), &command.tooltip(ui.ctx())).clicked() {
        actions.run(command);
    }
}

fn back(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let l = language(ui);
    let is_recorded = scene.status.state == ConnectionState::Recorded;
    let label = if is_recorded { words::TO_THE_END.of(l) } else { Command::BackToLive.label(l) };
    let text = RichText::new(label).font(theme::small_font());
    let button = ui.add(Button::new(text).small().min_size(vec2(0.0, 20.0)));
    if button.on_hover_text(Command::BackToLive.tooltip(ui.ctx())).clicked() {
        actions.run(Command::BackToLive);
    }
}

/// Says which moment shows and what came since; while the view is live, how far it can go back.
fn says(ui: &mut Ui, scene: &Scene<'_>) {
    let (t, l) = (tokens(ui), language(ui));
    let Some(earlier) = scene.earlier else {
        let reach = scene.model.reach().map(|(first, _)| first);
        let (text, help) = words::reach(reach, scene.model.stats().messages_evicted, l);
        let text = RichText::new(text).font(theme::small_font()).color(t.text_muted);
        ui.add(Label::new(text).truncate().sense(Sense::hover())).on_hover_text(help);
        return;
    };
    let at = RichText::new(moment_text(earlier.at, earlier.until)).font(theme::mono_font());
    ui.add(Label::new(at.color(t.accent)).truncate());
    ui.add_space(size::PADDING);
    let after = scene.model.messages_after();
    let unknown = scene.model.moment_unknown() as u64;
    let (text, color) = if earlier.found_nothing {
        (words::NO_SUCH_MOMENT.of(l).to_owned(), t.warn)
    } else {
        (words::since(after, unknown, l), t.text_muted)
    };
    let text = RichText::new(text).font(theme::small_font()).color(color);
    ui.add(Label::new(text).truncate().sense(Sense::hover())).on_hover_text(words::SINCE_HELP.of(l));
}

/// A moment to the millisecond; with its date if that is another day than the end's.
fn moment_text(at: Timestamp, until: Timestamp) -> String {
    let (day, time) = (format::date(at), format::time(at, crate::store::settings::TimeFormat::Milliseconds));
    if day == format::date(until) { time } else { format!("{day} {time}") }
}
