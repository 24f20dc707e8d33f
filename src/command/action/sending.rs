//! Actions on messages that go out one after the other.

use crate::command::Outgoing;
use crate::query::Recipe;
use crate::session::sending::SendingPlan;

/// An action on messages that go out one after the other.
#[derive(Clone, Debug)]
pub enum SendingAction {
    /// Send a message again and again.
    Repeat(Box<RepeatOrder>),
    /// Ask for a file and send what is in it.
    SendFile(Box<FileOrder>),
    /// Stop the sending with this number, or take it from the list if it has ended.
    Stop(u64),
    /// Stop all of them, in every session.
    StopAll,
}

/// A message that is sent again and again.
#[derive(Clone, Debug)]
pub struct RepeatOrder {
    /// Topic and payload as they are written.
    pub recipe: Recipe,
    /// The first message as it will be sent, for QoS, retain and properties of all.
    pub first: Outgoing,
    /// How often, and how many times.
    pub plan: SendingPlan,
}

/// A file whose lines are sent.
#[derive(Clone, Debug)]
pub struct FileOrder {
    /// What a line is.
    pub lines: FileLines,
    /// Messages a second.
    pub per_second: u32,
}

/// What a line of a file is.
#[derive(Clone, Debug)]
pub enum FileLines {
    /// The payload of a message like this one.
    Payloads(Box<Outgoing>),
    /// A whole message as JSON, as `Save retained…` writes it.
    Messages,
}
