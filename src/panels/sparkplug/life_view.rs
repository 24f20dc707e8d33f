//! The chosen edge node or device: its state, what went wrong, and its metrics as they are now.

use eframe::egui::{
    Align, Button, Label, Layout, Rect, RichText, Role, Sense, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::command::{Action, Actions, PlotAction, SparkplugAction, TopicAction};
use crate::model::{Model, NodeId};
use crate::panels::excerpt;
use crate::panels::scene::Scene;
use crate::panels::sparkplug::command_form::CommandForm;
use crate::panels::sparkplug::places::mark;
use crate::payload::query::{JsonPath, Segment};
use crate::payload::visible_line;
use crate::query::sparkplug::{EdgeNode, Life, LiveMetric, NodeKey, Plant, SparkplugKind};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::controls::hairline;
use crate::ui::widgets::empty;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::virtual_list::{BAR_WIDTH, ListPlace, VirtualList};
use crate::ui::{icons, language, theme};
use crate::words::{format, sparkplug as words};

const ROW_HEIGHT: f32 = 22.0;
const HEADINGS_HEIGHT: f32 = 20.0;
/// Widths of the columns beside the names and the values, which share the rest.
const TYPE_WIDTH: f32 = 90.0;
const AGE_WIDTH: f32 = 64.0;
const NAME_SHARE: f32 = 0.45;

/// An edge node, or one of its devices.
pub(super) type Whose<'a> = (&'a NodeKey, Option<&'a String>);

/// What is kept between frames.
#[derive(Debug, Default)]
pub(super) struct LifeView {
    at: ListPlace,
    shown: Option<(NodeKey, Option<String>)>,
    form: CommandForm,
}

impl LifeView {
    /// Draws an edge node or a device.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        plant: &Plant,
        whose: Whose<'_>,
        actions: &mut Actions,
    ) {
        let (key, device) = whose;
        let Some(node) = plant.node(key) else { return };
        let life = match device {
            Some(device) => match node.devices.get(device) {
                Some(device) => &device.life,
                None => return,
            },
            None => &node.life,
        };
        let is_other = self.shown.as_ref().is_none_or(|(shown, of)| (shown, of.as_ref()) != whose);
        if is_other {
            self.shown = Some((key.clone(), device.cloned()));
            self.at = ListPlace::default();
            self.form.reset();
        }
        self.header(ui, scene, life, node, whose, actions);
        if self.form.is_open {
            self.form.show(ui, scene, life, whose, actions);
        }
        hairline(ui);
        self.list(ui, scene, life, node, whose, actions);
    }

    fn header(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        life: &Life,
        node: &EdgeNode,
        (key, device): Whose<'_>,
        actions: &mut Actions,
    ) {
        let (t, l) = (tokens(ui), language(ui));
        let (rect, _) =
            ui.allocate_exact_size(vec2(ui.available_width(), size::PANEL_HEADER), Sense::hover());
        let inside = rect.with_max_x(rect.right() - 4.0);
        let builder = UiBuilder::new().id_salt("acts").max_rect(inside);
        let mut acts = ui.new_child(builder.layout(Layout::right_to_left(Align::Center)));
        let offline = (!scene.status.state.is_connected()).then(|| words::NOT_CONNECTED.of(l).to_owned());
        let asked = node.rebirth_wait_s(scene.now).map(|seconds| words::asked_before(seconds, l));
        if let Some(seconds) = node.rebirth_wait_s(scene.now) {
            acts.request_repaint_after_secs(seconds.min(1) as f32);
        }
        let why = offline.clone().or(asked);
        let button = acts.add_enabled(why.is_none(), Button::new(words::REBIRTH.of(l)));
        let button = button.on_hover_text(words::REBIRTH_HELP.of(l));
        if button.on_disabled_hover_text(why.unwrap_or_default()).clicked() {
            actions.push(SparkplugAction::AskRebirth(key.clone()));
        }
        let button = acts.add_enabled(
            offline.is_none() || self.form.is_open,
            Button::new(words::WRITE.of(l)).selected(self.form.is_open),
        );
        let button = button.on_hover_text(words::WRITE_HELP.of(l));
        if button.on_disabled_hover_text(offline.unwrap_or_default()).clicked() {
            self.form.toggle(life);
        }
        let data = data_topic(scene.model, key, device);
        let button = acts.add_enabled(data.is_some(), Button::new(words::SHOW_TOPIC.of(l)));
        if button.on_hover_text(words::SHOW_TOPIC_HELP.of(l)).clicked()
            && let Some(topic) = data
        {
            actions.push(TopicAction::Select(topic));
        }
        let left = rect.with_min_x(rect.left() + size::PADDING).with_max_x(acts.min_rect().left() - 4.0);
        let builder = UiBuilder::new().id_salt("facts").max_rect(left);
        let mut facts = ui.new_child(builder.layout(Layout::left_to_right(Align::Center)));
        let (icon, color) = mark(Some(life.presence), t);
        facts.label(RichText::new(icon).font(theme::icon_font()).color(color));
        let text = words::facts(life, device.is_none().then_some(node), scene.now, l);
        let label = Label::new(RichText::new(&text).color(t.text_muted).font(theme::small_font())).truncate();
        facts.add(label).on_hover_text(words::FACTS_HELP.of(l));
    }

    fn list(
        &mut self,
        ui: &mut Ui,
        scene: &Scene<'_>,
        life: &Life,
        node: &EdgeNode,
        whose: Whose<'_>,
        actions: &mut Actions,
    ) {
        let l = language(ui);
        if life.metrics.is_empty() && life.faults.is_empty() {
            empty::show(ui, words::NO_METRICS.of(l), words::NO_METRICS_HELP.of(l));
            return;
        }
        headings(ui);
        let faults: Vec<_> = life.faults.iter().collect();
        let list = VirtualList {
            name: words::METRICS.of(l),
            rows: (faults.len() + life.metrics.len()) as u64,
            row_height: ROW_HEIGHT,
            scroll_to: None,
        };
        let Self { at, form, .. } = self;
        let node = whose.1.is_none().then_some(node);
        list.show(ui, at, |ui, row, rect| {
            let row = row as usize;
            if let Some((kind, noted)) = faults.get(row) {
                let text = words::fault(**kind, noted, node, scene.now, l);
                show_fault(ui, rect, row, &text);
            } else if let Some(metric) = life.metrics.get(row - faults.len()) {
                show_metric(ui, rect, row, metric, scene, whose, form, actions);
            }
        });
    }
}

