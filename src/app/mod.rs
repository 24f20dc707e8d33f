//! The wiring: the eframe app, its commands and actions. Only this floor sees all others.
//!
//! A frame has three steps: `logic` collects the results of jobs and sessions; `ui` locks the active session's model
//! and lets the panels draw; then `dispatch` carries out the actions that they asked for.

mod about;
mod closed;
mod closing;
mod connect;
mod decoders;
mod demo_plots;
mod dispatch;
mod drafts;
pub mod entry;
mod exchange;
pub mod file_dialogs;
mod frame_clock;
mod keep;
pub mod launch;
mod layout;
mod libraries;
mod logic;
mod opening;
mod perf;
mod reduced_motion;
mod secret_variables;
mod sending;
mod storage;
mod tab;
mod title;
mod transfer;
mod ui;
mod windows;

use std::path::PathBuf;
use std::sync::Arc;

use crossbeam_channel::Receiver;
use eframe::egui::{Context, Ui, ViewportId};

use crate::app::closed::ClosedTabs;
use crate::app::closing::Closing;
use crate::app::connect::{Pending, Purpose, Target};
use crate::app::drafts::DraftFiles;
use crate::app::exchange::Exchanges;
use crate::app::file_dialogs::{FileDialogs, PathQuestions};
use crate::app::frame_clock::FrameClock;
use crate::app::perf::{Perf, PerfLog};
use crate::app::reduced_motion::ReducedMotion;
use crate::app::storage::Storage;
use crate::app::tab::{Tab, WakeDelay};
use crate::app::title::Title;
use crate::app::transfer::Transfers;
use crate::app::windows::Windows;
use crate::command::{Actions, Dangerous, Notice, ProfileAction};
use crate::demo::{self, Demo};
use crate::logging;
use crate::model::Limits;
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::panels::connections::ConnectionsView;
use crate::panels::inspector::InspectorView;
use crate::panels::notices::Notices;
use crate::panels::palette::PaletteView;
use crate::panels::plots::PlotsView;
use crate::panels::top_bar::TopBarView;
use crate::panels::whole_text::WholeTextView;
use crate::session::doctor::Doctor;
use crate::session::signals::Interruption;
use crate::session::{Opening, Session, Wake, clock};
use crate::store::{Paths, Settings, secrets};
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::ui::missing_script::MissingScript;
use crate::words::app as words;

/// What the window is started with.
#[derive(Debug, Default)]
pub struct Start {
    /// Sessions to open without saving a profile: name, options, secrets.
    pub open: Vec<(String, ConnectOptions, Secrets)>,
    /// The connection that a link names: name, options, secrets. It is opened at once if a saved connection has the
    /// same address; otherwise the person is asked first.
    pub link: Option<(String, ConnectOptions, Secrets)>,
    /// Saved profiles to open, by name.
    pub profiles: Vec<String>,
    /// Folders of recordings to open.
    pub recordings: Vec<PathBuf>,
    /// Secrets for the named profile, used if it needs them.
    pub given: Secrets,
    /// The embedded broker, which lives as long as the window.
    pub demo: Option<Demo>,
    /// Where to write the performance log.
    pub perf_log: Option<PathBuf>,
    /// Which dialog asks for files.
    pub file_dialogs: FileDialogs,
    /// Tells what the system ended the program by, if it did.
    pub ended: Option<Receiver<Interruption>>,
}

/// A file that was picked, as its name and content; `None` if none was picked.
type Loaded = Option<(String, std::io::Result<Vec<u8>>)>;

