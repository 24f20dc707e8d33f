//! What a broker retains below a topic, asked of the broker itself by a connection of its own.
//!
//! A live flag cannot tell what is retained: brokers forward messages without it, and what was cleared meanwhile still
//! shows. [`RetainedDesk`] therefore subscribes anew and collects what comes with the flag. It also clears messages, at a
//! pace, compares with the broker afterwards, and publishes back what it cleared.
//!
//! The list is asked for at QoS 0, since mosquitto drops what exceeds its queue of 1,000 messages at QoS 1 and 2. The QoS
//! of what is to be cleared is asked for before, topic by topic, so that it can be published back as it was.
//!
//! Nothing here waits for the caller: a thread of its own holds the second session.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use parking_lot::Mutex;

use crate::message::{MessageRef, Payload, PublishProperties, QoS};
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secrets, Subscription};
use crate::session::status::{Failure, Grant, Rejection};
use crate::session::{Declined, Publish, Session, Sink, Wake, beside};

/// How long nothing may have come before a list counts as complete: MQTT does not say where it ends.
const QUIET: Duration = Duration::from_millis(600);
/// How often the thread looks at its session, and publishes its share.
const TICK: Duration = Duration::from_millis(10);
/// How often a growing list is handed on.
const SHOW_EVERY: Duration = Duration::from_millis(200);
/// The largest list, in bytes of topics and payloads.
const LIST_BYTES_MAX: usize = 512 * 1024 * 1024;
/// How many topics are asked for their QoS at a time.
const QOS_CHUNK: usize = 500;
/// How often a clear is tried again although nothing more goes.
const ROUNDS_MAX: u32 = 3;

/// A message that the broker retains.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RetainedMessage {
    /// Topic.
    pub topic: String,
    /// Payload, never empty.
    pub payload: Bytes,
    /// QoS at which it was published, once it is known.
    pub qos: Option<QoS>,
    /// MQTT 5 properties; the message expiry is what is left of it.
    pub properties: PublishProperties,
}

/// What the desk is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetainedPhase {
    /// There is no connection; the reason, if one was given. It goes on by itself.
    Waiting(Option<Box<Failure>>),
    /// The broker is being asked.
    Listing,
    /// The list is complete.
    Listed,
    /// The broker refused the subscription.
    Refused(Rejection),
    /// QoS of what will be cleared is asked for: so many of so many topics.
    Preparing(usize, usize),
    /// Messages are being cleared: so many of so many.
    Clearing(usize, usize),
    /// Messages are being published back: so many of so many.
    PuttingBack(usize, usize),
}

/// How a clear or its undoing ended, as compared with the broker afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RetainedOutcome {
    /// So many were cleared, and these are still retained.
    Cleared(usize, Vec<String>),
    /// A person stopped it: so many were cleared, so many of the chosen are still retained.
    Stopped(usize, usize),
    /// So many were published back, and these are still missing.
    PutBack(usize, Vec<String>),
    /// Nothing was cleared, because it could not be kept for undoing; the system's reason.
    NotKept(String),
}

/// The desk as it is now.
#[derive(Clone, Debug)]
pub struct DeskState {
    /// The topic filter of the list.
    pub filter: Arc<str>,
    /// What it is doing.
    pub phase: RetainedPhase,
    /// What is retained, by topic.
    pub messages: Arc<Vec<Arc<RetainedMessage>>>,
    /// Changes with `messages`.
    pub version: u64,
    /// Whether the list was cut because it became too large.
    pub is_cut: bool,
    /// How the last clear or undoing ended.
    pub outcome: Option<Arc<RetainedOutcome>>,
    /// How many messages of the last clear can be published back.
    pub undoable: usize,
}

/// Keeps on disk what is about to be cleared.
pub type KeepCleared = Box<dyn FnMut(&[Arc<RetainedMessage>]) -> std::io::Result<()> + Send>;

enum DeskOrder {
    List(String),
    Clear(Vec<String>, u32),
    PutBack(u32),
}

#[derive(Default)]
struct RetainedListing {
    found: BTreeMap<String, RetainedMessage>,
    bytes: usize,
    is_cut: bool,
    last: Option<Instant>,
    /// Topics whose QoS is asked for, and which are known by now.
    asked: HashSet<String>,
    learned: BTreeMap<String, QoS>,
}

struct Desk {
    listing: Mutex<RetainedListing>,
    state: Mutex<DeskState>,
    stopping: AtomicBool,
    wake: Wake,
}

