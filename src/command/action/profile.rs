//! Actions on saved connections.

use std::path::PathBuf;

use crate::mqtt::options::{ConnectOptions, Secret, SecretKind, Secrets};
use crate::store::profiles::{Field, Profile, ProfileId};
use crate::store::transfer::FoundConnection;
use crate::store::{PasswordPlace, secrets};

/// An action on saved connections.
#[derive(Clone, Debug)]
pub enum ProfileAction {
    /// Open a session for a saved profile.
    Connect(ProfileId),
    /// Save a profile as it is in the form, then open a session for it.
    SaveAndConnect(Box<ProfileEdit>),
    /// Save a profile.
    Save(Box<ProfileEdit>),
    /// Connect to what is saved nowhere.
    OpenAddress(Box<(ConnectOptions, Secrets)>),
    /// Start the embedded broker with its devices, and connect to it.
    OpenDemo,
    /// Create a profile and open its form.
    New,
    /// Create a copy of a profile.
    Duplicate(ProfileId),
    /// Move a profile to this place in the list.
    Move(ProfileId, usize),
    /// Open the profiles that were open when the program last ended.
    ReopenLast,
    /// Ask for a file and put its path into this field of a profile's form.
    PickFile(ProfileId, Field),
    /// Ask for a file of connections and show what is in it.
    Import,
    /// Show which connections this file holds.
    ReadFile(PathBuf),
    /// Add connections that were found in a file, at the end of the list.
    TakeOver(Vec<FoundConnection>),
    /// Ask for a file and write connections into it.
    Export {
        /// The connections, as they are now.
        profiles: Vec<Profile>,
        /// Whether to write their secrets into the file, as plain text.
        with_secrets: bool,
    },
}

/// A profile as edited in the form.
#[derive(Clone, Debug)]
pub struct ProfileEdit {
    /// Everything but the secrets.
    pub profile: Profile,
    /// The secrets that were changed; an empty one was removed. Secrets not listed stay as they were.
    pub secrets: Vec<(SecretKind, Secret)>,
    /// The secret variables that were changed; an empty one was removed.
    pub variables: Vec<(String, Secret)>,
    /// All secrets in the form, whether or not they are saved.
    pub given: Secrets,
}

impl ProfileEdit {
    /// The secrets to connect with. A secret that is asked for at each connect has no field in the form, and one that
    /// the connection does not use is left out.
    pub fn given(&self) -> Secrets {
        let mut given = Secrets::default();
        if self.profile.password_place != PasswordPlace::Ask {
            for kind in secrets::possible(&self.profile.connect) {
                given.get_mut(kind).clone_from(self.given.get(kind));
            }
        }
        given
    }
}
