//! Where the program's files are.
//!
//! | | Linux | macOS | Windows |
//! | --- | --- | --- | --- |
//! | configuration | `~/.config/mqttree` | `~/Library/Application Support/mqttree` | `%APPDATA%\mqttree\config` |
//! | data | `~/.local/share/mqttree` | the same | `%APPDATA%\mqttree\data` |
//! | state | `~/.local/state/mqttree` | the same, in `state` | `%LOCALAPPDATA%\mqttree\data\state` |
//!
//! `MQTTREE_HOME=FOLDER` puts all three under that folder, as `config`, `data` and `state`: for a portable
//! installation on a stick, and for tests, which never touch the real home.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use directories::ProjectDirs;

use crate::store::notice::{NoHome, StoreError};

/// The environment variable that moves everything under one folder.
pub const HOME_VARIABLE: &str = "MQTTREE_HOME";

/// The three folders. None of them has to exist: writing a file creates its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The folder for what a person may edit by hand and copy to another machine: profiles, settings.
    pub config: PathBuf,
    /// The folder for what a person made with the program: recordings.
    pub data: PathBuf,
    /// The folder for what the program can do without: the publish history.
    pub state: PathBuf,
}

impl Paths {
    /// The folders of this user on this system, or under `MQTTREE_HOME` if that is set and not empty.
    pub fn from_env() -> Result<Self, StoreError> {
        Self::choose(std::env::var_os(HOME_VARIABLE))
    }

    /// All three folders under `home`, as tests use them.
    pub fn under(home: &Path) -> Self {
        Self { config: home.join("config"), data: home.join("data"), state: home.join("state") }
    }

    /// `profiles.toml`
    pub fn profiles(&self) -> PathBuf {
        self.config.join("profiles.toml")
    }

    /// The folder for certificates and keys from imports.
    pub fn certificates(&self) -> PathBuf {
        self.config.join("certificates")
    }

    /// `settings.toml`
    pub fn settings(&self) -> PathBuf {
        self.config.join("settings.toml")
    }

    /// The folder of recordings.
    pub fn recordings(&self) -> PathBuf {
        self.data.join("recordings")
    }

    /// `published.jsonl`
    pub fn published(&self) -> PathBuf {
        self.state.join("published.jsonl")
    }

    /// The folder of the publish panel's drafts.
    pub fn drafts(&self) -> PathBuf {
        self.state.join("drafts")
    }

    /// The folder of saved messages.
    pub fn messages(&self) -> PathBuf {
        self.config.join("messages")
    }

    /// The folder of large payloads that were published.
    pub fn payloads(&self) -> PathBuf {
        self.state.join("payloads")
    }

    /// `spoken.json`
    pub fn spoken(&self) -> PathBuf {
        self.state.join("spoken.json")
    }

    fn choose(home: Option<OsString>) -> Result<Self, StoreError> {
        if let Some(home) = home.filter(|home| !home.is_empty()) {
            // A relative path is resolved once, so that a later change of the working directory has no effect.
            let home = std::path::absolute(&home)
                .map_err(|source| StoreError::NoHome(NoHome::BadVariable(source.into())))?;
            return Ok(Self::under(&home));
        }
        // eframe keeps its window geometry under the same name.
        let dirs = ProjectDirs::from("", "", "mqttree").ok_or(StoreError::NoHome(NoHome::Unknown))?;
        let state = dirs.state_dir().map_or_else(|| dirs.data_local_dir().join("state"), Path::to_owned);
        Ok(Self { config: dirs.config_dir().to_owned(), data: dirs.data_dir().to_owned(), state })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variable_moves_all_three_folders() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::choose(Some(home.path().as_os_str().to_owned())).unwrap();
        assert_eq!(paths, Paths::under(home.path()));
        for file in [paths.profiles(), paths.settings(), paths.published()] {
            assert!(file.starts_with(home.path()), "{}", file.display());
        }
    }

    #[test]
    fn a_relative_variable_becomes_absolute() {
        let paths = Paths::choose(Some("stick".into())).unwrap();
        assert_eq!(paths.config, std::env::current_dir().unwrap().join("stick").join("config"));
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        assert_eq!(Paths::choose(Some(OsString::new())).unwrap(), Paths::choose(None).unwrap());
    }
}
