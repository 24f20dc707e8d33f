//! `mqttree pub`: publishes and ends, like mosquitto_pub, using the same session as the window.
//!
//! A single message is never retried: a script decides that by the exit status. Lines from `-l` come from a program
//! that may run for days, so a lost connection is waited for and unanswered messages are sent again. Meanwhile standard
//! input is not read, which keeps what waits within the limits below.

mod args;
mod source;

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use bytes::Bytes;
use crossbeam_channel::{Receiver, after, never, select};

use crate::cli::connected::Connected;
pub(super) use crate::cli::publish::args::{PublishArgs, add_to_message, plan};
pub(super) use crate::cli::publish::source::PayloadSource;
use crate::cli::publish::source::SourcePayload;
use crate::cli::report::Report;
use crate::cli::status;
use crate::cli::target::Target;
use crate::message::MessageRef;
use crate::mqtt::packet::Disconnect;
use crate::session::status::{ConnectionState, PUBLISH_RESULTS_MAX, PublishOutcome, Status};
use crate::session::{Declined, Goodbye, Publish, Sink};
use crate::words::cli::{News, NotBegun, NotPublished, Trouble};
use crate::words::{self, Language};

/// How many messages may be in flight: fewer than the answers kept, so that none is missed.
const UNDER_WAY_MAX: usize = PUBLISH_RESULTS_MAX / 2;
/// How many bytes may be in flight; a single larger message goes alone.
const UNDER_WAY_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// How long the broker may take to acknowledge, besides the message's transmission time.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// The slowest connection allowed for, in bytes a second.
const SLOWEST: u64 = 4 * 1024;

/// What `mqttree pub` has to do.
#[derive(Debug)]
pub struct Plan {
    target: Target,
    source: PayloadSource,
    /// The message without its payload.
    publish: Publish,
    repeat: u64,
    delay: Duration,
    quiet: bool,
    debug: bool,
    /// The given limit on messages in flight.
    in_flight_max: Option<u16>,
    /// What DISCONNECT says.
    disconnect: Disconnect,
}

/// Discards messages: a publisher with a kept session may receive some but has no use for them.
struct Nowhere;

impl Sink for Nowhere {
    fn message(&mut self, _message: MessageRef<'_>, _packet_id: u16) {}

    fn idle(&mut self) {}
}

impl Plan {
    /// Publishes everything and returns the exit status.
    pub(super) fn run(self) -> u8 {
        let Self { target, source, publish, repeat, delay, quiet, debug, in_flight_max, disconnect } = self;
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
        let mut run = Run {
            connected,
            report,
            publish,
            is_patient: source == PayloadSource::Lines,
            debug,
            disconnect,
            messages_max: in_flight_max.map_or(UNDER_WAY_MAX, |max| usize::from(max).min(UNDER_WAY_MAX)),
            under_way: HashMap::new(),
            again: VecDeque::new(),
            bytes: 0,
            connects: 0,
            failed: None,
            status: status::DONE,
        };
        let ended = run.connect().and_then(|()| run.all(&payloads, repeat, delay));
        match ended {
            Ok(()) => run.leave(),
            Err(status) => status,
        }
    }
}

/// A run of `mqttree pub`.
struct Run {
    connected: Connected,
    report: Report,
    publish: Publish,
    /// Whether to wait for a lost connection and send unanswered messages again.
    is_patient: bool,
    debug: bool,
    disconnect: Disconnect,
    /// How many messages may be under way.
    messages_max: usize,
    /// Payloads of the messages that the broker has not answered.
    under_way: HashMap<u64, Bytes>,
    /// Messages that were lost on the way and will be sent again.
    again: VecDeque<Bytes>,
    bytes: u64,
    /// The number of connections seen.
    connects: u32,
    /// How many failed attempts have been reported while disconnected; `None` while connected.
    failed: Option<u32>,
    /// The exit status if nothing else happens.
    status: u8,
}

/// An `Err` ends the command with this status.
type Ended<T> = Result<T, u8>;

impl Run {
    /// Waits for the connection.
    fn connect(&mut self) -> Ended<()> {
        loop {
            let status = self.connected.look();
            if status.state.is_connected() {
                self.connects = status.connects;
                if self.debug {
                    self.report.news(&News::Connected { url: self.connected.session.options().url() });
                }
                return Ok(());
            }
            self.check(&status)?;
            self.wait_for_news(&never())?;
        }
    }

