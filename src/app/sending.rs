//! Messages that go out one after the other: where they come from.

use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use parking_lot::FairMutex;

use crate::command::{FileLines, Outgoing, RepeatOrder};
use crate::model::Model;
use crate::mqtt::filter;
use crate::mqtt::limits::PACKET_BYTES_MAX;
use crate::panels::scene::SendingRow;
use crate::query::{LineFault, ModelLookup, PreparedRecipe, RecipeError, SourceFault};
use crate::session::sending::{MessageSource, NextMessage, Sending};
use crate::session::{Publish, clock};
use crate::store::publish_history::{KeptPayload, Published};
use crate::template::Lookup;

/// The longest line: the largest packet as hexadecimal digits, with some room for the rest.
const LINE_BYTES_MAX: u64 = 2 * PACKET_BYTES_MAX as u64 + (1 << 20);

/// Something that a session sends.
#[derive(Debug)]
pub struct RunningSending {
    /// Its number, never used again.
    pub id: u64,
    /// The topic or the name of the file.
    pub what: String,
    /// The time from one message to the next.
    pub every: Duration,
    /// The sending itself.
    pub sending: Sending<SourceFault>,
}

impl RunningSending {
    /// Whether it may still send something.
    pub fn is_active(&self) -> bool {
        self.sending.state().phase.is_active()
    }

    /// What the panels read of it.
    pub fn row(&self) -> SendingRow {
        SendingRow { id: self.id, what: self.what.clone(), every: self.every, state: self.sending.state() }
    }
}

/// Looks variables up in a copy, and values in the model, whose lock it takes for a moment.
struct SharedLookup {
    variables: Vec<(String, String)>,
    model: Arc<FairMutex<Model>>,
}

impl Lookup for SharedLookup {
    fn variable(&self, name: &str) -> Option<Cow<'_, str>> {
        self.variables.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str().into())
    }

    fn value(&self, topic: &str, path: &str) -> Option<String> {
        let model = self.model.lock();
        ModelLookup { variables: &[], model: &model }.value(topic, path)
    }
}

/// The messages of a repetition, each filled anew.
pub fn repetition(
    order: RepeatOrder,
    variables: Vec<(String, String)>,
    model: Arc<FairMutex<Model>>,
) -> Result<MessageSource<SourceFault>, RecipeError> {
    let RepeatOrder { recipe, first, .. } = order;
    let recipe: PreparedRecipe = recipe.prepare()?;
    let lookup = SharedLookup { variables, model };
    Ok(Box::new(move |number| match recipe.message(clock::now(), number, &lookup) {
        Ok((topic, payload)) => {
            let message = Outgoing { topic, payload, ..first.clone() };
            NextMessage::Publish(publish(message), None)
        }
        Err(error) => NextMessage::Broken(SourceFault::Recipe(error)),
    }))
}

/// A message as a session takes it.
pub fn publish(message: Outgoing) -> Publish {
    let Outgoing { topic, payload, qos, retain, properties } = message;
    Publish { topic, payload, qos, retain, properties, topic_alias: None }
}

/// The messages of a file, one a line.
pub fn file(path: &Path, lines: FileLines) -> Result<MessageSource<SourceFault>, std::io::Error> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    // A pipe or a device would never end.
    if !metadata.is_file() {
        return Err(std::io::ErrorKind::NotFound.into());
    }
    let (bytes, mut read) = (metadata.len().max(1), 0_u64);
    let mut reader = BufReader::new(file);
    let mut number = 0;
    Ok(Box::new(move |_| {
        loop {
            number += 1;
            let mut line = Vec::new();
            match reader.by_ref().take(LINE_BYTES_MAX + 1).read_until(b'\n', &mut line) {
                Ok(0) => return NextMessage::End,
                Ok(count) if count as u64 > LINE_BYTES_MAX => {
                    return NextMessage::Broken(SourceFault::Line(number, LineFault::TooLong));
                }
                Ok(count) => read += count as u64,
                Err(error) => return NextMessage::Broken(SourceFault::Unreadable(error.to_string())),
            }
            if line.last() == Some(&b'\n') {
                line.pop();
            }
            let message = match &lines {
                FileLines::Payloads(like) => Ok(Outgoing { payload: line.into(), ..(**like).clone() }),
                FileLines::Messages if line.trim_ascii().is_empty() => continue,
                FileLines::Messages => message_of(&line),
            };
            let part = read as f32 / bytes as f32;
            return match message.and_then(checked) {
                Ok(message) => NextMessage::Publish(publish(message), Some(part)),
                Err(fault) => NextMessage::Broken(SourceFault::Line(number, fault)),
            };
        }
    }))
}

fn message_of(line: &[u8]) -> Result<Outgoing, LineFault> {
    let message: Published =
        serde_json::from_slice(line).map_err(|error| LineFault::NotAMessage(error.to_string()))?;
    let Published { at: _, topic, payload, qos, retain, properties } = message;
    let KeptPayload::Whole(payload) = payload else { return Err(LineFault::NoPayload) };
    Ok(Outgoing { topic, payload: payload.into(), qos, retain, properties })
}

fn checked(message: Outgoing) -> Result<Outgoing, LineFault> {
    filter::check_topic(&message.topic).map_err(LineFault::Topic)?;
    if message.clears_retained() { Err(LineFault::ClearsRetained) } else { Ok(message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn next(source: &mut MessageSource<SourceFault>) -> Result<Option<(String, Vec<u8>)>, SourceFault> {
        match source(1) {
            NextMessage::Publish(publish, _) => Ok(Some((publish.topic, publish.payload.to_vec()))),
            NextMessage::End => Ok(None),
            NextMessage::Broken(fault) => Err(fault),
        }
    }

    fn of(content: &[u8], lines: FileLines) -> MessageSource<SourceFault> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, content).unwrap();
        file(&path, lines).unwrap()
    }

    #[test]
    fn each_line_is_a_payload_and_the_last_may_have_no_end() {
        let like = Outgoing { topic: "a".to_owned(), ..Outgoing::default() };
        let mut source = of(b"1\n\nlast", FileLines::Payloads(Box::new(like)));
        for payload in ["1", "", "last"] {
            assert_eq!(next(&mut source), Ok(Some(("a".to_owned(), payload.into()))));
        }
        assert_eq!(next(&mut source), Ok(None));
    }

    #[test]
    fn a_wrong_line_is_told_by_its_number_and_nothing_after_it_is_lost() {
        let lines =
            b"{\"topic\": \"a\", \"text\": \"1\"}\n\nnonsense\n{\"topic\": \"a/#\", \"text\": \"1\"}\n";
        let mut source = of(lines, FileLines::Messages);
        assert_eq!(next(&mut source), Ok(Some(("a".to_owned(), b"1".to_vec()))));
        assert!(matches!(next(&mut source), Err(SourceFault::Line(3, LineFault::NotAMessage(_)))));
        assert!(matches!(next(&mut source), Err(SourceFault::Line(4, LineFault::Topic(_)))));
    }

    #[test]
    fn a_folder_is_no_file_of_messages() {
        let folder = tempfile::tempdir().unwrap();
        assert!(file(folder.path(), FileLines::Messages).is_err());
    }
}
