//! A session as a test sees it: opened on a broker, polled as the window does, and waited for with a deadline.

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use mqttree::message::{Flags, PublishProperties, QoS};
use mqttree::model::{Limits, Model};
use mqttree::mqtt::options::{ConnectOptions, Secret, Secrets, Subscription, VersionChoice};
use mqttree::session::connection_log::{LogEvent, LogLine};
use mqttree::session::status::{Grant, PublishOutcome, PublishResult, Status};
use mqttree::session::{Publish, Session, clock};
use mqttree::words::{self, Language, Told};

use crate::harness::{told, until};

/// Options for a broker on the loopback interface that subscribe to everything at QoS 2.
pub fn options(port: u16, version: impl Into<VersionChoice>) -> ConnectOptions {
    ConnectOptions {
        host: "127.0.0.1".to_owned(),
        port,
        version: version.into(),
        subscriptions: vec![Subscription::new("#", QoS::ExactlyOnce)],
        ..ConnectOptions::default()
    }
}

/// A session that counts how often it woke the window.
pub struct Watched {
    session: Session,
    pub wakes: Arc<AtomicUsize>,
}

impl Deref for Watched {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

/// The newest message of a topic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Newest {
    pub payload: Vec<u8>,
    pub flags: Flags,
    pub properties: Option<PublishProperties>,
}

impl Watched {
    /// Opens a session without waiting.
    pub fn open(options: ConnectOptions) -> Self {
        Self::open_with(options, "")
    }

    /// Opens a session with other limits.
    pub fn open_within(options: ConnectOptions, limits: Limits) -> Self {
        Self {
            session: Session::open(options, Secret::new(""), limits, Arc::new(|| ())),
            wakes: Arc::default(),
        }
    }

    /// Opens a session with a password.
    pub fn open_with(options: ConnectOptions, password: &str) -> Self {
        let wakes = Arc::new(AtomicUsize::new(0));
        let counted = wakes.clone();
        let wake = Arc::new(move || {
            counted.fetch_add(1, Ordering::SeqCst);
        });
        Self { session: Session::open(options, Secret::new(password), Limits::default(), wake), wakes }
    }

    /// Opens a session with other secrets than a password.
    pub fn open_secretly(options: ConnectOptions, secrets: Secrets) -> Self {
        Self {
            session: Session::open(options, secrets, Limits::default(), Arc::new(|| ())),
            wakes: Arc::default(),
        }
    }

    /// Opens a session and waits until all its subscriptions are answered.
    pub fn connected(options: ConnectOptions) -> Self {
        let watched = Self::open(options);
        watched.wait_until_subscribed();
        watched
    }

    /// Waits until a condition on the status holds.
    pub fn wait(&self, what: &str, condition: impl Fn(&Status) -> bool) -> Arc<Status> {
        until(|| format!("{what}\n{}", self.describe()), || condition(&self.status()));
        self.status()
    }

    pub fn wait_until_subscribed(&self) {
        self.wait("all subscriptions are answered", |status| {
            status.state.is_connected()
                && status.subscriptions.iter().all(|subscription| subscription.grant != Grant::Pending)
        });
    }

    /// Waits for the first failure and returns the text that a person reads.
    pub fn failure(&self) -> Told {
        let status = self.wait("a failure", |status| status.failure.is_some());
        told(status.failure.as_ref().unwrap())
    }

    /// Accesses the model as the window does.
    pub fn look<T>(&self, at: impl FnOnce(&Model) -> T) -> T {
        self.looked();
        let mut model = self.model().lock();
        while model.roll_up(clock::now()) {}
        at(&model)
    }

    /// The number of topics that have a message.
    pub fn topics(&self) -> u32 {
        self.look(|model| model.stats().topics)
    }

    /// The newest message of a topic.
    pub fn newest(&self, topic: &str) -> Option<Newest> {
        self.look(|model| {
            let node = model.find(topic.as_bytes())?;
            let message = model.history(node).next()?;
            Some(Newest {
                payload: message.payload().to_vec(),
                flags: message.flags(),
                properties: message.properties().map(|properties| properties.as_ref().clone()),
            })
        })
    }

    /// Waits for a message on a topic.
    pub fn wait_for(&self, topic: &str) -> Newest {
        until(|| format!("a message on {topic}\n{}", self.describe()), || self.newest(topic).is_some());
        self.newest(topic).unwrap()
    }

    /// Waits for a message with this payload on a topic.
    pub fn wait_for_payload(&self, topic: &str, payload: &[u8]) -> Newest {
        let has = || self.newest(topic).is_some_and(|newest| newest.payload == payload);
        until(|| format!("{} bytes on {topic}\n{}", payload.len(), self.describe()), has);
        self.newest(topic).unwrap()
    }

    /// Publishes and waits for the result.
    pub fn publish_and_wait(&self, publish: Publish) -> PublishResult {
        let token = self.publish(publish).unwrap();
        let find = |status: &Status| status.publishes.iter().find(|result| result.token == token).cloned();
        let status = self.wait("an answer to the publish", |status| find(status).is_some());
        find(&status).unwrap()
    }

    /// Publishes and waits for the outcome.
    pub fn outcome(&self, publish: Publish) -> PublishOutcome {
        self.publish_and_wait(publish).outcome
    }

    /// How many events of a kind are in the session's log.
    pub fn logged(&self, kind: impl Fn(&LogEvent) -> bool) -> usize {
        logged(&self.status(), kind)
    }

    /// Asserts that the first connection is still open.
    pub fn assert_held(&self) {
        let status = self.status();
        let connected = self.logged(|event| matches!(event, LogEvent::Connected(_)));
        assert!(status.failure.is_none() && connected == 1, "the connection was lost\n{}", self.describe());
    }

    /// Everything that helps to understand why a wait failed.
    pub fn describe(&self) -> String {
        let status = self.status();
        let line = |line: &LogLine| words::log::line(&line.what, Language::English);
        let log: Vec<_> = status.log.iter().map(line).collect();
        format!(
            "state {:?}\nfailure {:?}\nsubscriptions {:?}\ncounters {:?}\nlog:\n  {}",
            status.state,
            status.failure,
            status.subscriptions,
            self.counters(),
            log.join("\n  ")
        )
    }
}

/// How many events of a kind are in a log.
pub fn logged(status: &Status, kind: impl Fn(&LogEvent) -> bool) -> usize {
    status.log.iter().filter(|line| kind(&line.what)).count()
}
