//! Whether connection options can be used, field by field, before anything is sent.
//!
//! The form marks the field, the command line names the option, the session refuses to start: all by what [`check`]
//! says. What is only of no effect, or likely a mistake, is in [`hints()`] and keeps nothing from starting.

mod field;
mod hints;
mod mqtt;
mod network;

use crate::mqtt::options::ConnectOptions;

pub use crate::mqtt::check::field::Field;
pub use crate::mqtt::check::hints::hints;
pub use crate::mqtt::check::network::{host_error, is_ipv6, possible_host};

/// The smallest limit on packets that is any use, in bytes: a CONNACK with the usual properties has to fit.
pub const PACKET_BYTES_MIN: u32 = 64;

/// The largest subscription identifier (MQTT 5.0, 3.8.2.1.2).
pub const SUBSCRIPTION_IDENTIFIER_MAX: u32 = 268_435_455;

/// What is wrong with which field, or what to know about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {text}")]
pub struct Problem {
    /// The field.
    pub field: Field,
    /// One sentence, which says how it is right.
    pub text: String,
}

/// Collects problems while the fields are looked at.
#[derive(Debug, Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, field: Field, text: impl Into<String>) {
        self.0.push(Problem { field, text: text.into() });
    }

    fn add_if(&mut self, wrong: bool, field: Field, text: &str) {
        if wrong {
            self.add(field, text);
        }
    }

    fn add_some(&mut self, field: Field, text: Option<String>) {
        if let Some(text) = text {
            self.add(field, text);
        }
    }
}

/// Everything that keeps the options from being used, in the order of the form. Empty: they can be.
///
/// What is not used (the path of a websocket without one, the proxy of a socket file) is not looked at. No
/// subscription at all is fine: someone may only publish.
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
