//! The tree's keyboard: arrows, Home, End, pages, Enter, and typing the beginning of a name.

use eframe::egui::{self, Event, Key, Modifiers, Ui};

use crate::command::{Actions, RetainedAction, TopicAction};
use crate::model::Row;
use crate::mqtt::filter::check_filter;
use crate::panels::scene::Scene;
use crate::panels::topics::cells::row_name;
use crate::panels::topics::select;
use crate::query::SearchQuery;
use crate::ui::language;
use crate::ui::widgets::virtual_list::Move;

/// After a pause this long, typing starts a new word.
const WORD_SECONDS: f64 = 1.0;
/// How many rows are searched for a typed beginning.
const ROWS_SEARCHED: usize = 20_000;

/// What was typed to find a name.
#[derive(Clone, Debug, Default)]
pub struct TypeAhead {
    word: String,
    typed_at: f64,
}

/// Handles this frame's keys while the tree has the focus.
pub fn handle(
    ui: &Ui,
    scene: &Scene<'_>,
    selected_row: Option<u64>,
    page: u64,
    is_searching: bool,
    type_ahead: &mut TypeAhead,
    actions: &mut Actions,
) {
    let model = scene.model;
    let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
    let is_scoped = model.scope().is_some();
    if is_searching && pressed(Key::Escape) {
        actions.push(TopicAction::Search(SearchQuery::default()));
        return;
    }
    if is_scoped && (pressed(Key::Escape) || pressed(Key::Backspace)) {
        actions.push(TopicAction::ShowOnly(None));
        return;
    }
    if let Some(to) = Move::from_keys(ui) {
        let target = to.apply(selected_row, model.row_count(), page);
        if let Some(row) = target.and_then(|row| model.rows(row, 1).next()) {
            select(row.node, actions);
        }
        return;
    }
    let Some(row) = selected_row.and_then(|row| model.rows(row, 1).next()) else {
        find(ui, scene, None, type_ahead, actions);
        return;
    };
    if pressed(Key::Delete) {
        list_retained(scene, &row, actions);
    } else if pressed(Key::ArrowRight) {
        open_or_enter(scene, &row, selected_row, actions);
    } else if pressed(Key::ArrowLeft) {
        close_or_leave(scene, &row, actions);
    } else if pressed(Key::Enter) && row.has_children {
        actions.push(TopicAction::SetExpanded(row.node, !row.expanded));
    } else {
        find(ui, scene, selected_row, type_ahead, actions);
    }
}

/// Shows what the broker retains at and below a row, to be cleared there: nothing is removed by a key alone.
fn list_retained(scene: &Scene<'_>, row: &Row, actions: &mut Actions) {
    let Ok(topic) = String::from_utf8(scene.model.topic_bytes(row.node)) else { return };
    let filter = format!("{topic}/#");
    if scene.status.state.is_connected() && check_filter(&filter).is_ok() {
        actions.push(RetainedAction::List(filter));
    }
}

fn open_or_enter(scene: &Scene<'_>, row: &Row, number: Option<u64>, actions: &mut Actions) {
    if row.has_children && !row.expanded {
        actions.push(TopicAction::SetExpanded(row.node, true));
    } else if row.has_children
        && let Some(child) = number.and_then(|number| scene.model.rows(number + 1, 1).next())
    {
        select(child.node, actions);
    }
}

fn close_or_leave(scene: &Scene<'_>, row: &Row, actions: &mut Actions) {
    if row.has_children && row.expanded {
        actions.push(TopicAction::SetExpanded(row.node, false));
    } else if row.level > 0
        && let Some(parent) = scene.model.node(row.first).and_then(|node| node.parent)
    {
        select(parent, actions);
    }
}

/// Selects the next row whose name begins with what was typed.
fn find(ui: &Ui, scene: &Scene<'_>, from: Option<u64>, type_ahead: &mut TypeAhead, actions: &mut Actions) {
    let (typed, now) = ui.input(|input| (typed_text(&input.events), input.time));
    if typed.is_empty() {
        return;
    }
    if now - type_ahead.typed_at > WORD_SECONDS {
        type_ahead.word.clear();
    }
    type_ahead.typed_at = now;
    let fresh = type_ahead.word.is_empty();
    type_ahead.word.push_str(&typed.to_lowercase());

    // A first letter moves on from the selection; further letters narrow it down.
    let start = from.map_or(0, |row| if fresh { row + 1 } else { row });
    let l = language(ui);
    let begins = |row: &Row| row_name(scene.model, row, l).to_lowercase().starts_with(&type_ahead.word);
    let after = scene.model.rows(start, ROWS_SEARCHED).find(begins);
    let found = after.or_else(|| scene.model.rows(0, ROWS_SEARCHED).find(begins));
    if let Some(row) = found {
        select(row.node, actions);
    }
}

fn typed_text(events: &[Event]) -> String {
    events
        .iter()
        .filter_map(|event| match event {
            egui::Event::Text(text) if text.chars().all(|c| !c.is_control()) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}
