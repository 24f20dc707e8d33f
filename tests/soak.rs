//! Full load: two sessions receive as much as the load source can send, with budgets so small that messages are evicted
//! and topics refused all the time. In the end nothing is lost, every count is exact, and the process is no larger than
//! when everything first became full.
//!
//! The phases end after a number of messages. `MQTTREE_SOAK_MESSAGES` sets how many each session receives once
//! everything is full; `cargo test` uses half a million, `scripts/test` ten million.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mqttree::message::QoS;
use mqttree::model::{Limits, Model};
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Secret, Subscription};
use mqttree::session::status::Counters;
use mqttree::session::{Session, clock};

/// Topics of the session whose tree is not limited.
const TOPICS: u64 = 20_000;
/// Topics of the other session: several times what its tree can hold.
const STORM_TOPICS: u64 = 400_000;
const HISTORY_BYTES: usize = 32 << 20;
const TREE_BYTES: usize = 16 << 20;
/// What may wait between a session's socket and its model.
const CHANNEL_BYTES: usize = 64 << 20;
/// Additional memory allowed for the sessions: indexes, views, buffers, and the allocator's reserve.
const SLACK_BYTES: usize = 96 << 20;
/// How much the process may grow from the first half to the second, once everything is full.
const GROWTH_BYTES_MAX: usize = 16 << 20;
/// How many messages each session receives once everything is full, by default.
const MESSAGES: u64 = 500_000;
/// The interval at which the window polls.
const LOOK_EVERY: Duration = Duration::from_millis(33);
/// A session that receives nothing for this long is broken.
const STALLED_AFTER: Duration = Duration::from_mins(1);

/// A process of `examples/flood.rs` with an endless stream. Dropping it stops the process.
struct Flood {
    process: Child,
    port: u16,
}

