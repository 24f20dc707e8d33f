//! Bytes waiting to be written.
//!
//! Small packets are gathered in one buffer; a large payload is queued as it is and never copied.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf as _, Bytes};
use tokio::io::AsyncWrite;

/// Payloads up to this size are copied behind their packet's head.
const COPIED_BYTES_MAX: usize = 16 * 1024;
/// The capacity that the gathering buffer keeps.
const BUFFER_BYTES: usize = 64 * 1024;

/// Outgoing bytes, and the tokens to report once their bytes are written.
#[derive(Default)] // No `Debug`: a CONNECT holds the password.
pub(super) struct Outbox {
    /// Written before the contents of `open`.
    queue: VecDeque<Bytes>,
    queue_bytes: usize,
    open: Vec<u8>,
    /// How much of `open` is already written.
    open_written: usize,
    /// Bytes written since the connection began.
    written: u64,
    /// Each token with the position of its last byte, oldest first.
    marks: VecDeque<(u64, u64)>,
    /// The stream may still hold back written bytes.
    unflushed: bool,
}

impl Outbox {
    /// The number of waiting bytes.
    pub(super) fn bytes(&self) -> usize {
        self.queue_bytes + self.open.len() - self.open_written
    }

    /// Whether there is nothing left to do.
    pub(super) fn is_done(&self) -> bool {
        self.bytes() == 0 && !self.unflushed
    }

    /// The buffer for small packets.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.open
    }

    /// Appends a payload.
    pub(super) fn payload(&mut self, payload: Bytes) {
        if payload.len() <= COPIED_BYTES_MAX {
            self.open.extend_from_slice(&payload);
            return;
        }
        let mut before = Bytes::from(std::mem::take(&mut self.open));
        before.advance(std::mem::take(&mut self.open_written));
        for bytes in [before, payload] {
            if !bytes.is_empty() {
                self.queue_bytes += bytes.len();
                self.queue.push_back(bytes);
            }
        }
    }

    /// Makes [`Outbox::sent`] return `token` once everything up to here is written.
    pub(super) fn mark(&mut self, token: u64) {
        self.marks.push_back((self.written + self.bytes() as u64, token));
    }

    /// Whether [`Outbox::sent`] has a token to return.
    pub(super) fn has_sent(&self) -> bool {
        self.marks.front().is_some_and(|(at, _)| *at <= self.written)
    }

    /// The next token whose bytes are written.
    pub(super) fn sent(&mut self) -> Option<u64> {
        self.marks.pop_front_if(|(at, _)| *at <= self.written).map(|(_, token)| token)
    }

    /// The tokens whose bytes will never be written, because the connection ended.
    pub(super) fn unsent(&mut self) -> impl Iterator<Item = u64> {
        self.marks.drain(..).map(|(_, token)| token)
    }

    /// Writes and flushes; ready when everything is done.
    pub(super) fn poll_write(
        &mut self,
        mut stream: Pin<&mut (impl AsyncWrite + ?Sized)>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while let Some(front) = self.queue.front_mut() {
            let count = ready!(stream.as_mut().poll_write(context, front))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unflushed = true;
            self.written += count as u64;
            self.queue_bytes -= count;
            front.advance(count);
            if front.is_empty() {
                self.queue.pop_front();
            }
        }
        while let Some(rest) = self.open.get(self.open_written..).filter(|rest| !rest.is_empty()) {
            let count = ready!(stream.as_mut().poll_write(context, rest))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.unflushed = true;
            self.written += count as u64;
            self.open_written += count;
            if self.open_written >= BUFFER_BYTES {
                self.open.drain(..self.open_written);
                self.open_written = 0;
            }
        }
        self.open.clear();
        self.open_written = 0;
        self.open.shrink_to(BUFFER_BYTES);
        if self.unflushed {
            ready!(stream.poll_flush(context))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn everything_is_written_in_order_and_tokens_come_when_it_is() {
        let (mut ours, mut theirs) = tokio::io::duplex(1_000);
        let mut outbox = Outbox::default();
        let mut wanted = Vec::new();
        for (token, bytes) in [10, 20_000, 3, 16_384, 70_000, 0].into_iter().enumerate() {
            outbox.buffer().push(token as u8);
            let payload = vec![token as u8 + 100; bytes];
            wanted.push(token as u8);
            wanted.extend(&payload);
            outbox.payload(payload.into());
            outbox.mark(token as u64);
        }
        assert_eq!(outbox.bytes(), wanted.len());
        assert_eq!(outbox.sent(), None);

        let mut read = vec![0; wanted.len()];
        let write = std::future::poll_fn(|context| outbox.poll_write(Pin::new(&mut ours), context));
        let (written, _) = tokio::join!(write, tokio::io::AsyncReadExt::read_exact(&mut theirs, &mut read));
        written.unwrap();
        assert!(read == wanted && outbox.is_done());
        let tokens: Vec<_> = std::iter::from_fn(|| outbox.sent()).collect();
        assert_eq!(tokens, [0, 1, 2, 3, 4, 5]);
        outbox.buffer().push(0);
        outbox.mark(6);
        assert_eq!((outbox.sent(), outbox.unsent().collect::<Vec<_>>()), (None, vec![6]));
    }
}
