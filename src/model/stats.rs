//! The model's limits, its totals, and why it refuses messages.

/// How much a model may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of messages. The newest message of every topic is kept even beyond this.
    pub history_bytes: usize,
    /// Bytes of the newest messages that topics keep beyond [`Limits::history_bytes`]. Beyond this too, the largest
    /// payloads keep their first [`PAYLOAD_HEAD_BYTES`](crate::model::PAYLOAD_HEAD_BYTES) only; smaller ones stay
    /// whole.
    pub newest_bytes: usize,
    /// Bytes of the tree: nodes, names and indexes. Topics beyond this are counted, but not added.
    pub tree_bytes: usize,
    /// How many of a topic's newest messages are kept after they leave the log, as long as all of those take at most
    /// half of `history_bytes`. At least 1.
    pub history_per_topic_min: u32,
    /// Points of one series; beyond this the oldest go.
    pub series_points: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            history_bytes: 256 << 20,
            newest_bytes: 512 << 20,
            tree_bytes: 2 << 30,
            history_per_topic_min: 20,
            series_points: 10_000_000,
        }
    }
}

/// Totals since the model was made; live even while the view is paused.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Topics that have received a message.
    pub topics: u32,
    /// Levels in the tree, topics or not.
    pub nodes: u32,
    /// Messages taken in.
    pub messages: u64,
    /// Bytes of the payloads of all messages taken in.
    pub payload_bytes: u64,
    /// Messages that are still held.
    pub messages_kept: u64,
    /// Messages that were dropped to stay within [`Limits::history_bytes`].
    pub messages_evicted: u64,
    /// Bytes that the held messages take, including [`Stats::newest_bytes`].
    pub history_bytes: usize,
    /// Bytes of the messages that are held only because they are the newest of their topics.
    pub newest_bytes: usize,
    /// Topics whose newest payload was cut to its head to stay within [`Limits::newest_bytes`].
    pub payloads_dropped: u32,
    /// Bytes that were cut from those payloads.
    pub payload_bytes_dropped: u64,
    /// Bytes that the tree takes.
    pub tree_bytes: usize,
    /// Messages refused because their topic was new and beyond [`Limits::tree_bytes`], or too long for MQTT.
    pub refused_messages: u64,
    /// Different topics of the refused messages: exact up to [`REFUSED_TOPICS_COUNTED_MAX`], and at least that many
    /// beyond.
    pub refused_topics: u32,
}

/// The most refused topics that are counted separately.
pub const REFUSED_TOPICS_COUNTED_MAX: u32 = 65_536;

/// Why a message was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// The topic is new, and the tree has reached [`Limits::tree_bytes`].
    #[error(
        "the topic is new and the tree is at its limit in bytes; a narrower subscription brings fewer topics"
    )]
    TreeFull,
    /// The topic is longer than 65,535 bytes (MQTT 5.0, 1.5.4).
    #[error("the topic is longer than the 65,535 bytes that MQTT allows")]
    TopicTooLong,
}
