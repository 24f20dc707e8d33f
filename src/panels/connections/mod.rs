//! The connections page: saved profiles on the left, the form of the selected one on the right.
//!
//! Changes are saved automatically a moment later, so nothing is lost by switching away.

mod draft;
mod fields;
mod form;
mod list;
mod mistakes;
mod secret_variables;
mod start;
mod transfer;
mod typed;

use std::path::PathBuf;
use std::time::Duration;

use eframe::egui::{self, CentralPanel, Context, Id, Key, Panel, Ui};

use crate::command::{Action, Actions, Notice, ProfileAction};
use crate::panels::connections::draft::ProfileDraft;
use crate::panels::connections::form::Dropped;
use crate::panels::connections::start::StartPage;
use crate::panels::connections::transfer::{ExportQuestion, ImportPreview};
use crate::panels::pane::pane;
use crate::store::profiles::Field;
use crate::store::secrets::SecretError;
use crate::store::settings::Settings;
use crate::store::transfer::{Import, Place};
use crate::store::{Profile, ProfileId, Profiles, SecretStore};
use crate::ui::focus::{Pane, Splitter};
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::ui::tokens::tokens;
use crate::words::connections as words;

/// Changes are saved after a pause in typing this long, in seconds.
const SAVE_AFTER_SECONDS: f64 = 0.8;

/// The list's smallest width, in points.
const LIST_WIDTH_MIN: f32 = 200.0;
/// The list's greatest width, in points.
const LIST_WIDTH_MAX: f32 = 420.0;
/// The width that the whole form needs, in points.
const FORM_WIDTH_MIN: f32 = 640.0;

/// What the page may read in one frame.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionsScene<'a> {
    /// Saved profiles.
    pub profiles: &'a Profiles,
    /// The person's settings, and what was open last.
    pub settings: &'a Settings,
    /// The keyring, to ask whether it is available.
    pub keyring: SecretStore,
    /// Profiles with an open session, each with the mark of its state.
    pub open: &'a [(&'a ProfileId, &'static str, egui::Color32)],
}

/// What the page keeps between frames.
#[derive(Debug, Default)]
pub struct ConnectionsView {
    draft: Option<ProfileDraft>,
    keyring: KeyringState,
    dragging: Option<ProfileId>,
    list: list::ListState,
    dropped: Dropped,
    preview: Option<ImportPreview>,
    export: Option<ExportQuestion>,
    start: StartPage,
    /// The start page shows instead of a form, although connections are saved.
    starts: bool,
    /// What had the keyboard in the last frame.
    focus: Option<Id>,
}

/// Whether there is a keyring; checked once in the background.
#[derive(Debug, Default)]
enum KeyringState {
    #[default]
    Unknown,
    Asking(Job<Result<(), SecretError>>),
    Works,
    /// Why there is none, if known.
    Missing(Option<SecretError>),
}

impl ConnectionsView {
    /// Shows the form of a profile with the cursor in its name.
    pub fn edit(&mut self, id: &ProfileId) {
        self.draft = None;
        self.starts = false;
        self.dragging = None;
        self.wanted(id.clone());
    }

    /// Shows the form of a newly created profile, which has no stored secrets; see [`ConnectionsView::edit`].
    pub fn edit_new(&mut self, id: &ProfileId) {
        self.edit(id);
        if let Some(draft) = &mut self.draft {
            draft.is_new = true;
        }
    }

    /// Shows the start page, beside the list of what is saved.
    pub fn show_start(&mut self) {
        self.starts = true;
    }

    /// Shows these on the start page, instead of what is found on this machine.
    pub fn set_places(&mut self, places: Vec<Place>) {
        self.start.set_places(places);
    }

