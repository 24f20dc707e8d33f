//! Exports, snapshots and replays: the form that asks for one, and those that are under way.

use std::sync::Arc;
use std::time::{Duration, Instant};

use eframe::egui::{Context, ViewportId};

use crate::VERSION;
use crate::app::opening::FileOpening;
use crate::app::{App, Tab};
use crate::command::{
    Actions, Dangerous, ExchangeAction, ExchangeHow, ExchangeOrder, ExchangePurpose, Notice,
};
use crate::interchange::{ExportFormat, MessageOrigin, SNAPSHOT_ENDING, Tally, export, save_snapshot};
use crate::panels::exchange::{self, ExchangeForm, FormSubject, FormTarget, WorkRow};
use crate::panels::path_dialog::PathPurpose;
use crate::query::{Criterion, program_of};
use crate::recording::{Facts, SnapshotFacts};
use crate::session::replay::{Replay, ReplayPhase, ReplayPlan};
use crate::session::status::ConnectionState;
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words::confirm::ConfirmQuestion;
use crate::words::exchange::{self as words, WorkKind};
use crate::words::path_dialog;

/// Work that takes less time than this shows nowhere.
const SHOWN_AFTER: Duration = Duration::from_millis(300);

/// The form, and what is under way.
#[derive(Default)]
pub(in crate::app) struct Exchanges {
    form: Option<ExchangeForm>,
    /// A replay that the person is asked about.
    asked: Option<ExchangeOrder>,
    works: Vec<Work>,
    next: u64,
}

