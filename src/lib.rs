//! mqttree: a native desktop MQTT explorer.
//!
//! Modules, from the bottom up. Who may import whom is kept by `tests/layering.rs`.
//!
//! - [`model`]: topic tree, rows, message log, series, search. Pure: no window, no threads, no clock, no I/O.
//! - [`payload`]: what bytes mean: JSON, text, hex, differences, numbers. Pure functions with limits.
//! - [`mqtt`]: the link to a broker: options, TLS, topic filters, events. No window, no model but its messages.
//! - [`store`]: profiles, settings, secrets, publish history: everything on disk.
//! - [`session`]: one open connection: worker thread → channel → ingest thread → model.
//! - [`demo`]: an embedded broker with simulated devices.
//! - [`cli`]: arguments, and what they mean.
//! - [`ui`]: tokens, theme, widgets, panels. Draws and asks; decides nothing.
//! - [`app`]: the wiring: the window, its commands, actions and their dispatch. Sees everything.

pub mod app;
pub mod cli;
pub mod demo;
pub mod logging;
pub mod model;
pub mod mqtt;
pub mod payload;
pub mod session;
pub mod store;
pub mod ui;
