//! The interface between a link and its owner.

use crate::message::{Flags, Payload, PublishProperties};
use crate::mqtt::link::event::Event;
use crate::mqtt::options::Subscription;
use crate::mqtt::packet::Disconnect;
use crate::mqtt::publish::Publish;
use crate::mqtt::trace::PacketRecord;

/// The owner's side of a link: receives what arrives and supplies what is to be sent.
pub trait Exchange {
    /// A message arrived.
    fn message(&mut self, message: Received<'_>);

    /// Whether to acknowledge the message that is about to be handed over. Asked once per message. An unacknowledged
    /// message stays with the broker, which sends it again when the session is resumed.
    #[inline]
    fn acknowledges(&mut self, _topic: &[u8], _flags: Flags) -> bool {
        true
    }

    /// Anything else happened.
    fn event(&mut self, event: Event);

    /// A packet was received or sent. When the packet log is off, `record` is not called and costs nothing.
    fn packet(&mut self, _record: impl FnOnce() -> PacketRecord) {}

    /// Called after each batch of messages, with `idle` set once everything that arrived was handed over and the link
    /// is about to wait for the network. Returns `false` if the owner cannot accept more yet: nothing is read from the
    /// socket until [`Exchange::next`] reports room. This is how a full channel slows the broker down.
    fn settle(&mut self, idle: bool) -> bool;

    /// A request that is ready now and that the link accepts.
    fn try_next(&mut self, accept: Accept) -> Option<Request>;

    /// Waits for a request that the link accepts. If [`Exchange::settle`] returned `false`, it may also return `None`
    /// once `settle` is worth calling again. The future may be dropped at any time, so it must not lose a request.
    fn next(&mut self, accept: Accept) -> impl Future<Output = Option<Request>>;
}

/// Which requests a link currently accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// All of them.
    Any,
    /// Only [`Request::Disconnect`] and what must precede it. Too much already waits to be sent, and that must not keep
    /// the connection alive against the owner's will.
    Last,
}

/// A message, borrowed from the network buffer.
#[derive(Debug)]
pub struct Received<'a> {
    /// Topic. MQTT requires UTF-8, but brokers may send anything.
    pub topic: &'a [u8],
    /// [`Payload::Large`] from `LARGE_PAYLOAD_BYTES` on, and only then.
    pub payload: Payload<'a>,
    /// QoS, retain and DUP.
    pub flags: Flags,
    /// Packet identifier (MQTT 5.0, 2.2.1); 0 at QoS 0.
    pub packet_id: u16,
    /// MQTT 5 properties.
    pub properties: Option<PublishProperties>,
}

/// A request from the owner to a link.
#[derive(Debug)]
pub enum Request {
    /// Publish; the answer comes as [`Event::Published`] with the same token.
    Publish(u64, Publish),
    /// Subscribe; the answer comes as [`Event::Subscribed`].
    Subscribe(Subscription),
    /// Unsubscribe from a filter; the answer comes as [`Event::Unsubscribed`].
    Unsubscribe {
        /// The topic filter.
        filter: String,
        /// MQTT 5: user properties of the packet.
        user_properties: Vec<(String, String)>,
    },
    /// Ask for a sign of life; the answer comes as [`Event::Pong`].
    Ping,
    /// Send DISCONNECT and end. Older versions than 5 have no reason to give in it: a will that is to be published is
    /// published because the connection ends without the packet (MQTT 3.1.1, 3.14.4).
    Disconnect(Disconnect),
}
