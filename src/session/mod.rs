//! One open connection: worker thread → channel → ingest thread → model, or [`Sink`].
//!
//! [`Session`] is the handle: the window and the command line hold it, read the model, the status and the counters
//! through it, and ask it to publish and subscribe. Only its `Drop` ever waits. Messages reach the model whether or
//! not anybody is looking.

mod backoff;
pub mod behind;
mod beside;
mod channel;
pub mod clock;
pub mod connection_log;
pub mod doctor;
mod inbox;
mod ingest;
pub mod packet_log;
mod publisher;
mod recorded;
mod recording;
pub mod replay;
pub mod request;
pub mod retained;
pub mod sending;
mod shared;
pub mod signals;
mod sink;
pub mod status;
mod wish;
mod worker;

use std::any::Any;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

use crossbeam_channel::RecvTimeoutError;
use parking_lot::FairMutex;
use tokio::sync::{mpsc, watch};

use crate::model::{Limits, Model};
use crate::mqtt::filter::{self, InvalidTopic};
use crate::mqtt::limits::SUBSCRIPTION_IDENTIFIER_MAX;
use crate::mqtt::link::{Memory, Request};
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secrets};
use crate::mqtt::publish::Unpublishable;
use crate::recording::{Recorder, Recording};
use crate::session::behind::Behind;
use crate::session::connection_log::Crash;
use crate::session::inbox::Inbox;
use crate::session::packet_log::PacketLog;
use crate::session::shared::Shared;
use crate::session::signals::Interruption;
use crate::session::status::{ConnectionState, Counters, Status, SubscriptionState};
use crate::session::wish::{Queued, Wish};
use crate::session::worker::Worker;

pub use crate::mqtt::options::Subscription;
pub use crate::mqtt::publish::Publish;
pub use crate::session::beside::beside;
pub use crate::session::publisher::SessionPublisher;
pub use crate::session::shared::Wake;
pub use crate::session::sink::{Gate, Sink};
pub use crate::session::wish::Goodbye;

/// How many requests may wait for the worker. A person never reaches it; a script that does gets [`Declined::Busy`].
const REQUESTS_MAX: usize = 4_096;
/// How many payload bytes the waiting requests may hold; a single larger one passes when nothing else waits.
const REQUEST_BYTES_MAX: u64 = 512 * 1024 * 1024;
/// Threads for blocking work: each hanging name resolution keeps one, and reading certificates needs one too.
const RESOLVERS_MAX: usize = 8;
/// How long `Drop` waits for DISCONNECT to be sent and the threads to end.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// Why a session declined a request. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declined {
    /// There is no connection. Messages are not kept for later: sending them then would surprise people.
    NotConnected,
    /// The message cannot be sent as it is.
    Publish(Unpublishable),
    /// The topic filter cannot be subscribed to.
    Filter(InvalidTopic),
    /// The subscription cannot have this identifier: a broker would end the connection over it.
    Identifier,
    /// The queue is full.
    Busy,
    /// The worker has ended.
    Ended,
}

impl From<Unpublishable> for Declined {
    fn from(why: Unpublishable) -> Self {
        Self::Publish(why)
    }
}

impl From<InvalidTopic> for Declined {
    fn from(why: InvalidTopic) -> Self {
        Self::Filter(why)
    }
}

/// An open connection, or the ongoing attempt to make one. Dropping it disconnects; do not hold the model's lock while
/// doing so.
pub struct Session {
    options: ConnectOptions,
    shared: Arc<Shared>,
    requests: mpsc::Sender<Queued>,
    publisher: SessionPublisher,
    wish: watch::Sender<Wish>,
    threads: Vec<JoinHandle<()>>,
    /// Closes when both threads have ended.
    ended: crossbeam_channel::Receiver<()>,
}

/// What a session connects to.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Where and how.
    pub options: ConnectOptions,
    /// The version that an earlier run found the broker to speak; tried first.
    pub presumed: Option<MqttVersion>,
    /// Whether it waits for [`Session::reconnect_now`] before it connects for the first time.
    pub is_held: bool,
}

