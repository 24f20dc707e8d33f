//! Finds text inside the payload that shows: a field with a count above it, and steps from match to match.
//!
//! What is searched is what the view shows, in a job above 64 KiB. A step leads to the match: what is folded around it
//! opens, it is selected, and the view stays with its message.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use eframe::egui::{self, Align, Context, Id, Key, Label, Layout, Modifiers, RichText, Sense, Ui, vec2};

use crate::model::MessageId;
use crate::panels::inspector::content::PayloadView;
use crate::payload::document::Document;
use crate::payload::find::{Needle, Occurrences};
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::icon_button;
use crate::ui::widgets::field;
use crate::ui::{icons, language, theme};
use crate::words::inspector as words;

/// More is searched in a job.
const FIND_NOW_BYTES: usize = 64 * 1024;
/// Height of the bar.
const HEIGHT: f32 = 32.0;
const FIELD_WIDTH: std::ops::RangeInclusive<f32> = 80.0..=260.0;
/// Room for the count and the buttons.
const BESIDE_WIDTH: f32 = 210.0;

/// What is searched.
#[derive(Clone, Debug)]
pub enum Haystack {
    /// The lines of a document.
    Document(Arc<Document>),
    /// Bytes as they were sent.
    Bytes(Bytes),
}

impl Haystack {
    fn len(&self) -> usize {
        match self {
            Self::Document(document) => document.text_bytes(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }

    fn needle(&self, text: &str) -> Option<Needle> {
        match self {
            Self::Document(_) => Needle::text(text),
            Self::Bytes(_) => Needle::bytes(text),
        }
    }

    fn find(&self, needle: &Needle, passed: &AtomicUsize, cancel: &dyn Fn() -> bool) -> Option<Occurrences> {
        match self {
            Self::Document(document) => document.find(needle, passed, cancel),
            Self::Bytes(bytes) => Occurrences::find(bytes, needle, passed, cancel),
        }
    }
}

/// A search under way, and how far it is.
#[derive(Debug)]
struct Searching {
    job: Job<Option<Occurrences>>,
    passed: Arc<AtomicUsize>,
    bytes: usize,
}

/// What the bar keeps between frames.
#[derive(Debug, Default)]
pub struct FindBar {
    open: bool,
    takes_focus: bool,
    has_keyboard: bool,
    text: String,
    /// What `found` was found in.
    searched: Option<(MessageId, PayloadView, String)>,
    searching: Option<Searching>,
    found: Arc<Occurrences>,
    /// The match that was stepped to.
    at: Option<usize>,
    /// The match is to be shown in this frame.
    reveals: bool,
    /// The text was changed, so its first match is wanted once it is found.
    wants_first: bool,
}

impl FindBar {
    /// Opens the bar and gives it the keyboard.
    pub fn open(&mut self) {
        self.open = true;
        self.takes_focus = true;
    }

    /// Whether it shows.
    pub fn is_open(&self) -> bool {
        self.open
    }

    /// Whether its field has the keyboard.
    pub fn has_keyboard(&self) -> bool {
        self.open && self.has_keyboard
    }

    /// Steps to the next match or to the one before, around the ends.
    pub fn step(&mut self, forward: bool) {
        let Some(last) = self.found.len().checked_sub(1) else { return };
        self.at = Some(match (self.at, forward) {
            (None, true) => 0,
            (None, false) => last,
            (Some(at), true) => {
                if at >= last {
                    0
                } else {
                    at + 1
                }
            }
            (Some(at), false) => {
                if at == 0 {
                    last
                } else {
                    at - 1
                }
            }
        });
        self.reveals = true;
    }

    /// The places to mark; none while the bar is closed.
    pub fn marks(&self) -> Option<&Arc<Occurrences>> {
        (self.open && !self.found.is_empty()).then_some(&self.found)
    }

    /// The place that is to be brought into view and selected, once.
    pub fn take_reveal(&mut self) -> Option<std::ops::Range<usize>> {
        let at = self.at.filter(|_| std::mem::take(&mut self.reveals))?;
        self.found.get(at)
    }

    /// Searches what shows, if it or the text has changed.
    pub fn prepare(&mut self, of: (MessageId, PayloadView), haystack: Option<Haystack>, ctx: &Context) {
        if !self.open {
            self.searching = None;
            return;
        }
        self.collect();
        let (message, view) = of;
        let is_known = self.searched.as_ref().is_some_and(|(known, known_view, text)| {
            (*known, *known_view, text) == (message, view, &self.text)
        });
        if is_known {
            return;
        }
        let Some(haystack) = haystack else {
            // It is being decoded, or there is nothing to search.
            self.found = Arc::default();
            return;
        };
        self.searched = Some((message, view, self.text.clone()));
        self.searching = None;
        let Some(needle) = haystack.needle(&self.text) else {
            self.took(Occurrences::default());
            return;
        };
        let (passed, bytes) = (Arc::new(AtomicUsize::new(0)), haystack.len());
        if bytes <= FIND_NOW_BYTES {
            self.took(haystack.find(&needle, &passed, &crate::payload::never).unwrap_or_default());
            return;
        }
        let counted = Arc::clone(&passed);
        let job = Job::spawn("find in payload", ctx, move |cancel| {
            haystack.find(&needle, &counted, &|| cancel.is_cancelled())
        });
        self.searching = Some(Searching { job, passed, bytes });
    }

    fn collect(&mut self) {
        let Some(Searching { job, .. }) = &self.searching else { return };
        match job.poll() {
            JobProgress::Running => {}
            JobProgress::Done(found) => {
                self.searching = None;
                self.took(found.unwrap_or_default());
            }
            JobProgress::Failed => {
                self.searching = None;
                self.took(Occurrences::default());
            }
        }
    }

    fn took(&mut self, found: Occurrences) {
        self.at = self.at.filter(|at| *at < found.len());
        self.found = Arc::new(found);
        if std::mem::take(&mut self.wants_first) {
            self.at = None;
            self.step(true);
        }
    }

    /// Draws the bar. `view` gets the keyboard back when it closes.
    pub fn show(&mut self, ui: &mut Ui, view: Option<Id>) {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
        ui.painter().rect_filled(rect, 0, t.surface_2);
        let inside = rect.shrink2(vec2(size::PADDING, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        let mut bar = ui.new_child(
            egui::UiBuilder::new().scope_id(ui.scope_id().with("find")).max_rect(inside).layout(layout),
        );
        self.field(&mut bar, view);
        self.buttons(&mut bar, view);
    }

    fn field(&mut self, ui: &mut Ui, view: Option<Id>) {
        let l = language(ui);
        let id = ui.unique_id().with("text");
        // Keys are looked at before the field, which takes Enter for the end of editing.
        self.has_keyboard = ui.memory(|memory| memory.has_focus(id));
        if self.has_keyboard {
            let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
            if pressed(Modifiers::SHIFT, Key::Enter) || pressed(Modifiers::SHIFT, Key::F3) {
                self.step(false);
            }
            if pressed(Modifiers::NONE, Key::Enter) || pressed(Modifiers::NONE, Key::F3) {
                self.step(true);
            }
        }
        let width = (ui.available_width() - BESIDE_WIDTH).clamp(*FIELD_WIDTH.start(), *FIELD_WIDTH.end());
        let before = self.text.clone();
        let hint = RichText::new(words::FIND.of(l)).color(tokens(ui).text_muted);
        let response = field::line(ui, words::FIND.of(l), field::FILTER_BYTES_MAX, &mut self.text, |edit| {
            edit.id(id).hint_text(hint).desired_width(width)
        });
        // egui takes the keyboard from a field at Escape.
        if response.lost_focus() && ui.input(|input| input.key_pressed(Key::Escape)) {
            self.close(ui, view);
        }
        if std::mem::take(&mut self.takes_focus) {
            response.request_focus();
        }
        if self.text != before {
            self.wants_first = true;
            ui.request_repaint();
        }
    }

    fn buttons(&mut self, ui: &mut Ui, view: Option<Id>) {
        let (t, l) = (tokens(ui), language(ui));
        let count = match &self.searching {
            Some(Searching { passed, bytes, .. }) => {
                ui.request_repaint_after_secs(0.1);
                words::finding(passed.load(Ordering::Relaxed) as f64 / (*bytes).max(1) as f64, l)
            }
            None if self.text.is_empty() => String::new(),
            None => words::found(self.at, self.found.len(), self.found.is_cut, l),
        };
        let color = if self.found.is_empty() && self.searching.is_none() { t.warn } else { t.text_muted };
        ui.add(Label::new(RichText::new(count).font(theme::small_font()).color(color)).truncate());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            if icon_button(ui, icons::X, words::CLOSE_FIND.of(l), words::CLOSE_FIND.of(l)).clicked() {
                self.close(ui, view);
            }
            if self.searching.is_some() {
                let name = words::CANCEL_FIND.of(l);
                if icon_button(ui, icons::X_CIRCLE, name, name).clicked() {
                    self.searching = None;
                    self.text.clear();
                    self.took(Occurrences::default());
                }
                return;
            }
            ui.add_enabled_ui(!self.found.is_empty(), |ui| {
                let next = (words::NEXT_FOUND.of(l), words::NEXT_FOUND_HELP.of(l));
                if icon_button(ui, icons::CARET_DOWN, next.0, next.1).clicked() {
                    self.step(true);
                }
                let previous = (words::PREVIOUS_FOUND.of(l), words::PREVIOUS_FOUND_HELP.of(l));
                if icon_button(ui, icons::CARET_UP, previous.0, previous.1).clicked() {
                    self.step(false);
                }
            });
        });
    }

    fn close(&mut self, ui: &Ui, view: Option<Id>) {
        self.open = false;
        self.has_keyboard = false;
        if let Some(view) = view {
            ui.memory_mut(|memory| memory.request_focus(view));
        }
    }
}
