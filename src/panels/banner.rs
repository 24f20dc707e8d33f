//! What is wrong with the session, over its tree as long as it is so: what failed, why, and what to try.

use eframe::egui::{self, Margin, Panel, RichText, Ui};

use crate::command::{Actions, Command, Tool};
use crate::panels::scene::Scene;
use crate::ui::tokens::tokens;
use crate::ui::{icons, language, theme};
use crate::words::{self, Told, status};

/// What failed, why and what to try, over the tree as long as it is so.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, examined: bool, actions: &mut Actions) {
    let t = tokens(ui);
    let l = language(ui);
    let stats = scene.model.stats();
    let mut remedies = Vec::new();
    let (title, text) = if let Some(crash) = &scene.status.crashed {
        status::crashed(&words::session::crash(crash, l), l)
    } else if let Some(failure) = &scene.status.failure {
        if !examined {
            remedies.push((Command::Examine.label(l), Command::Examine));
        }
        remedies.push((Command::EditConnection.label(l), Command::EditConnection));
        let Told { what, why, hint } = words::failure(failure, l);
        (status::failed(&what, l), format!("{why}\n{hint}"))
    } else if stats.refused_topics > 0 {
        remedies.push((status::CHANGE_SUBSCRIPTIONS.of(l), Command::ShowTool(Tool::Subscriptions)));
        status::full_tree(&stats, scene.model.limits(), l)
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
