//! Drops in the background what takes a while to drop: a session disconnects from its broker, a large model frees
//! millions of messages. The window never waits for it; the end of the program waits for all of it at once.

use std::thread::{Builder, JoinHandle};

/// The threads that are dropping something.
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
            // The closure took the value with it.
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

    /// Takes as long to drop as the other side likes, and reports when it is done.
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
