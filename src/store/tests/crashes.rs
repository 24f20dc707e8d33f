//! A program that dies while it writes, and a disk that takes no more.

use std::process::{Command, Output};

use super::*;
use crate::store::atomic::{self, Access};
use crate::store::saved::{self, SavedMessage, SavedName, SavedPayload};

/// Names the file to [`child_that_saves`].
const FILE_VARIABLE: &str = "MQTTREE_TEST_FILE";

/// Saves one more profile into the file that the environment names, as a program of its own: what the tests below
/// run. Among the other tests there is no such file, and nothing to do.
#[test]
fn child_that_saves() {
    let Some(file) = std::env::var_os(FILE_VARIABLE).map(PathBuf::from) else { return };
    let (mut stored, mut profiles, _) = load(&file);
    let mut profile = Profile::new("large", ConnectOptions::default());
    profile.connect.client_id = "x".repeat(200_000);
    profiles.add(profile);
    match stored.save(&profiles) {
        Ok(_) => println!("saved"),
        Err(error) => println!("refused: {error:?}"),
    }
}

/// Runs [`child_that_saves`] under a limit on the size of files; `before` says what happens when it is reached.
fn save_in_child(file: &Path, before: &str) -> Output {
    Command::new("sh")
        .args(["-c", &format!("{before}; exec \"$0\" \"$@\"")])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::crashes::child_that_saves", "--nocapture"])
        .env(FILE_VARIABLE, file)
        .output()
        .unwrap()
}

#[test]
fn a_program_that_dies_while_it_writes_loses_nothing() {
    let (folder, file) = home();
    fs::write(&file, GOOD).unwrap();
    // The system kills the child (SIGXFSZ) in the middle of its write.
    let output = save_in_child(&file, "ulimit -c 0; ulimit -f 8");
    assert!(output.status.code().is_none(), "it was to be killed: {output:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), GOOD);
    assert_eq!(
        listing(folder.path()).len(),
        2,
        "the temporary file was left behind: {:?}",
        listing(folder.path())
    );

    let (mut stored, mut profiles, notices) = load(&file);
    assert_eq!(notices, []);
    add(&mut profiles, "c");
    stored.save(&profiles).unwrap();
    assert_eq!(listing(folder.path()), ["profiles.toml"], "the next save tidies up");
    assert_eq!(names_on_disk(&file), ["a", "b", "c"]);
}

#[test]
fn a_disk_that_takes_no_more_leaves_the_old_file_and_says_why() {
    let (folder, file) = home();
    fs::write(&file, GOOD).unwrap();
    // With the signal ignored the write itself fails half way, as on a full disk.
    let output = save_in_child(&file, "trap '' XFSZ; ulimit -f 8");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let expected =
        format!("refused: Io {{ path: {file:?}, step: WriteTemporary, writing: true, source: SystemError");
    assert!(said.contains(&expected) && said.contains("File too large"), "{said}");
    assert_eq!(fs::read_to_string(&file).unwrap(), GOOD);
    assert_eq!(listing(folder.path()), ["profiles.toml"], "no temporary file is left");
}

#[test]
fn without_a_limit_the_same_program_saves() {
    let (_folder, file) = home();
    fs::write(&file, GOOD).unwrap();
    let output = save_in_child(&file, "true");
    assert!(String::from_utf8_lossy(&output.stdout).contains("saved"), "{output:?}");
    assert_eq!(names_on_disk(&file), ["a", "b", "large"]);
}

#[test]
fn a_full_disk_is_named_and_the_content_is_whole_or_old() {
    let (folder, file) = home();
    fs::write(&file, GOOD).unwrap();
    let error = atomic::write_with(&file, Access::Default, |to| {
        to.write_all(b"half")?;
        Err(std::io::ErrorKind::StorageFull.into())
    })
    .unwrap_err();
    let StoreError::Io { path, source, .. } = error else { panic!("the system refuses") };
    assert_eq!((path, source.kind), (file.clone(), std::io::ErrorKind::StorageFull));
    assert_eq!(fs::read_to_string(&file).unwrap(), GOOD);
    assert_eq!(listing(folder.path()), ["profiles.toml"]);
}

#[test]
fn another_files_temporary_file_is_not_ours_to_remove() {
    let (folder, file) = home();
    for name in [".profiles.toml.Ab12Cd.tmp", ".settings.toml.Ab12Cd.tmp", "profiles.toml.tmp"] {
        fs::write(folder.path().join(name), "x").unwrap();
    }
    let (mut stored, profiles, _) = load(&file);
    stored.save(&profiles).unwrap();
    assert_eq!(listing(folder.path()), [".settings.toml.Ab12Cd.tmp", "profiles.toml", "profiles.toml.tmp"]);
}

/// Saves a message with a large payload into the folder that the environment names: what the test below runs.
#[test]
fn child_that_saves_a_message() {
    let Some(folder) = std::env::var_os("MQTTREE_TEST_FOLDER").map(PathBuf::from) else { return };
    let payload = SavedPayload::Below("y".repeat(200_000));
    let message = SavedMessage { topic: "a".to_owned(), payload, ..SavedMessage::default() };
    saved::write(&folder, &SavedName::new("m").unwrap(), &message).unwrap();
}

#[test]
fn a_program_that_dies_while_it_saves_a_message_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let message = SavedMessage { topic: "old".to_owned(), ..SavedMessage::default() };
    let path = saved::write(folder.path(), &SavedName::new("m").unwrap(), &message).unwrap();
    let before = fs::read_to_string(&path).unwrap();
    let output = Command::new("sh")
        .args(["-c", "ulimit -c 0; ulimit -f 8; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "store::tests::crashes::child_that_saves_a_message"])
        .env("MQTTREE_TEST_FOLDER", folder.path())
        .output()
        .unwrap();
    assert!(output.status.code().is_none(), "it was to be killed: {output:?}");
    assert_eq!(fs::read_to_string(&path).unwrap(), before);
}
