//! The texts of the visible rows, kept until what they say changes. Counters change at most ten times a second.

use std::time::Duration;

use eframe::egui::Ui;
use rustc_hash::FxHashMap;

use crate::model::{MessageId, Node, NodeId};
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::ui::language;
use crate::words::{Language, format, payload, topics as words};

/// Counters and ages are rewritten after this many seconds.
const COUNTERS_SECONDS: f64 = 0.1;
/// How long a changed value is marked.
pub const FLASH_SECONDS: f64 = 0.6;
/// The longest preview, in characters.
const PREVIEW_CHARS: usize = 160;

/// What one row says.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// Name of the level.
    pub name: String,
    /// The newest value on one line, or how many topics are below.
    pub value: String,
    /// Whether `value` is a payload's preview.
    pub is_value: bool,
    /// How many messages the subtree received.
    pub messages: String,
    /// How many messages the subtree receives per second.
    pub rate: String,
    /// How long ago the newest message of the subtree arrived.
    pub age: String,
    newest: Option<MessageId>,
    topics_below: u32,
    written: f64,
    used: bool,
}

/// The texts of all visible rows.
#[derive(Debug, Default)]
pub struct Cells {
    texts: FxHashMap<NodeId, Texts>,
    language: Language,
    now: f64,
    youngest: f64,
    flashing: bool,
    /// Whether a row came into view in this frame, or shows another value than before.
    pub changed: bool,
}

impl Cells {
    /// Begins a frame.
    pub fn begin(&mut self, ui: &Ui) {
        let language = language(ui);
        if self.language != language {
            self.language = language;
            self.texts.clear();
        }
        self.now = ui.input(|input| input.time);
        self.youngest = f64::INFINITY;
        self.flashing = false;
        self.changed = false;
    }

    /// Forgets the rows that went out of view.
    pub fn end(&mut self) {
        self.texts.retain(|_, texts| std::mem::take(&mut texts.used));
    }

    /// How long until a visible text changes by itself: a flash that fades or an age that grows.
    pub fn next_change(&self, scene: &Scene<'_>) -> Option<Duration> {
        if scene.paused {
            return None;
        }
        let seconds = match self.youngest {
            _ if self.flashing => 0.066,
            age if age < 60.0 => 1.0 - age.fract(),
            age if age < 3_600.0 => 60.0 - age % 60.0,
            age if age < 86_400.0 => 3_600.0 - age % 3_600.0,
            _ => return None,
        };
        Some(Duration::from_secs_f64(seconds.max(0.03)))
    }

    /// The texts of a row, brought up to date, and how strongly its value flashes (0 to 1).
    pub fn of(&mut self, node: NodeId, scene: &Scene<'_>) -> (&Texts, f32) {
        let (now, language) = (self.now, self.language);
        let texts = self.texts.entry(node).or_default();
        texts.used = true;
        let Some(info) = scene.model.node(node) else { return (texts, 0.0) };
        let newest = info.topic.map(|topic| topic.newest.id());
        let first = texts.name.is_empty();
        if first {
            texts.name = level_name(info.segment, language);
        }
        self.changed |= first || newest != texts.newest;
        if first || newest != texts.newest || (newest.is_none() && info.topics_below != texts.topics_below) {
            write_value(texts, &info, language);
        }
        if first || now - texts.written >= COUNTERS_SECONDS {
            texts.written = now;
            texts.messages = format::count(info.messages);
            texts.rate = format::rate(info.rate);
            texts.age =
                info.last_arrived.map_or_else(String::new, |then| format::age(then, scene.now, language));
        }
        let age = info.last_arrived.map_or(f64::INFINITY, |then| scene.now.seconds_since(then).max(0.0));
        self.youngest = self.youngest.min(age);
        let own_age = info
            .topic
            .map_or(f64::INFINITY, |topic| scene.now.seconds_since(topic.newest.arrived()).max(0.0));
        let flash = if scene.settings.flash_on_update && own_age < FLASH_SECONDS && !scene.paused {
            self.flashing = true;
            (1.0 - own_age / FLASH_SECONDS) as f32
        } else {
            0.0
        };
        (texts, flash)
    }
}

fn write_value(texts: &mut Texts, info: &Node<'_>, language: Language) {
    texts.newest = info.topic.map(|topic| topic.newest.id());
    texts.topics_below = info.topics_below;
    if let Some(topic) = info.topic {
        texts.value = payload::preview(topic.newest.payload(), PREVIEW_CHARS, language);
        texts.is_value = true;
    } else {
        texts.value = words::topics_below(u64::from(info.topics_below), language);
        texts.is_value = false;
    }
}

/// A level as it is shown: `(empty)` for an empty one, � for bytes that are not UTF-8, and symbols for invisible and
/// bidirectional characters.
pub fn level_name(segment: &[u8], language: Language) -> String {
    if segment.is_empty() {
        return words::EMPTY_LEVEL.of(language).to_owned();
    }
    visible_line(&String::from_utf8_lossy(segment)).into_owned()
}