/// The topic in the tree that tells most of an edge node or device: its data, or else its birth.
fn data_topic(model: &Model, key: &NodeKey, device: Option<&String>) -> Option<NodeId> {
    let kinds = match device {
        Some(_) => [SparkplugKind::DeviceData, SparkplugKind::DeviceBirth],
        None => [SparkplugKind::NodeData, SparkplugKind::NodeBirth],
    };
    let device = device.map(String::as_str);
    kinds.into_iter().find_map(|kind| model.find(key.topic(kind, device).as_bytes()))
}

/// Where the columns of a row begin: names, types, values, ages.
fn columns(rect: Rect) -> [f32; 4] {
    let left = rect.left() + size::PADDING;
    let rest = (rect.width() - 2.0 * size::PADDING - TYPE_WIDTH - AGE_WIDTH).max(120.0);
    let types = left + (rest * NAME_SHARE).round();
    let values = types + TYPE_WIDTH;
    [left, types, values, rect.right() - size::PADDING - AGE_WIDTH]
}

fn headings(ui: &mut Ui) {
    let (t, l) = (tokens(ui), language(ui));
    let size = vec2(ui.available_width(), HEADINGS_HEIGHT);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let [names, types, values, ages] = columns(rect.with_max_x(rect.right() - BAR_WIDTH));
    for (at, label) in
        [(names, words::METRIC), (types, words::TYPE), (values, words::VALUE), (ages, words::AGE)]
    {
        let galley = one_line(ui, label.of(l), theme::small_font(), t.text_muted, 120.0);
        paint_line(ui, pos2(at, rect.center().y), galley, t.text_muted);
    }
}

