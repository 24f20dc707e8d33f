//! One open session as a tab of the window: the session, the state of its panels, and the preparation of a frame.

mod asking;
mod behind;
mod moment;
mod rate;
mod requests;
mod scope;
mod search;
mod sendings;
mod sequences;
mod view;
mod wake_delay;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::{Context, ViewportId};
use parking_lot::{FairMutex, Mutex};
use tempfile::TempDir;

use crate::app::connect::Target;
use crate::app::perf::SearchTimes;
use crate::app::secret_variables::TabSecrets;
use crate::app::sending::RunningSending;
use crate::app::tab::asking::ASKING;
use crate::app::tab::rate::Rate;
pub use crate::app::tab::requests::RunningRequest;
use crate::app::tab::search::SearchSlice;
use crate::app::tab::sequences::TabSequences;
pub use crate::app::tab::view::View;
pub use crate::app::tab::wake_delay::WakeDelay;
use crate::automation::Responder;
use crate::command::Actions;
use crate::message::Timestamp;
use crate::model::{MessageId, Model, NodeId, Order, Sorting};
use crate::mqtt::options::{ConnectOptions, Secrets};
use crate::panels::PanelView as _;
use crate::panels::recording_mark::Recorded;
use crate::panels::scene::{RequestRow, Scene, SendingRow};
use crate::panels::topics::TopicsView;
use crate::query::sparkplug::{Plant, PlantWitness};
use crate::query::{Rules, SearchQuery};
use crate::reply::ReplyRule;
use crate::session::Session;
use crate::session::clock;
use crate::session::doctor::Doctor;
use crate::session::retained::RetainedDesk;
use crate::session::status::{ConnectionState, Counters, Failure, Status};
use crate::store::Profiles;
use crate::store::profiles::ProfileId;
use crate::store::publish_history::PublishHistory;
use crate::store::saved::SavedLibrary;
use crate::store::secrets;
use crate::store::settings::Settings;
use crate::ui::job::Job;

/// How much of a frame may be spent on showing new messages.
const ROLL_UP_SLICE: Duration = Duration::from_millis(2);
/// How much of a frame may be spent on sorting.
const SORT_SLICE: Duration = Duration::from_millis(2);
/// How much of each following frame the search may take: a person is waiting for it.
const SEARCH_SLICE: Duration = Duration::from_millis(7);
/// How often to look at a search that waits for its thread.
const SEARCH_LOOK: Duration = Duration::from_millis(33);
/// The time between frames while the view is catching up.
const CATCH_UP_FRAME: Duration = Duration::from_millis(16);
/// A tree that got no new level for this long is taken to be complete.
const SETTLED: Duration = Duration::from_millis(300);
/// How long the rate in the status bar is measured over.
const RATE_EVERY: Duration = Duration::from_millis(500);

/// How often to look at a session whose view is paused, where only counters change.
const LOOK_PAUSED: Duration = Duration::from_millis(250);
/// How often to look at a session behind another tab, where only its mark can change.
const LOOK_HIDDEN: Duration = Duration::from_secs(1);

/// The number of the next tab.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);

