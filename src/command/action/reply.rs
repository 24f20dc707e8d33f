//! Actions on the rules that answer messages.

use crate::reply::ReplyRule;

/// An action on the reply rules of the session that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplyAction {
    /// Turn them on or off.
    Switch(bool),
    /// These are the rules from now on.
    Change(Vec<ReplyRule>),
}
