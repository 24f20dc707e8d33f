//! Carries out actions on what the broker retains.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use eframe::egui::ViewportId;

use crate::app::App;
use crate::command::{Action, Dangerous, Notice, RetainedAction, Tool};
use crate::panels::path_dialog::PathPurpose;
use crate::panels::retained::table;
use crate::session::clock;
use crate::session::retained::{CopyOrder, RetainedDesk, RetainedMessage};
use crate::store::kept_messages::{self, TemporaryMessages};
use crate::store::publish_history::{KeptPayload, Published};
use crate::ui::job::Job;
use crate::ui::language;
use crate::words::{app as words, path_dialog, store as store_words};

/// Numbers the files of what was cleared.
static NEXT_FILE: AtomicU64 = AtomicU64::new(1);

impl App {
    /// Carries out an action on what the broker retains.
    pub(super) fn retained(&mut self, action: RetainedAction) {
        match action {
            RetainedAction::List(filter) => self.list_retained(&filter),
            RetainedAction::AskClear { topics, per_second } => {
                let Some(number) = self.active_tab().map(|tab| tab.number) else { return };
                self.asked = Some(Dangerous::ClearChosen { tab: number, topics, per_second });
            }
            RetainedAction::PutBack { per_second } => {
                if let Some(desk) = self.active_tab().and_then(|tab| tab.retained.as_ref()) {
                    desk.put_back(per_second);
                }
            }
            RetainedAction::Stop => {
                if let Some(desk) = self.active_tab().and_then(|tab| tab.retained.as_ref()) {
                    desk.stop();
                }
            }
            RetainedAction::Copy { to, topics, per_second } => {
                self.copy_retained(to, topics.to_vec(), per_second);
            }
            RetainedAction::Save(topics) => {
                if let Some(desk) = self.active_tab().and_then(|tab| tab.retained.as_ref()) {
                    desk.fetch(topics.to_vec());
                }
            }
            RetainedAction::SaveTable(topics) => self.save_retained_table(&topics),
        }
    }

    /// Asks for a file and writes the listed messages of these topics into it as a table.
    fn save_retained_table(&mut self, topics: &[String]) {
        let Some(desk) = self.active_tab().and_then(|tab| tab.retained.as_ref()) else { return };
        let chosen: HashSet<&str> = topics.iter().map(String::as_str).collect();
        let messages = desk.state().messages;
        let messages: Vec<_> =
            messages.iter().filter(|message| chosen.contains(message.topic.as_str())).cloned().collect();
        let l = language(&self.ctx);
        let answer = self.paths.ask(path_dialog::SAVE_FILE.of(l), PathPurpose::Save, "retained.csv");
        self.jobs.push(Job::spawn("save retained table", &self.ctx, move |_| {
            let path = answer()?;
            let table = table(&messages);
            Some(match std::fs::write(&path, &table) {
                Ok(()) => Notice::info(words::saved(table.len() as u64, &path, l)),
                Err(error) => Notice::error(words::not_written(&path, &error, l)),
            })
        }));
    }

    fn copy_retained(&self, to: u64, topics: Vec<(String, String)>, per_second: u32) {
        let Some(publisher) =
            self.tabs.iter().find(|tab| tab.number == to).map(|tab| tab.session.publisher())
        else {
            return;
        };
        if let Some(desk) = self.active_tab().and_then(|tab| tab.retained.as_ref()) {
            desk.copy(CopyOrder { topics, publisher, per_second });
        }
    }

    /// Saves the messages that were fetched for that.
    pub(in crate::app) fn collect_fetched(&mut self) {
        let desks = self.tabs.iter().filter_map(|tab| tab.retained.as_ref());
        let fetched: Vec<_> = desks.filter_map(RetainedDesk::take_fetched).collect();
        for messages in fetched {
            let lines: Vec<Published> = messages.iter().map(|message| line_of(message)).collect();
            let bytes = kept_messages::print(&lines).into_bytes().into();
            self.perform(Action::Save { name: "retained.jsonl".to_owned(), bytes });
        }
    }

    /// Asks the desk of the session, or opens it.
    fn list_retained(&mut self, filter: &str) {
        self.show_tool(Tool::Retained);
        let (ctx, folder, language) = (self.ctx.clone(), self.storage.cleared.clone(), language(&self.ctx));
        let Some(tab) = self.active_tab_mut() else { return };
        tab.view.tools.retained.set_filter(filter.to_owned());
        if let Some(desk) = &tab.retained {
            desk.list(filter);
            return;
        }
        let number = NEXT_FILE.fetch_add(1, Ordering::Relaxed);
        let name = format!("cleared-{}-{number}.jsonl", std::process::id());
        let mut file = TemporaryMessages::new(folder.join(name));
        let keep = Box::new(move |messages: &[Arc<RetainedMessage>]| {
            let lines: Vec<Published> = messages.iter().map(|message| line_of(message)).collect();
            let failed = |error| std::io::Error::other(store_words::error(&error, language));
            file.add(&lines).map_err(failed)
        });
        let wake = Arc::new(move || ctx.request_repaint_of(ViewportId::ROOT));
        match RetainedDesk::open(&tab.options, tab.secrets.clone(), filter, keep, wake) {
            Ok(desk) => tab.retained = Some(desk),
            Err(error) => {
                let text = words::not_started(&error, language);
                self.notify(Notice::error(text));
            }
        }
    }
}

fn line_of(message: &RetainedMessage) -> Published {
    Published {
        at: clock::now(),
        topic: message.topic.clone(),
        payload: KeptPayload::Whole(message.payload.to_vec()),
        qos: message.qos.unwrap_or_default(),
        retain: true,
        properties: message.properties.clone(),
    }
}
