//! The one seam behind which MQTT is spoken: one [`Link`] is one connection to one broker.
//!
//! The session's worker makes a link, lends it an [`Exchange`] and calls [`Link::next`] until it ends; then it makes a
//! fresh one. Messages and events go out through the exchange, requests come in through it.
//!
//! Inside, from the bytes up: `io` reads into the `buffer` and writes the `outbox`; `connection` decides what has its
//! turn; `inbound` and `outbound` keep the rules of the protocol; `handshake` and `authentication` come before all that,
//! `explain` after it.
//!
//! A link never reconnects, but for the older version of MQTT that a broker may want, and never shows a password.

mod authentication;
mod buffer;
mod connection;
mod explain;
mod flight;
mod handshake;
mod inbound;
mod io;
mod keep_alive;
mod memory;
mod outbound;
mod outbox;
mod probe;
mod record;
mod scram;
mod trouble;

use std::time::Duration;

use crate::message::{Flags, Payload, PublishProperties, QoS};
use crate::mqtt::failure::Failure;
use crate::mqtt::link::connection::Connection;
use crate::mqtt::link::explain::{Circumstances, explain};
use crate::mqtt::link::handshake::{Attempt, Failed};
pub use crate::mqtt::link::memory::Memory;
use crate::mqtt::link::probe::probe;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::options::{
    Authentication, ConnectOptions, MqttVersion, Protocol, Secrets, Subscription, VersionChoice,
};
use crate::mqtt::publish::Publish;
use crate::mqtt::step::TakenStep;
use crate::mqtt::trace::PacketRecord;
use crate::mqtt::wire::TlsInfo;

/// What a link and its owner hand each other.
pub trait Exchange {
    /// A message arrived. A payload of at least `LARGE_PAYLOAD_BYTES` is [`Payload::Large`], smaller ones are not.
    fn message(
        &mut self,
        topic: &[u8],
        payload: Payload<'_>,
        flags: Flags,
        properties: Option<PublishProperties>,
    );

    /// The packet identifier of the message that comes next, if it has one (MQTT 5.0, 2.2.1).
    fn packet_id(&mut self, _packet_id: u16) {}

    /// Anything else happened.
    fn event(&mut self, event: Event);

    /// A step on the way to CONNACK was taken.
    fn step(&mut self, _step: TakenStep) {}

    /// Called after each portion of messages, and with `idle` when everything that came was handed over and the link
    /// is about to wait for the network. While this future waits, nothing is read from the socket: that is how a full
    /// channel slows the broker down. If `requests` may be made, one ends the wait, and the link calls again; a last
    /// request does in any case. Dropped and called again at will.
    fn settle(&mut self, idle: bool, requests: bool) -> impl Future<Output = Option<Request>>;

    /// A request that is ready now. Asked for only while the link can send one.
    fn try_request(&mut self) -> Option<Request>;

    /// Whether [`Exchange::packet`] wants to hear of packets. Asked for again at every read and request, so that a protocol
    /// log that is off costs nothing.
    fn wants_packets(&self) -> bool {
        false
    }

    /// A packet was received or sent.
    fn packet(&mut self, _record: PacketRecord) {}

    /// Waits for a request. Dropped and called again at will, so it must not lose one.
    fn request(&mut self) -> impl Future<Output = Request>;

    /// [`Request::Disconnect`] or what has to go before it, if the owner wants the link to end now. Asked for also while
    /// the link takes no other requests: their queue must not keep the connection alive.
    fn try_last_request(&mut self) -> Option<Request> {
        None
    }

    /// Waits until [`Exchange::try_last_request`] has one. Dropped and called again at will.
    fn last_request(&mut self) -> impl Future<Output = Request> {
        std::future::pending()
    }
}

/// What the owner asks of a link.
#[derive(Debug)]
pub enum Request {
    /// Publish; the answer comes as [`Event::Published`] with the same token.
    Publish(u64, Publish),
    /// Subscribe; the answer comes as [`Event::Subscribed`].
    Subscribe(Subscription),
    /// Unsubscribe from a filter; the answer comes as [`Event::Unsubscribed`].
    Unsubscribe(String),
    /// Ask for a sign of life; the answer comes as [`Event::Pong`].
    Ping,
    /// Send DISCONNECT and end.
    Disconnect,
}

