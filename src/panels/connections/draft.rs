//! A profile being edited, along with field contents that are not part of it: unfinished numbers and secrets.

use crate::command::ProfileEdit;
use crate::mqtt::check::Field;
use crate::mqtt::options::{Secret, SecretKind, Secrets};
use crate::panels::connections::form::{Section, applies};
use crate::panels::connections::mistakes::Mistake;
use crate::panels::connections::secret_variables::SecretVariableFields;
use crate::panels::connections::typed::TypedNumbers;
use crate::store::profiles::validate;
use crate::store::url;
use crate::store::{PasswordPlace, Profile};

/// The form's state for one profile.
#[derive(Debug)]
pub(super) struct ProfileDraft {
    /// What will be saved.
    pub profile: Profile,
    /// The texts of the number fields.
    pub typed: TypedNumbers,
    /// The texts of the secret fields.
    pub secrets: SecretFields,
    /// The secret variables: what was typed for each since it was last saved, and the one that is being added.
    pub variables: SecretVariableFields,
    /// The application protocols as typed, separated by commas.
    pub alpn: String,
    /// The state of each section.
    sections: [SectionState; Section::ALL.len()],
    /// Which subscriptions show all of their options, by index.
    pub more: Vec<bool>,
    /// When the last unsaved change was made, by egui's clock.
    pub changed_at: Option<f64>,
    /// Whether something was changed outside a frame of the form.
    pub touched: bool,
    /// Whether to put the cursor into the name.
    pub focus_name: bool,
    /// Whether somebody tried to connect. Until then, empty fields are not marked.
    pub tried: bool,
    /// Whether to scroll to the first mistake.
    pub reveal: bool,
    /// Whether Enter was pressed in a secret field, which asks to connect.
    pub entered: bool,
    /// Whether the connection was just created, so that no secrets of it are stored.
    pub is_new: bool,
}

#[derive(Clone, Copy, Debug, Default)]
struct SectionState {
    is_open: bool,
    /// Whether the section contained a mistake in the last frame.
    was_wrong: bool,
}

impl ProfileDraft {
    pub fn new(profile: &Profile) -> Self {
        let mut sections = [SectionState::default(); Section::ALL.len()];
        for section in Section::ALL {
            sections[section as usize].is_open = section.is_set(profile);
        }
        Self {
            typed: TypedNumbers::default(),
            secrets: SecretFields::default(),
            variables: SecretVariableFields::default(),
            alpn: profile.connect.tls.alpn.join(", "),
            sections,
            more: Vec::new(),
            changed_at: None,
            touched: false,
            focus_name: false,
            tried: false,
            reveal: false,
            entered: false,
            is_new: false,
            profile: profile.clone(),
        }
    }

    /// Whether a secret may be stored already. The keyring is not asked before the secret is needed.
    pub fn may_be_kept(&self, kind: SecretKind) -> bool {
        match self.profile.password_place {
            PasswordPlace::Keyring => !self.is_new,
            PasswordPlace::File => !self.profile.file_secrets.get(kind).is_empty(),
            PasswordPlace::Ask => false,
        }
    }

    /// Whether the host field holds a whole URL, or the beginning of one.
    pub fn holds_address(&self) -> bool {
        url::may_hold_password(&self.profile.connect)
    }

    /// Moves the parts of a URL in the host field to their own fields. Text that is not a URL stays and is marked.
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

    /// Returns what to save, which counts as saved from then on.
    pub fn edit(&mut self) -> ProfileEdit {
        self.changed_at = None;
        let given = self.secrets.all();
        ProfileEdit {
            profile: self.profile.clone(),
            secrets: self.secrets.take_typed(),
            variables: self.variables.take_typed(),
            given,
        }
    }

    /// Takes over the `stored` profile unless there are unsaved changes here.
    pub fn keep_up(&mut self, stored: &Profile) {
        let is_changed = self.changed_at.is_some() || self.touched;
        // What is being typed into the host field is not saved until it is complete.
        if is_changed || self.holds_address() || self.profile == *stored {
            return;
        }
        if self.profile.connect.tls.alpn != stored.connect.tls.alpn {
            self.alpn = stored.connect.tls.alpn.join(", ");
        }
        let numbers = std::mem::take(&mut self.typed);
        // An invalid number was never saved, so it is not out of date either.
        if numbers.mistakes().next().is_some() {
            self.typed = numbers;
        }
        self.profile.clone_from(stored);
    }

