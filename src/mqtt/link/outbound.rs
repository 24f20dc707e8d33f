//! What a connection sends: requests, pings, and what a resumed session sends again.

use std::time::Instant;

use crate::message::QoS;
use crate::mqtt::filter;
use crate::mqtt::link::connection::Connection;
use crate::mqtt::link::flight::Awaited;
use crate::mqtt::link::keep_alive::now;
use crate::mqtt::link::memory::Memory;
use crate::mqtt::link::record::record;
use crate::mqtt::link::{Event, Exchange, PublishOutcome, Rejection, Request};
use crate::mqtt::options::{MqttVersion, Subscription};
use crate::mqtt::packet::{self, Disconnect, Oversize, PINGREQ};
use crate::mqtt::publish::{LimitedBy, Publish};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::{Direction, PacketKind, PacketRecord};

impl Connection {
    /// Carries out a request.
    pub(super) fn request(&mut self, request: Request, memory: &mut Memory, exchange: &mut impl Exchange) {
        match request {
            Request::Publish(token, publish) => {
                if let Err(why) = self.check_publish(&publish) {
                    exchange.event(Event::Published { token, outcome: PublishOutcome::Refused(why) });
                } else {
                    self.held.push_back((token, publish));
                    self.send_held(memory, exchange);
                }
            }
            Request::Subscribe(subscription) => {
                if let Err(why) = self.subscribe(&subscription, memory, exchange) {
                    let Subscription { filter, qos: asked, .. } = subscription;
                    exchange.event(Event::Subscribed { filter, asked, granted: Err(why) });
                }
            }
            Request::Unsubscribe { filter, user_properties } => {
                if let Err(why) = self.unsubscribe(&filter, &user_properties, memory, exchange) {
                    exchange.event(Event::Unsubscribed { filter, done: Err(why) });
                }
            }
            Request::Ping => {
                if self.io.keep_alive.has_room() {
                    self.ping(true, exchange);
                }
            }
            Request::Disconnect(disconnect) => {
                self.disconnecting = true;
                self.write_disconnect(&disconnect, exchange);
            }
        }
    }

    /// What is too long for the broker is left out: it should know at least that this is the end.
    fn write_disconnect(&mut self, disconnect: &Disconnect, exchange: &mut impl Exchange) {
        let reason = disconnect.reason;
        if self.version != MqttVersion::V5 && reason == ReasonCode::DISCONNECT_WITH_WILL {
            return;
        }
        let before = self.io.outbox.bytes();
        let mut whole = Vec::new();
        let encoded = disconnect.encode(&mut whole, self.version).map_err(Rejection::Oversize);
        if encoded.and_then(|()| self.check_size(whole.len())).is_ok() {
            self.io.outbox.buffer().extend(whole);
        } else {
            packet::disconnect(self.io.outbox.buffer(), reason, self.version);
        }
        self.trace_sent(PacketKind::Disconnect, before, exchange, |record| record.with_reason(reason));
    }

    /// Sends what the broker takes now, in the order in which it was asked for.
    pub(super) fn send_held(&mut self, memory: &mut Memory, exchange: &mut impl Exchange) {
        while let Some(packet_id) = self.unsent.pop_front_if(|_| memory.flight.has_room()) {
            self.send_again(packet_id, memory, exchange);
        }
        while let Some((token, publish)) = self.held.pop_front_if(|(_, publish)| {
            publish.qos == QoS::AtMostOnce || (self.unsent.is_empty() && memory.flight.has_room())
        }) {
            if publish.qos == QoS::AtMostOnce {
                self.write_publish(0, &publish, false, exchange);
                self.io.outbox.mark(token);
                continue;
            }
            let awaited = Awaited::Publish { token, publish: publish.clone() };
            if let Some(packet_id) = memory.flight.insert(awaited, Instant::now()) {
                self.write_publish(packet_id, &publish, false, exchange);
            } else {
                let outcome = PublishOutcome::Refused(Rejection::NoPacketIdentifier);
                exchange.event(Event::Published { token, outcome });
            }
        }
    }

    /// Sends what the broker did not acknowledge again after it kept the session (MQTT 5.0, 4.4): as much as it accepts
    /// now, and nothing that it would end the connection over.
    pub(super) fn resume(&mut self, memory: &mut Memory, exchange: &mut impl Exchange) {
        self.unsent = memory.flight.unacknowledged().into();
        self.send_held(memory, exchange);
    }

    fn send_again(&mut self, packet_id: u16, memory: &mut Memory, exchange: &mut impl Exchange) {
        match memory.flight.get(packet_id) {
            Some(Awaited::Publish { token, publish }) => {
                if let Err(why) = self.check_publish(publish) {
                    let (token, outcome) = (*token, PublishOutcome::Refused(why));
                    memory.flight.take_if(packet_id, |_| true);
                    exchange.event(Event::Published { token, outcome });
                    return;
                }
                self.write_publish(packet_id, publish, true, exchange);
            }
            Some(Awaited::Release { .. }) => {
                self.acknowledge(PacketKind::PubRel, packet_id, ReasonCode::SUCCESS, exchange);
            }
            Some(Awaited::Subscribe(..) | Awaited::Unsubscribe(_)) | None => return,
        }
        memory.flight.sent_again(packet_id);
    }

    /// Sends PINGREQ.
    pub(super) fn ping(&mut self, asked: bool, exchange: &mut impl Exchange) {
        let before = self.io.outbox.bytes();
        self.io.outbox.buffer().extend(PINGREQ);
        self.io.keep_alive.pinged(now(), asked);
        self.trace_sent(PacketKind::PingReq, before, exchange, |record| record);
    }

