//! One client's connection, from its first byte to its will. One task per connection, run by the broker.

use std::collections::HashSet;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use parking_lot::Mutex;
use rumqttc::QoS;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::time::{sleep, timeout};

use crate::demo::broker::codes::{Version, ack, reason};
use crate::demo::broker::faults::Faults;
use crate::demo::broker::incoming::{Connect, Packet, PacketError, decode, frame_len, version_of};
use crate::demo::broker::message::Message;
use crate::demo::broker::outbox::{Filled, Limits, Outbox};
use crate::demo::broker::outgoing::{acknowledge, connack, disconnect, subscription_ack};
use crate::demo::broker::router::Router;

/// How long a client may take to send CONNECT.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest CONNECT: before that nobody has said who they are. Its strings have 64 KiB each at most.
const CONNECT_BYTES_MAX: usize = 1 << 20;

/// How long a closing connection may take to write its last packet.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);

/// The read buffer grows by this much at most ahead of what has arrived, whatever a header announces.
const READ_AHEAD_BYTES: usize = 64 * 1024;

/// How a connection ended.
enum End {
    /// By DISCONNECT: the will is not sent, unless the client asks for it (MQTT 5.0, 3.14.2.1).
    Disconnect { with_will: bool },
    /// The socket closed, or the broker wants it to.
    Lost,
    /// The client broke a rule; MQTT 5 is told which.
    Fault(u8),
}

impl From<PacketError> for End {
    fn from(error: PacketError) -> Self {
        log::debug!("demo broker: closing a connection: {error}");
        Self::Fault(error.reason())
    }
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Lost
    }
}

/// Serves one client until either side ends it.
pub(super) async fn serve(socket: TcpStream, router: Arc<Mutex<Router>>) {
    // Acknowledgements are small packets that somebody measures.
    if socket.set_nodelay(true).is_err() {
        return;
    }
    let (read, write) = socket.into_split();
    let mut reader =
        Reader { socket: read, buffer: BytesMut::new(), packet_bytes_max: CONNECT_BYTES_MAX, packets: 0 };
    match timeout(CONNECT_TIMEOUT, reader.connect()).await {
        Ok(Ok(connect)) => greet(connect, reader, write, router).await,
        Ok(Err(PacketError::Version(level))) => {
            // MQTT 3.1.1, 3.1.2.2; a client of a later version is told in MQTT 5's words.
            let refusal = if level < 4 {
                connack(Version::V4, 1, None)
            } else {
                connack(Version::V5, reason::UNSUPPORTED_VERSION, None)
            };
            farewell(reader, write, &refusal).await;
        }
        Ok(Err(_)) | Err(_) => {}
    }
}

/// Answers CONNECT and, if all is well, runs the connection.
async fn greet(connect: Connect, mut reader: Reader, write: OwnedWriteHalf, router: Arc<Mutex<Router>>) {
    let faults = router.lock().faults.clone();
    let refusal = faults.refuse_connect.or_else(|| refusal(&connect, router.lock().config.login.as_ref()));
    if let Some(code) = refusal.filter(|_| !faults.silent) {
        return farewell(reader, write, &connack(connect.version, code, None)).await;
    }
    let assigned_id = connect.client_id.is_empty().then(|| format!("assigned-{:016x}", fastrand::u64(..)));
    let Connect { version, will, keep_alive_s, receive_max, packet_bytes_max, .. } = connect;
    let limits = {
        let config = &router.lock().config;
        reader.packet_bytes_max = config.packet_bytes_max;
        Limits {
            queue_bytes: config.queue_bytes_max,
            in_flight: config.in_flight_max.min(usize::from(receive_max)),
            packet_bytes: packet_bytes_max,
        }
    };
    let outbox = Arc::new(Outbox::new(version, limits));
    outbox.answer(&match faults.connack_bytes {
        Some(bytes) => bytes,
        None => connack(version, reason::SUCCESS, assigned_id.as_deref()),
    });
    let client_id = assigned_id.unwrap_or(connect.client_id);
    let token = router.lock().connect(&client_id, version, Arc::clone(&outbox), will);
    let connection = Connection { client_id, token, version, keep_alive_s, outbox, router };
    connection.run(reader, write).await;
}

/// The code to refuse a CONNECT with, if it must be.
fn refusal(connect: &Connect, login: Option<&(String, String)>) -> Option<u8> {
    let v5 = connect.version == Version::V5;
    if login.is_some_and(|login| connect.login.as_ref() != Some(login)) {
        return Some(if v5 { reason::BAD_USER_OR_PASSWORD } else { 4 });
    }
    if connect.client_id.is_empty() && !connect.clean && !v5 {
        return Some(2); // identifier rejected (MQTT 3.1.1, 3.1.3.1)
    }
    if connect.will.as_ref().is_some_and(|will| will.check().is_err()) {
        return Some(if v5 { reason::TOPIC_NAME_INVALID } else { 2 });
    }
    None
}