    /// Takes a file that was picked for a field of a connection, if that connection still shows.
    pub fn picked(&mut self, id: &ProfileId, field: Field, path: PathBuf) {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.profile.id == *id) {
            form::picked(&mut draft.profile.connect, field, path);
            draft.touched = true;
        }
    }

    /// Shows what was found in a file of this name, so that the person can choose what to import.
    pub fn preview(&mut self, file: String, import: Import) {
        self.preview = Some(ImportPreview::new(file, import));
    }

    fn wanted(&mut self, id: ProfileId) {
        let mut draft =
            ProfileDraft::new(&Profile::new(String::new(), crate::mqtt::options::ConnectOptions::default()));
        draft.profile.id = id;
        draft.focus_name = true;
        self.draft = Some(draft);
    }

    /// Takes over a profile's subscriptions after they were changed elsewhere.
    pub fn reload(&mut self, profile: &Profile) {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.profile.id == profile.id) {
            draft.profile.connect.subscriptions.clone_from(&profile.connect.subscriptions);
        }
    }

    /// Draws the page.
    pub fn show(&mut self, ui: &mut Ui, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
        self.follow(scene);
        self.ask_keyring(ui.ctx(), scene);
        if scene.profiles.is_empty() {
            pane(ui, Pane::Start, |ui| self.start.show(ui, scene, actions));
        } else {
            self.page(ui, scene, actions);
        }
        self.take_dropped(ui.ctx(), actions);
        self.dialogs(ui.ctx(), scene, actions);
    }

    fn page(&mut self, ui: &mut Ui, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
        let ground = egui::Frame::NONE.fill(tokens(ui).surface_0);
        let splitter = Splitter::of(ui, "connection-list", Key::ArrowRight, Key::ArrowLeft);
        let side = Panel::left("connection-list").resizable(true).frame(ground);
        // The form needs its width; the list may have the rest.
        let most = (ui.available_width() - FORM_WIDTH_MIN).clamp(LIST_WIDTH_MIN, LIST_WIDTH_MAX);
        side.default_size(280.0).size_range(LIST_WIDTH_MIN..=most).show(ui, |ui| {
            pane(ui, Pane::Connections, |ui| list::show(ui, self, scene, actions));
        });
        splitter.name(ui);
        let ground = egui::Frame::NONE.fill(tokens(ui).surface_1);
        CentralPanel::no_frame().frame(ground).show(ui, |ui| {
            if self.starts {
                pane(ui, Pane::Start, |ui| self.start.show(ui, scene, actions));
            } else {
                pane(ui, Pane::ConnectionForm, |ui| form::show(ui, self, actions));
            }
        });
        self.autosave(ui.ctx(), actions);
    }

    fn dialogs(&mut self, ctx: &Context, scene: &ConnectionsScene<'_>, actions: &mut Actions) {
        self.preview.take_if(|preview| !preview.show(ctx, scene.profiles, actions));
        self.export.take_if(|export| !export.show(ctx, scene.profiles, actions));
    }

    /// Keeps the draft in step with the list: the selected profile may have been deleted, created, or changed by
    /// another instance of the program.
    fn follow(&mut self, scene: &ConnectionsScene<'_>) {
        let known = self.draft.as_ref().and_then(|draft| scene.profiles.get(&draft.profile.id));
        match (&mut self.draft, known) {
            (Some(draft), Some(profile)) if draft.profile.name.is_empty() && draft.focus_name => {
                let is_new = draft.is_new;
                *draft = ProfileDraft::new(profile);
                draft.focus_name = true;
                draft.is_new = is_new;
            }
            (Some(draft), Some(profile)) => draft.keep_up(profile),
            (_, None) => self.draft = scene.profiles.iter().next().map(ProfileDraft::new),
            (None, Some(_)) => {}
        }
    }

    /// Asks what to export. Unsaved changes are saved first, because only saved data is exported.
    fn ask_export(&mut self, actions: &mut Actions) {
        self.save_now(actions);
        self.export = self.draft.as_ref().map(|draft| ExportQuestion::new(&draft.profile));
    }

    fn select(&mut self, profile: &Profile, actions: &mut Actions) {
        self.starts = false;
        if self.draft.as_ref().is_some_and(|draft| draft.profile.id == profile.id) {
            return;
        }
        self.save_now(actions);
        self.draft = Some(ProfileDraft::new(profile));
    }

    /// Saves unsaved changes at once, because the person turns to something else.
    pub fn save_now(&mut self, actions: &mut Actions) {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.holds_address()) {
            draft.spread_host();
            draft.changed_at.get_or_insert(0.0);
        }
        self.save_changed(actions);
    }

    fn save_changed(&mut self, actions: &mut Actions) {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.changed_at.is_some()) {
            actions.push(ProfileAction::Save(Box::new(draft.edit())));
        }
    }

    fn autosave(&mut self, ctx: &Context, actions: &mut Actions) {
        let now = ctx.input(|input| input.time);
        let Some(changed_at) = self.draft.as_ref().and_then(|draft| draft.changed_at) else { return };
        let left = SAVE_AFTER_SECONDS - (now - changed_at);
        if ctx.input(|input| input.viewport().close_requested()) {
            self.save_now(actions);
        } else if left <= 0.0 {
            self.save_changed(actions);
        } else {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
    }

    /// Takes files that were dropped on the window but accepted by no field.
    fn take_dropped(&mut self, ctx: &Context, actions: &mut Actions) {
        let dropped = ctx.input_mut(|input| std::mem::take(&mut input.raw.dropped_files));
        let Some(path) = dropped.first().map(|file| file.path().to_path_buf()) else { return };
        let is_list =
            path.extension().is_some_and(|end| ["json", "toml", "db"].iter().any(|list| end == *list));
        let has_tls = self.draft.as_ref().is_some_and(|draft| draft.profile.connect.protocol.has_tls());
        if is_list {
            actions.push(ProfileAction::ReadFile(path));
        } else if has_tls {
            self.dropped.take(path);
        } else {
            let text = words::no_use_for_file(&path, language(ctx));
            actions.push(Action::Notify(Notice::error(text)));
        }
    }

    fn ask_keyring(&mut self, ctx: &Context, scene: &ConnectionsScene<'_>) {
        match &self.keyring {
            KeyringState::Unknown => {
                let keyring = scene.keyring;
                self.keyring =
                    KeyringState::Asking(Job::spawn("probe keyring", ctx, move |_| keyring.probe()));
            }
            KeyringState::Asking(job) => match job.poll() {
                JobProgress::Running => {}
                JobProgress::Done(Ok(())) => self.keyring = KeyringState::Works,
                JobProgress::Done(Err(why)) => self.keyring = KeyringState::Missing(Some(why)),
                JobProgress::Failed => self.keyring = KeyringState::Missing(None),
            },
            KeyringState::Works | KeyringState::Missing(_) => {}
        }
    }
}
