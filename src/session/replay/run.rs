//! The thread that publishes.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, TryRecvError, after, select};
use parking_lot::Mutex;

use crate::message::{PublishProperties, QoS, Timestamp};
use crate::mqtt::options::MqttVersion;
use crate::mqtt::publish::Publish;
use crate::session::replay::plan::Schedule;
use crate::session::replay::{
    Order, REFUSALS_MAX, Read, ReplayPhase, ReplayState, ReplayTrouble, UNDER_WAY_MAX,
};
use crate::session::status::PublishOutcome;
use crate::session::{Declined, SessionPublisher, Wake};

/// How long the broker may take for an answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// How often progress is told.
const TELL_EVERY: Duration = Duration::from_millis(250);
/// How soon a message is tried again that a full queue did not take.
const RETRY: Duration = Duration::from_millis(2);

/// Why it does not go on.
enum Halt {
    Stopped,
    Failed(String, ReplayTrouble),
}

pub(super) struct Run {
    publisher: SessionPublisher,
    state: Arc<Mutex<ReplayState>>,
    orders: Receiver<Order>,
    /// Fires when the session's status has changed.
    news: Receiver<()>,
    wake: Wake,
    schedule: Schedule,
    /// The messages that the broker has not answered.
    under_way: HashMap<u64, (String, QoS)>,
    /// When progress was last told, and how many were sent by then.
    told: (Instant, u64),
}

impl Run {
    pub fn new(
        publisher: SessionPublisher,
        pace: Option<f64>,
        state: Arc<Mutex<ReplayState>>,
        orders: Receiver<Order>,
        wake: Wake,
    ) -> Self {
        let news = publisher.listen();
        Self {
            publisher,
            state,
            orders,
            news,
            wake,
            schedule: Schedule::new(pace),
            under_way: HashMap::new(),
            told: (Instant::now(), 0),
        }
    }

    /// Sends everything, and tells how it ended.
    pub fn run(mut self, messages: &Receiver<Read>) {
        let began = Instant::now();
        let ended = self.send_all(messages);
        let mut state = self.state.lock();
        match ended {
            Ok(()) => state.phase = ReplayPhase::Finished,
            Err(Halt::Stopped) => state.phase = ReplayPhase::Stopped,
            Err(Halt::Failed(topic, why)) => {
                state.phase = ReplayPhase::Failed;
                state.failure = Some((topic, why));
            }
        }
        let seconds = began.elapsed().as_secs_f64();
        state.per_second = if seconds > 0.0 { state.sent as f64 / seconds } else { 0.0 };
        drop(state);
        (self.wake)();
    }

    fn send_all(&mut self, messages: &Receiver<Read>) -> Result<(), Halt> {
        loop {
            select! {
                recv(self.orders) -> order => self.obey(order.unwrap_or(Order::Stop))?,
                recv(self.news) -> _ => self.look()?,
                recv(messages) -> read => match read {
                    Ok(Read::Publish(at, publish)) => {
                        self.wait_until_due(at)?;
                        self.send(*publish)?;
                    }
                    Ok(Read::Unsendable) => self.state.lock().unsendable += 1,
                    Ok(Read::Cut(messages)) => self.state.lock().cut = messages,
                    Ok(Read::Again) => self.state.lock().rounds += 1,
                    Err(_) => break,
                },
            }
            self.tell();
        }
        while !self.under_way.is_empty() {
            self.answers()?;
        }
        Ok(())
    }

    /// Carries out an order; returns once it may go on.
    fn obey(&mut self, order: Order) -> Result<(), Halt> {
        let mut order = order;
        loop {
            match order {
                Order::Stop => return Err(Halt::Stopped),
                Order::Resume => {
                    self.set_phase(ReplayPhase::Running);
                    self.schedule.restart();
                    return Ok(());
                }
                Order::Pause => self.set_phase(ReplayPhase::Paused),
            }
            order = loop {
                select! {
                    recv(self.orders) -> order => break order.unwrap_or(Order::Stop),
                    recv(self.news) -> _ => self.look()?,
                }
            };
        }
    }

