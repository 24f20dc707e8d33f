//! A text of any length to read and copy. Only the visible lines are laid out; a job reads the text first.

use bytes::Bytes;
use eframe::egui::{RichText, Ui};

use crate::command::{Action, Actions, Notice};
use crate::panels::inspector::Laid;
use crate::payload::DecodeLimits;
use crate::payload::document::Document;
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::ui::widgets::text_view::{self, TextShown, TextView, TextViewState};
use crate::words::{inspector, widgets as words};

/// Room left of the text, in points.
const MARGIN: f32 = 8.0;

/// The view of one text.
#[derive(Debug, Default)]
pub struct LongTextView {
    text: Bytes,
    state: State,
    place: TextViewState,
}

#[derive(Debug, Default)]
enum State {
    /// Nothing was requested yet.
    #[default]
    Empty,
    Reading(Job<Option<Laid>>),
    Ready(Box<Laid>),
    Failed,
}

impl LongTextView {
    /// Draws the text into the rest of `ui`; `name` is the accessible name.
    pub fn show(&mut self, ui: &mut Ui, name: &str, text: &Bytes, actions: &mut Actions) {
        let l = language(ui);
        let columns = text_view::columns(ui, ui.available_width() - MARGIN);
        self.read(ui, text, columns);
        let Self { state, place, .. } = self;
        let laid = match state {
            State::Ready(laid) => laid,
            State::Empty | State::Reading(_) => {
                quiet(ui, words::READING_TEXT.of(l));
                return;
            }
            State::Failed => {
                quiet(ui, words::TEXT_NOT_SHOWN.of(l));
                return;
            }
        };
        laid.fit(columns, ui.ctx());
        let view = TextView { name, source: &laid.rows, gutter: MARGIN };
        let TextShown { copied, .. } = view.show(ui, place, |_, _, _| {});
        if let Some(copied) = copied {
            if copied.cut {
                actions.push(Action::Notify(Notice::error(inspector::SELECTION_CUT.of(l))));
            }
            actions.push(Action::Copy { what: inspector::SELECTION, text: copied.text });
        }
    }

    /// Releases the text and what was made from it.
    pub fn release(&mut self) {
        if !matches!(self.state, State::Empty) {
            *self = Self::default();
        }
    }

    /// Starts reading another text, and collects the job's result.
    fn read(&mut self, ui: &Ui, text: &Bytes, columns: usize) {
        let is_same = self.text.as_ptr() == text.as_ptr() && self.text.len() == text.len();
        if !is_same || matches!(self.state, State::Empty) {
            let source = text.clone();
            let job = Job::spawn("read long text", ui.ctx(), move |cancel| {
                let cancelled = || cancel.is_cancelled();
                let document = Document::from_text(&source, &DecodeLimits::default(), &cancelled).ok()?;
                Laid::new(document, columns, &cancelled)
            });
            *self = Self { text: text.clone(), state: State::Reading(job), place: TextViewState::default() };
        }
        if let State::Reading(job) = &self.state {
            match job.poll() {
                JobProgress::Running => {}
                JobProgress::Done(Some(laid)) => self.state = State::Ready(Box::new(laid)),
                JobProgress::Done(None) | JobProgress::Failed => self.state = State::Failed,
            }
        }
    }
}

fn quiet(ui: &mut Ui, text: &str) {
    let text = RichText::new(text).color(tokens(ui).text_muted);
    ui.centered_and_justified(|ui| ui.label(text));
}
