//! The worker thread: keeps a connection for as long as the person wants one.
//!
//! It opens a link, pumps it until it ends, and opens a new one after a pause that grows from 0.5 to 30 s, for ever.
//! There is an exception: a broker that refuses the user name and password of a first connection is not tried again
//! automatically, because brokers lock accounts for that. After a successful connection such a refusal is treated like
//! any other, because restarting brokers refuse everybody while they load their users.
//!
//! When the model cannot keep up, the worker stops reading; pings and publishes are still sent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::mqtt::check::{check, hints};
use crate::mqtt::failure::{Cause, Failure, Hint, ProgramCause};
use crate::mqtt::link::{Ended, Link, Memory, Then};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::mqtt::step::Step;
use crate::session::backoff::Backoff;
use crate::session::clock;
use crate::session::connection_log::{Halt, LogEvent};
use crate::session::inbox::Inbox;
use crate::session::shared::Shared;
use crate::session::status::ConnectionState;
use crate::session::wish::Wish;

/// A connection that ended sooner does not reset the pause between attempts: otherwise two clients with the same ID
/// would take the session from each other twice a second.
const STABLE_AFTER: Duration = Duration::from_secs(5);

/// Everything that the worker thread owns.
pub(super) struct Worker {
    pub(super) options: ConnectOptions,
    pub(super) secrets: Secrets,
    pub(super) client_id: String,
    pub(super) shared: Arc<Shared>,
    pub(super) wish: watch::Receiver<Wish>,
    pub(super) inbox: Inbox,
    /// The client's side of the MQTT session, and the version that the broker speaks.
    pub(super) memory: Memory,
}

/// What is remembered from one attempt to the next.
#[derive(Default)]
struct History {
    backoff: Backoff,
    /// Failures since the last connection.
    failed: u32,
    ever_connected: bool,
    /// Set when attempts stopped: the value of [`Wish::hurry`] at that time.
    halted: Option<u64>,
}

impl Worker {
    /// Runs until the handle asks it to stop or is dropped.
    pub(super) async fn run(mut self) {
        let mut history = History::default();
        self.warn();
        while self.is_wanted(&history).await {
            if let Some(failure) = self.problem() {
                self.fail(failure);
                history.halted = Some(self.wish.borrow().hurry);
                continue;
            }
            self.set_state(ConnectionState::Connecting { attempt: history.failed + 1 });
            self.shared.log(LogEvent::Connecting { url: self.options.url() });
            let ended = self.attempt().await;
            self.inbox.end_link(ended.then);
            if self.inbox.batcher.is_gone() {
                break;
            }
            if self.after(ended, &mut history) {
                self.pause(&mut history).await;
            }
        }
        self.set_state(ConnectionState::Disconnected);
    }

    /// Why the options cannot work, if so. They are never tried: the person changes them and opens another session.
    fn problem(&self) -> Option<Failure> {
        check(&self.options).first().map(|problem| {
            let step = Step::Session(self.options.url());
            Failure::new(step, Cause::Option(Box::new(problem.clone())), Hint::EditConnection)
        })
    }

    /// Logs which options have no effect or may surprise.
    fn warn(&self) {
        for hint in hints(&self.options) {
            self.shared.log(LogEvent::Noted(hint));
        }
        let ConnectOptions { version, username, .. } = &self.options;
        if !version.allows_5() && username.is_empty() && !self.secrets.password.is_empty() {
            self.shared.log(LogEvent::PasswordNotSent);
        }
    }

    /// Waits until a connection is wanted; returns `false` if the worker is to end instead.
    async fn is_wanted(&mut self, history: &History) -> bool {
        loop {
            let wish = *self.wish.borrow_and_update();
            if wish.stop {
                return false;
            }
            if wish.connect && history.halted.is_none_or(|hurry| hurry != wish.hurry) {
                return true;
            }
            self.set_state(ConnectionState::Disconnected);
            tokio::select! {
                changed = self.wish.changed() => if changed.is_err() { return false },
                () = self.inbox.refuse_requests() => {}
            }
        }
    }

