//! MCAP: a channel for each topic, with the indexes that its readers want.
//!
//! A channel has a number of 16 bits, so that more than 65,000 topics become several files, each with a part of the tree. MCAP keeps
//! times and bytes alone: QoS, retain and properties stand on the channel [`META`], by the number of the message.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use data_encoding::BASE64;
use mcap::records::MessageHeader;
use mcap::{McapError, WriteOptions, Writer};
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use crate::VERSION;
use crate::interchange::staged::Staged;
use crate::interchange::{Excerpt, ExportFailure, Exported, OpenOrigin, Tally, json_lines};
use crate::message::{Flags, MessageRef, QoS, Timestamp};
use crate::payload::{DecodeLimits, json, never};
use crate::recording::Found;

/// Topics of one file. The format has room for 65,535 channels, and some are ours.
pub const TOPICS_MAX: usize = 65_000;
/// Where QoS, retain, DUP and properties of messages stand that have any.
pub(super) const META: &str = "/mqttree/meta";

/// How many files so many topics need.
pub const fn files_for(topics: usize) -> usize {
    if topics == 0 { 1 } else { topics.div_ceil(TOPICS_MAX) }
}

/// Writes the messages into a file, or into several beside each other.
pub(super) fn write(
    origin: &OpenOrigin,
    excerpt: &Excerpt,
    path: &Path,
    tally: &Tally,
) -> Result<Exported, ExportFailure> {
    // Sorted, so that what belongs together comes into one file.
    let names: Vec<Vec<u8>> = origin.topics(excerpt).into_iter().collect();
    let files = files_for(names.len());
    let firsts: Vec<&[u8]> = names.iter().step_by(TOPICS_MAX).map(Vec::as_slice).collect();
    let paths: Vec<PathBuf> = (0..files).map(|index| part(path, index, files)).collect();
    let mut writers = paths.iter().map(|path| Part::create(path)).collect::<Result<Vec<_>, _>>()?;
    let mut messages = 0;
    let ended = origin.walk(excerpt, |found| {
        let Found::Message(message) = found else { return ControlFlow::Continue(()) };
        let index = firsts.partition_point(|first| *first <= message.topic).saturating_sub(1);
        let written = writers.get_mut(index).map_or(Ok(()), |part| part.message(message));
        messages += 1;
        match written {
            Ok(()) if tally.count() => ControlFlow::Continue(()),
            Ok(()) => ControlFlow::Break(ExportFailure::Cancelled),
            Err(failure) => ControlFlow::Break(failure),
        }
    });
    let walked = match ended {
        ControlFlow::Continue(walked) => walked,
        ControlFlow::Break(failure) => return Err(failure),
    };
    writers.into_iter().try_for_each(Part::finish)?;
    Ok(Exported { messages, files, walked })
}

