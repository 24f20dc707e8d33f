//! A message as the views need it: decoded, and compared with the previous message. Both happen when a view first asks,
//! in a job above a certain size.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::Bytes;
use eframe::egui::Context;

use crate::panels::inspector::comparison::{Comparison, Other, compare};
use crate::panels::inspector::document_rows::{Broken, DocumentRows};
use crate::panels::inspector::find_bar::Haystack;
use crate::panels::inspector::message::InspectedMessage;
use crate::panels::inspector::picture_view::PictureView;
use crate::payload::decode::{Choice, DECODERS, DecodeError, Decoded, Fit, Fits, Format, Shape, decode};
use crate::payload::document::{Document, DocumentKind, Folds, Notes};
use crate::payload::query::number_of;
use crate::payload::{DecodeLimits, LimitError, Packing, hex};
use crate::ui::job::{Job, JobProgress};
use crate::words::{Label, inspector as words};

/// Larger payloads are decoded in a job.
const DECODE_NOW_BYTES: usize = 64 * 1024;
/// Larger payloads are compared in a job: comparing costs more than decoding.
const COMPARE_NOW_BYTES: usize = 4 * 1024;

/// Bytes of a payload per look of a job whether it is still wanted, over all its passes, where lines are of usual length.
const BYTES_PER_LOOK: usize = 50_000;

/// A way to look at a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PayloadView {
    /// As a decoder presents it.
    As(Format),
    /// As a comparison with the previous message.
    Diff,
    /// As what a query gives.
    Query,
}

/// A result that is made when it is needed.
#[derive(Debug)]
enum Slot<T> {
    Empty,
    Working {
        job: Job<Option<T>>,
        since: f64,
        work: Arc<WorkDone>,
    },
    Ready(T),
    /// The job ended without a result.
    Failed,
    /// A person did not want to wait for it.
    Cancelled,
}

/// How far a job is.
#[derive(Debug)]
struct WorkDone {
    /// How often it looked whether its result is still wanted, which it does after about the same amount of work.
    looks: AtomicUsize,
    /// How often it will, more or less.
    expected: usize,
}

impl WorkDone {
    fn of(bytes: usize) -> Arc<Self> {
        Arc::new(Self { looks: AtomicUsize::new(0), expected: bytes / BYTES_PER_LOOK + 1 })
    }

    /// From 0 to just below 1.
    fn share(&self) -> f32 {
        (self.looks.load(Ordering::Relaxed) as f32 / self.expected as f32).min(0.99)
    }
}

impl<T: Send + 'static> Slot<T> {
    fn poll(&mut self) {
        let Self::Working { job, .. } = self else { return };
        match job.poll() {
            JobProgress::Running => {}
            JobProgress::Done(Some(value)) => *self = Self::Ready(value),
            JobProgress::Done(None) | JobProgress::Failed => *self = Self::Failed,
        }
    }

    /// Makes the result now if it is `small`, otherwise in a job.
    fn start(&mut self, make: Make<'_>, work: impl FnOnce(&dyn Fn() -> bool) -> Option<T> + Send + 'static) {
        if !matches!(self, Self::Empty) {
            return;
        }
        *self = if make.small {
            work(&crate::payload::never).map_or(Self::Failed, Self::Ready)
        } else {
            let done = WorkDone::of(make.bytes);
            let theirs = Arc::clone(&done);
            let job = Job::spawn("decode payload", make.ctx, move |cancel| {
                work(&|| {
                    theirs.looks.fetch_add(1, Ordering::Relaxed);
                    cancel.is_cancelled()
                })
            });
            Self::Working { job, since: make.now, work: done }
        };
    }

    fn ready(&self) -> Option<&T> {
        if let Self::Ready(value) = self { Some(value) } else { None }
    }

    fn ready_mut(&mut self) -> Option<&mut T> {
        if let Self::Ready(value) = self { Some(value) } else { None }
    }

    /// Stops the job, if there is one.
    fn cancel(&mut self) {
        if let Self::Working { .. } = self {
            *self = Self::Cancelled;
        }
    }

    /// Lets a result be made that was cancelled.
    fn resume(&mut self) {
        if let Self::Cancelled = self {
            *self = Self::Empty;
        }
    }

    fn share(&self) -> f32 {
        if let Self::Working { work, .. } = self { work.share() } else { 0.0 }
    }

    fn readiness(&self) -> Readiness {
        match self {
            Self::Empty => Readiness::Waiting { since: f64::INFINITY },
            Self::Working { since, .. } => Readiness::Waiting { since: *since },
            Self::Ready(_) => Readiness::Ready,
            Self::Failed => Readiness::Failed,
            Self::Cancelled => Readiness::Cancelled,
        }
    }
}

