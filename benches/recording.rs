//! The cost of a recording: writing it, and finding anything in it again.
//!
//!     cargo bench --bench recording
//!
//! `MQTTREE_BENCH_MESSAGES` sets how many messages are written (20,000,000 by default, about 0.5 GB),
//! `MQTTREE_BENCH_TOPICS` of how many topics (1,000, then 100,000, then 1,000,000 by default) and `MQTTREE_BENCH_FOLDER`
//! where. The messages are those of the flood:
//! `{"ts":…,"value":…,"unit":"C","ok":true,"seq":…}`. Times are wall-clock times; CPU times are those of the whole
//! process minus the cost of making the messages.

#![expect(clippy::unwrap_used, reason = "a bench fails by panicking")]

use std::hint::black_box;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::{Duration, Instant};

use mqttree::message::{Batch, Flags, Payload, Timestamp};
use mqttree::recording::{Facts, RecordOptions, Recorder, Recording};

/// As many messages as the session's worker puts into a batch.
const BATCH: u64 = 512;
/// When the first message arrives, and the interval between messages.
const START_US: i64 = 1_795_348_800_000_000;
const STEP_US: i64 = 2;
/// How many lookups are measured.
const LOOKS: u32 = 20;

fn main() {
    let messages = std::env::var("MQTTREE_BENCH_MESSAGES").ok().and_then(|text| text.parse().ok());
    let messages: u64 = messages.unwrap_or(20_000_000);
    let base =
        std::env::var_os("MQTTREE_BENCH_FOLDER").map_or_else(std::env::current_dir, |path| Ok(path.into()));
    let base = base.unwrap();
    let topics = std::env::var("MQTTREE_BENCH_TOPICS").ok().and_then(|text| text.parse().ok());
    for topics in topics.map_or_else(|| vec![1_000, 100_000, 1_000_000], |topics: u64| vec![topics]) {
        let folder = tempfile::tempdir_in(&base).unwrap();
        println!("{topics} topics");
        write(folder.path(), messages, topics);
        read(folder.path(), messages, topics);
    }
}

/// Passes the flood's messages to `each` in batches.
fn batches(messages: u64, topics: u64, mut each: impl FnMut(Batch) -> Batch) {
    let mut batch = Batch::default();
    let (mut topic, mut payload) = (Vec::new(), Vec::new());
    for n in 0..messages {
        let id = n % topics;
        topic.clear();
        payload.clear();
        write!(topic, "site{}/line{}/device{}/metric{}", id % 10, id / 10 % 10, id / 100, id % 7).unwrap();
        let (ts, whole, hundredths) = (1_700_000_000_000 + n, n % 4000 / 100, n % 100);
        write!(payload, r#"{{"ts":{ts},"value":{whole}.{hundredths:02},"unit":"C","ok":true,"seq":{n}}}"#)
            .unwrap();
        let at = Timestamp(START_US + n as i64 * STEP_US);
        batch.push(&topic, Payload::Small(&payload), Flags::default(), None, at);
        if batch.len() as u64 == BATCH {
            batch = each(batch);
        }
    }
    each(batch);
}

fn write(folder: &Path, messages: u64, topics: u64) {
    let before = cpu();
    batches(messages, topics, |mut batch| {
        black_box(&batch);
        batch.clear();
        batch
    });
    let making = cpu().saturating_sub(before);

    let options =
        RecordOptions { waits: true, free_bytes_min: 0, ..RecordOptions::new(folder, Facts::default()) };
    let recorder = Recorder::start(options).unwrap();
    let (before, began) = (cpu(), Instant::now());
    batches(messages, topics, |batch| recorder.offer(batch));
    assert!(recorder.finish(Duration::from_mins(10)));
    let (took, used) = (began.elapsed(), cpu().saturating_sub(before).saturating_sub(making));
    let progress = recorder.progress();
    assert_eq!((progress.messages, progress.missing), (messages, 0));
    let per_message = |time: Duration| time.as_secs_f64() * 1e9 / messages as f64;
    println!("  written                        {:>10.2} million messages/s", 1e3 / per_message(took));
    println!("  CPU of writing                 {:>10.0} ns a message", per_message(used));
    println!(
        "  size                           {:>10.1} bytes a message",
        progress.bytes as f64 / messages as f64
    );
}

fn read(folder: &Path, messages: u64, topics: u64) {
    let began = Instant::now();
    let recording = Recording::open(folder).unwrap();
    let opened = began.elapsed();
    assert_eq!(recording.summary().messages, messages);
    let mb = recording.summary().bytes as f64 / 1e6;
    println!("  open {mb:>8.0} MB                {:>12.1} ms", ms(opened));

    let jumps = (0..LOOKS).map(|_| {
        let at = Timestamp(START_US + fastrand::i64(0..messages as i64) * STEP_US);
        let began = Instant::now();
        let moment = recording.moment(at).unwrap();
        let mut bytes = 0;
        let walked: ControlFlow<()> = moment.walk(|message| {
            bytes += message.payload.bytes().len();
            ControlFlow::Continue(())
        });
        assert!(walked.is_continue() && bytes > 0);
        began.elapsed()
    });
    report("whole tree at a moment", jumps.collect());

    let histories = (0..LOOKS).map(|_| {
        let id = fastrand::u64(0..topics);
        let topic = format!("site{}/line{}/device{}/metric{}", id % 10, id / 10 % 10, id / 100, id % 7);
        let began = Instant::now();
        let mut found = 0;
        let walked = recording.history(topic.as_bytes(), |_| {
            found += 1;
            // A person looks at about this many first.
            if found == 100 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(found > 0 && (walked.is_break() || found < 100));
        began.elapsed()
    });
    report("100 newest of a topic", histories.collect());
}

fn report(what: &str, mut times: Vec<Duration>) {
    times.sort();
    let (median, most) = (times[times.len() / 2], times[times.len() - 1]);
    println!("  {what:<24}       {:>10.1} ms, at most {:.1} ms", ms(median), ms(most));
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// CPU time of the process.
#[cfg(unix)]
fn cpu() -> Duration {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::new(now.tv_sec as u64, now.tv_nsec as u32)
}

/// CPU time is not measured on this system.
#[cfg(not(unix))]
fn cpu() -> Duration {
    Duration::ZERO
}
