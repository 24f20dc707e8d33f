//! The history as a table of fields: which columns it has, which messages it lists, in which order, and as a file.
//!
//! Filtering and sorting look at a snapshot of the newest messages, in a job, at most once a second.

use std::cmp::Ordering;
use std::fmt::Write as _;

use bytes::Bytes;
use eframe::egui::Context;
use rustc_hash::FxHashMap;

use crate::message::{Flags, Timestamp};
use crate::model::{MessageId, NodeId, TopicInfo};
use crate::panels::csv::{quoted, text_cell};
use crate::panels::scene::Scene;
use crate::payload::decode::Choice;
use crate::payload::find::Needle;
use crate::payload::hex;
use crate::payload::query::JsonPath;
use crate::query::{Condition, ConditionError, FieldValue, Readings, value_line};
use crate::ui::job::{Job, JobProgress};
use crate::words::format;

/// The most messages that are looked at, from the newest on.
pub const LISTED_MAX: usize = 10_000;
/// The shortest time between two looks at new messages.
const LIST_SECONDS: f64 = 1.0;
/// The most columns of one topic.
const COLUMNS_MAX: usize = 12;
/// Fields that are remembered; beyond it the memory starts anew.
const FIELDS_MAX: usize = 4_000;
/// Of a larger payload no field is shown: drawing would wait for it.
const FIELD_BYTES_MAX: usize = 1 << 20;

/// How the history is written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryExport {
    /// Comma-separated values, payloads as they were sent.
    Csv,
    /// Comma-separated values, payloads decoded.
    DecodedCsv,
    /// A line of JSON for each message, its payload decoded.
    JsonLines,
}

impl HistoryExport {
    /// In the order of the menu.
    pub const ALL: [Self; 3] = [Self::Csv, Self::DecodedCsv, Self::JsonLines];

    /// Whether it is JSON.
    pub fn writes_json(self) -> bool {
        self == Self::JsonLines
    }

    /// Whether payloads are decoded.
    pub fn decodes(self) -> bool {
        self != Self::Csv
    }

    fn file_name(self) -> &'static str {
        if self.writes_json() { "history.jsonl" } else { "history.csv" }
    }
}

/// What the messages are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// When they arrived.
    Time,
    /// The column with this index.
    Column(usize),
}

/// Which messages are listed.
#[derive(Clone, Debug)]
enum Wanted {
    Condition(Condition),
    Text(Needle),
}

/// A message as a job looks at it.
#[derive(Debug)]
struct Snapshot {
    id: MessageId,
    arrived: Timestamp,
    flags: Flags,
    bytes: u64,
    payload: Bytes,
    choice: Option<Choice>,
}

/// The messages that are listed.
#[derive(Debug, Default)]
pub struct Listed {
    /// In the order of the rows.
    pub messages: Vec<MessageId>,
    /// How many were looked at.
    pub looked_at: usize,
}

/// What the table of fields keeps between frames.
#[derive(Debug, Default)]
pub struct FieldTable {
    /// The columns of each topic.
    columns: FxHashMap<NodeId, Vec<JsonPath>>,
    /// The text of the filter; `None` while its field is closed.
    pub filter: Option<String>,
    /// The filter's field was opened and takes the keyboard.
    pub takes_focus: bool,
    /// What is sorted by, and whether the largest comes first.
    sort: Option<(SortKey, bool)>,
    fields: FxHashMap<MessageId, Vec<Option<FieldValue>>>,
    listed: Option<Listed>,
    job: Option<Job<Listed>>,
    /// The newest message that was looked at, and when.
    looked_at: Option<(i64, f64)>,
    exporting: Option<(HistoryExport, Job<Bytes>)>,
}

impl FieldTable {
    /// What stays when another topic is selected.
    pub fn of_next_topic(self) -> Self {
        Self { columns: self.columns, ..Self::default() }
    }

    /// The columns of a topic.
    pub fn columns(&self, node: NodeId) -> &[JsonPath] {
        self.columns.get(&node).map_or(&[], Vec::as_slice)
    }

    /// Adds a column, or removes it. False if there are as many as there may be.
    pub fn toggle_column(&mut self, node: NodeId, path: JsonPath) -> bool {
        let columns = self.columns.entry(node).or_default();
        if let Some(at) = columns.iter().position(|known| *known == path) {
            columns.remove(at);
        } else if columns.len() >= COLUMNS_MAX {
            return false;
        } else {
            columns.push(path);
        }
        self.sort = None;
        self.changed();
        true
    }

