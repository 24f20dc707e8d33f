//! Several programs that change the same file.

use super::*;

#[test]
fn both_keep_what_the_other_changed() {
    let (_folder, file) = home();
    fs::write(&file, GOOD).unwrap();
    let (mut first, mut here, _) = load(&file);
    let (mut second, mut there, _) = load(&file);
    rename(&mut here, "1", "a here");
    add(&mut here, "new here");
    rename(&mut there, "2", "b there");
    add(&mut there, "new there");

    first.save(&here).unwrap();
    let saved = second.save(&there).unwrap();
    assert_eq!(names_on_disk(&file), ["a here", "b there", "new there", "new here"]);
    there.adopt(&saved);
    assert_eq!(there, saved.stored);

    let saved = first.save(&here).unwrap();
    assert_eq!(
        names(&saved.stored),
        ["a here", "b there", "new there", "new here"],
        "the first sees them too"
    );
}

#[test]
fn what_both_changed_is_kept_twice_and_told() {
    let (_folder, file) = home();
    fs::write(&file, GOOD).unwrap();
    let (mut first, mut here, _) = load(&file);
    let (mut second, mut there, _) = load(&file);
    rename(&mut here, "1", "here");
    rename(&mut there, "1", "there");
    first.save(&here).unwrap();
    let saved = second.save(&there).unwrap();
    assert_eq!(names(&saved.stored), ["there", "here (other change)", "b"]);
    let [StoreNotice::Remark { remark: Remark::ChangedTwice { name, .. }, .. }] = &saved.notices[..] else {
        panic!("{:?}", saved.notices)
    };
    assert_eq!(name, "here");
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let (_folder, file) = home();
    std::thread::scope(|scope| {
        for writer in 0..4 {
            let file = &file;
            scope.spawn(move || {
                let (mut stored, mut profiles, _) = load(file);
                for n in 0..10 {
                    add(&mut profiles, &format!("{writer}.{n}"));
                    // On a slow disk the others may need longer than we wait.
                    let saved = loop {
                        match stored.save(&profiles) {
                            Err(StoreError::Busy { .. }) => {}
                            result => break result.unwrap(),
                        }
                    };
                    profiles.adopt(&saved);
                }
            });
        }
    });
    let mut found = names_on_disk(&file);
    found.sort();
    let expected: Vec<_> = (0..4).flat_map(|writer| (0..10).map(move |n| format!("{writer}.{n}"))).collect();
    assert_eq!(found, expected);
}
