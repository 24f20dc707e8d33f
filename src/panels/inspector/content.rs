//! A message as the views need it: formatted, as text, compared. Made when a view first asks, above 64 KiB by a job.

use std::sync::Arc;

use bytes::Bytes;
use eframe::egui::Context;

use crate::panels::inspector::diff_view::DiffLines;
use crate::panels::inspector::lines::{Broken, Lines};
use crate::panels::inspector::message::Message;
use crate::payload::diff::{DiffOptions, diff};
use crate::payload::document::{Document, Notes};
use crate::payload::image::{self, ImageInfo};
use crate::payload::{Kind, Limits, detect, json, number_of};
use crate::ui::job::{Job, Progress};
use crate::words::{Label, clipboard};

/// Larger payloads are decoded by a job.
const DECODE_NOW_BYTES: usize = 64 * 1024;
/// Larger ones are compared by a job: comparing costs more than decoding.
const COMPARE_NOW_BYTES: usize = 4 * 1024;

/// A way to look at a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// JSON, formatted.
    Tree,
    /// Text as sent.
    Text,
    /// Bytes.
    Hex,
    /// What changed since the message before.
    Diff,
    /// What the header of a picture says.
    Image,
}

/// Something that is made when it is needed.
#[derive(Debug)]
enum Slot<T> {
    Empty,
    Working {
        job: Job<Option<T>>,
        since: f64,
    },
    Ready(T),
    /// Its thread ended without a result.
    Failed,
}

impl<T: Send + 'static> Slot<T> {
    fn poll(&mut self) {
        let Self::Working { job, .. } = self else { return };
        match job.poll() {
            Progress::Running => {}
            Progress::Done(Some(value)) => *self = Self::Ready(value),
            Progress::Done(None) | Progress::Failed => *self = Self::Failed,
        }
    }

    /// Makes it now if it is `small`, else by a job.
    fn start(&mut self, make: Make<'_>, work: impl FnOnce(&dyn Fn() -> bool) -> Option<T> + Send + 'static) {
        if !matches!(self, Self::Empty) {
            return;
        }
        *self = if make.small {
            work(&crate::payload::never).map_or(Self::Failed, Self::Ready)
        } else {
            let job = Job::spawn("decode payload", make.ctx, move |cancel| work(&|| cancel.is_cancelled()));
            Self::Working { job, since: make.now }
        };
    }

    fn ready(&self) -> Option<&T> {
        if let Self::Ready(value) = self { Some(value) } else { None }
    }

    fn ready_mut(&mut self) -> Option<&mut T> {
        if let Self::Ready(value) = self { Some(value) } else { None }
    }

    fn state(&self) -> State {
        match self {
            Self::Empty => State::Waiting { since: f64::INFINITY },
            Self::Working { since, .. } => State::Waiting { since: *since },
            Self::Ready(_) => State::Ready,
            Self::Failed => State::Failed,
        }
    }
}

/// How something is made.
#[derive(Clone, Copy)]
struct Make<'a> {
    ctx: &'a Context,
    now: f64,
    small: bool,
}

/// Where a view stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum State {
    /// Being made since this time of egui's clock.
    Waiting {
        /// Infinity if nobody has asked yet.
        since: f64,
    },
    /// It can be drawn, even if only to say why there is nothing to see.
    Ready,
    /// Its thread ended without a result.
    Failed,
}

/// A document in rows, and the job that breaks its lines for another width.
#[derive(Debug)]
pub struct Laid {
    /// The rows.
    pub lines: Lines,
    /// Why a text that begins like JSON is not JSON.
    pub json_fault: Option<String>,
    breaking: Option<Job<Option<Broken>>>,
}

/// What a payload looks like as a document, or why it is none.
pub type Decoded = Result<Laid, String>;

/// What changed since the message before.
#[derive(Debug)]
pub enum Comparison {
    /// The message before is not held, or there is none.
    NothingBefore,
    /// It cannot be compared; why.
    Fault(String),
    /// What changed.
    Changes(DiffLines),
}

