//! The texts of the visible rows, cached until their content changes. Counters change at most ten times a second, and
//! not all in the same frame: laying out a number that changed is what a row costs.

use std::collections::VecDeque;
use std::hash::Hasher as _;
use std::time::Duration;

use eframe::egui::{Context, Ui};
use rustc_hash::{FxHashMap, FxHasher};

use crate::message::Timestamp;
use crate::model::{MessageId, Model, Node, NodeId, Row};
use crate::panels::scene::Scene;
use crate::panels::topics::columns::ColumnPlaces;
use crate::panels::topics::lines::{Glyphs, RowLines};
use crate::panels::validity::Validities;
use crate::payload::decode::{Choice, Violation};
use crate::payload::{Glance, visible_line};
use crate::query::{Readings, Rules};
use crate::store::settings::Column;
use crate::ui::{language, motion};
use crate::words::{Language, format, payload, topics as words};

/// Seconds between updates of counters and ages.
const COUNTERS_SECONDS: f64 = 0.1;
/// How long a changed value is highlighted.
pub const FLASH_SECONDS: f64 = 0.6;
/// The longest preview in a narrow pane, and in any pane, in characters.
const PREVIEW_CHARS_MIN: usize = 160;
const PREVIEW_CHARS_MAX: usize = 512;
/// Width of a narrow character in the values' font, in points.
const CHAR_WIDTH: f32 = 7.0;
/// As a pane is widened, previews grow in steps of this many characters.
const PREVIEW_STEP: usize = 32;
/// How many numbers a trend shows.
pub const TREND_VALUES: usize = 30;
/// How many messages back a change of value is looked for.
const CHANGE_MESSAGES: usize = 64;
/// Payloads are compared by this many bytes at either end.
const COMPARED_BYTES: usize = 4096;

/// The texts of a row.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    /// Name of the level, or of the levels that share the row.
    pub name: String,
    /// The newest value on one line, or the number of topics below.
    pub value: String,
    /// The kind of value, if `value` is a payload's preview.
    pub kind: Option<Glance>,
    /// Whether the newest message is known to be retained.
    pub is_retained: bool,
    /// How the newest message breaks its schema; while that is being found out, how the one before it did.
    pub violation: Option<Violation>,
    /// The last numbers, oldest first; empty if they are not shown.
    pub trend: Vec<f64>,
    /// What is drawn of all these.
    pub lines: RowLines,
    /// The numbers of the last messages, oldest first; `None` for a message that is no number.
    numbers: VecDeque<Option<f64>>,
    columns: [String; Column::ALL.len()],
    /// The highest level in `name`.
    first: Option<NodeId>,
    newest: Option<MessageId>,
    /// Fingerprint of the newest payload, to detect a change.
    fingerprint: u64,
    /// When the value changed; `None` if it has not changed since the row came into view.
    changed: Option<Timestamp>,
    last_change: Option<LastChange>,
    preview_chars: usize,
    topics_below: u32,
    /// The turn in which the columns were last written.
    written: i64,
    /// The newest message when the columns were last written.
    counted: Option<MessageId>,
    used: bool,
    /// Whether a rule says what its values have to be.
    has_schema: bool,
    /// Whether the value has to be written again, because the decoder rules changed.
    is_stale: bool,
}

impl Texts {
    /// The text of a column.
    pub fn column(&self, column: Column) -> &str {
        &self.columns[column as usize]
    }
}

/// When a topic received its current value.
#[derive(Clone, Copy, Debug)]
struct LastChange {
    at: Timestamp,
    /// Whether it may have been earlier, because no other value was found.
    or_earlier: bool,
}

/// The texts of all visible rows.
#[derive(Debug, Default)]
pub struct Cells {
    texts: FxHashMap<NodeId, Texts>,
    glyphs: Glyphs,
    generation: u64,
    shown: Vec<Column>,
    preview_chars: usize,
    language: Language,
    now: f64,
    youngest: f64,
    flashing: bool,
    /// Whether nothing is to move by itself.
    is_still: bool,
    readings: Readings,
    validities: Validities,
    /// The rules that the values were written by.
    rules: Rules,
    /// Whether a row came into view in this frame or shows a different value.
    pub changed: bool,
}