impl Flood {
    fn start(topics: u64) -> Self {
        let folder = Path::new(env!("CARGO_BIN_EXE_mqttree")).parent().unwrap();
        let program = folder.join("examples").join("flood");
        // Free at this moment; nothing else is likely to get this port within the next milliseconds.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(&program)
            .args(["--messages", "1000000000000", "--payload", "json", "--topics", &topics.to_string()])
            .args(["--port", &port.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("{}: {error}; cargo build --example flood", program.display()));
        Self { process, port }
    }

    fn end(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
        // Its error output is the best explanation of a failure.
        let complaints = BufReader::new(self.process.stderr.take().unwrap());
        complaints.lines().map_while(Result::ok).for_each(|line| println!("{line}"));
    }
}

fn open(port: u16, version: MqttVersion, limits: Limits) -> Session {
    let options = ConnectOptions {
        host: "127.0.0.1".to_owned(),
        port,
        version: version.into(),
        subscriptions: vec![Subscription::new("#", QoS::AtMostOnce)],
        ..ConnectOptions::default()
    };
    let session = Session::open(options, Secret::default(), limits, Arc::new(|| {}));
    session.model().lock().expand_all();
    session
}

/// Does what the window does with a session in a frame.
fn look(session: &Session) {
    session.looked();
    let mut model = session.model().lock();
    let began = Instant::now();
    while model.roll_up(clock::now()) && began.elapsed() < Duration::from_millis(3) {}
    let middle = model.row_count() / 2;
    let shown = model.rows(middle, 60).filter_map(|row| model.node(row.node)?.topic);
    assert!(shown.map(|topic| topic.newest.payload().len()).all(|len| len > 0));
}

fn resident_bytes() -> usize {
    memory_stats::memory_stats().unwrap().physical_mem
}

/// Waits until everything received is in the model.
fn drain(session: &Session) -> Counters {
    session.disconnect();
    let end = Instant::now() + Duration::from_mins(1);
    loop {
        let counters = session.counters();
        if !session.status().state.is_connected() && counters.waiting == 0 {
            return counters;
        }
        assert!(Instant::now() < end, "{counters:?}");
        look(session);
        std::thread::yield_now();
    }
}

/// The stream cycles through the topics in order, so each topic's count follows from the total.
fn assert_every_message_is_counted(model: &Model, messages: u64) {
    let mut counts: Vec<u64> = Vec::new();
    for node in model.subtree(mqttree::model::NodeId::ROOT) {
        if let Some(topic) = model.node(node).and_then(|node| node.topic) {
            assert!(topic.kept > 0 && topic.kept + topic.evicted == topic.messages);
            counts.push(topic.messages);
        }
    }
    counts.sort_unstable();
    let (rounds, rest) = (messages / TOPICS, (messages % TOPICS) as usize);
    assert_eq!(counts.len() as u64, TOPICS);
    let split = counts.len() - rest;
    assert!(counts[..split].iter().all(|count| *count == rounds), "{messages} messages, {counts:?}");
    assert!(counts[split..].iter().all(|count| *count == rounds + 1), "{messages} messages, {counts:?}");
}

/// Polls both sessions as the window does until the condition holds; returns the largest size of the process meanwhile.
fn look_until(sessions: [&Session; 2], holds: impl Fn() -> bool) -> usize {
    let mut largest = resident_bytes();
    let received = || sessions.map(|session| session.counters().received);
    let (mut before, mut moved) = (received(), Instant::now());
    while !holds() {
        sessions.into_iter().for_each(look);
        largest = largest.max(resident_bytes());
        let now = received();
        if now.iter().zip(before).all(|(now, before)| *now > before) {
            (before, moved) = (now, Instant::now());
        }
        assert!(moved.elapsed() < STALLED_AFTER, "a session stalled at {now:?} messages");
        std::thread::sleep(LOOK_EVERY);
    }
    largest
}

/// Whether both budgets are used up and more is sent than received.
fn is_full(evicting: &Session, refusing: &Session) -> bool {
    let evicted = evicting.model().lock().stats().messages_evicted;
    let refused = refusing.model().lock().stats();
    evicted > 0 && refused.messages_evicted > 0 && refused.refused_messages > 0
}

#[test]
fn full_load_loses_nothing_and_takes_no_more_memory_once_everything_is_full() {
    let messages = std::env::var("MQTTREE_SOAK_MESSAGES").map_or(MESSAGES, |text| text.parse().unwrap());
    let (rounds, storm) = (Flood::start(TOPICS), Flood::start(STORM_TOPICS));
    let small = Limits { history_bytes: HISTORY_BYTES, ..Limits::default() };
    let evicting = open(rounds.port, MqttVersion::V3_1_1, small);
    let refusing = open(storm.port, MqttVersion::V5, Limits { tree_bytes: TREE_BYTES, ..small });
    let sessions = [&evicting, &refusing];

    let before = resident_bytes();
    let filling = look_until(sessions, || is_full(&evicting, &refusing));
    // Buffers, indexes and the allocator's reserve keep growing for a while after that.
    let [settling, first, second] = [(); 3].map(|()| {
        let ends = sessions.map(|session| session.counters().received + messages / 3);
        look_until(sessions, || {
            sessions.iter().zip(ends).all(|(session, end)| session.counters().received >= end)
        })
    });

    let (kept, refused) = (drain(&evicting), drain(&refusing));
    rounds.end();
    storm.end();
    look(&evicting);
    while evicting.model().lock().roll_up(clock::now()) {}

    let stats = evicting.model().lock().stats();
    println!("evicting: {kept:?}\n{stats:?}");
    assert_eq!((kept.lost, stats.messages, stats.refused_messages), (0, kept.received, 0));
    assert!(stats.messages_evicted > stats.messages / 2, "{stats:?}");
    assert!(stats.history_bytes <= HISTORY_BYTES, "{stats:?}");
    assert_every_message_is_counted(&evicting.model().lock(), kept.received);

    let stats = refusing.model().lock().stats();
    println!("refusing: {refused:?}\n{stats:?}");
    assert!(stats.refused_messages > 0 && stats.tree_bytes <= TREE_BYTES, "{stats:?}");
    assert_eq!((refused.lost, stats.messages + refused.lost), (stats.refused_messages, refused.received));

    let largest = [filling, settling, first, second];
    println!("resident: {before} bytes before, then up to {largest:?}");
    let planned = 2 * (HISTORY_BYTES + CHANNEL_BYTES) + TREE_BYTES + SLACK_BYTES;
    assert!(largest.iter().all(|bytes| *bytes <= before + planned), "{before}, {largest:?}");
    assert!(second <= first + GROWTH_BYTES_MAX, "{largest:?}");
}
