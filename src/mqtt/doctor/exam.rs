//! The questions that the doctor asks a broker over one link.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::message::QoS;
use crate::mqtt::endpoint::Endpoint;
use crate::mqtt::failure::{Cause, Failure, Hint, MqttCause};
use crate::mqtt::link::{Accept, Connected, Ended, Event, Exchange, Received, Rejection, Request, Then};
use crate::mqtt::options::{ConnectOptions, MqttVersion, RetainHandling, Subscription, VersionChoice};
use crate::mqtt::packet::Disconnect;
use crate::mqtt::reason::ReasonCode;
use crate::mqtt::step::{Detail, SkipReason, Step, StepOutcome, StepReport, TakenStep, Warning};
use crate::mqtt::wire;

/// SUBACK codes for a filter that a client may not subscribe to; some brokers give no better reason.
const MAY_BE_THE_ACCESS_RULES: [ReasonCode; 2] = [ReasonCode::NOT_AUTHORIZED, ReasonCode::UNSPECIFIED_ERROR];

/// CONNACK codes that refuse a client ID. A wrong user name or password is not tried twice: brokers lock accounts for
/// that.
const MAY_BE_THE_CLIENT_ID: [ReasonCode; 2] =
    [ReasonCode::CLIENT_IDENTIFIER_NOT_VALID, ReasonCode::NOT_AUTHORIZED];

/// How an exam ended.
pub(super) enum ExamEnd {
    /// Everything was asked, and DISCONNECT was sent.
    Through,
    /// Something failed.
    Failed(Failure),
    /// CONNACK refused this client ID but might accept another one.
    Refused(Failure),
    /// The last question went unanswered.
    Silent,
}

/// What the exam is waiting for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// CONNACK, and everything before it.
    Connack,
    /// This many SUBACKs.
    Subacks(usize),
    /// PINGRESP.
    Pong,
    /// The end of the link.
    Farewell,
}

/// Asks one question after another and reports the answers.
pub(super) struct Exam<'a> {
    report: StepReport<'a>,
    endpoint: Endpoint,
    version: VersionChoice,
    /// Says which client ID is used.
    note: Detail,
    /// Whether the client ID is the profile's, whose session must not change.
    keeps_session: bool,
    subscriptions: Vec<Subscription>,
    patience: Duration,
    phase: Phase,
    /// When the current question was asked.
    since: Instant,
    requests: VecDeque<Request>,
    /// The steps still to come.
    plan: VecDeque<Step>,
    /// The last step that failed.
    failed: Option<Step>,
    messages: u64,
}

impl<'a> Exam<'a> {
    /// An exam with these options; `note` says which client ID it uses.
    pub fn new(options: &ConnectOptions, note: Detail, report: StepReport<'a>) -> Self {
        let endpoint = Endpoint::of(options);
        let mut plan: VecDeque<Step> = wire::plan(options).into();
        plan.push_back(Step::Connect(endpoint.clone()));
        let filters = options.subscriptions.iter().map(|subscription| subscription.filter.clone());
        plan.extend(filters.map(Step::Subscribe));
        plan.extend([Step::Ping, Step::Disconnect]);
        Self {
            report,
            endpoint,
            version: options.version,
            note,
            keeps_session: false,
            subscriptions: options.subscriptions.clone(),
            patience: Duration::from_secs(options.network.connect_timeout_s.into()),
            phase: Phase::Connack,
            since: Instant::now(),
            requests: VecDeque::new(),
            plan,
            failed: None,
            messages: 0,
        }
    }

    /// An exam with the profile's own client ID: it connects and disconnects.
    pub fn with_the_session(options: &ConnectOptions, note: Detail, report: StepReport<'a>) -> Self {
        Self { keeps_session: true, ..Self::new(options, note, report) }
    }

    /// When to stop waiting; `None` if the link keeps the time.
    pub fn deadline(&self) -> Option<Instant> {
        (self.phase != Phase::Connack).then(|| self.since + self.patience)
    }

    /// What the end of the link means.
    pub fn end(&self, ended: Ended) -> ExamEnd {
        let Ended { then, failure } = ended;
        match (self.phase, then) {
            (Phase::Farewell, Then::Stop) => ExamEnd::Through,
            (Phase::Connack, _) if may_be_the_client_id(&failure) => ExamEnd::Refused(failure),
            _ => ExamEnd::Failed(failure),
        }
    }

    /// Reports the end and the steps it prevented.
    pub fn finish(mut self, end: ExamEnd) {
        self.report_end(end, None);
        let reason =
            self.failed.take().map_or(SkipReason::NotReached, |step| SkipReason::After(Box::new(step)));
        for step in std::mem::take(&mut self.plan) {
            (self.report)(TakenStep::skipped(step, reason.clone()));
        }
    }

