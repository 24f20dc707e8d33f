//! The tools below the tree, made from the lines of `command::tools`: each tool's state, and which one is visible.

use eframe::egui::{Context, Ui};

use crate::command::{Actions, Tool, every_tool};
use crate::panels::PanelView;
use crate::panels::scene::Scene;

macro_rules! panels {
    ($($(#[$docs:meta])* $tool:ident: $module:ident::$view:ident { $($line:tt)* })*) => {
        /// A session's tools, and which of them is visible.
        pub struct Tools {
            $($(#[$docs])* pub(crate) $module: crate::panels::$module::$view,)*
            /// The visible tool.
            pub shown: Tool,
        }

        impl Tools {
            /// Creates the tools of a new session.
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
    /// Lets every tool, including hidden ones, work before a frame.
    pub fn tick(&mut self, ctx: &Context, scene: &Scene<'_>, actions: &mut Actions) {
        for panel in self.panels() {
            panel.tick(ctx, scene, actions);
        }
    }

    /// Draws the visible tool.
    pub fn show(&mut self, ui: &mut Ui, scene: &Scene<'_>, actions: &mut Actions) {
        self.panel_mut().show(ui, scene, actions);
    }

    /// Tells every tool that the session's topics and messages were cleared.
    pub fn cleared(&mut self) {
        for panel in self.panels() {
            panel.cleared();
        }
    }

    /// Whether the visible tool moves with arriving messages.
    pub fn moves(&self) -> bool {
        self.panel().moves()
    }
}
