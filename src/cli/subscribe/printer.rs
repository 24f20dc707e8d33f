//! Writes messages as they arrive, on the session's ingest thread, for `mqttree sub`.
//!
//! While messages arrive fast, output is collected; it is written at once when they pause. A slow reader of the pipe
//! blocks this thread: then the session's channel fills up and the broker has to wait.

use std::io::{self, Write};

use crossbeam_channel::Sender;

use crate::cli::format::{Format, Misfit, Received, pretty_payload};
use crate::cli::report::Report;
use crate::message::MessageRef;
use crate::mqtt::filter;
use crate::payload::decode::line;
use crate::payload::{DecodeLimits, never};
use crate::query::{MessageReader, Rules};
use crate::session::{Gate, Sink};
use crate::words::cli::News;

/// The least output written at once while messages keep arriving, in bytes.
const CHUNK_BYTES: usize = 128 * 1024;
/// What mosquitto_sub prints after a topic if the payload is empty.
const NO_PAYLOAD: &[u8] = b"(null)";
/// How many topics may wait for the output to be written before they are deleted at the broker.
const UNWRITTEN_MAX: usize = 64;

/// The layout of a message.
#[derive(Debug)]
pub(in crate::cli) enum PrintLayout {
    /// Only the payload.
    Payload,
    /// Topic, space and payload.
    Verbose,
    /// The format given with `-F`.
    Format(Format),
}

/// What to print, and how.
#[derive(Debug)]
pub(in crate::cli) struct Printing {
    pub layout: PrintLayout,
    /// Whether to pretty-print JSON payloads.
    pub pretty: bool,
    /// Payloads are printed as what the decoders make of them.
    pub decode: bool,
    pub line_feed: bool,
    pub filter_out: Vec<String>,
    pub no_retained: bool,
    pub retained_only: bool,
    pub remove_retained: bool,
    pub count: Option<u64>,
    /// The percentage of messages to print, chosen at random.
    pub percent: Option<f64>,
    pub quiet: bool,
    /// Which decoder reads the messages of which topics.
    pub rules: Rules,
}

/// Why printing ended.
#[derive(Debug)]
pub(in crate::cli) enum End {
    /// The requested number of messages was printed, or the first one that is not retained arrived.
    Done,
    /// Nobody reads the output any more.
    Closed,
    /// The output cannot be written.
    Failed(io::Error),
}

/// Prints messages as they arrive.
pub(in crate::cli) struct Printer<W> {
    printing: Printing,
    out: W,
    buffer: Vec<u8>,
    printed: u64,
    /// `None` once printing has ended.
    end: Option<Sender<End>>,
    /// Receives the topics of retained messages to delete, once they are written.
    removals: Sender<String>,
    /// Topics whose messages may still wait in the buffer.
    unwritten: Vec<String>,
    reader: MessageReader,
}

