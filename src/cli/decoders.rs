//! The decoder rules of a saved connection, for the commands.

use crate::query::{Rule, Rules};
use crate::store::profiles::DecoderRule;

/// Prepares the rules of a profile.
pub(in crate::cli) fn prepare(rules: &[DecoderRule]) -> Rules {
    Rules::new(rules.iter().map(|DecoderRule { filter, decoder }| Rule::new(filter, decoder)))
}
