//! The stream of a connection with what was read from it and what is to be written to it.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use tokio::io::AsyncWrite as _;
use tokio::time::{Sleep, sleep_until};

use crate::mqtt::link::buffer::ReadBuffer;
use crate::mqtt::link::keep_alive::{Due, KeepAlive, now};
use crate::mqtt::link::outbox::Outbox;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::wire::Stream;

/// Reading stops while so much waits to be written: acknowledgements that a broker does not take.
const UNWRITTEN_BYTES_MAX: usize = 1024 * 1024;

/// What a wait ended with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Something was read.
    Read,
    /// Something was written, and somebody wants to know.
    Written,
    /// Time for a ping.
    Ping,
    /// Time to say that the broker does not answer since then.
    Silent(Instant),
}

/// Everything that moves bytes.
pub(super) struct Io {
    stream: Box<dyn Stream>,
    pub(super) buffer: ReadBuffer,
    pub(super) outbox: Outbox,
    pub(super) keep_alive: KeepAlive,
    /// Why nothing can be written any more. What the broker said before it left is read first.
    write_error: Option<io::Error>,
    timer: Pin<Box<Sleep>>,
}

impl Io {
    pub(super) fn new(stream: Box<dyn Stream>) -> Self {
        let now = now();
        Self {
            stream,
            buffer: ReadBuffer::default(),
            outbox: Outbox::default(),
            keep_alive: KeepAlive::new(0, 1, now),
            write_error: None,
            timer: Box::pin(sleep_until(now.into())),
        }
    }

    /// Waits until something can be done. With `reading` off nothing is read, but all else goes on.
    pub(super) async fn wait(&mut self, reading: bool) -> Result<Woken, Trouble> {
        poll_fn(|context| {
            let written = self.poll_write(context);
            if reading && self.poll_read(context)? {
                return Poll::Ready(Ok(Woken::Read));
            }
            if written {
                return Poll::Ready(Ok(Woken::Written));
            }
            self.poll_timer(context)
        })
        .await
    }

    /// Reads and writes what can be without waiting; whether something was read.
    pub(super) async fn turn(&mut self, reading: bool) -> Result<bool, Trouble> {
        poll_fn(|context| {
            if !self.outbox.is_done() {
                self.poll_write(context);
            }
            Poll::Ready(if reading { self.poll_read(context) } else { Ok(false) })
        })
        .await
    }

    /// Waits until everything is written.
    pub(super) async fn flush(&mut self) -> Result<(), Trouble> {
        poll_fn(|context| self.outbox.poll_write(Pin::new(&mut self.stream), context)).await?;
        Ok(())
    }

    /// Says goodbye in the transport's way.
    pub(super) async fn shutdown(&mut self) -> io::Result<()> {
        poll_fn(|context| Pin::new(&mut self.stream).poll_shutdown(context)).await
    }

    /// Whether somebody's bytes were written. An error is told by [`Io::poll_read`] when nothing is left to read.
    fn poll_write(&mut self, context: &mut Context<'_>) -> bool {
        if self.outbox.is_done() || self.write_error.is_some() {
            // Written without waiting, and not told yet.
            return self.outbox.has_sent();
        }
        let before = self.outbox.bytes();
        let polled = self.outbox.poll_write(Pin::new(&mut self.stream), context);
        let left = self.outbox.bytes();
        if left < before {
            self.keep_alive.written(before - left, left > 0, now());
        }
        if let Poll::Ready(Err(error)) = polled {
            self.write_error = Some(error);
        }
        self.outbox.has_sent()
    }

    /// Whether something was read.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Result<bool, Trouble> {
        if self.write_error.is_none() && self.outbox.bytes() >= UNWRITTEN_BYTES_MAX {
            return Ok(false);
        }
        match self.buffer.poll_read(&mut self.stream, context) {
            Poll::Pending => self.write_error.take().map_or(Ok(false), |error| Err(error.into())),
            Poll::Ready(Ok(0)) => Err(self.write_error.take().map_or(Trouble::Closed, Trouble::Stream)),
            Poll::Ready(Ok(_)) => {
                self.keep_alive.read(now());
                Ok(true)
            }
            Poll::Ready(Err(error)) => Err(error.into()),
        }
    }

    /// The timer is set anew only when it has rung or would ring too late: most of the time it rings for nothing.
    fn poll_timer(&mut self, context: &mut Context<'_>) -> Poll<Result<Woken, Trouble>> {
        loop {
            let Some(next) = self.keep_alive.next() else { return Poll::Pending };
            if self.timer.is_elapsed() || self.timer.deadline() > next.into() {
                self.timer.as_mut().reset(next.into());
            }
            if self.timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            match self.keep_alive.due(now()) {
                Due::Nothing => {}
                Due::Silent(since) => return Poll::Ready(Ok(Woken::Silent(since))),
                Due::Ping => return Poll::Ready(Ok(Woken::Ping)),
                Due::Dead => return Poll::Ready(Err(Trouble::Silent)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncRead, ReadBuf};

    use super::*;

    /// A stream that the other side has closed after its last words.
    struct Closed(&'static [u8]);

    impl AsyncRead for Closed {
        fn poll_read(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
            into: &mut ReadBuf<'_>,
        ) -> Poll<io::Result<()>> {
            into.put_slice(std::mem::take(&mut self.0));
            Poll::Ready(Ok(()))
        }
    }

    impl tokio::io::AsyncWrite for Closed {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Ready(Ok(()))
        }
    }

    #[tokio::test(flavor = "current_thread")]
    async fn the_brokers_last_words_are_read_before_it_is_told_that_nothing_can_be_written() {
        let disconnect = b"\xe0\x01\x8b";
        let mut io = Io::new(Box::new(Closed(disconnect)));
        io.outbox.buffer().push(0);
        assert!(matches!(io.turn(false).await, Ok(false)), "held back, nothing is read");
        assert!(matches!(io.turn(true).await, Ok(true)));
        assert_eq!(io.buffer.unread(), disconnect);
        let trouble = io.wait(true).await.unwrap_err();
        let Trouble::Stream(error) = trouble else { panic!("{trouble:?}") };
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }
}
