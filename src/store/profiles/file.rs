//! The format of the saved connections on disk: `profiles.toml`.
//!
//! ```toml
//! version = 1
//!
//! [[profile]]
//! id = "5f0c2d9e4b1a7788"
//! name = "factory"
//! protocol = "mqtts"
//! host = "broker.example.org"
//! port = 8883
//! password = "keyring"          # or "ask", or "file" with password_text = "…"
//!
//! [[profile.subscriptions]]
//! filter = "plant/#"
//! qos = 0
//! ```
//!
//! Only `name` is required. Unknown keys are kept. A profile that is TOML but makes no sense (a protocol of a later
//! version, a port of 99,999) also stays in the file, but is not shown. A file that is not valid TOML is read profile
//! by profile.

use std::borrow::Cow;
use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;

use serde::Serialize;
use toml::{Table, Value};

use crate::mqtt::options::Secrets;
use crate::store::atomic::Access;
use crate::store::document::{Merged, Parsed, Storable};
use crate::store::notice::{FAULTS_MAX, Fault, FileDamage, Remark, Salvaged, Subject, Unwritable};
use crate::store::profiles::{PasswordPlace, Profile, ProfileId, Profiles, within};
use crate::store::transfer::FilePurpose;
use crate::store::{merge, salvage};

/// The file's version that this program writes.
pub(super) const VERSION: i64 = 1;

/// Added to the name of a connection that two programs changed at once. English, because it is written to the file.
const OTHER_CHANGE: &str = "(other change)";

const HEADER: &str = "\
# The connections of mqttree. Edit them as you like while mqttree is closed or open; comments are not kept.
# Passwords are in the system's keyring unless a profile says password = \"file\".
";