impl Cells {
    /// Begins a frame with rows of this width.
    pub fn begin(&mut self, ui: &Ui, places: &ColumnPlaces, width: f32) {
        let language = language(ui);
        let shown = || places.columns.iter().map(|(column, ..)| *column);
        if self.language != language || !self.shown.iter().copied().eq(shown()) {
            self.language = language;
            self.shown = shown().collect();
            self.texts.clear();
        }
        let chars = (width / CHAR_WIDTH).max(0.0) as usize;
        self.preview_chars = chars.next_multiple_of(PREVIEW_STEP).clamp(PREVIEW_CHARS_MIN, PREVIEW_CHARS_MAX);
        self.generation = self.glyphs.generation(ui);
        self.now = ui.input(|input| input.time);
        self.youngest = f64::INFINITY;
        self.flashing = false;
        self.is_still = motion::is_reduced(ui);
        self.changed = false;
    }

    /// Forgets rows that went out of view.
    pub fn end(&mut self, ctx: &Context, rules: &Rules) {
        self.validities.work(ctx, rules);
        self.texts.retain(|_, texts| std::mem::take(&mut texts.used));
    }

    /// How long until a visible text changes by itself: a highlight that fades or an age that grows.
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

    /// The up-to-date texts of a row, and how strongly its value is highlighted (0 to 1).
    pub fn of(&mut self, row: &Row, scene: &Scene<'_>) -> (&Texts, f32) {
        let node = row.node;
        let Self {
            texts,
            glyphs: _,
            generation,
            shown,
            preview_chars,
            language,
            now,
            youngest,
            flashing,
            is_still,
            changed,
            readings,
            validities,
            rules,
        } = self;
        if *rules != *scene.rules {
            *rules = scene.rules.clone();
            for texts in texts.values_mut() {
                texts.is_stale = true;
            }
        }
        let texts = texts.entry(node).or_default();
        texts.used = true;
        texts.lines.generation = *generation;
        let Some(info) = scene.model.node(node) else { return (texts, 0.0) };
        let newest = info.topic.map(|topic| topic.newest.id());
        let first = texts.name.is_empty();
        if first || texts.first != Some(row.first) {
            texts.first = Some(row.first);
            texts.name = row_name(scene.model, row, *language);
        }
        *changed |= first || newest != texts.newest;
        let is_new = newest != texts.newest;
        let is_longer = texts.kind.is_some() && *preview_chars > texts.preview_chars;
        let is_level = newest.is_none() && info.topics_below != texts.topics_below;
        if is_new {
            note_change(texts, &info, first, scene);
        }
        if first || is_new || is_longer || is_level || std::mem::take(&mut texts.is_stale) {
            texts.preview_chars = *preview_chars;
            let choice =
                info.topic.and_then(|topic| readings.choice_of(scene.model, scene.rules, &topic.newest));
            texts.has_schema = choice.as_ref().is_some_and(Choice::has_schema);
            write_value(texts, &info, choice.as_ref(), *language);
        }
        if let Some(newest) = info.topic.map(|topic| topic.newest)
            && (texts.has_schema || texts.violation.is_some())
        {
            let choice = readings.choice_of(scene.model, scene.rules, &newest);
            if let Some(known) = validities.of(&newest, choice.as_ref()) {
                texts.violation = known.first().cloned();
            }
        }
        let turn = turn(node.number(), *now);
        if first || texts.written != turn {
            texts.written = turn;
            for column in shown {
                write_column(*column, texts, &info, scene, *language);
            }
            texts.counted = newest;
        }
        let age = info.last_arrived.map_or(f64::INFINITY, |then| scene.now.seconds_since(then).max(0.0));
        *youngest = youngest.min(age);
        let changed_for = texts.changed.map(|then| scene.now.seconds_since(then).max(0.0));
        let flash = match changed_for.filter(|&seconds| seconds < FLASH_SECONDS) {
            Some(seconds) if scene.settings.flash_on_update && !*is_still && !scene.paused => {
                *flashing = true;
                (1.0 - seconds / FLASH_SECONDS) as f32
            }
            _ => 0.0,
        };
        (texts, flash)
    }
}