    /// Reports an end that leads to another exam, announced by `note`.
    pub fn interrupt(mut self, end: ExamEnd, note: Detail) {
        self.report_end(end, Some(note));
    }

    fn report_end(&mut self, end: ExamEnd, note: Option<Detail>) {
        let took = self.since.elapsed();
        let failure = match end {
            ExamEnd::Through => {
                self.done(TakenStep::ok(Step::Disconnect, took));
                return;
            }
            ExamEnd::Failed(failure) | ExamEnd::Refused(failure) => failure,
            ExamEnd::Silent => self.silence(),
        };
        // Failures below MQTT have already been reported, each with its address.
        if self.failed.as_ref().is_some_and(|failed| failed.is_like(&failure.step)) {
            return;
        }
        let mut taken = TakenStep::failed(&failure, took);
        if self.phase == Phase::Connack && matches!(failure.step, Step::Connect(_)) {
            taken.details.push(self.note.clone());
        }
        taken.details.extend(note);
        self.done(taken);
    }

    /// The failure for a question that went unanswered.
    fn silence(&self) -> Failure {
        let step = match self.phase {
            Phase::Connack => Step::Connect(self.endpoint.clone()),
            // The plan begins with the unanswered subscription.
            Phase::Subacks(_) => self.plan.front().cloned().unwrap_or(Step::Ping),
            Phase::Pong => Step::Ping,
            Phase::Farewell => Step::Disconnect,
        };
        let cause = Cause::NoAnswer { within_s: self.patience.as_secs() };
        let hint = match self.messages {
            0 => Hint::BrokerHangsOrLog,
            messages => Hint::NarrowerFilters(messages),
        };
        Failure::new(step, cause, hint)
    }

    /// Reports a step and removes it from the plan, along with every step planned before it.
    fn done(&mut self, taken: TakenStep) {
        let exact = self.plan.iter().position(|planned| *planned == taken.step);
        let alike = || self.plan.iter().position(|planned| planned.is_like(&taken.step));
        if let Some(at) = exact.or_else(alike) {
            self.plan.drain(..=at);
        }
        if taken.is_failed() {
            self.failed = Some(taken.step.clone());
        }
        (self.report)(taken);
    }

    /// Reports that the broker does not seem to speak one version and that another is tried.
    fn fallback(&mut self, from: MqttVersion, to: MqttVersion, failure: &Failure) {
        let outcome = StepOutcome::Warning(Warning::Fallback { from, to, cause: failure.cause.clone() });
        let taken = TakenStep::ok(failure.step.clone(), self.since.elapsed());
        (self.report)(TakenStep { outcome, ..taken });
        self.since = Instant::now();
    }

    fn connected(&mut self, connected: &Connected) {
        let Connected { version, session_present, server, .. } = connected;
        let mut taken = TakenStep::ok(Step::Connect(self.endpoint.clone()), self.since.elapsed());
        if self.version == VersionChoice::Auto && *version != MqttVersion::V5 {
            taken.outcome = StepOutcome::Warning(Warning::OlderVersion(*version));
        }
        taken.details.push(Detail::Version(*version));
        taken.details.push(self.note.clone());
        if *session_present {
            taken.details.push(Detail::SessionPresent);
        }
        taken.details.push(Detail::Server(Box::new(server.clone())));
        self.done(taken);
        if self.keeps_session {
            self.leave_at_once();
        } else {
            self.subscribe();
        }
    }

    /// Disconnects before a message kept by the broker can be taken.
    fn leave_at_once(&mut self) {
        for step in std::mem::take(&mut self.plan) {
            if step == Step::Disconnect {
                self.plan.push_back(step);
            } else {
                (self.report)(TakenStep::skipped(step, SkipReason::KeepsSession));
            }
        }
        self.requests.push_back(Request::Disconnect(Disconnect::default()));
        self.enter(Phase::Farewell);
    }

    /// Subscribes to every filter that does no harm.
    fn subscribe(&mut self) {
        let mut asked = 0;
        for subscription in std::mem::take(&mut self.subscriptions) {
            if subscription.filter.starts_with("$share/") {
                let step = Step::Subscribe(subscription.filter);
                self.done(TakenStep::skipped(step, SkipReason::SharedSubscription));
                continue;
            }
            // The answer is the same without the retained messages, which are not needed here.
            let without = Subscription { retain_handling: RetainHandling::DoNotSend, ..subscription };
            self.requests.push_back(Request::Subscribe(without));
            asked += 1;
        }
        self.enter(Phase::Subacks(asked));
    }

