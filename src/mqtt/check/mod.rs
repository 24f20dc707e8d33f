//! Checks connection options field by field before anything is sent.
//!
//! The form marks the field, the command line names the option and the session refuses to start, all based on what
//! [`check`] finds. [`hints()`] finds options that have no effect or are probably mistakes; they prevent nothing.

mod field;
mod hints;
mod issue;
mod mqtt;
mod network;

use crate::mqtt::options::ConnectOptions;

pub use crate::mqtt::check::field::Field;
pub use crate::mqtt::check::hints::hints;
pub use crate::mqtt::check::issue::Issue;
pub use crate::mqtt::check::network::{is_ipv6, possible_host};

/// A field and what is wrong with it or worth knowing about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field concerned.
    pub field: Field,
    /// What is wrong or worth knowing.
    pub issue: Issue,
}

/// Collects problems while the fields are checked.
#[derive(Debug, Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, field: Field, issue: Issue) {
        self.0.push(Problem { field, issue });
    }

    fn add_if(&mut self, wrong: bool, field: Field, issue: Issue) {
        if wrong {
            self.add(field, issue);
        }
    }

    fn add_some(&mut self, field: Field, issue: Option<Issue>) {
        if let Some(issue) = issue {
            self.add(field, issue);
        }
    }
}

/// Everything that makes the options unusable, in the order of the form. Empty if nothing does.
///
/// Options that are not used (a websocket path without a websocket, a proxy with a socket file) are not checked. Having
/// no subscriptions is fine: a connection may be for publishing only.
pub fn check(options: &ConnectOptions) -> Vec<Problem> {
    let mut problems = Problems::default();
    network::check(options, &mut problems);
    mqtt::check(options, &mut problems);
    let Problems(mut found) = problems;
    found.sort_by_key(|problem| problem.field);
    found
}

#[cfg(test)]
mod tests;