/// The turn in which the row of the node with this number is to write its counters. Neighbours take turns; a row keeps
/// its own, however far apart the frames are.
fn turn(node: u32, now: f64) -> i64 {
    // The golden ratio spreads numbers that follow each other evenly, also with others between them.
    let offset = f64::from(node.wrapping_mul(0x9e37_79b9)) / f64::from(u32::MAX);
    (now / COUNTERS_SECONDS + offset).floor() as i64
}

/// Notes whether a new message changed the value.
fn note_change(texts: &mut Texts, info: &Node<'_>, first: bool, scene: &Scene<'_>) {
    let Some(topic) = info.topic else { return };
    let print = fingerprint(topic.newest.payload());
    let before = if first {
        // For a row that comes into view, the previous message decides.
        scene.model.history(info.id).nth(1).map(|before| fingerprint(before.payload()))
    } else {
        texts.newest.map(|_| texts.fingerprint)
    };
    if before != Some(print) {
        texts.changed = Some(topic.newest.arrived());
    }
    texts.fingerprint = print;
}

/// A number that differs if two payloads differ. It ignores changes deep inside large ones.
fn fingerprint(payload: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write_usize(payload.len());
    hasher.write(&payload[..payload.len().min(COMPARED_BYTES)]);
    hasher.write(
        &payload[payload.len().saturating_sub(COMPARED_BYTES).max(COMPARED_BYTES).min(payload.len())..],
    );
    hasher.finish()
}

fn write_value(texts: &mut Texts, info: &Node<'_>, choice: Option<&Choice>, language: Language) {
    texts.newest = info.topic.map(|topic| topic.newest.id());
    texts.topics_below = info.topics_below;
    if let Some(topic) = info.topic {
        let (value, kind) =
            payload::preview_at_a_glance(topic.newest.payload(), choice, texts.preview_chars, language);
        texts.value = value;
        texts.kind = Some(kind);
        texts.is_retained = topic.newest.is_retained();
    } else {
        texts.value = match info.topics_below {
            0 | 1 => String::new(),
            topics => words::topics_below(u64::from(topics), language),
        };
        texts.kind = None;
        texts.is_retained = false;
    }
}

fn write_column(column: Column, texts: &mut Texts, info: &Node<'_>, scene: &Scene<'_>, language: Language) {
    let is_same = texts.counted.is_some() && texts.counted == texts.newest;
    let newest = info.topic.map(|topic| topic.newest);
    let age = |then| format::age(then, scene.now, language);
    texts.columns[column as usize] = match column {
        Column::Trend => {
            if !is_same {
                note_numbers(texts, info, scene);
            }
            return;
        }
        Column::Size => newest.map_or_else(String::new, |newest| format::bytes(newest.payload_bytes())),
        Column::QoS => newest.map_or_else(String::new, |newest| u8::from(newest.flags().qos).to_string()),
        Column::Retained if texts.is_retained => words::RETAINED.of(language).to_owned(),
        Column::Retained => String::new(),
        Column::TopicsBelow if info.topics_below == 0 => String::new(),
        Column::TopicsBelow => format::count(u64::from(info.topics_below)),
        Column::LastChange => {
            if !is_same {
                texts.last_change = last_change(texts, info, scene);
            }
            match texts.last_change {
                None => String::new(),
                Some(LastChange { at, or_earlier: false }) => age(at),
                Some(LastChange { at, or_earlier: true }) => words::or_earlier(&age(at)),
            }
        }
        Column::Messages => format::count(info.messages),
        Column::Rate => format::rate(info.rate),
        Column::ByteRate => format::byte_rate(info.byte_rate),
        Column::Age => info.last_arrived.map_or_else(String::new, age),
    };
}