    /// Publishes until there are no more payloads and everything is answered.
    fn all(&mut self, payloads: &Receiver<SourcePayload>, repeat: u64, delay: Duration) -> Ended<()> {
        loop {
            self.make_room()?;
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
        while !(self.under_way.is_empty() && self.again.is_empty()) {
            self.make_room()?;
            if !self.under_way.is_empty() {
                self.answers()?;
            }
        }
        Ok(())
    }

    /// Waits until another message may be sent: for a connection, for messages being sent again, and for answers.
    fn make_room(&mut self) -> Ended<()> {
        loop {
            if self.failed.is_some() {
                self.wait_for_news(&never())?;
                self.look()?;
            } else if !self.has_room() {
                self.answers()?;
            } else if let Some(payload) = self.again.pop_front() {
                self.publish.payload = payload;
                self.send()?;
            } else {
                return Ok(());
            }
        }
    }

    /// Publishes the same message `repeat` times, each after the previous one was delivered.
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
        let payload = self.publish.payload.clone();
        match self.connected.session.publish(self.publish.clone()) {
            Ok(token) => {
                self.bytes += payload.len() as u64;
                self.under_way.insert(token, payload);
                Ok(())
            }
            Err(Declined::NotConnected) if self.is_patient => {
                self.again.push_front(payload);
                self.look()
            }
            Err(why) => {
                if why == Declined::NotConnected {
                    // Lost meanwhile; the status says why.
                    self.look()?;
                }
                Err(self.failed(NotPublished::Declined(why)))
            }
        }
    }

    fn has_room(&self) -> bool {
        self.under_way.is_empty()
            || (self.under_way.len() < self.messages_max
                && self.bytes + (self.publish.payload.len() as u64) < UNDER_WAY_BYTES_MAX)
    }

    /// Waits for news about the messages in flight.
    fn answers(&mut self) -> Ended<()> {
        let slow = Duration::from_secs(self.bytes / SLOWEST);
        // Without a connection no answer can arrive.
        let deadline = if self.failed.is_some() { never() } else { after(ANSWER_TIMEOUT + slow) };
        self.wait_for_news(&deadline)?;
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

    /// Processes the broker's answers.
    fn look(&mut self) -> Ended<()> {
        let status = self.connected.look();
        let mut lost = false;
        for result in status.publishes.iter().rev() {
            let Some(payload) = self.under_way.remove(&result.token) else { continue };
            self.bytes -= payload.len() as u64;
            match &result.outcome {
                PublishOutcome::Sent | PublishOutcome::Acknowledged(_) => {}
                PublishOutcome::Refused(why) => {
                    self.status = self.failed(NotPublished::Refused(why.clone()));
                }
                PublishOutcome::Lost if self.is_patient => self.again.push_back(payload),
                PublishOutcome::Lost => lost = true,
            }
        }
        if self.is_patient && self.connects > 0 && status.crashed.is_none() {
            self.follow(&status);
            return Ok(());
        }
        self.check(&status)?;
        if lost {
            return Err(self.failed(NotPublished::Lost));
        }
        Ok(())
    }

    /// Reports that the connection was lost or restored.
    fn follow(&mut self, status: &Status) {
        if status.state.is_connected() {
            if status.connects > self.connects {
                self.connects = status.connects;
                self.report.news(&News::ConnectedAgain { url: self.connected.session.options().url() });
            }
            self.failed = None;
            return;
        }
        let was_told = self.failed;
        self.failed = Some(was_told.unwrap_or_default());
        let ConnectionState::Reconnecting { at, failed } = status.state else { return };
        let Some(failure) = &status.failure else { return };
        if was_told != Some(failed) {
            self.failed = Some(failed);
            let failure = words::failure_line(failure, Language::English);
            let seconds = at.saturating_duration_since(Instant::now()).as_secs_f64();
            self.report.news(&News::Lost { failure, seconds });
            if was_told.is_none_or(|told| told == 0) {
                let unanswered = self.under_way.len() + self.again.len();
                self.report.news(&News::Waiting { unanswered });
            }
        }
    }

    /// Ends the command if there is no connection.
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

    /// Handles Ctrl-C: messages in flight may still arrive, but nobody will know.
    fn interrupted(&self) -> u8 {
        if !self.under_way.is_empty() {
            self.report.news(&News::Stopped { unanswered: self.under_way.len() });
        }
        // As mosquitto_pub, which a signal kills: the broker publishes the will in every version.
        self.connected.finish(Goodbye::saying(self.disconnect.clone()).with_will());
        status::FAILED
    }

    /// Disconnects once everything has been sent.
    fn leave(&self) -> u8 {
        let slow = Duration::from_secs(self.publish.payload.len() as u64 / SLOWEST);
        let disconnect = self.disconnect.clone();
        self.connected.finish(Goodbye { grace: ANSWER_TIMEOUT + slow, disconnect });
        if self.connected.look().state == ConnectionState::Disconnected {
            self.status
        } else {
            self.failed(NotPublished::NotTaken)
        }
    }
}
