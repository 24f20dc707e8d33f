//! What a link is asked for: the subscriptions of a new connection first, then what the handle queued, and DISCONNECT
//! when the connection is no longer wanted.

use std::collections::{HashMap, VecDeque};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use tokio::sync::{mpsc, watch};

use crate::mqtt::link::{Accept, PublishOutcome, Request};
use crate::mqtt::options::Subscription;
use crate::session::inbox::narrator;
use crate::session::shared::Shared;
use crate::session::wish::{Queued, Wish};

/// More filters are not unsubscribed from at the next connect; a person does not remove so many in one breath.
const FORGOTTEN_MAX: usize = 1_024;

/// A publish that a link took and the broker has not answered.
pub(super) struct Unanswered {
    pub topic: String,
    /// When it was asked for.
    pub since: Instant,
}

/// One per session, for one link after the other.
pub(super) struct Requests {
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Queued>,
    wish: watch::Receiver<Wish>,
    /// What is to be sent because the connection is new.
    first: VecDeque<Request>,
    /// Filters that were unsubscribed from and that the broker has not confirmed: a session that it kept may still have
    /// them.
    forgotten: Vec<String>,
    /// By their tokens.
    unanswered: HashMap<u64, Unanswered>,
    disconnecting: bool,
}

impl Requests {
    pub(super) fn new(
        shared: Arc<Shared>,
        queue: mpsc::Receiver<Queued>,
        wish: watch::Receiver<Wish>,
    ) -> Self {
        Self {
            shared,
            queue,
            wish,
            first: VecDeque::new(),
            forgotten: Vec::new(),
            unanswered: HashMap::new(),
            disconnecting: false,
        }
    }

    /// A link begins: nothing of the one before counts.
    pub(super) fn begin_link(&mut self) {
        self.first.clear();
        self.disconnecting = false;
    }

    /// A link ended. What it took has an answer to come only if the next one may go on with the session.
    pub(super) fn end_link(&mut self, may_go_on: bool) {
        if !may_go_on {
            self.lose_unanswered();
        }
        self.refuse_queued();
    }

    /// CONNACK came. The session goes on, or what was sent before has no answer to come.
    pub(super) fn begin_session(&mut self, goes_on: bool) {
        if !goes_on {
            self.lose_unanswered();
        }
        // It was asked for before this connection; subscriptions among it are in the status too.
        self.refuse_queued();
    }

    /// Lines up what is to be sent first on the new connection; in a session that goes on, what is no longer wanted ends.
    pub(super) fn subscribe(&mut self, wanted: &[Subscription], goes_on: bool) {
        let is_known = |filter: &String| wanted.iter().any(|subscription| subscription.filter == *filter);
        self.forgotten.retain(|filter| goes_on && !is_known(filter));
        let off = wanted.iter().filter(|subscription| goes_on && !subscription.enabled);
        let ended = off.map(|subscription| &subscription.filter).chain(&self.forgotten);
        let on = wanted.iter().filter(|subscription| subscription.enabled);
        self.first =
            ended.cloned().map(Request::Unsubscribe).chain(on.cloned().map(Request::Subscribe)).collect();
    }

    /// What is asked for now, if the link accepts it.
    pub(super) fn try_next(&mut self, accept: Accept) -> Option<Request> {
        if self.disconnecting {
            return None;
        }
        if self.is_to_disconnect() {
            return Some(self.next_to_last());
        }
        if accept == Accept::Last {
            return None;
        }
        if let Some(request) = self.first.pop_front() {
            return Some(request);
        }
        let queued = self.queue.try_recv().ok()?;
        Some(self.take(queued))
    }

    /// Waits for a request that the link accepts; for ever once it was asked to disconnect. Dropped at will.
    pub(super) async fn next(&mut self, accept: Accept) -> Request {
        loop {
            if let Some(request) = self.try_next(accept) {
                return request;
            }
            tokio::select! {
                changed = self.wish.changed(), if !self.disconnecting => {
                    if changed.is_err() {
                        return pending().await; // The handle is gone; the worker stops the link.
                    }
                }
                queued = self.queue.recv(), if !self.disconnecting && accept == Accept::Any => match queued {
                    Some(queued) => return self.take(queued),
                    None => return pending().await,
                },
                else => return pending().await,
            }
        }
    }

    /// Answers what is asked for while there is no connection, until dropped.
    pub(super) async fn refuse_all(&mut self) {
        while let Some(queued) = self.queue.recv().await {
            self.refuse(queued);
        }
        // The handle is gone; what comes next is the wish to stop.
        pending::<()>().await;
    }

    /// The broker answered a publish: what it was.
    pub(super) fn answered(&mut self, token: u64) -> Option<Unanswered> {
        self.unanswered.remove(&token)
    }

    /// The broker confirmed that a filter is no longer subscribed to.
    pub(super) fn unsubscribed(&mut self, filter: &str) {
        self.forgotten.retain(|forgotten| forgotten != filter);
    }

    fn is_to_disconnect(&self) -> bool {
        !self.wish.borrow().wants_connection()
    }

    /// DISCONNECT, or what was asked for before it and still has a meaning for the broker.
    fn next_to_last(&mut self) -> Request {
        while let Ok(queued) = self.queue.try_recv() {
            match queued.request {
                Request::Unsubscribe(_) => return self.take(queued),
                _ => self.refuse(queued),
            }
        }
        self.disconnecting = true;
        Request::Disconnect(self.wish.borrow().goodbye.disconnect.clone())
    }

    /// A request goes to the link.
    fn take(&mut self, queued: Queued) -> Request {
        let Queued { request, since } = queued;
        match &request {
            Request::Publish(token, publish) => {
                self.release_room(publish.payload.len());
                self.unanswered.insert(*token, Unanswered { topic: publish.topic.clone(), since });
            }
            Request::Unsubscribe(filter) => self.forget(filter),
            Request::Subscribe(_) | Request::Ping | Request::Disconnect(_) => {}
        }
        request
    }

    /// A request goes nowhere: publishes are answered, subscriptions are in the status and are made at the next connect.
    fn refuse(&mut self, queued: Queued) {
        let Queued { request, since } = queued;
        match request {
            Request::Publish(token, publish) => {
                self.release_room(publish.payload.len());
                let lost = Unanswered { topic: publish.topic, since };
                narrator::published(&self.shared, token, lost, PublishOutcome::Lost);
            }
            Request::Unsubscribe(filter) => self.forget(&filter),
            Request::Subscribe(_) | Request::Ping | Request::Disconnect(_) => {}
        }
    }

    fn refuse_queued(&mut self) {
        while let Ok(queued) = self.queue.try_recv() {
            self.refuse(queued);
        }
    }

    /// What was sent will not be answered any more.
    fn lose_unanswered(&mut self) {
        for (token, lost) in self.unanswered.drain() {
            narrator::published(&self.shared, token, lost, PublishOutcome::Lost);
        }
    }

    /// Remembers a filter that is to be unsubscribed from, until the broker has confirmed it.
    fn forget(&mut self, filter: &str) {
        if self.forgotten.len() < FORGOTTEN_MAX && !self.forgotten.iter().any(|known| known == filter) {
            self.forgotten.push(filter.to_owned());
        }
    }

    /// The payload of a publish no longer waits in the queue.
    fn release_room(&self, payload_bytes: usize) {
        self.shared.numbers.requested_bytes.fetch_sub(payload_bytes as u64, Ordering::Relaxed);
    }
}
