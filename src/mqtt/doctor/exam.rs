//! One link's way through the doctor's questions.

use std::collections::VecDeque;
use std::time::Duration;

use tokio::time::Instant;

use crate::message::QoS;
use crate::mqtt::failure::Failure;
use crate::mqtt::link::{
    Accept, Connected, Ended, Event, Exchange, Received, Request, ServerProperties, Then,
};
use crate::mqtt::options::{ConnectOptions, MqttVersion, RetainHandling, Subscription, VersionChoice};
use crate::mqtt::reason::{self, ReasonCode};
use crate::mqtt::step::{Outcome, Report, Step};
use crate::mqtt::wire;

/// How CONNACK refuses a client ID. A user name or password that is wrong is not tried twice: a broker may count.
const MAY_BE_THE_CLIENT_ID: [ReasonCode; 2] =
    [ReasonCode::CLIENT_IDENTIFIER_NOT_VALID, ReasonCode::NOT_AUTHORIZED];

/// How an exam ended.
pub(super) enum End {
    /// Everything was asked, and DISCONNECT was sent.
    Through,
    /// Something failed.
    Failed(Failure),
    /// CONNACK did not let this client in, and may let one with another client ID in.
    Refused(Failure),
    /// No answer to the question that was asked last.
    Silent,
}

/// What is being waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// CONNACK, and everything before it.
    Connack,
    /// So many SUBACKs.
    Subacks(usize),
    /// PINGRESP.
    Pong,
    /// The end of the link.
    Farewell,
}

/// Asks one question after the other and reports the answers.
pub(super) struct Exam<'a> {
    report: Report<'a>,
    address: String,
    version: VersionChoice,
    /// About the client ID.
    note: String,
    /// The client ID is the profile's: its session is not to be changed.
    keeps_session: bool,
    subscriptions: Vec<Subscription>,
    patience: Duration,
    phase: Phase,
    /// When what is being waited for was asked.
    since: Instant,
    requests: VecDeque<Request>,
    /// What is still to come, as it will be called.
    plan: VecDeque<String>,
    /// The last step that failed.
    failed: Option<String>,
    messages: u64,
}

