//! The worker's side of a link: messages into batches, events into the status, requests out of the queue.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, watch};

use crate::message::QoS;
use crate::mqtt::link::{Accept, Answer, Connected, Event, Exchange, Received, Request, Then};
use crate::mqtt::options::{ConnectOptions, MqttVersion, VersionChoice};
use crate::mqtt::step::{StepOutcome, TakenStep};
use crate::mqtt::trace::PacketRecord;
use crate::session::batcher::Batcher;
use crate::session::channel::Sender;
use crate::session::clock;
use crate::session::orders::{Order, Orders};
use crate::session::shared::Shared;
use crate::session::status::{
    ConnectionState, Grant, Level, PublishOutcome, PublishResult, Security, Status, SubscriptionState,
    TlsInfo,
};
use crate::words::{self, Language};

/// More filters are not unsubscribed from at the next connect; a person does not remove so many in one breath.
const FORGOTTEN_MAX: usize = 1_024;

/// What a publish was, for its answer.
struct Asked {
    topic: String,
    since: Instant,
}

/// One per session, lent to one link after the other.
pub(super) struct Inbox {
    options: ConnectOptions,
    /// The client ID that is sent.
    client_id: String,
    shared: Arc<Shared>,
    /// Where the messages go.
    pub(super) batcher: Batcher,
    requests: mpsc::Receiver<Order>,
    orders: watch::Receiver<Orders>,
    /// Subscriptions to make because the connection is new.
    first: VecDeque<Request>,
    /// Filters that were unsubscribed from and that the broker has not confirmed: a session that it kept may still have
    /// them.
    forgotten: Vec<String>,
    asked: HashMap<u64, Asked>,
    disconnecting: bool,
    connected_at: Option<Instant>,
}

impl Inbox {
    pub(super) fn new(
        options: ConnectOptions,
        client_id: String,
        shared: Arc<Shared>,
        sender: Sender,
        requests: mpsc::Receiver<Order>,
        orders: watch::Receiver<Orders>,
    ) -> Self {
        Self {
            options,
            client_id,
            batcher: Batcher::new(shared.clone(), sender),
            shared,
            requests,
            orders,
            first: VecDeque::new(),
            forgotten: Vec::new(),
            asked: HashMap::new(),
            disconnecting: false,
            connected_at: None,
        }
    }

    /// A link begins: nothing of the one before counts.
    pub(super) fn begin_link(&mut self) {
        self.first.clear();
        self.disconnecting = false;
        self.connected_at = None;
    }

    /// Since when the current link is connected.
    pub(super) fn connected_at(&self) -> Option<Instant> {
        self.connected_at
    }

    /// A link ended: nothing is granted any more, and no answer will come, unless the broker keeps the session and the
    /// next link continues it.
    pub(super) fn end_link(&mut self, then: Then) {
        if self.options.clean_session || then == Then::Stop {
            self.forget_asked();
        }
        self.forget_requests();
        self.shared.update(|status| {
            status.subscriptions.iter_mut().for_each(SubscriptionState::begin);
        });
    }

    /// What was sent will not be answered any more.
    fn forget_asked(&mut self) {
        let lost: Vec<_> = self.asked.drain().collect();
        for (token, asked) in lost {
            self.publish_outcome(token, asked.topic, PublishOutcome::Lost);
        }
    }

    /// What waits to be sent belongs to no link any more: publishes are answered, subscriptions are in the status and
    /// are made at the next connect.
    fn forget_requests(&mut self) {
        while let Ok(order) = self.requests.try_recv() {
            self.refuse(order);
        }
    }

    /// Answers what is asked for while there is no connection, until dropped.
    pub(super) async fn refuse_requests(&mut self) {
        while let Some(order) = self.requests.recv().await {
            self.refuse(order);
        }
        // The handle is gone; what comes next is the order to stop.
        std::future::pending::<()>().await;
    }

