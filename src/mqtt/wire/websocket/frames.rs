//! Websocket frames as a plain byte stream (RFC 6455, 5).
//!
//! The payload of a frame is passed on as it arrives, however long the frame is. Nothing is collected, so a frame that
//! claims to be endless costs no memory. Pings are answered while reading.

use std::fmt;
use std::io::{self, Cursor};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use rustls::crypto::CryptoProvider;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tungstenite::protocol::frame::FrameHeader;
use tungstenite::protocol::frame::coding::{CloseCode, Control, Data, OpCode};

use crate::mqtt::failure::FrameFault;
use crate::mqtt::tls;

/// Bytes read at once; a larger payload is read straight into its destination.
const INPUT_BYTES: usize = 16 * 1024;
/// The largest payload of a frame that we send: some servers accept no larger ones.
const FRAME_BYTES_MAX: usize = 64 * 1024;
/// How much may wait to be written.
const OUTPUT_BYTES_MAX: usize = 128 * 1024;
/// The longest payload of any frame: the highest bit of its length must be 0 (RFC 6455, 5.2).
const LENGTH_MAX: u64 = u64::MAX >> 1;
/// The longest payload of a control frame (RFC 6455, 5.5).
const CONTROL_BYTES_MAX: u64 = 125;

/// A mistake by the broker, or its close.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::mqtt::wire) enum FrameError {
    /// A text frame.
    Text,
    /// A close with its status and reason text (RFC 6455, 7.4.1).
    Closed { code: u16, reason: String },
    /// A frame that breaks the protocol.
    Broken(FrameFault),
}

/// It travels inside a stream error; the sentence shown is made from the data.
impl fmt::Display for FrameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

impl std::error::Error for FrameError {}

impl From<FrameError> for io::Error {
    fn from(error: FrameError) -> Self {
        Self::other(error)
    }
}

/// The bytes inside the frames.
pub(super) struct Frames<S> {
    inner: S,
    /// Read but not yet parsed: `input[start..end]`.
    input: Box<[u8]>,
    start: usize,
    end: usize,
    /// How much of the current frame's payload is still to come.
    left: u64,
    /// Whether a message continues with the next data frame.
    goes_on: bool,
    /// Close was received: nothing more will arrive.
    ended: bool,
    /// Close was sent: nothing more may be sent.
    closing: bool,
    /// Frames to write: `output[written..]`.
    output: Vec<u8>,
    written: usize,
    random: Arc<CryptoProvider>,
    /// The error for the next read, because this one had data to return.
    failure: Option<io::Error>,
}

impl<S> Frames<S> {
    /// Reads and writes frames on `inner`; `rest` arrived with the answer to the upgrade.
    pub fn new(inner: S, rest: Vec<u8>) -> Self {
        let end = rest.len();
        let mut input = rest;
        input.resize(end.max(INPUT_BYTES), 0);
        Self {
            inner,
            input: input.into_boxed_slice(),
            start: 0,
            end,
            left: 0,
            goes_on: false,
            ended: false,
            closing: false,
            output: Vec::new(),
            written: 0,
            random: tls::provider(),
            failure: None,
        }
    }

    fn unread(&self) -> &[u8] {
        self.input.get(self.start..self.end).unwrap_or_default()
    }

    /// Takes the next header, and the payload with it if it is a control frame; `None` if more must be read first.
    fn next_frame(&mut self) -> Result<Option<()>, io::Error> {
        let mut cursor = Cursor::new(self.unread());
        let parsed = FrameHeader::parse(&mut cursor);
        let header_bytes = usize::try_from(cursor.position()).unwrap_or(usize::MAX);
        let Some((header, length)) = parsed.map_err(|_| FrameError::Broken(FrameFault::Kind))? else {
            return Ok(None);
        };
        if header.rsv1 || header.rsv2 || header.rsv3 {
            return Err(FrameError::Broken(FrameFault::ReservedBit).into());
        }
        if header.mask.is_some() {
            return Err(FrameError::Broken(FrameFault::Masked).into());
        }
        if length > LENGTH_MAX {
            return Err(FrameError::Broken(FrameFault::Length).into());
        }
        match header.opcode {
            OpCode::Data(data) => {
                self.data(data, header.is_final)?;
                self.start += header_bytes;
                self.left = length;
            }
            OpCode::Control(control) => {
                if length > CONTROL_BYTES_MAX || !header.is_final {
                    return Err(FrameError::Broken(FrameFault::Control).into());
                }
                let end = header_bytes + length as usize;
                let Some(payload) = self.unread().get(header_bytes..end) else { return Ok(None) };
                let payload = payload.to_vec();
                self.start += end;
                self.control(control, &payload)?;
            }
        }
        Ok(Some(()))
    }

