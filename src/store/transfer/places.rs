//! Where other programs keep their connections on this machine.

use std::path::PathBuf;

use crate::store::transfer::Source;

/// A file of another program on this machine that can be imported as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Whose it is.
    pub source: Source,
    /// Where it is.
    pub file: PathBuf,
}

/// Looks at the folders in which these programs keep their settings. A handful of looks at the disk, for a job.
pub fn places() -> Vec<Place> {
    let Some(dirs) = directories::BaseDirs::new() else { return Vec::new() };
    let home = dirs.home_dir();
    let contained = [
        "snap/mqtt-explorer/current/.config",
        "snap/mqttx/current/.config",
        ".var/app/com.emqx.MQTTX/config",
    ];
    let contained = contained.map(|folder| home.join(folder));
    places_in(&[&[dirs.config_dir().to_owned()], contained.as_slice()].concat())
}

/// `folders`: where programs built on Electron have their folders: `~/.config`, `~/Library/Application Support` or
/// `%APPDATA%`, and the same within a container.
fn places_in(folders: &[PathBuf]) -> Vec<Place> {
    let explorer = ["MQTT-Explorer", "MQTT Explorer", "mqtt-explorer"].map(|name| [name, "settings.json"]);
    let known = [(Source::MqttExplorer, explorer.as_slice()), (Source::Mqttx, &[["MQTTX", "MQTTX.db"]])];
    let find = |names: &[[&str; 2]]| {
        let files =
            folders.iter().flat_map(|folder| names.iter().map(|[sub, file]| folder.join(sub).join(file)));
        files.into_iter().find(|file| file.is_file())
    };
    known.into_iter().filter_map(|(source, names)| find(names).map(|file| Place { source, file })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_settings_of_other_programs_are_found() {
        let config = tempfile::tempdir().unwrap();
        let folders = [config.path().join("nowhere"), config.path().to_owned()];
        assert_eq!(places_in(&folders), []);
        let mut expected = Vec::new();
        for (source, folder, name) in
            [(Source::MqttExplorer, "MQTT-Explorer", "settings.json"), (Source::Mqttx, "MQTTX", "MQTTX.db")]
        {
            let file = config.path().join(folder).join(name);
            std::fs::create_dir(config.path().join(folder)).unwrap();
            std::fs::write(&file, "{}").unwrap();
            expected.push(Place { source, file });
        }
        assert_eq!(places_in(&folders), expected);
    }
}