impl From<ConnectOptions> for Opening {
    fn from(options: ConnectOptions) -> Self {
        Self { options, presumed: None, is_held: false }
    }
}

/// Reads a session's counters from any thread, even after the session has ended.
#[derive(Clone)]
pub struct Meter(Arc<Shared>);

impl Meter {
    /// The traffic numbers.
    pub fn read(&self) -> Counters {
        self.0.counters()
    }
}

impl Session {
    /// Starts to connect, and keeps trying. `wake` is called from other threads when there is something new to show,
    /// then not again until [`Session::looked`]. Failures appear in [`Session::status`].
    pub fn open(
        options: impl Into<Opening>,
        secrets: impl Into<Secrets>,
        limits: Limits,
        wake: Wake,
    ) -> Self {
        Self::start(options.into(), secrets.into(), limits, None, None, wake)
    }

    /// Starts to connect as [`Session::open`] does, but sends messages to `sink` and leaves the model empty. `wake`
    /// then reports only changes of the status.
    pub fn open_into(
        options: impl Into<Opening>,
        secrets: impl Into<Secrets>,
        sink: impl Sink,
        wake: Wake,
    ) -> Self {
        Self::start(options.into(), secrets.into(), Limits::default(), Some(Box::new(sink)), None, wake)
    }

    /// Starts to connect as [`Session::open_into`] does, and records everything that comes from the first message on.
    pub fn open_recording(
        options: impl Into<Opening>,
        secrets: impl Into<Secrets>,
        sink: impl Sink,
        recorder: Recorder,
        wake: Wake,
    ) -> Self {
        let (sink, recorder) = (Some(Box::new(sink) as Box<dyn Sink>), Some(Arc::new(recorder)));
        Self::start(options.into(), secrets.into(), Limits::default(), sink, recorder, wake)
    }

    /// Shows a recording as if it had been received: its messages, what happened to its connection, and what is missing.
    /// There is no connection, so nothing can be published or subscribed to.
    pub fn open_recorded(recording: Recording, limits: Limits, wake: Wake) -> Self {
        let (sender, _) = channel::bounded(channel::BYTES_MAX);
        let shared = Arc::new(Shared::new(Model::new(limits), sender.gauge(), wake));
        let (requests, _) = mpsc::channel(1);
        let (wish, watch) = watch::channel(Wish::default());
        shared.update(|status| status.state = ConnectionState::Recorded);
        let (alive, ended) = crossbeam_channel::bounded(0);
        let recording = Arc::new(recording);
        let reader = spawn("recording-reader", &shared, alive, {
            let shared = shared.clone();
            move || {
                recorded::run(&recording, limits, &shared, &watch);
                Ok(())
            }
        });
        let options =
            ConnectOptions { host: String::new(), subscriptions: Vec::new(), ..ConnectOptions::default() };
        let threads = reader.into_iter().collect();
        let publisher = SessionPublisher::new(&shared, &requests, options.version.first());
        Self { options, shared, requests, publisher, wish, threads, ended }
    }

