//! mqttree: a native desktop MQTT explorer.
//!
//! The modules, from the bottom up. `tests/layering.rs` checks that none imports from above.
//!
//! - [`message`]: topic, payload, QoS and properties, the vocabulary that all share.
//! - [`template`]: texts with variables and functions in them. Pure.
//! - [`model`]: topic tree, rows, message log, series, search. Pure: no window, no threads, no clock, no I/O.
//! - [`payload`]: reads payloads as JSON, text, hex, differences or numbers. Pure functions with limits.
//! - [`mqtt`]: the link to a broker: options, TLS, topic filters, events. No window, no model.
//! - [`recording`]: a session's messages on disk: writing, reading, seeking.
//! - [`query`]: what to search for and what to plot: matchers and extractors over payloads.
//! - [`interchange`]: messages in files of other programs, and in files that people pass on.
//! - [`sequence`]: files of steps that test a broker or a device, and their runs. Pure.
//! - [`reply`]: rules that answer messages with messages. Pure.
//! - [`store`]: profiles, settings, secrets, publish history: everything on disk.
//! - [`session`]: one open connection: worker thread → channel → ingest thread → model.
//! - [`automation`]: reply rules and sequences at work, each on a connection of its own.
//! - [`demo`]: an embedded broker with simulated devices.
//! - [`words`]: every sentence a person sees, in English and Chinese, made from typed data.
//! - [`cli`]: arguments, and the commands that need no window.
//! - [`ui`]: the design system: tokens, theme, icons, widgets. Knows nothing of MQTT.
//! - [`command`]: the table of commands, and the actions that panels ask for.
//! - [`panels`]: topics, inspector, plots, publish and the others. They draw, and ask for actions.
//! - [`app`]: the wiring: the window, its tabs, the dispatch of actions. Sees everything.

pub mod app;
pub mod automation;
pub mod cli;
pub mod command;
pub mod demo;
pub mod interchange;
pub mod logging;
pub mod message;
pub mod model;
pub mod mqtt;
pub mod panels;
pub mod payload;
pub mod query;
pub mod recording;
pub mod reply;
pub mod sequence;
pub mod session;
pub mod store;
pub mod template;
pub mod ui;
pub mod words;

/// The version of the program.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
/// The version with the commit it was built from, which only release builds know.
pub const BUILD: &str = if env!("MQTTREE_COMMIT").is_empty() {
    VERSION
} else {
    concat!(env!("CARGO_PKG_VERSION"), " (", env!("MQTTREE_COMMIT"), ")")
};
/// Where the program's page is.
pub const HOMEPAGE: &str = env!("CARGO_PKG_HOMEPAGE");