/// A message and what was made of it.
#[derive(Debug)]
pub struct Content {
    /// The message.
    pub message: Message,
    /// What its payload seems to be.
    pub kind: Kind,
    /// What its header says, if it is a picture.
    pub image: Option<ImageInfo>,
    /// Whether the whole payload is a number.
    pub is_number: bool,
    tree: Slot<Decoded>,
    text: Slot<Decoded>,
    comparison: Slot<Comparison>,
}

impl Content {
    /// Of a message; nothing is made yet.
    pub fn new(message: Message) -> Self {
        let payload = &message.payload;
        Self {
            kind: detect(payload),
            image: image::probe(payload),
            is_number: number_of(payload).is_some(),
            message,
            tree: Slot::Empty,
            text: Slot::Empty,
            comparison: Slot::Empty,
        }
    }

    /// The view that suits the payload best: what turns out not to be JSON after all is text.
    pub fn best_view(&self) -> View {
        match self.kind {
            Kind::Json if matches!(&self.tree, Slot::Ready(Err(_))) => View::Text,
            Kind::Json => View::Tree,
            Kind::Empty | Kind::Text => View::Text,
            Kind::Image(_) => View::Image,
            Kind::Binary => View::Hex,
        }
    }

    /// Begins what the view needs, and takes what jobs have made. `before` gives the payload of the message before.
    pub fn prepare(
        &mut self,
        view: View,
        columns: usize,
        ctx: &Context,
        now: f64,
        before: impl FnOnce() -> Option<Bytes>,
    ) {
        let make = Make { ctx, now, small: self.message.payload.len() <= DECODE_NOW_BYTES };
        let payload = self.message.payload.clone();
        match view {
            View::Tree => self.tree.start(make, move |cancel| {
                let document = json::pretty(&payload, &Limits::default(), cancel);
                lay(document.map_err(|error| error.to_string()), columns, cancel)
            }),
            View::Text => self.text.start(make, move |cancel| {
                let document = Document::from_text(&payload, &Limits::default(), cancel);
                let laid = lay(document.map_err(|error| error.to_string()), columns, cancel)?;
                Some(laid.map(|laid| Laid { json_fault: json_fault(&payload, cancel), ..laid }))
            }),
            View::Diff if matches!(self.comparison, Slot::Empty) => {
                let before = before();
                let bytes = payload.len().max(before.as_ref().map_or(0, Bytes::len));
                let make = Make { small: bytes <= COMPARE_NOW_BYTES, ..make };
                self.comparison
                    .start(make, move |cancel| Some(compare(before.as_ref(), &payload, columns, cancel)));
            }
            View::Hex | View::Diff | View::Image => {}
        }
        self.tree.poll();
        self.text.poll();
        self.comparison.poll();
    }

    /// Whether the view can be drawn.
    pub fn state(&self, view: View) -> State {
        match view {
            View::Tree => self.tree.state(),
            View::Text => self.text.state(),
            View::Diff => self.comparison.state(),
            View::Hex | View::Image => State::Ready,
        }
    }

    /// The comparison with the message before; `None` if it is not ready.
    pub fn comparison_mut(&mut self) -> Option<&mut Comparison> {
        self.comparison.ready_mut()
    }

