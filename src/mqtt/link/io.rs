//! The stream of a connection, with the bytes read from it and the bytes to write to it.

use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWrite as _};
use tokio::time::{Sleep, sleep_until};

use crate::mqtt::link::buffer::ReadBuffer;
use crate::mqtt::link::keep_alive::{Due, KeepAlive, now};
use crate::mqtt::link::outbox::Outbox;
use crate::mqtt::link::trouble::Trouble;
use crate::mqtt::wire::Stream;

/// Reading stops while this much waits to be written: acknowledgements that the broker does not read.
const UNWRITTEN_BYTES_MAX: usize = 1024 * 1024;

/// How long a broker may take to close after DISCONNECT.
const LINGER: Duration = Duration::from_millis(200);

/// What ended a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Woken {
    /// Something was read.
    Read,
    /// Something was written whose sender wants to know.
    Written,
    /// It is time for a ping.
    Ping,
    /// It is time to report that the broker has been silent since then.
    Silent(Instant),
}

/// Everything that moves bytes.
pub(super) struct Io {
    stream: Box<dyn Stream>,
    pub(super) buffer: ReadBuffer,
    pub(super) outbox: Outbox,
    pub(super) keep_alive: KeepAlive,
    /// Why nothing more can be written. The broker's last packets are read before this is reported.
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

    /// Waits until something can be done. With `reading` off nothing is read, but everything else continues.
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

    /// Reads and writes whatever is possible without waiting. Returns whether something was read.
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

    /// Closes the stream in the way its transport does.
    pub(super) async fn shutdown(&mut self) -> io::Result<()> {
        poll_fn(|context| Pin::new(&mut self.stream).poll_shutdown(context)).await
    }

    /// Reads and drops whatever still arrives until the broker closes, for a moment at most. Closing a socket with bytes
    /// unread resets the connection, and the broker then loses what it has not read yet: the last acknowledgement.
    pub(super) async fn linger(&mut self) {
        let stream = &mut self.stream;
        let until_closed = async move {
            let mut dropped = [0; 4096];
            while stream.read(&mut dropped).await.is_ok_and(|count| count > 0) {}
        };
        // A broker that does not close is not waited for.
        tokio::time::timeout(LINGER, until_closed).await.unwrap_or_default();
    }

    /// Returns whether something was written whose sender wants to know. [`Io::poll_read`] reports a write error once
    /// nothing is left to read.
    fn poll_write(&mut self, context: &mut Context<'_>) -> bool {
        if self.outbox.is_done() || self.write_error.is_some() {
            // Written without waiting and not yet reported.
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

    /// Returns whether something was read.
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

    /// The timer is set again only after it has fired or would fire too late; usually it fires for nothing.
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

    /// A stream that the other side closed after its last bytes.
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
