//! What panels ask for. A panel pushes actions while it draws; `app::dispatch` carries them out after the frame.

use std::path::PathBuf;

use bytes::Bytes;

use crate::command::Command;
use crate::message::{PublishProperties, QoS};
use crate::model::{MessageId, NodeId, Order, SeriesId};
use crate::mqtt::options::{Secret, SecretKind, Secrets, Subscription};
use crate::payload::query::JsonPath;
use crate::query::SearchQuery;
use crate::store::profiles::{Field, Profile, ProfileId};
use crate::store::transfer::Found;
use crate::store::{PasswordPlace, secrets};

/// Something asked for, with its data.
#[derive(Clone, Debug)]
pub enum Action {
    /// A command without data, as from the menu.
    Run(Command),

    /// Select a node of the tree and open its ancestors.
    Select(NodeId),
    /// Select the topic of that name if it is known.
    SelectTopic(Vec<u8>),
    /// Open or close one node.
    SetExpanded(NodeId, bool),
    /// Open everything below a node.
    ExpandSubtree(NodeId),
    /// Close a node and everything below it.
    CollapseSubtree(NodeId),
    /// Change the order of siblings.
    SortBy(Order),
    /// Search topics and newest payloads; an empty text ends the search.
    Search(SearchQuery),

    /// Show this message of the selected topic; `None` follows the newest.
    Inspect(Option<MessageId>),
    /// Put text on the clipboard; `what` names it in the confirmation ("topic").
    Copy {
        /// What it is, in a word or two.
        what: &'static str,
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
    /// Plot a number of a topic: the payload itself, or what stands at the path.
    Plot {
        /// The topic.
        node: NodeId,
        /// `None`: the whole payload is the number.
        path: Option<JsonPath>,
    },
    /// Forget a series and its values.
    RemoveSeries(SeriesId),
    /// Send a message.
    Publish(Outgoing),
    /// Put a message into the publish panel and show it.
    Compose(Outgoing),
    /// Ask for a file and put its content into the publish panel.
    LoadPayload,
    /// Forget an entry of the publish history.
    RemovePublished(usize),
    /// Forget the whole publish history.
    ClearPublished,

    /// Turn the session's protocol log on or off.
    SetTrace(bool),
    /// Forget the packets of the session's protocol log.
    ClearTrace,
    /// Subscribe to one more filter.
    Subscribe(Subscription),
    /// Put a subscription in the place of the one to this filter.
    ChangeSubscription(String, Subscription),
    /// Subscribe to a filter of the session, or unsubscribe and keep it.
    EnableSubscription(String, bool),
    /// Unsubscribe and forget the filter; the notice can undo it.
    RemoveSubscription(String),
    /// Undo that in the session with this number, at this place of its list.
    RestoreSubscription(u64, usize, Subscription),
    /// Write the session's subscriptions into its profile.
    KeepSubscriptions,

    /// Open a session for a saved profile.
    Connect(ProfileId),
    /// Open a session for a profile as it stands in the form, saving it first.
    SaveAndConnect(Box<ProfileEdit>),
    /// Save a profile and go through its connection step by step, saying how it went.
    TestConnection(Box<ProfileEdit>),
    /// Ask for a file and put its path into this field of a profile's form.
    PickFile(ProfileId, Field),
    /// Ask for a file of connections and show what is in it.
    ImportProfiles,
    /// Show what connections this file holds.
    ReadProfiles(PathBuf),
    /// Add connections that were found in a file, at the end of the list.
    TakeOver(Vec<Found>),
    /// Ask for a file and write connections into it.
    ExportProfiles {
        /// Which, as they stand now.
        profiles: Vec<Profile>,
        /// Whether their secrets go into the file, readable.
        with_secrets: bool,
    },
    /// Save a profile.
    SaveProfile(Box<ProfileEdit>),
    /// Go through the connection that is being looked at once more.
    ExamineAgain,
    /// Put the steps of the connection test that shows on the clipboard.
    CopyExamination,
    /// End the connection test that shows.
    CloseExamination,
    /// Make a new profile and open its form.
    NewProfile,
    /// Copy a profile.
    DuplicateProfile(ProfileId),
    /// Delete a profile, after the confirmation.
    DeleteProfile(ProfileId),
    /// Move a profile to this place in the list.
    MoveProfile(ProfileId, usize),
    /// Open the profiles that were open when the program ended.
    ReopenLast,
    /// Show a session's tab.
    ShowTab(usize),
    /// Close a session's tab and its connection.
    CloseTab(usize),
    /// Tell the person something in passing.
    Notify(Notice),
}

/// A profile as the form holds it.
#[derive(Clone, Debug)]
pub struct ProfileEdit {
    /// Everything but the secrets.
    pub profile: Profile,
    /// The secrets that were typed, an empty one where it was taken away; those not named are kept as they were.
    pub secrets: Vec<(SecretKind, Secret)>,
    /// All secrets that stand in the form, whether they are kept already or cannot be: what a connection is tried with.
    pub given: Secrets,
}

impl ProfileEdit {
    /// What a connection is tried with. A secret that is asked for at each connect has no field to stand in, and one that
    /// the connection has no use for is left out.
    pub fn given(&self) -> Secrets {
        let mut given = Secrets::default();
        if self.profile.password_place != PasswordPlace::Ask {
            for kind in secrets::possible(&self.profile.connect) {
                given.get_mut(kind).clone_from(self.given.get(kind));
            }
        }
        given
    }
}

/// A message to publish, as the panel holds it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outgoing {
    /// Topic name.
    pub topic: String,
    /// Payload as it will be sent.
    pub payload: Bytes,
    /// Quality of service.
    pub qos: QoS,
    /// Whether the broker shall keep it.
    pub retain: bool,
    /// MQTT 5 only.
    pub properties: PublishProperties,
}

/// How loud a notice is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeKind {
    /// Goes away by itself.
    Info,
    /// Stays until dismissed.
    Error,
}

/// A short text for the person.
#[derive(Clone, Debug)]
pub struct Notice {
    /// How loud.
    pub kind: NoticeKind,
    /// One to three short lines.
    pub text: String,
    /// What takes it back, if that is possible.
    pub undo: Option<Box<Action>>,
}

impl Notice {
    /// Something went as asked.
    pub fn info(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Info, text: text.into(), undo: None }
    }

    /// Something went as asked, and can be taken back.
    pub fn undoable(text: impl Into<String>, undo: Action) -> Self {
        Self { undo: Some(Box::new(undo)), ..Self::info(text) }
    }

    /// Something failed.
    pub fn error(text: impl Into<String>) -> Self {
        Self { kind: NoticeKind::Error, text: text.into(), undo: None }
    }
}

/// What the panels of one frame asked for, in order.
#[derive(Debug, Default)]
pub struct Actions(Vec<Action>);

impl Actions {
    /// Asks for something.
    pub fn push(&mut self, action: Action) {
        self.0.push(action);
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
