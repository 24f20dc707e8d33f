//! How a connection handles each packet it receives.

use std::time::Duration;

use crate::message::{Payload, QoS};
use crate::mqtt::link::connection::Connection;
use crate::mqtt::link::flight::{Awaited, Sent};
use crate::mqtt::link::memory::Memory;
use crate::mqtt::link::record::record;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::link::{Event, Exchange, PublishOutcome, Received, Rejection};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{
    Acknowledgement, Flaw, Header, Incoming, Malformed, PublishPacket, SubAck, UnsubAck,
};
use crate::mqtt::reason::{Reason, ReasonCode};
use crate::mqtt::trace::{Direction, PacketKind};

/// The most memory for topics behind aliases, in bytes: there could be 65,535 of them, each that long.
const ALIAS_BYTES_MAX: usize = 16 * 1024 * 1024;

impl Connection {
    /// Handles a message. A QoS 2 message is handed over once, however often it arrives (MQTT 5.0, 4.3.3).
    #[inline]
    pub(super) fn message(
        &mut self,
        header: Header,
        publish: PublishPacket<'_>,
        payload: Payload<'_>,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), Trouble> {
        if let Some(alias) = publish.topic_alias {
            let topic = self.resolve(alias, publish.topic)?.to_vec();
            return self.deliver(header, publish, &topic, payload, memory, exchange);
        }
        let topic = publish.topic;
        self.deliver(header, publish, topic, payload, memory, exchange)
    }

    #[inline]
    fn deliver(
        &mut self,
        header: Header,
        publish: PublishPacket<'_>,
        topic: &[u8],
        payload: Payload<'_>,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), Trouble> {
        exchange
            .packet(|| record(Direction::In, header.kind, header.packet_bytes()).publish(&publish, topic));
        let PublishPacket { flags, packet_id, properties, .. } = publish;
        let received = Received { topic, payload, flags, packet_id, properties };
        match flags.qos {
            QoS::AtMostOnce => {
                exchange.acknowledges(topic, flags);
                exchange.message(received);
            }
            QoS::AtLeastOnce => {
                let acknowledges = exchange.acknowledges(topic, flags);
                exchange.message(received);
                if acknowledges {
                    self.acknowledge(PacketKind::PubAck, packet_id, ReasonCode::SUCCESS, exchange);
                }
            }
            QoS::ExactlyOnce => {
                let known = memory.unreleased.contains(&packet_id);
                // Checked before it is remembered: a refused message that arrives again in a resumed session is new.
                if !known && memory.unreleased.len() >= self.receive_max {
                    return Err(Self::too_many(self.receive_max));
                }
                // With MQTT 3.1 nobody knows whether the session was resumed. If it was not, identifiers start afresh.
                let is_new = !known || (self.version == MqttVersion::V3_1 && !flags.dup);
                if is_new {
                    let acknowledges = exchange.acknowledges(topic, flags);
                    exchange.message(received);
                    if !acknowledges {
                        return Ok(());
                    }
                    memory.unreleased.insert(packet_id);
                }
                self.acknowledge(PacketKind::PubRec, packet_id, ReasonCode::SUCCESS, exchange);
            }
        }
        Ok(())
    }

    #[cold]
    fn too_many(receive_max: usize) -> Trouble {
        Malformed::new(PacketKind::Publish, Flaw::ReceiveMaximumExceeded(receive_max)).into()
    }

    /// The topic that an alias stands for from now on (MQTT 5.0, 3.3.2.3.4).
    #[cold]
    fn resolve(&mut self, alias: u16, topic: &[u8]) -> Result<&[u8], Trouble> {
        let invalid = |flaw| Trouble::from(Malformed::new(PacketKind::Publish, flaw));
        if alias == 0 || alias > self.topic_alias_max {
            return Err(invalid(Flaw::TopicAlias { alias, alias_max: self.topic_alias_max }));
        }
        if !topic.is_empty() {
            let before = self.aliases.insert(alias, topic.into()).map_or(0, |topic| topic.len());
            self.alias_bytes = self.alias_bytes - before + topic.len();
            if self.alias_bytes > ALIAS_BYTES_MAX {
                return Err(invalid(Flaw::TopicAliasesTooLong(ALIAS_BYTES_MAX)));
            }
        }
        self.aliases.get(&alias).map(AsRef::as_ref).ok_or_else(|| invalid(Flaw::UnknownTopicAlias(alias)))
    }

