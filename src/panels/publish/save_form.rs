//! The form that saves a draft as a text file.

use std::path::PathBuf;

use eframe::egui::{Button, Popup, PopupCloseBehavior, RichText, Sense, SetOpenCommand, Ui, vec2};

use crate::command::{Actions, SaveOrder, SavedAction, keys};
use crate::panels::publish::draft::Draft;
use crate::panels::scene::Scene;
use crate::store::saved::{CollectionPlace, SavedName};
use crate::ui::tokens::tokens;
use crate::ui::widgets::check_box::check_box;
use crate::ui::widgets::field;
use crate::ui::widgets::one_line::{one_line, paint_line};
use crate::ui::{language, theme};
use crate::words::{Label, Language, saved as words};

const FIELD_WIDTH: f32 = 220.0;
const LABEL_WIDTH: f32 = 96.0;

/// What was typed into the form.
#[derive(Debug, Default)]
pub struct SaveForm {
    /// The draft that the fields are for, and the file that it was last saved as.
    made_for: Option<(u64, Option<PathBuf>)>,
    name: String,
    collection: String,
    of_profile: bool,
    keys: String,
    /// Whether the form opens in the next frame.
    opens: bool,
}

impl SaveForm {
    /// Opens the form.
    pub fn open(&mut self) {
        self.opens = true;
    }

    /// Fills the fields for a draft, unless they are about it already.
    fn fill_for(&mut self, draft: &Draft, scene: &Scene<'_>, l: Language) {
        let made_for = (draft.id, draft.saved_as.clone());
        if self.made_for.as_ref() == Some(&made_for) {
            return;
        }
        let found = draft.saved_as.as_ref().and_then(|path| {
            let mut collections = scene.messages.collections.iter();
            collections.find_map(|collection| {
                let entry = collection.entries.iter().find(|entry| entry.path == *path)?;
                Some((collection, entry))
            })
        });
        let opens = self.opens;
        *self = match found {
            Some((collection, entry)) => Self {
                made_for: None,
                opens,
                name: match entry.folder.as_str() {
                    "" => entry.name.clone(),
                    folder => format!("{folder}/{}", entry.name),
                },
                collection: collection.name.clone(),
                of_profile: matches!(collection.place, CollectionPlace::Profile(_)),
                keys: entry.message.as_ref().map(|message| message.key.clone()).unwrap_or_default(),
            },
            None => Self {
                name: draft.topic.text().rsplit('/').next().unwrap_or_default().to_owned(),
                collection: words::COLLECTION_NAME.of(l).to_owned(),
                opens,
                ..Self::default()
            },
        };
        self.made_for = Some(made_for);
    }

    /// What keeps the draft from being saved.
    fn obstacle(&self) -> Option<Label> {
        let keys = self.keys.trim();
        if SavedName::new(&self.name).is_none() || SavedName::folder(&self.collection).is_none() {
            Some(words::NEEDS_NAME)
        } else if keys.is_empty() {
            None
        } else {
            match keys::parse(keys) {
                None => Some(words::BAD_KEYS),
                Some(keys) if keys::is_taken(&keys) => Some(words::TAKEN_KEYS),
                Some(_) => None,
            }
        }
    }

    /// Draws the button and its form.
    pub fn show(&mut self, ui: &mut Ui, draft: &Draft, scene: &Scene<'_>, actions: &mut Actions) {
        let l = language(ui);
        let button = ui.button(words::SAVE.of(l)).on_hover_text(words::SAVE_HELP.of(l));
        let popup = Popup::menu(&button).close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let popup = if std::mem::take(&mut self.opens) {
            popup.open_memory(SetOpenCommand::Bool(true))
        } else {
            popup
        };
        popup.show(|ui| {
            self.fill_for(draft, scene, l);
            ui.set_min_width(FIELD_WIDTH + 110.0);
            ui.spacing_mut().item_spacing.y = 6.0;
            line(ui, words::NAME, words::NAME_HINT, &mut self.name, l);
            line(ui, words::COLLECTION, words::COLLECTION_NAME, &mut self.collection, l);
            line(ui, words::KEYS, words::KEYS_HINT, &mut self.keys, l);
            ui.add_enabled_ui(scene.profile.is_some(), |ui| {
                check_box(ui, &mut self.of_profile, words::OF_PROFILE.of(l))
                    .on_disabled_hover_text(words::NO_PROFILE.of(l));
            });
            self.remark(ui, draft, scene, l);
            let obstacle = self.obstacle();
            let save = ui.add_enabled(obstacle.is_none(), Button::new(words::SAVE_NOW.of(l)));
            let why = obstacle.map(|why| why.of(l)).unwrap_or_default();
            if save.on_disabled_hover_text(why).clicked() {
                actions.push(SavedAction::Save(Box::new(self.order(draft, scene))));
                ui.close();
            }
        });
    }

    fn order(&self, draft: &Draft, scene: &Scene<'_>) -> SaveOrder {
        let Self { name, collection, of_profile, keys, .. } = self;
        let file = SavedName::new(name).map(|name| name.file());
        SaveOrder {
            name: name.clone(),
            collection: collection.clone(),
            of_profile: *of_profile && scene.profile.is_some(),
            message: draft.saved_message(keys.trim(), file.as_deref()),
            draft: draft.id,
        }
    }

    /// Says what is wrong, or that a file will be written over.
    fn remark(&self, ui: &mut Ui, draft: &Draft, scene: &Scene<'_>, l: Language) {
        let t = tokens(ui);
        let file = SavedName::new(&self.name).map(|name| name.file());
        let is_there = file.is_some_and(|file| {
            scene.messages.of_profile(scene.profile).any(|collection| {
                let is_profile = matches!(collection.place, CollectionPlace::Profile(_));
                let path = collection.folder.join(&file);
                collection.name == self.collection
                    && is_profile == self.of_profile
                    && draft.saved_as.as_ref() != Some(&path)
                    && collection.entries.iter().any(|entry| entry.path == path)
            })
        });
        let (text, color) = match self.obstacle() {
            Some(why) => (why.of(l), t.error),
            None if is_there => (words::REPLACES.of(l), t.warn),
            None => ("", t.text_muted),
        };
        ui.label(RichText::new(text).font(theme::small_font()).color(color));
    }
}

fn line(ui: &mut Ui, name: Label, hint: Label, text: &mut String, l: Language) {
    ui.horizontal(|ui| {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(LABEL_WIDTH, 24.0), Sense::hover());
        let label = one_line(ui, name.of(l), theme::text_font(), t.text_muted, LABEL_WIDTH);
        paint_line(ui, rect.left_center(), label, t.text_muted);
        let hint = RichText::new(hint.of(l)).color(t.text_muted);
        field::line(ui, name.of(l), field::NAME_BYTES_MAX, text, |edit| {
            edit.hint_text(hint).desired_width(FIELD_WIDTH)
        });
    });
}
