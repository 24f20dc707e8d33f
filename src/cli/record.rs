//! `mqttree record`: writes what arrives into a recording, without a window.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use clap::{ArgAction, Parser};
use crossbeam_channel::{Receiver, after, never, select, tick};

use crate::VERSION;
use crate::cli::connected::Connected;
use crate::cli::connection::ConnectionArgs;
use crate::cli::recording_value::{duration, size};
use crate::cli::report::Report;
use crate::cli::target::{Client, Target};
use crate::cli::{Environment, Unusable, status};
use crate::message::MessageRef;
use crate::recording::failure::RecordFailure;
use crate::recording::{Facts, RecordOptions, Recorder, RecordingProgress};
use crate::session::status::{ConnectionState, Grant, Status};
use crate::session::{Goodbye, Sink};
use crate::words::cli::{News, RecordingNews, RecordingTrouble, RecordingUsage, Trouble, Usage};
use crate::words::{self, Language};

/// How often the size and the state of the disk are looked at.
const LOOK_PAUSE: Duration = Duration::from_millis(200);
/// How long the disk may take for what is left.
const PATIENCE: Duration = Duration::from_mins(1);

const EXAMPLES: &str = "\
Examples:
  mqttree record -h example.org -t '#' -o monday          everything, until Ctrl-C
  mqttree record --profile factory -o line3 --max-time 8h   a shift
  mqttree record -h example.org -t 'a/#' -o a --keep 20G    the last 20 GB, for ever

A folder that holds a recording already is continued. What the disk cannot take is marked as a gap and counted.
mqttree info, export and replay read what was recorded; mqttree info FOLDER says what it is.

Exit status: 0 done, also at Ctrl-C; 1 refused or failed; 2 wrong usage.";

/// Record what arrives into a folder.
#[derive(Debug, Default, Parser)]
#[command(
    version,
    args_override_self = true,
    disable_help_flag = true,
    disable_version_flag = true,
    after_help = EXAMPLES,
    max_term_width = 100
)]
pub(super) struct RecordArgs {
    /// Topic filter to subscribe to; may be repeated
    #[arg(short, long = "topic", value_name = "FILTER")]
    topic: Vec<String>,
    /// QoS of the subscriptions: 0, 1 or 2
    #[arg(short, long, value_name = "QOS")]
    qos: Option<String>,
    /// Folder to record into
    #[arg(short = 'o', long = "output", value_name = "FOLDER")]
    folder: Option<PathBuf>,

    /// End when so much was written, as in 500M or 10G
    #[arg(long, value_name = "SIZE")]
    max_size: Option<String>,
    /// End after this long, as in 90, 10m or 2h
    #[arg(long, value_name = "TIME")]
    max_time: Option<String>,
    /// Begin another file at this size; 1G if not given
    #[arg(long, value_name = "SIZE")]
    split: Option<String>,
    /// Remove the oldest files when all together are larger than this
    #[arg(long, value_name = "SIZE")]
    keep: Option<String>,
    /// Stop while less than this is free on the disk; 256M if not given
    #[arg(long, value_name = "SIZE")]
    leave_free: Option<String>,

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

/// What `mqttree record` was asked to do.
#[derive(Debug)]
pub struct Plan {
    target: Target,
    options: RecordOptions,
    max_bytes: Option<u64>,
    max_time: Option<Duration>,
    quiet: bool,
    debug: bool,
}

/// What the arguments mean.
pub(super) fn plan(args: RecordArgs, environment: &Environment) -> Result<Plan, Unusable> {
    let mut target = Target::find(&args.connection, args.profile.as_deref(), Client::Own, environment)?;
    target.choose_filters(&args.topic, args.qos.as_deref())?;
    if target.profile.connect.subscriptions.iter().all(|subscription| !subscription.enabled) {
        return Err(Usage::NoFilter.into());
    }
    if let Some(property) = target.properties.first() {
        return Err(property.not_of_command(&["connect", "will"]).into());
    }
    target.check()?;
    let folder = args.folder.ok_or(Usage::Recording(RecordingUsage::NoFolder))?;
    let connect = &target.profile.connect;
    let facts = Facts {
        program: format!("mqttree {VERSION}"),
        name: target.profile.name.clone(),
        url: connect.url(),
        client_id: connect.client_id.clone(),
        filters: connect.subscriptions.iter().map(|subscription| subscription.filter.clone()).collect(),
        snapshot: None,
    };
    let optional = |option, text: &Option<String>| text.as_deref().map(|text| size(option, text)).transpose();
    let usual = RecordOptions::new(folder, facts);
    let options = RecordOptions {
        segment_bytes_max: optional("--split", &args.split)?.unwrap_or(usual.segment_bytes_max),
        budget_bytes: optional("--keep", &args.keep)?,
        free_bytes_min: optional("--leave-free", &args.leave_free)?.unwrap_or(usual.free_bytes_min),
        // There is no window to keep going: what the disk cannot take in time, the broker keeps meanwhile.
        waits: true,
        ..usual
    };
    Ok(Plan {
        target,
        options,
        max_bytes: optional("--max-size", &args.max_size)?,
        max_time: args.max_time.as_deref().map(|text| duration("--max-time", text)).transpose()?,
        quiet: args.quiet,
        debug: args.debug,
    })
}

/// The recorder takes the batches as they are; nobody else wants the messages.
struct Nowhere;

impl Sink for Nowhere {
    fn message(&mut self, _message: MessageRef<'_>, _packet_id: u16) {}

    fn idle(&mut self) {}
}

impl Plan {
    /// Records until the end that was asked for, and gives the exit status.
    pub(super) fn run(self) -> u8 {
        let Self { target, options, max_bytes, max_time, quiet, debug } = self;
        let report = Report { quiet };
        let url = target.profile.connect.url();
        let secrets = match target.secrets() {
            Ok(secrets) => secrets,
            Err(why) => return report.trouble(&Trouble::NotBegun { url, why }),
        };
        let recorder = match Recorder::start(options) {
            Ok(recorder) => recorder,
            Err(failure) => return report.trouble(&Trouble::Recording(RecordingTrouble::Record(failure))),
        };
        let folder = recorder.folder().to_owned();
        let opened = Connected::open_recording(target.profile.connect, secrets, Nowhere, recorder);
        let connected = match opened {
            Ok(connected) => connected,
            Err(why) => return report.trouble(&Trouble::NotBegun { url, why }),
        };
        let Some(recorder) = connected.session.recorder() else { return status::FAILED };
        let mut run = Run {
            connected,
            recorder,
            report,
            folder,
            debug,
            connects: 0,
            failed: 0,
            lost: false,
            answered: false,
            failure: None,
        };
        let status = run.until_the_end(max_bytes, max_time);
        run.finish(status)
    }
}

/// A recording that runs.
struct Run {
    connected: Connected,
    recorder: Arc<Recorder>,
    report: Report,
    folder: PathBuf,
    debug: bool,
    /// Connections that were seen.
    connects: u32,
    /// Failed attempts that were told since the last connection.
    failed: u32,
    lost: bool,
    answered: bool,
    /// Why the disk takes nothing, as it was told.
    failure: Option<RecordFailure>,
}

impl Run {
    fn until_the_end(&mut self, max_bytes: Option<u64>, max_time: Option<Duration>) -> u8 {
        let ticks = tick(LOOK_PAUSE);
        let mut deadline: Receiver<Instant> = never();
        loop {
            select! {
                recv(self.connected.interrupted) -> _ => return status::DONE,
                recv(deadline) -> _ => return status::DONE,
                recv(ticks) -> _ => {
                    let progress = self.recorder.progress();
                    self.tell_of_the_disk(&progress);
                    if max_bytes.is_some_and(|max| progress.bytes >= max) || progress.ended {
                        return status::DONE;
                    }
                }
                recv(self.connected.woken) -> _ => {
                    let first = self.connects == 0;
                    let status = self.connected.look();
                    if let Some(status) = self.look(&status) {
                        return status;
                    }
                    if let (true, Some(length)) = (first && self.connects > 0, max_time) {
                        deadline = after(length);
                    }
                }
            }
        }
    }

