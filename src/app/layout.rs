//! Where everything stands in the window: bars, tree, inspector, tools. Nothing is decided here.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{self, CentralPanel, Margin, Panel, Rangef, Ui};

use crate::app::tab::{OnDisk, Tab, View};
use crate::command::{Actions, Command, Tool};
use crate::mqtt::step::TakenStep;
use crate::panels::command_button::command_icon_colored;
use crate::panels::doctor::{self, DoctorScene};
use crate::panels::pane::{TOOL_TABS, pane};
use crate::panels::scene::Scene;
use crate::panels::{PanelView as _, banner, status_bar};
use crate::payload::visible_name;
use crate::session::doctor::Doctor;
use crate::ui::focus::Pane;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::{hairline, tab_list};
use crate::ui::widgets::share::{self, Side};
use crate::ui::{icons, language};
use crate::words::app as words;

/// Below this width the inspector goes under the tree.
const NARROW: f32 = 900.0;
/// Of the width, for the inspector beside the tree.
const INSPECTOR_SHARE: f32 = 0.45;
/// Of the height, for the inspector under the tree.
const INSPECTOR_BELOW_SHARE: f32 = 0.5;
/// Of the width, for a connection test beside the form.
const DOCTOR_SHARE: f32 = 0.38;
/// Of the height, for the tools: the payload needs the room more.
const TOOLS_SHARE: f32 = 0.34;

/// A panel without a margin, on the panel colour.
pub fn bare(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_1)
}

/// A bar on the window's ground colour.
pub fn bar(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_0).inner_margin(Margin::symmetric(4, 0))
}

/// Draws a session: status bar, tools, inspector, tree.
pub fn session(ui: &mut Ui, tab: &mut Tab, on_disk: OnDisk<'_>, actions: &mut Actions) {
    let ctx = ui.ctx().clone();
    let name = visible_name(&tab.name).into_owned();
    let found = tab.doctor.as_ref().map(Found::of);
    // What belongs to a session, until it is cleared, has ids of its own.
    let session = (tab.number, tab.cleared);
    let tools = on_disk.settings.pane("tools").visible;
    let unsaved = tab.profile.is_none() && !tab.demo;
    let recorded = tab.recorded();
    tab.frame(&ctx, on_disk, actions, |view, scene, rate, actions| {
        Panel::bottom("status").exact_size(size::STATUS_BAR).frame(bar(ui)).show_separator_line(true).show(
            ui,
            |ui| {
                let about = status_bar::About { name: &name, rate, unsaved, recorded: recorded.as_ref() };
                pane(ui, Pane::Status, |ui| status_bar::show(ui, scene, about, actions));
            },
        );
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
            (Side::Bottom, "inspector-below", INSPECTOR_BELOW_SHARE, range)
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
            pane(ui, Pane::Tree, |ui| keyed(ui, session, |ui| view.topics.show(ui, scene, actions)));
        });
    });
}

/// What a connection test has found, at the beginning of a frame.
struct Found {
    url: String,
    steps: Arc<Vec<TakenStep>>,
    done: bool,
    waiting: Duration,
}

impl Found {
    fn of(doctor: &Doctor) -> Self {
        // The other way round, the last steps might be missing from a test that is done.
        let done = doctor.is_done();
        Self { url: doctor.url(), steps: doctor.steps(), done, waiting: doctor.waiting() }
    }

    fn show(&self, ui: &mut Ui, actions: &mut Actions) {
        let Self { url, steps, done, waiting } = self;
        doctor::show(ui, &DoctorScene { url, steps, done: *done, waiting: *waiting }, actions);
    }
}

/// A connection test beside the connections page, or below it where the window is narrow.
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

/// Takes all the room that a resizable panel was given: it would shrink to what is drawn in it.
fn fill(ui: &mut Ui) {
    ui.set_min_size(ui.available_size());
}

/// The tabs of the tools: always there, also when the tools are hidden.
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
        if let Some(tool) = tab_list(ui, words::TOOLS.of(language), &tabs, current) {
            actions.run(Command::ShowTool(tool));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(4.0);
            let icon = if open { icons::CARET_DOWN } else { icons::CARET_UP };
            command_icon_colored(ui, Command::ToggleTools, icon, tokens(ui).text_muted, actions);
        });
    });
}

fn tool_panel(ui: &mut Ui, view: &mut View, scene: &Scene<'_>, actions: &mut Actions) {
    let range = Rangef::new(120.0, (ui.available_height() - 160.0).max(130.0));
    let frame = bare(ui);
    share::panel(ui, Side::Bottom, "tools", TOOLS_SHARE, range, frame, |ui| {
        pane(ui, Pane::Tools, |ui| {
            fill(ui);
            tool_tabs(ui, view, true, actions);
            hairline(ui);
            // The same for every session: people size the parts of a tool once.
            keyed(ui, view.tools.shown, |ui| view.tools.show(ui, scene, actions));
        });
    });
}
