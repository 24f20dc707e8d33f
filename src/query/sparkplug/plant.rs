//! All edge nodes and hosts that were heard of.

use std::collections::BTreeMap;
use std::sync::Arc;

use parking_lot::Mutex;

use crate::message::{MessageRef, Timestamp};
use crate::model::Witness;
use crate::query::sparkplug::node::{EdgeNode, Heard};
use crate::query::sparkplug::topic::PlantTopic;
use crate::query::sparkplug::{PlantFault, Presence, SparkplugKind, SparkplugTopic};

/// Edge nodes that are remembered.
const NODES_MAX: usize = 2_000;
/// Devices of all edge nodes that are remembered.
const DEVICES_MAX: usize = 20_000;
/// Host applications that are remembered.
const HOSTS_MAX: usize = 200;
/// Unknown versions that are named.
const VERSIONS_MAX: usize = 50;
/// Memory that metrics may take.
const METRICS_BYTES_MAX: usize = 64 << 20;
/// A larger payload is not followed: it is read while the model is locked.
const PAYLOAD_BYTES_MAX: usize = 1 << 20;
/// Longer names are cut.
const NAME_BYTES_MAX: usize = 1_024;

/// What an edge node is known by: its group and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeKey {
    /// The group.
    pub group: Arc<str>,
    /// The edge node.
    pub node: Arc<str>,
}

impl NodeKey {
    /// A topic of the edge node, or of one of its devices.
    pub fn topic(&self, kind: SparkplugKind, device: Option<&str>) -> String {
        let Self { group, node } = self;
        let topic = format!("spBv1.0/{group}/{}/{node}", kind.name());
        device.map_or_else(|| topic.clone(), |device| format!("{topic}/{device}"))
    }
}

/// What a host application says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HostState {
    /// Whether it is online; `None` if that cannot be read.
    pub is_online: Option<bool>,
    /// When it said so, by its own clock, in milliseconds since 1970.
    pub time_ms: Option<u64>,
    /// When that came.
    pub at: Timestamp,
    /// Whether it says so in the form before version 3.0 of the specification.
    pub is_old: bool,
}

/// The state of everything that speaks Sparkplug B. A copy shares what did not change since.
#[derive(Clone, Debug, Default)]
pub struct Plant {
    nodes: BTreeMap<NodeKey, Arc<EdgeNode>>,
    hosts: BTreeMap<String, HostState>,
    /// Messages by the namespace or kind that is not known here.
    unknown: BTreeMap<String, u64>,
    left_out: u64,
    devices: usize,
    bytes: usize,
    version: u64,
}

