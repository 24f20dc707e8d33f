//! The saved connections: what one is, and the list of them in the person's order.
//!
//! [`Profiles`] is a plain list in memory, for the window to change at will; [`super::Saver`] writes it. `file` has its
//! format on disk; [`validate()`] checks a connection.

mod auto_recording;
mod decoder_rule;
mod file;
mod topic_look;
mod validate;
mod within;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use toml::Table;

use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::reply::ReplyRule;
use crate::store::document::{Saved, Storable as _};
use crate::store::plots::{self, PlotPage};
pub use crate::store::profiles::auto_recording::AutoRecording;
pub use crate::store::profiles::decoder_rule::DecoderRule;
pub use crate::store::profiles::topic_look::TopicLook;
pub use crate::store::profiles::validate::{Field, Problem, hints, validate};

/// Identifies a profile for good: the keyring, the settings and open sessions refer to it. Sixteen hexadecimal digits,
/// or what a person wrote into the file.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileId(String);

impl ProfileId {
    /// A new random id.
    pub fn random() -> Self {
        Self(format!("{:016x}", fastrand::u64(..)))
    }

    /// The id as it is in the file.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ProfileId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for ProfileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where the password and the other secrets of a profile are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PasswordPlace {
    /// In the system's keyring; asked for if there is none or it has no entry.
    #[default]
    Keyring,
    /// Nowhere: asked for at each connect.
    Ask,
    /// In `profiles.toml`, as plain text; only if the person chose that.
    File,
}

impl PasswordPlace {
    /// All choices.
    pub const ALL: [Self; 3] = [Self::Keyring, Self::Ask, Self::File];

    /// The word that stands for it in the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Keyring => "keyring",
            Self::Ask => "ask",
            Self::File => "file",
        }
    }
}

/// A saved connection.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Identifies it for good.
    pub id: ProfileId,
    /// The name that the person gave it, which need not be unique.
    pub name: String,
    /// Address, security, options, subscriptions.
    #[serde(flatten)]
    pub connect: ConnectOptions,
    /// Topics that are pinned above the tree.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pinned: Vec<String>,
    /// Its plots.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "plots::lenient")]
    pub plots: Vec<PlotPage>,
    /// Which decoder reads the messages of which topics.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decoders: Vec<DecoderRule>,
    /// How its topics are looked at, the one changed last at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub looks: Vec<TopicLook>,
    /// What answers messages while replies are on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub replies: Vec<ReplyRule>,
    /// Whether it is always recorded.
    #[serde(default, skip_serializing_if = "AutoRecording::is_default")]
    pub recording: AutoRecording,
    /// Where the password and the other secrets are kept.
    #[serde(rename = "password", default, with = "file::place")]
    pub password_place: PasswordPlace,
    /// The secrets themselves, if they are kept in the file; otherwise ignored and not written.
    #[serde(flatten, with = "file::secrets")]
    pub file_secrets: Secrets,
    /// Keys that this version does not know, written back as they are.
    #[serde(flatten)]
    pub other: Table,
    /// Unknown keys of the tables inside it (`tls`, `will` …), by the names of the tables.
    #[serde(skip)]
    pub other_within: Table,
}

impl Profile {
    /// A profile with a new id.
    pub fn new(name: impl Into<String>, connect: ConnectOptions) -> Self {
        Self {
            id: ProfileId::random(),
            name: name.into(),
            connect,
            pinned: Vec::new(),
            plots: Vec::new(),
            decoders: Vec::new(),
            looks: Vec::new(),
            replies: Vec::new(),
            recording: AutoRecording::default(),
            password_place: PasswordPlace::default(),
            file_secrets: Secrets::default(),
            other: Table::new(),
            other_within: Table::new(),
        }
    }
}

/// The list of connections, in the person's order. Ids are unique.
///
/// A copy shares its connections with the original. The window makes one for every change that is saved, so copying
/// must be fast however many connections there are.
#[derive(Clone, Debug)]
pub struct Profiles {
    list: Vec<Arc<Profile>>,
    /// The file's `version`: ours, or a newer one.
    version: i64,
    /// Entries of the file that are TOML but not valid profiles; written back as they are.
    unreadable: Vec<Table>,
    /// Keys of the file outside the list that this version does not know.
    other: Table,
}

impl PartialEq for Profiles {
    fn eq(&self, other: &Self) -> bool {
        let Self { list, version, unreadable, other: rest } = self;
        let same = |(a, b): (&Arc<Profile>, &Arc<Profile>)| Arc::ptr_eq(a, b) || a == b;
        *version == other.version
            && list.len() == other.list.len()
            && list.iter().zip(&other.list).all(same)
            && *unreadable == other.unreadable
            && *rest == other.other
    }
}

impl Default for Profiles {
    fn default() -> Self {
        Self { list: Vec::new(), version: file::VERSION, unreadable: Vec::new(), other: Table::new() }
    }
}

