//! The files on a real disk: what survives a crash, a full disk, a bad edit and a second program.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::*;
use crate::message::{PublishProperties, QoS, Timestamp};
use crate::mqtt::options::ConnectOptions;
use crate::store::document::StoredFile;
use crate::store::notice::{Fault, FileDamage, FileStep, Obstacle, Remark, Salvaged, Severity};

const GOOD: &str =
    "version = 1\n\n[[profile]]\nid = \"1\"\nname = \"a\"\n\n[[profile]]\nid = \"2\"\nname = \"b\"\n";
const DAMAGED: &str = "version = 1\n\n[[profile]]\nid = \"1\"\nname = \"a\"\n\n[[profile]]\nid = \"2\"\nname = b\n\n\
                       [[profile]]\nid = \"3\"\nname = \"c\"\n";

fn home() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("profiles.toml");
    (folder, file)
}

fn load(file: &Path) -> (StoredFile<Profiles>, Profiles, Vec<StoreNotice>) {
    StoredFile::load(file.to_owned())
}

fn names(profiles: &Profiles) -> Vec<&str> {
    profiles.iter().map(|profile| profile.name.as_str()).collect()
}

fn names_on_disk(file: &Path) -> Vec<String> {
    let (_, profiles, notices) = load(file);
    assert_eq!(notices, [], "{}", fs::read_to_string(file).unwrap());
    profiles.iter().map(|profile| profile.name.clone()).collect()
}

fn add(profiles: &mut Profiles, name: &str) -> ProfileId {
    profiles.add(Profile::new(name, ConnectOptions::default()))
}

fn rename(profiles: &mut Profiles, id: &str, name: &str) {
    let old = profiles.get(&id.into()).unwrap().clone();
    assert!(profiles.update(Profile { name: name.to_owned(), ..old }));
}

/// What is in the folder besides the lock, sorted.
fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.retain(|name| name != ".lock");
    names.sort();
    names
}

fn broken_copies(folder: &Path) -> Vec<PathBuf> {
    let names = listing(folder).into_iter().filter(|name| name.contains(".broken-"));
    names.map(|name| folder.join(name)).collect()
}

#[cfg(unix)]
mod crashes;
#[cfg(unix)]
mod permissions;
mod saver;
mod together;

mod saving {
    use super::*;

    #[test]
    fn a_first_start_is_empty_says_nothing_and_writes_nothing() {
        let (folder, file) = home();
        let (_, profiles, notices) = load(&file);
        assert_eq!((profiles.len(), notices, listing(folder.path())), (0, vec![], vec![]));
    }

    #[test]
    fn what_was_saved_is_read_in_its_order() {
        let (folder, _) = home();
        let file = folder.path().join("deep/er/profiles.toml");
        let (mut stored, mut profiles, _) = load(&file);
        let ids: Vec<_> = ["b", "a", "c"].map(|name| add(&mut profiles, name)).to_vec();
        profiles.move_up(&ids[2]);
        let saved = stored.save(&profiles).unwrap();
        assert_eq!((&saved.stored, saved.notices), (&profiles, vec![]));
        assert_eq!(names_on_disk(&file), ["b", "c", "a"]);
        assert_eq!(load(&file).1, profiles);
    }

    #[test]
    fn ids_that_were_given_to_a_file_written_by_hand_are_kept() {
        let (_folder, file) = home();
        fs::write(&file, "[[profile]]\nname = \"a\"\n").unwrap();
        let (_, first, _) = load(&file);
        let (_, second, _) = load(&file);
        assert_eq!(first.iter().next().unwrap().id, second.iter().next().unwrap().id);
    }

    #[test]
    fn an_intact_file_is_not_touched_by_reading_it() {
        let (_folder, file) = home();
        fs::write(&file, GOOD).unwrap();
        load(&file);
        assert_eq!(fs::read_to_string(&file).unwrap(), GOOD);
    }

