//! A profile as it is being edited: what is no number yet is kept as it was typed, secrets stand beside it.

use crate::command::action::ProfileEdit;
use crate::mqtt::options::{Secret, SecretKind, Secrets};
use crate::panels::connections::fields::FieldError;
use crate::panels::connections::form::{Section, applies};
use crate::panels::connections::typed::Typed;
use crate::store::Profile;
use crate::store::profiles::{Field, validate};
use crate::store::url;
use crate::words::Language;

/// The form's state for one profile.
#[derive(Debug)]
pub(super) struct Draft {
    /// What will be saved.
    pub profile: Profile,
    /// What stands in fields of numbers.
    pub typed: Typed,
    /// What was typed into the fields of secrets.
    pub secrets: SecretFields,
    /// The application protocols as they are typed, with commas.
    pub alpn: String,
    /// Which sections show.
    open: [Open; Section::ALL.len()],
    /// Which subscriptions show all of their options, by their place.
    pub more: Vec<bool>,
    /// When something was changed that is not saved yet, by egui's clock.
    pub changed_at: Option<f64>,
    /// Something was changed outside of a frame of the form.
    pub touched: bool,
    /// The cursor goes into the name.
    pub focus_name: bool,
    /// Errors of fields that were not touched yet are not shown before the first attempt to connect.
    pub tried: bool,
    /// The first error is scrolled to.
    pub reveal: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct Open {
    open: bool,
    wrong: bool,
}

impl Draft {
    pub fn new(profile: &Profile) -> Self {
        let mut open = [Open::default(); Section::ALL.len()];
        for section in Section::ALL {
            open[section as usize].open = section.is_set(&profile.connect);
        }
        Self {
            typed: Typed::default(),
            secrets: SecretFields::default(),
            alpn: profile.connect.tls.alpn.join(", "),
            open,
            more: Vec::new(),
            changed_at: None,
            touched: false,
            focus_name: false,
            tried: false,
            reveal: false,
            profile: profile.clone(),
        }
    }

    /// Whether a whole URL, or what may become one, stands in the host.
    pub fn holds_address(&self) -> bool {
        url::may_hold_password(&self.profile.connect)
    }

    /// Puts a whole URL in the host where its parts belong; what is no address stays as it is and is marked.
    pub fn spread_host(&mut self) {
        let connect = &mut self.profile.connect;
        let port = connect.port;
        if let Ok(password) = url::spread_host(connect) {
            if connect.port != port {
                self.typed.forget(Field::Port);
            }
            if let Some(password) = password {
                self.secrets.set(SecretKind::Password, &password);
            }
        }
    }

    /// What is to be saved; from here on it counts as saved.
    pub fn edit(&mut self) -> ProfileEdit {
        self.changed_at = None;
        let given = self.secrets.all();
        ProfileEdit { profile: self.profile.clone(), secrets: self.secrets.take_typed(), given }
    }

    /// Takes what is `stored` where nothing was changed here that is not saved yet.
    pub fn keep_up(&mut self, stored: &Profile) {
        let is_changed = self.changed_at.is_some() || self.touched;
        // What is being typed into the host is not saved before it is an address.
        if is_changed || self.holds_address() || self.profile == *stored {
            return;
        }
        if self.profile.connect.tls.alpn != stored.connect.tls.alpn {
            self.alpn = stored.connect.tls.alpn.join(", ");
        }
        let numbers = std::mem::take(&mut self.typed);
        // What is no number was not saved, so it is not out of date either.
        if numbers.errors().next().is_some() {
            self.typed = numbers;
        }
        self.profile.clone_from(stored);
    }

    /// Everything that is wrong in a field that is there.
    pub fn errors(&self) -> Vec<FieldError> {
        // A number that is none was not taken over: what is said about the one before would only confuse.
        let others = validate(&self.profile);
        let others = others.iter().map(|problem| FieldError::of(problem, Language::English));
        let others = others.filter(|error| self.typed.error(error.field).is_none());
        let all = self.typed.errors().chain(others);
        // What is wrong in a field that does not show is of no effect either.
        all.filter(|error| applies(error.field, &self.profile.connect)).collect()
    }

    /// Whether a mistake is pointed out. What nobody has filled in yet is no mistake before somebody tries to connect.
    pub fn is_shown(&self, error: &FieldError) -> bool {
        let connect = &self.profile.connect;
        let is_empty = match error.field {
            Field::Host => connect.host.is_empty(),
            Field::Subscription(index) => {
                connect.subscriptions.get(index).is_some_and(|subscription| subscription.filter.is_empty())
            }
            _ => false,
        };
        self.tried || !is_empty
    }

    /// Whether a number that is marked was left out of what is saved.
    pub fn lacks_a_number(&self) -> bool {
        self.typed.errors().any(|error| applies(error.field, &self.profile.connect))
    }

    /// Opens the sections in which something has just become wrong; all that are wrong after an attempt to connect.
    pub fn open_where_wrong(&mut self, errors: &[FieldError]) {
        for section in Section::ALL {
            let Open { open, wrong } = &mut self.open[section as usize];
            let is_wrong = errors.iter().any(|error| section.holds(error.field));
            *open |= is_wrong && (!*wrong || self.reveal);
            *wrong = is_wrong;
        }
    }

    /// Whether a section is open.
    pub fn is_open(&self, section: Section) -> bool {
        self.open[section as usize].open
    }

    /// Opens or closes a section.
    pub fn set_open(&mut self, section: Section, open: bool) {
        self.open[section as usize].open = open;
    }

