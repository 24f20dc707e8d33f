//! `mqttree test`: runs sequence files against a broker and says which steps passed.

mod args;
mod junit;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, bounded, select};

use crate::cli::connected::Connected;
use crate::cli::report::Report;
pub(super) use crate::cli::sequences::args::{TestArgs, plan};
use crate::cli::sequences::junit::Suite;
use crate::cli::status;
use crate::cli::target::Target;
use crate::message::{Flags, MessageRef, Payload, QoS, Timestamp};
use crate::mqtt::options::{Secrets, Subscription};
use crate::mqtt::packet::Disconnect;
use crate::sequence::{Sequence, SequenceRun, StepFailure, StepState, Todo};
use crate::session::signals::Interruption;
use crate::session::status::{Grant, PublishOutcome, Status};
use crate::session::{Declined, Goodbye, Publish, Sink, clock};
use crate::words::cli::{SequenceLine, Trouble, sequence_line};

/// How many messages may wait for the run; then the broker has to wait.
const ARRIVALS_MAX: usize = 1_024;

/// What `mqttree test` has to do.
#[derive(Debug)]
pub struct Plan {
    target: Target,
    sequences: Vec<(PathBuf, Sequence)>,
    junit: Option<PathBuf>,
    variables: BTreeMap<String, String>,
    disconnect: Disconnect,
    quiet: bool,
}

/// A message on its way to the run.
struct Arrived {
    topic: Vec<u8>,
    payload: Bytes,
    flags: Flags,
    at: Timestamp,
}

/// Hands messages to the run.
struct Arrivals(Sender<Arrived>);

impl Sink for Arrivals {
    fn message(&mut self, message: MessageRef<'_>, _packet_id: u16) {
        let (topic, payload) = (message.topic.to_vec(), Bytes::copy_from_slice(message.payload.bytes()));
        // The run is over if nobody receives.
        self.0.send(Arrived { topic, payload, flags: message.flags, at: message.arrived }).ok();
    }

    fn idle(&mut self) {}
}

/// Why a sequence did not run to its end.
enum Stopped {
    /// There was no connection, or no subscription; it has been reported.
    NotBegun,
    /// Ctrl-C.
    Interrupted(Interruption),
}

impl Plan {
    /// Runs all files and returns the exit status.
    pub(super) fn run(self, mut out: impl Write) -> u8 {
        let report = Report { quiet: false };
        let secrets = match self.target.secrets() {
            Ok(secrets) => secrets,
            Err(why) => {
                return report.trouble(&Trouble::NotBegun { url: self.target.profile.connect.url(), why });
            }
        };
        let mut suites = Vec::new();
        let mut interrupted = false;
        for (file, sequence) in &self.sequences {
            let name = file.display().to_string();
            self.say(&mut out, &SequenceLine::File(sequence.name.as_deref().unwrap_or(&name)));
            let mut run = SequenceRun::new(sequence.clone(), self.variables_of(sequence), fastrand::u64(..));
            let began = Instant::now();
            let ended = self.run_one(&mut run, secrets.clone(), report, &mut out);
            let not_begun = matches!(ended, Err(Stopped::NotBegun));
            suites.push(Suite { name, run, took: began.elapsed(), not_begun });
            if matches!(ended, Err(Stopped::Interrupted(_))) {
                interrupted = true;
                break;
            }
        }
        let passed = suites.iter().filter(|suite| suite.has_passed()).count();
        self.say(&mut out, &SequenceLine::Summary { passed, files: self.sequences.len() });
        if let Some(file) = &self.junit
            && let Err(error) = std::fs::write(file, junit::xml(&suites))
        {
            return report.trouble(&Trouble::NotWritten { file: file.clone(), error: error.into() });
        }
        let all = passed == self.sequences.len() && !interrupted;
        if all { status::DONE } else { status::FAILED }
    }

    /// The variables of the connection, as far as the file does not set them itself, and those of the command line.
    fn variables_of(&self, sequence: &Sequence) -> BTreeMap<String, String> {
        let own = self.target.profile.connect.variables.iter();
        let own = own.filter(|(name, _)| !sequence.variables.contains_key(name)).cloned();
        own.chain(self.variables.clone()).collect()
    }

    fn say(&self, out: &mut impl Write, line: &SequenceLine<'_>) {
        if !self.quiet {
            // A closed pipe does not change what passed.
            writeln!(out, "{}", sequence_line(line)).ok();
        }
    }

    /// Runs one file on a connection of its own.
    fn run_one(
        &self,
        run: &mut SequenceRun,
        secrets: Secrets,
        report: Report,
        out: &mut impl Write,
    ) -> Result<(), Stopped> {
        let mut options = self.target.profile.connect.clone();
        options.subscriptions = run.sequence().filters().into_iter().map(subscription).collect();
        let url = options.url();
        let (sender, arrivals) = bounded(ARRIVALS_MAX);
        let connected = Connected::open(options, secrets, Arrivals(sender)).map_err(|why| {
            report.trouble(&Trouble::NotBegun { url, why });
            Stopped::NotBegun
        })?;
        let mut told = 0;
        let ended = until_subscribed(&connected, report).and_then(|()| {
            let mut steps =
                Steps { connected: &connected, arrivals: &arrivals, began: Instant::now(), token: None };
            steps.all(run, |run| self.tell(run, &mut told, out))
        });
        let mut goodbye = match ended {
            Err(Stopped::Interrupted(end)) => connected.session.goodbye_at(end),
            Ok(()) | Err(Stopped::NotBegun) => Goodbye::default(),
        };
        let reason = goodbye.disconnect.reason;
        goodbye.disconnect = Disconnect { reason, ..self.disconnect.clone() };
        drop(arrivals);
        connected.finish(goodbye);
        ended
    }