/// An open session.
pub struct Tab {
    /// Identifies this session; never used again, even after the tab is closed.
    pub number: u64,
    /// Name of the connection.
    pub name: String,
    /// The profile it was opened from; `None` if the command line named the connection.
    pub profile: Option<ProfileId>,
    /// Whether it is connected to the embedded broker, which need not be saved.
    pub demo: bool,
    /// What it connects to.
    pub options: ConnectOptions,
    /// The secrets it was opened with, so that after a refusal only the wrong one is typed again.
    pub secrets: Secrets,
    /// The test of its connection, if one is shown.
    pub doctor: Option<Doctor>,
    /// Who lists and clears what the broker retains, once that was asked for.
    pub retained: Option<RetainedDesk>,
    /// The state of what speaks Sparkplug B, which the model's witness keeps.
    pub plant: Arc<Mutex<Plant>>,
    /// Where the recording is that it shows; `None` if it is live.
    pub recorded: Option<PathBuf>,
    /// The broker that the recording came from, if that says.
    pub url: Option<String>,
    /// What was read from a file of another program, which goes with the tab.
    pub kept_files: Option<TempDir>,
    /// The session itself: worker and model.
    pub session: Session,
    /// The state of its panels.
    pub view: View,
    /// The selected node.
    pub selected: Option<NodeId>,
    /// A topic to select as soon as it exists, unless the person has selected something by then.
    pub first: Option<&'static str>,
    /// Whether levels still expand by themselves. That ends when they fill the pane, or when a person collapses one.
    pub opens_levels: bool,
    /// The number of levels, and since when it has been the same.
    settling: (u32, Instant),
    /// A copy of the model's scope, which every frame needs without locking the model.
    pub scope: Option<NodeId>,
    /// Names of the pinned topics.
    pub pinned: Vec<String>,
    /// Which decoder reads the messages of which topics.
    pub rules: Rules,
    /// What answers messages while replies are on.
    pub replies: Vec<ReplyRule>,
    /// Who answers them, while replies are on.
    pub responder: Option<Responder>,
    /// What its secret variables stand for.
    pub secret_variables: TabSecrets,
    /// Its sequences of steps.
    pub sequences: TabSequences,
    /// The current search; empty if there is none.
    pub query: SearchQuery,
    /// Whether only chosen topics are shown, in place of a search.
    pub chosen: bool,
    /// The earlier moment that is shown.
    earlier: Option<moment::Earlier>,
    /// Who reads what the recording holds from before the memory.
    readers: behind::EarlierReaders,
    /// When the view was paused; `None` if it is not.
    pub paused: Option<Timestamp>,
    rate: Rate,
    /// How fast its recording grows.
    recording_rate: Rate,
    wake_delay: WakeDelay,
    /// What the inspector showed in the last frame.
    pub newest_selected: Option<MessageId>,
    /// How often the session was cleared; tells windows that their state is out of date.
    pub cleared: u64,
    /// Whether visible values changed, in any window, since the last look.
    moves: bool,
    looked_at: Instant,
    /// How long this frame waited for the model.
    lock_wait: Duration,
    /// When the current search was asked for.
    search_began: Instant,
    search_times: SearchTimes,
    /// Topics that were asked for again, whether they had a subscription before, and when that was.
    asked_again: Vec<(String, bool, Instant)>,
    /// Reads the history for new series of the plots.
    pub filling: Option<Job<()>>,
    /// What is sent one after the other, and what was.
    sendings: Vec<RunningSending>,
    /// Requests of drafts, and how they went.
    requests: Vec<RunningRequest>,
    /// How often each saved message was sent.
    saved_counts: HashMap<PathBuf, u64>,
}

/// What a frame of a session may read beside the session.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// The person's settings.
    pub settings: &'a Settings,
    /// The messages published before.
    pub history: &'a PublishHistory,
    /// The saved connections.
    pub profiles: &'a Profiles,
    /// The other open sessions, by number and name.
    pub others: &'a [(u64, String)],
    /// The saved messages.
    pub messages: &'a Arc<SavedLibrary>,
    /// The open sessions: their numbers and names.
    pub sessions: &'a [(u64, String)],
}

impl Tab {
    /// Creates a tab for a session that was just opened.
    pub fn new(target: Target, session: Session, wake_delay: WakeDelay, settings: &Settings) -> Self {
        let Target { name, profile, options, secrets, .. } = target;
        let plant = Arc::default();
        set_view(&mut session.model().lock(), settings);
        watch_plant(&mut session.model().lock(), &plant);
        Self {
            plant,
            number: NEXT_NUMBER.fetch_add(1, Ordering::Relaxed),
            name,
            profile,
            demo: false,
            options,
            secrets,
            doctor: None,
            retained: None,
            recorded: None,
            url: None,
            kept_files: None,
            session,
            view: View::default(),
            selected: None,
            first: None,
            opens_levels: true,
            settling: (0, Instant::now()),
            scope: None,
            pinned: Vec::new(),
            rules: Rules::default(),
            replies: Vec::new(),
            responder: None,
            secret_variables: TabSecrets::default(),
            sequences: TabSequences::default(),
            query: SearchQuery::default(),
            chosen: false,
            earlier: None,
            readers: behind::EarlierReaders::default(),
            paused: None,
            rate: Rate { at: Instant::now(), received: 0, per_second: 0.0 },
            recording_rate: Rate { at: Instant::now(), received: 0, per_second: 0.0 },
            wake_delay,
            newest_selected: None,
            cleared: 1,
            moves: false,
            looked_at: Instant::now(),
            lock_wait: Duration::ZERO,
            asked_again: Vec::new(),
            filling: None,
            sendings: Vec::new(),
            requests: Vec::new(),
            saved_counts: HashMap::new(),
            search_began: Instant::now(),
            search_times: SearchTimes::default(),
        }
    }

