//! What the window does without drawing: collects the results of sessions and jobs, and applies the settings.

use eframe::egui::{ThemePreference, ViewportId};

use crate::app::App;
use crate::command::Notice;
use crate::store::settings::{Motion, Theme};
use crate::ui::job::JobProgress;
use crate::ui::{language, motion, theme};
use crate::words::app as words;

impl App {
    /// Collects the results of sessions and jobs, even while the window is hidden.
    pub(super) fn collect(&mut self) {
        for (index, tab) in self.tabs.iter_mut().enumerate() {
            let shown = self.active == Some(index) || self.windows.show(tab.number);
            if let Some(wait) = tab.tick(shown) {
                self.ctx.request_repaint_after_for(wait, ViewportId::ROOT);
            }
        }
        if let Some(tab) = self.active_tab_mut() {
            tab.select_first();
        }
        if self.reduced_motion.has_come() {
            self.apply_motion();
        }
        self.forget_closed();
        for notice in self.storage.collect() {
            self.notify(notice);
        }
        for target in self.pending.collect(language(&self.ctx)) {
            self.arrived(target);
        }
        self.collect_demo();
        self.collect_loaded();
        self.collect_drafts();
        self.look_up_secret_variables();
        self.collect_picked_files();
        self.collect_recalled();
        self.collect_fetched();
        self.collect_recordings();
        self.collect_opened_recordings();
        self.collect_exchange();
        self.collect_baselines();
        self.collect_transfers();
        self.keep_logins();
        self.remember_versions();
        self.collect_kept();
        self.collect_rules();
        let mut notices = Vec::new();
        self.jobs.retain(|job| match job.poll() {
            JobProgress::Running => true,
            JobProgress::Done(notice) => {
                notices.extend(notice);
                false
            }
            JobProgress::Failed => {
                notices.push(Notice::error(words::TASK_FAILED.of(language(&self.ctx))));
                false
            }
        });
        for notice in notices {
            self.notify(notice);
        }
    }

    fn collect_loaded(&mut self) {
        let Some((number, job)) = &self.loading else { return };
        let loaded = match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(loaded) => loaded,
            JobProgress::Failed => None,
        };
        let number = *number;
        self.loading = None;
        match loaded {
            None => {}
            Some((name, Ok(bytes))) => {
                if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) {
                    tab.view.tools.publish.load(&name, bytes.into());
                }
            }
            Some((name, Err(error))) => {
                self.notify(Notice::error(words::not_read(&name, &error, language(&self.ctx))));
            }
        }
    }

    /// Brings the window in line with the settings.
    pub(super) fn apply_settings(&mut self) {
        let theme = self.storage.settings.theme;
        theme::set_high_contrast(&self.ctx, theme == Theme::HighContrast);
        self.ctx.set_theme(match theme {
            Theme::System => ThemePreference::System,
            Theme::Light => ThemePreference::Light,
            Theme::Dark | Theme::HighContrast => ThemePreference::Dark,
        });
        self.apply_motion();
        self.paths.choose(self.storage.settings.file_dialogs);
        language::set(&self.ctx, self.storage.language());
    }

    fn apply_motion(&self) {
        let is_reduced = match self.storage.settings.motion {
            Motion::System => self.reduced_motion.is_asked_for(),
            Motion::Reduced => true,
            Motion::Full => false,
        };
        motion::set_reduced(&self.ctx, is_reduced);
    }
}
