//! Searches, on a thread of its own, what would take too long under the model's lock: large payloads, and everything
//! for regular expressions, some of which take a microsecond per byte.
//!
//! Large payloads are not copied. The queue is bounded; a payload that takes too long is given up, and the answer says
//! how far it was searched.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use regex::bytes::Regex;

use crate::model::{Question, SearchAnswer, Stored, Verdict};
use crate::payload::decode::Choice;
use crate::query::condition::Condition;
use crate::query::values::shown;

/// How many bytes of questions may wait; the question that exceeds it is still taken.
const WAITING_BYTES_MAX: usize = 8 << 20;
/// What a question costs in addition to its bytes.
const QUESTION_BYTES: usize = 128;
/// How many questions are sent at once.
const BATCH: usize = 256;
/// How many batches may wait in either channel. The thread waits when its answers are not taken.
const BATCHES_MAX: usize = 1_024;
/// Answers are sent at least this often.
const ANSWERS_EVERY: Duration = Duration::from_millis(20);
/// A payload up to this size is searched in one piece.
const WHOLE_BYTES: usize = 64 << 10;
/// The size of the parts of a larger payload. It can be given up between two parts.
const PART_BYTES: std::ops::RangeInclusive<usize> = (4 << 10)..=(1 << 20);
/// A part that took longer halves the size of the next one; a part that took less than a quarter of it doubles the
/// size.
const PART_TIME: Duration = Duration::from_millis(100);
/// The longest match that is found across two parts.
const OVERLAP_BYTES: usize = 64 << 10;
/// A match this close to the end of a part may end there only because the part does, so the next part decides.
const LOOK_AHEAD_BYTES: usize = 4;

/// How long one payload is searched before it is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    /// The time for each payload at first.
    pub(super) each: Duration,
    /// Once payloads have taken this long in total, each gets only a twentieth of `each`.
    pub(super) all: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { each: Duration::from_secs(2), all: Duration::from_secs(20) }
    }
}

/// What is looked for.
#[derive(Clone, Debug)]
pub(super) enum Needle {
    /// In topics and in payloads.
    Pattern(Regex),
    /// In payloads. It is asked about a whole payload at once, which takes a millisecond per megabyte.
    Condition(Condition),
}

/// A question that waits.
#[derive(Debug)]
struct Waiting {
    number: u32,
    topic: Option<Box<[u8]>>,
    payload: Option<Bytes>,
    /// How the payload is read; `None`: as its bytes suggest.
    choice: Option<Choice>,
}

impl Waiting {
    fn weight(&self) -> usize {
        let topic = self.topic.as_ref().map_or(0, |topic| topic.len());
        QUESTION_BYTES + topic + self.payload.as_ref().map_or(0, Bytes::len)
    }
}

/// The thread and the channels to and from it. Dropping it stops the thread at the next part.
#[derive(Debug)]
pub(super) struct SlowSearch {
    batch: Vec<Waiting>,
    questions: Sender<Vec<Waiting>>,
    answers: Receiver<Vec<SearchAnswer>>,
    waiting_bytes: Arc<AtomicUsize>,
    cancelled: Arc<AtomicBool>,
}

impl Drop for SlowSearch {
    fn drop(&mut self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }
}

impl SlowSearch {
    /// Starts the thread.
    pub(super) fn start(needle: Needle, patience: Patience) -> Self {
        let (questions, to_answer) = bounded(BATCHES_MAX);
        let (answered, answers) = bounded(BATCHES_MAX);
        let waiting_bytes = Arc::new(AtomicUsize::new(0));
        let cancelled = Arc::new(AtomicBool::new(false));
        let searcher = Searcher {
            needle,
            patience,
            spent: Duration::ZERO,
            cancelled: Arc::clone(&cancelled),
            waiting_bytes: Arc::clone(&waiting_bytes),
        };
        let run = move || searcher.run(&to_answer, &answered);
        if let Err(error) = thread::Builder::new().name("search".to_owned()).spawn(run) {
            log::error!("cannot start the thread \"search\": {error}");
        }
        Self { batch: Vec::new(), questions, answers, waiting_bytes, cancelled }
    }

    /// Takes a question; returns `false` if too much is waiting.
    pub(super) fn take(&mut self, question: &Question, choice: Option<Choice>) -> bool {
        if self.batch.len() >= BATCH || self.waiting_bytes.load(Ordering::Relaxed) > WAITING_BYTES_MAX {
            self.send();
            return false;
        }
        let waiting = Waiting {
            number: question.number,
            topic: question.topic.map(Box::from),
            payload: question.payload.map(Stored::payload_shared),
            choice,
        };
        self.waiting_bytes.fetch_add(waiting.weight(), Ordering::Relaxed);
        self.batch.push(waiting);
        if self.batch.len() >= BATCH {
            self.send();
        }
        true
    }

    fn send(&mut self) {
        if self.batch.is_empty() {
            return;
        }
        match self.questions.try_send(std::mem::take(&mut self.batch)) {
            Err(TrySendError::Full(batch)) => self.batch = batch,
            // Without its thread nothing is answered, and the search appears to go on.
            Ok(()) | Err(TrySendError::Disconnected(_)) => {}
        }
    }

    /// The answers since the last call.
    pub(super) fn answers(&mut self) -> Vec<SearchAnswer> {
        self.send();
        self.answers.try_iter().flatten().collect()
    }
}

/// The work of the thread.
struct Searcher {
    needle: Needle,
    patience: Patience,
    spent: Duration,
    cancelled: Arc<AtomicBool>,
    waiting_bytes: Arc<AtomicUsize>,
}

