//! The file work of imports and exports, for jobs: reading, keeping certificates, writing. Everything here blocks.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _};
use std::path::{Path, PathBuf};

use crate::app::transfer::Read;
use crate::command::{Notice, ProfileEdit};
use crate::mqtt::options::{SecretKind, Secrets};
use crate::query::program_of;
use crate::store::atomic::{self, Access};
use crate::store::notice::SystemError;
use crate::store::saved::{self, MessageLibrary, SavedMessage, SavedName};
use crate::store::transfer::{self, FoundConnection, Import, ImportError, Note, Source, TransferLoss};
use crate::store::{Profile, SecretStore, StoreError};
use crate::words::transfer as text;
use crate::words::{self, Language};

/// Why no connections can be read from a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Unreadable {
    /// The system cannot read the file.
    Io(SystemError),
    /// The file is larger than [`transfer::FILE_BYTES_MAX`].
    TooLarge,
    /// The content is not what it should be.
    Content(ImportError),
}

impl From<std::io::Error> for Unreadable {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error.into())
    }
}

impl Unreadable {
    /// The reason, in the person's language.
    pub(super) fn told(&self, language: Language) -> String {
        match self {
            Self::Io(error) => error.text.clone(),
            Self::TooLarge => text::larger_than_any_list(language),
            Self::Content(error) => text::import_error(*error, language),
        }
    }
}

/// The error when certificates that came with a connection could not be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NotKept {
    /// The connection's name.
    pub connection: String,
    /// Why.
    pub error: Box<StoreError>,
}

/// Reads a file of connections. A connection without a name gets that of a new one.
pub(super) fn read(path: &Path, language: Language) -> Read {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let mut import = import(path);
    for found in import.iter_mut().flat_map(|import| &mut import.found) {
        leave_out_programs(found);
        if found.profile.name.is_empty() {
            words::store::NEW_CONNECTION.of(language).clone_into(&mut found.profile.name);
        }
    }
    (name, import)
}

/// What a file brings starts no program here, not even one that is allowed.
fn leave_out_programs(found: &mut FoundConnection) {
    let rules = found.profile.decoders.len();
    found.profile.decoders.retain(|rule| program_of(&rule.decoder).is_none());
    if found.profile.decoders.len() < rules {
        found.notes.push(Note::Loss(TransferLoss::Programs));
    }
}

fn import(path: &Path) -> Result<Import, Unreadable> {
    let mut file = File::open(path)?;
    let mut beginning = Vec::new();
    (&mut file).take(64).read_to_end(&mut beginning)?;
    file.rewind()?;
    let import = if transfer::is_database(&beginning) {
        database(path, file)?
    } else {
        let limit = transfer::FILE_BYTES_MAX as u64;
        let mut content = Vec::new();
        file.take(limit + 1).read_to_end(&mut content)?;
        if content.len() as u64 > limit {
            return Err(Unreadable::TooLarge);
        }
        transfer::read(&content)
    };
    import.map_err(Unreadable::Content)
}