/// The program's window.
pub struct App {
    storage: Storage,
    tabs: Vec<Tab>,
    /// The tab that is shown; `None` for the connections page.
    active: Option<usize>,
    connections: ConnectionsView,
    top_bar: TopBarView,
    palette: PaletteView,
    notices: Notices,
    /// A long text that is shown in full.
    whole_text: Option<WholeTextView>,
    pending: Pending,
    /// The test of the connection in the form.
    doctor: Option<Doctor>,
    /// A file being loaded into the publish panel of the tab with this number.
    loading: Option<(u64, Job<Loaded>)>,
    draft_files: DraftFiles,
    /// Messages of the history whose payloads are being read.
    recalling: Vec<dispatch::published::Recalling>,
    /// Files of messages that are about to be sent.
    picked_files: Vec<dispatch::sending::PickedFile>,
    transfers: Transfers,
    paths: PathQuestions,
    reduced_motion: ReducedMotion,
    jobs: Vec<Job<Option<Notice>>>,
    preparing: Vec<decoders::Preparing>,
    /// Where recordings are kept.
    recordings: PathBuf,
    /// Recordings that are about to begin.
    beginnings: Vec<dispatch::recording::Beginning>,
    /// Trees that are being read to be compared with.
    baselines: Vec<dispatch::changes::Baseline>,
    /// Recordings that are about to be shown.
    openings: Vec<opening::FileOpening>,
    /// Exports, snapshots and replays.
    exchange: Exchanges,
    /// Tasks that move secrets into the keyring or out of it.
    keeping: Vec<keep::Keeping>,
    /// What was typed to log in, by the tab's number; kept once the broker accepts it.
    logins: Vec<(u64, keep::Login)>,
    /// The numbers of tabs whose sessions have not connected yet and may find out what the broker speaks.
    asking: Vec<u64>,
    perf: Arc<Perf>,
    frame_clock: FrameClock,
    closing: Closing,
    /// Sessions whose tabs were closed recently.
    closed: ClosedTabs,
    /// The connection that a link names, until the person has answered.
    link: Option<Target>,
    _perf_log: Option<PerfLog>,
    demo: Option<Demo>,
    /// The embedded broker on its way.
    starting_demo: Option<Job<std::io::Result<Demo>>>,
    title: Title,
    missing_script: MissingScript,
    /// The windows other than the first one.
    windows: Windows,
    /// The window that was used last, which shows dialogs and notices.
    front: ViewportId,
    show_performance: bool,
    /// Whether frame times are written to a file.
    is_measured: bool,
    show_help: bool,
    show_about: bool,
    /// Whether the window is drawn with OpenGL; wgpu draws it otherwise.
    is_opengl: bool,
    /// Where its files are.
    folders: Paths,
    show_settings: bool,
    /// What the person is asked to confirm.
    asked: Option<Dangerous>,
    /// Tells what the system ended the program by.
    ended: Option<Receiver<Interruption>>,
    ctx: Context,
}

