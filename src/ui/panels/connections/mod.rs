//! The connections page: the saved profiles at the left, the form of one of them at the right.
//!
//! What is typed is saved by itself a moment later, so nothing is lost by looking elsewhere.

mod fields;
mod form;
mod list;

use std::time::Duration;

use eframe::egui::{self, CentralPanel, Context, Panel, RichText, Ui};

use crate::app::action::{Action, Actions, ProfileEdit};
use crate::app::command::Command;
use crate::mqtt::options::{Secret, SecretKind};
use crate::store::settings::Settings;
use crate::store::{Profile, ProfileId, Profiles, SecretStore};
use crate::ui::job::{Job, Progress};
use crate::ui::theme;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::primary_button;
use crate::ui::widgets::dialog;

/// Typing that stops for this long is saved, in seconds.
const SAVE_AFTER_SECONDS: f64 = 0.8;

/// What the page may read in one frame.
#[derive(Clone, Copy, Debug)]
pub struct ConnectionsFrame<'a> {
    /// Saved profiles.
    pub profiles: &'a Profiles,
    /// What the person prefers, and what was open last.
    pub settings: &'a Settings,
    /// The keyring, to ask whether there is one.
    pub keyring: SecretStore,
    /// Profiles with an open session, and the mark of its state.
    pub open: &'a [(&'a ProfileId, &'static str, egui::Color32)],
}

/// What the page keeps between frames.
#[derive(Debug, Default)]
pub struct ConnectionsView {
    draft: Option<Draft>,
    confirm_delete: Option<ProfileId>,
    keyring: Keyring,
    dragging: Option<ProfileId>,
}

/// Whether there is a keyring; asked once, in the background.
#[derive(Debug, Default)]
enum Keyring {
    #[default]
    Unknown,
    Asking(Job<Option<String>>),
    Works,
    Missing(String),
}

/// A profile as it is being edited: what is no number yet is kept as it was typed.
#[derive(Debug)]
struct Draft {
    profile: Profile,
    port: String,
    keep_alive: String,
    ca_certificate: String,
    password: String,
    password_typed: bool,
    show_password: bool,
    changed_at: Option<f64>,
    focus_name: bool,
    /// Errors of fields that were not touched yet are not shown before the first attempt to connect.
    tried: bool,
}

impl Draft {
    fn new(profile: &Profile) -> Self {
        let ca = profile.connect.ca_certificate.as_ref();
        Self {
            port: profile.connect.port.to_string(),
            keep_alive: profile.connect.keep_alive_s.to_string(),
            ca_certificate: ca.map_or_else(String::new, |path| path.to_string_lossy().into_owned()),
            password: String::new(),
            password_typed: false,
            show_password: false,
            changed_at: None,
            focus_name: false,
            tried: false,
            profile: profile.clone(),
        }
    }

    fn edit(&mut self) -> ProfileEdit {
        self.changed_at = None;
        let password = std::mem::take(&mut self.password_typed)
            .then(|| (SecretKind::Password, Secret::new(self.password.clone())));
        ProfileEdit { profile: self.profile.clone(), secrets: password.into_iter().collect() }
    }
}

impl ConnectionsView {
    /// Shows the form of a profile, with the cursor in its name.
    pub fn edit(&mut self, id: &ProfileId) {
        self.draft = None;
        self.dragging = None;
        self.confirm_delete = None;
        self.wanted(id.clone());
    }

    fn wanted(&mut self, id: ProfileId) {
        let mut draft =
            Draft::new(&Profile::new(String::new(), crate::mqtt::options::ConnectOptions::default()));
        draft.profile.id = id;
        draft.focus_name = true;
        self.draft = Some(draft);
    }

    /// Draws the page.
    pub fn show(&mut self, ui: &mut Ui, frame: &ConnectionsFrame<'_>, actions: &mut Actions) {
        self.follow(frame);
        self.ask_keyring(ui.ctx(), frame);
        if frame.profiles.is_empty() {
            empty(ui, actions);
            return;
        }
        let ground = egui::Frame::NONE.fill(tokens(ui).surface_0);
        let side = Panel::left("connection-list").resizable(true).frame(ground);
        side.default_size(280.0).size_range(200.0..=420.0).show(ui, |ui| {
            list::show(ui, self, frame, actions);
        });
        let ground = egui::Frame::NONE.fill(tokens(ui).surface_1);
        CentralPanel::no_frame().frame(ground).show(ui, |ui| {
            form::show(ui, self, actions);
        });
        self.autosave(ui.ctx(), actions);
        self.confirm(ui.ctx(), frame, actions);
    }

