//! Lays out the window: bars, tree, inspector, tools. It decides nothing else.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::containers::menu::MenuButton;
use eframe::egui::{self, CentralPanel, Margin, Panel, Rangef, Ui};

use crate::app::tab::{Surroundings, Tab, View};
use crate::command::{Actions, Command, Tool};
use crate::mqtt::step::TakenStep;
use crate::panels::command_button::command_icon_colored;
use crate::panels::doctor::{self, DoctorScene};
use crate::panels::pane::{TOOL_TABS, pane};
use crate::panels::scene::Scene;
use crate::panels::{PanelView as _, banner, status_bar, timebar};
use crate::payload::visible_name;
use crate::session::doctor::Doctor;
use crate::ui::focus::Pane;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::{TabEntry, arrow_atom, hairline, tab_list, tab_width};
use crate::ui::widgets::share::{self, Side};
use crate::ui::{icons, language};
use crate::words::app as words;

/// In windows narrower than this, in points, the inspector goes below the tree.
const NARROW: f32 = 900.0;
/// The inspector's share of the width when it is beside the tree.
const INSPECTOR_SHARE: f32 = 0.45;
/// The inspector's share of the height when it is below the tree.
const INSPECTOR_BELOW_SHARE: f32 = 0.5;
/// The same in a window so low that the history would have no room.
const INSPECTOR_IN_LOW_WINDOW_SHARE: f32 = 0.62;
/// A window is low if tree and inspector have less height than this, in points.
const LOW: f32 = 420.0;
/// The connection test's share of the width beside the form.
const DOCTOR_SHARE: f32 = 0.38;
/// Room for the button that shows or hides the tools.
const TOOL_CARET: f32 = 40.0;
/// Room for the button that lists the tools whose tabs do not fit.
const MORE_WIDTH: f32 = 84.0;
/// The tools' share of the height. The payload needs the room more.
const TOOLS_SHARE: f32 = 0.34;
/// The same where a session opens with plots.
const PLOTS_SHARE: f32 = 0.45;

/// A panel without a margin, on the panel colour.
pub fn bare(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_1)
}

/// A frame for bars, in the window's background colour.
pub fn bar(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_0).inner_margin(Margin::symmetric(4, 0))
}

/// Draws a session: status bar, tools, inspector, tree.
pub fn session(ui: &mut Ui, tab: &mut Tab, around: Surroundings<'_>, actions: &mut Actions) {
    let ctx = ui.ctx().clone();
    let name = visible_name(&tab.name).into_owned();
    let found = tab.doctor.as_ref().map(Found::of);
    // What belongs to a session, until it is cleared, has ids of its own.
    let session = (tab.number, tab.cleared);
    let tools = tab.view.shows_tools(around.settings);
    let unsaved = tab.profile.is_none() && !tab.demo && !tab.is_recorded();
    let recorded = tab.recorded();
    let time_bar = around.settings.pane(tab.time_bar_name()).visible;
    tab.frame(&ctx, around, actions, |view, scene, rate, actions| {
        Panel::bottom("status").exact_size(size::STATUS_BAR).frame(bar(ui)).show_separator_line(true).show(
            ui,
            |ui| {
                let about = status_bar::About { name: &name, rate, unsaved, recorded: recorded.as_ref() };
                pane(ui, Pane::Status, |ui| status_bar::show(ui, scene, about, actions));
            },
        );
        if tools && view.filled {
            banner::show(ui, scene, found.is_some(), actions);
            CentralPanel::no_frame().frame(bare(ui)).show(ui, |ui| tool_pane(ui, view, scene, actions));
            return;
        }
        tool_bar(ui, view, tools, actions);
        if tools {
            tool_panel(ui, view, scene, actions);
        }
        banner::show(ui, scene, found.is_some(), actions);
        let (width, height) = (ui.available_width(), ui.available_height());
        let (side, name, share, range) = if width >= NARROW {
            (Side::Right, "inspector", INSPECTOR_SHARE, Rangef::new(320.0, width - 260.0))
        } else {
            let range = Rangef::new(120.0, (height - 120.0).max(130.0));
            let share = if height < LOW { INSPECTOR_IN_LOW_WINDOW_SHARE } else { INSPECTOR_BELOW_SHARE };
            (Side::Bottom, "inspector-below", share, range)
        };
        let frame = bare(ui);
        share::panel(ui, side, name, share, range, frame, |ui| {
            pane(ui, Pane::Inspector, |ui| {
                fill(ui);
                match &found {
                    Some(found) => keyed(ui, "test", |ui| found.show(ui, actions)),
                    None if scene.selected.is_none() => {
                        keyed(ui, ("overview", session), |ui| view.overview.show(ui, scene, actions));
                    }
                    None => keyed(ui, ("topic", session), |ui| view.inspector.show(ui, scene, actions)),
                }
            });
        });
        CentralPanel::no_frame().frame(bare(ui)).show(ui, |ui| {
            pane(ui, Pane::Tree, |ui| {
                if time_bar || scene.earlier.is_some() {
                    let size = timebar::HEIGHT;
                    Panel::bottom("time-bar").exact_size(size).frame(bare(ui)).show(ui, |ui| {
                        keyed(ui, ("moments", session), |ui| view.timebar.show(ui, scene, actions));
                    });
                }
                keyed(ui, session, |ui| view.topics.show(ui, scene, actions));
            });
        });
    });
}

