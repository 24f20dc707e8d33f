//! `mqttree replay`: publishes what a recording holds, at its own pace or another.
//!
//! A thread of its own reads the recording; what is read waits in a queue of few messages. A message is published when its time has
//! come and fewer than [`UNDER_WAY_MAX`] wait for the broker's answer.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::thread::Builder;
use std::time::{Duration, Instant};

use bytes::Bytes;
use clap::{ArgAction, Parser};
use crossbeam_channel::{Receiver, Sender, after, bounded, select};

use crate::cli::connected::Connected;
use crate::cli::connection::{ConnectionArgs, qos};
use crate::cli::recording_value::{Part, PartArgs, open, tell_what_is_missing};
use crate::cli::report::Report;
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable, status};
use crate::message::{MessageRef, PublishProperties, QoS, Timestamp};
use crate::mqtt::filter;
use crate::mqtt::options::MqttVersion;
use crate::recording::{Found, Query, Recording};
use crate::session::status::{PUBLISH_RESULTS_MAX, PublishOutcome, Status};
use crate::session::{Declined, Goodbye, Publish, Sink};
use crate::words::cli::{
    News, NotBegun, NotPublished, RecordingNews, RecordingTrouble, RecordingUsage, Trouble, Usage,
};

/// How many messages are under way at once: fewer than answers are kept, so that none is missed.
const UNDER_WAY_MAX: usize = PUBLISH_RESULTS_MAX / 2;
/// Messages that are read ahead.
const READ_AHEAD: usize = 1_024;
/// How long the broker may take for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);

const EXAMPLES: &str = "\
Examples:
  mqttree replay monday -h test.example.org                    as it was, at its own pace
  mqttree replay monday -h test.example.org --pace 10 --loop   ten times as fast, until Ctrl-C
  mqttree replay monday -h localhost --pace max -t 'line3/#' --prefix replayed/
  mqttree replay monday -h localhost --from +10m --to +20m --retain never -q 1

--pace max sends as fast as the broker acknowledges. Retained messages stay at the broker unless --retain never.

Exit status: 0 done, also at Ctrl-C; 1 refused or failed; 2 wrong usage.";

/// Publish what a recording holds.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(super) struct ReplayArgs {
    /// The folder of the recording
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
    #[command(flatten)]
    part: PartArgs,
    /// So many times as fast as it was, or max; 1 if not given
    #[arg(long, value_name = "TIMES")]
    pace: Option<String>,
    /// Begin again at the end, until Ctrl-C
    #[arg(long = "loop")]
    again: bool,
    /// Text before every topic
    #[arg(long, value_name = "TEXT")]
    prefix: Option<String>,
    /// The retain flag: recorded or never; recorded if not given
    #[arg(long, value_name = "WHICH", value_parser = ["recorded", "never"])]
    retain: Option<String>,
    /// QoS of all messages: 0, 1 or 2; as recorded if not given
    #[arg(short, long, value_name = "QOS")]
    qos: Option<String>,
    /// Also to the broker that the recording was made from, without a prefix
    #[arg(long)]
    same_broker: bool,

    /// Print nothing
    #[arg(long)]
    quiet: bool,
    /// Say on standard error when it is connected
    #[arg(short, long)]
    debug: bool,
    /// A saved connection; options beside it count instead of its own
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    #[command(flatten)]
    connection: ConnectionArgs,

    /// Print help
    #[arg(long, action = ArgAction::Help)]
    help: Option<bool>,
    /// Print version
    #[arg(long, action = ArgAction::Version)]
    version: Option<bool>,
}

/// What `mqttree replay` was asked to do.
#[derive(Debug)]
pub struct Plan {
    target: Target,
    folder: PathBuf,
    part: Part,
    how: How,
    same_broker: bool,
    quiet: bool,
    debug: bool,
}

/// What becomes of a message on its way back.
#[derive(Clone, Debug, PartialEq)]
struct How {
    /// So many times as fast; `None`: as fast as it goes.
    pace: Option<f64>,
    again: bool,
    prefix: String,
    keep_retain: bool,
    qos: Option<QoS>,
}

