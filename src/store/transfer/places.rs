//! Where other programs keep their connections on this machine.

use std::path::{Path, PathBuf};

use crate::store::transfer::Source;

/// What another program has on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file that can be imported as it is.
    File(Source, PathBuf),
    /// A database that only the program itself reads: its connections have to be exported there first.
    Database(Source),
}

/// Looks at the folders in which these programs keep their settings. A handful of looks at the disk, for a job.
pub fn places() -> Vec<Place> {
    let Some(dirs) = directories::BaseDirs::new() else { return Vec::new() };
    let snap = dirs.home_dir().join("snap/mqtt-explorer/current/.config");
    places_in(&[dirs.config_dir().to_owned(), snap])
}

/// `folders`: where programs built on Electron have their folders: `~/.config`, `~/SavedLibrary/Application Support` or
/// `%APPDATA%`.
fn places_in(folders: &[PathBuf]) -> Vec<Place> {
    let explorer = |folder: &Path| {
        let names = ["MQTT-Explorer", "MQTT Explorer", "mqtt-explorer"];
        names.map(|name| folder.join(name).join("settings.json")).into_iter().find(|file| file.is_file())
    };
    let mut places = Vec::new();
    if let Some(file) = folders.iter().find_map(|folder| explorer(folder)) {
        places.push(Place::File(Source::MqttExplorer, file));
    }
    if folders.iter().any(|folder| folder.join("MQTTX/MQTTX.db").is_file()) {
        places.push(Place::Database(Source::Mqttx));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_other_programs_are_found() {
        let config = tempfile::tempdir().unwrap();
        let folders = [config.path().join("nowhere"), config.path().to_owned()];
        assert_eq!(places_in(&folders), []);
        for (folder, file) in [("MQTT-Explorer", "settings.json"), ("MQTTX", "MQTTX.db")] {
            std::fs::create_dir(config.path().join(folder)).unwrap();
            std::fs::write(config.path().join(folder).join(file), "{}").unwrap();
        }
        let file = config.path().join("MQTT-Explorer/settings.json");
        let expected = [Place::File(Source::MqttExplorer, file), Place::Database(Source::Mqttx)];
        assert_eq!(places_in(&folders), expected);
    }
}
