//! The reply rules of a session at work.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded, select};
use parking_lot::Mutex;

use crate::automation::arrivals::{ArrivedMessage, MessageChannel, subscription};
use crate::mqtt::filter::disjoint;
use crate::mqtt::options::{ConnectOptions, MqttVersion, Secrets, Subscription};
use crate::mqtt::publish::Publish;
use crate::reply::{Replies, ReplyFailure};
use crate::session::status::{Failure, Grant, Rejection, Status};
use crate::session::{Declined, Session, Wake, beside, clock};

/// How many replies may wait for their time.
const WAITING_MAX: usize = 10_000;
/// How often the state is shown while messages keep coming.
const SHOW_EVERY: Duration = Duration::from_millis(100);

/// How the rules are doing.
#[derive(Clone, Debug, Default)]
pub struct ResponderState {
    /// Whether it is connected and the broker has answered its subscriptions.
    pub listens: bool,
    /// Why there is no connection, if that is known.
    pub failure: Option<Box<Failure>>,
    /// A filter that the broker refused, and why.
    pub refused: Option<(String, Rejection)>,
    /// How many replies each rule has made, by its place.
    pub counts: Vec<u64>,
    /// How many were not sent: there was no connection, or too many waited.
    pub unsent: u64,
    /// Why the last message that was not answered was not, with the rule's place.
    pub unanswered: Option<(usize, ReplyFailure)>,
    /// Everything was stopped, because this rule would have sent one too many in a second.
    pub stopped: Option<usize>,
}

impl ResponderState {
    /// How many replies there were.
    pub fn count(&self) -> u64 {
        self.counts.iter().sum()
    }
}

/// The handle. Dropping it turns the rules off.
pub struct Responder {
    state: Arc<Mutex<ResponderState>>,
    /// Nothing is sent through it: it closes when the handle goes.
    _alive: Sender<()>,
}

impl std::fmt::Debug for Responder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Responder").finish_non_exhaustive()
    }
}

impl Responder {
    /// Connects as these options say, under a client ID of its own, and answers. `wake` is called when the state has
    /// changed.
    pub fn open(
        options: &ConnectOptions,
        secrets: Secrets,
        replies: Replies,
        wake: Wake,
    ) -> io::Result<Self> {
        let state = Arc::new(Mutex::new(ResponderState::default()));
        let (held, alive) = bounded(0);
        let (news, woken) = bounded(1);
        let subscriptions = disjoint(replies.filters()).into_iter().map(not_our_own).collect();
        let (arrivals, arriving) = MessageChannel::new();
        let told = Arc::new(move || {
            // A full channel means that a look is already due.
            news.try_send(()).ok();
        });
        let session = Session::open_into(beside(options, subscriptions), secrets, arrivals, told);
        let desk = Desk {
            state: Arc::clone(&state),
            session,
            replies,
            waiting: BinaryHeap::new(),
            number: 0,
            began: Instant::now(),
            comes_back: true,
            unsent: 0,
            wake,
        };
        std::thread::Builder::new()
            .name("mqtt-replies".to_owned())
            .spawn(move || desk.run(&arriving, &woken, &alive))?;
        Ok(Self { state, _alive: held })
    }

    /// The state as it is now. Cheap enough for once per frame.
    pub fn state(&self) -> ResponderState {
        self.state.lock().clone()
    }
}

/// With MQTT 5 the broker keeps our own replies away. A shared subscription cannot ask for that (MQTT 5.0, 3.8.3.1).
fn not_our_own(filter: String) -> Subscription {
    let no_local = !filter.starts_with("$share/");
    Subscription { no_local, ..subscription(filter) }
}

/// A reply that waits for its time; the number keeps the order of those that are due together.
struct WaitingReply {
    at: Duration,
    number: u64,
    publish: Publish,
}

