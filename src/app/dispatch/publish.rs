//! Carries out actions about messages to send.

use crate::app::App;
use crate::command::{Notice, Outgoing, PublishAction, Tool};
use crate::session::{Publish, clock};
use crate::ui::job::Job;
use crate::ui::language;
use crate::words::app as words;
use crate::words::session::declined;

impl App {
    /// Carries out an action about messages to send.
    pub(super) fn publish(&mut self, action: PublishAction) {
        match action {
            PublishAction::Send(outgoing) => self.send(outgoing),
            PublishAction::Compose(outgoing) => {
                self.show_tool(Tool::Publish);
                if let Some(tab) = self.active_tab_mut() {
                    tab.view.tools.publish.compose(outgoing);
                }
            }
            PublishAction::LoadPayload => self.load_payload(),
            PublishAction::RemovePublished(index) => {
                self.storage.history.remove(index);
                self.storage.save_history();
            }
            PublishAction::ClearPublished => {
                self.storage.history.clear();
                self.storage.save_history();
            }
        }
    }

    fn send(&mut self, outgoing: Outgoing) {
        let language = language(&self.ctx);
        let Some(tab) = self.active_tab_mut() else { return };
        let Outgoing { topic, payload, qos, retain, properties } = outgoing.clone();
        let sent = tab.session.publish(Publish { topic, payload, qos, retain, properties });
        match sent {
            Ok(token) => {
                tab.view.tools.publish.sent(token);
                let Outgoing { topic, payload, qos, retain, properties } = outgoing;
                self.storage.history.add(clock::now(), &topic, &payload, qos, retain, properties);
                self.storage.save_history();
            }
            Err(refused) => {
                let text = words::not_published(&outgoing.topic, &declined(&refused, language), language);
                self.notify(Notice::error(text));
            }
        }
    }

    fn load_payload(&mut self) {
        let Some(tab) = self.active_tab().map(|tab| tab.number) else { return };
        // As with saving: the dialog is made here, the file is read elsewhere.
        let dialog = rfd::AsyncFileDialog::new().pick_file();
        let job = Job::spawn("load payload", &self.ctx, move |_| {
            let file = pollster::block_on(dialog)?;
            Some((file.file_name(), std::fs::read(file.path())))
        });
        self.loading = Some((tab, job));
    }
}
