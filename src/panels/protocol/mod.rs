//! The protocol log: every MQTT control packet of the session, in both directions, in order.
//!
//! It shows a snapshot of the session's log, taken at most ten times a second, so that a hundred thousand packets a
//! second are as easy to draw as ten. A paused view keeps its snapshot. Filtering works in portions; jobs write files
//! and long texts.

mod export;
mod packets;
mod row;

use std::time::Duration;

use bytes::Bytes;
use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{
    self, Align, Button, Context, Layout, PopupCloseBehavior, Rect, Response, RichText, Role, Sense, Ui,
    WidgetInfo, pos2, vec2,
};

use crate::command::{Action, Actions, Notice, PacketLogAction};
use crate::mqtt::trace::PacketKind;
use crate::panels::PanelView;
use crate::panels::excerpt;
use crate::panels::protocol::export::FileFormat;
use crate::panels::protocol::packets::{PacketFilter, Packets};
use crate::panels::protocol::row::{PacketCells, PacketColumns};
use crate::panels::scene::Scene;
use crate::session::packet_log::Packet;
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::context_menu::{self, Item};
use crate::ui::widgets::controls::{arrow_atom, hairline, icon_button};
use crate::ui::widgets::line_list::{LineList, LineSource as _};
use crate::ui::widgets::one_line::one_line;
use crate::ui::widgets::virtual_list::{BAR_WIDTH, paint_galley};
use crate::ui::widgets::{empty, field};
use crate::ui::{icons, language, theme};
use crate::words::{Label, Language, clipboard, format, packets as words, widgets};

/// The shortest time between two snapshots, in seconds.
const REFRESH_SECONDS: f64 = 0.1;
/// How many packets are filtered per frame, which takes about half a millisecond.
const SCAN_PACKETS: u64 = 2_048;
/// Height of the header line with the column names, in points.
const HEADER_HEIGHT: f32 = 20.0;

/// The result of a job on the visible packets.
#[derive(Debug)]
enum Made {
    File(FileFormat, String),
    Copy(String),
}

/// The protocol log of one session.
#[derive(Debug, Default)]
pub struct ProtocolView {
    filter: PacketFilter,
    packets: Packets,
    cells: PacketCells,
    list: LineList,
    /// When packets were last read, and how many there had been in total.
    refreshed: Option<(f64, u64)>,
    making: Option<Job<Made>>,
    shown: bool,
}

impl PanelView for ProtocolView {
    fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        // A hidden panel keeps no packets besides the log itself.
        if !std::mem::take(&mut self.shown) && !scene.paused && self.refreshed.take().is_some() {
            self.packets.release();
            self.cells = PacketCells::default();
        }
        let Some(job) = &self.making else { return };
        match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(Made::Copy(text)) => {
                let what = if text.lines().nth(1).is_some() { clipboard::PACKETS } else { clipboard::PACKET };
                actions.push(Action::Copy { what, text });
            }
            JobProgress::Done(Made::File(format, text)) => {
                let name = format.file_name().to_owned();
                actions.push(Action::Save { name, bytes: Bytes::from(text) });
            }
            JobProgress::Failed => {
                actions.push(Action::Notify(Notice::error(words::NOT_WRITTEN.of(language(ctx)))));
            }
        }
        self.making = None;
    }

    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.shown = true;
        self.refresh(ui, scene);
        ui.allocate_ui_with_layout(
            vec2(ui.available_width(), size::PANEL_HEADER),
            Layout::left_to_right(Align::Center),
            |ui| self.header(ui, scene, actions),
        );
        hairline(ui);
        self.packets.set_filter(&self.filter, language(ui));
        if self.packets.scan(SCAN_PACKETS) {
            ui.ctx().request_repaint();
        }
        if self.packets.total() == 0 {
            nothing_yet(ui, scene, actions);
        } else if self.packets.rows() == 0 {
            self.nothing_found(ui);
        } else {
            self.list(ui, scene);
        }
    }
}

impl ProtocolView {
    /// Shows only packets with this text in the topic or reason.
    pub fn set_filter_text(&mut self, text: &str) {
        text.clone_into(&mut self.filter.text);
    }

    /// Reads newly recorded packets, at a limited rate and not while the view is paused.
    fn refresh(&mut self, ui: &Ui, scene: &Scene<'_>) {
        let (now, total) = (ui.input(|input| input.time), scene.protocol.total());
        match self.refreshed {
            Some(_) if scene.paused => return,
            Some((_, seen)) if seen == total => return,
            Some((at, _)) if now - at < REFRESH_SECONDS => {
                let wait = Duration::from_secs_f64((REFRESH_SECONDS - (now - at)).max(0.01));
                ui.ctx().request_repaint_after(wait);
                return;
            }
            _ => {}
        }
        self.refreshed = Some((now, total));
        self.packets.refresh(scene.protocol);
    }