    /// Handles any packet other than a message.
    pub(super) fn incoming(
        &mut self,
        header: Header,
        incoming: Incoming<'_>,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), Trouble> {
        let received = || record(Direction::In, header.kind, header.packet_bytes());
        match incoming {
            Incoming::Acknowledgement(kind, acknowledgement) => {
                if kind != PacketKind::PubRel
                    && let Err(wrong) = memory.flight.check_answer(acknowledgement.packet_id, kind)
                {
                    exchange.packet(|| received().acknowledgement(&acknowledgement));
                    return Err(wrong.into());
                }
                let latency = acknowledged(kind, &acknowledgement, memory, exchange);
                exchange.packet(|| received().acknowledgement(&acknowledgement).after(latency));
                self.go_on(kind, &acknowledgement, memory, exchange);
            }
            Incoming::SubAck(suback) => {
                let reason = suback.only()?;
                let SubAck { packet_id, reason_string, .. } = suback;
                memory.flight.check_answer(packet_id, header.kind)?;
                let sent = memory.flight.take_if(packet_id, |sent| matches!(sent, Awaited::Subscribe(..)));
                let latency = sent.as_ref().map(|sent| sent.at.elapsed());
                exchange.packet(|| received().with_id(packet_id).with_reason(reason).after(latency));
                if let Some(Sent { awaited: Awaited::Subscribe(filter, asked), .. }) = sent {
                    let granted =
                        QoS::try_from(reason.0).map_err(|_| self.rejection(reason, reason_string.as_deref()));
                    exchange.event(Event::Subscribed { filter, asked, granted });
                }
            }
            Incoming::UnsubAck(unsuback) => {
                let reason = unsuback.only()?;
                let UnsubAck { packet_id, reason_string, .. } = unsuback;
                memory.flight.check_answer(packet_id, header.kind)?;
                let sent = memory.flight.take_if(packet_id, |sent| matches!(sent, Awaited::Unsubscribe(_)));
                let latency = sent.as_ref().map(|sent| sent.at.elapsed());
                exchange.packet(|| received().with_id(packet_id).with_reason(reason).after(latency));
                if let Some(Sent { awaited: Awaited::Unsubscribe(filter), .. }) = sent {
                    let done = match reason {
                        ReasonCode::SUCCESS => Ok(()),
                        code => Err(Rejection::Broker(Reason::new(code, reason_string.as_deref()))),
                    };
                    exchange.event(Event::Unsubscribed { filter, done });
                }
            }
            Incoming::PingResp => {
                let ping = self.io.keep_alive.answered();
                let latency = ping.map(|ping| ping.at.elapsed());
                exchange.packet(|| received().after(latency));
                if let (Some(true), Some(after)) = (ping.map(|ping| ping.asked), latency) {
                    exchange.event(Event::Pong { after });
                }
            }
            Incoming::Disconnect(disconnect) => {
                exchange.packet(|| received().disconnect(&disconnect));
                return Err(Trouble::Disconnected(disconnect));
            }
            Incoming::ConnAck(_) => {
                return Err(Malformed::new(header.kind, Flaw::Twice).into());
            }
            Incoming::Auth(_) => {
                return Err(Malformed::new(header.kind, Flaw::NotAskedFor).into());
            }
            // PUBLISH is handled elsewhere, without a copy. Only clients send the others, so the decoder rejects them.
            Incoming::Publish(_)
            | Incoming::Connect(_)
            | Incoming::Subscribe(_)
            | Incoming::Unsubscribe(_)
            | Incoming::PingReq => {}
        }
        Ok(())
    }

    /// Why a subscription was refused.
    fn rejection(&self, code: ReasonCode, reason_string: Option<&str>) -> Rejection {
        if self.version == MqttVersion::V5 {
            Rejection::Broker(Reason::new(code, reason_string))
        } else {
            Rejection::Unexplained
        }
    }

