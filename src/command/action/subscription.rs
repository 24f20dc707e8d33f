//! Actions about a session's subscriptions.

use crate::mqtt::options::Subscription;

/// About the session's subscriptions.
#[derive(Clone, Debug)]
pub enum SubscriptionAction {
    /// Subscribe to one more filter.
    Add(Subscription),
    /// Put a subscription in the place of the one to this filter.
    Change(String, Subscription),
    /// Subscribe to a filter of the session, or unsubscribe and keep it.
    Enable(String, bool),
    /// Unsubscribe and forget the filter; the notice can undo it.
    Remove(String),
    /// Undo that in the session with this number, at this place of its list.
    Restore(u64, usize, Subscription),
    /// Subscribe to this topic anew, so that its retained message comes again.
    AskAgain(String),
    /// Write the session's subscriptions into its profile.
    Keep,
}
