//! One open session as a tab of the window: the session, what its panels keep, and what prepares a frame.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use eframe::egui::{Context, ViewportId};
use parking_lot::FairMutex;

use crate::app::connect::Target;
use crate::app::perf::SearchTimes;
use crate::command::{Actions, Tool};
use crate::message::Timestamp;
use crate::model::{MessageId, Model, NodeId, Progress, Sorting};
use crate::mqtt::options::{ConnectOptions, Secrets, Subscription};
use crate::panels::PanelView as _;
use crate::panels::inspector::InspectorView;
use crate::panels::overview::OverviewView;
use crate::panels::recording_mark::Recorded;
use crate::panels::scene::Scene;
use crate::panels::tools::Tools;
use crate::panels::topics::{SearchState, TopicsView};
use crate::query::Search;
use crate::query::SearchQuery;
use crate::session::clock;
use crate::session::doctor::Doctor;
use crate::session::status::{ConnectionState, Counters, Failure, Status};
use crate::session::{Declined, Session};
use crate::store::Profiles;
use crate::store::profiles::ProfileId;
use crate::store::publish_history::PublishHistory;
use crate::store::secrets;
use crate::store::settings::Settings;

/// How much of a frame showing what came may take, …
const ROLL_UP_SLICE: Duration = Duration::from_millis(2);
/// … sorting anew, …
const SORT_SLICE: Duration = Duration::from_millis(2);
/// … and the search, which a person waits for: when it is asked for, and in the frames that follow.
const SEARCH_FIRST_SLICE: Duration = Duration::from_millis(3);
const SEARCH_SLICE: Duration = Duration::from_millis(7);
/// Topics looked at between two looks at the clock.
const SEARCH_STEP: usize = 512;
/// How long a topic that a person asks for again is subscribed to by itself.
const ASKING: Duration = Duration::from_secs(5);
/// How often a search that waits for its own thread is looked at.
const SEARCH_LOOK: Duration = Duration::from_millis(33);
/// While the view is behind, frames come this often.
const CATCH_UP_FRAME: Duration = Duration::from_millis(16);
/// A tree that gets no new level for so long has shown what it holds.
const SETTLED: Duration = Duration::from_millis(300);
/// The rate in the status bar is measured over this time.
const RATE_EVERY: Duration = Duration::from_millis(500);

/// A session whose view is paused is looked at this often: only counters change.
const LOOK_PAUSED: Duration = Duration::from_millis(250);
/// A session that another tab hides is looked at this often: only its mark can change.
const LOOK_HIDDEN: Duration = Duration::from_secs(1);

/// The number of the next tab.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(0);

/// How soon a frame follows what a session received. Shared with the session's threads, which ask for the frame.
#[derive(Clone, Debug)]
pub struct WakeDelay(Arc<AtomicU64>);

impl WakeDelay {
    /// While values change that a person can see, or after a time of silence: 30 frames a second.
    pub const LIVE: Duration = Duration::from_millis(33);
    /// While only counters change: as often as these are written.
    pub const COUNTERS: Duration = Duration::from_millis(100);

