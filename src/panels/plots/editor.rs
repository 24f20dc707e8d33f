//! What a person changes of a series: how it is read, how it is drawn, and the axis that it belongs to.

use std::str::FromStr as _;

use eframe::egui::text::{LayoutJob, TextFormat};
use eframe::egui::{
    self, Align, Color32, Layout, Response, RichText, Role, ScrollArea, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::model::SeriesId;
use crate::panels::plots::entry::PlotEntry;
use crate::panels::plots::menu::LOOKS;
use crate::payload::query::JsonPath;
use crate::query::{NumberQuery, QueryError};
use crate::store::plots::PlotAxes;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::controls::{icon_button, named_combo, primary_button};
use crate::ui::widgets::field;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::segments::segments;
use crate::ui::{icons, language, theme};
use crate::words::{self, Label, Language, plot_editor as texts};

/// The most bytes of a text.
const TEXT_MAX: usize = 200;
/// The most bytes of a formula.
const FORMULA_MAX: usize = 1_000;
/// The most states whose names can be changed.
const STATES_MAX: usize = 50;
const LABEL_WIDTH: f32 = 84.0;
/// Room right of a field that is as wide as the editor, and inside it beside its text.
const FIELD_AIR: f32 = 26.0;

/// What came of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EditorWish {
    /// Close the editor.
    Close,
    /// Look the name of the series up again.
    Rename,
    /// Read the series again, because the way it is read changed.
    Read,
    /// Fit the values of the axes again.
    Fit,
}

/// How values are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    Number,
    State,
    Formula,
}

impl Reading {
    const CHOICES: [(Self, Label); 3] =
        [(Self::Number, texts::NUMBER), (Self::State, texts::STATE), (Self::Formula, texts::FORMULA)];
}

/// The texts of a series while they are changed.
#[derive(Clone, Debug)]
pub struct SeriesEditor {
    /// The series.
    pub series: SeriesId,
    scale: String,
    offset: String,
    color: String,
    reading: Reading,
    formula: String,
    time: String,
    wrong: Option<QueryError>,
    wrong_time: bool,
}

impl SeriesEditor {
    /// Begins to change a series.
    pub fn new(entry: &PlotEntry) -> Self {
        let source = &entry.spec.source;
        let reading = if !source.formula.is_empty() {
            Reading::Formula
        } else if source.states {
            Reading::State
        } else {
            Reading::Number
        };
        let hex = |[red, green, blue]: [u8; 3]| format!("#{red:02x}{green:02x}{blue:02x}");
        Self {
            series: entry.series,
            scale: entry.spec.scale.to_string(),
            offset: entry.spec.offset.to_string(),
            color: entry.spec.color.map(hex).unwrap_or_default(),
            reading,
            formula: source.formula.clone(),
            time: source.time.clone(),
            wrong: None,
            wrong_time: false,
        }
    }

