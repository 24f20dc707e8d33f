//! What the broker retains below a topic: listed anew, cleared, and published back.
//!
//! The list is made by a connection of its own (`session::retained`), because nothing that has come before tells what is
//! retained now. The panel chooses; every change goes through an action, and a clear is asked about.

mod copy_form;
mod previews;
mod rows;
mod table;

use eframe::egui::{self, Align, Layout, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::command::{Actions, RetainedAction};
use crate::model::Model;
use crate::mqtt::filter;
use crate::panels::PanelView;
use crate::panels::retained::copy_form::CopyForm;
use crate::panels::retained::previews::Previews;
use crate::panels::retained::rows::{RetainedColumn, RetainedRows};
pub use crate::panels::retained::table::table;
use crate::panels::scene::Scene;
use crate::payload::{visible_line, visible_name};
use crate::session::retained::{DeskState, RetainedMessage, RetainedPhase};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::access::keyed;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, named_combo};
use crate::ui::widgets::one_line::{end_of_topic, one_line, paint_line};
use crate::ui::widgets::virtual_list::{ListPlace, VirtualList};
use crate::ui::widgets::{empty, field};
use crate::ui::{icons, language, theme};
use crate::words::{Language, filter as filter_words, format, retained as words};

const ROW_HEIGHT: f32 = 24.0;
const BAR_HEIGHT: f32 = 34.0;
/// The choices of the pace, in messages a second.
const PACES: [u32; 4] = [100, 1_000, 5_000, 20_000];

/// The panel of retained messages of one session.
#[derive(Debug)]
pub struct RetainedView {
    filter: String,
    per_second: u32,
    rows: RetainedRows,
    place: ListPlace,
    copy: CopyForm,
    previews: Previews,
}

impl Default for RetainedView {
    fn default() -> Self {
        Self {
            filter: "#".to_owned(),
            per_second: 1_000,
            rows: RetainedRows::default(),
            place: ListPlace::default(),
            copy: CopyForm::default(),
            previews: Previews::default(),
        }
    }
}

impl PanelView for RetainedView {
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        bar(ui, |ui| self.filter_bar(ui, scene, actions));
        let Some(desk) = scene.retained else {
            hairline(ui);
            let l = language(ui);
            empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
            return;
        };
        self.rows.refresh(desk);
        bar(ui, |ui| self.action_bar(ui, desk, scene, actions));
        hairline(ui);
        bar(ui, |ui| self.header(ui, desk));
        self.list(ui, desk, scene, actions);
    }

    fn cleared(&mut self) {
        self.place = ListPlace::default();
    }
}

fn bar(ui: &mut Ui, draw: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), BAR_HEIGHT);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.add_space(size::PADDING);
        draw(ui);
    });
}

impl RetainedView {
    /// Sets the filter, as if it had been typed.
    pub fn set_filter(&mut self, filter: String) {
        self.filter = filter;
    }