/// How a result is made.
#[derive(Clone, Copy)]
struct Make<'a> {
    ctx: &'a Context,
    now: f64,
    small: bool,
    /// Size of what is worked on.
    bytes: usize,
}

/// Whether a view can be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Readiness {
    /// In progress since this time of egui's clock.
    Waiting {
        /// Start time; infinity if nobody has asked yet.
        since: f64,
    },
    /// Ready to draw, even if only to say why there is nothing to see.
    Ready,
    /// The job ended without a result.
    Failed,
    /// A person did not want to wait for it.
    Cancelled,
}

/// A document in rows, and the job that rewraps its lines for another width.
#[derive(Debug)]
pub struct Laid {
    /// The rows.
    pub rows: DocumentRows,
    breaking: Option<Job<Option<Broken>>>,
    folding: Option<Job<Option<Folds>>>,
}

/// A decoded payload, ready to draw.
#[derive(Debug)]
pub enum Drawing {
    /// Rows of text.
    Rows(Laid),
    /// Rows of bytes, made from the payload itself.
    Bytes,
    /// A picture, whose pixels are decoded when it is shown.
    Picture(PictureView),
}

/// What a format's view draws, or why the payload cannot be decoded.
pub type Decoding = Result<Drawing, DecodeError>;

/// A message and everything made from it.
#[derive(Debug)]
pub struct Content {
    /// The message.
    pub message: InspectedMessage,
    /// The payload's likely format; `None` if it is empty.
    pub format: Option<Format>,
    /// Whether the whole payload is a number.
    pub is_number: bool,
    fits: Fits,
    limits: DecodeLimits,
    /// How the payload is to be read; `None`: as its bytes suggest.
    choice: Option<Choice>,
    /// Whether a person's rule says so. Then the view says what is wrong instead of giving way to another one.
    is_ruled: bool,
    /// One result per format, in the order of the table.
    decodings: [Slot<Decoding>; DECODERS.len()],
    comparison: Slot<Comparison>,
}

impl Content {
    /// Creates the content of a message, to be read by this choice if there is one, and whether a person's rule made it;
    /// nothing is decoded yet.
    pub fn new(
        message: InspectedMessage,
        choice: Option<Choice>,
        is_ruled: bool,
        limits: DecodeLimits,
    ) -> Self {
        let payload = &message.payload;
        let mut fits = Fits::of(payload);
        if let Some(choice) = &choice {
            fits.choose(choice.format());
        }
        Self {
            is_ruled: is_ruled && choice.is_some(),
            choice,
            format: fits.best(|_| true).filter(|_| !payload.is_empty()),
            fits,
            limits,
            is_number: number_of(payload).is_some(),
            message,
            decodings: std::array::from_fn(|_| Slot::Empty),
            comparison: Slot::Empty,
        }
    }

    /// What may come out of the payload.
    pub fn limits(&self) -> DecodeLimits {
        self.limits
    }

    /// The available views, in the order of their tabs.
    pub fn views(&self) -> impl Iterator<Item = PayloadView> {
        self.fits.offered().map(PayloadView::As).chain([PayloadView::Diff, PayloadView::Query])
    }

    /// The view that suits the payload best. If decoding shows that the guessed format was wrong, another one is used; if it
    /// only became too large, its view says so.
    pub fn best_view(&self) -> PayloadView {
        let ruled = self.choice.as_ref().filter(|_| self.is_ruled);
        if let Some(choice) = ruled {
            return PayloadView::As(choice.format());
        }
        let is_readable = |format| match self.slot(format).and_then(Slot::ready) {
            Some(Err(error)) => matches!(error, DecodeError::Limit(LimitError::TooLarge { .. })),
            _ => true,
        };
        PayloadView::As(self.fits.best(is_readable).unwrap_or(Format::Hex))
    }