    /// Draws the editor into the rest of `ui`.
    pub fn show(&mut self, ui: &mut Ui, entry: &mut PlotEntry, axes: &mut PlotAxes) -> Option<EditorWish> {
        let l = language(ui);
        let mut wish = None;
        ui.horizontal(|ui| {
            ui.set_min_height(size::PANEL_HEADER);
            ui.add_space(size::PADDING);
            ui.label(RichText::new(texts::TITLE.of(l)).color(tokens(ui).text));
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                ui.add_space(4.0);
                if icon_button(ui, icons::X, texts::CLOSE.of(l), texts::CLOSE.of(l)).clicked() {
                    wish = Some(EditorWish::Close);
                }
            });
        });
        ScrollArea::vertical().id_salt("series-editor").auto_shrink(false).show(ui, |ui| {
            ui.spacing_mut().item_spacing = vec2(6.0, 6.0);
            let name = keyed(ui, "name", |ui| row_of_text(ui, texts::NAME, &mut entry.spec.name, l));
            if name {
                wish = Some(EditorWish::Rename);
            }
            if keyed(ui, "reading", |ui| self.reading(ui, entry, l)) {
                wish = Some(EditorWish::Read);
            }
            if entry.has_states() {
                keyed(ui, "labels", |ui| labels(ui, entry, l));
            } else {
                keyed(ui, "drawing", |ui| self.drawing(ui, entry, l));
                if keyed(ui, "axis", |ui| axis(ui, entry, axes, l)) {
                    wish = Some(EditorWish::Fit);
                }
            }
        });
        wish
    }

    /// How values are read; returns whether they are to be read again.
    fn reading(&mut self, ui: &mut Ui, entry: &mut PlotEntry, l: Language) -> bool {
        if entry.derived.is_some() {
            return false;
        }
        let before = self.reading;
        row(ui, texts::READ_AS, l, |ui| {
            let chosen = segments(ui, texts::READ_AS.of(l), &Reading::CHOICES, Some(self.reading));
            chosen.inspect(|chosen| self.reading = *chosen);
        });
        let muted = tokens(ui).text_muted;
        if self.reading == Reading::Number {
            remark(ui, texts::NUMBER_RULE.of(l), muted);
        }
        let mut is_asked = before != self.reading && self.reading != Reading::Formula;
        if self.reading == Reading::Formula {
            let done = row(ui, texts::FORMULA, l, |ui| {
                let room = ui.available_width() - FIELD_AIR;
                field::line(ui, texts::FORMULA.of(l), FORMULA_MAX, &mut self.formula, |edit| {
                    edit.desired_width(room).font(theme::mono_small_font())
                })
            });
            if done.changed() || before != self.reading {
                self.wrong = NumberQuery::from_str(&self.formula).err().filter(|_| !self.formula.is_empty());
            }
            is_asked |= entered(ui, &done);
            match &self.wrong {
                Some(wrong) => mistake(ui, &self.formula, wrong, l),
                None => remark(ui, texts::FORMULA_RULE.of(l), muted),
            }
        }
        let time = row(ui, texts::TIME_FROM, l, |ui| {
            let room = ui.available_width() - FIELD_AIR;
            field::line(ui, texts::TIME_FROM.of(l), TEXT_MAX, &mut self.time, |edit| {
                edit.desired_width(room).hint_text(texts::ARRIVAL.of(l))
            })
        });
        self.wrong_time = !self.time.is_empty() && JsonPath::from_str(&self.time).is_err();
        if self.wrong_time {
            let error = tokens(ui).error;
            remark(ui, texts::NO_PATH.of(l), error);
        }
        is_asked |= entered(ui, &time);
        let formula = if self.reading == Reading::Formula { self.formula.trim() } else { "" };
        let source = &entry.spec.source;
        let states = self.reading == Reading::State;
        let is_new = source.formula != formula || source.time != self.time || source.states != states;
        let is_whole = self.wrong.is_none()
            && !self.wrong_time
            && (self.reading != Reading::Formula || !formula.is_empty());
        if self.reading == Reading::Formula || !self.time.is_empty() || is_new {
            let apply = ui.add_enabled_ui(is_new && is_whole, |ui| primary_button(ui, texts::APPLY.of(l)));
            is_asked |= apply.inner.clicked();
        }
        if !(is_asked && is_new && is_whole) {
            return false;
        }
        let formula = formula.to_owned();
        let source = &mut entry.spec.source;
        (source.formula, source.states) = (formula, states);
        source.time.clone_from(&self.time);
        true
    }

    fn drawing(&mut self, ui: &mut Ui, entry: &mut PlotEntry, l: Language) {
        row_of_text(ui, texts::UNIT, &mut entry.spec.unit, l);
        row(ui, texts::DRAW_AS, l, |ui| {
            let chosen = LOOKS.iter().find(|(look, _)| *look == entry.spec.look);
            named_combo(ui, texts::DRAW_AS.of(l), chosen.map_or("", |(_, label)| label.of(l)), |ui| {
                for (look, label) in LOOKS {
                    ui.selectable_value(&mut entry.spec.look, look, label.of(l));
                }
            });
        });
        row(ui, texts::COLOR, l, |ui| self.color(ui, entry, l));
        let spec = &mut entry.spec;
        for (label, text, value) in [
            (texts::SCALE, &mut self.scale, &mut spec.scale),
            (texts::OFFSET, &mut self.offset, &mut spec.offset),
        ] {
            if row_of_text(ui, label, text, l)
                && let Some(number) =
                    text.trim().replace(',', ".").parse().ok().filter(|it: &f64| it.is_finite())
            {
                *value = number;
            }
        }
    }

    fn color(&mut self, ui: &mut Ui, entry: &mut PlotEntry, l: Language) {
        ui.spacing_mut().item_spacing.x = 3.0;
        let t = tokens(ui);
        for (index, color) in t.series.into_iter().enumerate() {
            let [red, green, blue, _] = color.to_array();
            let is_chosen = entry.spec.color == Some([red, green, blue]);
            if swatch(ui, color, is_chosen, &texts::color(index + 1, l)).clicked() {
                entry.spec.color = (!is_chosen).then_some([red, green, blue]);
                self.color.clear();
            }
        }
        let field = field::line(ui, texts::COLOR.of(l), 7, &mut self.color, |edit| {
            edit.desired_width(64.0).hint_text("#rrggbb").font(theme::mono_small_font())
        });
        if field.changed() {
            let digits = self.color.strip_prefix('#').filter(|digits| digits.len() == 6);
            let number = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
            let bytes = number.map(|number| [(number >> 16) as u8, (number >> 8) as u8, number as u8]);
            if bytes.is_some() || self.color.is_empty() {
                entry.spec.color = bytes;
            }
        }
    }
}