    fn wait_until_due(&mut self, at: Timestamp) -> Result<(), Halt> {
        loop {
            let due = self.schedule.due(at);
            let now = Instant::now();
            if due <= now {
                // Without this, a replay that is never early would not hear an order.
                return match self.orders.try_recv() {
                    Ok(order) => self.obey(order),
                    Err(TryRecvError::Empty) => Ok(()),
                    Err(TryRecvError::Disconnected) => Err(Halt::Stopped),
                };
            }
            self.tell();
            select! {
                recv(self.orders) -> order => self.obey(order.unwrap_or(Order::Stop))?,
                recv(self.news) -> _ => self.look()?,
                default(due.saturating_duration_since(now)) => {}
            }
        }
    }

    fn send(&mut self, mut publish: Publish) -> Result<(), Halt> {
        while self.under_way.len() >= UNDER_WAY_MAX || self.would_overtake(&publish) {
            self.answers()?;
        }
        if !publish.properties.is_empty() && self.publisher.spoken() != MqttVersion::V5 {
            publish.properties = PublishProperties::default();
            self.state.lock().stripped += 1;
        }
        let (topic, qos) = (publish.topic.clone(), publish.qos);
        loop {
            match self.publisher.publish(publish.clone()) {
                Ok(token) => {
                    self.under_way.insert(token, (topic, qos));
                    return Ok(());
                }
                Err(Declined::Publish(_)) => {
                    self.state.lock().unsendable += 1;
                    return Ok(());
                }
                Err(Declined::Busy) => select! {
                    recv(self.orders) -> order => self.obey(order.unwrap_or(Order::Stop))?,
                    recv(self.news) -> _ => self.look()?,
                    default(RETRY) => {}
                },
                Err(why) => return Err(Halt::Failed(topic, ReplayTrouble::Declined(why))),
            }
        }
    }

    /// Whether a broker might hand on the message before another one of its topic: it keeps the order of one topic at one QoS
    /// (MQTT 5.0, 4.6).
    fn would_overtake(&self, publish: &Publish) -> bool {
        self.under_way.values().any(|(topic, qos)| *qos != publish.qos && *topic == publish.topic)
    }

    /// Waits for news of what is under way.
    fn answers(&mut self) -> Result<(), Halt> {
        self.tell();
        let deadline = after(ANSWER_TIMEOUT);
        select! {
            recv(self.news) -> _ => self.look(),
            recv(self.orders) -> order => self.obey(order.unwrap_or(Order::Stop)),
            recv(deadline) -> _ => Err(Halt::Failed(self.any_topic(), ReplayTrouble::NotAcknowledged)),
        }
    }

    fn any_topic(&self) -> String {
        self.under_way.values().next().map_or_else(String::new, |(topic, _)| topic.clone())
    }

    /// Takes the broker's answers. Ends where there is no connection any more.
    fn look(&mut self) -> Result<(), Halt> {
        let status = self.publisher.status();
        let mut lost = None;
        for result in status.publishes.iter().rev() {
            let Some((topic, _)) = self.under_way.remove(&result.token) else { continue };
            let mut state = self.state.lock();
            match &result.outcome {
                PublishOutcome::Sent | PublishOutcome::Acknowledged(_) => state.sent += 1,
                PublishOutcome::Refused(why) => {
                    state.refused += 1;
                    if state.refusals.len() < REFUSALS_MAX {
                        state.refusals.push((topic, ReplayTrouble::Refused(why.clone())));
                    }
                }
                PublishOutcome::Lost => lost = Some(topic),
            }
        }
        let is_connected = status.state.is_connected();
        drop(status);
        match lost {
            Some(topic) => Err(Halt::Failed(topic, ReplayTrouble::Lost)),
            None if is_connected => Ok(()),
            None => Err(Halt::Failed(self.any_topic(), ReplayTrouble::Declined(Declined::NotConnected))),
        }
    }

    fn set_phase(&self, phase: ReplayPhase) {
        self.state.lock().phase = phase;
        (self.wake)();
    }

    fn tell(&mut self) {
        let (at, before) = self.told;
        let elapsed = at.elapsed();
        if elapsed < TELL_EVERY {
            return;
        }
        let mut state = self.state.lock();
        state.per_second = state.sent.saturating_sub(before) as f64 / elapsed.as_secs_f64();
        self.told = (Instant::now(), state.sent);
        drop(state);
        (self.wake)();
    }
}
