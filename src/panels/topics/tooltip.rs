//! The tooltip of a row: the whole name, the value, and details of the newest message.

use eframe::egui::{RichText, Ui};

use crate::model::Row;
use crate::panels::scene::Scene;
use crate::panels::topics::cells::row_name;
use crate::payload::decode::Violation;
use crate::query::Readings;
use crate::session::status::ConnectionState;
use crate::ui::tokens::tokens;
use crate::ui::{language, theme};
use crate::words::{format, inspector, payload, topics as words};

/// How many characters of names and values are shown.
const SHOWN_CHARS: usize = 400;
const WIDTH: f32 = 420.0;

/// Fills the tooltip of a row.
pub fn show(ui: &mut Ui, row: &Row, violation: Option<&Violation>, scene: &Scene<'_>) {
    let (t, l) = (tokens(ui), language(ui));
    let Some(node) = scene.model.node(row.node) else { return };
    ui.set_max_width(WIDTH);
    let name = row_name(scene.model, row, l);
    let mut shown: String = name.chars().take(SHOWN_CHARS).collect();
    if shown.len() < name.len() {
        shown = format::cut(&shown, name.len() as u64, l);
    }
    ui.label(RichText::new(shown).font(theme::mono_small_font()).color(t.text_muted));
    let Some(newest) = node.topic.map(|topic| topic.newest) else {
        let below = words::topics_below(u64::from(node.topics_below), l);
        ui.label(RichText::new(below).font(theme::small_font()).color(t.text_muted));
        return;
    };
    let choice = Readings::default().choice_of(scene.model, scene.rules, &newest);
    let value = payload::preview(newest.payload(), choice.as_ref(), SHOWN_CHARS, l);
    ui.label(RichText::new(value).font(theme::mono_font()));
    if let Some(violation) = violation {
        let text = RichText::new(inspector::violation(violation, l)).font(theme::small_font());
        ui.label(text.color(t.warn));
    }
    let facts = [
        format::date_time(newest.arrived()),
        inspector::exact_bytes(newest.payload_bytes(), l),
        inspector::qos(newest.flags().qos).of(l).to_owned(),
    ];
    for fact in facts {
        ui.label(RichText::new(fact).font(theme::small_font()).color(t.text_muted));
    }
    if newest.is_retained() {
        let version = match &scene.status.state {
            ConnectionState::Connected { version, .. } => Some(*version),
            _ => None,
        };
        let help = RichText::new(words::retained_help(version).of(l)).font(theme::small_font());
        ui.label(help.color(t.text_muted));
    }
}
