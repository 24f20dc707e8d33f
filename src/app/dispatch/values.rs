//! Writes the newest values of a session, or of a part of its tree, to a file, as the decoders read them.

use std::ffi::OsStr;
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;

use crate::app::App;
use crate::command::Notice;
use crate::message::{Flags, Timestamp};
use crate::model::{Model, NodeId};
use crate::panels::csv::{quoted, text_cell};
use crate::panels::path_dialog::PathPurpose;
use crate::payload::decode::Choice;
use crate::query::{Readings, Rules, value_line};
use crate::store::atomic::{self, Access};
use crate::ui::job::{Cancel, Job};
use crate::ui::language;
use crate::words::{format, topics as words, transfer};

/// How many topics are read while the model is locked.
const PORTION: u32 = 512;

impl App {
    /// Asks for a file and writes the newest values at and below a level into it, or all if there is none.
    pub(super) fn export_values(&mut self, below: Option<NodeId>) {
        let Some(tab) = self.active_tab() else { return };
        let (model, rules) = (Arc::clone(tab.session.model()), tab.rules.clone());
        let language = language(&self.ctx);
        let answer = self.paths.ask(words::EXPORT_VALUES.of(language), PathPurpose::Save, "values.jsonl");
        self.jobs.push(Job::spawn("export values", &self.ctx, move |cancel| {
            let path = answer()?;
            let below = below.map(|node| model.lock().topic_bytes(node));
            let mut rows = Rows { below, rules, readings: Readings::default(), next: 0 };
            let mut written = 0;
            let done = atomic::write_with(&path, Access::Default, |file| {
                written = write(file, Form::of(&path), cancel, || rows.next(&model.lock()))?;
                Ok(())
            });
            if cancel.is_cancelled() {
                return None;
            }
            Some(match done {
                Ok(()) => Notice::info(words::values_exported(written, &path, language)),
                Err(error) => Notice::error(transfer::not_written(&error, language)),
            })
        }));
    }
}

/// How the file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    /// A JSON object a line.
    JsonLines,
    /// A table with a row of headings.
    Csv,
}

impl Form {
    /// What the ending of a file says.
    fn of(path: &Path) -> Self {
        let is_csv =
            path.extension().and_then(OsStr::to_str).is_some_and(|it| it.eq_ignore_ascii_case("csv"));
        if is_csv { Self::Csv } else { Self::JsonLines }
    }
}

/// The newest message of a topic.
struct Row {
    topic: String,
    arrived: Timestamp,
    flags: Flags,
    bytes: u64,
    payload: Bytes,
    choice: Option<Choice>,
    /// Only the beginning of the payload is held.
    is_cut: bool,
}

/// Reads the topics of a model in portions.
struct Rows {
    below: Option<Vec<u8>>,
    rules: Rules,
    readings: Readings,
    next: u32,
}

impl Rows {
    fn next(&mut self, model: &Model) -> Option<Vec<Row>> {
        let nodes = model.topic_nodes(self.next, PORTION)?;
        self.next = self.next.saturating_add(PORTION);
        let mut rows = Vec::new();
        for node in nodes.into_iter().flatten() {
            let topic = model.topic_bytes(node);
            let Some(newest) = model.node(node).and_then(|node| node.topic).map(|topic| topic.newest) else {
                continue;
            };
            if self.below.as_ref().is_some_and(|level| !is_at_or_below(&topic, level)) {
                continue;
            }
            rows.push(Row {
                topic: String::from_utf8_lossy(&topic).into_owned(),
                arrived: newest.arrived(),
                flags: newest.flags(),
                bytes: newest.payload_bytes(),
                choice: self.readings.choice_of(model, &self.rules, &newest),
                payload: newest.payload_shared(),
                is_cut: newest.is_payload_dropped(),
            });
        }
        Some(rows)
    }
}

fn is_at_or_below(topic: &[u8], level: &[u8]) -> bool {
    topic.strip_prefix(level).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}

/// Writes all portions. Returns how many topics there were.
fn write(
    file: &mut dyn Write,
    form: Form,
    cancel: &Cancel,
    mut portion: impl FnMut() -> Option<Vec<Row>>,
) -> io::Result<u64> {
    let mut out = BufWriter::new(file);
    if form == Form::Csv {
        out.write_all(b"topic,time,qos,retained,bytes,value\r\n")?;
    }
    let mut written = 0;
    while let Some(rows) = portion() {
        for row in rows {
            if cancel.is_cancelled() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            row.write(&mut out, form)?;
            written += 1;
        }
    }
    out.flush()?;
    Ok(written)
}

