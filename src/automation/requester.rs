//! A request that waits for its response (MQTT 5.0, 4.10), on a connection of its own: what else the session receives
//! neither delays the response nor counts into the time that it took.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, after, bounded, never, select};
use parking_lot::Mutex;

use crate::automation::arrivals::ArrivedMessage;
use crate::message::{MessageRef, QoS};
use crate::mqtt::options::{ConnectOptions, MqttVersion, RetainHandling, Secrets, Subscription};
use crate::mqtt::publish::Publish;
use crate::session::connection_log::Crash;
use crate::session::request::PendingRequest;
use crate::session::status::{Failure, Grant, PublishOutcome, Rejection, Status};
use crate::session::{Declined, Session, Sink, Wake, beside};

/// Where a request is.
#[derive(Clone, Debug, Default)]
pub enum RequestPhase {
    /// It connects and subscribes to the response topic.
    #[default]
    Connecting,
    /// It is published.
    Waiting,
    /// A response came.
    Answered(Box<Response>),
    /// None came in time.
    TimedOut,
    /// A person stopped waiting.
    Stopped,
    /// It was not published, or nothing can answer it any more.
    Failed(RequestFailure),
}

impl RequestPhase {
    /// Whether a response is still waited for.
    pub fn is_active(&self) -> bool {
        matches!(self, Self::Connecting | Self::Waiting)
    }
}

/// Why a request has no response.
#[derive(Clone, Debug)]
pub enum RequestFailure {
    /// There is no connection.
    NoConnection(Box<Failure>),
    /// The connection was lost before the response.
    Lost,
    /// The session ended by a mistake of ours.
    Crashed(Crash),
    /// The broker refused the subscription to the response topic.
    Subscription(Rejection),
    /// The broker refused the request.
    Refused(Rejection),
    /// The request was not sent.
    Declined(Declined),
}

/// What answers a request.
#[derive(Clone, Debug)]
pub struct Response {
    /// The message.
    pub message: ArrivedMessage,
    /// From the request to the response.
    pub took: Duration,
    /// Whether it repeats the correlation data; without them it may be for somebody else.
    pub is_correlated: bool,
}

/// How a request is going.
#[derive(Clone, Debug, Default)]
pub struct RequestState {
    /// Where it is.
    pub phase: RequestPhase,
    /// How many messages on the response topic had the correlation data of another request.
    pub others: u64,
}

/// The handle. Dropping it ends the waiting.
pub struct Requester {
    state: Arc<Mutex<RequestState>>,
    /// Nothing is sent through it: it closes when the handle goes.
    alive: Option<Sender<()>>,
}

impl std::fmt::Debug for Requester {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Requester").finish_non_exhaustive()
    }
}

impl Requester {
    /// Connects as these options say, under a client ID of its own, subscribes to the message's response topic, publishes
    /// it and waits this long. `wake` is called when the state has changed.
    pub fn start(
        options: &ConnectOptions,
        secrets: Secrets,
        request: Publish,
        within: Duration,
        wake: Wake,
    ) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(RequestState::default()));
        let (held, alive) = bounded(0);
        let (news, woken) = bounded(1);
        let (sender, arriving) = bounded(2);
        let response_topic = request.properties.response_topic.clone().unwrap_or_default();
        let pending = Arc::default();
        let responses = Responses {
            pending: Arc::clone(&pending),
            state: Arc::clone(&state),
            sender,
            has_uncorrelated: false,
        };
        let options = beside(options, vec![to_responses(response_topic.clone())]);
        let told = Arc::new(move || {
            // A full channel means that a look is already due.
            news.try_send(()).ok();
        });
        let session = Session::open_into(options, secrets, responses, told);
        let state_of_thread = Arc::clone(&state);
        let mut run = Run {
            session,
            request,
            response_topic,
            within,
            pending,
            state: state_of_thread,
            sent: None,
            has_uncorrelated: false,
            wake,
        };
        std::thread::Builder::new()
            .name("mqtt-request".to_owned())
            .spawn(move || run.run(&arriving, &woken, &alive))?;
        Ok(Self { state, alive: Some(held) })
    }

    /// The state as it is now. Cheap enough for once per frame, but for a copy of a small response.
    pub fn state(&self) -> RequestState {
        self.state.lock().clone()
    }

    /// Ends the waiting.
    pub fn stop(&mut self) {
        self.alive = None;
        let mut state = self.state.lock();
        if state.phase.is_active() {
            state.phase = RequestPhase::Stopped;
        }
    }
}

/// The response topic without what the broker had kept, and without what we publish there ourselves.
fn to_responses(filter: String) -> Subscription {
    Subscription {
        retain_as_published: false,
        retain_handling: RetainHandling::DoNotSend,
        no_local: true,
        ..Subscription::new(filter, QoS::ExactlyOnce)
    }
}

