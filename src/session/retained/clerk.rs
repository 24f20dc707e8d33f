//! The thread of the desk: what it is asked for, one order after the other, and how it lists.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use crossbeam_channel::{Receiver, RecvTimeoutError};

use crate::message::QoS;
use crate::mqtt::options::Subscription;
use crate::session::retained::collector::RetainedListing;
use crate::session::retained::{
    Desk, DeskOrder, KeepCleared, QOS_CHUNK, QUIET, RetainedMessage, RetainedOutcome, RetainedPhase,
    SHOW_EVERY, TICK,
};
use crate::session::status::Grant;
use crate::session::{Declined, Session};

/// Why work was interrupted.
pub(super) enum Halt {
    /// The connection is gone: it goes on after the next one.
    Lost,
    /// A person stopped it.
    Stopped,
    /// The handle is gone.
    Ended,
}

/// What one clear took, and the filter under which it was found.
pub(super) struct ClearedBatch {
    pub(super) filter: String,
    pub(super) messages: Vec<Arc<RetainedMessage>>,
}

/// Carries out orders.
pub(super) struct Clerk {
    pub(super) desk: Arc<Desk>,
    pub(super) session: Session,
    pub(super) subscription: Subscription,
    pub(super) queue: Receiver<DeskOrder>,
    pub(super) keep: KeepCleared,
    pub(super) cleared: Vec<ClearedBatch>,
    /// The connection for which the list was made.
    pub(super) connects: u32,
    pub(super) alive: Receiver<()>,
}

impl Clerk {
    /// A clerk with nothing cleared yet.
    pub(super) fn new(
        desk: Arc<Desk>,
        session: Session,
        subscription: Subscription,
        queue: Receiver<DeskOrder>,
        keep: KeepCleared,
        alive: Receiver<()>,
    ) -> Self {
        Self { desk, session, subscription, queue, keep, cleared: Vec::new(), connects: 0, alive }
    }

    /// Lists, then takes orders until the handle is gone.
    pub(super) fn run(mut self) {
        let mut order = Some(DeskOrder::List(self.subscription.filter.clone()));
        loop {
            let done = match order.take() {
                Some(DeskOrder::List(filter)) => {
                    self.desk.state.lock().outcome = None;
                    self.look_below(&filter);
                    self.list_until_complete()
                }
                Some(DeskOrder::Clear(topics, per_second)) => self.clear(&topics, per_second),
                Some(DeskOrder::PutBack(per_second)) => self.put_back(per_second),
                Some(DeskOrder::Copy(order)) => self.copy(&order),
                Some(DeskOrder::Fetch(topics)) => self.fetch(&topics),
                None => Ok(()),
            };
            if matches!(done, Err(Halt::Ended)) {
                return;
            }
            order = match self.queue.recv() {
                Ok(order) => Some(order),
                Err(_) => return,
            };
            self.desk.stopping.store(false, Ordering::Relaxed);
        }
    }

    /// Lists, and begins anew for as long as the connection is lost meanwhile.
    pub(super) fn list_until_complete(&mut self) -> Result<(), Halt> {
        loop {
            match self.list() {
                Err(Halt::Lost) => {}
                done => return done,
            }
        }
    }

    /// Lists what matches another filter from now on.
    pub(super) fn look_below(&mut self, filter: &str) {
        if self.subscription.filter == filter {
            return;
        }
        if let Err(why) = self.session.unsubscribe(&self.subscription.filter) {
            log::warn!("the list of retained messages stays subscribed: {why:?}");
        }
        filter.clone_into(&mut self.subscription.filter);
        self.desk.state.lock().filter = filter.into();
    }

    fn list(&mut self) -> Result<(), Halt> {
        self.list_as(&RetainedPhase::Listing)
    }

    /// Asks the broker for everything and waits until nothing more comes.
    pub(super) fn list_as(&mut self, phase: &RetainedPhase) -> Result<(), Halt> {
        self.await_connection()?;
        *self.desk.listing.lock() =
            RetainedListing { last: Some(Instant::now()), ..RetainedListing::default() };
        if self.session.subscribe(&self.subscription).is_err() {
            return Err(Halt::Lost);
        }
        self.set(phase.clone());
        let mut shown = Instant::now();
        loop {
            self.pause()?;
            self.check_connection()?;
            let status = self.session.status();
            let grant = status.subscriptions.iter().find(|known| known.wanted == self.subscription);
            match grant.map(|known| &known.grant) {
                Some(Grant::Granted(_)) => {}
                Some(Grant::Refused(why)) => {
                    self.set(RetainedPhase::Refused(why.clone()));
                    return Err(Halt::Stopped);
                }
                _ => {
                    self.desk.listing.lock().last = Some(Instant::now());
                    continue;
                }
            }
            if shown.elapsed() >= SHOW_EVERY && *phase == RetainedPhase::Listing {
                self.show();
                shown = Instant::now();
            }
            if self.desk.listing.lock().last.is_some_and(|last| last.elapsed() >= QUIET) {
                self.show();
                self.set(RetainedPhase::Listed);
                return Ok(());
            }
        }
    }