    fn write_publish(&mut self, packet_id: u16, publish: &Publish, dup: bool, exchange: &mut impl Exchange) {
        let before = self.io.outbox.bytes();
        let alias = publish.topic_alias;
        let is_replaced = alias.is_some_and(|alias| self.own_aliases.get(&alias) == Some(&publish.topic));
        let out = self.io.outbox.buffer();
        let written = packet::encode_head(out, publish, packet_id, dup, is_replaced, self.version);
        if let Err(Oversize(part)) = written {
            // Publish::check has already ruled this out.
            log::error!("a publish was not sent: its {part:?} is longer than MQTT allows");
            return;
        }
        if let (Some(alias), false) = (alias, is_replaced) {
            self.own_aliases.insert(alias, publish.topic.clone());
        }
        self.io.outbox.payload(publish.payload.clone());
        let Publish { topic, qos, retain, .. } = publish;
        self.trace_sent(PacketKind::Publish, before, exchange, |record| {
            let packet_id = (packet_id != 0).then_some(packet_id);
            PacketRecord { packet_id, qos: *qos, retain: *retain, dup, ..record }.about(topic)
        });
    }

    fn subscribe(
        &mut self,
        subscription: &Subscription,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), Rejection> {
        self.check_subscription(subscription)?;
        let filter = &subscription.filter;
        let awaited = Awaited::Subscribe(filter.clone(), subscription.qos);
        self.ask(PacketKind::Subscribe, filter, awaited, memory, exchange, |out, packet_id, version| {
            packet::subscribe(out, packet_id, [subscription], version)
        })
    }

    fn unsubscribe(
        &mut self,
        filter: &str,
        user_properties: &[(String, String)],
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), Rejection> {
        let awaited = Awaited::Unsubscribe(filter.to_owned());
        self.ask(PacketKind::Unsubscribe, filter, awaited, memory, exchange, |out, packet_id, version| {
            packet::unsubscribe(out, packet_id, [filter], user_properties, version)
        })
    }

    /// Sends a packet that has an identifier and expects an answer, or reports why not.
    fn ask(
        &mut self,
        kind: PacketKind,
        filter: &str,
        awaited: Awaited,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
        encode: impl FnOnce(&mut Vec<u8>, u16, MqttVersion) -> Result<(), Oversize>,
    ) -> Result<(), Rejection> {
        let packet_id = memory.flight.insert(awaited, Instant::now()).ok_or(Rejection::NoPacketIdentifier)?;
        let mut bytes = Vec::new();
        let encoded = encode(&mut bytes, packet_id, self.version).map_err(Rejection::Oversize);
        if let Err(why) = encoded.and_then(|()| self.check_size(bytes.len())) {
            memory.flight.take_if(packet_id, |_| true);
            return Err(why);
        }
        let before = self.io.outbox.bytes();
        self.io.outbox.buffer().extend(bytes);
        self.trace_sent(kind, before, exchange, |record| record.with_id(packet_id).about(filter));
        Ok(())
    }

    /// Whether this broker accepts the message: the limits it announced must be kept (MQTT 5.0, 3.2.2.3), and a packet
    /// above its maximum size would end the connection.
    fn check_publish(&self, publish: &Publish) -> Result<(), Rejection> {
        publish.check(self.version).map_err(Rejection::Publish)?;
        if let Some(max) = self.server.packet_bytes_max {
            publish.check_size(self.version, max, LimitedBy::Broker).map_err(Rejection::Publish)?;
        }
        let max = self.server.topic_alias_max.unwrap_or_default();
        if let Some(alias) = publish.topic_alias.filter(|alias| !(1..=max).contains(alias)) {
            return Err(Rejection::TopicAlias { alias, max });
        }
        match (self.server.qos_max, self.server.retain_available) {
            (Some(max), _) if publish.qos > max => Err(Rejection::QosMax(max)),
            (_, Some(false)) if publish.retain => Err(Rejection::NoRetainedMessages),
            _ => Ok(()),
        }
    }

    /// Whether a packet of this size is small enough for this broker.
    fn check_size(&self, bytes: usize) -> Result<(), Rejection> {
        match self.server.packet_bytes_max {
            Some(bytes_max) if bytes > bytes_max as usize => {
                Err(Rejection::PacketTooLarge { bytes, bytes_max })
            }
            _ => Ok(()),
        }
    }

    /// Whether this broker would answer the subscription instead of ending the connection over it.
    fn check_subscription(&self, subscription: &Subscription) -> Result<(), Rejection> {
        if self.version != MqttVersion::V5 {
            return Ok(());
        }
        let Subscription { filter, no_local, identifier, .. } = subscription;
        let is_shared = filter::shared(filter).is_some();
        let server = &self.server;
        if is_shared && *no_local {
            Err(Rejection::NoLocalIsShared)
        } else if is_shared && server.shared_available == Some(false) {
            Err(Rejection::NoSharedSubscriptions)
        } else if identifier.is_some() && server.identifiers_available == Some(false) {
            Err(Rejection::NoSubscriptionIdentifiers)
        } else if server.wildcards_available == Some(false) && filter::has_wildcards(filter) {
            Err(Rejection::NoWildcards)
        } else {
            Ok(())
        }
    }

    /// Records the packet appended to the outbox since it held `before` bytes.
    fn trace_sent(
        &self,
        kind: PacketKind,
        before: usize,
        exchange: &mut impl Exchange,
        complete: impl FnOnce(PacketRecord) -> PacketRecord,
    ) {
        let bytes = self.io.outbox.bytes() - before;
        exchange.packet(|| complete(record(Direction::Out, kind, bytes)));
    }
}
