//! What changed since: the tree against itself at an earlier moment, another session, a recording or a snapshot, as a
//! table. Its marks stand in the tree too, which can show only what changed.
//!
//! Comparing goes in slices within frames, and again every few seconds while messages arrive.

mod table;

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use eframe::egui::{Align, Layout, RichText, Ui, vec2};

use crate::command::{Action, Actions, ChangesAction};
use crate::message::Timestamp;
use crate::model::NodeId;
use crate::panels::PanelView;
use crate::panels::changes::table::{ChangeTable, DifferenceKind};
use crate::panels::scene::{ChangeMarks, Scene};
use crate::query::{Difference, TreeComparison, TreeState};
use crate::ui::tokens::size;
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, icon_button, named_combo};
use crate::ui::widgets::{empty, field};
use crate::ui::{icons, language, theme};
use crate::words::{Language, changes as words, widgets};

/// How much of a frame comparing may take.
const SLICE: Duration = Duration::from_millis(3);
/// The time between two slices.
const PAUSE: Duration = Duration::from_millis(16);
/// How many topics are compared between two looks at the clock.
const PORTION: u32 = 256;
/// Seconds between two comparisons while messages arrive.
const AGAIN_SECONDS: f64 = 2.0;
/// Moments that are offered, in minutes before now.
const MINUTES: [i64; 4] = [1, 5, 15, 60];

/// What the tree is compared with.
#[derive(Clone, Debug)]
struct Baseline {
    name: BaselineName,
    state: Arc<TreeState>,
}

/// What a baseline is called.
#[derive(Clone, Debug, PartialEq, Eq)]
enum BaselineName {
    Moment(Timestamp),
    Other(String),
}

/// The comparison of one session.
#[derive(Debug, Default)]
pub struct ChangesView {
    /// A moment that is being read from the history: how far it is.
    reading: Option<(TreeState, u32)>,
    baseline: Option<Baseline>,
    comparison: Option<TreeComparison>,
    /// When it was begun, by egui's clock, and how many messages there were.
    begun: (f64, u64),
    found: Arc<Vec<Difference>>,
    marks: Option<Arc<ChangeMarks>>,
    table: ChangeTable,
    only_changed: bool,
    /// The topics that the tree shows alone.
    sent: Option<Vec<NodeId>>,
}

impl ChangesView {
    /// Compares with this state from now on.
    pub fn compare_with(&mut self, name: String, state: Arc<TreeState>) {
        self.set(Baseline { name: BaselineName::Other(name), state });
    }

    /// Compares with the history at a moment.
    pub fn compare_with_moment(&mut self, at: Timestamp) {
        self.reading = Some((TreeState::at(at), 0));
    }

    fn set(&mut self, baseline: Baseline) {
        self.reading = None;
        self.baseline = Some(baseline);
        self.comparison = Some(TreeComparison::default());
        self.begun = (0.0, 0);
    }

    /// How the topics of the tree differ, by node.
    pub fn marks(&self) -> Option<Arc<ChangeMarks>> {
        self.marks.clone()
    }