impl App {
    /// Prepares the window: fonts, files, and the sessions that were asked for.
    pub fn new(ctx: &Context, paths: &Paths, start: Start) -> anyhow::Result<Self> {
        crate::ui::install(ctx);
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
            palette: PaletteView::default(),
            notices: Notices::default(),
            whole_text: None,
            pending: Pending::default(),
            doctor: None,
            loading: None,
            draft_files: DraftFiles::new(paths.drafts()),
            recalling: Vec::new(),
            picked_files: Vec::new(),
            transfers: Transfers::default(),
            paths: PathQuestions::new(start.file_dialogs, ctx),
            reduced_motion: ReducedMotion::look(ctx),
            jobs: Vec::new(),
            preparing: Vec::new(),
            recordings: paths.recordings(),
            beginnings: Vec::new(),
            baselines: Vec::new(),
            openings: Vec::new(),
            exchange: Exchanges::default(),
            keeping: Vec::new(),
            logins: Vec::new(),
            asking: Vec::new(),
            perf,
            frame_clock: FrameClock::default(),
            closing: Closing::default(),
            closed: ClosedTabs::default(),
            link: None,
            is_measured: perf_log.is_some(),
            _perf_log: perf_log,
            demo: start.demo,
            starting_demo: None,
            title: Title::default(),
            missing_script: MissingScript::watch(ctx),
            windows: Windows::default(),
            front: ViewportId::ROOT,
            show_performance: false,
            show_help: false,
            show_about: false,
            is_opengl: false,
            folders: paths.clone(),
            show_settings: false,
            asked: None,
            ended: start.ended,
            ctx: ctx.clone(),
        };
        for notice in notices {
            app.notify(notice);
        }
        app.apply_settings();
        let renderer = app.storage.settings.renderer;
        if !renderer.is_built_in() {
            app.notify(Notice::info(words::renderer_not_built(renderer, app.storage.language())));
        }
        if let Some(report) = logging::take_report(&paths.state) {
            app.whole_text = Some(app.panicked_before(&report));
        }
        let is_named = !start.open.is_empty()
            || !start.profiles.is_empty()
            || start.link.is_some()
            || !start.recordings.is_empty();
        for mut connection in start.open {
            let is_demo = demo_port == Some(connection.1.port);
            if is_demo {
                words::DEMO.of(app.storage.language()).clone_into(&mut connection.0);
            }
            if app.open_unsaved(unsaved(connection)) && is_demo {
                app.make_demo();
            }
        }
        if let Some(link) = start.link {
            app.follow(unsaved(link));
        }
        for folder in start.recordings {
            app.open_recording(folder);
        }
        app.open_named(&start.profiles, &start.given);
        // Some of the named connections may still wait for their secrets.
        if app.storage.settings.reopen_at_start && !is_named {
            app.perform(ProfileAction::ReopenLast);
        }
        Ok(app)
    }

    /// Opens a connection that is not saved. Returns whether its tab is already there, no secret having to be asked
    /// for.
    fn open_unsaved(&mut self, target: Target) -> bool {
        let target = self.pending.begin_unsaved(target, &self.storage, &self.ctx);
        let opens = target.is_some();
        if let Some(target) = target {
            self.open(target);
        }
        opens
    }

    /// Starts the embedded broker, or shows it again.
    fn open_demo(&mut self) {
        if self.demo.is_some() {
            self.show_demo();
        } else if self.starting_demo.is_none() {
            self.starting_demo = Some(Job::spawn("start demo", &self.ctx, |_| demo::start()));
        }
    }

    /// Takes the embedded broker once it runs.
    fn collect_demo(&mut self) {
        let Some(job) = &self.starting_demo else { return };
        let started = match job.poll() {
            JobProgress::Running => return,
            JobProgress::Done(started) => Some(started),
            JobProgress::Failed => None,
        };
        self.starting_demo = None;
        let l = self.storage.language();
        match started {
            Some(Ok(demo)) => {
                self.demo = Some(demo);
                self.show_demo();
            }
            Some(Err(error)) => self.notify(Notice::error(words::no_demo(&error, l))),
            None => self.notify(Notice::error(words::TASK_FAILED.of(l))),
        }
    }

    /// Shows the session on the embedded broker, a new one if there is none.
    fn show_demo(&mut self) {
        let Some(port) = self.demo.as_ref().map(Demo::port) else { return };
        if let Some(index) = self.tabs.iter().position(|tab| tab.demo) {
            self.show_tab(Some(index));
            return;
        }
        let name = words::DEMO.of(self.storage.language()).to_owned();
        if self.open_unsaved(unsaved((name, launch::demo_options(port), Secrets::default()))) {
            self.make_demo();
        }
    }

    /// Opens what a link named. Anybody can write a link, so the person is asked, unless a saved connection has the
    /// same address.
    fn follow(&mut self, link: Target) {
        let named = &link.options;
        let is_saved = self.storage.profiles.iter().any(|profile| {
            let saved = &profile.connect;
            (saved.protocol, saved.port) == (named.protocol, named.port)
                && saved.host.eq_ignore_ascii_case(&named.host)
        });
        if is_saved {
            self.open_unsaved(link);
        } else {
            self.link = Some(link);
            self.asked = Some(Dangerous::OpenLink);
        }
    }

    fn open_named(&mut self, names: &[String], given: &Secrets) {
        for name in names {
            let found = self.storage.profiles.named(name).next();
            match found.map(|profile| (profile.id.clone(), secrets::needed(&profile.connect, given))) {
                Some((id, given)) => self.connect_with(&id, given),
                None => self.notify(Notice::error(words::no_such_profile(name, language(&self.ctx)))),
            }
        }
    }

    /// Opens a session in a tab of its own and shows it.
    fn open(&mut self, target: Target) {
        let settings = &self.storage.settings;
        let limits = limits(settings);
        let (wake_delay, wake) = self.waking();
        let presumed = self.storage.spoken.presumed(&target.options, clock::now());
        let saved = target.profile.as_ref().and_then(|id| self.storage.profiles.get(id));
        let always = saved.map(|profile| profile.recording).filter(|recording| recording.always);
        let opening = Opening { options: target.options.clone(), presumed, is_held: always.is_some() };
        let session = Session::open(opening, target.secrets.clone(), limits, wake);
        let login = keep::Login::of(&target);
        let mut tab = Tab::new(target, session, wake_delay, settings);
        let profile = tab.profile.as_ref().and_then(|id| self.storage.profiles.get(id));
        tab.pinned = profile.map(|profile| profile.pinned.clone()).unwrap_or_default();
        let plots = profile.map(|profile| profile.plots.as_slice()).unwrap_or_default();
        tab.view.tools.plots = PlotsView::of(plots);
        let looks = profile.map(|profile| profile.looks.clone()).unwrap_or_default();
        tab.view.inspector = InspectorView::with_looks(looks);
        let rules = profile.map(|profile| profile.decoders.clone()).unwrap_or_default();
        tab.replies = profile.map(|profile| profile.replies.clone()).unwrap_or_default();
        tab.rules = self.prepare_rules(&rules);
        self.logins.extend(login.map(|login| (tab.number, login)));
        let number = tab.number;
        self.asking.push(number);
        // A tab that was never connected has nothing to keep, so the new attempt replaces it.
        let is_same = |old: &Tab| match &tab.profile {
            Some(profile) => old.profile.as_ref() == Some(profile),
            None => old.profile.is_none() && old.name == tab.name && old.options == tab.options,
        };
        let refused = self.tabs.iter().position(|old| is_same(old) && old.never_connected());
        let index = refused.unwrap_or(self.tabs.len());
        match self.tabs.get_mut(index) {
            Some(old) => {
                tab.session.set_trace(old.session.packet_log().is_on());
                tab.view.tools.shown = old.view.tools.shown;
                *old = tab;
            }
            None => self.tabs.push(tab),
        }
        self.show_tab(Some(index));
        if let Some(always) = always {
            self.record_always(number, always);
        }
        self.read_drafts();
        self.remember_open();
    }

    /// What wakes the window when a session has something to show, and how soon.
    fn waking(&self) -> (WakeDelay, Wake) {
        let (ctx, delay) = (self.ctx.clone(), WakeDelay::default());
        let theirs = delay.clone();
        let wake = Arc::new(move || ctx.request_repaint_after_for(theirs.get(), ViewportId::ROOT));
        (delay, wake)
    }

    /// Saves what was just typed into the form.
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
        self.watch_shown();
    }

    /// Measures the session that is shown.
    fn watch_shown(&self) {
        let source = self.active_tab().map(|tab| perf::PerfSource {
            meter: tab.session.meter(),
            model: Arc::clone(tab.session.model()),
        });
        self.perf.watch(source);
    }

    fn remember_open(&mut self) {
        let open: Vec<_> = self.tabs.iter().filter_map(|tab| tab.profile.clone()).collect();
        // Closing the last tab does not mean that the list should be forgotten.
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

    /// Tells once what to install when a script is shown as boxes.
    fn tell_of_missing_script(&mut self) {
        if self.missing_script.is_news() {
            self.notify(Notice::error(words::NO_EAST_ASIAN_FONT.of(language(&self.ctx))));
            self.ctx.request_repaint();
        }
    }

    fn notify(&mut self, notice: Notice) {
        let now = self.ctx.input(|input| input.time);
        self.notices.push(notice, now);
    }

    /// Says goodbye to the brokers and waits until everything is written.
    fn end_all(&mut self) {
        self.save_draft();
        let end = self.ended.as_ref().and_then(|ended| ended.try_recv().ok());
        for mut tab in std::mem::take(&mut self.tabs).into_iter().chain(self.closed.take_all()) {
            self.keep_last_drafts(&mut tab);
            if let Some(end) = end {
                tab.session.disconnect_with(tab.session.goodbye_at(end));
            }
            self.closing.drop("close session", tab.session);
        }
        self.finish_keeping();
        self.storage.flush();
        self.closing.wait();
    }
}