    fn filter_bar(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let width = (ui.available_width() * 0.4).clamp(120.0, 360.0);
        let name = words::FILTER.of(l);
        let response = field::line(ui, name, field::STRING_BYTES_MAX, &mut self.filter, |edit| {
            edit.id_salt("retained filter").font(theme::mono_font()).desired_width(width)
        });
        let entered = response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Enter));
        let problem = filter::check_filter(&self.filter).err().map(|why| filter_words::capitalised(why, l));
        let problem = problem
            .or_else(|| (!scene.status.state.is_connected()).then(|| words::NOT_CONNECTED.of(l).to_owned()));
        let is_ready = problem.is_none();
        let button = ui.add_enabled(is_ready, egui::Button::new(words::LIST.of(l)));
        let button = button.on_hover_text(words::LIST_HELP.of(l));
        let clicked = button.on_disabled_hover_text(problem.unwrap_or_default()).clicked();
        if is_ready && (clicked || entered) {
            actions.push(RetainedAction::List(self.filter.clone()));
        }
        if let Some(desk) = scene.retained {
            let (text, is_bad) = words::state(desk, l);
            let t = tokens(ui);
            let color = if is_bad { t.error } else { t.text_muted };
            let galley =
                one_line(ui, &text, theme::small_font(), color, ui.available_width() - size::PADDING);
            let response = ui.label(galley);
            response.on_hover_text(text);
        }
    }

    fn action_bar(&mut self, ui: &mut Ui, desk: &DeskState, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let is_idle = desk.phase == RetainedPhase::Listed;
        let name = words::SEARCH.of(l);
        let hint = RichText::new(name).color(tokens(ui).text_muted);
        field::line(ui, name, field::STRING_BYTES_MAX, &mut self.rows.search, |edit| {
            edit.id_salt("retained search").hint_text(hint).desired_width(140.0)
        });
        let chosen = self.rows.chosen_count();
        let clear = RichText::new(words::clear(chosen, l)).color(tokens(ui).error);
        let button = ui.add_enabled(is_idle && chosen > 0, egui::Button::new(clear));
        if button.on_hover_text(words::CLEAR_HELP.of(l)).on_disabled_hover_text(words::CHOOSE.of(l)).clicked()
        {
            let topics = self.rows.chosen_topics(desk);
            actions.push(RetainedAction::AskClear { topics: topics.into(), per_second: self.per_second });
        }
        if desk.undoable > 0 {
            let undo = egui::Button::new(words::undo(desk.undoable, l));
            if keyed(ui, "undo", |ui| ui.add_enabled(is_idle, undo))
                .on_hover_text(words::UNDO_HELP.of(l))
                .clicked()
            {
                actions.push(RetainedAction::PutBack { per_second: self.per_second });
            }
        }
        let is_working = matches!(
            desk.phase,
            RetainedPhase::Preparing(..)
                | RetainedPhase::Clearing(..)
                | RetainedPhase::PuttingBack(..)
                | RetainedPhase::Copying(..)
        );
        if is_working
            && keyed(ui, "stop", |ui| ui.button(words::STOP.of(l)))
                .on_hover_text(words::STOP_HELP.of(l))
                .clicked()
        {
            actions.push(RetainedAction::Stop);
        }
        ui.spacing_mut().combo_width = 96.0;
        named_combo(ui, words::PACE.of(l), &words::pace(self.per_second, l), |ui| {
            for pace in PACES {
                ui.selectable_value(&mut self.per_second, pace, words::pace(pace, l));
            }
        });
        let save = ui.add_enabled(is_idle && chosen > 0, egui::Button::new(words::SAVE.of(l)));
        if save.on_hover_text(words::SAVE_HELP.of(l)).on_disabled_hover_text(words::CHOOSE.of(l)).clicked() {
            actions.push(RetainedAction::Save(self.rows.chosen_topics(desk).into()));
        }
        let csv = ui.add_enabled(chosen > 0, egui::Button::new(words::SAVE_TABLE.of(l)));
        let csv = csv.on_hover_text(words::SAVE_TABLE_HELP.of(l)).on_disabled_hover_text(words::CHOOSE.of(l));
        if csv.clicked() {
            actions.push(RetainedAction::SaveTable(self.rows.chosen_topics(desk).into()));
        }
        let Self { copy, rows, per_second, .. } = self;
        copy.show(ui, (rows, desk), *per_second, scene, actions);
    }

    fn header(&mut self, ui: &mut Ui, desk: &DeskState) {
        let l = language(ui);
        let mut all = self.rows.all_shown_are_chosen();
        let response = check_box(ui, &mut all, "");
        let name = words::CHOOSE_ALL.of(l);
        response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, all, name));
        if response.on_hover_text(name).changed() {
            self.rows.choose_all_shown(all);
        }
        for (column, label) in [(RetainedColumn::Topic, words::TOPIC), (RetainedColumn::Size, words::SIZE)] {
            let is_current = self.rows.sorted_by().0 == column;
            let text = RichText::new(words::heading(label, is_current.then(|| self.rows.sorted_by().1), l));
            if ui.add(egui::Button::new(text.font(theme::small_font())).frame(false)).clicked() {
                self.rows.sort_by(column);
            }
        }
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            let shown = words::shown(self.rows.len(), desk.messages.len(), desk.is_cut, l);
            ui.label(RichText::new(shown).font(theme::small_font()).color(tokens(ui).text_muted));
        });
    }

    fn list(&mut self, ui: &mut Ui, desk: &DeskState, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        if self.rows.len() == 0 {
            if desk.phase == RetainedPhase::Listed {
                empty::show(ui, words::NOTHING.of(l), words::NOTHING_HELP.of(l));
            }
            return;
        }
        let Self { rows, place, previews, per_second, .. } = self;
        let is_idle = desk.phase == RetainedPhase::Listed;
        let count = rows.len() as u64;
        let list =
            VirtualList { name: words::RETAINED.of(l), rows: count, row_height: ROW_HEIGHT, scroll_to: None };
        list.show(ui, place, |ui, row, rect| {
            if let Some((index, message)) = rows.get(desk, row as usize) {
                let is_chosen = rows.is_chosen(index);
                let value = previews.of(desk.version, index, message, scene.rules, l);
                let shown = RowLook { index, is_chosen, is_idle, value };
                match show_row(ui, rect, message, shown, scene, l) {
                    Some(RowAct::Choose) => rows.choose(index, !is_chosen),
                    Some(RowAct::Clear) => actions.push(RetainedAction::AskClear {
                        topics: [message.topic.clone()].into(),
                        per_second: *per_second,
                    }),
                    None => {}
                }
            }
        });
    }
}

