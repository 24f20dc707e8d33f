//! Where everything stands in the window: bars, tree, inspector, tools. Nothing is decided here.

use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{self, CentralPanel, Margin, Panel, RichText, Ui};

use crate::app::tab::{Kept, Tab, Tool, View};
use crate::command::Command;
use crate::command::action::Actions;
use crate::model::{Limits, REFUSED_TOPICS_COUNTED_MAX, Stats};
use crate::mqtt::step::TakenStep;
use crate::panels::PanelView as _;
use crate::panels::command_button::command_icon;
use crate::panels::doctor::{self, DoctorScene};
use crate::panels::scene::Scene;
use crate::panels::status_bar;
use crate::session::doctor::Doctor;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::{hairline, tab_list};
use crate::ui::{icons, language, theme};
use crate::words::{self, Told, format};

/// Below this width the inspector goes under the tree.
const NARROW: f32 = 900.0;

const TOOLS: [(Tool, &str); 5] = [
    (Tool::Plots, "Plots"),
    (Tool::Publish, "Publish"),
    (Tool::Subscriptions, "Subscriptions"),
    (Tool::Log, "Log"),
    (Tool::Protocol, "Protocol"),
];

/// A panel without a margin, on the panel colour.
pub fn bare(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_1)
}

/// A bar on the window's ground colour.
pub fn bar(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_0).inner_margin(Margin::symmetric(4, 0))
}

