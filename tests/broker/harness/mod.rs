//! The basis of the tests: a separate mosquitto, a watched session, and waiting with a deadline.

mod broker;
mod certificates;
pub mod packets;
mod proxies;
mod publisher;
mod scram;
mod session;
mod sockets;
mod wire;

pub use broker::{Broker, Setup, find};
pub use certificates::{Authority, Pair};
pub use proxies::{http_proxy, refusing_socks_proxy, socks_proxy};
pub use publisher::{Publisher, mosquitto_pub};
pub use scram::{Wrong, scram_server};
pub use session::{Watched, logged, options};
pub use sockets::{FakeServer, free_port};
pub use wire::{Dialled, dialled, line, run, told, what_of};

use std::time::{Duration, Instant};

/// Longer than anything here takes on a slow and busy machine.
pub const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until `condition` holds; fails with the text from `describe` if it does not within [`DEADLINE`].
pub fn until(describe: impl Fn() -> String, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < DEADLINE, "not within {} s: {}", DEADLINE.as_secs(), describe());
        std::thread::sleep(Duration::from_millis(2));
    }
}
