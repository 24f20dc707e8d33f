//! A snapshot: one file with the newest messages of each topic, and which decoders read them. It is a segment of a
//! recording, so that everything that reads recordings reads it too.

use std::fs;
use std::path::Path;
use std::time::Duration;

use parking_lot::FairMutex;

use crate::interchange::excerpt::TimeSpan;
use crate::interchange::memory::{collect_ids, walk_ids};
use crate::interchange::written::RecordingWriter;
use crate::interchange::{Excerpt, ExportFailure, Exported, Tally, Walked};
use crate::model::Model;
use crate::recording::{Facts, SnapshotFacts};

/// How a snapshot's file name ends.
pub const SNAPSHOT_ENDING: &str = "mqsnap";
/// Decoder rules that take more bytes than this are left out.
const DECODER_BYTES_MAX: usize = 512 << 10;
/// How long the disk may take for what is left.
const PATIENCE: Duration = Duration::from_mins(1);

/// Writes the newest messages, `last` at most, of each topic in the excerpt, as the model's view shows them. What was in
/// the file stays until everything is written.
pub fn save_snapshot(
    model: &FairMutex<Model>,
    excerpt: &Excerpt,
    last: u32,
    facts: Facts,
    path: &Path,
    tally: &Tally,
) -> Result<Exported, ExportFailure> {
    let failed = |error| ExportFailure::System { file: path.to_owned(), error };
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let folder = tempfile::Builder::new().prefix(".mqsnap-").tempdir_in(parent).map_err(failed)?;
    let mut facts = facts;
    let snapshot = facts.snapshot.get_or_insert_default();
    snapshot.last = last;
    keep_decoders_small(snapshot);
    let most = usize::try_from(last.max(1)).unwrap_or(usize::MAX);
    let ids = collect_ids(model, excerpt, |model, node, ids| {
        ids.extend(model.history(node).take(most).map(|stored| stored.id()));
    });
    tally.expect(ids.len() as u64);
    let mut writer = RecordingWriter::create(folder.path(), facts).map_err(ExportFailure::Record)?;
    let mut walked = Walked::default();
    let ended = walk_ids(model, (excerpt, TimeSpan::default()), &ids, &mut walked, &mut |message| {
        writer.message(message, tally)
    });
    if ended.is_break() && tally.is_cancelled() {
        return Err(ExportFailure::Cancelled);
    }
    let messages = writer.finish(PATIENCE).map_err(ExportFailure::Record)?;
    fs::rename(folder.path().join("000001.mqrec"), path).map_err(failed)?;
    Ok(Exported { messages, files: 1, walked })
}

/// The facts of a segment have a bound, and a reader refuses those beyond it.
fn keep_decoders_small(facts: &mut SnapshotFacts) {
    let mut bytes = 0;
    facts.decoders.retain(|(filter, decoder)| {
        bytes += filter.len() + decoder.len();
        bytes <= DECODER_BYTES_MAX
    });
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;
    use crate::message::{Flags, MessageRef, Payload, PublishProperties, QoS, Timestamp};
    use crate::model::Limits;
    use crate::recording::{DamageKind, Found, Query, Recording};

    fn plant() -> FairMutex<Model> {
        let mut model = Model::new(Limits::default());
        for number in 0..1_000_i64 {
            let topic = format!("plant/{}/t", number % 10);
            let flags = Flags { qos: QoS::AtLeastOnce, retain: number < 10, dup: false };
            let properties = std::sync::Arc::new(PublishProperties {
                content_type: Some(format!("{number}")),
                ..PublishProperties::default()
            });
            let message = MessageRef {
                topic: topic.as_bytes(),
                payload: Payload::Small(b"21.5"),
                flags,
                properties: Some(&properties),
                arrived: Timestamp(number * 1_000),
            };
            model.apply(message).unwrap();
        }
        model.roll_up(Timestamp(1_000_000));
        FairMutex::new(model)
    }

    fn topics_of(path: &Path) -> (Vec<(String, Option<String>)>, Recording) {
        let recording = Recording::open(path).unwrap();
        let mut found = Vec::new();
        let ended = recording.walk::<()>(&Query::default(), |item| {
            if let Found::Message(message) = item {
                let kind = message.properties.and_then(|properties| properties.content_type.clone());
                found.push((String::from_utf8_lossy(message.topic).into_owned(), kind));
            }
            ControlFlow::Continue(())
        });
        assert!(ended.is_continue());
        (found, recording)
    }

    fn saved(folder: &Path, filters: &[&str], last: u32) -> std::path::PathBuf {
        let path = folder.join("plant.mqsnap");
        let excerpt = Excerpt {
            filters: filters.iter().map(|filter| (*filter).to_owned()).collect(),
            ..Excerpt::default()
        };
        let decoders = vec![("plant/#".to_owned(), "cbor".to_owned())];
        let facts = Facts {
            url: "mqtt://example.org".to_owned(),
            snapshot: Some(SnapshotFacts { last: 0, decoders }),
            ..Facts::default()
        };
        save_snapshot(&plant(), &excerpt, last, facts, &path, &Tally::default()).unwrap();
        path
    }

    #[test]
    fn a_snapshot_has_the_newest_messages_of_each_topic_with_their_properties() {
        let folder = tempfile::tempdir().unwrap();
        let path = saved(folder.path(), &["plant/1/#", "plant/2/#"], 3);
        let (found, recording) = topics_of(&path);
        let expected: Vec<_> = [971, 972, 981, 982, 991, 992]
            .map(|number: i64| (format!("plant/{}/t", number % 10), Some(number.to_string())))
            .into();
        assert_eq!(found, expected);
        assert_eq!(recording.damage(), []);
        let snapshot = recording.summary().facts.snapshot.unwrap();
        assert_eq!((snapshot.last, snapshot.decoders.len()), (3, 1));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "one file, and nothing beside it");
    }

    #[test]
    fn what_is_missing_in_a_damaged_snapshot_is_named_and_the_rest_is_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = saved(folder.path(), &[], 100);
        let (whole, everything) = (fs::read(&path).unwrap(), topics_of(&path).0);
        for length in (0..whole.len()).step_by(7) {
            fs::write(&path, &whole[..length]).unwrap();
            let Ok(recording) = Recording::open(&path) else { continue };
            recording.check();
            // Behind the last message stands only what makes reading faster.
            let is_told = !recording.damage().is_empty() || topics_of(&path).0 == everything;
            assert!(is_told, "{length} of {} bytes", whole.len());
        }
        let mut changed = whole.clone();
        let middle = whole.len() / 2;
        changed[middle] ^= 1;
        fs::write(&path, &changed).unwrap();
        let (_, recording) = topics_of(&path);
        let damage = recording.damage();
        assert!(damage.iter().any(|found| !matches!(found.kind, DamageKind::Missing)), "{damage:?}");
    }
}