    /// Closes the connection, and ends what answers on one of its own.
    pub fn disconnect(&mut self) {
        self.session.disconnect();
        self.responder = None;
        self.requests.iter_mut().for_each(|known| known.requester.stop());
    }

    /// Messages per second at the moment.
    pub fn messages_per_second(&self) -> f64 {
        self.rate.per_second
    }

    /// Takes note of what arrived. A session wakes the window only after it was looked at, so a session whose view is
    /// paused, or that is behind another tab, is looked at less often. Returns when the next look is due if nothing
    /// else causes one.
    pub fn tick(&mut self, shown: bool) -> Option<Duration> {
        self.moves = false;
        if !shown {
            self.view.inspector.hide();
        }
        let every = match (shown, self.paused) {
            (true, None) => Duration::ZERO,
            (true, Some(_)) => LOOK_PAUSED,
            (false, _) => LOOK_HIDDEN,
        };
        let elapsed = self.looked_at.elapsed();
        if let Some(wait) = every.checked_sub(elapsed).filter(|wait| !wait.is_zero()) {
            // A window that was not woken will be; and a rate above zero is still changing.
            let waits = self.session.is_woken() || (shown && self.rate.per_second > 0.0);
            return waits.then_some(wait).or((!self.asked_again.is_empty()).then_some(ASKING));
        }
        self.looked_at = Instant::now();
        let asking = self.end_asking();
        self.session.looked();
        self.rate.measure(self.session.counters().received);
        // A rate that is shown must be seen to fall to zero when messages stop.
        (shown && self.rate.per_second > 0.0).then_some(RATE_EVERY).or(asking)
    }

    /// Brings the model up to date for this frame: counters, order, and a slice of the search.
    fn prepare(&mut self, ctx: &Context, model: &mut Model, settings: &Settings, now: Timestamp) {
        model.set_folding(settings.fold_single_levels);
        model.measure_bytes(settings.columns.byte_rate.shown || model.order().by == Order::ByteRate);
        let began = Instant::now();
        // Rates and orders go by the time that passes, whatever moment is shown.
        let now = if self.earlier.is_some() { clock::now() } else { now };
        let mut unfinished = true;
        while unfinished && began.elapsed() < ROLL_UP_SLICE {
            unfinished = model.roll_up(now);
        }
        self.open_levels(ctx, model);
        let began = Instant::now();
        let mut unsorted = true;
        while unsorted && began.elapsed() < SORT_SLICE {
            unsorted = model.resort(now);
        }
        if unfinished || unsorted {
            ctx.request_repaint_after_for(CATCH_UP_FRAME, ViewportId::ROOT);
        }
        match self.search_slice(model, SEARCH_SLICE) {
            SearchSlice::Done => {}
            SearchSlice::More => ctx.request_repaint(),
            SearchSlice::Waits => ctx.request_repaint_after_for(SEARCH_LOOK, ViewportId::ROOT),
        }
    }

    /// Expands levels until the rows fill the pane, once no new levels arrive: a level expanded earlier would grow and
    /// push the rest out of view.
    fn open_levels(&mut self, ctx: &Context, model: &mut Model) {
        let page = self.view.topics.page();
        if !self.opens_levels
            || self.first.is_some()
            || page == 0
            || self.paused.is_some()
            || !self.query.text.is_empty()
        {
            return;
        }
        let nodes = model.stats().nodes;
        if self.settling.0 != nodes {
            self.settling = (nodes, Instant::now());
        }
        if let Some(wait) = SETTLED.checked_sub(self.settling.1.elapsed()).filter(|wait| !wait.is_zero()) {
            ctx.request_repaint_after_for(wait, ViewportId::ROOT);
        } else {
            let before = model.row_count();
            self.opens_levels = !model.expand_to_fill(page);
            let is_on_first_page = |node| model.row_of(node).is_some_and(|row| row < page);
            // Nothing could be scrolled so far.
            if before < page && self.selected.is_none_or(is_on_first_page) {
                self.view.topics.stay_at_top();
            }
        }
    }

