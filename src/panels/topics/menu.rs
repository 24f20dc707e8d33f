//! The context menu of a row: actions for a topic or level.

use bytes::Bytes;
use eframe::egui::{Id, Response, Ui};

use crate::command::{
    Action, Actions, ExchangeAction, ExchangePurpose, Outgoing, PlotAction, PublishAction, RetainedAction,
    SubscriptionAction, TopicAction,
};
use crate::model::{Node, Row, Stored};
use crate::mqtt::filter::check_filter;
use crate::mqtt::options::Subscription;
use crate::panels::exchange::filter_below;
use crate::panels::received;
use crate::panels::scene::Scene;
use crate::payload::query::number_of;
use crate::query::has_state;
use crate::ui::widgets::context_menu::{self, Item, Menu};
use crate::ui::{icons, language};
use crate::words::{Language, clipboard, exchange, retained, topics as words};

/// What the menu is about.
struct Target<'a> {
    row: &'a Row,
    scene: &'a Scene<'a>,
    node: Node<'a>,
    /// The whole topic, if it is valid UTF-8 that can be sent.
    topic: Option<String>,
    language: Language,
}

/// Shows a row's menu while it is open. `tree` has the focus, and its keys act on the selected row.
pub fn show(ui: &Ui, response: &Response, tree: Id, row: &Row, scene: &Scene<'_>, actions: &mut Actions) {
    let has_keyboard = scene.selected == Some(row.node) && ui.memory(|memory| memory.has_focus(tree));
    let language = language(ui);
    context_menu::show(response, tree, has_keyboard, |menu| {
        let Some(node) = scene.model.node(row.node) else { return };
        let topic = String::from_utf8(scene.model.topic_bytes(row.node)).ok();
        let target = Target { row, scene, node, topic, language };
        target.look(menu, actions);
        target.compare(menu, actions);
        menu.separator();
        target.copy(menu, actions);
        menu.separator();
        target.broker(menu, actions);
        menu.separator();
        target.exchange(menu, actions);
        menu.separator();
        target.keep(menu, actions);
    });
}

