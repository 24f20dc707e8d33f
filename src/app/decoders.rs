//! The decoder rules of a profile, prepared for its session.

use crate::query::{Rule, Rules};
use crate::store::profiles::DecoderRule;

/// The rules as they stand in a profile.
pub(in crate::app) fn written(rules: &Rules) -> Vec<DecoderRule> {
    let written = |rule: &Rule| DecoderRule { filter: rule.filter.clone(), decoder: rule.decoder.clone() };
    rules.iter().map(written).collect()
}

/// Prepares the rules of a profile.
pub(in crate::app) fn prepare(rules: &[DecoderRule]) -> Rules {
    Rules::new(rules.iter().map(|DecoderRule { filter, decoder }| Rule::new(filter, decoder)))
}
