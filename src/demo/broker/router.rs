//! Keeps connections, subscriptions and retained messages, and decides who gets a message. No sockets, no clock.
//!
//! Used by the connections and by publishers in the process, behind one lock that is held for a single call.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::Instant;

use bytes::Bytes;
use crossbeam_channel::{Sender, TrySendError};

use crate::demo::broker::faults::Faults;
use crate::demo::broker::message::Message;
use crate::demo::broker::outbox::Outbox;
use crate::demo::broker::outgoing::{Delivery, farewell};
use crate::demo::broker::{BrokerStats, Config};
use crate::mqtt::filter;
use crate::mqtt::options::{MqttVersion, RetainHandling, Subscription};
use crate::mqtt::reason::ReasonCode;

/// A larger message is not for a listener, whose queue is bounded by messages.
const LISTENER_PAYLOAD_BYTES_MAX: usize = 1 << 20;

/// Everything that the clients share.
#[derive(Debug)]
pub(super) struct Router {
    pub config: Config,
    pub faults: Faults,
    /// Bytes that wait for all clients together; the outboxes keep it.
    pub all_queues: Arc<AtomicUsize>,
    sessions: HashMap<String, Session>,
    listeners: Vec<Listener>,
    /// By topic, so that they are sent in the same order every time.
    retained: BTreeMap<Bytes, Arc<Message>>,
    retained_bytes: usize,
    /// When the first of them expires; not later than that.
    retained_expires: Option<Instant>,
    last_token: u64,
    received: u64,
    dropped: u64,
}

/// One connected client. Sessions end with their connection; CONNACK says so.
#[derive(Debug)]
struct Session {
    /// Distinguishes this connection from a later one of the same client.
    token: u64,
    version: MqttVersion,
    outbox: Arc<Outbox>,
    subscriptions: Vec<Subscription>,
    /// Total length of the filters.
    filters_bytes: usize,
    /// More than one subscription has an identifier.
    several_ids: bool,
    will: Option<Message>,
}

/// A subscriber in the process.
#[derive(Debug)]
struct Listener {
    filters: Vec<String>,
    messages: Sender<Arc<Message>>,
}

impl Router {
    pub fn new(config: Config) -> Self {
        Self {
            config,
            faults: Faults::default(),
            all_queues: Arc::default(),
            sessions: HashMap::new(),
            listeners: Vec::new(),
            retained: BTreeMap::new(),
            retained_bytes: 0,
            retained_expires: None,
            last_token: 0,
            received: 0,
            dropped: 0,
        }
    }

    /// Enters a client and returns the token of its connection. An earlier one of the same identifier is sent
    /// away (MQTT 5.0, 3.1.4).
    pub fn connect(
        &mut self,
        client_id: &str,
        version: MqttVersion,
        outbox: Arc<Outbox>,
        will: Option<Message>,
    ) -> u64 {
        if let Some(Session { token, version, outbox, .. }) = self.sessions.get(client_id) {
            outbox.close(&farewell(ReasonCode::SESSION_TAKEN_OVER, *version));
            self.disconnect(client_id, *token, true);
        }
        self.last_token += 1;
        let session = Session {
            token: self.last_token,
            version,
            outbox,
            subscriptions: Vec::new(),
            filters_bytes: 0,
            several_ids: false,
            will,
        };
        self.sessions.insert(client_id.to_owned(), session);
        self.last_token
    }

    /// Removes a client, unless a later connection has taken its place, and publishes its will if asked to.
    pub fn disconnect(&mut self, client_id: &str, token: u64, with_will: bool) {
        if self.sessions.get(client_id).is_none_or(|session| session.token != token) {
            return;
        }
        let Some(session) = self.sessions.remove(client_id) else { return };
        self.dropped += session.outbox.load().0;
        if let Some(will) = session.will.filter(|_| with_will) {
            self.publish(None, will);
        }
    }

