//! What a broker publishes about itself below `$SYS`. The topic names differ between brokers, so each has its own
//! table.
//!
//! mosquitto and HiveMQ publish below `$SYS/broker`, EMQX below `$SYS/brokers/NODE`, VerneMQ below `$SYS/NODE`.

use crate::model::{Model, NodeId};

/// Something that a broker publishes about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact {
    /// Its name and version.
    Version,
    /// How long it has been running.
    Uptime,
    /// Number of connected clients.
    Clients,
    /// The most clients that were ever connected at once.
    ClientsMax,
    /// Number of subscriptions of all clients.
    Subscriptions,
    /// Number of messages that it retains.
    Retained,
    /// Number of messages that were published to it.
    Received,
    /// Number of messages that it sent.
    Sent,
    /// Number of messages that it dropped.
    Dropped,
    /// Memory that it uses.
    Memory,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// A text as the broker writes it.
    Text(String),
    /// A number of things.
    Count(u64),
    /// An amount of memory.
    Bytes(u64),
    /// A duration.
    Seconds(u64),
}

/// A fact, its value, and the topic that states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stated {
    /// What is stated.
    pub fact: Fact,
    /// Its value.
    pub reading: Reading,
    /// The node of the topic.
    pub node: NodeId,
}

/// How the payload of a topic is read.
#[derive(Clone, Copy)]
enum Unit {
    Text,
    Count,
    Bytes,
    /// A duration such as `1204 seconds`; anything else is taken as text.
    Seconds,
    Milliseconds,
}

type Table = &'static [(Fact, Unit, &'static str)];

/// The topics of mosquitto 1.4 to 2.1, HiveMQ 3, and the `$SYS` extension for HiveMQ 4. Where two names mean the same
/// fact, the second is HiveMQ's.
const BROKER: Table = &[
    (Fact::Version, Unit::Text, "version"),
    (Fact::Uptime, Unit::Seconds, "uptime"),
    (Fact::Clients, Unit::Count, "clients/connected"),
    (Fact::Clients, Unit::Count, "clients/active"),
    (Fact::ClientsMax, Unit::Count, "clients/maximum"),
    (Fact::Subscriptions, Unit::Count, "subscriptions/count"),
    (Fact::Retained, Unit::Count, "retained messages/count"),
    (Fact::Retained, Unit::Count, "messages/retained/count"),
    (Fact::Received, Unit::Count, "publish/messages/received"),
    (Fact::Received, Unit::Count, "messages/publish/received"),
    (Fact::Received, Unit::Count, "messages/received"),
    (Fact::Sent, Unit::Count, "publish/messages/sent"),
    (Fact::Sent, Unit::Count, "messages/publish/sent"),
    (Fact::Sent, Unit::Count, "messages/sent"),
    (Fact::Dropped, Unit::Count, "publish/messages/dropped"),
    (Fact::Dropped, Unit::Count, "messages/publish/dropped"),
    (Fact::Memory, Unit::Bytes, "heap/current"),
    (Fact::Memory, Unit::Bytes, "heap/current size"),
];

/// The topics of EMQX 4 and 5.
const EMQX: Table = &[
    (Fact::Version, Unit::Text, "version"),
    (Fact::Uptime, Unit::Seconds, "uptime"),
    (Fact::Clients, Unit::Count, "stats/live_connections/count"),
    (Fact::Clients, Unit::Count, "stats/connections/count"),
    (Fact::ClientsMax, Unit::Count, "stats/connections/max"),
    (Fact::Subscriptions, Unit::Count, "stats/subscriptions/count"),
    (Fact::Retained, Unit::Count, "stats/retained/count"),
    (Fact::Received, Unit::Count, "metrics/messages/received"),
    (Fact::Sent, Unit::Count, "metrics/messages/sent"),
    (Fact::Dropped, Unit::Count, "metrics/messages/dropped"),
];

/// The topics of VerneMQ 1 and 2: the names of its metrics, with each word as a level.
const VERNEMQ: Table = &[
    (Fact::Uptime, Unit::Milliseconds, "system/wallclock"),
    (Fact::Clients, Unit::Count, "active/mqtt/connections"),
    (Fact::Clients, Unit::Count, "queue/processes"),
    (Fact::Subscriptions, Unit::Count, "router/subscriptions"),
    (Fact::Retained, Unit::Count, "retain/messages"),
    (Fact::Received, Unit::Count, "mqtt/publish/received"),
    (Fact::Sent, Unit::Count, "mqtt/publish/sent"),
    (Fact::Dropped, Unit::Count, "queue/message/drop"),
    (Fact::Memory, Unit::Bytes, "vm/memory/total"),
];

/// How many nodes of a cluster are tried until one states something.
const NODES_MAX: usize = 8;
/// The longest level that is taken for the name of a cluster node.
const NODE_BYTES_MAX: usize = 255;
/// Texts are cut to this length.
const TEXT_CHARS_MAX: usize = 80;

/// What the broker of a session states about itself. Empty if `$SYS` is not subscribed to or not published. For a
/// cluster, the facts of one node.
pub fn stated(model: &Model) -> Vec<Stated> {
    let said = read(model, b"$SYS/broker", BROKER);
    if !said.is_empty() {
        return said;
    }
    let of_nodes = |above: &[u8], table| {
        let nodes = model.find(above).into_iter().flat_map(|above| model.children(above)).take(NODES_MAX);
        nodes
            .filter(|node| model.node(*node).is_some_and(|node| node.segment.len() <= NODE_BYTES_MAX))
            .map(|node| read(model, &model.topic_bytes(node), table))
            .max_by_key(Vec::len)
            .unwrap_or_default()
    };
    let said = of_nodes(b"$SYS/brokers", EMQX);
    if said.is_empty() { of_nodes(b"$SYS", VERNEMQ) } else { said }
}

