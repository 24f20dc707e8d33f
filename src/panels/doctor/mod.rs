//! The connection doctor's findings: each step with its icon and duration, what was found, what failed and what to try.
//!
//! It is shown beside the form or the tree, so that a person can read it while fixing things.

use std::time::Duration;

use eframe::egui::{
    Align, Color32, FontId, Label, Layout, Rect, RichText, Role, ScrollArea, Sense, Ui, UiBuilder,
    WidgetInfo, vec2,
};

use crate::command::{Actions, ExaminationAction};
use crate::mqtt::step::{StepOutcome, TakenStep};
use crate::panels::excerpt;
use crate::payload::visible_line;
use crate::ui::tokens::{Tokens, size, tokens};
use crate::ui::widgets::controls::{hairline, icon_button};
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{Label as Words, Language, connection_test as words, doctor, format};

/// Width of the icon column, in points.
const SIGN_WIDTH: f32 = 26.0;
const TIME_WIDTH: f32 = 64.0;
/// How often the duration of the current step is updated.
const TICK: Duration = Duration::from_millis(250);

/// What the panel may read in one frame.
#[derive(Clone, Copy, Debug)]
pub struct DoctorScene<'a> {
    /// The address being tested.
    pub url: &'a str,
    /// The steps that have ended.
    pub steps: &'a [TakenStep],
    /// Whether the test has finished.
    pub done: bool,
    /// How long the current step has taken so far.
    pub waiting: Duration,
}

/// Draws the findings into the rest of `ui`.
pub fn show(ui: &mut Ui, scene: &DoctorScene<'_>, actions: &mut Actions) {
    ui.spacing_mut().item_spacing.y = 0.0;
    header(ui, scene, actions);
    hairline(ui);
    ScrollArea::vertical().auto_shrink(false).stick_to_bottom(!scene.done).show(ui, |ui| {
        ui.add_space(4.0);
        ui.spacing_mut().item_spacing.y = 2.0;
        for (index, step) in scene.steps.iter().enumerate() {
            // Consecutive steps skipped for the same reason give it once, below the last of them.
            let next = scene.steps.get(index + 1);
            let is_said_below = next.is_some_and(|next| next.outcome == step.outcome);
            ui.push_id(index, |ui| row(ui, step, is_said_below, actions));
        }
        if scene.done {
            verdict(ui, scene.steps);
        } else {
            going_on(ui, scene.waiting);
        }
        ui.add_space(size::PADDING);
    });
}

fn header(ui: &mut Ui, scene: &DoctorScene<'_>, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), size::PANEL_HEADER),
        Layout::left_to_right(Align::Center),
        |ui| {
            ui.add_space(size::PADDING);
            ui.label(RichText::new(icons::STETHOSCOPE).font(theme::icon_font()).color(t.text_muted));
            ui.label(RichText::new(words::TITLE.of(l)).font(theme::title_font()));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.spacing_mut().item_spacing.x = 4.0;
                ui.add_space(4.0);
                if icon_button(ui, icons::X, words::CLOSE.of(l), words::CLOSE_HELP.of(l)).clicked() {
                    actions.push(ExaminationAction::Close);
                }
                if ui.button(words::RUN_AGAIN.of(l)).clicked() {
                    actions.push(ExaminationAction::Repeat);
                }
                ui.add_enabled_ui(!scene.steps.is_empty(), |ui| {
                    let copy = ui.button(words::COPY.of(l));
                    if copy.on_hover_text(words::COPY_HELP.of(l)).clicked() {
                        actions.push(ExaminationAction::Copy);
                    }
                });
                let width = ui.available_width() - 4.0;
                if width > 80.0 {
                    let url = one_line(ui, scene.url, theme::mono_small_font(), t.text_muted, width);
                    let (rect, response) =
                        ui.allocate_exact_size(vec2(url.size().x, size::PANEL_HEADER), Sense::hover());
                    paint_line(ui, rect.left_center(), url, t.text_muted);
                    response.on_hover_text(scene.url);
                }
            });
        },
    );
}

/// The icon, colour and word for a step's outcome.
fn sign(outcome: &StepOutcome, t: &Tokens) -> (&'static str, Color32, Words) {
    match outcome {
        StepOutcome::Ok => (icons::CHECK_CIRCLE, t.ok, words::STEP_OK),
        StepOutcome::Warning(_) => (icons::WARNING, t.warn, words::STEP_WARNING),
        StepOutcome::Failed { .. } => (icons::X_CIRCLE, t.error, words::STEP_FAILED),
        StepOutcome::Skipped(_) => (icons::CIRCLE_DASHED, t.text_muted, words::STEP_NOT_TRIED),
    }
}