impl Profiles {
    /// The connections, in order.
    pub fn iter(&self) -> Iter<'_> {
        self.list.iter().map(Arc::as_ref)
    }

    /// The connection at this place, from 0.
    pub fn at(&self, index: usize) -> Option<&Profile> {
        self.list.get(index).map(Arc::as_ref)
    }

    /// How many connections there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there are no connections.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The connection with this id.
    pub fn get(&self, id: &ProfileId) -> Option<&Profile> {
        self.iter().find(|profile| profile.id == *id)
    }

    /// The place of the connection with this id in the list, from 0.
    pub fn position(&self, id: &ProfileId) -> Option<usize> {
        self.list.iter().position(|profile| profile.id == *id)
    }

    /// All connections with this name, which need not be unique.
    pub fn named<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Profile> {
        self.iter().filter(move |profile| profile.name == name)
    }

    /// Adds a connection with default options at the end: `New connection`, `New connection 2` and so on.
    pub fn add_new(&mut self, name: &str) -> ProfileId {
        self.add(Profile::new(name, ConnectOptions::default()))
    }

    /// Adds `profile` at the end, under its own name if that is free, or else with a number behind it.
    pub fn add(&mut self, profile: Profile) -> ProfileId {
        let name = self.free_name(&profile.name);
        self.insert(self.list.len(), Profile { name, ..profile })
    }

    /// Adds many profiles as [`Profiles::add`] does, but without going through the list for each. Returns their ids, in
    /// order.
    pub fn add_all(&mut self, profiles: impl IntoIterator<Item = Profile>) -> Vec<ProfileId> {
        let mut ids: HashSet<_> = self.iter().map(|profile| profile.id.clone()).collect();
        let mut names: HashSet<_> = self.iter().map(|profile| profile.name.clone()).collect();
        // The next number to try behind each name that is taken.
        let mut numbers: HashMap<String, u64> = HashMap::new();
        let add = |mut profile: Profile| {
            let wanted = profile.name.clone();
            while !names.insert(profile.name.clone()) {
                let next = numbers.entry(wanted.clone()).or_insert(2);
                profile.name = format!("{wanted} {next}");
                *next += 1;
            }
            while !ids.insert(profile.id.clone()) {
                profile.id = ProfileId::random();
            }
            let id = profile.id.clone();
            self.list.push(Arc::new(profile));
            id
        };
        profiles.into_iter().map(add).collect()
    }

    /// Inserts `profile` at `index` (at most the length) under its own name, to undo [`Profiles::remove`]. It gets a
    /// new id if its own is taken.
    pub fn insert(&mut self, index: usize, mut profile: Profile) -> ProfileId {
        while self.get(&profile.id).is_some() {
            profile.id = ProfileId::random();
        }
        let id = profile.id.clone();
        self.list.insert(index.min(self.list.len()), Arc::new(profile));
        id
    }

    /// Adds a copy behind the original; `name` derives its name from the original's: `factory copy`, `factory copy 2`.
    /// Secrets in the keyring have to be copied by [`SecretStore::copy`](crate::store::SecretStore::copy).
    pub fn duplicate(&mut self, id: &ProfileId, name: impl FnOnce(&str) -> String) -> Option<ProfileId> {
        let index = self.position(id)?;
        let mut copy = Profile::clone(self.list.get(index)?);
        copy.id = ProfileId::random();
        copy.name = self.free_name(&name(&copy.name));
        Some(self.insert(index + 1, copy))
    }

    /// Removes a connection and returns it with its place, so that the removal can be undone.
    pub fn remove(&mut self, id: &ProfileId) -> Option<(usize, Profile)> {
        let index = self.position(id)?;
        Some((index, Arc::unwrap_or_clone(self.list.remove(index))))
    }

    /// Replaces the connection with the same id; returns whether there was one.
    pub fn update(&mut self, profile: Profile) -> bool {
        match self.list.iter_mut().find(|old| old.id == profile.id) {
            Some(old) => {
                *old = Arc::new(profile);
                true
            }
            None => false,
        }
    }

    /// Moves a connection towards the start; returns whether it could.
    pub fn move_up(&mut self, id: &ProfileId) -> bool {
        self.position(id).and_then(|at| at.checked_sub(1)).is_some_and(|to| self.move_to(id, to))
    }

    /// Moves a connection towards the end; returns whether it could.
    pub fn move_down(&mut self, id: &ProfileId) -> bool {
        self.position(id).is_some_and(|at| self.move_to(id, at + 1))
    }

    /// Moves a connection to `index`; returns whether that is a place in the list.
    pub fn move_to(&mut self, id: &ProfileId, index: usize) -> bool {
        let Some(at) = self.position(id) else { return false };
        if index >= self.list.len() {
            return false;
        }
        let profile = self.list.remove(at);
        self.list.insert(index, profile);
        true
    }

    /// Takes over what a save merged in from another program, keeping what was changed here since.
    pub fn adopt(&mut self, saved: &Saved<Self>) {
        if saved.given != saved.stored {
            *self = Self::merge(&saved.given, self, &saved.stored, true).document;
        }
    }

    /// `wanted`, or with the first free number from 2 on.
    fn free_name(&self, wanted: &str) -> String {
        if self.named(wanted).next().is_none() {
            return wanted.to_owned();
        }
        let numbered = (2_u64..).map(|n| format!("{wanted} {n}"));
        numbered
            .into_iter()
            .find(|name| self.named(name).next().is_none())
            .unwrap_or_else(|| wanted.to_owned())
    }
}

/// The connections of a list, in order.
pub type Iter<'a> = std::iter::Map<std::slice::Iter<'a, Arc<Profile>>, fn(&'a Arc<Profile>) -> &'a Profile>;

impl<'a> IntoIterator for &'a Profiles {
    type Item = &'a Profile;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests;
