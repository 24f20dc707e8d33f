//! The secret variables of open sessions: read from the keyring when they are needed, and kept out of the history.

use crate::app::App;
use crate::command::{Notice, Outgoing};
use crate::mqtt::options::SecretVariables;
use crate::store::profiles::ProfileId;
use crate::store::secrets::SecretError;
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words;

/// The secret variables of a session.
#[derive(Debug, Default)]
pub struct TabSecrets {
    /// Names and values, as far as the keyring has them.
    pub found: SecretVariables,
    /// The names that were looked up.
    looked_up: Vec<String>,
    reading: Option<Job<(SecretVariables, Option<SecretError>)>>,
}

impl TabSecrets {
    /// A message as it may be kept: the values of secret variables are named instead. `None` if it holds one and is no
    /// text.
    pub fn without(&self, message: &Outgoing) -> Option<Outgoing> {
        let secrets = &self.found;
        let topic = secrets.hidden(&message.topic, placeholder);
        let payload = match std::str::from_utf8(&message.payload) {
            _ if !secrets.are_in(&message.payload) => message.payload.clone(),
            Ok(text) => secrets.hidden(text, placeholder).into(),
            Err(_) => return None,
        };
        Some(Outgoing { topic, payload, ..message.clone() })
    }

    /// Whether a message was kept with placeholders in the place of secret values.
    pub fn are_named_in(&self, message: &Outgoing) -> bool {
        let payload = String::from_utf8_lossy(&message.payload);
        let names = |name: &String| {
            let placeholder = placeholder(name);
            payload.contains(&placeholder) || message.topic.contains(&placeholder)
        };
        self.looked_up.iter().any(names)
    }
}

fn placeholder(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

impl App {
    /// Reads the secret variables of sessions whose profile has others than were read, and takes over what was read.
    pub(super) fn look_up_secret_variables(&mut self) {
        let Self { tabs, storage, ctx, .. } = self;
        let mut problem = None;
        for tab in tabs {
            if let Some(job) = &tab.secret_variables.reading {
                let read = match job.poll() {
                    JobProgress::Running => continue,
                    JobProgress::Done(read) => read,
                    JobProgress::Failed => Default::default(),
                };
                tab.secret_variables.reading = None;
                tab.secret_variables.found = read.0;
                problem = problem.or(read.1);
            }
            let Some(profile) = tab.profile.as_ref().and_then(|id| storage.profiles.get(id)) else {
                continue;
            };
            let names = &profile.connect.secret_variables;
            if *names != tab.secret_variables.looked_up {
                let (store, id, names) = (storage.secrets, profile.id.clone(), names.clone());
                tab.secret_variables.looked_up.clone_from(&names);
                let job = Job::spawn("read variables", ctx, move |_| store.variables(&id, &names));
                tab.secret_variables.reading = Some(job);
            }
        }
        if let Some(problem) = problem {
            let l = language(&self.ctx);
            self.notify(Notice::error(words::secrets::notice_of_variables(&problem, l)));
        }
    }

    /// Has the variables of a profile read anew, because the keyring may hold others now.
    pub(super) fn look_variables_up_again(&mut self, id: &ProfileId) {
        for tab in self.tabs.iter_mut().filter(|tab| tab.profile.as_ref() == Some(id)) {
            tab.secret_variables.looked_up.clear();
        }
    }

    /// Adds a message of the session with this number to the history, without secrets.
    pub(super) fn remember_published(&mut self, number: u64, message: &Outgoing) {
        let Some(tab) = self.tabs.iter().find(|tab| tab.number == number) else { return };
        if let Some(message) = tab.secret_variables.without(message) {
            self.storage.add_published(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::Secret;

    #[test]
    fn a_message_is_kept_with_the_names_of_its_secrets_or_not_at_all() {
        let found = SecretVariables(vec![("token".to_owned(), Secret::new("hunter2"))]);
        let secrets = TabSecrets { found, looked_up: vec!["token".to_owned()], reading: None };
        let message = |topic: &str, payload: &[u8]| Outgoing {
            topic: topic.to_owned(),
            payload: payload.to_vec().into(),
            ..Outgoing::default()
        };
        let kept = secrets.without(&message("a/hunter2", b"key=hunter2")).unwrap();
        assert_eq!(kept, message("a/{{token}}", b"key={{token}}"));
        assert!(secrets.are_named_in(&kept), "sent again, it is filled in anew");
        let plain = message("a", b"\xff");
        assert_eq!(secrets.without(&plain), Some(plain.clone()));
        assert!(!secrets.are_named_in(&plain));
        assert_eq!(secrets.without(&message("a", b"\xffhunter2")), None, "bytes are not kept");
    }
}
