//! The panels of the window, one module each. No panel knows another: whatever concerns several goes through an action.
//!
//! A panel is a view with its own state and two functions. `show` draws, and pushes an
//! [`Action`](crate::command::Action) for everything outside the panel: the model, the session, the clipboard, other
//! panels. `tick` does work that continues while the panel is hidden. Neither waits nor touches the network.

pub mod about;
pub mod banner;
pub mod changes;
pub mod command_button;
pub mod connections;
pub(crate) mod csv;
pub mod decoders;
pub mod doctor;
mod excerpt;
pub mod exchange;
pub mod inspector;
pub mod log;
mod long_text;
mod marks;
mod menu;
pub mod notices;
pub mod overview;
pub mod palette;
pub mod pane;
pub mod path_dialog;
pub mod performance;
pub mod plot_drag;
pub mod plots;
pub mod protocol;
pub mod publish;
mod received;
pub mod recording_mark;
pub mod replies;
mod replies_mark;
pub mod retained;
pub mod scene;
mod search_field;
pub mod secrets_dialog;
pub mod sequences;
pub mod settings;
pub mod shortcuts;
pub mod sparkplug;
pub mod status_bar;
pub mod stream;
pub mod subscriptions;
pub mod timebar;
mod token_colors;
pub mod tools;
pub mod top_bar;
pub mod topics;
mod validity;
pub mod whole_text;

use eframe::egui::{Context, Ui};

use crate::command::Actions;
use crate::panels::scene::Scene;

/// A part of a session's page.
pub trait PanelView {
    /// Called before every frame of the session, even while the panel is hidden: collects background work.
    fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        let _ = (ctx, scene, actions);
    }

    /// Draws the panel, and pushes actions for everything outside it.
    fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions);

    /// Called after the session's topics and messages were cleared: the panel drops what belongs to them.
    fn cleared(&mut self) {}

    /// Whether what the panel draws moves with arriving messages, so that it needs frequent frames.
    fn moves(&self) -> bool {
        false
    }
}