    fn start(
        opening: Opening,
        secrets: Secrets,
        limits: Limits,
        mut sink: Option<Box<dyn Sink>>,
        recorder: Option<Arc<Recorder>>,
        wake: Wake,
    ) -> Self {
        let Opening { options, presumed, is_held } = opening;
        let bytes_max = if sink.is_some() { channel::SINK_BYTES_MAX } else { channel::BYTES_MAX };
        let (sender, receiver) = channel::bounded(bytes_max);
        let shared = Arc::new(Shared::new(Model::new(limits), sender.gauge(), wake));
        shared.set_recorder(recorder, &options.url());
        let (requests, queue) = mpsc::channel(REQUESTS_MAX);
        let (wish, watch) = watch::channel(Wish { connect: !is_held, ..Wish::default() });
        let client_id = client_id(&options);
        shared.update(|status| {
            status.client_id.clone_from(&client_id);
            options.subscriptions.iter().for_each(|subscription| want(status, subscription, usize::MAX));
        });
        let inbox =
            Inbox::new(options.clone(), client_id.clone(), shared.clone(), sender, queue, watch.clone());
        let inbox = inbox.with_gate(sink.as_mut().and_then(|sink| sink.gate()));
        let worker = Worker {
            options: options.clone(),
            secrets,
            client_id,
            shared: shared.clone(),
            wish: watch,
            inbox,
            memory: Memory::presuming(presumed),
        };
        let (alive, ended) = crossbeam_channel::bounded(0);
        let threads = [
            spawn("mqtt-ingest", &shared, alive.clone(), {
                let shared = shared.clone();
                move || {
                    match sink {
                        Some(mut sink) => ingest::run_into(&receiver, &shared, &mut *sink),
                        None => ingest::run(&receiver, &shared),
                    }
                    Ok(())
                }
            }),
            spawn("mqtt-worker", &shared, alive, move || run_worker(worker)),
        ];
        let publisher = SessionPublisher::new(&shared, &requests, options.version.first());
        Self {
            options,
            shared,
            requests,
            publisher,
            wish,
            threads: threads.into_iter().flatten().collect(),
            ended,
        }
    }

    /// What it connects to.
    pub fn options(&self) -> &ConnectOptions {
        &self.options
    }

    /// The model. The ingest thread holds its lock for a millisecond at most; the window should hold it no longer
    /// than a frame takes.
    pub fn model(&self) -> &Arc<FairMutex<Model>> {
        &self.shared.model
    }

    /// The state, the subscriptions, the log and the publish answers, as they are now. Cheap enough for once per frame.
    pub fn status(&self) -> Arc<Status> {
        self.shared.status()
    }

    /// The traffic numbers.
    pub fn counters(&self) -> Counters {
        self.shared.counters()
    }

    /// A reader of the traffic numbers that outlives the session.
    pub fn meter(&self) -> Meter {
        Meter(Arc::clone(&self.shared))
    }

    /// Call this before looking at the model and the status: later changes call `wake` again.
    pub fn looked(&self) {
        self.shared.looked();
    }

    /// Whether `wake` was called since [`Session::looked`]; if so, it is not called again before the next look.
    pub fn is_woken(&self) -> bool {
        self.shared.is_woken()
    }

    /// Asks to publish. The answer appears in [`Status::publishes`] under the returned number.
    pub fn publish(&self, publish: Publish) -> Result<u64, Declined> {
        self.publisher.publish(publish)
    }

    /// Who publishes for this session from another thread.
    pub fn publisher(&self) -> SessionPublisher {
        self.publisher.clone()
    }

    /// Subscribes now, if connected, and at every connect. A known filter gets the new options; a disabled one is kept
    /// without being subscribed to.
    pub fn subscribe(&self, subscription: &Subscription) -> Result<(), Declined> {
        self.put(subscription, usize::MAX)
    }

    /// Subscribes as [`Session::subscribe`] does, but inserts a new filter at this place in the list, so that a removed
    /// one comes back where it was.
    pub fn subscribe_at(&self, place: usize, subscription: &Subscription) -> Result<(), Declined> {
        self.put(subscription, place)
    }

    /// Replaces the subscription to `filter` with another one; if the filter changes too, the old one is unsubscribed
    /// from.
    pub fn change_subscription(&self, filter: &str, to: &Subscription) -> Result<(), Declined> {
        let place = self.status().subscriptions.iter().position(|known| known.wanted.filter == filter);
        check(to)?;
        if filter != to.filter {
            self.unsubscribe(filter)?;
        }
        self.put(to, place.unwrap_or(usize::MAX))
    }