impl Row {
    fn write(&self, out: &mut impl Write, form: Form) -> io::Result<()> {
        let Self { topic, arrived, flags: Flags { qos, retain, .. }, bytes, .. } = self;
        let (time, qos) = (format::date_time(*arrived), u8::from(*qos));
        // A value of which only the beginning is left would be another one.
        let value =
            if self.is_cut { b"null".to_vec() } else { value_line(&self.payload, self.choice.as_ref()) };
        match form {
            Form::JsonLines => {
                let topic = serde_json::Value::from(topic.as_str());
                write!(
                    out,
                    r#"{{"topic":{topic},"time":{time:?},"qos":{qos},"retained":{retain},"bytes":{bytes},"value":"#
                )?;
                out.write_all(&value)?;
                out.write_all(b"}\n")
            }
            Form::Csv => {
                let value = if self.is_cut { "".into() } else { String::from_utf8_lossy(&value) };
                let (topic, time, value) = (text_cell(topic), quoted(&time), cell(&value));
                write!(out, "{topic},{time},{qos},{retain},{bytes},{value}\r\n")
            }
        }
    }
}

/// A value as a cell: a number as it is, a text without JSON's quotes, all else as JSON.
fn cell(value: &str) -> String {
    match serde_json::from_str(value) {
        Ok(serde_json::Value::String(text)) => text_cell(&text).into_owned(),
        Ok(serde_json::Value::Number(_)) => quoted(value).into_owned(),
        _ => text_cell(value).into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{MessageRef, Payload};
    use crate::model::Limits;
    use crate::query::Rule;

    fn written(form: Form, below: Option<&str>) -> String {
        let mut model = Model::new(Limits::default());
        let messages: [(&str, &[u8]); 5] = [
            ("plant/a", b"\xA1\x61t\x18\x2A"), // CBOR
            ("plant/a/raw", &[0x66, 0x08]),
            ("plant/ab", b"=1+1"),
            ("plant/b", b"21.50"),
            ("plant/b", b"21.75"),
        ];
        for (topic, payload) in messages {
            let (topic, payload) = (topic.as_bytes(), Payload::Small(payload));
            let flags = Flags::default();
            model
                .apply(MessageRef { topic, payload, flags, properties: None, arrived: Timestamp(0) })
                .unwrap();
        }
        while model.roll_up(Timestamp(0)) {}
        let rules = Rules::new([Rule::new("plant/a/raw", "struct:u16le temp/100")]);
        let below = below.map(|level| level.as_bytes().to_vec());
        let mut rows = Rows { below, rules, readings: Readings::default(), next: 0 };
        let mut out = Vec::new();
        write(&mut out, form, &Cancel::default(), || rows.next(&model)).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_newest_values_stand_with_their_topics_as_they_are_decoded() {
        let text = written(Form::JsonLines, None);
        let values: Vec<serde_json::Value> =
            text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let seen: Vec<_> =
            values.iter().map(|line| (line["topic"].as_str().unwrap(), &line["value"])).collect();
        let expected = [
            ("plant/a", serde_json::json!({"t": 42})),
            ("plant/a/raw", serde_json::json!({"temp": 21.5})),
            ("plant/ab", serde_json::json!("=1+1")),
            ("plant/b", serde_json::json!(21.75)),
        ];
        assert_eq!(seen, expected.each_ref().map(|(topic, value)| (*topic, value)));
        assert_eq!(values[0]["bytes"], 5);
    }

    #[test]
    fn a_level_brings_what_is_at_and_below_it_alone() {
        let text = written(Form::Csv, Some("plant/a"));
        let topics: Vec<_> = text.lines().map(|line| line.split(',').next().unwrap()).collect();
        assert_eq!(topics, ["topic", "plant/a", "plant/a/raw"]);
    }

    #[test]
    fn a_table_holds_numbers_texts_and_no_formula() {
        let text = written(Form::Csv, None);
        let values: Vec<_> = text.lines().map(|line| line.splitn(6, ',').nth(5).unwrap()).collect();
        assert_eq!(values, ["value", r#""{""t"":42}""#, r#""{""temp"":21.5}""#, "'=1+1", "21.75"]);
    }
}