/// A database with what lies beside it: pages that are not in it yet, or a journal of a change that did not end.
fn database(path: &Path, file: File) -> Result<Result<Import, ImportError>, Unreadable> {
    let beside = |ending: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        match File::open(PathBuf::from(name)) {
            Ok(file) => Ok(Some(file)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    };
    // A journal that is done is removed, emptied or begins with zeros.
    let mut first = [0];
    let unfinished = match beside("-journal")? {
        Some(mut journal) => journal.read(&mut first)? > 0 && first != [0],
        None => false,
    };
    if unfinished {
        return Ok(Err(ImportError::DatabaseBusy));
    }
    Ok(transfer::read_database(file, beside("-wal")?))
}

/// Makes profiles of all that was found. If one fails, the files of the others are removed again.
pub(super) fn keep_all(found: &[FoundConnection], folder: &Path) -> Result<Vec<ProfileEdit>, NotKept> {
    let mut edits: Vec<ProfileEdit> = Vec::new();
    for found in found {
        match keep(found, folder) {
            Ok(edit) => edits.push(edit),
            Err(why) => {
                for edit in &edits {
                    transfer::remove(&transfer::kept_for(&edit.profile, [], folder));
                }
                return Err(why);
            }
        }
    }
    Ok(edits)
}

/// Keeps the messages that came with connections as a collection of each.
pub(super) fn keep_messages(
    found: &[FoundConnection],
    edits: &[ProfileEdit],
    library: &MessageLibrary,
) -> Result<(), NotKept> {
    for (found, edit) in found.iter().zip(edits) {
        let collection = library.folder(Some(edit.profile.id.as_str()), Source::Mqttx.name());
        write_messages(&found.messages, &collection)
            .map_err(|error| NotKept { connection: found.profile.name.clone(), error: Box::new(error) })?;
    }
    library.look();
    Ok(())
}

/// Writes messages into a collection, each named after its topic; several of one topic are numbered.
fn write_messages(messages: &[SavedMessage], collection: &Path) -> Result<(), StoreError> {
    let mut taken = HashSet::new();
    for message in messages {
        let numbered = |number: usize| match number {
            1 => SavedName::new(&message.topic),
            _ => SavedName::new(&format!("{} {number}", message.topic)),
        };
        // A topic of slashes alone leaves no name.
        let free = (1..=messages.len()).filter_map(numbered).find(|name| {
            // Some file systems do not tell capitals apart.
            taken.insert(name.file().to_string_lossy().to_lowercase())
        });
        if let Some(name) = free {
            saved::write(collection, &name, message)?;
        }
    }
    Ok(())
}

/// Makes a profile of what was found, with its certificates in `folder`.
fn keep(found: &FoundConnection, folder: &Path) -> Result<ProfileEdit, NotKept> {
    let profile = transfer::keep(found, folder)
        .map_err(|error| NotKept { connection: found.profile.name.clone(), error: Box::new(error) })?;
    let secrets = SecretKind::ALL.map(|kind| (kind, found.secrets.get(kind).clone()));
    let secrets = secrets.into_iter().filter(|(_, secret)| !secret.is_empty()).collect();
    Ok(ProfileEdit { profile, secrets, variables: Vec::new(), given: Secrets::default() })
}

/// Writes the connections, with their secrets if a `keyring` is given. Returns what came of it.
pub(super) fn export(
    path: &Path,
    list: &[Profile],
    keyring: Option<SecretStore>,
    language: Language,
) -> Notice {
    let mut problem = None;
    let secrets: Vec<Option<Secrets>> = list
        .iter()
        .map(|profile| {
            let gathered = keyring?.gather(profile, Secrets::default());
            problem = problem.take().or(gathered.problem);
            Some(gathered.secrets)
        })
        .collect();
    let pairs: Vec<_> =
        list.iter().zip(&secrets).map(|(profile, secrets)| (profile, secrets.as_ref())).collect();
    let content = match transfer::write(&pairs) {
        Ok(content) => content,
        Err(reason) => return Notice::error(text::not_exported(&reason, language)),
    };
    let access = if keyring.is_some() { Access::Private } else { Access::Default };
    if let Err(error) = atomic::write(path, content.as_bytes(), access) {
        return Notice::error(text::not_written(&error, language));
    }
    let left_out = keyring.is_none() && list.iter().any(|profile| profile.connect.websocket.has_secrets());
    let told = text::exported(list.len() as u64, path, problem.as_ref(), left_out, language);
    if problem.is_some() { Notice::error(told) } else { Notice::info(told) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::{ConnectOptions, Secret};
    use crate::store::PasswordPlace;
    use crate::store::saved::SavedPayload;
    use crate::store::transfer::FilePurpose;

    fn profile() -> Profile {
        let connect = ConnectOptions {
            host: "broker.example".to_owned(),
            username: "ada".to_owned(),
            ..ConnectOptions::default()
        };
        Profile {
            password_place: PasswordPlace::File,
            file_secrets: Secrets::from(Secret::new("hunter2")),
            ..Profile::new("factory", connect)
        }
    }

    #[test]
    fn an_export_has_no_secrets_unless_asked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("connections.toml");
        let notice = export(&path, &[profile()], None, Language::English);
        assert!(notice.text.starts_with("Exported 1 connection to "), "{}", notice.text);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("broker.example") && !text.contains("hunter2"), "{text}");

        export(&path, &[profile()], Some(SecretStore::disabled()), Language::English);
        let (name, import) = read(&path, Language::English);
        let [found] = &import.unwrap().found[..] else { panic!("one connection was exported") };
        assert_eq!((name.as_str(), found.secrets.password.expose()), ("connections.toml", "hunter2"));
    }

    fn with_key(name: &str) -> FoundConnection {
        let text = format!("[[profile]]\nname = {name:?}\nprotocol = \"mqtts\"\nhost = \"h\"\n");
        let mut found = transfer::read(text.as_bytes()).unwrap().found.remove(0);
        let content = b"key".to_vec();
        found.files =
            vec![transfer::File { purpose: FilePurpose::ClientKey, name: name.to_owned(), content }];
        found
    }

    fn count(folder: &Path) -> usize {
        std::fs::read_dir(folder).unwrap().count()
    }

    #[test]
    fn an_import_that_fails_midway_leaves_no_key_behind() {
        let folder = tempfile::tempdir().unwrap();
        let list = [with_key("a"), with_key("b")];
        // A folder is in the way of the second key.
        let taken = folder.path().join(format!("{}-key-b", list[1].profile.id));
        std::fs::create_dir_all(taken.join("full")).unwrap();
        let NotKept { connection, .. } = keep_all(&list, folder.path()).unwrap_err();
        assert_eq!(connection, "b");
        assert_eq!(count(folder.path()), 1, "only what was there before");
    }

    #[test]
    fn messages_of_one_topic_are_numbered_and_none_takes_the_place_of_another() {
        let folder = tempfile::tempdir().unwrap();
        let message = |topic: &str, payload: &str| SavedMessage {
            topic: topic.to_owned(),
            format: "text".to_owned(),
            payload: SavedPayload::Below(payload.to_owned()),
            ..SavedMessage::default()
        };
        let messages = [
            message("lamp/set", "on"),
            message("lamp/set", "off"),
            message("Lamp/Set", "x"),
            message("/", "y"),
        ];
        write_messages(&messages, folder.path()).unwrap();
        for (file, payload) in [("lamp/set.mqtt", "on"), ("lamp/set 2.mqtt", "off"), ("Lamp/Set 3.mqtt", "x")]
        {
            let text = std::fs::read_to_string(folder.path().join(file)).unwrap();
            assert!(text.ends_with(&format!("+++\n{payload}\n")), "{file}: {text}");
        }
    }

    #[test]
    fn of_the_kept_keys_only_those_are_removed_that_nobody_else_names() {
        let folder = tempfile::tempdir().unwrap();
        let mut edits = keep_all(&[with_key("a"), with_key("b")], folder.path()).unwrap();
        let (b, a) = (edits.pop().unwrap().profile, edits.pop().unwrap().profile);
        let mut copy = a.clone();
        copy.connect.ca_certificate = Some("/etc/ssl/ca.pem".into());
        assert!(transfer::kept_for(&a, [&b, &copy], folder.path()).is_empty());
        let alone = transfer::kept_for(&copy, [&b], folder.path());
        assert_eq!(alone, [a.connect.tls.client_key.unwrap()], "and none outside of the folder");
        transfer::remove(&alone);
        assert_eq!(count(folder.path()), 1);
    }

    #[test]
    fn what_a_websocket_logs_in_with_is_exported_only_with_the_passwords() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("connections.toml");
        let mut web = profile();
        web.connect.websocket.path = "/mqtt?token=sesame".to_owned();
        web.connect.websocket.headers = vec![("Authorization".to_owned(), "Bearer sesame".to_owned())];
        let notice = export(&path, &[web.clone()], None, Language::English);
        assert!(notice.text.contains("headers that may hold secrets are empty"), "{}", notice.text);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(!text.contains("sesame") && text.contains("queries of paths are left out"), "{text}");

        export(&path, &[web], Some(SecretStore::disabled()), Language::English);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("Bearer sesame") && text.contains("token=sesame"), "{text}");
    }

    #[test]
    fn passwords_of_an_export_do_not_stay_readable_where_it_is_imported() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("connections.toml");
        export(&path, &[profile()], Some(SecretStore::disabled()), Language::English);
        let (_, import) = read(&path, Language::English);
        let edit = keep(&import.unwrap().found[0], folder.path()).unwrap();
        assert_eq!(edit.profile.password_place, PasswordPlace::Keyring);
        assert_eq!(edit.secrets, [(SecretKind::Password, Secret::new("hunter2"))]);
    }

    #[cfg(unix)]
    #[test]
    fn an_export_with_secrets_is_for_its_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("connections.toml");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        export(&path, &[profile()], Some(SecretStore::disabled()), Language::English);
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_keyring_that_does_not_answer_is_told_of() {
        let folder = tempfile::tempdir().unwrap();
        let in_keyring = Profile { password_place: PasswordPlace::Keyring, ..profile() };
        let path = folder.path().join("connections.toml");
        let notice = export(&path, &[in_keyring], Some(SecretStore::disabled()), Language::English);
        assert!(notice.text.contains("Passwords from the keyring are not in it"), "{}", notice.text);
        assert!(path.exists());
    }

    #[test]
    fn a_file_of_another_kind_says_what_can_be_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("notes.json");
        std::fs::write(&path, "{\"a\": 1}").unwrap();
        let (name, import) = read(&path, Language::English);
        let why = import.unwrap_err().told(Language::English);
        assert_eq!(name, "notes.json");
        assert_eq!(why.lines().count(), 2, "{why}");
        assert!(why.contains("MQTT Explorer"), "{why}");
    }
}
