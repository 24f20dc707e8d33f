//! A connection from CONNACK to its end: when to read, what to send and in which order.
//!
//! A step handles a bounded number of messages before everything else gets its turn. Requests, acknowledgements and
//! pings go out however fast messages arrive, even while the owner has no room for more and nothing is read.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::message::{LARGE_PAYLOAD_BYTES, Payload};
use crate::mqtt::link::buffer::{Next, ReadBuffer};
use crate::mqtt::link::handshake::{bytes_max, farewell};
use crate::mqtt::link::io::{Io, Woken};
use crate::mqtt::link::keep_alive::{Due, KeepAlive, now};
use crate::mqtt::link::memory::Memory;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::link::{Accept, Event, Exchange, PublishOutcome, ServerProperties};
use crate::mqtt::options::{ConnectOptions, MqttVersion};
use crate::mqtt::packet::{self, PublishPacket};
use crate::mqtt::publish;
use crate::mqtt::trace::PacketKind;

/// How many packets a step handles before everything else gets its turn.
const STEP_PACKETS: usize = 512;
/// How many requests a step handles.
const STEP_REQUESTS: usize = 64;
/// No more requests are accepted while this much waits to be written.
const UNWRITTEN_BYTES_MAX: usize = 1024 * 1024;
/// How many publishes may wait for the broker's acknowledgements, so that other requests can overtake them.
const HELD_MAX: usize = 256;
/// A wait for the owner longer than this does not count as the broker's silence.
const PAUSE: Duration = Duration::from_millis(100);

/// An established connection.
pub(super) struct Connection {
    pub(super) io: Io,
    pub(super) version: MqttVersion,
    pub(super) server: ServerProperties,
    pub(super) receive_max: usize,
    pub(super) topic_alias_max: u16,
    packet_bytes_max: usize,
    /// Topics that the broker replaced with aliases.
    pub(super) aliases: HashMap<u16, Box<[u8]>>,
    pub(super) alias_bytes: usize,
    /// Topics that this side replaced with aliases: as many as the broker allows, and no more than were asked for.
    pub(super) own_aliases: HashMap<u16, String>,
    /// Publishes waiting until the broker accepts more.
    pub(super) held: VecDeque<(u64, publish::Publish)>,
    /// Identifiers of the packets to send again before any held publish.
    pub(super) unsent: VecDeque<u16>,
    pub(super) disconnecting: bool,
    /// The buffer may hold complete packets.
    unfinished: bool,
}

impl Connection {
    pub(super) fn new(
        mut io: Io,
        options: &ConnectOptions,
        version: MqttVersion,
        server: &ServerProperties,
    ) -> Self {
        let mqtt5 = &options.mqtt5;
        let keep_alive_s = server.keep_alive_s.unwrap_or(options.keep_alive_s);
        io.keep_alive = KeepAlive::new(keep_alive_s, options.network.answer_timeout_s, now());
        Self {
            io,
            version,
            server: server.clone(),
            receive_max: mqtt5.receive_max.filter(|_| version == MqttVersion::V5).unwrap_or(u16::MAX).into(),
            topic_alias_max: mqtt5.topic_alias_max,
            packet_bytes_max: bytes_max(options, version),
            aliases: HashMap::new(),
            alias_bytes: 0,
            own_aliases: HashMap::new(),
            held: VecDeque::new(),
            unsent: VecDeque::new(),
            disconnecting: false,
            unfinished: true, // Messages may have arrived together with CONNACK.
        }
    }

    /// Does whatever can be done, or waits if there is nothing to do.
    pub(super) async fn step(
        &mut self,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), Trouble> {
        let ended = self.try_step(memory, exchange).await;
        self.tell_sent(exchange);
        if let Err(trouble) = &ended {
            self.tell_lost(exchange);
            farewell(&mut self.io, trouble, self.version, exchange).await;
        }
        ended
    }

    async fn try_step(&mut self, memory: &mut Memory, exchange: &mut impl Exchange) -> Result<(), Trouble> {
        for _ in 0..STEP_REQUESTS {
            if self.disconnecting {
                break;
            }
            let Some(request) = exchange.try_next(self.accept()) else { break };
            self.request(request, memory, exchange);
        }
        if self.disconnecting {
            return self.disconnect().await;
        }
        self.io.keep_alive.owed(memory.flight.is_owed());
        if !self.io.turn(!self.unfinished).await? && !self.unfinished {
            self.hand_on(true, memory, exchange).await?;
            if self.disconnecting {
                return self.disconnect().await;
            }
            if !self.wait(memory, exchange).await? {
                return Ok(());
            }
        }
        if self.io.keep_alive.take_back() {
            exchange.event(Event::Answering);
        }
        self.unfinished = self.packets(memory, exchange)?;
        self.io.keep_alive.owed(memory.flight.is_owed());
        if self.io.keep_alive.due(now()) == Due::Ping {
            self.ping(false, exchange);
        }
        self.io.turn(false).await?;
        self.hand_on(false, memory, exchange).await
    }

