//! Packet records for the protocol log.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::message::{QoS, Timestamp};
use crate::mqtt::packet::{Acknowledgement, Auth, ConnAck, Disconnect, PublishPacket};
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::trace::{Direction, PacketKind, PacketRecord};

/// A record with the minimum that every record has.
pub(super) fn record(direction: Direction, kind: PacketKind, bytes: usize) -> PacketRecord {
    PacketRecord {
        at: now(),
        direction,
        kind,
        packet_id: None,
        qos: QoS::AtMostOnce,
        retain: false,
        dup: false,
        session_present: false,
        reason: None,
        bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        subject: Box::default(),
        latency_us: None,
    }
}

fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_epoch.as_micros()).unwrap_or(i64::MAX))
}

/// Converts a duration to the microseconds that a record holds.
pub(super) fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}

/// Adds details from the packet.
impl PacketRecord {
    pub(super) fn about(mut self, subject: impl AsRef<[u8]>) -> Self {
        self.subject = subject.as_ref().into();
        self
    }

    pub(super) fn with_id(self, packet_id: u16) -> Self {
        Self { packet_id: Some(packet_id), ..self }
    }

    pub(super) fn with_reason(self, reason: ReasonCode) -> Self {
        Self { reason: Some(reason.0), ..self }
    }

    pub(super) fn after(self, latency: Option<Duration>) -> Self {
        Self { latency_us: latency.map(microseconds), ..self }
    }

    pub(super) fn publish(self, publish: &PublishPacket<'_>, topic: &[u8]) -> Self {
        let packet_id = Some(publish.packet_id).filter(|id| *id != 0);
        let flags = publish.flags;
        Self { packet_id, qos: flags.qos, retain: flags.retain, dup: flags.dup, ..self }.about(topic)
    }

    pub(super) fn acknowledgement(self, acknowledgement: &Acknowledgement) -> Self {
        let Acknowledgement { packet_id, reason, reason_string } = acknowledgement;
        self.with_id(*packet_id).with_reason(*reason).about(reason_string.as_deref().unwrap_or_default())
    }

    pub(super) fn connack(self, connack: &ConnAck) -> Self {
        let note = connack.server.reason_string.as_deref().unwrap_or_default();
        let session_present = connack.session_present;
        Self { session_present, ..self }.with_reason(ReasonCode(connack.code)).about(note)
    }

    pub(super) fn disconnect(self, disconnect: &Disconnect) -> Self {
        self.with_reason(disconnect.reason).about(disconnect.reason_string.as_deref().unwrap_or_default())
    }

    pub(super) fn auth(self, auth: &Auth) -> Self {
        self.with_reason(auth.reason).about(auth.method.as_deref().unwrap_or_default())
    }
}
