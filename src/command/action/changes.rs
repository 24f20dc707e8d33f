//! Actions on the comparison of a tree with another one.

use crate::model::NodeId;

/// An action on the comparison of a tree with another one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChangesAction {
    /// Compare with the session that has this number.
    WithSession(u64),
    /// Ask for a recording and compare with its end.
    WithRecording,
    /// Let the tree show only these topics; `None` shows all.
    OnlyThese(Option<Vec<NodeId>>),
}
