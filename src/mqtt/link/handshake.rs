//! A connection attempt up to CONNACK.

use std::time::{Duration, Instant};

use tokio::time::timeout_at;

use crate::mqtt::failure::{AuthenticationCause, Refusal};
use crate::mqtt::limits::PACKET_BYTES_MAX;
use crate::mqtt::link::authentication::Authenticator;
use crate::mqtt::link::buffer::Next;
use crate::mqtt::link::connection::Connection;
use crate::mqtt::link::io::{Io, Woken};
use crate::mqtt::link::probe::{self, Finding};
use crate::mqtt::link::record::record;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::link::{Connected, Event, Exchange};
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secrets};
use crate::mqtt::packet::{self, Auth, ConnAck, Connect, Flaw, Incoming, Malformed};
use crate::mqtt::reason::{Reason, ReasonCode};
use crate::mqtt::trace::{Direction, PacketKind};
use crate::mqtt::wire;

/// How long writing a final DISCONNECT may take.
const FAREWELL: Duration = Duration::from_secs(1);

/// Everything that one attempt needs.
#[derive(Clone, Copy)]
pub(super) struct Attempt<'a> {
    pub options: &'a ConnectOptions,
    pub client_id: &'a str,
    pub secrets: &'a Secrets,
    pub version: MqttVersion,
}

/// Why an attempt failed, and what the port's first bytes looked like.
pub(super) struct Failed {
    pub trouble: Trouble,
    pub finding: Option<Finding>,
}

impl From<Trouble> for Failed {
    fn from(trouble: Trouble) -> Self {
        Self { trouble, finding: None }
    }
}

impl Attempt<'_> {
    /// Dials, sends CONNECT and authenticates until CONNACK accepts.
    pub(super) async fn connect(
        self,
        exchange: &mut impl Exchange,
    ) -> Result<(Connection, Connected), Failed> {
        let until = Instant::now() + Duration::from_secs(self.options.network.connect_timeout_s.into());
        let mut report = |step| exchange.event(Event::Step(Box::new(step)));
        let wire = wire::dial(self.options, self.secrets, &mut report).await.map_err(Trouble::from)?;
        let mut io = Io::new(wire.stream);
        let talk = timeout_at(until.into(), self.talk(&mut io, exchange));
        match talk.await.unwrap_or(Err(Trouble::Unanswered)) {
            Ok(connack) => {
                let connection = Connection::new(io, self.options, self.version, &connack.server);
                let (session_present, server) = (connack.session_present, connack.server);
                let (version, tls) = (self.version, wire.tls);
                Ok((
                    connection,
                    Connected {
                        version,
                        tls,
                        session_present,
                        goes_on: session_present,
                        server,
                        found: None,
                    },
                ))
            }
            Err(trouble) => {
                let finding = probe::recognise(io.buffer.unread());
                if finding.is_none() {
                    farewell(&mut io, &trouble, self.version, exchange).await;
                }
                Err(Failed { trouble, finding })
            }
        }
    }

    async fn talk(self, io: &mut Io, exchange: &mut impl Exchange) -> Result<ConnAck, Trouble> {
        let Self { options, client_id, secrets, version } = self;
        let mut authenticator = Authenticator::new(options, secrets, version)?;
        let credentials = authenticator.credentials(options, secrets);
        Connect::of(options, version, client_id, credentials)
            .encode(io.outbox.buffer())
            .map_err(Trouble::Unsendable)?;
        let bytes = io.outbox.bytes();
        exchange.packet(|| record(Direction::Out, PacketKind::Connect, bytes).about(client_id));
        loop {
            let connack = receive(io, options, version, exchange).await?;
            match connack {
                Incoming::ConnAck(connack) if connack.reason == ReasonCode::SUCCESS => {
                    authenticator.finish(&connack)?;
                    return Ok(*connack);
                }
                Incoming::ConnAck(connack) => {
                    let server = connack.server;
                    return Err(Trouble::Refused(Box::new(Refusal {
                        reason: Reason::new(connack.reason, server.reason_string.as_deref()),
                        version,
                        server_reference: server.server_reference,
                    })));
                }
                Incoming::Auth(auth) => {
                    let (method, data) = authenticator.answer(&auth)?;
                    let before = io.outbox.bytes();
                    let reason = ReasonCode::CONTINUE_AUTHENTICATION;
                    let auth = Auth { reason, method: Some(method.to_owned()), data, reason_string: None };
                    auth.encode(io.outbox.buffer()).map_err(AuthenticationCause::Unsendable)?;
                    let bytes = io.outbox.bytes() - before;
                    exchange.packet(|| record(Direction::Out, PacketKind::Auth, bytes).about(method));
                }
                Incoming::Disconnect(disconnect) => return Err(Trouble::Disconnected(disconnect)),
                other => return Err(Trouble::NotConnack(other.kind())),
            }
        }
    }
}

