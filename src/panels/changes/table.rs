//! The differences as a table: which kinds show, their rows, and the same as a file.

use std::fmt::Write as _;

use eframe::egui::{Align, Color32, Rect, Sense, Stroke, Ui, pos2, vec2};

use crate::command::{Actions, TopicAction};
use crate::panels::csv::{quoted, text_cell};
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::query::{Difference, Differs};
use crate::ui::language;
use crate::ui::theme;
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::line_list::{LineList, LineRow, LineSource};
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{BAR_WIDTH, paint_galley};
use crate::words::{Label, Language, changes as words};

/// A way in which topics differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(in crate::panels) enum DifferenceKind {
    New,
    Gone,
    Value,
    Shape,
    Retain,
    Silent,
}

impl DifferenceKind {
    pub const ALL: [Self; 6] = [Self::New, Self::Gone, Self::Value, Self::Shape, Self::Retain, Self::Silent];

    pub fn label(self) -> Label {
        match self {
            Self::New => words::NEW,
            Self::Gone => words::GONE,
            Self::Value => words::VALUE,
            Self::Shape => words::SHAPE,
            Self::Retain => words::RETAIN,
            Self::Silent => words::SILENT,
        }
    }

    pub fn help(self) -> Label {
        match self {
            Self::New => words::NEW_HELP,
            Self::Gone => words::GONE_HELP,
            Self::Value => words::VALUE_HELP,
            Self::Shape => words::SHAPE_HELP,
            Self::Retain => words::RETAIN_HELP,
            Self::Silent => words::SILENT_HELP,
        }
    }

    fn is(self, how: Differs) -> bool {
        match self {
            Self::New => how.is_new,
            Self::Gone => how.is_gone,
            Self::Value => how.has_other_value && !how.has_other_shape,
            Self::Shape => how.has_other_shape,
            Self::Retain => how.has_other_retain,
            Self::Silent => how.is_silent,
        }
    }
}

/// What the table keeps between frames.
#[derive(Debug)]
pub(super) struct ChangeTable {
    pub kinds: Vec<DifferenceKind>,
    pub text: String,
    /// The differences that show, by their places.
    rows: Vec<u32>,
    counts: [usize; DifferenceKind::ALL.len()],
    list: LineList,
    selected: Option<u64>,
}

impl Default for ChangeTable {
    fn default() -> Self {
        let kinds = DifferenceKind::ALL.into_iter().filter(|kind| *kind != DifferenceKind::Silent).collect();
        let mut list = LineList::default();
        list.follows = false;
        Self {
            kinds,
            text: String::new(),
            rows: Vec::new(),
            counts: Default::default(),
            list,
            selected: None,
        }
    }
}

impl ChangeTable {
    /// Takes over what was found.
    pub fn set(&mut self, found: &[Difference]) {
        self.counts = DifferenceKind::ALL.map(|kind| found.iter().filter(|found| kind.is(found.how)).count());
        let lower = self.text.to_lowercase();
        let shown = (0..).zip(found).filter(|(_, found)| {
            self.shows(found)
                && (lower.is_empty() || String::from_utf8_lossy(&found.topic).to_lowercase().contains(&lower))
        });
        self.rows = shown.map(|(place, _)| place).collect();
    }

    /// Whether a difference is of a kind that shows.
    pub fn shows(&self, found: &Difference) -> bool {
        self.kinds.iter().any(|kind| kind.is(found.how))
    }

    pub fn toggle(&mut self, kind: DifferenceKind, found: &[Difference]) {
        if let Some(at) = self.kinds.iter().position(|known| *known == kind) {
            self.kinds.remove(at);
        } else {
            self.kinds.push(kind);
        }
        self.set(found);
    }

    pub fn count(&self, kind: DifferenceKind) -> usize {
        DifferenceKind::ALL.iter().position(|other| *other == kind).map_or(0, |at| self.counts[at])
    }

    pub fn rows(&self) -> usize {
        self.rows.len()
    }

