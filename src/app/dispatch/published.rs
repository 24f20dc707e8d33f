//! Carries out actions on messages of the publish history.

use bytes::Bytes;

use crate::app::App;
use crate::app::sending::publish;
use crate::command::{Action, Notice, Outgoing, Tool};
use crate::mqtt::shell::{self, PublishProgram, Shell, ShellPayload};
use crate::store::publish_history::{KeptPayload, Published, payload_files};
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words::{app as words, publish as publish_words};

/// What a message of the history is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::app) enum RecallFor {
    Draft,
    Saving,
    Sending,
}

/// A message whose payload is being read, for the tab with this number.
pub(in crate::app) struct Recalling {
    tab: u64,
    message: Published,
    wanted_for: RecallFor,
    job: Job<std::io::Result<Vec<u8>>>,
}

impl App {
    /// Takes a message of the history up again, once its payload is there.
    pub(super) fn recall(&mut self, message: Published, wanted_for: RecallFor) {
        let Some(tab) = self.active_tab().map(|tab| tab.number) else { return };
        match &message.payload {
            KeptPayload::Whole(bytes) => {
                let payload = Bytes::copy_from_slice(bytes);
                self.recalled(tab, message, payload, wanted_for);
            }
            KeptPayload::InFile(_, name) => {
                let (folder, name) = (self.storage.payloads.clone(), name.clone());
                let job = Job::spawn("read payload", &self.ctx, move |_| payload_files::read(&folder, &name));
                self.recalling.push(Recalling { tab, message, wanted_for, job });
            }
            KeptPayload::TooLarge(size) => {
                let text = publish_words::payload_missing(*size, language(&self.ctx));
                self.notify(Notice::error(text));
            }
        }
    }

    /// Takes up messages whose payloads were read.
    pub(in crate::app) fn collect_recalled(&mut self) {
        let mut read = Vec::new();
        for Recalling { tab, message, wanted_for, job } in std::mem::take(&mut self.recalling) {
            match job.poll() {
                JobProgress::Running => self.recalling.push(Recalling { tab, message, wanted_for, job }),
                JobProgress::Done(payload) => read.push((tab, message, wanted_for, payload)),
                JobProgress::Failed => {}
            }
        }
        for (tab, message, wanted_for, payload) in read {
            match payload {
                Ok(payload) => self.recalled(tab, message, payload.into(), wanted_for),
                Err(error) => {
                    let text = words::not_read(&message.topic, &error, language(&self.ctx));
                    self.notify(Notice::error(text));
                }
            }
        }
    }

    fn recalled(&mut self, number: u64, message: Published, payload: Bytes, wanted_for: RecallFor) {
        let Published { at: _, topic, payload: _, qos, retain, properties } = message;
        let outgoing = Outgoing { topic, payload, qos, retain, properties };
        let tab = self.tabs.iter().find(|tab| tab.number == number);
        let names_secrets = tab.is_some_and(|tab| tab.secret_variables.are_named_in(&outgoing));
        // A message with secrets was kept without them: the draft fills them in again.
        if wanted_for == RecallFor::Sending && !names_secrets {
            self.send(outgoing);
            return;
        }
        self.show_tool(Tool::Publish);
        if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) {
            let choice = tab.rules.choice_of_topic(outgoing.topic.as_bytes()).cloned();
            tab.view.tools.publish.compose_as(outgoing, choice);
            if names_secrets {
                tab.view.tools.publish.set_variables(true);
            }
            if wanted_for == RecallFor::Saving {
                tab.view.tools.publish.ask_how_to_save();
            }
        }
    }

    /// Copies the command that sends a message.
    pub(super) fn copy_as(&mut self, message: Published, program: PublishProgram, shell: Shell) {
        let l = language(&self.ctx);
        let Some(tab) = self.active_tab() else { return };
        let profile = tab.profile.as_ref().and_then(|id| self.storage.profiles.get(id));
        let options = profile.map_or(&tab.options, |profile| &profile.connect);
        let name = profile.map(|profile| profile.name.as_str());
        let Published { at: _, topic, payload, qos, retain, properties } = message;
        let (payload, from) = match payload {
            KeptPayload::Whole(bytes) => (Bytes::from(bytes), ShellPayload::Inline),
            KeptPayload::InFile(size, file) => {
                let Some(path) = payload_files::path(&self.storage.payloads, &file) else {
                    self.notify(Notice::error(publish_words::payload_missing(size, l)));
                    return;
                };
                (Bytes::new(), ShellPayload::File(path))
            }
            KeptPayload::TooLarge(size) => {
                self.notify(Notice::error(publish_words::payload_missing(size, l)));
                return;
            }
        };
        let message = publish(Outgoing { topic, payload, qos, retain, properties });
        let made = shell::command(program, shell, options, name, &message, &from);
        let what = publish_words::copied_command(made.lacks_secret, made.lacks_correlation_data);
        self.perform(Action::Copy { what, text: made.text });
    }
}
