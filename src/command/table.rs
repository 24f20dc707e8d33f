//! The table of commands, one row each. The menu, the palette, the tooltips, the shortcuts and the help page are made
//! from these rows.
//!
//! A new command is a row here, its two texts in `words::commands`, and an arm in `app::dispatch`, which the compiler
//! asks for. The enum is generated from the rows, so no command can lack one.

use eframe::egui::{Context, Key, KeyboardShortcut, Modifiers};

use crate::command::Tool;
use crate::command::env::{self, Env, State};
use crate::store::settings::Column;
use crate::ui::{icons, language};
use crate::words::commands::{self as words, CommandText};
use crate::words::{Label, Language, topics};

/// A submenu of the window's menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Submenu {
    /// Connections, sessions and windows.
    Connection,
    /// What is shown, and how.
    View,
    /// Help with the program.
    Help,
}

impl Submenu {
    /// Every submenu, from top to bottom.
    pub const ALL: [Self; 3] = [Self::Connection, Self::View, Self::Help];

    /// The submenu's title.
    pub const fn label(self) -> Label {
        match self {
            Self::Connection => words::CONNECTION_MENU,
            Self::View => words::VIEW_MENU,
            Self::Help => words::HELP_MENU,
        }
    }
}

/// Commands that are listed together in the menu and on the help page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Group {
    /// Commands of the session's connection.
    Connection,
    /// Commands of tabs and windows.
    Sessions,
    /// Commands of the topic tree.
    Tree,
    /// Commands of the moment that is shown.
    Time,
    /// Commands of the tools below the tree.
    Tools,
    /// Commands that change how large everything is.
    Zoom,
    /// Commands that choose the theme.
    Theme,
    /// Commands that change how rows look.
    Rows,
    /// Commands that show or hide columns of the topic tree.
    Columns,
    /// Commands that show what the program can do.
    Help,
    /// Commands of the program itself.
    Program,
}

/// Where a group is in the menu; a line separates it from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MenuPlace {
    /// In the menu itself, below the submenus.
    Top,
    /// In a submenu.
    In(Submenu),
    /// In a submenu of its own with this label, at the end of this submenu.
    Below(Submenu, Label),
}

impl Group {
    /// Every group, in the order of the menu.
    pub const ALL: [Self; 11] = [
        Self::Connection,
        Self::Sessions,
        Self::Tree,
        Self::Time,
        Self::Tools,
        Self::Zoom,
        Self::Theme,
        Self::Rows,
        Self::Columns,
        Self::Help,
        Self::Program,
    ];

    /// Where the group is in the menu.
    pub const fn place(self) -> MenuPlace {
        match self {
            Self::Connection | Self::Sessions => MenuPlace::In(Submenu::Connection),
            Self::Tree | Self::Tools | Self::Zoom => MenuPlace::In(Submenu::View),
            Self::Time => MenuPlace::Below(Submenu::View, words::TIME_GROUP),
            Self::Theme => MenuPlace::Below(Submenu::View, words::THEME_GROUP),
            Self::Rows => MenuPlace::Below(Submenu::View, words::ROWS_GROUP),
            Self::Columns => MenuPlace::Below(Submenu::View, topics::COLUMNS),
            Self::Help => MenuPlace::In(Submenu::Help),
            Self::Program => MenuPlace::Top,
        }
    }

    /// The group's title on the help page.
    pub const fn label(self) -> Label {
        match self {
            Self::Connection => words::CONNECTION_MENU,
            Self::Sessions => words::SESSIONS_GROUP,
            Self::Tree => words::TREE_GROUP,
            Self::Time => words::TIME_GROUP,
            Self::Tools => words::TOOLS_GROUP,
            Self::Zoom => words::ZOOM_GROUP,
            Self::Theme => words::THEME_GROUP,
            Self::Rows => words::ROWS_GROUP,
            Self::Columns => topics::COLUMNS,
            Self::Help => words::HELP_MENU,
            Self::Program => words::PROGRAM_GROUP,
        }
    }
}

/// A command's row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Its name, and what it does.
    pub text: CommandText,
    /// The icon shown where there is no room for its name.
    pub icon: &'static str,
    /// The shortcuts that run it; the first one is shown.
    pub keys: &'static [KeyboardShortcut],
    /// Its group in the menu; `None` if it has a place of its own in the window.
    pub group: Option<Group>,
}