/// How a row is drawn.
#[derive(Clone, Copy)]
struct RowLook<'a> {
    index: usize,
    is_chosen: bool,
    is_idle: bool,
    value: &'a str,
}

/// What was done to a row.
enum RowAct {
    Choose,
    Clear,
}

fn show_row(
    ui: &mut Ui,
    rect: Rect,
    message: &RetainedMessage,
    look: RowLook<'_>,
    scene: &Scene<'_>,
    l: Language,
) -> Option<RowAct> {
    let t = tokens(ui);
    let RowLook { index, is_chosen, is_idle, value } = look;
    let response = ui.interact(rect, ui.scope_id().with(index), Sense::click());
    let topic = visible_line(&message.topic);
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::CheckBox,
            true,
            is_chosen,
            words::row(&visible_name(&message.topic), value, l),
        )
    });
    if is_chosen {
        ui.painter().rect_filled(rect, 0.0, t.selection);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, 0.0, t.surface_2);
    }
    if response.has_focus() {
        let ring = egui::Stroke::new(1.5, t.accent);
        ui.painter().rect_stroke(rect.shrink(1.0), size::RADIUS, ring, egui::StrokeKind::Inside);
    }
    let left = rect.left() + size::PADDING;
    let mark = Rect::from_center_size(pos2(left + 8.0, rect.center().y), vec2(16.0, 16.0));
    paint_mark(ui, mark, is_chosen);
    let inner =
        Rect::from_min_max(pos2(left + 26.0, rect.top()), pos2(rect.right() - size::PADDING, rect.bottom()));
    let right_width = 158.0;
    let width = inner.width() - right_width;
    let center = inner.center().y;
    let galley = end_of_topic(ui, &topic, &theme::mono_small_font(), t.text, width * 0.5 - 8.0);
    paint_line(ui, pos2(inner.left(), center), galley, t.text);
    let galley = one_line(ui, value, theme::mono_small_font(), t.text_muted, width * 0.5 - 8.0);
    paint_line(ui, pos2(inner.left() + width * 0.5, center), galley, t.text_muted);
    let size = format::bytes(message.payload.len() as u64);
    let end = match age(scene.model, &message.topic, scene.now.0, l) {
        Some(age) => words::size_and_age(&size, &age),
        None => size,
    };
    let galley = one_line(ui, &end, theme::small_font(), t.text_muted, right_width);
    paint_line(ui, pos2(inner.right() - 28.0 - galley.size().x, center), galley, t.text_muted);
    let mut act = response.clicked().then_some(RowAct::Choose);
    // Two clicks clear one message: this one, and the answer.
    let eraser =
        Rect::from_min_max(pos2(inner.right() - 26.0, rect.top()), pos2(inner.right(), rect.bottom()));
    let builder = egui::UiBuilder::new().id_salt(("clear", index)).max_rect(eraser);
    let mut child = ui.new_child(builder.layout(Layout::left_to_right(Align::Center)));
    if !is_idle {
        child.disable();
    }
    if ui.rect_contains_pointer(rect) || response.has_focus() {
        let name = words::clear_one(&visible_name(&message.topic), l);
        let text = RichText::new(icons::ERASER).font(theme::icon_font()).color(t.error);
        let button = child.add(egui::Button::new(text).frame_when_inactive(false).min_size(vec2(22.0, 20.0)));
        button.widget_info(|| WidgetInfo::labeled(Role::Button, is_idle, &name));
        if button.on_hover_text(words::CLEAR_ONE.of(l)).clicked() {
            act = Some(RowAct::Clear);
        }
    }
    response.on_hover_text(words::tooltip(message, l));
    act
}

fn paint_mark(ui: &Ui, rect: Rect, is_chosen: bool) {
    let t = tokens(ui);
    let stroke = egui::Stroke::new(1.0, if is_chosen { t.accent } else { t.text_muted });
    ui.painter().rect_stroke(rect.shrink(1.0), 3.0, stroke, egui::StrokeKind::Inside);
    if is_chosen {
        ui.painter().rect_filled(rect.shrink(4.0), 2.0, t.accent);
    }
}

/// How long ago the message came, if this session saw it come: a retained one does not say.
fn age(model: &Model, topic: &str, now_us: i64, l: Language) -> Option<String> {
    let newest = model.node(model.find(topic.as_bytes())?)?.topic?.newest;
    let live = !newest.flags().retain || newest.number() > 1;
    live.then(|| format::age(newest.arrived(), crate::message::Timestamp(now_us), l))
}