/// What the arguments mean.
pub(super) fn plan(args: ReplayArgs, environment: &Environment) -> Result<Plan, Unusable> {
    let mut target = Target::find(&args.connection, args.profile.as_deref(), Client::Own, environment)?;
    target.profile.connect.subscriptions.clear();
    target.check()?;
    let part = args.part.read()?;
    let prefix = args.prefix.unwrap_or_default();
    if !prefix.is_empty() && filter::check_topic(&prefix).is_err() {
        return Err(Usage::Recording(RecordingUsage::Prefix { text: prefix }).into());
    }
    let how = How {
        pace: pace(args.pace.as_deref().unwrap_or("1"))?,
        again: args.again,
        prefix,
        keep_retain: args.retain.as_deref() != Some("never"),
        qos: args.qos.as_deref().map(|text| qos("-q", text)).transpose()?,
    };
    let (same_broker, quiet, debug) = (args.same_broker, args.quiet, args.debug);
    Ok(Plan { target, folder: args.folder, part, how, same_broker, quiet, debug })
}

fn pace(text: &str) -> Result<Option<f64>, Usage> {
    if text == "max" {
        return Ok(None);
    }
    let times = text.trim_end_matches(['x', '×']).parse().ok();
    let times = times.filter(|times: &f64| (0.001..=100_000.0).contains(times));
    times.map(Some).ok_or_else(|| Usage::Recording(RecordingUsage::Pace { text: text.to_owned() }))
}

/// A publisher has no use for what comes.
struct Nowhere;

