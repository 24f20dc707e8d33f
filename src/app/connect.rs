//! From a profile to an open session: its secrets are found, asked for, and then the tab is made.

use std::collections::VecDeque;

use eframe::egui::{self, Context, Key, Modal, RichText, TextEdit, Ui};

use crate::app::storage::Storage;
use crate::mqtt::options::{ConnectOptions, Secret, SecretKind, Secrets};
use crate::store::secrets::{self, Gathered};
use crate::store::{PasswordPlace, Profile, ProfileId};
use crate::ui::job::{Job, Progress};
use crate::ui::theme;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::controls::{name_field, primary_button};
use crate::words::{self, Language};

/// What secrets are gathered for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Purpose {
    /// To open a session.
    #[default]
    Open,
    /// To go through the connection step by step.
    Test,
}

/// What a session is opened with.
#[derive(Clone, Debug)]
pub struct Target {
    /// What it is for.
    pub purpose: Purpose,
    /// Name of the tab.
    pub name: String,
    /// The profile, unless the command line asked.
    pub profile: Option<ProfileId>,
    /// Address and options.
    pub options: ConnectOptions,
    /// Those that there are are not asked for.
    pub secrets: Secrets,
    /// Which of them the person typed into the dialog.
    pub asked: Vec<SecretKind>,
}

/// Connections on their way to a session.
#[derive(Debug, Default)]
pub struct Pending {
    looking: Vec<(Target, Job<Gathered>)>,
    /// The first one shows.
    asking: VecDeque<Asking>,
}

/// The dialog that asks for secrets.
#[derive(Debug)]
struct Asking {
    target: Target,
    fields: Vec<(SecretKind, String)>,
    why: Option<String>,
    /// The field that gets the focus in the next frame.
    focus: Option<SecretKind>,
}

impl Pending {
    /// Begins to connect with the secrets that are `given`. Whatever is ready at once is returned; nothing is if the same
    /// is on its way already, as after a double click.
    pub fn begin(
        &mut self,
        profile: &Profile,
        given: Secrets,
        purpose: Purpose,
        storage: &Storage,
        ctx: &Context,
    ) -> Option<Target> {
        let target = Target {
            purpose,
            name: profile.name.clone(),
            profile: Some(profile.id.clone()),
            options: profile.connect.clone(),
            secrets: given,
            asked: Vec::new(),
        };
        if self.has(&target) {
            return None;
        }
        if secrets::possible(&profile.connect).is_empty() {
            return Some(target);
        }
        self.gather(target, profile.clone(), storage, ctx);
        None
    }

    /// Begins to connect to what the command line named. A password is asked for only once the broker refuses the user
    /// name alone; a key that is encrypted and a method of authentication do not work without their secret.
    pub fn begin_unsaved(&mut self, target: Target, storage: &Storage, ctx: &Context) -> Option<Target> {
        let possible = secrets::possible(&target.options);
        if !possible.contains(&SecretKind::KeyPassphrase) && !possible.contains(&SecretKind::Token) {
            return Some(target);
        }
        let profile = Profile::new(target.name.clone(), target.options.clone());
        let profile = Profile { password_place: PasswordPlace::File, ..profile };
        self.gather(target, profile, storage, ctx);
        None
    }

    fn has(&self, target: &Target) -> bool {
        let same = |other: &Target| {
            (other.purpose, &other.profile, &other.options)
                == (target.purpose, &target.profile, &target.options)
        };
        self.asking.iter().any(|asking| same(&asking.target))
            || self.looking.iter().any(|(other, _)| same(other) && other.secrets == target.secrets)
    }

    fn gather(&mut self, target: Target, profile: Profile, storage: &Storage, ctx: &Context) {
        let (store, given) = (storage.secrets, target.secrets.clone());
        let job = Job::spawn("gather secrets", ctx, move |_| store.gather(&profile, given));
        self.looking.push((target, job));
    }

    /// Asks for all secrets that `target` may need, because it was refused with those that it has. What opens a key or
    /// a proxy stands in its field already; what the broker refused is empty. `false` if there is nothing to ask for.
    pub fn ask_again(&mut self, target: Target, why: Option<String>) -> bool {
        let typed = |kind| match kind {
            SecretKind::Password | SecretKind::Token => String::new(),
            SecretKind::KeyPassphrase | SecretKind::ProxyPassword => {
                target.secrets.get(kind).expose().to_owned()
            }
        };
        // An empty passphrase is that of a key that has none.
        let fields: Vec<_> = secrets::possible(&target.options)
            .into_iter()
            .map(|kind| (kind, typed(kind)))
            .filter(|(kind, typed)| *kind != SecretKind::KeyPassphrase || !typed.is_empty())
            .collect();
        let any = !fields.is_empty();
        if any {
            self.ask(target, fields, why);
        }
        any
    }