    fn refuse(&mut self, order: Order) {
        match order {
            Order::Publish { token, publish, .. } => {
                let bytes = publish.payload.len() as u64;
                self.shared.numbers.requested_bytes.fetch_sub(bytes, Ordering::Relaxed);
                self.publish_outcome(token, publish.topic, PublishOutcome::Lost);
            }
            Order::Unsubscribe(filter) => self.forget(&filter),
            Order::Subscribe(_) => {}
        }
    }

    /// Remembers a filter that is to be unsubscribed from, until the broker has confirmed it.
    fn forget(&mut self, filter: &str) {
        if self.forgotten.len() < FORGOTTEN_MAX && !self.forgotten.iter().any(|known| known == filter) {
            self.forgotten.push(filter.to_owned());
        }
    }

    /// What the link is to do for `order`, unless it has become pointless.
    fn accept(&mut self, order: Order) -> Request {
        match order {
            Order::Publish { token, since, publish } => {
                self.shared
                    .numbers
                    .requested_bytes
                    .fetch_sub(publish.payload.len() as u64, Ordering::Relaxed);
                self.asked.insert(token, Asked { topic: publish.topic.clone(), since });
                Request::Publish(token, publish)
            }
            Order::Subscribe(subscription) => Request::Subscribe(subscription),
            Order::Unsubscribe(filter) => {
                self.forget(&filter);
                Request::Unsubscribe(filter)
            }
        }
    }

    /// DISCONNECT, or what was asked for before it and has a meaning for the broker still.
    fn next_to_last(&mut self) -> Request {
        while let Ok(order) = self.requests.try_recv() {
            match order {
                Order::Unsubscribe(_) => return self.accept(order),
                order => self.refuse(order),
            }
        }
        self.disconnecting = true;
        Request::Disconnect
    }

    /// Waits for a request; for ever once it was to disconnect.
    async fn request(&mut self, accept: Accept) -> Request {
        loop {
            if let Some(request) = self.try_next(accept) {
                return request;
            }
            tokio::select! {
                changed = self.orders.changed(), if !self.disconnecting => {
                    if changed.is_err() {
                        return std::future::pending().await; // The handle is gone; the worker stops the link.
                    }
                }
                order = self.requests.recv(), if !self.disconnecting && accept == Accept::Any => match order {
                    Some(order) => return self.accept(order),
                    None => return std::future::pending().await,
                },
                else => return std::future::pending().await,
            }
        }
    }

    fn is_to_disconnect(&self) -> bool {
        !self.orders.borrow().wants_connection()
    }

    fn publish_outcome(&self, token: u64, topic: String, outcome: PublishOutcome) {
        let at = clock::now();
        let (level, text) = match &outcome {
            PublishOutcome::Sent => (Level::Ok, format!("Published to {topic} at QoS 0")),
            PublishOutcome::Acknowledged { after, note } => {
                let note = if note.is_empty() { String::new() } else { format!(": {note}") };
                (
                    Level::Ok,
                    format!("Published to {topic}, acknowledged after {}{note}", milliseconds(*after)),
                )
            }
            PublishOutcome::Refused(why) => {
                (Level::Error, format!("Publishing to {topic} was refused: {why}"))
            }
            PublishOutcome::Lost => (
                Level::Error,
                format!("Publishing to {topic}: the connection was lost before an answer came"),
            ),
        };
        self.shared.update(|status| {
            status.log(at, level, text);
            status.published(PublishResult { token, topic, outcome, at });
        });
    }

