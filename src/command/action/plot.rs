//! Actions on plotted numbers.

use crate::model::{NodeId, SeriesId, Transform};
use crate::payload::query::JsonPath;
use crate::store::plots::PlotPage;

/// Names a plot among those of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PlotId(pub u64);

/// A number that can be plotted: what a topic's payloads are, or have at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plottable {
    /// The topic.
    pub node: NodeId,
    /// Where the number is; `None` if the whole payload is the number.
    pub path: Option<JsonPath>,
}

/// An action on plotted numbers.
#[derive(Clone, Debug)]
pub enum PlotAction {
    /// Plot a number from a topic: the payload itself, or the value at a path in it.
    Add {
        /// The topic.
        node: NodeId,
        /// Where the number is; `None` if the whole payload is the number.
        path: Option<JsonPath>,
    },
    /// Add numbers to a plot, wherever it is, without showing it.
    AddTo {
        /// The plot.
        plot: PlotId,
        /// The numbers.
        numbers: Vec<Plottable>,
    },
    /// Plot what is computed from a series.
    Derive {
        /// The series.
        of: SeriesId,
        /// How it is computed.
        transform: Transform,
    },
    /// Forget a series and its values.
    Remove(SeriesId),
    /// Keep the plots and how they are arranged in the session's profile, if it has one.
    Keep(Vec<PlotPage>),
}
