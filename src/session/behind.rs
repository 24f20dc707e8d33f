//! What a recording holds from before a session's memory: the earlier messages of a topic, read back into the model a
//! page at a time, because a person looks at them.
//!
//! Each reader has a thread of its own, which waits between two pages until the next one is asked for. Dropping the
//! reader ends it.

use std::mem;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::Builder;

use crossbeam_channel::{Receiver, Sender, bounded};
use parking_lot::{FairMutex, Mutex};

use crate::message::Timestamp;
use crate::model::{EarlierEdge, EarlierTaken, EdgeWalk, Model, NodeId, SeriesId};
use crate::recording::failure::OpenFailure;
use crate::recording::{RecordedMessage, Recording};

/// A page has so many messages.
const PAGE_MESSAGES: usize = 2_000;
/// A page ends at so many bytes.
const PAGE_BYTES: usize = 4 << 20;
/// How many messages are added, or passed on the way to the oldest, while the model is locked.
const SLICE: usize = 256;
/// A topic's history is passed in larger slices: each costs a few hundredths of a microsecond.
const WALK_SLICE: usize = 8_192;

/// The recording behind a session.
#[derive(Clone, Debug)]
pub enum Behind {
    /// The one that the session shows.
    Shown(Arc<Recording>),
    /// The one that the session writes.
    Written {
        /// Its folder.
        folder: PathBuf,
        /// Whether it holds earlier sessions too.
        continues: bool,
    },
}

impl Behind {
    /// Opens the recording. What is being written is there up to the last quarter of a second.
    pub fn open(&self) -> Result<Arc<Recording>, OpenFailure> {
        match self {
            Self::Shown(recording) => Ok(recording.clone()),
            Self::Written { folder, .. } => Recording::open(folder).map(Arc::new),
        }
    }
}

/// What earlier messages are read for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EarlierFor {
    /// The history of a topic.
    History(NodeId),
    /// A plot's series of a topic's messages.
    Series(SeriesId, NodeId),
}

/// How far the earlier messages of a topic were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EarlierHistory {
    /// Nothing was read so far.
    NotRead,
    /// A page is being read.
    Reading,
    /// A page was read, and there is more.
    More,
    /// Everything was read.
    All,
    /// What was read fills the room for it.
    Full,
    /// The recording cannot be opened.
    Failed(OpenFailure),
}

/// Reads the earlier messages of a topic.
#[derive(Debug)]
pub struct EarlierReader {
    reads_for: EarlierFor,
    asked: Sender<()>,
    state: Arc<Mutex<EarlierHistory>>,
}

impl EarlierReader {
    /// Begins with the first page. `told` is called, from another thread, after each page.
    pub fn start(
        behind: Behind,
        model: Arc<FairMutex<Model>>,
        reads_for: EarlierFor,
        told: impl Fn() + Send + 'static,
    ) -> Self {
        let (asked, asks) = bounded(1);
        let state = Arc::new(Mutex::new(EarlierHistory::Reading));
        let work = Work { model, reads_for, state: state.clone(), asks, told: Box::new(told) };
        let spawned = Builder::new().name("earlier-messages".to_owned()).spawn(move || work.run(&behind));
        if let Err(error) = spawned {
            log::error!("cannot start to read earlier messages: {error}");
            *state.lock() = EarlierHistory::All;
        }
        Self { reads_for, asked, state }
    }

    /// What it reads for.
    pub fn reads_for(&self) -> EarlierFor {
        self.reads_for
    }

    /// How far it is.
    pub fn state(&self) -> EarlierHistory {
        self.state.lock().clone()
    }

    /// Asks for the next page, unless one is being read or there is none.
    pub fn ask(&self) {
        let mut state = self.state.lock();
        if *state == EarlierHistory::More && self.asked.try_send(()).is_ok() {
            *state = EarlierHistory::Reading;
        }
    }
}

/// What the thread works with.
struct Work {
    model: Arc<FairMutex<Model>>,
    reads_for: EarlierFor,
    state: Arc<Mutex<EarlierHistory>>,
    asks: Receiver<()>,
    told: Box<dyn Fn() + Send>,
}

/// Messages on their way into the model.
struct Page {
    topic: Vec<u8>,
    messages: Vec<RecordedMessage>,
    bytes: usize,
    /// How many messages of the edge's time are still to be passed over.
    to_skip: usize,
    edge: Timestamp,
}

