//! Carries out actions on messages that go out one after the other.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use eframe::egui::ViewportId;

use crate::app::sending::{self, RunningSending};
use crate::app::{App, Tab};
use crate::command::{FileOrder, Notice, RepeatOrder, SendingAction};
use crate::panels::path_dialog::PathPurpose;
use crate::query::SourceFault;
use crate::session::sending::{MessageSource, Sending, SendingPlan};
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words::{app as words, path_dialog, sending as sending_words};

/// The most sendings that a session lists; ended ones go first.
const LISTED_MAX: usize = 16;

/// Numbers the sendings.
static NEXT_ID: AtomicU64 = AtomicU64::new(1);

/// A file that is being picked for the tab with this number, or opened.
type Opened = Option<(PathBuf, Result<MessageSource<SourceFault>, std::io::Error>)>;

/// A file of messages on its way.
pub(in crate::app) struct PickedFile {
    tab: u64,
    plan: SendingPlan,
    job: Job<Opened>,
}

impl App {
    /// Carries out an action on messages that go out one after the other.
    pub(super) fn sending(&mut self, action: SendingAction) {
        match action {
            SendingAction::Repeat(order) => self.repeat(*order),
            SendingAction::SendFile(order) => self.send_file(*order),
            SendingAction::Stop(id) => {
                for tab in &mut self.tabs {
                    tab.stop_sending(id);
                }
            }
            SendingAction::StopAll => self.tabs.iter_mut().for_each(Tab::stop_sendings),
        }
    }

    fn repeat(&mut self, order: RepeatOrder) {
        let l = language(&self.ctx);
        let Some(variables) = self.variables_of_active() else { return };
        let Some(tab) = self.active_tab() else { return };
        let (number, plan, first) = (tab.number, order.plan, order.first.clone());
        match sending::repetition(order, variables, Arc::clone(tab.session.model())) {
            Ok(source) => {
                self.start_sending(number, first.topic.clone(), plan, source);
                self.remember_published(number, &first);
            }
            Err(error) => self.notify(Notice::error(sending_words::recipe_error(&error, l))),
        }
    }

    /// What `{{name}}` stands for in the session that shows.
    pub(super) fn variables_of_active(&self) -> Option<Vec<(String, String)>> {
        let tab = self.active_tab()?;
        let profile = tab.profile.as_ref().and_then(|id| self.storage.profiles.get(id));
        let others = profile.map_or(&tab.options.variables, |profile| &profile.connect.variables);
        Some(tab.secret_variables.found.with(others))
    }

    fn start_sending(
        &mut self,
        number: u64,
        what: String,
        plan: SendingPlan,
        source: MessageSource<SourceFault>,
    ) {
        let (ctx, l) = (self.ctx.clone(), language(&self.ctx));
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) else { return };
        let wake = Arc::new(move || ctx.request_repaint_of(ViewportId::ROOT));
        match Sending::start(tab.session.publisher(), plan, source, wake) {
            Ok(sending) => {
                let id = NEXT_ID.fetch_add(1, Ordering::Relaxed);
                tab.add_sending(RunningSending { id, what, every: plan.every, sending }, LISTED_MAX);
            }
            Err(error) => self.notify(Notice::error(sending_words::not_started(&error, l))),
        }
    }

    fn send_file(&mut self, order: FileOrder) {
        let Some(tab) = self.active_tab().map(|tab| tab.number) else { return };
        let FileOrder { lines, per_second } = order;
        let plan = SendingPlan { every: Duration::from_secs(1) / per_second.max(1), count: None };
        let title = path_dialog::OPEN_FILE.of(language(&self.ctx));
        let answer = self.paths.ask(title, PathPurpose::Open, "");
        let job = Job::spawn("open messages", &self.ctx, move |_| {
            let path = answer()?;
            let source = sending::file(&path, lines);
            Some((path, source))
        });
        self.picked_files.push(PickedFile { tab, plan, job });
    }

    /// Starts to send the files that were picked.
    pub(in crate::app) fn collect_picked_files(&mut self) {
        let mut opened = Vec::new();
        self.picked_files.retain(|PickedFile { tab, plan, job }| match job.poll() {
            JobProgress::Running => true,
            JobProgress::Done(file) => {
                opened.extend(file.map(|file| (*tab, *plan, file)));
                false
            }
            JobProgress::Failed => false,
        });
        for (tab, plan, (path, source)) in opened {
            let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
            match source {
                Ok(source) => self.start_sending(tab, name, plan, source),
                Err(error) => {
                    let text = words::not_read(&name, &error, language(&self.ctx));
                    self.notify(Notice::error(text));
                }
            }
        }
    }
}
