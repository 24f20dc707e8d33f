//! A run of a sequence: what to do next, and how it went so far.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::time::Duration;

use crate::message::{MessageRef, Timestamp};
use crate::mqtt::filter;
use crate::mqtt::publish::Publish;
use crate::payload::query::{FoundValue, JsonPath, value_at};
use crate::query::Condition;
use crate::sequence::{Capture, Sequence, SequenceStep, StepAction, StepFailure, TemplateText, levels};
use crate::template::{Filling, Lookup};

/// How long an acknowledgement may take.
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(30);
/// How many messages wait to be expected; the oldest are forgotten.
const INBOX_MAX: usize = 10_000;
/// How many bytes they may have.
const INBOX_BYTES_MAX: usize = 64 * 1024 * 1024;
/// How much of a payload a failure shows.
const SHOWN_CHARS: usize = 200;

/// What a run wants to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Todo {
    /// Publish this, and say with [`SequenceRun::published`] what became of it.
    Publish(Box<Publish>),
    /// Nothing until a message arrives, the publish is answered, or this time since the beginning is reached.
    WaitUntil(Duration),
    /// Nothing more: it has ended.
    Nothing,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq)]
pub struct StepResult {
    /// What is known of it.
    pub state: StepState,
    /// How long it took.
    pub took: Duration,
    /// What it kept: the variable and its value.
    pub captured: Option<(String, String)>,
}

/// What is known of a step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepState {
    /// It was not begun.
    NotReached,
    /// It is under way.
    Running,
    /// It did what it says.
    Passed,
    /// It did not.
    Failed(Box<StepFailure>),
}

/// A message that no step has expected yet.
#[derive(Debug)]
struct Arrival {
    topic: Vec<u8>,
    payload: Vec<u8>,
    retained: bool,
}

/// What the step under way waits for.
#[derive(Debug)]
enum Waiting {
    /// It is not begun.
    Nothing,
    /// The answer to its publish.
    Answer,
    /// A message.
    Message { filter: String, condition: Option<Condition> },
    /// Its time.
    Time,
}

/// A run of a sequence.
#[derive(Debug)]
pub struct SequenceRun {
    sequence: Sequence,
    variables: BTreeMap<String, String>,
    /// The topics of `{{value …}}`.
    looked_up: BTreeSet<String>,
    /// Their newest payloads.
    newest: HashMap<String, Vec<u8>>,
    inbox: VecDeque<Arrival>,
    inbox_bytes: usize,
    /// How many of its messages the step under way has looked at.
    checked: usize,
    forgotten: usize,
    /// The payload of the last expected message.
    last: Option<Vec<u8>>,
    results: Vec<StepResult>,
    current: usize,
    /// When the step under way began.
    began: Duration,
    waiting: Waiting,
    /// Messages published so far.
    counter: u64,
    seed: u64,
}

/// What placeholders are filled with.
struct Known<'a> {
    variables: &'a BTreeMap<String, String>,
    newest: &'a HashMap<String, Vec<u8>>,
}

impl Lookup for Known<'_> {
    fn variable(&self, name: &str) -> Option<Cow<'_, str>> {
        self.variables.get(name).map(|value| Cow::Borrowed(value.as_str()))
    }

    fn value(&self, topic: &str, path: &str) -> Option<String> {
        let payload = self.newest.get(topic)?;
        if path.is_empty() {
            String::from_utf8(payload.clone()).ok()
        } else {
            text_at(payload, &path.parse().ok()?)
        }
    }
}

impl SequenceRun {
    /// Prepares a run. `variables` take precedence over the file's own; `seed` decides what is random.
    pub fn new(sequence: Sequence, variables: BTreeMap<String, String>, seed: u64) -> Self {
        let mut all = sequence.variables.clone();
        all.extend(variables);
        let values =
            sequence.steps.iter().flat_map(SequenceStep::texts).flat_map(|text| text.template.values());
        let looked_up = values.map(|(topic, _)| topic.to_owned()).collect();
        let results = sequence.steps.iter();
        let results = results.map(|_| StepResult {
            state: StepState::NotReached,
            took: Duration::ZERO,
            captured: None,
        });
        Self {
            results: results.collect(),
            variables: all,
            looked_up,
            newest: HashMap::new(),
            inbox: VecDeque::new(),
            inbox_bytes: 0,
            checked: 0,
            forgotten: 0,
            last: None,
            current: 0,
            began: Duration::ZERO,
            waiting: Waiting::Nothing,
            counter: 0,
            seed,
            sequence,
        }
    }

    /// What it runs.
    pub fn sequence(&self) -> &Sequence {
        &self.sequence
    }

    /// How each step went so far.
    pub fn results(&self) -> &[StepResult] {
        &self.results
    }

    /// Whether all steps passed.
    pub fn has_passed(&self) -> bool {
        self.results.iter().all(|result| result.state == StepState::Passed)
    }

    /// Whether nothing is left to do.
    pub fn is_over(&self) -> bool {
        self.current >= self.sequence.steps.len()
    }

