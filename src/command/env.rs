//! What decides whether a command can run and whether it is checked: plain facts, and the conditions that the rows of
//! the table name.

use crate::command::Tool;
use crate::store::settings::{Column, Density, Settings, Theme};
use crate::words::{Label, commands as words};

/// The facts that commands depend on, gathered once per frame.
#[derive(Clone, Copy, Debug)]
pub struct Env<'a> {
    /// The person's settings.
    pub settings: &'a Settings,
    /// The session that is shown; `None` on the connections page.
    pub session: Option<SessionEnv>,
    /// Whether the performance overlay is shown.
    pub performance: bool,
    /// Whether there is a closed session that can be reopened.
    pub closed: bool,
}

/// The facts of the session that is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SessionEnv {
    /// Whether its broker has accepted the connection.
    pub connected: bool,
    /// Whether it is neither connected nor trying to connect.
    pub disconnected: bool,
    /// Whether the view is paused.
    pub paused: bool,
    /// Whether an earlier moment is shown.
    pub rewound: bool,
    /// Whether the moments of an earlier time follow each other by themselves.
    pub playing: bool,
    /// Whether the time bar is shown.
    pub time_bar: bool,
    /// Whether it is being recorded.
    pub recording: bool,
    /// Whether it shows a recording and has no connection.
    pub recorded: bool,
    /// Whether its connection is a saved profile.
    pub saved: bool,
    /// Whether a topic is selected.
    pub selected: bool,
    /// Whether there is an active search.
    pub searching: bool,
    /// Whether only a part of the tree is shown.
    pub scoped: bool,
    /// Whether messages go out one after the other, in any session.
    pub sending: bool,
    /// The tool that is shown.
    pub tool: Option<Tool>,
    /// Whether that tool has the whole window.
    pub filled: bool,
}

/// Whether a command can run, and whether it is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    /// Why it cannot run now; `None` if it can.
    pub obstacle: Option<Label>,
    /// Whether what it stands for is chosen or switched on now; `None` for an act, which is neither.
    pub checked: Option<bool>,
}

impl State {
    const READY: Self = Self { obstacle: None, checked: None };

    /// Whether the command can run.
    pub const fn is_enabled(self) -> bool {
        self.obstacle.is_none()
    }

    const fn unless(obstacle: Option<Label>) -> Self {
        Self { obstacle, checked: None }
    }

    const fn checked(checked: bool) -> Self {
        Self { obstacle: None, checked: Some(checked) }
    }
}

/// For commands that can always run.
pub(super) fn always(_env: &Env<'_>) -> State {
    State::READY
}

/// For commands that need a session.
pub(super) fn in_session(env: &Env<'_>) -> State {
    session(env, |_| None)
}

/// For commands that need a session with a connection of its own, made or not.
pub(super) fn of_connection(env: &Env<'_>) -> State {
    live(env, |_| None)
}

/// For commands that need a session without a connection.
pub(super) fn not_connected(env: &Env<'_>) -> State {
    live(env, |session| session.connected.then_some(words::IS_CONNECTED))
}

/// For commands that need a session that is connected or trying to connect.
pub(super) fn not_disconnected(env: &Env<'_>) -> State {
    live(env, |session| session.disconnected.then_some(words::NEEDS_CONNECTION))
}

/// For commands that need a session whose connection is not saved.
pub(super) fn not_saved(env: &Env<'_>) -> State {
    live(env, |session| session.saved.then_some(words::IS_SAVED))
}

/// For commands that need a session that is not being recorded.
pub(super) fn not_recording(env: &Env<'_>) -> State {
    live(env, |session| session.recording.then_some(words::IS_RECORDING))
}

/// For commands that need a session that is being recorded.
pub(super) fn recording(env: &Env<'_>) -> State {
    session(env, |session| (!session.recording).then_some(words::IS_NOT_RECORDING))
}

/// For commands that need a session whose view is not paused.
pub(super) fn not_paused(env: &Env<'_>) -> State {
    session(env, |session| {
        let earlier = session.rewound.then_some(words::IS_REWOUND);
        earlier.or(session.paused.then_some(words::IS_PAUSED))
    })
}