    /// Whether a view chosen for a payload of another format makes sense for this one.
    pub fn suits(&self, view: PayloadView, chosen_for: Option<Format>) -> bool {
        match view {
            PayloadView::As(format) => {
                let fit = self.fits.of_format(format);
                fit >= Fit::Possible || (fit == Fit::Unlikely && self.format == chosen_for)
            }
            PayloadView::Diff | PayloadView::Query => true,
        }
    }

    /// What a view reads the payload with; `None` for the comparison.
    pub fn seen_by(&self, view: PayloadView) -> Option<Choice> {
        let PayloadView::As(format) = view else { return None };
        let choice = self.choice.clone().filter(|choice| choice.format() == format);
        Some(choice.unwrap_or_else(|| Choice::plain(format)))
    }

    fn slot(&self, format: Format) -> Option<&Slot<Decoding>> {
        self.decodings.get(format as usize)
    }

    /// Starts what the view needs and collects finished jobs. `other` returns what to compare with.
    pub fn prepare(
        &mut self,
        view: PayloadView,
        columns: usize,
        ctx: &Context,
        now: f64,
        other: impl FnOnce(&InspectedMessage) -> Other,
    ) {
        let payload = self.message.payload.clone();
        let linked = self.linked_format().filter(|_| view == PayloadView::As(Format::Hex));
        if let Some(linked) = linked {
            self.start_decoding(linked, columns, ctx, now);
        }
        match view {
            PayloadView::As(format) => self.start_decoding(format, columns, ctx, now),
            PayloadView::Diff if matches!(self.comparison, Slot::Empty) => {
                let other = other(&self.message);
                let bytes = payload.len().max(other.bytes());
                let make = Make { ctx, now, small: bytes <= COMPARE_NOW_BYTES, bytes };
                let choice = self.choice.clone();
                self.comparison.start(make, move |cancel| {
                    Some(compare(payload, choice.as_ref(), other, columns, cancel))
                });
            }
            PayloadView::Diff | PayloadView::Query => {}
        }
        self.decodings.iter_mut().for_each(Slot::poll);
        self.comparison.poll();
        self.prepare_picture(view, ctx);
    }

    fn start_decoding(&mut self, format: Format, columns: usize, ctx: &Context, now: f64) {
        let payload = self.message.payload.clone();
        let choice = self.choice.clone().filter(|choice| choice.format() == format);
        let choice = choice.unwrap_or_else(|| Choice::plain(format));
        let small = match choice.decoder().shape() {
            Shape::Tree | Shape::Text => payload.len() <= DECODE_NOW_BYTES && !choice.is_slow(),
            // Their cost does not depend on the size.
            Shape::Bytes | Shape::Picture => true,
        };
        if let Some(slot) = self.decodings.get_mut(format as usize) {
            let limits = self.limits;
            slot.start(Make { ctx, now, small, bytes: payload.len() }, move |cancel| {
                draw(decode(choice.decoder(), &payload, &limits, cancel), columns, cancel)
            });
        }
    }

    /// Prepares the picture if it is the current view, and releases it otherwise.
    fn prepare_picture(&mut self, view: PayloadView, ctx: &Context) {
        let payload = self.message.payload.clone();
        for (index, (format, _)) in DECODERS.iter().enumerate() {
            let slot = self.decodings.get_mut(index).and_then(Slot::ready_mut);
            if let Some(Ok(Drawing::Picture(picture))) = slot {
                if view == PayloadView::As(*format) {
                    picture.prepare(&payload, ctx);
                } else {
                    picture.release();
                }
            }
        }
    }

    /// Releases all drawn pictures, because nobody is looking at the message any more.
    pub fn release_pictures(&mut self) {
        for slot in &mut self.decodings {
            if let Some(Ok(Drawing::Picture(picture))) = slot.ready_mut() {
                picture.release();
            }
        }
    }

    /// How far the job for a view is, from 0 to 1.
    pub fn share(&self, view: PayloadView) -> f32 {
        match view {
            PayloadView::As(format) => self.slot(format).map_or(0.0, Slot::share),
            PayloadView::Diff => self.comparison.share(),
            PayloadView::Query => 0.0,
        }
    }