fn read(model: &Model, prefix: &[u8], table: Table) -> Vec<Stated> {
    let mut said: Vec<Stated> = Vec::new();
    for (fact, unit, name) in table {
        if said.iter().any(|other| other.fact == *fact) {
            continue;
        }
        let topic = [prefix, b"/", name.as_bytes()].concat();
        let Some(node) = model.find(&topic) else { continue };
        let newest = model.node(node).and_then(|node| node.topic).map(|topic| topic.newest);
        let reading = newest.and_then(|newest| unit.read(newest.payload()));
        said.extend(reading.map(|reading| Stated { fact: *fact, reading, node }));
    }
    said
}

impl Unit {
    fn read(self, payload: &[u8]) -> Option<Reading> {
        let text = str::from_utf8(payload.get(..1_024).unwrap_or(payload)).ok()?.trim();
        let number = || -> Option<u64> {
            let digits = text.split_once('.').map_or(text, |(whole, _)| whole);
            digits.parse().ok()
        };
        match self {
            Self::Count => number().map(Reading::Count),
            Self::Bytes => number().map(Reading::Bytes),
            Self::Milliseconds => number().map(|ms| Reading::Seconds(ms / 1_000)),
            Self::Seconds => {
                let seconds = text.strip_suffix(" seconds").and_then(|number| number.parse().ok());
                seconds.map(Reading::Seconds).or_else(|| shortened(text))
            }
            Self::Text => shortened(text),
        }
    }
}

fn shortened(text: &str) -> Option<Reading> {
    let text: String = text.chars().take(TEXT_CHARS_MAX).collect();
    (!text.is_empty()).then_some(Reading::Text(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{Flags, MessageRef, Payload, Timestamp};
    use crate::model::Limits;

    fn model(messages: &[(&str, &str)]) -> Model {
        let mut model = Model::new(Limits::default());
        for (topic, payload) in messages {
            let payload = Payload::Small(payload.as_bytes());
            let (topic, flags, arrived) = (topic.as_bytes(), Flags::default(), Timestamp(1));
            model.apply(MessageRef { topic, payload, flags, properties: None, arrived }).unwrap();
        }
        model.roll_up(Timestamp(2));
        model
    }

    fn said(messages: &[(&str, &str)]) -> Vec<(Fact, Reading)> {
        stated(&model(messages)).into_iter().map(|stated| (stated.fact, stated.reading)).collect()
    }

    #[test]
    fn mosquitto_speaks_of_itself() {
        let said = said(&[
            ("$SYS/broker/version", "mosquitto version 2.0.18"),
            ("$SYS/broker/uptime", "1204 seconds"),
            ("$SYS/broker/clients/connected", "12"),
            ("$SYS/broker/clients/active", "99"),
            ("$SYS/broker/heap/current", "838936"),
            ("$SYS/broker/retained messages/count", "55"),
            ("plant/a", "1"),
        ]);
        assert_eq!(
            said,
            [
                (Fact::Version, Reading::Text("mosquitto version 2.0.18".to_owned())),
                (Fact::Uptime, Reading::Seconds(1_204)),
                (Fact::Clients, Reading::Count(12)),
                (Fact::Retained, Reading::Count(55)),
                (Fact::Memory, Reading::Bytes(838_936)),
            ]
        );
    }

    #[test]
    fn hivemq_has_names_of_its_own() {
        let said = said(&[
            ("$SYS/broker/clients/connected", "3"),
            ("$SYS/broker/messages/retained/count", "7"),
            ("$SYS/broker/messages/publish/received", "900"),
        ]);
        let expected = [(Fact::Clients, 3), (Fact::Retained, 7), (Fact::Received, 900)];
        assert_eq!(said, expected.map(|(fact, count)| (fact, Reading::Count(count))));
    }

    #[test]
    fn emqx_and_vernemq_speak_below_a_node() {
        let emqx = said(&[
            ("$SYS/brokers", "emqx@127.0.0.1"),
            ("$SYS/brokers/emqx@127.0.0.1/version", "5.7.0"),
            ("$SYS/brokers/emqx@127.0.0.1/uptime", "3 hours, 2 minutes"),
            ("$SYS/brokers/emqx@127.0.0.1/stats/connections/count", "4"),
            ("$SYS/brokers/emqx@127.0.0.1/metrics/messages/dropped", "1"),
        ]);
        assert_eq!(
            emqx,
            [
                (Fact::Version, Reading::Text("5.7.0".to_owned())),
                (Fact::Uptime, Reading::Text("3 hours, 2 minutes".to_owned())),
                (Fact::Clients, Reading::Count(4)),
                (Fact::Dropped, Reading::Count(1)),
            ]
        );
        let vernemq = said(&[
            ("$SYS/VerneMQ@127.0.0.1/system/wallclock", "61000"),
            ("$SYS/VerneMQ@127.0.0.1/mqtt/publish/received", "10"),
            ("$SYS/VerneMQ@127.0.0.1/vm/memory/total", "123456"),
        ]);
        let expected = [
            (Fact::Uptime, Reading::Seconds(61)),
            (Fact::Received, Reading::Count(10)),
            (Fact::Memory, Reading::Bytes(123_456)),
        ];
        assert_eq!(vernemq, expected);
    }

    #[test]
    fn what_cannot_be_read_is_left_out() {
        assert_eq!(said(&[("plant/a", "1")]), []);
        let odd = said(&[("$SYS/broker/clients/connected", "many"), ("$SYS/broker/version", "")]);
        assert_eq!(odd, []);
    }
}
