//! Events other than messages, stored as JSON so that other programs can read them without a table of ours and later
//! versions can add fields.

use serde::{Deserialize, Serialize};

use crate::message::Timestamp;

/// Something that happened to the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum RecordedEvent {
    /// The broker accepted the connection.
    Connected {
        /// The broker's address, without user name and password.
        url: String,
        /// The MQTT version: 3.1, 3.1.1 or 5.
        version: String,
        /// The client ID in use.
        client_id: String,
        /// Whether the broker kept a session of this client ID.
        session_present: bool,
    },
    /// The connection ended or failed although it was wanted.
    Lost {
        /// The reason.
        why: Loss,
        /// The system's or the broker's text, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The user disconnected.
    Disconnected,
    /// The broker granted a subscription.
    Subscribed {
        /// The topic filter.
        filter: String,
        /// The granted QoS.
        qos: u8,
    },
    /// The broker refused a subscription.
    Refused {
        /// The topic filter.
        filter: String,
        /// The broker's reason code (MQTT 5.0, 3.9.3), if it gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u8>,
    },
    /// A subscription was ended.
    Unsubscribed {
        /// The topic filter.
        filter: String,
    },
    /// An event from a later version.
    #[serde(other)]
    Other,
}

/// Why a connection ended or could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Nothing arrived in time.
    NoAnswer,
    /// The other side closed the connection.
    Closed,
    /// An error from the operating system.
    System,
    /// The broker could not be found or reached.
    Unreachable,
    /// A problem with TLS, a certificate or a key.
    Security,
    /// The broker refused the connection.
    Refused,
    /// The MQTT protocol was violated.
    Protocol,
    /// A problem with an option of the connection or the program itself.
    Program,
    /// A reason from a later version.
    #[serde(other)]
    Other,
}

/// An event and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::recording) struct EventLine {
    /// Time in microseconds since 1970.
    pub at: i64,
    /// The event.
    #[serde(flatten)]
    pub what: RecordedEvent,
}

/// Why messages are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// The recording was paused.
    Paused,
    /// Messages came faster than the disk could write.
    Overload,
    /// The disk was full, or its limit was reached.
    DiskFull,
    /// The folder could not be written to for another reason.
    Disk,
    /// There was no connection.
    Disconnected,
    /// A reason from a later version.
    #[serde(other)]
    Other,
}

/// A period of time from which messages are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// Start of the gap.
    pub from: Timestamp,
    /// End of the gap.
    pub to: Timestamp,
    /// Why messages are missing.
    pub reason: GapReason,
    /// How many messages arrived but are missing; `None` if that cannot be known.
    pub messages: Option<u64>,
}

/// The body of a gap frame; the times are in its head.
#[derive(Serialize, Deserialize)]
struct GapBody {
    reason: GapReason,
    #[serde(default)]
    messages: Option<u64>,
}

/// The body of an events frame: one line of JSON for each event.
pub(in crate::recording) fn body(lines: &[EventLine]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        // Strings and numbers can always be written as JSON.
        if serde_json::to_writer(&mut out, line).is_ok() {
            out.push(b'\n');
        }
    }
    out
}

/// Parses an events frame; invalid lines are skipped.
pub(in crate::recording) fn read(body: &[u8]) -> Vec<(Timestamp, RecordedEvent)> {
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .filter_map(|line| serde_json::from_slice::<EventLine>(line).ok())
        .map(|line| (Timestamp(line.at), line.what))
        .collect()
}

/// The body of a frame for this gap.
pub(in crate::recording) fn gap_body(gap: &Gap) -> Vec<u8> {
    serde_json::to_vec(&GapBody { reason: gap.reason, messages: gap.messages }).unwrap_or_default()
}

/// Parses a gap, with the times from its frame.
pub(in crate::recording) fn read_gap(body: &[u8], from: Timestamp, to: Timestamp) -> Option<Gap> {
    let GapBody { reason, messages } = serde_json::from_slice(body).ok()?;
    Some(Gap { from, to, reason, messages })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_back_and_what_is_unknown_is_no_failure() {
        let lines = [
            EventLine { at: 1, what: RecordedEvent::Lost { why: Loss::Closed, text: None } },
            EventLine { at: 2, what: RecordedEvent::Refused { filter: "#".to_owned(), code: Some(135) } },
        ];
        let mut bytes = body(&lines);
        bytes.extend_from_slice(b"{\"at\":3,\"event\":\"renamed\",\"to\":\"x\"}\n");
        bytes.extend_from_slice(b"{\"at\":4,\"event\":\"lost\",\"why\":\"boredom\"}\nno JSON\n");
        let found = read(&bytes);
        assert_eq!(found[0], (Timestamp(1), lines[0].what.clone()));
        assert_eq!(found[1], (Timestamp(2), lines[1].what.clone()));
        assert_eq!(found[2], (Timestamp(3), RecordedEvent::Other));
        assert_eq!(found[3], (Timestamp(4), RecordedEvent::Lost { why: Loss::Other, text: None }));
        assert_eq!(found.len(), 4);
    }

    #[test]
    fn a_gap_comes_back() {
        let gap =
            Gap { from: Timestamp(1), to: Timestamp(2), reason: GapReason::DiskFull, messages: Some(3) };
        assert_eq!(read_gap(&gap_body(&gap), gap.from, gap.to), Some(gap));
        assert_eq!(read_gap(b"{}", gap.from, gap.to), None);
    }
}
