//! What panels ask for, in groups by what it is about. A panel pushes actions while it draws; `app::dispatch` carries
//! them out after the frame, each group in a file of its own.

mod examination;
mod packet_log;
mod plot;
mod profile;
mod publish;
mod session;
mod subscription;
mod topic;

pub use examination::ExaminationAction;
pub use packet_log::PacketLogAction;
pub use plot::PlotAction;
pub use profile::{ProfileAction, ProfileEdit};
pub use publish::{Outgoing, PublishAction};
pub use session::SessionAction;
pub use subscription::SubscriptionAction;
pub use topic::TopicAction;

use bytes::Bytes;

use crate::command::{Command, Notice};
use crate::model::NodeId;
use crate::store::profiles::ProfileId;
use crate::store::settings::Settings;
use crate::words::Label;

/// Something asked for, with its data.
#[derive(Clone, Debug)]
pub enum Action {
    /// A command without data, as from the menu.
    Run(Command),
    /// About topics and what shows of them.
    Topic(TopicAction),
    /// About plotted numbers.
    Plot(PlotAction),
    /// About messages to send.
    Publish(PublishAction),
    /// About the session's subscriptions.
    Subscription(SubscriptionAction),
    /// About the session's packet log.
    PacketLog(PacketLogAction),
    /// About connection tests.
    Examination(ExaminationAction),
    /// About saved connections.
    Profile(ProfileAction),
    /// About the open sessions.
    Session(SessionAction),
    /// Put text on the clipboard.
    Copy {
        /// What it is, as the notice names it.
        what: Label,
        /// The text.
        text: String,
    },
    /// Show a long text whole, in a view of its own.
    ShowWhole {
        /// One line of a bounded length.
        title: String,
        /// The text.
        text: String,
    },
    /// Ask for a file name and write exactly these bytes.
    Save {
        /// File name to offer.
        name: String,
        /// What to write.
        bytes: Bytes,
    },
    /// Work with these settings from now on, and keep them.
    ChangeSettings(Box<Settings>),
    /// Tell the person something in passing.
    Notify(Notice),
    /// Ask the person whether to do something that cannot be taken back.
    Confirm(Dangerous),
    /// Do what the person confirmed.
    Confirmed(Dangerous),
}

/// What cannot be taken back. It is asked about before it is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dangerous {
    /// Forget all topics and messages of the session whose tab has this number.
    ClearTopics(u64),
    /// Forget, in the session with this number, all topics at or below a node.
    ForgetBelow(u64, NodeId),
    /// Delete a saved connection and its secrets.
    DeleteProfile(ProfileId),
    /// Publish an empty message, in the session with this number, to a level that never was a topic.
    PublishEmpty(u64, Box<Outgoing>),
    /// Remove, in the session with this number, what the broker retains for a topic, though it is not known here.
    ClearRetained(u64, Box<Outgoing>),
    /// Forget every message of the publish history.
    ClearPublished,
    /// Connect to what a link named.
    OpenLink,
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
    Publish(PublishAction);
    Subscription(SubscriptionAction);
    PacketLog(PacketLogAction);
    Examination(ExaminationAction);
    Profile(ProfileAction);
    Session(SessionAction);
}

/// What the panels of one frame asked for, in order.
#[derive(Debug, Default)]
pub struct Actions(Vec<Action>);

impl Actions {
    /// Asks for something.
    pub fn push(&mut self, action: impl Into<Action>) {
        self.0.push(action.into());
    }

    /// Asks for a command.
    pub fn run(&mut self, command: Command) {
        self.0.push(Action::Run(command));
    }

    /// Everything asked for, leaving none.
    pub fn take(&mut self) -> Vec<Action> {
        std::mem::take(&mut self.0)
    }
}