impl<'a> Exam<'a> {
    /// An exam with these options; `note` says which client ID it uses.
    pub fn new(options: &ConnectOptions, note: String, report: Report<'a>) -> Self {
        let address = wire::address(options);
        let mut plan: VecDeque<String> = wire::plan(options).into();
        plan.push_back(format!("CONNECT to {address}"));
        plan.extend(options.subscriptions.iter().map(|subscription| subscribing(&subscription.filter)));
        plan.extend(["Ping".to_owned(), "DISCONNECT".to_owned()]);
        Self {
            report,
            address,
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
    pub fn with_the_session(options: &ConnectOptions, note: String, report: Report<'a>) -> Self {
        Self { keeps_session: true, ..Self::new(options, note, report) }
    }

    /// Until when to wait; `None`: the link knows.
    pub fn deadline(&self) -> Option<Instant> {
        (self.phase != Phase::Connack).then(|| self.since + self.patience)
    }

    /// What the end of the link means.
    pub fn end(&self, ended: Ended) -> End {
        let Ended { then, failure } = ended;
        match (self.phase, then) {
            (Phase::Farewell, Then::Stop) => End::Through,
            (Phase::Connack, _) if may_be_the_client_id(&failure) => End::Refused(failure),
            _ => End::Failed(failure),
        }
    }

    /// Reports the end, and what was not reached because of it.
    pub fn finish(mut self, end: End) {
        self.report_end(end, None);
        let reason =
            self.failed.take().map_or("it was not reached".to_owned(), |what| format!("{what} failed"));
        for what in std::mem::take(&mut self.plan) {
            let outcome = Outcome::Skipped(reason.clone());
            (self.report)(Step { what, outcome, took: None, details: Vec::new() });
        }
    }

    /// Reports an end that is not the last word.
    pub fn note(mut self, end: End, note: &str) {
        self.report_end(end, Some(note));
    }

    fn report_end(&mut self, end: End, note: Option<&str>) {
        let took = self.since.elapsed();
        let failure = match end {
            End::Through => {
                self.done(Step::ok("DISCONNECT", took));
                return;
            }
            End::Failed(failure) | End::Refused(failure) => failure,
            End::Silent => self.silence(),
        };
        // What failed below MQTT has been reported, by its address.
        let same = |what: &String| first_word(what) == first_word(&failure.what);
        if self.failed.as_ref().is_some_and(same) {
            return;
        }
        let mut step = Step::failed(&failure, took);
        if self.phase == Phase::Connack && first_word(&failure.what) == "CONNECT" {
            step.details.push(self.note.clone());
        }
        step.details.extend(note.map(str::to_owned));
        self.done(step);
    }

    /// Nothing came to what was asked last.
    fn silence(&self) -> Failure {
        let what = match self.phase {
            Phase::Connack => format!("CONNECT to {}", self.address),
            Phase::Subacks(_) => self.plan.front().cloned().unwrap_or_else(|| "SUBSCRIBE".to_owned()),
            Phase::Pong => "Ping".to_owned(),
            Phase::Farewell => "DISCONNECT".to_owned(),
        };
        let why = format!("no answer within {} s", self.patience.as_secs());
        let suggestion = match self.messages {
            0 => "The broker may hang; its log may say more.".to_owned(),
            messages => format!(
                "{messages} messages came in that time: the network may be too slow for these subscriptions. Try narrower filters."
            ),
        };
        Failure::new(what, why, suggestion)
    }

    /// Reports a step and takes it off the plan, with everything that was to come before it.
    fn done(&mut self, step: Step) {
        let exact = self.plan.iter().position(|planned| *planned == step.what);
        let alike = || self.plan.iter().position(|planned| first_word(planned) == first_word(&step.what));
        if let Some(at) = exact.or_else(alike) {
            self.plan.drain(..=at);
        }
        if step.is_failed() {
            self.failed = Some(step.what.clone());
        }
        (self.report)(step);
    }

    /// The broker does not seem to speak one version, and another is tried.
    fn fallback(&mut self, from: MqttVersion, to: MqttVersion, failure: &Failure) {
        let (from, to) = (from.name(), to.name());
        let outcome = Outcome::Warning(format!("with MQTT {from}: {}; MQTT {to} is tried next", failure.why));
        let took = Some(self.since.elapsed());
        (self.report)(Step { what: failure.what.clone(), outcome, took, details: Vec::new() });
        self.since = Instant::now();
    }

    fn connected(&mut self, connected: &Connected) {
        let Connected { version, session_present, server, .. } = connected;
        let mut step = Step::ok(format!("CONNECT to {}", self.address), self.since.elapsed());
        if self.version == VersionChoice::Auto && *version != MqttVersion::V5 {
            let version = version.name();
            step.outcome =
                Outcome::Warning(format!("MQTT 5 did not work with this broker; this is {version}"));
        }
        step.details.push(format!("MQTT {}", version.name()));
        step.details.push(self.note.clone());
        if *session_present {
            step.details.push("the broker kept a session of this client ID".to_owned());
        }
        step.details.extend(properties(server));
        self.done(step);
        if self.keeps_session {
            self.leave_at_once();
        } else {
            self.subscribe();
        }
    }

    /// Disconnects before a message that the broker kept can be taken.
    fn leave_at_once(&mut self) {
        let reason = "it could change the session of the profile's client ID";
        for what in self.plan.iter().filter(|what| first_word(what) != "DISCONNECT") {
            let outcome = Outcome::Skipped(reason.to_owned());
            (self.report)(Step { what: what.clone(), outcome, took: None, details: Vec::new() });
        }
        self.plan.retain(|what| first_word(what) == "DISCONNECT");
        self.requests.push_back(Request::Disconnect);
        self.enter(Phase::Farewell);
    }

    /// Asks for every filter that harms nobody.
    fn subscribe(&mut self) {
        let mut asked = 0;
        for subscription in std::mem::take(&mut self.subscriptions) {
            if subscription.filter.starts_with("$share/") {
                let outcome = Outcome::Skipped(
                    "a shared subscription would take messages from the others that share it".to_owned(),
                );
                let what = subscribing(&subscription.filter);
                self.done(Step { what, outcome, took: None, details: Vec::new() });
                continue;
            }
            // The answer is the same without the retained messages, which nobody needs here.
            let without = Subscription { retain_handling: RetainHandling::DoNotSend, ..subscription };
            self.requests.push_back(Request::Subscribe(without));
            asked += 1;
        }
        self.enter(Phase::Subacks(asked));
    }

    fn subscribed(&mut self, filter: &str, granted: Result<QoS, String>) {
        let Phase::Subacks(waiting) = self.phase else { return };
        let what = subscribing(filter);
        let took = self.since.elapsed();
        let step = match granted {
            Ok(qos) => Step::ok(what, took).detail(format!("granted up to QoS {}", qos as u8)),
            Err(why) => {
                let help = "The broker's access rules decide who may subscribe to what.";
                Step::failed(&Failure::new(what, why, help), took)
            }
        };
        // A filter that is refused does not keep the others from working, nor the rest from being tried.
        let failed = self.failed.take();
        self.plan.retain(|planned| *planned != step.what);
        (self.report)(step);
        self.failed = failed;
        self.enter(Phase::Subacks(waiting.saturating_sub(1)));
    }

    fn pong(&mut self, after: Duration) {
        let mut step = Step::ok("Ping", after);
        if self.messages > 0 {
            step.details.push(format!("{} messages came meanwhile", self.messages));
        }
        self.done(step);
        self.requests.push_back(Request::Disconnect);
        self.enter(Phase::Farewell);
    }

    /// Goes on with the next question.
    fn enter(&mut self, phase: Phase) {
        let next = match phase {
            Phase::Subacks(0) => {
                self.requests.push_back(Request::Ping);
                Phase::Pong
            }
            phase => phase,
        };
        // The SUBSCRIBE packets go out together: each answer counts from there.
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
                self.done(step);
                self.since = Instant::now();
            }
            Event::Connected(connected) => self.connected(&connected),
            Event::Subscribed { filter, granted, .. } => self.subscribed(&filter, granted),
            Event::Pong { after } => self.pong(after),
            Event::Fallback { from, to, failure } => self.fallback(from, to, &failure),
            Event::Unsubscribed { .. } | Event::Published { .. } => {}
        }
    }