    /// The delay as it is now.
    pub fn get(&self) -> Duration {
        Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    fn set(&self, delay: Duration) {
        self.0.store(delay.as_millis() as u64, Ordering::Relaxed);
    }
}

impl Default for WakeDelay {
    fn default() -> Self {
        Self(Arc::new(AtomicU64::new(Self::LIVE.as_millis() as u64)))
    }
}

/// What the panels of a session keep.
pub struct View {
    /// The tree.
    pub topics: TopicsView,
    /// The selected topic.
    pub inspector: InspectorView,
    /// What stands out, while no topic is selected.
    pub overview: OverviewView,
    /// The tools below.
    pub tools: Tools,
}

impl Default for View {
    fn default() -> Self {
        let tools = Tools::new(Tool::Publish);
        Self {
            topics: TopicsView::default(),
            inspector: InspectorView::default(),
            overview: OverviewView::default(),
            tools,
        }
    }
}

/// An open session.
pub struct Tab {
    /// Tells this session from the others, also after tabs were closed.
    pub number: u64,
    /// Name of the connection.
    pub name: String,
    /// The profile it was opened from; `None`: from the command line.
    pub profile: Option<ProfileId>,
    /// Whether it is on the embedded broker, which nobody needs to save.
    pub demo: bool,
    /// What it connects to.
    pub options: ConnectOptions,
    /// What it was opened with, so that one refused secret does not cost the others.
    pub secrets: Secrets,
    /// The test of its connection, if there was one.
    pub doctor: Option<Doctor>,
    /// Worker and model.
    pub session: Session,
    /// What the panels keep.
    pub view: View,
    /// The selected node.
    pub selected: Option<NodeId>,
    /// A topic to be selected as soon as it is there, unless the person has selected something by then.
    pub first: Option<&'static str>,
    /// Whether levels open by themselves: until they fill the pane, or a person closes one.
    pub opens_levels: bool,
    /// How many levels there were, and since when.
    settling: (u32, Instant),
    /// What shows alone, as the model has it: asked for in every frame, without its lock.
    pub scope: Option<NodeId>,
    /// Topics that are kept in sight, by name.
    pub pinned: Vec<String>,
    /// What is searched.
    pub query: SearchQuery,
    /// Since when the view is paused.
    pub paused: Option<Timestamp>,
    rate: Rate,
    /// How fast its recording grows.
    recording_rate: Rate,
    wake_delay: WakeDelay,
    /// What the inspector showed in the last frame.
    pub newest_selected: Option<MessageId>,
    /// How often everything was forgotten: what windows keep of before belongs to nothing.
    pub cleared: u64,
    /// Whether values moved that show, in a window or another, since the last look.
    moves: bool,
    looked_at: Instant,
    /// How long this frame waited for the model.
    lock_wait: Duration,
    /// When the search that is on was asked for.
    search_began: Instant,
    search_times: SearchTimes,
    /// Topics that were asked for again, whether a subscription to them was known, and when that was.
    asked_again: Vec<(String, bool, Instant)>,
}

/// What is on disk and a frame of a session may read.
#[derive(Clone, Copy)]
pub struct OnDisk<'a> {
    /// What the person prefers.
    pub settings: &'a Settings,
    /// What was published before.
    pub history: &'a PublishHistory,
    /// The saved connections.
    pub profiles: &'a Profiles,
}

/// Messages per second, measured from a counter.
struct Rate {
    at: Instant,
    received: u64,
    per_second: f64,
}

impl Rate {
    fn measure(&mut self, received: u64) {
        let elapsed = self.at.elapsed();
        if elapsed >= RATE_EVERY {
            self.per_second = received.saturating_sub(self.received) as f64 / elapsed.as_secs_f64();
            self.at = Instant::now();
            self.received = received;
        }
    }
}

/// What is left of a search after a slice.
enum SearchSlice {
    Done,
    More,
    /// What is left is with the search's own thread.
    Waits,
}

impl Tab {
    /// A tab around a session that was just opened.
    pub fn new(target: Target, session: Session, wake_delay: WakeDelay, settings: &Settings) -> Self {
        let Target { name, profile, options, secrets, .. } = target;
        set_view(&mut session.model().lock(), settings);
        Self {
            number: NEXT_NUMBER.fetch_add(1, Ordering::Relaxed),
            name,
            profile,
            demo: false,
            options,
            secrets,
            doctor: None,
            session,
            view: View::default(),
            selected: None,
            first: None,
            opens_levels: true,
            settling: (0, Instant::now()),
            scope: None,
            pinned: Vec::new(),
            query: SearchQuery::default(),
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
            search_began: Instant::now(),
            search_times: SearchTimes::default(),
        }
    }

    /// Messages per second that arrive now.
    pub fn messages_per_second(&self) -> f64 {
        self.rate.per_second
    }

