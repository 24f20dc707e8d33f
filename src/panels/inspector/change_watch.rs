//! Marks which parts of a value changed within its topic's last messages.
//!
//! What is small is looked at at once, so that the marks keep up with the message; more is a job.

use std::sync::Arc;

use bytes::Bytes;
use eframe::egui::{Context, Popup, Ui};

use crate::model::{MessageId, Stored};
use crate::panels::inspector::content::{Content, PayloadView};
use crate::panels::inspector::document_rows::ChangedLines;
use crate::panels::scene::Scene;
use crate::payload::decode::Choice;
use crate::payload::diff::ChangedParts;
use crate::payload::document::Document;
use crate::payload::never;
use crate::query::{Readings, value_line};
use crate::ui::job::{Job, JobProgress};
use crate::ui::tokens::tokens;
use crate::ui::widgets::controls::{icon_button, icon_button_colored};
use crate::ui::{icons, language};
use crate::words::Language;
use crate::words::inspector::{self as words, PayloadRemark};

/// How many messages a person can have looked at.
const CHOICES: [usize; 3] = [10, 100, 1_000];
/// More bytes of messages are looked at in a job.
const NOW_BYTES_MAX: usize = 64 * 1024;
/// Bytes of messages that are looked at; beyond them the oldest are left out.
const BYTES_MAX: usize = 32 << 20;

/// What was found: the lines, and the messages that were looked at.
type Found = (Arc<ChangedLines>, u32);

/// Which message in which view, and how many before it.
type Question = (MessageId, PayloadView, usize);

/// What is marked.
#[derive(Debug, Default)]
pub struct ChangeWatch {
    /// Messages to look at; `None`: nothing is marked.
    last: Option<usize>,
    answered: Option<(Question, Found)>,
    job: Option<(Question, Job<Found>)>,
}

impl ChangeWatch {
    /// What stays when another topic is selected.
    #[must_use]
    pub fn of_next_topic(self) -> Self {
        Self { last: self.last, ..Self::default() }
    }

    /// Draws the button with its choices.
    pub fn button(&mut self, ui: &mut Ui) {
        let (t, l) = (tokens(ui), language(ui));
        let (name, help) = (words::WHAT_CHANGES.of(l), words::WHAT_CHANGES_HELP.of(l));
        let button = match self.last {
            Some(_) => icon_button_colored(ui, icons::PULSE, name, help, t.accent),
            None => icon_button(ui, icons::PULSE, name, help),
        };
        Popup::menu(&button).show(|ui| {
            for last in [None].into_iter().chain(CHOICES.map(Some)) {
                let label = last.map_or_else(
                    || words::NO_CHANGES_MARKED.of(l).to_owned(),
                    |last| words::changes_of_last(last, l),
                );
                if ui.radio(self.last == last, label).clicked() {
                    self.last = last;
                    self.answered = None;
                    ui.close();
                }
            }
        });
    }

    /// Finds what changed before the message that shows, and marks it.
    pub fn follow(
        &mut self,
        ctx: &Context,
        scene: &Scene<'_>,
        content: &mut Content,
        view: PayloadView,
        readings: &mut Readings,
    ) {
        if let Some((question, job)) = &self.job {
            match job.poll() {
                JobProgress::Running => {}
                JobProgress::Done(found) => {
                    self.answered = Some((*question, found));
                    self.job = None;
                }
                JobProgress::Failed => self.job = None,
            }
        }
        let Some(rows) = content.rows_mut(view) else { return };
        let Some(last) = self.last else {
            rows.set_changed(None);
            return;
        };
        let document = Arc::clone(rows.document());
        let question = (content.message.id, view, last);
        let known = self.answered.as_ref().filter(|(known, _)| *known == question);
        if let Some((_, (lines, _))) = known {
            let lines = Arc::clone(lines);
            if let Some(rows) = content.rows_mut(view) {
                rows.set_changed(Some(lines));
            }
            return;
        }
        if self.job.as_ref().is_some_and(|(asked, _)| *asked == question) {
            return;
        }
        let Some(newest) = scene.model.message(content.message.id) else { return };
        let (messages, bytes) = messages(scene, newest, last, readings);
        if bytes + document.text_bytes() <= NOW_BYTES_MAX {
            let found = find(&messages, &document, &never);
            self.job = None;
            if let Some(rows) = content.rows_mut(view) {
                rows.set_changed(Some(Arc::clone(&found.0)));
            }
            self.answered = Some((question, found));
        } else if self.job.is_none() {
            let work =
                move |cancel: &crate::ui::job::Cancel| find(&messages, &document, &|| cancel.is_cancelled());
            self.job = Some((question, Job::spawn("find changes", ctx, work)));
        }
    }

    /// What is said below the value, if something is marked.
    pub fn remark(&self, content: &Content, view: PayloadView, l: Language) -> Option<PayloadRemark> {
        let last = self.last?;
        content.rows(view)?;
        let question = (content.message.id, view, last);
        let (_, (lines, messages)) = self.answered.as_ref().filter(|(known, _)| *known == question)?;
        Some(PayloadRemark::info(words::changed_within(lines.count(), *messages as usize, l)))
    }
}

/// The messages to look at, the oldest first, and their bytes.
fn messages(
    scene: &Scene<'_>,
    newest: Stored<'_>,
    last: usize,
    readings: &mut Readings,
) -> (Vec<(Bytes, Option<Choice>)>, usize) {
    let mut bytes = 0;
    let before = scene.model.history_before(newest.id());
    let mut messages: Vec<_> = std::iter::once(newest)
        .chain(before)
        .take(last)
        .take_while(|stored| {
            bytes += stored.payload().len();
            bytes <= BYTES_MAX
        })
        .map(|stored| (stored.payload_shared(), readings.choice_of(scene.model, scene.rules, &stored)))
        .collect();
    messages.reverse();
    (messages, bytes)
}

fn find(messages: &[(Bytes, Option<Choice>)], document: &Document, cancel: &dyn Fn() -> bool) -> Found {
    let mut parts = ChangedParts::default();
    for (payload, choice) in messages {
        if cancel() {
            break;
        }
        let line = value_line(payload, choice.as_ref());
        parts.take_in(str::from_utf8(&line).unwrap_or_default(), cancel);
    }
    (Arc::new(ChangedLines::new(parts.lines(document, cancel))), parts.messages())
}