const fn ctrl(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND, key)
}

const fn ctrl_shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::COMMAND.plus(Modifiers::SHIFT), key)
}

const fn shift(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::SHIFT, key)
}

const fn bare(key: Key) -> KeyboardShortcut {
    KeyboardShortcut::new(Modifiers::NONE, key)
}

macro_rules! commands {
    ($($(#[$docs:meta])* $command:ident {
        text: $text:expr, icon: $icon:expr, keys: $keys:expr, group: $group:expr, state: $state:expr
    })*) => {
        /// Something a person can do that needs no data.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Command {
            $($(#[$docs])* $command,)*
            /// Show a tool of the session.
            ShowTool(Tool),
            /// Show or hide a column of the topic tree.
            ToggleColumn(Column),
        }

        const ROWS: &[Command] = &[$(Command::$command),*];

        impl Command {
            /// The command's row of the table.
            pub const fn entry(self) -> Entry {
                match self {
                    $(Self::$command => Entry { text: $text, icon: $icon, keys: const { $keys }, group: $group },)*
                    Self::ShowTool(tool) => tool.entry(),
                    Self::ToggleColumn(column) => column_entry(column),
                }
            }

            /// Whether it can run now, and whether it is checked.
            pub fn state(self, env: &Env<'_>) -> State {
                match self {
                    $(Self::$command => $state(env),)*
                    Self::ShowTool(tool) => tool.state(env),
                    Self::ToggleColumn(column) => env::column_shown(env, column),
                }
            }
        }
    };
}

commands! {
    /// Show the connections page.
    Connections {
        text: words::CONNECTIONS, icon: icons::PLUS, keys: &[ctrl(Key::N), ctrl(Key::T)],
        group: Some(Group::Connection), state: env::always
    }
    /// Connect again, now.
    Reconnect {
        text: words::RECONNECT, icon: icons::PLUG, keys: &[ctrl_shift(Key::R)],
        group: Some(Group::Connection), state: env::not_connected
    }
    /// Close the connection and keep the tree.
    Disconnect {
        text: words::DISCONNECT, icon: icons::PLUGS, keys: &[ctrl_shift(Key::D)],
        group: Some(Group::Connection), state: env::not_disconnected
    }
    /// Write every message to disk.
    Record {
        text: words::RECORD, icon: icons::CIRCLE, keys: &[ctrl(Key::R)],
        group: Some(Group::Connection), state: env::not_recording
    }
    /// Show a recording without a connection.
    OpenRecording {
        text: words::OPEN_RECORDING, icon: icons::FILE, keys: &[ctrl(Key::O)],
        group: Some(Group::Connection), state: env::always
    }
    /// Write messages in a format that other programs read.
    ExportMessages {
        text: words::EXPORT_MESSAGES, icon: icons::FILE, keys: &[],
        group: Some(Group::Connection), state: env::in_session
    }
    /// Keep the newest messages of every topic in a file.
    SaveSnapshot {
        text: words::SAVE_SNAPSHOT, icon: icons::FLOPPY_DISK, keys: &[],
        group: Some(Group::Connection), state: env::in_session
    }
    /// Publish messages again.
    ReplayMessages {
        text: words::REPLAY_MESSAGES, icon: icons::PLAY, keys: &[],
        group: Some(Group::Connection), state: env::in_session
    }
    /// End the recording.
    StopRecording {
        text: words::STOP_RECORDING, icon: icons::X_CIRCLE, keys: &[ctrl(Key::R)],
        group: Some(Group::Connection), state: env::recording
    }
    /// Test the connection step by step.
    Examine {
        text: words::EXAMINE, icon: icons::STETHOSCOPE, keys: &[],
        group: Some(Group::Connection), state: env::of_connection
    }
    /// Show the form of the session's connection.
    EditConnection {
        text: words::EDIT_CONNECTION, icon: icons::PENCIL_SIMPLE, keys: &[],
        group: Some(Group::Connection), state: env::of_connection
    }
    /// Save the connection that the command line opened as a profile.
    SaveAsProfile {
        text: words::SAVE_AS_PROFILE, icon: icons::BOOKMARK_SIMPLE, keys: &[],
        group: Some(Group::Connection), state: env::not_saved
    }
    /// Close the tab.
    CloseTab {
        text: words::CLOSE_TAB, icon: icons::X, keys: &[ctrl(Key::W)],
        group: Some(Group::Sessions), state: env::in_session
    }
    /// Reopen the session whose tab was closed last.
    ReopenClosed {
        text: words::REOPEN_CLOSED, icon: icons::ARROW_LEFT, keys: &[ctrl_shift(Key::T)],
        group: Some(Group::Sessions), state: env::any_closed
    }
    /// Show the session in another window as well.
    NewWindow {
        text: words::NEW_WINDOW, icon: icons::MONITOR, keys: &[ctrl_shift(Key::N)],
        group: Some(Group::Sessions), state: env::in_session
    }
    /// Show the tab to the right, or the first after the last.
    NextTab {
        text: words::NEXT_TAB, icon: icons::ARROW_RIGHT, keys: &[ctrl(Key::Tab), ctrl(Key::PageDown)],
        group: Some(Group::Sessions), state: env::always
    }
    /// Show the tab to the left, or the last before the first.
    PreviousTab {
        text: words::PREVIOUS_TAB, icon: icons::ARROW_LEFT,
        keys: &[ctrl_shift(Key::Tab), ctrl(Key::PageUp)],
        group: Some(Group::Sessions), state: env::always
    }
    /// Move the keyboard focus to the next pane.
    NextPane {
        text: words::NEXT_PANE, icon: icons::ARROW_RIGHT, keys: &[bare(Key::F6)],
        group: Some(Group::Sessions), state: env::always
    }
    /// Move the keyboard focus to the previous pane.
    PreviousPane {
        text: words::PREVIOUS_PANE, icon: icons::ARROW_LEFT, keys: &[KeyboardShortcut::new(Modifiers::SHIFT, Key::F6)],
        group: Some(Group::Sessions), state: env::always
    }
    /// Put the cursor into the search field.
    Search {
        text: words::SEARCH, icon: icons::MAGNIFYING_GLASS, keys: &[ctrl(Key::F)],
        group: None, state: env::in_session
    }
    /// Select the next match of the search.
    NextMatch {
        text: words::NEXT_MATCH, icon: icons::CARET_DOWN, keys: &[bare(Key::F3)],
        group: None, state: env::searching
    }
    /// Select the previous match of the search.
    PreviousMatch {
        text: words::PREVIOUS_MATCH, icon: icons::CARET_UP,
        keys: &[KeyboardShortcut::new(Modifiers::SHIFT, Key::F3)],
        group: None, state: env::searching
    }
    /// Pause the view; messages are still received.
    Pause {
        text: words::PAUSE, icon: icons::PAUSE, keys: &[ctrl(Key::P)],
        group: None, state: env::not_paused
    }
    /// Resume the view.
    Resume {
        text: words::RESUME, icon: icons::PLAY, keys: &[ctrl(Key::P)],
        group: None, state: env::paused
    }
    /// Expand every node.
    ExpandAll {
        text: words::EXPAND_ALL, icon: icons::ARROWS_OUT_LINE_VERTICAL, keys: &[ctrl_shift(Key::E)],
        group: Some(Group::Tree), state: env::in_session
    }
    /// Collapse every node.
    CollapseAll {
        text: words::COLLAPSE_ALL, icon: icons::ARROWS_IN_LINE_VERTICAL, keys: &[ctrl_shift(Key::L)],
        group: Some(Group::Tree), state: env::in_session
    }
    /// Show or hide the time bar below the tree.
    ToggleTimeBar {
        text: words::TOGGLE_TIME_BAR, icon: icons::PULSE, keys: &[ctrl(Key::B)],
        group: Some(Group::Time), state: env::time_bar_shown
    }
    /// Show what is there now.
    BackToLive {
        text: words::BACK_TO_LIVE, icon: icons::PLAY, keys: &[ctrl(Key::L)],
        group: Some(Group::Time), state: env::rewound
    }
    /// Let moments of an earlier time follow each other, or hold them.
    PlayForward {
        text: words::PLAY_FORWARD, icon: icons::PLAY, keys: &[bare(Key::F9)],
        group: Some(Group::Time), state: env::playing
    }
    /// Show the moment before the last message.
    StepBack {
        text: words::STEP_BACK, icon: icons::ARROW_LEFT, keys: &[bare(Key::F7)],
        group: Some(Group::Time), state: env::in_session
    }
    /// Show the moment after the next message.
    StepForward {
        text: words::STEP_FORWARD, icon: icons::ARROW_RIGHT, keys: &[bare(Key::F8)],
        group: Some(Group::Time), state: env::rewound
    }
    /// Show the selected topic before its last change.
    ChangeBefore {
        text: words::CHANGE_BEFORE, icon: icons::ARROW_LEFT, keys: &[shift(Key::F7)],
        group: Some(Group::Time), state: env::topic_selected
    }
    /// Show the selected topic after its next change.
    ChangeAfter {
        text: words::CHANGE_AFTER, icon: icons::ARROW_RIGHT, keys: &[shift(Key::F8)],
        group: Some(Group::Time), state: env::rewound_to_topic
    }
    /// Clear the selection, so that the overview is shown.
    Overview {
        text: words::OVERVIEW, icon: icons::LIST_BULLETS, keys: &[ctrl_shift(Key::O)],
        group: None, state: env::topic_selected
    }
    /// Forget all topics and messages of this session.
    Clear {
        text: words::CLEAR, icon: icons::BROOM, keys: &[],
        group: Some(Group::Tree), state: env::in_session
    }
    /// Show only the selected node and what is below it.
    ShowOnly {
        text: words::SHOW_ONLY, icon: icons::EYE, keys: &[],
        group: None, state: env::topic_selected
    }
    /// Show the whole tree again.
    ShowAll {
        text: words::SHOW_ALL, icon: icons::X, keys: &[],
        group: None, state: env::scoped
    }
    /// Pin or unpin the selected topic.
    PinTopic {
        text: words::PIN_TOPIC, icon: icons::BOOKMARK_SIMPLE, keys: &[],
        group: None, state: env::topic_selected
    }
    /// Forget the selected topic.
    ForgetTopic {
        text: words::FORGET_TOPIC, icon: icons::TRASH, keys: &[],
        group: None, state: env::topic_selected
    }
    /// Copy the selected topic.
    CopyTopic {
        text: words::COPY_TOPIC, icon: icons::COPY, keys: &[ctrl_shift(Key::C)],
        group: None, state: env::topic_selected
    }
    /// Copy the payload that is shown.
    CopyPayload {
        text: words::COPY_PAYLOAD, icon: icons::COPY, keys: &[ctrl_shift(Key::X)],
        group: None, state: env::topic_selected
    }
    /// Save the payload that is shown.
    SavePayload {
        text: words::SAVE_PAYLOAD, icon: icons::FLOPPY_DISK, keys: &[ctrl(Key::S)],
        group: None, state: env::topic_selected
    }
    /// Write the newest values at and below the selected level to a file, or of the whole tree.
    ExportValues {
        text: words::EXPORT_VALUES, icon: icons::FLOPPY_DISK, keys: &[],
        group: None, state: env::in_session
    }
    /// Stop all that is being sent one after the other.
    StopSending {
        text: words::STOP_SENDING, icon: icons::X_CIRCLE, keys: &[ctrl(Key::Period)],
        group: Some(Group::Tools), state: env::sending
    }
    /// Publish the message in the publish panel.
    Publish {
        text: words::PUBLISH, icon: icons::PAPER_PLANE_TILT, keys: &[ctrl(Key::Enter)],
        group: None, state: env::publish_shown
    }
    /// Show or hide the tools below the tree.
    ToggleTools {
        text: words::TOGGLE_TOOLS, icon: icons::CARET_UP, keys: &[ctrl(Key::J)],
        group: Some(Group::Tools), state: env::tools_shown
    }
    /// Give the whole window to the tool that is shown, or take it back.
    FillWindow {
        text: words::FILL_WINDOW, icon: icons::ARROWS_OUT_LINE_VERTICAL, keys: &[bare(Key::F11)],
        group: Some(Group::Tools), state: env::window_filled
    }
    /// Make everything larger.
    ZoomIn {
        text: words::ZOOM_IN, icon: icons::PLUS, keys: &[ctrl(Key::Plus), ctrl(Key::Equals)],
        group: Some(Group::Zoom), state: env::always
    }
    /// Make everything smaller.
    ZoomOut {
        text: words::ZOOM_OUT, icon: icons::MAGNIFYING_GLASS, keys: &[ctrl(Key::Minus)],
        group: Some(Group::Zoom), state: env::always
    }
    /// Reset everything to its normal size.
    ZoomReset {
        text: words::ZOOM_RESET, icon: icons::MAGNIFYING_GLASS, keys: &[ctrl(Key::Num0)],
        group: Some(Group::Zoom), state: env::always
    }
    /// Follow the system's theme.
    ThemeSystem {
        text: words::THEME_SYSTEM, icon: icons::MONITOR, keys: &[],
        group: Some(Group::Theme), state: env::theme_is_system
    }
    /// Use the light theme.
    ThemeLight {
        text: words::THEME_LIGHT, icon: icons::SUN, keys: &[],
        group: Some(Group::Theme), state: env::theme_is_light
    }
    /// Use the dark theme.
    ThemeDark {
        text: words::THEME_DARK, icon: icons::MOON, keys: &[],
        group: Some(Group::Theme), state: env::theme_is_dark
    }
    /// Use the high-contrast theme.
    ThemeHighContrast {
        text: words::THEME_HIGH_CONTRAST, icon: icons::EYE, keys: &[],
        group: Some(Group::Theme), state: env::theme_is_high_contrast
    }
    /// Use compact rows.
    DensityCompact {
        text: words::DENSITY_COMPACT, icon: icons::ROWS, keys: &[],
        group: Some(Group::Rows), state: env::density_is_compact
    }
    /// Use rows of normal height.
    DensityNormal {
        text: words::DENSITY_NORMAL, icon: icons::ROWS, keys: &[],
        group: Some(Group::Rows), state: env::density_is_normal
    }
    /// Use comfortable rows.
    DensityComfortable {
        text: words::DENSITY_COMFORTABLE, icon: icons::ROWS, keys: &[],
        group: Some(Group::Rows), state: env::density_is_comfortable
    }
    /// Turn the flashing of changed values on or off.
    ToggleFlash {
        text: words::TOGGLE_FLASH, icon: icons::PULSE, keys: &[],
        group: Some(Group::Rows), state: env::flashes
    }
    /// Find a command by its name.
    Palette {
        text: words::PALETTE, icon: icons::COMMAND, keys: &[ctrl(Key::K), ctrl_shift(Key::P)],
        group: Some(Group::Help), state: env::always
    }
    /// Show the Settings page.
    Settings {
        text: words::SETTINGS, icon: icons::GEAR, keys: &[ctrl(Key::Comma)],
        group: Some(Group::Program), state: env::always
    }
    /// Show or hide frame times and counters over the window.
    TogglePerformance {
        text: words::TOGGLE_PERFORMANCE, icon: icons::GAUGE, keys: &[bare(Key::F12)],
        group: Some(Group::Help), state: env::performance_shown
    }
    /// Show the list of shortcuts.
    Help {
        text: words::HELP, icon: icons::KEYBOARD, keys: &[bare(Key::F1)],
        group: Some(Group::Help), state: env::always
    }
    /// Show version, renderer, folders and licences.
    About {
        text: words::ABOUT, icon: icons::ASTERISK, keys: &[],
        group: Some(Group::Help), state: env::always
    }
    /// End the program.
    Quit {
        text: words::QUIT, icon: icons::X_CIRCLE, keys: &[ctrl(Key::Q)],
        group: Some(Group::Program), state: env::always
    }
}

impl Command {
    /// Every command, in the order of the table; the tools follow the command that toggles them, the columns the last
    /// command for the look of rows.
    pub fn all() -> impl Iterator<Item = Self> {
        let tools = |row: &Self| if *row == Self::ToggleTools { Tool::ALL } else { &[] };
        let columns = |row: &Self| if *row == Self::ToggleFlash { &Column::ALL[..] } else { &[] };
        ROWS.iter().flat_map(move |row| {
            let tools = tools(row).iter().map(|tool| Self::ShowTool(*tool));
            // As they are listed in the menu of the headings.
            let columns = columns(row).iter().rev().map(|column| Self::ToggleColumn(*column));
            std::iter::once(*row).chain(tools).chain(columns)
        })
    }

    /// The commands of a menu group.
    pub fn of_group(group: Group) -> impl Iterator<Item = Self> {
        Self::all().filter(move |command| command.entry().group == Some(group))
    }

    /// The command's name in menus and on buttons.
    pub const fn label(self, language: Language) -> &'static str {
        self.entry().text.label.of(language)
    }

    /// The command's name in a menu that already says what its entries are about.
    pub const fn short_label(self, language: Language) -> &'static str {
        match self {
            Self::ToggleColumn(column) => topics::column(column).of(language),
            _ => self.label(language),
        }
    }

    /// What it does, in one sentence.
    pub const fn help(self, language: Language) -> &'static str {
        self.entry().text.help.of(language)
    }

    /// The shortcut as text for menus and tooltips (`Ctrl+F`); empty if there is none.
    pub fn keys(self, ctx: &Context) -> String {
        self.entry().keys.first().map_or_else(String::new, |keys| keys_text(ctx, keys))
    }

    /// The tooltip: help and shortcut.
    pub fn tooltip(self, ctx: &Context) -> String {
        let keys = self.keys(ctx);
        let help = self.help(language(ctx));
        if keys.is_empty() { help.to_owned() } else { format!("{help} ({keys})") }
    }
}