impl Sink for Nowhere {
    fn message(&mut self, _message: MessageRef<'_>, _packet_id: u16) {}

    fn idle(&mut self) {}
}

/// A message that was read, and when it arrived.
type Read = (Timestamp, Publish);

impl Plan {
    /// Replays to the end, and gives the exit status.
    pub(super) fn run(self) -> u8 {
        let Self { target, folder, part, how, same_broker, quiet, debug } = self;
        let report = Report { quiet };
        let url = target.profile.connect.url();
        let recording = match open(&folder, report) {
            Ok(recording) => recording,
            Err(status) => return status,
        };
        if recording.summary().facts.url == url && how.prefix.is_empty() && !same_broker {
            return report.trouble(&Trouble::Recording(RecordingTrouble::SameBroker { url }));
        }
        tell_what_is_missing(&recording, report);
        let (sender, messages) = bounded(READ_AHEAD);
        let reader = Builder::new().name("replay-reader".to_owned()).spawn({
            let how = how.clone();
            move || read(&recording, &part, &how, &sender)
        });
        let opened = reader.map_err(|error| NotBegun::Payloads(error.into())).and_then(|_| {
            let secrets = target.secrets()?;
            Connected::open(target.profile.connect, secrets, Nowhere)
        });
        let connected = match opened {
            Ok(connected) => connected,
            Err(why) => return report.trouble(&Trouble::NotBegun { url, why }),
        };
        let run = Run { connected, report, debug, under_way: HashMap::new(), counts: Counts::default() };
        run.all(&messages, how.pace)
    }
}

/// Reads the recording, again and again if that is wanted, until nobody takes what is read.
fn read(recording: &Recording, part: &Part, how: &How, sender: &Sender<Option<Read>>) {
    let span = part.span(recording);
    let wants = |topic: &[u8]| part.wants(topic);
    let query = Query { from: span.0, to: span.1, wants: &wants };
    loop {
        let mut any = false;
        let ended = recording.walk(&query, |found| {
            let Found::Message(message) = found else { return ControlFlow::Continue(()) };
            any = true;
            let read = publish(message, how).map(|publish| (message.arrived, publish));
            if sender.send(read).is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        if ended.is_break() || !how.again || !any {
            return;
        }
    }
}

/// A recorded message as it is to be published; `None` if its topic cannot be.
fn publish(message: MessageRef<'_>, how: &How) -> Option<Publish> {
    let topic = str::from_utf8(message.topic).ok()?;
    let topic = format!("{}{topic}", how.prefix);
    filter::check_topic(&topic).ok()?;
    let properties = message.properties.map(|properties| PublishProperties {
        subscription_identifiers: Vec::new(), // the broker's to send
        ..(**properties).clone()
    });
    Some(Publish {
        topic,
        payload: Bytes::copy_from_slice(message.payload.bytes()),
        qos: how.qos.unwrap_or(message.flags.qos),
        retain: message.flags.retain && how.keep_retain,
        properties: properties.unwrap_or_default(),
        topic_alias: None,
    })
}

#[derive(Default)]
struct Counts {
    sent: u64,
    refused: u64,
    unsendable: u64,
    stripped: u64,
}

/// A replay that runs.
struct Run {
    connected: Connected,
    report: Report,
    debug: bool,
    /// The messages that the broker has not answered.
    under_way: HashMap<u64, (String, QoS)>,
    counts: Counts,
}

/// When messages are due: the first at once, the others as far behind it as they were.
struct Schedule {
    pace: Option<f64>,
    start: Option<(Instant, Timestamp)>,
}

impl Schedule {
    fn due(&mut self, at: Timestamp) -> Instant {
        let now = Instant::now();
        let Some(pace) = self.pace else { return now };
        let (start, first) = *self.start.get_or_insert((now, at));
        let behind = at.seconds_since(first) / pace;
        if behind < 0.0 {
            // The clock was set back, or the recording begins again.
            self.start = Some((now, at));
            return now;
        }
        Duration::try_from_secs_f64(behind).ok().and_then(|behind| start.checked_add(behind)).unwrap_or(now)
    }
}

impl Run {
    fn all(mut self, messages: &Receiver<Option<Read>>, pace: Option<f64>) -> u8 {
        let ended = self.connect().and_then(|()| self.send_all(messages, pace));
        let status = match ended {
            Ok(()) => status::DONE,
            Err(status) => status,
        };
        self.connected.finish(Goodbye { grace: ANSWER_TIMEOUT, ..Goodbye::default() });
        let Counts { sent, refused, unsendable, stripped } = self.counts;
        let news = RecordingNews::Replayed { messages: sent, refused, unsendable, stripped };
        self.report.news(&News::Recording(news));
        if refused > 0 { status::FAILED } else { status }
    }

    fn connect(&self) -> Result<(), u8> {
        loop {
            let status = self.connected.look();
            if status.state.is_connected() {
                if self.debug {
                    self.report.news(&News::Connected { url: self.connected.session.options().url() });
                }
                return Ok(());
            }
            self.check(&status)?;
            select! {
                recv(self.connected.woken) -> _ => {}
                recv(self.connected.interrupted) -> _ => return Err(status::DONE),
            }
        }
    }

    fn send_all(&mut self, messages: &Receiver<Option<Read>>, pace: Option<f64>) -> Result<(), u8> {
        let mut schedule = Schedule { pace, start: None };
        loop {
            select! {
                recv(self.connected.interrupted) -> _ => return Err(status::DONE),
                recv(self.connected.woken) -> _ => self.look()?,
                recv(messages) -> read => match read {
                    Ok(Some((at, publish))) => {
                        self.wait_until(schedule.due(at))?;
                        self.send(publish)?;
                    }
                    Ok(None) => self.counts.unsendable += 1,
                    Err(_) => break,
                },
            }
        }
        while !self.under_way.is_empty() {
            self.answers()?;
        }
        Ok(())
    }

    fn wait_until(&mut self, due: Instant) -> Result<(), u8> {
        while Instant::now() < due {
            select! {
                recv(self.connected.interrupted) -> _ => return Err(status::DONE),
                recv(self.connected.woken) -> _ => self.look()?,
                default(due.saturating_duration_since(Instant::now())) => {}
            }
        }
        Ok(())
    }

    fn send(&mut self, mut publish: Publish) -> Result<(), u8> {
        while self.under_way.len() >= UNDER_WAY_MAX || self.would_overtake(&publish) {
            self.answers()?;
        }
        let session = &self.connected.session;
        if !publish.properties.is_empty()
            && let Some((version, _)) = session.status().state.spoken()
            && version != MqttVersion::V5
        {
            publish.properties = PublishProperties::default();
            self.counts.stripped += 1;
        }
        let (topic, qos) = (publish.topic.clone(), publish.qos);
        match session.publish(publish) {
            Ok(token) => {
                self.under_way.insert(token, (topic, qos));
                Ok(())
            }
            Err(Declined::Publish(_)) => {
                self.counts.unsendable += 1;
                Ok(())
            }
            Err(why) => {
                if why == Declined::NotConnected {
                    self.look()?; // the status knows why
                }
                Err(self.failed(topic, NotPublished::Declined(why)))
            }
        }
    }

    /// Whether a broker might hand on the message before another one of its topic: it keeps the order of one topic at one QoS
    /// (MQTT 5.0, 4.6).
    fn would_overtake(&self, publish: &Publish) -> bool {
        self.under_way.values().any(|(topic, qos)| *qos != publish.qos && *topic == publish.topic)
    }

    /// Waits for news of what is under way.
    fn answers(&mut self) -> Result<(), u8> {
        let deadline = after(ANSWER_TIMEOUT);
        select! {
            recv(self.connected.woken) -> _ => self.look(),
            recv(self.connected.interrupted) -> _ => Err(status::DONE),
            recv(deadline) -> _ => {
                let topic = self.under_way.values().next().map_or_else(String::new, |(topic, _)| topic.clone());
                Err(self.failed(topic, NotPublished::NotAcknowledged))
            }
        }
    }

    /// Takes the broker's answers.
    fn look(&mut self) -> Result<(), u8> {
        let status = self.connected.look();
        let mut lost = None;
        for result in status.publishes.iter().rev() {
            let Some((topic, _)) = self.under_way.remove(&result.token) else { continue };
            match &result.outcome {
                PublishOutcome::Sent | PublishOutcome::Acknowledged(_) => self.counts.sent += 1,
                PublishOutcome::Refused(why) => {
                    self.counts.refused += 1;
                    self.failed(topic, NotPublished::Refused(why.clone()));
                }
                PublishOutcome::Lost => lost = Some(topic),
            }
        }
        self.check(&status)?;
        match lost {
            Some(topic) => Err(self.failed(topic, NotPublished::Lost)),
            None => Ok(()),
        }
    }

    /// Ends where there is no connection, or no longer.
    fn check(&self, status: &Status) -> Result<(), u8> {
        if let Some(crash) = &status.crashed {
            return Err(self.report.trouble(&Trouble::Session(Some(crash.clone()))));
        }
        match &status.failure {
            Some(failure) => Err(self.report.failure(failure)),
            None => Ok(()),
        }
    }

    fn failed(&self, topic: String, why: NotPublished) -> u8 {
        self.report.trouble(&Trouble::Publish { topic, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_as_far_apart_as_they_were_over_the_pace() {
        let mut schedule = Schedule { pace: Some(10.0), start: None };
        let first = schedule.due(Timestamp(5_000_000));
        assert_eq!(schedule.due(Timestamp(6_000_000)) - first, Duration::from_millis(100));
        let again = schedule.due(Timestamp(0));
        assert!(again <= Instant::now(), "a clock that was set back makes nobody wait");
        assert_eq!(schedule.due(Timestamp(10_000_000)) - again, Duration::from_secs(1));
    }

    #[test]
    fn a_pace_is_a_number_or_as_fast_as_it_goes() {
        assert_eq!(pace("max"), Ok(None));
        assert_eq!(pace("0.1x"), Ok(Some(0.1)));
        for wrong in ["0", "-1", "fast", "nan", "1e9"] {
            assert!(pace(wrong).is_err(), "{wrong}");
        }
    }
}
