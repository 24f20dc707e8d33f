//! Full disks and folders that disappear, while the caller must wait for neither.

use super::*;

/// Waits until `is_so`; if that never happens, the test times out.
fn until(recorder: &Recorder, is_so: impl Fn(&RecordingProgress) -> bool) -> RecordingProgress {
    loop {
        let progress = recorder.progress();
        if is_so(&progress) {
            return progress;
        }
        std::thread::yield_now();
    }
}

#[test]
fn a_folder_that_goes_away_stops_the_recording_and_one_that_comes_back_goes_on() {
    let parent = TempDir::new().unwrap();
    let (folder, away) = (parent.path().join("recording"), parent.path().join("away"));
    let recorder = Recorder::start(small(&folder)).unwrap();
    recorder.offer(batch_of(&[plain("quiet", "carried", 1), plain("a", "1", 2)]));
    until(&recorder, |progress| progress.messages == 2);
    fs::rename(&folder, &away).unwrap();
    let failed = until(&recorder, |progress| progress.failure.is_some());
    assert_eq!(failed.failure, Some(RecordFailure::FolderGone { folder: folder.clone() }));
    recorder.offer(batch_of(&[plain("a", "2", 3)]));
    until(&recorder, |progress| progress.missing > failed.missing);

    fs::create_dir(&folder).unwrap();
    until(&recorder, |progress| progress.failure.is_none());
    recorder.offer(batch_of(&[plain("a", "3", 4)]));
    assert!(recorder.finish(Duration::from_mins(1)));
    let recording = Recording::open(&folder).unwrap();
    assert_eq!(all(&recording), [plain("a", "3", 4)]);
    let gaps = recording.gaps();
    assert_eq!((gaps.len(), gaps[0].reason), (1, GapReason::Disk), "{gaps:?}");
    assert!(gaps[0].messages.is_some_and(|messages| messages >= 1));
    assert_eq!(state(&recording, i64::MAX), [plain("a", "3", 4), plain("quiet", "carried", 1)]);
}

#[test]
fn what_must_stay_free_stays_free() {
    let folder = TempDir::new().unwrap();
    let options = RecordOptions { free_bytes_min: u64::MAX / 2, ..small(folder.path()) };
    if cfg!(unix) {
        let refused = Recorder::start(options).unwrap_err();
        assert!(matches!(refused, RecordFailure::BelowFloor { .. }) && refused.is_of_room(), "{refused:?}");
    }
}

#[test]
fn a_folder_that_may_not_be_made_is_told() {
    let parent = TempDir::new().unwrap();
    let file = parent.path().join("file");
    fs::write(&file, "x").unwrap();
    let refused = Recorder::start(small(&file.join("below"))).unwrap_err();
    assert!(
        matches!(refused, RecordFailure::FolderGone { .. } | RecordFailure::System { .. }),
        "{refused:?}"
    );
}
