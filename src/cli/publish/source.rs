//! The source of payloads, read on a separate thread so that Ctrl-C works while standard input is idle.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::PathBuf;
use std::thread::Builder;

use bytes::Bytes;
use crossbeam_channel::{Receiver, Sender, bounded};

use crate::mqtt::limits::PACKET_BYTES_MAX;
use crate::words::cli::Trouble;

/// How many lines may wait to be published. They arrive faster than a broker accepts them.
const LINES_MAX: usize = 64;

/// A source of payloads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) enum PayloadSource {
    /// The text given with `-m`.
    Text(OsString),
    /// The file given with `-f`.
    File(PathBuf),
    /// The lines of standard input (`-l`).
    Lines,
    /// All of standard input (`-s`).
    Input,
    /// An empty payload (`-n`).
    Nothing,
}

/// A payload, or why there is none.
pub(in crate::cli) type SourcePayload = Result<Bytes, Trouble>;

impl PayloadSource {
    /// Starts reading. The channel closes at the end of the source.
    pub(in crate::cli) fn open(self) -> io::Result<Receiver<SourcePayload>> {
        let (sender, receiver) = bounded(LINES_MAX);
        Builder::new().name("payloads".to_owned()).spawn(move || {
            // The receiver is gone because the command has ended.
            self.read(&sender).unwrap_or_default();
        })?;
        Ok(receiver)
    }

    fn read(self, sender: &Sender<SourcePayload>) -> Result<(), crossbeam_channel::SendError<SourcePayload>> {
        match self {
            Self::Text(text) => sender.send(Ok(text.into_encoded_bytes().into())),
            Self::Nothing => sender.send(Ok(Bytes::new())),
            Self::File(path) => {
                let payload = File::open(&path).and_then(whole);
                sender.send(payload.map_err(|error| Trouble::File { file: path, error: error.into() }))
            }
            Self::Input => sender.send(match whole(io::stdin().lock()) {
                // Like mosquitto_pub: a broken pipe must not delete what the broker retains.
                Ok(bytes) if bytes.is_empty() => Err(Trouble::EmptyInput),
                Ok(bytes) => Ok(bytes),
                Err(error) => Err(Trouble::Input(error.into())),
            }),
            Self::Lines => lines(&mut BufReader::new(io::stdin().lock()), sender),
        }
    }
}

/// Reads everything, but at most one byte more than MQTT can carry; the message check then reports the error.
fn whole(reader: impl Read) -> io::Result<Bytes> {
    let mut bytes = Vec::new();
    reader.take(u64::from(PACKET_BYTES_MAX) + 1).read_to_end(&mut bytes)?;
    Ok(bytes.into())
}

/// Reads each line without its line feed; the last line may have none.
fn lines(
    reader: &mut impl BufRead,
    sender: &Sender<SourcePayload>,
) -> Result<(), crossbeam_channel::SendError<SourcePayload>> {
    loop {
        let mut line = Vec::new();
        match reader.take(u64::from(PACKET_BYTES_MAX) + 1).read_until(b'\n', &mut line) {
            Ok(0) => return Ok(()),
            Ok(_) => {
                if line.last() == Some(&b'\n') {
                    line.pop();
                }
                sender.send(Ok(line.into()))?;
            }
            Err(error) => return sender.send(Err(Trouble::Input(error.into()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_line_is_a_payload_whatever_its_bytes() {
        let (sender, receiver) = bounded(16);
        lines(&mut &b"a\n\n\xff\0b\r\nlast"[..], &sender).unwrap();
        drop(sender);
        let read: Vec<Bytes> = receiver.iter().map(Result::unwrap).collect();
        assert_eq!(read, [&b"a"[..], b"", b"\xff\0b\r", b"last"]);
    }

    #[test]
    fn a_missing_file_says_which() {
        let receiver = PayloadSource::File("/no/such/file".into()).open().unwrap();
        let failure = receiver.recv().unwrap().unwrap_err();
        assert!(
            matches!(&failure, Trouble::File { file, .. } if file == Path::new("/no/such/file")),
            "{failure:?}"
        );
        assert!(receiver.recv().is_err(), "and that is all");
    }
}