/// Notes the numbers of the messages that came since the columns were written; those before are known.
fn note_numbers(texts: &mut Texts, info: &Node<'_>, scene: &Scene<'_>) {
    let known = texts.counted.filter(|_| !texts.numbers.is_empty());
    let mut came = Vec::new();
    let mut goes_on = false;
    if info.topic.is_some() {
        for message in scene.model.history(info.id).take(TREND_VALUES) {
            goes_on = Some(message.id()) == known;
            if goes_on {
                break;
            }
            came.push(number(message.payload()));
        }
    }
    if !goes_on {
        texts.numbers.clear();
    }
    texts.numbers.extend(came.into_iter().rev());
    texts.numbers.drain(..texts.numbers.len().saturating_sub(TREND_VALUES));
    texts.trend.clear();
    texts.trend.extend(texts.numbers.iter().flatten());
}

fn number(payload: &[u8]) -> Option<f64> {
    const NUMBER_BYTES_MAX: usize = 32;
    let text = payload.trim_ascii();
    let begins = text.first().is_some_and(|first| first.is_ascii_digit() || *first == b'-');
    if !begins || text.len() > NUMBER_BYTES_MAX {
        return None;
    }
    str::from_utf8(text).ok()?.parse().ok().filter(|number: &f64| number.is_finite())
}

/// When the topic received its current value; searches back to the previously newest message.
fn last_change(texts: &Texts, info: &Node<'_>, scene: &Scene<'_>) -> Option<LastChange> {
    let newest = info.topic?.newest;
    let mut since = newest.arrived();
    for message in scene.model.history(info.id).take(CHANGE_MESSAGES).skip(1) {
        if fingerprint(message.payload()) != texts.fingerprint {
            return Some(LastChange { at: since, or_earlier: false });
        }
        if Some(message.id()) == texts.counted && texts.last_change.is_some() {
            return texts.last_change;
        }
        since = message.arrived();
    }
    let is_all = info.topic?.messages <= CHANGE_MESSAGES as u64 && info.topic?.evicted == 0;
    Some(LastChange { at: since, or_earlier: !is_all })
}

/// The name of a row: its level, or the levels that share it, such as `m0/u0/p0`.
pub fn row_name(model: &Model, row: &Row, language: Language) -> String {
    let segment = |node| model.node(node).map_or(&b""[..], |node| node.segment);
    let mut name = level_name(segment(row.node), language);
    let mut at = row.node;
    while at != row.first
        && let Some(above) = model.node(at).and_then(|node| node.parent)
    {
        name = format!("{}/{name}", level_name(segment(above), language));
        at = above;
    }
    name
}

/// A level as shown: `(empty)` if it is empty, � for bytes that are not UTF-8, and symbols for invisible and
/// bidirectional characters.
pub fn level_name(segment: &[u8], language: Language) -> String {
    if segment.is_empty() {
        return words::EMPTY_LEVEL.of(language).to_owned();
    }
    visible_line(&String::from_utf8_lossy(segment)).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_take_turns_at_writing_their_counters_and_each_has_one_in_a_tenth_of_a_second() {
        // Nodes made one after the other, and in turns with two, three and seven others.
        for stride in [1, 2, 3, 4, 8] {
            let nodes: Vec<u32> = (1..=45).map(|row| row * stride).collect();
            let mut written: Vec<i64> = nodes.iter().map(|node| turn(*node, 0.0)).collect();
            let mut most = 0;
            for frame in 1..=300 {
                let now: Vec<i64> = nodes.iter().map(|node| turn(*node, f64::from(frame) / 30.0)).collect();
                most = most.max(now.iter().zip(&written).filter(|(now, before)| now != before).count());
                written = now;
            }
            assert!(most <= 20, "{most} of 45 rows in one frame, with a stride of {stride}");
            for (node, written) in nodes.iter().zip(&written) {
                assert_eq!(written - turn(*node, 0.0), 100, "ten times a second in ten seconds");
            }
        }
    }
}