    /// Subscribes to a filter in the list, or unsubscribes from it and keeps it in the list.
    pub fn set_enabled(&self, filter: &str, enabled: bool) -> Result<(), Declined> {
        let status = self.status();
        let known = status.subscriptions.iter().map(|state| &state.wanted);
        match known.into_iter().find(|wanted| wanted.filter == filter) {
            Some(wanted) if wanted.enabled != enabled => {
                self.put(&Subscription { enabled, ..wanted.clone() }, usize::MAX)
            }
            _ => Ok(()),
        }
    }

    /// Unsubscribes now, if connected, and does not subscribe again. Messages that came through the filter stay in the
    /// model.
    pub fn unsubscribe(&self, filter: &str) -> Result<(), Declined> {
        self.unsubscribe_with(filter, Vec::new())
    }

    /// Unsubscribes as [`Session::unsubscribe`] does, with these user properties of MQTT 5.
    pub fn unsubscribe_with(
        &self,
        filter: &str,
        user_properties: Vec<(String, String)>,
    ) -> Result<(), Declined> {
        self.shared.update(|status| {
            self.ask(Request::Unsubscribe { filter: filter.to_owned(), user_properties })?;
            status.subscriptions.retain(|known| known.wanted.filter != filter);
            Ok(())
        })
    }

    /// Adds the subscription or replaces the one to the same filter; a new one goes to this place in the list.
    fn put(&self, subscription: &Subscription, place: usize) -> Result<(), Declined> {
        check(subscription)?;
        // Under the status' lock: a worker that connects at this moment sees the order, the list, or both.
        self.shared.update(|status| {
            let known = status.subscriptions.iter().find(|known| known.wanted.filter == subscription.filter);
            if subscription.enabled {
                self.ask(Request::Subscribe(subscription.clone()))?;
            } else if known.is_some_and(|known| known.wanted.enabled) {
                self.ask(unsubscribe(subscription.filter.clone()))?;
            }
            want(status, subscription, place);
            Ok(())
        })
    }

    /// Records what comes from now on. A recorder that was there before ends.
    pub fn record(&self, recorder: Recorder) {
        let before = self.shared.set_recorder(Some(Arc::new(recorder)), &self.options.url());
        if let Some(before) = before {
            before.end();
        }
    }

    /// Ends the recording; what is left is written in the background, and the recorder tells when that is done.
    pub fn stop_recording(&self) -> Option<Arc<Recorder>> {
        let recorder = self.shared.set_recorder(None, "");
        if let Some(recorder) = &recorder {
            recorder.end();
        }
        recorder
    }

    /// Who records.
    pub fn recorder(&self) -> Option<Arc<Recorder>> {
        self.shared.recorder()
    }

    /// The recording that holds what has left the memory, if there is one.
    pub fn behind(&self) -> Option<Behind> {
        self.shared.behind()
    }

    /// Turns the packet log on or off. What it holds stays.
    pub fn set_trace(&self, on: bool) {
        self.shared.packet_log.set(on);
    }

    /// The packet log. Off until [`Session::set_trace`].
    pub fn packet_log(&self) -> &Arc<PacketLog> {
        &self.shared.packet_log
    }

    /// Disconnects and stays disconnected until [`Session::reconnect_now`]. The model is kept.
    pub fn disconnect(&self) {
        self.disconnect_with(Goodbye::default());
    }

    /// Disconnects in this way. [`Session::disconnect`] allows a second for queued messages to be sent first, and has nothing
    /// more to say to the broker.
    pub fn disconnect_with(&self, goodbye: Goodbye) {
        self.wish.send_modify(|wish| {
            wish.connect = false;
            wish.goodbye = goodbye;
        });
    }

    /// How to disconnect when the system ends the program. As mosquitto_sub: in MQTT 5 the broker is asked to publish the
    /// will. In older versions, where only a missing DISCONNECT does that, Ctrl-C and SIGTERM leave in order; SIGHUP, which
    /// mosquitto_sub dies of, does not.
    pub fn goodbye_at(&self, end: Interruption) -> Goodbye {
        let goodbye = Goodbye::default();
        let publishes_will = end == Interruption::HangUp || self.spoken() == MqttVersion::V5;
        if self.options.will.is_some() && publishes_will { goodbye.with_will() } else { goodbye }
    }

