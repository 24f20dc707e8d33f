//! The thread that writes.

use super::*;

fn opened(folder: &TempDir) -> Opened {
    open(&Paths::under(folder.path()), || ()).unwrap()
}

#[test]
fn everything_is_there_again_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let Opened { mut profiles, mut settings, mut history, saver, notices } = opened(&folder);
    assert_eq!(notices, []);
    let id = add(&mut profiles, "factory");
    settings.last_open.push(id);
    settings.theme = settings::Theme::Dark;
    let none = PublishProperties::default();
    drop(history.add(Timestamp(7), "a/b", b"\xff\x00", QoS::AtLeastOnce, true, none));
    saver.save_profiles(&profiles);
    saver.save_settings(&settings);
    saver.save_history(&history);
    drop(saver);

    let again = opened(&folder);
    assert_eq!((again.profiles, again.settings, again.history), (profiles, settings, history));
    assert_eq!(again.notices, []);
}

#[test]
fn handing_over_never_waits_and_the_newest_state_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let Opened { mut profiles, saver, .. } = opened(&folder);
    let config = Paths::under(folder.path()).config;
    fs::create_dir_all(&config).unwrap();
    let lock = File::create(config.join(".lock")).unwrap();
    lock.lock().unwrap(); // another program is writing

    let began = Instant::now();
    for n in 0..50 {
        add(&mut profiles, &format!("{n:02}"));
        saver.save_profiles(&profiles);
    }
    let took = began.elapsed();
    assert!(took < Duration::from_millis(500), "{took:?}");
    assert!(!saver.flush(Duration::from_millis(20)), "nothing can be written yet");
    drop(lock);
    assert!(saver.flush(Duration::from_secs(10)));
    assert_eq!(names_on_disk(&config.join("profiles.toml")).len(), 50);
    let events = saver.events();
    assert!((1..=2).contains(&events.len()), "50 states were written in {} saves", events.len());
    assert!(events.iter().all(|event| matches!(event, SaveEvent::Profiles(_))), "{events:?}");
}

#[test]
fn a_failed_save_is_told_and_wakes_the_window() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("config"), "in the way").unwrap();
    let (woken, wait) = std::sync::mpsc::sync_channel(8);
    let Opened { mut profiles, saver, .. } =
        open(&Paths::under(folder.path()), move || woken.send(()).unwrap()).unwrap();
    add(&mut profiles, "a");
    saver.save_profiles(&profiles);
    wait.recv_timeout(Duration::from_secs(10)).unwrap();
    let events = saver.events();
    assert!(matches!(&events[..], [SaveEvent::Failed(StoreError::Io { writing: true, .. })]), "{events:?}");

    fs::remove_file(folder.path().join("config")).unwrap();
    saver.save_profiles(&profiles);
    wait.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(matches!(&saver.events()[..], [SaveEvent::Profiles(_)]));
}
