//! Actions on what the broker retains.

use std::sync::Arc;

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
    /// Publish retained messages in the session with this number under other topics: each with the topic of its copy.
    Copy {
        /// Number of the session.
        to: u64,
        /// The topics, and those of the copies.
        topics: Arc<[(String, String)]>,
        /// Messages a second.
        per_second: u32,
    },
    /// Stop a clear, the publishing back or a copy.
    Stop,
    /// Save these messages as a file.
    Save(Arc<[String]>),
    /// Save these messages as a table of comma-separated values.
    SaveTable(Arc<[String]>),
}
