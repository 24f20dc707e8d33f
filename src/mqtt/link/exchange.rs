//! What a link and its owner hand each other.

use crate::message::{Flags, Payload, PublishProperties};
use crate::mqtt::link::event::Event;
use crate::mqtt::options::Subscription;
use crate::mqtt::packet::Disconnect;
use crate::mqtt::publish::Publish;
use crate::mqtt::trace::PacketRecord;

/// The owner's side of a link: takes what comes, and has what is to be sent.
pub trait Exchange {
    /// A message arrived.
    fn message(&mut self, message: Received<'_>);

    /// Whether a message that is about to be handed over is acknowledged. Asked once for each. What is not acknowledged
    /// stays the broker's, which sends it again in a session that goes on.
    #[inline]
    fn acknowledges(&mut self, _topic: &[u8], _flags: Flags) -> bool {
        true
    }

    /// Anything else happened.
    fn event(&mut self, event: Event);

    /// A packet was received or sent. A packet log that is off does not call `record`, and so costs nothing.
    fn packet(&mut self, _record: impl FnOnce() -> PacketRecord) {}

    /// Called after each portion of messages, and with `idle` when everything that came was handed over and the link is
    /// about to wait for the network. Returns `false` if what came cannot be taken on yet: nothing is read from the
    /// socket until [`Exchange::next`] says that there is room, and that is how a full channel slows the broker down.
    fn settle(&mut self, idle: bool) -> bool;

    /// A request that is ready now, if it is one that the link accepts.
    fn try_next(&mut self, accept: Accept) -> Option<Request>;

    /// Waits for a request that the link accepts, or, where [`Exchange::settle`] returned `false`, until it is worth
    /// calling it again: that is `None`. Dropped and called again at will, so it must not lose a request.
    fn next(&mut self, accept: Accept) -> impl Future<Output = Option<Request>>;
}

/// Which requests a link takes at the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// All of them.
    Any,
    /// Only [`Request::Disconnect`] and what has to go before it: too much waits to be sent already, and that must not keep
    /// the connection alive against the owner's will.
    Last,
}

/// A message, borrowed from the network buffer.
#[derive(Debug)]
pub struct Received<'a> {
    /// Topic; MQTT wants UTF-8, brokers may send anything.
    pub topic: &'a [u8],
    /// [`Payload::Large`] from `LARGE_PAYLOAD_BYTES` on, and only then.
    pub payload: Payload<'a>,
    /// QoS, retain and DUP.
    pub flags: Flags,
    /// Packet identifier (MQTT 5.0, 2.2.1); 0 at QoS 0.
    pub packet_id: u16,
    /// Properties of MQTT 5.
    pub properties: Option<PublishProperties>,
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
    /// Send DISCONNECT and end. Older versions than 5 have no reason to give in it: a will that is to be published is
    /// published because the connection ends without the packet (MQTT 3.1.1, 3.14.4).
    Disconnect(Disconnect),
}