/// Sends the last packet, if any, and closes in a way that it arrives.
async fn farewell(mut reader: Reader, mut socket: OwnedWriteHalf, last_packet: &[u8]) {
    let parting = async {
        socket.write_all(last_packet).await?;
        socket.shutdown().await?;
        // Closing with unread bytes resets the connection, and then the client may never see the last packet.
        loop {
            reader.buffer.clear();
            reader.read().await?;
        }
    };
    let end: Result<io::Result<std::convert::Infallible>, _> = timeout(FAREWELL_TIMEOUT, parting).await;
    if end.is_err() {
        log::debug!("demo broker: a client did not close its side");
    }
}

/// The socket's packets.
struct Reader {
    socket: OwnedReadHalf,
    buffer: BytesMut,
    packet_bytes_max: usize,
    packets: u64,
}

impl Reader {
    /// The next complete packet in the buffer.
    fn frame(&mut self) -> Result<Option<BytesMut>, PacketError> {
        match frame_len(&self.buffer, self.packet_bytes_max)? {
            Some(bytes) if bytes <= self.buffer.len() => {
                self.packets += 1;
                Ok(Some(self.buffer.split_to(bytes)))
            }
            _ => Ok(None),
        }
    }

    /// Reads what has arrived; fails at the end of the stream.
    async fn read(&mut self) -> io::Result<()> {
        self.buffer.reserve(READ_AHEAD_BYTES);
        match self.socket.read_buf(&mut self.buffer).await? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// Reads the first packet.
    async fn connect(&mut self) -> Result<Connect, PacketError> {
        loop {
            if let Some(frame) = self.frame()? {
                let version = version_of(&frame)?;
                return match decode(frame, version)? {
                    Packet::Connect(connect) => Ok(*connect),
                    _ => Err(PacketError::Protocol("the first packet is not CONNECT")),
                };
            }
            self.read().await.map_err(|error| PacketError::Malformed(error.to_string()))?;
        }
    }
}

/// A client that was let in.
struct Connection {
    client_id: String,
    token: u64,
    version: Version,
    keep_alive_s: u16,
    outbox: Arc<Outbox>,
    router: Arc<Mutex<Router>>,
}

impl Connection {
    async fn run(&self, mut reader: Reader, mut socket: OwnedWriteHalf) {
        self.serve(&mut reader, &mut socket).await;
        farewell(reader, socket, &[]).await;
    }

    async fn serve(&self, reader: &mut Reader, socket: &mut OwnedWriteHalf) {
        let mut writing = pin!(self.write(socket));
        let end = tokio::select! {
            Err(end) = self.read(reader) => Some(end),
            () = &mut writing => None,
        };
        let with_will = !matches!(end, Some(End::Disconnect { with_will: false }));
        self.router.lock().disconnect(&self.client_id, self.token, with_will);
        let last_packet = match end {
            None => return,
            Some(End::Fault(reason)) => disconnect(self.version, reason),
            Some(End::Disconnect { .. } | End::Lost) => Vec::new(),
        };
        self.outbox.close(&last_packet);
        // What is half written is completed first: a packet cut short would hide the reason.
        if timeout(FAREWELL_TIMEOUT, writing).await.is_err() {
            log::debug!("demo broker: {} did not read its last packet", self.client_id);
        }
    }

    /// Writes what the outbox holds until it is closed or the socket is.
    async fn write(&self, socket: &mut OwnedWriteHalf) {
        let mut buffer = BytesMut::new();
        loop {
            buffer.clear();
            let tail = match self.outbox.fill(&mut buffer) {
                Filled::Closed => return,
                Filled::Nothing => {
                    self.outbox.filled().await;
                    continue;
                }
                Filled::Bytes(tail) => tail.unwrap_or_default(),
            };
            if self.router.lock().faults.silent {
                continue;
            }
            if write(socket, &buffer, &tail).await.is_err() {
                return;
            }
        }
    }

