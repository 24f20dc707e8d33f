//! `mqttree replay`: publishes what a recording holds, at its own pace or another.
//!

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgAction, Parser};
use crossbeam_channel::{Receiver, bounded, select};

use crate::cli::connected::Connected;
use crate::cli::connection::{ConnectionArgs, qos};
use crate::cli::recording_value::{Part, PartArgs, open, tell_what_is_missing};
use crate::cli::report::Report;
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable, status};
use crate::interchange::OpenOrigin;
use crate::message::MessageRef;
use crate::mqtt::filter;
use crate::session::replay::{Replay, ReplayPhase, ReplayPlan, ReplayState, ReplayTrouble};
use crate::session::status::Status;
use crate::session::{Goodbye, Sink};
use crate::words::cli::{
    News, NotBegun, NotPublished, RecordingNews, RecordingTrouble, RecordingUsage, Trouble, Usage,
};

/// How long the broker may take to hear goodbye.
const GOODBYE_TIMEOUT: Duration = Duration::from_secs(30);

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
    how: ReplayPlan,
    same_broker: bool,
    quiet: bool,
    debug: bool,
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
    let how = ReplayPlan {
        pace: pace(args.pace.as_deref().unwrap_or("1"))?,
        again: args.again,
        prefix,
        keeps_retain: args.retain.as_deref() != Some("never"),
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
        let excerpt = part.excerpt();
        let opened =
            target.secrets().and_then(|secrets| Connected::open(target.profile.connect, secrets, Nowhere));
        let connected = match opened {
            Ok(connected) => connected,
            Err(why) => return report.trouble(&Trouble::NotBegun { url, why }),
        };
        let run = Run { connected, report, debug };
        let connection = run.connect();
        let (wake, told) = bounded(1);
        let wake = Arc::new(move || {
            // A full channel means that a wake-up is already waiting.
            wake.try_send(()).ok();
        });
        let begun = connection.map(|()| {
            let publisher = run.connected.session.publisher();
            Replay::start(publisher, move || Some(OpenOrigin::Recording(recording)), excerpt, how, wake)
        });
        match begun {
            Ok(Ok(replay)) => run.all(&replay, &told),
            Ok(Err(error)) => {
                report.trouble(&Trouble::NotBegun { url, why: NotBegun::Payloads(error.into()) })
            }
            Err(status) => run.end(status, &ReplayState::default()),
        }
    }
}

/// A replay that runs.
struct Run {
    connected: Connected,
    report: Report,
    debug: bool,
}

impl Run {
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

    /// Waits for the end, and gives the exit status.
    fn all(&self, replay: &Replay, told: &Receiver<()>) -> u8 {
        let mut interrupted = false;
        loop {
            let state = replay.state();
            for (topic, why) in replay.take_refusals() {
                self.failed(topic, why);
            }
            if !state.phase.is_active() {
                let ended = match (state.phase, &state.failure) {
                    // The session knows better why there is no connection.
                    (ReplayPhase::Failed, Some((topic, why))) => match self.check(&self.connected.look()) {
                        Ok(()) => self.failed(topic.clone(), why.clone()),
                        Err(status) => status,
                    },
                    _ => status::DONE,
                };
                return self.end(ended, &state);
            }
            if interrupted {
                select! {
                    recv(told) -> _ => {}
                    recv(self.connected.woken) -> _ => drop(self.connected.look()),
                }
                continue;
            }
            select! {
                recv(told) -> _ => {}
                recv(self.connected.woken) -> _ => drop(self.connected.look()),
                recv(self.connected.interrupted) -> _ => {
                    interrupted = true;
                    replay.stop();
                }
            }
        }
    }

    fn end(&self, status: u8, state: &ReplayState) -> u8 {
        self.connected.finish(Goodbye { grace: GOODBYE_TIMEOUT, ..Goodbye::default() });
        let ReplayState { sent: messages, refused, unsendable, stripped, .. } = *state;
        let news = RecordingNews::Replayed { messages, refused, unsendable, stripped };
        self.report.news(&News::Recording(news));
        if refused > 0 { status::FAILED } else { status }
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

    fn failed(&self, topic: String, why: ReplayTrouble) -> u8 {
        let why = match why {
            ReplayTrouble::Declined(why) => NotPublished::Declined(why),
            ReplayTrouble::Refused(why) => NotPublished::Refused(why),
            ReplayTrouble::NotAcknowledged => NotPublished::NotAcknowledged,
            ReplayTrouble::Lost => NotPublished::Lost,
        };
        self.report.trouble(&Trouble::Publish { topic, why })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pace_is_a_number_or_as_fast_as_it_goes() {
        assert_eq!(pace("max"), Ok(None));
        assert_eq!(pace("0.1x"), Ok(Some(0.1)));
        for wrong in ["0", "-1", "fast", "nan", "1e9"] {
            assert!(pace(wrong).is_err(), "{wrong}");
        }
    }
}
