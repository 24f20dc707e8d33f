//! Actions about plotted numbers.

use crate::model::{NodeId, SeriesId};
use crate::payload::query::JsonPath;

/// About plotted numbers.
#[derive(Clone, Debug)]
pub enum PlotAction {
    /// Plot a number of a topic: the payload itself, or what stands at the path.
    Add {
        /// The topic.
        node: NodeId,
        /// `None`: the whole payload is the number.
        path: Option<JsonPath>,
    },
    /// Forget a series and its values.
    Remove(SeriesId),
}