    /// Tells what changed; gives the exit status if that is the end.
    fn look(&mut self, status: &Status) -> Option<u8> {
        if let Some(crash) = &status.crashed {
            return Some(self.report.trouble(&Trouble::Session(Some(crash.clone()))));
        }
        if status.connects > self.connects {
            let url = self.connected.session.options().url();
            if self.connects > 0 {
                self.report.news(&News::ConnectedAgain { url });
            } else if self.debug {
                self.report.news(&News::Connected { url });
                self.news(RecordingNews::Began { folder: self.folder.clone() });
            }
            (self.connects, self.failed, self.lost, self.answered) = (status.connects, 0, false, false);
        }
        if status.state.is_connected() {
            return self.answers(status);
        }
        match &status.failure {
            Some(failure) if self.connects == 0 => Some(self.report.failure(failure)),
            _ => {
                self.tell_of_loss(status);
                None
            }
        }
    }

    /// The broker's answers to the subscriptions, once all are there.
    fn answers(&mut self, status: &Status) -> Option<u8> {
        let asked = || status.subscriptions.iter().filter(|state| state.wanted.enabled);
        if self.answered || asked().any(|state| state.grant == Grant::Pending) {
            return None;
        }
        self.answered = true;
        let mut refused = 0;
        for state in asked() {
            if let Grant::Refused(why) = &state.grant {
                refused += 1;
                let filter = state.wanted.filter.clone();
                self.report.trouble(&Trouble::Subscribe { filter, why: why.clone() });
            }
        }
        (refused > 0 && refused == asked().count()).then_some(status::FAILED)
    }

    fn tell_of_loss(&mut self, status: &Status) {
        let ConnectionState::Reconnecting { at, failed } = status.state else { return };
        if std::mem::replace(&mut self.lost, true) && failed == self.failed {
            return;
        }
        self.failed = failed;
        let seconds = at.saturating_duration_since(Instant::now()).as_secs_f64();
        if let Some(failure) = &status.failure {
            let failure = words::failure_line(failure, Language::English);
            self.report.news(&News::Lost { failure, seconds });
        }
    }

    fn tell_of_the_disk(&mut self, progress: &RecordingProgress) {
        if progress.failure.is_some() == self.failure.is_some() {
            return;
        }
        self.failure.clone_from(&progress.failure);
        self.news(match &progress.failure {
            Some(failure) => RecordingNews::Stopped(failure.clone()),
            None => RecordingNews::GoesOn { missing: progress.missing },
        });
    }

    fn news(&self, news: RecordingNews) {
        self.report.news(&News::Recording(news));
    }

    /// Disconnects, waits until everything is on disk, and says what there is.
    fn finish(self, status: u8) -> u8 {
        self.connected.finish(Goodbye::default());
        let Self { connected, recorder, report, folder, .. } = self;
        drop(connected); // what it still had is with the recorder now
        if !recorder.finish(PATIENCE) {
            return report.trouble(&Trouble::Recording(RecordingTrouble::Unfinished { folder }));
        }
        let RecordingProgress { messages, bytes, missing, failure, .. } = recorder.progress();
        report.news(&News::Recording(RecordingNews::Ended { folder, messages, bytes, missing }));
        match failure {
            Some(failure) => report.trouble(&Trouble::Recording(RecordingTrouble::Record(failure))),
            None => status,
        }
    }
}