    /// The comparison with the message before; `None` if it is not ready.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.comparison.ready()
    }

    /// The document of a view; `None` if it is not ready.
    pub fn document_mut(&mut self, view: View) -> Option<&mut Decoded> {
        match view {
            View::Tree => self.tree.ready_mut(),
            View::Text => self.text.ready_mut(),
            View::Hex | View::Diff | View::Image => None,
        }
    }

    /// The document of a view, if there is one.
    pub fn laid(&self, view: View) -> Option<&Laid> {
        let decoded = match view {
            View::Tree => self.tree.ready(),
            View::Text => self.text.ready(),
            View::Hex | View::Diff | View::Image => None,
        };
        decoded?.as_ref().ok()
    }

    /// What a person should know about the document of a view.
    pub fn notes(&self, view: View) -> Notes {
        self.laid(view).map_or_else(Notes::default, |laid| laid.lines.document().notes())
    }

    /// Closes what was closed in the message shown before, so that following a topic does not open it all again.
    pub fn take_folds(&mut self, before: &Self) {
        if let (Some(old), Some(Ok(new))) = (before.laid(View::Tree), self.tree.ready_mut()) {
            new.lines.take_folds(&old.lines);
        }
    }
}

fn lay(document: Result<Document, String>, columns: usize, cancel: &dyn Fn() -> bool) -> Option<Decoded> {
    match document {
        Err(reason) => Some(Err(reason)),
        Ok(document) => {
            let document = Arc::new(document);
            let broken = Broken::find(&document, columns, cancel)?;
            Some(Ok(Laid { lines: Lines::new(document, Arc::new(broken)), json_fault: None, breaking: None }))
        }
    }
}

/// Why a payload that begins like JSON is none. Several values in a row are JSON here, so a fault of the one value is
/// only believed if the layout finds one too; the check alone needs no memory.
fn json_fault(payload: &[u8], cancel: &dyn Fn() -> bool) -> Option<String> {
    if !matches!(payload.trim_ascii_start().first(), Some(b'{' | b'[')) {
        return None;
    }
    let limits = Limits::default();
    json::validate(payload, &limits, cancel).err()?;
    json::pretty(payload, &limits, cancel).err().map(|error| error.to_string())
}

fn compare(before: Option<&Bytes>, payload: &Bytes, columns: usize, cancel: &dyn Fn() -> bool) -> Comparison {
    let Some(before) = before else { return Comparison::NothingBefore };
    match diff(before, payload, &DiffOptions::default(), cancel) {
        Ok(diff) => Comparison::Changes(DiffLines::new(diff, columns)),
        Err(error) => Comparison::Fault(error.to_string()),
    }
}

impl Laid {
    /// Breaks the lines for `columns`: at once if the document is small, else when a job has done it. Until then the
    /// rows are as they were.
    pub fn fit(&mut self, columns: usize, ctx: &Context) {
        if let Some(job) = &self.breaking {
            match job.poll() {
                Progress::Running => return,
                Progress::Done(Some(broken)) => self.lines.set_broken(Arc::new(broken)),
                Progress::Done(None) | Progress::Failed => {}
            }
            self.breaking = None;
        }
        if self.lines.columns() == columns {
            return;
        }
        let document = Arc::clone(self.lines.document());
        if document.heap_bytes() <= DECODE_NOW_BYTES {
            if let Some(broken) = Broken::find(&document, columns, &crate::payload::never) {
                self.lines.set_broken(Arc::new(broken));
            }
        } else {
            let work = move |cancel: &crate::ui::job::Cancel| {
                Broken::find(&document, columns, &|| cancel.is_cancelled())
            };
            self.breaking = Some(Job::spawn("break lines", ctx, work));
        }
    }
}

/// The payload as text for the clipboard, and what to call it: exact if it is UTF-8, else hexadecimal digits.
pub fn clipboard_text(payload: &Bytes) -> (Label, String) {
    match str::from_utf8(payload) {
        Ok(text) => (clipboard::PAYLOAD, text.to_owned()),
        Err(_) => (clipboard::PAYLOAD_AS_HEX, hex_digits(payload)),
    }
}

fn hex_digits(payload: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = String::with_capacity(payload.len() * 3);
    for (index, byte) in payload.iter().enumerate() {
        if index > 0 {
            text.push(' ');
        }
        text.push(char::from(DIGITS[usize::from(byte >> 4)]));
        text.push(char::from(DIGITS[usize::from(byte & 15)]));
    }
    text
}