    /// Takes application protocols that nobody typed.
    pub fn set_alpn(&mut self, names: Vec<String>) {
        self.alpn = names.join(", ");
        self.profile.connect.tls.alpn = names;
    }

    /// Takes a port that nobody typed.
    pub fn set_port(&mut self, port: u16) {
        self.profile.connect.port = port;
        self.typed.forget(Field::Port);
    }
}

/// The fields of the secrets. What was not typed is kept as it is, wherever it is.
#[derive(Default)]
pub(super) struct SecretFields([SecretField; SecretKind::ALL.len()]);

/// One of them.
#[derive(Default)]
pub(super) struct SecretField {
    /// What stands in it.
    pub text: String,
    /// Whether it has to be kept.
    pub typed: bool,
    /// Whether it can be read.
    pub shown: bool,
}

impl std::fmt::Debug for SecretFields {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|field| field.typed)).finish()
    }
}

impl SecretFields {
    pub fn get_mut(&mut self, kind: SecretKind) -> &mut SecretField {
        &mut self.0[kind as usize]
    }

    /// Takes a secret that came with something else, such as a pasted address.
    pub fn set(&mut self, kind: SecretKind, secret: &Secret) {
        let field = self.get_mut(kind);
        secret.expose().clone_into(&mut field.text);
        field.typed = true;
    }

    /// The secrets move with their place.
    pub fn move_along(&mut self) {
        for field in self.0.iter_mut().filter(|field| !field.text.is_empty()) {
            field.typed = true;
        }
    }

    /// What stands in all of them.
    fn all(&self) -> Secrets {
        let mut secrets = Secrets::default();
        for kind in SecretKind::ALL {
            *secrets.get_mut(kind) = Secret::new(self.0[kind as usize].text.clone());
        }
        secrets
    }

    fn take_typed(&mut self) -> Vec<(SecretKind, Secret)> {
        let typed = SecretKind::ALL.into_iter().filter_map(|kind| {
            let field = &mut self.0[kind as usize];
            std::mem::take(&mut field.typed).then(|| (kind, Secret::new(field.text.clone())))
        });
        typed.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::ConnectOptions;
    use crate::store::PasswordPlace;

    fn draft() -> Draft {
        let connect = ConnectOptions { host: "broker.example".to_owned(), ..ConnectOptions::default() };
        Draft::new(&Profile::new("factory", connect))
    }

    #[test]
    fn what_is_no_number_stays_as_typed_and_is_marked() {
        let mut draft = draft();
        let mut port = Some(1_883_u16);
        draft.typed.take(Field::Port, "70000".to_owned(), &mut port, false, "A port is a number.");
        assert_eq!(port, Some(1_883));
        assert_eq!(draft.typed.text(Field::Port, Some(1883)), "70000");
        assert!(draft.lacks_a_number());
        let errors = draft.errors();
        assert_eq!(errors.len(), 1, "{errors:?}");
        draft.set_port(8883);
        assert_eq!(draft.typed.text(Field::Port, Some(8883)), "8883");
        assert!(draft.errors().is_empty());
    }

    #[test]
    fn only_secrets_that_were_typed_are_saved_and_none_is_printed() {
        let mut draft = draft();
        draft.secrets.set(SecretKind::Token, &Secret::new("hunter2"));
        assert!(!format!("{draft:?}").contains("hunter2"));
        assert_eq!(draft.edit().secrets, [(SecretKind::Token, Secret::new("hunter2"))]);
        assert!(draft.edit().secrets.is_empty());
        draft.secrets.move_along();
        assert_eq!(draft.edit().secrets.len(), 1);
    }

    #[test]
    fn a_connection_is_tried_with_what_stands_in_the_form_though_it_was_saved_before() {
        let mut draft = draft();
        draft.profile.connect.username = "ada".to_owned();
        draft.secrets.set(SecretKind::Password, &Secret::new("hunter2"));
        draft.secrets.set(SecretKind::Token, &Secret::new("of no use"));
        draft.edit();
        let edit = draft.edit();
        assert!(edit.secrets.is_empty());
        assert_eq!(edit.given(), Secrets::from(Secret::new("hunter2")));
        draft.profile.password_place = PasswordPlace::Ask;
        assert!(draft.edit().given().is_empty());
    }

    #[test]
    fn what_another_program_saved_shows_unless_something_was_changed_here() {
        let mut draft = draft();
        let mut stored = draft.profile.clone();
        stored.connect.host = "elsewhere.example".to_owned();
        stored.connect.tls.alpn = vec!["mqtt".to_owned()];
        draft.changed_at = Some(1.0);
        draft.keep_up(&stored);
        assert_eq!(draft.profile.connect.host, "broker.example");
        draft.changed_at = None;
        draft.keep_up(&stored);
        assert_eq!((&draft.profile, draft.alpn.as_str()), (&stored, "mqtt"));

        draft.profile.connect.host = "mqtt://ada:hunter2@".to_owned();
        draft.keep_up(&stored);
        assert_eq!(draft.profile.connect.host, "mqtt://ada:hunter2@", "it is being typed");
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_does_not_show_keeps_nobody_from_connecting() {
        use std::os::unix::ffi::OsStringExt as _;
        let mut draft = draft();
        let odd = std::ffi::OsString::from_vec(b"/\xff.pem".to_vec());
        draft.profile.connect.ca_certificate = Some(odd.into());
        assert_eq!(draft.errors(), []);
        draft.profile.connect.protocol = crate::mqtt::options::Protocol::Mqtts;
        assert_eq!(draft.errors().len(), 1);
    }
}
