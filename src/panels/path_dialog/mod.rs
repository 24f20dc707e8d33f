//! A path dialog for desktops without their own: a field that completes names (Tab), the entries of the folder (arrow
//! keys or a click), and a confirmation before a file is replaced.

mod folder;

use std::io;
use std::path::{Path, PathBuf};

use eframe::egui::text::{CCursor, CCursorRange};
use eframe::egui::{
    Context, EventFilter, Id, Key, Label, Modifiers, RichText, Role, ScrollArea, Sense, TextEdit, Ui,
    WidgetInfo, text_edit::TextEditState, vec2,
};

use crate::panels::path_dialog::folder::{Entry, Found};
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::primary_button;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::widgets::{dialog, field};
use crate::ui::{icons, language, theme};
use crate::words::{path_dialog as words, widgets};

const WIDTH: f32 = 520.0;
const LIST_HEIGHT: f32 = 220.0;
const ROW_HEIGHT: f32 = 22.0;
/// The most rows drawn; people type instead of looking through more.
const ROWS_MAX: usize = 200;

/// What the path is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPurpose {
    /// A file to read, which must exist.
    Open,
    /// A file to write.
    Save,
}

/// The person's answer so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathAnswer {
    /// None yet; the dialog is open.
    Open,
    /// The dialog was cancelled.
    Cancelled,
    /// This path was chosen.
    Chosen(PathBuf),
}

/// A dialog that asks for a path.
#[derive(Debug)]
pub struct PathDialog {
    title: String,
    purpose: PathPurpose,
    typed: String,
    /// The listed folder, as it was typed.
    listed: Option<String>,
    listing: Listing,
    /// The entry selected with the arrow keys, among those that match.
    at: Option<usize>,
    looking: Option<(PathBuf, Job<Found>)>,
    /// What is wrong with the chosen path.
    problem: Option<Problem>,
    is_begun: bool,
}

#[derive(Debug)]
enum Listing {
    Reading(Job<io::Result<Vec<Entry>>>),
    Read(Vec<Entry>),
    Failed(Option<io::Error>),
}

#[derive(Debug)]
enum Problem {
    Exists(PathBuf),
    IsFolder,
    NotThere,
    NoFolder(PathBuf),
    Unknown(Option<io::Error>),
}

impl PathDialog {
    /// Creates a dialog with this title, starting with `name` in `folder`.
    pub fn new(title: String, purpose: PathPurpose, folder: &Path, name: &str) -> Self {
        Self {
            title,
            purpose,
            typed: folder.join(name).to_string_lossy().into_owned(),
            listed: None,
            listing: Listing::Read(Vec::new()),
            at: None,
            looking: None,
            problem: None,
            is_begun: false,
        }
    }

    /// Draws the dialog in front of everything else, each frame until it is answered.
    pub fn show(&mut self, ctx: &Context) -> PathAnswer {
        let l = language(ctx);
        self.keep_up(ctx);
        if let Some(path) = self.looked() {
            return PathAnswer::Chosen(path);
        }
        let mut answer = PathAnswer::Open;
        let title = self.title.clone();
        let closed = dialog::show(ctx, "path", WIDTH, &title, |ui| {
            let entered = self.path_field(ui);
            ui.add_space(size::PADDING);
            self.list(ui);
            self.say_problem(ui);
            ui.add_space(size::GROUP);
            ui.horizontal(|ui| {
                let (verb, is_replacing) = match (&self.problem, self.purpose) {
                    (Some(Problem::Exists(_)), _) => (words::REPLACE, true),
                    (_, PathPurpose::Open) => (words::OPEN, false),
                    (_, PathPurpose::Save) => (words::SAVE, false),
                };
                let pressed = if is_replacing {
                    ui.button(RichText::new(verb.of(l)).color(tokens(ui).error)).clicked()
                } else {
                    primary_button(ui, verb.of(l)).clicked()
                };
                match &self.problem {
                    Some(Problem::Exists(path)) if pressed => answer = PathAnswer::Chosen(path.clone()),
                    _ if pressed || (entered && !is_replacing) => self.choose(ui.ctx()),
                    _ => {}
                }
                if ui.button(widgets::CANCEL.of(l)).clicked() {
                    answer = PathAnswer::Cancelled;
                }
            });
        });
        if closed && answer == PathAnswer::Open { PathAnswer::Cancelled } else { answer }
    }