fn show_fault(ui: &mut Ui, rect: Rect, row: usize, text: &str) {
    let t = tokens(ui);
    let response = ui.interact(rect, ui.scope_id().with(row), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, text));
    let left = rect.left() + size::PADDING;
    let galley = one_line(ui, icons::WARNING, theme::icon_font(), t.warn, 20.0);
    paint_line(ui, pos2(left, rect.center().y), galley, t.warn);
    let width = rect.right() - size::PADDING - left - 22.0;
    let galley = one_line(ui, &visible_line(text), theme::small_font(), t.text, width);
    paint_line(ui, pos2(left + 22.0, rect.center().y), galley, t.text);
    response.on_hover_text(text);
}

#[expect(clippy::too_many_arguments, reason = "a row is drawn from the metric, the scene and the form")]
fn show_metric(
    ui: &mut Ui,
    rect: Rect,
    row: usize,
    metric: &LiveMetric,
    scene: &Scene<'_>,
    (key, device): Whose<'_>,
    form: &mut CommandForm,
    actions: &mut Actions,
) {
    let (t, l) = (tokens(ui), language(ui));
    let response = ui.interact(rect, ui.scope_id().with(row), Sense::click());
    let said = &metric.said;
    let name = visible_line(&metric.name);
    let value = if said.is_cut { words::cut_value(&said.value) } else { said.value.clone() };
    let value = visible_line(&value);
    let info = words::metric_row(&name, &said.data_type, &value, l);
    response.widget_info(|| WidgetInfo::labeled(Role::ListItem, true, &*info));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
    let [names, types, values, ages] = columns(rect);
    let middle = rect.center().y;
    let text = |at: f32, text: &str, font, color, until: f32| {
        paint_line(ui, pos2(at, middle), one_line(ui, text, font, color, until - at - 8.0), color);
    };
    text(names, &name, theme::mono_small_font(), t.text, types);
    text(types, &said.data_type, theme::small_font(), t.text_muted, values);
    let color = match said.value.as_bytes().first() {
        Some(b'"') => t.json_string,
        Some(b't' | b'f') => t.json_bool,
        Some(b'n') => t.json_null,
        Some(b'-' | b'0'..=b'9') => t.json_number,
        _ => t.text,
    };
    text(values, &value, theme::mono_small_font(), color, ages);
    let is_of_birth = metric.in_birth && metric.updates == 0;
    let age =
        if is_of_birth { words::SINCE_BIRTH.of(l).to_owned() } else { format::age(metric.at, scene.now, l) };
    text(ages, &age, theme::small_font(), t.text_muted, rect.right());
    context_menu::show(&response, response.id, response.has_focus(), |menu| {
        let is_number = said.value.parse::<f64>().is_ok();
        let why = (!is_number).then_some(words::NOT_A_NUMBER.of(l));
        if menu.item(&Item::new(icons::CHART_LINE, words::PLOT.of(l)).unless(why)) {
            let key_of = |name: &str| Segment::Key(name.to_owned());
            let path = JsonPath::from_iter([key_of("metrics"), key_of(&metric.name)]);
            let node = data_topic(scene.model, key, device);
            if let Some(node) = node {
                actions.push(PlotAction::Add { node, path: Some(path) });
            }
        }
        if menu.item(&Item::new(icons::PENCIL_SIMPLE, words::WRITE.of(l))) {
            form.begin(metric);
        }
        if menu.item(&Item::new(icons::COPY, words::COPY_NAME.of(l))) {
            actions.push(Action::Copy { what: words::NAME_COPIED, text: metric.name.to_string() });
        }
        let why = said.is_cut.then_some(words::VALUE_CUT.of(l));
        if menu.item(&Item::new(icons::COPY, words::COPY_VALUE.of(l)).unless(why)) {
            actions.push(Action::Copy { what: words::VALUE_COPIED, text: said.value.clone() });
        }
    });
    if response.double_clicked() {
        form.begin(metric);
    }
    response.on_hover_ui(|ui| {
        ui.label(excerpt::of_tooltip(&words::metric_help(metric, scene.now, l)));
    });
}
