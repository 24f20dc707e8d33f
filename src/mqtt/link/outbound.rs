//! What a connection sends: requests, pings, and what a kept session sends again.

use std::time::Instant;

use crate::message::QoS;
use crate::mqtt::filter;
use crate::mqtt::link::connection::Connection;
use crate::mqtt::link::flight::Awaited;
use crate::mqtt::link::memory::Memory;
use crate::mqtt::link::record::record;
use crate::mqtt::link::{Answer, Event, Exchange, Request};
use crate::mqtt::options::{MqttVersion, Subscription};
use crate::mqtt::packet::{self, Oversize, PINGREQ};
use crate::mqtt::publish::{LimitedBy, Publish};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::{Direction, PacketKind, PacketRecord};

const NO_IDENTIFIER: &str = "all 65,535 packet identifiers are in use";

impl Connection {
    /// Does what the owner asks for.
    pub(super) fn request(&mut self, request: Request, memory: &mut Memory, exchange: &mut impl Exchange) {
        match request {
            Request::Publish(token, publish) => {
                if let Some(why) = self.refusal(&publish) {
                    exchange.event(Event::Published { token, answer: Answer::Refused(why) });
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
            Request::Unsubscribe(filter) => {
                if let Err(why) = self.unsubscribe(&filter, memory, exchange) {
                    exchange.event(Event::Unsubscribed { filter, note: Some(why) });
                }
            }
            Request::Ping => {
                if self.io.keep_alive.has_room() {
                    self.ping(true, exchange);
                }
            }
            Request::Disconnect => {
                self.disconnecting = true;
                let before = self.io.outbox.bytes();
                packet::disconnect(self.io.outbox.buffer(), ReasonCode::SUCCESS, self.version);
                self.trace_sent(PacketKind::Disconnect, before, exchange, |record| {
                    record.with_reason(ReasonCode::SUCCESS)
                });
            }
        }
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
                let answer = Answer::Refused(NO_IDENTIFIER.to_owned());
                exchange.event(Event::Published { token, answer });
            }
        }
    }

    /// The broker kept the session: what it did not acknowledge is sent again (MQTT 5.0, 4.4), as much at once as it
    /// takes now and nothing that it would end the connection over.
    pub(super) fn resume(&mut self, memory: &mut Memory, exchange: &mut impl Exchange) {
        self.unsent = memory.flight.unacknowledged().into();
        self.send_held(memory, exchange);
    }

    fn send_again(&mut self, packet_id: u16, memory: &mut Memory, exchange: &mut impl Exchange) {
        match memory.flight.get(packet_id) {
            Some(Awaited::Publish { token, publish }) => {
                if let Some(why) = self.refusal(publish) {
                    let (token, answer) = (*token, Answer::Refused(why));
                    memory.flight.take_if(packet_id, |_| true);
                    exchange.event(Event::Published { token, answer });
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
        self.io.keep_alive.pinged(Instant::now(), asked);
        self.trace_sent(PacketKind::PingReq, before, exchange, |record| record);
    }

    fn write_publish(&mut self, packet_id: u16, publish: &Publish, dup: bool, exchange: &mut impl Exchange) {
        let before = self.io.outbox.bytes();
        let written = packet::encode_head(self.io.outbox.buffer(), publish, packet_id, dup, self.version);
        if let Err(Oversize(part)) = written {
            // Publish::check has seen to it.
            log::error!("a publish was not sent: its {part:?} is longer than MQTT allows");
            return;
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
    ) -> Result<(), String> {
        if let Some(why) = self.subscription_refusal(subscription) {
            return Err(why.to_owned());
        }
        let filter = &subscription.filter;
        let awaited = Awaited::Subscribe(filter.clone(), subscription.qos);
        self.ask(PacketKind::Subscribe, filter, awaited, memory, exchange, |out, packet_id, version| {
            packet::subscribe(out, packet_id, [subscription], version)
        })
    }

    fn unsubscribe(
        &mut self,
        filter: &str,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), String> {
        let awaited = Awaited::Unsubscribe(filter.to_owned());
        self.ask(PacketKind::Unsubscribe, filter, awaited, memory, exchange, |out, packet_id, version| {
            packet::unsubscribe(out, packet_id, [filter], version)
        })
    }

    /// Sends a packet that has an identifier and an answer, or says why not.
    fn ask(
        &mut self,
        kind: PacketKind,
        filter: &str,
        awaited: Awaited,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
        encode: impl FnOnce(&mut Vec<u8>, u16, MqttVersion) -> Result<(), Oversize>,
    ) -> Result<(), String> {
        let packet_id = memory.flight.insert(awaited, Instant::now()).ok_or(NO_IDENTIFIER)?;
        let mut bytes = Vec::new();
        let refusal = match (encode(&mut bytes, packet_id, self.version), self.server.packet_bytes_max) {
            (Err(oversize), _) => Some(oversize.to_string()),
            (Ok(()), Some(max)) if bytes.len() > max as usize => {
                Some(format!("it makes a packet of {} bytes; the broker allows at most {max}", bytes.len()))
            }
            _ => None,
        };
        if let Some(why) = refusal {
            memory.flight.take_if(packet_id, |_| true);
            return Err(why);
        }
        let before = self.io.outbox.bytes();
        self.io.outbox.buffer().extend(bytes);
        self.trace_sent(kind, before, exchange, |record| record.with_id(packet_id).about(filter));
        Ok(())
    }

    /// Why this broker would not take the message: what it announced must be kept (MQTT 5.0, 3.2.2.3), and a
    /// packet above its size would end the connection.
    fn refusal(&self, publish: &Publish) -> Option<String> {
        if let Err(invalid) = publish.check(self.version) {
            return Some(invalid.to_string());
        }
        if let Some(max) = self.server.packet_bytes_max
            && let Err(invalid) = publish.check_size(self.version, max, LimitedBy::Broker)
        {
            return Some(invalid.to_string());
        }
        match (self.server.qos_max, self.server.retain_available) {
            (Some(max), _) if publish.qos > max => {
                Some(format!("the broker takes messages at QoS {} at most", u8::from(max)))
            }
            (_, Some(false)) if publish.retain => Some("the broker keeps no retained messages".to_owned()),
            _ => None,
        }
    }

    /// Why this broker would end the connection over a subscription instead of answering.
    fn subscription_refusal(&self, subscription: &Subscription) -> Option<&'static str> {
        if self.version != MqttVersion::V5 {
            return None;
        }
        let Subscription { filter, no_local, identifier, .. } = subscription;
        let is_shared = filter::shared(filter).is_some();
        let server = &self.server;
        if is_shared && *no_local {
            Some("a shared subscription cannot be without what this client publishes itself (no local)")
        } else if is_shared && server.shared_available == Some(false) {
            Some("the broker has no shared subscriptions")
        } else if identifier.is_some() && server.identifiers_available == Some(false) {
            Some("the broker has no subscription identifiers")
        } else if server.wildcards_available == Some(false) && filter::has_wildcards(filter) {
            Some("the broker has no wildcards in subscriptions")
        } else {
            None
        }
    }

    /// Records a packet that was appended to the outbox since it held `before` bytes.
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