    /// Reads the typed folder.
    fn keep_up(&mut self, ctx: &Context) {
        let (typed, _) = folder::split(&self.typed);
        if self.listed.as_deref() != Some(typed) {
            let path = folder::absolute(typed);
            self.listing = Listing::Reading(Job::spawn("read folder", ctx, move |_| folder::read(&path)));
            self.listed = Some(typed.to_owned());
        }
        if let Listing::Reading(job) = &self.listing {
            match job.poll() {
                JobProgress::Running => {}
                JobProgress::Done(Ok(entries)) => self.listing = Listing::Read(entries),
                JobProgress::Done(Err(error)) => self.listing = Listing::Failed(Some(error)),
                JobProgress::Failed => self.listing = Listing::Failed(None),
            }
        }
    }

    /// Checks what the typed path refers to; [`Self::looked`] collects the result.
    fn choose(&mut self, ctx: &Context) {
        self.problem = None;
        let path = folder::absolute(&self.typed);
        let looked_at = path.clone();
        self.looking = Some((path, Job::spawn("look at path", ctx, move |_| folder::look(&looked_at))));
    }

    /// The chosen path, if it can be used as it is.
    fn looked(&mut self) -> Option<PathBuf> {
        let (path, job) = self.looking.take()?;
        let found = match job.poll() {
            JobProgress::Running => {
                self.looking = Some((path, job));
                return None;
            }
            JobProgress::Done(found) => found,
            JobProgress::Failed => {
                self.problem = Some(Problem::Unknown(None));
                return None;
            }
        };
        self.problem = match (found, self.purpose) {
            (Found::File, PathPurpose::Open) | (Found::Nothing, PathPurpose::Save) => return Some(path),
            (Found::File, PathPurpose::Save) => Some(Problem::Exists(path)),
            (Found::Folder, PathPurpose::Open) => {
                self.enter_folder();
                None
            }
            (Found::Folder, PathPurpose::Save) => Some(Problem::IsFolder),
            (Found::Nothing, PathPurpose::Open) => Some(Problem::NotThere),
            (Found::NoFolder(folder), _) => Some(Problem::NoFolder(folder)),
            (Found::Unknown(error), _) => Some(Problem::Unknown(Some(error))),
        };
        None
    }

    fn enter_folder(&mut self) {
        if !self.typed.ends_with(std::path::is_separator) {
            self.typed.push(std::path::MAIN_SEPARATOR);
        }
    }

    /// The entries that begin with the typed part of a name. Hidden ones appear once their dot is typed.
    fn matching(&self) -> Vec<&Entry> {
        let (_, start) = folder::split(&self.typed);
        let Listing::Read(entries) = &self.listing else { return Vec::new() };
        let matches = |entry: &&Entry| {
            let is_meant = start.starts_with('.') || !entry.name.starts_with('.');
            is_meant && entry.name.get(..start.len()).is_some_and(|name| name.eq_ignore_ascii_case(start))
        };
        entries.iter().filter(matches).take(ROWS_MAX).collect()
    }

    /// Puts an entry into the field.
    fn take(&mut self, entry: &Entry) {
        let (folder, _) = folder::split(&self.typed);
        self.typed = format!("{folder}{}", entry.name);
        if !entry.is_file {
            self.enter_folder();
        }
        self.at = None;
        self.problem = None;
    }

