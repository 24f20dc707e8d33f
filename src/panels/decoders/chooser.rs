//! The button above a payload that makes a rule of what is seen there, in two clicks.

use eframe::egui::{Popup, Ui};

use crate::command::{Actions, Command, DecoderAction, Tool};
use crate::model::NodeId;
use crate::panels::scene::Scene;
use crate::payload::decode::Choice;
use crate::payload::visible_line;
use crate::query::filter_of_topics_like;
use crate::store::profiles::DecoderRule;
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::{icon_button, icon_button_colored};
use crate::ui::{icons, language};
use crate::words::decoders as words;

/// A longer filter does not fit into a menu.
const SHOWN_CHARS_MAX: usize = 60;

/// Draws the button of a topic whose payload is seen through `seen`; `None` while no decoder is.
pub(in crate::panels) fn button(
    ui: &mut Ui,
    scene: &Scene<'_>,
    node: NodeId,
    seen: Option<&Choice>,
    actions: &mut Actions,
) {
    let (t, l) = (tokens(ui), language(ui));
    // Rules are kept as text.
    let Ok(topic) = String::from_utf8(scene.model.topic_bytes(node)) else { return };
    let rule = scene.rules.of_topic(topic.as_bytes());
    let button = match rule {
        Some(rule) => {
            let help = words::ruled(&visible_line(&rule.filter), &rule.decoder, l);
            icon_button_colored(ui, icons::EYE, words::CHOOSE.of(l), &help, t.accent)
        }
        None => icon_button(ui, icons::EYE, words::CHOOSE.of(l), words::CHOOSE_HELP.of(l)),
    };
    Popup::menu(&button).show(|ui| {
        if let Some(seen) = seen {
            let mut offer = |ui: &mut Ui, filter: String, label: String| {
                if ui.button(label).clicked() {
                    let decoder = seen.to_string();
                    actions.push(DecoderAction::Set(DecoderRule { filter, decoder }));
                    ui.close();
                }
            };
            let name = words::decoder(seen.format(), l);
            if let Some(like) = filter_of_topics_like(&topic) {
                offer(ui, topic.clone(), words::always_this(name, l));
                let label = words::always_like_this(&shortened(&like), name, l);
                offer(ui, like, label);
            } else {
                offer(ui, topic.clone(), words::always_this(name, l));
            }
        }
        if let Some(rule) = rule
            && ui.button(words::remove(&shortened(&rule.filter), l)).clicked()
        {
            actions.push(DecoderAction::Remove(rule.filter.clone()));
            ui.close();
        }
        ui.separator();
        if ui.button(words::RULES.of(l)).clicked() {
            actions.run(Command::ShowTool(Tool::Decoders));
            ui.close();
        }
    });
}

fn shortened(filter: &str) -> String {
    let mut shown: String = filter.chars().take(SHOWN_CHARS_MAX).collect();
    if shown.len() < filter.len() {
        shown.push('…');
    }
    visible_line(&shown).into_owned()
}