/// What a connection test has found when the frame begins.
struct Found {
    url: String,
    steps: Arc<Vec<TakenStep>>,
    done: bool,
    waiting: Duration,
}

impl Found {
    fn of(doctor: &Doctor) -> Self {
        // In the other order, a finished test might lack its last steps.
        let done = doctor.is_done();
        Self { url: doctor.url(), steps: doctor.steps(), done, waiting: doctor.waiting() }
    }

    fn show(&self, ui: &mut Ui, actions: &mut Actions) {
        let Self { url, steps, done, waiting } = self;
        doctor::show(ui, &DoctorScene { url, steps, done: *done, waiting: *waiting }, actions);
    }
}

/// Draws a connection test beside the connections page, or below it in a narrow window.
pub fn doctor_beside(ui: &mut Ui, doctor: &Doctor, actions: &mut Actions) {
    let found = Found::of(doctor);
    let (width, height) = (ui.available_width(), ui.available_height());
    let (side, name, share, range) = if width >= NARROW {
        (Side::Right, "doctor", DOCTOR_SHARE, Rangef::new(320.0, width - 480.0))
    } else {
        let range = Rangef::new(120.0, (height - 160.0).max(130.0));
        (Side::Bottom, "doctor-below", INSPECTOR_BELOW_SHARE, range)
    };
    let frame = bare(ui);
    share::panel(ui, side, name, share, range, frame, |ui| {
        pane(ui, Pane::ConnectionTest, |ui| {
            fill(ui);
            found.show(ui, actions);
        });
    });
}

/// Takes all the room of a resizable panel, which would otherwise shrink to what is drawn in it.
fn fill(ui: &mut Ui) {
    ui.set_min_size(ui.available_size());
}

/// Draws the tabs of the tools, which stay visible when the tools are hidden.
fn tool_bar(ui: &mut Ui, view: &View, open: bool, actions: &mut Actions) {
    if open {
        return;
    }
    Panel::bottom("tool-bar")
        .exact_size(32.0)
        .frame(bare(ui))
        .show(ui, |ui| pane(ui, Pane::Tools, |ui| tool_tabs(ui, view, open, actions)));
}

fn tool_tabs(ui: &mut Ui, view: &View, open: bool, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.set_height(TOOL_TABS);
        ui.add_space(4.0);
        let language = language(ui);
        let tabs: Vec<_> = Tool::ALL.iter().map(|tool| (*tool, tool.tab().of(language))).collect();
        let current = open.then_some(view.tools.shown);
        let (tabs, more) = fitting(ui, tabs, current);
        if let Some(tool) = tab_list(ui, words::TOOLS.of(language), &tabs, current) {
            actions.run(Command::ShowTool(tool));
        }
        if !more.is_empty() {
            keyed(ui, "more", |ui| {
                let button = MenuButton::new((words::MORE_TOOLS.of(language), arrow_atom()));
                button.ui(ui, |ui| {
                    for (tool, label) in more {
                        if ui.button(label).clicked() {
                            actions.run(Command::ShowTool(tool));
                            ui.close();
                        }
                    }
                });
            });
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(4.0);
            let icon = if open { icons::CARET_DOWN } else { icons::CARET_UP };
            command_icon_colored(ui, Command::ToggleTools, icon, tokens(ui).text_muted, actions);
        });
    });
}

/// The tabs that fit beside each other, the current one among them, and those that do not.
fn fitting<'l>(
    ui: &Ui,
    mut tabs: Vec<TabEntry<'l, Tool>>,
    current: Option<Tool>,
) -> (Vec<TabEntry<'l, Tool>>, Vec<TabEntry<'l, Tool>>) {
    let width = |(_, label): &TabEntry<'_, Tool>| tab_width(ui, label);
    let room = ui.available_width() - TOOL_CARET;
    if tabs.iter().map(width).sum::<f32>() <= room {
        return (tabs, Vec::new());
    }
    let mut left = room - MORE_WIDTH;
    let mut fit = tabs.iter().take_while(|tab| {
        left -= width(tab);
        left >= 0.0
    });
    let fit = fit.by_ref().count().max(1);
    if let Some(place) = tabs.iter().position(|(tool, _)| Some(*tool) == current).filter(|at| *at >= fit) {
        // The last two tabs that fit make room for the current one, whatever its width.
        let kept = tabs.remove(place);
        tabs.insert(fit.saturating_sub(2), kept);
        let more = tabs.split_off(fit.saturating_sub(1).max(1));
        return (tabs, more);
    }
    let more = tabs.split_off(fit);
    (tabs, more)
}

fn tool_panel(ui: &mut Ui, view: &mut View, scene: &Scene<'_>, actions: &mut Actions) {
    let range = Rangef::new(120.0, (ui.available_height() - 160.0).max(130.0));
    let frame = bare(ui);
    let share = if view.opens_tools { PLOTS_SHARE } else { TOOLS_SHARE };
    share::panel(ui, Side::Bottom, "tools", share, range, frame, |ui| {
        tool_pane(ui, view, scene, actions);
    });
}

/// Draws the tabs of the tools and the one that is shown.
fn tool_pane(ui: &mut Ui, view: &mut View, scene: &Scene<'_>, actions: &mut Actions) {
    pane(ui, Pane::Tools, |ui| {
        fill(ui);
        tool_tabs(ui, view, true, actions);
        hairline(ui);
        // The same for every session: people size the parts of a tool once.
        keyed(ui, view.tools.shown, |ui| view.tools.show(ui, scene, actions));
    });
}