    /// Runs one link until it ends or is no longer wanted.
    async fn attempt(&mut self) -> Ended {
        self.inbox.begin_link();
        let mut wish = self.wish.clone();
        let shared = self.shared.clone();
        let unwanted = async {
            // An error means that the handle is gone, which also ends the link.
            let grace = match wish.wait_for(|wish| !wish.wants_connection()).await {
                Ok(wish) => wish.grace,
                Err(_) => Wish::default().grace,
            };
            if shared.is_connected() {
                // If the handle is dropped meanwhile, the usual grace is enough.
                let stop = wish.wait_for(|wish| wish.stop);
                if tokio::time::timeout(grace, stop).await.is_ok() {
                    tokio::time::sleep(Wish::default().grace).await;
                }
            }
        };
        let ended = {
            let Self { options, secrets, client_id, inbox, memory, .. } = self;
            let link = pump(Link::new(options, client_id, secrets, memory), inbox);
            tokio::select! {
                ended = link => ended,
                () = unwanted => ended(options, ProgramCause::Disconnected),
            }
        };
        // The link may have been dropped with messages that were read but not passed on.
        self.inbox.batcher.flush().await;
        if self.wish.borrow().wants_connection() {
            return ended;
        }
        // However it ended, the person wanted it to: there is no failure to report and no pause before the next try.
        if ended.then != Then::Stop {
            log::debug!("while disconnecting: {:?}", ended.failure);
        }
        Ended { then: Then::Stop, ..ended }
    }

    /// Decides what to do after a link ended; returns `true` to try again after a pause.
    fn after(&mut self, ended: Ended, history: &mut History) -> bool {
        let Ended { then, failure } = ended;
        if let Some(since) = self.inbox.connected_at() {
            history.ever_connected = true;
            history.failed = 0;
            if since.elapsed() >= STABLE_AFTER {
                history.backoff.reset();
            }
        }
        match then {
            Then::Stop => {
                self.shared.log(LogEvent::Disconnected { url: self.options.url() });
                return false;
            }
            Then::RetryCredentials if !history.ever_connected => {
                return self.halt(failure, Halt::Credentials, history);
            }
            Then::Halt if !history.ever_connected => {
                return self.halt(failure, Halt::FailsAgain, history);
            }
            Then::Retry | Then::RetryCredentials | Then::Halt => {}
        }
        history.failed += 1;
        self.fail(failure);
        true
    }

    /// Stops trying until the person asks for it. Returns `false`, as there is no next attempt.
    fn halt(&self, failure: Failure, why: Halt, history: &mut History) -> bool {
        self.fail(failure);
        self.shared.log(LogEvent::Halted(why));
        history.halted = Some(self.wish.borrow().hurry);
        false
    }

    /// Waits before the next attempt, unless the person asks to connect now or to disconnect.
    async fn pause(&mut self, history: &mut History) {
        let pause = history.backoff.pause();
        let at = Instant::now() + pause;
        self.set_state(ConnectionState::Reconnecting { at, failed: history.failed });
        self.shared.log(LogEvent::NextAttempt { after: pause });
        let before = self.wish.borrow().hurry;
        tokio::select! {
            () = tokio::time::sleep_until(at.into()) => {}
            _ = self.wish.wait_for(|wish| !wish.wants_connection() || wish.hurry != before) => {}
            () = self.inbox.refuse_requests() => {}
        }
    }

    fn set_state(&self, state: ConnectionState) {
        self.shared.update(|status| {
            if status.state.is_connected() && !state.is_connected() {
                status.note_loss(clock::now());
            }
            status.state = state;
        });
    }

    fn fail(&self, failure: Failure) {
        self.shared.update(|status| {
            let at = clock::now();
            status.log(at, LogEvent::Failed(failure.clone()));
            if let Some(hint) = failure.hint {
                status.log(at, LogEvent::Advice { step: failure.step.clone(), hint });
            }
            status.failure = Some(failure);
        });
    }
}

/// Runs a link to its end.
async fn pump(mut link: Link<'_>, inbox: &mut Inbox) -> Ended {
    loop {
        inbox.batcher.begin_step();
        if let Err(ended) = link.next(inbox).await {
            return ended;
        }
        inbox.batcher.end_step();
        if inbox.batcher.is_gone() {
            return ended(link.options(), ProgramCause::IngestEnded);
        }
    }
}

/// An end that the program itself caused.
fn ended(options: &ConnectOptions, cause: ProgramCause) -> Ended {
    Ended { then: Then::Stop, failure: Failure::new(Step::Session(options.url()), cause, None) }
}
