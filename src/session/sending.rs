//! Many messages at a pace: a message that repeats, or those of a file. A thread of its own sends them, whatever the window
//! does.
//!
//! The pace is kept over time: a message that was late does not put off the next one. After a pause of the machine or of
//! the connection nothing is made up for.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};
use parking_lot::Mutex;

use crate::mqtt::publish::Publish;
use crate::session::{Declined, SessionPublisher, Wake};

/// How far the pace may fall behind before it starts anew.
const BEHIND_MAX: Duration = Duration::from_secs(1);
/// How soon a message is tried again that was declined for a reason that passes.
const RETRY: Duration = Duration::from_millis(2);
/// How soon it is looked again whether there is a connection.
const LOOK: Duration = Duration::from_millis(50);
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(500);

/// What comes next.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "it is made once for each message and taken apart at once")]
pub enum NextMessage<E> {
    /// This message; the part of the whole that is read by now, if there is a whole.
    Publish(Publish, Option<f32>),
    /// Nothing more.
    End,
    /// There is no next message because of this.
    Broken(E),
}

/// Makes the messages: called with the number of each, from 1.
pub type MessageSource<E> = Box<dyn FnMut(u64) -> NextMessage<E> + Send>;

/// How a sending stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SendingPhase {
    /// Messages go out.
    Running,
    /// There is no connection; it goes on by itself.
    Waiting,
    /// All were sent.
    Finished,
    /// A person stopped it.
    Stopped,
    /// A message could not be made or sent.
    Failed,
}

impl SendingPhase {
    /// Whether it may still send something.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Running | Self::Waiting)
    }
}

/// What a sending has done.
#[derive(Clone, Debug)]
pub struct SendingState<E> {
    /// How it stands.
    pub phase: SendingPhase,
    /// How many messages were handed to the connection.
    pub sent: u64,
    /// How many there will be, if that is known.
    pub total: Option<u64>,
    /// The part of the whole that is done, from 0 to 1, if there is a whole.
    pub part: Option<f32>,
    /// Messages a second, measured over the last half second at least; over all of it once it has ended.
    pub per_second: f64,
    /// Why a message could not be made.
    pub broken: Option<E>,
    /// Why a message could not be sent.
    pub declined: Option<Declined>,
}

/// How messages are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SendingPlan {
    /// The time from one message to the next.
    pub every: Duration,
    /// How many; `None`: until it is stopped or there are no more.
    pub count: Option<u64>,
}

/// The handle. Dropping it stops the sending; nothing waits for that.
#[derive(Debug)]
pub struct Sending<E> {
    state: Arc<Mutex<SendingState<E>>>,
    /// Nothing is sent through it: it closes when the handle goes.
    alive: Option<Sender<()>>,
}

impl<E: Clone + Send + 'static> Sending<E> {
    /// Starts to send. `wake` is called when there is something new to show.
    ///
    /// # Errors
    ///
    /// If the system starts no thread.
    pub fn start(
        publisher: SessionPublisher,
        plan: SendingPlan,
        source: MessageSource<E>,
        wake: Wake,
    ) -> std::io::Result<Self> {
        let state = Arc::new(Mutex::new(SendingState {
            phase: SendingPhase::Running,
            sent: 0,
            total: plan.count,
            part: None,
            per_second: 0.0,
            broken: None,
            declined: None,
        }));
        let (alive, ended) = crossbeam_channel::bounded(0);
        let now = Instant::now();
        let mut run = Run {
            publisher,
            plan,
            source,
            state: Arc::clone(&state),
            ended,
            wake,
            told: (now, 0),
            began: now,
        };
        std::thread::Builder::new().name("mqtt-sending".to_owned()).spawn(move || run.run())?;
        Ok(Self { state, alive: Some(alive) })
    }

    /// What it has done so far.
    pub fn state(&self) -> SendingState<E> {
        self.state.lock().clone()
    }

    /// Stops it.
    pub fn stop(&mut self) {
        self.alive = None;
    }
}

struct Run<E> {
    publisher: SessionPublisher,
    plan: SendingPlan,
    source: MessageSource<E>,
    state: Arc<Mutex<SendingState<E>>>,
    ended: Receiver<()>,
    wake: Wake,
    /// When progress was last told, and how many were sent by then.
    told: (Instant, u64),
    began: Instant,
}

/// Why a message was not handed over.
enum Halt {
    Stopped,
    Declined(Declined),
}

impl<E: Clone> Run<E> {
    fn run(&mut self) {
        let phase = self.send_all();
        let mut state = self.state.lock();
        state.phase = phase;
        let seconds = self.began.elapsed().as_secs_f64();
        state.per_second = if seconds > 0.0 { state.sent as f64 / seconds } else { 0.0 };
        if phase == SendingPhase::Finished {
            state.part = Some(1.0);
        }
        drop(state);
        (self.wake)();
    }

    fn send_all(&mut self) -> SendingPhase {
        let mut due = Instant::now();
        for number in 1.. {
            if self.plan.count.is_some_and(|count| number > count) {
                return SendingPhase::Finished;
            }
            if self.is_stopped_until(due) {
                return SendingPhase::Stopped;
            }
            let (publish, part) = match (self.source)(number) {
                NextMessage::Publish(publish, part) => (publish, part),
                NextMessage::End => return SendingPhase::Finished,
                NextMessage::Broken(why) => {
                    self.state.lock().broken = Some(why);
                    return SendingPhase::Failed;
                }
            };
            match self.hand_over(&publish) {
                Ok(()) => self.tell(number, part),
                Err(Halt::Stopped) => return SendingPhase::Stopped,
                Err(Halt::Declined(why)) => {
                    self.state.lock().declined = Some(why);
                    return SendingPhase::Failed;
                }
            }
            due += self.plan.every;
            let now = Instant::now();
            if now.saturating_duration_since(due) > BEHIND_MAX {
                due = now;
            }
        }
        SendingPhase::Finished
    }

    /// Waits for a moment. Returns whether it was stopped before.
    fn is_stopped_until(&self, due: Instant) -> bool {
        matches!(self.ended.recv_deadline(due), Err(RecvTimeoutError::Disconnected))
    }

    /// Hands a message to the connection, as soon as that takes it.
    fn hand_over(&self, publish: &Publish) -> Result<(), Halt> {
        loop {
            let pause = match self.publisher.publish(publish.clone()) {
                Ok(_) => {
                    self.set_phase(SendingPhase::Running);
                    return Ok(());
                }
                Err(Declined::Busy) => RETRY,
                Err(Declined::NotConnected) => {
                    self.set_phase(SendingPhase::Waiting);
                    LOOK
                }
                Err(Declined::Ended) => return Err(Halt::Stopped),
                Err(why) => return Err(Halt::Declined(why)),
            };
            if self.is_stopped_until(Instant::now() + pause) {
                return Err(Halt::Stopped);
            }
        }
    }

    fn set_phase(&self, phase: SendingPhase) {
        let mut state = self.state.lock();
        if state.phase != phase {
            state.phase = phase;
            drop(state);
            (self.wake)();
        }
    }

    fn tell(&mut self, sent: u64, part: Option<f32>) {
        let mut state = self.state.lock();
        state.sent = sent;
        let total = state.total.filter(|total| *total > 0);
        state.part = part.or_else(|| total.map(|total| sent as f32 / total as f32));
        let (at, before) = self.told;
        let elapsed = at.elapsed();
        if elapsed >= TELL_EVERY {
            state.per_second = (sent - before) as f64 / elapsed.as_secs_f64();
            self.told = (Instant::now(), sent);
            drop(state);
            (self.wake)();
        }
    }
}