    /// Draws the field. Returns whether Enter was pressed to choose the typed path.
    fn path_field(&mut self, ui: &mut Ui) -> bool {
        let l = language(ui);
        let id = Id::unique("path dialog field");
        let matching: Vec<Entry> = self.matching().into_iter().cloned().collect();
        let has_focus = ui.memory(|memory| memory.has_focus(id));
        let pressed = |key| has_focus && ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let mut moves_cursor = false;
        if pressed(Key::ArrowDown) {
            self.at = Some(self.at.map_or(0, |at| at + 1).min(matching.len().saturating_sub(1)));
        }
        if pressed(Key::ArrowUp) {
            self.at = self.at.and_then(|at| at.checked_sub(1));
        }
        if pressed(Key::Tab)
            && let Some(entry) = matching.get(self.at.unwrap_or(0))
        {
            self.take(entry);
            moves_cursor = true;
        }
        let mut entered = false;
        if pressed(Key::Enter) {
            match self.at.and_then(|at| matching.get(at)) {
                Some(entry) => {
                    self.take(entry);
                    moves_cursor = true;
                }
                None => entered = true,
            }
        }
        let before = self.typed.clone();
        let name = words::PATH.of(l);
        let response = field::line(ui, name, field::PATH_BYTES_MAX, &mut self.typed, |edit: TextEdit<'_>| {
            edit.id(id).desired_width(f32::INFINITY).font(theme::mono_font()).margin(vec2(8.0, 4.0))
        });
        if self.typed != before {
            self.at = None;
            self.problem = None;
        }
        if !self.is_begun {
            self.is_begun = true;
            response.request_focus();
            moves_cursor = true;
        }
        if response.has_focus() {
            // Tab completes while there is something to complete; then it moves to the next control.
            let filter = EventFilter {
                tab: !matching.is_empty(),
                vertical_arrows: true,
                horizontal_arrows: true,
                ..EventFilter::default()
            };
            ui.memory_mut(|memory| memory.set_focus_lock_filter(id, filter));
        }
        if moves_cursor {
            let mut state = TextEditState::load(ui.ctx(), id).unwrap_or_default();
            let end = CCursor::new(self.typed.chars().count());
            state.cursor.set_char_range(Some(CCursorRange::one(end)));
            state.store(ui.ctx(), id);
            ui.request_repaint();
        }
        entered
    }

    fn list(&mut self, ui: &mut Ui) {
        let l = language(ui);
        let mut taken = None;
        ScrollArea::vertical()
            .max_height(LIST_HEIGHT)
            .min_scrolled_height(LIST_HEIGHT)
            .auto_shrink(false)
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 0.0;
                let why = match &self.listing {
                    Listing::Reading(_) => Some(words::READING.of(l).to_owned()),
                    Listing::Failed(error) => Some(words::folder_not_read(error.as_ref(), l)),
                    Listing::Read(_) => None,
                };
                if let Some(why) = why {
                    ui.add(Label::new(RichText::new(why).color(tokens(ui).text_muted)).wrap());
                }
                for (index, entry) in self.matching().into_iter().enumerate() {
                    if row(ui, entry, self.at == Some(index)) {
                        taken = Some(entry.clone());
                    }
                }
            });
        if let Some(entry) = taken {
            self.take(&entry);
            ui.memory_mut(|memory| memory.request_focus(Id::unique("path dialog field")));
        }
    }

    fn say_problem(&self, ui: &mut Ui) {
        let (t, l) = (tokens(ui), language(ui));
        let text = match &self.problem {
            None => return,
            Some(Problem::Exists(path)) => words::replace(path, l),
            Some(Problem::IsFolder) => words::IS_FOLDER.of(l).to_owned(),
            Some(Problem::NotThere) => words::NOT_THERE.of(l).to_owned(),
            Some(Problem::NoFolder(folder)) => words::no_folder(folder, l),
            Some(Problem::Unknown(error)) => words::not_looked_at(error.as_ref(), l),
        };
        ui.add_space(4.0);
        ui.add(Label::new(RichText::new(text).color(t.error)).wrap());
    }
}

/// Draws an entry of the folder; returns whether it was clicked.
fn row(ui: &mut Ui, entry: &Entry, is_current: bool) -> bool {
    let (t, enabled) = (tokens(ui), ui.is_enabled());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW_HEIGHT), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, enabled, is_current, &entry.name));
    if is_current {
        ui.painter().rect_filled(rect, size::RADIUS, t.selection);
        ui.scroll_to_rect(rect, None);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, size::RADIUS, t.surface_2);
    }
    let inside = rect.shrink2(vec2(8.0, 0.0));
    let icon = if entry.is_file { icons::FILE } else { icons::CARET_RIGHT };
    let icon = ui.painter().layout_no_wrap(icon.to_owned(), theme::icon_font(), t.text_muted);
    paint_line(ui, inside.left_center(), icon, t.text_muted);
    let name = one_line(ui, &entry.name, theme::text_font(), t.text, inside.width() - 24.0);
    paint_line(ui, inside.left_center() + vec2(24.0, 0.0), name, t.text);
    response.clicked()
}
