//! What happened besides messages, as JSON in the file: other programs read it without a table of ours, and later versions
//! add to it.

use serde::{Deserialize, Serialize};

use crate::message::Timestamp;

/// Something that happened to the connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// The broker took the connection.
    Connected {
        /// Its address, without user name and password.
        url: String,
        /// The version of MQTT that is spoken: 3.1, 3.1.1 or 5.
        version: String,
        /// The client ID in use.
        client_id: String,
        /// The broker kept a session of this client ID.
        session_present: bool,
    },
    /// The connection ended, or could not be made, although it is wanted.
    Lost {
        /// Why.
        why: Loss,
        /// What the system or the broker says of it, if anything.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The person disconnected.
    Disconnected,
    /// The broker granted a subscription.
    Subscribed {
        /// The topic filter.
        filter: String,
        /// The QoS that was granted.
        qos: u8,
    },
    /// The broker refused a subscription.
    Refused {
        /// The topic filter.
        filter: String,
        /// Its reason code (MQTT 5.0, 3.9.3), if it gave one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<u8>,
    },
    /// A subscription ended.
    Unsubscribed {
        /// The topic filter.
        filter: String,
    },
    /// What a later version wrote.
    #[serde(other)]
    Other,
}

/// Why a connection ended or could not be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// Nothing came in time.
    NoAnswer,
    /// The other side closed it.
    Closed,
    /// The operating system says so.
    System,
    /// The broker was not found or not reached.
    Unreachable,
    /// TLS, a certificate or a key.
    Security,
    /// The broker refused it.
    Refused,
    /// A rule of MQTT was broken.
    Protocol,
    /// An option of the connection, or the program itself.
    Program,
    /// What a later version wrote.
    #[serde(other)]
    Other,
}

/// An event and its time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::recording) struct Line {
    /// When, in microseconds since 1970.
    pub at: i64,
    /// What.
    #[serde(flatten)]
    pub what: Event,
}

/// Why messages are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// The recording was paused.
    Paused,
    /// They came faster than the disk could take them.
    Overload,
    /// The disk was full, or fuller than was allowed.
    DiskFull,
    /// The folder could not be written for another reason.
    Disk,
    /// There was no connection.
    Disconnected,
    /// What a later version wrote.
    #[serde(other)]
    Other,
}

/// A stretch of time of which messages are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gap {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Why.
    pub reason: GapReason,
    /// How many messages arrived and are missing; `None`: nobody can know.
    pub messages: Option<u64>,
}

/// The body of a frame that holds a gap; the times are in the head.
#[derive(Serialize, Deserialize)]
struct GapBody {
    reason: GapReason,
    #[serde(default)]
    messages: Option<u64>,
}

/// The body of a frame of events: a line of JSON each.
pub(in crate::recording) fn body(lines: &[Line]) -> Vec<u8> {
    let mut out = Vec::new();
    for line in lines {
        // Strings and numbers always have a JSON.
        if serde_json::to_writer(&mut out, line).is_ok() {
            out.push(b'\n');
        }
    }
    out
}

/// Reads a frame of events; a line that is none is left out.
pub(in crate::recording) fn read(body: &[u8]) -> Vec<(Timestamp, Event)> {
    let lines = body.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines
        .filter_map(|line| serde_json::from_slice::<Line>(line).ok())
        .map(|line| (Timestamp(line.at), line.what))
        .collect()
}

/// The body of a frame with this gap.
pub(in crate::recording) fn gap_body(gap: &Gap) -> Vec<u8> {
    serde_json::to_vec(&GapBody { reason: gap.reason, messages: gap.messages }).unwrap_or_default()
}

/// Reads a gap with the times of its frame.
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
            Line { at: 1, what: Event::Lost { why: Loss::Closed, text: None } },
            Line { at: 2, what: Event::Refused { filter: "#".to_owned(), code: Some(135) } },
        ];
        let mut bytes = body(&lines);
        bytes.extend_from_slice(b"{\"at\":3,\"event\":\"renamed\",\"to\":\"x\"}\n");
        bytes.extend_from_slice(b"{\"at\":4,\"event\":\"lost\",\"why\":\"boredom\"}\nno JSON\n");
        let found = read(&bytes);
        assert_eq!(found[0], (Timestamp(1), lines[0].what.clone()));
        assert_eq!(found[1], (Timestamp(2), lines[1].what.clone()));
        assert_eq!(found[2], (Timestamp(3), Event::Other));
        assert_eq!(found[3], (Timestamp(4), Event::Lost { why: Loss::Other, text: None }));
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
