//! A session against a real mosquitto: everything that the main job needs, with the broker that most people run.
//!
//! Each test starts its own broker on a free port of the loopback interface. Without mosquitto the tests fail and
//! name the package.

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
mod restarts;
mod rude;
mod silence;
mod subscribing;
mod tls;
mod transports;
mod websockets;
