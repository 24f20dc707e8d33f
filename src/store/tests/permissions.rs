//! Who may read what.

use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::mqtt::options::Secret;

fn mode(file: &Path) -> u32 {
    fs::metadata(file).unwrap().permissions().mode() & 0o777
}

fn with_password(profiles: &mut Profiles) -> ProfileId {
    let mut profile = Profile::new("secret", ConnectOptions::default());
    profile.password_place = PasswordPlace::File;
    profile.file_secrets = Secret::new("hunter2").into();
    profiles.add(profile)
}

#[test]
fn a_file_with_a_password_is_for_its_owner_alone() {
    let (_folder, file) = home();
    fs::write(&file, GOOD).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let (mut stored, mut profiles, _) = load(&file);
    add(&mut profiles, "c");
    stored.save(&profiles).unwrap();
    assert_eq!(mode(&file), 0o644, "without a password it stays as the person made it");

    let id = with_password(&mut profiles);
    stored.save(&profiles).unwrap();
    assert_eq!(mode(&file), 0o600);
    assert!(fs::read_to_string(&file).unwrap().contains("hunter2"));

    profiles.remove(&id);
    stored.save(&profiles).unwrap();
    assert!(!fs::read_to_string(&file).unwrap().contains("hunter2"));
    assert_eq!(mode(&file), 0o600, "it is not opened again by itself");
}

#[test]
fn a_file_with_a_key_in_a_header_is_for_its_owner_alone() {
    let (_folder, file) = home();
    let (mut stored, mut profiles, _) = load(&file);
    let mut profile = Profile::new("web", ConnectOptions::default());
    profile.connect.websocket.headers.push(("X-Api-Key".to_owned(), "hunter2".to_owned()));
    profiles.add(profile);
    stored.save(&profiles).unwrap();
    assert_eq!(mode(&file), 0o600);
}

#[test]
fn a_new_file_has_the_mode_that_the_system_gives() {
    let (folder, file) = home();
    let (mut stored, mut profiles, _) = load(&file);
    add(&mut profiles, "a");
    stored.save(&profiles).unwrap();
    let reference = folder.path().join("reference");
    fs::write(&reference, "").unwrap();
    assert_eq!(mode(&file), mode(&reference));
}

#[test]
fn a_password_that_others_could_read_is_closed_and_told() {
    let (_folder, file) = home();
    let (mut stored, mut profiles, _) = load(&file);
    with_password(&mut profiles);
    stored.save(&profiles).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let (_, _, notices) = load(&file);
    assert_eq!(mode(&file), 0o600);
    assert!(
        matches!(notices[..], [StoreNotice::Remark { remark: Remark::OthersCouldRead, .. }]),
        "{notices:?}"
    );
    assert_eq!(load(&file).2, []);
}

#[test]
fn the_copy_of_a_damaged_file_is_for_its_owner_alone() {
    let (folder, file) = home();
    fs::write(&file, DAMAGED).unwrap();
    load(&file);
    assert_eq!(mode(&broken_copies(folder.path())[0]), 0o600);
}
