//! The shown payload on the clipboard and in files.

use bytes::Bytes;
use eframe::egui::Context;

use crate::command::{Action, Actions, Notice};
use crate::model::NodeId;
use crate::panels::inspector::InspectorView;
use crate::panels::inspector::breadcrumb::TopicName;
use crate::panels::inspector::content::{self, Content};
use crate::payload::decode::{Look, extension};
use crate::ui::job::{Job, JobProgress};
use crate::words::inspector as words;

/// Larger payloads are converted to clipboard text in a job.
const COPY_NOW_BYTES: usize = 1 << 20;
/// Binary data takes three characters per byte; more than this belongs in a file.
const COPY_DIGITS_BYTES_MAX: usize = 4 << 20;

impl InspectorView {
    /// Copies the shown payload of a node.
    pub fn copy_payload(&mut self, node: NodeId, actions: &mut Actions) {
        match self.content_of(node) {
            Some(content) if content.message.is_payload_dropped => self.only_head_is_held(actions),
            Some(content) => {
                let payload = content.message.payload.clone();
                self.copy(payload, actions);
            }
            None => self.nothing_to_copy(actions),
        }
    }

    /// Asks for a file and saves the shown payload of a node to it.
    pub fn save_payload(&self, node: NodeId, actions: &mut Actions) {
        match self.content_of(node) {
            Some(content) if content.message.is_payload_dropped => self.only_head_is_held(actions),
            Some(content) => {
                let bytes = content.message.payload.clone();
                actions.push(Action::Save { name: file_name(&self.topic, content), bytes });
            }
            None => self.nothing_to_copy(actions),
        }
    }

    fn only_head_is_held(&self, actions: &mut Actions) {
        actions.push(Action::Notify(Notice::error(words::ONLY_HEAD_IS_HELD.of(self.language))));
    }

    fn content_of(&self, node: NodeId) -> Option<&Content> {
        self.current.as_ref().filter(|content| content.message.id.node() == node)
    }

    fn nothing_to_copy(&self, actions: &mut Actions) {
        actions.push(Action::Notify(Notice::info(words::NOTHING_TO_COPY.of(self.language))));
    }

    fn copy(&mut self, payload: Bytes, actions: &mut Actions) {
        if payload.len() <= COPY_NOW_BYTES {
            let (what, text) = content::clipboard_text(&payload);
            actions.push(Action::Copy { what, text });
        } else if Look::at(&payload).text().is_some() || payload.len() <= COPY_DIGITS_BYTES_MAX {
            self.to_copy = Some(payload);
        } else {
            let text = words::too_much_to_copy(payload.len() as u64, self.language);
            actions.push(Action::Notify(Notice::error(text)));
        }
    }

    pub(super) fn copy_large(&mut self, ctx: &Context, actions: &mut Actions) {
        if let Some(payload) = self.to_copy.take() {
            self.copying = Some(Job::spawn("copy payload", ctx, move |_| content::clipboard_text(&payload)));
        }
        let Some(job) = &self.copying else { return };
        match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done((what, text)) => {
                actions.push(Action::Copy { what, text });
            }
            JobProgress::Failed => {
                actions.push(Action::Notify(Notice::error(words::COPYING_FAILED.of(self.language))));
            }
        }
        self.copying = None;
    }
}

/// A file name for a payload: the topic's last level and an extension for the format.
fn file_name(topic: &TopicName, content: &Content) -> String {
    const CHARS_MAX: usize = 64;
    let level = topic.levels.last().map_or("", |level| &topic.text[level.name.clone()]);
    let safe = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let mut name: String = level.chars().take(CHARS_MAX).map(safe).collect();
    if name.trim_matches(['.', '_']).is_empty() {
        "payload".clone_into(&mut name);
    }
    format!("{name}.{}", extension(&content.message.payload))
}
