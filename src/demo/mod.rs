//! What `--demo` runs on: a broker inside the program, and a simulated home and factory that publish into it.

pub mod broker;
mod devices;

use std::io;

use crate::demo::broker::{Broker, Config};
use crate::demo::devices::{Devices, ROBOT_SCHEMA};

pub use crate::demo::devices::DECODERS;

/// The seed of the demonstration: every start shows the same values.
const SEED: u64 = 2026;

/// A topic whose payload says at a glance what the program shows: several numbers of a room, every few seconds.
pub const SHOWCASE: &str = "home/living-room/climate";

/// The text of a schema that [`DECODERS`] name; `None` for other files.
pub fn schema(path: &str) -> Option<&'static str> {
    let (name, text) = ROBOT_SCHEMA;
    (path == name).then_some(text)
}

/// A broker with its devices. Dropping it stops both and frees the port.
#[derive(Debug)]
pub struct Demo {
    // Fields are dropped in this order: first who publishes, then who is published to.
    _devices: Devices,
    broker: Broker,
}

/// Starts a broker on a free loopback port and the devices that publish into it.
pub fn start() -> io::Result<Demo> {
    let broker = Broker::start(Config::default())?;
    let devices = Devices::start(&broker, SEED)?;
    Ok(Demo { _devices: devices, broker })
}

impl Demo {
    /// Where to connect: `mqtt://127.0.0.1:port`.
    pub fn url(&self) -> String {
        self.broker.url()
    }

    /// The broker's port, of 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.broker.port()
    }

    /// The broker itself.
    pub fn broker(&self) -> &Broker {
        &self.broker
    }
}
