//! Carries out actions on saved messages.

use std::path::{Path, PathBuf};

use crate::app::App;
use crate::command::{Notice, Outgoing, SaveOrder, SavedAction, Tool};
use crate::payload::decode::{Choice, Format};
use crate::payload::writing::Writing;
use crate::query::{Recipe, RecipeError, RecipePayload, Rules};
use crate::session::clock;
use crate::store::saved::{self, SavedMessage, SavedName, SavedPayload};
use crate::ui::job::Job;
use crate::ui::language;
use crate::words::{saved as words, sending as sending_words, store as store_words};

impl App {
    /// Carries out an action on saved messages.
    pub(super) fn saved(&mut self, action: SavedAction) {
        match action {
            SavedAction::Send(path) => self.send_saved(&path),
            SavedAction::Edit(path) => self.edit_saved(&path),
            SavedAction::Save(order) => self.save_message(*order),
            SavedAction::Delete(path) => self.delete_saved(path),
            SavedAction::Restore(path, message) => self.restore_saved(path, *message),
        }
    }

    /// The message of a file; says what is wrong with it if it is none.
    fn saved_message(&mut self, path: &Path) -> Option<SavedMessage> {
        let library = self.storage.messages.current();
        let entry = library.find(path)?;
        match &entry.message {
            Ok(message) => Some(SavedMessage::clone(message)),
            Err(fault) => {
                let text = words::broken(&entry.name, fault, language(&self.ctx));
                self.notify(Notice::error(text));
                None
            }
        }
    }

    fn send_saved(&mut self, path: &Path) {
        let Some(message) = self.saved_message(path) else { return };
        match self.outgoing_of(path, &message) {
            Some(Ok(outgoing)) => self.send(outgoing),
            Some(Err(error)) => {
                // The draft marks the place.
                let text = sending_words::recipe_error(&error, language(&self.ctx));
                self.edit_saved(path);
                self.notify(Notice::error(words::not_sent(&text, language(&self.ctx))));
            }
            None => {}
        }
    }

    /// The message that a saved one makes in the session that shows.
    fn outgoing_of(&mut self, path: &Path, message: &SavedMessage) -> Option<Result<Outgoing, RecipeError>> {
        let variables = self.variables_of_active()?;
        let tab = self.active_tab_mut()?;
        let counter = tab.count_saved(path);
        let model = std::sync::Arc::clone(tab.session.model());
        let made = recipe(message, &tab.rules).prepare().and_then(|prepared| {
            let model = model.lock();
            let lookup = crate::query::ModelLookup { variables: &variables, model: &model };
            prepared.message(clock::now(), counter, &lookup)
        });
        let SavedMessage { qos, retain, properties, .. } = message.clone();
        Some(made.map(|(topic, payload)| Outgoing { topic, payload, qos, retain, properties }))
    }

    fn edit_saved(&mut self, path: &Path) {
        let Some(message) = self.saved_message(path) else { return };
        self.show_tool(Tool::Publish);
        if let Some(tab) = self.active_tab_mut() {
            tab.view.tools.publish.edit_saved(path, &message);
        }
    }

    fn save_message(&mut self, order: SaveOrder) {
        let SaveOrder { name, collection, of_profile, message, draft } = order;
        let Some(tab) = self.active.and_then(|index| self.tabs.get_mut(index)) else { return };
        let profile = tab.profile.as_ref().map(ToString::to_string).filter(|_| of_profile);
        let (Some(name), Some(collection)) = (SavedName::new(&name), SavedName::folder(&collection)) else {
            return;
        };
        let folder = self.storage.messages.folder(profile.as_deref(), &collection);
        tab.view.tools.publish.was_saved(draft, &folder.join(name.file()));
        self.write_saved(move || saved::write(&folder, &name, &message));
    }

    fn restore_saved(&mut self, path: PathBuf, message: SavedMessage) {
        self.write_saved(move || saved::rewrite(&path, &message).map(|()| path));
    }

    /// Writes a file in a job, and has it shown at once.
    fn write_saved(
        &mut self,
        write: impl FnOnce() -> Result<PathBuf, crate::store::StoreError> + Send + 'static,
    ) {
        let (l, library) = (language(&self.ctx), std::sync::Arc::clone(&self.storage.messages));
        self.jobs.push(Job::spawn("save message", &self.ctx, move |_| {
            let written = write();
            library.look();
            Some(match written {
                Ok(path) => Notice::info(words::was_saved(&path, l)),
                Err(error) => Notice::error(store_words::error(&error, l)),
            })
        }));
    }

    fn delete_saved(&mut self, path: PathBuf) {
        let library = self.storage.messages.current();
        let Some(entry) = library.find(&path) else { return };
        let (l, name) = (language(&self.ctx), entry.name.clone());
        // A broken file cannot be written again as it was, so it is not deleted either.
        let Ok(message) = entry.message.clone() else {
            self.notify(Notice::error(words::not_deleted_broken(&path, l)));
            return;
        };
        let watch = std::sync::Arc::clone(&self.storage.messages);
        self.jobs.push(Job::spawn("delete message", &self.ctx, move |_| {
            let deleted = std::fs::remove_file(&path);
            watch.look();
            Some(match deleted {
                Ok(()) => {
                    let undo = SavedAction::Restore(path, Box::new(SavedMessage::clone(&message)));
                    Notice::undoable(words::was_deleted(&name, l), undo)
                }
                Err(error) => Notice::error(words::not_deleted(&path, &error, l)),
            })
        }));
    }
}

/// What a saved message makes, with the schemas of these rules.
fn recipe(message: &SavedMessage, rules: &Rules) -> Recipe {
    let SavedMessage { topic, variables, format, payload, .. } = message;
    let writing = match format.as_str() {
        "hex" => Writing::Hex,
        "base64" => Writing::Base64,
        format => match Format::of_id(format).filter(|format| *format != Format::Text) {
            None => Writing::Text,
            Some(format) => {
                let ruled =
                    rules.choice_of_topic(topic.as_bytes()).filter(|choice| choice.format() == format);
                Writing::Encoded(ruled.cloned().unwrap_or_else(|| Choice::plain(format)))
            }
        },
    };
    let payload = match payload {
        SavedPayload::Below(text) => RecipePayload::Written(text.clone(), writing),
        SavedPayload::Beside(_, bytes) => match std::str::from_utf8(bytes) {
            Ok(text) if writing != Writing::Text || *variables => {
                RecipePayload::Written(text.to_owned(), writing)
            }
            _ => RecipePayload::Bytes(bytes.clone()),
        },
    };
    Recipe { topic: topic.clone(), payload, fills: *variables }
}
