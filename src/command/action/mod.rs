//! What panels ask for, grouped by subject. A panel pushes actions while it draws; `app::dispatch` carries them out
//! after the frame, with one file per group.

mod changes;
mod decoder;
mod examination;
mod exchange;
mod moment;
mod packet_log;
mod plot;
mod profile;
mod publish;
mod reply;
mod retained;
mod saved;
mod sending;
mod sequence;
mod session;
mod sparkplug;
mod subscription;
mod topic;

pub use changes::ChangesAction;
pub use decoder::DecoderAction;
pub use examination::ExaminationAction;
pub use exchange::{ExchangeAction, ExchangeHow, ExchangeOrder, ExchangePurpose};
pub use moment::{MomentAction, PLAY_SPEEDS};
pub use packet_log::PacketLogAction;
pub use plot::{PlotAction, PlotId, Plottable};
pub use profile::{ProfileAction, ProfileEdit};
pub use publish::{Outgoing, PublishAction, RequestOrder};
pub use reply::ReplyAction;
pub use retained::RetainedAction;
pub use saved::{SaveOrder, SavedAction};
pub use sending::{FileLines, FileOrder, RepeatOrder, SendingAction};
pub use sequence::SequenceAction;
pub use session::SessionAction;
pub use sparkplug::SparkplugAction;
pub use subscription::SubscriptionAction;
pub use topic::TopicAction;

use std::sync::Arc;

use bytes::Bytes;

use crate::command::{Command, Notice};
use crate::model::NodeId;
use crate::query::sparkplug::NodeKey;
use crate::store::profiles::ProfileId;
use crate::store::settings::Settings;
use crate::words::Label;

/// Something a panel asks for, with its data.
#[derive(Clone, Debug)]
pub enum Action {
    /// Run a command, which has no data.
    Run(Command),
    /// Act on topics or on how they are shown.
    Topic(TopicAction),
    /// Act on plotted numbers.
    Plot(PlotAction),
    /// Act on decoder rules.
    Decoder(DecoderAction),
    /// Act on messages to send.
    Publish(PublishAction),
    /// Act on what the broker retains.
    Retained(RetainedAction),
    /// Act on messages that go out one after the other.
    Sending(SendingAction),
    /// Act on the rules that answer messages.
    Reply(ReplyAction),
    /// Act on sequences of steps.
    Sequence(SequenceAction),
    /// Act on saved messages.
    Saved(SavedAction),
    /// Act on edge nodes and devices of Sparkplug B.
    Sparkplug(SparkplugAction),
    /// Act on the session's subscriptions.
    Subscription(SubscriptionAction),
    /// Act on the session's packet log.
    PacketLog(PacketLogAction),
    /// Act on the comparison of the tree with another one.
    Changes(ChangesAction),
    /// Act on many messages at once.
    Exchange(ExchangeAction),
    /// Act on the moment that the view shows.
    Moment(MomentAction),
    /// Act on the connection test.
    Examination(ExaminationAction),
    /// Act on saved connections.
    Profile(ProfileAction),
    /// Act on the open sessions.
    Session(SessionAction),
    /// Copy text to the clipboard.
    Copy {
        /// What the notice calls the text.
        what: Label,
        /// The text.
        text: String,
    },
    /// Show a long text in full, in a view of its own.
    ShowWhole {
        /// The title: one line of bounded length.
        title: String,
        /// The text.
        text: String,
    },
    /// Ask for a file name and write exactly these bytes.
    Save {
        /// File name to suggest.
        name: String,
        /// What to write.
        bytes: Bytes,
    },
    /// Apply these settings and save them.
    ChangeSettings(Box<Settings>),
    /// Show the person a notice.
    Notify(Notice),
    /// Ask the person to confirm something that cannot be undone.
    Confirm(Dangerous),
    /// Do what the person confirmed.
    Confirmed(Dangerous),
}

/// An action that cannot be undone, so the person confirms it first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dangerous {
    /// Forget all topics and messages of the session with this number.
    ClearTopics(u64),
    /// Forget, in the session with this number, all topics at or below a node.
    ForgetBelow(u64, NodeId),
    /// Delete a saved connection and its secrets.
    DeleteProfile(ProfileId),
    /// Publish an empty message, in the session with this number, to a level that is not a topic of its own.
    PublishEmpty(u64, Box<Outgoing>),
    /// Clear, in the session with this number, a retained message whose content is not known here.
    ClearRetained(u64, Box<Outgoing>),
    /// Clear many retained messages.
    ClearChosen {
        /// Number of the session.
        tab: u64,
        /// Their topics.
        topics: Arc<[String]>,
        /// Messages a second.
        per_second: u32,
    },
    /// Ask an edge node of Sparkplug B, in the session with this number, to be born again.
    RequestRebirth(u64, NodeKey),
    /// Forget every message of the publish history.
    ClearPublished,
    /// Let the program that this line starts read payloads.
    AllowProgram(String),
    /// Connect to the address in a link.
    OpenLink,
    /// Publish many messages again.
    Replay {
        /// Whether it goes to the broker that they came from, and the person has answered once.
        is_second: bool,
    },
}

macro_rules! groups {
    ($($group:ident($action:ty);)*) => {
        $(impl From<$action> for Action {
            fn from(action: $action) -> Self {
                Self::$group(action)
            }
        })*
    };
}

groups! {
    Topic(TopicAction);
    Plot(PlotAction);
    Decoder(DecoderAction);
    Publish(PublishAction);
    Retained(RetainedAction);
    Sending(SendingAction);
    Reply(ReplyAction);
    Sequence(SequenceAction);
    Saved(SavedAction);
    Sparkplug(SparkplugAction);
    Subscription(SubscriptionAction);
    PacketLog(PacketLogAction);
    Examination(ExaminationAction);
    Moment(MomentAction);
    Changes(ChangesAction);
    Exchange(ExchangeAction);
    Profile(ProfileAction);
    Session(SessionAction);
}

/// The actions that the panels of one frame asked for, in order.
#[derive(Debug, Default)]
pub struct Actions(Vec<Action>);

impl Actions {
    /// Asks for an action.
    pub fn push(&mut self, action: impl Into<Action>) {
        self.0.push(action.into());
    }

    /// Asks for a command.
    pub fn run(&mut self, command: Command) {
        self.0.push(Action::Run(command));
    }

    /// Takes out all actions, leaving the list empty.
    pub fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}
