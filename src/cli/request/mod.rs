//! `mqttree rr`: publishes a request and prints the first response, like mosquitto_rr.
//!
//! Nothing is tried again: a lost connection or a refusal ends it, and the exit status says so.

mod args;

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, after, bounded, never, select};
use parking_lot::Mutex;

use crate::cli::connected::Connected;
use crate::cli::publish::PayloadSource;
use crate::cli::report::Report;
pub(super) use crate::cli::request::args::{RequestArgs, plan};
use crate::cli::status;
use crate::cli::subscribe::{End, Printer, Printing};
use crate::cli::target::Target;
use crate::message::MessageRef;
use crate::mqtt::packet::Disconnect;
use crate::session::request::PendingRequest;
use crate::session::signals::Interruption;
use crate::session::status::{Grant, PublishOutcome, Status};
use crate::session::{Goodbye, Publish, Sink};
use crate::words::cli::{News, NotBegun, NotPublished, Trouble};

/// What `mqttree rr` has to do.
#[derive(Debug)]
pub struct Plan {
    target: Target,
    source: PayloadSource,
    /// The request without its payload.
    publish: Publish,
    disconnect: Disconnect,
    printing: Printing,
    timeout_s: Option<u32>,
    quiet: bool,
    debug: bool,
}

/// Prints what answers the request; anything else goes nowhere.
struct Responses<W> {
    printer: Printer<W>,
    /// The request, once it is published.
    pending: Arc<Mutex<Option<PendingRequest>>>,
}

impl<W: Write + Send + 'static> Sink for Responses<W> {
    fn message(&mut self, message: MessageRef<'_>, packet_id: u16) {
        // As mosquitto_rr: a message that comes before the request is printed too, and -R leaves out what was kept.
        if self.pending.lock().as_ref().is_none_or(|pending| pending.is_answered_by(message)) {
            self.printer.message(message, packet_id);
        }
    }

    fn idle(&mut self) {
        self.printer.idle();
    }
}

impl Plan {
    /// Runs until there is a response and returns the exit status.
    pub(super) fn run(self, out: impl Write + Send + 'static) -> u8 {
        let Self { target, source, mut publish, printing, timeout_s, .. } = self;
        let report = Report { quiet: self.quiet };
        let url = target.profile.connect.url();
        let (end_sender, end) = bounded(1);
        let (removals, _) = bounded(0);
        let pending = Arc::<Mutex<Option<PendingRequest>>>::default();
        let printer = Printer::new(printing, out, end_sender, removals);
        let responses = Responses { printer, pending: pending.clone() };
        let opened = target.secrets().and_then(|secrets| {
            let payloads = source.open().map_err(|error| NotBegun::Payloads(error.into()))?;
            Ok((payloads, Connected::open(target.profile.connect, secrets, responses)?))
        });
        let (payloads, connected) = match opened {
            Ok(opened) => opened,
            Err(why) => return report.trouble(&Trouble::NotBegun { url, why }),
        };
        publish.payload = match payloads.recv() {
            Ok(Ok(payload)) => payload,
            Ok(Err(trouble)) => return report.trouble(&trouble),
            Err(_) => return status::FAILED,
        };
        let (disconnect, debug) = (self.disconnect, self.debug);
        let mut run = Run {
            connected,
            report,
            publish,
            disconnect,
            debug,
            pending,
            token: None,
            connected_before: false,
        };
        run.until_the_end(&end, timeout_s)
    }
}

/// A request under way.
struct Run {
    connected: Connected,
    report: Report,
    publish: Publish,
    disconnect: Disconnect,
    debug: bool,
    pending: Arc<Mutex<Option<PendingRequest>>>,
    /// The number of the request, once it is published.
    token: Option<u64>,
    connected_before: bool,
}

