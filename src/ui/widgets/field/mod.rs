//! Text fields with a length: every field of the program is drawn by [`line()`], or holds a [`Bounded`] text and is
//! [`watch`]ed.
//!
//! egui lays out the whole text of a field, which takes seconds for a few megabytes. So a paste is cut, or taken past
//! the field, before egui sees it, and a field never takes more than its meaning allows. What was left out is told to
//! the person: [`take_remarks`].

mod bounded;
mod gate;
mod menu;

use eframe::egui::text_edit::TextEditOutput;
use eframe::egui::{Context, Response, Stroke, StrokeKind, TextEdit, Ui};

pub use bounded::Bounded;
pub use gate::FieldRemark;

use crate::ui::tokens::{RING, size, tokens};
use crate::ui::widgets::controls::name_field;
use crate::ui::widgets::field::gate::{Gate, Watched};

/// The name of a connection, in bytes.
pub const NAME_BYTES_MAX: usize = 256;
/// A host's name or address, in bytes: names have at most 253 characters (RFC 1035, 2.3.4).
pub const HOST_BYTES_MAX: usize = 255;
/// A number, a unit and some room for mistakes, in bytes.
pub const NUMBER_BYTES_MAX: usize = 32;
/// A path in the file system or of a websocket, in bytes.
pub const PATH_BYTES_MAX: usize = 4_096;
/// What is looked for in a list, in bytes.
pub const FILTER_BYTES_MAX: usize = 1_024;
/// A topic, a password or any other string of MQTT, in bytes (MQTT 5.0, 1.5.4).
pub const STRING_BYTES_MAX: usize = 65_535;

/// How much a field takes, and of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The most that it holds, in bytes.
    pub bytes_max: usize,
    /// Whether line ends and tabs may stand in it.
    pub lines: FieldLines,
    /// What happens to a paste that is too long.
    pub overflow: Overflow,
}

/// How many lines a field has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldLines {
    /// One; what separates lines becomes a space.
    One,
    /// Any number.
    Many,
}

/// What happens to a paste that is too long for its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// Its beginning is taken, and the person is told.
    Cut,
    /// It does not enter the field: [`take_diverted`] gives it whole to the panel.
    Divert,
}

impl Limit {
    /// Of a field of one line.
    pub const fn line(bytes_max: usize) -> Self {
        Self { bytes_max, lines: FieldLines::One, overflow: Overflow::Cut }
    }

    /// Of a field of several lines.
    pub const fn text(bytes_max: usize) -> Self {
        Self { bytes_max, lines: FieldLines::Many, overflow: Overflow::Cut }
    }

    /// The same field, from which a long paste is kept away.
    #[must_use]
    pub const fn diverting(self) -> Self {
        Self { overflow: Overflow::Divert, ..self }
    }
}

/// Draws a field of one line, `name`d for assistive technology and in remarks; `look` gives it its looks.
pub fn line(
    ui: &mut Ui,
    name: &str,
    bytes_max: usize,
    text: &mut String,
    look: impl for<'t> FnOnce(TextEdit<'t>) -> TextEdit<'t>,
) -> Response {
    let mut bounded = Bounded::new(text, Limit::line(bytes_max));
    let output = look(TextEdit::singleline(&mut bounded)).show(ui);
    finish(ui, name, output, &bounded)
}

/// Draws a field of several lines as [`line()`] does.
pub fn text(
    ui: &mut Ui,
    name: &str,
    bytes_max: usize,
    text: &mut String,
    look: impl for<'t> FnOnce(TextEdit<'t>) -> TextEdit<'t>,
) -> Response {
    let mut bounded = Bounded::new(text, Limit::text(bytes_max));
    let output = look(TextEdit::multiline(&mut bounded)).show(ui);
    finish(ui, name, output, &bounded)
}

fn finish(ui: &Ui, name: &str, output: TextEditOutput, bounded: &Bounded<'_>) -> Response {
    watch(ui, name, &output, bounded);
    let response = output.response.response;
    name_field(ui, &response, name);
    response
}

/// Takes note of a field that was drawn in this frame, and rings it while it has the keyboard, so that what is pasted into it in the next one is cut to what
/// it has room for. For fields that [`line()`] and [`text`] cannot draw.
pub fn watch(ui: &Ui, name: &str, output: &TextEditOutput, bounded: &Bounded<'_>) {
    let response = &output.response.response;
    if response.has_focus() {
        let ring = Stroke::new(RING, tokens(ui).accent);
        ui.painter().rect_stroke(response.rect, size::RADIUS, ring, StrokeKind::Inside);
    }
    let gate = ui.ctx().plugin_or_default::<Gate>();
    let mut gate = gate.lock();
    let is_hovered = response.contains_pointer();
    if response.has_focus() || is_hovered {
        let selected = output.cursor_range.map_or(0, |range| range.slice_str(bounded.shown()).len());
        let watched =
            Watched { id: response.id, name: name.to_owned(), limit: bounded.limit(), room: bounded.room() };
        // A click with the middle button pastes where it is, whatever is selected.
        let aims = gate.aims.entry(ui.ctx().viewport_id()).or_default();
        aims.hovered = is_hovered.then(|| watched.clone()).or(aims.hovered.take());
        if response.has_focus() {
            aims.focused = Some(Watched { room: watched.room + selected, ..watched });
        }
    }
    gate.add_remarks(name, bounded);
    drop(gate);
    menu::show(ui, output, bounded.shown());
}

/// The text that was too long for the field that was just drawn, and was kept away from it.
pub fn take_diverted(ctx: &Context, field: &Response) -> Option<String> {
    ctx.with_plugin(|gate: &mut Gate| gate.take_diverted(field.id)).flatten()
}

/// What was left out of fields since the last call.
pub fn take_remarks(ctx: &Context) -> Vec<FieldRemark> {
    ctx.with_plugin(Gate::take_remarks).unwrap_or_default()
}