    pub fn show(&mut self, ui: &mut Ui, found: &[Difference], scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        heading(ui, l);
        let Self { rows, list, .. } = self;
        list.show(ui, words::TITLE.of(l), &Places(rows), |ui, row| {
            let difference = usize::try_from(row.number).ok().and_then(|place| found.get(place));
            difference.is_some_and(|found| paint(ui, row, found, l))
        });
        let selected = self.list.selection.map(|selection| selection.head);
        if selected != self.selected {
            self.selected = selected;
            let node = selected
                .and_then(|number| found.get(usize::try_from(number).ok()?))
                .and_then(|found| found.node)
                .filter(|node| scene.model.node(*node).is_some());
            if let Some(node) = node {
                actions.push(TopicAction::Select(node));
            }
        }
    }

    /// What shows as comma-separated values.
    pub fn csv(&self, found: &[Difference], l: Language) -> String {
        let mut out = String::from("topic,what,before,now\n");
        for place in &self.rows {
            let Some(found) = found.get(*place as usize) else { continue };
            let topic = String::from_utf8_lossy(&found.topic);
            let what = kinds_text(found.how, l);
            let cells = [text_cell(&topic), quoted(&what), text_cell(&found.before), text_cell(&found.now)];
            writeln!(out, "{}", cells.join(",")).ok();
        }
        out
    }
}

struct Places<'a>(&'a [u32]);

impl LineSource for Places<'_> {
    fn rows(&self) -> u64 {
        self.0.len() as u64
    }

    fn number(&self, row: u64) -> Option<u64> {
        self.0.get(usize::try_from(row).ok()?).map(|place| u64::from(*place))
    }

    fn row(&self, number: u64) -> u64 {
        self.0.partition_point(|place| u64::from(*place) < number) as u64
    }
}

/// How a topic differs, in words.
pub(super) fn kinds_text(how: Differs, l: Language) -> String {
    let kinds = DifferenceKind::ALL.into_iter().filter(|kind| kind.is(how));
    kinds.map(|kind| kind.label().of(l)).collect::<Vec<_>>().join(l.pick(", ", "，"))
}

fn places(row: Rect) -> [Rect; 4] {
    const WHAT: f32 = 150.0;
    const GAP: f32 = 12.0;
    let left = row.left() + size::PADDING;
    let rest = (row.width() - WHAT - 2.0 * size::PADDING - 3.0 * GAP).max(120.0);
    let mut at = left;
    [WHAT, rest * 0.4, rest * 0.3, rest * 0.3].map(|width| {
        let place = Rect::from_min_max(pos2(at, row.top()), pos2(at + width, row.bottom()));
        at += width + GAP;
        place
    })
}

fn heading(ui: &mut Ui, l: Language) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 20.0), Sense::hover());
    let labels = [words::WHAT, words::TOPIC, words::BEFORE, words::NOW];
    for (place, label) in places(rect.with_max_x(rect.right() - BAR_WIDTH)).into_iter().zip(labels) {
        let galley = one_line(ui, label.of(l), theme::small_font(), t.text_muted, place.width());
        paint_galley(ui, place, Align::Min, galley, t.text_muted);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, t.line));
}

fn color(how: Differs, t: &Tokens) -> Color32 {
    if how.is_new {
        t.ok
    } else if how.is_gone {
        t.error
    } else if how.is_change() {
        t.warn
    } else {
        t.text_muted
    }
}

fn paint(ui: &Ui, row: &LineRow, found: &Difference, l: Language) -> bool {
    let t = tokens(ui);
    let [what, topic, before, now] = places(row.rect);
    let says = kinds_text(found.how, l);
    let name = visible_line(&String::from_utf8_lossy(&found.topic)).into_owned();
    let kind = one_line(ui, &says, theme::small_font(), color(found.how, t), what.width());
    paint_line(ui, what.left_center(), kind, color(found.how, t));
    let galley = end_of_topic(ui, &name, &theme::mono_small_font(), t.text, topic.width());
    let mut hidden = galley.elided || galley.text().len() < name.len();
    paint_line(ui, topic.left_center(), galley, t.text);
    for (place, text, color) in [(before, &found.before, t.text_muted), (now, &found.now, t.text)] {
        let galley = one_line(ui, text, theme::mono_small_font(), color, place.width());
        hidden |= galley.elided;
        paint_line(ui, place.left_center(), galley, color);
    }
    row.describe(ui, &says, || words::spoken(&name, &says, &found.before, &found.now, l));
    hidden
}