    /// All mistakes in visible fields.
    pub fn mistakes(&self) -> Vec<Mistake> {
        // Without a valid number the value is still the previous one, which nobody sees, so it is not checked.
        let others = validate(&self.profile).into_iter().map(Mistake::from);
        let others = others.filter(|mistake| !self.typed.is_wrong(mistake.field));
        let all = self.typed.mistakes().chain(others);
        // A hidden field has no effect either.
        all.filter(|mistake| applies(mistake.field, &self.profile.connect)).collect()
    }

    /// Whether to point out a mistake. An empty field counts only after somebody has tried to connect.
    pub fn is_shown(&self, mistake: &Mistake) -> bool {
        let connect = &self.profile.connect;
        let is_empty = match mistake.field {
            Field::Host => connect.host.is_empty(),
            Field::Subscription(index) => {
                connect.subscriptions.get(index).is_some_and(|subscription| subscription.filter.is_empty())
            }
            _ => false,
        };
        self.tried || !is_empty
    }

    /// Whether a marked number was left out of what is saved.
    pub fn lacks_a_number(&self) -> bool {
        self.typed.mistakes().any(|mistake| applies(mistake.field, &self.profile.connect))
    }

    /// Opens sections that have just become wrong; after an attempt to connect, all that are wrong.
    pub fn open_where_wrong(&mut self, mistakes: &[Mistake]) {
        for section in Section::ALL {
            let SectionState { is_open, was_wrong } = &mut self.sections[section as usize];
            let is_wrong = mistakes.iter().any(|mistake| section.holds(mistake.field));
            *is_open |= is_wrong && (!*was_wrong || self.reveal);
            *was_wrong = is_wrong;
        }
    }

    /// Whether a section is open.
    pub fn is_open(&self, section: Section) -> bool {
        self.sections[section as usize].is_open
    }

    /// Opens or closes a section.
    pub fn set_open(&mut self, section: Section, open: bool) {
        self.sections[section as usize].is_open = open;
    }

    /// Sets the application protocols and the text of their field.
    pub fn set_alpn(&mut self, names: Vec<String>) {
        self.alpn = names.join(", ");
        self.profile.connect.tls.alpn = names;
    }

    /// Sets the port and the text of its field.
    pub fn set_port(&mut self, port: u16) {
        self.profile.connect.port = port;
        self.typed.forget(Field::Port);
    }
}

/// The secret fields. A secret that was not typed stays unchanged, wherever it is stored.
#[derive(Default)]
pub(super) struct SecretFields([SecretField; SecretKind::ALL.len()]);

/// One secret field.
#[derive(Default)]
pub(super) struct SecretField {
    /// The text in the field.
    pub text: String,
    /// Whether the text has to be stored.
    pub typed: bool,
    /// Whether the text is readable.
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

    /// Sets a secret that came with something else, such as a pasted address.
    pub fn set(&mut self, kind: SecretKind, secret: &Secret) {
        let field = self.get_mut(kind);
        secret.expose().clone_into(&mut field.text);
        field.typed = true;
    }

    /// Marks all secrets to be stored again, because their place has changed.
    pub fn move_along(&mut self) {
        for field in self.0.iter_mut().filter(|field| !field.text.is_empty()) {
            field.typed = true;
        }
    }

    /// The texts of all fields.
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
    use crate::words::label;

    fn draft() -> ProfileDraft {
        let connect = ConnectOptions { host: "broker.example".to_owned(), ..ConnectOptions::default() };
        ProfileDraft::new(&Profile::new("factory", connect))
    }

    #[test]
    fn what_is_no_number_stays_as_typed_and_is_marked() {
        let mut draft = draft();
        let mut port = Some(1_883_u16);
        draft.typed.take(Field::Port, "70000".to_owned(), &mut port, false, label("wrong", "错误"));
        assert_eq!(port, Some(1_883));
        assert_eq!(draft.typed.text(Field::Port, Some(1883)), "70000");
        assert!(draft.lacks_a_number());
        let mistakes = draft.mistakes();
        assert_eq!(mistakes.len(), 1, "{mistakes:?}");
        draft.set_port(8883);
        assert_eq!(draft.typed.text(Field::Port, Some(8883)), "8883");
        assert!(draft.mistakes().is_empty());
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
        assert_eq!(draft.mistakes(), []);
        draft.profile.connect.protocol = crate::mqtt::options::Protocol::Mqtts;
        assert_eq!(draft.mistakes().len(), 1);
    }
}
