//! Records what happens on a link, in the status that the window reads and in the connection log.

use std::sync::atomic::Ordering;
use std::time::Instant;

use crate::message::QoS;
use crate::mqtt::failure::Failure;
use crate::mqtt::link::{Connected, PublishOutcome, Rejection};
use crate::mqtt::options::{ConnectOptions, MqttVersion, Subscription, VersionChoice};
use crate::mqtt::step::{StepOutcome, TakenStep};
use crate::mqtt::wire::TlsInfo;
use crate::session::clock;
use crate::session::connection_log::{LogEvent, Welcome};
use crate::session::inbox::requests::Unanswered;
use crate::session::shared::Shared;
use crate::session::status::{ConnectionState, Grant, PublishResult, Security, SubscriptionState};

/// Records a step on the way to CONNACK, if there is something in it that a person should know.
pub(super) fn step(shared: &Shared, taken: Box<TakenStep>) {
    match &taken.outcome {
        StepOutcome::Warning(_) => shared.log(LogEvent::Warned(taken)),
        StepOutcome::Ok | StepOutcome::Failed { .. } | StepOutcome::Skipped(_) => {
            log::debug!("{:?}: {:?} after {:?}", taken.step, taken.outcome, taken.took);
        }
    }
}

/// Records that an older version of MQTT is tried.
pub(super) fn fallback(shared: &Shared, from: MqttVersion, to: MqttVersion, failure: Failure) {
    shared.log(LogEvent::Fallback { from, to, failure });
}

/// Records that CONNACK was positive, at this time. Returns the subscriptions that are wanted.
pub(super) fn connected(
    shared: &Shared,
    options: &ConnectOptions,
    client_id: &str,
    connected: &Connected,
    since: Instant,
) -> Vec<Subscription> {
    let Connected { version, tls, session_present, server, found, .. } = connected;
    let version = *version;
    let client_id = server.assigned_client_id.as_deref().unwrap_or(client_id).to_owned();
    let welcome = Welcome {
        url: options.url(),
        version,
        tls: tls.clone(),
        client_id: client_id.clone(),
        session_present: *session_present,
    };
    let at = clock::now();
    shared.update(|status| {
        status.state = ConnectionState::Connected { since, version, security: security(tls.as_ref()) };
        status.connects += 1;
        status.client_id = client_id;
        status.tls.clone_from(tls);
        status.fell_back = options.version == VersionChoice::Auto && version != MqttVersion::V5;
        status.found = found.or(status.found);
        status.failure = None;
        status.log(at, LogEvent::Connected(Box::new(welcome)));
        let restrictions = server.restrictions();
        if !restrictions.is_empty() {
            status.log(at, LogEvent::Restricted(restrictions));
        }
        if let Some(text) = server.reason_string.as_ref().filter(|text| !text.is_empty()) {
            status.log(at, LogEvent::BrokerSays(text.clone()));
        }
        status.subscriptions.iter_mut().for_each(SubscriptionState::begin);
        status.subscriptions.iter().map(|state| state.wanted.clone()).collect()
    })
}

/// Records that the broker owes an answer and has been silent since `since`.
pub(super) fn not_answering(shared: &Shared, since: Instant) {
    shared.update(|status| {
        if let Some((version, security)) = status.state.spoken() {
            status.state = ConnectionState::NotAnswering { since, version, security };
            status.log(clock::now(), LogEvent::NotAnswering { after: since.elapsed() });
        }
    });
}

/// Records that a silent broker answers again, on the connection made at `connected_at`.
pub(super) fn answering(shared: &Shared, connected_at: Option<Instant>) {
    shared.update(|status| {
        if let (ConnectionState::NotAnswering { since, version, security }, Some(at)) =
            (&status.state, connected_at)
        {
            let after = since.elapsed();
            status.state = ConnectionState::Connected { since: at, version: *version, security: *security };
            status.log(clock::now(), LogEvent::AnsweringAgain { after });
        }
    });
}

fn security(tls: Option<&TlsInfo>) -> Security {
    match tls {
        None => Security::Plain,
        Some(tls) if tls.verified => Security::Verified,
        Some(_) => Security::Unverified,
    }
}

/// Records the broker's answer to a subscription, or why it was not asked.
pub(super) fn subscribed(shared: &Shared, filter: String, asked: QoS, granted: Result<QoS, Rejection>) {
    shared.update(|status| {
        let is_wanted =
            |state: &&mut SubscriptionState| state.wanted.enabled && state.wanted.filter == filter;
        let Some(state) = status.subscriptions.iter_mut().find(is_wanted) else {
            return; // Unsubscribed or turned off meanwhile.
        };
        if state.wanted.qos != asked {
            return; // Changed meanwhile: the answer to that is yet to come.
        }
        state.grant = granted.clone().map_or_else(Grant::Refused, Grant::Granted);
        let event = match granted {
            Ok(granted) => LogEvent::Subscribed { filter, asked, granted },
            Err(why) => LogEvent::SubscribeRefused { filter, why },
        };
        status.log(clock::now(), event);
    });
}

/// Records the broker's answer to the end of a subscription, or why it was not asked.
pub(super) fn unsubscribed(shared: &Shared, filter: String, done: Result<(), Rejection>) {
    shared.log(match done {
        Ok(()) => LogEvent::Unsubscribed { filter },
        Err(why) => LogEvent::UnsubscribeRefused { filter, why },
    });
}

/// Records that a publish was answered, or never will be.
pub(super) fn published(shared: &Shared, token: u64, asked: Unanswered, outcome: PublishOutcome) {
    let Unanswered { topic, since } = asked;
    let (at, took) = (clock::now(), since.elapsed());
    if matches!(outcome, PublishOutcome::Sent | PublishOutcome::Acknowledged(_)) {
        shared.numbers.sent.fetch_add(1, Ordering::Relaxed);
    }
    shared.update(|status| {
        let (event_topic, event_outcome) = (topic.clone(), outcome.clone());
        status.log(at, LogEvent::Published { topic: event_topic, outcome: event_outcome, took });
        status.published(PublishResult { token, topic, outcome, took, at });
    });
}
