//! Additional windows. Each shows one session, with a tree, an inspector and tools of its own.
//!
//! All windows of a session share what belongs to the session: the expanded levels, their order, the search, and
//! whether the view is paused. Each window has its own selection, message, tool, and scroll position in every list. A
//! window closes when its session does, and never ends the program.
//!
//! While a window is drawn, and while its actions are carried out, it stands in for the first one: [`App`] swaps in the
//! views of that window. So no panel or action needs to know that there is more than one.

use eframe::egui::{Event, Ui, ViewportBuilder, ViewportCommand, ViewportId, vec2};

use crate::app::App;
use crate::app::launch::APP_ID;
use crate::app::tab::View;
use crate::app::title::Title;
use crate::command::{Action, Actions, Command, PlotAction, SessionAction};
use crate::model::{MessageId, NodeId};
use crate::panels::top_bar::TopBarView;
use crate::words::app as words;

/// A window other than the first one.
pub struct Beside {
    id: ViewportId,
    /// The number of the session that it shows.
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
    /// Shows another session.
    fn turn_to(&mut self, tab: u64) {
        self.tab = tab;
        self.view = View::default();
        self.selected = None;
        self.newest_selected = None;
        self.cleared = 0;
    }
}

/// All windows except the first.
#[derive(Default)]
pub struct Windows {
    open: Vec<Beside>,
    /// How many windows were ever opened, used to number them.
    opened: u64,
}

impl Windows {
    /// Whether a window shows the session with this number.
    pub fn show(&self, tab: u64) -> bool {
        self.open.iter().any(|window| window.tab == tab)
    }
}

/// Whether a person does something in the window in this frame, more than moving the pointer. Panels ask for things by
/// themselves too, and what those open belongs into the window where the person is.
pub(super) fn is_operated(ui: &Ui) -> bool {
    ui.input(|input| {
        let mut events = input.events.iter();
        !input.raw.dropped_files.is_empty()
            || events.any(|event| {
                !matches!(
                    event,
                    Event::PointerMoved(_)
                        | Event::PointerGone
                        | Event::MouseMoved(_)
                        | Event::WindowFocused(_)
                )
            })
    })
}

impl App {
    /// Opens another window for the session that is shown.
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

    /// Draws all windows except the first, and carries out their actions.
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
            if is_operated(ui) {
                self.front = window.id;
            }
            let mut actions = Actions::default();
            self.standing_in(window, |app| app.draw(ui, &mut actions));
            for action in actions.take() {
                self.perform_in(window, action);
            }
        });
    }

    /// Carries out an action of a window.
    fn perform_in(&mut self, window: &mut Beside, action: Action) {
        match action {
            Action::Run(Command::CloseTab) => window.is_closed = true,
            // Only the first window shows the list of connections.
            Action::Run(Command::Connections) => {
                self.perform(action);
                self.ctx.send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Focus);
            }
            // A profile keeps the plots of the first window.
            Action::Plot(PlotAction::Keep(_)) => {}
            // It removes the tab together with its views.
            Action::Session(SessionAction::CloseTab(_)) => self.perform(action),
            _ => {
                self.standing_in(window, |app| app.perform(action));
            }
        }
    }

    /// Lets a window stand in for the first one while `run` is called. If that shows another session, so does the
    /// window.
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

    /// Swaps the views of a window with those of a tab.
    fn exchange(&mut self, window: &mut Beside, number: u64) {
        let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) else { return };
        if window.cleared != tab.cleared {
            window.turn_to(number);
            window.cleared = tab.cleared;
        }
        // The search belongs to the session.
        window.view.topics.marks.clone_from(&tab.view.topics.marks);
        window.view.topics.search.clone_from(&tab.view.topics.search);
        std::mem::swap(&mut window.view, &mut tab.view);
        std::mem::swap(&mut window.selected, &mut tab.selected);
        std::mem::swap(&mut window.newest_selected, &mut tab.newest_selected);
        std::mem::swap(&mut window.top_bar, &mut self.top_bar);
        std::mem::swap(&mut window.title, &mut self.title);
    }
}
