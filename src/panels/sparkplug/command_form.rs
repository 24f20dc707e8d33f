//! The form of a command: metrics with their types and values, sent as NCMD or DCMD.

use eframe::egui::{Align, Button, Label, Layout, RichText, Ui, vec2};

use crate::command::{Actions, Outgoing, PublishAction};
use crate::panels::scene::Scene;
use crate::panels::sparkplug::life_view::Whose;
use crate::query::sparkplug::{
    CommandMetric, Life, LiveMetric, SparkplugKind, command_payload, writable_types,
};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::{icon_button, named_combo, primary_button};
use crate::ui::widgets::field;
use crate::ui::{icons, language, theme};
use crate::words::{Language, encoding, sparkplug as words, widgets};

const ROW_HEIGHT: f32 = 34.0;
/// Metrics of one command.
const METRICS_MAX: usize = 50;
/// The longest value that the form takes.
const VALUE_BYTES_MAX: usize = 64 * 1024;
const TYPE_WIDTH: f32 = 130.0;

/// What is being written.
#[derive(Debug, Default)]
pub(super) struct CommandForm {
    /// Whether it shows.
    pub is_open: bool,
    metrics: Vec<CommandMetric>,
    focus: bool,
}

impl CommandForm {
    /// Forgets what was written.
    pub fn reset(&mut self) {
        *self = Self::default();
    }

    /// Opens the form on the first metric that can be written, or closes it.
    pub fn toggle(&mut self, life: &Life) {
        self.is_open = !self.is_open;
        if self.is_open && self.metrics.is_empty() {
            let first = life.metrics.iter().find(|metric| CommandMetric::can_be(&metric.said.data_type));
            self.metrics = vec![first.map_or_else(CommandMetric::unnamed, CommandMetric::of)];
            self.focus = true;
        }
    }

    /// Opens the form with a metric.
    pub fn begin(&mut self, metric: &LiveMetric) {
        self.is_open = true;
        self.focus = true;
        let is_one = self.metrics.len() == 1;
        match self.metrics.iter_mut().find(|known| *known.name == *metric.name || known.name.is_empty()) {
            Some(known) => *known = CommandMetric::of(metric),
            None if is_one => self.metrics = vec![CommandMetric::of(metric)],
            None => self.metrics.push(CommandMetric::of(metric)),
        }
    }

    /// Draws the form.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        life: &Life,
        (key, device): Whose<'_>,
        actions: &mut Actions,
    ) {
        let l = language(ui);
        let mut removed = None;
        let is_only = self.metrics.len() == 1;
        for place in 0..self.metrics.len() {
            ui.push_id(place, |ui| row(ui, |ui| removed = removed.or(self.metric(ui, place, life, is_only))));
        }
        if let Some(place) = removed {
            self.metrics.remove(place);
        }
        let kind = if device.is_some() { SparkplugKind::DeviceCommand } else { SparkplugKind::NodeCommand };
        row(ui, |ui| {
            let payload = self.payload(scene, l);
            let why = if scene.status.state.is_connected() {
                payload.as_ref().err().cloned()
            } else {
                Some(words::NOT_CONNECTED.of(l).to_owned())
            };
            let sends = ui
                .add_enabled_ui(why.is_none(), |ui| primary_button(ui, &words::send(kind.name(), l)))
                .inner
                .clicked();
            let may_add = self.metrics.len() < METRICS_MAX;
            if ui.add_enabled(may_add, Button::new(words::ADD_METRIC.of(l))).clicked() {
                self.metrics.push(CommandMetric::unnamed());
                self.focus = true;
            }
            if ui.button(widgets::CANCEL.of(l)).clicked() {
                self.reset();
                return;
            }
            if let Some(why) = &why {
                let text = RichText::new(why).color(tokens(ui).error).font(theme::small_font());
                ui.add(Label::new(text).truncate()).on_hover_text(why);
            }
            if let (true, Ok(payload)) = (sends, payload) {
                let topic = key.topic(kind, device.map(String::as_str));
                let payload = payload.into();
                actions.push(PublishAction::Send(Outgoing { topic, payload, ..Outgoing::default() }));
            }
        });
    }

    /// Draws a metric; returns its place if it is to be removed.
    fn metric(&mut self, ui: &mut Ui, place: usize, life: &Life, is_only: bool) -> Option<usize> {
        let l = language(ui);
        let is_last = place + 1 == self.metrics.len();
        let metric = self.metrics.get_mut(place)?;
        let room = (ui.available_width() - TYPE_WIDTH - 90.0).max(160.0);
        let muted = tokens(ui).text_muted;
        let hint = |label: &'static str| RichText::new(label).color(muted);
        let name = words::METRIC_NAME.of(l);
        let typed = &mut metric.name;
        let field = field::line(ui, name, field::STRING_BYTES_MAX, typed, |edit| {
            edit.hint_text(hint(name)).font(theme::mono_font()).desired_width(room * 0.5)
        });
        if field.changed()
            && let Some(known) = life.metrics.of_name(&metric.name)
            && CommandMetric::can_be(&known.said.data_type)
        {
            metric.data_type.clone_from(&known.said.data_type);
        }
        if is_last && metric.name.is_empty() && std::mem::take(&mut self.focus) {
            field.request_focus();
        }
        let metric = self.metrics.get_mut(place)?;
        ui.spacing_mut().combo_width = TYPE_WIDTH - 10.0;
        named_combo(ui, words::METRIC_TYPE.of(l), &metric.data_type.clone(), |ui| {
            for name in writable_types() {
                ui.selectable_value(&mut metric.data_type, name.to_owned(), name);
            }
        });
        let name = words::METRIC_VALUE.of(l);
        let typed = &mut metric.value;
        let field = field::line(ui, name, VALUE_BYTES_MAX, typed, |edit| {
            edit.hint_text(hint(name)).font(theme::mono_font()).desired_width(room * 0.5)
        });
        if is_last && std::mem::take(&mut self.focus) {
            field.request_focus();
        }
        let remove = words::REMOVE_METRIC.of(l);
        (!is_only && icon_button(ui, icons::X, remove, remove).clicked()).then_some(place)
    }

    fn payload(&self, scene: &Scene<'_>, l: Language) -> Result<Vec<u8>, String> {
        if self.metrics.iter().any(|metric| metric.name.is_empty()) {
            return Err(words::NAME_MISSING.of(l).to_owned());
        }
        let is_twice = |(place, metric): (usize, &CommandMetric)| {
            self.metrics.iter().take(place).any(|other| other.name == metric.name)
        };
        if self.metrics.iter().enumerate().any(is_twice) {
            return Err(words::NAME_TWICE.of(l).to_owned());
        }
        command_payload(&self.metrics, scene.now.0 / 1_000).map_err(|error| encoding::encode_error(&error, l))
    }
}

fn row(ui: &mut Ui, draw: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), ROW_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::PADDING);
        draw(ui);
    });
}
