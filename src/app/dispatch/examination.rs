//! The connection test in the window: beside the form for the connection in it, beside the tree for a session.

use std::sync::Arc;

use eframe::egui::ViewportId;

use crate::app::App;
use crate::app::connect::{Purpose, Target};
use crate::app::dispatch::subscription::wanted;
use crate::app::tab::WakeDelay;
use crate::command::{ExaminationAction, Notice};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::session::Wake;
use crate::session::doctor::Doctor;
use crate::store::ProfileId;
use crate::ui::language;
use crate::words::{self, clipboard};

impl App {
    /// Carries out an action of the connection test.
    pub(super) fn examination(&mut self, action: ExaminationAction) {
        match action {
            ExaminationAction::Begin(edit) => {
                let (id, given) = (edit.profile.id.clone(), edit.given());
                self.save_profile(*edit);
                self.test(&id, given);
            }
            ExaminationAction::Repeat => {
                if let Some(doctor) = self.doctor_mut() {
                    *doctor = doctor.again();
                }
            }
            ExaminationAction::Copy => {
                let l = language(&self.ctx);
                let report = self.doctor_mut().map(|doctor| {
                    format!("{}\n\n{}", doctor.url(), words::doctor::report(&doctor.steps(), l))
                });
                if let Some(text) = report {
                    self.ctx.copy_text(text);
                    self.notify(Notice::info(clipboard::copied(
                        clipboard::CONNECTION_TEST,
                        language(&self.ctx),
                    )));
                }
            }
            ExaminationAction::Close => match self.active_tab_mut() {
                Some(tab) => tab.doctor = None,
                None => self.doctor = None,
            },
        }
    }

    /// The test that is shown.
    fn doctor_mut(&mut self) -> Option<&mut Doctor> {
        match self.active {
            Some(index) => self.tabs.get_mut(index)?.doctor.as_mut(),
            None => self.doctor.as_mut(),
        }
    }

    /// Gathers the secrets as connecting does, with those in the form, then starts the test.
    fn test(&mut self, id: &ProfileId, given: Secrets) {
        let Some(profile) = self.profile_with_secrets(id) else { return };
        // The answer to an earlier question is no longer wanted.
        self.doctor = None;
        let purpose = Purpose::Test;
        if let Some(target) = self.pending.begin(&profile, given, purpose, &self.storage, &self.ctx) {
            self.arrived(target);
        }
    }

    /// Opens or tests a connection once its secrets are gathered.
    pub(in crate::app) fn arrived(&mut self, target: Target) {
        match target.purpose {
            Purpose::Open => self.open(target),
            Purpose::Test => {
                let Target { options, secrets, .. } = target;
                let client_id = match options.client_id.as_str() {
                    "" => "mqttree".to_owned(),
                    chosen => chosen.to_owned(),
                };
                self.doctor = Some(Doctor::start(options, client_id, secrets, self.wake()));
                self.show_tab(None);
            }
        }
    }

    /// Tests the connection of the session that is shown, as it is now.
    pub(super) fn examine_session(&mut self) {
        let wake = self.wake();
        let Some(tab) = self.active_tab_mut() else { return };
        let options = ConnectOptions { subscriptions: wanted(tab), ..tab.options.clone() };
        let client_id = tab.session.status().client_id.clone();
        tab.doctor = Some(Doctor::start(options, client_id, tab.secrets.clone(), wake));
    }

    /// Redraws the window when there is something new, but no more often than a person could see.
    fn wake(&self) -> Wake {
        let ctx = self.ctx.clone();
        Arc::new(move || ctx.request_repaint_after_for(WakeDelay::LIVE, ViewportId::ROOT))
    }
}
