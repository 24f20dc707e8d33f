//! The rows of the form that say what becomes of the messages.

use eframe::egui::{TextWrapMode, Ui};

use crate::command::{ExchangeHow, ExchangePurpose};
use crate::interchange::{ExportFormat, MessageOrigin};
use crate::message::QoS;
use crate::mqtt::filter;
use crate::panels::exchange::{row, text_field};
use crate::payload::visible_line;
use crate::query::Rules;
use crate::session::replay::ReplayPlan;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::named_combo;
use crate::ui::widgets::segments::segments;
use crate::words::{Label, Language, exchange as words};

/// Paces that are offered, in times as fast as recorded.
const PACES: [f64; 7] = [0.1, 0.5, 2.0, 5.0, 10.0, 100.0, 1_000.0];
const COMBO_WIDTH: f32 = 300.0;

/// Measures of a row.
pub(super) struct RowOf;

impl RowOf {
    pub const HEIGHT: f32 = 24.0;
}

/// The session that a form is about.
#[derive(Clone, Debug)]
pub struct FormSubject {
    /// Its number.
    pub session: u64,
    /// Its name.
    pub name: String,
    /// Where its messages are: what is offered, the first one at first.
    pub origins: Vec<(Label, MessageOrigin)>,
    /// Which decoders read its payloads.
    pub rules: Rules,
}

/// A session that can publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormTarget {
    /// Its number.
    pub session: u64,
    /// Its name.
    pub name: String,
    /// The address of its broker.
    pub url: String,
}

/// What was chosen.
#[derive(Debug)]
pub(super) struct FormOptions {
    format: ExportFormat,
    has_events: bool,
    last: String,
    has_rules: bool,
    plan: ReplayPlan,
    target: Option<u64>,
}

impl Default for FormOptions {
    fn default() -> Self {
        Self {
            format: ExportFormat::JsonLines { events: false },
            has_events: false,
            last: "20".to_owned(),
            has_rules: true,
            plan: ReplayPlan::default(),
            target: None,
        }
    }
}

