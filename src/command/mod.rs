//! What a person can do: commands, which carry no data, and actions, which do.
//!
//! A command is a row of a table; an action belongs to the group of what it is about. Panels push actions, and
//! `app::dispatch` carries them out after the frame. What cannot be taken back is a [`Dangerous`] action: it is asked
//! for with [`Action::Confirm`] and comes back as [`Action::Confirmed`].

mod action;
mod env;
mod notice;
mod table;
mod tools;

pub use action::{
    Action, Actions, Dangerous, ExaminationAction, Outgoing, PacketLogAction, PlotAction, ProfileAction,
    ProfileEdit, PublishAction, SessionAction, SubscriptionAction, TopicAction,
};
pub use env::{Env, SessionEnv, State};
pub use notice::{Notice, NoticeKind};
pub use table::{Command, Entry, Group, Menu, Place};
pub use tools::Tool;
pub(crate) use tools::every_tool;