/// What a link tells its owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The broker does not seem to speak this version of MQTT, and an older one is tried at once.
    Fallback {
        /// What was tried.
        from: MqttVersion,
        /// What is tried now.
        to: MqttVersion,
        /// What happened, as it would be shown if there were nothing else to try.
        failure: Failure,
    },
    /// CONNACK was positive.
    Connected(Box<Connected>),
    /// SUBACK: the QoS granted, or the refusal in words.
    Subscribed {
        /// The filter asked for.
        filter: String,
        /// The QoS asked for.
        asked: QoS,
        /// Granted QoS, or why not.
        granted: Result<QoS, String>,
    },
    /// UNSUBACK: empty, or what the broker said.
    Unsubscribed {
        /// The filter.
        filter: String,
        /// What the broker noted or why it refused.
        note: Option<String>,
    },
    /// PINGRESP to a [`Request::Ping`].
    Pong {
        /// Since PINGREQ was sent.
        after: Duration,
    },
    /// An answer to a publish.
    Published {
        /// The request's token.
        token: u64,
        /// What became of it.
        answer: Answer,
    },
}

/// What became of a publish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Handed to the network at QoS 0: nothing more will be known.
    Sent,
    /// The last acknowledgement came, with what the broker noted, or empty.
    Acknowledged(String),
    /// Refused by the broker or before it was sent.
    Refused(String),
    /// The connection ended before it was sent whole. What waits for an acknowledgement has no answer yet: the next
    /// link sends it again if the broker kept the session.
    Lost,
}

/// What the broker said of itself and of the session in CONNACK.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Connected {
    /// The version that is spoken.
    pub version: MqttVersion,
    /// How the connection is encrypted, if it is.
    pub tls: Option<TlsInfo>,
    /// The broker kept a session of this client ID. MQTT 3.1 does not say.
    pub session_present: bool,
    /// Whether this side goes on with the session, because the broker kept it or may have.
    pub goes_on: bool,
    /// What it offers.
    pub server: ServerProperties,
}

/// The limits and features that the broker announces (MQTT 5.0, 3.2.2.3). All unset with MQTT 3.1.1.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ServerProperties {
    /// The client ID that the broker gave.
    pub assigned_client_id: Option<String>,
    /// The largest packet that it takes.
    pub packet_bytes_max: Option<u32>,
    /// The highest QoS at which it takes messages.
    pub qos_max: Option<QoS>,
    /// Whether it keeps retained messages.
    pub retain_available: Option<bool>,
    /// How many QoS 1 and 2 messages it takes at once.
    pub receive_max: Option<u16>,
    /// The keep alive it wants instead of ours, in seconds.
    pub keep_alive_s: Option<u16>,
    /// How long it keeps the session, in seconds.
    pub session_expiry_s: Option<u32>,
    /// Whether filters may have wildcards.
    pub wildcards_available: Option<bool>,
    /// Whether `$share` works.
    pub shared_available: Option<bool>,
    /// Whether subscriptions may have identifiers.
    pub identifiers_available: Option<bool>,
    /// How many topics we may replace by a number.
    pub topic_alias_max: Option<u16>,
    /// What it lets clients build response topics from.
    pub response_information: Option<String>,
    /// Another broker that it names.
    pub server_reference: Option<String>,
    /// What it said in words.
    pub reason_string: Option<String>,
    /// Anything else it said.
    pub user_properties: Vec<(String, String)>,
}

/// Why a link ended, and what that means for the next one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What the owner does about it.
    pub then: Then,
    /// What to show.
    pub failure: Failure,
}

/// What the end of a link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// DISCONNECT was sent because the owner asked for it.
    Stop,
    /// Connect again after a pause.
    Retry,
    /// Do not connect again by itself: a file of certificates or keys, or its passphrase, is to be mended first.
    Halt,
    /// Connect again after a pause; the same user name and password will hardly work.
    RetryCredentials,
}

