//! What a person can do: commands, which carry no data, and actions, which do.
//!
//! A command is a row of a table; actions are grouped by subject. Panels push actions, and `app::dispatch` carries them
//! out after the frame. An action that cannot be undone is [`Dangerous`]: [`Action::Confirm`] asks the person, and it
//! comes back as [`Action::Confirmed`].

mod action;
mod env;
pub mod keys;
mod notice;
mod table;
mod tools;

pub use action::{
    Action, Actions, ChangesAction, Dangerous, DecoderAction, ExaminationAction, ExchangeAction, ExchangeHow,
    ExchangeOrder, ExchangePurpose, FileLines, FileOrder, MomentAction, Outgoing, PLAY_SPEEDS,
    PacketLogAction, PlotAction, PlotId, Plottable, ProfileAction, ProfileEdit, PublishAction, RepeatOrder,
    ReplyAction, RequestOrder, RetainedAction, SaveOrder, SavedAction, SendingAction, SequenceAction,
    SessionAction, SparkplugAction, SubscriptionAction, TopicAction,
};
pub use env::{Env, SessionEnv, State};
pub use notice::{Notice, NoticeKind};
pub use table::{Command, Entry, Group, MenuPlace, Submenu, keys_text};
pub use tools::Tool;
pub(crate) use tools::every_tool;
