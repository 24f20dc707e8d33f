//! Brokers that send prepared bytes, and sessions that connect to them.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use mqttree::message::QoS;
use mqttree::model::Limits;
use mqttree::mqtt::options::{ConnectOptions, MqttVersion, Secrets, Subscription};
use mqttree::session::Session;

/// How long a session may take for one attempt. Generous, because a busy machine is not a failure.
pub const PATIENCE: Duration = Duration::from_mins(1);

/// A server on a free port of this machine. Dropping it ends its thread.
pub struct Broker {
    pub port: u16,
    ended: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Broker {
    /// Passes every connection to `serve`, one after another, along with its number from 0.
    pub fn start(mut serve: impl FnMut(&mut TcpStream, u64) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let ended = Arc::new(AtomicBool::new(false));
        let is_ended = Arc::clone(&ended);
        let thread = Builder::new().name("broker".to_owned()).spawn(move || {
            for (number, stream) in (0..).zip(listener.incoming()) {
                if is_ended.load(Ordering::SeqCst) {
                    return;
                }
                if let Ok(mut stream) = stream {
                    stream.set_read_timeout(Some(Duration::from_secs(2))).unwrap();
                    stream.set_write_timeout(Some(Duration::from_secs(2))).unwrap();
                    serve(&mut stream, number);
                }
            }
        });
        Self { port, ended, thread: Some(thread.unwrap()) }
    }

    /// Sends these bytes to each client after its CONNECT, and closes once the client has nothing more to say.
    pub fn that_sends(bytes: Vec<u8>) -> Self {
        Self::start(move |stream, _| {
            let mut read = [0; 4_096];
            if stream.read(&mut read).is_ok() && stream.write_all(&bytes).is_ok() {
                stream.set_read_timeout(Some(Duration::from_millis(50))).unwrap();
                while matches!(stream.read(&mut read), Ok(1..)) {}
            }
        })
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::SeqCst);
        TcpStream::connect(("127.0.0.1", self.port)).ok(); // wakes the accepting thread
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Options for this port that subscribe to everything.
pub fn options(port: u16, version: MqttVersion) -> ConnectOptions {
    ConnectOptions {
        host: "127.0.0.1".to_owned(),
        port,
        version: version.into(),
        subscriptions: vec![Subscription::new("#", QoS::AtMostOnce)],
        ..ConnectOptions::default()
    }
}

/// A session with budgets so small that a flood reaches them.
pub fn session(options: ConnectOptions) -> Session {
    let limits = Limits { history_bytes: 16 << 20, tree_bytes: 16 << 20, ..Limits::default() };
    Session::open(options, Secrets::default(), limits, Arc::new(|| {}))
}

/// Polls the session as the window does until `done` returns true.
pub fn until(session: &Session, mut done: impl FnMut(&Session) -> bool) -> Result<(), String> {
    let end = Instant::now() + PATIENCE;
    loop {
        session.looked();
        session.model().lock().roll_up(mqttree::session::clock::now());
        let status = session.status();
        if let Some(reason) = &status.crashed {
            return Err(format!("it crashed: {reason:?}"));
        }
        if done(session) {
            return Ok(());
        }
        if Instant::now() > end {
            return Err(format!("it hangs: {:?}, {:?}", status.state, session.counters()));
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}