impl Target<'_> {
    fn newest(&self) -> Option<Stored<'_>> {
        self.node.topic.as_ref().map(|topic| topic.newest)
    }

    /// Why the broker cannot be asked anything about this topic.
    fn unsendable(&self, needs_connection: bool) -> Option<&'static str> {
        let why = if self.topic.is_none() {
            words::NOT_TEXT
        } else if needs_connection && !self.scene.status.state.is_connected() {
            words::NEEDS_CONNECTION
        } else {
            return None;
        };
        Some(why.of(self.language))
    }

    /// Adds entries that change only what is shown.
    fn look(&self, menu: &mut Menu<'_>, actions: &mut Actions) {
        let (l, node) = (self.language, self.row.node);
        if menu.item(&Item::new(icons::EYE, words::SHOW_ONLY.of(l))) {
            actions.push(TopicAction::ShowOnly(Some(node)));
        }
        if self.row.has_children {
            if menu.item(&Item::new(icons::ARROWS_OUT_LINE_VERTICAL, words::EXPAND_BELOW.of(l))) {
                actions.push(TopicAction::ExpandSubtree(node));
            }
            if menu.item(&Item::new(icons::ARROWS_IN_LINE_VERTICAL, words::COLLAPSE_BELOW.of(l))) {
                actions.push(TopicAction::CollapseSubtree(node));
            }
        }
        if menu.item(&Item::new(icons::ROWS, words::STREAM.of(l))) {
            actions.push(TopicAction::Stream(node));
        }
        let is_plotted = |payload: &[u8]| number_of(payload).is_some() || has_state(payload, None, None);
        let is_number = self.newest().is_some_and(|newest| is_plotted(newest.payload()));
        let why = (!is_number).then_some(words::NOT_A_NUMBER.of(l));
        if menu.item(&Item::new(icons::CHART_LINE, words::PLOT.of(l)).unless(why)) {
            actions.push(PlotAction::Add { node, path: None });
        }
    }

    fn compare(&self, menu: &mut Menu<'_>, actions: &mut Actions) {
        let l = self.language;
        let has_value = |node| self.scene.model.node(node).is_some_and(|node| node.topic.is_some());
        let why = match self.scene.selected {
            Some(selected) if selected == self.row.node => Some(words::IS_SELECTED),
            Some(selected) if has_value(selected) && has_value(self.row.node) => None,
            Some(selected) if has_value(selected) => Some(words::NO_VALUE),
            _ => Some(words::NONE_SELECTED),
        };
        let item = Item::new(icons::ROWS, words::COMPARE.of(l)).unless(why.map(|why| why.of(l)));
        if menu.item(&item) {
            actions.push(TopicAction::CompareWith(self.row.node));
        }
    }

    fn copy(&self, menu: &mut Menu<'_>, actions: &mut Actions) {
        let l = self.language;
        let bytes = self.scene.model.topic_bytes(self.row.node);
        if menu.item(&Item::new(icons::COPY, words::COPY_TOPIC.of(l))) {
            let what = if self.topic.is_some() { clipboard::TOPIC } else { clipboard::LOSSY_TOPIC };
            actions.push(Action::Copy { what, text: lossy(&bytes) });
        }
        let newest = self.newest();
        let why = match &newest {
            None => Some(words::NO_VALUE.of(l)),
            // A copy of only the beginning would pass for the whole payload; the inspector says what can be done.
            Some(newest) if newest.is_payload_dropped() => Some(words::ONLY_HEAD.of(l)),
            Some(_) => None,
        };
        if menu.item(&Item::new(icons::COPY, words::COPY_PAYLOAD.of(l)).unless(why))
            && let Some(newest) = newest
        {
            actions.push(Action::Copy { what: clipboard::PAYLOAD, text: lossy(newest.payload()) });
        }
        if menu.item(&Item::new(icons::COPY, words::COPY_NAME.of(l))) {
            actions.push(Action::Copy { what: clipboard::LEVEL, text: lossy(self.node.segment) });
        }
        if menu.item(&Item::new(icons::FLOPPY_DISK, words::EXPORT_VALUES.of(l))) {
            actions.push(TopicAction::ExportValues(self.row.node));
        }
    }

    /// Adds entries that ask something of the broker.
    fn broker(&self, menu: &mut Menu<'_>, actions: &mut Actions) {
        let l = self.language;
        let topic = self.topic.clone().unwrap_or_default();
        if menu.item(
            &Item::new(icons::PAPER_PLANE_TILT, words::PUBLISH_TO_TOPIC.of(l)).unless(self.unsendable(false)),
        ) {
            let newest = self.newest().filter(|newest| !newest.is_payload_dropped());
            let payload = newest.map_or_else(Bytes::new, |newest| newest.payload_shared());
            actions.push(PublishAction::Compose(Outgoing {
                topic: topic.clone(),
                payload,
                ..Outgoing::default()
            }));
        }
        let why = match self.newest() {
            None => Some(words::NO_VALUE.of(l)),
            Some(newest) if newest.is_payload_dropped() => Some(words::ONLY_HEAD.of(l)),
            Some(_) => self.unsendable(false),
        };
        if menu.item(&Item::new(icons::NOTE_PENCIL, words::EDIT_NEWEST.of(l)).unless(why))
            && let Some(newest) = self.newest()
        {
            actions.push(PublishAction::Compose(received::outgoing(topic.clone(), &newest)));
        }
        let filter = format!("{topic}/#");
        let no_filter = check_filter(&filter).is_err().then_some(words::NO_FILTER.of(l));
        let why = self.unsendable(true).or(no_filter);
        if menu.item(&Item::new(icons::FUNNEL, words::SUBSCRIBE_BELOW.of(l)).unless(why)) {
            actions.push(SubscriptionAction::Add(Subscription { filter, ..Subscription::default() }));
        }
        let filter = format!("{topic}/#");
        let list = Item::new(icons::PUSH_PIN, retained::LIST_BELOW.of(l));
        if menu.item(&list.unless(self.unsendable(true).or(no_filter))) {
            actions.push(RetainedAction::List(filter));
        }
        let clear = Item::new(icons::ERASER, words::CLEAR_RETAINED.of(l)).dangerous();
        if menu.item(&clear.unless(self.unsendable(true))) {
            actions.push(PublishAction::ClearRetained(Outgoing {
                topic,
                retain: true,
                ..Outgoing::default()
            }));
        }
    }

    /// Adds entries that do something with all messages at and below the level.
    fn exchange(&self, menu: &mut Menu<'_>, actions: &mut Actions) {
        let l = self.language;
        let filter = self.topic.as_deref().map(filter_below).unwrap_or_default();
        let why = match &self.topic {
            None => Some(words::NOT_TEXT.of(l)),
            Some(_) if check_filter(&filter).is_err() => Some(words::NO_FILTER.of(l)),
            Some(_) => None,
        };
        for (purpose, icon, label) in [
            (ExchangePurpose::Export, icons::FILE, exchange::EXPORT_BELOW),
            (ExchangePurpose::Snapshot, icons::FLOPPY_DISK, exchange::SNAPSHOT_BELOW),
            (ExchangePurpose::Replay, icons::PLAY, exchange::REPLAY_BELOW),
        ] {
            if menu.item(&Item::new(icon, label.of(l)).unless(why)) {
                actions.push(ExchangeAction::Ask { purpose, filter: filter.clone(), criteria: Vec::new() });
            }
        }
    }

    /// Adds entries that keep or remove something in the program.
    fn keep(&self, menu: &mut Menu<'_>, actions: &mut Actions) {
        let (l, node) = (self.language, self.row.node);
        let is_pinned = self.topic.as_ref().is_some_and(|topic| self.scene.pinned.contains(topic));
        let label = if is_pinned { words::UNPIN } else { words::PIN };
        if menu.item(&Item::new(icons::BOOKMARK_SIMPLE, label.of(l)).unless(self.unsendable(false)))
            && let Some(topic) = self.topic.clone()
        {
            actions.push(if is_pinned { TopicAction::Unpin(topic) } else { TopicAction::Pin(topic) });
        }
        let why = self.node.topic.is_none().then_some(words::NO_VALUE.of(l));
        if menu.item(&Item::new(icons::TRASH, words::FORGET.of(l)).unless(why)) {
            actions.push(TopicAction::Forget(node));
        }
        if self.row.has_children && menu.item(&Item::new(icons::TRASH, words::FORGET_BELOW.of(l))) {
            actions.push(TopicAction::AskForgetBelow(node));
        }
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
