//! A small MQTT broker inside the program: `--demo` runs on it, and tests break it on purpose.
//!
//! MQTT 3.1.1 and 5 on one loopback port; QoS 0, 1 and 2 both ways; retained messages, wills, wildcards, keep
//! alive, session takeover, MQTT 5 properties and subscription options. One named thread serves all clients,
//! and whatever a client does ends at most its own connection: queues, retained messages, subscriptions and
//! connections have limits, and what is dropped is counted.
//!
//! It never keeps a session beyond its connection, never writes to disk, and has no TLS, no shared
//! subscriptions and no topic aliases; CONNACK of MQTT 5 says so.

mod connection;
mod faults;
mod incoming;
mod message;
mod outbox;
mod outgoing;
mod router;
#[cfg(test)]
mod tests;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crossbeam_channel::Receiver;
use parking_lot::Mutex;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, oneshot};

pub use crate::demo::broker::faults::Faults;
use crate::demo::broker::incoming::Partial;
pub use crate::demo::broker::message::{Message, PublishError};
use crate::demo::broker::router::Router;
use crate::mqtt::limits::PACKET_BYTES_MAX;

/// What a broker allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Loopback port; 0 takes a free one.
    pub port: u16,
    /// User name and password that every client must send; `None` lets everybody in.
    pub login: Option<(String, String)>,
    /// Connections at a time; further ones are closed at once.
    pub connections_max: usize,
    /// Subscriptions of one client.
    pub subscriptions_max: usize,
    /// Bytes of the topic filters of one client. Beyond it a subscription is refused.
    pub filters_bytes_max: usize,
    /// Bytes of messages that wait for one client. Beyond it new ones are dropped and counted.
    pub queue_bytes_max: usize,
    /// Bytes of messages that wait for all clients together. Beyond it new ones are dropped and counted.
    pub all_queues_bytes_max: usize,
    /// QoS 1 and 2 messages sent to one client and not yet acknowledged.
    pub in_flight_max: usize,
    /// Bytes of all retained messages together. Beyond it new ones are delivered, not retained, and counted.
    pub retained_bytes_max: usize,
    /// The largest packet that is read.
    pub packet_bytes_max: usize,
    /// Bytes of packets that all clients together have sent in part. The connection that would go beyond it is ended.
    pub partial_bytes_max: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            port: 0,
            login: None,
            connections_max: 256,
            subscriptions_max: 10_000,
            filters_bytes_max: 1 << 20,
            queue_bytes_max: 64 << 20,
            // Room for the largest message twice: for a sender that listens to itself, and one more.
            all_queues_bytes_max: 2 * PACKET_BYTES_MAX as usize,
            in_flight_max: 1000,
            retained_bytes_max: PACKET_BYTES_MAX as usize,
            packet_bytes_max: PACKET_BYTES_MAX as usize,
            partial_bytes_max: 2 * PACKET_BYTES_MAX as usize,
        }
    }
}

/// What a broker holds and has done since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BrokerStats {
    /// Connected clients.
    pub clients: usize,
    /// Their subscriptions.
    pub subscriptions: usize,
    /// Retained messages.
    pub retained: usize,
    /// Messages published, by clients and in the process.
    pub received: u64,
    /// Messages that a receiver or the retained store had no room for.
    pub dropped: u64,
    /// Bytes that wait for clients.
    pub queued_bytes: usize,
    /// Bytes of the retained messages.
    pub retained_bytes: usize,
}