    fn ask(&mut self, target: Target, fields: Vec<(SecretKind, String)>, why: Option<String>) {
        let first_empty = fields.iter().find(|(_, typed)| typed.is_empty()).or(fields.first());
        let focus = first_empty.map(|(kind, _)| *kind);
        self.asking.push_back(Asking { target, fields, why, focus });
    }

    /// Collects what was found; gives the sessions that can be opened now.
    pub fn collect(&mut self, language: Language) -> Vec<Target> {
        let mut ready = Vec::new();
        let mut waiting = Vec::new();
        for (target, job) in std::mem::take(&mut self.looking) {
            let (secrets, missing, why) = match job.poll() {
                Progress::Running => {
                    waiting.push((target, job));
                    continue;
                }
                Progress::Done(Gathered { secrets, missing, problem }) => {
                    (secrets, missing, problem.as_ref().map(|error| words::secrets::error(error, language)))
                }
                Progress::Failed => {
                    let why = "The keyring could not be read".to_owned();
                    (target.secrets.clone(), secrets::possible(&target.options), Some(why))
                }
            };
            let target = Target { secrets, ..target };
            if missing.is_empty() {
                ready.push(target);
            } else {
                self.ask(target, missing.into_iter().map(|kind| (kind, String::new())).collect(), why);
            }
        }
        self.looking = waiting;
        ready
    }

    /// Asks for secrets where some are needed; gives the session once they are there.
    pub fn show(&mut self, ctx: &Context) -> Option<Target> {
        let asking = self.asking.front_mut()?;
        let mut connect = false;
        let mut cancel = false;
        let modal = Modal::new(egui::Id::unique("password")).show(ctx, |ui| {
            ui.set_width(340.0);
            asking.heading(ui);
            ui.add_space(size::GROUP);
            connect = asking.fields(ui);
            ui.add_space(size::GROUP);
            ui.horizontal(|ui| {
                let verb = match asking.target.purpose {
                    Purpose::Open => "Connect",
                    Purpose::Test => "Test connection",
                };
                connect |= primary_button(ui, verb).clicked();
                cancel = ui.button("Cancel").clicked();
            });
        });
        if connect {
            let Asking { mut target, fields, .. } = self.asking.pop_front()?;
            for (kind, typed) in fields {
                target.asked.push(kind);
                *target.secrets.get_mut(kind) = Secret::new(typed);
            }
            return Some(target);
        }
        if cancel || modal.should_close() {
            self.asking.pop_front();
        }
        None
    }
}

impl Asking {
    fn heading(&self, ui: &mut Ui) {
        let t = tokens(ui);
        let Target { name, options, .. } = &self.target;
        let title = match self.fields.as_slice() {
            [(kind, _)] => format!("{} for {name}", kind.label()),
            _ => format!("Log in to {name}"),
        };
        ui.label(RichText::new(title).font(theme::title_font()));
        ui.add_space(4.0);
        let whom = match options.username.as_str() {
            "" => options.url(),
            username => format!("{username} on {}", options.url()),
        };
        ui.label(RichText::new(whom).color(t.text_muted));
        if let Some(why) = &self.why {
            ui.add(egui::Label::new(RichText::new(why).color(t.text_muted).font(theme::small_font())).wrap());
        }
    }

    /// One field under the other; whether Enter was pressed in one of them.
    fn fields(&mut self, ui: &mut Ui) -> bool {
        let several = self.fields.len() > 1;
        let mut entered = false;
        for (kind, typed) in &mut self.fields {
            if several {
                ui.label(RichText::new(kind.label()).color(tokens(ui).text_muted));
            }
            let response = ui.add(TextEdit::singleline(typed).password(true).desired_width(f32::INFINITY));
            name_field(ui, &response, kind.label());
            if self.focus == Some(*kind) {
                self.focus = None;
                response.request_focus();
            }
            entered |= response.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        }
        entered
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(secrets: Secrets) -> Target {
        let options = ConnectOptions { username: "ada".to_owned(), ..ConnectOptions::default() };
        Target {
            purpose: Purpose::Open,
            name: "factory".to_owned(),
            profile: Some(ProfileId::from("1")),
            options,
            secrets,
            asked: Vec::new(),
        }
    }

    #[test]
    fn what_is_being_asked_for_is_not_begun_a_second_time() {
        let mut pending = Pending::default();
        assert!(!pending.has(&target(Secrets::default())));
        assert!(pending.ask_again(target(Secrets::default()), None));
        assert!(pending.has(&target(Secrets::default())));
        assert!(!pending.has(&Target { purpose: Purpose::Test, ..target(Secrets::default()) }));
    }

    #[test]
    fn a_dialog_without_a_field_is_not_shown() {
        let mut pending = Pending::default();
        let nothing = Target { options: ConnectOptions::default(), ..target(Secrets::default()) };
        assert!(!pending.ask_again(nothing, None));
        assert!(pending.asking.is_empty());
    }
}
