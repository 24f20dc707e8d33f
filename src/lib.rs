//! mqttree: a native desktop MQTT explorer.
//!
//! Modules, from the bottom up. Who may import whom is kept by `tests/layering.rs`.
//!
//! - [`model`]: topic tree, rows, message log, series, search. Pure: no window, no threads, no clock, no I/O.
//! - [`mqtt`]: the link to a broker: options, topic filters, events.
//! - [`payload`]: decoders from bytes to what the inspector draws. Pure functions with limits.
//! - [`session`]: one open connection: worker thread → channel → ingest thread → model.
//! - [`store`]: what is kept on disk: profiles, settings, passwords, what was published.
//! - [`cli`]: the command line, turned into what to do.
//! - [`demo`]: a broker of our own, which tests also break on purpose, and the simulated devices of `--demo`.

pub mod cli;
pub mod demo;
pub mod model;
pub mod mqtt;
pub mod payload;
pub mod session;
pub mod store;