/// The handle. Dropping it ends the second connection; nothing waits for that.
pub struct RetainedDesk {
    desk: Arc<Desk>,
    orders: Sender<DeskOrder>,
    /// Nothing is sent through it: it closes when the handle goes.
    _alive: Sender<()>,
}

impl std::fmt::Debug for RetainedDesk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RetainedDesk").finish_non_exhaustive()
    }
}

impl RetainedDesk {
    /// Connects as these options say, under a client ID of its own, and lists what matches the filter. `wake` is called
    /// when the state has changed; `keep` puts on disk what is cleared, before that.
    pub fn open(
        options: &ConnectOptions,
        secrets: Secrets,
        filter: &str,
        keep: KeepCleared,
        wake: Wake,
    ) -> std::io::Result<Self> {
        let state = DeskState {
            filter: filter.into(),
            phase: RetainedPhase::Waiting(None),
            messages: Arc::default(),
            version: 0,
            is_cut: false,
            outcome: None,
            undoable: 0,
        };
        let desk = Arc::new(Desk {
            listing: Mutex::default(),
            state: Mutex::new(state),
            stopping: false.into(),
            wake,
        });
        let (orders, queue) = crossbeam_channel::bounded(16);
        let (held, alive) = crossbeam_channel::bounded(0);
        let subscription = Subscription { filter: filter.to_owned(), ..Subscription::default() };
        let session = Session::open_into(
            beside(options, vec![subscription.clone()]),
            secrets,
            Collector(Arc::clone(&desk)),
            Arc::new(|| ()),
        );
        let clerk = Clerk {
            desk: Arc::clone(&desk),
            session,
            subscription,
            queue,
            keep,
            cleared: Vec::new(),
            connects: 0,
            alive,
        };
        std::thread::Builder::new().name("mqtt-retained".to_owned()).spawn(move || clerk.run())?;
        Ok(Self { desk, orders, _alive: held })
    }

    /// The state as it is now. Cheap enough for once per frame.
    pub fn state(&self) -> DeskState {
        self.desk.state.lock().clone()
    }

    /// Asks the broker anew, for what matches this filter. What was cleared before can still be published back.
    pub fn list(&self, filter: &str) {
        self.order(DeskOrder::List(filter.to_owned()));
    }

    /// Clears the retained messages of these topics, so many a second.
    pub fn clear(&self, topics: Vec<String>, per_second: u32) {
        self.order(DeskOrder::Clear(topics, per_second));
    }

    /// Publishes back what the last clear took that was not undone, so many a second.
    pub fn put_back(&self, per_second: u32) {
        self.order(DeskOrder::PutBack(per_second));
    }

    /// Stops a clear or its undoing.
    pub fn stop(&self) {
        self.desk.stopping.store(true, Ordering::Relaxed);
    }

    fn order(&self, order: DeskOrder) {
        // A person gives one order at a time; a full queue means that a click was one too many.
        if self.orders.try_send(order).is_err() {
            log::warn!("the list of retained messages is busy");
        }
    }
}

struct Collector(Arc<Desk>);

impl Sink for Collector {
    fn message(&mut self, message: MessageRef<'_>, _packet_id: u16) {
        let Ok(topic) = std::str::from_utf8(message.topic) else { return };
        if !message.flags.retain {
            return;
        }
        let mut listing = self.0.listing.lock();
        listing.last = Some(Instant::now());
        let payload = match message.payload {
            Payload::Small(bytes) => Bytes::copy_from_slice(bytes),
            Payload::Large(bytes) => bytes.clone(),
        };
        if payload.is_empty() {
            // Only MQTT 5 tells: somebody has just cleared it.
            listing.found.remove(topic);
            return;
        }
        if listing.asked.remove(topic) {
            listing.learned.insert(topic.to_owned(), message.flags.qos);
            return;
        }
        listing.bytes += topic.len() + payload.len();
        if listing.bytes > LIST_BYTES_MAX {
            listing.is_cut = true;
            return;
        }
        let properties = message.properties.map(|properties| PublishProperties {
            subscription_identifiers: Vec::new(),
            ..PublishProperties::clone(properties)
        });
        let properties = properties.unwrap_or_default();
        let message = RetainedMessage { topic: topic.to_owned(), payload, qos: None, properties };
        listing.found.insert(topic.to_owned(), message);
    }

    fn idle(&mut self) {}
}

/// Why work was interrupted.
enum Halt {
    /// The connection is gone: it goes on after the next one.
    Lost,
    /// A person stopped it.
    Stopped,
    /// The handle is gone.
    Ended,
}