    #[test]
    fn a_file_that_was_deleted_meanwhile_is_written_again() {
        let (_folder, file) = home();
        fs::write(&file, GOOD).unwrap();
        let (mut stored, mut profiles, _) = load(&file);
        fs::remove_file(&file).unwrap();
        add(&mut profiles, "c");
        stored.save(&profiles).unwrap();
        assert_eq!(names_on_disk(&file), ["a", "b", "c"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_stays_one() {
        let (folder, file) = home();
        let real = folder.path().join("dotfiles.toml");
        fs::write(&real, GOOD).unwrap();
        std::os::unix::fs::symlink(&real, &file).unwrap();
        let (mut stored, mut profiles, _) = load(&file);
        add(&mut profiles, "c");
        stored.save(&profiles).unwrap();
        assert!(fs::symlink_metadata(&file).unwrap().is_symlink());
        assert_eq!(names_on_disk(&real), ["a", "b", "c"]);
    }
}

mod obstacles {
    use super::*;

    #[test]
    fn a_folder_that_cannot_be_made_is_named_with_the_reason() {
        let (folder, _) = home();
        let obstacle = folder.path().join("config");
        fs::write(&obstacle, "a file stands where the folder should be").unwrap();
        let (mut stored, profiles, _) = load(&obstacle.join("profiles.toml"));
        let StoreError::Io { path, step, writing: true, .. } = stored.save(&profiles).unwrap_err() else {
            panic!("the system refuses")
        };
        assert_eq!((path, step), (obstacle.join("profiles.toml"), FileStep::CreateFolder(obstacle)));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_without_the_right_to_write_is_named_with_the_reason() {
        use std::os::unix::fs::PermissionsExt as _;
        let (folder, file) = home();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
        let may_write = File::create(folder.path().join("probe")).is_ok();
        let (mut stored, profiles, _) = load(&file);
        let result = stored.save(&profiles);
        if may_write {
            // The system's administrator is stopped by no permission bits.
            assert_eq!(names_on_disk(&file).len(), profiles.len());
        } else {
            let StoreError::Io { source, .. } = result.unwrap_err() else { panic!("the system refuses") };
            assert_eq!(source.kind, std::io::ErrorKind::PermissionDenied);
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn what_cannot_be_read_is_not_written_over() {
        let (_folder, file) = home();
        fs::create_dir(&file).unwrap();
        let (mut stored, mut profiles, notices) = load(&file);
        assert!(
            matches!(
                notices[..],
                [StoreNotice::Failed(StoreError::NotAFile { found: Obstacle::Folder, writing: false, .. })]
            ),
            "{notices:?}"
        );
        add(&mut profiles, "a");
        assert!(stored.save(&profiles).is_err());
        assert!(file.is_dir());
    }

    /// What stands there is said at once, and neither waited for nor replaced.
    #[cfg(unix)]
    #[test]
    fn a_link_to_nothing_a_pipe_and_a_device_are_named_and_left_alone() {
        use std::os::unix::fs::symlink;
        type Place = (fn(&Path), Obstacle);
        let places: [Place; 3] = [
            (
                |file| symlink("/no/such/file", file).unwrap(),
                Obstacle::DanglingLink { target: "/no/such/file".into() },
            ),
            (
                |file| assert!(std::process::Command::new("mkfifo").arg(file).status().unwrap().success()),
                Obstacle::Pipe,
            ),
            (|file| symlink("/dev/zero", file).unwrap(), Obstacle::Device),
        ];
        for (place, expected) in places {
            let (folder, file) = home();
            place(&file);
            let before = fs::symlink_metadata(&file).unwrap().file_type();
            let (mut stored, mut profiles, notices) = load(&file);
            let [StoreNotice::Failed(StoreError::NotAFile { found, writing: false, .. })] = &notices[..]
            else {
                panic!("{notices:?}")
            };
            assert_eq!(*found, expected);
            add(&mut profiles, "a");
            stored.save(&profiles).unwrap_err();
            crate::store::atomic::write(&file, b"x", crate::store::atomic::Access::Default).unwrap_err();
            assert_eq!(fs::symlink_metadata(&file).unwrap().file_type(), before, "{expected:?}");
            assert_eq!(listing(folder.path()), ["profiles.toml"]);
        }
    }

    #[test]
    fn a_file_that_is_far_too_large_is_neither_read_nor_written_over() {
        let (_folder, file) = home();
        File::create(&file).unwrap().set_len(50_000_000).unwrap();
        let (mut stored, mut profiles, notices) = load(&file);
        assert!(
            matches!(notices[..], [StoreNotice::Failed(StoreError::TooLarge { bytes: 50_000_000, .. })]),
            "{notices:?}"
        );
        add(&mut profiles, "a");
        stored.save(&profiles).unwrap_err();
        assert_eq!(fs::metadata(&file).unwrap().len(), 50_000_000);
    }

    #[test]
    fn another_program_that_hangs_while_it_writes_is_waited_for_but_not_for_ever() {
        let (folder, file) = home();
        let lock = File::create(folder.path().join(".lock")).unwrap();
        lock.lock().unwrap();
        let (mut stored, profiles, _) = load(&file);
        let began = Instant::now();
        let error = stored.save(&profiles).unwrap_err();
        assert!(matches!(error, StoreError::Busy { .. }), "{error:?}");
        assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
        drop(lock);
        stored.save(&profiles).unwrap();
    }
}

mod damage {
    use super::*;

    #[test]
    fn a_bad_edit_costs_one_connection_and_keeps_the_file_as_it_was() {
        let (folder, file) = home();
        fs::write(&file, DAMAGED).unwrap();
        let (_, profiles, notices) = load(&file);
        assert_eq!(names(&profiles), ["a", "c"]);

        let copies = broken_copies(folder.path());
        assert_eq!(copies.len(), 1);
        assert_eq!(fs::read_to_string(&copies[0]).unwrap(), DAMAGED);
        assert_eq!((notices[0].severity(), notices.len()), (Severity::Warning, 2), "{notices:?}");
        let StoreNotice::Damaged { damage: FileDamage { faults, salvaged }, .. } = &notices[0] else {
            panic!("{notices:?}")
        };
        assert!(matches!(faults[..], [Fault::Syntax { line: 9, .. }]), "{faults:?}");
        assert_eq!(*salvaged, Salvaged::Connections { read: 2, lost: 1 });
        assert_eq!(notices[1], StoreNotice::CopyKept { file: file.clone(), copy: copies[0].clone() });

        assert_eq!(names_on_disk(&file), ["a", "c"], "the next start is clean");
        assert_eq!(broken_copies(folder.path()).len(), 1);
    }

    #[test]
    fn two_damages_in_one_second_give_two_copies() {
        let (folder, file) = home();
        for _ in 0..3 {
            fs::write(&file, DAMAGED).unwrap();
            load(&file);
        }
        assert_eq!(broken_copies(folder.path()).len(), 3);
    }

    #[test]
    fn damage_that_cannot_be_copied_is_not_written_over() {
        let (folder, file) = home();
        fs::write(&file, DAMAGED).unwrap();
        let lock = folder.path().join(".lock");
        fs::create_dir(&lock).unwrap(); // nothing can be written under this lock

        let (mut stored, mut profiles, notices) = load(&file);
        assert_eq!(names(&profiles), ["a", "c"], "what is readable is used");
        assert_eq!(notices.last().unwrap().severity(), Severity::Error, "{notices:?}");
        add(&mut profiles, "d");
        assert!(stored.save(&profiles).is_err());
        assert_eq!(fs::read_to_string(&file).unwrap(), DAMAGED);

        fs::remove_dir(&lock).unwrap();
        stored.save(&profiles).unwrap();
        assert_eq!(fs::read_to_string(&broken_copies(folder.path())[0]).unwrap(), DAMAGED);
        assert_eq!(names_on_disk(&file), ["a", "c", "d"]);
    }

    #[test]
    fn a_bad_edit_while_the_program_runs_deletes_nothing() {
        let (folder, file) = home();
        fs::write(&file, GOOD).unwrap();
        let (mut stored, mut profiles, _) = load(&file);
        fs::write(&file, DAMAGED).unwrap(); // b no longer parses, c is new
        add(&mut profiles, "d");
        let saved = stored.save(&profiles).unwrap();
        let mut after = names(&saved.stored);
        after.sort_unstable();
        assert_eq!(after, ["a", "b", "c", "d"]);
        assert_eq!(fs::read_to_string(&broken_copies(folder.path())[0]).unwrap(), DAMAGED);
        assert_eq!(saved.notices.len(), 2, "{:?}", saved.notices);
    }

    /// It is read part by part: the parser takes many times a text's size.
    #[test]
    fn a_long_file_is_read_like_a_short_one_and_its_damage_costs_one_part() {
        let (folder, file) = home();
        let entry = |n| format!("[[profile]]\nid = \"{n}\"\nname = \"{n} {}\"\n", "x".repeat(1_000));
        let good = (0..3_000).map(entry).collect::<Vec<_>>().concat();
        fs::write(&file, &good).unwrap();
        let (_, profiles, notices) = load(&file);
        assert_eq!((profiles.len(), notices), (3_000, vec![]));

        let endless = format!("[[profile]]\nname = \"{}\n", "x".repeat(3_000_000));
        fs::write(&file, format!("{good}{endless}")).unwrap();
        let (_, profiles, notices) = load(&file);
        assert_eq!(profiles.len(), 3_000);
        let StoreNotice::Damaged { damage, .. } = &notices[0] else { panic!("{notices:?}") };
        assert_eq!(damage.salvaged, Salvaged::Connections { read: 3_000, lost: 1 });
        assert!(matches!(damage.faults[..], [Fault::TooLong { line: 9_001, .. }]), "{:?}", damage.faults);
        assert_eq!(broken_copies(folder.path()).len(), 1);
    }

    #[test]
    fn a_file_of_another_kind_altogether_is_kept_and_the_program_starts() {
        let (folder, file) = home();
        let bytes: Vec<u8> = (0..=255).cycle().take(5_000).collect();
        fs::write(&file, &bytes).unwrap();
        let (_, profiles, notices) = load(&file);
        assert!(profiles.is_empty() && notices.len() == 2, "{notices:?}");
        assert_eq!(fs::read(&broken_copies(folder.path())[0]).unwrap(), bytes);
    }
}