    /// Draws a frame of this session: prepares the model, runs every panel's background work, then calls `draw`.
    pub fn frame<R>(
        &mut self,
        ctx: &Context,
        around: Surroundings<'_>,
        actions: &mut Actions,
        draw: impl FnOnce(&mut View, &Scene<'_>, f64, &mut Actions) -> R,
    ) -> R {
        self.tick_sequences(ctx);
        let model: Arc<FairMutex<Model>> = Arc::clone(self.session.model());
        let began = Instant::now();
        let mut model = model.lock();
        self.lock_wait += began.elapsed();
        self.move_in_time(ctx, &mut model);
        let now = self.shown_time();
        let earlier = self.earlier_moment(&model);
        let earlier_history = self.earlier_history(&model);
        self.prepare(ctx, &mut model, around.settings, now);
        let status: Arc<Status> = self.session.status();
        model.set_losses(status.losses.iter().copied());
        let counters: Counters = self.session.counters();
        let paused = self.paused.is_some() || earlier.is_some();
        let Surroundings { settings, history, profiles, messages, sessions, .. } = around;
        let profile = self.profile.as_ref().and_then(|id| profiles.get(id));
        let marks = self.view.tools.changes.marks();
        let desk = self.retained.as_ref().map(RetainedDesk::state);
        let sendings: Vec<SendingRow> = self.sendings.iter().map(RunningSending::row).collect();
        let requests: Vec<RequestRow> = self.requests.iter().map(RunningRequest::row).collect();
        let responder = self.responder.as_ref().map(Responder::state);
        let plant = self.plant.lock();
        let number = self.number;
        let Self {
            view,
            session,
            selected,
            pinned,
            rules,
            replies,
            secret_variables,
            sequences,
            rate,
            options,
            profile: profile_id,
            ..
        } = self;
        let variables = profile.map_or(&options.variables, |profile| &profile.connect.variables);
        let has_secrets = !secret_variables.found.0.is_empty();
        let all_variables = has_secrets.then(|| secret_variables.found.with(variables));
        let scene = Scene {
            model: &model,
            status: &status,
            counters,
            protocol: session.packet_log(),
            kept: profile.map(|profile| profile.connect.subscriptions.as_slice()),
            variables: all_variables.as_deref().unwrap_or(variables),
            secrets: &secret_variables.found,
            now,
            paused,
            earlier,
            earlier_history: earlier_history.as_ref(),
            changes: marks.as_deref(),
            others: around.others,
            selected: *selected,
            inspected: view.inspector.inspected(),
            pinned,
            retained: desk.as_ref(),
            sendings: &sendings,
            requests: &requests,
            messages,
            session: number,
            sessions,
            profile: profile_id.as_ref().map(ProfileId::as_str),
            rules,
            replies,
            responder: responder.as_ref(),
            sequences: &sequences.board,
            plant: &plant,
            settings,
            history,
        };
        view.timebar.tick(ctx, &scene, actions);
        view.topics.tick(ctx, &scene, actions);
        view.inspector.tick(ctx, &scene, actions);
        view.tools.tick(ctx, &scene, actions);
        let drawn = draw(view, &scene, rate.per_second, actions);

        let selected = scene.selected.and_then(|node| scene.model.node(node)?.topic);
        let newest_selected = selected.map(|topic| topic.newest.id());
        let tool_moves = view.shows_tools(settings) && view.tools.moves();
        let moves = view.topics.changed() || newest_selected != self.newest_selected || tool_moves;
        // After a silence the next message is drawn at once, wherever it is.
        let is_busy = self.rate.per_second >= 1.0;
        self.moves |= moves;
        self.wake_delay.set(if self.moves || !is_busy { WakeDelay::LIVE } else { WakeDelay::COUNTERS });
        self.newest_selected = newest_selected;
        let reaching_back = self.view.tools.plots.take_reaching_back();
        drop(plant);
        drop(model);
        self.fill_back(ctx, &reaching_back);
        drawn
    }

    /// How its recording is going, if it is being recorded.
    pub fn recorded(&mut self) -> Option<Recorded> {
        let recorder = self.session.recorder()?;
        let progress = recorder.progress();
        self.recording_rate.measure(progress.bytes);
        let bytes_per_second = self.recording_rate.per_second;
        Some(Recorded { progress, folder: recorder.folder().to_owned(), bytes_per_second })
    }

    /// How long frames waited for the model since the last call.
    pub fn take_lock_wait(&mut self) -> Duration {
        std::mem::take(&mut self.lock_wait)
    }

    /// Whether the broker refused the credentials before it ever connected, and the session gave up. It is not enough
    /// that a person disconnected before a first connection was made.
    pub fn was_refused(&self) -> bool {
        let status = self.session.status();
        !secrets::possible(&self.options).is_empty()
            && status.state == ConnectionState::Disconnected
            && status.failure.as_ref().is_some_and(Failure::is_of_login)
            && self.session.counters().received == 0
    }

    /// Whether it shows a recording and has no connection.
    pub fn is_recorded(&self) -> bool {
        self.session.status().state == ConnectionState::Recorded
    }

    /// Whether there has been no connection, and is none now.
    pub fn never_connected(&self) -> bool {
        let status = self.session.status();
        status.connects == 0 && !status.state.is_connected()
    }

    /// Pauses the view or resumes it.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused.then(clock::now);
        self.earlier = None;
        self.session.model().lock().set_paused(paused);
    }