    /// Keeps the draft in step with the list: the selected profile may have been deleted or just been made.
    fn follow(&mut self, frame: &ConnectionsFrame<'_>) {
        let known = self.draft.as_ref().and_then(|draft| frame.profiles.get(&draft.profile.id));
        match (&mut self.draft, known) {
            (Some(draft), Some(profile)) if draft.profile.name.is_empty() && draft.focus_name => {
                let focus_name = draft.focus_name;
                *draft = Draft { focus_name, ..Draft::new(profile) };
            }
            (_, None) => self.draft = frame.profiles.iter().next().map(Draft::new),
            (_, Some(_)) => {}
        }
    }

    fn select(&mut self, profile: &Profile, actions: &mut Actions) {
        if self.draft.as_ref().is_some_and(|draft| draft.profile.id == profile.id) {
            return;
        }
        self.save_now(actions);
        self.draft = Some(Draft::new(profile));
    }

    /// Saves what was typed and not saved yet.
    fn save_now(&mut self, actions: &mut Actions) {
        if let Some(draft) = self.draft.as_mut().filter(|draft| draft.changed_at.is_some()) {
            actions.push(Action::SaveProfile(Box::new(draft.edit())));
        }
    }

    fn autosave(&mut self, ctx: &Context, actions: &mut Actions) {
        let now = ctx.input(|input| input.time);
        let Some(changed_at) = self.draft.as_ref().and_then(|draft| draft.changed_at) else { return };
        let left = SAVE_AFTER_SECONDS - (now - changed_at);
        if left <= 0.0 || ctx.input(|input| input.viewport().close_requested()) {
            self.save_now(actions);
        } else {
            ctx.request_repaint_after(Duration::from_secs_f64(left));
        }
    }

    fn ask_keyring(&mut self, ctx: &Context, frame: &ConnectionsFrame<'_>) {
        match &self.keyring {
            Keyring::Unknown => {
                let keyring = frame.keyring;
                let job =
                    Job::spawn("probe keyring", ctx, move |_| keyring.probe().err().map(|e| e.to_string()));
                self.keyring = Keyring::Asking(job);
            }
            Keyring::Asking(job) => match job.poll() {
                Progress::Running => {}
                Progress::Done(None) => self.keyring = Keyring::Works,
                Progress::Done(Some(why)) => self.keyring = Keyring::Missing(why),
                Progress::Failed => self.keyring = Keyring::Missing("It could not be asked".to_owned()),
            },
            Keyring::Works | Keyring::Missing(_) => {}
        }
    }

    fn confirm(&mut self, ctx: &Context, frame: &ConnectionsFrame<'_>, actions: &mut Actions) {
        let Some(profile) = self.confirm_delete.as_ref().and_then(|id| frame.profiles.get(id)) else {
            return;
        };
        let title = format!("Delete {:?}?", profile.name);
        let text = format!("The connection to {} and its password are forgotten.", profile.connect.url());
        match dialog::confirm(ctx, &title, &text, "Delete connection") {
            dialog::Answer::Open => return,
            dialog::Answer::Yes => actions.push(Action::DeleteProfile(profile.id.clone())),
            dialog::Answer::No => {}
        }
        self.confirm_delete = None;
    }
}

/// The very first thing a person sees.
fn empty(ui: &mut Ui, actions: &mut Actions) {
    let t = tokens(ui);
    ui.vertical_centered(|ui| {
        ui.add_space((ui.available_height() * 0.32).max(40.0));
        ui.label(RichText::new("Connect to a broker").font(theme::page_font()));
        ui.add_space(size::PADDING);
        let text = "A connection keeps the broker's address, how to log in and what to subscribe to.";
        ui.label(RichText::new(text).color(t.text_muted));
        ui.add_space(size::SECTION);
        if primary_button(ui, "New connection").clicked() {
            actions.push(Action::NewProfile);
        }
        ui.add_space(size::GROUP);
        let keys = Command::Help.keys(ui.ctx());
        let text =
            format!("{keys} lists the shortcuts.  mqttree --demo opens a broker with simulated devices.");
        ui.label(RichText::new(text).color(t.text_muted).font(theme::small_font()));
    });
}
