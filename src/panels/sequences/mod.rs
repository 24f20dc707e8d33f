//! Sequences of steps that test a broker or a device: opened from files, run beside the session, with a mark and the time
//! at each step.

use eframe::egui::{
    Align, Button, Color32, Layout, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder,
    WidgetInfo, pos2, vec2,
};

use std::path::PathBuf;

use crate::automation::{SequenceBoard, SequenceFile, SequencePhase, SequenceState};
use crate::command::{Actions, SequenceAction};
use crate::panels::PanelView;
use crate::panels::scene::Scene;
use crate::payload::visible_line;
use crate::sequence::{SequenceStep, StepResult, StepState};
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::controls::{hairline, primary_button};
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{Language, format, sequence as step_words, sequences as words};

const BAR_HEIGHT: f32 = 34.0;
const ROW_HEIGHT: f32 = 24.0;
/// The list's share of the width; the steps have the rest.
const LIST_SHARE: f32 = 0.32;
/// Where the text of a row begins, behind its mark.
const MARK_WIDTH: f32 = 24.0;
/// The column of times.
const TIME_WIDTH: f32 = 84.0;

/// The sequences of one session.
#[derive(Debug, Default)]
pub struct SequencesView {
    /// The file whose steps show.
    chosen: Option<PathBuf>,
}

impl PanelView for SequencesView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let board = scene.sequences;
        let is_there = |path: &PathBuf| board.files.iter().any(|file| file.path == *path);
        if self.chosen.as_ref().is_none_or(|chosen| !is_there(chosen)) {
            self.chosen = board.files.first().map(|file| file.path.clone());
        }
        self.bar(ui, board, actions);
        hairline(ui);
        if board.files.is_empty() {
            let l = language(ui);
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
            return;
        }
        let room = ui.available_rect_before_wrap();
        let middle = room.left() + (room.width() * LIST_SHARE).round();
        let mut list = ui.new_child(UiBuilder::new().id_salt("files").max_rect(room.with_max_x(middle)));
        self.files(&mut list, board);
        ui.painter().vline(middle, room.y_range(), Stroke::new(1.0, tokens(ui).line));
        let beside = room.with_min_x(middle + 1.0);
        let mut beside = ui.new_child(UiBuilder::new().id_salt("steps").max_rect(beside));
        if let Some(file) = board.files.iter().find(|file| Some(&file.path) == self.chosen.as_ref()) {
            steps(&mut beside, file, board.states.get(&file.path));
        }
        ui.advance_cursor_after_rect(room);
    }
}

impl SequencesView {
    /// Shows the steps of this file.
    pub fn choose(&mut self, file: PathBuf) {
        self.chosen = Some(file);
    }

    fn bar(&self, ui: &mut Ui, board: &SequenceBoard, actions: &mut Actions) {
        let l = language(ui);
        let size = vec2(ui.available_width(), BAR_HEIGHT);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            if ui.button(words::OPEN.of(l)).on_hover_text(words::OPEN_HELP.of(l)).clicked() {
                actions.push(SequenceAction::Open);
            }
            let is_running = board.is_running();
            let can_run = !is_running && !board.files.is_empty();
            ui.add_enabled_ui(can_run, |ui| {
                if primary_button(ui, words::RUN.of(l)).on_hover_text(words::RUN_HELP.of(l)).clicked() {
                    actions.push(SequenceAction::Run(self.chosen.iter().cloned().collect()));
                }
            });
            let all = ui.add_enabled(can_run, Button::new(words::RUN_ALL.of(l)));
            if all.on_hover_text(words::RUN_ALL_HELP.of(l)).clicked() {
                actions.push(SequenceAction::Run(board.files.iter().map(|file| file.path.clone()).collect()));
            }
            let stop = ui.add_enabled(is_running, Button::new(words::STOP.of(l)));
            if stop.on_hover_text(words::STOP_HELP.of(l)).clicked() {
                actions.push(SequenceAction::Stop);
            }
            let ran = board.states.values().filter(|state| !is_under_way(state)).count();
            if ran > 0 {
                let passed = board.states.values().filter(|state| state.passed).count();
                let t = tokens(ui);
                let color = if passed == ran { t.text_muted } else { t.error };
                ui.label(RichText::new(words::tally(passed, ran, l)).font(theme::small_font()).color(color));
            }
        });
    }

    fn files(&mut self, ui: &mut Ui, board: &SequenceBoard) {
        let (t, l) = (tokens(ui), language(ui));
        ui.spacing_mut().item_spacing.y = 0.0;
        let rows = board.files.len();
        ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW_HEIGHT, rows, |ui, range| {
            for file in board.files.iter().skip(range.start).take(range.len()) {
                let is_chosen = self.chosen.as_ref() == Some(&file.path);
                let state = board.states.get(&file.path);
                let (mark, color, said) = file_mark(file, state, t, l);
                let name = file.name();
                let label = format!("{name}, {said}").trim_end_matches([',', ' ']).to_owned();
                let id = ui.scope_id().with(&file.path);
                let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW_HEIGHT));
                let response = ui.interact(rect, id, Sense::click());
                response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, &label));
                row_ground(ui, rect, is_chosen, response.hovered(), t);
                if response.has_focus() {
                    let ring = Stroke::new(1.5, t.accent);
                    ui.painter().rect_stroke(rect, 0.0, ring, eframe::egui::StrokeKind::Inside);
                }
                paint_mark(ui, rect, mark, color);
                let left = rect.left() + size::PADDING + MARK_WIDTH;
                let galley =
                    one_line(ui, &visible_line(&name), theme::text_font(), t.text, rect.right() - left);
                paint_line(ui, pos2(left, rect.center().y), galley, t.text);
                if response.on_hover_text(file.path.display().to_string()).clicked() {
                    self.chosen = Some(file.path.clone());
                }
            }
        });
    }
}