impl Exchanges {
    /// A number for a piece of work, never used again.
    pub fn next_id(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

/// A piece of work that is under way.
struct Work {
    id: u64,
    name: String,
    task: Task,
}

enum Task {
    /// An export or a snapshot, from when its file is known.
    File {
        kind: WorkKind,
        job: Job<Option<Notice>>,
        tally: Tally,
        begun: Arc<parking_lot::Mutex<Option<Instant>>>,
    },
    /// A replay of so many messages.
    Replay(Box<Replay>, u64),
}

impl Work {
    fn row(&self) -> Option<WorkRow> {
        let (id, name) = (self.id, self.name.clone());
        match &self.task {
            Task::File { kind, tally, begun, .. } => {
                begun.lock().filter(|since| since.elapsed() >= SHOWN_AFTER)?;
                let (done, total) = (tally.done(), tally.total());
                Some(WorkRow { id, kind: *kind, name, done, total, per_second: None, is_paused: None })
            }
            Task::Replay(replay, total) => {
                let state = replay.state();
                let done = state.done().saturating_sub(total.saturating_mul(state.rounds));
                Some(WorkRow {
                    id,
                    kind: WorkKind::Replay,
                    name,
                    done,
                    total: *total,
                    per_second: Some(state.per_second),
                    is_paused: Some(state.phase == ReplayPhase::Paused),
                })
            }
        }
    }
}

/// Whether a decoder starts a program, by itself or within another one.
pub(in crate::app) fn starts_a_program(decoder: &str) -> bool {
    let inner = decoder.split_once(':').map_or("", |(_, inner)| inner);
    program_of(decoder).is_some() || (!inner.is_empty() && starts_a_program(inner))
}

impl App {
    /// Carries out an action on many messages at once.
    pub(super) fn act_on_many(&mut self, action: ExchangeAction) {
        match action {
            ExchangeAction::Ask { purpose, filter, criteria } => {
                self.ask_exchange(purpose, filter, criteria);
            }
            ExchangeAction::Start(order) => self.start_exchange(*order),
            ExchangeAction::Pause(id) => self.with_replay(id, Replay::pause),
            ExchangeAction::Resume(id) => self.with_replay(id, Replay::resume),
            ExchangeAction::Cancel(id) => {
                self.with_replay(id, Replay::stop);
                self.openings.iter().filter(|opening| opening.id == id).for_each(FileOpening::cancel);
                for work in self.exchange.works.iter().filter(|work| work.id == id) {
                    if let Task::File { tally, .. } = &work.task {
                        tally.cancel();
                    }
                }
            }
        }
    }

    fn with_replay(&self, id: u64, act: impl Fn(&Replay)) {
        for work in self.exchange.works.iter().filter(|work| work.id == id) {
            if let Task::Replay(replay, _) = &work.task {
                act(replay);
            }
        }
    }

    /// Shows the form about the session that shows.
    pub(in crate::app) fn ask_exchange(
        &mut self,
        purpose: ExchangePurpose,
        filter: String,
        criteria: Vec<Criterion>,
    ) {
        let Some(tab) = self.active_tab() else { return };
        let memory = (words::MEMORY, MessageOrigin::Memory(Arc::clone(tab.session.model())));
        let recorder = tab.session.recorder().map(|recorder| recorder.folder().to_owned());
        let is_live = tab.recorded.is_none();
        let recording = tab.recorded.clone().or(recorder);
        let recording = recording.map(|path| (words::RECORDING, MessageOrigin::Recording(path)));
        let origins = match purpose {
            ExchangePurpose::Snapshot => vec![memory],
            // What was opened may be more than memory holds.
            _ if is_live => [memory].into_iter().chain(recording).collect(),
            _ => recording.into_iter().chain([memory]).collect(),
        };
        let (session, name, rules) = (tab.number, tab.name.clone(), tab.rules.clone());
        let subject = FormSubject { session, name, origins, rules };
        self.exchange.form = Some(ExchangeForm::new(purpose, subject, filter, criteria));
    }

    /// Draws the form and what is under way.
    pub(in crate::app) fn show_exchange(&mut self, ctx: &Context, actions: &mut Actions) {
        let rows: Vec<WorkRow> = {
            let openings = self.openings.iter().filter_map(FileOpening::row);
            self.exchange.works.iter().filter_map(Work::row).chain(openings).collect()
        };
        exchange::show_works(ctx, &rows, actions);
        if self.exchange.works.iter().any(|work| work.row().is_none()) {
            ctx.request_repaint_after(SHOWN_AFTER);
        }
        let Some(mut form) = self.exchange.form.take() else { return };
        // A question about it stands above it.
        if self.asked.is_some() || !form.show(ctx, &self.targets(), actions) {
            self.exchange.form = Some(form);
        }
    }

    /// The sessions that can publish.
    fn targets(&self) -> Vec<FormTarget> {
        let connected = self.tabs.iter().filter(|tab| tab.session.status().state.is_connected());
        let target = |tab: &Tab| FormTarget {
            session: tab.number,
            name: tab.name.clone(),
            url: tab.session.options().url(),
        };
        connected.map(target).collect()
    }

    fn start_exchange(&mut self, order: ExchangeOrder) {
        match &order.how {
            ExchangeHow::Replay { .. } => {
                self.exchange.asked = Some(order);
                self.asked = Some(Dangerous::Replay { is_second: false });
            }
            ExchangeHow::Export(format) => {
                let format = *format;
                self.exchange.form = None;
                self.start_export(order, format);
            }
            ExchangeHow::Snapshot { last, has_rules } => {
                let (last, has_rules) = (*last, *has_rules);
                self.exchange.form = None;
                self.start_snapshot(order, last, has_rules);
            }
        }
    }

    fn start_export(&mut self, order: ExchangeOrder, format: ExportFormat) {
        let ending = match format {
            ExportFormat::JsonLines { .. } => "jsonl",
            ExportFormat::Csv => "csv",
            ExportFormat::Mcap => "mcap",
        };
        let ExchangeOrder { name, origin, excerpt, preview, .. } = order;
        self.write_file(WorkKind::Export, &name, ending, preview.messages, move |path, tally, l| {
            let origin = match origin.open() {
                Ok(origin) => origin,
                Err(failure) => {
                    let told = crate::words::recording::open_failure(&failure, l);
                    return Some(Notice::error(format!("{}: {}", told.what, told.why)));
                }
            };
            match export(&origin, &excerpt, format, path, tally) {
                Ok(done) => Some(Notice::info(words::exported(&done, path, l))),
                Err(failure) => words::not_exported(&failure, l).map(Notice::error),
            }
        });
    }

    fn start_snapshot(&mut self, order: ExchangeOrder, last: u32, has_rules: bool) {
        let ExchangeOrder { session, name, origin, excerpt, .. } = order;
        let Some(tab) = self.tabs.iter().find(|tab| tab.number == session) else { return };
        let MessageOrigin::Memory(model) = origin else { return };
        let rules = tab.rules.iter().filter(|_| has_rules);
        let rules = rules.map(|rule| (rule.filter.clone(), rule.decoder.clone()));
        let (programs, decoders): (Vec<_>, Vec<_>) =
            rules.partition(|(_, decoder)| starts_a_program(decoder));
        let url = match tab.session.status().state {
            ConnectionState::Recorded => tab.url.clone().unwrap_or_default(),
            _ => tab.session.options().url(),
        };
        let facts = Facts {
            program: format!("mqttree {VERSION}"),
            name: name.clone(),
            url,
            client_id: String::new(),
            filters: excerpt.filters.clone(),
            snapshot: Some(SnapshotFacts { last, decoders }),
        };
        self.write_file(WorkKind::Snapshot, &name, SNAPSHOT_ENDING, 0, move |path, tally, l| {
            match save_snapshot(&model, &excerpt, last, facts, path, tally) {
                Ok(done) => {
                    let mut text = words::exported(&done, path, l);
                    if !programs.is_empty() {
                        text.push_str(&words::programs_left_out(programs.len(), l));
                    }
                    Some(Notice::info(text))
                }
                Err(failure) => words::not_exported(&failure, l).map(Notice::error),
            }
        });
    }

    /// Asks for a file and writes it by a job that can be cancelled.
    fn write_file(
        &mut self,
        kind: WorkKind,
        name: &str,
        ending: &str,
        total: u64,
        write: impl FnOnce(&std::path::Path, &Tally, crate::words::Language) -> Option<Notice> + Send + 'static,
    ) {
        let l = language(&self.ctx);
        let plain = |c: char| if c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.') { c } else { '-' };
        let stem: String = name.chars().map(plain).take(60).collect();
        let stem = stem.trim_matches([' ', '.']);
        let suggested = format!("{}.{ending}", if stem.is_empty() { "mqttree" } else { stem });
        let answer = self.paths.ask(path_dialog::SAVE_FILE.of(l), PathPurpose::Save, &suggested);
        let (tally, begun) = (Tally::of(total), Arc::<parking_lot::Mutex<Option<Instant>>>::default());
        let (theirs, since, ctx) = (tally.clone(), Arc::clone(&begun), self.ctx.clone());
        let job = Job::spawn("write messages", &self.ctx, move |_| {
            let path = answer()?;
            *since.lock() = Some(Instant::now());
            ctx.request_repaint();
            write(&path, &theirs, l)
        });
        let id = self.exchange.next_id();
        let task = Task::File { kind, job, tally, begun };
        self.exchange.works.push(Work { id, name: name.to_owned(), task });
    }

    /// The question before a replay; `None` if its broker is not connected any more.
    pub(in crate::app) fn replay_question(&self, is_second: bool) -> Option<ConfirmQuestion> {
        let order = self.exchange.asked.as_ref()?;
        let ExchangeHow::Replay { plan, to } = &order.how else { return None };
        let target = self.targets().into_iter().find(|target| target.session == *to)?;
        let l = language(&self.ctx);
        Some(if is_second {
            words::ask_same_broker(&target.url, order.preview.messages, l)
        } else {
            words::ask_replay(&order.preview, (&target.name, &target.url), plan, l)
        })
    }

    /// Begins a replay that was confirmed, unless it goes back to its own broker: then it asks once more.
    pub(in crate::app) fn replay_confirmed(&mut self, is_second: bool) {
        let Some(order) = self.exchange.asked.take() else { return };
        let ExchangeHow::Replay { plan, to } = &order.how else { return };
        let Some(target) = self.targets().into_iter().find(|target| target.session == *to) else { return };
        if !is_second && plan.prefix.is_empty() && self.url_of(&order).as_ref() == Some(&target.url) {
            self.exchange.asked = Some(order);
            self.asked = Some(Dangerous::Replay { is_second: true });
            return;
        }
        self.exchange.form = None;
        let plan = plan.clone();
        self.start_replay(order, plan, &target);
    }

    /// The address of the broker that the messages came from, if anybody knows.
    fn url_of(&self, order: &ExchangeOrder) -> Option<String> {
        let tab = self.tabs.iter().find(|tab| tab.number == order.session)?;
        if tab.recorded.is_some() { tab.url.clone() } else { Some(tab.session.options().url()) }
    }

    fn start_replay(&mut self, order: ExchangeOrder, plan: ReplayPlan, target: &FormTarget) {
        let ExchangeOrder { origin, excerpt, preview, .. } = order;
        let Some(tab) = self.tabs.iter().find(|tab| tab.number == target.session) else { return };
        let publisher = tab.session.publisher();
        let ctx = self.ctx.clone();
        let wake = Arc::new(move || ctx.request_repaint_of(ViewportId::ROOT));
        match Replay::start(publisher, move || origin.open().ok(), excerpt, plan, wake) {
            Ok(replay) => {
                let task = Task::Replay(Box::new(replay), preview.messages);
                let id = self.exchange.next_id();
                self.exchange.works.push(Work { id, name: target.name.clone(), task });
            }
            Err(error) => {
                self.notify(Notice::error(words::not_replayed(&error, language(&self.ctx))));
            }
        }
    }

    /// Says what came of the work that has ended.
    pub(in crate::app) fn collect_exchange(&mut self) {
        let l = language(&self.ctx);
        let mut notices = Vec::new();
        self.exchange.works.retain(|work| match &work.task {
            Task::File { job, .. } => match job.poll() {
                JobProgress::Running => true,
                JobProgress::Done(notice) => {
                    notices.extend(notice);
                    false
                }
                JobProgress::Failed => {
                    notices.push(Notice::error(crate::words::app::TASK_FAILED.of(l)));
                    false
                }
            },
            Task::Replay(replay, _) => {
                let state = replay.state();
                if state.phase.is_active() {
                    return true;
                }
                let text = words::replayed(&state, &work.name, l);
                let is_whole = state.failure.is_none() && state.refused == 0;
                notices.push(if is_whole { Notice::info(text) } else { Notice::error(text) });
                false
            }
        });
        for notice in notices {
            self.notify(notice);
        }
    }
}
