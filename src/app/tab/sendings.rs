//! What a tab is sending: repetitions, files, and messages of the library.

use std::path::Path;

use crate::app::sending::RunningSending;
use crate::app::tab::Tab;

impl Tab {
    /// Lists what is being sent; beyond this many the oldest that has ended goes.
    pub fn add_sending(&mut self, sending: RunningSending, listed_max: usize) {
        if self.sendings.len() >= listed_max {
            let ended = self.sendings.iter().position(|known| !known.is_active());
            self.sendings.remove(ended.unwrap_or(0));
        }
        self.sendings.push(sending);
    }

    /// Stops what is being sent under this number, or takes it from the list if it has ended.
    pub fn stop_sending(&mut self, id: u64) {
        let Some(index) = self.sendings.iter().position(|known| known.id == id) else { return };
        if let Some(known) = self.sendings.get_mut(index)
            && known.is_active()
        {
            known.sending.stop();
        } else {
            self.sendings.remove(index);
        }
    }

    /// The number of the message that a saved one makes next.
    pub fn count_saved(&mut self, path: &Path) -> u64 {
        let count = self.saved_counts.entry(path.to_owned()).or_default();
        *count += 1;
        *count
    }

    /// Stops all that is being sent.
    pub fn stop_sendings(&mut self) {
        self.sendings.iter_mut().for_each(|known| known.sending.stop());
    }

    /// Whether anything is being sent.
    pub fn is_sending(&self) -> bool {
        self.sendings.iter().any(RunningSending::is_active)
    }
}