    /// Prints the steps that ended since the last time.
    fn tell(&self, run: &SequenceRun, told: &mut usize, out: &mut impl Write) {
        while let (Some(step), Some(result)) = (run.sequence().steps.get(*told), run.results().get(*told)) {
            let is_last = run.is_over();
            match result.state {
                StepState::Running => return,
                StepState::NotReached if !is_last => return,
                StepState::NotReached | StepState::Passed | StepState::Failed(_) => {}
            }
            self.say(out, &SequenceLine::Step { step, result });
            *told += 1;
        }
    }
}

/// Expects new messages apart from those that the broker had kept, at the QoS at which they were published.
fn subscription(filter: String) -> Subscription {
    Subscription { retain_as_published: false, ..Subscription::new(filter, QoS::ExactlyOnce) }
}

/// Waits until the broker has answered all subscriptions.
fn until_subscribed(connected: &Connected, report: Report) -> Result<(), Stopped> {
    loop {
        let status = connected.look();
        if let Some(failure) = &status.failure {
            report.failure(failure);
            return Err(Stopped::NotBegun);
        }
        if let Some(crash) = &status.crashed {
            report.trouble(&Trouble::Session(Some(crash.clone())));
            return Err(Stopped::NotBegun);
        }
        for state in &status.subscriptions {
            if let Grant::Refused(why) = &state.grant {
                let filter = state.wanted.filter.clone();
                report.trouble(&Trouble::Subscribe { filter, why: why.clone() });
                return Err(Stopped::NotBegun);
            }
        }
        if status.state.is_connected()
            && status.subscriptions.iter().all(|state| state.grant != Grant::Pending)
        {
            return Ok(());
        }
        select! {
            recv(connected.woken) -> _ => {}
            recv(connected.interrupted) -> end => {
                return Err(Stopped::Interrupted(end.unwrap_or(Interruption::Terminate)));
            }
        }
    }
}

/// A run on an open connection.
struct Steps<'a> {
    connected: &'a Connected,
    arrivals: &'a Receiver<Arrived>,
    began: Instant,
    /// The number of the publish whose answer is waited for.
    token: Option<u64>,
}

impl Steps<'_> {
    fn all(&mut self, run: &mut SequenceRun, mut tell: impl FnMut(&SequenceRun)) -> Result<(), Stopped> {
        loop {
            for arrived in self.arrivals.try_iter().take(ARRIVALS_MAX) {
                take(run, &arrived);
            }
            self.look(run);
            let todo = run.next(self.began.elapsed(), clock::now());
            tell(run);
            match todo {
                Todo::Nothing => return Ok(()),
                Todo::Publish(publish) => self.publish(run, *publish),
                Todo::WaitUntil(at) => select! {
                    recv(self.arrivals) -> arrived => match arrived {
                        Ok(arrived) => take(run, &arrived),
                        Err(_) => run.break_off(self.began.elapsed(), StepFailure::NotConnected),
                    },
                    recv(self.connected.woken) -> _ => {}
                    recv(self.connected.interrupted) -> end => {
                        return Err(Stopped::Interrupted(end.unwrap_or(Interruption::Terminate)));
                    }
                    default(at.saturating_sub(self.began.elapsed())) => {}
                },
            }
        }
    }

    /// Tells the run what became of its publish, and of the connection.
    fn look(&mut self, run: &mut SequenceRun) {
        let status = self.connected.look();
        let at = self.began.elapsed();
        if let Some(outcome) = self.token.and_then(|token| outcome(&status, token)) {
            self.token = None;
            run.published(at, outcome);
        }
        if !status.state.is_connected() || status.connects > 1 {
            run.break_off(at, StepFailure::NotConnected);
        }
    }

    fn publish(&mut self, run: &mut SequenceRun, publish: Publish) {
        match self.connected.session.publish(publish) {
            Ok(token) => self.token = Some(token),
            Err(Declined::Publish(why)) => {
                run.published(self.began.elapsed(), Err(StepFailure::Unpublishable(why)));
            }
            Err(_) => run.break_off(self.began.elapsed(), StepFailure::NotConnected),
        }
    }
}

fn take(run: &mut SequenceRun, arrived: &Arrived) {
    run.arrived(MessageRef {
        topic: &arrived.topic,
        payload: Payload::Small(&arrived.payload),
        flags: arrived.flags,
        properties: None,
        arrived: arrived.at,
    });
}

/// What became of a publish, once that is known.
fn outcome(status: &Status, token: u64) -> Option<Result<(), StepFailure>> {
    let result = status.publishes.iter().find(|result| result.token == token)?;
    Some(match &result.outcome {
        PublishOutcome::Sent | PublishOutcome::Acknowledged(_) => Ok(()),
        PublishOutcome::Refused(why) => Err(StepFailure::Refused(why.clone())),
        PublishOutcome::Lost => Err(StepFailure::NotConnected),
    })
}
