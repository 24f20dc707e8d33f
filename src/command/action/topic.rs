//! Actions about topics and what shows of them.

use crate::model::{MessageId, NodeId, Sorting};
use crate::query::SearchQuery;

/// About topics and what shows of them.
#[derive(Clone, Debug)]
pub enum TopicAction {
    /// Select a node of the tree and open its ancestors.
    Select(NodeId),
    /// Open or close one node.
    SetExpanded(NodeId, bool),
    /// Open everything below a node.
    ExpandSubtree(NodeId),
    /// Close a node and everything below it.
    CollapseSubtree(NodeId),
    /// Change the order of siblings.
    SortBy(Sorting),
    /// Search topics and newest payloads; an empty text ends the search.
    Search(SearchQuery),
    /// Show a node and what is below it alone; `None` shows the whole tree.
    ShowOnly(Option<NodeId>),
    /// Compare what the inspector shows with the newest message of another topic.
    CompareWith(NodeId),
    /// Keep a topic in sight, above the tree.
    Pin(String),
    /// Keep it there no longer.
    Unpin(String),
    /// Forget a node's topic and its messages, here and not at the broker.
    Forget(NodeId),
    /// Ask whether to forget all topics at or below a node.
    AskForgetBelow(NodeId),
    /// Go from the search field to the rows: to the selected one or, if it has none, to the first match.
    EnterResults,
    /// Show this message of the selected topic; `None` follows the newest.
    Inspect(Option<MessageId>),
}
