//! Watches the folders of saved messages: what somebody edits shows at once.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{RecvTimeoutError, Sender};
use parking_lot::Mutex;

use crate::store::saved::SavedLibrary;
use crate::store::saved::scan::Scanner;

/// How often the folders are looked at. It costs a look at each file's time.
const LOOK_EVERY: Duration = Duration::from_millis(800);

/// The collections, kept up to date by a thread of its own.
#[derive(Debug)]
pub struct MessageLibrary {
    root: PathBuf,
    current: Arc<Mutex<Arc<SavedLibrary>>>,
    look: Sender<()>,
}

impl MessageLibrary {
    /// Watches the folders below `root`. `is_format` says which payload formats there are; `wake` is called when
    /// something changed.
    ///
    /// # Errors
    ///
    /// If the system starts no thread.
    pub fn watch(
        root: PathBuf,
        is_format: impl Fn(&str) -> bool + Send + 'static,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let current = Arc::new(Mutex::new(Arc::new(SavedLibrary::default())));
        let (look, looks) = crossbeam_channel::bounded(1);
        let (shown, folder) = (Arc::clone(&current), root.clone());
        std::thread::Builder::new().name("saved-messages".to_owned()).spawn(move || {
            let mut scanner = Scanner::default();
            loop {
                let library = scanner.scan(&folder, &is_format);
                let is_new = **shown.lock() != library;
                if is_new {
                    *shown.lock() = Arc::new(library);
                    wake();
                }
                if matches!(looks.recv_timeout(LOOK_EVERY), Err(RecvTimeoutError::Disconnected)) {
                    return;
                }
            }
        })?;
        Ok(Self { root, current, look })
    }

    /// The collections as they were at the last look. Cheap enough for once per frame.
    pub fn current(&self) -> Arc<SavedLibrary> {
        Arc::clone(&self.current.lock())
    }

    /// Has the folders looked at soon, because a file was just written.
    pub fn look(&self) {
        // A look that is already asked for is enough.
        self.look.try_send(()).unwrap_or_default();
    }

    /// The folder of a collection with this name.
    pub fn folder(&self, profile: Option<&str>, name: &str) -> PathBuf {
        match profile {
            Some(id) => self.root.join("profiles").join(id).join(name),
            None => self.root.join("shared").join(name),
        }
    }

    /// The folder above all collections.
    pub fn root(&self) -> &std::path::Path {
        &self.root
    }
}
