//! English texts for the places below that still make sentences; it goes with the last of them.

use std::fmt;

use crate::mqtt::check::{Field, Issue, Problem};
use crate::mqtt::filter::InvalidTopic;
use crate::mqtt::packet::{Flaw, Malformed, Oversize};
use crate::mqtt::publish::Unpublishable;
use crate::words::Language::English;
use crate::words::{check, filter, packet};

macro_rules! display {
    ($($type:ty: $words:expr,)*) => {
        $(impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let words: fn(&Self) -> String = $words;
                f.write_str(&words(self))
            }
        })*
    };
}

display! {
    Field: |field| check::field(*field, English).to_owned(),
    Issue: |issue| check::issue(issue, English),
    Problem: |problem| check::problem(problem, English),
    InvalidTopic: |why| filter::invalid(*why, English),
    Unpublishable: |why| filter::unpublishable(*why, English),
    Flaw: |flaw| packet::flaw(*flaw, English),
    Malformed: |malformed| packet::malformed(malformed, English),
    Oversize: |oversize| packet::oversize(*oversize, English),
}

impl std::error::Error for InvalidTopic {}
impl std::error::Error for Unpublishable {}
