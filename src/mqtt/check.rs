//! Whether connection options can be used, field by field, before anything is sent.
//!
//! The form marks the field, the session refuses to start: the client crate would panic at some of these values
//! and send others cut to 16 bits.

use crate::mqtt::filter::{self, TOPIC_BYTES_MAX};
use crate::mqtt::options::{ConnectOptions, MqttVersion};

/// What is wrong with which field.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct Problem {
    /// The field by the name that it has in the window: `Host`, `Client ID`.
    pub field: &'static str,
    /// A clause: `it is empty`.
    pub why: String,
}

/// Everything that keeps the options from being used, in the order of the form. Empty: they can be.
pub fn check(options: &ConnectOptions) -> Vec<Problem> {
    let ConnectOptions { host, port, username, client_id, clean_session, subscriptions, .. } = options;
    let host = host.trim();
    let mut problems = Vec::new();
    let mut problem = |field, why: &str| problems.push(Problem { field, why: why.to_owned() });

    if host.is_empty() {
        problem("Host", "it is empty; type a host name or an IP address");
    } else if host.contains("://") {
        problem("Host", "it is a URL; only the name or the address of the host belongs here");
    } else if host
        .contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '/' | '[' | ']' | '@'))
    {
        problem("Host", "it contains a character that no host name or address has");
    } else if host.contains(':') && !is_ipv6(host) {
        problem("Host", "it is neither a host name nor an IPv6 address; the port has a field of its own");
    }
    if *port == 0 {
        problem("Port", "it is 0; ports are 1 to 65,535");
    }
    check_text("Username", username, &mut problem);
    check_text("Client ID", client_id, &mut problem);
    if client_id.is_empty() && !clean_session {
        problem("Client ID", "it is empty; a session that is kept needs a client ID to be found again");
    }
    for subscription in subscriptions {
        if let Err(why) = filter::check_filter(&subscription.filter) {
            problem("Topic filter", &why.to_string());
        }
    }
    problems
}

/// An IPv6 address, perhaps with a zone: `fe80::1%eth0`.
fn is_ipv6(host: &str) -> bool {
    let address = host.split_once('%').map_or(host, |(address, _)| address);
    address.parse::<std::net::Ipv6Addr>().is_ok()
}

fn check_text(field: &'static str, text: &str, problem: &mut impl FnMut(&'static str, &str)) {
    if text.len() > TOPIC_BYTES_MAX {
        problem(field, "it is longer than 65,535 bytes");
    } else if text.contains('\0') {
        problem(field, "it contains a NUL character");
    }
}

/// The keep alive that is sent, in seconds, and why it is not the one asked for.
///
/// The client crate's MQTT 5 half cannot turn pings off and wants at least 5 s between them (it panics below).
pub fn keep_alive_s(asked_s: u16, version: MqttVersion) -> (u16, Option<&'static str>) {
    match (version, asked_s) {
        (MqttVersion::V5, 0) => (
            u16::MAX,
            Some("keep alive 0 (off) is sent as 65,535 s: with MQTT 5 it cannot be turned off here"),
        ),
        (MqttVersion::V5, 1..5) => (5, Some("keep alive is sent as 5 s, the shortest with MQTT 5 here")),
        _ => (asked_s, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::options::Subscription;

    fn options() -> ConnectOptions {
        ConnectOptions { host: "example.org".to_owned(), ..ConnectOptions::default() }
    }

    fn fields(options: &ConnectOptions) -> Vec<&'static str> {
        check(options).iter().map(|problem| problem.field).collect()
    }

    #[test]
    fn ordinary_options_have_no_problem() {
        for host in ["example.org", "192.0.2.1", "::1", "fe80::1%eth0", " localhost "] {
            assert_eq!(check(&ConnectOptions { host: host.to_owned(), ..options() }), [], "{host}");
        }
    }

    #[test]
    fn a_host_that_is_no_host_is_refused() {
        for host in ["", "mqtt://example.org", "example.org:1883", "[::1]", "user@example.org", "a b"] {
            let options = ConnectOptions { host: host.to_owned(), ..options() };
            assert_eq!(fields(&options), ["Host"], "{host}");
        }
    }

    #[test]
    fn each_bad_field_is_named() {
        let options = ConnectOptions {
            port: 0,
            username: "a\0".to_owned(),
            client_id: "x".repeat(70_000),
            subscriptions: vec![Subscription { filter: "a#".to_owned(), ..Subscription::default() }],
            ..options()
        };
        assert_eq!(fields(&options), ["Port", "Username", "Client ID", "Topic filter"]);
    }

    #[test]
    fn a_kept_session_needs_a_client_id() {
        assert_eq!(fields(&ConnectOptions { clean_session: false, ..options() }), ["Client ID"]);
    }

    #[test]
    fn the_keep_alive_that_the_client_crate_cannot_do_is_mapped_and_said() {
        assert_eq!(keep_alive_s(0, MqttVersion::V3_1_1), (0, None));
        assert_eq!(keep_alive_s(60, MqttVersion::V5), (60, None));
        assert_eq!(keep_alive_s(0, MqttVersion::V5).0, 65_535);
        assert_eq!(keep_alive_s(4, MqttVersion::V5).0, 5);
        assert!(keep_alive_s(4, MqttVersion::V5).1.is_some());
    }
}
