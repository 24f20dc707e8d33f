//! The requests of a tab that wait for a response, and those that did.

use std::time::Duration;

use crate::app::tab::Tab;
use crate::automation::Requester;
use crate::panels::scene::RequestRow;

/// The most requests that are kept; the oldest go first.
const REQUESTS_MAX: usize = 40;

/// A request that a draft has sent.
#[derive(Debug)]
pub struct RunningRequest {
    /// Its number, never used again.
    pub id: u64,
    /// How long it waits.
    pub within: Duration,
    /// Who waits.
    pub requester: Requester,
}

impl RunningRequest {
    /// What the panels read of it.
    pub(super) fn row(&self) -> RequestRow {
        RequestRow { id: self.id, within: self.within, state: self.requester.state() }
    }
}

impl Tab {
    /// Keeps a request, so that its draft can show the response.
    pub fn add_request(&mut self, request: RunningRequest) {
        if self.requests.len() >= REQUESTS_MAX {
            self.requests.remove(0);
        }
        self.requests.push(request);
    }

    /// Stops waiting for a response.
    pub fn stop_request(&mut self, id: u64) {
        if let Some(known) = self.requests.iter_mut().find(|known| known.id == id) {
            known.requester.stop();
        }
    }
}
