//! Work that would make a frame late, done on a named thread: decoding, files, dialogs, the keyring.
//!
//! A panel's `update` starts a job and looks at it each frame. Dropping it asks it to stop; nobody waits for it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, TryRecvError, bounded};
use eframe::egui::{Context, ViewportId};

/// Tells a job that nobody waits for its result any more.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    /// Whether the result is no longer wanted.
    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// A result that is on its way.
#[derive(Debug)]
pub struct Job<T> {
    result: Receiver<T>,
    cancel: Cancel,
}

/// Where a job stands.
#[derive(Debug, PartialEq, Eq)]
pub enum JobProgress<T> {
    /// Still working.
    Running,
    /// Done; given out once.
    Done(T),
    /// It panicked, its thread could not be started, or its result was taken before.
    Failed,
}

impl<T: Send + 'static> Job<T> {
    /// Runs `work` on a thread called `name` and repaints the window when it is done.
    pub fn spawn(name: &str, ctx: &Context, work: impl FnOnce(&Cancel) -> T + Send + 'static) -> Self {
        let (sender, result) = bounded(1);
        let cancel = Cancel::default();
        let theirs = cancel.clone();
        let ctx = ctx.clone();
        let spawned = thread::Builder::new().name(name.to_owned()).spawn(move || {
            let value = work(&theirs);
            // The receiver is gone when the job was dropped: then nobody wants the value.
            sender.send(value).ok();
            ctx.request_repaint_of(ViewportId::ROOT);
        });
        if let Err(error) = spawned {
            // The sender went with the closure, so the job reads as failed.
            log::error!("cannot start the thread {name:?}: {error}");
        }
        Self { result, cancel }
    }

    /// Takes the result if it is there.
    pub fn poll(&self) -> JobProgress<T> {
        match self.result.try_recv() {
            Ok(value) => JobProgress::Done(value),
            Err(TryRecvError::Empty) => JobProgress::Running,
            Err(TryRecvError::Disconnected) => JobProgress::Failed,
        }
    }

    /// Waits for the result, at most this long. For the end of the program, when there is no frame to be late.
    pub fn wait(&self, limit: Duration) -> JobProgress<T> {
        match self.result.recv_timeout(limit) {
            Ok(value) => JobProgress::Done(value),
            Err(RecvTimeoutError::Timeout) => JobProgress::Running,
            Err(RecvTimeoutError::Disconnected) => JobProgress::Failed,
        }
    }
}

impl<T> Drop for Job<T> {
    fn drop(&mut self) {
        self.cancel.0.store(true, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait<T: Send + 'static>(job: &Job<T>) -> JobProgress<T> {
        loop {
            match job.poll() {
                JobProgress::Running => thread::yield_now(),
                done => return done,
            }
        }
    }

    #[test]
    fn a_job_gives_its_result_once() {
        let job = Job::spawn("test", &Context::default(), |_| 42);
        assert_eq!(wait(&job), JobProgress::Done(42));
        assert_eq!(wait(&job), JobProgress::Failed);
    }

    #[test]
    fn a_dropped_job_is_asked_to_stop() {
        let (sender, receiver) = bounded(1);
        let job = Job::spawn("test", &Context::default(), move |cancel| {
            while !cancel.is_cancelled() {
                thread::yield_now();
            }
            sender.send(()).ok();
        });
        drop(job);
        receiver.recv_timeout(std::time::Duration::from_secs(10)).unwrap();
    }
}
