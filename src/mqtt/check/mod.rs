//! Whether connection options can be used, field by field, before anything is sent.
//!
//! The form marks the field, the command line names the option, the session refuses to start: all by what [`check`]
//! finds. What has no effect or is likely a mistake is found by [`hints()`] and keeps nothing from starting.

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

/// What is wrong with which field, or what to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The field.
    pub field: Field,
    /// What about it.
    pub issue: Issue,
}

/// Collects problems while the fields are looked at.
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

/// Everything that keeps the options from being used, in the order of the form. Empty: they can be.
///
/// What is not used (the path of a websocket without one, the proxy of a socket file) is not looked at. Having no
/// subscription is fine: someone may only publish.
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