impl<W: Write + Send + 'static> Printer<W> {
    pub(in crate::cli) fn new(
        printing: Printing,
        out: W,
        end: Sender<End>,
        removals: Sender<String>,
    ) -> Self {
        let buffer = Vec::with_capacity(2 * CHUNK_BYTES);
        let rules = printing.rules.clone();
        Self {
            printing,
            out,
            buffer,
            printed: 0,
            end: Some(end),
            removals,
            unwritten: Vec::new(),
            reader: MessageReader::new(rules),
        }
    }

    fn finish(&mut self, end: End) {
        if let Some(sender) = self.end.take() {
            // The channel holds one value and this is the only one. The receiver may be gone because the program is
            // ending.
            sender.try_send(end).ok();
        }
    }

    fn print(&mut self, message: MessageRef<'_>, packet_id: u16) {
        let decoded = if self.printing.decode { self.decoded(message) } else { None };
        let decoded = decoded.as_deref().map(str::as_bytes);
        let payload = decoded.unwrap_or(message.payload.bytes());
        match &self.printing.layout {
            PrintLayout::Format(format) => {
                if let Err(misfit) = format.write(&Received { message, packet_id, decoded }, &mut self.buffer)
                {
                    self.misfit(&misfit, message.topic);
                }
                self.line_feed();
                return;
            }
            PrintLayout::Payload => {}
            // Like mosquitto_sub: an empty payload is marked, unless the next message follows on the same line.
            PrintLayout::Verbose if payload.is_empty() && !self.printing.line_feed => return,
            PrintLayout::Verbose => {
                self.buffer.extend_from_slice(message.topic);
                self.buffer.push(b' ');
            }
        }
        let verbose = matches!(self.printing.layout, PrintLayout::Verbose);
        match payload {
            [] if verbose => self.buffer.extend_from_slice(NO_PAYLOAD),
            // An empty payload alone leaves no trace.
            [] => return,
            _ => match self.printing.pretty.then(|| pretty_payload(payload)).flatten() {
                Some(text) => self.write(text.as_bytes()),
                None => self.write(payload),
            },
        }
        self.line_feed();
    }

    /// The payload as one line of JSON; `None` if it is empty, or too large for that.
    fn decoded(&mut self, message: MessageRef<'_>) -> Option<String> {
        let payload = message.payload.bytes();
        if payload.is_empty() {
            return None;
        }
        let choice = self.reader.choice_of(message);
        let limits = DecodeLimits::default();
        // What is not what its topic says is printed as what its bytes are.
        line(payload, choice.as_ref(), &limits, &never).or_else(|_| line(payload, None, &limits, &never)).ok()
    }

    fn line_feed(&mut self) {
        if self.printing.line_feed {
            self.buffer.push(b'\n');
        }
    }

    /// Buffers small pieces; large ones are written without a copy.
    fn write(&mut self, bytes: &[u8]) {
        if bytes.len() < CHUNK_BYTES {
            self.buffer.extend_from_slice(bytes);
        } else {
            self.flush_buffer();
            self.write_out(|out| out.write_all(bytes));
        }
    }

    fn flush_buffer(&mut self) {
        let buffer = std::mem::take(&mut self.buffer);
        if !buffer.is_empty() {
            self.write_out(|out| out.write_all(&buffer));
        }
        self.buffer = buffer;
        self.buffer.clear();
    }

    fn write_out(&mut self, write: impl FnOnce(&mut W) -> io::Result<()>) {
        if self.end.is_none() {
            return;
        }
        match write(&mut self.out) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => self.finish(End::Closed),
            Err(error) => self.finish(End::Failed(error)),
        }
    }

    fn misfit(&mut self, misfit: &Misfit, topic: &[u8]) {
        // Keeps the order of messages even if both outputs go to a terminal.
        self.flush_buffer();
        let topic = String::from_utf8_lossy(topic).into_owned();
        Report { quiet: self.printing.quiet }.news(&match misfit {
            Misfit::NotJson => News::NotJson { topic },
            Misfit::NotANumber => News::NotANumber { topic },
        });
    }

    /// Whether to print the message. Ends at the first one that is not retained if only those are wanted.
    fn wants(&mut self, message: MessageRef<'_>) -> bool {
        if self.printing.retained_only && !message.flags.retain {
            self.flush();
            self.finish(End::Done);
            return false;
        }
        let out = &self.printing.filter_out;
        self.printing.percent.is_none_or(|percent| fastrand::f64() * 100.0 < percent)
            && !out.iter().any(|filter| filter::matches(filter.as_bytes(), message.topic))
    }

    /// Deletes a topic's retained message at the broker once it is written: after that it exists nowhere else.
    fn remove(&mut self, topic: &[u8]) {
        if let Ok(topic) = str::from_utf8(topic) {
            self.unwritten.push(topic.to_owned());
        } else {
            let topic = String::from_utf8_lossy(topic).into_owned();
            Report { quiet: self.printing.quiet }.news(&News::StaysRetained { topic });
        }
    }

    fn flush(&mut self) {
        self.flush_buffer();
        self.write_out(Write::flush);
        if self.end.is_some() {
            for topic in self.unwritten.drain(..) {
                // Waits while many are in flight. If the receiver is gone, the program is ending anyway.
                self.removals.send(topic).unwrap_or_default();
            }
        }
    }
}