    /// What to do at `at` since the beginning; `now` is the time of day, for placeholders.
    pub fn next(&mut self, at: Duration, now: Timestamp) -> Todo {
        while let Some(step) = self.sequence.steps.get(self.current) {
            let kind = step.kind.clone();
            if matches!(self.waiting, Waiting::Nothing) {
                self.began = at;
                self.set(StepState::Running);
                if let Some(publish) = self.begin(&kind, now, at) {
                    return Todo::Publish(Box::new(publish));
                }
                if matches!(self.waiting, Waiting::Nothing) {
                    continue; // It has passed or failed at once.
                }
            }
            let patience = match &kind {
                StepAction::Publish { .. } => ACKNOWLEDGED_WITHIN,
                StepAction::Expect { within, .. } => {
                    if self.find(&kind, at) {
                        continue;
                    }
                    *within
                }
                StepAction::Wait(length) => *length,
                StepAction::Capture(_) => Duration::ZERO,
            };
            let deadline = self.began.saturating_add(patience);
            if at < deadline {
                return Todo::WaitUntil(deadline);
            }
            match &kind {
                StepAction::Wait(_) | StepAction::Capture(_) => self.pass(at),
                StepAction::Publish { .. } => self.fail(at, StepFailure::NotAcknowledged),
                StepAction::Expect { .. } => {
                    let failure = self.not_expected(&kind);
                    self.fail(at, failure);
                }
            }
        }
        Todo::Nothing
    }

    /// A message arrived.
    pub fn arrived(&mut self, message: MessageRef<'_>) {
        if let Ok(topic) = str::from_utf8(message.topic)
            && self.looked_up.contains(topic)
        {
            self.newest.insert(topic.to_owned(), message.payload.bytes().to_vec());
        }
        let (topic, payload) = (message.topic.to_vec(), message.payload.bytes().to_vec());
        self.inbox_bytes += topic.len() + payload.len();
        self.inbox.push_back(Arrival { topic, payload, retained: message.flags.retain });
        while (self.inbox.len() > INBOX_MAX || self.inbox_bytes > INBOX_BYTES_MAX)
            && let Some(oldest) = self.inbox.pop_front()
        {
            self.inbox_bytes -= oldest.topic.len() + oldest.payload.len();
            self.forgotten += 1;
            self.checked = self.checked.saturating_sub(1);
        }
    }

    /// What became of the message that [`Todo::Publish`] asked for.
    pub fn published(&mut self, at: Duration, outcome: Result<(), StepFailure>) {
        if matches!(self.waiting, Waiting::Answer) {
            match outcome {
                Ok(()) => self.pass(at),
                Err(failure) => self.fail(at, failure),
            }
        }
    }

    /// Ends it: the step under way has failed.
    pub fn break_off(&mut self, at: Duration, failure: StepFailure) {
        if !self.is_over() {
            self.fail(at, failure);
        }
    }

    /// Begins a step: some are over at once. Returns what it publishes.
    fn begin(&mut self, kind: &StepAction, now: Timestamp, at: Duration) -> Option<Publish> {
        match kind {
            StepAction::Publish { topic, payload, qos, retain } => {
                self.forget_what_was_seen();
                self.counter += 1;
                let publish = self.fill_message(topic, payload, now).and_then(|(topic, payload)| {
                    filter::check_topic(&topic).map_err(StepFailure::Topic)?;
                    let (qos, retain) = (*qos, *retain);
                    Ok(Publish { topic, payload: payload.into(), qos, retain, ..Publish::default() })
                });
                match publish {
                    Ok(publish) => {
                        self.waiting = Waiting::Answer;
                        Some(publish)
                    }
                    Err(failure) => {
                        self.fail(at, failure);
                        None
                    }
                }
            }
            StepAction::Expect { filter, condition, .. } => {
                match self.expected(filter, condition.as_ref(), now) {
                    Ok((filter, condition)) => self.waiting = Waiting::Message { filter, condition },
                    Err(failure) => self.fail(at, failure),
                }
                None
            }
            StepAction::Capture(capture) => {
                match self.captured(capture) {
                    Ok(()) => self.pass(at),
                    Err(failure) => self.fail(at, failure),
                }
                None
            }
            StepAction::Wait(_) => {
                self.waiting = Waiting::Time;
                None
            }
        }
    }

    /// What was there before a publish is no answer to it. Several publishes in a row are answered together.
    fn forget_what_was_seen(&mut self) {
        let before = self.current.checked_sub(1).and_then(|before| self.sequence.steps.get(before));
        if !matches!(before, Some(SequenceStep { kind: StepAction::Publish { .. }, .. })) {
            self.inbox.clear();
            (self.inbox_bytes, self.checked, self.forgotten) = (0, 0, 0);
        }
    }

    fn fill_message(
        &self,
        topic: &TemplateText,
        payload: &TemplateText,
        now: Timestamp,
    ) -> Result<(String, String), StepFailure> {
        let known = Known { variables: &self.variables, newest: &self.newest };
        let mut filling =
            Filling::new(now, self.counter, &known).seeded(self.seed.wrapping_add(self.counter));
        let topic = topic.template.fill(&mut filling).map_err(StepFailure::Template)?;
        filling.set_topic(&topic);
        let payload = payload.template.fill(&mut filling).map_err(StepFailure::Template)?;
        Ok((topic, payload))
    }

