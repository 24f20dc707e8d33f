//! Importing and exporting connections in the whole window.

use std::path::Path;

use eframe::egui::accesskit::{Role, Toggled};
use eframe::egui::{Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};
use mqttree::app::{App, Start};
use mqttree::command::{Action, ProfileAction};
use mqttree::mqtt::options::{ConnectOptions, Secret, Secrets};
use mqttree::store::{PasswordPlace, Paths, Profile};

use crate::connections::{drop_file, page_of, press};
use crate::harness::{english, until};

/// MQTT Explorer's settings: a connection with its own certificate, one without anything, and one that makes no sense.
const SETTINGS: &str = r##"{
    "ConnectionManager_connections": {
        "a": {
            "configVersion": 1, "type": "mqtt", "id": "a", "name": "Factory", "host": "broker.example", "port": 8883,
            "protocol": "mqtt", "encryption": true, "certValidation": false, "username": "ada",
            "password": "hunter2", "clientId": "factory-desk", "changeSet": [],
            "subscriptions": [{"topic": "plant/#", "qos": 1}, {"topic": "$SYS/#", "qos": 0}],
            "selfSignedCertificate": {"name": "ca.pem", "data": "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"}
        },
        "b": {
            "configVersion": 1, "type": "mqtt", "id": "b", "name": "Home", "host": "192.0.2.7", "port": 1883,
            "protocol": "mqtt", "encryption": false, "certValidation": true,
            "clientId": "mqtt-explorer-0a1b2c3d", "subscriptions": [{"topic": "#", "qos": 0}]
        },
        "c": {
            "configVersion": 1, "type": "mqtt", "id": "c", "name": "A gateway whose name says where it stands",
            "host": "a-very-long-host-name.of-the-gateway.hall-2.cooling.plant.eu-central-1.broker.example.org",
            "port": 443, "protocol": "ws", "basePath": "mqtt", "encryption": true, "certValidation": true,
            "subscriptions": [{"topic": "plant/#/state", "qos": 0}]
        }
    },
    "settings": {"theme": "dark"}
}"##;

type Window = Harness<'static, App>;

fn window(folder: &Path, size: (f32, f32), theme: Theme) -> Window {
    let paths = english(folder);
    let builder = Harness::builder().with_size(vec2(size.0, size.1)).with_theme(theme).with_step_dt(0.1);
    let mut window =
        builder.build_eframe(move |creation| App::new(&creation.egui_ctx, &paths, Start::default()).unwrap());
    window.run_steps(2);
    window
}

fn until_label(window: &mut Window, label: &str) {
    until(window, label, |window| window.query_all_by_label_contains(label).next().is_some());
}

/// The window with the preview of [`SETTINGS`].
fn preview(folder: &Path, size: (f32, f32), theme: Theme) -> Window {
    let file = folder.join("settings.json");
    std::fs::write(&file, SETTINGS).unwrap();
    let mut window = window(folder, size, theme);
    drop_file(&mut window, &file);
    until_label(&mut window, "Import from MQTT Explorer");
    window.run_steps(3);
    window
}

#[test]
fn what_is_chosen_of_a_file_is_taken_over_with_its_certificates() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = preview(folder.path(), (1_000.0, 800.0), Theme::Dark);
    window.get_by_label("3 connections in settings.json");
    window.get_by_label_contains("mqtts://broker.example:8883");
    window.get_by_label("With 2 subscriptions, password, CA certificate");
    window.get_by_label_contains("client ID was made up by MQTT Explorer");
    press(&mut window, Role::CheckBox, "Home");
    let all = window.get_by_role_and_label(Role::CheckBox, "All");
    assert_eq!(all.accesskit_node().toggled(), Some(Toggled::False));
    press(&mut window, Role::Button, "Import 2 connections");
    until_label(&mut window, "Imported 2 connections");
    assert!(window.query_by_label("Home").is_none());

    let options = [Role::ListBoxOption];
    let rows = window.get_all_by(|node| options.contains(&node.role())).count();
    assert_eq!(rows, 2);
    // The program waits for its files before it ends.
    eframe::App::on_exit(&mut window.into_state(), None);
    let paths = Paths::under(folder.path());
    let certificates: Vec<_> = std::fs::read_dir(paths.certificates()).unwrap().collect();
    assert_eq!(certificates.len(), 1);
    let saved = std::fs::read_to_string(paths.profiles()).unwrap();
    let certificate = certificates[0].as_ref().unwrap().path();
    assert!(saved.contains(certificate.to_str().unwrap()), "{saved}");
    assert!(!saved.contains("hunter2"), "{saved}");
}

