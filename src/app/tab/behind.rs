//! What the recording behind a session holds from before its memory: read for the history and the plots that reach back
//! that far.

use std::sync::Arc;

use eframe::egui::{Context, ViewportId};
use rustc_hash::FxHashSet;

use crate::app::tab::Tab;
use crate::model::{Model, NodeId, SeriesId};
use crate::session::behind::{Behind, EarlierFor, EarlierHistory, EarlierReader};

/// Who reads earlier messages of a session.
#[derive(Debug, Default)]
pub(super) struct EarlierReaders {
    history: Option<EarlierReader>,
    series: Option<EarlierReader>,
    /// The series that have all that the recording holds, or have no room for more.
    whole: FxHashSet<SeriesId>,
}

impl Tab {
    /// How far the earlier messages of the selected topic were read; `None` if there are none.
    pub(super) fn earlier_history(&self, model: &Model) -> Option<EarlierHistory> {
        let node = self.selected?;
        let topic = model.node(node)?.topic?;
        let is_there = match self.session.behind()? {
            Behind::Shown(_) => true,
            Behind::Written { continues, .. } => continues || topic.evicted > 0,
        };
        let known =
            self.readers.history.as_ref().filter(|reader| reader.reads_for() == EarlierFor::History(node));
        match known {
            Some(reader) => Some(reader.state()),
            None => is_there.then_some(EarlierHistory::NotRead),
        }
    }

    /// Reads the next page of earlier messages of the selected topic.
    pub fn read_earlier(&mut self, ctx: &Context) {
        let Some(node) = self.selected else { return };
        match &self.readers.history {
            Some(reader) if reader.reads_for() == EarlierFor::History(node) => reader.ask(),
            _ => self.readers.history = self.reader(ctx, EarlierFor::History(node)),
        }
    }

    /// Reads on for a series whose plot shows a time from before its first value.
    pub(super) fn fill_back(&mut self, ctx: &Context, wanted: &[(SeriesId, NodeId)]) {
        if let Some(reader) = &self.readers.series
            && let EarlierFor::Series(id, _) = reader.reads_for()
        {
            let is_wanted = wanted.iter().any(|(other, _)| *other == id);
            match reader.state() {
                EarlierHistory::Reading => return,
                EarlierHistory::More if is_wanted => {
                    reader.ask();
                    return;
                }
                EarlierHistory::More | EarlierHistory::NotRead => {}
                EarlierHistory::All | EarlierHistory::Full | EarlierHistory::Failed(_) => {
                    self.readers.whole.insert(id);
                }
            }
            self.readers.series = None;
        }
        let next = wanted.iter().find(|(id, _)| !self.readers.whole.contains(id)).copied();
        if let Some((id, node)) = next {
            self.readers.series = self.reader(ctx, EarlierFor::Series(id, node));
        }
    }

    fn reader(&self, ctx: &Context, reads_for: EarlierFor) -> Option<EarlierReader> {
        let (behind, ctx) = (self.session.behind()?, ctx.clone());
        let told = move || ctx.request_repaint_of(ViewportId::ROOT);
        Some(EarlierReader::start(behind, Arc::clone(self.session.model()), reads_for, told))
    }
}
