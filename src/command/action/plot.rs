//! Actions on plotted numbers.

use crate::model::{NodeId, SeriesId, Transform};
use crate::payload::query::JsonPath;

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
    /// Plot what is computed from a series.
    Derive {
        /// The series.
        of: SeriesId,
        /// How it is computed.
        transform: Transform,
    },
    /// Forget a series and its values.
    Remove(SeriesId),
}
