//! From a profile to an open session: the password is found, asked for, and then the tab is made.

use eframe::egui::{self, Context, Key, Modal, RichText, TextEdit};

use super::action::Notice;
use super::storage::Storage;
use crate::mqtt::options::{ConnectOptions, Secret};
use crate::store::secrets::SecretError;
use crate::store::{PasswordPlace, Profile, ProfileId};
use crate::ui::job::{Job, Progress};
use crate::ui::theme;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::{name_field, primary_button};

/// What a session is opened with.
#[derive(Clone, Debug)]
pub struct Target {
    /// Name of the tab.
    pub name: String,
    /// The profile, unless the command line asked.
    pub profile: Option<ProfileId>,
    /// Address and options.
    pub options: ConnectOptions,
    /// Empty: none.
    pub password: Secret,
}

/// What the keyring said.
type Found = Result<Option<Secret>, SecretError>;

/// Connections on their way to a session.
#[derive(Debug, Default)]
pub struct Pending {
    looking: Vec<(Target, Job<Found>)>,
    asking: Option<Asking>,
}

#[derive(Debug)]
struct Asking {
    target: Target,
    typed: String,
    why: Option<String>,
    fresh: bool,
}

impl Pending {
    /// Begins to connect. Whatever is ready at once is returned.
    pub fn begin(&mut self, profile: &Profile, storage: &Storage, ctx: &Context) -> Option<Target> {
        let target = Target {
            name: profile.name.clone(),
            profile: Some(profile.id.clone()),
            options: profile.connect.clone(),
            password: Secret::default(),
        };
        if profile.connect.username.is_empty() {
            return Some(target);
        }
        match profile.password_place {
            PasswordPlace::File => Some(Target { password: profile.file_password.clone(), ..target }),
            PasswordPlace::Ask => {
                self.ask(target, None);
                None
            }
            PasswordPlace::Keyring => {
                let (secrets, id) = (storage.secrets, profile.id.clone());
                self.looking.push((target, Job::spawn("read keyring", ctx, move |_| secrets.get(&id))));
                None
            }
        }
    }

    /// Asks for a password, because the broker refused the one before.
    pub fn ask(&mut self, target: Target, why: Option<String>) {
        self.asking = Some(Asking { target, typed: String::new(), why, fresh: true });
    }

    /// Collects what the keyring said; gives the sessions that can be opened now.
    pub fn collect(&mut self) -> Vec<Target> {
        let mut ready = Vec::new();
        let mut waiting = Vec::new();
        for (target, job) in std::mem::take(&mut self.looking) {
            match job.poll() {
                Progress::Running => waiting.push((target, job)),
                Progress::Done(Ok(Some(password))) => ready.push(Target { password, ..target }),
                Progress::Done(Ok(None)) => self.ask(target, None),
                Progress::Done(Err(error)) => self.ask(target, Some(error.to_string())),
                Progress::Failed => self.ask(target, Some("The keyring could not be read".to_owned())),
            }
        }
        self.looking = waiting;
        ready
    }

    /// Asks for a password where one is needed; gives the session once it is there.
    pub fn show(&mut self, ctx: &Context) -> Option<Target> {
        let asking = self.asking.as_mut()?;
        let mut connect = false;
        let mut cancel = false;
        let modal = Modal::new(egui::Id::unique("password")).show(ctx, |ui| {
            let t = tokens(ui);
            ui.set_width(340.0);
            ui.label(RichText::new(format!("Password for {}", asking.target.name)).font(theme::title_font()));
            ui.add_space(4.0);
            let whom = format!("{} on {}", asking.target.options.username, asking.target.options.url());
            ui.label(RichText::new(whom).color(t.text_muted));
            if let Some(why) = &asking.why {
                ui.add(
                    egui::Label::new(RichText::new(why).color(t.text_muted).font(theme::small_font())).wrap(),
                );
            }
            ui.add_space(size::GROUP);
            let edit = TextEdit::singleline(&mut asking.typed).password(true).desired_width(f32::INFINITY);
            let response = ui.add(edit);
            name_field(ui, &response, "Password");
            if std::mem::take(&mut asking.fresh) {
                response.request_focus();
            }
            connect = response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
            ui.add_space(size::GROUP);
            ui.horizontal(|ui| {
                connect |= primary_button(ui, "Connect").clicked();
                cancel = ui.button("Cancel").clicked();
            });
        });
        if connect {
            let Asking { target, typed, .. } = self.asking.take()?;
            return Some(Target { password: Secret::new(typed), ..target });
        }
        if cancel || modal.should_close() {
            self.asking = None;
        }
        None
    }
}

/// Puts a changed password where the profile keeps it. The keyring's answer comes as a notice.
pub fn keep_password(
    profile: &mut Profile,
    password: Secret,
    storage: &Storage,
    ctx: &Context,
) -> Option<Job<Option<Notice>>> {
    profile.file_password = Secret::default();
    match profile.password_place {
        PasswordPlace::File => {
            profile.file_password = password;
            None
        }
        PasswordPlace::Ask => None,
        PasswordPlace::Keyring => {
            let (secrets, id) = (storage.secrets, profile.id.clone());
            Some(Job::spawn("write keyring", ctx, move |_| {
                let result =
                    if password.is_empty() { secrets.delete(&id) } else { secrets.set(&id, &password) };
                result.err().map(|error| Notice::error(format!("{error}\n{}", error.suggestion())))
            }))
        }
    }
}