/// What one clear took, and the filter under which it was found.
struct ClearedBatch {
    filter: String,
    messages: Vec<Arc<RetainedMessage>>,
}

struct Clerk {
    desk: Arc<Desk>,
    session: Session,
    subscription: Subscription,
    queue: Receiver<DeskOrder>,
    keep: KeepCleared,
    cleared: Vec<ClearedBatch>,
    /// The connection for which the list was made.
    connects: u32,
    alive: Receiver<()>,
}

impl Clerk {
    fn run(mut self) {
        let mut order = Some(DeskOrder::List(self.subscription.filter.clone()));
        loop {
            let done = match order.take() {
                Some(DeskOrder::List(filter)) => {
                    self.desk.state.lock().outcome = None;
                    self.look_below(&filter);
                    self.list_until_complete()
                }
                Some(DeskOrder::Clear(topics, per_second)) => self.clear(&topics, per_second),
                Some(DeskOrder::PutBack(per_second)) => self.put_back(per_second),
                None => Ok(()),
            };
            if matches!(done, Err(Halt::Ended)) {
                return;
            }
            order = match self.queue.recv() {
                Ok(order) => Some(order),
                Err(_) => return,
            };
            self.desk.stopping.store(false, Ordering::Relaxed);
        }
    }

    /// Lists, and begins anew for as long as the connection is lost meanwhile.
    fn list_until_complete(&mut self) -> Result<(), Halt> {
        loop {
            match self.list() {
                Err(Halt::Lost) => {}
                done => return done,
            }
        }
    }

    /// Lists what matches another filter from now on.
    fn look_below(&mut self, filter: &str) {
        if self.subscription.filter == filter {
            return;
        }
        if let Err(why) = self.session.unsubscribe(&self.subscription.filter) {
            log::warn!("the list of retained messages stays subscribed: {why:?}");
        }
        filter.clone_into(&mut self.subscription.filter);
        self.desk.state.lock().filter = filter.into();
    }

    fn list(&mut self) -> Result<(), Halt> {
        self.list_as(&RetainedPhase::Listing)
    }

    /// Asks the broker for everything and waits until nothing more comes.
    fn list_as(&mut self, phase: &RetainedPhase) -> Result<(), Halt> {
        self.await_connection()?;
        *self.desk.listing.lock() =
            RetainedListing { last: Some(Instant::now()), ..RetainedListing::default() };
        if self.session.subscribe(&self.subscription).is_err() {
            return Err(Halt::Lost);
        }
        self.set(phase.clone());
        let mut shown = Instant::now();
        loop {
            self.pause()?;
            self.check_connection()?;
            let status = self.session.status();
            let grant = status.subscriptions.iter().find(|known| known.wanted == self.subscription);
            match grant.map(|known| &known.grant) {
                Some(Grant::Granted(_)) => {}
                Some(Grant::Refused(why)) => {
                    self.set(RetainedPhase::Refused(why.clone()));
                    return Err(Halt::Stopped);
                }
                _ => {
                    self.desk.listing.lock().last = Some(Instant::now());
                    continue;
                }
            }
            if shown.elapsed() >= SHOW_EVERY && *phase == RetainedPhase::Listing {
                self.show();
                shown = Instant::now();
            }
            if self.desk.listing.lock().last.is_some_and(|last| last.elapsed() >= QUIET) {
                self.show();
                self.set(RetainedPhase::Listed);
                return Ok(());
            }
        }
    }

    fn clear(&mut self, topics: &[String], per_second: u32) -> Result<(), Halt> {
        let chosen: HashSet<&str> = topics.iter().map(String::as_str).collect();
        let taken = self.learn(topics)?;
        if let Err(why) = (self.keep)(&taken) {
            self.end(RetainedOutcome::NotKept(why.to_string()));
            return Ok(());
        }
        let filter = self.subscription.filter.clone();
        self.cleared.push(ClearedBatch { filter, messages: taken.clone() });
        let mut rounds = 0;
        let mut left: Vec<String> = taken.iter().map(|message| message.topic.clone()).collect();
        loop {
            let before = left.len();
            let sent = self.send(per_second, left.len(), &RetainedPhase::Clearing, |index| Publish {
                topic: left.get(index).cloned().unwrap_or_default(),
                retain: true,
                ..Publish::default()
            });
            if matches!(sent, Err(Halt::Ended)) {
                return sent;
            }
            let is_stopped = matches!(sent, Err(Halt::Stopped));
            self.desk.stopping.store(false, Ordering::Relaxed);
            let total = taken.len();
            match self.list_as(&RetainedPhase::Clearing(total - left.len().min(total), total)) {
                Err(Halt::Lost) => continue,
                Err(halt) => return Err(halt),
                Ok(()) => {}
            }
            left = self.still_retained(&chosen);
            if is_stopped {
                self.forget_what_stayed(&left);
                self.end(RetainedOutcome::Stopped(total - left.len().min(total), left.len()));
                return Ok(());
            }
            rounds = if left.len() < before { 0 } else { rounds + 1 };
            if left.is_empty() || rounds >= ROUNDS_MAX {
                self.forget_what_stayed(&left);
                self.end(RetainedOutcome::Cleared(total - left.len().min(total), left));
                return Ok(());
            }
        }
    }