    /// Sends the next packet of a QoS 2 exchange.
    fn go_on(
        &mut self,
        kind: PacketKind,
        acknowledgement: &Acknowledgement,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) {
        let packet_id = acknowledgement.packet_id;
        match kind {
            PacketKind::PubRel => {
                // Unknown if the session outlived this program's memory of it. Answered anyway, or the broker would send
                // it forever.
                let known = memory.unreleased.remove(&packet_id);
                let reason =
                    if known { ReasonCode::SUCCESS } else { ReasonCode::PACKET_IDENTIFIER_NOT_FOUND };
                self.acknowledge(PacketKind::PubComp, packet_id, reason, exchange);
            }
            PacketKind::PubRec if !acknowledgement.reason.is_failure() => {
                let sent = memory.flight.get_mut(packet_id);
                let known = match sent.map(|sent| &mut sent.awaited) {
                    Some(awaited @ Awaited::Publish { .. }) => {
                        if let Awaited::Publish { token, publish } = awaited
                            && publish.qos == QoS::ExactlyOnce
                        {
                            *awaited = Awaited::Release { token: *token, received: reason(acknowledgement) };
                            true
                        } else {
                            false
                        }
                    }
                    Some(Awaited::Release { .. }) => true,
                    _ => false,
                };
                let reason =
                    if known { ReasonCode::SUCCESS } else { ReasonCode::PACKET_IDENTIFIER_NOT_FOUND };
                self.acknowledge(PacketKind::PubRel, packet_id, reason, exchange);
            }
            _ => {}
        }
        self.send_held(memory, exchange);
    }

    /// Sends an acknowledgement.
    pub(super) fn acknowledge(
        &mut self,
        kind: PacketKind,
        packet_id: u16,
        reason: ReasonCode,
        exchange: &mut impl Exchange,
    ) {
        let before = self.io.outbox.bytes();
        crate::mqtt::packet::acknowledge(self.io.outbox.buffer(), kind, packet_id, reason, self.version);
        let bytes = self.io.outbox.bytes() - before;
        exchange.packet(|| record(Direction::Out, kind, bytes).with_id(packet_id).with_reason(reason));
    }
}

/// The reason that an acknowledgement gives.
fn reason(acknowledgement: &Acknowledgement) -> Reason {
    Reason::new(acknowledgement.reason, acknowledgement.reason_string.as_deref())
}

/// Matches an acknowledgement with its packet. The last one answers the request; then the time since the packet was
/// sent is returned.
fn acknowledged(
    kind: PacketKind,
    acknowledgement: &Acknowledgement,
    memory: &mut Memory,
    exchange: &mut impl Exchange,
) -> Option<Duration> {
    let is_refused = acknowledgement.reason.is_failure();
    let is_answered = |awaited: &Awaited| match awaited {
        Awaited::Publish { publish, .. } => match kind {
            PacketKind::PubAck => publish.qos == QoS::AtLeastOnce,
            // A refused message is finished, and its identifier is free.
            PacketKind::PubRec => publish.qos == QoS::ExactlyOnce && is_refused,
            _ => false,
        },
        Awaited::Release { .. } => kind == PacketKind::PubComp,
        Awaited::Subscribe(..) | Awaited::Unsubscribe(_) => false,
    };
    let Sent { awaited, at, .. } = memory.flight.take_if(acknowledgement.packet_id, is_answered)?;
    let said = reason(acknowledgement);
    match awaited {
        Awaited::Publish { token, .. } => {
            let outcome = if is_refused {
                PublishOutcome::Refused(Rejection::Broker(said))
            } else {
                PublishOutcome::Acknowledged(said)
            };
            exchange.event(Event::Published { token, outcome });
        }
        // The broker has owned the message since PUBREC, whatever it remembers of it.
        Awaited::Release { token, received } => {
            let says_more = said != ReasonCode::SUCCESS.into();
            let outcome = PublishOutcome::Acknowledged(if says_more { said } else { received });
            exchange.event(Event::Published { token, outcome });
        }
        Awaited::Subscribe(..) | Awaited::Unsubscribe(_) => {}
    }
    Some(at.elapsed())
}