#[derive(Serialize)]
struct File<'a> {
    version: i64,
    #[serde(flatten)]
    other: &'a Table,
    profile: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Entry<'a> {
    Readable(&'a Profile),
    Table(&'a Table),
}

impl Storable for Profiles {
    const SUBJECT: Subject = Subject::Connections;
    /// The largest file: enough for more than 20,000 connections.
    const BYTES_MAX: u64 = 24 * 1024 * 1024;

    fn parse(bytes: &[u8]) -> Parsed<Self> {
        let mut reading = Reading::default();
        let damage = match (salvage::Block { line: 1, bytes }).parse() {
            Ok(root) => {
                reading.table(root);
                None
            }
            Err(fault) => reading.blocks(bytes, fault),
        };
        let Reading { profiles, remarks, amended, .. } = reading;
        Parsed { document: profiles, damage, remarks, amended }
    }

    fn print(&self) -> Result<String, Unwritable> {
        self.print_under(HEADER)
    }

    fn access(&self) -> Access {
        let secret = |profile: &Profile| {
            profile.password_place == PasswordPlace::File || profile.connect.websocket.has_secrets()
        };
        let maybe = |entry: &Table| {
            secrets::KEYS.iter().any(|key| entry.contains_key(*key)) || entry.contains_key("websocket")
        };
        if self.iter().any(secret) || self.unreadable.iter().any(maybe) {
            Access::Private
        } else {
            Access::Default
        }
    }

    fn merge(base: &Self, ours: &Self, theirs: &Self, theirs_whole: bool) -> Merged<Self> {
        let mut theirs = theirs.clone();
        if !theirs_whole {
            let known: HashSet<_> = theirs.iter().map(|profile| profile.id.clone()).collect();
            theirs.list.extend(base.list.iter().filter(|profile| !known.contains(&profile.id)).cloned());
        }
        let merge::MergedList { items, conflicts } =
            merge::lists(&base.list, &ours.list, &theirs.list, |profile| profile.id.clone());
        let unreadable =
            merge::lists(&base.unreadable, &ours.unreadable, &theirs.unreadable, Table::to_string).items;
        let mut merged = Self {
            list: items,
            version: ours.version.max(theirs.version),
            unreadable,
            other: merge::tables(&base.other, &ours.other, &theirs.other),
        };
        let mut remarks = Vec::new();
        for conflict in conflicts {
            let Some(at) = merged.position(&conflict.id) else { continue };
            let name = merged.free_name(&format!("{} {OTHER_CHANGE}", conflict.name));
            remarks.push(Remark::ChangedTwice { name: conflict.name.clone(), kept_as: name.clone() });
            merged
                .insert(at + 1, Profile { id: ProfileId::random(), name, ..Arc::unwrap_or_clone(conflict) });
        }
        Merged { document: merged, remarks }
    }
}

/// A file that is being read.
#[derive(Default)]
struct Reading {
    profiles: Profiles,
    remarks: Vec<Remark>,
    amended: bool,
    /// Entries so far, readable or not.
    entries: usize,
    /// The ids so far.
    ids: HashSet<ProfileId>,
}

impl Reading {
    /// Reads a whole file, or a part of one.
    fn table(&mut self, mut root: Table) {
        if let Some(Value::Integer(version)) =
            root.remove("version").filter(|v| v.as_integer() > Some(VERSION))
        {
            self.profiles.version = version;
            self.remarks.push(Remark::NewerVersion);
        }
        match root.remove("profile") {
            Some(Value::Array(entries)) => entries.into_iter().for_each(|entry| self.entry(entry)),
            // `[profile]` instead of `[[profile]]`.
            Some(entry @ Value::Table(_)) => self.entry(entry),
            Some(other) => self.remarks.push(Remark::NotAList { found: other.type_str() }),
            None => {}
        }
        self.profiles.other.extend(root);
    }

    fn entry(&mut self, entry: Value) {
        self.entries += 1;
        self.amended |= self.read_entry(entry);
    }

    /// Adds an entry of the file; returns whether it had to be changed.
    fn read_entry(&mut self, entry: Value) -> bool {
        let number = self.entries;
        let Value::Table(mut table) = entry else {
            self.remarks.push(Remark::NotATable { number });
            return true;
        };
        let original = table.clone();
        let has_id = table.get("id").and_then(Value::as_str).is_some_and(|id| !id.is_empty());
        if !has_id {
            table.insert("id".to_owned(), Value::String(ProfileId::random().0));
        }
        let name = table.get("name").and_then(Value::as_str).map(str::to_owned);
        match table.try_into::<Profile>() {
            Ok(mut profile) => {
                profile.other_within = within::unknown(&original, &profile);
                // A block that was copied by hand together with its id becomes a separate connection.
                let is_first = self.ids.insert(profile.id.clone());
                while !is_first && !self.ids.insert(profile.id.clone()) {
                    profile.id = ProfileId::random();
                }
                self.profiles.list.push(Arc::new(profile));
                !has_id || !is_first
            }
            Err(error) => {
                let reason = salvage::safe_message(&error);
                self.remarks.push(Remark::NotAConnection { name, number, reason });
                self.profiles.unreadable.push(original);
                false
            }
        }
    }

    /// Reads a file that cannot be parsed as a whole, because of the fault given, one `[[profile]]` at a time.
    fn blocks(&mut self, bytes: &[u8], whole: Fault) -> Option<FileDamage> {
        let mut faults = Vec::new();
        let mut lost = 0;
        for block in salvage::blocks(bytes, "profile") {
            match block.parse() {
                Ok(table) => self.table(table),
                Err(fault) => {
                    lost += 1;
                    if faults.len() < FAULTS_MAX {
                        faults.push(fault);
                    }
                }
            }
        }
        if faults.is_empty() {
            if matches!(whole, Fault::TooLong { .. }) {
                return None; // it was only too long
            }
            // Each part is valid TOML; only together they are not.
            faults.push(whole);
        }
        Some(FileDamage { faults, salvaged: Salvaged::Connections { read: self.entries, lost } })
    }
}

impl Profiles {
    /// The text of the file, below this header.
    pub(in crate::store) fn print_under(&self, header: &str) -> Result<String, Unwritable> {
        let list: Vec<Cow<Profile>> = self.iter().map(as_written).collect();
        if let Some((profile, file)) = list.iter().find_map(|p| Some((p, not_utf8(p)?))) {
            return Err(Unwritable::PathOf { name: profile.name.clone(), file });
        }
        let completed: Vec<Option<Table>> =
            list.iter().map(|profile| within::completed(profile)).collect::<Result<_, _>>()?;
        let readable = list.iter().zip(&completed).map(|(profile, completed)| match completed {
            Some(completed) => Entry::Table(completed),
            None => Entry::Readable(profile),
        });
        let profile = readable.chain(self.unreadable.iter().map(Entry::Table)).collect();
        let file = File { version: self.version, other: &self.other, profile };
        let text = toml::to_string(&file).map_err(|error| Unwritable::Format(error.to_string()))?;
        Ok(format!("{header}{text}"))
    }
}

/// The profile to write. Secrets are included only if the person asked for that; an unused path that cannot be written
/// is left out.
fn as_written(profile: &Profile) -> Cow<'_, Profile> {
    let mut written = Cow::Borrowed(profile);
    if profile.password_place != PasswordPlace::File && !profile.file_secrets.is_empty() {
        written.to_mut().file_secrets = Secrets::default();
    }
    if !profile.connect.protocol.has_tls() && not_utf8(profile).is_some() {
        let connect = &mut written.to_mut().connect;
        for path in
            [&mut connect.ca_certificate, &mut connect.tls.client_certificate, &mut connect.tls.client_key]
        {
            path.take_if(|path| path.to_str().is_none());
        }
    }
    written
}

