//! What takes a while to be dropped: a session says goodbye to its broker, a large model frees millions of messages.
//! Neither holds the window up; the program's end waits for all of them, side by side.

use std::thread::{Builder, JoinHandle};

/// The threads on which something is dropped.
#[derive(Debug, Default)]
pub struct Closing {
    threads: Vec<JoinHandle<()>>,
}

impl Closing {
    /// Drops a value on a thread of this name.
    pub fn drop<T: Send + 'static>(&mut self, name: &str, value: T) {
        self.threads.retain(|thread| !thread.is_finished());
        match Builder::new().name(name.to_owned()).spawn(move || drop(value)) {
            Ok(thread) => self.threads.push(thread),
            // The value went with the closure.
            Err(error) => log::error!("cannot start the thread {name:?}: {error}"),
        }
    }

    /// Waits until everything is dropped.
    pub fn wait(&mut self) {
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                log::error!("a thread panicked while it dropped something");
            }
        }
    }
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.wait();
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::{Receiver, Sender, bounded};

    use super::*;

    /// Takes as long to be dropped as the other side likes, and says when it is done.
    struct Slow(Receiver<()>, Sender<()>);

    impl Drop for Slow {
        fn drop(&mut self) {
            self.0.recv().ok();
            self.1.try_send(()).ok();
        }
    }

    #[test]
    fn what_is_slow_to_drop_holds_up_the_end_alone() {
        let (go, wait) = bounded(2);
        let (done, dropped) = bounded(2);
        let mut closing = Closing::default();
        for _ in 0..2 {
            closing.drop("slow", Slow(wait.clone(), done.clone()));
        }
        assert!(dropped.is_empty(), "nobody waits");
        (0..2).for_each(|_| go.send(()).unwrap());
        drop(closing);
        assert_eq!(dropped.len(), 2);
    }
}
