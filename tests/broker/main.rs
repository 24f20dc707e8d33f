//! Sessions with a real mosquitto, the most widely used broker.
//!
//! Each test starts its own broker on a free loopback port. Without mosquitto the tests fail and name the package to
//! install.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, in its helpers too")]

mod authentication;
mod cli;
mod client_certificates;
mod connecting;
mod doctor;
mod dropped_payloads;
mod failures;
mod harness;
mod holding;
mod kept_sessions;
mod messages;
mod options;
mod packets;
mod protocol;
mod proxies;
mod publishing;
mod recordings;
mod replies;
mod requests;
mod restarts;
mod retained;
mod rude;
mod sending;
mod sequences;
mod silence;
mod subscribing;
mod tls;
mod transports;
mod websockets;
