//! Shows what is wrong with the session above its tree: what failed, why, and what to try.

use eframe::egui::{self, Margin, Panel, RichText, Ui, accesskit};

use crate::command::{Actions, Command, Tool};
use crate::mqtt::failure::Failure;
use crate::panels::excerpt;
use crate::panels::scene::Scene;
use crate::ui::tokens::tokens;
use crate::ui::widgets::access::{self, keyed};
use crate::ui::{icons, language, theme};
use crate::words::{self, Language, Told, status};

/// The banner's texts and the buttons that help.
struct Trouble<'a> {
    title: String,
    texts: Vec<String>,
    remedies: Vec<(&'static str, Command)>,
    /// The failure behind the texts, if some of the words may come from a broker.
    failure: Option<&'a Failure>,
}

/// Draws the banner if something is wrong. `examined`: a connection test is already shown.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, examined: bool, actions: &mut Actions) {
    let Some(trouble) = trouble(scene, examined, language(ui)) else { return };
    let ground = egui::Frame::NONE.fill(tokens(ui).surface_2).inner_margin(Margin::symmetric(12, 8));
    Panel::top("banner").frame(ground).show(ui, |ui| {
        // Read out at once, whatever the person is doing.
        access::announced(ui, "banner", accesskit::Role::Alert, |ui| {
            ui.horizontal_top(|ui| {
                ui.label(RichText::new(icons::WARNING).font(theme::icon_font()).color(tokens(ui).error));
                ui.vertical(|ui| draw(ui, &trouble, actions));
            });
        });
    });
}

fn trouble<'a>(scene: &'a Scene<'_>, examined: bool, l: Language) -> Option<Trouble<'a>> {
    let stats = scene.model.stats();
    if let Some(crash) = &scene.status.crashed {
        let (title, text) = status::crashed(&words::session::crash(crash, l), l);
        return Some(Trouble { title, texts: vec![text], remedies: Vec::new(), failure: None });
    }
    if let Some(failure) = &scene.status.failure {
        let Told { what, why, hint } = words::failure(failure, l);
        let examine = (!examined).then_some((Command::Examine.label(l), Command::Examine));
        let edit = (Command::EditConnection.label(l), Command::EditConnection);
        return Some(Trouble {
            title: status::failed(&what, l),
            texts: vec![why, hint],
            remedies: examine.into_iter().chain([edit]).collect(),
            failure: Some(failure),
        });
    }
    (stats.refused_topics > 0).then(|| {
        let (title, text) = status::full_tree(&stats, scene.model.limits(), l);
        let change = (status::CHANGE_SUBSCRIPTIONS.of(l), Command::ShowTool(Tool::Subscriptions));
        Trouble { title, texts: vec![text], remedies: vec![change], failure: None }
    })
}

fn draw(ui: &mut Ui, trouble: &Trouble<'_>, actions: &mut Actions) {
    let Trouble { title, texts, remedies, failure } = trouble;
    let t = tokens(ui);
    ui.spacing_mut().item_spacing.y = 2.0;
    let mut is_cut = failure.is_some_and(|failure| !words::names_not_shown(failure).is_empty());
    is_cut |= excerpt::show(ui, title, theme::strong_font(), t.text);
    for text in texts.iter().filter(|text| !text.is_empty()) {
        is_cut |= excerpt::show(ui, text, theme::text_font(), t.text_muted);
    }
    if remedies.is_empty() && !is_cut {
        return;
    }
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        for (label, command) in remedies {
            // A button's usual ground is the banner's.
            keyed(ui, command, |ui| {
                let button = ui.add(egui::Button::new(*label).fill(t.surface_0));
                if button.on_hover_text(command.tooltip(ui.ctx())).clicked() {
                    actions.run(*command);
                }
            });
        }
        if is_cut {
            let l = language(ui);
            let whole =
                || failure.map_or_else(|| texts.join("\n"), |failure| words::failure_whole(failure, l));
            excerpt::show_all(ui, t.surface_0, title, whole, actions);
        }
    });
}