/// For commands that need a session whose view is paused.
pub(super) fn paused(env: &Env<'_>) -> State {
    session(env, |session| (!session.paused).then_some(words::IS_NOT_PAUSED))
}

/// For commands that need a view of an earlier moment.
pub(super) fn rewound(env: &Env<'_>) -> State {
    session(env, |session| (!session.rewound).then_some(words::IS_LIVE))
}

/// For the command that plays an earlier time; checked while it does.
pub(super) fn playing(env: &Env<'_>) -> State {
    let playing = env.session.is_some_and(|session| session.playing);
    State { checked: Some(playing), ..rewound(env) }
}

/// For commands that need an earlier moment and a selected topic.
pub(super) fn rewound_to_topic(env: &Env<'_>) -> State {
    session(env, |session| {
        let live = (!session.rewound).then_some(words::IS_LIVE);
        live.or((!session.selected).then_some(words::NEEDS_TOPIC))
    })
}

/// For the command that shows or hides the time bar; checked while it is shown.
pub(super) fn time_bar_shown(env: &Env<'_>) -> State {
    let shown = env.session.is_some_and(|session| session.time_bar);
    State { checked: Some(shown), ..in_session(env) }
}

/// For commands that need the publish panel to be shown.
pub(super) fn publish_shown(env: &Env<'_>) -> State {
    session(env, |session| (session.tool != Some(Tool::Publish)).then_some(words::NEEDS_PUBLISH_PANEL))
}

/// For commands that need messages that go out one after the other.
pub(super) fn sending(env: &Env<'_>) -> State {
    session(env, |session| (!session.sending).then_some(words::NEEDS_SENDING))
}

/// For commands that need a closed session to reopen.
pub(super) fn any_closed(env: &Env<'_>) -> State {
    State::unless((!env.closed).then_some(words::NEEDS_CLOSED))
}

/// For commands that need an active search.
pub(super) fn searching(env: &Env<'_>) -> State {
    session(env, |session| (!session.searching).then_some(words::NEEDS_SEARCH))
}

/// For commands that need only a part of the tree to be shown.
pub(super) fn scoped(env: &Env<'_>) -> State {
    session(env, |session| (!session.scoped).then_some(words::NEEDS_SCOPE))
}

/// For commands that need a selected topic.
pub(super) fn topic_selected(env: &Env<'_>) -> State {
    session(env, |session| (!session.selected).then_some(words::NEEDS_TOPIC))
}

/// For the command that shows or hides the tools of a session; checked while they are shown.
pub(super) fn tools_shown(env: &Env<'_>) -> State {
    let shown = env.session.is_some_and(|session| session.tool.is_some());
    State { checked: Some(shown), ..in_session(env) }
}

/// For the command that fills the window with a tool; checked while one does.
pub(super) fn window_filled(env: &Env<'_>) -> State {
    let filled = env.session.is_some_and(|session| session.tool.is_some() && session.filled);
    State { checked: Some(filled), ..in_session(env) }
}

/// For the command that shows this tool of a session; checked while the tool is shown.
pub(super) fn tool_shown(env: &Env<'_>, tool: Tool) -> State {
    let shown = env.session.is_some_and(|session| session.tool == Some(tool));
    State { checked: Some(shown), ..in_session(env) }
}

/// For a command that is checked while the system's theme is chosen.
pub(super) fn theme_is_system(env: &Env<'_>) -> State {
    State::checked(env.settings.theme == Theme::System)
}

/// For a command that is checked while the light theme is chosen.
pub(super) fn theme_is_light(env: &Env<'_>) -> State {
    State::checked(env.settings.theme == Theme::Light)
}

/// For a command that is checked while the dark theme is chosen.
pub(super) fn theme_is_dark(env: &Env<'_>) -> State {
    State::checked(env.settings.theme == Theme::Dark)
}

/// For a command that is checked while the high-contrast theme is chosen.
pub(super) fn theme_is_high_contrast(env: &Env<'_>) -> State {
    State::checked(env.settings.theme == Theme::HighContrast)
}

