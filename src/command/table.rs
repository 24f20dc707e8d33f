//! The named things that a person can do. One table feeds the menu, the shortcuts, the tooltips and the help page.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

/// Something to do that needs no data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    /// Show the connections page.
    Connections,
    /// Connect again, now.
    Reconnect,
    /// Go through the connection step by step.
    Examine,
    /// Show the form of the session's connection.
    EditConnection,
    /// Close the connection and keep the tree.
    Disconnect,
    /// Close the tab.
    CloseTab,
    /// Put the cursor into the search field.
    Search,
    /// Stop the view, not the traffic.
    Pause,
    /// Let the view go on.
    Resume,
    /// Open every node.
    ExpandAll,
    /// Close every node.
    CollapseAll,
    /// Copy the selected topic.
    CopyTopic,
    /// Copy the payload that shows.
    CopyPayload,
    /// Save the payload that shows.
    SavePayload,
    /// Send what the publish panel holds.
    Publish,
    /// Show or hide the tools below.
    ToggleTools,
    /// Show the plots.
    ShowPlots,
    /// Show the publish panel.
    ShowPublish,
    /// Show the subscriptions.
    ShowSubscriptions,
    /// Show the log.
    ShowLog,
    /// Show the protocol log.
    ShowProtocol,
    /// Forget all topics and messages of this session.
    Clear,
    /// Keep the profile that the command line opened.
    SaveAsProfile,
    /// Light theme.
    ThemeLight,
    /// Dark theme.
    ThemeDark,
    /// The system's theme.
    ThemeSystem,
    /// Smaller rows.
    DensityCompact,
    /// Normal rows.
    DensityNormal,
    /// Larger rows.
    DensityComfortable,
    /// Flash values that change, or not.
    ToggleFlash,
    /// Frame times and counters over the window.
    TogglePerformance,
    /// The list of shortcuts.
    Help,
    /// End the program.
    Quit,
}

/// What the table says of a command.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// Name in menus and for assistive technology; sentence case.
    pub label: &'static str,
    /// One sentence for the tooltip and the help page.
    pub help: &'static str,
    /// The keys, if any.
    pub shortcut: Option<KeyboardShortcut>,
    /// Whether it needs an open session.
    pub needs_session: bool,
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn bare(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

macro_rules! table {
    ($($command:ident, $label:literal, $help:literal, $shortcut:expr, $session:literal;)*) => {
        /// Every command, in the order of the help page.
        pub const ALL: &[Entry] = &[$(Entry {
            command: Command::$command,
            label: $label,
            help: $help,
            shortcut: $shortcut,
            needs_session: $session,
        }),*];
    };
}

table! {
    Connections, "Connections", "Shows the saved connections", Some(ctrl(Key::N)), false;
    Reconnect, "Connect now", "Connects again without waiting", Some(ctrl_shift(Key::R)), true;
    Disconnect, "Disconnect", "Closes the connection and keeps the tree", Some(ctrl_shift(Key::D)), true;
    Examine, "Find out why", "Goes through the connection step by step and says what fails", None, true;
    EditConnection, "Edit connection", "Shows the form of this connection, which is saved for that", None, true;
    CloseTab, "Close tab", "Closes the session and forgets its messages", Some(ctrl(Key::W)), true;
    Search, "Search topics", "Searches topics and newest payloads", Some(ctrl(Key::F)), true;
    Pause, "Pause", "Stops the view, or lets it go on; messages are still received and counted", Some(ctrl(Key::P)), true;
    Resume, "Resume", "Shows what came meanwhile and goes on", Some(ctrl(Key::P)), true;
    ExpandAll, "Expand all", "Opens every topic", Some(ctrl_shift(Key::E)), true;
    CollapseAll, "Collapse all", "Closes every topic", Some(ctrl_shift(Key::W)), true;
    CopyTopic, "Copy topic", "Copies the selected topic", Some(ctrl_shift(Key::C)), true;
    CopyPayload, "Copy payload", "Copies the payload that shows", Some(ctrl_shift(Key::X)), true;
    SavePayload, "Save payload…", "Saves the exact bytes of the payload that shows", Some(ctrl(Key::S)), true;
    Publish, "Publish", "Sends what the publish panel holds", Some(ctrl(Key::Enter)), true;
    ToggleTools, "Show or hide tools", "Shows or hides plots, publish, subscriptions and logs", Some(ctrl(Key::J)), true;
    ShowPlots, "Plots", "Shows the plots", Some(ctrl(Key::Num1)), true;
    ShowPublish, "Publish panel", "Shows the publish panel", Some(ctrl(Key::Num2)), true;
    ShowSubscriptions, "Subscriptions", "Shows the subscriptions, to add and change them", Some(ctrl(Key::Num3)), true;
    ShowLog, "Log", "Shows the connection log", Some(ctrl(Key::Num4)), true;
    ShowProtocol, "Protocol", "Shows the packets from and to the broker", Some(ctrl(Key::Num5)), true;
    Clear, "Clear topics…", "Forgets all topics and messages of this session", None, true;
    SaveAsProfile, "Save as profile", "Keeps this connection for the next time", None, true;
    ThemeSystem, "System theme", "Follows the system's light or dark theme", None, false;
    ThemeLight, "Light theme", "Dark text on a light background", None, false;
    ThemeDark, "Dark theme", "Light text on a dark background", None, false;
    DensityCompact, "Compact rows", "More rows on the screen", None, false;
    DensityNormal, "Normal rows", "The usual row height", None, false;
    DensityComfortable, "Comfortable rows", "More room for each row", None, false;
    ToggleFlash, "Flash changed values", "Marks a value for a moment when it changes", None, false;
    TogglePerformance, "Performance", "Shows frame times and counters", Some(bare(Key::F12)), false;
    Help, "Shortcuts", "Shows all shortcuts", Some(bare(Key::F1)), false;
    Quit, "Quit", "Ends the program", Some(ctrl(Key::Q)), false;
}

impl Command {
    /// What the table says of it.
    pub fn entry(self) -> &'static Entry {
        static UNKNOWN: Entry =
            Entry { command: Command::Help, label: "", help: "", shortcut: None, needs_session: false };
        ALL.iter().find(|entry| entry.command == self).unwrap_or(&UNKNOWN)
    }

    /// Name in menus and on buttons.
    pub fn label(self) -> &'static str {
        self.entry().label
    }

    /// The keys as text for menus and tooltips (`Ctrl+F`), or empty.
    pub fn keys(self, ctx: &Context) -> String {
        self.entry().shortcut.map_or_else(String::new, |shortcut| ctx.format_shortcut(&shortcut))
    }

    /// Help and keys: what a tooltip says.
    pub fn tooltip(self, ctx: &Context) -> String {
        let keys = self.keys(ctx);
        let help = self.entry().help;
        if keys.is_empty() { help.to_owned() } else { format!("{help} ({keys})") }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_command_is_in_the_table_once() {
        let commands: HashSet<_> = ALL.iter().map(|entry| entry.command).collect();
        assert_eq!(commands.len(), ALL.len());
        assert!(ALL.iter().all(|entry| !entry.label.is_empty() && !entry.help.is_empty()));
    }

    #[test]
    fn no_two_commands_share_their_keys_unless_one_undoes_the_other() {
        let mut seen = Vec::new();
        for entry in ALL.iter().filter(|entry| entry.command != Command::Resume) {
            if let Some(shortcut) = entry.shortcut {
                assert!(!seen.contains(&shortcut), "{}", entry.label);
                seen.push(shortcut);
            }
        }
    }
}
