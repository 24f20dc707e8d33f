//! Sequences that run beside a session, one after the other, while a person watches.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::Mutex;

use crate::automation::arrivals::MessageChannel;
use crate::automation::steps::{Performance, Unfinished, subscriptions, variables_of};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::sequence::{Sequence, SequenceRun, StepResult};
use crate::session::{Session, Wake, beside};

/// How often steps are shown that follow each other quickly.
const SHOW_EVERY: Duration = Duration::from_millis(50);

/// Where a sequence is.
#[derive(Clone, Debug, Default)]
pub enum SequencePhase {
    /// Others are before it.
    #[default]
    Waiting,
    /// It connects, or its steps are under way.
    Running,
    /// All steps passed, or one failed.
    Ended,
    /// It did not come to its end.
    Unfinished(Box<Unfinished<()>>),
}

/// How a sequence is going.
#[derive(Clone, Debug, Default)]
pub struct SequenceState {
    /// Where it is.
    pub phase: SequencePhase,
    /// How each step went so far.
    pub results: Arc<[StepResult]>,
    /// Whether all steps passed.
    pub passed: bool,
}

/// The handle. Dropping it stops the sequences.
pub struct SequenceThread {
    states: Arc<Mutex<Vec<SequenceState>>>,
    /// Nothing is sent through it: it closes when the handle goes.
    _alive: Sender<()>,
}

impl std::fmt::Debug for SequenceThread {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SequenceThread").finish_non_exhaustive()
    }
}

impl SequenceThread {
    /// Runs these sequences, each on a connection as these options say, under a client ID of its own. `wake` is called
    /// when a state has changed.
    pub fn start(
        options: &ConnectOptions,
        variables: &[(String, String)],
        secrets: Secrets,
        sequences: Vec<Sequence>,
        wake: Wake,
    ) -> io::Result<Self> {
        let waiting = sequences.iter().map(|_| SequenceState::default()).collect();
        let states = Arc::new(Mutex::new(waiting));
        let (held, alive) = bounded(0);
        let player = Player {
            options: options.clone(),
            variables: variables.to_vec(),
            secrets,
            states: Arc::clone(&states),
            alive,
            wake,
        };
        std::thread::Builder::new().name("mqtt-sequence".to_owned()).spawn(move || player.all(sequences))?;
        Ok(Self { states, _alive: held })
    }

    /// The states of all sequences, in order. Cheap enough for once per frame.
    pub fn states(&self) -> Vec<SequenceState> {
        self.states.lock().clone()
    }
}

struct Player {
    options: ConnectOptions,
    variables: Vec<(String, String)>,
    secrets: Secrets,
    states: Arc<Mutex<Vec<SequenceState>>>,
    alive: Receiver<()>,
    wake: Wake,
}

impl Player {
    fn all(self, sequences: Vec<Sequence>) {
        for (index, sequence) in sequences.into_iter().enumerate() {
            let variables = variables_of(&sequence, &self.variables, &std::collections::BTreeMap::new());
            let mut run = SequenceRun::new(sequence, variables, fastrand::u64(..));
            self.show(index, SequencePhase::Running, &run);
            let ended = self.one(index, &mut run);
            let is_stopped = matches!(ended, Err(Unfinished::Stopped(_)));
            let phase = match ended {
                Ok(()) => SequencePhase::Ended,
                Err(why) => SequencePhase::Unfinished(Box::new(why)),
            };
            self.show(index, phase, &run);
            if is_stopped {
                return;
            }
        }
    }

    fn one(&self, index: usize, run: &mut SequenceRun) -> Result<(), Unfinished<()>> {
        let (news, woken) = bounded(1);
        let told = Arc::new(move || {
            // A full channel means that a look is already due.
            news.try_send(()).ok();
        });
        let (arrivals, arriving) = MessageChannel::new();
        let options = beside(&self.options, subscriptions(run.sequence()));
        let session = Session::open_into(options, self.secrets.clone(), arrivals, told);
        let look = || {
            session.looked();
            session.status()
        };
        let on = Performance {
            session: &session,
            look: &look,
            woken: &woken,
            stop: &self.alive,
            arriving: &arriving,
        };
        let mut shown: Option<Instant> = None;
        on.run(run, |run| {
            if shown.is_none_or(|shown| shown.elapsed() >= SHOW_EVERY) {
                shown = Some(Instant::now());
                self.show(index, SequencePhase::Running, run);
            }
        })
    }

    fn show(&self, index: usize, phase: SequencePhase, run: &SequenceRun) {
        if let Some(state) = self.states.lock().get_mut(index) {
            *state = SequenceState { phase, results: run.results().into(), passed: run.has_passed() };
        }
        (self.wake)();
    }
}