    /// Waits for whatever comes first. Returns whether there is something to read.
    async fn wait(&mut self, memory: &mut Memory, exchange: &mut impl Exchange) -> Result<bool, Trouble> {
        let accept = self.accept();
        let woken = tokio::select! {
            biased;
            woken = self.io.wait(true) => woken?,
            request = exchange.next(accept) => {
                if let Some(request) = request {
                    self.request(request, memory, exchange);
                }
                return Ok(false);
            }
        };
        self.woken(woken, exchange);
        Ok(woken == Woken::Read)
    }

    /// Waits until the owner has taken what it was given. Until then nothing is read, but everything else continues.
    async fn hand_on(
        &mut self,
        idle: bool,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<(), Trouble> {
        let mut since = None;
        while !exchange.settle(idle) {
            since.get_or_insert_with(Instant::now);
            let accept = self.accept();
            let next = tokio::select! {
                biased;
                request = exchange.next(accept) => Ok(request),
                woken = self.io.wait(false) => Err(woken),
            };
            match next {
                Ok(None) => {} // There may be room now.
                Ok(Some(request)) => self.request(request, memory, exchange),
                // A broker is not dead if it cannot answer because nobody reads.
                Err(Err(Trouble::Silent) | Ok(Woken::Silent(_))) => self.io.keep_alive.read(now()),
                Err(woken) => self.woken(woken?, exchange),
            }
            if self.disconnecting {
                return Ok(()); // The next step handles it.
            }
        }
        if since.is_some_and(|since| since.elapsed() > PAUSE) {
            self.io.keep_alive.read(now());
        }
        Ok(())
    }

    fn woken(&mut self, woken: Woken, exchange: &mut impl Exchange) {
        match woken {
            Woken::Read => {}
            Woken::Written => self.tell_sent(exchange),
            Woken::Ping => self.ping(false, exchange),
            Woken::Silent(since) => {
                self.io.keep_alive.told();
                exchange.event(Event::NotAnswering { since });
            }
        }
    }

    /// Handles packets from the buffer. Returns whether it stopped before handling all of them.
    fn packets(&mut self, memory: &mut Memory, exchange: &mut impl Exchange) -> Result<bool, Trouble> {
        // Taken out because packets borrow from it.
        let mut buffer = std::mem::take(&mut self.io.buffer);
        let mut handled = Ok(true);
        for _ in 0..STEP_PACKETS {
            handled = self.packet(&mut buffer, memory, exchange);
            if !matches!(handled, Ok(true)) {
                break;
            }
        }
        self.io.buffer = buffer;
        handled
    }

    #[inline]
    fn packet(
        &mut self,
        buffer: &mut ReadBuffer,
        memory: &mut Memory,
        exchange: &mut impl Exchange,
    ) -> Result<bool, Trouble> {
        match buffer.next(self.version, self.packet_bytes_max)? {
            Next::Incomplete => return Ok(false),
            Next::Packet(header, body) if header.kind == PacketKind::Publish => {
                let publish = PublishPacket::decode(header.flags, body, self.version)?;
                if publish.payload.len() < LARGE_PAYLOAD_BYTES {
                    let payload = Payload::Small(publish.payload);
                    self.message(header, publish, payload, memory, exchange)?;
                } else {
                    let payload = Bytes::copy_from_slice(publish.payload);
                    self.message(header, publish, Payload::Large(&payload), memory, exchange)?;
                }
            }
            Next::Packet(header, body) => {
                let incoming = packet::decode(header, body, self.version)?;
                self.incoming(header, incoming, memory, exchange)?;
            }
            Next::Large(header, head, payload) => {
                let publish = PublishPacket::decode(header.flags, &head, self.version)?;
                self.message(header, publish, Payload::Large(&payload), memory, exchange)?;
            }
        }
        Ok(true)
    }

    fn accept(&self) -> Accept {
        let has_room = self.held.len() < HELD_MAX && self.io.outbox.bytes() < UNWRITTEN_BYTES_MAX;
        if has_room { Accept::Any } else { Accept::Last }
    }

    fn tell_sent(&mut self, exchange: &mut impl Exchange) {
        while let Some(token) = self.io.outbox.sent() {
            exchange.event(Event::Published { token, outcome: PublishOutcome::Sent });
        }
    }

    /// Reports what was not sent as lost: messages are not kept for a later connection.
    fn tell_lost(&mut self, exchange: &mut impl Exchange) {
        let held = self.held.drain(..).map(|(token, _)| token);
        for token in self.io.outbox.unsent().chain(held) {
            exchange.event(Event::Published { token, outcome: PublishOutcome::Lost });
        }
    }

    /// Sends DISCONNECT after everything requested before it.
    async fn disconnect(&mut self) -> Result<(), Trouble> {
        self.io.flush().await?;
        // The broker closes as soon as it reads DISCONNECT; being faster than us is not a failure.
        if let Err(error) = self.io.shutdown().await {
            log::debug!("closing the connection: {error}");
        } else {
            self.io.linger().await;
        }
        Err(Trouble::Stopped)
    }
}
