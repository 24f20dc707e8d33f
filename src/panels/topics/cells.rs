//! The texts of the rows that show, kept until what they say changes. Counters change at most ten times a second.

use std::time::Duration;

use eframe::egui::Ui;
use rustc_hash::FxHashMap;

use crate::model::{MessageId, Node, NodeId};
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::ui::language;
use crate::words::{Language, format, payload};

/// Counters and ages are written anew after this many seconds.
const COUNTERS_SECONDS: f64 = 0.1;
/// A changed value is marked for this long.
pub const FLASH_SECONDS: f64 = 0.6;
/// A preview is never longer, in characters.
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
    /// Messages of the subtree.
    pub messages: String,
    /// Messages per second of the subtree.
    pub rate: String,
    /// Since the newest message of the topic.
    pub age: String,
    newest: Option<MessageId>,
    topics_below: u32,
    written: f64,
    used: bool,
}

/// The texts of all rows that show.
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

    /// Forgets the rows that no longer show.
    pub fn end(&mut self) {
        self.texts.retain(|_, texts| std::mem::take(&mut texts.used));
    }

    /// When a text that shows changes by itself: a flash that fades or an age that grows.
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

    /// The texts of a row, made anew where they are out of date, and how strongly its value flashes (0 to 1).
    pub fn of(&mut self, node: NodeId, scene: &Scene<'_>) -> (&Texts, f32) {
        let (now, language) = (self.now, self.language);
        let texts = self.texts.entry(node).or_default();
        texts.used = true;
        let Some(info) = scene.model.node(node) else { return (texts, 0.0) };
        let newest = info.topic.map(|topic| topic.newest.id());
        let first = texts.name.is_empty();
        if first {
            texts.name = level_name(info.segment);
        }
        self.changed |= first || newest != texts.newest;
        if first || newest != texts.newest || (newest.is_none() && info.topics_below != texts.topics_below) {
            write_value(texts, &info);
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

fn write_value(texts: &mut Texts, info: &Node<'_>) {
    texts.newest = info.topic.map(|topic| topic.newest.id());
    texts.topics_below = info.topics_below;
    if let Some(topic) = info.topic {
        texts.value = payload::preview(topic.newest.payload(), PREVIEW_CHARS, Language::English);
        texts.is_value = true;
    } else {
        texts.value = format!("({})", format::plural(u64::from(info.topics_below), "topic", "topics"));
        texts.is_value = false;
    }
}

/// A level as it is shown: `(empty)` for an empty one, bytes that are no UTF-8 as replacement characters, and characters
/// that nobody would see as signs.
pub fn level_name(segment: &[u8]) -> String {
    if segment.is_empty() {
        return "(empty)".to_owned();
    }
    visible_line(&String::from_utf8_lossy(segment)).into_owned()
}
