//! One client's connection, from its first byte to its will. One task per connection, run by the broker.

use std::collections::HashSet;
use std::convert::Infallible;
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use parking_lot::Mutex;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::time::{sleep, timeout};

use crate::demo::broker::faults::Faults;
use crate::demo::broker::incoming::{Fault, Frame, Partial, Reader, will_message};
use crate::demo::broker::message::Message;
use crate::demo::broker::outbox::{Filled, Limits, Outbox};
use crate::demo::broker::outgoing::{encoded, farewell, refusal, welcome};
use crate::demo::broker::router::Router;
use crate::message::QoS;
use crate::mqtt::options::MqttVersion;
use crate::mqtt::packet::{
    Acknowledgement, Connect, Disconnect, Flaw, Incoming, Malformed, PINGRESP, SubAck, Subscribe, UnsubAck,
    Unsubscribe,
};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::PacketKind;

/// How long a client may take to send CONNECT.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// The largest CONNECT, which comes before the client has logged in. Its strings have at most 64 KiB each.
const CONNECT_BYTES_MAX: usize = 1 << 20;

/// How long a closing connection may take to write its last packet.
const FAREWELL_TIMEOUT: Duration = Duration::from_secs(1);

/// How a connection ended.
enum End {
    /// By DISCONNECT: the will is not sent, unless the client asks for it (MQTT 5.0, 3.14.2.1).
    Disconnect { with_will: bool },
    /// The socket closed, or the broker wants it to.
    Lost,
    /// The client broke a rule; MQTT 5 is told which.
    Fault(ReasonCode),
}

impl From<Fault> for End {
    fn from(fault: Fault) -> Self {
        match &fault {
            Fault::TooLarge(bytes) => log::debug!("demo broker: a packet of {bytes} bytes is too large"),
            Fault::NoRoom => log::debug!("demo broker: too much was sent in part"),
            Fault::Malformed(malformed) => log::debug!("demo broker: {malformed:?}"),
            Fault::Stream(error) => log::debug!("demo broker: a connection ended: {error}"),
        }
        fault.reason().map_or(Self::Lost, Self::Fault)
    }
}

impl From<Malformed> for End {
    fn from(malformed: Malformed) -> Self {
        Fault::Malformed(malformed).into()
    }
}

impl From<io::Error> for End {
    fn from(_: io::Error) -> Self {
        Self::Lost
    }
}

/// Serves one client until either side ends it.
pub(super) async fn serve(socket: TcpStream, router: Arc<Mutex<Router>>, partial: Arc<Partial>) {
    // Acknowledgements are small packets whose latency matters.
    if socket.set_nodelay(true).is_err() {
        return;
    }
    let (read, write) = socket.into_split();
    let mut reader = Reader::new(read, CONNECT_BYTES_MAX, partial);
    let Ok(Ok(first)) = timeout(CONNECT_TIMEOUT, reader.first()).await else { return };
    match first.decode(MqttVersion::V5) {
        // A version that is too old is told so in the words of the oldest that is spoken here (MQTT 3.1.1, 3.1.2.2),
        // one that is too new in those of the newest.
        Ok(Incoming::Connect(connect)) if connect.version == MqttVersion::V3_1 => {
            part(reader, write, &refusal(1, MqttVersion::V3_1_1)).await;
        }
        Ok(Incoming::Connect(connect)) => greet(&connect, reader, write, router).await,
        Err(Malformed { flaw: Flaw::ProtocolLevel(0..=3), .. }) => {
            part(reader, write, &refusal(1, MqttVersion::V3_1_1)).await;
        }
        Err(Malformed { flaw: Flaw::ProtocolLevel(_), .. }) => {
            let code = ReasonCode::UNSUPPORTED_PROTOCOL_VERSION.0;
            part(reader, write, &refusal(code, MqttVersion::V5)).await;
        }
        Ok(_) | Err(_) => {}
    }
}