    /// Stops the job for a view; it is not begun again by itself.
    pub fn cancel(&mut self, view: PayloadView) {
        match view {
            PayloadView::As(format) => {
                if let Some(slot) = self.decodings.get_mut(format as usize) {
                    slot.cancel();
                }
            }
            PayloadView::Diff => self.comparison.cancel(),
            PayloadView::Query => {}
        }
    }

    /// Lets a job begin again that was stopped.
    pub fn resume(&mut self, view: PayloadView) {
        match view {
            PayloadView::As(format) => {
                if let Some(slot) = self.decodings.get_mut(format as usize) {
                    slot.resume();
                }
            }
            PayloadView::Diff => self.comparison.resume(),
            PayloadView::Query => {}
        }
    }

    /// Whether the view can be drawn.
    pub fn readiness(&self, view: PayloadView) -> Readiness {
        match view {
            PayloadView::As(format) => self.slot(format).map_or(Readiness::Failed, Slot::readiness),
            PayloadView::Diff => self.comparison.readiness(),
            PayloadView::Query => Readiness::Ready,
        }
    }

    /// Whether the comparison is ready, or nobody has asked for it.
    pub fn is_compared(&self) -> bool {
        !matches!(self.comparison, Slot::Working { .. })
    }

    /// Discards the comparison, because there is something else to compare with.
    pub fn forget_comparison(&mut self) {
        self.comparison = Slot::Empty;
    }

    /// The comparison with the previous message, for changing it; `None` if it is not ready.
    pub fn comparison_mut(&mut self) -> Option<&mut Comparison> {
        self.comparison.ready_mut()
    }

    /// The comparison with the previous message; `None` if it is not ready.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.comparison.ready()
    }

    /// What a format's view draws; `None` if it is not ready.
    pub fn decoding_mut(&mut self, format: Format) -> Option<&mut Decoding> {
        self.decodings.get_mut(format as usize)?.ready_mut()
    }

    /// The rows of a view of values, if it is one and ready.
    pub fn rows(&self, view: PayloadView) -> Option<&DocumentRows> {
        let rows = self.laid(view).map(|laid| &laid.rows)?;
        (rows.document().kind() == DocumentKind::Json).then_some(rows)
    }

    /// The rows of a view of values, for changing them.
    pub fn rows_mut(&mut self, view: PayloadView) -> Option<&mut DocumentRows> {
        let PayloadView::As(format) = view else { return None };
        match self.decoding_mut(format)? {
            Ok(Drawing::Rows(laid)) => {
                Some(&mut laid.rows).filter(|rows| rows.document().kind() == DocumentKind::Json)
            }
            Ok(Drawing::Bytes | Drawing::Picture(_)) | Err(_) => None,
        }
    }

    /// The format whose values are linked with the bytes of the hex view.
    pub fn linked_format(&self) -> Option<Format> {
        let knows = |format: &Format| {
            matches!(format, Format::Cbor | Format::MessagePack | Format::Protobuf | Format::Struct)
        };
        let chosen = self.choice.as_ref().map(Choice::format);
        let of_bytes = || self.fits.offered().find(|format| knows(format));
        chosen.filter(knows).or_else(of_bytes)
    }

    /// What a search in a view looks at; `None` if the view has no text, or is not ready.
    pub fn haystack(&self, view: PayloadView) -> Option<Haystack> {
        if let Some(laid) = self.laid(view) {
            return Some(Haystack::Document(Arc::clone(laid.rows.document())));
        }
        let PayloadView::As(format) = view else { return None };
        let is_bytes = matches!(self.slot(format)?.ready()?, Ok(Drawing::Bytes));
        is_bytes.then(|| Haystack::Bytes(self.message.payload.clone()))
    }

    /// The document of a view, if it has one.
    fn laid(&self, view: PayloadView) -> Option<&Laid> {
        let PayloadView::As(format) = view else { return None };
        match self.slot(format)?.ready()? {
            Ok(Drawing::Rows(laid)) => Some(laid),
            Ok(Drawing::Bytes | Drawing::Picture(_)) | Err(_) => None,
        }
    }

    /// The layers the payload is packed in, from the outside in, if the view shows what is inside.
    pub fn packings(&self, view: PayloadView) -> &[Packing] {
        match view {
            PayloadView::As(format) if format.decoder().shape() != Shape::Bytes => self.fits.packings(),
            PayloadView::As(_) | PayloadView::Diff | PayloadView::Query => &[],
        }
    }

    /// Notes for the person about a view's document.
    pub fn notes(&self, view: PayloadView) -> Notes {
        self.laid(view).map_or_else(Notes::default, |laid| laid.rows.document().notes())
    }

    /// Keeps folds closed in the previous message closed, so that following a topic does not reopen them, and keeps its
    /// picture until there is a new one.
    pub fn take_over(&mut self, before: &Self) {
        for (format, _) in DECODERS {
            let old = before.slot(*format).and_then(Slot::ready);
            match (old, self.decoding_mut(*format)) {
                (Some(Ok(Drawing::Rows(old))), Some(Ok(Drawing::Rows(new)))) => {
                    new.rows.take_folds(&old.rows);
                }
                (Some(Ok(Drawing::Picture(old))), Some(Ok(Drawing::Picture(new)))) => new.take_before(old),
                _ => {}
            }
        }
    }
}

