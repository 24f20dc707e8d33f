//! The tools below the tree: the registry of their panels.
//!
//! A tool panel is its own folder and a line here; what its tab and its command are called is a row of
//! `command::Tool`. A tool without a line does not compile.

use eframe::egui::{Context, Ui};

use crate::command::{Actions, Tool};
use crate::panels::PanelView;
use crate::panels::log::LogView;
use crate::panels::plots::PlotsView;
use crate::panels::protocol::ProtocolView;
use crate::panels::publish::PublishView;
use crate::panels::scene::Scene;
use crate::panels::subscriptions::SubscriptionsView;

macro_rules! panels {
    ($($tool:ident => $field:ident: $view:ty;)*) => {
        /// What the tools of a session keep, and which of them shows.
        pub struct Tools {
            $(pub(crate) $field: $view,)*
            /// The tool that shows.
            pub shown: Tool,
        }

        impl Tools {
            /// The tools of a new session.
            pub fn new(shown: Tool) -> Self {
                Self { $($field: <$view>::default(),)* shown }
            }

            fn panels(&mut self) -> impl Iterator<Item = &mut dyn PanelView> {
                [$(&mut self.$field as &mut dyn PanelView,)*].into_iter()
            }

            fn panel(&self) -> &dyn PanelView {
                match self.shown {
                    $(Tool::$tool => &self.$field,)*
                }
            }

            fn panel_mut(&mut self) -> &mut dyn PanelView {
                match self.shown {
                    $(Tool::$tool => &mut self.$field,)*
                }
            }
        }
    };
}

panels! {
    Plots => plots: PlotsView;
    Publish => publish: PublishView;
    Subscriptions => subscriptions: SubscriptionsView;
    Log => log: LogView;
    Protocol => protocol: ProtocolView;
}

impl Tools {
    /// Lets every tool do what it does before a frame, also the hidden ones.
    pub fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        for panel in self.panels() {
            panel.tick(ctx, scene, actions);
        }
    }

    /// Draws the tool that shows.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.panel_mut().show(ui, scene, actions);
    }

    /// Tells every tool that the session's topics and messages are gone.
    pub fn cleared(&mut self) {
        for panel in self.panels() {
            panel.cleared();
        }
    }

    /// Whether the tool that shows moves with the messages that arrive.
    pub fn moves(&self) -> bool {
        self.panel().moves()
    }
}
