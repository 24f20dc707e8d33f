//! What the model tells its readers about one node.

use crate::message::Timestamp;
use crate::model::stored::Stored;
use crate::model::tree::NodeId;

/// One level of the tree as the view shows it: while the view is paused, as it was then.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// Its name in the model.
    pub id: NodeId,
    /// The level above; `None` for the first levels and the root.
    pub parent: Option<NodeId>,
    /// The level's name as sent; empty levels are levels.
    pub segment: &'a [u8],
    /// 0 for the first level.
    pub level: u16,
    /// Children that have rows: in a search only those that lead to a match.
    pub children: u32,
    /// Nodes below that have received a message, itself not counted.
    pub topics_below: u32,
    /// Messages of the node and all below.
    pub messages: u64,
    /// Messages per second of the node and all below: an average over about five seconds.
    pub rate: f64,
    /// When the last message came to the node or below it.
    pub last_arrived: Option<Timestamp>,
    /// Its own messages, if it is a topic and not only a level above topics.
    pub topic: Option<TopicInfo<'a>>,
}

/// A topic's own messages.
#[derive(Clone, Copy, Debug)]
pub struct TopicInfo<'a> {
    /// The newest one; it is held whatever its age and size.
    pub newest: Stored<'a>,
    /// When the first one came.
    pub first_arrived: Timestamp,
    /// Messages received.
    pub messages: u64,
    /// How many of them are held: always the newest.
    pub kept: u64,
    /// How many were dropped to keep the history within its limit.
    pub evicted: u64,
    /// Whether the search that is on has found this topic.
    pub matches: bool,
}