    fn data(&mut self, data: Data, is_final: bool) -> Result<(), FrameError> {
        match (data, self.goes_on) {
            (Data::Text, _) => return Err(FrameError::Text),
            (Data::Binary, false) | (Data::Continue, true) => {}
            _ => return Err(FrameError::Broken(FrameFault::Order)),
        }
        self.goes_on = !is_final;
        Ok(())
    }

    fn control(&mut self, control: Control, payload: &[u8]) -> io::Result<()> {
        match control {
            // Only the last ping needs an answer, so a flood of pings is not answered one by one.
            Control::Ping if self.waiting() < OUTPUT_BYTES_MAX => {
                self.push(OpCode::Control(Control::Pong), payload)
            }
            Control::Close => {
                self.ended = true;
                self.close(payload.get(..2).unwrap_or_default())?;
                match farewell(payload) {
                    Some(closed) => Err(closed.into()),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn close(&mut self, code: &[u8]) -> io::Result<()> {
        if std::mem::replace(&mut self.closing, true) {
            return Ok(());
        }
        self.push(OpCode::Control(Control::Close), code)
    }

    fn waiting(&self) -> usize {
        self.output.len().saturating_sub(self.written)
    }

    /// Appends a frame to the output, masked as a client must (RFC 6455, 5.3).
    fn push(&mut self, opcode: OpCode, payload: &[u8]) -> io::Result<()> {
        let mut mask = [0; 4];
        self.random.secure_random.fill(&mut mask).map_err(|_| io::ErrorKind::Unsupported)?;
        let header = FrameHeader { opcode, mask: Some(mask), ..FrameHeader::default() };
        header.format(payload.len() as u64, &mut self.output).map_err(io::Error::other)?;
        let from = self.output.len();
        self.output.extend_from_slice(payload);
        for part in self.output[from..].chunks_mut(4) {
            for (byte, mask) in part.iter_mut().zip(mask) {
                *byte ^= mask;
            }
        }
        Ok(())
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Frames<S> {
    /// Reads more; `false` if the stream has ended.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        self.input.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        let mut buffer = ReadBuf::new(self.input.get_mut(self.end..).unwrap_or_default());
        ready!(Pin::new(&mut self.inner).poll_read(cx, &mut buffer))?;
        let count = buffer.filled().len();
        self.end += count;
        Poll::Ready(Ok(count > 0))
    }

    fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(waiting) = self.output.get(self.written..).filter(|waiting| !waiting.is_empty()) {
            let count = ready!(Pin::new(&mut self.inner).poll_write(cx, waiting))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.written += count;
        }
        self.output.clear();
        self.written = 0;
        Poll::Ready(Ok(()))
    }

    fn poll_flush_all(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_drain(cx))?;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    /// Passes on the available payload of the current frame.
    fn poll_payload(&mut self, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(out.remaining());
        let count = if self.start < self.end {
            let here = self.unread();
            let count = wanted.min(here.len());
            out.put_slice(here.get(..count).unwrap_or_default());
            self.start += count;
            count
        } else if wanted >= INPUT_BYTES {
            let mut straight = ReadBuf::new(out.initialize_unfilled_to(wanted));
            ready!(Pin::new(&mut self.inner).poll_read(cx, &mut straight))?;
            let count = straight.filled().len();
            out.advance(count);
            count
        } else {
            return Poll::Ready(if ready!(self.poll_fill(cx))? {
                Ok(()) // the next call continues from here
            } else {
                Err(io::ErrorKind::UnexpectedEof.into())
            });
        };
        if count == 0 {
            return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
        }
        self.left = self.left.saturating_sub(count as u64);
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Frames<S> {
    /// One step towards more payload; `false` if there will be none.
    fn poll_step(&mut self, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<bool>> {
        if self.left > 0 {
            ready!(self.poll_payload(cx, out))?;
            return Poll::Ready(Ok(true));
        }
        if self.ended {
            return Poll::Ready(Ok(false));
        }
        if self.next_frame()?.is_some() || ready!(self.poll_fill(cx))? {
            return Poll::Ready(Ok(true));
        }
        // Some servers close the connection without a websocket close.
        if self.unread().is_empty() && !self.goes_on {
            Poll::Ready(Ok(false))
        } else {
            Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()))
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Frames<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, out: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some(failure) = this.failure.take() {
            return Poll::Ready(Err(failure));
        }
        let before = out.filled().len();
        let result = loop {
            if out.remaining() == 0 {
                break Poll::Ready(Ok(()));
            }
            match this.poll_step(cx, out) {
                Poll::Ready(Ok(true)) => {}
                Poll::Ready(Ok(false)) => break Poll::Ready(Ok(())),
                Poll::Ready(Err(error)) => break Poll::Ready(Err(error)),
                Poll::Pending => break Poll::Pending,
            }
        };
        // Pongs and the answer to a close go out at once if possible, otherwise with the next data.
        if this.waiting() > 0
            && let Poll::Ready(Err(error)) = this.poll_flush_all(cx)
        {
            log::debug!("no answer to a control frame of the websocket: {error}");
        }
        if out.filled().len() == before {
            return result;
        }
        if let Poll::Ready(Err(error)) = result {
            this.failure = Some(error);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Frames<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        if this.closing {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        while this.waiting() >= OUTPUT_BYTES_MAX {
            ready!(this.poll_drain(cx))?;
        }
        let part = bytes.get(..FRAME_BYTES_MAX).unwrap_or(bytes);
        this.push(OpCode::Data(Data::Binary), part)?;
        Poll::Ready(Ok(part.len()))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.get_mut().poll_flush_all(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.close(&u16::from(CloseCode::Normal).to_be_bytes())?;
        ready!(this.poll_flush_all(cx))?;
        Pin::new(&mut this.inner).poll_shutdown(cx)
    }
}

/// The broker's reason for closing, if it is more than a normal close.
fn farewell(payload: &[u8]) -> Option<FrameError> {
    let (code, reason) = payload.split_first_chunk::<2>()?;
    let code = u16::from_be_bytes(*code);
    let is_goodbye = matches!(CloseCode::from(code), CloseCode::Normal | CloseCode::Away);
    if is_goodbye && reason.is_empty() {
        return None;
    }
    let reason = String::from_utf8_lossy(reason).chars().filter(|c| !c.is_control()).collect();
    Some(FrameError::Closed { code, reason })
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::*;

    /// A broker's end and the client under test. Whatever the broker writes goes out as raw bytes.
    fn pair() -> (DuplexStream, Frames<DuplexStream>) {
        let (broker, client) = duplex(1 << 20);
        (broker, Frames::new(client, Vec::new()))
    }

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    /// A frame from a server.
    fn frame(first: u8, payload: &[u8]) -> Vec<u8> {
        let mut frame = vec![first];
        match payload.len() {
            length @ 0..126 => frame.push(length as u8),
            length @ 126..65_536 => {
                frame.push(126);
                frame.extend((length as u16).to_be_bytes());
            }
            length => {
                frame.push(127);
                frame.extend((length as u64).to_be_bytes());
            }
        }
        frame.extend(payload);
        frame
    }

    /// Everything that the client reads, and how reading ended.
    fn received(bytes: &[u8]) -> (Vec<u8>, io::Result<()>) {
        run(async {
            let (mut broker, mut client) = pair();
            broker.write_all(bytes).await.unwrap();
            broker.shutdown().await.unwrap();
            let mut found = Vec::new();
            let result = client.read_to_end(&mut found).await.map(|_| ());
            (found, result)
        })
    }

    #[test]
    fn payloads_of_all_lengths_come_through_wherever_the_frames_are_cut() {
        let parts: Vec<Vec<u8>> =
            [0, 1, 125, 126, 65_535, 65_536, 200_000, 3].map(|length| vec![length as u8; length]).to_vec();
        let sent: Vec<u8> = parts.iter().flat_map(|part| frame(0x82, part)).collect();
        let (found, result) = received(&sent);
        assert!(result.is_ok() && found == parts.concat(), "{} bytes, {result:?}", found.len());
    }

    #[test]
    fn bytes_that_come_one_by_one_are_put_together() {
        run(async {
            let (mut broker, client) = duplex(1);
            let mut client = Frames::new(client, vec![0x82]);
            let sending = async {
                for byte in [&[3][..], b"abc", &frame(0x82, b"def")].concat() {
                    broker.write_all(&[byte]).await.unwrap();
                }
            };
            let mut found = [0; 6];
            tokio::join!(sending, async { client.read_exact(&mut found).await.unwrap() });
            assert_eq!(&found, b"abcdef");
        });
    }

    #[test]
    fn a_message_in_parts_with_a_ping_between_is_one_stream_and_the_ping_is_answered() {
        run(async {
            let (mut broker, mut client) = pair();
            let sent = [frame(0x02, b"ab"), frame(0x89, b"hello"), frame(0x80, b"cd")].concat();
            broker.write_all(&sent).await.unwrap();
            let mut found = [0; 4];
            client.read_exact(&mut found).await.unwrap();
            assert_eq!(&found, b"abcd");
            let (first, payload) = unmask(&mut broker).await;
            assert_eq!((first, payload.as_slice()), (0x8A, &b"hello"[..]));
        });
    }

    /// Reads and unmasks one frame from the client.
    async fn unmask(broker: &mut DuplexStream) -> (u8, Vec<u8>) {
        let mut head = [0; 2];
        broker.read_exact(&mut head).await.unwrap();
        assert!(head[1] & 0x80 != 0, "a client's frames are masked");
        let length = match head[1] & 0x7F {
            126 => usize::from(broker.read_u16().await.unwrap()),
            127 => usize::try_from(broker.read_u64().await.unwrap()).unwrap(),
            length => usize::from(length),
        };
        let mut mask = [0; 4];
        broker.read_exact(&mut mask).await.unwrap();
        let mut payload = vec![0; length];
        broker.read_exact(&mut payload).await.unwrap();
        payload.iter_mut().zip(mask.iter().cycle()).for_each(|(byte, mask)| *byte ^= mask);
        (head[0], payload)
    }

    #[test]
    fn what_is_written_arrives_in_frames_of_at_most_64_kib_and_then_a_close() {
        run(async {
            let (mut broker, mut client) = pair();
            let sent: Vec<u8> = (0..200_000u32).map(|number| number as u8).collect();
            let writing = async {
                client.write_all(&sent).await.unwrap();
                client.shutdown().await.unwrap();
            };
            let reading = async {
                let mut found = Vec::new();
                loop {
                    let (first, payload) = unmask(&mut broker).await;
                    if first == 0x88 {
                        return (found, payload);
                    }
                    assert!(first == 0x82 && payload.len() <= FRAME_BYTES_MAX);
                    found.extend(payload);
                }
            };
            let ((), (found, close)) = tokio::join!(writing, reading);
            assert!(found == sent && close == [0x03, 0xE8]);
            assert!(client.write_all(b"more").await.is_err());
        });
    }

    #[test]
    fn a_close_comes_with_its_reason_after_what_came_before_it() {
        let (found, result) = received(&[frame(0x82, b"ab"), frame(0x88, b"\x03\xeano")].concat());
        assert_eq!(found, b"ab");
        let closed = FrameError::Closed { code: 1002, reason: "no".to_owned() };
        assert_eq!(frame_error(&result.unwrap_err()), Some(&closed));
        for goodbye in [&b""[..], b"\x03\xe8"] {
            assert!(received(&frame(0x88, goodbye)).1.is_ok());
        }
    }

    proptest::proptest! {
        /// Whatever arrives, reading ends and returns no more than arrived.
        #[test]
        fn no_bytes_make_it_hang_or_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..400)) {
            let (found, _) = received(&bytes);
            proptest::prop_assert!(found.len() <= bytes.len());
        }
    }

    #[test]
    fn what_breaks_the_protocol_is_an_error() {
        let too_long = frame(0x89, &[0; 126]);
        let broken = FrameError::Broken;
        let cases: [(&[u8], FrameError); 9] = [
            (&frame(0x81, b"text"), FrameError::Text),
            (&frame(0xC2, b"a"), broken(FrameFault::ReservedBit)),
            (b"\x82\x81\x00\x00\x00\x00a", broken(FrameFault::Masked)),
            (&frame(0x80, b"a"), broken(FrameFault::Order)),
            (&[frame(0x02, b"a"), frame(0x82, b"b")].concat(), broken(FrameFault::Order)),
            (&frame(0x83, b"a"), broken(FrameFault::Kind)),
            (b"\x82\x7f\x80\0\0\0\0\0\0\x01a", broken(FrameFault::Length)),
            (&too_long, broken(FrameFault::Control)),
            (&frame(0x09, b"a"), broken(FrameFault::Control)),
        ];
        for (bytes, wanted) in cases {
            let error = received(bytes).1.unwrap_err();
            assert_eq!(frame_error(&error), Some(&wanted), "{bytes:x?}: {error}");
        }
        // A frame that claims to have 2^63 - 1 bytes and ends after one.
        let error = received(b"\x82\x7f\x7f\xff\xff\xff\xff\xff\xff\xffa").1.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    }

    fn frame_error(error: &io::Error) -> Option<&FrameError> {
        error.get_ref()?.downcast_ref()
    }
}