/// `monday.mcap`, or of several `monday-1.mcap`, `monday-2.mcap`, …
fn part(path: &Path, index: usize, files: usize) -> PathBuf {
    if files == 1 {
        return path.to_owned();
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map(|ending| format!(".{}", ending.to_string_lossy())).unwrap_or_default();
    path.with_file_name(format!("{stem}-{}{ending}", index + 1))
}

/// One file.
struct Part {
    path: PathBuf,
    staged: Staged,
    writer: Writer<BufWriter<File>>,
    channels: FxHashMap<Vec<u8>, u16>,
    meta: Option<u16>,
    object_schema: Option<u16>,
    sequence: u32,
}

impl Part {
    fn create(path: &Path) -> Result<Self, ExportFailure> {
        let (staged, out) =
            Staged::create(path).map_err(|error| ExportFailure::System { file: path.to_owned(), error })?;
        let options = WriteOptions::new().compression(None).profile("").library(format!("mqttree {VERSION}"));
        let writer = options.create(out).map_err(|error| trouble(path, error))?;
        Ok(Self {
            path: path.to_owned(),
            staged,
            writer,
            channels: FxHashMap::default(),
            meta: None,
            object_schema: None,
            sequence: 0,
        })
    }

    fn message(&mut self, message: MessageRef<'_>) -> Result<(), ExportFailure> {
        let written = self.put(message);
        written.map_err(|error| trouble(&self.path, error))
    }

    fn put(&mut self, message: MessageRef<'_>) -> Result<(), McapError> {
        let payload = message.payload.bytes();
        let channel_id = match self.channels.get(message.topic) {
            Some(channel) => *channel,
            None => self.add_channel(message)?,
        };
        self.sequence = self.sequence.wrapping_add(1);
        let sequence = self.sequence;
        let time = nanoseconds(message.arrived);
        let header = |channel_id| MessageHeader { channel_id, sequence, log_time: time, publish_time: time };
        self.writer.write_to_known_channel(&header(channel_id), payload)?;
        if message.flags != Flags::default() || message.properties.is_some() {
            let meta = self.meta_channel()?;
            self.writer.write_to_known_channel(&header(meta), meta_of(sequence, message).as_bytes())?;
        }
        Ok(())
    }

    /// The first payload decides what the channel says it holds.
    fn add_channel(&mut self, message: MessageRef<'_>) -> Result<u16, McapError> {
        let payload = message.payload.bytes();
        let name = String::from_utf8_lossy(message.topic);
        let mut metadata = BTreeMap::new();
        if str::from_utf8(message.topic).is_err() {
            metadata.insert("topic_base64".to_owned(), BASE64.encode(message.topic));
        }
        let content_type = message.properties.and_then(|properties| properties.content_type.clone());
        let is_object = payload.trim_ascii_start().starts_with(b"{")
            && json::validate(payload, &DecodeLimits::default(), &never).is_ok();
        let (schema, encoding) = if is_object {
            (self.object_schema()?, "json".to_owned())
        } else {
            let plain =
                if str::from_utf8(payload).is_ok() { "text/plain" } else { "application/octet-stream" };
            (0, content_type.unwrap_or_else(|| plain.to_owned()))
        };
        let channel = self.writer.add_channel(schema, &name, &encoding, &metadata)?;
        self.channels.insert(message.topic.to_vec(), channel);
        Ok(channel)
    }

    /// PlotJuggler takes no channel without one.
    fn object_schema(&mut self) -> Result<u16, McapError> {
        if let Some(schema) = self.object_schema {
            return Ok(schema);
        }
        let schema = self.writer.add_schema("mqttree.Object", "jsonschema", br#"{"type":"object"}"#)?;
        self.object_schema = Some(schema);
        Ok(schema)
    }

    fn meta_channel(&mut self) -> Result<u16, McapError> {
        if let Some(meta) = self.meta {
            return Ok(meta);
        }
        let schema = self.object_schema()?;
        let meta = self.writer.add_channel(schema, META, "json", &BTreeMap::new())?;
        self.meta = Some(meta);
        Ok(meta)
    }

    fn finish(mut self) -> Result<(), ExportFailure> {
        self.writer.finish().map_err(|error| trouble(&self.path, error))?;
        let Self { path, staged, writer, .. } = self;
        staged.finish(writer.into_inner()).map_err(|error| ExportFailure::System { file: path, error })
    }
}

/// What a message has besides its payload.
fn meta_of(sequence: u32, message: MessageRef<'_>) -> String {
    let Flags { qos, retain, dup } = message.flags;
    let mut object = Map::from_iter([("sequence".to_owned(), Value::from(sequence))]);
    object.insert("topic".to_owned(), String::from_utf8_lossy(message.topic).into());
    if qos != QoS::AtMostOnce {
        object.insert("qos".to_owned(), u8::from(qos).into());
    }
    for (name, flag) in [("retain", retain), ("dup", dup)] {
        if flag {
            object.insert(name.to_owned(), true.into());
        }
    }
    if let Some(properties) = message.properties {
        object.insert("properties".to_owned(), json_lines::properties(properties));
    }
    Value::Object(object).to_string()
}

/// Times before 1970 have no place in MCAP.
fn nanoseconds(at: Timestamp) -> u64 {
    u64::try_from(at.0).unwrap_or_default().saturating_mul(1_000)
}

fn trouble(path: &Path, error: McapError) -> ExportFailure {
    let file = path.to_owned();
    match error {
        McapError::Io(error) => ExportFailure::System { file, error },
        other => ExportFailure::Mcap { file, text: other.to_string() },
    }
}
