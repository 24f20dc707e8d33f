//! Files that were cut, changed, zeroed, taken away or never closed.

use std::collections::BTreeSet;
use std::path::PathBuf;

use proptest::prelude::*;

use super::*;

/// A recording of several segments, made once for each case.
fn recorded() -> (TempDir, Vec<Owned>) {
    let folder = TempDir::new().unwrap();
    let messages: Vec<Owned> = (0..900)
        .map(|at| {
            let topic = if at % 9 == 0 { format!("quiet/{}", at % 100) } else { format!("busy/{}", at % 3) };
            plain(&topic, format!("{at} {}", u64::pow(at as u64, 5)), at)
        })
        .collect();
    record(small(folder.path()), &messages);
    (folder, messages)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "mqrec"));
    paths.sort();
    paths
}

/// Reads everything in every way, and checks that nothing is made up and that what is missing is named.
fn look(folder: &Path, messages: &[Owned]) -> usize {
    let recording = match Recording::open(folder) {
        Ok(recording) => recording,
        Err(failure) => panic!("{failure:?}"),
    };
    let found = all(&recording);
    let mut left = messages.iter();
    for message in &found {
        assert!(left.any(|other| other == message), "not in order, or made up: {message:?}");
    }
    let is_last = messages.starts_with(&found); // as a recording whose program was killed a while ago
    if found.len() < messages.len() && !is_last {
        assert!(!recording.damage().is_empty(), "{} of {} without a word", found.len(), messages.len());
    }
    for at in [0, 450, i64::MAX] {
        for message in state(&Recording::open(folder).unwrap(), at) {
            assert!(messages.contains(&message), "made up: {message:?}");
        }
    }
    for topic in ["busy/1", "quiet/0"] {
        let newer: Vec<i64> =
            history(&recording, topic.as_bytes()).iter().map(|message| message.at).collect();
        assert!(newer.is_sorted_by(|one, other| one > other), "{newer:?}");
    }
    recording.topics(|_| true);
    recording.gaps();
    found.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_to_the_files_what_is_whole_comes_back(
        file: prop::sample::Index,
        place: prop::sample::Index,
        length in 1..600_usize,
        what in 0..4_u8,
        byte: u8,
    ) {
        let (folder, messages) = recorded();
        let files = files(folder.path());
        let path = file.get(&files);
        let mut bytes = fs::read(path).unwrap();
        let start = place.index(bytes.len());
        let end = (start + length).min(bytes.len());
        match what {
            0 => bytes.truncate(start),
            1 => bytes[start] ^= byte.max(1),
            2 => bytes[start..end].fill(0),
            _ => bytes[start..end].fill(byte),
        }
        fs::write(path, &bytes).unwrap();
        look(folder.path(), &messages);
    }
}

#[test]
fn a_frame_that_was_changed_costs_that_frame_alone_and_is_named_with_its_time() {
    let (folder, messages) = recorded();
    let path = &files(folder.path())[1];
    let mut bytes = fs::read(path).unwrap();
    let frames: Vec<usize> = memchr::memmem::find_iter(&bytes, b"\xf5MQF\x01").collect();
    bytes[frames[2] + 60] ^= 4;
    fs::write(path, &bytes).unwrap();
    let recording = Recording::open(folder.path()).unwrap();
    let found = all(&recording);
    let damage = recording.damage();
    let [Damage { segment: 2, from: Some(from), to: Some(to), kind: DamageKind::Frame { messages: lost } }] =
        damage.as_slice()
    else {
        panic!("{damage:?}")
    };
    assert_eq!(found.len() as u64 + lost, messages.len() as u64);
    let found: BTreeSet<i64> = found.iter().map(|message| message.at).collect();
    let missing: Vec<i64> = (0..900).filter(|at| !found.contains(at)).collect();
    assert_eq!((missing.first(), missing.last()), (Some(&from.0), Some(&to.0)));
    // A history goes on behind the damage.
    let own: Vec<i64> = history(&recording, b"busy/1").iter().map(|message| message.at).collect();
    let expected =
        messages.iter().filter(|message| message.topic == b"busy/1" && !missing.contains(&message.at));
    assert_eq!(own, expected.rev().map(|message| message.at).collect::<Vec<_>>());
}

#[test]
fn a_segment_without_its_end_is_found_by_its_frames() {
    let (folder, messages) = recorded();
    let path = files(folder.path()).pop().unwrap();
    let bytes = fs::read(&path).unwrap();
    let footer = memchr::memmem::rfind(&bytes, b"\xf5MQF\x07").unwrap();
    fs::write(&path, &bytes[..footer]).unwrap();
    let recording = Recording::open(folder.path()).unwrap();
    assert_eq!(all(&recording), messages);
    assert_eq!(recording.damage(), [], "every frame is whole");

    fs::write(&path, &bytes[..footer - 1]).unwrap();
    let recording = Recording::open(folder.path()).unwrap();
    assert!(matches!(recording.damage()[..], [Damage { kind: DamageKind::Torn { .. }, .. }]));
    assert_eq!(all(&recording), messages, "the last frame was only a keyframe");
}

#[test]
fn a_segment_that_was_cut_between_two_frames_is_named_by_the_one_behind_it() {
    let (folder, messages) = recorded();
    let path = &files(folder.path())[1];
    let bytes = fs::read(path).unwrap();
    let frames: Vec<usize> = memchr::memmem::find_iter(&bytes, b"\xf5MQF\x01").collect();
    fs::write(path, &bytes[..frames[2]]).unwrap();
    let recording = Recording::open(folder.path()).unwrap();
    let damage = recording.damage();
    assert!(matches!(damage[..], [Damage { segment: 2, kind: DamageKind::Cut, .. }]), "{damage:?}");
    assert!(all(&recording).len() < messages.len());
}

#[test]
fn a_missing_segment_and_a_later_version_are_named() {
    let (folder, messages) = recorded();
    let files = files(folder.path());
    assert!(files.len() > 4, "{files:?}");
    fs::remove_file(&files[1]).unwrap();
    let mut bytes = fs::read(&files[3]).unwrap();
    bytes[8] = 9;
    fs::write(&files[3], bytes).unwrap();
    let recording = Recording::open(folder.path()).unwrap();
    let damage = recording.damage();
    assert_eq!(damage.len(), 2, "{damage:?}");
    assert_eq!((damage[0].segment, &damage[0].kind), (2, &DamageKind::Missing));
    assert_eq!((damage[1].segment, &damage[1].kind), (4, &DamageKind::Version(9)));
    assert!(damage.iter().all(|damage| damage.from.is_some() && damage.to.is_some()), "{damage:?}");
    look(folder.path(), &messages);
    // What stands in the segments that are there needs none of the others.
    assert_eq!(state(&recording, i64::MAX).len(), recording.topics(|_| true).len());
}