    /// Routes a message that [`Message::check`] has passed; returns how many receivers it has. `from` is the
    /// sender's token.
    pub fn publish(&mut self, from: Option<u64>, mut message: Message) -> usize {
        self.received += 1;
        message.arrive();
        let message = Arc::new(message);
        if message.retain {
            self.retain(&message);
        }
        let mut receivers = 0;
        for session in self.sessions.values() {
            receivers += session.deliver(from, &message);
        }
        self.listeners.retain(|listener| {
            let wanted =
                listener.filters.iter().any(|filter| filter::matches(filter.as_bytes(), &message.topic));
            if !wanted {
                return true;
            }
            if message.payload.len() > LISTENER_PAYLOAD_BYTES_MAX {
                self.dropped += 1;
                return true;
            }
            match listener.messages.try_send(Arc::clone(&message)) {
                Ok(()) => receivers += 1,
                Err(TrySendError::Full(_)) => self.dropped += 1,
                Err(TrySendError::Disconnected(_)) => return false,
            }
            true
        });
        receivers
    }

    /// MQTT 5.0, 3.3.1.3: the newest retained message replaces, an empty one clears.
    fn retain(&mut self, message: &Arc<Message>) {
        if let Some(old) = self.retained.remove(&message.topic) {
            self.retained_bytes -= old.weight_bytes();
        }
        if message.payload.is_empty() {
            return;
        }
        let has_room = |router: &Self| {
            router.retained_bytes + message.weight_bytes() <= router.config.retained_bytes_max
        };
        if !has_room(self) {
            self.drop_expired();
        }
        if !has_room(self) {
            self.dropped += 1;
            return;
        }
        self.retained_expires = self.retained_expires.into_iter().chain(message.expires).min();
        self.retained_bytes += message.weight_bytes();
        self.retained.insert(message.topic.clone(), Arc::clone(message));
    }

    /// Subscribes and answers with one code per filter; the retained messages wait for
    /// [`Router::send_retained`], so that SUBACK goes first.
    pub fn subscribe(
        &mut self,
        client_id: &str,
        wanted: Vec<Subscription>,
    ) -> (Vec<ReasonCode>, Vec<Subscription>) {
        let Config { subscriptions_max, filters_bytes_max, .. } = self.config;
        let refuse = self.faults.refuse_subscriptions.map(ReasonCode);
        let Some(session) = self.sessions.get_mut(client_id) else { return (Vec::new(), Vec::new()) };
        let mut codes = Vec::with_capacity(wanted.len());
        let mut retained_for = Vec::new();
        for subscription in wanted {
            let place = session.subscriptions.iter().position(|held| held.filter == subscription.filter);
            let refusal = refuse.or_else(|| match place {
                None if session.subscriptions.len() >= subscriptions_max
                    || session.filters_bytes + subscription.filter.len() > filters_bytes_max =>
                {
                    Some(ReasonCode::QUOTA_EXCEEDED)
                }
                _ => refusal(&subscription.filter),
            });
            if let Some(code) = refusal {
                // Before MQTT 5 there is one failure, which says nothing else (MQTT 3.1.1, 3.9.3).
                let is_5 = session.version == MqttVersion::V5;
                let code = if is_5 { code } else { ReasonCode::UNSPECIFIED_ERROR };
                codes.push(refuse.unwrap_or(code));
                continue;
            }
            codes.push(ReasonCode(subscription.qos.into()));
            let wants_retained = match subscription.retain_handling {
                RetainHandling::Send => true,
                RetainHandling::SendIfNew => place.is_none(),
                RetainHandling::DoNotSend => false,
            };
            if wants_retained {
                retained_for.push(subscription.clone());
            }
            if let Some(held) = place.and_then(|index| session.subscriptions.get_mut(index)) {
                *held = subscription;
            } else {
                session.filters_bytes += subscription.filter.len();
                session.subscriptions.push(subscription);
            }
        }
        session.several_ids =
            session.subscriptions.iter().filter(|held| held.identifier.is_some()).nth(1).is_some();
        (codes, retained_for)
    }

    /// Forgets the retained messages that have expired. A look at all of them, and only where there are such.
    fn drop_expired(&mut self) {
        let now = Instant::now();
        if self.retained_expires.is_none_or(|first| now < first) {
            return;
        }
        self.retained.retain(|_, message| {
            let live = message.is_live(now);
            if !live {
                self.retained_bytes -= message.weight_bytes();
            }
            live
        });
        self.retained_expires = self.retained.values().filter_map(|message| message.expires).min();
    }