/// A running broker. Dropping it closes all connections and frees the port.
#[derive(Debug)]
pub struct Broker {
    port: u16,
    router: Arc<Mutex<Router>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// Publishes into a broker from any thread. It outlives the broker harmlessly.
#[derive(Clone, Debug)]
pub struct Publisher {
    router: Arc<Mutex<Router>>,
}

impl Broker {
    /// Starts a broker on a loopback port; when it returns, clients can connect.
    pub fn start(config: Config) -> io::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, config.port));
        // Bound by the standard library, since a test may start a broker from within a runtime of its own.
        let listener = std::net::TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let listener = {
            let _context = runtime.enter();
            TcpListener::from_std(listener)?
        };
        let connections_max = config.connections_max;
        let partial = Partial::new(config.partial_bytes_max);
        let router = Arc::new(Mutex::new(Router::new(config)));
        let shared = Arc::clone(&router);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("demo-broker".to_owned()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    () = accept(listener, shared, connections_max, partial) => {}
                    _ = stopped => {}
                }
            });
            // Dropping the runtime drops every connection's task, and with it its socket.
        })?;
        Ok(Self { port, router, stop: Some(stop), thread: Some(thread) })
    }

    /// The port it listens on, of 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// `mqtt://127.0.0.1:port`.
    pub fn url(&self) -> String {
        format!("mqtt://{}:{}", Ipv4Addr::LOCALHOST, self.port)
    }

    /// Publishes a message to its subscribers; returns the number of receivers.
    pub fn publish(&self, message: Message) -> Result<usize, PublishError> {
        self.publisher().publish(message)
    }

    /// A handle to publish with from another thread.
    pub fn publisher(&self) -> Publisher {
        Publisher { router: Arc::clone(&self.router) }
    }

    /// Receives in the process what clients publish from now on to topics that match any of `filters`. While
    /// `messages_max` wait unread, further ones are dropped and counted, and so is one above 1 MiB.
    pub fn listen(&self, filters: &[&str], messages_max: usize) -> Receiver<Arc<Message>> {
        let (sender, receiver) = crossbeam_channel::bounded(messages_max);
        self.router.lock().listen(filters.iter().map(|&filter| filter.to_owned()).collect(), sender);
        receiver
    }

    /// What it holds and has done.
    pub fn stats(&self) -> BrokerStats {
        self.router.lock().stats()
    }

    /// Misbehaves as described from now on; the default ends that.
    pub fn set_faults(&self, faults: Faults) {
        self.router.lock().faults = faults;
    }

    /// Sends raw bytes to a client, or to all; returns the number of receivers.
    pub fn send_raw(&self, client_id: Option<&str>, bytes: &[u8]) -> usize {
        let outboxes = self.router.lock().outboxes(client_id);
        for outbox in &outboxes {
            outbox.answer(bytes);
        }
        outboxes.len()
    }

    /// Closes the connection of a client, or of all, without a DISCONNECT; returns how many were closed.
    pub fn close_connections(&self, client_id: Option<&str>) -> usize {
        let outboxes = self.router.lock().outboxes(client_id);
        for outbox in &outboxes {
            outbox.close(&[]);
        }
        outboxes.len()
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        // Dropping the sender ends the thread.
        drop(self.stop.take());
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the demo broker's thread had panicked");
        }
    }
}

impl Publisher {
    /// Publishes a message to whoever subscribed; returns the number of receivers.
    pub fn publish(&self, message: Message) -> Result<usize, PublishError> {
        message.check()?;
        Ok(self.router.lock().publish(None, message))
    }

    /// What the broker holds and has done.
    pub fn stats(&self) -> BrokerStats {
        self.router.lock().stats()
    }
}

/// Takes connections until the broker stops.
async fn accept(
    listener: TcpListener,
    router: Arc<Mutex<Router>>,
    connections_max: usize,
    partial: Arc<Partial>,
) {
    let room = Arc::new(Semaphore::new(connections_max));
    loop {
        match listener.accept().await {
            Ok((socket, _)) => {
                let Ok(permit) = Arc::clone(&room).try_acquire_owned() else { continue };
                let (router, partial) = (Arc::clone(&router), Arc::clone(&partial));
                tokio::spawn(async move {
                    connection::serve(socket, router, partial).await;
                    drop(permit);
                });
            }
            Err(error) => {
                // The process may be out of file descriptors, for example: go on, because that may pass.
                log::warn!("the demo broker cannot accept a connection: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}