impl Searcher {
    fn run(mut self, questions: &Receiver<Vec<Waiting>>, answers: &Sender<Vec<SearchAnswer>>) {
        let mut ready = Vec::new();
        let mut sent = Instant::now();
        for batch in questions {
            for waiting in VecDeque::from(batch) {
                if self.is_cancelled() {
                    return;
                }
                let verdict = self.verdict(&waiting);
                self.waiting_bytes.fetch_sub(waiting.weight(), Ordering::Relaxed);
                ready.push(SearchAnswer { number: waiting.number, verdict });
                if sent.elapsed() >= ANSWERS_EVERY {
                    sent = Instant::now();
                    if answers.send(std::mem::take(&mut ready)).is_err() {
                        return;
                    }
                }
            }
            if answers.send(std::mem::take(&mut ready)).is_err() {
                return;
            }
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    fn verdict(&mut self, waiting: &Waiting) -> Verdict {
        let (payload, choice) = (waiting.payload.as_deref(), waiting.choice.as_ref());
        match &self.needle {
            Needle::Condition(condition)
                if payload.is_some_and(|payload| condition.holds(payload, choice)) =>
            {
                Verdict::Matches
            }
            Needle::Condition(_) => Verdict::Differs,
            Needle::Pattern(pattern) => {
                let pattern = pattern.clone();
                let is_in_topic = waiting.topic.as_ref().is_some_and(|topic| pattern.is_match(topic));
                match payload {
                    _ if is_in_topic => Verdict::Matches,
                    Some(payload) => match self.look_at(&pattern, payload) {
                        Verdict::Differs => shown(payload, choice)
                            .map_or(Verdict::Differs, |shown| self.look_at(&pattern, &shown)),
                        verdict => verdict,
                    },
                    None => Verdict::Differs,
                }
            }
        }
    }

    /// Searches a payload part by part. The expression sees what comes before a part, so that `^` and `\b` mean the
    /// same as in the whole payload.
    fn look_at(&mut self, pattern: &Regex, payload: &[u8]) -> Verdict {
        let began = Instant::now();
        let patience =
            if self.spent < self.patience.all { self.patience.each } else { self.patience.each / 20 };
        let (mut start, mut size) = (0, WHOLE_BYTES);
        loop {
            let end = payload.len().min(start + size);
            let is_last = end == payload.len();
            let part_began = Instant::now();
            let found = pattern.shortest_match_at(&payload[..end], start);
            if found.is_some_and(|match_end| is_last || match_end + LOOK_AHEAD_BYTES <= end) {
                return Verdict::Matches;
            }
            if is_last {
                return Verdict::Differs;
            }
            if began.elapsed() >= patience || self.is_cancelled() {
                self.spent += began.elapsed();
                return Verdict::GaveUp { bytes: end as u64 };
            }
            let took = part_began.elapsed();
            if took > PART_TIME {
                size = (size / 2).max(*PART_BYTES.start());
            } else if took < PART_TIME / 4 {
                size = (size * 2).min(*PART_BYTES.end());
            }
            start = end - OVERLAP_BYTES.min(end - start).min(size / 2);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn searcher(each: Duration) -> Searcher {
        Searcher {
            needle: Needle::Pattern(Regex::new("").unwrap()),
            patience: Patience { each, all: each * 10 },
            spent: Duration::ZERO,
            cancelled: Arc::default(),
            waiting_bytes: Arc::default(),
        }
    }

    fn look_at(pattern: &str, each: Duration, payload: &[u8]) -> Verdict {
        searcher(each).look_at(&Regex::new(pattern).unwrap(), payload)
    }

    /// A match may lie across two parts, and the end of a part must not look like the end of the payload.
    #[test]
    fn a_match_is_found_wherever_parts_begin_and_end() {
        let long = Duration::from_mins(1);
        for at in [0, 65_530, 65_535, 65_536, 131_072, 196_600, 299_996] {
            let mut payload = vec![b'x'; 300_000];
            payload[at..at + 4].copy_from_slice(b"temp");
            assert_eq!(look_at("temp", long, &payload), Verdict::Matches, "at {at}");
            let at_end = if at == 299_996 { Verdict::Matches } else { Verdict::Differs };
            assert_eq!(look_at("temp$", long, &payload), at_end, "at {at}");
            let at_start = if at == 0 { Verdict::Matches } else { Verdict::Differs };
            assert_eq!(look_at("^temp", long, &payload), at_start, "at {at}");
            assert_eq!(look_at("(?-u:\\btemp\\b)", long, &payload), Verdict::Differs, "at {at}");
        }
        assert_eq!(look_at("x$", long, &[b'x'; 10]), Verdict::Matches);
    }

    /// With no patience the result does not depend on the machine's speed: one part is searched, then none.
    #[test]
    fn a_payload_that_takes_too_long_is_given_up_and_says_where() {
        let payload = vec![b'a'; 1 << 20];
        let (pattern, mut searcher) = (Regex::new("a[ab]{60}[c-z0-9]").unwrap(), searcher(Duration::ZERO));
        let gave_up = Verdict::GaveUp { bytes: WHOLE_BYTES as u64 };
        assert_eq!(searcher.look_at(&pattern, &payload), gave_up);
        assert_eq!(
            searcher.look_at(&pattern, &payload[..WHOLE_BYTES]),
            Verdict::Differs,
            "one part is always looked at"
        );
    }
}