    /// Sends what is retained for new subscriptions (MQTT 5.0, 3.3.1.3).
    pub fn send_retained(&mut self, client_id: &str, subscriptions: &[Subscription]) {
        self.drop_expired();
        let Some(session) = self.sessions.get(client_id) else { return };
        for subscription in subscriptions {
            let filter = subscription.filter.as_bytes();
            for message in self.retained.values().filter(|message| filter::matches(filter, &message.topic)) {
                session.outbox.deliver(Delivery {
                    message: Arc::clone(message),
                    qos: message.qos.min(subscription.qos),
                    retain: true,
                    subscription_id: subscription.identifier,
                });
            }
        }
    }

    /// Unsubscribes and answers with one reason per filter.
    pub fn unsubscribe(&mut self, client_id: &str, filters: &[String]) -> Vec<ReasonCode> {
        let Some(session) = self.sessions.get_mut(client_id) else { return Vec::new() };
        let mut remove = |filter: &String| {
            let before = session.subscriptions.len();
            session.subscriptions.retain(|held| held.filter != *filter);
            let existed = before > session.subscriptions.len();
            session.filters_bytes -= if existed { filter.len() } else { 0 };
            existed
        };
        let code = |existed| if existed { ReasonCode::SUCCESS } else { ReasonCode::NO_SUBSCRIPTION_EXISTED };
        filters.iter().map(|filter| code(remove(filter))).collect()
    }

    pub fn listen(&mut self, filters: Vec<String>, messages: Sender<Arc<Message>>) {
        self.listeners.push(Listener { filters, messages });
    }

    /// The outboxes of one client, or of all.
    pub fn outboxes(&self, client_id: Option<&str>) -> Vec<Arc<Outbox>> {
        let chosen = |id: &str| client_id.is_none_or(|wanted| wanted == id);
        let sessions = self.sessions.iter().filter(|(id, _)| chosen(id));
        sessions.map(|(_, session)| Arc::clone(&session.outbox)).collect()
    }

    pub fn stats(&self) -> BrokerStats {
        let loads = self.sessions.values().map(|session| session.outbox.load());
        let (dropped, queued_bytes) = loads.fold((0, 0), |sum, load| (sum.0 + load.0, sum.1 + load.1));
        BrokerStats {
            clients: self.sessions.len(),
            subscriptions: self.sessions.values().map(|session| session.subscriptions.len()).sum(),
            retained: self.retained.len(),
            received: self.received,
            dropped: self.dropped + dropped,
            queued_bytes,
            retained_bytes: self.retained_bytes,
        }
    }
}

impl Session {
    /// Queues a message if a subscription matches: one copy at the highest QoS, or, for a client that has
    /// given several subscriptions an identifier, one copy for each that matches (MQTT 5.0, 3.3.4 allows
    /// both; clients are known to misread a packet with three identifiers).
    fn deliver(&self, from: Option<u64>, message: &Arc<Message>) -> usize {
        let mut one: Option<Delivery> = None;
        for held in &self.subscriptions {
            if (held.no_local && from == Some(self.token))
                || !filter::matches(held.filter.as_bytes(), &message.topic)
            {
                continue;
            }
            let qos = message.qos.min(held.qos);
            let retain = message.retain && held.retain_as_published;
            match &mut one {
                Some(one) if !self.several_ids => {
                    one.qos = one.qos.max(qos);
                    one.retain |= retain;
                    one.subscription_id = one.subscription_id.or(held.identifier);
                }
                _ => {
                    let copy = Delivery {
                        message: Arc::clone(message),
                        qos,
                        retain,
                        subscription_id: held.identifier,
                    };
                    one.replace(copy).map(|previous| self.outbox.deliver(previous));
                }
            }
        }
        let receivers = usize::from(one.is_some());
        one.map(|last| self.outbox.deliver(last));
        receivers
    }
}

/// Why a filter cannot be subscribed to (MQTT 5.0, 3.9.3).
fn refusal(filter: &str) -> Option<ReasonCode> {
    if filter::shared(filter).is_some() {
        return Some(ReasonCode::SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
    }
    filter::check_filter(filter).is_err().then_some(ReasonCode::TOPIC_FILTER_INVALID)
}
