//! `mqttree test`: runs sequence files against a broker and says which steps passed.

mod args;
mod junit;

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::time::Instant;

use crate::automation::{self, MessageChannel, Performance, Unfinished};
use crate::cli::connected::Connected;
use crate::cli::report::Report;
pub(super) use crate::cli::sequences::args::{TestArgs, plan};
use crate::cli::sequences::junit::Suite;
use crate::cli::status;
use crate::cli::target::Target;
use crate::mqtt::options::Secrets;
use crate::mqtt::packet::Disconnect;
use crate::sequence::{Sequence, SequenceRun, StepState};
use crate::session::Goodbye;
use crate::session::signals::Interruption;
use crate::store::SecretStore;
use crate::words::cli::{SequenceLine, Trouble, sequence_line};

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
        let connection = self.target.variables(SecretStore::from_env());
        let mut suites = Vec::new();
        let mut interrupted = false;
        for (file, sequence) in &self.sequences {
            let name = file.display().to_string();
            self.say(&mut out, &SequenceLine::File(sequence.name.as_deref().unwrap_or(&name)));
            let variables = automation::variables_of(sequence, &connection, &self.variables);
            let mut run = SequenceRun::new(sequence.clone(), variables, fastrand::u64(..));
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
        options.subscriptions = automation::subscriptions(run.sequence());
        let url = options.url();
        let (arrivals, arriving) = MessageChannel::new();
        let connected = Connected::open(options, secrets, arrivals).map_err(|why| {
            report.trouble(&Trouble::NotBegun { url, why });
            Stopped::NotBegun
        })?;
        let mut told = 0;
        let on = Performance {
            session: &connected.session,
            look: &|| connected.look(),
            woken: &connected.woken,
            stop: &connected.interrupted,
            arriving: &arriving,
        };
        let ended = on.run(run, |run| self.tell(run, &mut told, out)).map_err(|why| reported(why, report));
        let mut goodbye = match ended {
            Err(Stopped::Interrupted(end)) => connected.session.goodbye_at(end),
            Ok(()) | Err(Stopped::NotBegun) => Goodbye::default(),
        };
        let reason = goodbye.disconnect.reason;
        goodbye.disconnect = Disconnect { reason, ..self.disconnect.clone() };
        drop(arriving);
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

/// Reports why a sequence did not run to its end.
fn reported(why: Unfinished<Interruption>, report: Report) -> Stopped {
    match why {
        Unfinished::Stopped(end) => return Stopped::Interrupted(end.unwrap_or(Interruption::Terminate)),
        Unfinished::NoConnection(failure) => {
            report.failure(&failure);
        }
        Unfinished::Crashed(crash) => {
            report.trouble(&Trouble::Session(Some(crash)));
        }
        Unfinished::Refused { filter, why } => {
            report.trouble(&Trouble::Subscribe { filter, why });
        }
    }
    Stopped::NotBegun
}