    fn settle(&mut self, _: bool) -> bool {
        true // Messages are counted, and nothing has to wait for them.
    }

    fn try_next(&mut self, _: Accept) -> Option<Request> {
        self.requests.pop_front()
    }

    async fn next(&mut self, accept: Accept) -> Option<Request> {
        match self.try_next(accept) {
            Some(request) => Some(request),
            // The next question comes with an answer, and the link asks again after each.
            None => std::future::pending().await,
        }
    }
}

fn subscribing(filter: &str) -> String {
    format!("SUBSCRIBE to {filter}")
}

/// Whether it is CONNACK's refusal, and not that of a step before it, and may be for the client ID.
fn may_be_the_client_id(failure: &Failure) -> bool {
    first_word(&failure.what) == "CONNECT"
        && MAY_BE_THE_CLIENT_ID.iter().any(|code| failure.why.starts_with(reason::words(*code)))
}

/// Steps of one kind begin with the same word, which no other kind has.
fn first_word(what: &str) -> &str {
    what.split(' ').next().unwrap_or_default()
}

/// What the broker announced, a line for each.
fn properties(server: &ServerProperties) -> Vec<String> {
    let ServerProperties {
        assigned_client_id,
        packet_bytes_max,
        qos_max,
        retain_available,
        receive_max,
        keep_alive_s,
        session_expiry_s,
        wildcards_available,
        shared_available,
        identifiers_available,
        topic_alias_max,
        response_information,
        server_reference,
        reason_string,
        user_properties,
    } = server;
    let availability = |available: bool| if available { "available" } else { "not available" };
    let lines = [
        reason_string.as_ref().map(|text| format!("reason: {text}")),
        assigned_client_id.as_ref().map(|id| format!("assigned client ID {id}")),
        keep_alive_s.map(|seconds| format!("keep alive {seconds} s, by the broker's wish")),
        session_expiry_s.map(|seconds| format!("session expiry {seconds} s")),
        qos_max.map(|qos| format!("maximum QoS {}", qos as u8)),
        packet_bytes_max.map(|bytes| format!("maximum packet size {bytes} bytes")),
        receive_max.map(|count| format!("receive maximum {count}")),
        topic_alias_max.map(|count| format!("topic alias maximum {count}")),
        retain_available.map(|yes| format!("retained messages {}", availability(yes))),
        wildcards_available.map(|yes| format!("wildcard subscriptions {}", availability(yes))),
        shared_available.map(|yes| format!("shared subscriptions {}", availability(yes))),
        identifiers_available.map(|yes| format!("subscription identifiers {}", availability(yes))),
        response_information.as_ref().map(|text| format!("response information {text}")),
        server_reference.as_ref().map(|text| format!("another server: {text}")),
    ];
    let mut lines: Vec<_> = lines.into_iter().flatten().collect();
    lines.extend(user_properties.iter().map(|(name, value)| format!("user property {name}: {value}")));
    lines
}
