//! What readers of the model learn about one node.

use crate::message::Timestamp;
use crate::model::stored::Stored;
use crate::model::tree::NodeId;

/// One level of the tree as the view shows it. While the view is paused, this is the state at that time.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// Its id in the model.
    pub id: NodeId,
    /// The node above it; `None` for the first level and the root.
    pub parent: Option<NodeId>,
    /// The level's name as sent; it may be empty.
    pub segment: &'a [u8],
    /// Its depth; 0 for the first level.
    pub level: u16,
    /// Number of children that have rows; during a search, only those that lead to a match.
    pub children: u32,
    /// Number of nodes below it that have received a message.
    pub topics_below: u32,
    /// Number of messages of the node and all below it.
    pub messages: u64,
    /// Messages per second of the node and all below it, averaged over about five seconds.
    pub rate: f64,
    /// Bytes of payload per second of the node and all below it, while they are measured
    /// ([`Model::measure_bytes`](crate::model::Model::measure_bytes)).
    pub byte_rate: f64,
    /// When the last message arrived at the node or below it.
    pub last_arrived: Option<Timestamp>,
    /// Its own messages, if it is a topic itself and not only a level above topics.
    pub topic: Option<TopicInfo<'a>>,
}

/// A topic's own messages.
#[derive(Clone, Copy, Debug)]
pub struct TopicInfo<'a> {
    /// The newest message, which is held whatever its age and size.
    pub newest: Stored<'a>,
    /// When the first message arrived.
    pub first_arrived: Timestamp,
    /// Number of messages received.
    pub messages: u64,
    /// How many messages are held: always the newest ones.
    pub kept: u64,
    /// How many messages were dropped to keep the history within its limit.
    pub evicted: u64,
    /// Whether the current search has found this topic.
    pub matches: bool,
}