impl Run {
    fn until_the_end(&mut self, end: &Receiver<End>, timeout_s: Option<u32>) -> u8 {
        let mut deadline = never();
        loop {
            select! {
                recv(self.connected.interrupted) -> end => {
                    let end = end.unwrap_or(Interruption::Terminate);
                    return self.leave(self.connected.session.goodbye_at(end), status::FAILED);
                }
                recv(end) -> end => return match end {
                    Ok(End::Done | End::Closed) => self.leave(Goodbye::default(), status::DONE),
                    Ok(End::Failed(error)) => {
                        let status = self.report.trouble(&Trouble::Output(error.into()));
                        self.leave(Goodbye::default(), status)
                    }
                    Err(_) => self.report.trouble(&Trouble::Session(self.connected.look().crashed.clone())),
                },
                recv(deadline) -> _ => {
                    self.report.news(&News::TimeOver { seconds: timeout_s.unwrap_or_default() });
                    let goodbye = self.connected.session.goodbye_at(Interruption::Terminate);
                    return self.leave(goodbye, status::TIMEOUT);
                }
                recv(self.connected.woken) -> _ => {
                    let first = !self.connected_before;
                    let status = self.connected.look();
                    if let Err(status) = self.look(&status) {
                        return status;
                    }
                    if let (true, Some(seconds)) = (first && self.connected_before, timeout_s) {
                        deadline = after(Duration::from_secs(u64::from(seconds)));
                    }
                }
            }
        }
    }

    /// Publishes the request once the responses are subscribed to; an `Err` ends the command with this status.
    fn look(&mut self, status: &Status) -> Result<(), u8> {
        if let Some(crash) = &status.crashed {
            return Err(self.report.trouble(&Trouble::Session(Some(crash.clone()))));
        }
        if let Some(failure) = &status.failure {
            return Err(self.report.failure(failure));
        }
        if !status.state.is_connected() {
            // Lost, and the reason follows.
            return Ok(());
        }
        if self.debug && !self.connected_before {
            self.report.news(&News::Connected { url: self.connected.session.options().url() });
        }
        self.connected_before = true;
        if let Some(token) = self.token {
            let refused = status.publishes.iter().find(|result| result.token == token);
            return match refused.map(|result| &result.outcome) {
                Some(PublishOutcome::Refused(why)) => Err(self.failed(NotPublished::Refused(why.clone()))),
                Some(PublishOutcome::Lost) => Err(self.failed(NotPublished::Lost)),
                Some(PublishOutcome::Sent | PublishOutcome::Acknowledged(_)) | None => Ok(()),
            };
        }
        let Some(responses) = status.subscriptions.first() else { return Ok(()) };
        match &responses.grant {
            Grant::Granted(qos) => {
                if self.debug {
                    let filter = responses.wanted.filter.clone();
                    self.report.news(&News::Subscribed { filter, qos: *qos });
                }
                self.ask(&responses.wanted.filter, status)
            }
            Grant::Refused(why) => {
                let filter = responses.wanted.filter.clone();
                let status = self.report.trouble(&Trouble::Subscribe { filter, why: why.clone() });
                Err(self.leave(Goodbye::default(), status))
            }
            Grant::Pending | Grant::Off => Ok(()),
        }
    }

    fn ask(&mut self, response_topic: &str, status: &Status) -> Result<(), u8> {
        let Some((version, _)) = status.state.spoken() else { return Ok(()) };
        let pending = PendingRequest::new(&mut self.publish, response_topic, version);
        *self.pending.lock() = Some(pending);
        match self.connected.session.publish(self.publish.clone()) {
            Ok(token) => {
                self.token = Some(token);
                Ok(())
            }
            Err(why) => Err(self.failed(NotPublished::Declined(why))),
        }
    }

    fn failed(&self, why: NotPublished) -> u8 {
        let topic = self.publish.topic.clone();
        let status = self.report.trouble(&Trouble::Publish { topic, why });
        self.leave(Goodbye::default(), status)
    }

    fn leave(&self, mut goodbye: Goodbye, status: u8) -> u8 {
        let reason = goodbye.disconnect.reason;
        goodbye.disconnect = Disconnect { reason, ..self.disconnect.clone() };
        self.connected.finish(goodbye);
        status
    }
}
