//! Carries out what the panels asked for, after the frame: changes the model, asks the session, starts jobs. Each group
//! of actions has a file of its own that matches the group exhaustively.

pub(super) mod changes;
mod command;
mod dangerous;
mod decoder;
mod examination;
mod moment;
mod packet_log;
pub(super) mod plot;
mod profile;
mod publish;
pub(super) mod published;
pub(super) mod recording;
mod reply;
mod request;
mod retained;
mod retained_desk;
mod saved;
pub(super) mod sending;
mod sequence;
mod session;
mod sparkplug;
mod subscription;
mod topic;
mod values;

use bytes::Bytes;

use crate::app::App;
use crate::command::{Action, Notice};
use crate::panels::path_dialog::PathPurpose;
use crate::panels::whole_text::WholeTextView;
use crate::ui::job::Job;
use crate::ui::language;
use crate::words::{app as words, clipboard, path_dialog};

impl App {
    /// Carries out one action.
    pub(super) fn perform(&mut self, action: impl Into<Action>) {
        match action.into() {
            Action::Run(command) => self.run(command),
            Action::Topic(action) => self.topic(action),
            Action::Plot(action) => self.plot(action),
            Action::Decoder(action) => self.decoder(action),
            Action::Publish(action) => self.publish(action),
            Action::Retained(action) => self.retained(action),
            Action::Sending(action) => self.sending(action),
            Action::Reply(action) => self.reply(action),
            Action::Sequence(action) => self.sequence(action),
            Action::Saved(action) => self.saved(action),
            Action::Sparkplug(action) => self.sparkplug(action),
            Action::Subscription(action) => self.subscription(action),
            Action::PacketLog(action) => self.packet_log(action),
            Action::Changes(action) => self.changes(action),
            Action::Exchange(action) => self.act_on_many(action),
            Action::Moment(action) => self.moment(action),
            Action::Examination(action) => self.examination(action),
            Action::Profile(action) => self.profile(action),
            Action::Session(action) => self.session(action),
            Action::Copy { what, text } => {
                self.ctx.copy_text(text);
                self.notify(Notice::info(clipboard::copied(what, language(&self.ctx))));
            }
            Action::ShowWhole { title, text } => self.whole_text = Some(WholeTextView::new(title, text)),
            Action::Save { name, bytes } => self.save_file(&name, bytes),
            Action::ChangeSettings(settings) => self.change_settings(|kept| *kept = *settings),
            Action::Notify(notice) => self.notify(notice),
            Action::Confirm(dangerous) => self.asked = Some(dangerous),
            Action::Confirmed(dangerous) => self.confirmed(dangerous),
        }
    }

    fn save_file(&mut self, name: &str, bytes: Bytes) {
        let language = language(&self.ctx);
        let answer = self.paths.ask(path_dialog::SAVE_FILE.of(language), PathPurpose::Save, name);
        self.jobs.push(Job::spawn("save payload", &self.ctx, move |_| {
            let path = answer()?;
            Some(match std::fs::write(&path, &bytes) {
                Ok(()) => Notice::info(words::saved(bytes.len() as u64, &path, language)),
                Err(error) => Notice::error(words::not_written(&path, &error, language)),
            })
        }));
    }
}
