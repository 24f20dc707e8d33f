//! More windows of the program. Each looks at one session, with a tree, an inspector and tools of its own.
//!
//! What belongs to a session is the same in all its windows: which levels are open, their order, the search, and whether
//! the view is paused. What belongs to looking is a window's own: the selection, the message that shows, the tool, and the
//! place in every list. A window closes by itself when its session does, and never ends the program.
//!
//! While a window is drawn, and while its actions are carried out, it stands in for the first one: [`App`] holds its views
//! in the place of its own. So no panel and no action knows of more than one window.

use eframe::egui::{ViewportBuilder, ViewportCommand, ViewportId, vec2};

use crate::app::App;
use crate::app::launch::APP_ID;
use crate::app::tab::View;
use crate::app::title::Title;
use crate::command::{Action, Actions, Command, SessionAction};
use crate::model::{MessageId, NodeId};
use crate::panels::top_bar::TopBarView;
use crate::words::app as words;

/// A window beside the first one.
pub struct Beside {
    id: ViewportId,
    /// The number of the tab that it shows.
    tab: u64,
    view: View,
    selected: Option<NodeId>,
    newest_selected: Option<MessageId>,
    /// How often the session had been cleared when the views were made.
    cleared: u64,
    top_bar: TopBarView,
    title: Title,
    is_closed: bool,
}

impl Beside {
    /// Turns to another session.
    fn turn_to(&mut self, tab: u64) {
        self.tab = tab;
        self.view = View::default();
        self.selected = None;
        self.newest_selected = None;
        self.cleared = 0;
    }
}

/// All windows but the first.
#[derive(Default)]
pub struct Windows {
    open: Vec<Beside>,
    /// How many there were, to tell them apart.
    opened: u64,
}

impl Windows {
    /// Whether a window shows the tab with this number.
    pub fn show(&self, tab: u64) -> bool {
        self.open.iter().any(|window| window.tab == tab)
    }
}

impl App {
    /// Opens a window on the session that shows.
    pub(super) fn open_window(&mut self) {
        let Some(tab) = self.active_tab() else { return };
        let (tab, selected, cleared) = (tab.number, tab.selected, tab.cleared);
        self.windows.opened += 1;
        let window = Beside {
            id: ViewportId::from_hash_of(("window", self.windows.opened)),
            tab,
            view: View::default(),
            selected,
            newest_selected: None,
            cleared,
            top_bar: TopBarView::default(),
            title: Title::default(),
            is_closed: false,
        };
        self.windows.open.push(window);
    }

    /// Draws all windows but the first, and carries out what was asked for in them.
    pub(super) fn draw_windows(&mut self) {
        let windows = std::mem::take(&mut self.windows.open);
        for mut window in windows {
            if self.tabs.iter().any(|tab| tab.number == window.tab) {
                self.draw_window(&mut window);
            } else {
                window.is_closed = true;
            }
            if window.is_closed {
                self.front = if self.front == window.id { ViewportId::ROOT } else { self.front };
            } else {
                self.windows.open.push(window);
            }
        }
    }

    fn draw_window(&mut self, window: &mut Beside) {
        let builder = ViewportBuilder::default()
            .with_title(words::NAME)
            .with_app_id(APP_ID)
            .with_inner_size(vec2(1100.0, 720.0))
            .with_min_inner_size(vec2(640.0, 400.0));
        let ctx = self.ctx.clone();
        ctx.show_viewport_immediate(window.id, builder, |ui, _class| {
            window.is_closed |= ui.input(|input| input.viewport().close_requested());
            let mut actions = Actions::default();
            self.standing_in(window, |app| app.draw(ui, &mut actions));
            for action in actions.take() {
                self.front = window.id;
                self.perform_in(window, action);
            }
        });
    }

    /// Carries out what was asked for in a window.
    fn perform_in(&mut self, window: &mut Beside, action: Action) {
        match action {
            Action::Run(Command::CloseTab) => window.is_closed = true,
            // The list of connections is the first window's.
            Action::Run(Command::Connections) => {
                self.perform(action);
                self.ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Focus);
            }
            // It takes the tab away, with the views that belong to it.
            Action::Session(SessionAction::CloseTab(_)) => self.perform(action),
            _ => {
                self.standing_in(window, |app| app.perform(action));
            }
        }
    }

    /// Lets a window stand in for the first one. A window that then shows another session turns to it.
    fn standing_in<R>(&mut self, window: &mut Beside, run: impl FnOnce(&mut Self) -> R) -> Option<R> {
        let number = window.tab;
        let index = self.tabs.iter().position(|tab| tab.number == number)?;
        let before = self.active.replace(index);
        let shown_before = before.and_then(|index| self.tabs.get(index)).map(|tab| tab.number);
        self.exchange(window, number);
        let outcome = run(self);
        let now = self.active_tab().map(|tab| tab.number);
        self.exchange(window, number);
        if let Some(now) = now.filter(|now| *now != number) {
            window.turn_to(now);
        }
        self.active = shown_before.and_then(|number| self.tabs.iter().position(|tab| tab.number == number));
        self.watch_shown();
        Some(outcome)
    }

    /// Puts the views of a window in the place of a tab's own, or back.
    fn exchange(&mut self, window: &mut Beside, number: u64) {
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) else { return };
        if window.cleared != tab.cleared {
            window.turn_to(number);
            window.cleared = tab.cleared;
        }
        // The search is the session's.
        window.view.topics.marks.clone_from(&tab.view.topics.marks);
        window.view.topics.search.clone_from(&tab.view.topics.search);
        std::mem::swap(&mut window.view, &mut tab.view);
        std::mem::swap(&mut window.selected, &mut tab.selected);
        std::mem::swap(&mut window.newest_selected, &mut tab.newest_selected);
        std::mem::swap(&mut window.top_bar, &mut self.top_bar);
        std::mem::swap(&mut window.title, &mut self.title);
    }
}