/// Draws a session: status bar, tools, inspector, tree.
pub fn session(ui: &mut Ui, tab: &mut Tab, kept: Kept<'_>, actions: &mut Actions) {
    let ctx = ui.ctx().clone();
    let name = tab.name.clone();
    let found = tab.doctor.as_ref().map(Found::of);
    let tools = kept.settings.pane("tools").visible;
    let unsaved = tab.profile.is_none() && !tab.demo;
    tab.frame(&ctx, kept, actions, |view, scene, rate, actions| {
        Panel::bottom("status").exact_size(size::STATUS_BAR).frame(bar(ui)).show_separator_line(true).show(
            ui,
            |ui| {
                status_bar::show(ui, scene, status_bar::About { name: &name, rate, unsaved }, actions);
            },
        );
        tool_bar(ui, view, tools, actions);
        if tools {
            tool_panel(ui, view, scene, actions);
        }
        banner(ui, scene, found.is_some(), actions);
        if ui.available_width() >= NARROW {
            let width = ui.available_width();
            let panel = Panel::right("inspector").resizable(true).frame(bare(ui));
            panel.default_size(width * 0.45).size_range(320.0..=width - 260.0).show(ui, |ui| {
                fill(ui);
                match &found {
                    Some(found) => found.show(ui, actions),
                    None => view.inspector.show(ui, scene, actions),
                }
            });
        } else {
            let height = ui.available_height();
            let panel = Panel::bottom("inspector-below").resizable(true).frame(bare(ui));
            panel.default_size(height * 0.5).size_range(120.0..=(height - 120.0).max(130.0)).show(ui, |ui| {
                fill(ui);
                match &found {
                    Some(found) => found.show(ui, actions),
                    None => view.inspector.show(ui, scene, actions),
                }
            });
        }
        CentralPanel::no_frame().frame(bare(ui)).show(ui, |ui| view.topics.show(ui, scene, actions));
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
    let panel = if width >= NARROW {
        let room = 320.0..=(width - 480.0).max(330.0);
        Panel::right("doctor").default_size((width * 0.38).max(360.0)).size_range(room)
    } else {
        let room = 120.0..=(height - 160.0).max(130.0);
        Panel::bottom("doctor-below").default_size(height * 0.5).size_range(room)
    };
    panel.resizable(true).frame(bare(ui)).show(ui, |ui| {
        fill(ui);
        found.show(ui, actions);
    });
}

/// Takes all the room that a resizable panel was given: it would shrink to what is drawn in it.
fn fill(ui: &mut Ui) {
    ui.set_min_size(ui.available_size());
}

/// The tabs of the tools: always there, also when the tools are hidden.
fn tool_bar(ui: &mut Ui, view: &mut View, open: bool, actions: &mut Actions) {
    if open {
        return;
    }
    Panel::bottom("tool-bar")
        .exact_size(32.0)
        .frame(bare(ui))
        .show(ui, |ui| tool_tabs(ui, view, open, actions));
}

fn tool_tabs(ui: &mut Ui, view: &mut View, open: bool, actions: &mut Actions) {
    ui.horizontal(|ui| {
        ui.set_height(30.0);
        ui.add_space(4.0);
        let current = open.then_some(view.tool);
        if let Some(tool) = tab_list(ui, "Tools", &TOOLS, current) {
            view.tool = tool;
            if !open {
                actions.run(Command::ToggleTools);
            }
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            ui.add_space(4.0);
            let icon = if open { icons::CARET_DOWN } else { icons::CARET_UP };
            command_icon(ui, icon, Command::ToggleTools, actions);
        });
    });
}

fn tool_panel(ui: &mut Ui, view: &mut View, scene: &Scene<'_>, actions: &mut Actions) {
    let height = ui.available_height();
    let panel = Panel::bottom("tools").resizable(true).frame(bare(ui));
    panel.default_size(tools_height(height)).size_range(120.0..=(height - 160.0).max(130.0)).show(ui, |ui| {
        fill(ui);
        tool_tabs(ui, view, true, actions);
        hairline(ui);
        match view.tool {
            Tool::Plots => view.plots.show(ui, scene, actions),
            Tool::Publish => view.publish.show(ui, scene, actions),
            Tool::Subscriptions => view.subscriptions.show(ui, scene, actions),
            Tool::Log => view.log.show(ui, scene, actions),
            Tool::Protocol => view.protocol.show(ui, scene, actions),
        }
    });
}

/// How high the tools are at first: in a small window the payload needs the room more.
fn tools_height(height: f32) -> f32 {
    (height * 0.34).clamp(168.0, 248.0)
}

/// What failed, why and what to try, over the tree as long as it is so.
fn banner(ui: &mut Ui, scene: &Scene<'_>, examined: bool, actions: &mut Actions) {
    let t = tokens(ui);
    let stats = scene.model.stats();
    let mut remedies = Vec::new();
    let (title, text) = if let Some(crash) = &scene.status.crashed {
        let reason = words::session::crash(crash, language(ui));
        (
            "This session stopped working".to_owned(),
            format!("{reason}\nConnect again to go on; the tree is kept"),
        )
    } else if let Some(failure) = &scene.status.failure {
        if !examined {
            remedies.push((Command::Examine.label(), Command::Examine));
        }
        remedies.push((Command::EditConnection.label(), Command::EditConnection));
        let Told { what, why, hint } = words::failure(failure, language(ui));
        (format!("{what} failed"), format!("{why}\n{hint}"))
    } else if stats.refused_topics > 0 {
        remedies.push(("Change subscriptions", Command::ShowSubscriptions));
        full_tree(&stats, scene.model.limits())
    } else {
        return;
    };
    let ground = egui::Frame::NONE.fill(t.surface_2).inner_margin(Margin::symmetric(12, 8));
    Panel::top("banner").frame(ground).show(ui, |ui| {
        ui.horizontal_top(|ui| {
            ui.label(RichText::new(icons::WARNING).font(theme::icon_font()).color(t.error));
            ui.vertical(|ui| {
                ui.spacing_mut().item_spacing.y = 2.0;
                ui.add(
                    egui::Label::new(RichText::new(title).font(theme::strong_font())).wrap().selectable(true),
                );
                let text = RichText::new(text.trim_end()).color(t.text_muted);
                ui.add(egui::Label::new(text).wrap().selectable(true));
                if remedies.is_empty() {
                    return;
                }
                ui.add_space(4.0);
                ui.horizontal(|ui| {
                    for (label, command) in remedies {
                        // A button's usual ground is the banner's.
                        let button = ui.add(egui::Button::new(label).fill(t.surface_0));
                        if button.on_hover_text(command.tooltip(ui.ctx())).clicked() {
                            actions.run(command);
                        }
                    }
                });
            });
        });
    });
}

/// What a topic storm has come to, and what helps.
fn full_tree(stats: &Stats, limits: Limits) -> (String, String) {
    let at_least = if stats.refused_topics >= REFUSED_TOPICS_COUNTED_MAX { "at least " } else { "" };
    let topics = format::plural(u64::from(stats.refused_topics), "new topic", "new topics");
    let messages = format::plural(stats.refused_messages, "message", "messages");
    (
        format!("The tree is full: {at_least}{topics} not added"),
        format!(
            "It has reached its limit of {}. {messages} of new topics counted and not kept; the topics that are shown \
             go on. A narrower subscription brings fewer topics; \u{201c}Clear topics\u{2026}\u{201d} makes room",
            format::bytes(limits.tree_bytes as u64)
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_tree_says_how_much_it_refused_and_what_helps() {
        let limits = Limits { tree_bytes: 2 << 30, ..Limits::default() };
        let stats = Stats { refused_topics: 12, refused_messages: 3_456, ..Stats::default() };
        let (title, text) = full_tree(&stats, limits);
        assert_eq!(title, "The tree is full: 12 new topics not added");
        assert!(text.contains("3,456 messages") && text.contains("narrower subscription"), "{text}");

        let many = Stats { refused_topics: REFUSED_TOPICS_COUNTED_MAX, ..stats };
        assert!(full_tree(&many, limits).0.contains("at least 65,536 new topics"));
    }
}