impl Work {
    fn run(self, behind: &Behind) {
        let state = match behind.open() {
            Ok(recording) => {
                let state = self.read(&recording);
                recording.forget_topics();
                state
            }
            Err(failure) => Some(EarlierHistory::Failed(failure)),
        };
        if let Some(state) = state {
            self.tell(state);
        }
    }

    fn tell(&self, state: EarlierHistory) {
        *self.state.lock() = state;
        (self.told)();
    }

    /// Returns how it ended; `None` if nobody waits for more.
    fn read(&self, recording: &Recording) -> Option<EarlierHistory> {
        let (topic, EarlierEdge { arrived, same }) = self.begin();
        let mut page = Page { topic, messages: Vec::new(), bytes: 0, to_skip: same, edge: arrived };
        let topic = page.topic.clone();
        let ended = recording.history_until(&topic, arrived, |message| {
            if page.skips(&message) {
                return ControlFlow::Continue(());
            }
            page.bytes += message.payload.len();
            page.messages.push(message);
            if page.messages.len() < PAGE_MESSAGES && page.bytes < PAGE_BYTES {
                return ControlFlow::Continue(());
            }
            match self.add(&mut page) {
                EarlierTaken::Yes => {}
                EarlierTaken::Full => return ControlFlow::Break(Some(EarlierHistory::Full)),
                EarlierTaken::Gone => return ControlFlow::Break(None),
            }
            self.tell(EarlierHistory::More);
            if self.asks.recv().is_err() { ControlFlow::Break(None) } else { ControlFlow::Continue(()) }
        });
        match ended {
            ControlFlow::Break(state) => state,
            ControlFlow::Continue(()) => match self.add(&mut page) {
                EarlierTaken::Yes => Some(EarlierHistory::All),
                EarlierTaken::Full => Some(EarlierHistory::Full),
                EarlierTaken::Gone => None,
            },
        }
    }

    /// The topic, and where its earlier messages begin.
    fn begin(&self) -> (Vec<u8>, EarlierEdge) {
        match self.reads_for {
            EarlierFor::History(node) => {
                let mut walk = EdgeWalk::default();
                loop {
                    let mut model = self.model.lock();
                    if let Some(edge) = model.open_earlier(node, &mut walk, WALK_SLICE) {
                        return (model.topic_bytes(node), edge);
                    }
                }
            }
            EarlierFor::Series(id, node) => {
                let model = self.model.lock();
                let edge = model.series(id).and_then(crate::model::Series::edge).unwrap_or_default();
                (model.topic_bytes(node), edge)
            }
        }
    }

    /// Adds the page to the model and empties it.
    fn add(&self, page: &mut Page) -> EarlierTaken {
        page.bytes = 0;
        let messages = mem::take(&mut page.messages);
        for slice in messages.chunks(SLICE) {
            let mut model = self.model.lock();
            let mut slice = slice.iter().map(|message| message.of_topic(&page.topic));
            let taken = match self.reads_for {
                EarlierFor::History(node) => slice
                    .map(|message| model.add_earlier(node, &message))
                    .find(|taken| *taken != EarlierTaken::Yes)
                    .unwrap_or(EarlierTaken::Yes),
                EarlierFor::Series(id, _) if model.add_earlier_to_series(id, slice.by_ref()) => {
                    EarlierTaken::Yes
                }
                EarlierFor::Series(..) => EarlierTaken::Full,
            };
            if taken != EarlierTaken::Yes {
                return taken;
            }
        }
        EarlierTaken::Yes
    }
}