/// Hands on the first response without correlation data and the first with them; anything else goes nowhere, however
/// much there is.
struct Responses {
    pending: Arc<Mutex<Option<PendingRequest>>>,
    state: Arc<Mutex<RequestState>>,
    sender: Sender<(ArrivedMessage, Instant, bool)>,
    has_uncorrelated: bool,
}

impl Sink for Responses {
    fn message(&mut self, message: MessageRef<'_>, _packet_id: u16) {
        let at = Instant::now();
        let pending = self.pending.lock();
        // What comes before the request is no response to it.
        let Some(pending) = pending.as_ref() else { return };
        if !pending.is_answered_by(message) {
            self.state.lock().others += 1;
            return;
        }
        let repeated = message.properties.and_then(|properties| properties.correlation_data.as_ref());
        let is_correlated = repeated.is_some() && repeated == pending.correlation_data.as_ref();
        if is_correlated || !std::mem::replace(&mut self.has_uncorrelated, true) {
            // Full or closed only after a response with the data has been handed on.
            self.sender.try_send((ArrivedMessage::from(message), at, is_correlated)).ok();
        }
    }

    fn idle(&mut self) {}
}

/// A request under way.
struct Run {
    session: Session,
    request: Publish,
    response_topic: String,
    within: Duration,
    pending: Arc<Mutex<Option<PendingRequest>>>,
    state: Arc<Mutex<RequestState>>,
    /// The number of the request and when it was handed over, once it is.
    sent: Option<(u64, Instant)>,
    /// Whether there is a response that may be for somebody else; a better one takes its place.
    has_uncorrelated: bool,
    wake: Wake,
}

impl Run {
    fn run(
        &mut self,
        arriving: &Receiver<(ArrivedMessage, Instant, bool)>,
        woken: &Receiver<()>,
        alive: &Receiver<()>,
    ) {
        let mut deadline = never();
        loop {
            select! {
                recv(alive) -> _ => return,
                recv(arriving) -> arrived => {
                    let Ok((message, at, is_correlated)) = arrived else { return };
                    let sent = self.sent.map_or(at, |(_, sent)| sent);
                    let took = at.saturating_duration_since(sent);
                    self.show(RequestPhase::Answered(Box::new(Response { message, took, is_correlated })));
                    self.has_uncorrelated = true;
                    if is_correlated {
                        return;
                    }
                }
                recv(deadline) -> _ => {
                    if !self.has_uncorrelated {
                        self.show(RequestPhase::TimedOut);
                    }
                    return;
                }
                recv(woken) -> _ => {
                    self.session.looked();
                    let was_sent = self.sent.is_some();
                    if let Err(why) = self.look(&self.session.status()) {
                        if !self.has_uncorrelated {
                            self.show(RequestPhase::Failed(why));
                        }
                        return;
                    }
                    if !was_sent && self.sent.is_some() {
                        deadline = after(self.within);
                        self.show(RequestPhase::Waiting);
                    }
                }
            }
        }
    }

    /// Publishes the request once the response topic is subscribed to.
    fn look(&mut self, status: &Status) -> Result<(), RequestFailure> {
        if let Some(crash) = &status.crashed {
            return Err(RequestFailure::Crashed(crash.clone()));
        }
        if let Some(failure) = &status.failure {
            let failure = Box::new(failure.clone());
            return Err(if self.sent.is_some() {
                RequestFailure::Lost
            } else {
                RequestFailure::NoConnection(failure)
            });
        }
        if let Some((token, _)) = self.sent {
            let result = status.publishes.iter().find(|result| result.token == token);
            return match result.map(|result| &result.outcome) {
                Some(PublishOutcome::Refused(why)) => Err(RequestFailure::Refused(why.clone())),
                Some(PublishOutcome::Lost) => Err(RequestFailure::Lost),
                Some(PublishOutcome::Sent | PublishOutcome::Acknowledged(_)) | None
                    if status.state.is_connected() =>
                {
                    Ok(())
                }
                Some(PublishOutcome::Sent | PublishOutcome::Acknowledged(_)) | None => {
                    Err(RequestFailure::Lost)
                }
            };
        }
        let Some((version, _)) = status.state.spoken() else { return Ok(()) };
        match status.subscriptions.first().map(|state| &state.grant) {
            Some(Grant::Granted(_)) => self.ask(version),
            Some(Grant::Refused(why)) => Err(RequestFailure::Subscription(why.clone())),
            Some(Grant::Pending | Grant::Off) | None => Ok(()),
        }
    }

    fn ask(&mut self, version: MqttVersion) -> Result<(), RequestFailure> {
        let pending = PendingRequest::new(&mut self.request, &self.response_topic, version);
        *self.pending.lock() = Some(pending);
        let at = Instant::now();
        let token = self.session.publish(self.request.clone()).map_err(RequestFailure::Declined)?;
        self.sent = Some((token, at));
        Ok(())
    }

    fn show(&self, phase: RequestPhase) {
        let mut state = self.state.lock();
        if !matches!(state.phase, RequestPhase::Stopped) {
            state.phase = phase;
        }
        drop(state);
        (self.wake)();
    }
}
