//! The wiring: the eframe app, its commands and actions. The only place that sees everything.
//!
//! A frame goes: `logic` collects what jobs and sessions finished; `ui` locks the active session's model once, lets
//! the panels work and draw; then `dispatch` carries out the actions that they asked for.

mod closing;
mod connect;
mod dispatch;
mod examine;
mod frame_clock;
mod keep;
pub mod launch;
mod layout;
pub mod perf;
mod storage;
mod subscribe;
mod tab;
mod transfer;

use std::path::PathBuf;
use std::sync::Arc;

use eframe::egui::{self, CentralPanel, Context, Panel, Ui, ViewportId};

use crate::app::closing::Closing;
use crate::app::connect::{Pending, Purpose, Target};
use crate::app::frame_clock::FrameClock;
use crate::app::perf::{Perf, PerfLog};
use crate::app::storage::Storage;
use crate::app::tab::{Kept, Tab, WakeDelay};
use crate::app::transfer::Transfers;
use crate::command::action::{Action, Actions, Notice};
use crate::command::{self, Command};
use crate::demo::Demo;
use crate::model::Limits;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::panels::connections::{ConnectionsScene, ConnectionsView};
use crate::panels::notices::Notices;
use crate::panels::top_bar::{self, TabLabel, TopBar, TopBarView};
use crate::panels::{performance, status_bar};
use crate::session::Session;
use crate::session::doctor::Doctor;
use crate::store::Paths;
use crate::ui::job::{Job, Progress};
use crate::ui::theme;
use crate::ui::tokens::{size, tokens};
use crate::ui::widgets::dialog;
use crate::words::format;

/// What the program was started with.
#[derive(Debug, Default)]
pub struct Start {
    /// Sessions to open without saving a profile: name, options, secrets.
    pub open: Vec<(String, ConnectOptions, Secrets)>,
    /// Saved profiles to open, by name.
    pub profiles: Vec<String>,
    /// The embedded broker, which lives as long as the window.
    pub demo: Option<Demo>,
    /// Where to write the performance log.
    pub perf_log: Option<PathBuf>,
}

/// A file that was picked: its name and its content; `None` if none was.
type Loaded = Option<(String, std::io::Result<Vec<u8>>)>;

/// The program's window.
pub struct App {
    storage: Storage,
    tabs: Vec<Tab>,
    /// The tab that shows; `None`: the connections page.
    active: Option<usize>,
    connections: ConnectionsView,
    top_bar: TopBarView,
    notices: Notices,
    pending: Pending,
    /// The test of the connection in the form.
    doctor: Option<Doctor>,
    /// A file on its way into the publish panel of the tab with this number.
    loading: Option<(u64, Job<Loaded>)>,
    transfers: Transfers,
    jobs: Vec<Job<Option<Notice>>>,
    /// Secrets on their way to the keyring or out of it.
    keeping: Vec<keep::Keeping>,
    /// What was typed to log in, by the tab's number: kept once the broker lets it in.
    logins: Vec<(u64, keep::Login)>,
    perf: Arc<Perf>,
    frame_clock: FrameClock,
    closing: Closing,
    _perf_log: Option<PerfLog>,
    _demo: Option<Demo>,
    show_performance: bool,
    /// Whether the frames' figures go to a file.
    is_measured: bool,
    show_help: bool,
    confirm_clear: bool,
    ctx: Context,
}

