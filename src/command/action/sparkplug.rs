//! Actions on edge nodes and devices of Sparkplug B.

use crate::model::NodeId;
use crate::query::sparkplug::NodeKey;

/// An action on edge nodes and devices of Sparkplug B.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SparkplugAction {
    /// Show the edge node or device of a topic.
    Show(NodeId),
    /// Ask whether to request a rebirth of an edge node.
    AskRebirth(NodeKey),
}
