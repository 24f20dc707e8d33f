//! Our own files: an export, or a `profiles.toml`, which is the same.

use crate::mqtt::options::Secrets;
use crate::store::document::Storable as _;
use crate::store::notice::Unwritable;
use crate::store::profiles::{PasswordPlace, Profile, ProfileId, Profiles};
use crate::store::transfer::{FoundConnection, Import, Note, Source};

const HEADER: &str = "# Connections of mqttree, exported.\n";
const HEADER_SECRETS: &str = "# It holds passwords: whoever reads it can use them.\n";

const HEADER_LEFT_OUT: &str =
    "# Websocket headers that may hold secrets are empty, and the queries of paths are left out.\n";

/// Whether there is anything of ours in the text.
pub(super) fn recognises(text: &str) -> bool {
    text.lines().any(|line| {
        let line: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        line.starts_with("[[profile]]") || line.starts_with("[profile]")
    })
}

pub(super) fn read(text: &str) -> Import {
    let parsed = Profiles::parse(text.as_bytes());
    let damage = parsed.damage.map(Note::Damage);
    let notes = damage.into_iter().chain(parsed.remarks.into_iter().map(Note::Remark)).collect();
    let found = parsed.document.iter().cloned().map(found).collect();
    Import { source: Source::Mqttree, found, notes }
}

fn found(mut profile: Profile) -> FoundConnection {
    profile.id = ProfileId::random();
    let secrets = std::mem::take(&mut profile.file_secrets);
    // That they stand in that file is no wish to have them stand in this one.
    if profile.password_place == PasswordPlace::File {
        profile.password_place = PasswordPlace::default();
    }
    let tls = &profile.connect.tls;
    let files = [&profile.connect.ca_certificate, &tls.client_certificate, &tls.client_key];
    let mut notes = Vec::new();
    if profile.connect.protocol.has_tls() && files.into_iter().any(Option::is_some) {
        notes.push(Note::FilesElsewhere(Source::Mqttree));
    }
    FoundConnection { profile, secrets, files: Vec::new(), messages: Vec::new(), notes }
}

/// An export of these connections, each with the secrets that are given. Without them they are asked for wherever it is
/// read, and what in a websocket's headers and query may let somebody in is left out. Fails if a path is not UTF-8.
pub fn write(profiles: &[(&Profile, Option<&Secrets>)]) -> Result<String, Unwritable> {
    let mut list = Profiles::default();
    let mut any_secret = false;
    let mut any_left_out = false;
    for (profile, secrets) in profiles {
        let mut profile = (*profile).clone();
        let has_secrets = profile.connect.websocket.has_secrets();
        if secrets.is_some() {
            any_secret |= has_secrets;
        } else if has_secrets {
            profile.connect.websocket = profile.connect.websocket.without_secrets();
            any_left_out = true;
        }
        profile.file_secrets = secrets.filter(|secrets| !secrets.is_empty()).cloned().unwrap_or_default();
        if !profile.file_secrets.is_empty() {
            profile.password_place = PasswordPlace::File;
            any_secret = true;
        } else if profile.password_place == PasswordPlace::File {
            profile.password_place = PasswordPlace::default();
        }
        list.insert(list.len(), profile);
    }
    let mut header = HEADER.to_owned();
    for (holds, line) in [(any_secret, HEADER_SECRETS), (any_left_out, HEADER_LEFT_OUT)] {
        header.push_str(if holds { line } else { "" });
    }
    list.print_under(&header)
}