impl App {
    /// Makes the window's content: fonts, files, and the sessions that were asked for.
    pub fn new(ctx: &Context, paths: &Paths, start: Start) -> anyhow::Result<Self> {
        theme::install(ctx);
        let (storage, notices) = Storage::open(paths, ctx)?;
        let perf = Arc::new(Perf::default());
        let perf_log = start.perf_log.map(|path| PerfLog::start(&path, Arc::clone(&perf))).transpose()?;
        let demo_port = start.demo.as_ref().map(Demo::port);
        let mut app = Self {
            storage,
            tabs: Vec::new(),
            active: None,
            connections: ConnectionsView::default(),
            top_bar: TopBarView::default(),
            notices: Notices::default(),
            pending: Pending::default(),
            doctor: None,
            loading: None,
            transfers: Transfers::default(),
            jobs: Vec::new(),
            keeping: Vec::new(),
            logins: Vec::new(),
            perf,
            frame_clock: FrameClock::default(),
            closing: Closing::default(),
            is_measured: perf_log.is_some(),
            _perf_log: perf_log,
            _demo: start.demo,
            show_performance: false,
            show_help: false,
            confirm_clear: false,
            ctx: ctx.clone(),
        };
        for notice in notices {
            app.notify(notice);
        }
        app.apply_theme();
        let is_named = !start.open.is_empty() || !start.profiles.is_empty();
        for (name, options, secrets) in start.open {
            let demo = demo_port == Some(options.port);
            let target =
                Target { purpose: Purpose::Open, name, profile: None, options, secrets, asked: Vec::new() };
            let Some(target) = app.pending.begin_unsaved(target, &app.storage, ctx) else { continue };
            app.open(target);
            if let Some(tab) = app.active_tab_mut() {
                tab.demo = demo;
            }
        }
        app.open_named(&start.profiles);
        // Some of what was named may still wait for its secrets.
        if app.storage.settings.reopen_at_start && !is_named {
            app.perform(Action::ReopenLast);
        }
        Ok(app)
    }

    fn open_named(&mut self, names: &[String]) {
        for name in names {
            let found = self.storage.profiles.named(name).next().map(|profile| profile.id.clone());
            match found {
                Some(id) => self.perform(Action::Connect(id)),
                None => self.notify(Notice::error(format!("There is no profile called {name:?}"))),
            }
        }
    }

    /// Opens a session in a tab of its own and shows it.
    fn open(&mut self, target: Target) {
        let settings = &self.storage.settings;
        let limits = Limits {
            history_bytes: (settings.history_budget_mib as usize) << 20,
            tree_bytes: (settings.tree_limit_mib as usize) << 20,
            ..Limits::default()
        };
        let ctx = self.ctx.clone();
        let wake_delay = WakeDelay::default();
        let delay = wake_delay.clone();
        let wake = Arc::new(move || ctx.request_repaint_after_for(delay.get(), ViewportId::ROOT));
        let session = Session::open(target.options.clone(), target.secrets.clone(), limits, wake);
        let login = keep::Login::of(&target);
        let mut tab = Tab::new(target, session, wake_delay, settings);
        self.logins.extend(login.map(|login| (tab.number, login)));
        // A tab that never was connected has nothing to keep: the new attempt takes its place, with what was mended.
        let is_same = |old: &Tab| match &tab.profile {
            Some(profile) => old.profile.as_ref() == Some(profile),
            None => old.profile.is_none() && old.name == tab.name && old.options == tab.options,
        };
        let refused = self.tabs.iter().position(|old| is_same(old) && old.never_connected());
        let index = refused.unwrap_or(self.tabs.len());
        match self.tabs.get_mut(index) {
            Some(old) => {
                tab.session.set_trace(old.session.packet_log().is_on());
                tab.view.tool = old.view.tool;
                *old = tab;
            }
            None => self.tabs.push(tab),
        }
        self.show_tab(Some(index));
        self.remember_open();
    }

    /// Saves what was typed into the form a moment ago.
    fn save_draft(&mut self) {
        let mut actions = Actions::default();
        self.connections.save_now(&mut actions);
        for action in actions.take() {
            self.perform(action);
        }
    }

    fn show_tab(&mut self, index: Option<usize>) {
        self.save_draft();
        self.active = index.filter(|index| *index < self.tabs.len());
        let source = self
            .active_tab()
            .map(|tab| perf::Source { meter: tab.session.meter(), model: Arc::clone(tab.session.model()) });
        self.perf.watch(source);
    }

    fn remember_open(&mut self) {
        let open: Vec<_> = self.tabs.iter().filter_map(|tab| tab.profile.clone()).collect();
        // Closing the last tab is no wish to forget what was open.
        if !open.is_empty() && self.storage.settings.last_open != open {
            self.storage.settings.last_open = open;
            self.storage.save_settings();
        }
    }

    fn active_tab(&self) -> Option<&Tab> {
        self.tabs.get(self.active?)
    }

    fn active_tab_mut(&mut self) -> Option<&mut Tab> {
        self.tabs.get_mut(self.active?)
    }

    fn notify(&mut self, notice: Notice) {
        let now = self.ctx.input(|input| input.time);
        self.notices.push(notice, now);
    }

