//! Actions on the decoder rules of a session.

use crate::store::profiles::DecoderRule;

/// An action on the decoder rules of the session, which are kept in its profile if it has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DecoderAction {
    /// Adds a rule, or replaces the one with the same filter.
    Set(DecoderRule),
    /// Replaces the rule with this filter, at its place.
    Replace {
        /// The filter of the rule as it was.
        filter: String,
        /// The rule as it shall be.
        rule: DecoderRule,
    },
    /// Removes the rule with this filter.
    Remove(String),
}