/// For a command that is checked while compact rows are chosen.
pub(super) fn density_is_compact(env: &Env<'_>) -> State {
    State::checked(env.settings.density == Density::Compact)
}

/// For a command that is checked while rows of normal height are chosen.
pub(super) fn density_is_normal(env: &Env<'_>) -> State {
    State::checked(env.settings.density == Density::Normal)
}

/// For a command that is checked while comfortable rows are chosen.
pub(super) fn density_is_comfortable(env: &Env<'_>) -> State {
    State::checked(env.settings.density == Density::Comfortable)
}

/// For a command that is checked while changed values flash.
pub(super) fn flashes(env: &Env<'_>) -> State {
    State::checked(env.settings.flash_on_update)
}

/// For the command that shows or hides this column; checked while it is shown.
pub(super) fn column_shown(env: &Env<'_>, column: Column) -> State {
    State::checked(env.settings.columns.get(column).shown)
}

/// For a command that is checked while the performance overlay is shown.
pub(super) fn performance_shown(env: &Env<'_>) -> State {
    State::checked(env.performance)
}

/// Whether a command of a session that is no recording can run.
fn live(env: &Env<'_>, obstacle: impl Fn(SessionEnv) -> Option<Label>) -> State {
    session(env, |session| if session.recorded { Some(words::IS_A_RECORDING) } else { obstacle(session) })
}

fn session(env: &Env<'_>, obstacle: impl FnOnce(SessionEnv) -> Option<Label>) -> State {
    State::unless(env.session.map_or(Some(words::NEEDS_SESSION), obstacle))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::Command;

    #[test]
    fn pausing_and_resuming_are_never_possible_at_once() {
        let settings = Settings::default();
        for paused in [false, true] {
            let session = Some(SessionEnv { paused, ..SessionEnv::default() });
            let env = Env { settings: &settings, session, performance: false, closed: false };
            assert_eq!(Command::Pause.state(&env).is_enabled(), !paused);
            assert_eq!(Command::Resume.state(&env).is_enabled(), paused);
        }
    }

    #[test]
    fn the_connections_page_says_that_a_session_is_missing() {
        let settings = Settings::default();
        let env = Env { settings: &settings, session: None, performance: false, closed: false };
        assert_eq!(Command::Clear.state(&env).obstacle, Some(words::NEEDS_SESSION));
        assert_eq!(Command::ShowTool(Tool::Log).state(&env).obstacle, Some(words::NEEDS_SESSION));
        assert!(Command::Quit.state(&env).is_enabled());
    }

    #[test]
    fn publishing_needs_the_panel_and_reopening_a_session_that_was_closed() {
        let settings = Settings::default();
        for tool in [None, Some(Tool::Log), Some(Tool::Publish)] {
            let session = Some(SessionEnv { connected: true, tool, ..SessionEnv::default() });
            let env = Env { settings: &settings, session, performance: false, closed: tool.is_none() };
            assert_eq!(Command::Publish.state(&env).is_enabled(), tool == Some(Tool::Publish));
            assert_eq!(Command::ReopenClosed.state(&env).is_enabled(), tool.is_none());
        }
    }

    #[test]
    fn a_command_that_stands_for_a_choice_is_checked_while_it_is_chosen() {
        let mut settings = Settings::default();
        settings.theme = Theme::Dark;
        let session = Some(SessionEnv { tool: Some(Tool::Plots), ..SessionEnv::default() });
        let env = Env { settings: &settings, session, performance: false, closed: false };
        let checked: Vec<_> =
            Command::all().filter(|command| command.state(&env).checked == Some(true)).collect();
        let expected = [
            Command::ToggleTools,
            Command::ShowTool(Tool::Plots),
            Command::ThemeDark,
            Command::DensityNormal,
            Command::ToggleFlash,
            Command::ToggleColumn(Column::Age),
            Command::ToggleColumn(Column::Rate),
            Command::ToggleColumn(Column::Messages),
        ];
        assert_eq!(checked, expected);
    }
}