    fn subscribed(&mut self, filter: &str, granted: Result<QoS, Rejection>) {
        let Phase::Subacks(waiting) = self.phase else { return };
        let step = Step::Subscribe(filter.to_owned());
        let took = self.since.elapsed();
        let taken = match granted {
            Ok(qos) => TakenStep::ok(step, took).detail(Detail::Granted(qos)),
            Err(why) => {
                let hint = subscription_hint(&why);
                TakenStep::failed(&Failure::new(step, MqttCause::SubscriptionRefused(why), hint), took)
            }
        };
        // A refused filter stops neither the other filters nor the remaining steps.
        let failed = self.failed.take();
        self.plan.retain(|planned| *planned != taken.step);
        (self.report)(taken);
        self.failed = failed;
        self.enter(Phase::Subacks(waiting.saturating_sub(1)));
    }

    fn pong(&mut self, after: Duration) {
        let mut taken = TakenStep::ok(Step::Ping, after);
        if self.messages > 0 {
            taken.details.push(Detail::MessagesMeanwhile(self.messages));
        }
        self.done(taken);
        self.requests.push_back(Request::Disconnect(Disconnect::default()));
        self.enter(Phase::Farewell);
    }

    /// Moves on to the next question.
    fn enter(&mut self, phase: Phase) {
        let next = match phase {
            Phase::Subacks(0) => {
                self.requests.push_back(Request::Ping);
                Phase::Pong
            }
            phase => phase,
        };
        // The SUBSCRIBE packets go out together, so every answer is timed from then.
        if !(matches!(next, Phase::Subacks(_)) && matches!(self.phase, Phase::Subacks(_))) {
            self.since = Instant::now();
        }
        self.phase = next;
    }
}

impl Exchange for Exam<'_> {
    fn message(&mut self, _: Received<'_>) {
        self.messages += 1;
    }

    fn event(&mut self, event: Event) {
        match event {
            Event::Step(step) => {
                self.done(*step);
                self.since = Instant::now();
            }
            Event::Connected(connected) => self.connected(&connected),
            Event::Subscribed { filter, granted, .. } => self.subscribed(&filter, granted),
            Event::Pong { after } => self.pong(after),
            Event::Fallback { from, to, failure } => self.fallback(from, to, &failure),
            // Each step has its own time limit.
            Event::NotAnswering { .. }
            | Event::Answering
            | Event::Unsubscribed { .. }
            | Event::Published { .. } => {}
        }
    }

    fn settle(&mut self, _: bool) -> bool {
        true // Messages are counted but hold nothing up.
    }

    fn try_next(&mut self, _: Accept) -> Option<Request> {
        self.requests.pop_front()
    }

    async fn next(&mut self, accept: Accept) -> Option<Request> {
        match self.try_next(accept) {
            Some(request) => Some(request),
            // The next question follows an answer, and the link asks again after each.
            None => std::future::pending().await,
        }
    }
}

/// What may help when a subscription was rejected.
fn subscription_hint(why: &Rejection) -> Hint {
    match why {
        Rejection::Broker(reason) if !MAY_BE_THE_ACCESS_RULES.contains(&reason.code) => {
            Hint::Reason(reason.code)
        }
        Rejection::Broker(_) | Rejection::Unexplained => Hint::AccessRules,
        Rejection::PacketTooLarge { .. } => Hint::BrokerPacketSize,
        Rejection::Oversize(_) => Hint::Shorten,
        Rejection::NoPacketIdentifier => Hint::RunAgain,
        Rejection::Publish(_)
        | Rejection::QosMax(_)
        | Rejection::TopicAlias { .. }
        | Rejection::NoRetainedMessages
        | Rejection::NoLocalIsShared
        | Rejection::NoSharedSubscriptions
        | Rejection::NoSubscriptionIdentifiers
        | Rejection::NoWildcards => Hint::EditConnection,
    }
}

/// Whether CONNACK itself refused, possibly because of the client ID.
fn may_be_the_client_id(failure: &Failure) -> bool {
    matches!(
        &failure.cause,
        Cause::Mqtt(MqttCause::Refused(refusal)) if MAY_BE_THE_CLIENT_ID.contains(&refusal.reason.code)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mqtt::reason::Reason;

    #[test]
    fn a_rejected_subscription_has_the_hint_that_fits() {
        for (why, hint) in [
            (Rejection::PacketTooLarge { bytes: 8, bytes_max: 1 }, Hint::BrokerPacketSize),
            (Rejection::Unexplained, Hint::AccessRules),
            (Rejection::Broker(Reason::from(ReasonCode::NOT_AUTHORIZED)), Hint::AccessRules),
            (
                Rejection::Broker(Reason::from(ReasonCode::QUOTA_EXCEEDED)),
                Hint::Reason(ReasonCode::QUOTA_EXCEEDED),
            ),
            (Rejection::NoWildcards, Hint::EditConnection),
        ] {
            assert_eq!(subscription_hint(&why), hint, "{why:?}");
        }
    }
}
