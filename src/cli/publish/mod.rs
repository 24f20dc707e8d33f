//! `mqttree pub`: publishes and ends, like mosquitto_pub, on the session that the window uses.
//!
//! It never tries a second time by itself: whoever runs it in a script decides that by the exit status.

mod args;
mod source;

use std::collections::HashMap;
use std::ffi::OsString;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, after, never, select};

use crate::cli::connected::Connected;
use crate::cli::publish::source::{Payload, Source};
use crate::cli::report::Report;
use crate::cli::target::Target;
use crate::cli::{Environment, Unusable, status};
use crate::message::MessageRef;
use crate::session::status::{ConnectionState, PUBLISH_RESULTS_MAX, PublishOutcome, Status};
use crate::session::{Declined, Publish, Sink};
use crate::words::cli::{News, NotBegun, NotPublished, Trouble};

/// How many messages are under way at once: fewer than answers are kept, so that none is missed.
const UNDER_WAY_MAX: usize = PUBLISH_RESULTS_MAX / 2;
/// How many bytes they hold at most; a single larger message goes alone.
const UNDER_WAY_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How long the broker may take for an acknowledgement, besides the time that the message needs on its way.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// The slowest line that is waited for, in bytes a second.
const SLOWEST: u64 = 4 * 1024;

/// What `mqttree pub` was asked to do.
#[derive(Debug)]
pub struct Plan {
    target: Target,
    source: Source,
    /// All but the payload.
    publish: Publish,
    repeat: u64,
    delay: Duration,
    quiet: bool,
}

/// A publisher that happens to be sent something (a kept session) has no use for it.
struct Nowhere;

impl Sink for Nowhere {
    fn message(&mut self, _message: MessageRef<'_>, _packet_id: u16) {}

    fn idle(&mut self) {}
}

/// Reads the arguments, the program's name first.
pub(super) fn parse(
    args: impl IntoIterator<Item = OsString>,
    environment: &Environment,
) -> Result<Plan, Unusable> {
    args::parse(args, environment)
}

impl Plan {
    /// Publishes everything, and gives the exit status.
    pub(super) fn run(self) -> u8 {
        let Self { target, source, publish, repeat, delay, quiet } = self;
        let report = Report { quiet };
        let url = target.profile.connect.url();
        let opened = target.secrets().and_then(|secrets| {
            let payloads = source.clone().open().map_err(|error| NotBegun::Payloads(error.into()))?;
            Ok((Connected::open(target.profile.connect, secrets, Nowhere)?, payloads))
        });
        let (connected, payloads) = match opened {
            Ok(opened) => opened,
            Err(why) => return report.trouble(&Trouble::NotBegun { url, why }),
        };
        let mut run =
            Run { connected, report, publish, under_way: HashMap::new(), bytes: 0, status: status::DONE };
        let ended = run.connect().and_then(|()| run.all(&payloads, repeat, delay));
        match ended {
            Ok(()) => run.leave(),
            Err(status) => status,
        }
    }
}

/// Something that is being published.
struct Run {
    connected: Connected,
    report: Report,
    publish: Publish,
    /// The sizes of the messages that the broker has not answered.
    under_way: HashMap<u64, u64>,
    bytes: u64,
    /// What the exit status will be if nothing else happens.
    status: u8,
}

/// `Err` ends the command with this status.
type Ended<T> = Result<T, u8>;

impl Run {
    /// Waits for the connection.
    fn connect(&mut self) -> Ended<()> {
        loop {
            let status = self.connected.look();
            if status.state.is_connected() {
                return Ok(());
            }
            self.check(&status)?;
            self.wait_for_news(&never())?;
        }
    }

    /// Publishes what comes until there is no more and everything is answered.
    fn all(&mut self, payloads: &Receiver<Payload>, repeat: u64, delay: Duration) -> Ended<()> {
        loop {
            while !self.has_room() {
                self.answers()?;
            }
            select! {
                recv(self.connected.interrupted) -> _ => return Err(self.interrupted()),
                recv(self.connected.woken) -> _ => self.look()?,
                recv(payloads) -> payload => match payload {
                    Ok(Ok(payload)) => {
                        self.publish.payload = payload;
                        self.times(repeat, delay)?;
                    }
                    Ok(Err(trouble)) => return Err(self.report.trouble(&trouble)),
                    Err(_) => break,
                },
            }
        }
        while !self.under_way.is_empty() {
            self.answers()?;
        }
        Ok(())
    }

