//! The command palette: every command by name, with its keys. A command that cannot run now says why.
//!
//! A few letters of the name find a command, in the window's language or in English. Without letters, recently used
//! commands come first.

mod fuzzy;

use std::cmp::Reverse;
use std::path::PathBuf;

use eframe::egui::{
    Align2, Color32, Context, Frame, Id, Key, Margin, Modal, Modifiers, Rect, Response, RichText, Role,
    ScrollArea, Sense, Ui, UiBuilder, WidgetInfo, accesskit, pos2, vec2,
};

use crate::command::{Actions, Command, Env, SavedAction, State};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::field;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{icons, language, theme};
use crate::words::{Language, palette as words};

const WIDTH: f32 = 520.0;
const ROW_HEIGHT: f32 = 28.0;
/// The greatest height of the list; beyond it the list scrolls.
const LIST_HEIGHT: f32 = 12.0 * ROW_HEIGHT;
/// Distance of the palette from the top, below the top bar.
const TOP: f32 = 64.0;
/// How many recently used commands are remembered.
const RECENT_MAX: usize = 6;

/// What the palette keeps between frames.
#[derive(Debug, Default)]
pub struct PaletteView {
    is_open: bool,
    query: String,
    /// The row that Enter runs.
    selected: usize,
    /// Recently used commands, newest first.
    recent: Vec<Command>,
    /// The saved messages of this frame.
    messages: Vec<PaletteMessage>,
}

/// A saved message as an entry.
#[derive(Clone, Debug)]
pub struct PaletteMessage {
    /// What the entry says.
    pub label: String,
    /// The file of the message.
    pub path: PathBuf,
}

/// What an entry does.
#[derive(Clone, Copy)]
enum Choice<'a> {
    Run(Command),
    Send(&'a PaletteMessage),
}

impl Choice<'_> {
    fn label(&self, l: Language) -> &str {
        match self {
            Self::Run(command) => command.label(l),
            Self::Send(message) => &message.label,
        }
    }
}

/// An entry that matches what was typed.
struct Hit<'a> {
    choice: Choice<'a>,
    state: State,
}

impl PaletteView {
    /// Opens the palette with an empty field.
    pub fn open(&mut self) {
        (self.is_open, self.selected) = (true, 0);
        self.query.clear();
    }

    /// Whether it shows.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// Offers saved messages in this frame.
    pub fn offer(&mut self, messages: Vec<PaletteMessage>) {
        self.messages = messages;
    }

    /// Notes that a command was used, whether here or elsewhere.
    pub fn used(&mut self, command: Command) {
        if command == Command::Palette {
            return;
        }
        self.recent.retain(|recent| *recent != command);
        self.recent.insert(0, command);
        self.recent.truncate(RECENT_MAX);
    }

    /// Draws the palette while it is open.
    pub fn show(&mut self, ctx: &Context, env: &Env<'_>, actions: &mut Actions) {
        if !self.is_open {
            return;
        }
        let messages = std::mem::take(&mut self.messages);
        let id = Id::unique("palette");
        let area = Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, TOP));
        let frame = Frame::popup(&ctx.global_style()).inner_margin(Margin::same(8));
        let modal = Modal::new(id).area(area).frame(frame).show(ctx, |ui| {
            ui.set_width(WIDTH.min(ctx.content_rect().width() - 48.0));
            let builder = UiBuilder::new()
                .id_salt("palette")
                .accessibility_role(accesskit::Role::Dialog)
                .accessibility_label(words::TITLE.of(language(ui)));
            ui.scope_builder(builder, |ui| self.body(ui, env, &messages)).inner
        });
        let is_closed = modal.should_close();
        match modal.inner {
            Some(Choice::Run(command)) => actions.run(command),
            Some(Choice::Send(message)) => actions.push(SavedAction::Send(message.path.clone())),
            None => {}
        }
        if modal.inner.is_some() || is_closed {
            self.is_open = false;
        }
    }

    /// Draws the field and the list; returns what was chosen.
    fn body<'a>(&mut self, ui: &mut Ui, env: &Env<'_>, messages: &'a [PaletteMessage]) -> Option<Choice<'a>> {
        let keys = Keys::take(ui);
        let field = self.field(ui);
        let hits = self.hits(env, messages, language(ui));
        self.selected = keys.moved(self.selected, hits.len());
        ui.add_space(size::PADDING);
        let clicked = self.list(ui, &field, &hits, keys.moves());
        let entered = if keys.enter { hits.get(self.selected) } else { None };
        clicked
            .map_or(entered, |row| hits.get(row))
            .filter(|hit| hit.state.is_enabled())
            .map(|hit| hit.choice)
    }

    fn field(&mut self, ui: &mut Ui) -> Response {
        let name = words::FIELD.of(language(ui));
        let hint = RichText::new(name).color(tokens(ui).text_muted);
        let field = field::line(ui, name, field::FILTER_BYTES_MAX, &mut self.query, |edit| {
            edit.hint_text(hint).margin(vec2(8.0, 6.0)).desired_width(f32::INFINITY)
        });
        field.request_focus();
        if field.changed() {
            self.selected = 0;
        }
        field
    }

    /// The matching commands and saved messages, best first; ties go to those that can run, then to recently used ones.
    fn hits<'a>(&self, env: &Env<'_>, messages: &'a [PaletteMessage], language: Language) -> Vec<Hit<'a>> {
        let sent = messages.iter().filter_map(|message| {
            let score = fuzzy::score(&self.query, &message.label)?;
            let state = State { obstacle: None, checked: None };
            Some((score, Hit { choice: Choice::Send(message), state }))
        });
        let mut hits: Vec<_> = Command::all()
            .filter(|command| *command != Command::Palette)
            .filter_map(|command| {
                let score = [language, Language::English]
                    .into_iter()
                    .filter_map(|language| fuzzy::score(&self.query, command.label(language)))
                    .max()?;
                Some((score, Hit { choice: Choice::Run(command), state: command.state(env) }))
            })
            .chain(sent)
            .collect();
        let used = |hit: &Hit<'_>| match hit.choice {
            Choice::Run(command) => self.recent.iter().position(|recent| *recent == command),
            Choice::Send(_) => None,
        };
        hits.sort_by_key(|(score, hit)| {
            (Reverse(*score), !hit.state.is_enabled(), used(hit).unwrap_or(RECENT_MAX))
        });
        hits.into_iter().map(|(_, hit)| hit).collect()
    }

    /// Draws the list; returns the row that was clicked.
    fn list(&self, ui: &mut Ui, field: &Response, hits: &[Hit<'_>], follow: bool) -> Option<usize> {
        let l = language(ui);
        if hits.is_empty() {
            ui.label(RichText::new(words::NOTHING.of(l)).color(tokens(ui).text_muted));
            return None;
        }
        let builder = UiBuilder::new()
            .id_salt("commands")
            .accessibility_role(accesskit::Role::ListBox)
            .accessibility_label(words::LIST.of(l));
        ui.scope_builder(builder, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            let mut clicked = None;
            ScrollArea::vertical().max_height(LIST_HEIGHT).show(ui, |ui| {
                for (index, hit) in hits.iter().enumerate() {
                    let is_selected = index == self.selected;
                    let row = row(ui, hit, is_selected);
                    if is_selected {
                        ui.ctx().accesskit_node_builder(field.id, |node| {
                            node.set_active_descendant(row.id.accesskit_id());
                        });
                        if follow {
                            row.scroll_to_me(None);
                        }
                    }
                    if row.clicked() {
                        clicked = Some(index);
                    }
                }
            });
            clicked
        })
        .inner
    }
}