    fn connected(&mut self, connected: &Connected) {
        let now = Instant::now();
        self.connected_at = Some(now);
        if !connected.goes_on {
            self.forget_asked();
        }
        // Whatever waits was asked for before this connection; subscriptions among it are in the status too.
        self.forget_requests();
        let client_id = connected.server.assigned_client_id.clone().unwrap_or_else(|| self.client_id.clone());
        let version = connected.version;
        let security = security(connected);
        let fell_back = self.options.version == VersionChoice::Auto && version != MqttVersion::V5;
        let line = format!(
            "Connected to {} with MQTT {} {} as {client_id}{}",
            self.options.url(),
            version.name(),
            security_words(security, connected.tls.as_ref()),
            if connected.session_present { "; the broker kept the session" } else { "" },
        );
        let forgotten = &mut self.forgotten;
        self.first = self.shared.update(|status| {
            status.state = ConnectionState::Connected { since: now, version, security };
            status.connects += 1;
            status.client_id = client_id;
            status.tls.clone_from(&connected.tls);
            status.fell_back = fell_back;
            status.failure = None;
            status.log(clock::now(), Level::Ok, line);
            log_server(status, connected);
            status.subscriptions.iter_mut().for_each(SubscriptionState::begin);
            let known = |filter: &String| status.subscriptions.iter().any(|s| s.wanted.filter == *filter);
            forgotten.retain(|filter| connected.goes_on && !known(filter));
            first_requests(&status.subscriptions, connected.goes_on, forgotten)
        });
    }

    fn step(&self, taken: &TakenStep) {
        let TakenStep { step, outcome, took, .. } = taken;
        match outcome {
            StepOutcome::Warning(warning) => {
                let what = words::doctor::step(step, Language::English);
                let why = words::doctor::warning(warning, taken, Language::English);
                self.shared.log(Level::Warning, format!("{what}: {why}"));
            }
            StepOutcome::Ok | StepOutcome::Failed { .. } | StepOutcome::Skipped(_) => {
                log::debug!("{step:?}: {outcome:?} after {took:?}");
            }
        }
    }

    fn subscribed(&self, filter: &str, asked: QoS, granted: Result<QoS, String>) {
        self.shared.update(|status| {
            let wanted =
                |state: &&mut SubscriptionState| state.wanted.enabled && state.wanted.filter == filter;
            let Some(state) = status.subscriptions.iter_mut().find(wanted) else {
                return; // Unsubscribed or turned off meanwhile.
            };
            if state.wanted.qos != asked {
                return; // Changed meanwhile: the answer to that is yet to come.
            }
            let (level, text) = match &granted {
                Ok(qos) if *qos == asked => {
                    (Level::Ok, format!("Subscribed to {filter}, granted QoS {}", u8::from(*qos)))
                }
                Ok(qos) => (
                    Level::Warning,
                    format!(
                        "Subscribed to {filter}, granted QoS {} instead of {}",
                        u8::from(*qos),
                        u8::from(asked)
                    ),
                ),
                Err(why) => (Level::Error, format!("SUBSCRIBE to {filter} was refused: {why}")),
            };
            state.grant = granted.map_or_else(Grant::Refused, Grant::Granted);
            status.log(clock::now(), level, text);
        });
    }

    fn published(&mut self, token: u64, answer: Answer) {
        let Some(asked) = self.asked.remove(&token) else { return };
        let outcome = match answer {
            Answer::Sent => PublishOutcome::Sent,
            Answer::Acknowledged(note) => PublishOutcome::Acknowledged { after: asked.since.elapsed(), note },
            Answer::Refused(why) => PublishOutcome::Refused(why),
            Answer::Lost => PublishOutcome::Lost,
        };
        if !matches!(outcome, PublishOutcome::Refused(_) | PublishOutcome::Lost) {
            self.shared.numbers.sent.fetch_add(1, Ordering::Relaxed);
        }
        self.publish_outcome(token, asked.topic, outcome);
    }
}