fn is_under_way(state: &SequenceState) -> bool {
    matches!(state.phase, SequencePhase::Waiting | SequencePhase::Running)
}

/// The mark of a file, its colour, and what it says.
fn file_mark(
    file: &SequenceFile,
    state: Option<&SequenceState>,
    t: &Tokens,
    l: Language,
) -> (&'static str, Color32, &'static str) {
    match (&file.content, state) {
        (Err(_), _) => (icons::WARNING, t.error, words::FAILED.of(l)),
        (Ok(_), None) => (icons::CIRCLE, t.text_muted, ""),
        (Ok(_), Some(state)) if is_under_way(state) => (icons::CIRCLE_NOTCH, t.accent, words::RUNNING.of(l)),
        (Ok(_), Some(state)) if state.passed => (icons::CHECK_CIRCLE, t.ok, words::PASSED.of(l)),
        (Ok(_), Some(_)) => (icons::X_CIRCLE, t.error, words::FAILED.of(l)),
    }
}

/// The steps of a file, and above them what is wrong.
fn steps(ui: &mut Ui, file: &SequenceFile, state: Option<&SequenceState>) {
    let (t, l) = (tokens(ui), language(ui));
    ui.spacing_mut().item_spacing.y = 0.0;
    let none: &[SequenceStep] = &[];
    let steps = file.content.as_ref().map_or(none, |sequence| sequence.steps.as_slice());
    let trouble = match &file.content {
        Err(error) => Some(words::file_error(error, l)),
        Ok(_) => state.and_then(|state| words::trouble(state, steps, l)),
    };
    if let Some(trouble) = trouble {
        let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW_HEIGHT));
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
        paint_mark(ui, rect, icons::WARNING, t.error);
        let left = rect.left() + size::PADDING + MARK_WIDTH;
        let shown = visible_line(&trouble);
        let galley = one_line(ui, &shown, theme::text_font(), t.error, rect.right() - size::PADDING - left);
        paint_line(ui, pos2(left, rect.center().y), galley, t.error);
        let response = ui.interact(rect, ui.scope_id().with("trouble"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, shown.as_ref()));
        response.on_hover_text(shown.as_ref());
    }
    ScrollArea::vertical().auto_shrink(false).show_rows(ui, ROW_HEIGHT, steps.len(), |ui, range| {
        for (index, step) in steps.iter().enumerate().skip(range.start).take(range.len()) {
            let result = state.and_then(|state| state.results.get(index));
            let (_, rect) = ui.allocate_space(vec2(ui.available_width(), ROW_HEIGHT));
            step_row(ui, rect, index, step, result);
        }
    });
}

fn step_row(ui: &Ui, rect: Rect, index: usize, step: &SequenceStep, result: Option<&StepResult>) {
    let (t, l) = (tokens(ui), language(ui));
    let (mark, color) = match result.map(|result| &result.state) {
        None | Some(StepState::NotReached) => (icons::CIRCLE_DASHED, t.text_muted),
        Some(StepState::Running) => (icons::CIRCLE_NOTCH, t.accent),
        Some(StepState::Passed) => (icons::CHECK_CIRCLE, t.ok),
        Some(StepState::Failed(_)) => (icons::X_CIRCLE, t.error),
    };
    paint_mark(ui, rect, mark, color);
    let middle = rect.center().y;
    let mut right = rect.right() - size::SECTION;
    if let Some(result) =
        result.filter(|result| matches!(result.state, StepState::Passed | StepState::Failed(_)))
    {
        let took = format::duration(result.took);
        let galley = one_line(ui, &took, theme::small_font(), t.text_muted, TIME_WIDTH);
        paint_line(ui, pos2(right - galley.size().x, middle), galley, t.text_muted);
    }
    right -= TIME_WIDTH;
    let left = rect.left() + size::PADDING + MARK_WIDTH;
    let name = step_words::step(step, l);
    let galley = one_line(ui, &visible_line(&name), theme::text_font(), t.text, right - left);
    let used = galley.size().x;
    paint_line(ui, pos2(left, middle), galley, t.text);
    if let Some((name, value)) = result.and_then(|result| result.captured.as_ref()) {
        let text = words::captured(name, value);
        let left = left + used + size::SECTION;
        if left < right {
            let galley = one_line(ui, &visible_line(&text), theme::mono_font(), t.text_muted, right - left);
            paint_line(ui, pos2(left, middle), galley, t.text_muted);
        }
    }
    let said = words::step(step, result, l);
    let response = ui.interact(rect, ui.scope_id().with(("step", index)), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &said));
    response.on_hover_text(visible_line(&said).as_ref());
}

fn row_ground(ui: &Ui, rect: Rect, is_chosen: bool, is_hovered: bool, t: &Tokens) {
    if is_chosen {
        ui.painter().rect_filled(rect, 0.0, t.selection);
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, t.accent);
    } else if is_hovered {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
}

fn paint_mark(ui: &Ui, rect: Rect, mark: &str, color: Color32) {
    let at = pos2(rect.left() + size::PADDING, rect.center().y);
    ui.painter().text(at, eframe::egui::Align2::LEFT_CENTER, mark, theme::icon_font(), color);
}