impl Plant {
    /// Whether nothing was heard of Sparkplug.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty() && self.hosts.is_empty() && self.unknown.is_empty()
    }

    /// The edge nodes, by group and name.
    pub fn nodes(&self) -> impl Iterator<Item = (&NodeKey, &EdgeNode)> {
        self.nodes.iter().map(|(key, node)| (key, &**node))
    }

    /// An edge node.
    pub fn node(&self, key: &NodeKey) -> Option<&EdgeNode> {
        self.nodes.get(key).map(|node| &**node)
    }

    /// The host applications by name.
    pub fn hosts(&self) -> impl Iterator<Item = (&str, &HostState)> {
        self.hosts.iter().map(|(name, host)| (name.as_str(), host))
    }

    /// Versions of the specification that are not known here, by namespace or kind of message, and how many messages
    /// came of each.
    pub fn unknown(&self) -> impl Iterator<Item = (&str, u64)> {
        self.unknown.iter().map(|(name, messages)| (name.as_str(), *messages))
    }

    /// Messages of edge nodes, devices and hosts beyond those that are remembered.
    pub fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Grows whenever an edge node, a device or a host is new.
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Where a topic leads: to an edge node, and perhaps one of its devices.
    pub fn place_of(&self, topic: &[u8]) -> Option<(NodeKey, Option<String>)> {
        let SparkplugTopic { group, node, device, .. } = SparkplugTopic::of(topic)?;
        let key = NodeKey { group: name(group).into(), node: name(node).into() };
        let device = device.map(name).filter(|_| self.nodes.contains_key(&key));
        self.nodes.contains_key(&key).then_some((key, device))
    }

    /// Notes that a person has asked an edge node to be born again.
    pub fn asked_for_rebirth(&mut self, key: &NodeKey, at: Timestamp) {
        if let Some(node) = self.nodes.get_mut(key) {
            Arc::make_mut(node).asked_at = Some(at);
        }
    }

    /// Takes in a message of any topic.
    pub fn hear(&mut self, message: &MessageRef<'_>) {
        let (payload, at) = (message.payload.bytes(), message.arrived);
        match PlantTopic::of(message.topic) {
            Some(PlantTopic::Metrics(topic)) => self.hear_metrics(&topic, message),
            Some(PlantTopic::Host(host)) => self.hear_host(host, host_state(payload, at)),
            Some(PlantTopic::OldHost(host)) => {
                if let Some(is_online) = old_host_state(payload) {
                    let is_online = Some(is_online);
                    self.hear_host(host, HostState { is_online, time_ms: None, at, is_old: true });
                }
            }
            Some(PlantTopic::Unknown(version)) => {
                let version = name(version);
                if self.unknown.len() < VERSIONS_MAX || self.unknown.contains_key(&version) {
                    *self.unknown.entry(version).or_default() += 1;
                }
            }
            None => {}
        }
    }

    fn hear_host(&mut self, host: &[u8], state: HostState) {
        let host = name(host);
        let is_new = !self.hosts.contains_key(&host);
        if is_new && self.hosts.len() >= HOSTS_MAX {
            self.left_out += 1;
            return;
        }
        self.version += u64::from(is_new);
        self.hosts.insert(host, state);
    }

    fn hear_metrics(&mut self, topic: &SparkplugTopic<'_>, message: &MessageRef<'_>) {
        let key = NodeKey { group: name(topic.group).into(), node: name(topic.node).into() };
        let device = topic.device.filter(|_| topic.kind.is_of_device()).map(name);
        let is_new = !self.nodes.contains_key(&key);
        let known = self.nodes.get(&key);
        let is_new_device =
            device.as_ref().is_some_and(|device| known.is_none_or(|node| !node.devices.contains_key(device)));
        let no_room = (is_new && self.nodes.len() >= NODES_MAX)
            || (is_new_device && self.devices >= DEVICES_MAX)
            // A topic of a device without its name.
            || topic.kind.is_of_device() != topic.device.is_some();
        if no_room {
            self.left_out += 1;
            return;
        }
        self.devices += usize::from(is_new_device);
        self.version += u64::from(is_new || is_new_device);
        let node = Arc::make_mut(self.nodes.entry(key).or_default());
        let (payload, at) = (message.payload.bytes(), message.arrived);
        let device = device.as_deref();
        let before = node.life_mut(device).metrics.bytes();
        if payload.len() > PAYLOAD_BYTES_MAX {
            node.life_mut(device).note(PlantFault::TooLarge, at, topic.kind.name());
        } else {
            match node.read(device, payload) {
                Ok(payload) => {
                    let room = METRICS_BYTES_MAX.saturating_sub(self.bytes);
                    let heard = Heard { kind: topic.kind, at, is_retained: message.flags.retain, room };
                    node.take(heard, device, payload);
                }
                Err(_) => node.life_mut(device).note(PlantFault::Unreadable, at, topic.kind.name()),
            }
        }
        self.bytes = (self.bytes + node.life_mut(device).metrics.bytes()).saturating_sub(before);
    }

    /// How many edge nodes and devices are online, of how many.
    pub fn online(&self) -> (usize, usize) {
        let lives = self.nodes.values().flat_map(|node| {
            std::iter::once(&node.life).chain(node.devices.values().map(|device| &device.life))
        });
        lives.fold((0, 0), |(online, all), life| {
            (online + usize::from(life.presence == Presence::Online), all + 1)
        })
    }
}

fn name(level: &[u8]) -> String {
    let text = String::from_utf8_lossy(level);
    text.get(..text.floor_char_boundary(NAME_BYTES_MAX)).unwrap_or_default().to_owned()
}

/// `{"online":true,"timestamp":1668114759262}` (specification 3.0, 6.4.33).
fn host_state(payload: &[u8], at: Timestamp) -> HostState {
    let short = if payload.len() <= 4_096 { payload } else { b"" };
    let value: Option<serde_json::Value> = serde_json::from_slice(short).ok();
    let member = |key: &str| value.as_ref().and_then(|value| value.get(key));
    HostState {
        is_online: member("online").and_then(serde_json::Value::as_bool).or_else(|| old_host_state(payload)),
        time_ms: member("timestamp").and_then(serde_json::Value::as_u64),
        at,
        is_old: false,
    }
}

fn old_host_state(payload: &[u8]) -> Option<bool> {
    match payload {
        b"ONLINE" => Some(true),
        b"OFFLINE" => Some(false),
        _ => None,
    }
}

/// Lets a plant see the messages of a model.
#[derive(Debug)]
pub struct PlantWitness(pub Arc<Mutex<Plant>>);

impl Witness for PlantWitness {
    fn wants(&self, topic: &[u8]) -> bool {
        PlantTopic::of(topic).is_some()
    }

    fn see(&mut self, message: &MessageRef<'_>) {
        self.0.lock().hear(message);
    }
}
