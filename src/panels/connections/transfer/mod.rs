//! Connections from and for a file. What is read and written is `app`'s business; here is what a person is asked.

mod export;
mod import;

pub(super) use crate::panels::connections::transfer::export::Export;
pub(super) use crate::panels::connections::transfer::import::Preview;

/// Which files can be imported.
pub(super) const HELP: &str = "Takes connections over from MQTT Explorer, MQTTX or another mqttree";
