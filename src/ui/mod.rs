//! What the window draws: tokens and theme, widgets, panels.
//!
//! A panel is a `View` (its own state) with two functions. `View::update` runs before the frame, decides and starts
//! background jobs; `show` draws and pushes [`Action`](crate::app::action::Action)s for everything that is not the
//! panel's own: the model, the session, the clipboard, other panels. Nothing here waits or touches the network.

pub mod format;
pub mod icons;
pub mod job;
pub mod panels;
pub mod theme;
pub mod tokens;
pub mod widgets;

use crate::app::action::Actions;
use crate::model::message::Timestamp;
use crate::model::{Model, NodeId};
use crate::mqtt::options::Subscription;
use crate::session::protocol::Protocol;
use crate::session::status::{Counters, Status};
use crate::store::publish_history::PublishHistory;
use crate::store::settings::Settings;

/// What every panel may read in one frame. The model stays locked while it lives.
#[derive(Clone, Copy)]
pub struct Frame<'a> {
    /// The session's topics and messages.
    pub model: &'a Model,
    /// The session's state.
    pub status: &'a Status,
    /// The session's traffic.
    pub counters: Counters,
    /// The session's packets, while they are logged.
    pub protocol: &'a Protocol,
    /// The subscriptions in the session's profile; `None` if it has none.
    pub kept: Option<&'a [Subscription]>,
    /// The time this frame shows; stands still while the view is paused.
    pub now: Timestamp,
    /// Whether the view is paused.
    pub paused: bool,
    /// The selected node of the tree.
    pub selected: Option<NodeId>,
    /// What the person prefers.
    pub settings: &'a Settings,
    /// What was published before, newest first.
    pub history: &'a PublishHistory,
}

impl std::fmt::Debug for Frame<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Frame")
            .field("now", &self.now)
            .field("selected", &self.selected)
            .finish_non_exhaustive()
    }
}

/// Draws a part of the window from what a frame may read.
pub trait Panel {
    /// Starts and collects background work. Nothing is drawn here.
    fn update(&mut self, ctx: &eframe::egui::Context, frame: &Frame<'_>, actions: &mut Actions);
    /// Draws, and asks for what is not the panel's own.
    fn show(&mut self, ui: &mut eframe::egui::Ui, frame: &Frame<'_>, actions: &mut Actions);
}