impl Page {
    /// Whether a message is held in memory anyway.
    fn skips(&mut self, message: &RecordedMessage) -> bool {
        let skips = message.arrived == self.edge && self.to_skip > 0;
        self.to_skip -= usize::from(skips);
        skips
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::{Duration, Instant};

    use super::*;
    use crate::message::{Batch, Flags, Payload};
    use crate::model::{Extractor, Limits};
    use crate::recording::{Facts, RecordOptions, Recorder};
    use crate::session::Session;

    /// How many messages the topic has.
    const MESSAGES: i64 = 5_000;
    /// What passes between two of them, so that most leave the memory.
    const BETWEEN: usize = 2_000;

    struct Number;

    impl Extractor for Number {
        fn value(&self, payload: &[u8]) -> Option<f64> {
            std::str::from_utf8(payload).ok()?.parse().ok()
        }
    }

    fn until(what: &str, mut is_so: impl FnMut() -> bool) {
        let end = Instant::now() + Duration::from_mins(2);
        while !is_so() {
            assert!(Instant::now() < end, "{what}");
            std::thread::yield_now();
        }
    }

    /// Two messages of the topic each millisecond, with much else between them.
    fn record(folder: &Path) {
        let recorder = Recorder::start(RecordOptions {
            segment_bytes_max: 1 << 20,
            waits: true,
            ..RecordOptions::new(folder, Facts::default())
        });
        let recorder = recorder.unwrap();
        let noise: Vec<u8> = (0..BETWEEN).map(|_| fastrand::alphanumeric() as u8).collect();
        let mut batch = Batch::default();
        for number in 0..MESSAGES {
            let at = Timestamp(number / 2 * 1_000);
            let payload = number.to_string();
            batch.push(b"a/number", Payload::Small(payload.as_bytes()), Flags::default(), None, at);
            batch.push(b"a/noise", Payload::Small(&noise), Flags::default(), None, at);
            if batch.len() >= 500 {
                batch = recorder.offer(batch);
            }
        }
        recorder.offer(batch);
        assert!(recorder.finish(Duration::from_mins(1)));
    }

    /// The recording as a session that holds a part of it, and the topic.
    fn shown(folder: &Path) -> (Session, NodeId) {
        let limits = Limits { history_bytes: 1 << 20, ..Limits::default() };
        let session = Session::open_recorded(Recording::open(folder).unwrap(), limits, Arc::new(|| ()));
        let mut node = None;
        until("the end of the recording", || {
            let mut model = session.model().lock();
            while model.roll_up(Timestamp(0)) {}
            node = model.find(b"a/number");
            let newest = node.and_then(|node| Some(model.node(node)?.topic?.newest.payload().to_vec()));
            newest.is_some_and(|newest| newest == (MESSAGES - 1).to_string().as_bytes())
        });
        (session, node.unwrap())
    }

    fn reader(session: &Session, reads_for: EarlierFor) -> EarlierReader {
        EarlierReader::start(session.behind().unwrap(), Arc::clone(session.model()), reads_for, || ())
    }

    /// Asks for page after page.
    fn read_all(reader: &EarlierReader) -> EarlierHistory {
        until("all pages", || {
            reader.ask();
            !matches!(reader.state(), EarlierHistory::Reading | EarlierHistory::More)
        });
        reader.state()
    }

    #[test]
    fn a_history_is_read_back_to_the_beginning_of_the_recording() {
        let folder = tempfile::tempdir().unwrap();
        record(folder.path());
        let (session, node) = shown(folder.path());
        let held = session.model().lock().history(node).count();
        assert!(held < MESSAGES as usize / 2, "{held}");

        let reader = reader(&session, EarlierFor::History(node));
        assert_eq!(read_all(&reader), EarlierHistory::All);
        let model = session.model().lock();
        let payloads: Vec<String> = model
            .history(node)
            .map(|stored| String::from_utf8_lossy(stored.payload()).into_owned())
            .collect();
        let expected: Vec<String> = (0..MESSAGES).rev().map(|number| number.to_string()).collect();
        assert!(payloads == expected, "{} of {}", payloads.len(), expected.len());
        let kept = model.node(node).unwrap().topic.unwrap().kept;
        assert_eq!(kept, MESSAGES as u64);
    }

    #[test]
    fn a_plot_is_filled_back_to_the_beginning_of_the_recording() {
        let folder = tempfile::tempdir().unwrap();
        record(folder.path());
        let (session, node) = shown(folder.path());
        let id = {
            let mut model = session.model().lock();
            let id = model.add_series(node, Box::new(Number)).unwrap();
            while model.fill_series() {}
            id
        };
        let held = session.model().lock().series(id).unwrap().len();
        assert!(held < MESSAGES as usize / 2, "{held}");

        let reader = reader(&session, EarlierFor::Series(id, node));
        assert_eq!(read_all(&reader), EarlierHistory::All);
        let model = session.model().lock();
        let series = model.series(id).unwrap();
        assert_eq!((series.len(), series.late()), (MESSAGES as usize, 0));
        let first = model.seconds(Timestamp(0));
        assert_eq!(series.span().map(|span| *span.start()), Some(first));
    }

    #[test]
    fn a_folder_that_is_gone_is_said() {
        let folder = tempfile::tempdir().unwrap();
        record(folder.path());
        let (session, node) = shown(folder.path());
        let gone = folder.path().join("gone");
        let behind = Behind::Written { folder: gone.clone(), continues: true };
        let model = Arc::clone(session.model());
        let reader = EarlierReader::start(behind, model, EarlierFor::History(node), || ());
        assert_eq!(read_all(&reader), EarlierHistory::Failed(OpenFailure::NoFolder { folder: gone }));
    }
}