    /// Reads and answers packets until there is a reason to stop.
    async fn read(&self, reader: &mut Reader) -> Result<std::convert::Infallible, End> {
        // Identifiers of QoS 2 messages that were delivered and not yet released (MQTT 5.0, 4.3.3).
        let mut unreleased = HashSet::new();
        // MQTT 5.0, 3.1.2.10: one and a half times the keep alive.
        let patience = match self.keep_alive_s {
            0 => Duration::MAX,
            seconds => Duration::from_millis(u64::from(seconds) * 1500),
        };
        loop {
            while let Some(frame) = reader.frame()? {
                if self.outbox.is_closed() {
                    return Err(End::Lost);
                }
                let faults = self.faults();
                if faults.close_after_packets.is_some_and(|packets| reader.packets >= packets) {
                    return Err(End::Lost);
                }
                let packet = decode(frame, self.version)?;
                self.handle(packet, &mut unreleased, &faults).await?;
            }
            let next = async {
                self.outbox.has_room().await;
                reader.read().await
            };
            match timeout(patience, next).await {
                Ok(read) => read?,
                Err(_) => return Err(End::Fault(reason::KEEP_ALIVE_TIMEOUT)),
            }
            // One busy sender must not keep the thread from the others.
            tokio::task::yield_now().await;
        }
    }

    fn faults(&self) -> Faults {
        self.router.lock().faults.clone()
    }

    async fn handle(
        &self,
        packet: Packet,
        unreleased: &mut HashSet<u16>,
        faults: &Faults,
    ) -> Result<(), End> {
        match packet {
            Packet::Connect(_) => return Err(End::Fault(reason::PROTOCOL_ERROR)),
            Packet::Publish { message, id } => self.publish(message, id, unreleased, faults).await?,
            Packet::Acknowledge { first, id, refused } => self.outbox.acknowledged(first, id, refused),
            Packet::PubRel { id } => {
                unreleased.remove(&id);
                self.acknowledge(ack::PUBCOMP, id, reason::SUCCESS, faults).await;
            }
            Packet::Subscribe { id, subscriptions } => {
                let (codes, new) = self.router.lock().subscribe(&self.client_id, subscriptions);
                pause(faults.ack_delay).await;
                self.outbox.answer(&subscription_ack(self.version, 0x90, id, &codes));
                self.router.lock().send_retained(&self.client_id, &new);
            }
            Packet::Unsubscribe { id, filters } => {
                let reasons = self.router.lock().unsubscribe(&self.client_id, &filters);
                pause(faults.ack_delay).await;
                self.outbox.answer(&subscription_ack(self.version, 0xB0, id, &reasons));
            }
            Packet::PingReq => self.outbox.answer(&[0xD0, 0]),
            Packet::Disconnect { with_will } => return Err(End::Disconnect { with_will }),
        }
        Ok(())
    }

    /// Routes a PUBLISH and acknowledges it. A QoS 2 message that comes again is not delivered again.
    async fn publish(
        &self,
        message: Message,
        id: u16,
        unreleased: &mut HashSet<u16>,
        faults: &Faults,
    ) -> Result<(), End> {
        let qos = message.qos;
        if message.properties.as_ref().is_some_and(|properties| properties.topic_alias.is_some()) {
            return Err(End::Fault(reason::TOPIC_ALIAS_INVALID)); // CONNACK allowed none
        }
        if message.check().is_err() {
            return Err(End::Fault(reason::TOPIC_NAME_INVALID));
        }
        let again = qos == QoS::ExactlyOnce && unreleased.contains(&id);
        let mut code = reason::SUCCESS;
        if let Some(refusal) = faults.refuse_publish.filter(|_| qos != QoS::AtMostOnce) {
            code = refusal;
        } else if !again && self.router.lock().publish(Some(self.token), message) == 0 {
            code = reason::NO_MATCHING_SUBSCRIBERS;
        }
        let first = match qos {
            QoS::AtMostOnce => return Ok(()),
            QoS::AtLeastOnce => ack::PUBACK,
            QoS::ExactlyOnce => {
                if code < 0x80 {
                    unreleased.insert(id);
                }
                ack::PUBREC
            }
        };
        if !faults.withhold_acks {
            self.acknowledge(first, id, code, faults).await;
        }
        Ok(())
    }

    async fn acknowledge(&self, first: u8, id: u16, reason: u8, faults: &Faults) {
        pause(faults.ack_delay).await;
        self.outbox.answer(&acknowledge(self.version, first, id, reason));
    }
}

/// Sleeping for no time at all would still wait for the timer's next millisecond.
async fn pause(time: Duration) {
    if !time.is_zero() {
        sleep(time).await;
    }
}

async fn write(socket: &mut OwnedWriteHalf, head: &[u8], tail: &Bytes) -> io::Result<()> {
    socket.write_all(head).await?;
    socket.write_all(tail).await
}
