//! The requests to a link: first the subscriptions of a new connection, then what the handle queued, and DISCONNECT
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
use crate::session::unsubscribe;
use crate::session::wish::{Queued, Wish};

/// How many removed filters are remembered, to be unsubscribed from at the next connect. No person removes more in one
/// go.
const FORGOTTEN_MAX: usize = 1_024;

/// A publish that a link took and the broker has not answered.
pub(super) struct Unanswered {
    pub topic: String,
    /// When it was asked for.
    pub since: Instant,
}

/// The requests of a session, for one link after another.
pub(super) struct Requests {
    shared: Arc<Shared>,
    queue: mpsc::Receiver<Queued>,
    wish: watch::Receiver<Wish>,
    /// Requests to send first because the connection is new.
    first: VecDeque<Request>,
    /// Filters whose UNSUBSCRIBE the broker has not confirmed: a session that it kept may still hold them.
    forgotten: Vec<String>,
    /// Unanswered publishes, by token.
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

    /// Prepares for a new link, forgetting what was meant for the previous one.
    pub(super) fn begin_link(&mut self) {
        self.first.clear();
        self.disconnecting = false;
    }

    /// Cleans up after a link. What it took can still be answered only if the next link may go on with the session.
    pub(super) fn end_link(&mut self, may_go_on: bool) {
        if !may_go_on {
            self.lose_unanswered();
        }
        self.refuse_queued();
    }

    /// Called at CONNACK. Unless the session goes on, nothing sent before will be answered.
    pub(super) fn begin_session(&mut self, goes_on: bool) {
        if !goes_on {
            self.lose_unanswered();
        }
        // All of it was requested before this connection; the subscriptions are in the status as well.
        self.refuse_queued();
    }

    /// Lines up what to send first on the new connection. In a session that goes on, that includes unsubscribing from
    /// what is no longer wanted.
    pub(super) fn subscribe(&mut self, wanted: &[Subscription], goes_on: bool) {
        let is_known = |filter: &String| wanted.iter().any(|subscription| subscription.filter == *filter);
        self.forgotten.retain(|filter| goes_on && !is_known(filter));
        let off = wanted.iter().filter(|subscription| goes_on && !subscription.enabled);
        let ended = off.map(|subscription| &subscription.filter).chain(&self.forgotten);
        let on = wanted.iter().filter(|subscription| subscription.enabled);
        let ended = ended.cloned().map(unsubscribe);
        self.first = ended.chain(on.cloned().map(Request::Subscribe)).collect();
    }

    /// The next request, if there is one that the link accepts.
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

    /// Waits for a request that the link accepts, or for ever once it was asked to disconnect. Safe to drop at any
    /// time.
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

    /// Refuses requests while there is no connection; runs until dropped.
    pub(super) async fn refuse_all(&mut self) {
        while let Some(queued) = self.queue.recv().await {
            self.refuse(queued);
        }
        // The handle is gone; what comes next is the wish to stop.
        pending::<()>().await;
    }

    /// Takes out the publish that the broker answered.
    pub(super) fn answered(&mut self, token: u64) -> Option<Unanswered> {
        self.unanswered.remove(&token)
    }

    /// Called when the broker confirmed an UNSUBSCRIBE.
    pub(super) fn unsubscribed(&mut self, filter: &str) {
        self.forgotten.retain(|forgotten| forgotten != filter);
    }

    fn is_to_disconnect(&self) -> bool {
        !self.wish.borrow().wants_connection()
    }

    /// DISCONNECT, or an earlier request that still matters to the broker.
    fn next_to_last(&mut self) -> Request {
        while let Ok(queued) = self.queue.try_recv() {
            match queued.request {
                Request::Unsubscribe { .. } => return self.take(queued),
                _ => self.refuse(queued),
            }
        }
        self.disconnecting = true;
        Request::Disconnect(self.wish.borrow().goodbye.disconnect.clone())
    }

    /// Hands a request to the link.
    fn take(&mut self, queued: Queued) -> Request {
        let Queued { request, since } = queued;
        match &request {
            Request::Publish(token, publish) => {
                self.release_room(publish.payload.len());
                self.unanswered.insert(*token, Unanswered { topic: publish.topic.clone(), since });
            }
            Request::Unsubscribe { filter, .. } => self.forget(filter),
            Request::Subscribe(_) | Request::Ping | Request::Disconnect(_) => {}
        }
        request
    }

    /// Drops a request: a publish is answered as not sent; a subscription is in the status and is made at the next
    /// connect.
    fn refuse(&mut self, queued: Queued) {
        let Queued { request, since } = queued;
        match request {
            Request::Publish(token, publish) => {
                self.release_room(publish.payload.len());
                let lost = Unanswered { topic: publish.topic, since };
                narrator::published(&self.shared, token, lost, PublishOutcome::Lost);
            }
            Request::Unsubscribe { filter, .. } => self.forget(&filter),
            Request::Subscribe(_) | Request::Ping | Request::Disconnect(_) => {}
        }
    }

    fn refuse_queued(&mut self) {
        while let Ok(queued) = self.queue.try_recv() {
            self.refuse(queued);
        }
    }

    /// Reports everything sent and unanswered as lost.
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

    /// Frees the room that the payload of a publish took in the queue.
    fn release_room(&self, payload_bytes: usize) {
        self.shared.numbers.requested_bytes.fetch_sub(payload_bytes as u64, Ordering::Relaxed);
    }
}
