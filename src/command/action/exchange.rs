//! What is done with many messages at once: written to a file, kept as a snapshot, published again.

use crate::interchange::{Excerpt, ExportFormat, MessageOrigin, Preview};
use crate::query::Criterion;
use crate::session::replay::ReplayPlan;

/// What a person wants to do with many messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangePurpose {
    /// Write them in a format that other programs read.
    Export,
    /// Keep the newest of each topic in a file.
    Snapshot,
    /// Publish them again.
    Replay,
}

/// An action on many messages at once.
#[derive(Clone, Debug)]
pub enum ExchangeAction {
    /// Show the form that says which messages of the session that shows, and how.
    Ask {
        /// What for.
        purpose: ExchangePurpose,
        /// The topic filter to begin with; empty for all topics.
        filter: String,
        /// What messages must meet besides.
        criteria: Vec<Criterion>,
    },
    /// Do what the form says.
    Start(Box<ExchangeOrder>),
    /// Let a replay wait.
    Pause(u64),
    /// Let a replay go on.
    Resume(u64),
    /// End a piece of work.
    Cancel(u64),
}

/// What a form says.
#[derive(Clone, Debug)]
pub struct ExchangeOrder {
    /// Number of the session that the messages are from.
    pub session: u64,
    /// Its name.
    pub name: String,
    /// Where the messages are.
    pub origin: MessageOrigin,
    /// Which of them.
    pub excerpt: Excerpt,
    /// What they come to.
    pub preview: Preview,
    /// What becomes of them.
    pub how: ExchangeHow,
}

/// What becomes of the messages.
#[derive(Clone, Debug, PartialEq)]
pub enum ExchangeHow {
    /// They are written in this format.
    Export(ExportFormat),
    /// The newest are kept.
    Snapshot {
        /// How many of a topic at most.
        last: u32,
        /// Whether decoder rules go with them.
        has_rules: bool,
    },
    /// They are published.
    Replay {
        /// How.
        plan: ReplayPlan,
        /// Number of the session that publishes them.
        to: u64,
    },
}