    /// Publishes the same message so many times, each after the one before was delivered.
    fn times(&mut self, repeat: u64, delay: Duration) -> Ended<()> {
        self.send()?;
        for _ in 1..repeat {
            while !self.under_way.is_empty() {
                self.answers()?;
            }
            if !delay.is_zero() && !self.connected.wait(delay) {
                return Err(self.interrupted());
            }
            self.send()?;
        }
        Ok(())
    }

    fn send(&mut self) -> Ended<()> {
        let bytes = self.publish.payload.len() as u64;
        match self.connected.session.publish(self.publish.clone()) {
            Ok(token) => {
                self.under_way.insert(token, bytes);
                self.bytes += bytes;
                Ok(())
            }
            Err(why) => {
                if why == Declined::NotConnected {
                    // Lost meanwhile; the status knows why.
                    self.look()?;
                }
                Err(self.failed(NotPublished::Declined(why)))
            }
        }
    }

    fn has_room(&self) -> bool {
        self.under_way.is_empty()
            || (self.under_way.len() < UNDER_WAY_MAX
                && self.bytes + (self.publish.payload.len() as u64) < UNDER_WAY_BYTES_MAX)
    }

    /// Waits for news of what is under way.
    fn answers(&mut self) -> Ended<()> {
        let slow = Duration::from_secs(self.bytes / SLOWEST);
        self.wait_for_news(&after(ANSWER_TIMEOUT + slow))?;
        self.look()
    }

    fn wait_for_news(&mut self, deadline: &Receiver<Instant>) -> Ended<()> {
        select! {
            recv(self.connected.woken) -> _ => Ok(()),
            recv(self.connected.interrupted) -> _ => Err(self.interrupted()),
            recv(deadline) -> _ => {
                Err(self.failed(NotPublished::NotAcknowledged))
            }
        }
    }

    /// Takes the broker's answers.
    fn look(&mut self) -> Ended<()> {
        let status = self.connected.look();
        let mut lost = false;
        for result in status.publishes.iter().rev() {
            let Some(bytes) = self.under_way.remove(&result.token) else { continue };
            self.bytes -= bytes;
            match &result.outcome {
                PublishOutcome::Sent | PublishOutcome::Acknowledged(_) => {}
                PublishOutcome::Refused(why) => {
                    self.status = self.failed(NotPublished::Refused(why.clone()));
                }
                PublishOutcome::Lost => lost = true,
            }
        }
        self.check(&status)?;
        if lost {
            return Err(self.failed(NotPublished::Lost));
        }
        Ok(())
    }

    /// Ends where there is no connection, or no longer.
    fn check(&self, status: &Status) -> Ended<()> {
        if let Some(crash) = &status.crashed {
            return Err(self.report.trouble(&Trouble::Session(Some(crash.clone()))));
        }
        match &status.failure {
            Some(failure) => Err(self.report.failure(failure)),
            None if status.connects > 1 => Err(self.failed(NotPublished::Lost)),
            None => Ok(()),
        }
    }

    fn failed(&self, why: NotPublished) -> u8 {
        self.report.trouble(&Trouble::Publish { topic: self.publish.topic.clone(), why })
    }

    /// Ctrl-C: what is under way may still arrive, and nobody will know.
    fn interrupted(&self) -> u8 {
        if !self.under_way.is_empty() {
            self.report.news(&News::Stopped { unanswered: self.under_way.len() });
        }
        self.connected.finish(Duration::from_secs(1));
        status::FAILED
    }

    /// Disconnects when everything has left.
    fn leave(&self) -> u8 {
        let slow = Duration::from_secs(self.publish.payload.len() as u64 / SLOWEST);
        self.connected.finish(ANSWER_TIMEOUT + slow);
        if self.connected.look().state == ConnectionState::Disconnected {
            self.status
        } else {
            self.failed(NotPublished::NotTaken)
        }
    }
}
