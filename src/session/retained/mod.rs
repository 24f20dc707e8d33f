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

mod clerk;
mod collector;
mod work;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use crossbeam_channel::Sender;
use parking_lot::Mutex;

use crate::message::{PublishProperties, QoS};
use crate::mqtt::options::{ConnectOptions, Secrets, Subscription};
use crate::session::retained::clerk::Clerk;
use crate::session::retained::collector::{Collector, RetainedListing};
use crate::session::status::{Failure, Rejection};
use crate::session::{Session, SessionPublisher, Wake, beside};

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
    /// Messages are being published under other topics or elsewhere: so many of so many.
    Copying(usize, usize),
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
    /// So many were published under other topics or elsewhere, and these could not be.
    Copied(usize, Vec<String>),
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

/// Where retained messages are copied to.
#[derive(Clone, Debug)]
pub struct CopyOrder {
    /// What to copy, and the topic of each copy.
    pub topics: Vec<(String, String)>,
    /// Who publishes the copies: the same session or another one.
    pub publisher: SessionPublisher,
    /// Messages a second.
    pub per_second: u32,
}

enum DeskOrder {
    List(String),
    Clear(Vec<String>, u32),
    PutBack(u32),
    Copy(CopyOrder),
    Fetch(Vec<String>),
}

struct Desk {
    listing: Mutex<RetainedListing>,
    state: Mutex<DeskState>,
    /// Messages with their QoS, as they were asked for.
    fetched: Mutex<Option<Vec<Arc<RetainedMessage>>>>,
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
            fetched: Mutex::default(),
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
        let clerk = Clerk::new(Arc::clone(&desk), session, subscription, queue, keep, alive);
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

    /// Publishes retained messages under other topics or elsewhere, with QoS and properties.
    pub fn copy(&self, order: CopyOrder) {
        self.order(DeskOrder::Copy(order));
    }

    /// Asks for the QoS of these messages; [`RetainedDesk::take_fetched`] has them then.
    pub fn fetch(&self, topics: Vec<String>) {
        self.order(DeskOrder::Fetch(topics));
    }

    /// The messages that were fetched, once.
    pub fn take_fetched(&self) -> Option<Vec<Arc<RetainedMessage>>> {
        self.desk.fetched.lock().take()
    }

    /// Stops a clear, its undoing or a copy.
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