/// What the keyboard asks for. Arrows and Enter act on the list although the field has the focus.
struct Keys {
    down: bool,
    up: bool,
    enter: bool,
}

impl Keys {
    fn take(ui: &Ui) -> Self {
        ui.input_mut(|input| {
            let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
            Self { down: pressed(Key::ArrowDown), up: pressed(Key::ArrowUp), enter: pressed(Key::Enter) }
        })
    }

    const fn moves(&self) -> bool {
        self.down || self.up
    }

    /// The newly selected row of a list that wraps around.
    fn moved(&self, row: usize, rows: usize) -> usize {
        let last = rows.saturating_sub(1);
        match (self.down, self.up) {
            (true, false) if row >= last => 0,
            (true, false) => row + 1,
            (false, true) if row == 0 => last,
            (false, true) => row - 1,
            (true, true) | (false, false) => row.min(last),
        }
    }
}

/// Draws a command: icon, name, and its keys or why it cannot run.
fn row(ui: &mut Ui, hit: &Hit<'_>, is_selected: bool) -> Response {
    let t = tokens(ui);
    let l = language(ui);
    let Hit { choice, state } = hit;
    let (icon, keys) = match choice {
        Choice::Run(command) => (command.entry().icon, command.keys(ui.ctx())),
        Choice::Send(_) => (icons::PAPER_PLANE_TILT, String::new()),
    };
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    let enabled = state.is_enabled();
    let name = choice.label(l);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, enabled, is_selected, name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_selected(is_selected);
        if let Some(obstacle) = state.obstacle {
            node.set_description(obstacle.of(l));
        }
    });
    if !ui.is_rect_visible(rect) {
        return response;
    }
    let ground = if is_selected {
        t.selection
    } else if response.hovered() {
        t.surface_2
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().rect_filled(rect, size::RADIUS, ground);
    if is_selected {
        let bar = Rect::from_min_size(rect.left_top(), vec2(2.0, rect.height()));
        ui.painter().rect_filled(bar, 0.0, t.accent);
    }
    let color = if enabled { t.text } else { t.text_muted };
    let icon_at = pos2(rect.left() + 18.0, rect.center().y);
    ui.painter().text(icon_at, Align2::CENTER_CENTER, icon, theme::icon_font(), t.text_muted);
    let (aside, font) = match state.obstacle {
        Some(obstacle) => (obstacle.of(l), theme::small_font()),
        None => (keys.as_str(), theme::mono_small_font()),
    };
    let aside = ui.painter().layout_no_wrap(aside.to_owned(), font, t.text_muted);
    let aside_left = rect.right() - 8.0 - aside.size().x;
    let name_left = rect.left() + 36.0;
    let room = (aside_left - name_left - 12.0).max(40.0);
    let galley = one_line(ui, name, theme::text_font(), color, room);
    paint_line(ui, pos2(name_left, rect.center().y), galley, color);
    paint_line(ui, pos2(aside_left, rect.center().y), aside, t.text_muted);
    if state.checked == Some(true) {
        let mark = pos2(rect.left() + 30.0, rect.top() + 6.0);
        ui.painter().circle_filled(mark, 2.0, t.accent);
    }
    response
}
