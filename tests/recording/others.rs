//! What other programs read: the reader in Python of `examples/`, and MCAP's own library.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use mqttree::message::{Batch, Flags, Payload, QoS, Timestamp};
use mqttree::recording::{Facts, RecordOptions, Recorder};

use crate::properties;

const PYTHON: &str = "python3";

/// A recording with everything that a message can have, in several frames and segments.
pub fn recorded() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let options = RecordOptions {
        frame_bytes_max: 20_000,
        segment_bytes_max: 60_000,
        free_bytes_min: 0,
        waits: true,
        ..RecordOptions::new(folder.path(), Facts::default())
    };
    let recorder = Recorder::start(options).unwrap();
    for number in 0..3_000_i64 {
        let mut batch = Batch::default();
        let at =
            Timestamp(1_700_000_000_000_000 + number * 1_234_567 - i64::from(number == 50) * 500_000_000);
        let flags = Flags {
            qos: QoS::try_from((number % 3) as u8).unwrap(),
            retain: number % 7 == 0,
            dup: number % 11 == 0,
        };
        let properties = (number % 13 == 0).then(properties);
        let payload = match number % 4 {
            0 => format!("{{\"seq\":{number},\"text\":\"\\\"é\\\\\u{7f}\"}}").into_bytes(),
            1 => vec![0xff, number as u8, (number >> 8) as u8],
            2 => Vec::new(),
            _ => fastrand::u64(..).to_string().repeat(9).into_bytes(),
        };
        let topic =
            if number % 500 == 0 { vec![b't', 0xfe] } else { format!("läuft/{}", number % 40).into_bytes() };
        batch.push(&topic, Payload::Small(&payload), flags, properties, at);
        recorder.offer(batch);
    }
    assert!(recorder.finish(Duration::from_mins(1)));
    folder
}

fn export(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_mqttree"))
        .arg("export")
        .arg(folder)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success());
    output.stdout
}

fn python(arguments: &[&str], path: Option<&Path>) -> Vec<u8> {
    let mut command = Command::new(PYTHON);
    command.args(arguments).env("PYTHONIOENCODING", "utf-8");
    if let Some(path) = path {
        command.env("PYTHONPATH", path);
    }
    let output = command.output().unwrap_or_else(|error| panic!("{PYTHON} is needed: {error}"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

#[test]
fn the_reader_in_python_prints_what_the_program_exports() {
    let folder = recorded();
    let ours = export(folder.path(), &["--jsonl"]);
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/read_recording.py");
    let theirs = python(&[script, folder.path().to_str().unwrap()], None);
    let lines = |bytes: &[u8]| {
        String::from_utf8(bytes.to_vec()).unwrap().lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let (ours, theirs) = (lines(&ours), lines(&theirs));
    assert_eq!(ours.len(), 3_000);
    for (ours, theirs) in ours.iter().zip(&theirs) {
        assert_eq!(ours, theirs);
    }
    assert_eq!(ours.len(), theirs.len());
}

/// Where `scripts/test` installs the Python packages that tests need.
fn python_packages() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    let packages = Path::new(env!("CARGO_MANIFEST_DIR")).join(target).join("python");
    assert!(
        packages.join("mcap").is_dir(),
        "MCAP's library for Python is needed: pip install --target {} mcap",
        packages.display()
    );
    packages
}

/// Prints a line for each message: topic, encoding, schema, time, payload as hex.
const READ_MCAP: &str = "
import sys
from mcap.reader import make_reader
with open(sys.argv[1], 'rb') as file:
    reader = make_reader(file)
    assert reader.get_summary().chunk_indexes[0].message_index_offsets, 'no index of messages'
    for schema, channel, message in reader.iter_messages():
        print(channel.topic, channel.message_encoding, schema.encoding if schema else '-', message.log_time, message.data.hex(), sep='\\t')
";

#[test]
fn the_library_of_mcap_reads_every_message_back() {
    let folder = recorded();
    let file = folder.path().join("out.mcap");
    export(folder.path(), &["--mcap", "-o", file.to_str().unwrap(), "-t", "läuft/+"]);
    let printed = python(&["-c", READ_MCAP, file.to_str().unwrap()], Some(&python_packages()));
    let printed = String::from_utf8(printed).unwrap();
    let (meta, messages): (Vec<&str>, Vec<&str>) =
        printed.lines().partition(|line| line.starts_with("/mqttree/meta\t"));
    assert_eq!(messages.len(), 3_000 - 6);
    let first = messages.iter().find(|line| line.starts_with("läuft/4\t")).unwrap();
    let columns: Vec<&str> = first.split('\t').collect();
    assert_eq!(columns[1..3], ["json", "jsonschema"]);
    assert_eq!(columns[3], ((1_700_000_000_000_000_u64 + 4 * 1_234_567) * 1_000).to_string());
    assert!(columns[4].starts_with("7b22736571223a34"), "{first}");
    let plain = (0..3_000).filter(|number| number % 500 != 0 && number % 3 == 0 && number % 7 != 0);
    let plain = plain.filter(|number| number % 11 != 0 && number % 13 != 0).count();
    assert_eq!(meta.len(), messages.len() - plain, "QoS, retain, DUP and properties stand beside");
}

#[test]
fn a_csv_has_a_line_for_each_message_of_the_part_that_is_asked_for() {
    let folder = recorded();
    let all = String::from_utf8(export(folder.path(), &["--csv"])).unwrap();
    assert_eq!(all.matches("\r\n").count(), 3_001);
    let part = export(folder.path(), &["--csv", "-t", "läuft/1", "--from", "+0.5h", "--to", "+1h"]);
    let part = String::from_utf8(part).unwrap();
    let lines: Vec<&str> = part.split_terminator("\r\n").skip(1).collect();
    assert!(!lines.is_empty() && lines.len() < 75, "{}", lines.len());
    assert!(lines.iter().all(|line| line.contains(",läuft/1,")), "{part}");
}