/// Answers CONNECT and, if all is well, runs the connection.
async fn greet(connect: &Connect<'_>, mut reader: Reader, write: OwnedWriteHalf, router: Arc<Mutex<Router>>) {
    let Connect { version, keep_alive_s, ref will, ref properties, .. } = *connect;
    let will = will.as_ref().map(will_message);
    let faults = router.lock().faults.clone();
    let refused = faults
        .refuse_connect
        .or_else(|| why_not(connect, will.as_ref(), router.lock().config.login.as_ref()));
    if let Some(code) = refused.filter(|_| !faults.silent) {
        return part(reader, write, &refusal(code, version)).await;
    }
    let assigned_id = connect.client_id.is_empty().then(|| format!("assigned-{:016x}", fastrand::u64(..)));
    let client_id = assigned_id.clone().unwrap_or_else(|| connect.client_id.to_owned());
    reader.version = version;
    let (limits, all_queues) = {
        let router = router.lock();
        let config = &router.config;
        reader.packet_bytes_max = config.packet_bytes_max;
        let limits = Limits {
            queue_bytes: config.queue_bytes_max,
            all_queues_bytes: config.all_queues_bytes_max,
            in_flight: config.in_flight_max.min(usize::from(properties.receive_max.unwrap_or(u16::MAX))),
            packet_bytes: properties.packet_bytes_max.map_or(usize::MAX, |bytes| bytes as usize),
        };
        (limits, Arc::clone(&router.all_queues))
    };
    let outbox = Arc::new(Outbox::new(version, limits, all_queues));
    outbox.answer(&faults.connack_bytes.unwrap_or_else(|| welcome(assigned_id, version)));
    let token = router.lock().connect(&client_id, version, Arc::clone(&outbox), will);
    let connection = Connection { client_id, token, version, keep_alive_s, outbox, router };
    connection.run(reader, write).await;
}

/// The code to refuse a CONNECT with, if it must be.
fn why_not(connect: &Connect<'_>, will: Option<&Message>, login: Option<&(String, String)>) -> Option<u8> {
    let v5 = connect.version == MqttVersion::V5;
    let knows = |(username, password): &(String, String)| {
        connect.username == Some(username) && connect.password == Some(password.as_bytes())
    };
    if login.is_some_and(|login| !knows(login)) {
        return Some(if v5 { ReasonCode::BAD_USER_NAME_OR_PASSWORD.0 } else { 4 });
    }
    if connect.client_id.is_empty() && !connect.clean && !v5 {
        return Some(2); // identifier rejected (MQTT 3.1.1, 3.1.3.1)
    }
    if will.is_some_and(|will| will.check().is_err()) {
        return Some(if v5 { ReasonCode::TOPIC_NAME_INVALID.0 } else { 2 });
    }
    None
}

/// Sends the last packet, if any, and closes so that it arrives.
async fn part(mut reader: Reader, mut socket: OwnedWriteHalf, last_packet: &[u8]) {
    let parting = async {
        socket.write_all(last_packet).await?;
        socket.shutdown().await?;
        // Closing with unread bytes resets the connection, and then the client may never see the last packet.
        reader.drain().await
    };
    let end: Result<Result<Infallible, Fault>, _> = timeout(FAREWELL_TIMEOUT, parting).await;
    if end.is_err() {
        log::debug!("demo broker: a client did not close its side");
    }
}

/// A client that was let in.
struct Connection {
    client_id: String,
    token: u64,
    version: MqttVersion,
    keep_alive_s: u16,
    outbox: Arc<Outbox>,
    router: Arc<Mutex<Router>>,
}

