//! The data on disk as the app holds it: profiles, settings, publish history, secrets. Nothing here waits: the saver's
//! thread writes files, and jobs talk to the keyring.

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::{Context, ViewportId};

use crate::app::decoders;
use crate::app::decoders::AllowedPrograms;
use crate::command::Notice;
use crate::payload::schema::SchemaFiles;
use crate::store::notice::Severity;
use crate::store::settings::LanguageChoice;
use crate::store::spoken::Spoken;
use crate::store::{self, Paths, Profiles, PublishHistory, SaveEvent, Saver, SecretStore, Settings};
use crate::words::{self, Language};

/// How long the end of the program waits for files that are being written.
const FLUSH_LIMIT: Duration = Duration::from_secs(3);

/// Everything that outlives the program.
pub struct Storage {
    /// Saved connections.
    pub profiles: Profiles,
    /// The person's settings.
    pub settings: Settings,
    /// The messages that were published.
    pub history: PublishHistory,
    /// The keyring.
    pub secrets: SecretStore,
    /// The folder for certificates from imports.
    pub certificates: PathBuf,
    /// The folder for what was cleared at a broker, while it can be published back.
    pub cleared: PathBuf,
    /// The programs that may read payloads.
    pub programs: AllowedPrograms,
    /// Reads the schemas that decoder rules name.
    pub schema_files: SchemaFiles,
    /// Which brokers were found to speak no MQTT 5.
    pub spoken: Spoken,
    /// Where that is remembered.
    pub spoken_file: PathBuf,
    saver: Saver,
}

impl Storage {
    /// Reads everything; the notices describe what was wrong.
    pub fn open(paths: &Paths, ctx: &Context) -> std::io::Result<(Self, Vec<Notice>)> {
        let wake = ctx.clone();
        let opened = store::open(paths, move || wake.request_repaint_of(ViewportId::ROOT))?;
        let programs = AllowedPrograms::new(&opened.settings.allowed_programs);
        let storage = Self {
            profiles: opened.profiles,
            settings: opened.settings,
            history: opened.history,
            secrets: SecretStore::from_env(),
            certificates: paths.certificates(),
            cleared: paths.state.clone(),
            schema_files: decoders::schema_files(paths.config.clone(), &programs),
            programs,
            spoken: Spoken::load(&paths.spoken()),
            spoken_file: paths.spoken(),
            saver: opened.saver,
        };
        let notices = opened.notices.iter().map(|notice| storage.told(notice)).collect();
        Ok((storage, notices))
    }

    /// The language chosen in the settings, or the system's.
    pub fn language(&self) -> Language {
        match self.settings.language {
            // On Unix it follows LANGUAGE, LC_ALL, LC_MESSAGES and LANG.
            LanguageChoice::Automatic => {
                sys_locale::get_locale().map_or(Language::English, |locale| Language::of_locale(&locale))
            }
            LanguageChoice::English => Language::English,
            LanguageChoice::Chinese => Language::Chinese,
        }
    }

    /// Has the connections written.
    pub fn save_profiles(&self) {
        self.saver.save_profiles(&self.profiles);
    }

    /// Has the settings written.
    pub fn save_settings(&self) {
        self.saver.save_settings(&self.settings);
    }

    /// Has the publish history written.
    pub fn save_history(&self) {
        self.saver.save_history(&self.history);
    }

    /// Has a file written that only this program writes.
    pub fn save_own(&self, path: PathBuf, bytes: Vec<u8>) {
        self.saver.save_own(path, bytes);
    }

    /// Takes over what other running instances wrote meanwhile; the notices report what could not be written.
    pub fn collect(&mut self) -> Vec<Notice> {
        let mut notices = Vec::new();
        for event in self.saver.events() {
            match event {
                SaveEvent::Profiles(saved) => self.profiles.adopt(&saved),
                SaveEvent::Settings(saved) => self.settings.adopt(&saved),
                SaveEvent::History(saved) => self.history.adopt(&saved),
                SaveEvent::Failed(error) => notices.push(self.told(&store::StoreNotice::Failed(error))),
            }
        }
        notices
    }

    /// Waits, for a bounded time, until everything is written.
    pub fn flush(&self) {
        if !self.saver.flush(FLUSH_LIMIT) {
            log::error!("the settings were still being written when the program ended");
        }
    }

    /// Turns a notice of the store into one for the window.
    fn told(&self, notice: &store::StoreNotice) -> Notice {
        let text = words::store::notice(notice, self.language());
        match notice.severity() {
            Severity::Info => Notice::info(text),
            Severity::Warning | Severity::Error => Notice::error(text),
        }
    }
}
