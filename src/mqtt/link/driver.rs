//! What both versions' event loops have in common: when they are polled, what is sent when, and what an end means.
//!
//! [`Driver::next`] is the only place that polls. It never drops a poll that waits (the client crate would lose a
//! half-written acknowledgement), so requests are handed to the crate's own queue while the poll goes on.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use bytes::Bytes;

use crate::model::message::{Flags, LARGE_PAYLOAD_BYTES, PublishProperties, QoS};
use crate::mqtt::link::explain::{self, Trouble};
use crate::mqtt::link::flight::{Awaited, Flight};
use crate::mqtt::link::probe::probe;
use crate::mqtt::link::target::Target;
use crate::mqtt::link::{Answer, Connected, Ended, Event, Exchange, Request, ServerProperties};
use crate::mqtt::options::{MqttVersion, Subscription};
use crate::mqtt::publish::Publish;

/// One of the client crate's event loops, in our words.
pub(super) trait Engine {
    /// What it yields.
    type Event;
    /// What hands it requests.
    type Client: Client;

    /// How many packets with an identifier may be under way, as the event loop was told.
    const IN_FLIGHT_MAX: u16;

    /// Connects, or reads and writes what is ready. Not to be dropped while it waits.
    async fn poll(&mut self) -> Result<Self::Event, Trouble>;

    /// An event that the last poll left over.
    fn buffered(&mut self) -> Option<Self::Event>;

    /// Hands a message to the exchange, or says what else happened.
    fn take(&mut self, event: Self::Event, exchange: &mut impl Exchange) -> Step;
}

/// The sending half. `false`: the crate did not take the request, which its owner prevents.
pub(super) trait Client {
    /// Queues a PUBLISH.
    fn publish(&self, publish: Publish) -> bool;
    /// Queues a SUBSCRIBE with one filter, so that every filter has its own answer.
    fn subscribe(&self, subscription: &Subscription) -> bool;
    /// Queues an UNSUBSCRIBE with one filter.
    fn unsubscribe(&self, filter: &str) -> bool;
    /// Queues a DISCONNECT.
    fn disconnect(&self) -> bool;
}

/// Hands a message over as [`Exchange::message`] wants it: a large payload must not pin the read buffer, which keeps
/// the size of the largest packet that it ever held.
pub(super) fn hand_over(
    exchange: &mut impl Exchange,
    topic: &[u8],
    payload: &Bytes,
    flags: Flags,
    properties: Option<PublishProperties>,
) {
    if payload.len() >= LARGE_PAYLOAD_BYTES {
        exchange.message(topic, &Bytes::copy_from_slice(payload), flags, properties);
    } else {
        exchange.message(topic, payload, flags, properties);
    }
}

/// What an event of an event loop means.
#[derive(Debug)]
pub(super) enum Step {
    /// A message, already handed over, or something that needs no one's attention.
    Done,
    /// CONNACK.
    Connected(Box<Connected>),
    /// A request was sent with this packet identifier; 0 is a publish at QoS 0.
    Sent(u16),
    /// SUBACK.
    Subscribed(u16, Result<QoS, String>),
    /// UNSUBACK, with what the broker noted.
    Unsubscribed(u16, Option<String>),
    /// PUBACK, PUBCOMP, or a refusing PUBREC.
    Acknowledged {
        /// Packet identifier.
        packet_id: u16,
        /// `Ok` with a note that may be empty, or why it was refused.
        answer: Result<String, String>,
        /// The client crate does not free the identifier after this one.
        leaks: bool,
    },
    /// DISCONNECT was sent.
    Disconnected,
}

/// A link over one event loop.
pub(super) struct Driver<E: Engine> {
    engine: E,
    outgoing: Outgoing<E::Client>,
    target: Target,
}

/// Everything that sending needs while the event loop is being polled.
struct Outgoing<C> {
    client: C,
    flight: Flight,
    /// Set by CONNACK; before, nothing is sent.
    server: Option<ServerProperties>,
    version: MqttVersion,
}

impl<E: Engine> Driver<E> {
    pub(super) fn new(engine: E, client: E::Client, target: Target) -> Self {
        let flight = Flight::new(E::IN_FLIGHT_MAX);
        let outgoing = Outgoing { client, flight, server: None, version: target.version };
        Self { engine, outgoing, target }
    }

    /// See [`Link::next`](crate::mqtt::link::Link::next).
    pub(super) async fn next(&mut self, exchange: &mut impl Exchange) -> Result<(), Ended> {
        // A busy broker keeps the poll below always ready; requests have their turn before each.
        while self.outgoing.is_open() {
            let Some(request) = exchange.try_request() else { break };
            self.outgoing.send(request, exchange);
        }
        let polled = {
            let mut poll = pin!(self.engine.poll());
            let ready = poll_fn(|context| {
                Poll::Ready(match poll.as_mut().poll(context) {
                    Poll::Ready(result) => Some(result),
                    Poll::Pending => None,
                })
            });
            if let Some(result) = ready.await {
                result
            } else {
                exchange.idle().await;
                loop {
                    tokio::select! {
                        biased;
                        result = &mut poll => break result,
                        request = exchange.request(), if self.outgoing.is_open() => {
                            self.outgoing.send(request, exchange);
                        }
                    }
                }
            }
        };
        match polled {
            Ok(event) => self.take_all(Some(event), exchange),
            Err(trouble) => {
                // What was read before the failure was received all the same.
                self.take_all(None, exchange)?;
                Err(self.end(trouble).await)
            }
        }
    }