    /// Takes note of what arrived. A session wakes the window only after it was looked at, so one whose view stands
    /// still, or that another tab hides, is looked at less often. Returns when the next look is due, if nothing else
    /// brings it about.
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
            // Who was not woken will be; a rate is not yet where it is going.
            let waits = self.session.is_woken() || (shown && self.rate.per_second > 0.0);
            return waits.then_some(wait).or((!self.asked_again.is_empty()).then_some(ASKING));
        }
        self.looked_at = Instant::now();
        let asking = self.end_asking();
        self.session.looked();
        self.rate.measure(self.session.counters().received);
        // A rate that shows has to be seen falling to nothing when nothing comes any more.
        (shown && self.rate.per_second > 0.0).then_some(RATE_EVERY).or(asking)
    }

    /// Brings the model up to what this frame shows: counters, order, a slice of the search.
    fn prepare(&mut self, ctx: &Context, model: &mut Model, settings: &Settings, now: Timestamp) {
        model.set_folding(settings.fold_single_levels);
        let began = Instant::now();
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

    /// Opens levels until the rows fill the pane, once no new ones come: what is opened sooner grows and pushes the rest
    /// out of view.
    fn open_levels(&mut self, ctx: &Context, model: &mut Model) {
        let page = self.view.topics.page();
        if !self.opens_levels || page == 0 || self.paused.is_some() || !self.query.text.is_empty() {
            return;
        }
        let nodes = model.stats().nodes;
        if self.settling.0 != nodes {
            self.settling = (nodes, Instant::now());
        }
        if let Some(wait) = SETTLED.checked_sub(self.settling.1.elapsed()).filter(|wait| !wait.is_zero()) {
            ctx.request_repaint_after_for(wait, ViewportId::ROOT);
        } else {
            self.opens_levels = !model.expand_to_fill(page);
        }
    }

    /// Goes on with the search that is on.
    fn search_slice(&mut self, model: &mut Model, slice: Duration) -> SearchSlice {
        if self.query.text.is_empty() || matches!(self.view.topics.search, SearchState::Invalid(_)) {
            return SearchSlice::Done;
        }
        let began = Instant::now();
        loop {
            let progress = model.search_step(SEARCH_STEP);
            let done =
                if progress.done { 1.0 } else { progress.scanned as f32 / progress.total.max(1) as f32 };
            self.view.topics.search = SearchState::Running {
                matches: u64::from(progress.matches),
                done,
                given_up: (progress.given_up, progress.looked_at_bytes),
            };
            self.time_search(progress);
            if progress.done {
                return SearchSlice::Done;
            }
            if progress.waits {
                return SearchSlice::Waits;
            }
            if began.elapsed() >= slice {
                return SearchSlice::More;
            }
        }
    }

    /// Draws a frame of this session: prepares the model, lets every panel work, then calls `draw`.
    pub fn frame<R>(
        &mut self,
        ctx: &Context,
        on_disk: OnDisk<'_>,
        actions: &mut Actions,
        draw: impl FnOnce(&mut View, &Scene<'_>, f64, &mut Actions) -> R,
    ) -> R {
        let model: Arc<FairMutex<Model>> = Arc::clone(self.session.model());
        let began = Instant::now();
        let mut model = model.lock();
        self.lock_wait += began.elapsed();
        let now = self.paused.unwrap_or_else(clock::now);
        self.prepare(ctx, &mut model, on_disk.settings, now);
        let status: Arc<Status> = self.session.status();
        let counters: Counters = self.session.counters();
        let paused = self.paused.is_some();
        let OnDisk { settings, history, profiles } = on_disk;
        let profile = self.profile.as_ref().and_then(|id| profiles.get(id));
        let Self { view, session, selected, pinned, rate, .. } = self;
        let scene = Scene {
            model: &model,
            status: &status,
            counters,
            protocol: session.packet_log(),
            kept: profile.map(|profile| profile.connect.subscriptions.as_slice()),
            now,
            paused,
            selected: *selected,
            pinned,
            settings,
            history,
        };
        view.topics.tick(ctx, &scene, actions);
        view.inspector.tick(ctx, &scene, actions);
        view.tools.tick(ctx, &scene, actions);
        let drawn = draw(view, &scene, rate.per_second, actions);

        let selected = scene.selected.and_then(|node| scene.model.node(node)?.topic);
        let newest_selected = selected.map(|topic| topic.newest.id());
        let tool_moves = settings.pane("tools").visible && view.tools.moves();
        let moves = view.topics.changed() || newest_selected != self.newest_selected || tool_moves;
        // Who saw nothing for a while sees the next message at once, wherever it is.
        let is_busy = self.rate.per_second >= 1.0;
        self.moves |= moves;
        self.wake_delay.set(if self.moves || !is_busy { WakeDelay::LIVE } else { WakeDelay::COUNTERS });
        self.newest_selected = newest_selected;
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

    /// How long the last search took.
    pub fn search_times(&self) -> SearchTimes {
        self.search_times
    }

    fn time_search(&mut self, progress: Progress) {
        let elapsed_ms = self.search_began.elapsed().as_secs_f32() * 1e3;
        if progress.matches > 0 {
            self.search_times.first_ms.get_or_insert(elapsed_ms);
        }
        if progress.done {
            self.search_times.done_ms.get_or_insert(elapsed_ms);
        }
    }

    /// Subscribes to a topic by itself, so that its retained message comes again.
    pub fn ask_again(&mut self, topic: &str) -> Result<(), Declined> {
        let status = self.session.status();
        let known = status.subscriptions.iter().find(|known| known.wanted.filter == topic);
        if known.is_some_and(|known| known.wanted.enabled) {
            self.session.set_enabled(topic, false)?;
            return self.session.set_enabled(topic, true);
        }
        let was_known = known.is_some();
        if was_known {
            self.session.set_enabled(topic, true)?;
        } else {
            self.session.subscribe(&Subscription { filter: topic.to_owned(), ..Subscription::default() })?;
        }
        self.asked_again.push((topic.to_owned(), was_known, Instant::now()));
        Ok(())
    }

    /// Ends the subscriptions of [`Tab::ask_again`] once they have had time to be answered; when to look again.
    fn end_asking(&mut self) -> Option<Duration> {
        let is_over = |asked: &mut (String, bool, Instant)| asked.2.elapsed() >= ASKING;
        for (topic, was_known, _) in self.asked_again.extract_if(.., is_over) {
            let ended = if was_known {
                self.session.set_enabled(&topic, false)
            } else {
                self.session.unsubscribe(&topic)
            };
            if let Err(why) = ended {
                log::warn!("the subscription to {topic:?} stays: {why:?}");
            }
        }
        (!self.asked_again.is_empty()).then_some(ASKING)
    }

    /// Begins, changes or ends the search.
    pub fn search(&mut self, query: SearchQuery) {
        self.search_began = Instant::now();
        self.search_times = SearchTimes::default();
        let topics = &mut self.view.topics;
        topics.marks = None;
        let matcher = if query.text.is_empty() {
            topics.search = SearchState::Off;
            None
        } else {
            match Search::new(&query) {
                Ok(search) => {
                    topics.search = SearchState::Running { matches: 0, done: 0.0, given_up: (0, 0) };
                    topics.marks = search.marks();
                    Some(Box::new(search) as Box<_>)
                }
                Err(why) => {
                    topics.search = SearchState::Invalid(why);
                    None
                }
            }
        };
        if let Some(selected) = self.selected {
            topics.reveal(selected);
        }
        self.query = query;
        let model = Arc::clone(self.session.model());
        let mut model = model.lock();
        model.set_filter(matcher);
        if self.query.text.is_empty()
            && let Some(selected) = self.selected
        {
            // What was found stays in view: the whole tree opens down to it.
            model.reveal(selected);
        }
        // The first slice now: the next frame has matches to show.
        self.search_slice(&mut model, SEARCH_FIRST_SLICE);
    }

    /// Gives the rows the keyboard. What the search found first is selected, unless the selection is among it.
    pub fn enter_results(&mut self) {
        let model = Arc::clone(self.session.model());
        let model = model.lock();
        let has_row = self.selected.is_some_and(|node| model.row_of(node).is_some());
        let first = || model.next_match(None, true).or_else(|| Some(model.rows(0, 1).next()?.node));
        let target = if has_row { None } else { first() };
        drop(model);
        if let Some(node) = target {
            self.select(node);
        }
        self.view.topics.take_focus();
    }

    /// Selects the next match of the search, or the one before.
    pub fn walk_matches(&mut self, forward: bool) {
        let next = self.session.model().lock().next_match(self.selected, forward);
        if let Some(node) = next {
            self.select(node);
        }
    }

    /// Shows a node and what is below it alone, or the whole tree again. A search that is on is done anew in what shows.
    pub fn show_only(&mut self, node: Option<NodeId>) {
        self.session.model().lock().set_scope(node);
        self.scope = node;
        self.view.topics.show_top();
        if !self.query.text.is_empty() {
            self.search(self.query.clone());
        }
        match self.selected {
            Some(selected) => {
                self.session.model().lock().reveal(selected);
                self.view.topics.reveal(selected);
            }
            None => self.selected = node,
        }
        self.view.topics.take_focus();
    }

    /// Forgets the topic of a node, or all at or below it. What is not there any more is neither selected nor shown alone.
    pub fn forget(&mut self, node: NodeId, below: bool) {
        let mut model = self.session.model().lock();
        if below {
            model.forget_below(node);
        } else {
            model.forget(node);
        }
        let is_gone = |node: &NodeId| {
            model.node(*node).is_none_or(|node| node.topic.is_none() && node.topics_below == 0)
        };
        self.selected = self.selected.filter(|selected| !is_gone(selected));
        if model.scope().as_ref().is_some_and(is_gone) {
            drop(model);
            self.show_only(None);
        }
    }

    /// Whether the broker refused what it was logged in with before it ever connected, and it gave up. That a person
    /// disconnects from a broker that is not there is none of this.
    pub fn was_refused(&self) -> bool {
        let status = self.session.status();
        !secrets::possible(&self.options).is_empty()
            && status.state == ConnectionState::Disconnected
            && status.failure.as_ref().is_some_and(Failure::is_of_login)
            && self.session.counters().received == 0
    }

    /// Whether there was no connection yet, nor is one now.
    pub fn never_connected(&self) -> bool {
        let status = self.session.status();
        status.connects == 0 && !status.state.is_connected()
    }

    /// Stops the view or lets it go on.
    pub fn pause(&mut self, paused: bool) {
        self.paused = paused.then(clock::now);
        self.session.model().lock().set_paused(paused);
    }

    /// Forgets all topics, messages and plots; the connection stays. Returns what was forgotten, which may take a while to
    /// be dropped.
    #[must_use]
    pub fn clear(&mut self, settings: &Settings) -> Model {
        (self.selected, self.scope) = (None, None);
        self.opens_levels = true;
        self.cleared += 1;
        self.view.topics = TopicsView::default();
        self.view.inspector = InspectorView::default();
        self.view.overview.cleared();
        self.view.tools.cleared();
        let mut model = self.session.model().lock();
        let limits = model.limits();
        let before = std::mem::replace(&mut *model, Model::new(limits));
        set_view(&mut model, settings);
        drop(model);
        self.search(self.query.clone());
        before
    }

    /// Selects the topic that is to show first, once it has come.
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

    /// Selects a node and shows its row.
    pub fn select(&mut self, node: NodeId) {
        self.session.model().lock().reveal(node);
        if self.selected != Some(node) {
            self.selected = Some(node);
            self.view.inspector.show_newest();
        }
        self.view.topics.reveal(node);
    }
}

/// Shows a model as the person prefers.
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
        // It has failed, but may not have said so yet.
        while tab.session.status().failure.is_none() || look(&mut tab).is_some() {
            std::thread::yield_now();
        }
        tab.session.subscribe(&Subscription::default()).unwrap();
        assert!(tab.tick(false).is_some());
    }
}
