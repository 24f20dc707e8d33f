//! Actions on what the broker retains.

use std::sync::Arc;

use crate::session::retained::RetainedMessage;

/// An action on what the broker retains.
#[derive(Clone, Debug)]
pub enum RetainedAction {
    /// Ask the broker what it retains below this filter, and show the panel.
    List(String),
    /// Ask whether to clear the messages of these topics at this pace.
    AskClear {
        /// The topics.
        topics: Arc<[String]>,
        /// Messages a second.
        per_second: u32,
    },
    /// Publish back what was cleared.
    PutBack {
        /// Messages a second.
        per_second: u32,
    },
    /// Stop a clear, or the publishing back.
    Stop,
    /// Save these messages as a file.
    Save(Arc<[Arc<RetainedMessage>]>),
}