    /// The messages of these topics with the QoS at which they were published.
    pub(super) fn learn(&mut self, topics: &[String]) -> Result<Vec<Arc<RetainedMessage>>, Halt> {
        let mut known: BTreeMap<String, QoS> = BTreeMap::new();
        for chunk in topics.chunks(QOS_CHUNK) {
            loop {
                self.set(RetainedPhase::Preparing(known.len(), topics.len()));
                match self.learn_chunk(chunk) {
                    Ok(learned) => {
                        known.extend(learned);
                        break;
                    }
                    // Everything is sent again at a new connection, at QoS 0, and must not be taken for an answer.
                    Err(Halt::Lost) => self.list_until_complete()?,
                    Err(Halt::Stopped) => {
                        self.end(RetainedOutcome::Stopped(0, topics.len()));
                        return Err(Halt::Stopped);
                    }
                    Err(Halt::Ended) => return Err(Halt::Ended),
                }
            }
        }
        let listing = self.desk.listing.lock();
        let found = topics.iter().filter_map(|topic| listing.found.get(topic));
        let with_qos = |message: &RetainedMessage| {
            Arc::new(RetainedMessage { qos: known.get(&message.topic).copied(), ..message.clone() })
        };
        Ok(found.map(with_qos).collect())
    }

    fn learn_chunk(&mut self, topics: &[String]) -> Result<BTreeMap<String, QoS>, Halt> {
        self.await_connection()?;
        {
            let mut listing = self.desk.listing.lock();
            listing.asked = topics.iter().cloned().collect();
            listing.learned.clear();
            listing.last = Some(Instant::now());
        }
        for topic in topics {
            self.insist(|session| session.subscribe(&Subscription::new(topic.clone(), QoS::ExactlyOnce)))?;
        }
        loop {
            self.pause()?;
            self.check_connection()?;
            let listing = self.desk.listing.lock();
            if listing.asked.is_empty() || listing.last.is_some_and(|last| last.elapsed() >= 3 * QUIET) {
                break;
            }
        }
        for topic in topics {
            self.insist(|session| session.unsubscribe(topic))?;
        }
        Ok(std::mem::take(&mut self.desk.listing.lock().learned))
    }

    /// Repeats a request for as long as the queue is full.
    pub(super) fn insist(&mut self, ask: impl Fn(&Session) -> Result<(), Declined>) -> Result<(), Halt> {
        loop {
            match ask(&self.session) {
                Ok(()) => return Ok(()),
                Err(Declined::Busy) => self.pause()?,
                Err(_) => return Err(Halt::Lost),
            }
        }
    }

    pub(super) fn still_retained(&self, chosen: &HashSet<&str>) -> Vec<String> {
        let listing = self.desk.listing.lock();
        listing.found.keys().filter(|topic| chosen.contains(topic.as_str())).cloned().collect()
    }

    pub(super) fn await_connection(&mut self) -> Result<(), Halt> {
        loop {
            let status = self.session.status();
            if status.state.is_connected() {
                self.connects = status.connects;
                return Ok(());
            }
            self.set(RetainedPhase::Waiting(status.failure.clone().map(Box::new)));
            self.pause()?;
            if self.desk.stopping.load(Ordering::Relaxed) {
                return Err(Halt::Stopped);
            }
        }
    }

    /// Whether the connection is still the one that was there at the beginning.
    pub(super) fn check_connection(&self) -> Result<(), Halt> {
        let status = self.session.status();
        let is_same = status.state.is_connected() && status.connects == self.connects;
        if is_same { Ok(()) } else { Err(Halt::Lost) }
    }

    /// Waits for a tick.
    pub(super) fn pause(&self) -> Result<(), Halt> {
        match self.alive.recv_timeout(TICK) {
            Ok(()) | Err(RecvTimeoutError::Timeout) => Ok(()),
            Err(RecvTimeoutError::Disconnected) => Err(Halt::Ended),
        }
    }

    pub(super) fn set(&self, phase: RetainedPhase) {
        let mut state = self.desk.state.lock();
        if state.phase != phase {
            state.phase = phase;
            drop(state);
            (self.desk.wake)();
        }
    }

    pub(super) fn end(&self, outcome: RetainedOutcome) {
        let mut state = self.desk.state.lock();
        state.outcome = Some(Arc::new(outcome));
        state.undoable = self.cleared.last().map_or(0, |batch| batch.messages.len());
        state.phase = RetainedPhase::Listed;
        drop(state);
        (self.desk.wake)();
    }

    /// Hands the list on.
    fn show(&self) {
        let listing = self.desk.listing.lock();
        let messages = listing.found.values().cloned().map(Arc::new).collect();
        let is_cut = listing.is_cut;
        drop(listing);
        let mut state = self.desk.state.lock();
        (state.messages, state.is_cut) = (Arc::new(messages), is_cut);
        state.version += 1;
        drop(state);
        (self.desk.wake)();
    }
}
