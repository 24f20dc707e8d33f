//! `kill -9` while a program records.

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use mqttree::message::{Batch, Flags, Payload, Timestamp};
use mqttree::recording::{DamageKind, Recording};

use crate::{FOLDER, numbers, other_half, recorder};

/// Programs that are killed.
const KILLS: usize = 50;
/// So many run at once.
const AT_ONCE: usize = 5;
/// Messages of a batch.
const BATCH: u64 = 64;
/// What a kill may take.
const LOST_MAX: Duration = Duration::from_millis(250);
/// The same where this machine had other things to do than to run the program.
const LOST_MAX_ON_A_BUSY_MACHINE: Duration = Duration::from_secs(3);

#[test]
#[ignore = "the program that the next test kills"]
fn records_until_it_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let recorder = recorder(folder.as_ref());
    let mut out = std::io::stdout();
    let mut next = 0_u64;
    let mut batch = Batch::default();
    loop {
        for number in next..next + BATCH {
            let payload = number.to_string();
            let topic = format!("topic/{}", number % 100);
            let at = Timestamp(number as i64);
            batch.push(topic.as_bytes(), Payload::Small(payload.as_bytes()), Flags::default(), None, at);
        }
        next += BATCH;
        batch = recorder.offer(batch);
        // The parent is told first, and only then does the next batch come.
        writeln!(out, "handed {next}").unwrap();
        out.flush().unwrap();
        thread::sleep(Duration::from_millis(1)); // half a million messages a second would fill the disk
    }
}

/// Kills a program after a random while. Gives how old the oldest lost message was.
fn kill_one() -> Duration {
    let folder = tempfile::tempdir().unwrap();
    let mut child = other_half("killed::records_until_it_is_killed", folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut handed: Vec<(Instant, u64)> = Vec::new();
    let mut deadline = None;
    let lifetime = Duration::from_millis(fastrand::u64(1..700));
    while deadline.is_none_or(|deadline| Instant::now() < deadline) {
        let line = lines.next().unwrap().unwrap();
        let Some(number) = line.rsplit_once("handed ").map(|(_, number)| number) else { continue };
        handed.push((Instant::now(), number.parse().unwrap()));
        deadline.get_or_insert_with(|| Instant::now() + lifetime);
    }
    child.kill().unwrap();
    let killed = Instant::now();
    child.wait().unwrap();

    let recording = Recording::open(folder.path()).unwrap();
    let found = numbers(&recording);
    assert!(found.iter().copied().eq(0..found.len() as u64), "messages are missing in the middle");
    for damage in recording.damage() {
        assert!(matches!(damage.kind, DamageKind::Torn { .. }), "{damage:?}");
    }
    let first_lost = handed.iter().find(|(_, handed)| *handed > found.len() as u64);
    first_lost.map_or(Duration::ZERO, |(at, _)| killed - *at)
}

#[test]
fn a_kill_takes_a_quarter_of_a_second_at_most() {
    let workers: Vec<_> = (0..AT_ONCE)
        .map(|index| {
            let kill = || (0..KILLS / AT_ONCE).map(|_| kill_one()).collect::<Vec<_>>();
            thread::Builder::new().name(format!("killer {index}")).spawn(kill).unwrap()
        })
        .collect();
    let mut lost: Vec<Duration> = workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect();
    lost.sort();
    assert_eq!(lost.len(), KILLS);
    println!("lost: median {:?}, most {:?}", lost[KILLS / 2], lost[KILLS - 1]);
    assert!(lost[KILLS / 2] <= LOST_MAX, "{lost:?}");
    assert!(lost[KILLS - 1] <= LOST_MAX_ON_A_BUSY_MACHINE, "{lost:?}");
}
