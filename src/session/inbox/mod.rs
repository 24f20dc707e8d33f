//! The worker's side of a link: puts messages into batches and events into the status, and takes requests from the queue.

mod batcher;
mod narrator;
mod requests;

use std::future::pending;
use std::sync::Arc;
use std::time::Instant;

use tokio::sync::{mpsc, watch};

use crate::message::Flags;
use crate::mqtt::link::{Accept, Connected, Event, Exchange, PublishOutcome, Received, Request, Then};
use crate::mqtt::options::ConnectOptions;
use crate::mqtt::trace::PacketRecord;
use crate::session::channel::Sender;
use crate::session::inbox::batcher::Batcher;
use crate::session::inbox::requests::Requests;
use crate::session::shared::Shared;
use crate::session::sink::Gate;
use crate::session::status::SubscriptionState;
use crate::session::wish::{Queued, Wish};

/// The session's end of its links; there is one per session, lent to one link after another.
pub(super) struct Inbox {
    options: ConnectOptions,
    /// The client ID that is sent.
    client_id: String,
    shared: Arc<Shared>,
    /// Where the messages go.
    pub(super) batcher: Batcher,
    requests: Requests,
    connected_at: Option<Instant>,
    gate: Option<Gate>,
}

impl Inbox {
    pub(super) fn new(
        options: ConnectOptions,
        client_id: String,
        shared: Arc<Shared>,
        sender: Sender,
        queue: mpsc::Receiver<Queued>,
        wish: watch::Receiver<Wish>,
    ) -> Self {
        Self {
            options,
            client_id,
            batcher: Batcher::new(shared.clone(), sender),
            requests: Requests::new(shared.clone(), queue, wish),
            shared,
            connected_at: None,
            gate: None,
        }
    }

    /// Asks this gate which messages to acknowledge.
    pub(super) fn with_gate(self, gate: Option<Gate>) -> Self {
        Self { gate, ..self }
    }

    /// Prepares for a new link, forgetting the state of the previous one.
    pub(super) fn begin_link(&mut self) {
        self.requests.begin_link();
        self.connected_at = None;
    }

    /// Cleans up after a link: no subscription is granted any more, and no answer will come unless the broker keeps the
    /// session and the next link continues it.
    pub(super) fn end_link(&mut self, then: Then) {
        self.requests.end_link(!self.options.clean_session && then != Then::Stop);
        self.shared.update(|status| status.subscriptions.iter_mut().for_each(SubscriptionState::begin));
    }

    /// Since when the current link is connected.
    pub(super) fn connected_at(&self) -> Option<Instant> {
        self.connected_at
    }

    /// Refuses requests while there is no connection; runs until dropped.
    pub(super) async fn refuse_requests(&mut self) {
        self.requests.refuse_all().await;
    }

    fn connected(&mut self, connected: &Connected) {
        let now = Instant::now();
        self.connected_at = Some(now);
        self.requests.begin_session(connected.goes_on);
        let wanted = narrator::connected(&self.shared, &self.options, &self.client_id, connected, now);
        self.requests.subscribe(&wanted, connected.goes_on);
    }

    fn published(&mut self, token: u64, outcome: PublishOutcome) {
        let Some(asked) = self.requests.answered(token) else { return };
        narrator::published(&self.shared, token, asked, outcome);
    }
}

impl Exchange for Inbox {
    #[inline]
    fn message(&mut self, message: Received<'_>) {
        self.batcher.push(message);
    }

    #[inline]
    fn acknowledges(&mut self, topic: &[u8], flags: Flags) -> bool {
        self.gate.as_mut().is_none_or(|gate| gate(topic, flags))
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Step(step) => narrator::step(&self.shared, step),
            Event::Fallback { from, to, failure } => narrator::fallback(&self.shared, from, to, failure),
            Event::Connected(connected) => self.connected(&connected),
            Event::Subscribed { filter, asked, granted } => {
                narrator::subscribed(&self.shared, filter, asked, granted);
            }
            Event::Unsubscribed { filter, done } => {
                self.requests.unsubscribed(&filter);
                narrator::unsubscribed(&self.shared, filter, done);
            }
            Event::NotAnswering { since } => narrator::not_answering(&self.shared, since),
            Event::Answering => narrator::answering(&self.shared, self.connected_at),
            Event::Pong { .. } => {} // A session asks for none.
            Event::Published { token, outcome } => self.published(token, outcome),
        }
    }

    #[inline]
    fn packet(&mut self, record: impl FnOnce() -> PacketRecord) {
        if self.shared.packet_log.is_on() {
            self.shared.packet_log.record(record());
            self.shared.wake();
        }
    }

    fn settle(&mut self, idle: bool) -> bool {
        self.batcher.settle(idle)
    }

    fn try_next(&mut self, accept: Accept) -> Option<Request> {
        self.requests.try_next(accept)
    }

    async fn next(&mut self, accept: Accept) -> Option<Request> {
        let room = self.batcher.is_held_back().then(|| self.batcher.room());
        let has_room = async {
            match room {
                Some(room) => room.await,
                None => pending().await,
            }
        };
        tokio::select! {
            biased;
            () = has_room => None,
            request = self.requests.next(accept) => Some(request),
        }
    }
}