    /// What is sorted by, and whether the largest comes first.
    pub fn sort(&self) -> Option<(SortKey, bool)> {
        self.sort
    }

    /// Sorts by a column: the largest first, then the smallest, then by arrival again.
    pub fn sort_by(&mut self, key: SortKey) {
        self.sort = match (self.sort, key) {
            (Some((sorted, true)), _) if sorted == key => Some((key, false)),
            // By time, the newest stand first anyway.
            (_, SortKey::Time) if self.sort.is_none() => Some((key, false)),
            (Some((sorted, false)), _) if sorted == key => None,
            _ => Some((key, true)),
        };
        self.changed();
    }

    /// Looks at the messages again, because something else is wanted of them.
    pub fn changed(&mut self) {
        self.fields.clear();
        self.looked_at = None;
    }

    /// Why the filter's text is no condition.
    pub fn filter_error(&self) -> Option<ConditionError> {
        let text = self.filter.as_deref().filter(|text| Condition::is_meant(text))?;
        text.parse::<Condition>().err()
    }

    fn wanted(&self) -> Option<Wanted> {
        let text = self.filter.as_deref().filter(|text| !text.is_empty())?;
        if Condition::is_meant(text) {
            return text.parse().ok().map(Wanted::Condition);
        }
        Needle::bytes(text).map(Wanted::Text)
    }

    /// The listed messages; `None` if all are shown by arrival.
    pub fn listed(&self) -> Option<&Listed> {
        self.listed.as_ref()
    }

    /// Lists the messages anew where something has changed, and collects what a job has listed.
    pub fn prepare(
        &mut self,
        ctx: &Context,
        scene: &Scene<'_>,
        topic: TopicInfo<'_>,
        readings: &mut Readings,
    ) {
        if let Some(job) = &self.job {
            match job.poll() {
                JobProgress::Running => return,
                JobProgress::Done(listed) => self.listed = Some(listed),
                JobProgress::Failed => self.listed = None,
            }
            self.job = None;
        }
        let (wanted, sort) = (self.wanted(), self.sort);
        if wanted.is_none() && sort.is_none() {
            self.listed = None;
            return;
        }
        let (newest, now) = (topic.newest.number(), ctx.input(|input| input.time));
        if let Some((number, at)) = self.looked_at {
            if number == newest {
                return;
            }
            if now - at < LIST_SECONDS {
                ctx.request_repaint_after_secs((at + LIST_SECONDS - now) as f32);
                return;
            }
        }
        self.looked_at = Some((newest, now));
        let messages = snapshot(scene, topic, readings);
        let columns = self.columns(topic.newest.id().node()).to_vec();
        self.job = Some(Job::spawn("list history", ctx, move |_| {
            let looked_at = messages.len();
            let listed = list(messages, wanted.as_ref(), sort, &columns);
            Listed { messages: listed.iter().map(|message| message.id).collect(), looked_at }
        }));
    }

    /// The fields of a message for the columns of its topic.
    pub fn fields(
        &mut self,
        id: MessageId,
        payload: &[u8],
        choice: Option<&Choice>,
    ) -> &[Option<FieldValue>] {
        if self.fields.len() >= FIELDS_MAX {
            self.fields.clear();
        }
        let columns = self.columns.get(&id.node()).map_or(&[][..], Vec::as_slice);
        self.fields.entry(id).or_insert_with(|| {
            let payload = if payload.len() > FIELD_BYTES_MAX { &[] } else { payload };
            FieldValue::all_of(payload, columns, choice)
        })
    }

    /// Starts writing what is listed.
    pub fn export(
        &mut self,
        ctx: &Context,
        scene: &Scene<'_>,
        topic: TopicInfo<'_>,
        export: HistoryExport,
        readings: &mut Readings,
    ) {
        let (wanted, sort) = (self.wanted(), self.sort);
        let columns = self.columns(topic.newest.id().node()).to_vec();
        let messages = snapshot(scene, topic, readings);
        let job = Job::spawn("export history", ctx, move |_| {
            let listed = list(messages, wanted.as_ref(), sort, &columns);
            let text = if export.writes_json() {
                json_lines(&listed)
            } else {
                csv(&listed, &columns, export.decodes())
            };
            text.into()
        });
        self.exporting = Some((export, job));
    }

