//! Carries out the steps of a sequence on an open session.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use crossbeam_channel::{Receiver, select};

use crate::automation::arrivals::{ArrivedMessage, subscription};
use crate::mqtt::filter::disjoint;
use crate::mqtt::options::Subscription;
use crate::mqtt::publish::Publish;
use crate::sequence::{Sequence, SequenceRun, StepFailure, Todo};
use crate::session::connection_log::Crash;
use crate::session::status::{Failure, Grant, PublishOutcome, Rejection, Status};
use crate::session::{Declined, Session, clock};

/// How many messages are taken before a look at everything else.
const ARRIVALS_AT_ONCE: usize = 1_024;

/// Why a sequence did not run to its end. `S` is what stopped it.
#[derive(Clone, Debug)]
pub enum Unfinished<S> {
    /// There was no connection.
    NoConnection(Box<Failure>),
    /// The session ended by a mistake of ours.
    Crashed(Crash),
    /// The broker refused a subscription.
    Refused {
        /// The filter.
        filter: String,
        /// Why.
        why: Rejection,
    },
    /// A person or the system stopped it; `None`: who would have is gone.
    Stopped(Option<S>),
}

/// A session to perform on, and what tells of it.
#[derive(Clone, Copy)]
pub struct Performance<'a, S> {
    /// The session, subscribed as [`subscriptions`] says.
    pub session: &'a Session,
    /// Gives its status; later changes fire `woken`.
    pub look: &'a dyn Fn() -> Arc<Status>,
    /// Fires when the status has changed since the last look.
    pub woken: &'a Receiver<()>,
    /// Fires when the sequence is to stop.
    pub stop: &'a Receiver<S>,
    /// What comes.
    pub arriving: &'a Receiver<ArrivedMessage>,
}

impl<S> std::fmt::Debug for Performance<'_, S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Performance").finish_non_exhaustive()
    }
}

/// What a session has to subscribe to for a sequence.
pub fn subscriptions(sequence: &Sequence) -> Vec<Subscription> {
    disjoint(sequence.filters()).into_iter().map(subscription).collect()
}

/// The variables of the connection, as far as the file does not set them itself, and those that were given.
pub fn variables_of(
    sequence: &Sequence,
    connection: &[(String, String)],
    given: &BTreeMap<String, String>,
) -> BTreeMap<String, String> {
    let own = connection.iter().filter(|(name, _)| !sequence.variables.contains_key(name)).cloned();
    own.chain(given.clone()).collect()
}

impl<S> Performance<'_, S> {
    /// Waits until everything is subscribed to, then does all steps. `tell` is called after each of them, and sometimes
    /// in between.
    pub fn run(
        &self,
        run: &mut SequenceRun,
        mut tell: impl FnMut(&SequenceRun),
    ) -> Result<(), Unfinished<S>> {
        self.until_subscribed()?;
        Steps { on: self, began: Instant::now(), token: None }.all(run, &mut tell)
    }

    fn until_subscribed(&self) -> Result<(), Unfinished<S>> {
        loop {
            let status = (self.look)();
            if let Some(failure) = &status.failure {
                return Err(Unfinished::NoConnection(Box::new(failure.clone())));
            }
            if let Some(crash) = &status.crashed {
                return Err(Unfinished::Crashed(crash.clone()));
            }
            for state in &status.subscriptions {
                if let Grant::Refused(why) = &state.grant {
                    let filter = state.wanted.filter.clone();
                    return Err(Unfinished::Refused { filter, why: why.clone() });
                }
            }
            if status.state.is_connected()
                && status.subscriptions.iter().all(|state| state.grant != Grant::Pending)
            {
                return Ok(());
            }
            select! {
                recv(self.woken) -> _ => {}
                recv(self.stop) -> why => return Err(Unfinished::Stopped(why.ok())),
            }
        }
    }
}

/// A run that is under way.
struct Steps<'a, S> {
    on: &'a Performance<'a, S>,
    began: Instant,
    /// The number of the publish whose answer is waited for.
    token: Option<u64>,
}

impl<S> Steps<'_, S> {
    fn all(
        &mut self,
        run: &mut SequenceRun,
        tell: &mut impl FnMut(&SequenceRun),
    ) -> Result<(), Unfinished<S>> {
        loop {
            for arrived in self.on.arriving.try_iter().take(ARRIVALS_AT_ONCE) {
                run.arrived(arrived.message());
            }
            self.look(run);
            let todo = run.next(self.began.elapsed(), clock::now());
            tell(run);
            match todo {
                Todo::Nothing => return Ok(()),
                Todo::Publish(publish) => self.publish(run, *publish),
                Todo::WaitUntil(at) => select! {
                    recv(self.on.arriving) -> arrived => match arrived {
                        Ok(arrived) => run.arrived(arrived.message()),
                        Err(_) => run.break_off(self.began.elapsed(), StepFailure::NotConnected),
                    },
                    recv(self.on.woken) -> _ => {}
                    recv(self.on.stop) -> why => return Err(Unfinished::Stopped(why.ok())),
                    default(at.saturating_sub(self.began.elapsed())) => {}
                },
            }
        }
    }

    /// Tells the run what became of its publish, and of the connection.
    fn look(&mut self, run: &mut SequenceRun) {
        let status = (self.on.look)();
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
        match self.on.session.publish(publish) {
            Ok(token) => self.token = Some(token),
            Err(Declined::Publish(why)) => {
                run.published(self.began.elapsed(), Err(StepFailure::Unpublishable(why)));
            }
            Err(_) => run.break_off(self.began.elapsed(), StepFailure::NotConnected),
        }
    }
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