#[test]
fn a_file_of_connections_brings_no_rule_that_starts_a_program() {
    let folder = tempfile::tempdir().unwrap();
    let paths = english(folder.path());
    // Not even one that is allowed here.
    std::fs::write(paths.settings(), "language = \"english\"\nallowed_programs = [\"touch ran\"]\n").unwrap();
    let file = folder.path().join("from-elsewhere.toml");
    let rule = |filter: &str, decoder: &str| {
        format!("[[profile.decoders]]\nfilter = \"{filter}\"\ndecoder = \"{decoder}\"\n")
    };
    let rules =
        [rule("a/#", "command:touch ran"), rule("b/#", "brotli:command:touch ran"), rule("c/#", "cbor")];
    let connection = "version = 1\n[[profile]]\nid = \"1\"\nname = \"Given\"\nhost = \"192.0.2.7\"\n";
    std::fs::write(&file, format!("{connection}{}", rules.concat())).unwrap();
    let mut window = window(folder.path(), (1_000.0, 800.0), Theme::Dark);
    drop_file(&mut window, &file);
    until_label(&mut window, "Import from mqttree");
    window.get_by_label_contains("decoder rules that start programs are left out");
    press(&mut window, Role::Button, "Import 1 connection");
    until_label(&mut window, "Imported 1 connection");
    eframe::App::on_exit(&mut window.into_state(), None);
    let saved = std::fs::read_to_string(paths.profiles()).unwrap();
    assert!(saved.contains("cbor") && !saved.contains("command"), "{saved}");
}

#[test]
fn nothing_is_taken_over_before_it_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let mut window = preview(folder.path(), (1_000.0, 800.0), Theme::Dark);
    press(&mut window, Role::CheckBox, "All");
    assert!(window.get_by_label("Import 0 connections").accesskit_node().is_disabled());
    press(&mut window, Role::Button, "Cancel");
    assert!(window.query_by_label("Import from MQTT Explorer").is_none());
    window.get_by_label("Connect to a broker");
    assert!(!Paths::under(folder.path()).certificates().exists());
}

#[test]
fn a_file_that_is_no_list_of_connections_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("package.json");
    std::fs::write(&file, "{\"name\": \"something else\"}").unwrap();
    let mut window = window(folder.path(), (1_000.0, 800.0), Theme::Dark);
    drop_file(&mut window, &file);
    until_label(&mut window, "Nothing can be imported from package.json");
}

fn with_password(name: &str) -> Profile {
    let connect = ConnectOptions {
        host: "broker.example".to_owned(),
        username: "ada".to_owned(),
        ..ConnectOptions::default()
    };
    Profile {
        password_place: PasswordPlace::File,
        file_secrets: Secrets::from(Secret::new("hunter2")),
        ..Profile::new(name, connect)
    }
}

#[test]
fn an_export_asks_which_and_warns_of_secrets() {
    let mut page = page_of([with_password("factory"), with_password("home")]);
    press(&mut page, Role::Button, "Export…");
    page.get_by_label_contains("Certificates and keys stay where they are");
    press(&mut page, Role::RadioButton, "Only \"factory\"");
    press(&mut page, Role::Button, "Choose file…");
    let asked = page.state().actions.last().unwrap();
    let Action::Profile(ProfileAction::Export { profiles, with_secrets: false }) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!(profiles.iter().map(|profile| profile.name.as_str()).collect::<Vec<_>>(), ["factory"]);

    press(&mut page, Role::Button, "Export…");
    press(&mut page, Role::CheckBox, "Include passwords");
    page.get_by_label_contains("Whoever gets the file can log in with them");
    press(&mut page, Role::Button, "Choose file…");
    let asked = page.state().actions.last().unwrap();
    let Action::Profile(ProfileAction::Export { profiles, with_secrets: true }) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!(profiles.len(), 2);
}

#[test]
fn the_look_at_an_import() {
    let mut results = SnapshotResults::new();
    for (theme, look) in [(Theme::Dark, "dark"), (Theme::Light, "light")] {
        let folder = tempfile::tempdir().unwrap();
        let mut window = preview(folder.path(), (900.0, 600.0), theme);
        window.remove_cursor();
        window.run_steps(8);
        results.add(window.try_snapshot(format!("import-{look}")));
    }
}

#[test]
fn the_database_of_mqttx_is_taken_over_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("MQTTX.db");
    std::fs::write(&file, include_bytes!("../data/mqttx/written-ahead.db")).unwrap();
    std::fs::write(folder.path().join("MQTTX.db-wal"), include_bytes!("../data/mqttx/written-ahead.db-wal"))
        .unwrap();
    let mut window = window(folder.path(), (1_000.0, 800.0), Theme::Dark);
    drop_file(&mut window, &file);
    until_label(&mut window, "Import from MQTTX");
    window.run_steps(3);
    window.get_by_label("3 connections in MQTTX.db");
    window.get_by_label("With 200 subscriptions, password, CA certificate");
    window.get_by_label_contains("Only in the log");
    press(&mut window, Role::Button, "Import 3 connections");
    until_label(&mut window, "Imported 3 connections");
}

#[test]
fn a_database_in_the_middle_of_a_change_is_not_guessed_at() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("MQTTX.db");
    std::fs::write(&file, include_bytes!("../data/mqttx/MQTTX.db")).unwrap();
    std::fs::write(folder.path().join("MQTTX.db-journal"), b"\xd9\xd5\x05\xf9").unwrap();
    let mut window = window(folder.path(), (1_000.0, 800.0), Theme::Dark);
    drop_file(&mut window, &file);
    until_label(&mut window, "MQTTX has not finished writing its database");
}
