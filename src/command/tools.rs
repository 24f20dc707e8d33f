//! The tools below the tree, one line each: their panel, the title of their tab, and the command that shows them.
//!
//! A new tool is a module in `panels`, texts in `words::commands`, and a line here. The line is used twice: here for
//! the command, and in `panels::tools`, on a higher floor, for the panel.

use eframe::egui::{Key, KeyboardShortcut, Modifiers};

use crate::command::env::{self, Env, State};
use crate::command::{Entry, Group};
use crate::ui::icons;
use crate::words::Label;
use crate::words::commands::{self as words, CommandText};

/// Every tool, in the order of the tabs: the module and view of its panel, its tab, its command, and its key with Ctrl.
macro_rules! every_tool {
    ($define:ident) => {
        $define! {
            /// The tool that plots numbers over time.
            Plots: plots::PlotsView {
                tab: words::PLOTS_TAB, text: words::SHOW_PLOTS, icon: icons::CHART_LINE, key: Key::Num1
            }
            /// The tool that publishes messages.
            Publish: publish::PublishView {
                tab: words::PUBLISH_TAB, text: words::SHOW_PUBLISH, icon: icons::PAPER_PLANE_TILT, key: Key::Num2
            }
            /// The tool that lists and clears what the broker retains.
            Retained: retained::RetainedView {
                tab: words::RETAINED_TAB, text: words::SHOW_RETAINED, icon: icons::PUSH_PIN, key: Key::Num3
            }
            /// The tool that manages the session's subscriptions.
            Subscriptions: subscriptions::SubscriptionsView {
                tab: words::SUBSCRIPTIONS_TAB, text: words::SHOW_SUBSCRIPTIONS, icon: icons::FUNNEL, key: Key::Num4
            }
            /// The tool that says which decoder reads which topics.
            Decoders: decoders::DecodersView {
                tab: words::DECODERS_TAB, text: words::SHOW_DECODERS, icon: icons::EYE, key: Key::Num5
            }
            /// The tool that answers messages by rules.
            Replies: replies::RepliesView {
                tab: words::REPLIES_TAB, text: words::SHOW_REPLIES, icon: icons::ARROW_LEFT, key: Key::Num6
            }
            /// The tool that runs sequences of steps.
            Sequences: sequences::SequencesView {
                tab: words::SEQUENCES_TAB, text: words::SHOW_SEQUENCES, icon: icons::CHECK_CIRCLE, key: Key::Num7
            }
            /// The tool that shows edge nodes and devices of Sparkplug B.
            Sparkplug: sparkplug::SparkplugView {
                tab: words::SPARKPLUG_TAB, text: words::SHOW_SPARKPLUG, icon: icons::PULSE, key: Key::Num8
            }
            /// The tool that shows the connection log.
            Log: log::LogView {
                tab: words::LOG_TAB, text: words::SHOW_LOG, icon: icons::LIST_BULLETS, key: Key::Num9
            }
            /// The tool that shows the packet log.
            Protocol: protocol::ProtocolView {
                tab: words::PROTOCOL_TAB, text: words::SHOW_PROTOCOL, icon: icons::STACK, key: Key::M
            }
        }
    };
}
pub(crate) use every_tool;

macro_rules! tools {
    ($($(#[$docs:meta])* $tool:ident: $module:ident::$view:ident { tab: $tab:expr, text: $text:expr, icon: $icon:expr, key: $key:expr })*) => {
        /// A tool below the tree.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Tool {
            $($(#[$docs])* $tool,)*
        }

        impl Tool {
            /// Every tool, in the order of the tabs.
            pub const ALL: &[Self] = &[$(Self::$tool),*];

            /// The tab's title.
            pub const fn tab(self) -> Label {
                match self {
                    $(Self::$tool => $tab,)*
                }
            }

            /// The table row of the command that shows it.
            pub(super) const fn entry(self) -> Entry {
                match self {
                    $(Self::$tool => entry($text, $icon, const { &[KeyboardShortcut::new(Modifiers::COMMAND, $key)] }),)*
                }
            }
        }
    };
}

every_tool!(tools);

const fn entry(text: CommandText, icon: &'static str, keys: &'static [KeyboardShortcut]) -> Entry {
    Entry { text, icon, keys, group: Some(Group::Tools) }
}

impl Tool {
    /// Whether the command that shows it can run, and whether the tool is shown.
    pub(super) fn state(self, env: &Env<'_>) -> State {
        env::tool_shown(env, self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_keys_follow_the_order_of_the_tabs() {
        let digits = [
            Key::Num1,
            Key::Num2,
            Key::Num3,
            Key::Num4,
            Key::Num5,
            Key::Num6,
            Key::Num7,
            Key::Num8,
            Key::Num9,
        ];
        let expected = digits.map(|key| KeyboardShortcut::new(Modifiers::COMMAND, key));
        let keys: Vec<_> = Tool::ALL.iter().flat_map(|tool| tool.entry().keys).copied().collect();
        // Ctrl+0 is the zoom's, in every program.
        assert_eq!(keys[..9], expected);
    }
}