/// A shortcut as it is written on keyboards: `Ctrl+,` and not `Ctrl+Comma`.
pub fn keys_text(ctx: &Context, keys: &KeyboardShortcut) -> String {
    let text = ctx.format_shortcut(keys);
    let key = keys.logical_key;
    match key {
        Key::Comma | Key::Plus | Key::Minus | Key::Equals => text
            .strip_suffix(key.name())
            .map_or_else(|| text.clone(), |front| format!("{front}{}", key.symbol_or_name())),
        _ => text,
    }
}

const fn column_entry(column: Column) -> Entry {
    Entry { text: words::toggle_column(column), icon: icons::STACK, keys: &[], group: Some(Group::Columns) }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_two_commands_have_the_same_name() {
        for language in Language::ALL {
            let names: HashSet<_> = Command::all().map(|command| command.label(language)).collect();
            assert_eq!(names.len(), Command::all().count(), "{language:?}");
        }
    }

    #[test]
    fn every_command_is_in_the_table_once() {
        let commands: Vec<_> = Command::all().collect();
        let once: HashSet<_> = commands.iter().collect();
        assert_eq!(once.len(), commands.len());
        let others = Tool::ALL.len() + Column::ALL.len();
        assert_eq!(commands.len(), ROWS.len() + others, "tools and columns have their place");
    }

    #[test]
    fn every_group_of_the_menu_has_commands() {
        for group in Group::ALL {
            assert!(Command::of_group(group).next().is_some(), "{group:?}");
        }
        let grouped = Command::all().filter(|command| command.entry().group.is_some()).count();
        assert_eq!(Group::ALL.iter().map(|group| Command::of_group(*group).count()).sum::<usize>(), grouped);
    }

    #[test]
    fn a_key_is_written_as_on_a_keyboard() {
        let ctx = Context::default();
        let keys = |command: Command| command.keys(&ctx);
        assert!(keys(Command::Settings).ends_with("+,"), "{}", keys(Command::Settings));
        assert!(keys(Command::ZoomIn).ends_with("++"), "{}", keys(Command::ZoomIn));
        assert!(keys(Command::Search).ends_with("+F"));
    }

    #[test]
    fn no_two_commands_share_their_keys_unless_one_undoes_the_other() {
        let mut seen = Vec::new();
        let undoing = [Command::Resume, Command::StopRecording];
        for command in Command::all().filter(|command| !undoing.contains(command)) {
            for keys in command.entry().keys {
                assert!(!seen.contains(keys), "{command:?}");
                seen.push(*keys);
            }
        }
    }
}