/// One connection to a broker.
pub struct Link<'a> {
    options: &'a ConnectOptions,
    client_id: &'a str,
    secrets: &'a Secrets,
    memory: &'a mut Memory,
    connection: Option<Box<Connection>>,
}

impl<'a> Link<'a> {
    /// Prepares a link; [`Link::next`] connects.
    ///
    /// The options have passed [`check`](crate::mqtt::check::check); `client_id` is the one to send. The memory is that
    /// of the links before to the same broker.
    pub fn new(
        options: &'a ConnectOptions,
        client_id: &'a str,
        secrets: &'a Secrets,
        memory: &'a mut Memory,
    ) -> Self {
        Self { options, client_id, secrets, memory, connection: None }
    }

    /// What it connects to.
    pub fn options(&self) -> &'a ConnectOptions {
        self.options
    }

    /// Connects at the first call; then hands over what has come, sends what is asked for, and returns after at
    /// least one step. After an `Err` the link is of no more use.
    pub async fn next(&mut self, exchange: &mut impl Exchange) -> Result<(), Ended> {
        let Some(connection) = &mut self.connection else { return self.connect(exchange).await };
        match connection.step(self.memory, exchange).await {
            Ok(()) => Ok(()),
            Err(trouble) => {
                let version = connection.version;
                let circumstances =
                    Circumstances { options: self.options, version, connected: true, finding: None };
                Err(explain(trouble, circumstances))
            }
        }
    }

    /// With the version that was spoken before, or with the newest, and then with the one that all brokers speak.
    async fn connect(&mut self, exchange: &mut impl Exchange) -> Result<(), Ended> {
        let version = self.memory.spoken.unwrap_or(self.options.version.first());
        // Older versions know no enhanced authentication: there the password would be sent as it is, or not at all.
        let is_known = self.memory.spoken.is_some()
            || self.options.version != VersionChoice::Auto
            || self.options.authentication != Authentication::None;
        let Err(failed) = self.attempt(version, exchange).await else {
            self.memory.spoken = Some(version);
            return Ok(());
        };
        if is_known || failed.finding.is_some() || !failed.trouble.may_be_the_version() {
            return Err(self.explain(failed, version).await);
        }
        // Anything else may have been chance: the next connection begins with the newest version again.
        let is_certain = matches!(failed.trouble, Trouble::Refused(_));
        let circumstances = Circumstances { options: self.options, version, connected: false, finding: None };
        let failure = explain(failed.trouble, circumstances).failure;
        let older = MqttVersion::V3_1_1;
        exchange.event(Event::Fallback { from: version, to: older, failure });
        match self.attempt(older, exchange).await {
            Ok(()) => {
                self.memory.spoken = is_certain.then_some(older);
                Ok(())
            }
            Err(failed) => Err(self.explain(failed, older).await),
        }
    }

    async fn attempt(&mut self, version: MqttVersion, exchange: &mut impl Exchange) -> Result<(), Failed> {
        let Self { options, client_id, secrets, .. } = *self;
        let (mut connection, mut connected) =
            Attempt { options, client_id, secrets, version }.connect(exchange).await?;
        // CONNACK of MQTT 3.1 cannot say whether the session goes on: it does for who did not ask for a clean one.
        connected.goes_on =
            connected.session_present || (version == MqttVersion::V3_1 && !options.clean_session);
        self.memory.begin(version, connected.server.receive_max, connected.goes_on);
        exchange.event(Event::Connected(Box::new(connected)));
        connection.resume(self.memory, exchange);
        self.connection = Some(Box::new(connection));
        Ok(())
    }

    /// Says why there is no connection; looks again at a port that may not speak MQTT at all.
    async fn explain(&self, failed: Failed, version: MqttVersion) -> Ended {
        let ConnectOptions { protocol, network, .. } = self.options;
        let Failed { trouble, mut finding } = failed;
        let can_look = matches!(protocol, Protocol::Mqtt | Protocol::Mqtts) && network.proxy.is_none();
        if finding.is_none() && can_look && trouble.has_many_causes() {
            finding = Some(probe(self.options).await);
        }
        explain(trouble, Circumstances { options: self.options, version, connected: false, finding })
    }
}
