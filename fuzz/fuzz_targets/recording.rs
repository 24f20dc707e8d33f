//! Arbitrary bytes as a segment of a recording: opened, read in every way, and never a panic.
//!
//!     cargo +nightly fuzz run recording
//!
//! Under the fuzzer no CRC of a body is checked, so that what is behind it is reached.

#![no_main]

use std::fs;
use std::ops::ControlFlow;

use libfuzzer_sys::fuzz_target;
use mqttree_fuzz::message::Timestamp;
use mqttree_fuzz::recording::{Found, Query, Recording};

fuzz_target!(|segment: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    if fs::write(folder.path().join("000001.mqrec"), segment).is_err() {
        return;
    }
    let Ok(recording) = Recording::open(folder.path()) else { return };
    let mut topic = Vec::new();
    let walked: ControlFlow<()> = recording.walk(&Query::default(), |found| {
        if let Found::Message(message) = found {
            topic = message.topic.to_vec();
        }
        ControlFlow::Continue(())
    });
    assert!(walked.is_continue());
    for at in [i64::MIN, 0, i64::MAX] {
        if let Some(moment) = recording.moment(Timestamp(at)) {
            let walked: ControlFlow<()> = moment.walk(|_| ControlFlow::Continue(()));
            assert!(walked.is_continue());
        }
    }
    let walked: ControlFlow<()> = recording.history(&topic, |_| ControlFlow::Continue(()));
    assert!(walked.is_continue());
    recording.check();
    recording.gaps();
    recording.summary();
});