    /// Hands over `first` and everything that the last poll left in the event loop.
    fn take_all(&mut self, first: Option<E::Event>, exchange: &mut impl Exchange) -> Result<(), Ended> {
        let mut next = first.or_else(|| self.engine.buffered());
        while let Some(event) = next {
            let step = self.engine.take(event, exchange);
            self.step(step, exchange)?;
            next = self.engine.buffered();
        }
        Ok(())
    }

    fn step(&mut self, step: Step, exchange: &mut impl Exchange) -> Result<(), Ended> {
        let flight = &mut self.outgoing.flight;
        match step {
            Step::Done => {}
            Step::Connected(connected) => {
                if let Some(receive_max) = connected.server.receive_max {
                    flight.limit_to(receive_max);
                }
                self.outgoing.server = Some(connected.server.clone());
                exchange.event(Event::Connected(connected));
            }
            Step::Sent(packet_id) => {
                if let Some(Awaited::Publish(token)) = flight.sent(packet_id) {
                    exchange.event(Event::Published { token, answer: Answer::Sent });
                }
            }
            Step::Subscribed(packet_id, granted) => {
                if let Some(Awaited::Subscribe(filter)) = flight.answered(packet_id) {
                    exchange.event(Event::Subscribed { filter, granted });
                }
            }
            Step::Unsubscribed(packet_id, note) => {
                if let Some(Awaited::Unsubscribe(filter)) = flight.answered(packet_id) {
                    exchange.event(Event::Unsubscribed { filter, note });
                }
            }
            Step::Acknowledged { packet_id, answer, leaks } => {
                if leaks {
                    flight.leak();
                }
                let awaited = flight.answered(packet_id);
                let worn_out = flight.is_worn_out();
                if let Some(Awaited::Publish(token)) = awaited {
                    let answer = answer.map_or_else(Answer::Refused, Answer::Acknowledged);
                    exchange.event(Event::Published { token, answer });
                }
                if worn_out {
                    return Err(explain::worn_out(&self.target));
                }
            }
            Step::Disconnected => return Err(explain::stopped(&self.target)),
        }
        Ok(())
    }

    /// Says why the connection ended; looks again at a port that may not speak MQTT at all.
    async fn end(&self, trouble: Trouble) -> Ended {
        let connected = self.outgoing.server.is_some();
        let finding = if !connected && trouble.has_many_causes() {
            Some(probe(&self.target.addresses).await)
        } else {
            None
        };
        explain::explain(trouble, &self.target, connected, finding)
    }
}

impl<C: Client> Outgoing<C> {
    /// Whether a request can be sent now.
    fn is_open(&self) -> bool {
        self.server.is_some() && self.flight.has_room()
    }

    fn send(&mut self, request: Request, exchange: &mut impl Exchange) {
        const NOT_TAKEN: &str = "the client did not take it; this is a defect of the program";
        match request {
            Request::Publish(token, publish) => {
                let refusal = match self.refusal(&publish) {
                    Some(why) => Some(why),
                    None if self.client.publish(publish) => None,
                    None => Some(NOT_TAKEN.to_owned()),
                };
                match refusal {
                    None => self.flight.queue(Awaited::Publish(token)),
                    Some(why) => exchange.event(Event::Published { token, answer: Answer::Refused(why) }),
                }
            }
            Request::Subscribe(subscription) => {
                if self.client.subscribe(&subscription) {
                    self.flight.queue(Awaited::Subscribe(subscription.filter));
                } else {
                    let granted = Err(NOT_TAKEN.to_owned());
                    exchange.event(Event::Subscribed { filter: subscription.filter, granted });
                }
            }
            Request::Unsubscribe(filter) => {
                if self.client.unsubscribe(&filter) {
                    self.flight.queue(Awaited::Unsubscribe(filter));
                } else {
                    exchange.event(Event::Unsubscribed { filter, note: Some(NOT_TAKEN.to_owned()) });
                }
            }
            // The client crate pings by itself and cannot be asked to.
            Request::Ping => {}
            Request::Disconnect => {
                self.client.disconnect();
            }
        }
    }

    /// Why this broker would not take the message: what it announced must be kept (MQTT 5.0, 3.2.2.3), and a
    /// packet above its size would end the connection.
    fn refusal(&self, publish: &Publish) -> Option<String> {
        if let Err(invalid) = publish.check(self.version) {
            return Some(invalid.to_string());
        }
        let server = self.server.as_ref()?;
        if let Some(max) = server.packet_bytes_max
            && let Err(invalid) = publish.check_size(self.version, max, "the broker allows")
        {
            return Some(invalid.to_string());
        }
        match (server.qos_max, server.retain_available) {
            (Some(max), _) if publish.qos > max => {
                Some(format!("the broker takes messages at QoS {} at most", u8::from(max)))
            }
            (_, Some(false)) if publish.retain => Some("the broker keeps no retained messages".to_owned()),
            _ => None,
        }
    }
}