    /// The finished file and its name, once.
    pub fn take_export(&mut self) -> Option<(&'static str, Bytes)> {
        let (export, job) = self.exporting.as_ref()?;
        let done = match job.poll() {
            JobProgress::Running => return None,
            JobProgress::Done(bytes) => Some((export.file_name(), bytes)),
            JobProgress::Failed => None,
        };
        self.exporting = None;
        done
    }
}

/// The newest messages of a topic, newest first.
fn snapshot(scene: &Scene<'_>, topic: TopicInfo<'_>, readings: &mut Readings) -> Vec<Snapshot> {
    let before = scene.model.history_before(topic.newest.id());
    let messages = std::iter::once(topic.newest).chain(before).take(LISTED_MAX);
    let taken = messages.map(|stored| Snapshot {
        id: stored.id(),
        arrived: stored.arrived(),
        flags: stored.flags(),
        bytes: stored.payload_bytes(),
        payload: stored.payload_shared(),
        choice: readings.choice_of(scene.model, scene.rules, &stored),
    });
    taken.collect()
}

fn list(
    mut messages: Vec<Snapshot>,
    wanted: Option<&Wanted>,
    sort: Option<(SortKey, bool)>,
    columns: &[JsonPath],
) -> Vec<Snapshot> {
    messages.retain(|message| match wanted {
        None => true,
        Some(Wanted::Condition(condition)) => condition.holds(&message.payload, message.choice.as_ref()),
        Some(Wanted::Text(needle)) => needle.is_in(&message.payload),
    });
    match sort {
        None | Some((SortKey::Time, true)) => messages,
        Some((SortKey::Time, false)) => {
            messages.reverse();
            messages
        }
        Some((SortKey::Column(column), largest_first)) => {
            let Some(path) = columns.get(column) else { return messages };
            let field = |message: &Snapshot| FieldValue::of(&message.payload, path, message.choice.as_ref());
            let mut keyed: Vec<_> = messages.into_iter().map(|message| (field(&message), message)).collect();
            keyed.sort_by(|(this, _), (that, _)| match (this, that) {
                (Some(this), Some(that)) if largest_first => that.order(this),
                (Some(this), Some(that)) => this.order(that),
                // What has no such field stands last either way.
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => Ordering::Equal,
            });
            keyed.into_iter().map(|(_, message)| message).collect()
        }
    }
}

/// A line of JSON for each message: when it came, how, and its value.
fn json_lines(messages: &[Snapshot]) -> String {
    let mut out = String::new();
    for Snapshot { arrived, flags, bytes, payload, choice, .. } in messages {
        let (time, value) = (format::date_time(*arrived), decoded(payload, choice.as_ref()));
        let Flags { qos, retain, .. } = flags;
        // Writing to a string cannot fail.
        writeln!(
            out,
            r#"{{"time":{time:?},"qos":{},"retained":{retain},"bytes":{bytes},"value":{value}}}"#,
            u8::from(*qos)
        )
        .ok();
    }
    out
}

/// What is in a payload, as JSON on one line; the text itself where it is no value.
fn decoded(payload: &[u8], choice: Option<&Choice>) -> String {
    String::from_utf8(value_line(payload, choice)).unwrap_or_default()
}

/// A line for each message; without columns of fields, with its payload.
fn csv(messages: &[Snapshot], columns: &[JsonPath], decodes: bool) -> String {
    let mut out = String::from("time,qos,retained,bytes");
    for path in columns {
        out.push(',');
        out.push_str(&text_cell(&path.to_string()));
    }
    out.push_str(if columns.is_empty() { ",payload\r\n" } else { "\r\n" });
    for message in messages {
        let Snapshot { arrived, flags, bytes, payload, choice, .. } = message;
        let time = format::date_time(*arrived);
        // Writing to a string cannot fail.
        write!(out, "{},{},{},{bytes}", quoted(&time), u8::from(flags.qos), u8::from(flags.retain)).ok();
        for field in FieldValue::all_of(payload, columns, choice.as_ref()) {
            out.push(',');
            match field {
                Some(FieldValue { text, number: Some(_) }) if text.parse::<f64>().is_ok() => {
                    out.push_str(&text);
                }
                Some(FieldValue { text, .. }) => out.push_str(&text_cell(&text)),
                None => {}
            }
        }
        if columns.is_empty() {
            out.push(',');
            match str::from_utf8(payload) {
                _ if decodes => out.push_str(&text_cell(&decoded(payload, choice.as_ref()))),
                Ok(text) => out.push_str(&text_cell(text)),
                Err(_) => out.push_str(&hex::spaced(payload)),
            }
        }
        out.push_str("\r\n");
    }
    out
}
