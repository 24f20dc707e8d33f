//! A simulated home and factory: about 300 topics of all common kinds, some of which answer.
//!
//! [`Devices`] runs them on one thread beside a broker; everything else here is told the time and publishes
//! into a list, so that tests run an hour of it in a moment.

mod formats;
mod garden;
mod home;
mod odd;
mod plant;
mod png;
mod signal;
mod simulation;
mod sparkplug;
#[cfg(test)]
mod tests;
mod wire;
mod workshop;

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, select};
use fastrand::Rng;

use crate::demo::broker::{Broker, Message, Publisher};
use crate::demo::devices::simulation::{Device, Simulation};

pub use crate::demo::devices::formats::{DECODERS, ROBOT_SCHEMA};

/// Commands that may wait; a flood of them is no reason to grow.
const COMMANDS_MAX: usize = 1000;

/// A simulation that could not run, since the computer slept, does not make up for more than this.
const CATCH_UP_MAX: Duration = Duration::from_secs(1);

/// The devices at work. Dropping it stops them.
#[derive(Debug)]
pub struct Devices {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Devices {
    /// Starts all devices. The same seed gives the same values.
    pub fn start(broker: &Broker, seed: u64) -> io::Result<Self> {
        let publisher = broker.publisher();
        let mut simulation = everything(seed, publisher.clone());
        let obeyed = simulation.obeys();
        let filters: Vec<&str> = obeyed.iter().map(String::as_str).collect();
        let commands = broker.listen(&filters, COMMANDS_MAX);
        // The first reports are out before anybody can connect: what is retained is there for everybody.
        let mut messages = Vec::new();
        simulation.advance(Duration::ZERO, unix_ms(), &mut messages);
        publish(&publisher, &mut messages);
        let (stop, stopped) = bounded(0);
        let thread = std::thread::Builder::new()
            .name("demo-devices".to_owned())
            .spawn(move || run(simulation, &publisher, &commands, &stopped))?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Devices {
    fn drop(&mut self) {
        // Dropping the sender ends the thread.
        drop(self.stop.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the demo devices' thread had panicked");
        }
    }
}

fn everything(seed: u64, broker: Publisher) -> Simulation {
    let mut rng = Rng::with_seed(seed);
    let mut devices: Vec<Box<dyn Device>> = home::rooms(&mut rng).collect();
    devices.push(Box::new(home::Energy::new(rng.fork())));
    devices.push(Box::new(garden::Weather::new(rng.fork())));
    devices.push(Box::new(garden::Cameras::new(rng.fork())));
    devices.extend(plant::devices(&mut rng));
    devices.extend(workshop::devices(&mut rng));
    devices.push(Box::new(odd::Gateway::new(rng.fork())));
    devices.push(Box::new(odd::Binary::new(rng.fork())));
    devices.push(Box::new(formats::Formats::new(rng.fork())));
    devices.push(Box::new(sparkplug::EdgeNode::new(rng.fork(), broker.clone())));
    devices.push(Box::new(garden::Pump::new(rng.fork())));
    devices.push(Box::new(odd::Ping));
    devices.push(Box::new(odd::BrokerStatus::new(broker)));
    Simulation::new(devices)
}

/// Publishes what is due and answers commands as they come, until told to stop.
fn run(
    mut simulation: Simulation,
    publisher: &Publisher,
    commands: &Receiver<Arc<Message>>,
    stopped: &Receiver<()>,
) {
    let mut elapsed = Duration::ZERO;
    let mut last = Instant::now();
    let mut messages = Vec::new();
    loop {
        simulation.advance(elapsed, unix_ms(), &mut messages);
        publish(publisher, &mut messages);
        let wait = simulation.next_due().saturating_sub(elapsed);
        let command = select! {
            recv(stopped) -> _ => return,
            recv(commands) -> command => command.map_err(|_| RecvTimeoutError::Disconnected),
            default(wait) => Err(RecvTimeoutError::Timeout),
        };
        let now = Instant::now();
        elapsed += (now - last).min(CATCH_UP_MAX.max(wait));
        last = now;
        match command {
            Ok(command) => {
                simulation.obey(&command, elapsed, unix_ms(), &mut messages);
                publish(publisher, &mut messages);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

fn publish(publisher: &Publisher, messages: &mut Vec<Message>) {
    for message in messages.drain(..) {
        if let Err(error) = publisher.publish(message) {
            // A request may name a response topic that is none.
            log::debug!("demo devices: a message was not published: {error:?}");
        }
    }
}

fn unix_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}