    /// Forgets all topics, messages and plots; the connection stays. Returns the old model, which may take a while to
    /// drop.
    #[must_use]
    pub fn clear(&mut self, settings: &Settings) -> Model {
        (self.selected, self.scope, self.earlier) = (None, None, None);
        self.readers = behind::EarlierReaders::default();
        self.opens_levels = true;
        self.cleared += 1;
        self.view.topics = TopicsView::default();
        self.view.inspector = std::mem::take(&mut self.view.inspector).cleared();
        self.view.overview.cleared();
        self.view.tools.cleared();
        let mut model = self.session.model().lock();
        let limits = model.limits();
        let before = std::mem::replace(&mut *model, Model::new(limits));
        set_view(&mut model, settings);
        self.plant = Arc::default();
        watch_plant(&mut model, &self.plant);
        drop(model);
        self.search(self.query.clone());
        before
    }

    /// Selects the topic to show first, once it exists.
    pub fn select_first(&mut self) {
        let Some(first) = self.first.filter(|_| self.selected.is_none()) else {
            self.first = None;
            return;
        };
        let model = self.session.model().lock();
        let node = model.find(first.as_bytes());
        let is_shown = node.and_then(|node| model.node(node)).is_some_and(|node| node.topic.is_some());
        drop(model);
        if let Some(node) = node.filter(|_| is_shown) {
            self.first = None;
            self.select(node);
        }
    }

    /// Selects a node and scrolls to its row.
    pub fn select(&mut self, node: NodeId) {
        self.session.model().lock().reveal(node);
        if self.selected != Some(node) {
            self.selected = Some(node);
            self.view.inspector.show_newest();
        }
        self.view.topics.reveal(node);
    }
}

/// Lets a plant see the messages of Sparkplug B, from those that are held on.
fn watch_plant(model: &mut Model, plant: &Arc<Mutex<Plant>>) {
    model.set_witness(Box::new(PlantWitness(Arc::clone(plant))));
}

/// Applies the person's settings to a model.
fn set_view(model: &mut Model, settings: &Settings) {
    model.set_order(Sorting { by: settings.sort_by, reversed: settings.sort_reversed });
    model.set_folding(settings.fold_single_levels);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::connect::Purpose;
    use crate::model::Limits;
    use crate::mqtt::options::Subscription;

    #[test]
    fn a_hidden_tab_asks_for_a_frame_only_when_its_session_has_something_new() {
        // Without a host it never connects.
        let options = ConnectOptions { host: String::new(), ..ConnectOptions::default() };
        let secrets = Secrets::default();
        let session = Session::open(options.clone(), secrets.clone(), Limits::default(), Arc::new(|| ()));
        let target = Target {
            purpose: Purpose::Open,
            name: String::new(),
            profile: None,
            options,
            secrets,
            asked: Vec::new(),
        };
        let mut tab = Tab::new(target, session, WakeDelay::default(), &Settings::default());
        let end = Instant::now() + Duration::from_secs(30);
        let look = |tab: &mut Tab| {
            assert!(Instant::now() < end, "it asks for ever");
            tab.looked_at = Instant::now().checked_sub(LOOK_HIDDEN).unwrap();
            tab.tick(false);
            tab.tick(false)
        };
        // It fails at once, but may not have reported it yet.
        while tab.session.status().failure.is_none() || look(&mut tab).is_some() {
            std::thread::yield_now();
        }
        tab.session.subscribe(&Subscription::default()).unwrap();
        assert!(tab.tick(false).is_some());
    }
}
