//! What shows, as text or as a picture, on the clipboard or in a file. A job writes it, with progress.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use bytes::Bytes;
use eframe::egui::{Align2, ColorImage, Context, Rect, pos2};

use crate::command::{Action, Actions, Notice};
use crate::message::Timestamp;
use crate::panels::plots::csv::{CLIPBOARD_BYTES_MAX, FILE_BYTES_MAX, TableWriting, Values};
use crate::panels::plots::marks::{self, PlotMark};
use crate::panels::plots::picture::{CHARACTER, PlotPicture, PlotSubject, picture};
use crate::panels::plots::raster::{Canvas, png};
use crate::panels::plots::viewport::Range;
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words::{clipboard, plots as words};

/// What is exported, and where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExportKind {
    /// Values on the clipboard, one a line.
    CopyCsv,
    /// A picture on the clipboard.
    CopyImage,
    /// Values in a file, one a line.
    Csv,
    /// Values in a file, one column a series.
    Aligned,
    /// A picture in a file.
    Png,
    /// A drawing in a file.
    Svg,
}

/// What a job made.
#[derive(Debug)]
enum Exported {
    Text(String),
    Image(ColorImage),
    File(&'static str, Bytes),
    TooMuch(usize),
    Nothing,
}

/// An export on its way.
#[derive(Debug)]
pub struct Export {
    job: Job<Exported>,
    /// Thousandths that are done.
    done: Arc<AtomicU32>,
}

/// How often an export shows how far it is.
const LOOK: Duration = Duration::from_millis(100);
/// Height of a line of the legend of a picture.
const LEGEND_ROW: f32 = 18.0;
/// The most series in the legend of a picture.
const LEGEND_MAX: usize = 60;

impl Export {
    /// Writes values.
    pub fn of_values(
        kind: ExportKind,
        ctx: &Context,
        values: Vec<Values>,
        origin: Timestamp,
        shown: Range,
    ) -> Self {
        let done = Arc::new(AtomicU32::new(0));
        let theirs = Arc::clone(&done);
        let job = Job::spawn("values as CSV", ctx, move |cancel| {
            let told = |seconds: f64| {
                let share = (seconds - shown.from) / shown.length();
                theirs.store((share.clamp(0.0, 1.0) * 1e3) as u32, Ordering::Relaxed);
                !cancel.is_cancelled()
            };
            let to_clipboard = kind == ExportKind::CopyCsv;
            let bytes_max = if to_clipboard { CLIPBOARD_BYTES_MAX } else { FILE_BYTES_MAX };
            let writing = TableWriting { origin, bytes_max, told: &told };
            let text =
                if kind == ExportKind::Aligned { writing.aligned(&values) } else { writing.raw(&values) };
            match text {
                None if cancel.is_cancelled() => Exported::Nothing,
                None => Exported::TooMuch(bytes_max),
                Some(text) if to_clipboard => Exported::Text(text),
                Some(text) => Exported::File("plot.csv", Bytes::from(text)),
            }
        });
        Self { job, done }
    }

    /// Draws a plot again, with a legend, and writes that.
    pub fn of_picture(kind: ExportKind, ctx: &Context, of: &PlotSubject<'_>, area: Rect) -> Self {
        let picture = picture(of, area);
        let (legend, height) = legend(of, area);
        let whole = area.with_max_y(area.bottom() + height).expand(8.0);
        let ground = of.t.surface_0;
        let done = Arc::new(AtomicU32::new(0));
        let PlotPicture { mut rest, inside, frame, .. } = picture;
        rest.extend(legend);
        if kind == ExportKind::Svg {
            let write = move |_: &_| {
                let text = marks::svg(whole, ground, &rest, frame, &inside);
                Exported::File("plot.svg", Bytes::from(text))
            };
            return Self { job: Job::spawn("plot as SVG", ctx, write), done };
        }
        let mut shapes = Vec::new();
        for (clip, marks) in [(whole, &rest), (frame, &inside)] {
            let mut of_marks = Vec::new();
            for mark in marks {
                mark.shapes(ctx, &mut of_marks);
            }
            shapes.extend(of_marks.into_iter().map(|shape| (clip, shape)));
        }
        let canvas = Canvas::new(ctx, shapes, whole, ground);
        let job = Job::spawn("plot as a picture", ctx, move |_| {
            let image = canvas.fill();
            if kind == ExportKind::CopyImage {
                return Exported::Image(image);
            }
            png(&image).map_or(Exported::Nothing, |png| Exported::File("plot.png", Bytes::from(png)))
        });
        Self { job, done }
    }

    /// How far it is, in percent.
    pub fn percent(&self) -> u32 {
        self.done.load(Ordering::Relaxed) / 10
    }

    /// Hands over what the job made; returns whether it is done.
    pub fn collect(&self, ctx: &Context, actions: &mut Actions) -> bool {
        let l = language(ctx);
        let action = match self.job.poll() {
            JobProgress::Running => {
                ctx.request_repaint_after(LOOK);
                return false;
            }
            JobProgress::Done(Exported::Text(text)) => Action::Copy { what: clipboard::VALUES, text },
            JobProgress::Done(Exported::File(name, bytes)) => Action::Save { name: name.to_owned(), bytes },
            JobProgress::Done(Exported::Image(image)) => {
                ctx.copy_image(image);
                return true;
            }
            JobProgress::Done(Exported::TooMuch(CLIPBOARD_BYTES_MAX)) => {
                Action::Notify(Notice::error(words::too_much_to_copy(CLIPBOARD_BYTES_MAX as u64, l)))
            }
            JobProgress::Done(Exported::TooMuch(most)) => {
                Action::Notify(Notice::error(words::too_much_to_save(most as u64, l)))
            }
            JobProgress::Done(Exported::Nothing) | JobProgress::Failed => {
                Action::Notify(Notice::error(words::COPYING_FAILED.of(l)))
            }
        };
        actions.push(action);
        true
    }
}

/// The names of the series below a picture, as many in a line as fit, and how high that is.
fn legend(of: &PlotSubject<'_>, area: Rect) -> (Vec<PlotMark>, f32) {
    let mut marks = Vec::new();
    let (mut x, mut y) = (area.left() + 4.0, area.bottom() + LEGEND_ROW / 2.0 + 4.0);
    for entry in of.shown().take(LEGEND_MAX) {
        let text = entry.name().to_owned();
        let width = 20.0 + text.chars().count() as f32 * CHARACTER + 16.0;
        if x + width > area.right() && x > area.left() + 4.0 {
            (x, y) = (area.left() + 4.0, y + LEGEND_ROW);
        }
        let (marker, color, ground) = (entry.marker, entry.color(of.t), of.t.surface_0);
        marks.push(PlotMark::Symbol { marker, at: pos2(x + 6.0, y), radius: 3.5, color, ground });
        let at = pos2(x + 16.0, y);
        marks.push(PlotMark::Text { at, anchor: Align2::LEFT_CENTER, text, color: of.t.text });
        x += width;
    }
    let height = if marks.is_empty() { 0.0 } else { y + LEGEND_ROW / 2.0 - area.bottom() };
    (marks, height + 4.0)
}