fn draw(
    decoded: Result<Decoded, DecodeError>,
    columns: usize,
    cancel: &dyn Fn() -> bool,
) -> Option<Decoding> {
    Some(match decoded {
        Ok(Decoded::Document(document)) => Ok(Drawing::Rows(Laid::new(document, columns, cancel)?)),
        Ok(Decoded::Bytes) => Ok(Drawing::Bytes),
        Ok(Decoded::Image(image)) => Ok(Drawing::Picture(PictureView::new(image))),
        Err(error) => Err(error),
    })
}

impl Laid {
    /// Wraps the lines of a document to `columns`; `None` if cancelled.
    pub fn new(document: Document, columns: usize, cancel: &dyn Fn() -> bool) -> Option<Self> {
        let document = Arc::new(document);
        let broken = Broken::find(&document, columns, cancel)?;
        Some(Self { rows: DocumentRows::new(document, Arc::new(broken)), breaking: None, folding: None })
    }

    /// Wraps the lines to `columns`: at once if the document is small, otherwise in a job. Until that finishes the rows
    /// stay as they were.
    pub fn fit(&mut self, columns: usize, ctx: &Context) {
        self.fold(ctx);
        if let Some(job) = &self.breaking {
            match job.poll() {
                JobProgress::Running => return,
                JobProgress::Done(Some(broken)) => self.rows.set_broken(Arc::new(broken)),
                JobProgress::Done(None) | JobProgress::Failed => {}
            }
            self.breaking = None;
        }
        if self.rows.columns() == columns {
            return;
        }
        let document = Arc::clone(self.rows.document());
        if document.heap_bytes() <= DECODE_NOW_BYTES {
            if let Some(broken) = Broken::find(&document, columns, &crate::payload::never) {
                self.rows.set_broken(Arc::new(broken));
            }
        } else {
            let work = move |cancel: &crate::ui::job::Cancel| {
                Broken::find(&document, columns, &|| cancel.is_cancelled())
            };
            self.breaking = Some(Job::spawn("break lines", ctx, work));
        }
    }
}

impl Laid {
    /// Folds to the level that was asked for: at once if the document is small, otherwise in a job.
    fn fold(&mut self, ctx: &Context) {
        if let Some(job) = &self.folding {
            match job.poll() {
                JobProgress::Running => {}
                JobProgress::Done(Some(folds)) => {
                    self.rows.set_folds(folds);
                    self.folding = None;
                }
                JobProgress::Done(None) | JobProgress::Failed => self.folding = None,
            }
        }
        let Some(level) = self.rows.take_wanted_level() else { return };
        let document = Arc::clone(self.rows.document());
        if document.heap_bytes() <= DECODE_NOW_BYTES {
            if let Some(folds) = Folds::to_level(&document, level, &crate::payload::never) {
                self.rows.set_folds(folds);
            }
        } else {
            self.folding = Some(Job::spawn("fold payload", ctx, move |cancel| {
                Folds::to_level(&document, level, &|| cancel.is_cancelled())
            }));
        }
    }
}

/// The payload as clipboard text, and what to call it: the exact text if it is UTF-8, otherwise hexadecimal digits.
pub fn clipboard_text(payload: &Bytes) -> (Label, String) {
    match str::from_utf8(payload) {
        Ok(text) => (words::PAYLOAD, text.to_owned()),
        Err(_) => (words::PAYLOAD_AS_HEX, hex::spaced(payload)),
    }
}
