//! Actions about topics and what shows of them.

use crate::model::{MessageId, NodeId, Order};
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
    SortBy(Order),
    /// Search topics and newest payloads; an empty text ends the search.
    Search(SearchQuery),
    /// Go from the search field to the rows: to the selected one or, if it has none, to the first match.
    EnterResults,
    /// Show this message of the selected topic; `None` follows the newest.
    Inspect(Option<MessageId>),
}
