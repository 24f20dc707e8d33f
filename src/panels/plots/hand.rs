//! What the pointer does in a chart, kept between frames.

use eframe::egui::{Event, Pos2};

use crate::panels::plots::viewport::Range;
use crate::words::{Label, plots as words};

/// What dragging does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DragMode {
    /// Moves the view.
    #[default]
    Move,
    /// Zooms to a box.
    Zoom,
    /// Selects a range to measure.
    Measure,
}

impl DragMode {
    /// Every mode, with its entry in the menu.
    pub const CHOICES: [(Self, Label); 3] = [
        (Self::Move, words::DRAG_MOVES),
        (Self::Zoom, words::DRAG_ZOOMS),
        (Self::Measure, words::DRAG_MEASURES),
    ];
}

/// The part of a plot that a gesture began on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartPlace {
    /// Between the axes.
    Frame,
    /// The value axis on the left.
    Left,
    /// The value axis on the right.
    Right,
    /// The time axis.
    Time,
}

/// A drag in progress.
#[derive(Clone, Copy, Debug)]
pub struct Drag {
    /// Where it began.
    pub place: ChartPlace,
    /// What it does.
    pub mode: DragMode,
    /// Where the button went down.
    pub from: Pos2,
    /// The end of the marked range that stays, while the other one is moved.
    pub stays: Option<f64>,
}

/// What wheel and pinch zoom. Kept between frames, because the wheel keeps turning for a moment after Ctrl is released.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Zooms {
    /// The time axis.
    #[default]
    Time,
    /// The value axes.
    Values,
}

impl Zooms {
    /// Notes what is held while the wheel turns.
    pub fn note(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::MouseWheel { modifiers, .. } if modifiers.command => *self = Self::Values,
                // A pinch on a touchpad.
                Event::Zoom(_) => *self = Self::Time,
                _ => {}
            }
        }
    }
}

/// What the pointer does in the chart, kept between frames.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hand {
    /// What the wheel zooms.
    pub zooms: Zooms,
    /// What dragging does, unless a key says otherwise.
    pub mode: DragMode,
    /// A drag in progress.
    pub drag: Option<Drag>,
    /// The marked range.
    pub range: Option<Range>,
    /// The time under the pointer, if it is over the chart.
    pub points_at: Option<f64>,
}

impl Hand {
    /// Whether a range is being marked at this moment.
    pub fn is_marking(&self) -> bool {
        self.drag.is_some_and(|drag| drag.mode == DragMode::Measure)
    }
}
