//! Asks the disk to keep what was written, on a thread of its own: on a slow disk that takes longer than messages may wait.

use std::fs::File;
use std::thread::Builder;

use crossbeam_channel::{Sender, bounded};

/// The thread's other end. It ends when this is dropped.
#[derive(Default)]
pub(super) struct Syncer(Option<Sender<File>>);

impl Syncer {
    /// Asks for the file to be synced soon; not when the last one is still under way.
    pub fn sync(&mut self, file: &File) {
        if self.0.is_none() {
            self.0 = start();
        }
        if let (Some(sender), Ok(file)) = (&self.0, file.try_clone()) {
            sender.try_send(file).ok();
        }
    }
}

fn start() -> Option<Sender<File>> {
    let (sender, receiver) = bounded::<File>(1);
    let thread = Builder::new().name("recorder-sync".to_owned()).spawn(move || {
        for file in receiver {
            if let Err(error) = file.sync_data() {
                log::warn!("a recording could not be synced: {error}");
            }
        }
    });
    thread.is_ok().then_some(sender)
}