    fn header(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        ui.add_space(size::PADDING);
        let mut on = scene.protocol.is_on();
        if check_box(ui, &mut on, words::LOG_PACKETS.of(l)).on_hover_text(words::COST.of(l)).changed() {
            actions.push(PacketLogAction::SetOn(on));
        }
        ui.add_space(4.0);
        self.kinds(ui);
        let width = (ui.available_width() - 380.0).clamp(80.0, 240.0);
        let hint = RichText::new(widgets::FILTER.of(l)).color(tokens(ui).text_muted);
        field::line(ui, words::FILTER.of(l), field::FILTER_BYTES_MAX, &mut self.filter.text, |edit| {
            edit.hint_text(hint).desired_width(width)
        });
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            self.buttons(ui, actions);
            self.figures(ui, scene);
        });
    }

    /// Draws the choice of packet types: a check box each, and buttons for all and none.
    fn kinds(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let text = self.filter.kinds_text(l);
        let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let button = Button::new((text.as_str(), arrow_atom())).min_size(vec2(104.0, 24.0));
        let (response, _) = MenuButton::from_button(button).config(config).ui(ui, |ui| {
            ui.set_min_width(260.0);
            ui.horizontal(|ui| {
                for (label, shown) in [(words::SHOW_ALL_TYPES, true), (words::HIDE_ALL_TYPES, false)] {
                    if ui.button(label.of(l)).clicked() {
                        for kind in PacketKind::ALL {
                            self.filter.set_kind(kind, shown);
                        }
                    }
                }
            });
            ui.separator();
            egui::Grid::new("types").num_columns(2).spacing(vec2(16.0, 4.0)).show(ui, |ui| {
                for pair in PacketKind::ALL.chunks(2) {
                    for kind in pair {
                        let mut shown = self.filter.shows_kind(*kind);
                        if check_box(ui, &mut shown, kind.name()).changed() {
                            self.filter.set_kind(*kind, shown);
                        }
                    }
                    ui.end_row();
                }
            });
        });
        response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ComboBox, true, words::TYPES.of(l));
            info.current_text_value = Some(text.clone());
            info
        });
    }

    fn buttons(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let l = language(ui);
        ui.add_enabled_ui(self.packets.rows() > 0 && self.making.is_none(), |ui| {
            let (response, _) = MenuButton::new((words::EXPORT.of(l), arrow_atom())).ui(ui, |ui| {
                for (format, label) in
                    [(FileFormat::Csv, words::CSV), (FileFormat::JsonLines, words::JSON_LINES)]
                {
                    if ui.button(label.of(l)).clicked() {
                        self.export(ui.ctx(), format);
                        ui.close();
                    }
                }
            });
            response.on_hover_text(words::EXPORT_HELP.of(l));
        });
        let any = self.packets.total() > 0;
        ui.add_enabled_ui(any, |ui| {
            if icon_button(ui, icons::TRASH, words::CLEAR.of(l), words::CLEAR_HELP.of(l)).clicked() {
                self.refreshed = None;
                self.packets.release();
                self.list = LineList::default();
                actions.push(PacketLogAction::Clear);
            }
            if icon_button(ui, icons::COPY, words::COPY.of(l), words::COPY_HELP.of(l)).clicked() {
                self.copy(ui.ctx(), |_| true);
            }
        });
        if any && !self.list.follows {
            let end = ui.button(widgets::GO_TO_END.of(l)).on_hover_text(words::GO_TO_END_HELP.of(l));
            self.list.follows = end.clicked();
        }
    }

    fn figures(&self, ui: &mut Ui, scene: &Scene<'_>) {
        let (t, l) = (tokens(ui), language(ui));
        let (shown, total) = (self.packets.rows(), self.packets.total());
        let count = if self.filter.is_empty() {
            words::packets(total, l)
        } else {
            widgets::shown_of_all(shown, total, l)
        };
        let older = self.refreshed.map_or(0, |(_, seen)| seen).saturating_sub(total);
        let label = ui.label(RichText::new(count).color(t.text_muted).font(theme::small_font()));
        if older > 0 {
            label.on_hover_text(words::older_dropped(older, l));
        }
        if scene.paused && total > 0 {
            ui.label(RichText::new(words::PAUSED.of(l)).color(t.warn).font(theme::small_font()));
        }
    }

    fn nothing_found(&mut self, ui: &mut Ui) {
        let l = language(ui);
        empty::show_with(ui, words::NOTHING_FOUND.of(l), words::NOTHING_FOUND_HELP.of(l), |ui| {
            if ui.button(widgets::CLEAR_FILTER.of(l)).clicked() {
                self.filter = PacketFilter::default();
            }
        });
    }

    fn list(&mut self, ui: &mut Ui, scene: &Scene<'_>) {
        let l = language(ui);
        column_names(ui, l);
        let Self { packets, cells, list, .. } = self;
        cells.begin(l, scene.settings.time_format);
        let answer = list.show(ui, words::TITLE.of(l), packets, |ui, row| {
            packets.get(row.number).is_some_and(|packet| cells.paint(ui, row, packet))
        });
        cells.end();
        if answer.copy {
            self.copy_selection(ui.ctx());
        }
        self.menu(&answer.response);
        if let Some(packet) = answer.hidden.and_then(|number| self.packets.get(number)) {
            answer.response.on_hover_text_at_pointer(full_text(packet, l));
        }
    }

    fn menu(&mut self, response: &Response) {
        context_menu::show(response, response.id, response.has_focus(), |menu| {
            let l = language(menu.ui());
            let selection = self.list.selection;
            let many = selection.is_some_and(|selection| selection.anchor != selection.head);
            let label = if many { widgets::COPY_LINES } else { widgets::COPY_LINE };
            let why = selection.is_none().then_some(widgets::NOTHING_SELECTED.of(l));
            if menu.item(&Item::new(icons::COPY, label.of(l)).unless(why)) {
                self.copy_selection(menu.ui().ctx());
            }
            if menu.item(&Item::new(icons::COPY, widgets::COPY_ALL.of(l))) {
                self.copy(menu.ui().ctx(), |_| true);
            }
        });
    }

    fn copy_selection(&mut self, ctx: &Context) {
        if let Some(selection) = self.list.selection {
            self.copy(ctx, |number| selection.contains(number));
        }
    }

    fn copy(&mut self, ctx: &Context, wanted: impl Fn(u64) -> bool) {
        let (snapshot, numbers) = self.packets.shown(wanted);
        if !numbers.is_empty() {
            let language = language(ctx);
            self.making = Some(Job::spawn("copy packets", ctx, move |cancel| {
                Made::Copy(export::lines(&snapshot, &numbers, language, || cancel.is_cancelled()))
            }));
        }
    }

    fn export(&mut self, ctx: &Context, format: FileFormat) {
        let (snapshot, numbers) = self.packets.shown(|_| true);
        self.making = Some(Job::spawn("export packets", ctx, move |cancel| {
            Made::File(format, format.write(&snapshot, &numbers, || cancel.is_cancelled()))
        }));
    }
}