    fn fill(&self, text: &TemplateText, now: Timestamp) -> Result<String, StepFailure> {
        let known = Known { variables: &self.variables, newest: &self.newest };
        let mut filling =
            Filling::new(now, self.counter, &known).seeded(self.seed.wrapping_add(self.counter));
        text.template.fill(&mut filling).map_err(StepFailure::Template)
    }

    /// The filter and the condition with their values.
    fn expected(
        &self,
        filter: &TemplateText,
        condition: Option<&TemplateText>,
        now: Timestamp,
    ) -> Result<(String, Option<Condition>), StepFailure> {
        let filled = self.fill(filter, now)?;
        filter::check_filter(&filled).map_err(StepFailure::Topic)?;
        if filled.split('/').count() != levels(&filter.written).len() {
            return Err(StepFailure::OtherLevels(filled));
        }
        let condition = condition
            .map(|condition| self.fill(condition, now)?.parse::<Condition>().map_err(StepFailure::Condition));
        Ok((filled, condition.transpose()?))
    }

    /// Whether the expected message is there; if so, the step is over.
    fn find(&mut self, kind: &StepAction, at: Duration) -> bool {
        let Waiting::Message { filter, condition } = &self.waiting else { return false };
        let StepAction::Expect { retained, capture, .. } = kind else { return false };
        let is_expected = |arrival: &Arrival| {
            arrival.retained == *retained
                && filter::matches(filter.as_bytes(), &arrival.topic)
                && condition.as_ref().is_none_or(|condition| condition.holds(&arrival.payload, None))
        };
        let found = self.inbox.iter().skip(self.checked).position(is_expected);
        let found = found.map(|index| self.checked + index);
        self.checked = self.inbox.len();
        let Some(arrival) = found.and_then(|index| self.inbox.remove(index)) else { return false };
        self.inbox_bytes -= arrival.topic.len() + arrival.payload.len();
        self.last = Some(arrival.payload);
        match capture.as_ref().map_or(Ok(()), |capture| self.captured(capture)) {
            Ok(()) => self.pass(at),
            Err(failure) => self.fail(at, failure),
        }
        true
    }

    fn not_expected(&self, kind: &StepAction) -> StepFailure {
        let (StepAction::Expect { within, retained, .. }, Waiting::Message { filter, .. }) =
            (kind, &self.waiting)
        else {
            return StepFailure::NoMessage;
        };
        let matching =
            || self.inbox.iter().filter(|arrival| filter::matches(filter.as_bytes(), &arrival.topic));
        StepFailure::NotExpected {
            within: *within,
            unmet: matching().filter(|arrival| arrival.retained == *retained).count(),
            other_retained: matching().filter(|arrival| arrival.retained != *retained).count(),
            last: matching()
                .next_back()
                .map(|arrival| String::from_utf8_lossy(&arrival.payload).chars().take(SHOWN_CHARS).collect()),
            forgotten: self.forgotten,
        }
    }

    fn captured(&mut self, capture: &Capture) -> Result<(), StepFailure> {
        let payload = self.last.as_deref().ok_or(StepFailure::NoMessage)?;
        let value = text_at(payload, &capture.from);
        let value = value.ok_or_else(|| StepFailure::NothingAt(capture.from.to_string()))?;
        if let Some(result) = self.results.get_mut(self.current) {
            result.captured = Some((capture.name.clone(), value.clone()));
        }
        self.variables.insert(capture.name.clone(), value);
        Ok(())
    }

    fn set(&mut self, state: StepState) {
        if let Some(result) = self.results.get_mut(self.current) {
            result.state = state;
        }
    }

    fn end_step(&mut self, at: Duration, state: StepState) {
        self.set(state);
        if let Some(result) = self.results.get_mut(self.current) {
            result.took = at.saturating_sub(self.began);
        }
        self.waiting = Waiting::Nothing;
        self.checked = 0;
    }

    fn pass(&mut self, at: Duration) {
        self.end_step(at, StepState::Passed);
        self.current += 1;
    }

    /// The steps after it are not reached.
    fn fail(&mut self, at: Duration, failure: StepFailure) {
        self.end_step(at, StepState::Failed(Box::new(failure)));
        self.current = self.sequence.steps.len();
    }
}

/// The value at a path as text; a payload without structure has itself at the root.
fn text_at(payload: &[u8], path: &JsonPath) -> Option<String> {
    match value_at(payload, path) {
        Some(FoundValue::Number(digits)) => Some(digits.to_owned()),
        Some(FoundValue::Text(text)) => Some(text.into_owned()),
        Some(FoundValue::Bool(value)) => Some(value.to_string()),
        Some(FoundValue::Null) => Some("null".to_owned()),
        Some(FoundValue::Container(json)) => Some(json.to_owned()),
        None if path.segments().is_empty() => String::from_utf8(payload.to_vec()).ok(),
        None => None,
    }
}
