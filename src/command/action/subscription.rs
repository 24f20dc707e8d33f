//! Actions on a session's subscriptions.

use crate::mqtt::options::Subscription;

/// An action on the session's subscriptions.
#[derive(Clone, Debug)]
pub enum SubscriptionAction {
    /// Subscribe to another filter.
    Add(Subscription),
    /// Replace the subscription to this filter.
    Change(String, Subscription),
    /// Turn a subscription on, or off without removing it.
    Enable(String, bool),
    /// Unsubscribe and remove the filter; the notice offers to undo it.
    Remove(String),
    /// Undo a [`Remove`](Self::Remove) in the session with this number, at this place in its list.
    Restore(u64, usize, Subscription),
    /// Subscribe to this topic again, so that its retained message is sent again.
    AskAgain(String),
    /// Save the session's subscriptions in its profile.
    Keep,
}
