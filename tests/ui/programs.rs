//! Programs of a person's that read payloads: none runs before it was allowed, in the whole window.

#![cfg(unix)] // `touch` leaves a file behind when it ran

use std::path::Path;

use eframe::egui::accesskit::Role;
use egui_kittest::kittest::Queryable as _;
use mqttree::demo;

use crate::app::{Window, saved};
use crate::harness::english;

/// A window on the demonstration by a profile whose rule starts a program, with the topic in view; and what the program leaves
/// behind.
fn window(broker: &demo::Demo, folder: tempfile::TempDir, decoder: &str) -> Window {
    let port = broker.port();
    let profile = format!(
        "[[profile]]\nid = \"1\"\nname = \"Mine\"\nhost = \"127.0.0.1\"\nport = {port}\n\
         [[profile.decoders]]\nfilter = \"#\"\ndecoder = '{decoder}'\n"
    );
    std::fs::write(english(folder.path()).profiles(), profile).unwrap();
    let mut window = saved("Mine", folder);
    window.until_label("Connected to Mine");
    window.type_into("Search topics", "formats/cbor/battery");
    window.until("the topic", |harness| {
        let mut rows = harness.query_all_by_role_and_label(Role::TreeItem, "battery");
        let row = rows.find(|row| row.rect().is_positive());
        row.inspect(egui_kittest::Node::click).is_some()
    });
    window.harness.run_steps(30);
    window
}

fn leaves(mark: &Path) -> String {
    format!("touch \"{}\"", mark.display())
}

#[test]
fn nothing_runs_before_a_person_has_seen_its_command_and_allowed_it() {
    let broker = demo::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let (mark, settings) = (folder.path().join("ran"), english(folder.path()).settings());
    let line = leaves(&mark);
    let mut window = window(&broker, folder, &format!("command:{line}"));
    assert!(!mark.exists());
    window.harness.get_by_role_and_label(Role::Tab, "Decoders").click();
    window.harness.run_steps(5);
    window.until_label("has not been allowed to run on this computer");

    window.click("Allow…");
    window.harness.get_by_role_and_label(Role::Dialog, "Run this program to read payloads?");
    window.until_label(&format!("{line}\n\nIt is started on this computer"));
    window.click("Cancel");
    window.harness.run_steps(30);
    assert!(!mark.exists());

    window.click("Allow…");
    window.click("Allow to run");
    window.until("the program", |_| mark.exists());
    window.until("the settings", |_| std::fs::read_to_string(&settings).unwrap().contains("touch"));
}

#[test]
fn a_program_within_another_decoder_is_asked_about_too() {
    let broker = demo::start().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mark = folder.path().join("ran");
    let mut window = window(&broker, folder, &format!("brotli:command:{}", leaves(&mark)));
    window.harness.get_by_role_and_label(Role::Tab, "Decoders").click();
    window.harness.run_steps(5);
    window.until_label("has not been allowed to run on this computer");
    assert!(!mark.exists());
}
