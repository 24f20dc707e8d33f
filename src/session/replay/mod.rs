//! Publishes messages again that came before, at their own pace or another: a recording, or what memory holds.
//!
//! One thread reads them, another publishes. What was read waits in a queue of few messages. A message goes out when its
//! time has come and fewer than `UNDER_WAY_MAX` wait for the broker's answer. A lost connection ends a replay: what
//! the broker has of it is unknown then.

mod plan;
mod run;

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::thread::Builder;

use crossbeam_channel::{Sender, bounded};
use parking_lot::Mutex;

pub use crate::session::replay::plan::ReplayPlan;

use crate::interchange::{Excerpt, OpenOrigin};
use crate::message::Timestamp;
use crate::mqtt::publish::Publish;
use crate::recording::Found;
use crate::session::replay::run::Run;
use crate::session::status::{PUBLISH_RESULTS_MAX, Rejection};
use crate::session::{Declined, SessionPublisher, Wake};

/// How many messages are under way at once: fewer than answers are kept, so that none is missed.
const UNDER_WAY_MAX: usize = PUBLISH_RESULTS_MAX / 2;
/// Messages that are read ahead.
const READ_AHEAD: usize = 1_024;
/// Orders that wait; a person gives no more.
const ORDERS_MAX: usize = 64;
/// Refusals that are kept one by one.
const REFUSALS_MAX: usize = 100;

/// How a replay stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplayPhase {
    /// Messages go out.
    #[default]
    Running,
    /// A person paused it.
    Paused,
    /// All were sent.
    Finished,
    /// A person stopped it.
    Stopped,
    /// It cannot go on.
    Failed,
}

impl ReplayPhase {
    /// Whether it may still send something.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Paused)
    }
}

/// Why a message is not known to have arrived.
#[derive(Clone, Debug)]
pub enum ReplayTrouble {
    /// The session did not take it.
    Declined(Declined),
    /// The broker refused it.
    Refused(Rejection),
    /// The broker did not answer in time.
    NotAcknowledged,
    /// The connection was lost before the answer.
    Lost,
}

/// What a replay has done.
#[derive(Clone, Debug, Default)]
pub struct ReplayState {
    /// How it stands.
    pub phase: ReplayPhase,
    /// Messages that the broker has.
    pub sent: u64,
    /// Messages that the broker refused.
    pub refused: u64,
    /// Messages with a topic that cannot be published to.
    pub unsendable: u64,
    /// Messages that were sent without their properties.
    pub stripped: u64,
    /// Messages that were not held whole any more.
    pub cut: u64,
    /// How often it has begun again.
    pub rounds: u64,
    /// Messages a second, of late.
    pub per_second: f64,
    /// Refusals that nobody has taken yet, up to a bound: topic and reason.
    pub refusals: Vec<(String, ReplayTrouble)>,
    /// What ended it: topic and reason.
    pub failure: Option<(String, ReplayTrouble)>,
}

impl ReplayState {
    /// How many messages it is done with.
    pub fn done(&self) -> u64 {
        self.sent + self.refused + self.unsendable + self.cut
    }
}

/// What the reader hands over.
enum Read {
    /// A message, and when it came.
    Publish(Timestamp, Box<Publish>),
    /// A message that cannot be published.
    Unsendable,
    /// So many messages were not held whole.
    Cut(u64),
    /// It begins again.
    Again,
}

/// What a person wants of a running replay.
enum Order {
    Pause,
    Resume,
    Stop,
}

/// A replay. Dropping it stops it; nothing waits for that.
#[derive(Debug)]
pub struct Replay {
    state: Arc<Mutex<ReplayState>>,
    orders: Sender<Order>,
}

impl Replay {
    /// Starts to replay an excerpt of what `origin` opens, on the thread that reads, to the session of `publisher`. `wake` is called when there is something new to show.
    ///
    /// # Errors
    ///
    /// If the system starts no thread.
    pub fn start(
        publisher: SessionPublisher,
        origin: impl FnOnce() -> Option<OpenOrigin> + Send + 'static,
        excerpt: Excerpt,
        plan: ReplayPlan,
        wake: Wake,
    ) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(ReplayState::default()));
        let (orders, given) = bounded(ORDERS_MAX);
        let (sender, messages) = bounded(READ_AHEAD);
        let pace = plan.pace;
        Builder::new().name("replay-reader".to_owned()).spawn(move || {
            if let Some(origin) = origin() {
                read(&origin, &excerpt, &plan, &sender);
            }
        })?;
        let run = Run::new(publisher, pace, Arc::clone(&state), given, wake);
        Builder::new().name("replay".to_owned()).spawn(move || run.run(&messages))?;
        Ok(Self { state, orders })
    }

    /// What it has done so far.
    pub fn state(&self) -> ReplayState {
        self.state.lock().clone()
    }

    /// Takes the refusals that came since the last call.
    pub fn take_refusals(&self) -> Vec<(String, ReplayTrouble)> {
        std::mem::take(&mut self.state.lock().refusals)
    }

    /// Sends nothing more until [`Replay::resume`].
    pub fn pause(&self) {
        self.order(Order::Pause);
    }

    /// Goes on.
    pub fn resume(&self) {
        self.order(Order::Resume);
    }

    /// Ends it.
    pub fn stop(&self) {
        self.order(Order::Stop);
    }

    fn order(&self, order: Order) {
        // An ended replay takes none.
        self.orders.try_send(order).ok();
    }
}

/// Reads the messages, again and again if that is wanted, until nobody takes what is read.
fn read(origin: &OpenOrigin, excerpt: &Excerpt, plan: &ReplayPlan, sender: &Sender<Read>) {
    loop {
        let mut any = false;
        let ended = origin.walk(excerpt, |found| {
            let Found::Message(message) = found else { return ControlFlow::Continue(()) };
            any = true;
            let read = plan
                .publish(message)
                .map_or(Read::Unsendable, |publish| Read::Publish(message.arrived, Box::new(publish)));
            if sender.send(read).is_err() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let ControlFlow::Continue(walked) = ended else { return };
        if walked.cut > 0 && sender.send(Read::Cut(walked.cut)).is_err() {
            return;
        }
        if !plan.again || !any || sender.send(Read::Again).is_err() {
            return;
        }
    }
}