/// How much a session may hold.
fn limits(settings: &Settings) -> Limits {
    Limits {
        history_bytes: (settings.history_budget_mib as usize) << 20,
        newest_bytes: (settings.newest_budget_mib as usize) << 20,
        tree_bytes: (settings.tree_limit_mib as usize) << 20,
        series_points: settings.plot_values_max as usize,
        ..Limits::default()
    }
}

/// A target for what the command line or a link named.
fn unsaved((name, options, secrets): (String, ConnectOptions, Secrets)) -> Target {
    Target { purpose: Purpose::Open, name, profile: None, options, secrets, asked: Vec::new() }
}

/// Whether OpenGL draws the window, with which the painting can be timed.
#[cfg(not(target_os = "macos"))]
fn is_opengl(frame: &eframe::Frame) -> bool {
    frame.gl().is_some()
}

/// On macOS eframe is built without OpenGL.
#[cfg(target_os = "macos")]
fn is_opengl(_frame: &eframe::Frame) -> bool {
    false
}

impl eframe::App for App {
    fn logic(&mut self, _ctx: &Context, frame: &mut eframe::Frame) {
        if let Some(times) = self.frame_clock.begin(frame.info().cpu_usage) {
            self.perf.frame(times);
        }
        self.collect();
    }

    fn ui(&mut self, ui: &mut Ui, frame: &mut eframe::Frame) {
        self.is_opengl = is_opengl(frame);
        if windows::is_operated(ui) {
            self.front = ViewportId::ROOT;
        }
        let mut actions = Actions::default();
        self.draw(ui, &mut actions);
        for action in actions.take() {
            self.perform(action);
        }
        self.draw_windows();
        self.tell_of_missing_script();
        if let Some(tab) = self.active_tab_mut() {
            let (waited, search) = (tab.take_lock_wait(), tab.search_times());
            self.frame_clock.waited(waited);
            self.perf.search(search);
        }
        self.frame_clock.ui_done(ui.ctx(), (self.is_measured || self.show_performance) && self.is_opengl);
    }

    #[cfg(not(target_os = "macos"))]
    fn on_exit(&mut self, _gl: Option<&eframe::glow::Context>) {
        self.end_all();
    }

    #[cfg(target_os = "macos")]
    fn on_exit(&mut self) {
        self.end_all();
    }
}