    /// What is still retained need not be published back.
    fn forget_what_stayed(&mut self, left: &[String]) {
        let left: HashSet<&str> = left.iter().map(String::as_str).collect();
        if let Some(batch) = self.cleared.last_mut() {
            batch.messages.retain(|message| !left.contains(message.topic.as_str()));
        }
        self.cleared.retain(|batch| !batch.messages.is_empty());
    }

    fn put_back(&mut self, per_second: u32) -> Result<(), Halt> {
        let Some(ClearedBatch { filter, messages }) = self.cleared.pop() else { return Ok(()) };
        self.look_below(&filter);
        let mut rounds = 0;
        let mut left: Vec<Arc<RetainedMessage>> = messages.clone();
        loop {
            let before = left.len();
            let has_properties = self.session.spoken() == MqttVersion::V5;
            let sent = self.send(per_second, left.len(), &RetainedPhase::PuttingBack, |index| {
                left.get(index).map_or_else(Publish::default, |message| Publish {
                    topic: message.topic.clone(),
                    payload: message.payload.clone(),
                    topic_alias: None,
                    qos: message.qos.unwrap_or_default(),
                    retain: true,
                    properties: if has_properties {
                        message.properties.clone()
                    } else {
                        PublishProperties::default()
                    },
                })
            });
            if matches!(sent, Err(Halt::Ended)) {
                return sent;
            }
            let is_stopped = matches!(sent, Err(Halt::Stopped));
            self.desk.stopping.store(false, Ordering::Relaxed);
            match self.list_as(&RetainedPhase::PuttingBack(messages.len() - left.len(), messages.len())) {
                Err(Halt::Lost) => continue,
                Err(halt) => return Err(halt),
                Ok(()) => {}
            }
            let listing = self.desk.listing.lock();
            left.retain(|message| !listing.found.contains_key(&message.topic));
            drop(listing);
            rounds = if left.len() < before { 0 } else { rounds + 1 };
            if left.is_empty() || is_stopped || rounds >= ROUNDS_MAX {
                let missing = left.iter().map(|message| message.topic.clone()).collect();
                let restored = messages.len() - left.len();
                if !left.is_empty() {
                    self.cleared.push(ClearedBatch { filter, messages: left });
                }
                self.end(RetainedOutcome::PutBack(restored, missing));
                return Ok(());
            }
        }
    }

    /// The messages of these topics with the QoS at which they were published.
    fn learn(&mut self, topics: &[String]) -> Result<Vec<Arc<RetainedMessage>>, Halt> {
        let mut known: BTreeMap<String, QoS> = BTreeMap::new();
        for chunk in topics.chunks(QOS_CHUNK) {
            loop {
                self.set(RetainedPhase::Preparing(known.len(), topics.len()));
                match self.learn_chunk(chunk) {
                    Ok(learned) => {
                        known.extend(learned);
                        break;
                    }
                    // Everything is sent again at a new connection, at QoS 0, and must not be taken for an answer.
                    Err(Halt::Lost) => self.list_until_complete()?,
                    Err(Halt::Stopped) => {
                        self.end(RetainedOutcome::Stopped(0, topics.len()));
                        return Err(Halt::Stopped);
                    }
                    Err(Halt::Ended) => return Err(Halt::Ended),
                }
            }
        }
        let listing = self.desk.listing.lock();
        let found = topics.iter().filter_map(|topic| listing.found.get(topic));
        let with_qos = |message: &RetainedMessage| {
            Arc::new(RetainedMessage { qos: known.get(&message.topic).copied(), ..message.clone() })
        };
        Ok(found.map(with_qos).collect())
    }

