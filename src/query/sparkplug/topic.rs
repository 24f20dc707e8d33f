//! The topics of Sparkplug B (specification 3.0, 4).

/// The namespace that is read here.
const NAMESPACE: &[u8] = b"spBv1.0";

/// What a message is, by the third level of its topic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SparkplugKind {
    /// NBIRTH: an edge node is online, with all its metrics.
    NodeBirth,
    /// NDEATH: an edge node is gone.
    NodeDeath,
    /// NDATA: metrics of an edge node that changed.
    NodeData,
    /// NCMD: a host writes metrics of an edge node.
    NodeCommand,
    /// DBIRTH: a device is online, with all its metrics.
    DeviceBirth,
    /// DDEATH: a device is gone.
    DeviceDeath,
    /// DDATA: metrics of a device that changed.
    DeviceData,
    /// DCMD: a host writes metrics of a device.
    DeviceCommand,
}

impl SparkplugKind {
    const ALL: [(&'static str, Self); 8] = [
        ("NBIRTH", Self::NodeBirth),
        ("NDEATH", Self::NodeDeath),
        ("NDATA", Self::NodeData),
        ("NCMD", Self::NodeCommand),
        ("DBIRTH", Self::DeviceBirth),
        ("DDEATH", Self::DeviceDeath),
        ("DDATA", Self::DeviceData),
        ("DCMD", Self::DeviceCommand),
    ];

    fn of(level: &[u8]) -> Option<Self> {
        Self::ALL.into_iter().find(|(name, _)| name.as_bytes() == level).map(|(_, kind)| kind)
    }

    /// As it stands in a topic.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, kind)| *kind == self).map_or("", |(name, _)| name)
    }

    /// Whether it is of a device, whose name follows that of its edge node.
    pub fn is_of_device(self) -> bool {
        matches!(self, Self::DeviceBirth | Self::DeviceDeath | Self::DeviceData | Self::DeviceCommand)
    }
}

/// A topic of the form `spBv1.0/group/type/edge node[/device]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SparkplugTopic<'t> {
    /// The group.
    pub group: &'t [u8],
    /// What its messages are.
    pub kind: SparkplugKind,
    /// The edge node.
    pub node: &'t [u8],
    /// The device; `None` in a topic of the edge node itself.
    pub device: Option<&'t [u8]>,
}

impl<'t> SparkplugTopic<'t> {
    /// Reads a topic. `None` for other topics, and for STATE, whose payload is JSON.
    pub fn of(topic: &'t [u8]) -> Option<Self> {
        let mut levels = topic.strip_prefix(NAMESPACE)?.strip_prefix(b"/")?.split(|byte| *byte == b'/');
        let (group, kind, node) = (levels.next()?, levels.next()?, levels.next()?);
        Some(Self { group, kind: SparkplugKind::of(kind)?, node, device: levels.next() })
    }

    /// A topic of the same edge node or device, with messages of another kind.
    pub fn sibling(&self, kind: SparkplugKind) -> Vec<u8> {
        let device = self.device.filter(|_| kind.is_of_device());
        let levels = [NAMESPACE, self.group, kind.name().as_bytes(), self.node];
        levels.into_iter().chain(device).collect::<Vec<_>>().join(&b'/')
    }
}

/// The topics of the births that name the metrics of a topic: the edge node's, then the device's.
pub fn births(topic: &SparkplugTopic<'_>) -> Vec<Vec<u8>> {
    let of_device = topic.device.map(|_| topic.sibling(SparkplugKind::DeviceBirth));
    [topic.sibling(SparkplugKind::NodeBirth)].into_iter().chain(of_device).collect()
}

/// What a topic that looks like one of Sparkplug means to a plant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PlantTopic<'t> {
    /// Of an edge node or a device.
    Metrics(SparkplugTopic<'t>),
    /// The state of a host application, whose name this is.
    Host(&'t [u8]),
    /// As above, in the form of the specification before 3.0.
    OldHost(&'t [u8]),
    /// A namespace or a kind of message of a version that is not known here.
    Unknown(&'t [u8]),
}

impl<'t> PlantTopic<'t> {
    pub fn of(topic: &'t [u8]) -> Option<Self> {
        if let Some(host) = topic.strip_prefix(b"STATE/") {
            return (!host.is_empty() && !host.contains(&b'/')).then_some(Self::OldHost(host));
        }
        let (namespace, rest) = topic.split_at_checked(topic.iter().position(|byte| *byte == b'/')?)?;
        if namespace != NAMESPACE {
            return is_namespace(namespace).then_some(Self::Unknown(namespace));
        }
        if let Some(host) = rest.strip_prefix(b"/STATE/") {
            return Some(Self::Host(host));
        }
        if let Some(known) = SparkplugTopic::of(topic) {
            return Some(Self::Metrics(known));
        }
        let kind = rest.split(|byte| *byte == b'/').nth(2)?;
        Some(Self::Unknown(kind))
    }
}

/// Whether a first level names a version of Sparkplug: `spAv1.0`, `spBv4.0`.
fn is_namespace(level: &[u8]) -> bool {
    let version = level.strip_prefix(b"sp").and_then(|rest| rest.split_first());
    version.is_some_and(|(encoding, rest)| {
        encoding.is_ascii_uppercase()
            && rest.first() == Some(&b'v')
            && rest.get(1).is_some_and(u8::is_ascii_digit)
            && rest.iter().skip(1).all(|byte| byte.is_ascii_digit() || *byte == b'.')
    })
}
