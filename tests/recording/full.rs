//! A disk without room. A limit on the size of files stands for it: any user can set one, and take it back.

#[cfg(unix)]
mod limited {
    use std::thread;
    use std::time::Duration;

    use mqttree::recording::failure::RecordFailure;
    use mqttree::recording::{GapReason, Recorder, Recording, RecordingProgress};
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    use crate::{FOLDER, numbers, one, other_half, recorder};

    fn until(recorder: &Recorder, is_so: impl Fn(&RecordingProgress) -> bool) {
        while !is_so(&recorder.progress()) {
            thread::yield_now();
        }
    }

    #[test]
    #[ignore = "the program that the next test starts"]
    fn records_into_a_full_disk() {
        let Ok(folder) = std::env::var(FOLDER) else { return };
        let recorder = recorder(folder.as_ref());
        let limit =
            |current| setrlimit(Resource::Fsize, Rlimit { current, ..getrlimit(Resource::Fsize) }).unwrap();
        limit(Some(100_000));
        // What cannot be packed fills it soon.
        let mut number = 0;
        while recorder.progress().failure.is_none() {
            let payload = format!("{number:050}");
            recorder.offer(one(&format!("t/{}", fastrand::u64(..)), payload.as_bytes(), number));
            number += 1;
        }
        assert_eq!(recorder.progress().failure, Some(RecordFailure::DiskFull));
        let missing = recorder.progress().missing;
        recorder.offer(one("t", b"1000000", number));
        until(&recorder, |progress| progress.missing > missing);
        limit(None);
        until(&recorder, |progress| progress.failure.is_none());
        recorder.offer(one("t", b"2000000", number));
        assert!(recorder.finish(Duration::from_mins(1)));
    }

    #[test]
    fn a_full_disk_makes_a_gap_and_the_recording_goes_on_when_there_is_room() {
        let folder = tempfile::tempdir().unwrap();
        let child = other_half("full::limited::records_into_a_full_disk", folder.path());
        // A program that is sent this signal dies; one that was started without it gets the error.
        let mut shell = std::process::Command::new("sh");
        shell
            .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
            .arg(child.get_program())
            .args(child.get_args());
        shell.env(FOLDER, folder.path());
        let output = shell.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));

        let recording = Recording::open(folder.path()).unwrap();
        let found = numbers(&recording);
        assert!(found.iter().rev().skip(1).rev().copied().eq(0..found.len() as u64 - 1), "{found:?}");
        assert_eq!(found.last(), Some(&2_000_000));
        assert_eq!(recording.damage(), []);
        let gaps = recording.gaps();
        assert_eq!((gaps.len(), gaps[0].reason), (1, GapReason::DiskFull));
        assert!(gaps[0].messages.is_some_and(|messages| messages >= 1), "{gaps:?}");
    }
}