impl<W: Write + Send + 'static> Sink for Printer<W> {
    fn message(&mut self, message: MessageRef<'_>, packet_id: u16) {
        if self.end.is_none() || !self.wants(message) {
            return;
        }
        let retained = message.flags.retain;
        if !(retained && self.printing.no_retained) {
            self.print(message, packet_id);
            self.printed += 1;
        }
        if retained && self.printing.remove_retained && !message.payload.bytes().is_empty() {
            self.remove(message.topic);
        }
        if self.printing.count == Some(self.printed) {
            self.flush();
            self.finish(End::Done);
        } else if self.buffer.len() >= CHUNK_BYTES || self.unwritten.len() >= UNWRITTEN_MAX {
            self.flush();
        }
    }

    fn idle(&mut self) {
        self.flush();
    }

    /// With a count, messages that are not printed are not acknowledged, so a kept session delivers them again next
    /// time.
    fn gate(&mut self) -> Option<Gate> {
        let Printing { filter_out, no_retained, retained_only, count, percent, .. } = &self.printing;
        if percent.is_some() {
            return None; // It is not known in advance which ones are printed.
        }
        let (filter_out, no_retained, retained_only) = (filter_out.clone(), *no_retained, *retained_only);
        let (count, mut printed, mut ended) = ((*count)?, 0, false);
        Some(Box::new(move |topic, flags| {
            ended |= printed == count || (retained_only && !flags.retain);
            let is_left_out = (flags.retain && no_retained)
                || filter_out.iter().any(|filter| filter::matches(filter.as_bytes(), topic));
            printed += u64::from(!ended && !is_left_out);
            !ended
        }))
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::{Receiver, bounded};

    use super::*;
    use crate::message::{Flags, Payload, Timestamp};

    /// An output that can break.
    struct Output {
        broken: bool,
    }

    impl Write for Output {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            if self.broken { Err(io::ErrorKind::StorageFull.into()) } else { Ok(bytes.len()) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn removing(broken: bool) -> (Printer<Output>, Receiver<End>, Receiver<String>) {
        let printing = Printing {
            layout: PrintLayout::Payload,
            pretty: false,
            decode: false,
            line_feed: true,
            filter_out: Vec::new(),
            no_retained: false,
            retained_only: false,
            remove_retained: true,
            count: None,
            percent: None,
            quiet: true,
            rules: Rules::default(),
        };
        let (end_sender, end) = bounded(1);
        let (removal_sender, removals) = bounded(UNWRITTEN_MAX);
        (Printer::new(printing, Output { broken }, end_sender, removal_sender), end, removals)
    }

    fn retained(printer: &mut Printer<Output>, payload: &[u8]) {
        let message = MessageRef {
            topic: b"a",
            payload: Payload::Small(payload),
            flags: Flags { retain: true, ..Flags::default() },
            properties: None,
            arrived: Timestamp(0),
        };
        printer.message(message, 0);
    }

    #[test]
    fn a_retained_message_is_deleted_only_once_it_is_written() {
        let (mut printer, _end, removals) = removing(false);
        retained(&mut printer, b"x");
        assert!(removals.is_empty(), "it is in the buffer");
        printer.idle();
        assert_eq!(removals.try_recv().as_deref(), Ok("a"));
        retained(&mut printer, &vec![b'x'; CHUNK_BYTES]);
        printer.idle();
        assert_eq!(removals.try_iter().count(), 1);
    }

    #[test]
    fn about_so_many_of_a_hundred_messages_are_printed_and_the_count_is_of_those() {
        fastrand::seed(7);
        let (mut printer, _end, _removals) = removing(false);
        (printer.printing.percent, printer.printing.remove_retained) = (Some(25.0), false);
        for _ in 0..10_000 {
            retained(&mut printer, b"x");
        }
        assert!((2_300..2_700).contains(&printer.printed), "{}", printer.printed);

        let (mut printer, end, _removals) = removing(false);
        let Printing { percent, count, remove_retained, .. } = &mut printer.printing;
        (*percent, *count, *remove_retained) = (Some(25.0), Some(3), false);
        let mut came = 0;
        while end.is_empty() {
            retained(&mut printer, b"x");
            came += 1;
        }
        assert!(came > 3 && printer.printed == 3, "{} of {came}", printer.printed);
    }

    #[test]
    fn what_could_not_be_written_stays_at_the_broker() {
        for payload in [&b"x"[..], &vec![b'x'; CHUNK_BYTES]] {
            let (mut printer, end, removals) = removing(true);
            retained(&mut printer, payload);
            printer.idle();
            assert!(matches!(end.try_recv(), Ok(End::Failed(_))));
            assert!(removals.is_empty());
        }
    }
}