    fn learn_chunk(&mut self, topics: &[String]) -> Result<BTreeMap<String, QoS>, Halt> {
        self.await_connection()?;
        {
            let mut listing = self.desk.listing.lock();
            listing.asked = topics.iter().cloned().collect();
            listing.learned.clear();
            listing.last = Some(Instant::now());
        }
        for topic in topics {
            self.insist(|session| session.subscribe(&Subscription::new(topic.clone(), QoS::ExactlyOnce)))?;
        }
        loop {
            self.pause()?;
            self.check_connection()?;
            let listing = self.desk.listing.lock();
            if listing.asked.is_empty() || listing.last.is_some_and(|last| last.elapsed() >= 3 * QUIET) {
                break;
            }
        }
        for topic in topics {
            self.insist(|session| session.unsubscribe(topic))?;
        }
        Ok(std::mem::take(&mut self.desk.listing.lock().learned))
    }

    /// Publishes so many messages at a pace. They are compared with the broker afterwards, so no answer is waited for.
    fn send(
        &mut self,
        per_second: u32,
        total: usize,
        phase: &dyn Fn(usize, usize) -> RetainedPhase,
        message: impl Fn(usize) -> Publish,
    ) -> Result<(), Halt> {
        self.await_connection()?;
        let began = Instant::now();
        let mut sent = 0;
        while sent < total {
            let due = (began.elapsed().as_secs_f64() * f64::from(per_second)).ceil() as usize;
            while sent < due.min(total) {
                match self.session.publish(message(sent)) {
                    Err(Declined::Busy) => break,
                    Err(Declined::NotConnected | Declined::Ended) => return Err(Halt::Lost),
                    // What cannot be published at all shows in the comparison.
                    Ok(_) | Err(_) => sent += 1,
                }
            }
            self.set(phase(sent, total));
            if self.desk.stopping.load(Ordering::Relaxed) {
                return Err(Halt::Stopped);
            }
            self.pause()?;
            self.check_connection()?;
        }
        Ok(())
    }

    /// Repeats a request for as long as the queue is full.
    fn insist(&mut self, ask: impl Fn(&Session) -> Result<(), Declined>) -> Result<(), Halt> {
        loop {
            match ask(&self.session) {
                Ok(()) => return Ok(()),
                Err(Declined::Busy) => self.pause()?,
                Err(_) => return Err(Halt::Lost),
            }
        }
    }

    fn still_retained(&self, chosen: &HashSet<&str>) -> Vec<String> {
        let listing = self.desk.listing.lock();
        listing.found.keys().filter(|topic| chosen.contains(topic.as_str())).cloned().collect()
    }

    fn await_connection(&mut self) -> Result<(), Halt> {
        loop {
            let status = self.session.status();
            if status.state.is_connected() {
                self.connects = status.connects;
                return Ok(());
            }
            self.set(RetainedPhase::Waiting(status.failure.clone().map(Box::new)));
            self.pause()?;
            if self.desk.stopping.load(Ordering::Relaxed) {
                return Err(Halt::Stopped);
            }
        }
    }

    /// Whether the connection is still the one that was there at the beginning.
    fn check_connection(&self) -> Result<(), Halt> {
        let status = self.session.status();
        let is_same = status.state.is_connected() && status.connects == self.connects;
        if is_same { Ok(()) } else { Err(Halt::Lost) }
    }

    /// Waits for a tick.
    fn pause(&self) -> Result<(), Halt> {
        match self.alive.recv_timeout(TICK) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(Halt::Ended),
        }
    }

    fn set(&self, phase: RetainedPhase) {
        let mut state = self.desk.state.lock();
        if state.phase != phase {
            state.phase = phase;
            drop(state);
            (self.desk.wake)();
        }
    }

    fn end(&self, outcome: RetainedOutcome) {
        let mut state = self.desk.state.lock();
        state.outcome = Some(Arc::new(outcome));
        state.undoable = self.cleared.last().map_or(0, |batch| batch.messages.len());
        state.phase = RetainedPhase::Listed;
        drop(state);
        (self.desk.wake)();
    }

    /// Hands the list on.
    fn show(&self) {
        let listing = self.desk.listing.lock();
        let messages = listing.found.values().cloned().map(Arc::new).collect();
        let is_cut = listing.is_cut;
        drop(listing);
        let mut state = self.desk.state.lock();
        (state.messages, state.is_cut) = (Arc::new(messages), is_cut);
        state.version += 1;
        drop(state);
        (self.desk.wake)();
    }
}