impl Connection {
    async fn run(&self, mut reader: Reader, mut socket: OwnedWriteHalf) {
        self.serve(&mut reader, &mut socket).await;
        part(reader, socket, &[]).await;
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
            Some(End::Fault(reason)) => farewell(reason, self.version),
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
        let mut buffer = Vec::new();
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
    async fn read(&self, reader: &mut Reader) -> Result<Infallible, End> {
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
                self.handle(&frame, &mut unreleased, &faults).await?;
            }
            let next = async {
                self.outbox.has_room().await;
                reader.read().await
            };
            match timeout(patience, next).await {
                Ok(read) => read?,
                Err(_) => return Err(End::Fault(ReasonCode::KEEP_ALIVE_TIMEOUT)),
            }
            // One busy sender must not keep the thread from the others.
            tokio::task::yield_now().await;
        }
    }

    fn faults(&self) -> Faults {
        self.router.lock().faults.clone()
    }

    async fn handle(&self, frame: &Frame, unreleased: &mut HashSet<u16>, faults: &Faults) -> Result<(), End> {
        match frame.decode(self.version)? {
            Incoming::Publish(publish) => {
                if publish.topic_alias.is_some() {
                    return Err(End::Fault(ReasonCode::TOPIC_ALIAS_INVALID)); // CONNACK allowed none
                }
                let message = frame.message(&publish)?;
                self.publish(message, publish.packet_id, unreleased, faults).await?;
            }
            Incoming::Acknowledgement(PacketKind::PubRel, Acknowledgement { packet_id, .. }) => {
                unreleased.remove(&packet_id);
                self.acknowledge(PacketKind::PubComp, packet_id, ReasonCode::SUCCESS, faults).await;
            }
            Incoming::Acknowledgement(kind, acknowledgement) => {
                self.outbox.acknowledged(kind, &acknowledgement);
            }
            Incoming::Subscribe(Subscribe { packet_id, subscriptions }) => {
                let (reasons, new) = self.router.lock().subscribe(&self.client_id, subscriptions);
                pause(faults.ack_delay).await;
                self.answer(&Incoming::SubAck(SubAck { packet_id, reasons, reason_string: None }));
                self.router.lock().send_retained(&self.client_id, &new);
            }
            Incoming::Unsubscribe(Unsubscribe { packet_id, filters, .. }) => {
                let reasons = self.router.lock().unsubscribe(&self.client_id, &filters);
                pause(faults.ack_delay).await;
                self.answer(&Incoming::UnsubAck(UnsubAck { packet_id, reasons, reason_string: None }));
            }
            Incoming::PingReq => self.outbox.answer(&PINGRESP),
            Incoming::Disconnect(Disconnect { reason, .. }) => {
                return Err(End::Disconnect { with_will: reason != ReasonCode::SUCCESS });
            }
            // A second CONNECT, an authentication that was not offered, and packets that clients may not send.
            Incoming::Connect(_)
            | Incoming::Auth(_)
            | Incoming::ConnAck(_)
            | Incoming::SubAck(_)
            | Incoming::UnsubAck(_)
            | Incoming::PingResp => return Err(End::Fault(ReasonCode::PROTOCOL_ERROR)),
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
        if message.check().is_err() {
            return Err(End::Fault(ReasonCode::TOPIC_NAME_INVALID));
        }
        let again = qos == QoS::ExactlyOnce && unreleased.contains(&id);
        let mut reason = ReasonCode::SUCCESS;
        if let Some(refusal) = faults.refuse_publish.filter(|_| qos != QoS::AtMostOnce) {
            reason = ReasonCode(refusal);
        } else if !again && self.router.lock().publish(Some(self.token), message) == 0 {
            reason = ReasonCode::NO_MATCHING_SUBSCRIBERS;
        }
        let kind = match qos {
            QoS::AtMostOnce => return Ok(()),
            QoS::AtLeastOnce => PacketKind::PubAck,
            QoS::ExactlyOnce => {
                if !reason.is_failure() {
                    unreleased.insert(id);
                }
                PacketKind::PubRec
            }
        };
        if !faults.withhold_acks {
            self.acknowledge(kind, id, reason, faults).await;
        }
        Ok(())
    }

    async fn acknowledge(&self, kind: PacketKind, packet_id: u16, reason: ReasonCode, faults: &Faults) {
        pause(faults.ack_delay).await;
        let acknowledgement = Acknowledgement { packet_id, reason, reason_string: None };
        self.answer(&Incoming::Acknowledgement(kind, acknowledgement));
    }

    fn answer(&self, packet: &Incoming<'_>) {
        self.outbox.answer(&encoded(packet, self.version));
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
