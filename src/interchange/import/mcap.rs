//! Reads MCAP: a message of a channel is one of the topic that the channel is called after. What this program writes has
//! QoS, retain and properties on a channel beside, right behind the message that they belong to.

use std::fs::File;
use std::io::{self, Read as _};
use std::sync::Arc;

use bytes::Bytes;
use data_encoding::BASE64;
use mcap::McapError;
use mcap::records::Record;
use mcap::sans_io::linear_reader::{LinearReadEvent, LinearReader, LinearReaderOptions};
use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value;

use crate::interchange::import::json_lines::{held, properties_of};
use crate::interchange::import::{FilePlace, ImportProblem, Intake};
use crate::interchange::mcap::META;
use crate::message::{Flags, MessageRef, PublishProperties, QoS, Timestamp};
use crate::mqtt::limits::PACKET_BYTES_MAX;

/// The largest record that is read: the largest packet, with room for the rest.
const RECORD_BYTES_MAX: usize = PACKET_BYTES_MAX as usize + (1 << 20);
/// The longest topic of MQTT.
const TOPIC_BYTES_MAX: usize = 65_535;

/// What a channel is called.
enum Named {
    Topic(Arc<[u8]>),
    Meta,
}

/// A message that may get its flags from the next one.
struct Waiting {
    topic: Arc<[u8]>,
    payload: Bytes,
    arrived: Timestamp,
    sequence: u32,
    flags: Flags,
    properties: Option<Arc<PublishProperties>>,
}

/// What stands on the channel beside.
#[derive(Deserialize)]
struct Meta {
    sequence: u32,
    #[serde(default)]
    qos: u8,
    #[serde(default)]
    retain: bool,
    #[serde(default)]
    dup: bool,
    properties: Option<Value>,
}

#[derive(Default)]
struct McapReader {
    channels: FxHashMap<u16, Named>,
    waiting: Option<Waiting>,
}

/// Reads all records, from the first on. The first that cannot be read ends it: where the next one begins is unknown.
pub(super) fn read(mut file: File, intake: &mut Intake) -> io::Result<()> {
    let options = LinearReaderOptions::default().with_record_length_limit(RECORD_BYTES_MAX);
    let (mut records, mut reader, mut offset) =
        (LinearReader::new_with_options(options), McapReader::default(), 0_u64);
    loop {
        match records.next_event() {
            None => break,
            Some(Ok(LinearReadEvent::ReadRequest(wanted))) => {
                let read = file.read(records.insert(wanted))?;
                records.notify_read(read);
                offset += read as u64;
                intake.tally.reach(offset);
                if intake.tally.is_cancelled() {
                    return Ok(());
                }
            }
            Some(Ok(LinearReadEvent::Record { opcode, data })) => match mcap::parse_record(opcode, data) {
                Ok(record) => {
                    if !reader.take(record, offset, intake) {
                        return Ok(());
                    }
                }
                Err(error) => intake.fault(FilePlace::Offset(offset), problem(error)),
            },
            Some(Err(error)) => {
                intake.fault(FilePlace::Offset(offset), problem(error));
                break;
            }
        }
    }
    reader.pass_on(intake);
    Ok(())
}

impl McapReader {
    /// Takes a record. Returns whether to go on.
    fn take(&mut self, record: Record<'_>, offset: u64, intake: &mut Intake) -> bool {
        match record {
            Record::Channel(channel) => {
                let named = if channel.topic == META {
                    Named::Meta
                } else {
                    let raw = channel.metadata.get("topic_base64");
                    let raw = raw.and_then(|text| BASE64.decode(text.as_bytes()).ok());
                    Named::Topic(raw.unwrap_or_else(|| channel.topic.into_bytes()).into())
                };
                self.channels.insert(channel.id, named);
            }
            Record::Message { header, data } => match self.channels.get(&header.channel_id) {
                Some(Named::Meta) => self.add_meta(header.sequence, &data),
                Some(Named::Topic(topic)) if topic.len() > TOPIC_BYTES_MAX => {
                    intake.fault(FilePlace::Offset(offset), ImportProblem::TopicTooLong);
                }
                Some(Named::Topic(topic)) => {
                    let next = Waiting {
                        topic: Arc::clone(topic),
                        payload: Bytes::from(data.into_owned()),
                        arrived: Timestamp(i64::try_from(header.log_time / 1_000).unwrap_or(i64::MAX)),
                        sequence: header.sequence,
                        flags: Flags::default(),
                        properties: None,
                    };
                    let goes_on = self.pass_on(intake);
                    self.waiting = Some(next);
                    return goes_on;
                }
                None => intake.fault(FilePlace::Offset(offset), ImportProblem::NoChannel),
            },
            _ => {}
        }
        true
    }

    fn add_meta(&mut self, sequence: u32, data: &[u8]) {
        let Some(waiting) = self.waiting.as_mut().filter(|waiting| waiting.sequence == sequence) else {
            return;
        };
        let Ok(meta) = serde_json::from_slice::<Meta>(data) else { return };
        if meta.sequence == sequence {
            let qos = QoS::try_from(meta.qos).unwrap_or_default();
            waiting.flags = Flags { qos, retain: meta.retain, dup: meta.dup };
            waiting.properties = meta.properties.and_then(properties_of).map(Arc::new);
        }
    }

    /// Hands over the message that waits. Returns whether to go on.
    fn pass_on(&mut self, intake: &mut Intake) -> bool {
        let Some(Waiting { topic, payload, arrived, flags, properties, .. }) = self.waiting.take() else {
            return true;
        };
        intake.message(MessageRef {
            topic: &topic,
            payload: held(&payload),
            flags,
            properties: properties.as_ref(),
            arrived,
        })
    }
}

fn problem(error: McapError) -> ImportProblem {
    match error {
        McapError::UnsupportedCompression(name) => ImportProblem::Compressed(name),
        McapError::UnexpectedEof | McapError::UnexpectedEoc => ImportProblem::Cut,
        other => ImportProblem::Record(other.to_string()),
    }
}