impl FormOptions {
    /// Draws the rows.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        purpose: ExchangePurpose,
        subject: &FormSubject,
        targets: &[FormTarget],
        l: Language,
    ) {
        match purpose {
            ExchangePurpose::Export => self.export(ui, l),
            ExchangePurpose::Snapshot => self.snapshot(ui, subject, l),
            ExchangePurpose::Replay => self.replay(ui, targets, l),
        }
    }

    /// What becomes of the messages, or what is wrong.
    pub fn how(&self, purpose: ExchangePurpose, targets: &[FormTarget]) -> Result<ExchangeHow, Label> {
        match purpose {
            ExchangePurpose::Export => Ok(ExchangeHow::Export(match self.format {
                ExportFormat::JsonLines { .. } => ExportFormat::JsonLines { events: self.has_events },
                other => other,
            })),
            ExchangePurpose::Snapshot => {
                let last = self.last.trim().parse().ok().filter(|last| *last > 0);
                let last = last.ok_or(words::BAD_LAST)?;
                Ok(ExchangeHow::Snapshot { last, has_rules: self.has_rules })
            }
            ExchangePurpose::Replay => {
                let prefix = &self.plan.prefix;
                if !prefix.is_empty() && filter::check_topic(prefix).is_err() {
                    return Err(words::BAD_PREFIX);
                }
                let target = self.target(targets).ok_or(words::NO_TARGET)?;
                Ok(ExchangeHow::Replay { plan: self.plan.clone(), to: target.session })
            }
        }
    }

    fn target<'a>(&self, targets: &'a [FormTarget]) -> Option<&'a FormTarget> {
        let chosen = targets.iter().find(|target| Some(target.session) == self.target);
        chosen.or_else(|| targets.first())
    }

    fn export(&mut self, ui: &mut Ui, l: Language) {
        let json_lines = ExportFormat::JsonLines { events: false };
        let formats = [
            (json_lines, words::JSON_LINES),
            (ExportFormat::Csv, words::CSV),
            (ExportFormat::Mcap, words::MCAP),
        ];
        row(ui, words::FORMAT.of(l), |ui| {
            let chosen = segments(ui, words::FORMAT.of(l), &formats, Some(self.format));
            self.format = chosen.unwrap_or(self.format);
        });
        row(ui, "", |ui| {
            let is_json = self.format == json_lines;
            ui.add_enabled_ui(is_json, |ui| check_box(ui, &mut self.has_events, words::WITH_EVENTS.of(l)));
        });
    }

    fn snapshot(&mut self, ui: &mut Ui, subject: &FormSubject, l: Language) {
        row(ui, words::LAST.of(l), |ui| text_field(ui, words::LAST.of(l), "", &mut self.last));
        row(ui, "", |ui| {
            ui.add_enabled_ui(!subject.rules.is_empty(), |ui| {
                check_box(ui, &mut self.has_rules, words::WITH_RULES.of(l))
                    .on_hover_text(words::WITH_RULES_HELP.of(l));
            });
        });
    }

    fn replay(&mut self, ui: &mut Ui, targets: &[FormTarget], l: Language) {
        ui.spacing_mut().combo_width = COMBO_WIDTH;
        row(ui, words::TARGET.of(l), |ui| {
            ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
            let text = |target: &FormTarget| format!("{}  {}", visible_line(&target.name), target.url);
            let chosen = self.target(targets).map_or_else(String::new, text);
            named_combo(ui, words::TARGET.of(l), &chosen, |ui| {
                for target in targets {
                    ui.selectable_value(&mut self.target, Some(target.session), text(target));
                }
            });
        });
        row(ui, words::PREFIX.of(l), |ui| {
            text_field(ui, words::PREFIX.of(l), words::PREFIX_HINT.of(l), &mut self.plan.prefix);
        });
        row(ui, words::PACE.of(l), |ui| {
            let plan = &mut self.plan;
            named_combo(ui, words::PACE.of(l), &pace_text(plan.pace, l), |ui| {
                let paces = [Some(1.0)].into_iter().chain(PACES.map(Some)).chain([None]);
                for pace in paces {
                    ui.selectable_value(&mut plan.pace, pace, pace_text(pace, l));
                }
            });
        });
        row(ui, words::RETAIN.of(l), |ui| {
            let choices = [(true, words::AS_RECORDED), (false, words::NEVER)];
            let chosen = segments(ui, words::RETAIN.of(l), &choices, Some(self.plan.keeps_retain));
            self.plan.keeps_retain = chosen.unwrap_or(self.plan.keeps_retain);
        });
        row(ui, words::QOS.of(l), |ui| {
            let plan = &mut self.plan;
            named_combo(ui, words::QOS.of(l), &qos_text(plan.qos, l), |ui| {
                for qos in [None].into_iter().chain(QoS::ALL.map(Some)) {
                    ui.selectable_value(&mut plan.qos, qos, qos_text(qos, l));
                }
            });
        });
        row(ui, "", |ui| {
            check_box(ui, &mut self.plan.again, words::LOOP.of(l));
        });
    }
}

fn pace_text(pace: Option<f64>, l: Language) -> String {
    match pace {
        None => words::FASTEST.of(l).to_owned(),
        Some(1.0) => words::ORIGINAL.of(l).to_owned(),
        Some(times) => words::pace(times),
    }
}

fn qos_text(qos: Option<QoS>, l: Language) -> String {
    qos.map_or_else(|| words::AS_RECORDED.of(l).to_owned(), |qos| u8::from(qos).to_string())
}

/// Draws the choice of where the messages are taken from.
pub(super) fn origins(ui: &mut Ui, subject: &FormSubject, chosen: &mut usize, l: Language) {
    ui.spacing_mut().combo_width = COMBO_WIDTH;
    let text = subject.origins.get(*chosen).map_or("", |(name, _)| name.of(l));
    named_combo(ui, words::FROM_WHERE.of(l), text, |ui| {
        for (index, (name, _)) in subject.origins.iter().enumerate() {
            ui.selectable_value(chosen, index, name.of(l));
        }
    });
}
