//! The one seam behind which MQTT is spoken: one [`Link`] is one connection to one broker.
//!
//! The session's worker opens a link, lends it an [`Exchange`] and calls [`Link::next`] until it ends; then it
//! opens a fresh one. Messages and events go out through the exchange, requests come in through it. Nothing of the
//! client crate's shows on this side, so that it can be replaced without touching the session.
//!
//! A link never reconnects, never keeps requests for later, and never shows a password.

mod driver;
mod explain;
mod flight;
mod probe;
mod target;
mod v4;
mod v5;

use std::time::Duration;

use bytes::Bytes;

use crate::model::message::{Flags, PublishProperties, QoS};
use crate::mqtt::failure::Failure;
use crate::mqtt::link::driver::Driver;
use crate::mqtt::link::target::Target;
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secrets, Subscription};
use crate::mqtt::publish::Publish;
use crate::mqtt::step::Step;
use crate::mqtt::tls;
use crate::mqtt::trace::PacketRecord;
use crate::mqtt::wire::TlsInfo;

/// What a link and its owner hand each other.
pub trait Exchange {
    /// A message arrived. A payload of at least `LARGE_PAYLOAD_BYTES` is an allocation of its own.
    fn message(&mut self, topic: &[u8], payload: &Bytes, flags: Flags, properties: Option<PublishProperties>);

    /// The packet identifier of the message that comes next, if it has one (MQTT 5.0, 2.2.1).
    fn packet_id(&mut self, _packet_id: u16) {}

    /// Anything else happened.
    fn event(&mut self, event: Event);

    /// Called when everything that came was handed over and the link is about to wait for the network. While this
    /// future waits, nothing is read from the socket: that is how a full channel slows the broker down.
    fn idle(&mut self) -> impl Future<Output = ()>;

    /// A request that is ready now. Asked for only while the link can send one.
    fn try_request(&mut self) -> Option<Request>;

    /// Whether [`Exchange::packet`] wants to hear of packets. Asked for again at every read, so that a protocol log that
    /// is off costs nothing.
    fn wants_packets(&self) -> bool {
        false
    }

    /// A packet was received or sent.
    fn packet(&mut self, _record: PacketRecord) {}

    /// A step of connecting ended. They are reported before the link's first event.
    fn step(&mut self, _step: Step) {}

    /// Waits for a request. Dropped and called again at will, so it must not lose one.
    fn request(&mut self) -> impl Future<Output = Request>;
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
    /// CONNACK was positive.
    Connected(Box<Connected>),
    /// SUBACK: the QoS granted, or the refusal in words.
    Subscribed {
        /// The filter asked for.
        filter: String,
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
    /// On its way at QoS 0: nothing more will be known.
    Sent,
    /// The last acknowledgement came, with what the broker noted, or empty.
    Acknowledged(String),
    /// Refused by the broker or before it was sent.
    Refused(String),
}

/// What the broker said of itself and of the session in CONNACK.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Connected {
    /// The version that is spoken.
    pub version: MqttVersion,
    /// How the connection is encrypted, if it is.
    pub tls: Option<TlsInfo>,
    /// The broker kept a session of this client ID.
    pub session_present: bool,
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
    /// Connect again after a pause; the same user name and password will hardly work.
    RetryCredentials,
    /// Connect again with a clean session: the one that the broker kept cannot be continued by this client.
    RetryClean,
    /// Connect again at once: the client crate lost count of what is in flight.
    Renew,
}

/// One connection to a broker.
pub struct Link(Kind);

/// What a link can be: the client crate has an event loop for each version.
enum Kind {
    V4(Box<Driver<v4::Engine>>),
    V5(Box<Driver<v5::Engine>>),
}

impl Link {
    /// Prepares a link: resolves the host name and reads certificates. [`Link::next`] connects.
    ///
    /// The options have passed [`check`](crate::mqtt::check::check); `client_id` is the one to send.
    pub async fn open(options: &ConnectOptions, client_id: &str, secrets: &Secrets) -> Result<Self, Failure> {
        let password = &secrets.password;
        let target = Target::resolve(options).await?;
        log::debug!("{} is {:?}", target.host, target.addresses);
        let tls = target.tls.then(|| tls::setup(options, secrets).map(|setup| setup.config)).transpose()?;
        Ok(Self(match options.version.first() {
            MqttVersion::V3_1 | MqttVersion::V3_1_1 => {
                let (engine, client) = v4::connect(options, client_id, password, tls);
                Kind::V4(Box::new(Driver::new(engine, client, target)))
            }
            MqttVersion::V5 => {
                let (engine, client) = v5::connect(options, client_id, password, tls);
                Kind::V5(Box::new(Driver::new(engine, client, target)))
            }
        }))
    }

    /// Connects at the first call; then hands over what has come, sends what is asked for, and returns after at
    /// least one step. Must not be dropped while it waits, unless the link is dropped too: an acknowledgement
    /// that is half written would be lost. After an `Err` the link is of no more use.
    pub async fn next(&mut self, exchange: &mut impl Exchange) -> Result<(), Ended> {
        match &mut self.0 {
            Kind::V4(driver) => driver.next(exchange).await,
            Kind::V5(driver) => driver.next(exchange).await,
        }
    }
}
