//! The data on disk as the app holds it: profiles, settings, publish history, secrets. Nothing here waits: the saver's
//! thread writes files, and jobs talk to the keyring.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use eframe::egui::{Context, ViewportId};

use crate::app::decoders;
use crate::app::decoders::AllowedPrograms;
use crate::command::{Notice, Outgoing};
use crate::panels::publish::Notation;
use crate::payload::schema::SchemaFiles;
use crate::session::clock;
use crate::store::notice::Severity;
use crate::store::publish_history::payload_files;
use crate::store::saved::MessageLibrary;
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
    /// The folder of large payloads that were published.
    pub payloads: PathBuf,
    /// The saved messages.
    pub messages: Arc<MessageLibrary>,
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
        let payloads = paths.payloads();
        let (folder, history) = (payloads.clone(), opened.history.clone());
        std::thread::Builder::new()
            .name("sweep-payloads".to_owned())
            .spawn(move || payload_files::sweep(&folder, &history))?;
        let wake = ctx.clone();
        let messages = MessageLibrary::watch(
            paths.messages(),
            |format| Notation::of_id(format).is_some(),
            move || wake.request_repaint_of(ViewportId::ROOT),
        )?;
        let storage = Self {
            profiles: opened.profiles,
            settings: opened.settings,
            history: opened.history,
            secrets: SecretStore::from_env(),
            certificates: paths.certificates(),
            cleared: paths.state.clone(),
            payloads,
            messages: Arc::new(messages),
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

    /// Adds a message to the publish history, and has it written.
    pub fn add_published(&mut self, message: Outgoing) {
        let Outgoing { topic, payload, qos, retain, properties } = message;
        let file = self.history.add(clock::now(), &topic, &payload, qos, retain, properties);
        if let Some(path) = file.and_then(|name| payload_files::path(&self.payloads, &name)) {
            self.saver.save_own(path, payload.to_vec());
        }
        self.save_history();
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
