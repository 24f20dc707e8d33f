//! The protocol log: every MQTT control packet of the session, in and out, in order.
//!
//! It works on a snapshot of the session's log that is taken ten times a second at most, so that a hundred thousand
//! packets a second are drawn as calmly as ten. A paused view keeps its snapshot. Filtering goes on in portions;
//! files and long texts are written by jobs.

mod export;
mod packets;
mod row;

use std::time::Duration;

use bytes::Bytes;
use eframe::egui::containers::menu::{MenuButton, MenuConfig};
use eframe::egui::{
    self, Align, Button, Context, Layout, PopupCloseBehavior, Rect, Response, RichText, Role, Sense,
    TextEdit, Ui, WidgetInfo, pos2, vec2,
};

use crate::command::{Action, Actions, Notice, PacketLogAction};
use crate::mqtt::trace::PacketKind;
use crate::panels::PanelView;
use crate::panels::protocol::export::Format;
use crate::panels::protocol::packets::{Filter, Packets};
use crate::panels::protocol::row::{Cells, Columns};
use crate::panels::scene::Scene;
use crate::session::packet_log::Packet;
use crate::ui::job::{Job, Progress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::controls::{hairline, icon_button};
use crate::ui::widgets::empty;
use crate::ui::widgets::line_list::{LineList, Lines as _};
use crate::ui::widgets::one_line::one_line;
use crate::ui::widgets::virtual_list::{BAR_WIDTH, paint_galley};
use crate::ui::{icons, theme};
use crate::words::{clipboard, format};

/// New packets are taken in after this many seconds at the earliest.
const REFRESH_SECONDS: f64 = 0.1;
/// Packets that a frame looks at for the filter: half a millisecond.
const SCAN_PACKETS: u64 = 2_048;
/// Height of the line with the columns' names, in points.
const HEADER_HEIGHT: f32 = 20.0;

const COST: &str = "Off, it costs nothing. On, a packet takes a fraction of a microsecond, and the last 100,000 of them up \
                    to 32 MB. Payloads and passwords are not kept";

/// What a job made of the packets that show.
#[derive(Debug)]
enum Made {
    File(Format, String),
    Copy(String),
}

/// The protocol log of one session.
#[derive(Debug, Default)]
pub struct ProtocolView {
    filter: Filter,
    packets: Packets,
    cells: Cells,
    list: LineList,
    /// When packets were last taken in, and how many there had ever been.
    refreshed: Option<(f64, u64)>,
    making: Option<Job<Made>>,
    shown: bool,
}

impl PanelView for ProtocolView {
    fn tick(&mut self, _ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        // What nobody looks at is not kept beside the log itself.
        if !std::mem::take(&mut self.shown) && !scene.paused && self.refreshed.take().is_some() {
            self.packets.release();
            self.cells = Cells::default();
        }
        let Some(job) = &self.making else { return };
        match job.poll() {
            Progress::Running => return,
            Progress::Done(Made::Copy(text)) => {
                let what = if text.lines().nth(1).is_some() { clipboard::PACKETS } else { clipboard::PACKET };
                actions.push(Action::Copy { what, text });
            }
            Progress::Done(Made::File(format, text)) => {
                let name = format.file_name().to_owned();
                actions.push(Action::Save { name, bytes: Bytes::from(text) });
            }
            Progress::Failed => {
                actions.push(Action::Notify(Notice::error("The packets could not be written")));
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
        self.packets.set_filter(&self.filter);
        if self.packets.scan(SCAN_PACKETS) {
            ui.ctx().request_repaint();
        }
        if self.packets.total() == 0 {
            nothing_yet(ui, scene, actions);
        } else if self.packets.rows() == 0 {
            self.nothing_found(ui);
        } else {
            self.list(ui);
        }
    }
}

impl ProtocolView {
    /// Shows only packets with this text in their topic or reason.
    pub fn set_filter_text(&mut self, text: &str) {
        text.clone_into(&mut self.filter.text);
    }

    /// Takes in what was recorded since, not too often, and not while the view stands still.
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
        ui.add_space(size::PADDING);
        let mut on = scene.protocol.is_on();
        if check_box(ui, &mut on, "Log packets").on_hover_text(COST).changed() {
            actions.push(PacketLogAction::SetOn(on));
        }
        ui.add_space(4.0);
        self.kinds(ui);
        let width = (ui.available_width() - 380.0).clamp(80.0, 240.0);
        let hint = RichText::new("Filter").color(tokens(ui).text_muted);
        ui.add(TextEdit::singleline(&mut self.filter.text).hint_text(hint).desired_width(width))
            .accessible_name("Filter packets");
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(size::PADDING);
            self.buttons(ui, actions);
            self.figures(ui, scene);
        });
    }

    /// The choice of types: each with a box, and all or none of them at once.
    fn kinds(&mut self, ui: &mut Ui) {
        let text = self.filter.kinds_text();
        let config = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let button = Button::new(format!("{text}  ▾")).min_size(vec2(104.0, 24.0));
        let (response, _) = MenuButton::from_button(button).config(config).ui(ui, |ui| {
            ui.set_min_width(260.0);
            ui.horizontal(|ui| {
                for (label, shown) in [("Show all types", true), ("Hide all types", false)] {
                    if ui.button(label).clicked() {
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
            let mut info = WidgetInfo::labeled(Role::ComboBox, true, "Packet types");
            info.current_text_value = Some(text.clone());
            info
        });
    }

    fn buttons(&mut self, ui: &mut Ui, actions: &mut Actions) {
        ui.add_enabled_ui(self.packets.rows() > 0 && self.making.is_none(), |ui| {
            let (response, _) = MenuButton::new("Export…").ui(ui, |ui| {
                for (format, label) in
                    [(Format::Csv, "Comma-separated values…"), (Format::JsonLines, "JSON lines…")]
                {
                    if ui.button(label).clicked() {
                        self.export(ui.ctx(), format);
                        ui.close();
                    }
                }
            });
            response.on_hover_text("Writes the packets that show to a file");
        });
        let any = self.packets.total() > 0;
        ui.add_enabled_ui(any, |ui| {
            if icon_button(ui, icons::TRASH, "Clear packets", "Forgets the packets of this session").clicked()
            {
                self.refreshed = None;
                self.packets.release();
                self.list = LineList::default();
                actions.push(PacketLogAction::Clear);
            }
            if icon_button(ui, icons::COPY, "Copy packets", "Copies the packets that show").clicked() {
                self.copy(ui.ctx(), |_| true);
            }
        });
        if any && !self.list.follows && ui.button("Go to end").on_hover_text("Shows new packets").clicked() {
            self.list.follows = true;
        }
    }

    fn figures(&self, ui: &mut Ui, scene: &Scene<'_>) {
        let t = tokens(ui);
        let (shown, total) = (self.packets.rows(), self.packets.total());
        let count = if self.filter.is_empty() {
            format::plural(total, "packet", "packets")
        } else {
            format!("{} of {}", format::count(shown), format::count(total))
        };
        let older = self.refreshed.map_or(0, |(_, seen)| seen).saturating_sub(total);
        let label = ui.label(RichText::new(count).color(t.text_muted).font(theme::small_font()));
        if older > 0 {
            label.on_hover_text(format!("The last ones; {} older ones went", format::count(older)));
        }
        if scene.paused && total > 0 {
            ui.label(RichText::new("Paused").color(t.warn).font(theme::small_font()));
        }
    }

    fn nothing_found(&mut self, ui: &mut Ui) {
        empty::show_with(ui, "No packet matches", "Other words or more types may show some", |ui| {
            if ui.button("Clear filter").clicked() {
                self.filter = Filter::default();
            }
        });
    }

    fn list(&mut self, ui: &mut Ui) {
        column_names(ui);
        let Self { packets, cells, list, .. } = self;
        let answer = list.show(ui, "Protocol", packets, |ui, row| {
            packets.get(row.number).is_some_and(|packet| cells.paint(ui, row, packet))
        });
        cells.end();
        if answer.copy {
            self.copy_selection(ui.ctx());
        }
        self.menu(&answer.response);
        if let Some(packet) = answer.hidden.and_then(|number| self.packets.get(number)) {
            answer.response.on_hover_text_at_pointer(full_text(packet));
        }
    }

    fn menu(&mut self, response: &Response) {
        response.context_menu(|ui| {
            let selection = self.list.selection;
            let many = selection.is_some_and(|selection| selection.anchor != selection.head);
            let label = if many { "Copy lines" } else { "Copy line" };
            if ui.add_enabled(selection.is_some(), Button::new(label)).clicked() {
                self.copy_selection(ui.ctx());
                ui.close();
            }
            if ui.button("Copy all").clicked() {
                self.copy(ui.ctx(), |_| true);
                ui.close();
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
            self.making = Some(Job::spawn("copy packets", ctx, move |cancel| {
                Made::Copy(export::lines(&snapshot, &numbers, || cancel.is_cancelled()))
            }));
        }
    }

    fn export(&mut self, ctx: &Context, format: Format) {
        let (snapshot, numbers) = self.packets.shown(|_| true);
        self.making = Some(Job::spawn("export packets", ctx, move |cancel| {
            Made::File(format, format.write(&snapshot, &numbers, || cancel.is_cancelled()))
        }));
    }
}

fn nothing_yet(ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
    if scene.protocol.is_on() {
        empty::show(ui, "No packets yet", "Every packet from and to the broker appears here");
        return;
    }
    empty::show_with(ui, "Packets are not logged", COST, |ui| {
        if ui.button("Log packets").clicked() {
            actions.push(PacketLogAction::SetOn(true));
        }
    });
}

fn column_names(ui: &mut Ui) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEADER_HEIGHT), Sense::hover());
    let columns = Columns::of(rect.with_max_x(rect.right() - BAR_WIDTH));
    let name = |place: Rect, align: Align, text: &str| {
        if place.width() > 0.0 {
            let galley = one_line(ui, text, theme::small_font(), t.text_muted, place.width());
            paint_galley(ui, place, align, galley, t.text_muted);
        }
    };
    name(columns.time, Align::Min, "Time");
    name(columns.kind, Align::Min, "Type");
    name(columns.packet_id, Align::Max, "ID");
    name(columns.detail, Align::Min, "Flags or reason");
    name(columns.size, Align::Max, "Size");
    name(columns.subject, Align::Min, "Topic");
    name(columns.latency, Align::Max, "Latency");
    let line = rect.bottom();
    ui.painter().hline(rect.x_range(), line, egui::Stroke::new(1.0, t.line));
    let latency = Rect::from_min_max(pos2(columns.latency.left(), rect.top()), rect.right_bottom());
    ui.interact(latency, ui.scope_id().with("latency"), Sense::hover()).on_hover_text(
        "From a packet of ours to its last acknowledgement: PUBACK, PUBCOMP, SUBACK, UNSUBACK or PINGRESP",
    );
}

fn full_text(packet: &Packet) -> String {
    format!("{}\n{}", format::date_time(packet.record.at), row::spoken(packet))
}