    fn work(&mut self, ui: &Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let began = Instant::now();
        let now = ui.input(|input| input.time);
        while began.elapsed() < SLICE
            && let Some((state, next)) = &mut self.reading
        {
            if let Some(after) = state.take_in(scene.model, *next, PORTION) {
                *next = after;
            } else {
                let state = std::mem::take(state);
                self.set(Baseline { name: BaselineName::Moment(state.at), state: Arc::new(state) });
            }
        }
        let messages = scene.model.arrived().end;
        if self.comparison.is_none()
            && self.baseline.is_some()
            && self.begun.1 != messages
            && now - self.begun.0 >= AGAIN_SECONDS
        {
            self.comparison = Some(TreeComparison::default());
        }
        while began.elapsed() < SLICE
            && let (Some(comparison), Some(baseline)) = (&mut self.comparison, &self.baseline)
        {
            if let Some(found) = comparison.step(scene.model, &baseline.state, PORTION) {
                self.comparison = None;
                self.begun = (now, messages);
                self.take(found, actions);
            }
        }
        if self.reading.is_some() || self.comparison.is_some() {
            ui.ctx().request_repaint_after(PAUSE);
        } else if self.baseline.is_some() && self.begun.1 != messages {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(AGAIN_SECONDS));
        }
    }

    fn take(&mut self, found: Vec<Difference>, actions: &mut Actions) {
        let marks = found.iter().filter_map(|found| Some((found.node?, found.how))).collect();
        self.marks = Some(Arc::new(marks));
        self.found = Arc::new(found);
        self.table.set(&self.found);
        if self.only_changed {
            self.filter_tree(actions);
        }
    }

    /// Lets the tree show only what changed, or everything again.
    fn filter_tree(&mut self, actions: &mut Actions) {
        let nodes: Option<Vec<NodeId>> = self.only_changed.then(|| {
            let changed = self.found.iter().filter(|found| self.table.shows(found));
            changed.filter_map(|found| found.node).collect()
        });
        // The rows are opened anew only if they are others.
        if self.sent != nodes {
            self.sent.clone_from(&nodes);
            actions.push(ChangesAction::OnlyThese(nodes));
        }
    }

    fn header(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.add_space(size::PADDING);
        self.choose_baseline(ui, scene, l, actions);
        if self.baseline.is_none() {
            return;
        }
        for kind in DifferenceKind::ALL {
            keyed(ui, kind, |ui| {
                let is_shown = self.table.kinds.contains(&kind);
                let count = self.table.count(kind);
                let text = words::kind_and_count(kind.label(), count as u64, l);
                let text = RichText::new(text).font(theme::small_font());
                if ui.selectable_label(is_shown, text).on_hover_text(kind.help().of(l)).clicked() {
                    self.table.toggle(kind, &self.found);
                    if self.only_changed {
                        self.filter_tree(actions);
                    }
                }
            });
        }
        keyed(ui, "right", |ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(size::PADDING);
                if icon_button(ui, icons::FLOPPY_DISK, words::EXPORT.of(l), words::EXPORT_HELP.of(l))
                    .clicked()
                {
                    let bytes = Bytes::from(self.table.csv(&self.found, l));
                    actions.push(Action::Save { name: words::FILE_NAME.to_owned(), bytes });
                }
                let help = words::ONLY_CHANGED_HELP.of(l);
                let only =
                    check_box(ui, &mut self.only_changed, words::ONLY_CHANGED.of(l)).on_hover_text(help);
                if only.changed() {
                    self.filter_tree(actions);
                }
                let width = ui.available_width().clamp(60.0, 160.0);
                let hint = widgets::FILTER.of(l);
                let name = words::FILTER.of(l);
                let edit = field::line(ui, name, field::FILTER_BYTES_MAX, &mut self.table.text, |edit| {
                    edit.hint_text(hint).desired_width(width)
                });
                if edit.changed() {
                    self.table.set(&self.found);
                }
            });
        });
    }

    /// Draws the choice of what the tree is compared with.
    fn choose_baseline(&mut self, ui: &mut Ui, scene: &Scene<'_>, l: Language, actions: &mut Actions) {
        let chosen = match (&self.reading, &self.baseline) {
            (Some(_), _) => words::READING.of(l).to_owned(),
            (None, Some(Baseline { name: BaselineName::Moment(at), .. })) => words::since(*at, l),
            (None, Some(Baseline { name: BaselineName::Other(name), .. })) => name.clone(),
            (None, None) => words::CHOOSE.of(l).to_owned(),
        };
        ui.scope(|ui| {
            ui.spacing_mut().combo_width = 180.0;
            named_combo(ui, words::COMPARE_WITH.of(l), &chosen, |ui| {
                ui.set_min_width(240.0);
                if ui.button(words::FROM_NOW.of(l)).clicked() {
                    self.compare_with_moment(scene.now);
                }
                for minutes in MINUTES {
                    if ui.button(words::minutes_ago(minutes, l)).clicked() {
                        self.compare_with_moment(Timestamp(scene.now.0 - minutes * 60_000_000));
                    }
                }
                ui.separator();
                for (number, name) in scene.others {
                    if ui.button(words::session(name, l)).clicked() {
                        actions.push(ChangesAction::WithSession(*number));
                    }
                }
                if ui.button(words::A_RECORDING.of(l)).clicked() {
                    actions.push(ChangesAction::WithRecording);
                }
                if self.baseline.is_some() && ui.button(words::NOTHING.of(l)).clicked() {
                    *self = Self::default();
                    actions.push(ChangesAction::OnlyThese(None));
                }
            });
        });
    }
}

impl PanelView for ChangesView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        self.work(ui, scene, actions);
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), size::PANEL_HEADER),
            Layout::left_to_right(Align::Center),
            |ui| self.header(ui, scene, actions),
        );
        hairline(ui);
        if self.baseline.is_none() {
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
        } else if self.table.rows() == 0 {
            let help = if self.comparison.is_some() { words::COMPARING } else { words::NO_CHANGE_HELP };
            empty::show(ui, words::NO_CHANGE.of(l), help.of(l));
        } else {
            self.table.show(ui, &self.found, scene, actions);
        }
    }

    fn cleared(&mut self) {
        *self = Self::default();
    }
}