/// Which path of the profile is not UTF-8.
fn not_utf8(profile: &Profile) -> Option<FilePurpose> {
    let connect = &profile.connect;
    let paths = [
        (FilePurpose::CaCertificate, &connect.ca_certificate),
        (FilePurpose::ClientCertificate, &connect.tls.client_certificate),
        (FilePurpose::ClientKey, &connect.tls.client_key),
    ];
    let bad = |path: &Option<PathBuf>| path.as_ref().is_some_and(|path| path.to_str().is_none());
    paths.into_iter().find_map(|(file, path)| bad(path).then_some(file))
}

/// [`PasswordPlace`] as a word. Its errors quote nothing, because someone may have written the password there.
pub(super) mod place {
    use serde::de::{Error as _, Unexpected};
    use serde::{Deserialize as _, Deserializer, Serializer};

    use super::{PasswordPlace, Value};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
    pub(in super::super) fn serialize<S: Serializer>(
        place: &PasswordPlace,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(place.word())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<PasswordPlace, D::Error> {
        let value = Value::deserialize(from)?;
        let found = PasswordPlace::ALL.into_iter().find(|place| value.as_str() == Some(place.word()));
        let expected = &"`keyring`, `ask` or `file`; the password itself is password_text";
        found.ok_or_else(|| D::Error::invalid_value(Unexpected::Other("another value"), expected))
    }
}

/// The secrets in the file, each under a key of its own. The errors quote nothing.
pub(super) mod secrets {
    use serde::de::{Error, Unexpected};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Secrets, Value};
    use crate::mqtt::options::Secret;

    /// The keys, as [`File`] names them.
    pub(super) const KEYS: [&str; 4] =
        ["password_text", "key_passphrase_text", "proxy_password_text", "token_text"];

    #[derive(Default, Serialize, Deserialize)]
    #[serde(default)]
    struct File {
        #[serde(rename = "password_text", with = "secret", skip_serializing_if = "Secret::is_empty")]
        password: Secret,
        #[serde(rename = "key_passphrase_text", with = "secret", skip_serializing_if = "Secret::is_empty")]
        key_passphrase: Secret,
        #[serde(rename = "proxy_password_text", with = "secret", skip_serializing_if = "Secret::is_empty")]
        proxy_password: Secret,
        #[serde(rename = "token_text", with = "secret", skip_serializing_if = "Secret::is_empty")]
        token: Secret,
    }

    pub(in super::super) fn serialize<S: Serializer>(secrets: &Secrets, to: S) -> Result<S::Ok, S::Error> {
        let Secrets { password, key_passphrase, proxy_password, token } = secrets.clone();
        File { password, key_passphrase, proxy_password, token }.serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secrets, D::Error> {
        let File { password, key_passphrase, proxy_password, token } = File::deserialize(from)?;
        Ok(Secrets { password, key_passphrase, proxy_password, token })
    }

    mod secret {
        use super::{Deserialize as _, Deserializer, Error as _, Secret, Serializer, Unexpected, Value};

        pub(super) fn serialize<S: Serializer>(secret: &Secret, to: S) -> Result<S::Ok, S::Error> {
            to.serialize_str(secret.expose())
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
            match Value::deserialize(from)? {
                Value::String(text) => Ok(Secret::new(text)),
                _ => Err(D::Error::invalid_type(Unexpected::Other("another type"), &"a string")),
            }
        }
    }
}