    fn apply_theme(&self) {
        use crate::store::settings::Theme;
        self.ctx.set_theme(match self.storage.settings.theme {
            Theme::System => egui::ThemePreference::System,
            Theme::Light => egui::ThemePreference::Light,
            Theme::Dark => egui::ThemePreference::Dark,
        });
    }

    /// Collects what was done meanwhile; also while the window is hidden.
    fn collect(&mut self) {
        for (index, tab) in self.tabs.iter_mut().enumerate() {
            if let Some(wait) = tab.tick(self.active == Some(index)) {
                self.ctx.request_repaint_after_for(wait, ViewportId::ROOT);
            }
        }
        for notice in self.storage.collect() {
            self.notify(notice);
        }
        for target in self.pending.collect() {
            self.arrived(target);
        }
        self.collect_loaded();
        self.collect_transfers();
        self.keep_logins();
        self.collect_kept();
        let mut notices = Vec::new();
        self.jobs.retain(|job| match job.poll() {
            Progress::Running => true,
            Progress::Done(notice) => {
                notices.extend(notice);
                false
            }
            Progress::Failed => {
                notices.push(Notice::error("A background task failed"));
                false
            }
        });
        for notice in notices {
            self.notify(notice);
        }
    }

    fn collect_loaded(&mut self) {
        let Some((number, job)) = &self.loading else { return };
        let loaded = match job.poll() {
            Progress::Running => return,
            Progress::Done(loaded) => loaded,
            Progress::Failed => None,
        };
        let number = *number;
        self.loading = None;
        match loaded {
            None => {}
            Some((name, Ok(bytes))) => {
                if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) {
                    tab.view.publish.load(&name, bytes.into());
                }
            }
            Some((name, Err(error))) => self.notify(Notice::error(format!("Cannot read {name:?}\n{error}"))),
        }
    }

    fn shortcuts(&self, actions: &mut Actions) {
        let modal_open = self.ctx.memory(|memory| memory.top_modal_layer().is_some());
        if modal_open {
            return;
        }
        let paused = self.active_tab().is_some_and(|tab| tab.paused.is_some());
        // The longest first, so that Ctrl+Shift+C is not taken for Ctrl+C.
        let mut entries: Vec<_> = command::ALL.iter().collect();
        entries.sort_by_key(|entry| entry.shortcut.map_or(0, |keys| usize::from(!keys.modifiers.shift)));
        for entry in entries {
            let Some(shortcut) = entry.shortcut else { continue };
            let other_half = if paused { Command::Pause } else { Command::Resume };
            if entry.command == other_half || (entry.needs_session && self.active.is_none()) {
                continue;
            }
            if self.ctx.input_mut(|input| input.consume_shortcut(&shortcut)) {
                actions.run(entry.command);
            }
        }
    }

    fn top(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let t = tokens(ui);
        let labels: Vec<TabLabel> = self
            .tabs
            .iter()
            .map(|tab| {
                let status = tab.session.status();
                let (mark, color) = status_bar::state_mark(&status.state, status.failure.is_some(), t);
                let state = status_bar::summary(&status, &tab.name);
                let warning = status_bar::is_unverified(&status.state).then_some(status_bar::NOT_VERIFIED);
                TabLabel { name: tab.name.clone(), mark, color, state, warning }
            })
            .collect();
        let chosen = self.chosen();
        let tab = self.active_tab();
        let paused =
            tab.filter(|tab| tab.paused.is_some()).map(|tab| tab.session.model().lock().paused_messages());
        let query = tab.map(|tab| tab.query.clone());
        let bar =
            TopBar { tabs: &labels, active: self.active, query: query.as_ref(), paused, chosen: &chosen };
        Panel::top("top").exact_size(size::TOP_BAR).frame(layout::bar(ui)).show(ui, |ui| {
            self.top_bar.show(ui, &bar, actions);
        });
    }

    /// The commands that say how something is set now.
    fn chosen(&self) -> Vec<Command> {
        use crate::store::settings::{Density, Theme};
        let settings = &self.storage.settings;
        let theme = match settings.theme {
            Theme::System => Command::ThemeSystem,
            Theme::Light => Command::ThemeLight,
            Theme::Dark => Command::ThemeDark,
        };
        let density = match settings.density {
            Density::Compact => Command::DensityCompact,
            Density::Normal => Command::DensityNormal,
            Density::Comfortable => Command::DensityComfortable,
        };
        let mut chosen = vec![theme, density];
        if settings.flash_on_update {
            chosen.push(Command::ToggleFlash);
        }
        if self.show_performance {
            chosen.push(Command::TogglePerformance);
        }
        chosen
    }

    fn page(&mut self, ui: &mut Ui, actions: &mut Actions) {
        let Self { storage, tabs, active, connections, doctor, .. } = self;
        if let Some(tab) = active.and_then(|index| tabs.get_mut(index)) {
            let Storage { settings, history, profiles, .. } = storage;
            layout::session(ui, tab, Kept { settings, history, profiles }, actions);
            return;
        }
        if let Some(doctor) = doctor {
            layout::doctor_beside(ui, doctor, actions);
        }
        let t = tokens(ui);
        let marked = |tab: &'_ Tab| {
            let status = tab.session.status();
            status_bar::state_mark(&status.state, status.failure.is_some(), t)
        };
        let open: Vec<_> = tabs
            .iter()
            .filter_map(|tab| {
                let (mark, color) = marked(tab);
                Some((tab.profile.as_ref()?, mark, color))
            })
            .collect();
        let frame = ConnectionsScene {
            profiles: &storage.profiles,
            settings: &storage.settings,
            keyring: storage.secrets,
            open: &open,
        };
        CentralPanel::no_frame().frame(layout::bare(ui)).show(ui, |ui| connections.show(ui, &frame, actions));
    }

    /// What is forgotten cannot be had back, so it is said what and how much.
    fn ask_to_clear(&mut self, ctx: &Context) {
        let stats = self.active_tab().map(|tab| tab.session.model().lock().stats()).unwrap_or_default();
        let topics = format::plural(u64::from(stats.topics), "topic", "topics");
        let messages = format::plural(stats.messages_kept, "message", "messages");
        let text = format!("{topics} and {messages} are forgotten here. The broker keeps what it has.");
        match dialog::confirm(ctx, "Clear topics?", &text, "Clear topics") {
            dialog::Answer::Open => return,
            dialog::Answer::Yes => {
                let Self { storage, tabs, active, closing, .. } = self;
                if let Some(tab) = active.and_then(|index| tabs.get_mut(index)) {
                    closing.drop("free messages", tab.clear(&storage.settings));
                }
            }
            dialog::Answer::No => {}
        }
        self.confirm_clear = false;
    }

    fn overlays(&mut self, ctx: &Context, actions: &mut Actions) {
        if let Some(target) = self.pending.show(ctx) {
            self.arrived(target);
        }
        if self.confirm_clear {
            self.ask_to_clear(ctx);
        }
        if self.show_help && top_bar::help(ctx) {
            self.show_help = false;
        }
        if self.show_performance {
            let frames_ms = self.perf.recent_ms();
            let tab = self.active_tab();
            let stats = tab.map(|tab| tab.session.model().lock().stats()).unwrap_or_default();
            let figures = performance::Figures {
                frames_ms: &frames_ms,
                rate: tab.map_or(0.0, Tab::messages_per_second),
                backlog_bytes: tab.map_or(0, |tab| tab.session.counters().waiting_bytes),
                model_bytes: (stats.tree_bytes + stats.history_bytes) as u64,
                resident_bytes: perf::resident_bytes(),
            };
            performance::show(ctx, figures);
        }
        self.notices.show(ctx, actions);
    }
}

impl eframe::App for App {
    fn logic(&mut self, _ctx: &Context, frame: &mut eframe::Frame) {
        if let Some(times) = self.frame_clock.begin(frame.info().cpu_usage) {
            self.perf.frame(times);
        }
        self.collect();
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        let mut actions = Actions::default();
        self.shortcuts(&mut actions);
        self.top(ui, &mut actions);
        self.page(ui, &mut actions);
        let ctx = ui.ctx().clone();
        self.overlays(&ctx, &mut actions);
        for action in actions.take() {
            self.perform(action);
        }
        if let Some(tab) = self.active_tab_mut() {
            let (waited, search) = (tab.take_lock_wait(), tab.search_times());
            self.frame_clock.waited(waited);
            self.perf.search(search);
        }
        self.frame_clock.ui_done(&ctx, (self.is_measured || self.show_performance) && frame.gl().is_some());
    }

    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.save_draft();
        for tab in self.tabs.drain(..) {
            self.closing.drop("close session", tab.session);
        }
        self.finish_keeping();
        self.storage.flush();
        self.closing.wait();
    }
}
