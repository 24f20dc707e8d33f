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
use crate::template;

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
    check_variables(options, &mut problems);
    let Problems(mut found) = problems;
    found.sort_by_key(|problem| problem.field);
    found
}

/// A row whose name is still empty is no mistake: it is about to be typed.
fn check_variables(options: &ConnectOptions, problems: &mut Problems) {
    let variables = &options.variables;
    for (index, (name, value)) in variables.iter().enumerate() {
        let is_blank = name.is_empty() && value.is_empty();
        let is_twice = variables.iter().take(index).any(|(earlier, _)| earlier == name)
            || options.secret_variables.contains(name);
        let field = Field::Variable(index);
        problems.add_if(!is_blank && !template::is_variable_name(name), field, Issue::VariableName);
        problems.add_if(!is_blank && is_twice, field, Issue::VariableTwice);
    }
}

#[cfg(test)]
mod tests;
