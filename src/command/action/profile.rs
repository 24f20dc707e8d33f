//! Actions about saved connections.

use std::path::PathBuf;

use crate::mqtt::options::{ConnectOptions, Secret, SecretKind, Secrets};
use crate::store::profiles::{Field, Profile, ProfileId};
use crate::store::transfer::Found;
use crate::store::{PasswordPlace, secrets};

/// About saved connections.
#[derive(Clone, Debug)]
pub enum ProfileAction {
    /// Open a session for a saved profile.
    Connect(ProfileId),
    /// Open a session for a profile as it stands in the form, saving it first.
    SaveAndConnect(Box<ProfileEdit>),
    /// Save a profile.
    Save(Box<ProfileEdit>),
    /// Connect to what is saved nowhere.
    OpenAddress(Box<(ConnectOptions, Secrets)>),
    /// Start the embedded broker with its devices, and connect to it.
    OpenDemo,
    /// Make a new profile and open its form.
    New,
    /// Copy a profile.
    Duplicate(ProfileId),
    /// Move a profile to this place in the list.
    Move(ProfileId, usize),
    /// Open the profiles that were open when the program ended.
    ReopenLast,
    /// Ask for a file and put its path into this field of a profile's form.
    PickFile(ProfileId, Field),
    /// Ask for a file of connections and show what is in it.
    Import,
    /// Show what connections this file holds.
    ReadFile(PathBuf),
    /// Add connections that were found in a file, at the end of the list.
    TakeOver(Vec<Found>),
    /// Ask for a file and write connections into it.
    Export {
        /// Which, as they stand now.
        profiles: Vec<Profile>,
        /// Whether their secrets go into the file, readable.
        with_secrets: bool,
    },
}

/// A profile as the form holds it.
#[derive(Clone, Debug)]
pub struct ProfileEdit {
    /// Everything but the secrets.
    pub profile: Profile,
    /// The secrets that were typed, an empty one where it was taken away; those not named are kept as they were.
    pub secrets: Vec<(SecretKind, Secret)>,
    /// All secrets that stand in the form, whether or not they are kept: what a connection is tried with.
    pub given: Secrets,
}

impl ProfileEdit {
    /// What a connection is tried with. A secret that is asked for at each connect has no field to stand in, and one that
    /// the connection has no use for is left out.
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
