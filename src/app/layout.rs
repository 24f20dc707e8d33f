//! Where everything stands in the window: bars, tree, inspector, tools. Nothing is decided here.

use eframe::egui::{self, CentralPanel, Margin, Panel, RichText, Ui};

use super::action::Actions;
use super::tab::Tab;
use crate::store::publish_history::PublishHistory;
use crate::store::settings::Settings;
use crate::ui::panels::status_bar;
use crate::ui::tokens::{size, tokens};
use crate::ui::{Frame, Panel as _, icons, theme};

/// A panel without a margin, on the panel colour.
pub fn bare(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_1)
}

/// A bar on the window's ground colour.
pub fn bar(ui: &Ui) -> egui::Frame {
    egui::Frame::NONE.fill(tokens(ui).surface_0).inner_margin(Margin::symmetric(4, 0))
}

/// Draws a session: status bar, tools, inspector, tree.
pub fn session(
    ui: &mut Ui,
    tab: &mut Tab,
    settings: &Settings,
    history: &PublishHistory,
    actions: &mut Actions,
) {
    let ctx = ui.ctx().clone();
    let name = tab.name.clone();
    let unsaved = tab.profile.is_none() && !tab.demo;
    tab.frame(&ctx, settings, history, actions, |view, frame, rate, actions| {
        Panel::bottom("status").exact_size(size::STATUS_BAR).frame(bar(ui)).show_separator_line(true).show(
            ui,
            |ui| {
                status_bar::show(ui, frame, status_bar::About { name: &name, rate, unsaved }, actions);
            },
        );
        banner(ui, frame);
        CentralPanel::no_frame().frame(bare(ui)).show(ui, |ui| view.topics.show(ui, frame, actions));
    });
}

/// What failed, why and what to try, over the tree as long as it is so.
fn banner(ui: &mut Ui, frame: &Frame<'_>) {
    let t = tokens(ui);
    let stats = frame.model.stats();
    let (title, text) = if let Some(reason) = &frame.status.crashed {
        (
            "This session stopped working".to_owned(),
            format!("{reason}\nConnect again to go on; the tree is kept"),
        )
    } else if let Some(failure) = &frame.status.failure {
        (failure.what.clone(), format!("{}\n{}", failure.why, failure.suggestion))
    } else if stats.refused_topics > 0 {
        let refused =
            crate::ui::format::plural(u64::from(stats.refused_topics), "new topic was", "new topics were");
        let title = format!("The tree is full: {refused} counted and not added");
        (title, "A narrower subscription than # shows all of its topics".to_owned())
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
            });
        });
    });
}