/// The next packet. Everything is owned, because no PUBLISH is expected.
async fn receive(
    io: &mut Io,
    options: &ConnectOptions,
    version: MqttVersion,
    exchange: &mut impl Exchange,
) -> Result<Incoming<'static>, Trouble> {
    let bytes_max = bytes_max(options, version);
    loop {
        // A greeting in another protocol may look like the start of a long packet.
        let unread = io.buffer.unread();
        if unread.len() >= 4 && unread.iter().take(4).all(u8::is_ascii_graphic) {
            return Err(Malformed::new(None, Flaw::Text).into());
        }
        match io.buffer.next(version, bytes_max)? {
            Next::Packet(header, body) => {
                let incoming = match packet::decode(header, body, version)? {
                    Incoming::Publish(_) => return Err(Trouble::NotConnack(PacketKind::Publish)),
                    Incoming::ConnAck(connack) => Incoming::ConnAck(connack),
                    Incoming::Auth(auth) => Incoming::Auth(auth),
                    Incoming::Disconnect(disconnect) => Incoming::Disconnect(disconnect),
                    other => return Err(Trouble::NotConnack(other.kind())),
                };
                exchange.packet(|| {
                    let received = record(Direction::In, header.kind, header.packet_bytes());
                    match &incoming {
                        Incoming::ConnAck(connack) => received.connack(connack),
                        Incoming::Auth(auth) => received.auth(auth),
                        Incoming::Disconnect(disconnect) => received.disconnect(disconnect),
                        _ => received,
                    }
                });
                return Ok(incoming);
            }
            Next::Large(..) => return Err(Trouble::NotConnack(PacketKind::Publish)),
            Next::Incomplete => {}
        }
        while io.wait(true).await? != Woken::Read {}
    }
}

/// The largest packet accepted: the limit announced with MQTT 5, or the largest that MQTT can carry.
pub(super) fn bytes_max(options: &ConnectOptions, version: MqttVersion) -> usize {
    let chosen = options.mqtt5.packet_bytes_max.filter(|_| version == MqttVersion::V5);
    chosen.unwrap_or(PACKET_BYTES_MAX) as usize
}

/// Tells an MQTT 5 broker why the connection ends, if that succeeds in time.
pub(super) async fn farewell(
    io: &mut Io,
    trouble: &Trouble,
    version: MqttVersion,
    exchange: &mut impl Exchange,
) {
    let Some(reason) = trouble.reason().filter(|_| version == MqttVersion::V5) else { return };
    let before = io.outbox.bytes();
    packet::disconnect(io.outbox.buffer(), reason, version);
    let bytes = io.outbox.bytes() - before;
    exchange.packet(|| record(Direction::Out, PacketKind::Disconnect, bytes).with_reason(reason));
    let farewell = async {
        io.flush().await?;
        io.shutdown().await.map_err(Trouble::from)
    };
    if !matches!(tokio::time::timeout(FAREWELL, farewell).await, Ok(Ok(()))) {
        log::debug!("the broker did not take DISCONNECT");
    }
}
