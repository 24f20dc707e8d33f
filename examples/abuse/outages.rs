//! Brokers that come and go: every message they send is counted exactly, and the session reconnects each time.

use std::io::{Read as _, Write as _};

use mqttree::mqtt::options::MqttVersion;

use crate::brokers::{Broker, options, session, until};
use crate::tally::Tally;

/// How often the broker goes away in one attempt. Kept low, because the pause before each reconnect grows.
const OUTAGES: u64 = 3;

pub fn run(tally: &mut Tally) {
    while tally.goes_on() {
        let messages = tally.rng.u64(1..2_000);
        tally.attempt(&format!("{messages} messages, then away"), |_| lose(messages));
    }
}

fn lose(messages: u64) -> Result<(), String> {
    let broker = Broker::start(move |stream, number| {
        let mut read = [0; 4_096];
        if stream.read(&mut read).is_err() || number > OUTAGES {
            return;
        }
        let mut bytes = b"\x20\x02\x00\x00".to_vec();
        for _ in 0..messages {
            bytes.extend(b"\x30\x06\x00\x03a/bx");
        }
        stream.write_all(&bytes).ok();
        // Read what the client still sends, otherwise closing would discard data it has not read yet.
        stream.shutdown(std::net::Shutdown::Write).ok();
        while matches!(stream.read(&mut read), Ok(1..)) {}
    });
    let session = session(options(broker.port, MqttVersion::V3_1_1));
    let expected = messages * (OUTAGES + 1);
    until(&session, |session| session.counters().received >= expected)?;
    let counters = session.counters();
    if counters.received != expected || counters.lost != 0 {
        return Err(format!("{expected} were sent: {counters:?}"));
    }
    until(&session, |session| session.model().lock().stats().messages == expected)
}
