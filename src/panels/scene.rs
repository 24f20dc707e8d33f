//! What a panel may read in one frame.

use std::sync::Arc;
use std::time::Duration;

use rustc_hash::FxHashMap;

use crate::automation::{RequestState, ResponderState, SequenceBoard};
use crate::message::Timestamp;
use crate::model::{MessageId, Model, NodeId};
use crate::mqtt::options::{SecretVariables, Subscription};
use crate::query::sparkplug::Plant;
use crate::query::{Differs, Rules, SourceFault};
use crate::reply::ReplyRule;
use crate::session::behind::EarlierHistory;
use crate::session::packet_log::PacketLog;
use crate::session::retained::DeskState;
use crate::session::sending::SendingState;
use crate::session::status::{Counters, Status};
use crate::store::publish_history::PublishHistory;
use crate::store::saved::SavedLibrary;
use crate::store::settings::Settings;

/// What every panel may read in one frame. The model stays locked while this exists.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// The session's topics and messages.
    pub model: &'a Model,
    /// The session's state.
    pub status: &'a Status,
    /// The session's traffic.
    pub counters: Counters,
    /// The session's packets, while they are logged.
    pub protocol: &'a PacketLog,
    /// The subscriptions in the session's profile; `None` if it has none.
    pub kept: Option<&'a [Subscription]>,
    /// What `{{name}}` stands for in messages of this connection, secrets among them.
    pub variables: &'a [(String, String)],
    /// Which of the variables must not be shown.
    pub secrets: &'a SecretVariables,
    /// The time that this frame shows; stands still while the view is paused.
    pub now: Timestamp,
    /// Whether the view stands still: it is paused or shows an earlier moment.
    pub paused: bool,
    /// The earlier moment that is shown in place of the present one.
    pub earlier: Option<EarlierMoment>,
    /// How far the selected topic's messages from before the memory were read from the recording; `None` if there are none.
    pub earlier_history: Option<&'a EarlierHistory>,
    /// How topics differ from what they are compared with.
    pub changes: Option<&'a ChangeMarks>,
    /// The other open sessions, by number and name.
    pub others: &'a [(u64, String)],
    /// The selected node of the tree.
    pub selected: Option<NodeId>,
    /// The message of it that a person chose in the history.
    pub inspected: Option<MessageId>,
    /// What the broker retains, if it was asked.
    pub retained: Option<&'a DeskState>,
    /// What is being sent one after the other, and what was; the newest last.
    pub sendings: &'a [SendingRow],
    /// The requests that were sent, and how they went; the newest last.
    pub requests: &'a [RequestRow],
    /// The saved messages, of every connection.
    pub messages: &'a Arc<SavedLibrary>,
    /// The id of the session's profile; `None` if it has none.
    pub profile: Option<&'a str>,
    /// The number of the session that shows.
    pub session: u64,
    /// The open sessions: their numbers and names.
    pub sessions: &'a [(u64, String)],
    /// Names of the pinned topics.
    pub pinned: &'a [String],
    /// Which decoder reads the messages of which topics.
    pub rules: &'a Rules,
    /// What answers messages while replies are on.
    pub replies: &'a [ReplyRule],
    /// How the replies are doing, while they are on.
    pub responder: Option<&'a ResponderState>,
    /// The sequences that were opened, and how they went.
    pub sequences: &'a SequenceBoard,
    /// The state of what speaks Sparkplug B. It goes on while the view is paused.
    pub plant: &'a Plant,
    /// The person's settings.
    pub settings: &'a Settings,
    /// Previously published messages, newest first.
    pub history: &'a PublishHistory,
}

/// How topics differ from what they are compared with, by node.
pub type ChangeMarks = FxHashMap<NodeId, Differs>;

/// Something that a session sends: a message again and again, or a file.
#[derive(Clone, Debug)]
pub struct SendingRow {
    /// Its number.
    pub id: u64,
    /// The topic or the name of the file.
    pub what: String,
    /// The time from one message to the next.
    pub every: Duration,
    /// What it has done.
    pub state: SendingState<SourceFault>,
}

/// A request that a draft has sent.
#[derive(Clone, Debug)]
pub struct RequestRow {
    /// Its number.
    pub id: u64,
    /// How long it waits for the response.
    pub within: Duration,
    /// How it is going.
    pub state: RequestState,
}

/// An earlier moment that the view shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EarlierMoment {
    /// The moment.
    pub at: Timestamp,
    /// The present, or where a recording ends.
    pub until: Timestamp,
    /// Whether the moments follow each other.
    pub is_playing: bool,
    /// Whether the view is still on its way.
    pub is_seeking: bool,
    /// Whether there was no moment of the kind that was looked for.
    pub found_nothing: bool,
}

impl std::fmt::Debug for Scene<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scene")
            .field("now", &self.now)
            .field("selected", &self.selected)
            .finish_non_exhaustive()
    }
}