impl PartialEq for WaitingReply {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for WaitingReply {}

impl PartialOrd for WaitingReply {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for WaitingReply {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

struct Desk {
    state: Arc<Mutex<ResponderState>>,
    session: Session,
    replies: Replies,
    waiting: BinaryHeap<Reverse<WaitingReply>>,
    number: u64,
    began: Instant,
    /// Whether the broker sends us what we publish.
    comes_back: bool,
    unsent: u64,
    wake: Wake,
}

impl Desk {
    fn run(mut self, arriving: &Receiver<ArrivedMessage>, woken: &Receiver<()>, alive: &Receiver<()>) {
        let mut shown = self.began;
        let mut is_news = true;
        loop {
            is_news |= self.send_due();
            if self.replies.stopped().is_some() {
                self.show();
                return;
            }
            let mut patience =
                self.waiting.peek().map(|Reverse(next)| next.at.saturating_sub(self.began.elapsed()));
            if is_news {
                let left = SHOW_EVERY.saturating_sub(shown.elapsed());
                if left.is_zero() {
                    self.show();
                    (shown, is_news) = (Instant::now(), false);
                } else {
                    patience = Some(patience.map_or(left, |patience| patience.min(left)));
                }
            }
            let timer = patience.map_or_else(crossbeam_channel::never, crossbeam_channel::after);
            select! {
                recv(arriving) -> arrival => match arrival {
                    Ok(arrival) => {
                        self.hear(&arrival);
                        is_news = true;
                    }
                    Err(_) => return,
                },
                recv(woken) -> _ => {
                    self.look();
                    is_news = true;
                }
                recv(alive) -> _ => return,
                recv(timer) -> _ => {}
            }
        }
    }

    fn hear(&mut self, arrival: &ArrivedMessage) {
        for due in self.replies.heard(arrival.message(), self.began.elapsed(), clock::now()) {
            if self.waiting.len() >= WAITING_MAX {
                self.unsent = self.unsent.saturating_add(1);
                continue;
            }
            self.number = self.number.saturating_add(1);
            self.waiting.push(Reverse(WaitingReply {
                at: due.at,
                number: self.number,
                publish: due.publish,
            }));
        }
    }

    /// Publishes what is due; whether anything was.
    fn send_due(&mut self) -> bool {
        let now = self.began.elapsed();
        let mut is_any = false;
        while self.waiting.peek().is_some_and(|Reverse(next)| next.at <= now)
            && let Some(Reverse(WaitingReply { publish, .. })) = self.waiting.pop()
        {
            is_any = true;
            // Before it is sent, so that it is known when it comes back.
            if self.comes_back {
                self.replies.sent(&publish, now);
            }
            match self.session.publish(publish) {
                Ok(_) => {}
                Err(
                    Declined::NotConnected
                    | Declined::Busy
                    | Declined::Ended
                    | Declined::Publish(_)
                    | Declined::Filter(_)
                    | Declined::Identifier,
                ) => self.unsent = self.unsent.saturating_add(1),
            }
        }
        is_any
    }

    fn look(&mut self) {
        self.session.looked();
        let status: Arc<Status> = self.session.status();
        let version = status.state.spoken().map(|(version, _)| version);
        self.comes_back = version != Some(MqttVersion::V5);
    }

    /// Shows how it is going.
    fn show(&self) {
        let status: Arc<Status> = self.session.status();
        let refused = status.subscriptions.iter().find_map(|subscription| match &subscription.grant {
            Grant::Refused(why) => Some((subscription.wanted.filter.clone(), why.clone())),
            Grant::Pending | Grant::Off | Grant::Granted(_) => None,
        });
        let state = ResponderState {
            listens: status.state.is_connected()
                && status.subscriptions.iter().all(|subscription| subscription.grant != Grant::Pending),
            failure: status.failure.clone().map(Box::new),
            refused,
            counts: self.replies.counts().to_vec(),
            unsent: self.unsent,
            unanswered: self.replies.failure().cloned(),
            stopped: self.replies.stopped(),
        };
        *self.state.lock() = state;
        (self.wake)();
    }
}
