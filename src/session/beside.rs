//! A second connection beside a session's own.

use crate::mqtt::options::{ConnectOptions, Mqtt5Options, Subscription};

/// The options of a connection that leaves no traces at the broker and disturbs no other: without a kept session, a
/// will, the same client ID, or other subscriptions than these.
pub fn beside(options: &ConnectOptions, subscriptions: Vec<Subscription>) -> ConnectOptions {
    ConnectOptions {
        client_id: String::new(),
        clean_session: true,
        will: None,
        mqtt5: Mqtt5Options { session_expiry_s: None, ..options.mqtt5.clone() },
        subscriptions,
        ..options.clone()
    }
}
