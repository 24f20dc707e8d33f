//! Actions on topics and on how they are shown.

use crate::message::Timestamp;
use crate::model::{MessageId, NodeId, Sorting};
use crate::query::SearchQuery;
use crate::store::profiles::TopicLook;

/// An action on topics or on how they are shown.
#[derive(Clone, Debug)]
pub enum TopicAction {
    /// Select a node of the tree and expand its ancestors.
    Select(NodeId),
    /// Expand or collapse one node.
    SetExpanded(NodeId, bool),
    /// Expand a node and everything below it.
    ExpandSubtree(NodeId),
    /// Collapse a node and everything below it.
    CollapseSubtree(NodeId),
    /// Change the order of sibling topics.
    SortBy(Sorting),
    /// Search topics and their newest payloads; an empty text ends the search.
    Search(SearchQuery),
    /// Show only a node and what is below it; `None` shows the whole tree.
    ShowOnly(Option<NodeId>),
    /// Show the messages at or below a node in order of arrival.
    Stream(NodeId),
    /// Compare what the inspector shows with the newest message of another topic.
    CompareWith(NodeId),
    /// Compare what the inspector shows with another message of its topic.
    CompareWithMessage {
        /// The message.
        id: MessageId,
        /// When it came, should it leave the history.
        arrived: Timestamp,
    },
    /// Write the newest values at and below a node to a file.
    ExportValues(NodeId),
    /// Remember how a topic is looked at with the profile.
    KeepLook(TopicLook),
    /// Pin a topic above the tree.
    Pin(String),
    /// Unpin a topic.
    Unpin(String),
    /// Forget a node's topic and its messages in the program; the broker is not asked to.
    Forget(NodeId),
    /// Ask whether to forget all topics at or below a node.
    AskForgetBelow(NodeId),
    /// Move from the search field to the rows: to the selected one or, if no match is selected, to the first match.
    EnterResults,
    /// Read on in the selected topic's messages from before the memory, which the recording holds.
    ReadEarlier,
    /// Show this message of the selected topic; `None` follows the newest.
    Inspect(Option<MessageId>),
}