/// Draws a step. The reason why it was skipped is left out if the next step gives the same one.
fn row(ui: &mut Ui, taken: &TakenStep, is_said_below: bool, actions: &mut Actions) {
    let (t, l) = (tokens(ui), language(ui));
    let (icon, color, ended) = sign(&taken.outcome, t);
    let skipped = matches!(taken.outcome, StepOutcome::Skipped(_));
    let step = doctor::step(&taken.step, l);
    let time = taken.took.map_or_else(String::new, format::duration);
    let lines = lines(taken, is_said_below, t, l);
    let rect = columns(ui, icon, color, &time, |ui| {
        let mut is_cut =
            excerpt::show(ui, &step, theme::text_font(), if skipped { t.text_muted } else { t.text });
        for Line { text, font, color } in &lines {
            is_cut |= excerpt::show(ui, text, font.clone(), *color);
        }
        if is_cut {
            let texts = std::iter::once(step.as_str()).chain(lines.iter().map(|line| line.text.as_str()));
            excerpt::show_all(ui, t.surface_0, &step, || texts.collect::<Vec<_>>().join("\n"), actions);
        }
    });
    let response = ui.interact(rect, ui.scope_id().with("row"), Sense::hover());
    let name = words::step(ended, &format::excerpt(&step, l), l);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, name.as_str()));
}

/// A line below a step's name.
struct Line {
    text: String,
    font: FontId,
    color: Color32,
}

/// The lines for what was found, what failed and what to try.
fn lines(taken: &TakenStep, is_said_below: bool, t: &Tokens, l: Language) -> Vec<Line> {
    let line = |text, font, color| Line { text, font, color };
    let mut lines = match &taken.outcome {
        StepOutcome::Ok => Vec::new(),
        StepOutcome::Skipped(_) if is_said_below => Vec::new(),
        StepOutcome::Warning(warning) => {
            vec![line(doctor::warning(warning, taken, l), theme::text_font(), t.warn)]
        }
        StepOutcome::Skipped(reason) => {
            vec![line(doctor::skipped(reason, l), theme::small_font(), t.text_muted)]
        }
        StepOutcome::Failed { cause, hint } => {
            let why = line(doctor::cause(cause, &taken.step, l), theme::strong_font(), t.error);
            let hint = hint.map(|hint| doctor::hint(hint, &taken.step, l)).filter(|hint| !hint.is_empty());
            std::iter::once(why).chain(hint.map(|hint| line(hint, theme::text_font(), t.text))).collect()
        }
    };
    let details = doctor::details(taken, l).into_iter();
    lines.extend(details.map(|detail| line(detail, theme::mono_small_font(), t.text_muted)));
    lines
}

fn wrapped(ui: &mut Ui, text: RichText) {
    ui.add(Label::new(text).wrap().selectable(true));
}

/// Draws an icon on the left, a time on the right, and `add` between them. Returns the area of all three.
fn columns(ui: &mut Ui, icon: &str, color: Color32, time: &str, add: impl FnOnce(&mut Ui)) -> Rect {
    let t = tokens(ui);
    let area = ui.available_rect_before_wrap().shrink2(vec2(size::PADDING, 0.0));
    let inside = area.with_min_x(area.left() + SIGN_WIDTH).with_max_x(area.right() - TIME_WIDTH);
    let mut child = ui.new_child(UiBuilder::new().max_rect(inside).layout(Layout::top_down(Align::Min)));
    child.spacing_mut().item_spacing.y = 1.0;
    add(&mut child);
    let height = child.min_rect().height().max(18.0) + 5.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
    let icon = ui.painter().layout_no_wrap(icon.to_owned(), theme::icon_font(), color);
    let line = rect.top() + 9.0;
    paint_line(ui, eframe::egui::pos2(area.left(), line), icon, color);
    let time = ui.painter().layout_no_wrap(time.to_owned(), theme::mono_small_font(), t.text_muted);
    let left = area.right() - time.size().x;
    paint_line(ui, eframe::egui::pos2(left, line), time, t.text_muted);
    rect
}

fn going_on(ui: &mut Ui, waiting: Duration) {
    let (t, l) = (tokens(ui), language(ui));
    ui.ctx().request_repaint_after(TICK);
    let seconds = format!("{:.1} s", waiting.as_secs_f64());
    columns(ui, icons::CIRCLE_NOTCH, t.text_muted, &seconds, |ui| {
        wrapped(ui, RichText::new(words::GOING_ON.of(l)).color(t.text_muted));
    });
}

/// Draws the overall result in one line.
fn verdict(ui: &mut Ui, steps: &[TakenStep]) {
    let (t, l) = (tokens(ui), language(ui));
    let warnings = steps.iter().filter(|step| matches!(step.outcome, StepOutcome::Warning(_))).count() as u64;
    let (text, color) = match steps.iter().find(|step| step.is_failed()) {
        Some(failed) => {
            (words::failed(&visible_line(&format::excerpt(&doctor::step(&failed.step, l), l)), l), t.error)
        }
        None if warnings > 0 => (words::works_with_warnings(warnings, l), t.warn),
        None => (words::EVERYTHING_WORKS.of(l).to_owned(), t.ok),
    };
    ui.add_space(4.0);
    hairline(ui);
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.add_space(size::PADDING);
        wrapped(ui, RichText::new(text).color(color).font(theme::strong_font()));
    });
}