impl Exchange for Inbox {
    #[inline]
    fn message(&mut self, message: Received<'_>) {
        self.batcher.push(message);
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Step(step) => self.step(&step),
            Event::Fallback { from, to, failure } => {
                let (from, to) = (from.name(), to.name());
                let failure = words::failure(&failure, Language::English);
                let text = format!("MQTT {from} does not work here, trying MQTT {to}. {failure}");
                self.shared.log(Level::Warning, text);
            }
            Event::Connected(connected) => self.connected(&connected),
            Event::Subscribed { filter, asked, granted } => self.subscribed(&filter, asked, granted),
            Event::Unsubscribed { filter, note: None } => {
                self.forgotten.retain(|forgotten| *forgotten != filter);
                self.shared.log(Level::Ok, format!("Unsubscribed from {filter}"));
            }
            Event::Unsubscribed { filter, note: Some(note) } => {
                self.forgotten.retain(|forgotten| *forgotten != filter);
                self.shared.log(Level::Warning, format!("UNSUBSCRIBE from {filter}: {note}"));
            }
            Event::Pong { .. } => {} // A session asks for none.
            Event::Published { token, answer } => self.published(token, answer),
        }
    }

    #[inline]
    fn packet(&mut self, record: impl FnOnce() -> PacketRecord) {
        if self.shared.packet_log.is_on() {
            self.shared.packet_log.record(record());
            self.shared.wake();
        }
    }

    fn settle(&mut self, idle: bool) -> bool {
        self.batcher.settle(idle)
    }

    fn try_next(&mut self, accept: Accept) -> Option<Request> {
        if self.disconnecting {
            return None;
        }
        if self.is_to_disconnect() {
            return Some(self.next_to_last());
        }
        if accept == Accept::Last {
            return None;
        }
        if let Some(request) = self.first.pop_front() {
            return Some(request);
        }
        let order = self.requests.try_recv().ok()?;
        Some(self.accept(order))
    }

    async fn next(&mut self, accept: Accept) -> Option<Request> {
        let room = self.batcher.is_held_back().then(|| self.batcher.room());
        let has_room = async {
            match room {
                Some(room) => room.await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            () = has_room => None,
            request = self.request(accept) => Some(request),
        }
    }
}

/// What is to be sent first on a new connection: with a session that the broker kept, what is no longer wanted ends.
fn first_requests(
    subscriptions: &[SubscriptionState],
    goes_on: bool,
    forgotten: &[String],
) -> VecDeque<Request> {
    let off = subscriptions.iter().map(|state| &state.wanted).filter(|wanted| goes_on && !wanted.enabled);
    let ended = off.map(|wanted| wanted.filter.clone()).chain(forgotten.iter().cloned());
    let wanted = subscriptions.iter().map(|state| &state.wanted).filter(|wanted| wanted.enabled);
    ended.map(Request::Unsubscribe).chain(wanted.cloned().map(Request::Subscribe)).collect()
}

fn security(connected: &Connected) -> Security {
    match &connected.tls {
        None => Security::Plain,
        Some(tls) if tls.verified => Security::Verified,
        Some(_) => Security::Unverified,
    }
}

fn security_words(security: Security, tls: Option<&TlsInfo>) -> String {
    let version = tls.map_or("TLS", |tls| &tls.version);
    match security {
        Security::Plain => "without TLS".to_owned(),
        Security::Verified => format!("over {version}"),
        Security::Unverified => format!("over {version}, without a check of who answers,"),
    }
}

/// What the broker announced that restricts what a person can do.
fn log_server(status: &mut Status, connected: &Connected) {
    let server = &connected.server;
    let mut limits = Vec::new();
    if let Some(bytes) = server.packet_bytes_max {
        limits.push(format!("packets of {bytes} bytes at most"));
    }
    if let Some(qos) = server.qos_max {
        limits.push(format!("QoS {} at most", u8::from(qos)));
    }
    for (available, text) in [
        (server.retain_available, "no retained messages"),
        (server.wildcards_available, "no wildcards in subscriptions"),
        (server.shared_available, "no shared subscriptions"),
    ] {
        if available == Some(false) {
            limits.push(text.to_owned());
        }
    }
    if let Some(seconds) = server.keep_alive_s {
        limits.push(format!("a keep alive of {seconds} s"));
    }
    if !limits.is_empty() {
        status.log(clock::now(), Level::Info, format!("The broker announces {}", limits.join(", ")));
    }
    if let Some(reason) = server.reason_string.as_deref().filter(|reason| !reason.is_empty()) {
        status.log(clock::now(), Level::Info, format!("The broker says: {reason}"));
    }
}

fn milliseconds(duration: Duration) -> String {
    format!("{:.1} ms", duration.as_secs_f64() * 1e3)
}
