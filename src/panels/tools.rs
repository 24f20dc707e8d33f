//! The tools below the tree, made from the lines of `command::tools`: what a session keeps of each, and which shows.

use eframe::egui::{Context, Ui};

use crate::command::{Actions, Tool, every_tool};
use crate::panels::PanelView;
use crate::panels::scene::Scene;

macro_rules! panels {
    ($($(#[$docs:meta])* $tool:ident: $module:ident::$view:ident { $($line:tt)* })*) => {
        /// What the tools of a session keep, and which of them shows.
        pub struct Tools {
            $($(#[$docs])* pub(crate) $module: crate::panels::$module::$view,)*
            /// The tool that shows.
            pub shown: Tool,
        }

        impl Tools {
            /// The tools of a new session.
            pub fn new(shown: Tool) -> Self {
                Self { $($module: Default::default(),)* shown }
            }

            fn panels(&mut self) -> impl Iterator<Item = &mut dyn PanelView> {
                [$(&mut self.$module as &mut dyn PanelView,)*].into_iter()
            }

            fn panel(&self) -> &dyn PanelView {
                match self.shown {
                    $(Tool::$tool => &self.$module,)*
                }
            }

            fn panel_mut(&mut self) -> &mut dyn PanelView {
                match self.shown {
                    $(Tool::$tool => &mut self.$module,)*
                }
            }
        }
    };
}

every_tool!(panels);

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
