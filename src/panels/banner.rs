//! What is wrong with the session, over its tree as long as it is so: what failed, why, and what to try.

use eframe::egui::{self, Margin, Panel, RichText, Ui};

use crate::command::{Actions, Command, Tool};
use crate::model::{Limits, REFUSED_TOPICS_COUNTED_MAX, Stats};
use crate::panels::scene::Scene;
use crate::ui::tokens::tokens;
use crate::ui::{icons, language, theme};
use crate::words::{self, Told, format};

/// What failed, why and what to try, over the tree as long as it is so.
pub fn show(ui: &mut Ui, scene: &Scene<'_>, examined: bool, actions: &mut Actions) {
    let t = tokens(ui);
    let l = language(ui);
    let stats = scene.model.stats();
    let mut remedies = Vec::new();
    let (title, text) = if let Some(crash) = &scene.status.crashed {
        let reason = words::session::crash(crash, l);
        (
            "This session stopped working".to_owned(),
            format!("{reason}\nConnect again to go on; the tree is kept"),
        )
    } else if let Some(failure) = &scene.status.failure {
        if !examined {
            remedies.push((Command::Examine.label(l), Command::Examine));
        }
        remedies.push((Command::EditConnection.label(l), Command::EditConnection));
        let Told { what, why, hint } = words::failure(failure, l);
        (format!("{what} failed"), format!("{why}\n{hint}"))
    } else if stats.refused_topics > 0 {
        remedies.push(("Change subscriptions", Command::ShowTool(Tool::Subscriptions)));
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