/// The axis that a series belongs to; returns whether it is another one now.
fn axis(ui: &mut Ui, entry: &mut PlotEntry, axes: &mut PlotAxes, l: Language) -> bool {
    let mut is_new = false;
    row(ui, texts::AXIS, l, |ui| {
        let sides = [(false, texts::LEFT), (true, texts::RIGHT)];
        if let Some(right) = segments(ui, texts::AXIS.of(l), &sides, Some(entry.spec.right)) {
            (entry.spec.right, is_new) = (right, true);
        }
    });
    let axis = axes.axis_mut(entry.spec.right);
    row_of_text(ui, texts::AXIS_TITLE, &mut axis.title, l);
    row(ui, texts::STEPS, l, |ui| {
        let kinds = [(false, texts::LINEAR), (true, texts::LOGARITHMIC)];
        if let Some(logarithmic) = segments(ui, texts::STEPS.of(l), &kinds, Some(axis.logarithmic)) {
            (axis.logarithmic, is_new) = (logarithmic, true);
        }
    });
    is_new
}

/// The names of states, each with the one that is shown instead.
fn labels(ui: &mut Ui, entry: &mut PlotEntry, l: Language) {
    let names = entry.names.as_ref().map(|names| names.all()).unwrap_or_default();
    let muted = tokens(ui).text_muted;
    remark(ui, texts::LABELS.of(l), muted);
    for name in names.into_iter().take(STATES_MAX) {
        let mut label = entry.spec.labels.get(&name).cloned().unwrap_or_default();
        let field_name = texts::label_of(&name, l);
        let changed = keyed(ui, &name, |ui| {
            ui.horizontal(|ui| {
                ui.add_space(size::PADDING);
                let text = RichText::new(&name).font(theme::mono_small_font());
                ui.add_sized(vec2(LABEL_WIDTH + 20.0, 20.0), egui::Label::new(text).truncate());
                let field = field::line(ui, &field_name, TEXT_MAX, &mut label, |edit| {
                    edit.desired_width(120.0).hint_text(name.clone())
                });
                field.changed()
            })
            .inner
        });
        if changed && label.trim().is_empty() {
            entry.spec.labels.remove(&name);
        } else if changed {
            entry.spec.labels.insert(name, label);
        }
    }
}

/// Whether Enter ended the typing in a field.
fn entered(ui: &Ui, field: &Response) -> bool {
    field.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter))
}

fn row<R>(ui: &mut Ui, label: Label, l: Language, content: impl FnOnce(&mut Ui) -> R) -> R {
    ui.horizontal(|ui| {
        ui.add_space(size::PADDING);
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, 20.0), Sense::hover());
        let muted = tokens(ui).text_muted;
        let name = one_line(ui, label.of(l), theme::text_font(), muted, LABEL_WIDTH);
        paint_line(ui, pos2(rect.left(), rect.center().y), name, muted);
        content(ui)
    })
    .inner
}

/// A small text below a row.
fn remark(ui: &mut Ui, text: &str, color: Color32) {
    let margin = egui::Margin::symmetric(size::PADDING as i8, 0);
    let text = RichText::new(text).font(theme::small_font()).color(color);
    egui::Frame::NONE.inner_margin(margin).show(ui, |ui| ui.label(text));
}

/// A row with a field; returns whether its text changed.
fn row_of_text(ui: &mut Ui, label: Label, text: &mut String, l: Language) -> bool {
    row(ui, label, l, |ui| {
        field::line(ui, label.of(l), TEXT_MAX, text, |edit| edit.desired_width(150.0)).changed()
    })
}

/// A formula with the wrong character marked, and what is wrong with it.
fn mistake(ui: &mut Ui, formula: &str, wrong: &QueryError, l: Language) {
    let t = tokens(ui);
    let font = theme::mono_small_font();
    let start = wrong.place.saturating_sub(1);
    let before: String = formula.chars().take(start).collect();
    let at: String = formula.chars().skip(start).take(1).collect();
    let after: String = formula.chars().skip(start + 1).collect();
    let at = if at.is_empty() { "␣".to_owned() } else { at };
    let mut job = LayoutJob::default();
    let plain = TextFormat::simple(font.clone(), t.text_muted);
    let marked = TextFormat { underline: Stroke::new(1.5, t.error), ..TextFormat::simple(font, t.error) };
    job.append(&before, 0.0, plain.clone());
    job.append(&at, 0.0, marked);
    job.append(&after, 0.0, plain);
    ui.horizontal(|ui| {
        ui.add_space(size::PADDING);
        ui.label(job);
    });
    remark(ui, &words::search::query(wrong, l), t.error);
}

fn swatch(ui: &mut Ui, color: Color32, is_chosen: bool, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(16.0, 16.0), Sense::click());
    ui.painter().rect_filled(rect.shrink(1.0), 3.0, color);
    if is_chosen || response.has_focus() {
        ui.painter().rect_stroke(rect, 3.0, Stroke::new(1.5, tokens(ui).text), StrokeKind::Inside);
    }
    response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_chosen, name));
    response
}
