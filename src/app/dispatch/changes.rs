//! Carries out actions on the comparison of a tree with another one. Other trees are read by jobs.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use crate::app::opening::{self, NotOpened};
use crate::app::{App, Tab};
use crate::command::ChangesAction;
use crate::interchange::Tally;
use crate::model::{Matcher, NodeId};
use crate::panels::path_dialog::PathPurpose;
use crate::panels::topics::SearchState;
use crate::query::{SearchQuery, TopicState, TreeState};
use crate::recording::Recording;
use crate::session::clock;
use crate::ui::job::{Job, JobProgress};
use crate::ui::language;
use crate::words::exchange as words;

/// How many topics are read while another session's model is locked.
const PORTION: u32 = 512;

/// A tree on its way to be compared with, and what it is called; `None` if none was chosen.
type ReadTree = Option<Result<(String, TreeState), NotOpened>>;

/// A tree that is being read for the session with this number.
pub(in crate::app) type Baseline = (u64, Job<ReadTree>);

/// The topics that the tree shows alone.
#[derive(Debug)]
struct Chosen(FxHashSet<Vec<u8>>);

impl Matcher for Chosen {
    fn topic(&self, topic: &[u8]) -> bool {
        self.0.contains(topic)
    }

    fn payload(&self, _payload: &[u8]) -> bool {
        false
    }
}

impl App {
    /// Carries out an action on a comparison.
    pub(super) fn changes(&mut self, action: ChangesAction) {
        match action {
            ChangesAction::WithSession(number) => self.compare_with_session(number),
            ChangesAction::WithRecording => self.compare_with_recording(),
            ChangesAction::OnlyThese(nodes) => {
                if let Some(tab) = self.active_tab_mut() {
                    only_these(tab, nodes);
                }
            }
        }
    }

    fn compare_with_session(&mut self, number: u64) {
        let Some(own) = self.active_tab().map(|tab| tab.number) else { return };
        let Some(other) = self.tabs.iter().find(|tab| tab.number == number) else { return };
        let (name, model) = (other.name.clone(), Arc::clone(other.session.model()));
        let job = Job::spawn("read session", &self.ctx, move |cancel| {
            let mut state = TreeState::at(clock::now());
            let mut next = 0;
            while !cancel.is_cancelled() {
                let Some(after) = state.take_in(&model.lock(), next, PORTION) else { break };
                next = after;
            }
            Some(Ok((name, state)))
        });
        self.baselines.push((own, job));
    }

    fn compare_with_recording(&mut self) {
        let Some(own) = self.active_tab().map(|tab| tab.number) else { return };
        let answer = self.paths.ask(words::OPEN.of(language(&self.ctx)), PathPurpose::Open, "");
        let kept = self.recordings.clone();
        let job = Job::spawn("read recording", &self.ctx, move |_| {
            let path = answer()?;
            let opened = opening::open(&path, &kept, &Tally::default());
            Some(opened.map(|opened| (opened.name.clone(), end_of(&opened.recording))))
        });
        self.baselines.push((own, job));
    }

    /// Hands the trees that were read to their sessions.
    pub(in crate::app) fn collect_baselines(&mut self) {
        let mut read = Vec::new();
        self.baselines.retain(|(number, job)| match job.poll() {
            JobProgress::Running => true,
            JobProgress::Done(tree) => {
                read.extend(tree.map(|tree| (*number, tree)));
                false
            }
            JobProgress::Failed => false,
        });
        for (number, tree) in read {
            match tree {
                Ok((name, state)) => {
                    if let Some(tab) = self.tabs.iter_mut().find(|tab| tab.number == number) {
                        tab.view.tools.changes.compare_with(name, Arc::new(state));
                    }
                }
                Err(why) => self.tell_not_opened(&why),
            }
        }
    }
}

/// The tree at the end of a recording.
fn end_of(recording: &Recording) -> TreeState {
    let Some(end) = recording.end() else { return TreeState::default() };
    let mut state = TreeState::at(end.at());
    let walked = end.walk(|message| {
        let payload = message.payload.bytes();
        let is_retained = message.flags.retain && !payload.is_empty();
        state.insert(message.topic, TopicState::of(payload, is_retained, message.arrived));
        std::ops::ControlFlow::<()>::Continue(())
    });
    debug_assert!(walked.is_continue(), "nothing ends it");
    state
}

/// Lets the tree show only these topics, in place of a search.
fn only_these(tab: &mut Tab, nodes: Option<Vec<NodeId>>) {
    tab.search(SearchQuery::default());
    let Some(nodes) = nodes else { return };
    let mut model = tab.session.model().lock();
    let topics: FxHashSet<Vec<u8>> = nodes.iter().map(|node| model.topic_bytes(*node)).collect();
    model.set_filter(Some(Box::new(Chosen(topics))));
    drop(model);
    tab.chosen = true;
    tab.view.topics.search = SearchState::Running { matches: 0, done: 0.0, given_up: (0, 0) };
}