    /// Connects at once: ends a pause between attempts, or a disconnection. Does nothing while a connection stands.
    pub fn reconnect_now(&self) {
        self.wish.send_modify(|wish| {
            wish.connect = true;
            wish.hurry += 1;
        });
    }

    /// The MQTT version in use, or the one to be tried first.
    fn spoken(&self) -> MqttVersion {
        self.publisher.spoken()
    }

    fn ask(&self, request: Request) -> Result<(), Declined> {
        publisher::ask(&self.requests, request)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.wish.send_modify(|wish| wish.stop = true);
        match self.ended.recv_timeout(STOP_TIMEOUT) {
            Err(RecvTimeoutError::Timeout) => {
                log::warn!(
                    "a session's threads did not end in {} s and are left alone",
                    STOP_TIMEOUT.as_secs()
                );
            }
            // Nothing is ever sent: both threads have ended, and joining them does not wait.
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                for thread in self.threads.drain(..) {
                    if thread.join().is_err() {
                        log::error!("a session's thread panicked while it ended");
                    }
                }
            }
        }
        if let Some(recorder) = self.stop_recording()
            && !recorder.finish(STOP_TIMEOUT)
        {
            log::warn!("a recording is still being written");
        }
    }
}

/// The client ID to send: the one chosen, or a random one that no other client has.
fn client_id(options: &ConnectOptions) -> String {
    if options.client_id.is_empty() {
        format!("mqttree-{:08x}", fastrand::u32(..))
    } else {
        options.client_id.clone()
    }
}

/// The request to unsubscribe from a filter.
fn unsubscribe(filter: String) -> Request {
    Request::Unsubscribe { filter, user_properties: Vec::new() }
}

/// Declines a subscription that no broker accepts.
fn check(subscription: &Subscription) -> Result<(), Declined> {
    filter::check_filter(&subscription.filter)?;
    let is_valid = |identifier| (1..=SUBSCRIPTION_IDENTIFIER_MAX).contains(&identifier);
    if subscription.identifier.is_none_or(is_valid) { Ok(()) } else { Err(Declined::Identifier) }
}

/// Adds a subscription to those wanted, at this place or at the end; a later one replaces an earlier one to the same
/// filter.
fn want(status: &mut Status, subscription: &Subscription, place: usize) {
    let wanted = SubscriptionState::new(subscription.clone());
    match status.subscriptions.iter_mut().find(|known| known.wanted.filter == subscription.filter) {
        Some(known) => *known = wanted,
        None => status.subscriptions.insert(place.min(status.subscriptions.len()), wanted),
    }
}

/// Starts a thread whose panic or error ends up in the status.
fn spawn(
    name: &'static str,
    shared: &Arc<Shared>,
    alive: crossbeam_channel::Sender<()>,
    run: impl FnOnce() -> io::Result<()> + Send + 'static,
) -> Option<JoinHandle<()>> {
    let seen = shared.clone();
    let spawned = Builder::new().name(name.to_owned()).spawn(move || {
        let _alive = alive;
        match catch_unwind(AssertUnwindSafe(run)) {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                seen.crashed(Crash::Ended { thread: name, reason: Some(error.to_string()) });
            }
            Err(panic) => seen.crashed(Crash::Ended { thread: name, reason: message(&*panic) }),
        }
    });
    spawned
        .inspect_err(|error| {
            shared.crashed(Crash::NotStarted { thread: name, error: error.to_string() });
        })
        .ok()
}

/// A panic's message, if it has one.
fn message(panic: &(dyn Any + Send)) -> Option<String> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned())
}

/// Runs the worker in a runtime of its own.
fn run_worker(worker: Worker) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .thread_name("mqtt-resolver")
        .max_blocking_threads(RESOLVERS_MAX)
        .build()?;
    runtime.block_on(worker.run());
    // A hanging name resolution must not keep the thread alive.
    runtime.shutdown_background();
    Ok(())
}