fn nothing_yet(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    let l = language(ui);
    if scene.protocol.is_on() {
        empty::show(ui, words::EMPTY.of(l), words::EMPTY_HELP.of(l));
        return;
    }
    empty::show_with(ui, words::OFF.of(l), words::COST.of(l), |ui| {
        if ui.button(words::LOG_PACKETS.of(l)).clicked() {
            actions.push(PacketLogAction::SetOn(true));
        }
    });
}

fn column_names(ui: &mut Ui, l: Language) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER_HEIGHT), Sense::hover());
    let columns = PacketColumns::of(rect.with_max_x(rect.right() - BAR_WIDTH));
    let name = |place: Rect, align: Align, label: Label| {
        if place.width() > 0.0 {
            let galley = one_line(ui, label.of(l), theme::small_font(), t.text_muted, place.width());
            paint_galley(ui, place, align, galley, t.text_muted);
        }
    };
    name(columns.time, Align::Min, words::TIME);
    name(columns.kind, Align::Min, words::TYPE);
    name(columns.packet_id, Align::Max, words::ID);
    name(columns.detail, Align::Min, words::DETAIL);
    name(columns.size, Align::Max, words::SIZE);
    name(columns.subject, Align::Min, words::TOPIC);
    name(columns.latency, Align::Max, words::LATENCY);
    let line = rect.bottom();
    ui.painter().hline(rect.x_range(), line, egui::Stroke::new(1.0, t.line));
    let latency = Rect::from_min_max(pos2(columns.latency.left(), rect.top()), rect.right_bottom());
    ui.interact(latency, ui.scope_id().with("latency"), Sense::hover())
        .on_hover_text(words::LATENCY_HELP.of(l));
}

fn full_text(packet: &Packet, language: Language) -> String {
    let at = format::date_time(packet.record.at);
    format!("{at}\n{}", excerpt::of_tooltip(&row::spoken(packet, language)))
}
